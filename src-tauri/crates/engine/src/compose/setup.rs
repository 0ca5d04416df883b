//! What the artist has set up, as the jobs it stands for.

use super::{Problems, seeds::Seeds, wording::Wordings};
use crate::view::{Axis, AxisValues, ComposeState, Many, PresetView, Wording};
use std::collections::{HashMap, HashSet};
use workflow::{
    Change, Kind, Knobs, Prompt,
    dynamic::Wildcards,
    sweep::{
        self, Address, AxisKind, AxisPlan, AxisValue, JsonText, KnobValues, MAX_CELLS, Set, Sweep,
    },
};

/// A workflow and what may be set in it.
pub struct Base<'a> {
    /// The prompt, without skipped nodes.
    pub prompt: &'a Prompt,
    /// Its knobs.
    pub knobs: &'a Knobs,
    /// Its presets.
    pub presets: &'a [PresetView],
    /// What nodes took in earlier runs, in seconds, by id.
    pub seconds: &'a HashMap<String, f64>,
}

/// Jobs that are not made yet.
pub struct Setup {
    /// Values that all jobs share.
    pub values: Vec<Change>,
    /// What is wrong.
    pub problems: Problems,
    source: Source,
    seeds: Seeds,
    wordings: Wordings,
}

enum Source {
    /// Every text with every picture, some times.
    List { texts: Vec<Vec<Change>>, pictures: Vec<Vec<Change>>, count: u32 },
    /// Every combination.
    Sweep(Sweep),
}

/// One job that is not made yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its place on each axis; of a list, its number alone.
    pub at: Vec<u32>,
    /// All its values.
    pub changes: Vec<Change>,
    /// Those that the axes set.
    pub of_axes: Vec<Change>,
}

impl Setup {
    /// Reads what is set up. `chance` decides what is left to chance.
    pub fn read(
        base: &Base<'_>,
        state: &ComposeState,
        wildcards: &impl Wildcards,
        chance: u64,
    ) -> Self {
        let mut problems = Problems::default();
        let values = values(base, state, &mut problems);
        let mut wordings = Wordings::new(base.knobs, state.wording, chance);
        let source = match &state.many {
            Many::Single => Source::single(),
            Many::Batch { count, lines, pictures } => Source::List {
                texts: match lines {
                    // An empty list is no jobs, and told.
                    Some(lines) => {
                        let full =
                            lines.text.lines().map(str::trim).filter(|line| !line.is_empty());
                        let at = Address::new(&lines.node, &lines.input);
                        full.map(|line| vec![change(&at, &JsonText::string(line))]).collect()
                    }
                    None => vec![Vec::new()],
                },
                pictures: some(pictures.iter().map(|value| Change {
                    node: value.node.clone(),
                    input: value.input.clone(),
                    value: value.json.clone(),
                })),
                count: *count,
            },
            Many::Sweep { axes } => sweep_of(base, axes, &values, &mut problems)
                .map_or_else(Source::single, Source::Sweep),
        };
        let mut setup = Self {
            seeds: Seeds::new(base, state, &values, chance),
            values,
            problems,
            source,
            wordings: Wordings::default(),
        };
        setup.spell_out(base, state, &mut wordings, wildcards);
        setup.wordings = wordings;
        setup.look_at_number(state);
        setup
    }

    /// Reads the texts of all jobs, and makes a job of every wording where that is wished.
    fn spell_out(
        &mut self,
        base: &Base<'_>,
        state: &ComposeState,
        wordings: &mut Wordings,
        wildcards: &impl Wildcards,
    ) {
        let sets = |axes: &[sweep::Axis]| -> Vec<Change> {
            let all = axes.iter().flat_map(|axis| &axis.values).flat_map(|value| &value.sets);
            all.map(|set| change(&set.at, &set.value)).collect()
        };
        let more = match &self.source {
            Source::List { texts, .. } => texts.iter().flatten().cloned().collect(),
            Source::Sweep(sweep) => sets(sweep.axes()),
        };
        wordings.learn(base.prompt, &self.values, &more, wildcards, &mut self.problems);
        if state.wording != Wording::All || !wordings.any() {
            return;
        }
        match &mut self.source {
            Source::List { texts, .. } => {
                match wordings.all(&self.values, texts, MAX_CELLS) {
                    Ok(all) => *texts = all,
                    Err(number) => self.problems.whole(too_many(number)),
                }
            }
            Source::Sweep(_) => self.problems.whole(
                "A sweep draws {a|b} and wildcards once, for all its cells. Choose “By chance” for them, or make the words an axis.",
            ),
        }
    }

    fn look_at_number(&mut self, state: &ComposeState) {
        let count = self.count();
        if count > MAX_CELLS as u128 {
            self.problems.whole(too_many(count));
        }
        let Source::List { texts, pictures, count: each } = &self.source else { return };
        let lists_something = matches!(state.many, Many::Batch { .. });
        if lists_something && texts.is_empty() {
            self.problems.whole("The list of prompts is empty.");
        }
        if lists_something && *each == 0 {
            self.problems.whole("Say how many: at least one.");
        }
        let chance = self.seeds.any() || (self.wordings.any() && state.wording == Wording::Sample);
        if *each > 1 && !chance && !texts.is_empty() && !pictures.is_empty() {
            self.problems.says(format!(
                "All {each} jobs of a kind would be the same, and the server would make nothing new. Set the seed to Random or +1."
            ));
        }
    }

    /// How many jobs there are.
    pub fn count(&self) -> u128 {
        match &self.source {
            Source::Sweep(sweep) => sweep.count() as u128,
            Source::List { texts, pictures, count } => {
                let product = (texts.len() as u128).checked_mul(pictures.len() as u128);
                product.and_then(|n| n.checked_mul(u128::from(*count))).unwrap_or(u128::MAX)
            }
        }
    }

    /// The axes, if it is a sweep.
    pub fn axes(&self) -> &[sweep::Axis] {
        match &self.source {
            Source::Sweep(sweep) => sweep.axes(),
            Source::List { .. } => &[],
        }
    }

    /// Whether chance has a part in it, so that no two submissions are the same.
    pub fn has_chance(&self, state: &ComposeState) -> bool {
        self.seeds.random() || (self.wordings.any() && state.wording == Wording::Sample)
    }

    /// The job to try first: the middle one of a sweep, the first of a list.
    pub fn middle(&self) -> Option<Cell> {
        match &self.source {
            Source::Sweep(sweep) => Some(self.of_sweep(&sweep.middle())),
            Source::List { .. } => self.cells().next(),
        }
    }

    /// All jobs in run order, made one at a time; at most as many as a sweep may have.
    pub fn cells(&self) -> Box<dyn Iterator<Item = Cell> + '_> {
        match &self.source {
            Source::Sweep(sweep) => Box::new(sweep.cells().map(|cell| self.of_sweep(&cell))),
            Source::List { texts, pictures, count } => {
                let each = usize::try_from(*count).unwrap_or(usize::MAX);
                let all = texts.iter().flat_map(move |text| {
                    pictures.iter().flat_map(move |picture| (0..each).map(move |_| (text, picture)))
                });
                let all = all.take(MAX_CELLS).zip(0_u32..);
                Box::new(all.map(|((text, picture), n)| {
                    let own = text.iter().chain(picture).cloned().collect();
                    Cell { at: vec![n], ..self.cell(own, u64::from(n)) }
                }))
            }
        }
    }

    /// A combination with the values that all share.
    pub fn of_sweep(&self, cell: &sweep::Cell) -> Cell {
        let own = cell.sets.iter().map(|set| change(&set.at, &set.value)).collect();
        let place = |at: &usize| u32::try_from(*at).unwrap_or(u32::MAX);
        // Seeds and words are the same in all cells, so that only the axes differ.
        Cell { at: cell.coordinates.iter().map(place).collect(), ..self.cell(own, 0) }
    }

    /// A job with values of its own. `run` counts seeds and words of a list.
    fn cell(&self, own: Vec<Change>, run: u64) -> Cell {
        let taken: HashSet<(&str, &str)> =
            own.iter().map(|change| (change.node.as_str(), change.input.as_str())).collect();
        let free =
            |change: &Change| !taken.contains(&(change.node.as_str(), change.input.as_str()));
        let mut changes: Vec<Change> = self.values.clone();
        changes.extend(self.seeds.of_run(run));
        changes.retain(free);
        changes.extend(own.iter().cloned());
        self.wordings.fill(&mut changes, run);
        Cell { at: Vec::new(), changes, of_axes: own }
    }
}

impl Source {
    fn single() -> Self {
        Self::List { texts: vec![Vec::new()], pictures: vec![Vec::new()], count: 1 }
    }
}

/// What a list has; a list that was not given stands for one job without it.
fn some(changes: impl Iterator<Item = Change>) -> Vec<Vec<Change>> {
    let all: Vec<_> = changes.map(|change| vec![change]).collect();
    if all.is_empty() { vec![Vec::new()] } else { all }
}

/// A value for an input.
pub fn change(at: &Address, value: &JsonText) -> Change {
    Change { node: at.node.clone(), input: at.input.clone(), value: value.as_str().to_owned() }
}

fn too_many(number: u128) -> String {
    let number = if number == u128::MAX {
        "More jobs than can be counted".to_owned()
    } else {
        format!("{number} jobs")
    };
    format!(
        "{number} are more than Safelight takes at once: {MAX_CELLS} at most. Leave out some values."
    )
}

/// The artist's values that the workflow has a place for.
fn values(base: &Base<'_>, state: &ComposeState, problems: &mut Problems) -> Vec<Change> {
    let mut values = Vec::with_capacity(state.values.len());
    for value in &state.values {
        let Some(knob) = base.knobs.get(&value.node, &value.input) else {
            problems.at_says(
                &value.node,
                &value.input,
                format!(
                    "This workflow has no {} at node {} any more, so the value set for it is not used.",
                    value.input, value.node
                ),
            );
            continue;
        };
        if knob.linked.is_some() {
            let text = format!(
                "{} comes from another node, so the value set for it is not used.",
                knob.label
            );
            problems.at_says(&value.node, &value.input, text);
            continue;
        }
        if let Err(misfit) = workflow::check(knob, &value.json) {
            // What is on a list is the servers' business: the check before it runs tells of it.
            let listed = matches!(
                knob.kind,
                Kind::Choice { .. } | Kind::DynamicChoice { .. } | Kind::File { .. }
            );
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&value.json).is_ok();
            problems.at(&value.node, &value.input, misfit.to_string(), !listed || !is_json);
            if !is_json {
                continue;
            }
        }
        values.push(Change {
            node: value.node.clone(),
            input: value.input.clone(),
            value: value.json.clone(),
        });
    }
    values
}

/// The sweep, if its axes are all right.
fn sweep_of(
    base: &Base<'_>,
    axes: &[Axis],
    values: &[Change],
    problems: &mut Problems,
) -> Option<Sweep> {
    let mut made = Vec::with_capacity(axes.len());
    for (axis, number) in axes.iter().zip(0_u32..) {
        match axis_of(base, axis, values) {
            Ok(axis) => {
                for set in axis.values.iter().flat_map(|value| &value.sets) {
                    look_at_set(base, set, number, problems);
                }
                made.push(axis);
            }
            Err(why) => problems.axis(number, why),
        }
    }
    if made.len() < axes.len() {
        return None;
    }
    let costs: Vec<f64> =
        made.iter().map(|axis| sweep::change_cost(base.prompt, axis, base.seconds)).collect();
    match Sweep::new(made) {
        Ok(sweep) => Some(sweep.cheapest_first(&costs)),
        Err(why) => {
            problems.whole(why.to_string());
            None
        }
    }
}

fn look_at_set(base: &Base<'_>, set: &Set, axis: u32, problems: &mut Problems) {
    match base.knobs.get(&set.at.node, &set.at.input) {
        None => problems
            .axis(axis, format!("This workflow has no {} at node {}.", set.at.input, set.at.node)),
        Some(knob) => {
            if let Err(misfit) = workflow::check(knob, set.value.as_str()) {
                let listed = matches!(knob.kind, Kind::Choice { .. } | Kind::DynamicChoice { .. });
                if listed {
                    problems.axis_says(axis, misfit.to_string());
                } else {
                    problems.axis(axis, misfit.to_string());
                }
            }
        }
    }
}

fn axis_of(base: &Base<'_>, axis: &Axis, values: &[Change]) -> Result<sweep::Axis, String> {
    let knobs: Vec<Address> =
        axis.knobs.iter().map(|key| Address::new(&key.node, &key.input)).collect();
    let json = |text: &String| JsonText::try_from(text.clone()).map_err(|error| error.to_string());
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
            let mut presets = Vec::with_capacity(names.len());
            for name in names {
                let preset = base.presets.iter().find(|preset| preset.name == *name);
                let preset =
                    preset.ok_or_else(|| format!("There is no preset “{name}” any more."))?;
                let mut sets = Vec::with_capacity(preset.values.len());
                for value in &preset.values {
                    let at = Address::new(&value.node, &value.input);
                    sets.push(Set { at, value: json(&value.json)? });
                }
                presets.push(AxisValue { label: name.clone(), sets });
            }
            AxisKind::Presets { presets }
        }
    };
    let label = |key: &crate::view::KnobKey| {
        let knob = base.knobs.get(&key.node, &key.input);
        knob.map_or_else(|| key.input.clone(), |knob| knob.label.clone())
    };
    let title = match &axis.values {
        AxisValues::Presets { .. } => "Preset".to_owned(),
        _ => axis.knobs.iter().map(label).collect::<Vec<_>>().join(" and "),
    };
    let current = |at: &Address| text_of(base.prompt, values, at);
    AxisPlan { title, kind }.axis(current).map_err(|error| error.to_string())
}

/// The text that an input has now.
fn text_of(prompt: &Prompt, values: &[Change], at: &Address) -> Option<String> {
    let set = values.iter().rev().find(|set| set.node == at.node && set.input == at.input);
    match set {
        Some(set) => serde_json::from_str(&set.value).ok(),
        None => prompt.node(&at.node)?.input(&at.input)?.string(),
    }
}
