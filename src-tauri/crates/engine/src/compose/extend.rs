//! A sweep that grows by values of one axis.

use super::{
    Base, Setup,
    opened::merged_knobs,
    queue::{Made, SheetAbout, jobs_of, sheet},
    wildcards::WildcardFolder,
};
use crate::{
    checks::Shelf,
    core::Core,
    intake::{self, Found, NewJobs, Place},
    view::{QueuedView, When},
};
use domain::BatchId;
use std::collections::HashMap;
use store::{NewSheet, StoreError, WorkflowRow};
use workflow::sweep::{AxisValue, JsonText, Set, Sweep, short_label};

/// The new cells of a sweep.
pub struct Extended {
    title: String,
    made: Vec<Made>,
    sheet: NewSheet,
    place: Place,
}

/// Makes the new cells that values of an axis bring: one list a step, with one value for each input
/// that the axis sets.
///
/// # Errors
/// A sentence when a value is there already or does not fit.
pub fn extend(
    base: &WorkflowRow,
    about: SheetAbout,
    axis: usize,
    values: &[Vec<String>],
    title: &str,
    shelf: &Shelf,
    wildcards: &WildcardFolder,
) -> Result<Extended, String> {
    let prompt =
        workflow::read_prompt(base.prompt.as_bytes()).map_err(|error| error.to_string())?;
    let knobs = merged_knobs(&prompt, shelf);
    let seconds = HashMap::new();
    let of = Base { prompt: &prompt, knobs: &knobs, presets: &[], seconds: &seconds };
    // Seeds, words and values as they were drawn when the sweep was queued; without its axes.
    let mut state = about.state.clone();
    state.many = crate::view::Many::Single;
    let chance = super::chance(&state).unwrap_or(0);
    let shared = Setup::read(&of, &state, wildcards, chance);
    let mut sweep = Sweep::new(about.axes).map_err(|error| error.to_string())?;
    let Some(had) = sweep.axes().get(axis).map(|axis| axis.values.len()) else {
        return Err("This sweep has no such axis.".to_owned());
    };
    for step in values {
        let value = step_of(&sweep, axis, step)?;
        sweep.extend(axis, value).map_err(|error| error.to_string())?;
    }
    let cells = sweep.added(axis, had).map(|cell| shared.of_sweep(&cell)).collect();
    let made = jobs_of(&prompt, base, title, shelf, cells)?;
    let about = SheetAbout { axes: sweep.axes().to_vec(), ..about_of(base, about.state) };
    let place = Place {
        on_hold: about.state.when == When::Hold,
        next: about.state.when == When::Next,
        server: about.state.server,
    };
    let sheet = sheet(&about, made.iter().map(|made| (&made.cell, &made.hash)));
    Ok(Extended { title: title.to_owned(), made, sheet, place })
}

fn about_of(base: &WorkflowRow, state: crate::view::ComposeState) -> SheetAbout {
    SheetAbout { axes: Vec::new(), base: base.hash.clone(), state }
}

fn step_of(sweep: &Sweep, axis: usize, step: &[String]) -> Result<AxisValue, String> {
    let first = sweep.axes().get(axis).and_then(|axis| axis.values.first());
    let inputs = first.map(|value| value.sets.as_slice()).unwrap_or_default();
    if inputs.len() != step.len() {
        return Err("Every step of this axis needs one value for each of its knobs.".to_owned());
    }
    let mut sets = Vec::with_capacity(step.len());
    for (set, value) in inputs.iter().zip(step) {
        let value = JsonText::try_from(value.clone()).map_err(|error| error.to_string())?;
        sets.push(Set { at: set.at.clone(), value });
    }
    let label = sets.first().map(|set| short_label(&set.value)).unwrap_or_default();
    Ok(AxisValue { label, sets })
}

/// Queues the new cells of a sweep: those that were made before are used again where that was wished.
///
/// # Errors
/// When the database cannot be written.
pub async fn queue_extended(
    core: &Core,
    batch: BatchId,
    batch_id: BatchId,
    new: Extended,
) -> Result<QueuedView, StoreError> {
    let hashes: Vec<_> = new.made.iter().map(|made| made.hash.clone()).collect();
    let known = core.store.makers(&hashes, None).await?;
    let found: Vec<&Found> = new
        .made
        .iter()
        .filter(|made| !known.contains_key(&made.hash))
        .map(|made| &made.found)
        .collect();
    core.store.extend_sheet(batch, &new.sheet).await?;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let queued = QueuedView {
        batch_id,
        jobs: number(found.len()),
        reused: number(new.made.len() - found.len()),
    };
    if !found.is_empty() {
        let jobs = NewJobs {
            batch_id,
            title: &new.title,
            found: &found,
            told: &[],
            place: new.place,
            sheet: None,
        };
        intake::add(core, jobs).await?;
    }
    Ok(queued)
}
