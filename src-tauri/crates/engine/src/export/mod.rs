//! Copies of outputs for other people: into a folder, a zip file, or onto one sheet.
//!
//! A copy is written under a temporary name and renamed when it is whole, so each file is there or
//! not. A name that exists is never overwritten.

mod names;

pub use names::Named;

use crate::{
    view::{AssetKind, ExportInto, ExportPlan, PictureForm},
    work::Progress,
};
use media::{
    MediaError, Original, Tools,
    export::{self, ContactSheet, Metadata, PictureExport, PictureFormat, Resize, ZipEntry},
    xmp,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The longest edge of a picture on a contact sheet, in pixels.
const SHEET_EDGE: u32 = 320;
/// Pictures on one contact sheet: what is more would be larger than a picture can be.
pub const MOST_ON_A_SHEET: usize = 500;

/// An output to export.
#[derive(Clone, Debug)]
pub struct Item {
    /// Where its file lies.
    pub path: PathBuf,
    /// What it is.
    pub kind: AssetKind,
    /// What its new name is made from.
    pub named: Named,
    /// Its rating (-1: rejected) and tags.
    pub marks: xmp::Marks,
}

/// Writes the copies. Answers with what to show when it is done.
///
/// # Errors
/// A sentence, when nothing can be written at all.
pub fn run(items: &[Item], plan: &ExportPlan, progress: &Progress) -> Result<String, String> {
    let to = Path::new(&plan.to);
    match plan.into {
        ExportInto::Folder => {
            fs::create_dir_all(to).map_err(|error| cannot_write(to, &error.to_string()))?;
            let mut names = names::Taken::in_folder(to);
            let tools = Tools::find();
            for (at, item) in items.iter().enumerate() {
                if progress.stopped() {
                    break;
                }
                if let Err(why) = copy(item, plan, to, at, &tools, &mut names, progress) {
                    progress.problem(format!("{}: {why}", item.path.display()));
                }
                progress.done(at + 1);
            }
            Ok(plan.to.clone())
        }
        ExportInto::Zip => zip(items, plan, to, progress),
        ExportInto::ContactSheet => sheet(items, plan, to, progress),
    }
}

fn cannot_write(to: &Path, why: &str) -> String {
    format!("{} cannot be written: {why}. Choose another place.", to.display())
}

/// Writes the copy of one output and its sidecar. Answers with the copy's path.
fn copy(
    item: &Item,
    plan: &ExportPlan,
    folder: &Path,
    at: usize,
    tools: &Tools,
    names: &mut names::Taken,
    progress: &Progress,
) -> Result<PathBuf, MediaError> {
    let stop = progress.stop();
    let mut original = Original::open(&item.path)?;
    let how = picture(item, plan);
    let own = || item.path.extension().map(|ending| ending.to_string_lossy().into_owned());
    let ending = how.map(|how| how.format.extension().to_owned()).or_else(own);
    let name = names.next(&item.named.filled(&plan.names, at), ending.as_deref());
    let to = folder.join(name);
    match how {
        Some(how) => {
            let made = export::export_picture(&mut original, &how, tools, &to, &stop)?;
            for note in made.notes {
                progress.problem(format!("{}: {note}", item.path.display()));
            }
        }
        None if plan.metadata => copy_whole(&item.path, &to, progress)?,
        None => export::strip(&mut original, &to, &stop)?,
    }
    if plan.xmp && item.marks != xmp::Marks::default() {
        xmp::write(&to, &item.marks)?;
    }
    Ok(to)
}

/// How a picture is written anew; nothing for what goes along as it is.
fn picture(item: &Item, plan: &ExportPlan) -> Option<PictureExport> {
    if item.kind != AssetKind::Picture {
        return None;
    }
    let quality = plan.quality.clamp(1, 100);
    let format = match plan.form {
        PictureForm::Original if plan.longest_edge.is_none() => return None,
        PictureForm::Jpeg => PictureFormat::Jpeg(quality),
        PictureForm::Webp => PictureFormat::WebP,
        PictureForm::Png => PictureFormat::Png,
        // Made smaller, in the format that it has.
        PictureForm::Original => {
            let ending = item.path.extension().unwrap_or_default().to_string_lossy();
            match ending.to_ascii_lowercase().as_str() {
                "jpg" | "jpeg" => PictureFormat::Jpeg(quality),
                "webp" => PictureFormat::WebP,
                _ => PictureFormat::Png,
            }
        }
    };
    let resize = plan.longest_edge.map_or(Resize::Keep, |edge| Resize::LongestEdge(edge.max(1)));
    let metadata = if plan.metadata { Metadata::Keep } else { Metadata::Strip };
    Some(PictureExport { format, resize, metadata })
}

fn copy_whole(from: &Path, to: &Path, progress: &Progress) -> Result<(), MediaError> {
    let folder = to.parent().unwrap_or(Path::new("."));
    let mut part = media::export::part_file(folder, ".tmp", "")?;
    let mut source = fs::File::open(from)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        if progress.stopped() {
            return Err(MediaError::Stopped);
        }
        match io::Read::read(&mut source, &mut buffer)? {
            0 => break,
            read => io::Write::write_all(part.as_file_mut(), &buffer[..read])?,
        }
    }
    part.persist_noclobber(to).map_err(|error| MediaError::Io(error.error))?;
    Ok(())
}

fn zip(
    items: &[Item],
    plan: &ExportPlan,
    to: &Path,
    progress: &Progress,
) -> Result<String, String> {
    let folder = to.parent().unwrap_or(Path::new("."));
    let parts =
        tempfile::tempdir_in(folder).map_err(|error| cannot_write(folder, &error.to_string()))?;
    let mut names = names::Taken::in_folder(parts.path());
    let mut entries = Vec::with_capacity(items.len());
    let tools = Tools::find();
    let as_they_are = plan.metadata && !plan.xmp;
    for (at, item) in items.iter().enumerate() {
        if progress.stopped() {
            return Ok(String::new());
        }
        // What is not changed is packed from where it lies.
        let entry = if as_they_are && picture(item, plan).is_none() {
            let ending = item.path.extension().map(|ending| ending.to_string_lossy().into_owned());
            let name = names.next(&item.named.filled(&plan.names, at), ending.as_deref());
            Ok((name, item.path.clone()))
        } else {
            copy(item, plan, parts.path(), at, &tools, &mut names, progress).map(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                (name, path)
            })
        };
        match entry {
            Ok((name, path)) => {
                let sidecar = xmp::sidecars(&path)[0].clone();
                if !as_they_are && sidecar.is_file() {
                    entries.push(ZipEntry { name: format!("{name}.xmp"), path: sidecar });
                }
                entries.push(ZipEntry { name, path });
            }
            Err(why) => progress.problem(format!("{}: {why}", item.path.display())),
        }
        progress.done(at / 2);
    }
    let half = items.len() / 2;
    export::zip(&entries, to, &progress.stop(), &mut |done| {
        progress.done((half + done.div_ceil(2)).min(items.len()));
    })
    .map_err(|error| cannot_write(to, &error.to_string()))?;
    progress.done(items.len());
    Ok(plan.to.clone())
}

fn sheet(
    items: &[Item],
    plan: &ExportPlan,
    to: &Path,
    progress: &Progress,
) -> Result<String, String> {
    // As wide as it is high, roughly: pictures are seldom far from square.
    let across = (items.len() as f64).sqrt().ceil().max(1.0) as usize;
    let cells = items
        .iter()
        .enumerate()
        .map(|(at, item)| export::Cell {
            picture: Some(item.path.clone()),
            label: item.named.filled(&plan.names, at),
        })
        .collect();
    let format = match plan.form {
        PictureForm::Jpeg => PictureFormat::Jpeg(plan.quality.clamp(1, 100)),
        PictureForm::Webp => PictureFormat::WebP,
        PictureForm::Png | PictureForm::Original => PictureFormat::Png,
    };
    let sheet = ContactSheet {
        title: String::new(),
        columns: Vec::new(),
        rows: Vec::new(),
        cells,
        across,
        edge: plan.longest_edge.unwrap_or(SHEET_EDGE).clamp(64, 1_024),
        format,
    };
    write_sheet(&sheet, to, progress)
}

/// Writes pictures onto one sheet. Answers with what to show when it is done.
///
/// # Errors
/// A sentence, when it cannot be written.
pub fn write_sheet(sheet: &ContactSheet, to: &Path, progress: &Progress) -> Result<String, String> {
    let mut told = |done| progress.done(done);
    let made = export::contact_sheet(sheet, to, &progress.stop(), &mut told)
        .map_err(|error| cannot_write(to, &error.to_string()))?;
    let missing = made.missing.iter().filter_map(|at| sheet.cells.get(*at)?.picture.as_ref());
    for path in missing {
        let path = path.display();
        progress.problem(format!("{path} cannot be drawn: its place on the sheet is empty."));
    }
    Ok(to.display().to_string())
}
