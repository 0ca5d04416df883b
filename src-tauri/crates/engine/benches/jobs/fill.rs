//! Databases with a past, and queues with a future.

use domain::{BatchId, JobId, JobState, Outcome, PictureFacts, WorkflowHash};
use serde_json::{Value, json};
use std::path::Path;
use store::{BatchRow, JobRow, NewBatch, Store, WorkflowRow};
use uuid::Uuid;

/// The classic graph of seven nodes; `seed` makes it another one.
pub fn classic(seed: u32) -> Value {
    json!({
        "4": {"class_type": "CheckpointLoaderSimple",
              "inputs": {"ckpt_name": "practice_marble.safetensors"}},
        "5": {"class_type": "EmptyLatentImage",
              "inputs": {"width": 64, "height": 64, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode",
              "inputs": {"text": "a fjord at dusk, still water, far ridgeline", "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blur", "clip": ["4", 1]}},
        "3": {"class_type": "KSampler",
              "inputs": {"seed": seed, "steps": 2, "cfg": 7.5, "sampler_name": "euler",
                         "scheduler": "normal", "denoise": 1, "model": ["4", 0],
                         "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "b"}}
    })
}

/// The smallest graph that makes a file.
pub fn tiny(color: u32) -> Value {
    json!({
        "1": {"class_type": "EmptyImage",
              "inputs": {"width": 16, "height": 16, "batch_size": 1, "color": color}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "n"}}
    })
}

/// A queue file with this many jobs, as `Save…` writes it.
pub fn queue_file(path: &Path, count: u32, on_hold: bool, prompt: impl Fn(u32) -> Value) {
    let jobs: Vec<Value> = (0..count)
        .map(|n| json!({"title": format!("Fjord {n}"), "on_hold": on_hold, "prompt": prompt(n)}))
        .collect();
    let text = json!({"safelight_queue": 1, "jobs": jobs}).to_string();
    std::fs::write(path, text).expect("a file");
}

/// Puts finished jobs into the database of an engine that does not run.
pub async fn finished(folder: &Path, count: u32) {
    let store = Store::open(&folder.join("data/safelight.db")).await.expect("a database");
    let hash = WorkflowHash("0".repeat(64));
    let workflow = WorkflowRow {
        hash: hash.clone(),
        prompt: classic(1).to_string(),
        ui_graph: None,
        title: "Fjord at dusk".to_owned(),
        source: None,
        created_at: 1,
        base: None,
    };
    for part in 0..count.div_ceil(1_000) {
        let batch = BatchRow {
            id: BatchId(Uuid::now_v7()),
            title: "Fjord at dusk".to_owned(),
            created_at: 1,
            count: 1_000,
        };
        let jobs: Vec<JobRow> = (0..1_000.min(count - part * 1_000))
            .map(|n| job(part * 1_000 + n, n, &batch, &hash))
            .collect();
        let new = NewBatch {
            base: None,
            batch: &batch,
            workflows: std::slice::from_ref(&workflow),
            needs: &[],
            entries: &[],
            sheet: None,
            jobs: &jobs,
            events: &[],
        };
        store.add_batch(new).await.expect("jobs");
    }
    store.close().await;
}

fn job(at: u32, index: u32, batch: &BatchRow, hash: &WorkflowHash) -> JobRow {
    let ended = 1_790_000_000_000 + i64::from(at) * 60_000;
    JobRow {
        id: JobId(Uuid::now_v7()),
        batch_id: batch.id,
        batch_index: index + 1,
        batch_count: 1_000,
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
        shape: Some("fjord".to_owned()),
        needs: None,
        pixels: Some(1_000_000.0),
        batch_name: None,
        sheet: false,
        source: None,
        facts: PictureFacts {
            prompt: Some("a fjord at dusk, still water, far ridgeline".to_owned()),
            seed: Some(at.to_string()),
            ..PictureFacts::default()
        },
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
