//! The jobs that would be queued, one by one.

use super::{Opened, Setup, chance, hash, knob_value, wildcards::WildcardFolder};
use crate::{
    commands::blocking,
    core::Core,
    view::{CellView, CellsView, CommandError, ComposeState, KnobKey},
};
use domain::WorkflowHash;
use std::collections::HashSet;
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
    let open: HashSet<Address> = if drawn_from.is_some() {
        HashSet::new()
    } else {
        setup.drawn(state).into_iter().collect()
    };
    let is_open = |of: &Change| open.contains(&Address::new(&of.node, &of.input));
    let patcher = Patcher::new(&opened.prompt);
    let cells = setup.cells().skip(first).take(limit).map(|cell| {
        let text = if open.is_empty() { patcher.text(&cell.changes).ok() } else { None };
        let values = setup.varying(&cell).into_iter().filter(|of| !is_open(of)).map(knob_value);
        let view = CellView { values: values.collect(), at: cell.at, made: None, known: false };
        (view, text.map(|text| hash(&text)))
    });
    let cells = cells.collect();
    let mut open: Vec<KnobKey> =
        open.into_iter().map(|at| KnobKey { node: at.node, input: at.input }).collect();
    open.sort();
    Read { total, cells, open }
}
