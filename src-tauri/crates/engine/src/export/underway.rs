//! An export while it is under way: where it writes, how far it was, and what ends it.

use super::{
    journal::{HowFar, Journal, What},
    place::{Place, is_full},
    sheets::sheets_of,
};
use crate::{view::ExportInto, work::Progress};
use media::MediaError;
use std::{collections::HashSet, io, path::Path, sync::Arc};

/// An export that was killed so often without getting anything done is not tried again by itself: it
/// may be what ends the app.
const MOST_KILLS: u32 = 5;

/// What came of an export: what to show; nothing if it was stopped; or a sentence that says why it
/// cannot go on.
pub type Written = Result<Option<String>, String>;

/// An export that is under way.
pub struct Underway {
    /// What is kept of it.
    pub journal: Arc<Journal>,
    /// Where it writes.
    pub place: Place,
    /// Files in all.
    pub of: usize,
    /// Who watches it.
    pub progress: Progress,
    far: HowFar,
    /// What it writes, counted: files, or sheets where there are several.
    writes: (usize, &'static str),
    /// Whether `to` is a file and no folder.
    into_file: bool,
}

impl Underway {
    /// One that begins or goes on: `far` says which.
    pub fn new(
        journal: Arc<Journal>,
        what: &What,
        far: HowFar,
        of: usize,
        progress: Progress,
    ) -> Self {
        let writes = match what {
            What::Outputs { plan, .. } if plan.into == ExportInto::ContactSheet => {
                (sheets_of(of, plan), "sheets")
            }
            _ => (of, "files"),
        };
        let into_file = into_file(what);
        Self { place: place(what, &journal), journal, of, progress, far, writes, into_file }
    }

    /// Begins or goes on, and leaves nothing behind but what was to be written. Where the app quits it
    /// goes on at the next start.
    ///
    /// # Errors
    /// A sentence that says why it cannot go on.
    pub fn run(self, write: impl FnOnce(&Self) -> Written) -> Written {
        let written = self.begin().and_then(|()| write(&self));
        if matches!(written, Ok(None)) && !self.progress.cancelled() {
            self.place.clear();
            self.journal.left();
            return written;
        }
        end(&self.journal, &self.place);
        written
    }

    fn begin(&self) -> Result<(), String> {
        let folder = &self.place.folder;
        let shown = folder.display();
        if !self.far.begun {
            if self.into_file && !folder.is_dir() {
                return Err(format!("{shown} is not there. Choose another place."));
            }
            self.place.make().map_err(|error| cannot_write(folder, &error.to_string()))?;
        } else if !self.place.is_there() {
            return Err(self.gone(self.far.named.len()));
        } else if self.far.kills >= MOST_KILLS {
            return Err(format!(
                "Safelight ended {MOST_KILLS} times while it went on with this export, so it is not tried again by itself: {}. Export {} in smaller parts.",
                self.how_far(self.far.named.len()),
                self.rest()
            ));
        }
        self.journal.begun();
        Ok(())
    }

    /// The numbers of files that are written already. Deletes what is not whole.
    pub fn done(&self) -> HashSet<usize> {
        let mut done: HashSet<usize> = self.far.named.iter().map(|(at, _)| *at).collect();
        if let Some((at, name)) = self.far.named.last() {
            if self.place.has(name) {
                // Its sidecar gets its name last.
                self.place.has(&super::sidecar(name));
            } else {
                done.remove(at);
            }
        }
        self.place.clear();
        done
    }

    /// Names that files of this export got.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.far.named.iter().map(|(_, name)| name.as_str())
    }

    /// Whether the one file that it writes was whole before a kill. Deletes what is not whole.
    pub fn was_whole(&self, to: &Path) -> bool {
        let whole = self.far.named.last().is_some_and(|(_, name)| {
            // Where its part is gone, it has its name.
            if self.place.parts.join(name).is_file() {
                self.place.put_over(name).is_ok()
            } else {
                to.is_file()
            }
        });
        if whole {
            self.progress.done(self.of);
        } else {
            self.place.clear();
        }
        whole
    }

    /// Writes the one file, and gives it its name when it is whole.
    pub fn whole<T>(
        &self,
        to: &Path,
        make: impl FnOnce(&Path) -> Result<T, MediaError>,
    ) -> Written {
        let Some(name) = to.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            return Err(cannot_write(to, "it is a folder"));
        };
        match make(&self.place.parts.join(&name)) {
            Ok(_) => {}
            Err(MediaError::Stopped) => return Ok(None),
            Err(error) => return Err(self.failed(&error, 0)),
        }
        self.journal.named(0, &name);
        self.place.put_over(&name).map_err(|error| self.failed(&error.into(), 0))?;
        self.progress.done(self.of);
        Ok(Some(to.display().to_string()))
    }

    /// Why nothing more can be written.
    pub fn failed(&self, error: &MediaError, written: usize) -> String {
        self.ends(error, written)
            .unwrap_or_else(|| cannot_write(&self.place.folder, &error.to_string()))
    }

    /// Why the rest cannot be written either, if an error means that.
    pub fn ends(&self, error: &MediaError, written: usize) -> Option<String> {
        let shown = self.place.folder.display();
        if is_full(error) {
            return Some(format!(
                "There is no room left in {shown}: {}. Free some, or choose another folder, then export {}.",
                self.how_far(written),
                self.rest()
            ));
        }
        if !self.place.is_there() {
            return Some(self.gone(written));
        }
        match error {
            MediaError::Io(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => {
                Some(cannot_write(&self.place.folder, &error.to_string()))
            }
            _ => None,
        }
    }

    fn gone(&self, written: usize) -> String {
        let folder = &self.place.folder;
        let what = if folder.is_dir() {
            "is not the folder any more that this export wrote into"
        } else {
            "is not there any more"
        };
        format!(
            "{} {what}, so the export has ended: {}. Connect its drive, or choose another folder, then export {}.",
            folder.display(),
            self.how_far(written),
            self.rest()
        )
    }

    fn how_far(&self, written: usize) -> String {
        let (of, what) = self.writes;
        match written {
            0 => "nothing was written".to_owned(),
            1 => format!("1 of {of} {what} was written"),
            n => format!("{n} of {of} {what} were written"),
        }
    }

    fn rest(&self) -> &'static str {
        if self.into_file { "again" } else { "the others" }
    }
}

/// Whether a file is named to write into, and no folder.
fn into_file(what: &What) -> bool {
    !matches!(what, What::Outputs { plan, .. } if plan.into == ExportInto::Folder)
}

fn place(what: &What, journal: &Journal) -> Place {
    let to = what.to();
    let folder = if into_file(what) { to.parent().unwrap_or(to) } else { to };
    Place::new(folder, journal.id())
}

/// Leaves nothing of an export that is over.
fn end(journal: &Journal, place: &Place) {
    journal.over();
    place.remove();
    journal.forget();
}

/// The same for one that was over when the app ended. Blocking.
pub fn tidy(journal: &Journal, what: &What) {
    end(journal, &place(what, journal));
}

fn cannot_write(to: &Path, why: &str) -> String {
    format!("{} cannot be written: {why}. Choose another place.", to.display())
}
