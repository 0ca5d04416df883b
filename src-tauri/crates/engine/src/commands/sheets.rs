//! Commands about sheets: the cells of a sweep with their pictures.

use super::{blocking, compose::knob_value};
use crate::{
    Engine,
    checks::{Shelf, Shelves},
    compose::{self, SheetAbout, json, labels},
    convert,
    view::{
        CellMark, CommandError, CommandErrorCode, KnobValue, MarkedCell, PresetView, QueuedView,
        SheetCell, SheetView,
    },
};
use domain::{BatchId, WorkflowHash, node_class::InputKind};
use store::{CellRow, MakerRow, Mark, SheetRow};
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

    /// Marks cells of a sweep; a new winner takes the place of the one before. Answers with what to mark
    /// to take it back.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sheet_mark(
        &self,
        batch: BatchId,
        cells: Vec<MarkedCell>,
    ) -> Result<Vec<MarkedCell>, CommandError> {
        let marks: Vec<(String, Option<Mark>)> = cells
            .iter()
            .map(|cell| {
                let mark = cell.mark.map(|mark| match mark {
                    CellMark::Winner => Mark::Winner,
                    CellMark::Rejected => Mark::Rejected,
                });
                (json(&cell.at), mark)
            })
            .collect();
        let before = self.core().store.mark_cells(batch, &marks).await?;
        let before = before.into_iter().filter_map(|(at, mark)| {
            Some(MarkedCell { at: serde_json::from_str(&at).ok()?, mark: mark.map(mark_view) })
        });
        Ok(before.collect())
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
            Some(PresetView { name, values: serde_json::from_str(&text).ok()? })
        });
        self.preset_save(structure, PresetView { name, values }).await?;
        Ok(had)
    }

    /// Adds values to an axis of a sweep and queues the new cells: one list a step, with one value for
    /// each knob of the axis.
    ///
    /// # Errors
    /// When a value is there already or does not fit, or there would be too many cells.
    pub async fn sheet_extend(
        &self,
        batch: BatchId,
        axis: u32,
        values: Vec<Vec<String>>,
        batch_id: BatchId,
    ) -> Result<QueuedView, CommandError> {
        let core = self.core();
        let _alone = core.sheets.lock().await;
        let (row, about) = self.sheet(batch).await?;
        if let Some(jobs) = core.store.batch_count(batch_id).await? {
            // The same submission again: its cells are there.
            let others = (0..).zip(&about.axes).filter(|(at, _): &(u32, _)| *at != axis);
            let each: usize = others.map(|(_, axis)| axis.values.len()).product();
            let cells = u32::try_from(values.len().saturating_mul(each)).unwrap_or(u32::MAX);
            return Ok(QueuedView { batch_id, jobs, reused: cells.saturating_sub(jobs) });
        }
        let base = core.store.workflow(&about.base).await?;
        let base = base.ok_or_else(|| CommandError::not_found("The workflow"))?;
        let shelves = Shelves::of(core);
        let wildcards = self.wildcards();
        let axis = usize::try_from(axis).unwrap_or(usize::MAX);
        let extended = blocking(move || {
            compose::extend(&base, about, axis, &values, &row.title, &shelves.read(), &wildcards)
        });
        let extended =
            extended.await?.map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        Ok(compose::queue_extended(core, batch, batch_id, extended).await?)
    }

    async fn sheet(&self, batch: BatchId) -> Result<(SheetRow, SheetAbout), CommandError> {
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
    SheetCell {
        at: serde_json::from_str(&cell.at).unwrap_or_default(),
        job: maker.map(|maker| maker.job),
        asset: maker.and_then(|maker| maker.asset.clone()).map(convert::asset),
        took_ms: maker.and_then(|maker| maker.took_ms),
        reused: maker.is_some_and(|maker| maker.before(queued_at)),
        values: values.into_iter().map(knob_value).collect(),
        mark: None,
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
