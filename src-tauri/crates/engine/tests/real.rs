//! The engine at a real ComfyUI, where `SAFELIGHT_COMFYUI_URL` names one that has the test nodes (see
//! docs/PROTOCOL.md). `SAFELIGHT_COMFYUI_PID` lets a test put it to sleep, `SAFELIGHT_COMFYUI_LINK` (a
//! network link between the two, such as one end of a veth pair) lets one cut the network.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod support;

use domain::{BatchId, JobId, JobState, Outcome, ServerId};
use engine::{
    Engine, ServerInput, SubmitPictures, TakeTo,
    view::{AssetKind, JobDetail, Standing, StreamMessage},
};
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
        let server = ServerInput {
            id,
            name: "real".into(),
            address: url.clone(),
            max_held: 2,
            outputs: None,
        };
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
async fn a_film_has_its_size_and_a_text_that_is_shown_beside_it_is_a_preview() {
    let Some(real) = Real::new().await else { return };
    let text = format!("described {}", Uuid::new_v4());
    let film = format!(
        r#"{{"1":{{"class_type":"EmptyImage","inputs":{{"width":96,"height":64,"batch_size":6,"color":{}}}}},
"2":{{"class_type":"CreateVideo","inputs":{{"images":["1",0],"fps":6.0}}}},
"3":{{"class_type":"SaveVideo","inputs":{{"video":["2",0],"filename_prefix":"safelight","format":"mp4","codec":"h264"}}}},
"4":{{"class_type":"PreviewAny","inputs":{{"source":"{text}"}}}}}}"#,
        Uuid::new_v4().as_u128() as u32 & 0x00ff_ffff
    );
    let report = real.engine.intake_text(BatchId(Uuid::now_v7()), film, false).await.unwrap();
    let done = real.ended(report.items[0].job_id.unwrap(), Outcome::Succeeded).await;
    let [film, shown] = done.assets.as_slice() else { panic!("two: {:?}", done.assets) };
    assert_eq!((film.kind, film.width, film.height), (AssetKind::Video, Some(96), Some(64)));
    assert_eq!((film.duration_ms, film.preview), (Some(1_000), false));
    assert_eq!((shown.kind, shown.title.as_str()), (AssetKind::Text, text.as_str()));
    assert!(shown.preview);
    assert_eq!(done.job.newest.last().map(|one| one.kind), Some(AssetKind::Video));
    let only = format!(r#"{{"1":{{"class_type":"PreviewAny","inputs":{{"source":"{text}!"}}}}}}"#);
    let report = real.engine.intake_text(BatchId(Uuid::now_v7()), only, false).await.unwrap();
    let done = real.ended(report.items[0].job_id.unwrap(), Outcome::Succeeded).await;
    let [shown] = done.assets.as_slice() else { panic!("one: {:?}", done.assets) };
    assert!(!shown.preview);
    let file = real.engine.asset_path(shown.id).await.unwrap();
    assert_eq!(std::fs::read_to_string(file).unwrap(), format!("{text}!"));
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

/// Everything about what is handed in, at a real ComfyUI: a drawn workflow, its templates, a check, and
/// pictures that go in.
#[tokio::test]
async fn what_is_handed_in_runs_at_a_real_comfyui() {
    let Some(real) = Real::new().await else { return };
    let engine = &real.engine;
    let server = loop {
        let view = match engine.open_stream(None).recv().await.unwrap() {
            StreamMessage::Snapshot { snapshot } => snapshot.servers[0].clone(),
            other => panic!("{other:?}"),
        };
        if view.facts.as_ref().is_some_and(|facts| facts.node_classes.is_some()) {
            break view.id;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let seed = Uuid::new_v4().as_u128() as u32 & 0x00ff_ffff;
    let drawn = serde_json::json!({
        "last_node_id": 5, "last_link_id": 4, "version": 0.4, "groups": [], "extra": {}, "config": {},
        "nodes": [
            {"id": 1, "type": "EmptyImage", "pos": [0, 0], "mode": 0, "inputs": [],
             "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]}],
             "widgets_values": [64, 64, 1, seed]},
            {"id": 2, "type": "ImageScaleBy", "pos": [0, 0], "mode": 4,
             "inputs": [{"name": "image", "type": "IMAGE", "link": 1}],
             "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [2]}],
             "widgets_values": ["nearest-exact", 2]},
            {"id": 4, "type": "Reroute", "pos": [0, 0], "mode": 0,
             "inputs": [{"name": "", "type": "*", "link": 2}],
             "outputs": [{"name": "", "type": "IMAGE", "links": [3]}]},
            {"id": 3, "type": "SaveImage", "pos": [0, 0], "mode": 0,
             "inputs": [{"name": "images", "type": "IMAGE", "link": 3}], "outputs": [],
             "widgets_values": ["safelight %date:yyyy%"]},
            {"id": 5, "type": "Note", "pos": [0, 0], "mode": 0, "widgets_values": ["a note"]}
        ],
        "links": [[1, 1, 0, 2, 0, "IMAGE"], [2, 2, 0, 4, 0, "IMAGE"], [3, 4, 0, 3, 0, "IMAGE"]]
    });
    let batch = || BatchId(Uuid::now_v7());
    let report = engine.intake_text(batch(), drawn.to_string(), false).await.unwrap();
    let item = &report.items[0];
    assert_eq!(item.standing, Standing::Ready, "{item:?}");
    let ended = |detail: &JobDetail| detail.job.state.is_ended();
    let done = real.until(item.job_id.unwrap(), ended).await;
    assert_eq!(done.job.state, JobState::Ended(Outcome::Succeeded), "{done:#?}");
    assert_eq!((done.assets[0].width, done.assets[0].height), (Some(64), Some(64)), "bypassed");

    let offers = engine.server_offers(server).await.unwrap();
    assert_eq!(offers.trouble, None);
    let templates: Vec<_> = offers.offers.iter().filter(|offer| offer.template).collect();
    assert!(templates.len() > 100, "{}", templates.len());
    let mut ready = 0;
    for template in templates.iter().step_by(10) {
        let to = TakeTo::Library;
        let taken = engine.server_take(server, &template.key, true, batch(), to).await.unwrap();
        let item = &taken.items[0];
        assert!(item.workflow.is_some(), "{}: {}", template.key, item.message);
        ready += u32::from(item.standing == Standing::Ready);
    }
    println!(
        "{} of {} templates taken, {ready} could run",
        templates.len().div_ceil(10),
        templates.len()
    );

    // What it made goes into another workflow.
    let load = r#"{"1":{"class_type":"LoadImage","inputs":{"image":"x.png"}},
"2":{"class_type":"ImageInvert","inputs":{"image":["1",0]}},
"3":{"class_type":"SaveImage","inputs":{"images":["2",0],"filename_prefix":"safelight"}}}"#;
    let kept = engine.intake_text(batch(), load.to_owned(), true).await.unwrap();
    assert_eq!(kept.items[0].standing, Standing::NeedsLook, "{:?}", kept.items[0]);
    engine.job_cancel(vec![kept.items[0].job_id.unwrap()]).await.unwrap();
    let pictures = SubmitPictures {
        batch_id: batch(),
        paths: vec![engine.asset_path(done.assets[0].id).await.unwrap()],
        workflow: kept.items[0].workflow.clone().unwrap(),
        node: "1".into(),
        input: "image".into(),
        on_hold: false,
    };
    let report = engine.intake_pictures(pictures).await.unwrap();
    let done = real.until(report.items[0].job_id.unwrap(), ended).await;
    assert_eq!(done.job.state, JobState::Ended(Outcome::Succeeded), "{done:#?}");
    engine.stop().await;
}
