//! The cells of a sweep: the product of its axes.

use super::{Address, Axis, AxisValue, MAX_AXES, MAX_CELLS, Set, SweepError};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, ops::Range};

/// One to three axes that go together: their product is not too large, and no two set the same
/// input. Checked when it is made and when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
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
        let fastest_first = (0..axes.len()).collect();
        let sweep = Self { axes, fastest_first };
        sweep.check()?;
        Ok(sweep)
    }

    /// Orders the run so that the axis that costs least to change changes fastest. `costs` are those
    /// of the axes in their order, see [`change_cost`](super::change_cost); of equal ones, the
    /// earlier changes faster.
    #[must_use]
    pub fn cheapest_first(mut self, costs: &[f64]) -> Self {
        let cost = |axis: &usize| costs.get(*axis).copied().unwrap_or(f64::INFINITY);
        self.fastest_first = (0..self.axes.len()).collect();
        self.fastest_first.sort_by(|one, other| cost(one).total_cmp(&cost(other)));
        self
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
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// All cells in run order, made one at a time.
    pub fn cells(&self) -> Cells<'_> {
        self.within(self.axes.iter().map(|axis| 0..axis.values.len()).collect())
    }

    /// The cell in the middle, for "Queue one to test"; of an even number of values, the one before
    /// the middle.
    pub fn middle(&self) -> Cell {
        let middle = self.axes.iter().map(|axis| axis.values.len().saturating_sub(1) / 2);
        self.made(middle.collect())
    }

    /// A cell by its coordinates.
    pub fn cell(&self, coordinates: &[usize]) -> Option<Cell> {
        let fits = coordinates.len() == self.axes.len()
            && self.axes.iter().zip(coordinates).all(|(axis, at)| *at < axis.values.len());
        fits.then(|| self.made(coordinates.to_vec()))
    }

    /// Adds a value at the end of an axis; [`added`](Self::added) gives the cells that are new.
    /// On an error nothing has changed.
    ///
    /// # Errors
    /// No such axis, a value that the axis has, too many cells, an input that another axis sets.
    pub fn extend(&mut self, axis: usize, value: AxisValue) -> Result<(), SweepError> {
        let Some(extended) = self.axes.get_mut(axis) else {
            return Err(SweepError::NoSuchAxis { number: axis.saturating_add(1) });
        };
        extended.values.push(value);
        let checked = self.check();
        if checked.is_err() {
            self.axes[axis].values.pop();
        }
        checked
    }

    /// The cells of an axis' values from one on, in run order: with the length that the axis had
    /// before [`extend`](Self::extend), exactly the new ones.
    pub fn added(&self, axis: usize, from: usize) -> Cells<'_> {
        let range = |(at, one): (usize, &Axis)| {
            let many = one.values.len();
            if at == axis { from.min(many)..many } else { 0..many }
        };
        self.within(self.axes.iter().enumerate().map(range).collect())
    }

    fn within(&self, within: Vec<Range<usize>>) -> Cells<'_> {
        let left = 0..within.iter().map(Range::len).product();
        Cells { sweep: self, within, left }
    }

    /// The cell of coordinates that are within the axes.
    fn made(&self, coordinates: Vec<usize>) -> Cell {
        let values = self.axes.iter().zip(&coordinates).map(|(axis, at)| &axis.values[*at]);
        let sets = values.flat_map(|value| value.sets.iter().cloned()).collect();
        Cell { coordinates, sets }
    }

    fn check(&self) -> Result<(), SweepError> {
        match self.axes.len() {
            0 => return Err(SweepError::NoAxes),
            1..=MAX_AXES => {}
            axes => return Err(SweepError::TooManyAxes { axes }),
        }
        let cells = cells_of(self.axes.iter().map(|axis| axis.values.len()));
        if cells > MAX_CELLS as u128 {
            return Err(SweepError::TooManyCells { cells });
        }
        let mut set_by: HashMap<&Address, usize> = HashMap::new();
        for (number, axis) in self.axes.iter().enumerate() {
            axis.check()?;
            for set in axis.values.iter().flat_map(|value| &value.sets) {
                let by = *set_by.entry(&set.at).or_insert(number);
                if by != number {
                    let (one, other) = (self.title(by), self.title(number));
                    return Err(SweepError::SameInput { at: set.at.clone(), one, other });
                }
            }
        }
        Ok(())
    }

    /// The title of an axis, with its number if others have the same.
    fn title(&self, number: usize) -> String {
        let title = &self.axes[number].title;
        if self.axes.iter().filter(|axis| axis.title == *title).count() > 1 {
            return format!("{title} ({})", number + 1);
        }
        title.clone()
    }
}

/// A sweep as it is stored.
#[derive(Deserialize)]
struct Stored {
    axes: Vec<Axis>,
    fastest_first: Vec<usize>,
}

impl TryFrom<Stored> for Sweep {
    type Error = SweepError;

    fn try_from(stored: Stored) -> Result<Self, SweepError> {
        let Self { axes, fastest_first } = Self::new(stored.axes)?;
        let mut sorted = stored.fastest_first.clone();
        sorted.sort_unstable();
        if sorted != fastest_first {
            let missing = fastest_first.iter().position(|axis| !sorted.contains(axis));
            return Err(SweepError::NoSuchAxis { number: missing.unwrap_or(axes.len()) + 1 });
        }
        Ok(Self { axes, fastest_first: stored.fastest_first })
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
        self.nth(0)
    }

    fn nth(&mut self, skipped: usize) -> Option<Cell> {
        let mut rest = self.left.nth(skipped)?;
        let mut coordinates = vec![0; self.within.len()];
        for axis in &self.sweep.fastest_first {
            let range = &self.within[*axis];
            coordinates[*axis] = range.start + rest % range.len();
            rest /= range.len();
        }
        Some(self.sweep.made(coordinates))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl ExactSizeIterator for Cells<'_> {}
