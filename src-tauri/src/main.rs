//! Safelight: drop a ComfyUI workflow, watch it develop, find it again.

// No console window beside the app on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// Workflows and their queues are millions of small pieces of memory: the system's allocator takes a
/// fifth of the time of a conversion (docs/BENCHMARKS.md).
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    safelight::run()
}
