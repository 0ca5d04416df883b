//! Safelight: drop a ComfyUI workflow, watch it develop, find it again.

// No console window beside the app on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    safelight::run()
}
