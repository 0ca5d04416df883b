//! From the start of the process to a queue that can be used.

use crate::{
    ms, row,
    support::{Desktop, Window},
};
use domain::{AssetId, BatchId, JobId, JobState, Outcome, PictureFacts, WorkflowHash};
use std::time::Duration;
use store::{AssetRow, BatchRow, JobRow, Marks, NewBatch, PlaceState, Store, WorkflowRow};
use uuid::Uuid;

/// Jobs that have finished.
const FINISHED: u32 = 10_000;
const RUNS: usize = 5;

pub async fn measure() {
    let empty = Desktop::new();
    let full = Desktop::new();
    fill(&full).await;
    // The first of each warms the disk.
    started(&empty).await;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        without.push(started(&empty).await);
        with.push(started(&full).await);
    }
    row(
        "Start to interactive queue, 10,000 finished jobs, median of 5",
        &ms(crate::quantile(&mut with, 0.5)),
        &format!("with an empty database: {}", ms(crate::quantile(&mut without, 0.5))),
    );
}

/// Starts the app and gives the time from the process's start to the queue in the page.
pub async fn started(desktop: &Desktop) -> Duration {
    let window = Window::open(desktop).await;
    let ready = window
        .until_js(
            "the page says when it was ready",
            "const mark = performance.getEntriesByName('ready')[0];
             return mark ? performance.timeOrigin + mark.startTime : null",
        )
        .await;
    let began = process_start(window.pid());
    window.kill();
    Duration::from_secs_f64(ready.as_f64().expect("a time") / 1000.0).saturating_sub(began)
}

/// When a process began, as time since 1970. Precise to a hundredth of a second.
fn process_start(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    let after_name = stat.rsplit(") ").next().expect("fields");
    let ticks: f64 = after_name.split(' ').nth(19).expect("its start").parse().expect("a number");
    let system = std::fs::read_to_string("/proc/uptime").expect("the uptime");
    let uptime: f64 = system.split(' ').next().expect("seconds").parse().expect("a number");
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a time after 1970");
    // 100 ticks a second on every Linux that Tauri runs on.
    now - Duration::from_secs_f64(uptime - ticks / 100.0)
}

async fn fill(desktop: &Desktop) {
    let store = Store::open(&desktop.data().join("safelight.db")).await.expect("a database");
    let hash = WorkflowHash("0".repeat(64));
    let workflow = WorkflowRow {
        hash: hash.clone(),
        prompt: "{}".to_owned(),
        ui_graph: None,
        title: "Fjord at dusk".to_owned(),
        source: None,
        created_at: 1,
        base: None,
    };
    let facts = PictureFacts {
        prompt: Some("a fjord at dusk, still water, far ridgeline".to_owned()),
        seed: Some("771204".to_owned()),
        ..PictureFacts::default()
    };
    let batch = BatchRow {
        id: BatchId(Uuid::now_v7()),
        title: "Fjord at dusk".to_owned(),
        created_at: 1,
        count: FINISHED,
    };
    let jobs: Vec<JobRow> = (0..FINISHED).map(|at| job(at, &batch, &hash, &facts)).collect();
    let new = NewBatch {
        base: None,
        batch: &batch,
        workflows: &[workflow],
        needs: &[],
        entries: &[],
        sheet: None,
        jobs: &jobs,
        events: &[],
    };
    store.add_batch(new).await.expect("jobs");
    let assets: Vec<AssetRow> = jobs.iter().map(|job| asset(job, &facts)).collect();
    store.add_assets(&assets).await.expect("outputs");
    store.close().await;
}

fn job(at: u32, batch: &BatchRow, hash: &WorkflowHash, facts: &PictureFacts) -> JobRow {
    let ended = 1_790_000_000_000 + i64::from(at) * 60_000;
    JobRow {
        id: JobId(Uuid::now_v7()),
        batch_id: batch.id,
        batch_index: at + 1,
        batch_count: FINISHED,
        title: format!("Fjord at dusk {at}"),
        state: JobState::Ended(Outcome::Succeeded),
        on_hold: false,
        cancel_requested: false,
        asked_back: false,
        position: f64::from(at),
        wants_server: None,
        server_id: None,
        created_at: ended - 40_000,
        started_at: Some(ended - 31_000),
        ended_at: Some(ended),
        workflow: hash.clone(),
        shape: None,
        needs: None,
        pixels: None,
        batch_name: None,
        sheet: false,
        source: None,
        facts: facts.clone(),
        node_count: 7,
        trouble: None,
        warnings: Vec::new(),
        attempt: 1,
        retry_of: None,
        retried_by: None,
        practice: false,
        seen: true,
        not_before: None,
        removed_at: None,
        asset_count: 0,
        shown: Vec::new(),
    }
}

fn asset(job: &JobRow, facts: &PictureFacts) -> AssetRow {
    AssetRow {
        id: AssetId(Uuid::now_v7()),
        seq: 0,
        job_id: Some(job.id),
        node_id: "9".to_owned(),
        ordinal: 0,
        title: job.title.clone(),
        kind: "picture".to_owned(),
        path: format!("2026-09-21/{}.png", job.id),
        width: Some(1152),
        height: Some(864),
        bytes: 1_400_000,
        hash: job.id.to_string(),
        created_at: job.ended_at.unwrap_or_default(),
        took_ms: Some(31_000),
        practice: false,
        preview: false,
        facts: facts.clone(),
        server_name: Some("studio".to_owned()),
        workflow: Some(job.workflow.clone()),
        library: "/nowhere".to_owned(),
        duration_ms: None,
        marks: Marks::default(),
        state: PlaceState::Here,
    }
}
