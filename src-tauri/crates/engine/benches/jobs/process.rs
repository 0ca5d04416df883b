//! What this process uses, as Linux tells it.

use std::{fs, time::Duration};

/// Memory that is this process's own, in megabytes (proportional set size).
pub fn memory_mb() -> f64 {
    let rollup = fs::read_to_string("/proc/self/smaps_rollup").expect("Linux");
    let line = rollup.lines().find(|line| line.starts_with("Pss:")).expect("a sum");
    let kb: f64 = line.split_whitespace().nth(1).expect("a figure").parse().expect("a number");
    kb / 1024.0
}

/// Processor time so far, of all threads.
pub fn cpu_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat.rsplit(") ").next().expect("fields").split(' ').collect();
    // 100 ticks a second on every Linux that Tauri runs on.
    let ticks: u32 = [11, 12].iter().map(|at| fields[*at].parse::<u32>().expect("ticks")).sum();
    Duration::from_millis(10) * ticks
}
