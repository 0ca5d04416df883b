//! Coming back to a server that has a thousand of our jobs.

use crate::{
    add_server,
    fill::{queue_file, tiny},
    ms, row, start, times,
};
use domain::BatchId;
use engine::{SubmitPaths, Which, view::LinkState, view::StreamMessage};
use practice::{Practice, PracticeConfig};
use serde_json::Value;
use std::{
    collections::HashSet,
    time::{Duration, Instant},
};
use uuid::Uuid;

const JOBS: u32 = 1_000;

pub async fn measure() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut config = PracticeConfig::new(dir.path().join("server"));
    config.node_time = Duration::from_secs(3_600);
    let server = Practice::start(config).await.expect("a practice server");
    let engine = start(dir.path()).await;
    add_server(&engine, server.url(), JOBS).await;
    let file = dir.path().join("queue.json");
    queue_file(&file, JOBS, false, tiny);
    let submit = SubmitPaths {
        batch_id: BatchId(Uuid::now_v7()),
        paths: vec![file],
        on_hold: false,
        next: false,
    };
    let began = Instant::now();
    engine.intake_submit(submit).await.expect("a report");
    loop {
        let open = engine.job_list(Which::Open, 0, JOBS).await.expect("a list");
        if open.iter().all(|job| job.state.is_at_server()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let sent = began.elapsed();
    row(
        "1,000 jobs sent to a server that may have as many",
        &ms(sent),
        &format!("{:.1} ms each", sent.as_secs_f64()),
    );
    engine.stop().await;

    let began = Instant::now();
    let engine = start(dir.path()).await;
    until_online(&engine).await;
    let found = began.elapsed();
    let bare = bare(&server).await;
    row(
        "Start with 1,000 jobs in flight, until all are found at the server",
        &ms(found),
        &format!("bare HTTP (the queue, 1,000 ids compared): {}, {}", ms(bare), times(found, bare)),
    );

    engine.server_reconnect(engine_server(&engine).await).await.expect("it tries");
    let began = Instant::now();
    until_online(&engine).await;
    row("Reconnect with 1,000 jobs in flight", &ms(began.elapsed()), "the same floor");
    engine.stop().await;
    server.stop().await;
}

async fn snapshot(engine: &engine::Engine) -> engine::view::Snapshot {
    match engine.open_stream(None).recv().await.expect("a message") {
        StreamMessage::Snapshot { snapshot } => *snapshot,
        other => panic!("{other:?}"),
    }
}

async fn engine_server(engine: &engine::Engine) -> domain::ServerId {
    snapshot(engine).await.servers[0].id
}

/// A server is online once its queue was compared with ours.
async fn until_online(engine: &engine::Engine) {
    loop {
        let server = snapshot(engine).await.servers[0].clone();
        if server.link == LinkState::Online && server.ours == JOBS {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn bare(server: &Practice) -> Duration {
    let began = Instant::now();
    let http = reqwest::Client::new();
    let queue: Value =
        http.get(format!("{}/queue", server.url())).send().await.unwrap().json().await.unwrap();
    let ids: HashSet<&str> = ["queue_running", "queue_pending"]
        .iter()
        .flat_map(|part| queue[part].as_array().unwrap())
        .filter_map(|item| item[1].as_str())
        .collect();
    assert_eq!(ids.len(), JOBS as usize);
    began.elapsed()
}
