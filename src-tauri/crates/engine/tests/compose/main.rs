//! Composing: knobs turned and queued are exactly what the server receives; sweeps, lists, chance,
//! drafts, presets, inputs, starters.
#![allow(clippy::unwrap_used, clippy::panic)]

mod again;
mod before;
mod faulty;
mod inputs;
mod knobs;
mod lists;
mod properties;
mod sheets;
mod starters;
#[path = "../support/mod.rs"]
mod support;
mod versions;

use domain::{BatchId, DraftId, JobId, JobState, Outcome, WorkflowHash};
use engine::{
    Engine, NoticeKind, SheetPicture, ValuesFrom, Which,
    view::{
        Axis, AxisValues, BatchLines, CellMark, ComposeSource, ComposeState, ComposeView,
        ExportForm, Fact, Fit, KnobChoice, KnobKey, KnobKind, KnobRole, KnobValue, LibraryQuery,
        Many, Mark, MarkedCell, PlanView, PresetView, SeedRule, SeedSetting, StreamMessage, When,
        Wording, WorkState,
    },
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};
use support::{Bench, classic, start_engine, until};
use uuid::Uuid;

const LARGEST_SEED: &str = "18446744073709551615";

async fn bench() -> Bench {
    let bench = Bench::new(Duration::ZERO).await;
    until("the server said what it has", || async {
        let snapshot = bench.snapshot().await;
        let facts = snapshot.servers[0].facts.as_ref()?;
        facts.node_classes.filter(|classes| *classes > 0)
    })
    .await;
    bench
}

/// Opens the classic graph as a draft, kept in the library first.
async fn opened(bench: &Bench, prompt: &str) -> ComposeView {
    let path = bench.folder.path().join("harbour.json");
    std::fs::write(&path, prompt).unwrap();
    let report = bench.engine.intake_save(vec![path]).await.unwrap();
    let workflow = report.items[0].workflow.clone().unwrap();
    bench.engine.compose_open(ComposeSource::Workflow { workflow }).await.unwrap()
}

fn value(node: &str, input: &str, json: impl Into<String>) -> KnobValue {
    KnobValue { node: node.into(), input: input.into(), json: json.into() }
}

fn axis(node: &str, input: &str, values: AxisValues) -> Axis {
    Axis { knobs: vec![KnobKey { node: node.into(), input: input.into() }], values }
}

fn range(text: &str) -> AxisValues {
    AxisValues::Range { text: text.into() }
}

/// A list for an axis: one value a knob and step.
fn listed<'a, const N: usize>(steps: impl IntoIterator<Item = [&'a str; N]>) -> AxisValues {
    AxisValues::List {
        steps: steps.into_iter().map(|step| step.map(str::to_owned).to_vec()).collect(),
    }
}

async fn plan(engine: &Engine, draft: DraftId, state: &ComposeState) -> PlanView {
    engine.compose_plan(draft, state.clone()).await.unwrap()
}

/// Queues, and answers with the prompts of the jobs in order, as they are sent.
async fn queued(engine: &Engine, draft: DraftId, state: &ComposeState) -> (BatchId, Vec<Value>) {
    let batch = BatchId(Uuid::now_v7());
    let view = engine.compose_queue(draft, batch, state.clone(), false).await.unwrap();
    let jobs = jobs_of(engine, batch).await;
    assert_eq!(jobs.len(), usize::try_from(view.jobs).unwrap());
    let mut prompts = Vec::new();
    for id in jobs {
        prompts.push(serde_json::from_str(&engine.job_workflow(id).await.unwrap()).unwrap());
    }
    (batch, prompts)
}

async fn jobs_of(engine: &Engine, batch: BatchId) -> Vec<JobId> {
    let mut jobs = engine.job_list(Which::Open, 0, 1_000).await.unwrap();
    jobs.extend(engine.job_list(Which::Finished, 0, 1_000).await.unwrap());
    jobs.retain(|job| job.batch_id == batch);
    jobs.sort_by_key(|job| job.batch_index);
    jobs.into_iter().map(|job| job.id).collect()
}

fn held() -> ComposeState {
    ComposeState { when: When::Hold, ..ComposeState::default() }
}
fn held_of(state: &ComposeState) -> ComposeState {
    ComposeState { when: When::Hold, ..state.clone() }
}
