//! Queueing what is set up.

use super::{Cell, Opened, Setup, chance, wildcards::WildcardFolder};
use crate::{
    checks::Shelf,
    commands::blocking,
    core::Core,
    intake::{self, Found, NewJobs, Place, look, look::Graph},
    time::now_ms,
    view::{CommandError, CommandErrorCode, ComposeState, QueuedView, When},
};
use domain::{BatchId, WorkflowHash};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use store::{BasePatch, CellRow, NewSheet, WorkflowRow};
use uuid::Uuid;
use workflow::{Change, Patcher, Prompt, sweep};

/// What a sheet keeps, so that it can be shown and extended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SheetAbout {
    /// The axes with all their values.
    pub axes: Vec<sweep::Axis>,
    /// The workflow that the cells are patches of.
    pub base: WorkflowHash,
    /// What was set up.
    pub state: ComposeState,
}

/// A job to be, with its place.
pub struct Made {
    /// The job.
    pub found: Found,
    /// Its workflow.
    pub hash: WorkflowHash,
    /// Its row in a sheet.
    pub row: CellRow,
}

/// The jobs to be of those that were made, without the workflows that are known.
pub fn without_known<'a>(made: &'a [Made], known: &HashSet<WorkflowHash>) -> Vec<&'a Found> {
    made.iter().filter(|made| !known.contains(&made.hash)).map(|made| &made.found).collect()
}

/// Queues all jobs, or the middle one alone. The same batch id again queues nothing, and is answered
/// as it was the first time.
///
/// # Errors
/// When something is wrong with what is set up, or the database cannot be written; then nothing is
/// queued.
pub async fn queue(
    core: &Core,
    opened: Opened,
    batch_id: BatchId,
    mut state: ComposeState,
    test: bool,
    wildcards: WildcardFolder,
) -> Result<QueuedView, CommandError> {
    let typed = json(&state);
    if state.chance.trim().is_empty() {
        state.chance = Uuid::new_v4().as_u64_pair().1.to_string();
    }
    // What is no number is told, and nothing is queued.
    let chance = chance(&state).unwrap_or(0);
    let (draft, title) = (opened.draft.id, opened.draft.title.clone());
    let asked = state.clone();
    let (made, axes, base) = blocking(move || make(&opened, &asked, test, &wildcards, chance))
        .await?
        .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
    let all = made.len();
    let answer = |jobs: u32| QueuedView { batch_id, jobs, reused: count(all).saturating_sub(jobs) };
    if let Some(jobs) = core.store.batch_count(batch_id).await? {
        return Ok(answer(jobs));
    }
    let hashes: Vec<WorkflowHash> = made.iter().map(|made| made.hash.clone()).collect();
    let known = if state.reuse && !test {
        core.store.makers(&hashes, None).await?.into_keys().collect()
    } else {
        HashSet::new()
    };
    let new = without_known(&made, &known);
    let sheet = (!axes.is_empty() && !test).then(|| {
        let about = SheetAbout { axes, base: base.hash.clone(), state: state.clone() };
        sheet(&about, &made)
    });
    if new.is_empty() && sheet.is_none() {
        return Ok(answer(0));
    }
    let place = Place {
        on_hold: state.when == When::Hold,
        next: state.when == When::Next,
        server: state.server,
    };
    let batch = NewJobs {
        batch_id,
        title: &title,
        found: &new,
        told: &[],
        place,
        // What is skipped makes another graph, of which the jobs are patches.
        base: Some(&base),
        sheet: sheet.as_ref().map(|sheet| (batch_id, sheet)),
    };
    intake::add(core, batch).await?;
    if !test {
        core.store.finish_draft(draft, &typed, now_ms()).await?;
    }
    // Of two that queue the same at once, the first counts.
    Ok(answer(core.store.batch_count(batch_id).await?.unwrap_or(count(new.len()))))
}

/// As the page counts.
pub fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The rows of a sheet.
pub fn sheet(about: &SheetAbout, made: &[Made]) -> NewSheet {
    NewSheet { about: json(about), cells: made.iter().map(|made| made.row.clone()).collect() }
}

/// As JSON. What is kept here has only texts for names, so it can always be written.
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn make(
    opened: &Opened,
    state: &ComposeState,
    test: bool,
    wildcards: &WildcardFolder,
    chance: u64,
) -> Result<(Vec<Made>, Vec<sweep::Axis>, WorkflowRow), String> {
    let setup = Setup::read(&opened.base(), state, wildcards, chance);
    if let Some(problem) = setup.problems.blocking() {
        return Err(problem.text.clone());
    }
    let base = base_of(opened);
    let jobs = |cells: &mut dyn Iterator<Item = Cell>| {
        jobs_of(&opened.prompt, &base, &opened.draft.title, &opened.shelf, cells)
    };
    let made =
        if test { jobs(&mut setup.middle().into_iter())? } else { jobs(&mut setup.cells())? };
    Ok((made, setup.axes().to_vec(), base))
}

/// The workflow that the jobs are patches of: the draft's, or what is left of it without skipped nodes.
fn base_of(opened: &Opened) -> WorkflowRow {
    let hash = opened.prompt.hash();
    if hash == opened.workflow.hash {
        return WorkflowRow { base: None, ..opened.workflow.clone() };
    }
    WorkflowRow {
        hash,
        prompt: opened.prompt.text().to_owned(),
        // It was drawn with the skipped nodes.
        ui_graph: None,
        base: None,
        ..opened.workflow.clone()
    }
}

/// Makes the jobs of cells.
///
/// # Errors
/// A sentence when a value cannot be put into the workflow.
pub fn jobs_of(
    prompt: &Prompt,
    base: &WorkflowRow,
    title: &str,
    shelf: &Shelf,
    cells: &mut dyn Iterator<Item = Cell>,
) -> Result<Vec<Made>, String> {
    let patcher = Patcher::new(prompt);
    let graph = Graph::of(prompt);
    let mut made: Vec<Made> = Vec::new();
    let mut needs_look = None;
    for cell in cells {
        let other = patcher.apply(&cell.changes).map_err(|error| error.to_string())?;
        if made.is_empty() {
            // One stands for all: what differs is checked at its knob and its axis.
            needs_look = look::needs_look_of(shelf, &other, base.ui_graph.as_deref());
        }
        // A value may be a link, which makes another graph.
        let own = (!other.same_graph(prompt)).then(|| Graph::of(&other));
        let about = about(base, title, &other, &cell.changes, needs_look.clone());
        let found = look::composed(&other, own.as_ref().unwrap_or(&graph), about);
        let hash = found.hash().clone();
        let (at, values) = (json(&cell.at), json(&cell.of_axes));
        made.push(Made { found, row: CellRow { at, workflow: hash.clone(), values }, hash });
    }
    Ok(made)
}

fn about(
    base: &WorkflowRow,
    title: &str,
    prompt: &Prompt,
    changes: &[Change],
    needs_look: Option<String>,
) -> look::Composed {
    let hash = prompt.hash();
    let same = hash == base.hash;
    let patch = (!same).then(|| BasePatch { base: base.hash.clone(), patch: json(&changes) });
    look::Composed {
        hash,
        title: title.to_owned(),
        source: base.source.clone(),
        // It was drawn with the workflow's own values.
        ui_graph: base.ui_graph.clone().filter(|_| same),
        base: patch,
        needs_look,
    }
}
