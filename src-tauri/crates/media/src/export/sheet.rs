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
/// that Inter lacks are drawn in a font of this machine. Of films and other formats `tools` take the
/// picture. `told` hears how many places are done.
///
/// # Errors
/// When it would be larger than 16,384 pixels an edge or 150 megapixels (ask for smaller pictures),
/// has no place, or cannot be written.
pub fn contact_sheet(
    sheet: &ContactSheet,
    to: &Path,
    tools: &Tools,
    stop: &Stop,
    told: &mut dyn FnMut(usize),
) -> Result<Sheet, MediaError> {
    let layout = Layout::of(sheet)?;
    let mut canvas = RgbImage::from_pixel(layout.width, layout.height, Rgb([255, 255, 255]));
    layout.head(sheet, &mut canvas)?;
    let mut missing = Vec::new();
    let mut top = layout.top;
    for (row, cells) in sheet.cells.chunks(layout.across as usize).enumerate() {
        let first = row * layout.across as usize;
        let mut pictures = Vec::with_capacity(cells.len());
        for (number, cell) in (first..).zip(cells) {
            stop.check()?;
            let picture = cell.picture.as_ref().map(|path| picture(path, sheet.edge, tools, stop));
            match picture.transpose() {
                Ok(picture) => pictures.push(picture),
                Err(MediaError::Stopped) => return Err(MediaError::Stopped),
                Err(_) => {
                    missing.push(number);
                    pictures.push(None);
                }
            }
            told(number + 1);
        }
        // As high as the highest of its pictures, so that wide ones leave no gaps.
        let high = pictures.iter().flatten().map(RgbImage::height).max();
        let high = high.unwrap_or(layout.edge).min(layout.edge);
        for (column, picture) in (0..).zip(&pictures) {
            if let Some(picture) = picture {
                layout.put(&mut canvas, (layout.x(column), top), high, picture);
            }
        }
        layout.labels(sheet, &mut canvas, (first, cells), (top, high), stop)?;
        top += high + layout.below;
    }
    let canvas = cropped(canvas, top)?;
    let (width, height) = canvas.dimensions();
    let mut part = Part::beside(to)?;
    let canvas = DynamicImage::ImageRgb8(canvas);
    super::picture::encode(&canvas, sheet.format, None, None, &mut part)
        .map_err(|error| part.error(error))?;
    Ok(Sheet { width, height, bytes: part.finish()?, missing })
}

/// Without what lies below so many lines.
fn cropped(canvas: RgbImage, height: u32) -> Result<RgbImage, MediaError> {
    let (width, full) = canvas.dimensions();
    let height = height.min(full);
    let mut pixels = canvas.into_raw();
    pixels.truncate(width as usize * height as usize * 3);
    RgbImage::from_raw(width, height, pixels)
        .ok_or_else(|| MediaError::Damaged("the sheet has no place for a picture".to_owned()))
}

/// A picture on white.
fn picture(path: &Path, edge: u32, tools: &Tools, stop: &Stop) -> Result<RgbImage, MediaError> {
    let mut original = Original::open(path)?;
    let picture = crate::small::upright(&mut original, edge, tools, stop)?;
    Ok(super::picture::on_white(&picture))
}

/// Where everything stands, in pixels.
struct Layout {
    width: u32,
    /// At most: rows are as high as their pictures.
    height: u32,
    across: u32,
    edge: u32,
    gap: u32,
    text: u32,
    /// What is left of the first column and above the first row.
    left: u32,
    top: u32,
    title: u32,
    /// What is below the pictures of a row: their labels, and the gap to the next one.
    below: u32,
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
        let below = if labels { line } else { 0 } + gap;
        let sides = (|| {
            let width = left.checked_add(across.checked_mul(edge + gap)?)?;
            let height = top.checked_add(down.checked_mul(edge + below)?)?;
            Some((width, height))
        })();
        let (width, height) = sides
            .filter(|(width, height)| {
                (*width).max(*height) <= LONGEST_EDGE
                    && u64::from(*width) * u64::from(*height) <= MOST_PIXELS
            })
            .ok_or_else(too_large)?;
        Ok(Self { width, height, across, edge, gap, text, left, top, title, below })
    }

    /// Where the places of a column begin.
    fn x(&self, column: u32) -> u32 {
        self.left + column * (self.edge + self.gap)
    }

    /// Puts a picture into the middle of its place, which begins there and is so high.
    fn put(&self, canvas: &mut RgbImage, (x, y): (u32, u32), high: u32, picture: &RgbImage) {
        let x = x + (self.edge - picture.width().min(self.edge)) / 2;
        let y = y + (high - picture.height().min(high)) / 2;
        image::imageops::replace(canvas, picture, i64::from(x), i64::from(y));
    }

    fn line(&self) -> u32 {
        self.text * 3 / 2
    }

    /// Writes what stands above all rows.
    fn head(&self, sheet: &ContactSheet, canvas: &mut RgbImage) -> Result<(), MediaError> {
        let line = self.line();
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
        for (column, text) in (0..self.across).zip(&sheet.columns) {
            let at = (self.x(column), self.gap + self.title);
            self.write(canvas, text, self.text, at, (self.edge, line))?;
        }
        Ok(())
    }

    /// Writes what stands left of a row and below its pictures: those from a number on, in a place that
    /// begins at this height and is so high.
    fn labels(
        &self,
        sheet: &ContactSheet,
        canvas: &mut RgbImage,
        (first, cells): (usize, &[Cell]),
        (top, high): (u32, u32),
        stop: &Stop,
    ) -> Result<(), MediaError> {
        let line = self.line();
        if let Some(text) = sheet.rows.get(first / self.across as usize) {
            let at = (self.gap, top + (high - line.min(high)) / 2);
            let room = self.left.saturating_sub(2 * self.gap);
            self.write(canvas, text, self.text, at, (room, line))?;
        }
        for (column, cell) in (0..).zip(cells) {
            stop.check()?;
            let at = (self.x(column), top + high);
            self.write(canvas, &cell.label, self.text, at, (self.edge, line))?;
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
