//! The engine at a real ComfyUI, where `SAFELIGHT_COMFYUI_URL` names one that has the test nodes (see
//! docs/PROTOCOL.md). `SAFELIGHT_COMFYUI_PID` lets a test put it to sleep, `SAFELIGHT_COMFYUI_LINK` (a
//! network link between the two, such as one end of a veth pair) lets one cut the network.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use domain::{BatchId, JobId, JobState, Outcome, ServerId};
use engine::{Engine, ServerInput, view::JobDetail};
use std::time::{Duration, Instant};
use support::start_engine;
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

/// They share one server, and one of them clears its queue.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

struct Real {
    url: String,
    engine: Engine,
    _folder: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Real {
    async fn new() -> Option<Self> {
        let Ok(url) = std::env::var("SAFELIGHT_COMFYUI_URL") else {
            println!("not run: SAFELIGHT_COMFYUI_URL is not set");
            return None;
        };
        let alone = ONE_AT_A_TIME.lock().await;
        let folder = TempDir::new().unwrap();
        let engine = start_engine(folder.path()).await;
        let id = ServerId(Uuid::now_v7());
        let server = ServerInput { id, name: "real".into(), address: url.clone(), max_held: 2 };
        engine.server_add(server).await.unwrap();
        Some(Self { url, engine, _folder: folder, _alone: alone })
    }

    /// A job of `steps` steps of a quarter of a second.
    async fn queue(&self, steps: u32) -> JobId {
        let seed = Uuid::new_v4().as_u128() as u32 & 0x00ff_ffff;
        let prompt = format!(
            r#"{{"1":{{"class_type":"EmptyImage","inputs":{{"width":64,"height":64,"batch_size":1,"color":{seed}}}}},
"2":{{"class_type":"LabSteps","inputs":{{"steps":{steps},"seconds_per_step":0.25,"preview":false,"preview_size":64,"preview_format":"JPEG","width":64,"height":64,"seed":{seed},"image":["1",0]}}}},
"3":{{"class_type":"SaveImage","inputs":{{"images":["2",0],"filename_prefix":"safelight"}}}}}}"#
        );
        let report = self.engine.intake_text(BatchId(Uuid::now_v7()), prompt, false).await;
        report.unwrap().items[0].job_id.unwrap()
    }

    async fn until(&self, id: JobId, wanted: impl Fn(&JobDetail) -> bool) -> JobDetail {
        let began = Instant::now();
        loop {
            let detail = self.engine.job_get(id).await.unwrap();
            if wanted(&detail) {
                return detail;
            }
            assert!(began.elapsed() < Duration::from_secs(90), "still {detail:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn ended(&self, id: JobId, outcome: Outcome) -> JobDetail {
        let detail = self.until(id, |detail| detail.job.state.is_ended()).await;
        assert_eq!(detail.job.state, JobState::Ended(outcome), "{detail:#?}");
        detail
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_there_comes_back_on_pause_and_runs_once_after() {
    let Some(real) = Real::new().await else { return };
    let (running, waiting) = (real.queue(12).await, real.queue(2).await);
    real.until(running, |detail| detail.job.state == JobState::Running).await;
    real.until(waiting, |detail| detail.job.state == JobState::Queued).await;
    real.engine.queue_pause(true, false).await.unwrap();
    let back = real.until(waiting, |detail| detail.job.state == JobState::Held).await;
    assert_eq!(back.job.retried_by, None);
    real.ended(running, Outcome::Succeeded).await;
    real.engine.queue_pause(false, false).await.unwrap();
    let done = real.ended(waiting, Outcome::Succeeded).await;
    assert_eq!(done.assets.len(), 1);
    real.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_another_client_clears_loses_a_job_and_gets_it_again() {
    let Some(real) = Real::new().await else { return };
    let (running, waiting) = (real.queue(30).await, real.queue(2).await);
    real.until(running, |detail| detail.job.state == JobState::Running).await;
    real.until(waiting, |detail| detail.job.state == JobState::Queued).await;
    let http = reqwest::Client::new();
    let clear = http.post(format!("{}/queue", real.url)).body(r#"{"clear":true}"#);
    assert!(clear.send().await.unwrap().status().is_success());
    let lost = real.ended(waiting, Outcome::Lost).await;
    let again = lost.job.retried_by.unwrap();
    real.ended(running, Outcome::Succeeded).await;
    real.ended(again, Outcome::Succeeded).await;
    real.engine.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_slept_goes_on_where_it_was() {
    let Ok(pid) = std::env::var("SAFELIGHT_COMFYUI_PID") else {
        println!("not run: SAFELIGHT_COMFYUI_PID is not set");
        return;
    };
    let Some(real) = Real::new().await else { return };
    let signal = |name: &str| {
        let done = std::process::Command::new("kill").args([name, &pid]).status();
        assert!(done.unwrap().success());
    };
    let id = real.queue(20).await;
    real.until(id, |detail| detail.progress.steps_done >= 3.0).await;
    signal("-STOP");
    // Longer than two polls: nothing may be concluded from it.
    tokio::time::sleep(Duration::from_secs(12)).await;
    let asleep = real.engine.job_get(id).await.unwrap();
    signal("-CONT");
    assert_eq!(asleep.job.state, JobState::Running);
    real.ended(id, Outcome::Succeeded).await;
    real.engine.stop().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_was_cut_in_the_middle_loses_nothing() {
    let Ok(link) = std::env::var("SAFELIGHT_COMFYUI_LINK") else {
        println!("not run: SAFELIGHT_COMFYUI_LINK is not set");
        return;
    };
    let Some(real) = Real::new().await else { return };
    let set = |state: &str| {
        let done = std::process::Command::new("ip").args(["link", "set", &link, state]).status();
        assert!(done.unwrap().success());
    };
    let (running, waiting) = (real.queue(60).await, real.queue(2).await);
    real.until(running, |detail| detail.progress.steps_done >= 3.0).await;
    set("down");
    // The server works on, and nobody hears it.
    tokio::time::sleep(Duration::from_secs(25)).await;
    let away = real.engine.job_get(running).await.unwrap();
    set("up");
    assert!(!away.job.state.is_ended(), "{:?}", away.job.state);
    for id in [running, waiting] {
        let done = real.ended(id, Outcome::Succeeded).await;
        assert_eq!((done.assets.len(), done.job.retried_by), (1, None));
    }
    real.engine.stop().await;
}
