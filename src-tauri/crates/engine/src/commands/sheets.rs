//! Commands about sheets: the cells of a sweep with their pictures.

use super::{
    blocking,
    marks::{Before, marked},
};
use crate::{
    Engine,
    checks::{Shelf, Shelves},
    compose::{self, SheetAbout, SheetOf, json, knob_value, labels, presets_named},
    convert,
    intake::{self, Place},
    view::{
        AxisValues, CellMark, CommandError, CommandErrorCode, KnobValue, Marked, MarkedCell,
        PresetView, QueuedView, SheetCell, SheetView, When,
    },
};
use domain::{BatchId, WorkflowHash, node_class::InputKind};
use std::collections::{HashMap, HashSet};
use store::{AssetMarks, CellRow, MakerRow, Mark, SheetMarks, SheetRow, WorkflowRow};
use workflow::{Change, Prompt, sweep};

/// The name of the preset that new drafts of a workflow begin with.
pub(crate) const DEFAULTS: &str = "Defaults";

impl Engine {
    /// A sweep: every combination with its picture, whichever job made it.
    ///
    /// # Errors
    /// When the batch is no sweep, or is not there.
    pub async fn sheet_get(&self, batch: BatchId) -> Result<SheetView, CommandError> {
        let core = self.core();
        let (row, about) = self.sheet(batch).await?;
        let hashes: Vec<WorkflowHash> =
            row.cells.iter().map(|cell| cell.workflow.clone()).collect();
        let makers = core.store.makers(&hashes, Some(batch)).await?;
        let base = core.store.workflow(&about.base).await?;
        let shelves = Shelves::of(core);
        // A hundred thousand cells are read and sorted.
        blocking(move || {
            let prompt = base.and_then(|base| workflow::read_prompt(base.prompt.as_bytes()).ok());
            let shelf = shelves.read();
            let whole = |axis: &sweep::Axis| {
                prompt.as_ref().is_some_and(|prompt| is_whole(prompt, &shelf, axis))
            };
            let cell = |cell: &CellRow| {
                let view = cell_view(cell, makers.get(&cell.workflow), row.created_at);
                SheetCell { mark: row.marks.get(&cell.at).copied().map(mark_view), ..view }
            };
            let mut cells: Vec<SheetCell> = row.cells.iter().map(cell).collect();
            cells.sort_by(|a, b| a.at.iter().rev().cmp(b.at.iter().rev()));
            SheetView {
                batch_id: batch,
                title: row.title,
                created_at: row.created_at,
                axes: about.axes.iter().map(labels).collect(),
                whole: about.axes.iter().map(whole).collect(),
                structure: prompt.as_ref().map(workflow::structure).unwrap_or_default(),
                cells,
                workflow: about.base,
                state: about.state,
            }
        })
        .await
    }

    /// Marks cells of a sweep, and their pictures in the library with them: the winner is picked, what
    /// is rejected is rejected there, and what loses its mark loses that flag, unless it has another one
    /// since. A new winner takes the place of the one before.
    ///
    /// # Errors
    /// When the sweep is not there, or the database cannot be written.
    pub async fn sheet_mark(
        &self,
        batch: BatchId,
        cells: Vec<MarkedCell>,
    ) -> Result<Marked, CommandError> {
        let core = self.core();
        let (row, _) = self.sheet(batch).await?;
        let cells: Vec<(String, Option<Mark>)> = cells
            .iter()
            .map(|cell| {
                let mark = cell.mark.map(|mark| match mark {
                    CellMark::Winner => Mark::Winner,
                    CellMark::Rejected => Mark::Rejected,
                });
                (json(&cell.at), mark)
            })
            .collect();
        let assets = self.flags(batch, &row, &cells).await?;
        let before = core.store.mark_cells(batch, &SheetMarks { cells, assets }).await?;
        Ok(marked(core, Before::Sheet(batch, before)))
    }

    /// The flags that pictures have when cells are marked so.
    async fn flags(
        &self,
        batch: BatchId,
        row: &SheetRow,
        cells: &[(String, Option<Mark>)],
    ) -> Result<Vec<AssetMarks>, CommandError> {
        let mut wanted: HashMap<&str, Option<Mark>> = HashMap::new();
        if cells.iter().any(|(_, mark)| *mark == Some(Mark::Winner)) {
            let winner = row.marks.iter().find(|(_, mark)| **mark == Mark::Winner);
            wanted.extend(winner.map(|(at, _)| (at.as_str(), None)));
        }
        wanted.extend(cells.iter().map(|(at, mark)| (at.as_str(), *mark)));
        let marked: Vec<&CellRow> =
            row.cells.iter().filter(|cell| wanted.contains_key(cell.at.as_str())).collect();
        let hashes: Vec<WorkflowHash> = marked.iter().map(|cell| cell.workflow.clone()).collect();
        let makers = self.core().store.makers(&hashes, Some(batch)).await?;
        let flags = marked.into_iter().filter_map(|cell| {
            let picture = makers.get(&cell.workflow)?.asset.as_ref()?;
            let before = row.marks.get(&cell.at).copied();
            let flag = match (before, *wanted.get(cell.at.as_str())?) {
                (_, Some(mark)) => flag_of(mark),
                (Some(before), None) if picture.marks.flag == flag_of(before) => 0,
                (_, None) => return None,
            };
            Some(AssetMarks { seq: picture.seq, flag: Some(flag), ..AssetMarks::default() })
        });
        Ok(flags.collect())
    }

    /// Keeps values as what new drafts of a workflow begin with: as the preset of that name. Answers
    /// with the one that was there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn defaults_save(
        &self,
        structure: &str,
        values: Vec<KnobValue>,
    ) -> Result<Option<PresetView>, CommandError> {
        let name = DEFAULTS.to_owned();
        let had = self.core().store.presets_named(structure, std::slice::from_ref(&name)).await?;
        let had = had.into_iter().find_map(|(name, text)| {
            Some(PresetView { name, values: serde_json::from_str(&text).ok()?, of: None })
        });
        self.preset_save(structure, PresetView { name, values, of: None }).await?;
        Ok(had)
    }

    /// Queues cells of a sweep again, as they were: those that failed, were cancelled, or never came to
    /// the queue. What comes of them is in the same sheet.
    ///
    /// # Errors
    /// When the sweep or a cell is not there, or the database cannot be written; then nothing is queued.
    pub async fn sheet_again(
        &self,
        batch: BatchId,
        cells: Vec<Vec<u32>>,
        batch_id: BatchId,
    ) -> Result<QueuedView, CommandError> {
        let core = self.core();
        let (row, about) = self.sheet(batch).await?;
        let workflows: HashMap<&str, &WorkflowHash> =
            row.cells.iter().map(|cell| (cell.at.as_str(), &cell.workflow)).collect();
        let mut met = HashSet::new();
        let mut looked = Vec::with_capacity(cells.len());
        for at in &cells {
            let hash = workflows.get(json(at).as_str()).copied();
            let hash = hash.ok_or_else(|| CommandError::not_found("The cell"))?;
            if !met.insert(hash) {
                continue;
            }
            let stored = core.store.workflow(hash).await?;
            let stored = stored.ok_or_else(|| CommandError::not_found("The cell's workflow"))?;
            looked
                .push(intake::look_at_stored(&WorkflowRow { title: row.title.clone(), ..stored }));
        }
        let jobs = u32::try_from(looked.len()).unwrap_or(u32::MAX);
        let place = Place {
            on_hold: about.state.when == When::Hold,
            next: about.state.when == When::Next,
            server: about.state.server,
        };
        intake::queue(core, batch_id, looked, place).await?;
        Ok(QueuedView { batch_id, jobs, reused: 0 })
    }

    /// Adds values to an axis of a sweep and queues the new cells. A list has one value for each knob of
    /// the axis.
    ///
    /// # Errors
    /// When a value is there already or does not fit, or there would be too many cells.
    pub async fn sheet_extend(
        &self,
        batch: BatchId,
        axis: u32,
        values: AxisValues,
        batch_id: BatchId,
    ) -> Result<QueuedView, CommandError> {
        let core = self.core();
        let _alone = core.sheets.lock().await;
        let (row, about) = self.sheet(batch).await?;
        if let Some(jobs) = core.store.batch_count(batch_id).await? {
            // The same submission again: its cells are there.
            let others = (0..).zip(&about.axes).filter(|(at, _): &(u32, _)| *at != axis);
            let each: usize = others.map(|(_, axis)| axis.values.len()).product();
            let steps = match &values {
                AxisValues::List { steps } => steps.len(),
                AxisValues::Replace { with, .. } => with.len(),
                AxisValues::Presets { names } => names.len(),
                AxisValues::Range { .. } | AxisValues::Wordings => 0,
            };
            let cells = u32::try_from(steps.saturating_mul(each)).unwrap_or(u32::MAX);
            return Ok(QueuedView { batch_id, jobs, reused: cells.saturating_sub(jobs) });
        }
        let base = core.store.workflow(&about.base).await?;
        let base = base.ok_or_else(|| CommandError::not_found("The workflow"))?;
        let shelves = Shelves::of(core);
        let wildcards = self.wildcards();
        let axis = usize::try_from(axis).unwrap_or(usize::MAX);
        let structure = match workflow::read_prompt(base.prompt.as_bytes()) {
            Ok(prompt) => workflow::structure(&prompt),
            Err(_) => String::new(),
        };
        let presets = presets_named(core, &base, &structure, values.preset_names()).await?;
        let extended = blocking(move || {
            let of = SheetOf {
                base: &base,
                title: &row.title,
                presets: &presets,
                shelf: &shelves.read(),
                wildcards: &wildcards,
            };
            compose::extend(&of, about, axis, values)
        });
        let extended =
            extended.await?.map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        Ok(compose::queue_extended(core, batch, batch_id, extended).await?)
    }

    pub(super) async fn sheet(
        &self,
        batch: BatchId,
    ) -> Result<(SheetRow, SheetAbout), CommandError> {
        let row = self.core().store.sheet(batch).await?;
        let row = row.ok_or_else(|| CommandError::not_found("The sweep"))?;
        let about = serde_json::from_str(&row.about).map_err(|error| CommandError {
            details: Some(error.to_string()),
            ..CommandError::new(
                CommandErrorCode::Storage,
                "What was kept of this sweep cannot be read.",
            )
        })?;
        Ok((row, about))
    }
}

fn cell_view(cell: &CellRow, maker: Option<&MakerRow>, queued_at: i64) -> SheetCell {
    let values: Vec<Change> = serde_json::from_str(&cell.values).unwrap_or_default();
    let picture = maker.and_then(|maker| maker.asset.as_ref());
    SheetCell {
        at: serde_json::from_str(&cell.at).unwrap_or_default(),
        job: maker.map(|maker| maker.job),
        key: picture.map(|picture| picture.seq),
        rating: picture.map_or(0, |picture| picture.marks.rating),
        asset: picture.cloned().map(convert::asset),
        took_ms: maker.and_then(|maker| maker.took_ms),
        reused: maker.is_some_and(|maker| maker.before(queued_at)),
        values: values.into_iter().map(knob_value).collect(),
        mark: None,
    }
}

/// How a picture is flagged in the library when its cell is marked so.
fn flag_of(mark: Mark) -> i8 {
    match mark {
        Mark::Winner => 1,
        Mark::Rejected => -1,
    }
}

fn mark_view(mark: Mark) -> CellMark {
    match mark {
        Mark::Winner => CellMark::Winner,
        Mark::Rejected => CellMark::Rejected,
    }
}

/// Whether an axis turns an input that takes whole numbers, as the servers have it.
fn is_whole(prompt: &Prompt, shelf: &Shelf, axis: &sweep::Axis) -> bool {
    let set = axis.values.first().and_then(|value| value.sets.first());
    let Some(at) = set.map(|set| &set.at) else { return false };
    let Some(node) = prompt.node(&at.node) else { return false };
    shelf.infos().any(|info| {
        let input = info.get(&node.class).and_then(|class| class.input(&at.input));
        matches!(input.map(|input| &input.kind), Some(InputKind::Type(kind)) if kind == "INT")
    })
}
