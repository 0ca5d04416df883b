//! What the artist has set up, as the jobs it stands for.

use super::{
    Problems,
    axes::{self, sweep_of},
    fits::{self, Given},
    options::Options,
    seeds::Seeds,
    wording::{Excess, Texts, Wordings},
};
use crate::view::{AxisValues, ComposeState, Many, PresetView, Wording};
use std::collections::{HashMap, HashSet};
use workflow::{
    Change, Knobs, Prompt,
    dynamic::Wildcards,
    sweep::{self, Address, JsonText, MAX_CELLS, Sweep},
};

/// The most bytes that the values of all jobs together take up.
const MOST_BYTES: u128 = 1 << 30;

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
    options: Options,
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
    /// Inputs whose values were drawn by chance.
    pub drawn: Vec<Address>,
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
        let given = match &state.many {
            Many::Sweep { axes } => Given::of_sweep(base, state, axes),
            Many::Single | Many::Batch { .. } => Given::of_values(state),
        };
        let values = fits::values(base, state, given, &mut problems);
        let source = match &state.many {
            Many::Single => Source::single(),
            Many::Batch { count, lines, pictures } => {
                fits::look_at_lists(base, state, lines.as_ref(), pictures, &mut problems);
                Source::List {
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
                }
            }
            Many::Sweep { axes } => sweep_of(base, state, axes, &values, wildcards, &mut problems)
                .map_or_else(Source::single, Source::Sweep),
        };
        Self::of(base, state, (values, source, problems), wildcards, chance)
    }

    /// A sweep whose axes were read before, with `state`'s other settings.
    pub fn of_axes(
        base: &Base<'_>,
        state: &ComposeState,
        sweep: Sweep,
        wildcards: &impl Wildcards,
        chance: u64,
    ) -> Self {
        let mut problems = Problems::default();
        let given = Given::of_axes(state, sweep.axes());
        let values = fits::values(base, state, given, &mut problems);
        let source = Source::Sweep(axes::cheapest_first(base, sweep));
        Self::of(base, state, (values, source, problems), wildcards, chance)
    }

    fn of(
        base: &Base<'_>,
        state: &ComposeState,
        (values, source, problems): (Vec<Change>, Source, Problems),
        wildcards: &impl Wildcards,
        chance: u64,
    ) -> Self {
        let mut wordings = Wordings::new(base.knobs, state.wording, chance);
        let mut setup = Self {
            seeds: Seeds::new(base, state, &values, &own_places(state), chance),
            values,
            problems,
            source,
            wordings: Wordings::default(),
            options: Options::new(base.knobs),
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
        // What was spelled out is not read again: a brace in it is a brace.
        let spelled: Vec<bool> = match &state.many {
            Many::Sweep { axes } => {
                axes.iter().map(|axis| matches!(axis.values, AxisValues::Wordings)).collect()
            }
            Many::Single | Many::Batch { .. } => Vec::new(),
        };
        let sets = |axes: &[sweep::Axis]| -> Vec<Change> {
            let axes = axes.iter().enumerate();
            let read = axes.filter(|(at, _)| !spelled.get(*at).copied().unwrap_or(false));
            let all = read.flat_map(|(_, axis)| &axis.values).flat_map(|value| &value.sets);
            all.map(|set| change(&set.at, &set.value)).collect()
        };
        let more = match &self.source {
            Source::List { texts, .. } => texts.iter().flatten().cloned().collect(),
            Source::Sweep(sweep) => sets(sweep.axes()),
        };
        let own = own_places(state);
        let texts = Texts { values: &self.values, more: &more, own: &own };
        wordings.learn(base.prompt, &texts, wildcards, &mut self.problems);
        if state.wording != Wording::All || !wordings.any() {
            return;
        }
        match &mut self.source {
            Source::List { texts, .. } => {
                match wordings.all(&self.values, texts, MAX_CELLS, MOST_BYTES) {
                    Ok(all) => *texts = all,
                    Err(Excess::Jobs(number)) => self.problems.whole(too_many(number)),
                    Err(Excess::Bytes) => self.problems.whole(too_large("all wordings")),
                }
            }
            Source::Sweep(_) => self.problems.whole(
                "A sweep draws {a|b} and wildcards once, for all its cells. Choose “Sample” for them, or make the text an axis of “Every wording”.",
            ),
        }
    }

    fn look_at_number(&mut self, state: &ComposeState) {
        let count = self.count();
        if count > MAX_CELLS as u128 {
            self.problems.whole(too_many(count));
        } else if count.saturating_mul(self.largest_values()) > MOST_BYTES {
            self.problems.whole(too_large(&format!("{count} jobs")));
        }
        if !state.chance.trim().is_empty() && super::chance(state).is_none() {
            self.problems.whole(format!(
                "“{}” is no whole number, so chance cannot begin with it. Write one from 0 to {}, or leave it empty.",
                state.chance.trim().chars().take(40).collect::<String>(),
                u64::MAX
            ));
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

    /// What of a job's values is not the same in all jobs: what lists and axes set, and where each job
    /// draws and counts for itself, what it drew.
    pub fn varying(&self, cell: &Cell) -> Vec<Change> {
        let mut places: HashSet<Address> = cell.of_axes.iter().map(Address::of).collect();
        if matches!(self.source, Source::List { .. }) {
            places.extend(self.seeds.places());
            places.extend(cell.drawn.iter().cloned());
        }
        cell.changes.iter().filter(|of| places.contains(&Address::of(of))).cloned().collect()
    }

    /// Inputs whose values are drawn by chance in some job.
    pub fn drawn(&self, state: &ComposeState) -> Vec<Address> {
        let mut drawn = self.seeds.drawn();
        if state.wording == Wording::Sample {
            drawn.extend(self.wordings.places());
        }
        drawn
    }

    /// How many bytes the values of one job have at most, about.
    fn largest_values(&self) -> u128 {
        let bytes = |changes: &[Change]| -> usize {
            changes.iter().map(|of| of.node.len() + of.input.len() + of.value.len()).sum()
        };
        let most = |lists: &[Vec<Change>]| lists.iter().map(|one| bytes(one)).max().unwrap_or(0);
        let own = match &self.source {
            Source::List { texts, pictures, .. } => most(texts) + most(pictures),
            Source::Sweep(sweep) => {
                let of_value = |value: &sweep::AxisValue| -> usize {
                    value.sets.iter().map(|set| set.value.as_str().len()).sum()
                };
                let of_axis =
                    |axis: &sweep::Axis| axis.values.iter().map(of_value).max().unwrap_or(0);
                sweep.axes().iter().map(of_axis).sum()
            }
        };
        (bytes(&self.values) + own) as u128
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
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.every(1)
    }

    /// The jobs from one on, by its number in run order, from 0.
    pub fn cells_from(&self, first: usize) -> impl Iterator<Item = Cell> + '_ {
        let count = usize::try_from(self.count()).unwrap_or(usize::MAX).min(MAX_CELLS);
        (first..count).filter_map(|n| self.nth(n))
    }

    /// The places of a sweep's axes, the one that changes fastest first.
    pub fn fastest_first(&self) -> &[usize] {
        match &self.source {
            Source::Sweep(sweep) => sweep.fastest_first(),
            Source::List { .. } => &[],
        }
    }

    /// Of every so many jobs in run order the first; `step` is at least 1.
    pub fn every(&self, step: usize) -> impl Iterator<Item = Cell> + '_ {
        let count = usize::try_from(self.count()).unwrap_or(usize::MAX).min(MAX_CELLS);
        (0..count).step_by(step.max(1)).filter_map(|n| self.nth(n))
    }

    /// A job by its number in run order, from 0.
    fn nth(&self, n: usize) -> Option<Cell> {
        match &self.source {
            Source::Sweep(sweep) => sweep.cells().nth(n).map(|cell| self.of_sweep(&cell)),
            Source::List { texts, pictures, count } => {
                let each = usize::try_from(*count).unwrap_or(usize::MAX);
                let pair = n.checked_div(each)?;
                let text = texts.get(pair.checked_div(pictures.len())?)?;
                let picture = pictures.get(pair % pictures.len())?;
                let own = text.iter().chain(picture).cloned().collect();
                let at = u32::try_from(n).unwrap_or(u32::MAX);
                Some(Cell { at: vec![at], ..self.cell(own, u64::from(at)) })
            }
        }
    }

    /// The jobs of a sweep that an axis' values from one on bring, in run order.
    pub fn added(&self, axis: usize, from: usize) -> impl Iterator<Item = Cell> + '_ {
        let sweep = match &self.source {
            Source::Sweep(sweep) => Some(sweep),
            Source::List { .. } => None,
        };
        let cells = sweep.into_iter().flat_map(move |sweep| sweep.added(axis, from));
        cells.map(|cell| self.of_sweep(&cell))
    }

    /// A combination with the values that all share.
    fn of_sweep(&self, cell: &sweep::Cell) -> Cell {
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
        let own_from = changes.len() - own.len();
        let mut drawn = self.wordings.fill(&mut changes, run);
        drawn.extend(
            self.seeds
                .drawn()
                .into_iter()
                .filter(|at| !taken.contains(&(at.node.as_str(), at.input.as_str()))),
        );
        // As they run: with the words that were drawn.
        let of_axes = changes[own_from..][..own.len()].to_vec();
        self.options.complete(&mut changes);
        Cell { at: Vec::new(), changes, of_axes, drawn }
    }
}

impl Source {
    fn single() -> Self {
        Self::List { texts: vec![Vec::new()], pictures: vec![Vec::new()], count: 1 }
    }
}

/// The inputs that lists and axes set in every job: what is set there otherwise counts for nothing. A
/// preset may leave some of its inputs alone.
fn own_places(state: &ComposeState) -> HashSet<Address> {
    let mut places = HashSet::new();
    match &state.many {
        Many::Single => {}
        Many::Batch { lines, pictures, .. } => {
            places.extend(lines.iter().map(|of| Address::new(&of.node, &of.input)));
            places.extend(pictures.iter().map(|of| Address::new(&of.node, &of.input)));
        }
        Many::Sweep { axes } => {
            let set = axes.iter().filter(|axis| !matches!(axis.values, AxisValues::Presets { .. }));
            let knobs = set.flat_map(|axis| &axis.knobs);
            places.extend(knobs.map(|of| Address::new(&of.node, &of.input)));
        }
    }
    places
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

fn too_large(what: &str) -> String {
    format!(
        "The values of {what} together have more than {} GB. Make texts shorter, or queue fewer at once.",
        MOST_BYTES >> 30
    )
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
