//! The cells of a sweep: the product of its axes.

use super::{Axis, AxisValue, Set, SweepError};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// One to three axes that go together: their product is not too large, and no two set the same
/// input. Checked when it is made and when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sweep {
    axes: Vec<Axis>,
    /// Axes by their places, the one that changes fastest first.
    fastest_first: Vec<usize>,
}

/// One run of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Which value of each axis, from 0, in the order of [`Sweep::axes`].
    pub coordinates: Vec<usize>,
    /// What it sets: of all axes, in their order. No input twice.
    pub sets: Vec<Set>,
}

/// How many cells axes of some lengths have; `u128::MAX` stands for that many or more.
pub fn cells_of(lengths: impl IntoIterator<Item = usize>) -> u128 {
    lengths.into_iter().fold(1, |cells: u128, length| cells.saturating_mul(length as u128))
}

impl Sweep {
    /// Puts axes together. Until [`cheapest_first`](Self::cheapest_first) says otherwise, the first
    /// changes fastest.
    ///
    /// # Errors
    /// No axes, too many axes, too many cells, an axis without values, an input set twice.
    pub fn new(axes: Vec<Axis>) -> Result<Self, SweepError> {
        let _ = axes;
        todo!()
    }

    /// Orders the run so that the axis that costs least to change changes fastest. `costs` are those
    /// of the axes in their order, see [`change_cost`](super::change_cost); of equal ones, the
    /// earlier changes faster.
    #[must_use]
    pub fn cheapest_first(self, costs: &[f64]) -> Self {
        let _ = costs;
        todo!()
    }

    /// Its axes, as the artist ordered them: X, Y, Z.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The places of the axes, the one that changes fastest first.
    pub fn fastest_first(&self) -> &[usize] {
        &self.fastest_first
    }

    /// How many cells it has.
    pub fn count(&self) -> usize {
        todo!()
    }

    /// All cells in run order, made one at a time.
    pub fn cells(&self) -> Cells<'_> {
        todo!()
    }

    /// The cell in the middle, for "Queue one to test"; of an even number of values, the one before
    /// the middle.
    pub fn middle(&self) -> Cell {
        todo!()
    }

    /// A cell by its coordinates.
    pub fn cell(&self, coordinates: &[usize]) -> Option<Cell> {
        let _ = coordinates;
        todo!()
    }

    /// Adds a value at the end of an axis; [`added`](Self::added) gives the cells that are new.
    /// On an error nothing has changed.
    ///
    /// # Errors
    /// No such axis, a value that the axis has, too many cells, an input that another axis sets.
    pub fn extend(&mut self, axis: usize, value: AxisValue) -> Result<(), SweepError> {
        let _ = (axis, value);
        todo!()
    }

    /// The cells of an axis' values from one on, in run order: with the length that the axis had
    /// before [`extend`](Self::extend), exactly the new ones.
    pub fn added(&self, axis: usize, from: usize) -> Cells<'_> {
        let _ = (axis, from);
        todo!()
    }
}

/// Cells in run order, made one at a time.
#[derive(Clone, Debug)]
pub struct Cells<'a> {
    sweep: &'a Sweep,
    /// Which values of each axis.
    within: Vec<Range<usize>>,
    /// Which are left, counted in run order.
    left: Range<usize>,
}

impl Iterator for Cells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        let _ = (&self.sweep, &self.within);
        self.left.next().map(|_| todo!())
    }
}
