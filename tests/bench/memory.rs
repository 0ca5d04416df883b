//! Memory when nothing happens.

use crate::{
    row,
    support::{Desktop, Window},
};
use std::time::Duration;

/// Long enough for the web view to let go of what it needed for the start.
const IDLE: Duration = Duration::from_secs(20);

pub async fn measure() {
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    tokio::time::sleep(IDLE).await;
    let (app, children) = of(window.pid());
    row(
        "Memory when idle (proportional set size)",
        &format!("{} MB", (app + children) / 1024),
        &format!("app {} MB, web view's processes {} MB", app / 1024, children / 1024),
    );
    window.kill();
}

/// Proportional set sizes in KiB: of the app, and of the web view's processes.
pub fn of(pid: u32) -> (u64, u64) {
    (pss(pid), descendants(pid).into_iter().map(pss).sum())
}

/// Proportional set size in KiB.
fn pss(pid: u32) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}

fn descendants(pid: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .expect("processes")
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|id| {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            let parent = stat.rsplit(") ").next()?.split(' ').nth(1)?.parse().ok()?;
            Some((id, parent))
        })
        .collect();
    let mut found = vec![pid];
    let mut at = 0;
    while at < found.len() {
        let parent = found[at];
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        at += 1;
    }
    found.remove(0);
    found
}
