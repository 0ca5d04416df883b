//! Contact sheets: one, or as many as the pictures need.
//!
//! A sheet is drawn whole in memory, so each has room for so many pictures only. Several sheets are
//! written like the files of a folder: each is there or not, none is written over what is there, and
//! after a kill those that are whole stay.

use super::{Item, Outputs, Underway, Written, names::Taken, tell_missing};
use crate::view::{ExportPlan, PictureForm};
use media::{
    MediaError, Tools,
    export::{self, Cell, ContactSheet, PictureFormat},
};
use std::{fs, path::Path};

/// The longest edge of a picture on a sheet in pixels, unless it is chosen.
const EDGE: u32 = 320;
/// Those that can be chosen.
const EDGES: std::ops::RangeInclusive<u32> = 64..=1_024;
/// Larger pictures are fewer on a sheet.
const LARGE: u32 = 480;
/// Pictures on one sheet: with more it would be larger than a picture can be. The page counts by the
/// same (`exporting.ts`).
const MOST: usize = 500;
const MOST_LARGE: usize = 100;

fn edge(plan: &ExportPlan) -> u32 {
    plan.longest_edge.unwrap_or(EDGE).clamp(*EDGES.start(), *EDGES.end())
}

fn most_on_one(plan: &ExportPlan) -> usize {
    if edge(plan) > LARGE { MOST_LARGE } else { MOST }
}

/// How many sheets so many pictures make.
pub fn sheets_of(pictures: usize, plan: &ExportPlan) -> usize {
    pictures.div_ceil(most_on_one(plan))
}

/// Writes outputs onto sheets.
pub(super) fn write(outputs: &Outputs, to: &Path, under: &Underway) -> Written {
    if sheets_of(under.of, &outputs.plan) > 1 {
        return several(outputs, to, under);
    }
    tell_missing(outputs, |_| false, &under.progress);
    write_sheet(&sheet(&outputs.items, &outputs.plan), to, under)
}

fn several(outputs: &Outputs, to: &Path, under: &Underway) -> Written {
    let Outputs { items, plan, .. } = outputs;
    let progress = &under.progress;
    let most = most_on_one(plan);
    let done = under.done();
    let mut names = Taken::in_folder(&under.place.folder);
    for name in under.named() {
        names.take(name);
    }
    tell_missing(outputs, |at| done.contains(&(at / most)), progress);
    let mut written = done.len();
    let tools = Tools::find();
    // By their numbers, so that what became impossible meanwhile moves no picture to another sheet.
    for items in items.chunk_by(|a, b| a.at / most == b.at / most) {
        if progress.stopped() {
            return Ok(None);
        }
        let number = items.first().map_or(0, |item| item.at / most);
        if !done.contains(&number) {
            match one_of_several(number, items, to, &mut names, (outputs, &tools), under) {
                Ok(()) => written += 1,
                Err(MediaError::Stopped) => return Ok(None),
                Err(why) => return Err(under.failed(&why, written)),
            }
        }
        progress.done(((number + 1) * most).min(under.of));
    }
    progress.done(under.of);
    Ok(Some(under.place.folder.display().to_string()))
}

/// Writes one sheet, and gives it its name: that of the place with its number.
fn one_of_several(
    number: usize,
    items: &[Item],
    to: &Path,
    names: &mut Taken,
    (Outputs { plan, .. }, tools): (&Outputs, &Tools),
    under: &Underway,
) -> Result<(), MediaError> {
    let stem = to.file_stem().unwrap_or_default().to_string_lossy();
    let stem = format!("{stem} {}", number + 1);
    let ending = to.extension().map(|ending| ending.to_string_lossy());
    let mut next = || names.next(&stem, ending.as_deref(), false);
    let mut name = next();
    let place = &under.place;
    let before = number * most_on_one(plan);
    draw(&sheet(items, plan), &place.parts.join(&name), before, tools, under)?;
    loop {
        under.journal.named(number, &name);
        if place.put(&name)? {
            return Ok(());
        }
        // Somebody wrote a file of that name meanwhile.
        let other = next();
        fs::rename(place.parts.join(&name), place.parts.join(&other))?;
        name = other;
    }
}

fn sheet(items: &[Item], plan: &ExportPlan) -> ContactSheet {
    // As wide as it is high, roughly: pictures are seldom far from square.
    let across = (items.len() as f64).sqrt().ceil().max(1.0) as usize;
    let cells = items
        .iter()
        .map(|item| Cell {
            picture: Some(item.path.clone()),
            label: item.named.filled(&plan.names, item.at),
        })
        .collect();
    let format = match plan.form {
        PictureForm::Jpeg => PictureFormat::Jpeg(plan.quality.clamp(1, 100)),
        PictureForm::Webp => PictureFormat::WebP,
        PictureForm::Png | PictureForm::Original => PictureFormat::Png,
    };
    ContactSheet {
        title: String::new(),
        columns: Vec::new(),
        rows: Vec::new(),
        cells,
        across,
        edge: edge(plan),
        format,
    }
}

/// Writes pictures onto one sheet. Answers with what to show when it is done.
///
/// # Errors
/// A sentence, when it cannot be written.
pub fn write_sheet(sheet: &ContactSheet, to: &Path, under: &Underway) -> Written {
    if under.was_whole(to) {
        return Ok(Some(to.display().to_string()));
    }
    under.whole(to, |part| draw(sheet, part, 0, &Tools::find(), under))
}

/// Draws a sheet, `before` pictures after the first of the export, and tells of what is missing on it.
fn draw(
    sheet: &ContactSheet,
    to: &Path,
    before: usize,
    tools: &Tools,
    under: &Underway,
) -> Result<(), MediaError> {
    let progress = &under.progress;
    let mut told = |done| progress.done(before + done);
    let made = export::contact_sheet(sheet, to, tools, &progress.stop(), &mut told)?;
    let missing = made.missing.iter().filter_map(|at| sheet.cells.get(*at)?.picture.as_ref());
    for path in missing {
        let path = path.display();
        progress.problem(format!("{path} cannot be drawn: its place on the sheet is empty."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{export::Named, view::AssetKind};
    use media::xmp::Marks;

    #[test]
    fn a_full_sheet_is_never_too_large() {
        let mut plan: ExportPlan = serde_json::from_str(
            r#"{"to":"/a.png","into":"contact_sheet","form":"png","quality":90,"longest_edge":null,"metadata":true,"xmp":false,"names":"{name}"}"#,
        )
        .unwrap();
        let item = |at| Item {
            at,
            path: "/a.png".into(),
            kind: AssetKind::Picture,
            longest: None,
            named: Named { name: "a".into(), ..Named::default() },
            marks: Marks::default(),
        };
        for edge in [None, Some(1), Some(64), Some(480), Some(481), Some(1_024), Some(30_000)] {
            plan.longest_edge = edge;
            let most = most_on_one(&plan);
            let items: Vec<Item> = (0..most).map(item).collect();
            assert!(sheet(&items, &plan).fits(), "{edge:?}");
            assert_eq!((sheets_of(most, &plan), sheets_of(most + 1, &plan)), (1, 2));
        }
    }
}
