//! What the processor holds in memory, with a long queue and a long past.

use crate::{
    fill::{classic, finished, queue_file},
    process::memory_mb,
    row, start,
};
use domain::BatchId;
use engine::{SubmitPaths, view::StreamMessage};
use std::{path::Path, time::Duration};
use uuid::Uuid;

pub async fn measure() {
    let empty = tempfile::tempdir().expect("a folder");
    let nothing = with_engine(empty.path()).await;
    let full = tempfile::tempdir().expect("a folder");
    finished(full.path(), 100_000).await;
    let file = full.path().join("queue.json");
    queue_file(&file, 10_000, true, classic);
    let engine = start(full.path()).await;
    let submit = SubmitPaths {
        batch_id: BatchId(Uuid::now_v7()),
        paths: vec![file],
        on_hold: true,
        next: false,
    };
    engine.intake_submit(submit).await.expect("a report");
    engine.stop().await;
    let much = with_engine(full.path()).await;
    row(
        "Memory of the processor, 10,000 held and 100,000 finished jobs",
        &format!("{much:.0} MB"),
        &format!("with an empty database: {nothing:.0} MB"),
    );
}

/// Starts an engine, opens the page's stream, and lets it rest.
async fn with_engine(folder: &Path) -> f64 {
    let engine = start(folder).await;
    let mut stream = engine.open_stream(None);
    while let Some(message) = stream.recv().await {
        if let StreamMessage::Snapshot { snapshot } = message {
            println!("<!-- {} open jobs in the page's first message -->", snapshot.open.len());
            break;
        }
    }
    // The rest that a person gives it; what is measured is a size.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let used = memory_mb();
    engine.stop().await;
    used
}
