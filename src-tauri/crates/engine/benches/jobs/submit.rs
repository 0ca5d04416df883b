//! Ten thousand jobs: how long until all of them are on disk.

use crate::{
    fill::{queue_file, tiny},
    ms, row, start, times,
};
use domain::BatchId;
use engine::SubmitPaths;
use practice::{Practice, PracticeConfig};
use serde_json::json;
use std::time::{Duration, Instant};
use uuid::Uuid;

const JOBS: u32 = 10_000;

pub async fn measure() {
    let dir = tempfile::tempdir().expect("a folder");
    let bare = bare(dir.path()).await;
    let engine = start(dir.path()).await;

    let file = dir.path().join("queue.json");
    queue_file(&file, JOBS, true, tiny);
    let began = Instant::now();
    let submit = SubmitPaths {
        batch_id: BatchId(Uuid::now_v7()),
        paths: vec![file],
        on_hold: false,
        next: false,
    };
    let report = engine.intake_submit(submit).await.expect("a report");
    let at_once = began.elapsed();
    assert_eq!(report.items.iter().filter(|item| item.job_id.is_some()).count(), JOBS as usize);
    row(
        "10,000 jobs in one submission, until all are durable",
        &ms(at_once),
        &format!(
            "the same prompts to a server by bare HTTP, where they are not durable: {}, {}",
            ms(bare),
            times(at_once, bare)
        ),
    );

    let began = Instant::now();
    for color in 0..JOBS {
        let text = tiny(JOBS + color).to_string();
        engine.intake_text(BatchId(Uuid::now_v7()), text, true).await.expect("a report");
    }
    let one_by_one = began.elapsed();
    row(
        "10,000 submissions of one job, behind 10,000 that wait",
        &ms(one_by_one),
        &format!("bare HTTP: {}", times(one_by_one, bare)),
    );
    engine.stop().await;
}

/// Sends them to a server that does not get to run them.
async fn bare(dir: &std::path::Path) -> Duration {
    let mut config = PracticeConfig::new(dir.join("server"));
    config.node_time = Duration::from_secs(3_600);
    let server = Practice::start(config).await.expect("a practice server");
    let http = reqwest::Client::new();
    let began = Instant::now();
    for color in 0..JOBS {
        let body = json!({ "prompt": tiny(color), "client_id": "floor" });
        let sent = http.post(format!("{}/prompt", server.url())).json(&body).send().await;
        assert!(sent.expect("an answer").status().is_success());
    }
    let took = began.elapsed();
    server.stop().await;
    took
}
