//! What would be queued, told before it is paid for.

use super::{Cell, Opened, Setup, chance, wildcards::WildcardFolder};
use crate::{
    commands::blocking,
    core::Core,
    view::{
        Ability, AxisLabels, CheckView, CommandError, ComposeState, LinkState, Many, PlanView,
        PlannedCell,
    },
};
use domain::{ServerId, WorkflowHash, estimate::median};
use std::sync::Arc;
use workflow::{Patcher, Prompt, Role, sweep::MAX_CELLS};

/// The most jobs that are looked for among earlier ones while something is being set up, unless what was
/// made is to be used again: then the number of jobs hangs on it.
const MOST_LOOKED_FOR: u128 = 10_000;
/// The most cells that are shown.
const MOST_SHOWN: usize = 400;
/// Jobs whose shapes are looked up for the time they take.
const SAMPLES: usize = 16;
/// Earlier runs of a shape that count.
const RUNS: u32 = 6;
/// From how many jobs on the artist is asked.
const ASKS_ABOVE: u32 = 500;

/// A setup that was read, with the prompts of its jobs as far as they are needed.
struct Read {
    setup: Setup,
    /// The hashes of all jobs in run order, where they can be known and are not too many.
    hashes: Vec<WorkflowHash>,
    shown: Vec<Cell>,
    /// A few jobs, spread evenly.
    shapes: Vec<String>,
    check: Option<CheckView>,
    example: Option<String>,
}

/// What would be queued.
///
/// # Errors
/// When the draft is not there.
pub async fn plan(
    core: &Core,
    opened: Opened,
    state: ComposeState,
    wildcards: WildcardFolder,
) -> Result<PlanView, CommandError> {
    let asked = Arc::new(state);
    let state = asked.clone();
    let read = blocking(move || read(&opened, &state, &wildcards)).await?;
    let count = u32::try_from(read.setup.count()).unwrap_or(u32::MAX);
    let known = core.store.makers(&read.hashes, None).await?;
    let made = read.hashes.iter().filter(|hash| known.contains_key(hash)).count();
    let made = u32::try_from(made).unwrap_or(u32::MAX);
    let jobs = if asked.reuse { count.saturating_sub(made) } else { count };
    let shown = read
        .shown
        .iter()
        .enumerate()
        .map(|(at, cell)| {
            let maker = read.hashes.get(at).and_then(|hash| known.get(hash));
            PlannedCell {
                at: cell.at.clone(),
                made: maker.and_then(|maker| Some(maker.asset.as_ref()?.id)),
                known: maker.is_some(),
            }
        })
        .collect();
    let takes = takes(core, &asked, read.check.as_ref(), &read.shapes).await?;
    #[allow(clippy::cast_possible_truncation)] // `as` saturates, which is right for a time.
    let takes_ms = takes.map(|(ms, _)| (ms * f64::from(jobs)) as i64);
    let axes = read.setup.axes().iter().map(labels).collect();
    Ok(PlanView {
        cells: count,
        made,
        jobs,
        shown,
        axes,
        order: read
            .setup
            .fastest_first()
            .iter()
            .map(|at| u32::try_from(*at).unwrap_or(0))
            .collect(),
        example: read.example,
        takes_ms,
        from_runs: takes.map_or(0, |(_, runs)| runs),
        asks: jobs > ASKS_ABOVE,
        problems: read.setup.problems.into_views(),
        check: read.check,
    })
}

/// An axis for people.
pub fn labels(axis: &workflow::sweep::Axis) -> AxisLabels {
    AxisLabels {
        name: axis.title.clone(),
        values: axis.values.iter().map(|value| value.label.clone()).collect(),
    }
}

fn read(opened: &Opened, state: &ComposeState, wildcards: &WildcardFolder) -> Read {
    let mut setup = Setup::read(&opened.base(), state, wildcards, chance(state).unwrap_or(0));
    look_at_files(opened, state, &mut setup);
    let patcher = Patcher::new(&opened.prompt);
    let count = setup.count();
    // Where chance has a say, what comes is not known before it is drawn.
    let can_know = chance(state).is_some() || !setup.has_chance(state);
    let mut hashes = Vec::new();
    let looks = state.reuse || count <= MOST_LOOKED_FOR;
    if can_know && looks && count <= MAX_CELLS as u128 && setup.problems.blocking().is_none() {
        let texts = setup.cells().map(|cell| patcher.text(&cell.changes));
        hashes = texts.map_while(Result::ok).map(|text| hash(&text)).collect();
    }
    let shown: Vec<Cell> = setup.cells().take(MOST_SHOWN).collect();
    let first: Option<Prompt> = shown.first().and_then(|cell| patcher.apply(&cell.changes).ok());
    let every = usize::try_from(count).unwrap_or(usize::MAX).div_ceil(SAMPLES).max(1);
    let shapes = setup
        .every(every)
        .take(SAMPLES)
        .filter_map(|cell| patcher.apply(&cell.changes).ok())
        .map(|prompt| workflow::shape(&prompt))
        .collect();
    let graph = opened.workflow.ui_graph.as_deref();
    let check = first.as_ref().map(|prompt| opened.shelf.check(prompt, graph));
    let prompt_knob = opened.knobs.all().find(|knob| knob.role == Role::Prompt);
    let example =
        first.as_ref().filter(|_| count > 1 || setup.has_chance(state)).and_then(|first| {
            let knob = prompt_knob?;
            first.node(&knob.node.id)?.input(&knob.input)?.string()
        });
    Read { setup, hashes, shown, shapes, check, example }
}

/// Tells at its knob of a file of ours that is not there any more. A server may have it still, so that
/// does not block.
fn look_at_files(opened: &Opened, state: &ComposeState, setup: &mut Setup) {
    let inputs = opened.shelf.inputs();
    let of_batch = match &state.many {
        Many::Batch { pictures, .. } => pictures.as_slice(),
        Many::Single | Many::Sweep { .. } => &[],
    };
    for value in state.values.iter().chain(of_batch) {
        let Ok(name) = serde_json::from_str::<String>(&value.json) else { continue };
        if inputs.lost(&name) {
            let text = "This file is not here any more, so a server that does not have it yet gets none. Choose or drop it again.";
            setup.problems.at_says(&value.node, &value.input, text);
        }
    }
}

/// What tells a prompt's text from all others.
pub fn hash(text: &str) -> WorkflowHash {
    WorkflowHash(blake3::hash(text.as_bytes()).to_hex().to_string())
}

/// Milliseconds that one job takes, and how many runs that rests on.
async fn takes(
    core: &Core,
    state: &ComposeState,
    check: Option<&CheckView>,
    shapes: &[String],
) -> Result<Option<(f64, u32)>, CommandError> {
    let able = |id: ServerId| {
        let check = check.and_then(|check| check.servers.iter().find(|s| s.server_id == id));
        check.is_none_or(|check| check.ability != Ability::Cannot)
    };
    let servers = core.book.views().into_iter().filter(|server| {
        state.server.is_none_or(|wanted| wanted == server.id)
            && server.link == LinkState::Online
            && able(server.id)
    });
    for server in servers {
        let mut known = Vec::new();
        let mut runs = 0;
        for shape in shapes {
            let durations = core.store.durations_of_shape(server.id, shape, RUNS).await?;
            if let Some(one) = median(durations) {
                known.push(one.ms);
                runs = runs.max(one.runs);
            }
        }
        if !known.is_empty() {
            #[allow(clippy::cast_precision_loss)] // At most as many as are sampled.
            return Ok(Some((known.iter().sum::<f64>() / known.len() as f64, runs)));
        }
    }
    Ok(None)
}
