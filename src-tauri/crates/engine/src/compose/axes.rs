//! The axes of a sweep, and whether each of their values can be set.

use super::{
    fits::{Given, Index, Place},
    problems::Problems,
    setup::Base,
};
use crate::view::{Axis, AxisValues, ComposeState, KnobKey, KnobValue};
use workflow::{
    Change, Prompt,
    dynamic::{self, Wildcards},
    sweep::{
        self, Address, AxisKind, AxisPlan, AxisValue, JsonText, KnobValues, MAX_CELLS, Set, Sweep,
    },
};

/// The most bytes that all wordings of an axis' texts have together.
const MOST_BYTES: u128 = 64 << 20;

/// The sweep, if its axes are all right.
pub fn sweep_of(
    base: &Base<'_>,
    state: &ComposeState,
    axes: &[Axis],
    values: &[Change],
    wildcards: &impl Wildcards,
    problems: &mut Problems,
) -> Option<Sweep> {
    let index = Index::new(base, &state.skipped, Given::of_sweep(base, state, axes));
    let mut made = Vec::with_capacity(axes.len());
    for (of, number) in axes.iter().zip(0_u32..) {
        match axis_of(base, &index, of, values, wildcards) {
            Ok(axis) => {
                tell_of_other_versions(base, &index, of, number, problems);
                look_at_values(&index, &axis.values, number, problems);
                made.push(axis);
            }
            Err(why) => problems.axis(number, why),
        }
    }
    if made.len() < axes.len() {
        return None;
    }
    match Sweep::new(made) {
        Ok(sweep) => Some(cheapest_first(base, sweep)),
        Err(why) => {
            problems.whole(why.to_string());
            None
        }
    }
}

/// In the order in which the server's cache helps most.
pub fn cheapest_first(base: &Base<'_>, sweep: Sweep) -> Sweep {
    let cost = |axis: &sweep::Axis| sweep::change_cost(base.prompt, axis, base.seconds);
    let costs: Vec<f64> = sweep.axes().iter().map(cost).collect();
    sweep.cheapest_first(&costs)
}

/// Tells at an axis which of its values cannot be set.
pub fn look_at_values(index: &Index<'_>, values: &[AxisValue], axis: u32, problems: &mut Problems) {
    for set in values.iter().flat_map(|value| &value.sets) {
        let (node, input) = (&set.at.node, &set.at.input);
        match index.place(node, input) {
            Place::Nowhere => {
                problems.axis(axis, format!("This workflow has no {input} at node {node}."));
            }
            Place::Skipped => problems.axis(
                axis,
                format!(
                    "Node {node} does not run, because it or what it feeds is skipped, so turning its {input} changes nothing. Take the node in again, or choose another knob."
                ),
            ),
            Place::NotChosen(knob) => problems.axis(
                axis,
                format!(
                    "{} is of an option that is not chosen, so turning it changes nothing. Choose the option, or another knob.",
                    knob.label
                ),
            ),
            Place::Linked(knob) => problems.axis(
                axis,
                format!(
                    "{} comes from another node, so it cannot be turned here. Choose the knob it comes from.",
                    knob.label
                ),
            ),
            Place::Knob(knob) => match index.look(knob, set.value.as_str()) {
                Ok(()) => {}
                Err(fault) if fault.blocks => problems.axis(axis, fault.text),
                Err(fault) => problems.axis_says(axis, fault.text),
            },
        }
    }
}

/// An axis with its values.
///
/// # Errors
/// A sentence when it has none, or they make no sense.
pub fn axis_of(
    base: &Base<'_>,
    index: &Index<'_>,
    axis: &Axis,
    values: &[Change],
    wildcards: &impl Wildcards,
) -> Result<sweep::Axis, String> {
    let knobs: Vec<Address> =
        axis.knobs.iter().map(|key| Address::new(&key.node, &key.input)).collect();
    let json = |text: &String| JsonText::try_from(text.clone());
    let kind = match &axis.values {
        AxisValues::List { steps } => {
            if steps.iter().any(|step| step.len() != knobs.len()) {
                return Err("Every step of this axis needs one value for each of its knobs.".into());
            }
            let mut lists = Vec::with_capacity(knobs.len());
            for (place, at) in knobs.iter().enumerate() {
                let values: Result<Vec<_>, _> =
                    steps.iter().map(|step| json(&step[place])).collect();
                lists.push(KnobValues { at: at.clone(), values: values? });
            }
            AxisKind::Values { knobs: lists }
        }
        AxisValues::Range { text } => AxisKind::Range { knobs, text: text.clone() },
        AxisValues::Replace { find, with } => {
            AxisKind::Replace { knobs, needle: find.clone(), with: with.clone() }
        }
        AxisValues::Presets { names } => {
            let presets: Result<Vec<_>, _> =
                names.iter().map(|name| preset_of(base, index, name)).collect();
            AxisKind::Presets { presets: presets? }
        }
        AxisValues::Wordings => {
            let texts: Result<Vec<_>, _> = knobs
                .iter()
                .map(|at| {
                    let text = text_of(base.prompt, values, at)
                        .ok_or_else(|| format!("{} of node {} is no text.", at.input, at.node))?;
                    Ok::<_, String>((at.clone(), text))
                })
                .collect();
            AxisKind::Values { knobs: wordings_of(&texts?, wildcards)? }
        }
    };
    let label = |key: &KnobKey| match index.place(&key.node, &key.input) {
        Place::Knob(knob) | Place::Linked(knob) | Place::NotChosen(knob) => knob.label.clone(),
        Place::Skipped | Place::Nowhere => key.input.clone(),
    };
    let title = match &axis.values {
        AxisValues::Presets { .. } => "Preset".to_owned(),
        _ => axis.knobs.iter().map(label).collect::<Vec<_>>().join(" and "),
    };
    let current = |at: &Address| text_of(base.prompt, values, at);
    AxisPlan { title, kind }.axis(current).map_err(|error| error.to_string())
}

/// Every text that some texts stand for, one list a text: of several, every combination.
fn wordings_of(
    texts: &[(Address, String)],
    wildcards: &impl Wildcards,
) -> Result<Vec<KnobValues>, String> {
    let mut read = Vec::with_capacity(texts.len());
    for (_, text) in texts {
        let prompts = dynamic::parse(text).and_then(|template| template.fill(wildcards));
        read.push(prompts.map_err(|error| error.to_string())?);
    }
    let count = read.iter().map(|one| u128::from(one.count())).fold(1, u128::saturating_mul);
    if count > MAX_CELLS as u128 {
        return Err(format!(
            "These texts stand for {count} texts, and a sweep has {MAX_CELLS} cells at most. Leave out some words."
        ));
    }
    let longest: Vec<usize> =
        read.iter().map(|one| one.all().map(|text| text.len()).max().unwrap_or(0)).collect();
    let bytes = longest.iter().fold(0_usize, |all, one| all.saturating_add(*one)) as u128;
    if bytes.saturating_mul(count) > MOST_BYTES {
        return Err(
            "All these texts together are too long. Make them shorter, or leave out some words."
                .to_owned(),
        );
    }
    let mut combined: Vec<Vec<String>> = vec![Vec::new()];
    for prompts in &read {
        let all: Vec<String> = prompts.all().collect();
        combined = combined
            .into_iter()
            .flat_map(|before| {
                all.iter().map(move |text| before.iter().chain([text]).cloned().collect())
            })
            .collect();
    }
    let of = |place: usize| combined.iter().map(move |one| JsonText::string(&one[place])).collect();
    let lists = texts.iter().enumerate();
    Ok(lists.map(|(place, (at, _))| KnobValues { at: at.clone(), values: of(place) }).collect())
}

/// A preset as a step of an axis. What it sets at skipped nodes is left out, and of a preset of another
/// version of the workflow also what has no place here.
fn preset_of(base: &Base<'_>, index: &Index<'_>, name: &str) -> Result<AxisValue, String> {
    let preset = base.presets.iter().find(|preset| preset.name == name);
    let preset = preset.ok_or_else(|| format!("There is no preset “{name}” any more."))?;
    let mut sets = Vec::with_capacity(preset.values.len());
    let counts = |value: &&KnobValue| {
        !index.skips(&value.node) && (preset.of.is_none() || is_knob(index, value))
    };
    for value in preset.values.iter().filter(counts) {
        let at = Address::new(&value.node, &value.input);
        sets.push(Set { at, value: JsonText::try_from(value.json.clone())? });
    }
    Ok(AxisValue { label: name.to_owned(), sets })
}

fn is_knob(index: &Index<'_>, value: &KnobValue) -> bool {
    matches!(index.place(&value.node, &value.input), Place::Knob(_))
}

/// Tells at an axis which of its presets are of another version of the workflow and set what has no
/// place here.
fn tell_of_other_versions(
    base: &Base<'_>,
    index: &Index<'_>,
    axis: &Axis,
    number: u32,
    problems: &mut Problems,
) {
    let AxisValues::Presets { names } = &axis.values else { return };
    let named = base.presets.iter().filter(|preset| names.contains(&preset.name));
    for preset in named.filter(|preset| preset.of.is_some()) {
        let values = preset.values.iter().filter(|value| !index.skips(&value.node));
        let left = values.filter(|value| !is_knob(index, value)).count();
        if left > 0 {
            let name = &preset.name;
            let (values, are) =
                if left == 1 { ("value has", "is") } else { ("values have", "are") };
            problems.axis_says(
                number,
                format!(
                    "The preset “{name}” is of another version of this workflow: {left} {values} no place here and {are} left out."
                ),
            );
        }
    }
}

/// The text that an input has now.
fn text_of(prompt: &Prompt, values: &[Change], at: &Address) -> Option<String> {
    let set = values.iter().rev().find(|set| set.node == at.node && set.input == at.input);
    match set {
        Some(set) => serde_json::from_str(&set.value).ok(),
        None => prompt.node(&at.node)?.input(&at.input)?.string(),
    }
}
