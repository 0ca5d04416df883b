//! What the processor holds in memory, with a long queue and a long past.

use crate::{
    fill::{classic, finished, queue_file},
    process::memory_mb,
    row, start,
};
use domain::BatchId;
use engine::{SubmitPaths, view::StreamMessage};
use std::{path::Path, process::Command, time::Duration};
use uuid::Uuid;

pub async fn measure() {
    let empty = tempfile::tempdir().expect("a folder");
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
    let (nothing, much) = (of_process(empty.path()), of_process(full.path()));
    row(
        "Memory of the processor, 10,000 held and 100,000 finished jobs",
        &format!("{much} MB"),
        &format!("with an empty database: {nothing} MB"),
    );
}

/// In a process of its own: what filling the database left behind does not count.
fn of_process(folder: &Path) -> String {
    let out = Command::new(std::env::current_exe().expect("a path"))
        .arg(format!("rest={}", folder.display()))
        .output()
        .expect("it runs");
    String::from_utf8(out.stdout).expect("a figure").trim().to_owned()
}

/// Starts an engine, opens the page's stream, lets it rest, and says what it uses.
pub async fn rest(folder: &Path) {
    let engine = start(folder).await;
    let mut stream = engine.open_stream(None);
    while let Some(message) = stream.recv().await {
        if matches!(message, StreamMessage::Snapshot { .. }) {
            break;
        }
    }
    // The rest that a person gives it; what is measured is a size.
    tokio::time::sleep(Duration::from_secs(3)).await;
    println!("{:.0}", memory_mb());
    engine.stop().await;
}
