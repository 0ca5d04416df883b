//! What nodes are expected to cost, and what is left of a run: from earlier runs on the same server
//! and from nothing else.
//!
//! There is no clock here: whoever asks says how long a running node has been at it.

use crate::progress::{NodePhase, Tracked};

/// Runs looked at for one figure: enough to be steady, few enough to follow a change of the server.
const NEWEST: usize = 6;
/// Two amounts of work are the same within this share.
const SAME: f64 = 0.01;
/// How far the pace of a run may pull the expected times of what is still to come.
const PACE: (f64, f64) = (0.25, 4.0);
/// Expected milliseconds that must be over before a run has a pace of its own.
const PACE_FROM: f64 = 500.0;
/// Runs of a class that differ by more than this factor, and by more than [`ALL_THE_SAME`], say nothing
/// about the next one: what they cost depends on something that is not known.
const APART: f64 = 3.0;
/// Milliseconds that nobody waits for.
const ALL_THE_SAME: f64 = 100.0;
/// Steps of this run after which they tell as much as earlier runs do.
const STEPS_TELL: f64 = 2.0;

/// An earlier run of a node class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PastRun {
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// Steps it reported.
    pub steps: Option<f64>,
    /// Pixels of the picture its workflow makes.
    pub pixels: Option<f64>,
}

/// What a node is expected to cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Milliseconds.
    pub ms: f64,
    /// How many earlier runs that rests on.
    pub runs: u32,
}

/// What a node is expected to cost, from earlier runs of its class, newest first. Runs with as many
/// steps and pixels count alone where there are any; else all are scaled to the steps and pixels of
/// this one. The median, because the first run after a model is loaded takes long. Nothing where they
/// contradict each other, one of them aside.
pub fn expected(past: &[PastRun], steps: Option<f64>, pixels: Option<f64>) -> Option<Expected> {
    let alike: Vec<f64> = past
        .iter()
        .filter(|run| {
            same(run.steps, steps).unwrap_or(true) && same(run.pixels, pixels).unwrap_or(true)
        })
        .map(|run| run.ms)
        .collect();
    if !alike.is_empty() {
        return agreeing(alike);
    }
    let scaled =
        past.iter().map(|run| run.ms * ratio(steps, run.steps) * ratio(pixels, run.pixels));
    agreeing(scaled.collect())
}

/// The median of the newest few, if they agree.
fn agreeing(newest_first: Vec<f64>) -> Option<Expected> {
    let mut newest: Vec<f64> = newest_first.iter().copied().take(NEWEST).collect();
    newest.sort_by(f64::total_cmp);
    // A cold start, or a run out of the cache, may stand apart.
    let (low, high) = match newest.as_slice() {
        [low, .., high] if newest.len() == 2 => (*low, *high),
        [_, low, high, _] => (*low, *high),
        [_, low, .., high, _] => (*low, *high),
        _ => return median(newest_first),
    };
    if high - low > ALL_THE_SAME && high > APART * low {
        return None;
    }
    median(newest_first)
}

/// Whether two amounts are the same; nothing when one is not known.
fn same(one: Option<f64>, other: Option<f64>) -> Option<bool> {
    let (one, other) = (one?, other?);
    Some((one - other).abs() <= SAME * one.abs().max(other.abs()))
}

fn ratio(now: Option<f64>, then: Option<f64>) -> f64 {
    match (now, then) {
        (Some(now), Some(then)) if now > 0.0 && then > 0.0 => now / then,
        _ => 1.0,
    }
}

/// The median of the newest few.
pub fn median(newest_first: Vec<f64>) -> Option<Expected> {
    let mut newest: Vec<f64> =
        newest_first.into_iter().filter(|ms| ms.is_finite() && *ms >= 0.0).take(NEWEST).collect();
    newest.sort_by(f64::total_cmp);
    let middle = newest.len() / 2;
    let ms = match newest.len() {
        0 => return None,
        odd if odd % 2 == 1 => newest[middle],
        _ => f64::midpoint(newest[middle - 1], newest[middle]),
    };
    Some(Expected { ms, runs: u32::try_from(newest.len()).unwrap_or(u32::MAX) })
}

/// What is left of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Left {
    /// Milliseconds.
    pub ms: f64,
    /// How many earlier runs that rests on: those of the node that weighs most.
    pub runs: u32,
    /// Whether a node has taken longer than it ever did: what is left is then a guess, and is to be
    /// shown as such.
    pub late: bool,
}

/// What is left of a run. `expected` and `spent` (milliseconds from a node's start to its end, or to
/// now) have one entry a node. Nothing when a node still to come has never run there.
pub fn left(
    nodes: &[Tracked],
    expected: &[Option<Expected>],
    spent: &[Option<f64>],
) -> Option<Left> {
    let pace = pace(nodes, expected, spent);
    let mut left = Left { ms: 0.0, runs: 0, late: false };
    let mut heaviest = -1.0;
    for (index, node) in nodes.iter().enumerate() {
        let expected = expected.get(index).copied().flatten();
        let spent = spent.get(index).copied().flatten().unwrap_or(0.0);
        let ms = match node.phase {
            NodePhase::Done | NodePhase::Cached | NodePhase::Failed => 0.0,
            NodePhase::Waiting => expected?.ms * pace,
            NodePhase::Running => {
                let from_history = expected.map(|expected| expected.ms * pace);
                running(node, from_history, spent, &mut left.late)?
            }
        };
        left.ms += ms;
        if let Some(expected) = expected
            && expected.ms > heaviest
            && !matches!(node.phase, NodePhase::Cached)
        {
            heaviest = expected.ms;
            left.runs = expected.runs;
        }
    }
    (left.runs > 0).then_some(left)
}

/// How fast this run is beside what was expected of the nodes that are done.
fn pace(nodes: &[Tracked], expected: &[Option<Expected>], spent: &[Option<f64>]) -> f64 {
    let (mut was, mut took) = (0.0, 0.0);
    for (index, node) in nodes.iter().enumerate() {
        if node.phase == NodePhase::Done
            && let (Some(Some(expected)), Some(Some(spent))) =
                (expected.get(index), spent.get(index))
        {
            was += expected.ms;
            took += spent;
        }
    }
    if was < PACE_FROM { 1.0 } else { (took / was).clamp(PACE.0, PACE.1) }
}

/// What is left of a running node: its steps tell more, the more of them are done.
fn running(node: &Tracked, from_history: Option<f64>, spent: f64, late: &mut bool) -> Option<f64> {
    let share = node.fraction();
    match (from_history, node.steps.filter(|_| share > 0.0)) {
        (Some(history), Some((steps, _))) => {
            let by_steps = spent / share * (1.0 - share);
            let told = steps / (steps + STEPS_TELL);
            Some(by_steps * told + history * (1.0 - share) * (1.0 - told))
        }
        (Some(history), None) => {
            *late |= spent > history * 1.5;
            Some((history - spent).max(0.0))
        }
        (None, _) => None,
    }
}
