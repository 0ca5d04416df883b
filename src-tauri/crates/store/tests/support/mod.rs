//! Rows to put into a database.
#![allow(dead_code)]

use domain::{AssetId, BatchId, JobId, JobState, LoraUse, PictureFacts, ServerId, WorkflowHash};
use std::path::Path;
use store::{
    AssetRow, BatchRow, JobRow, Marks, NeedRow, NewBatch, PlaceState, ServerRow, Store, WorkflowRow,
};
use uuid::Uuid;

pub async fn open(folder: &Path) -> Store {
    Store::open(&folder.join("data/safelight.db")).await.unwrap()
}

pub fn workflow() -> WorkflowRow {
    WorkflowRow {
        hash: WorkflowHash("aa".into()),
        prompt: "{}".into(),
        ui_graph: None,
        title: "A bouquet".into(),
        source: None,
        created_at: 1,
        base: None,
    }
}

pub fn job(batch: BatchId, position: f64) -> JobRow {
    JobRow {
        id: JobId(Uuid::now_v7()),
        batch_id: batch,
        batch_index: 1,
        batch_count: 1,
        title: "A bouquet".into(),
        state: JobState::Held,
        on_hold: false,
        cancel_requested: false,
        asked_back: false,
        position,
        wants_server: None,
        server_id: None,
        created_at: 1,
        started_at: None,
        ended_at: None,
        workflow: workflow().hash,
        shape: Some("tall".into()),
        needs: None,
        pixels: Some(1.0e6),
        batch_name: None,
        sheet: false,
        source: None,
        facts: PictureFacts {
            seed: Some("18446744073709551615".into()),
            ..PictureFacts::default()
        },
        node_count: 3,
        trouble: None,
        warnings: vec!["one".into()],
        attempt: 1,
        retry_of: None,
        retried_by: None,
        practice: false,
        seen: false,
        not_before: None,
        removed_at: None,
        asset_count: 0,
        shown: Vec::new(),
    }
}

pub fn attic() -> ServerRow {
    ServerRow {
        id: ServerId(Uuid::now_v7()),
        name: "attic".into(),
        kind: "comfy".into(),
        address: "http://127.0.0.1:8188".into(),
        position: 0,
        max_held: 2,
        paused: false,
        outputs: None,
        created_at: 1,
    }
}

pub async fn put(store: &Store, batch: &BatchRow, needs: &[NeedRow], jobs: &[JobRow]) -> bool {
    let workflows = [workflow()];
    store
        .add_batch(NewBatch {
            base: None,
            batch,
            workflows: &workflows,
            needs,
            entries: &[],
            sheet: None,
            jobs,
            events: &[],
        })
        .await
        .unwrap()
}

pub async fn add(store: &Store, count: u32) -> Vec<JobRow> {
    let batch = BatchRow { id: BatchId(Uuid::now_v7()), title: "b".into(), created_at: 1, count };
    let jobs: Vec<_> = (1..=count).map(|n| job(batch.id, f64::from(n))).collect();
    assert!(put(store, &batch, &[], &jobs).await);
    assert!(!put(store, &batch, &[], &jobs).await, "twice adds nothing");
    jobs
}

pub fn asset(job: &JobRow, n: u32, prompt: &str, model: &str) -> AssetRow {
    AssetRow {
        id: AssetId(Uuid::now_v7()),
        seq: 0,
        job_id: Some(job.id),
        node_id: "9".into(),
        ordinal: n,
        title: job.title.clone(),
        kind: "picture".into(),
        path: format!("2026-11-24/bouquet_{n:05}.png"),
        width: Some(64),
        height: Some(48),
        bytes: 100,
        hash: "00".into(),
        created_at: i64::from(n),
        took_ms: Some(5),
        practice: false,
        preview: false,
        facts: PictureFacts {
            prompt: Some(prompt.into()),
            models: vec![model.into()],
            loras: vec![LoraUse { name: "impasto.safetensors".into(), strength: None }],
            ..PictureFacts::default()
        },
        server_name: Some("bench".into()),
        workflow: Some(job.workflow.clone()),
        library: "/library".into(),
        duration_ms: None,
        marks: Marks::default(),
        state: PlaceState::Here,
    }
}
