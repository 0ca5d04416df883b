//! A job of almost no work, from the command to its success on disk, beside bare HTTP.

use crate::{add_server, fill::tiny, ms, quantile, row, start};
use domain::{BatchId, JobId, JobState, Outcome};
use engine::{
    Engine,
    view::{Fact, StreamMessage},
};
use practice::{Practice, PracticeConfig};
use serde_json::{Value, json};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

const RUNS: u32 = 60;
const CLI_RUNS: u32 = 5;

pub async fn measure() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut config = PracticeConfig::new(dir.path().join("server"));
    config.step_time = Duration::ZERO;
    let server = Practice::start(config).await.expect("a practice server");
    let ours = at(dir.path(), &server.url(), "the practice engine").await;
    with_comfy_cli(dir.path(), &server, ours);
    server.stop().await;
    match std::env::var("SAFELIGHT_COMFYUI_URL") {
        Ok(url) => {
            let dir = tempfile::tempdir().expect("a folder");
            at(dir.path(), &url, "a real ComfyUI").await;
        }
        Err(_) => println!("<!-- no ComfyUI: SAFELIGHT_COMFYUI_URL is not set -->"),
    }
}

/// Measures at one server; answers with the median.
async fn at(dir: &Path, url: &str, name: &str) -> Duration {
    // New to the server's cache, also in the next run.
    let first = Uuid::new_v4().as_u128() as u32 & 0x00ff_0000;
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    // Half of the floor before, half after: whatever else the machine does meets both, and what the
    // engine does in the background does not meet the floor.
    for n in 0..RUNS / 2 {
        bare.push(bare_run(url, first + n).await);
    }
    let engine = Ours::start(dir, url).await;
    for n in 0..RUNS {
        ours.push(engine.run(first + RUNS + n).await);
    }
    engine.engine.stop().await;
    for n in RUNS / 2..RUNS {
        bare.push(bare_run(url, first + n).await);
    }
    let (bare_half, ours_half) = (quantile(&mut bare, 0.5), quantile(&mut ours, 0.5));
    row(
        &format!("No-op job at {name}, command to picture on disk, median"),
        &ms(ours_half),
        &format!(
            "bare HTTP (send, ask, fetch): {}, {:.1} times",
            ms(bare_half),
            ours_half.as_secs_f64() / bare_half.as_secs_f64()
        ),
    );
    row(
        &format!("No-op job at {name}, p99"),
        &ms(quantile(&mut ours, 0.99)),
        &format!("bare HTTP: {}", ms(quantile(&mut bare, 0.99))),
    );
    ours_half
}

/// The same by comfy-cli, which `COMFY_CLI` names.
fn with_comfy_cli(dir: &Path, server: &Practice, ours: Duration) {
    let Some(program) = std::env::var_os("COMFY_CLI") else {
        println!("<!-- not measured beside comfy-cli: COMFY_CLI does not name it -->");
        return;
    };
    let file = dir.join("workflow.json");
    let mut took = Vec::new();
    for color in 0..CLI_RUNS {
        std::fs::write(&file, tiny(2_000 + color).to_string()).expect("a file");
        let began = Instant::now();
        let done = std::process::Command::new(&program)
            .args(["--skip-prompt", "run", "--wait", "--json", "--host", "127.0.0.1", "--port"])
            .arg(server.address().port().to_string())
            .arg("--workflow")
            .arg(&file)
            .env("HOME", dir)
            .env("XDG_CONFIG_HOME", dir.join("config"))
            .env("XDG_STATE_HOME", dir.join("state"))
            .env("DO_NOT_TRACK", "1")
            .env("COMFY_NO_UPDATE_CHECK", "1")
            .output()
            .expect("comfy-cli runs");
        assert!(done.status.success(), "{done:?}");
        took.push(began.elapsed());
    }
    let half = quantile(&mut took, 0.5);
    row(
        "The same by `comfy run --wait`, median",
        &ms(half),
        &format!("Safelight is {:.0} times as fast", half.as_secs_f64() / ours.as_secs_f64()),
    );
}

/// The least that can be done: send, ask until it is there, fetch.
async fn bare_run(server: &str, color: u32) -> Duration {
    let http = reqwest::Client::new();
    let began = Instant::now();
    let answer: Value = http
        .post(format!("{server}/prompt"))
        .json(&json!({ "prompt": tiny(color), "client_id": "floor" }))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let id = answer["prompt_id"].as_str().expect("an id");
    loop {
        let url = format!("{server}/history/{id}");
        let all: Value = http.get(url).send().await.expect("an answer").json().await.expect("JSON");
        if let Some(image) = all[id]["outputs"]["2"]["images"].get(0) {
            let name = image["filename"].as_str().expect("a name");
            let url = format!("{server}/view?filename={name}&type=output&subfolder=");
            http.get(url).send().await.expect("an answer").bytes().await.expect("bytes");
            return began.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// An engine that is connected, and what its page hears.
struct Ours {
    engine: Engine,
    ended: Mutex<mpsc::UnboundedReceiver<(JobId, Instant)>>,
}

impl Ours {
    async fn start(dir: &Path, url: &str) -> Self {
        let engine = start(dir).await;
        add_server(&engine, url.to_owned(), 2).await;
        let (send, heard) = mpsc::unbounded_channel();
        let mut stream = engine.open_stream(None);
        tokio::spawn(async move {
            while let Some(message) = stream.recv().await {
                let StreamMessage::Facts { facts, .. } = message else { continue };
                for fact in facts {
                    if let Fact::JobChanged { job } = fact
                        && job.state == JobState::Ended(Outcome::Succeeded)
                    {
                        let _ = send.send((job.id, Instant::now()));
                    }
                }
            }
        });
        let ours = Self { engine, ended: Mutex::new(heard) };
        // The first find the server still connecting.
        for color in 0..5 {
            ours.run(color).await;
        }
        ours
    }

    async fn run(&self, color: u32) -> Duration {
        let began = Instant::now();
        let report = self
            .engine
            .intake_text(BatchId(Uuid::now_v7()), tiny(color).to_string(), false)
            .await
            .expect("a report");
        let id: JobId = report.items[0].job_id.expect("a job");
        let mut heard = self.ended.lock().await;
        loop {
            let (ended, at) = heard.recv().await.expect("it is heard");
            if ended == id {
                return at - began;
            }
        }
    }
}
