//! Copies of outputs for other people: into a folder, a zip file, or onto sheets.
//!
//! A copy is written into a folder of ours below the artist's, and gets its name when it is whole, so
//! each file is there or not. Into a folder, no name that exists is taken. What is under way is kept in
//! a journal, and goes on after a kill or a quit.

mod journal;
mod names;
mod place;
mod sheets;
mod underway;

pub use journal::{HowFar, Journal, What, broken_off, give_up, put_aside};
pub use names::{Named, Taken};
pub use sheets::{sheets_of, write_sheet};
pub use underway::{Underway, Written, tidy};

use crate::{
    view::{AssetKind, ExportInto, ExportPlan, PictureForm, Unstripped},
    work::Progress,
};
use media::{
    MediaError, Original, Tools,
    export::{self, Metadata, PictureExport, PictureFormat, Resize, ZipEntry},
    xmp,
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// An output to export.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its number in the export, from 0.
    pub at: usize,
    /// Where its file lies.
    pub path: PathBuf,
    /// What it is.
    pub kind: AssetKind,
    /// Its longest edge in pixels, if the library knows it.
    pub longest: Option<u32>,
    /// What its new name is made from.
    pub named: Named,
    /// Its rating (-1: rejected) and tags.
    pub marks: xmp::Marks,
}

/// What is exported as it was chosen.
#[derive(Clone, Debug)]
pub struct Outputs {
    /// Those that can be reached.
    pub items: Vec<Item>,
    /// The numbers of the others, and a sentence of each that is still in the library.
    pub missing: Vec<(usize, Option<String>)>,
    /// How.
    pub plan: ExportPlan,
}

/// Writes the copies, or those that are left to be written. Answers with what to show when it is done.
///
/// # Errors
/// A sentence, when nothing more can be written.
pub fn run(outputs: &Outputs, under: &Underway) -> Written {
    let to = Path::new(&outputs.plan.to);
    match outputs.plan.into {
        ExportInto::Folder => folder(outputs, under),
        ExportInto::Zip => zip(outputs, to, under),
        ExportInto::ContactSheet => sheets::write(outputs, to, under),
    }
}

/// Tells of outputs that cannot be reached any more, apart from those that are written already.
fn tell_missing(outputs: &Outputs, is_done: impl Fn(usize) -> bool, progress: &Progress) {
    let mut gone = 0;
    for (_, why) in outputs.missing.iter().filter(|(at, _)| !is_done(*at)) {
        match why {
            Some(why) => progress.problem(why.clone()),
            None => gone += 1,
        }
    }
    match gone {
        0 => {}
        1 => progress.problem("1 output was deleted before it was exported.".to_owned()),
        n => progress.problem(format!("{n} outputs were deleted before they were exported.")),
    }
}

fn folder(outputs: &Outputs, under: &Underway) -> Written {
    let Outputs { items, plan, .. } = outputs;
    let progress = &under.progress;
    let done = under.done();
    let mut names = names::Taken::in_folder(&under.place.folder);
    for name in under.named() {
        names.take(name);
    }
    tell_missing(outputs, |at| done.contains(&at), progress);
    let left: Vec<&Item> = items.iter().filter(|item| !done.contains(&item.at)).collect();
    let mut passed = under.of.saturating_sub(left.len());
    let mut written = done.len();
    progress.done(passed);
    let tools = Tools::find();
    for item in left {
        if progress.stopped() {
            return Ok(None);
        }
        match into_folder(item, plan, &tools, &mut names, under) {
            Ok(()) => written += 1,
            Err(MediaError::Stopped) => return Ok(None),
            Err(why) => {
                if let Some(why) = under.ends(&why, written) {
                    return Err(why);
                }
                progress.problem(format!("{}: {why}", item.path.display()));
            }
        }
        passed += 1;
        progress.done(passed);
    }
    Ok(Some(plan.to.clone()))
}

/// Writes the copy of one output and its sidecar, and gives both their names.
fn into_folder(
    item: &Item,
    plan: &ExportPlan,
    tools: &Tools,
    names: &mut names::Taken,
    under: &Underway,
) -> Result<(), MediaError> {
    let place = &under.place;
    let mut name = next_name(item, plan, names);
    copy(item, plan, &place.parts.join(&name), tools, &under.progress)?;
    let has_sidecar = place.parts.join(sidecar(&name)).is_file();
    loop {
        under.journal.named(item.at, &name);
        if place.put(&name)? {
            break;
        }
        // Somebody wrote a file of that name meanwhile.
        let next = next_name(item, plan, names);
        fs::rename(place.parts.join(&name), place.parts.join(&next))?;
        if has_sidecar {
            fs::rename(place.parts.join(sidecar(&name)), place.parts.join(sidecar(&next)))?;
        }
        name = next;
    }
    if has_sidecar && !place.put(&sidecar(&name))? {
        let there = place.folder.join(sidecar(&name));
        under.progress.problem(format!("{} is there already and stays.", there.display()));
    }
    Ok(())
}

/// The sidecar of a file that is written here.
fn sidecar(name: &str) -> String {
    format!("{name}.xmp")
}

/// A free name for the copy of an output.
fn next_name(item: &Item, plan: &ExportPlan, names: &mut names::Taken) -> String {
    let own = || item.path.extension().map(|ending| ending.to_string_lossy().into_owned());
    let made = picture(item, plan).map(|how| how.format.extension().to_owned());
    let stem = item.named.filled(&plan.names, item.at);
    names.next(&stem, made.or_else(own).as_deref(), plan.xmp)
}

/// Writes the copy of one output, and its sidecar beside it.
fn copy(
    item: &Item,
    plan: &ExportPlan,
    to: &Path,
    tools: &Tools,
    progress: &Progress,
) -> Result<(), MediaError> {
    let stop = progress.stop();
    let mut original = Original::open(&item.path)?;
    match picture(item, plan) {
        Some(how) => {
            let made = export::export_picture(&mut original, &how, tools, to, &stop)?;
            for note in made.notes {
                progress.problem(format!("{}: {note}", item.path.display()));
            }
        }
        None if plan.metadata => copy_whole(&item.path, to, progress)?,
        None => export::strip(&mut original, to, &stop)?,
    }
    if plan.xmp && item.marks != xmp::Marks::default() {
        xmp::write(to, &item.marks)?;
    }
    Ok(())
}

/// Which of these an export leaves out because they cannot be written without what is embedded in them.
/// One file of each ending is looked at for all of them.
pub fn unstrippable(items: &[Item], plan: &ExportPlan) -> Unstripped {
    let mut endings: BTreeMap<String, (&Path, u32)> = BTreeMap::new();
    if plan.metadata || plan.into == ExportInto::ContactSheet {
        return Unstripped::default();
    }
    for item in items.iter().filter(|item| picture(item, plan).is_none()) {
        let ending = item.path.extension().unwrap_or_default().to_string_lossy();
        endings.entry(ending.to_lowercase()).or_insert((&item.path, 0)).1 += 1;
    }
    // What cannot be read is told by the export itself.
    endings.retain(|_, (path, _)| {
        Original::open(path).is_ok_and(|original| !export::can_strip(original.container()))
    });
    Unstripped {
        files: endings.values().map(|(_, count)| count).sum(),
        endings: endings.into_keys().collect(),
    }
}

/// How a picture is written anew; nothing for what goes along as it is.
fn picture(item: &Item, plan: &ExportPlan) -> Option<PictureExport> {
    if item.kind != AssetKind::Picture {
        return None;
    }
    let quality = plan.quality.clamp(1, 100);
    let format = match plan.form {
        PictureForm::Original if stays(item, plan) => return None,
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

/// Whether a picture is copied as it is where none is converted: what is small enough would only lose by being
/// written anew, its quality or its animation.
fn stays(item: &Item, plan: &ExportPlan) -> bool {
    let Some(most) = plan.longest_edge else { return true };
    let fits = item.longest.is_some_and(|longest| longest <= most);
    // What cannot lose its workflow otherwise is written anew, as larger ones of its format are.
    fits && (plan.metadata || is_bared(&item.path))
}

/// Whether a picture can be written without its workflow as it is, by its ending: see [`export::can_strip`].
fn is_bared(path: &Path) -> bool {
    const BARED: [&str; 13] = [
        "png", "apng", "jpg", "jpeg", "jfif", "webp", "gif", "avif", "heic", "heif", "jxl", "tif",
        "tiff",
    ];
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    BARED.contains(&ending.as_str())
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
    // Nobody else writes into the folder of parts; some network drives cannot look whether something is there.
    part.persist(to).map_err(|error| MediaError::Io(error.error))?;
    Ok(())
}

fn zip(outputs: &Outputs, to: &Path, under: &Underway) -> Written {
    let Outputs { items, plan, .. } = outputs;
    let progress = &under.progress;
    if under.was_whole(to) {
        return Ok(Some(plan.to.clone()));
    }
    tell_missing(outputs, |_| false, progress);
    // Apart from the archive, which may be called as one of them.
    let parts = under.place.parts.join("files");
    fs::create_dir_all(&parts).map_err(|error| under.failed(&error.into(), 0))?;
    let mut names = names::Taken::default();
    let mut entries = Vec::with_capacity(items.len());
    // The outputs that they are of: their own paths may be of ours.
    let mut of = Vec::with_capacity(items.len());
    let tools = Tools::find();
    let as_they_are = plan.metadata && !plan.xmp;
    for (done, item) in items.iter().enumerate() {
        if progress.stopped() {
            return Ok(None);
        }
        let name = next_name(item, plan, &mut names);
        // What is not changed is packed from where it lies.
        let entry = if as_they_are && picture(item, plan).is_none() {
            Ok(item.path.clone())
        } else {
            let path = parts.join(&name);
            copy(item, plan, &path, &tools, progress).map(|()| path)
        };
        match entry {
            Ok(path) => {
                let beside = parts.join(sidecar(&name));
                if !as_they_are && beside.is_file() {
                    entries.push(ZipEntry { name: sidecar(&name), path: beside });
                    of.push(item);
                }
                entries.push(ZipEntry { name, path });
                of.push(item);
            }
            Err(MediaError::Stopped) => return Ok(None),
            Err(why) => {
                if let Some(why) = under.ends(&why, 0) {
                    return Err(why);
                }
                progress.problem(format!("{}: {why}", item.path.display()));
            }
        }
        progress.done(done / 2);
    }
    let half = items.len() / 2;
    under.whole(to, |part| {
        let made = export::zip(&entries, part, &progress.stop(), &mut |done| {
            progress.done((half + done.div_ceil(2)).min(items.len()));
        })?;
        for (at, why) in made.left_out {
            progress.problem(format!("{}: {why}", of[at].path.display()));
        }
        Ok(())
    })
}
