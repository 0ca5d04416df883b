//! Commands about sheets: the cells of a sweep with their pictures.

use super::{blocking, compose::knob_value};
use crate::{
    Engine,
    compose::{self, SheetAbout, labels},
    convert,
    view::{CommandError, CommandErrorCode, QueuedView, SheetCell, SheetView},
};
use domain::{BatchId, WorkflowHash};
use store::{CellRow, MakerRow, SheetRow};
use workflow::Change;

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
        // A hundred thousand cells are read and sorted.
        blocking(move || {
            let cell = |cell: &CellRow| cell_view(cell, makers.get(&cell.workflow), row.created_at);
            let mut cells: Vec<SheetCell> = row.cells.iter().map(cell).collect();
            cells.sort_by(|a, b| a.at.iter().rev().cmp(b.at.iter().rev()));
            SheetView {
                batch_id: batch,
                title: row.title,
                created_at: row.created_at,
                axes: about.axes.iter().map(labels).collect(),
                cells,
                workflow: about.base,
                state: about.state,
            }
        })
        .await
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
        let shelves = crate::checks::Shelves::of(core);
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
    }
}
