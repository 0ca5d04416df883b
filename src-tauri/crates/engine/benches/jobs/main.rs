//! Measures the processor of a release build, without a window. `cargo xtask bench` runs it.
//!
//! Figures are printed as a table; a floor measured in the same run stands beside each, because
//! machines differ. Words on the command line choose: `no_op`, `submit`, `sweep`,
//! `memory`, `reconcile`, `cpu`.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, missing_docs)]

mod cpu;
mod fill;
mod large;
mod memory;
mod no_op;
mod process;
mod reconcile;
mod submit;
mod sweep;

use domain::ServerId;
use engine::{Engine, EngineConfig, Pace, Policy, ServerInput};
use std::{path::Path, time::Duration};
use uuid::Uuid;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if let Some(address) = words.iter().find_map(|word| word.strip_prefix("serve=")) {
        // The other side of `cpu`, in a process of its own.
        runtime.block_on(cpu::serve(address));
        return;
    }
    if let Some(folder) = words.iter().find_map(|word| word.strip_prefix("rest=")) {
        runtime.block_on(memory::rest(Path::new(folder)));
        return;
    }
    if let Some(case) = words.iter().find_map(|word| word.strip_prefix("sweep=")) {
        runtime.block_on(sweep::case(case));
        return;
    }
    let wants = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    println!("| What | Figure | Beside it |");
    println!("| --- | --- | --- |");
    runtime.block_on(async {
        if wants("memory") {
            memory::measure().await;
        }
        if wants("no_op") {
            no_op::measure().await;
        }
        if wants("submit") {
            submit::measure().await;
        }
        if wants("sweep") {
            sweep::measure().await;
        }
        if wants("reconcile") {
            reconcile::measure().await;
        }
        if wants("cpu") {
            cpu::measure().await;
        }
    });
}

/// An engine in a folder, as the app starts it.
async fn start(folder: &Path) -> Engine {
    Engine::start(EngineConfig {
        data_dir: folder.join("data"),
        cache_dir: folder.join("cache"),
        library_dir: folder.join("library"),
        policy: Policy::default(),
        pace: Pace::default(),
    })
    .await
    .expect("an engine")
}

/// Adds a server.
async fn add_server(engine: &Engine, address: String, max_held: u32) -> ServerId {
    let id = ServerId(Uuid::now_v7());
    let input = ServerInput { id, name: "bench".to_owned(), address, max_held, outputs: None };
    engine.server_add(input).await.expect("a server");
    id
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

fn times(ours: Duration, floor: Duration) -> String {
    format!("{:.1} times", ours.as_secs_f64() / floor.as_secs_f64())
}
