//! Sweeps: many runs of one workflow, along one to three axes.
//!
//! What the artist sets up is an [`AxisPlan`]; [`AxisPlan::axis`] makes the [`Axis`] of it, with a
//! label for each value. A [`Sweep`] is the product of its axes; its [`Cell`]s are made one at a
//! time, in the order in which they should run.

mod axis;
mod cells;
mod cost;
mod error;
mod json;
mod plan;
mod range;
mod seeds;

pub use axis::{Address, Axis, AxisValue, Set, short_label};
pub use cells::{Cell, Cells, Sweep, cells_of};
pub use cost::change_cost;
pub use error::{RangeProblem, SweepError};
pub use json::JsonText;
pub use plan::{AxisKind, AxisPlan, KnobValues};
pub use range::range;
pub use seeds::{Seed, SeedKnob, SeedPlan, SeedRule, seed_for, seed_max};

/// The most axes of a sweep.
pub const MAX_AXES: usize = 3;
/// The most cells of a sweep, and so the most values of an axis.
pub const MAX_CELLS: usize = 100_000;
