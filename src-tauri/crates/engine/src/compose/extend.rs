//! A sweep that grows by values of one axis.

use super::{
    Base, Problems, Setup,
    axes::{axis_of, look_at_values},
    chance,
    fits::{self, Given, Index},
    opened::merged_knobs,
    queue::{Made, SheetAbout, count, jobs_of, sheet, without_known},
    wildcards::WildcardFolder,
};
use crate::{
    checks::Shelf,
    core::Core,
    intake::{self, NewJobs, Place},
    view::{self, AxisValues, ComposeState, PresetView, QueuedView, When},
};
use domain::BatchId;
use std::collections::{HashMap, HashSet};
use store::{NewSheet, StoreError, WorkflowRow};
use workflow::sweep::{Address, Axis, AxisValue, Sweep};

/// What a sheet was made of.
#[derive(Clone, Copy)]
pub struct SheetOf<'a> {
    /// The workflow that the cells are patches of.
    pub base: &'a WorkflowRow,
    /// The sheet's name.
    pub title: &'a str,
    /// Presets of the workflow.
    pub presets: &'a [PresetView],
    /// What the servers have.
    pub shelf: &'a Shelf,
    /// The artist's wildcards.
    pub wildcards: &'a WildcardFolder,
}

/// The new cells of a sweep.
pub struct Extended {
    title: String,
    made: Vec<Made>,
    sheet: NewSheet,
    place: Place,
    reuse: bool,
}

/// Makes the new cells that values of an axis bring. A list has one value for each input that the axis
/// sets.
///
/// # Errors
/// A sentence when a value is there already or does not fit.
pub fn extend(
    sheet_of: &SheetOf<'_>,
    mut about: SheetAbout,
    axis: usize,
    values: AxisValues,
) -> Result<Extended, String> {
    let SheetOf { base, title, presets, shelf, wildcards } = *sheet_of;
    let prompt =
        workflow::read_prompt(base.prompt.as_bytes()).map_err(|error| error.to_string())?;
    let knobs = merged_knobs(&prompt, shelf);
    let seconds = HashMap::new();
    let of = Base { prompt: &prompt, knobs: &knobs, presets, seconds: &seconds };
    let Some(grown) = about.axes.get(axis) else {
        return Err("This sweep has no such axis.".to_owned());
    };
    let had = grown.values.len();
    let steps = steps_of(&of, &about.state, grown, values, wildcards)?;
    let mut problems = Problems::default();
    if let Some(grows) = about.axes.get_mut(axis) {
        grows.values.extend(steps.iter().cloned());
    }
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
fn steps_of(
    base: &Base<'_>,
    state: &ComposeState,
    axis: &Axis,
    values: AxisValues,
    wildcards: &WildcardFolder,
) -> Result<Vec<AxisValue>, String> {
    let replaces = matches!(values, AxisValues::Replace { .. });
    let sets = axis.values.first().map(|value| value.sets.as_slice()).unwrap_or_default();
    let knobs = match &values {
        AxisValues::Presets { .. } => Vec::new(),
        _ => sets.iter().map(|set| key(&set.at)).collect(),
    };
    let mut problems = Problems::default();
    let own = fits::values(base, state, Given::of_values(state), &mut problems);
    let index = Index::new(base, &state.skipped, Given::of_values(state));
    let plan = view::Axis { knobs, values };
    let mut steps = axis_of(base, &index, &plan, &own, wildcards)?.values;
    if replaces {
        // The first is the text as it is, which the axis has.
        steps.remove(0);
    }
    let mut there: HashSet<Vec<(Address, String)>> = axis.values.iter().map(as_numbers).collect();
    for step in &mut steps {
        if !there.insert(as_numbers(step)) {
            return Err(format!("The axis {} has the value {} already.", axis.title, step.label));
        }
        step.label = untaken(&axis.values, &step.label);
    }
    Ok(steps)
}

/// A label that none of the values there has: two presets may have had one name at different times.
fn untaken(values: &[AxisValue], label: &str) -> String {
    let taken = |label: &str| values.iter().any(|value| value.label == label);
    if !taken(label) {
        return label.to_owned();
    }
    let numbered = (2..).map(|number: u32| format!("{label} ({number})"));
    numbered.into_iter().find(|label| !taken(label)).unwrap_or_default()
}

fn key(at: &Address) -> view::KnobKey {
    view::KnobKey { node: at.node.clone(), input: at.input.clone() }
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
