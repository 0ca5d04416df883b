//! Measures the release build: in its real window, and without one. `cargo xtask bench` runs it.
//!
//! Figures are printed as a table; a floor measured in the same run stands beside each, because
//! machines differ. Words on the command line choose: `start`, `memory`, `latency`, `knobs`, `typing`,
//! `sweep`, `gallery` (100,000 pictures), `million`.
#![allow(clippy::expect_used, clippy::panic)]

mod gallery;
mod knobs;
#[path = "../../src-tauri/crates/engine/benches/jobs/large.rs"]
#[allow(dead_code)]
mod large;
mod latency;
mod memory;
mod start;
#[path = "../e2e/support/mod.rs"]
#[allow(dead_code)]
mod support;
mod sweep;
mod typing;

use std::time::Duration;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let wants = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("| What | Figure | Beside it |");
    println!("| --- | --- | --- |");
    runtime.block_on(async {
        if wants("start") {
            start::measure().await;
        }
        if wants("memory") {
            memory::measure().await;
        }
        if wants("latency") {
            latency::measure().await;
        }
        if wants("knobs") {
            knobs::measure().await;
        }
        if wants("typing") {
            typing::measure().await;
        }
        if wants("sweep") {
            sweep::measure().await;
        }
        if wants("gallery") {
            gallery::measure(100_000).await;
        }
        if wants("million") {
            gallery::measure(1_000_000).await;
        }
    });
}

/// One line of the table.
fn row(what: &str, figure: &str, beside: &str) {
    println!("| {what} | {figure} | {beside} |");
}

/// The value below which this part of all values lies.
fn quantile(values: &mut [Duration], part: f64) -> Duration {
    values.sort_unstable();
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at = ((values.len() - 1) as f64 * part).round() as usize;
    values[at]
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
