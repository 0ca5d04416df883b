//! A sweep's sheet as one picture.

use super::exports::Ready;
use crate::{
    Engine,
    compose::labels,
    export::What,
    roots::names,
    view::{AxisLabels, CommandError, CommandErrorCode, WorkView},
};
use domain::{BatchId, WorkflowHash};
use media::export::{Cell, ContactSheet, PictureFormat};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};
use store::PlaceState;

/// The longest edge of a picture on the sheet in pixels: the first with which the sheet is not too
/// large.
const EDGES: [u32; 9] = [1_024, 768, 512, 384, 256, 192, 128, 96, SMALLEST];
const SMALLEST: u32 = 64;
/// The most rows or columns: with more, not even the smallest pictures have room.
const MOST_ACROSS: usize = 256;
const TOO_MANY: &str =
    "This sheet has too many cells for one picture. Export its pictures from the gallery instead.";
/// Of JPEGs.
const QUALITY: u8 = 90;

/// What of a sweep's sheet goes into a picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SheetPicture {
    /// The sweep.
    pub batch: BatchId,
    /// Which value of the third axis, from 0.
    pub layer: u32,
    /// Whether the first axis stands down the side.
    pub swapped: bool,
    /// The file that is written, as PNG, JPEG or WebP by its ending.
    pub to: PathBuf,
}

impl Engine {
    /// Begins to write a sweep's sheet as one picture, with the values of its axes. Cells without a
    /// picture are empty places.
    ///
    /// # Errors
    /// When the sweep is not there, has no picture yet or too many cells, the place makes no sense, or
    /// the database cannot be read.
    pub async fn sheet_export(&self, of: SheetPicture) -> Result<WorkView, CommandError> {
        if !of.to.is_absolute() {
            return Err(bad("Choose where to write by its full path."));
        }
        let SheetReady { ready, title, cells } = self.ready_sheet(&of).await?;
        self.begin_export(What::Sweep { of, cells }, title, cells, ready).await
    }

    /// Makes a sweep's sheet ready to be written.
    pub(super) async fn ready_sheet(&self, of: &SheetPicture) -> Result<SheetReady, CommandError> {
        let core = self.core();
        let (row, about) = self.sheet(of.batch).await?;
        let axes: Vec<AxisLabels> = about.axes.iter().map(labels).collect();
        let plan = Places::of(&axes, of);
        if plan.columns.values.len().max(plan.rows.values.len()) > MOST_ACROSS {
            return Err(bad(TOO_MANY));
        }
        let at: HashMap<usize, &WorkflowHash> = row
            .cells
            .iter()
            .filter_map(|cell| {
                let at: Vec<u32> = serde_json::from_str(&cell.at).ok()?;
                Some((plan.number(&at)?, &cell.workflow))
            })
            .collect();
        let hashes: Vec<WorkflowHash> = at.values().map(|hash| (*hash).clone()).collect();
        let makers = core.store.makers(&hashes, Some(of.batch)).await?;
        let keys: Vec<u32> =
            makers.values().filter_map(|maker| Some(maker.asset.as_ref()?.seq)).collect();
        let places = core.store.places(&keys).await?;
        let mut away = Vec::new();
        let mut cells = vec![Cell::default(); plan.count()];
        for (number, hash) in at {
            let Some(picture) = makers.get(hash).and_then(|maker| maker.asset.as_ref()) else {
                continue;
            };
            let here = places.get(&picture.seq).into_iter().flatten();
            match here.into_iter().find(|place| place.state == PlaceState::Here) {
                Some(place) => {
                    let path = names::join(&names::path_of(&place.root_path), &place.path);
                    cells[number].picture = Some(path);
                }
                None => away.push(format!("{} cannot be reached now.", picture.path)),
            }
        }
        let count = cells.iter().filter(|cell| cell.picture.is_some()).count();
        if count == 0 {
            return Err(bad("This sheet has no picture yet that can be reached."));
        }
        let mut sheet = plan.sheet(row.title, cells, format_of(&of.to));
        // A place is no larger than what goes into it.
        let sides = makers.values().filter_map(|maker| maker.asset.as_ref());
        let sides = sides.filter_map(|picture| Some(picture.width?.max(picture.height?)));
        let largest = sides.max().unwrap_or(EDGES[0]).max(SMALLEST);
        let edge = EDGES.into_iter().find(|edge| {
            sheet.edge = largest.min(*edge);
            sheet.fits()
        });
        if edge.is_none() {
            return Err(bad(TOO_MANY));
        }
        let name = of.to.file_name().unwrap_or_default().to_string_lossy();
        let title = format!("Exporting a sheet of {count} to {name}");
        let cells = sheet.cells.len();
        Ok(SheetReady { ready: Ready::Sheet(sheet, away), title, cells })
    }
}

fn bad(text: &str) -> CommandError {
    CommandError::new(CommandErrorCode::BadInput, text)
}

/// A sheet that is ready to be written.
pub(super) struct SheetReady {
    pub ready: Ready,
    pub title: String,
    /// Its places.
    pub cells: usize,
}

/// Where cells stand on the picture.
struct Places {
    columns: AxisLabels,
    rows: AxisLabels,
    /// What the third axis says of all of it.
    layer: Option<String>,
    /// Which axis goes across, which down, and the place on the third.
    across: usize,
    down: usize,
    at: u32,
}

impl Places {
    fn of(axes: &[AxisLabels], of: &SheetPicture) -> Self {
        let (across, down) = if of.swapped && axes.len() > 1 { (1, 0) } else { (0, 1) };
        let none = || AxisLabels { name: String::new(), values: vec![String::new()] };
        let axis = |at: usize| axes.get(at).cloned().unwrap_or_else(none);
        let layer = axes.get(2).and_then(|axis| {
            let value = axis.values.get(of.layer as usize)?;
            Some(format!("{} {value}", axis.name))
        });
        Self { columns: axis(across), rows: axis(down), layer, across, down, at: of.layer }
    }

    fn count(&self) -> usize {
        self.columns.values.len().saturating_mul(self.rows.values.len())
    }

    /// The number of a cell on the picture, row by row; nothing if it is on another layer.
    fn number(&self, at: &[u32]) -> Option<usize> {
        if self.layer.is_some() && at.get(2) != Some(&self.at) {
            return None;
        }
        let place = |axis: usize| at.get(axis).map_or(0, |place| *place as usize);
        let (column, row) = (place(self.across), place(self.down));
        let inside = column < self.columns.values.len() && row < self.rows.values.len();
        inside.then(|| row * self.columns.values.len() + column)
    }

    fn sheet(self, title: String, cells: Vec<Cell>, format: PictureFormat) -> ContactSheet {
        let title = match self.layer {
            Some(layer) => format!("{title}, {layer}"),
            None => title,
        };
        ContactSheet {
            title,
            across: self.columns.values.len(),
            columns: labelled(self.columns),
            rows: labelled(self.rows),
            cells,
            edge: EDGES[0],
            format,
        }
    }
}

/// The values of an axis, the first with the axis' name in front of it.
fn labelled(axis: AxisLabels) -> Vec<String> {
    let AxisLabels { name, mut values } = axis;
    if let Some(first) = values.first_mut() {
        *first = format!("{name} {first}").trim().to_owned();
    }
    values
}

fn format_of(to: &Path) -> PictureFormat {
    let ending = to.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match ending.as_str() {
        "jpg" | "jpeg" => PictureFormat::Jpeg(QUALITY),
        "webp" => PictureFormat::WebP,
        _ => PictureFormat::Png,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn axis(name: &str, values: &[&str]) -> AxisLabels {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        AxisLabels { name: name.to_owned(), values }
    }

    #[test]
    fn cells_stand_where_the_sheet_on_the_screen_has_them() {
        let all = [
            axis("Strength", &["0.5", "1"]),
            axis("CFG", &["4", "6", "8"]),
            axis("Seed", &["7", "9"]),
        ];
        let of = |axes: usize, swapped| {
            let of = SheetPicture {
                batch: BatchId(uuid::Uuid::nil()),
                layer: 1,
                swapped,
                to: PathBuf::new(),
            };
            Places::of(&all[..axes], &of)
        };
        for (count, swapped, at, wanted) in [
            (3, false, vec![1, 2, 1], Some(5)),
            (3, true, vec![1, 2, 1], Some(5)),
            (3, true, vec![1, 0, 1], Some(3)),
            (3, false, vec![1, 2, 0], None),
            (2, false, vec![0, 1], Some(2)),
            (2, true, vec![0, 1], Some(1)),
            (1, true, vec![1], Some(1)),
            (1, false, vec![2], None),
        ] {
            let places = of(count, swapped);
            assert_eq!(places.number(&at), wanted, "{count} axes, swapped {swapped}: {at:?}");
        }
        let swapped = of(3, true).sheet("Portrait".into(), Vec::new(), PictureFormat::Png);
        assert_eq!(swapped.title, "Portrait, Seed 9");
        assert_eq!(swapped.columns, ["CFG 4", "6", "8"]);
        assert_eq!(swapped.rows, ["Strength 0.5", "1"]);
        let line = of(1, false).sheet("Portrait".into(), Vec::new(), PictureFormat::Png);
        assert_eq!((line.title.as_str(), line.rows), ("Portrait", vec![String::new()]));
    }
}
