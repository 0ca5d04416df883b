//! The jobs that would be queued, one by one.

use super::{Opened, Setup, chance, hash, knob_value, wildcards::WildcardFolder};
use crate::{
    commands::blocking,
    core::Core,
    view::{CellView, CellsView, CommandError, ComposeState, KnobKey},
};
use domain::WorkflowHash;
use workflow::{Change, Patcher, sweep::Address};

/// The most that are given at once.
const MOST: usize = 200;

/// Some of the jobs in run order, from the `first` on.
///
/// # Errors
/// When the database cannot be read.
pub async fn cells(
    core: &Core,
    opened: Opened,
    state: ComposeState,
    first: u32,
    limit: u32,
    wildcards: WildcardFolder,
) -> Result<CellsView, CommandError> {
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    let limit = usize::try_from(limit).unwrap_or(MOST).min(MOST);
    let read = blocking(move || read(&opened, &state, first, limit, &wildcards)).await?;
    let hashes: Vec<WorkflowHash> =
        read.cells.iter().filter_map(|(_, hash)| hash.clone()).collect();
    let makers = core.store.makers(&hashes, None).await?;
    let cells = read.cells.into_iter().map(|(cell, hash)| {
        let maker = hash.and_then(|hash| makers.get(&hash));
        CellView {
            made: maker.and_then(|maker| Some(maker.asset.as_ref()?.id)),
            known: maker.is_some(),
            ..cell
        }
    });
    Ok(CellsView { cells: cells.collect(), total: read.total, open: read.open })
}

struct Read {
    total: u32,
    /// With the workflow of each, where it is known before it is queued.
    cells: Vec<(CellView, Option<WorkflowHash>)>,
    open: Vec<KnobKey>,
}

fn read(
    opened: &Opened,
    state: &ComposeState,
    first: usize,
    limit: usize,
    wildcards: &WildcardFolder,
) -> Read {
    let drawn_from = chance(state);
    let setup = Setup::read(&opened.base(), state, wildcards, drawn_from.unwrap_or(0));
    let total = u32::try_from(setup.count()).unwrap_or(u32::MAX);
    let known = drawn_from.is_some();
    let open = if known { Vec::new() } else { setup.drawn(state) };
    let patcher = Patcher::new(&opened.prompt);
    let cells = setup.cells_from(first).take(limit).map(|cell| {
        let is_sure = known || cell.drawn.is_empty();
        let text = if is_sure { patcher.text(&cell.changes).ok() } else { None };
        let is_open = |of: &Change| !known && cell.drawn.contains(&Address::of(of));
        let values = setup.varying(&cell).into_iter().filter(|of| !is_open(of)).map(knob_value);
        let view = CellView { values: values.collect(), at: cell.at, made: None, known: false };
        (view, text.map(|text| hash(&text)))
    });
    let cells = cells.collect();
    let mut open: Vec<KnobKey> =
        open.into_iter().map(|at| KnobKey { node: at.node, input: at.input }).collect();
    open.sort();
    open.dedup();
    Read { total, cells, open }
}
