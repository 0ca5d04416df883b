//! Jobs through a real proxy (nginx), and over a network that is cut.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used)]

mod cut;
mod nginx;
mod proxies;
#[path = "../support/mod.rs"]
mod support;

use domain::{JobId, Outcome, ServerId};
use engine::{
    Engine, EngineConfig, Pace, Policy, ServerInput,
    view::{JobDetail, ServerView},
};
use practice::Practice;
use std::time::Duration;
use support::Bench;
use tempfile::TempDir;
use uuid::Uuid;

/// The engine's pauses, shorter.
fn quick() -> Pace {
    let ms = Duration::from_millis;
    Pace {
        first_pause: ms(20),
        longest_pause: ms(200),
        poll_live: ms(200),
        poll_blind: ms(100),
        settle: ms(100),
        offer_again: ms(100),
        collect_again: ms(100),
        history_again: ms(10),
        ..Pace::default()
    }
}

/// An engine that has one server: this practice engine, as it is reached at the address.
async fn engine_at(folder: TempDir, practice: Practice, address: String, pace: Pace) -> Bench {
    let engine = Engine::start(EngineConfig {
        data_dir: folder.path().join("data"),
        cache_dir: folder.path().join("cache"),
        library_dir: folder.path().join("library"),
        policy: Policy::default(),
        pace,
    })
    .await
    .unwrap();
    let id = ServerId(Uuid::now_v7());
    let server = ServerInput { id, name: "far away".into(), address, max_held: 2, outputs: None };
    engine.server_add(server).await.unwrap();
    let (port, step) = (practice.address().port(), Duration::ZERO);
    Bench { folder, engine, practice: Some(practice), port, step, server: id }
}

/// Waits until the server is shown in a way.
async fn shown(bench: &Bench, what: &str, wanted: impl Fn(&ServerView) -> bool) -> ServerView {
    support::until(what, || async {
        let server = bench.snapshot().await.servers.remove(0);
        wanted(&server).then_some(server)
    })
    .await
}

/// Waits until a job has succeeded: it ran once, and every file it left is ours to the byte.
async fn succeeded_once(bench: &Bench, id: JobId) -> JobDetail {
    let detail = bench.ended(id, Outcome::Succeeded).await;
    let record = bench.practice().record();
    let runs: Vec<_> =
        record.executions.iter().filter(|run| run.prompt_id == id.to_string()).collect();
    assert_eq!(runs.len(), 1, "it ran once: {runs:#?}");
    let read = |folder: &str, name: &str| {
        std::fs::read(bench.folder.path().join(folder).join(name)).unwrap()
    };
    let mut theirs: Vec<_> =
        runs[0].files.iter().map(|name| read("practice/output", name)).collect();
    let mut ours: Vec<_> = detail.assets.iter().map(|asset| read("library", &asset.path)).collect();
    theirs.sort();
    ours.sort();
    assert!(!ours.is_empty() && ours == theirs, "not whole: {:#?}", detail.assets);
    detail
}
