//! A sweep that grows by values of one axis.

use super::{
    Base, Problems, Setup,
    axes::look_at_values,
    chance,
    fits::{Given, Index},
    opened::merged_knobs,
    queue::{Made, SheetAbout, count, jobs_of, sheet, without_known},
    wildcards::WildcardFolder,
};
use crate::{
    checks::Shelf,
    core::Core,
    intake::{self, NewJobs, Place},
    view::{QueuedView, When},
};
use domain::BatchId;
use std::collections::{HashMap, HashSet};
use store::{NewSheet, StoreError, WorkflowRow};
use workflow::sweep::{Address, Axis, AxisValue, JsonText, Set, Sweep, short_label};

/// The new cells of a sweep.
pub struct Extended {
    title: String,
    made: Vec<Made>,
    sheet: NewSheet,
    place: Place,
    reuse: bool,
}

/// Makes the new cells that values of an axis bring: one list a step, with one value for each input
/// that the axis sets.
///
/// # Errors
/// A sentence when a value is there already or does not fit.
pub fn extend(
    base: &WorkflowRow,
    mut about: SheetAbout,
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
    let Some(grows) = about.axes.get_mut(axis) else {
        return Err("This sweep has no such axis.".to_owned());
    };
    let had = grows.values.len();
    let steps = steps_of(grows, values)?;
    grows.values.extend(steps.iter().cloned());
    let mut problems = Problems::default();
    let given = Given::of_axes(&about.state, &about.axes);
    look_at_values(&Index::new(&of, &[], given), &steps, 0, &mut problems);
    if let Some(problem) = problems.blocking() {
        return Err(problem.text.clone());
    }
    let sweep = Sweep::new(about.axes.clone()).map_err(|error| error.to_string())?;
    // Seeds, words and values as they were drawn when the sweep was queued.
    let chance = chance(&about.state).unwrap_or(0);
    let setup = Setup::of_axes(&of, &about.state, sweep, wildcards, chance);
    if let Some(problem) = setup.problems.blocking() {
        return Err(problem.text.clone());
    }
    let made = jobs_of(&prompt, base, title, shelf, &mut setup.added(axis, had))?;
    let place = Place {
        on_hold: about.state.when == When::Hold,
        next: about.state.when == When::Next,
        server: about.state.server,
    };
    let (sheet, reuse) = (sheet(&about, &made), about.state.reuse);
    Ok(Extended { title: title.to_owned(), made, sheet, place, reuse })
}

/// The values of an axis that are new.
fn steps_of(axis: &Axis, values: &[Vec<String>]) -> Result<Vec<AxisValue>, String> {
    let mut there: HashSet<Vec<(Address, String)>> = axis.values.iter().map(as_numbers).collect();
    let inputs = axis.values.first().map(|value| value.sets.as_slice()).unwrap_or_default();
    let mut steps = Vec::with_capacity(values.len());
    for step in values {
        if inputs.len() != step.len() {
            return Err("Every step of this axis needs one value for each of its knobs.".to_owned());
        }
        let mut sets = Vec::with_capacity(step.len());
        for (set, value) in inputs.iter().zip(step) {
            sets.push(Set { at: set.at.clone(), value: JsonText::try_from(value.clone())? });
        }
        let label = sets.first().map(|set| short_label(&set.value)).unwrap_or_default();
        let step = AxisValue { label, sets };
        if !there.insert(as_numbers(&step)) {
            return Err(format!("The axis {} has the value {} already.", axis.title, step.label));
        }
        steps.push(step);
    }
    Ok(steps)
}

/// What a step sets, with numbers in one form: `0.5` and `0.50` are the same picture.
fn as_numbers(step: &AxisValue) -> Vec<(Address, String)> {
    let form = |json: &str| {
        let plain = json.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'0'..=b'9'));
        let short = json.trim_end_matches('0').trim_end_matches('.');
        if plain && json.contains('.') { short.to_owned() } else { json.to_owned() }
    };
    step.sets.iter().map(|set| (set.at.clone(), form(set.value.as_str()))).collect()
}

/// Queues the new cells of a sweep, and makes its sheet larger, all or nothing. Those that were made
/// before are used again where that was wished.
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
    let known = if new.reuse {
        core.store.makers(&hashes, None).await?.into_keys().collect()
    } else {
        HashSet::new()
    };
    let found = without_known(&new.made, &known);
    let jobs = NewJobs {
        batch_id,
        title: &new.title,
        found: &found,
        told: &[],
        place: new.place,
        base: None,
        sheet: Some((batch, &new.sheet)),
    };
    intake::add(core, jobs).await?;
    Ok(QueuedView {
        batch_id,
        jobs: count(found.len()),
        reused: count(new.made.len() - found.len()),
    })
}
