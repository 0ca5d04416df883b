//! A sweep of ten thousand cells, from the click until it is durable: how long, how much memory, how
//! many bytes of the database.
//!
//! Each case runs in a process of its own (`sweep=CASE,ADDRESS`), so that memory is that case's alone.

use crate::{
    add_server,
    fill::{queue_file, tiny},
    large::{LAST_SAMPLER, large},
    process::{forget_peak, peak_mb, resident_mb},
    row, start,
};
use domain::{BatchId, DraftId};
use engine::{
    Engine, SubmitPaths,
    view::{
        Axis, AxisValues, ComposeSource, ComposeState, KnobKey, Many, Snapshot, StreamMessage, When,
    },
};
use practice::{Practice, PracticeConfig};
use serde_json::{Value, json};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use uuid::Uuid;

const CELLS: u32 = 10_000;
/// Jobs that are stored whole; more of them would fill the disk and say the same.
const WHOLE: u32 = 500;
/// The rest that a person gives it; what is measured is a size.
const REST: Duration = Duration::from_secs(3);

/// What a case's process says.
struct Told(Value);

impl Told {
    fn number(&self, key: &str) -> f64 {
        self.0[key].as_f64().expect("a number")
    }

    fn memory(&self) -> String {
        let [before, peak, after] = ["before", "peak", "after"].map(|key| self.number(key));
        format!("{before:.0} MB before, {peak:.0} MB at most, {after:.0} MB after")
    }
}

pub async fn measure() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = Practice::start(PracticeConfig::new(dir.path().to_owned())).await;
    let server = server.expect("a practice server");
    let mut told = Vec::new();
    for case in ["file", "small", "large", "whole"] {
        told.push(in_a_process(case, &server.url()).await);
    }
    server.stop().await;
    let [file, small, large, whole] = told.as_slice() else { panic!("four cases") };
    let beside = |took: f64| {
        let floor = file.number("ms");
        format!("10,000 jobs in one submission, same run: {floor:.0} ms, {:.1} times", took / floor)
    };
    for (nodes, told) in [(2, small), (500, large)] {
        let ms = told.number("ms");
        let what = format!("10,000 cells of a workflow of {nodes} nodes, from click to durable");
        row(&what, &format!("{ms:.0} ms"), &beside(ms));
    }
    row(
        "Its memory, 500 nodes (resident set)",
        &large.memory(),
        &format!("10,000 jobs in one submission: {}", file.memory()),
    );
    let (cell, job) = (large.number("bytes"), whole.number("bytes"));
    row(
        "Its database, 500 nodes",
        &format!("{cell:.0} bytes a job"),
        &format!(
            "each prompt stored whole ({WHOLE} jobs): {job:.0} bytes, {:.3} times",
            cell / job
        ),
    );
}

async fn in_a_process(case: &str, address: &str) -> Told {
    let out = tokio::process::Command::new(std::env::current_exe().expect("a path"))
        .arg(format!("sweep={case},{address}"))
        .stderr(std::process::Stdio::inherit())
        .output()
        .await
        .expect("it runs");
    Told(serde_json::from_slice(&out.stdout).expect("JSON"))
}

/// Runs one case and prints what it took.
pub async fn case(words: &str) {
    let (case, address) = words.split_once(',').expect("a case and an address");
    let dir = tempfile::tempdir().expect("a folder");
    let engine = start(dir.path()).await;
    add_server(&engine, address.to_owned(), 2).await;
    until_known(&engine).await;
    let file = dir.path().join("queue.json");
    let (jobs, draft) = match case {
        "file" => {
            queue_file(&file, CELLS, true, tiny);
            (CELLS, None)
        }
        "whole" => {
            queue_file(&file, WHOLE, true, whole);
            (WHOLE, None)
        }
        _ => {
            let small = case == "small";
            let prompt = if small { tiny(1).to_string() } else { large() };
            let axes = if small { small_axes() } else { large_axes() };
            (CELLS, Some((draft(&engine, dir.path(), &prompt).await, sweep(axes))))
        }
    };
    // Started anew, all that was written until here is in the file.
    engine.stop().await;
    let bytes = database_bytes(dir.path());
    let engine = start(dir.path()).await;
    until_known(&engine).await;
    let mut stream = engine.open_stream(None);
    // The page takes what it is told.
    let page = tokio::spawn(async move { while stream.recv().await.is_some() {} });
    tokio::time::sleep(REST).await;

    forget_peak();
    let before = resident_mb();
    let began = Instant::now();
    let batch_id = BatchId(Uuid::now_v7());
    let made = match draft {
        None => {
            let submit = SubmitPaths { batch_id, paths: vec![file], on_hold: true, next: false };
            let report = engine.intake_submit(submit).await.expect("a report");
            report.items.iter().filter(|item| item.job_id.is_some()).count()
        }
        Some((draft, state)) => {
            let queued = engine.compose_queue(draft, batch_id, state, false).await;
            queued.expect("they are queued").jobs as usize
        }
    };
    let took = began.elapsed();
    assert_eq!(made, jobs as usize);
    tokio::time::sleep(REST).await;
    let (peak, after) = (peak_mb(), resident_mb());
    page.abort();
    engine.stop().await;
    let grown = database_bytes(dir.path()) - bytes;
    println!(
        "{}",
        json!({ "ms": took.as_secs_f64() * 1e3, "before": before, "peak": peak, "after": after,
                "bytes": grown / u64::from(jobs) })
    );
}

/// The large workflow with another seed, as a prompt handed in.
fn whole(number: u32) -> Value {
    let mut prompt: Value = serde_json::from_str(&large()).expect("JSON");
    prompt[LAST_SAMPLER]["inputs"]["seed"] = json!(number);
    prompt
}

/// Keeps a prompt in the library and opens its knobs.
async fn draft(engine: &Engine, dir: &Path, prompt: &str) -> DraftId {
    let path = dir.join("portrait.json");
    std::fs::write(&path, prompt).expect("a file");
    let report = engine.intake_save(vec![path]).await.expect("a report");
    let workflow = report.items[0].workflow.clone().expect("a workflow");
    engine.compose_open(ComposeSource::Workflow { workflow }).await.expect("a draft").draft
}

fn sweep(axes: Vec<Axis>) -> ComposeState {
    ComposeState { many: Many::Sweep { axes }, when: When::Hold, ..ComposeState::default() }
}

fn axis(node: &str, input: &str, range: &str) -> Axis {
    Axis {
        knobs: vec![KnobKey { node: node.to_owned(), input: input.to_owned() }],
        values: AxisValues::Range { text: range.to_owned() },
    }
}

fn small_axes() -> Vec<Axis> {
    vec![axis("1", "color", &format!("0..{}", CELLS - 1))]
}

fn large_axes() -> Vec<Axis> {
    vec![
        axis(LAST_SAMPLER, "seed", "1..25"),
        axis(LAST_SAMPLER, "cfg", "1..10.5 step 0.5"),
        axis(LAST_SAMPLER, "denoise", "0.05..1 step 0.05"),
    ]
}

/// Waits until the server has said which nodes it has.
async fn until_known(engine: &Engine) {
    loop {
        let facts = snapshot(engine).await.servers[0].facts.clone();
        if facts.and_then(|facts| facts.node_classes).is_some_and(|classes| classes > 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn snapshot(engine: &Engine) -> Snapshot {
    match engine.open_stream(None).recv().await.expect("a message") {
        StreamMessage::Snapshot { snapshot } => *snapshot,
        other => panic!("{other:?}"),
    }
}

fn database_bytes(dir: &Path) -> u64 {
    std::fs::metadata(dir.join("data/safelight.db")).expect("a database").len()
}
