//! Many pictures on one sheet, with labels.

use super::{Part, PictureFormat};
use crate::{
    MediaError, Original, Stop, Tools,
    decode::{draw_svg, svg_width},
};
use image::{DynamicImage, Rgb, RgbImage};
use std::path::{Path, PathBuf};

/// The longest edge of a sheet, in pixels.
const LONGEST_EDGE: u32 = 16_384;
/// The most pixels of a sheet.
const MOST_PIXELS: u64 = 150_000_000;
/// Letters of a label that are looked at.
const LONGEST_TEXT: usize = 400;

/// One place of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The picture, best a small one; nothing leaves the place empty.
    pub picture: Option<PathBuf>,
    /// What stands below it.
    pub label: String,
}

/// A sheet of rows and columns.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactSheet {
    /// What stands on top; may be empty.
    pub title: String,
    /// What stands above each column, such as a value of a sweep's axis; empty for none.
    pub columns: Vec<String>,
    /// What stands left of each row; empty for none.
    pub rows: Vec<String>,
    /// The places, row by row.
    pub cells: Vec<Cell>,
    /// Places in a row.
    pub across: usize,
    /// The longest edge of a picture on the sheet, 16 to 4,096 pixels.
    pub edge: u32,
    /// What it is written as.
    pub format: PictureFormat,
}

/// A sheet that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its size in bytes.
    pub bytes: u64,
    /// Places whose picture could not be read, counted from 0: they are empty on the sheet.
    pub missing: Vec<usize>,
}

impl ContactSheet {
    /// Whether a sheet can be as large as this one would be.
    #[must_use]
    pub fn fits(&self) -> bool {
        Layout::of(self).is_ok()
    }
}

/// Writes a sheet, black on white. Texts that are longer than their place end in an ellipsis; letters
/// that Inter lacks are drawn in a font of this machine. `told` hears how many places are done.
///
/// # Errors
/// When it would be larger than 16,384 pixels an edge or 150 megapixels (ask for smaller pictures),
/// has no place, or cannot be written.
pub fn contact_sheet(
    sheet: &ContactSheet,
    to: &Path,
    stop: &Stop,
    told: &mut dyn FnMut(usize),
) -> Result<Sheet, MediaError> {
    let layout = Layout::of(sheet)?;
    let mut canvas = RgbImage::from_pixel(layout.width, layout.height, Rgb([255, 255, 255]));
    layout.texts(sheet, &mut canvas, stop)?;
    let mut missing = Vec::new();
    for (number, cell) in sheet.cells.iter().enumerate() {
        stop.check()?;
        if let Some(path) = &cell.picture {
            match picture(path, sheet.edge, stop) {
                Ok(picture) => layout.put(&mut canvas, number, &picture),
                Err(error @ (MediaError::Stopped | MediaError::TooSlow)) => return Err(error),
                Err(_) => missing.push(number),
            }
        }
        told(number + 1);
    }
    let mut part = Part::beside(to)?;
    let canvas = DynamicImage::ImageRgb8(canvas);
    super::picture::encode(&canvas, sheet.format, None, None, &mut part)
        .map_err(|error| part.error(error))?;
    Ok(Sheet { width: layout.width, height: layout.height, bytes: part.finish()?, missing })
}

/// A picture on white.
fn picture(path: &Path, edge: u32, stop: &Stop) -> Result<RgbImage, MediaError> {
    let mut original = Original::open(path)?;
    let picture = crate::small::upright(&mut original, edge, &Tools::default(), stop)?;
    Ok(super::picture::on_white(&picture))
}

/// Where everything stands, in pixels.
struct Layout {
    width: u32,
    height: u32,
    across: u32,
    edge: u32,
    gap: u32,
    text: u32,
    /// What is left of the first column and above the first row.
    left: u32,
    top: u32,
    title: u32,
    /// The height of a row, with its labels.
    row: u32,
}

impl Layout {
    fn of(sheet: &ContactSheet) -> Result<Self, MediaError> {
        let too_large = || {
            MediaError::TooLarge(
                "the sheet would have more than 16,384 pixels an edge or 150 megapixels; ask for smaller pictures".to_owned(),
            )
        };
        if sheet.across == 0 || sheet.cells.is_empty() || !(16..=4_096).contains(&sheet.edge) {
            return Err(MediaError::Damaged("the sheet has no place for a picture".to_owned()));
        }
        let across = u32::try_from(sheet.across.min(sheet.cells.len())).map_err(|_| too_large())?;
        let down =
            u32::try_from(sheet.cells.len().div_ceil(sheet.across)).map_err(|_| too_large())?;
        let edge = sheet.edge;
        let text = (edge / 12).clamp(12, 28);
        let line = text * 3 / 2;
        let gap = (edge / 24).clamp(4, 32);
        let row_texts = sheet.rows.iter().map(|row| width_of(row, text)).fold(0, u32::max);
        let left = if row_texts == 0 { gap } else { gap + row_texts.min(edge * 3 / 4) + gap };
        let title = if sheet.title.is_empty() { 0 } else { line * 2 };
        let top = gap + title + if sheet.columns.is_empty() { 0 } else { line };
        let labels = sheet.cells.iter().any(|cell| !cell.label.is_empty());
        let row = edge + if labels { line } else { 0 } + gap;
        let sides = (|| {
            let width = left.checked_add(across.checked_mul(edge + gap)?)?;
            let height = top.checked_add(down.checked_mul(row)?)?;
            Some((width, height))
        })();
        let (width, height) = sides
            .filter(|(width, height)| {
                (*width).max(*height) <= LONGEST_EDGE
                    && u64::from(*width) * u64::from(*height) <= MOST_PIXELS
            })
            .ok_or_else(too_large)?;
        Ok(Self { width, height, across, edge, gap, text, left, top, title, row })
    }

    /// The corner of a place.
    fn corner(&self, number: usize) -> (u32, u32) {
        let number = u32::try_from(number).unwrap_or_default();
        let (column, row) = (number % self.across, number / self.across);
        (self.left + column * (self.edge + self.gap), self.top + row * self.row)
    }

    /// Puts a picture into the middle of its place.
    fn put(&self, canvas: &mut RgbImage, number: usize, picture: &RgbImage) {
        let (x, y) = self.corner(number);
        let x = x + (self.edge - picture.width().min(self.edge)) / 2;
        let y = y + (self.edge - picture.height().min(self.edge)) / 2;
        image::imageops::replace(canvas, picture, i64::from(x), i64::from(y));
    }

    fn texts(
        &self,
        sheet: &ContactSheet,
        canvas: &mut RgbImage,
        stop: &Stop,
    ) -> Result<(), MediaError> {
        let line = self.text * 3 / 2;
        if !sheet.title.is_empty() {
            let room = self.width - 2 * self.gap;
            self.write(
                canvas,
                &sheet.title,
                self.text * 4 / 3,
                (self.gap, self.gap),
                (room, line * 2),
            )?;
        }
        for (number, text) in sheet.columns.iter().take(self.across as usize).enumerate() {
            let (x, _) = self.corner(number);
            self.write(canvas, text, self.text, (x, self.gap + self.title), (self.edge, line))?;
        }
        for (number, text) in sheet.rows.iter().enumerate() {
            let place = number * self.across as usize;
            if place >= sheet.cells.len() {
                break;
            }
            stop.check()?;
            let (_, y) = self.corner(place);
            let middle = y + (self.edge - line.min(self.edge)) / 2;
            self.write(
                canvas,
                text,
                self.text,
                (self.gap, middle),
                (self.left - 2 * self.gap, line),
            )?;
        }
        for (number, cell) in sheet.cells.iter().enumerate() {
            stop.check()?;
            let (x, y) = self.corner(number);
            self.write(canvas, &cell.label, self.text, (x, y + self.edge), (self.edge, line))?;
        }
        Ok(())
    }

    fn write(
        &self,
        canvas: &mut RgbImage,
        text: &str,
        size: u32,
        (x, y): (u32, u32),
        (width, height): (u32, u32),
    ) -> Result<(), MediaError> {
        let text = fitting(text, size, width);
        if text.is_empty() {
            return Ok(());
        }
        let svg = svg(&text, size, width, height);
        let drawn =
            super::picture::on_white(&DynamicImage::ImageRgba8(draw_svg(svg.as_bytes(), None)?));
        image::imageops::replace(canvas, &drawn, i64::from(x), i64::from(y));
        Ok(())
    }
}

fn svg(text: &str, size: u32, width: u32, height: u32) -> String {
    let baseline = (height + size * 7 / 10) / 2;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         <text x=\"0\" y=\"{baseline}\" font-family=\"Inter\" font-size=\"{size}\" fill=\"#1a1a1a\" \
         xml:space=\"preserve\">{}</text></svg>",
        quick_xml::escape::escape(text)
    )
}

/// A text in one line that is no wider than this.
fn fitting(text: &str, size: u32, width: u32) -> String {
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_TEXT).collect();
    let mut kept: Vec<char> = line.trim().chars().collect();
    let mut now: String = kept.iter().collect();
    // The second cut is rarely needed, the third hardly ever.
    while !kept.is_empty() {
        let wide = width_of(&now, size);
        if wide <= width {
            break;
        }
        let fits = kept.len() * width as usize / wide as usize;
        kept.truncate(fits.min(kept.len() - 1));
        now = kept.iter().collect::<String>().trim_end().to_owned() + "…";
    }
    if kept.is_empty() { String::new() } else { now }
}

/// How wide a text is, in pixels.
fn width_of(text: &str, size: u32) -> u32 {
    let cut: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect();
    if cut.trim().is_empty() {
        return 0;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Neither negative nor long.
    let width = svg_width(svg(&cut, size, 100, 100).as_bytes()).ceil() as u32;
    width + 1
}
