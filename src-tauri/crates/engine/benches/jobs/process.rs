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

/// Memory of this process that is in use now, in megabytes (resident set).
pub fn resident_mb() -> f64 {
    status_mb("VmRSS:")
}

/// The most that was resident since the last [`forget_peak`], in megabytes.
pub fn peak_mb() -> f64 {
    status_mb("VmHWM:")
}

/// Lets the peak begin anew.
pub fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").expect("Linux");
}

fn status_mb(key: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(key)).expect("a figure");
    let kb: f64 = line.split_whitespace().next().expect("a figure").parse().expect("a number");
    kb / 1024.0
}
