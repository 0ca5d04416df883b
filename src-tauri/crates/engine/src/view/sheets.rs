//! The sheet of a sweep.

use super::{AssetView, ComposeState, KnobValue};
use domain::{BatchId, JobId, WorkflowHash};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One value of an axis, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AxisLabels {
    /// The axis: its knob's name.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// The state of one cell of a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SheetCell {
    /// The place on each axis, from 0.
    pub at: Vec<u32>,
    /// The job that fills it: of this batch, or an earlier one with the same values.
    pub job: Option<JobId>,
    /// Its newest picture, once there is one.
    pub asset: Option<AssetView>,
    /// How long it took, in milliseconds.
    #[ts(type = "number | null")]
    pub took_ms: Option<i64>,
    /// Whether it was made before and used again.
    pub reused: bool,
    /// Its values that the axes turn.
    pub values: Vec<KnobValue>,
    /// What the artist thinks of it.
    pub mark: Option<CellMark>,
    /// Its picture's number in the library.
    pub key: Option<u32>,
    /// Stars of its picture, 0 (none) to 5.
    pub rating: u8,
}

/// What the artist thinks of a cell of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CellMark {
    /// The best one; a sheet has one at most.
    Winner,
    /// Not this one. Its files stay.
    Rejected,
}

/// A cell, and what the artist thinks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MarkedCell {
    /// The place on each axis, from 0.
    pub at: Vec<u32>,
    /// What it is; nothing takes a mark away.
    pub mark: Option<CellMark>,
}

/// A sweep: every combination with its picture.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SheetView {
    /// The batch.
    pub batch_id: BatchId,
    /// Its name.
    pub title: String,
    /// When it was queued.
    #[ts(type = "number")]
    pub created_at: i64,
    /// The axes, X first.
    pub axes: Vec<AxisLabels>,
    /// Of each axis, whether it turns a whole number.
    pub whole: Vec<bool>,
    /// What all runs of the workflow share: presets belong to it.
    pub structure: String,
    /// The cells, in order of their places.
    pub cells: Vec<SheetCell>,
    /// The workflow of which the cells are variations.
    pub workflow: WorkflowHash,
    /// What was set up when it was queued.
    pub state: ComposeState,
}
