//! A job of almost no work, from the command to its success on disk, beside bare HTTP.

use crate::{add_server, fill::tiny, ms, quantile, row, start};
use domain::{BatchId, JobId, JobState, Outcome};
use engine::view::{Fact, StreamMessage};
use practice::{Practice, PracticeConfig};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use uuid::Uuid;

const RUNS: u32 = 60;

pub async fn measure() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut config = PracticeConfig::new(dir.path().join("server"));
    config.step_time = Duration::ZERO;
    let server = Practice::start(config).await.expect("a practice server");
    let mut bare = Vec::new();
    for color in 0..RUNS {
        bare.push(bare_run(&server, color).await);
    }
    let mut ours = with_engine(dir.path(), &server).await;
    let (bare_half, ours_half) = (quantile(&mut bare, 0.5), quantile(&mut ours, 0.5));
    row(
        "No-op job, command to picture on disk, median",
        &ms(ours_half),
        &format!(
            "bare HTTP (send, ask, fetch): {}, {:.1} times",
            ms(bare_half),
            ours_half.as_secs_f64() / bare_half.as_secs_f64()
        ),
    );
    row(
        "No-op job, p99",
        &ms(quantile(&mut ours, 0.99)),
        &format!("bare HTTP: {}", ms(quantile(&mut bare, 0.99))),
    );
    server.stop().await;
}

/// The least that can be done: send, ask until it is there, fetch.
async fn bare_run(server: &Practice, color: u32) -> Duration {
    let http = reqwest::Client::new();
    let began = Instant::now();
    let answer: Value = http
        .post(format!("{}/prompt", server.url()))
        .json(&json!({ "prompt": tiny(color), "client_id": "floor" }))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let id = answer["prompt_id"].as_str().expect("an id");
    loop {
        let url = format!("{}/history/{id}", server.url());
        let all: Value = http.get(url).send().await.expect("an answer").json().await.expect("JSON");
        if let Some(image) = all[id]["outputs"]["2"]["images"].get(0) {
            let name = image["filename"].as_str().expect("a name");
            let url = format!("{}/view?filename={name}&type=output&subfolder=", server.url());
            http.get(url).send().await.expect("an answer").bytes().await.expect("bytes");
            return began.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn with_engine(dir: &std::path::Path, server: &Practice) -> Vec<Duration> {
    let engine = start(dir).await;
    add_server(&engine, server.url(), 2).await;
    let (send, mut heard) = mpsc::unbounded_channel();
    let mut stream = engine.open_stream(None);
    let listening = tokio::spawn(async move {
        while let Some(message) = stream.recv().await {
            if let StreamMessage::Facts { facts, .. } = message {
                for fact in facts {
                    if let Fact::JobChanged { job } = fact
                        && job.state == JobState::Ended(Outcome::Succeeded)
                    {
                        let _ = send.send((job.id, Instant::now()));
                    }
                }
            }
        }
    });
    let mut times = Vec::new();
    for color in 1_000..1_000 + RUNS + 5 {
        let began = Instant::now();
        let report = engine
            .intake_text(BatchId(Uuid::now_v7()), tiny(color).to_string(), false)
            .await
            .expect("a report");
        let id: JobId = report.items[0].job_id.expect("a job");
        loop {
            let (ended, at) = heard.recv().await.expect("it is heard");
            if ended == id {
                times.push(at - began);
                break;
            }
        }
    }
    engine.stop().await;
    listening.abort();
    // The first find the server still connecting.
    times.split_off(5)
}
