//! How far a folder is, for the page.

use super::problems::Problems;
use crate::view::{RootState, ScanReport};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What is going on in a folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub state: RootState,
    pub seen: u32,
    pub to_read: u32,
    pub read: u32,
    /// Files that are found, and not read whole yet.
    pub unread: u32,
    pub assets: u32,
    pub scanned_at: Option<i64>,
    /// Why it cannot be read.
    pub trouble: Option<String>,
    /// Why it is not watched as it should be.
    pub unwatched: Option<String>,
    pub report: ScanReport,
}

/// What is going on in a folder, told to the page when it changes.
pub struct Progress {
    standing: Mutex<Standing>,
    changed: Arc<Notify>,
}

impl Progress {
    /// `changed` is rung at each change.
    pub fn new(standing: Standing, changed: Arc<Notify>) -> Self {
        Self { standing: Mutex::new(standing), changed }
    }

    /// How it stands.
    pub fn get(&self) -> Standing {
        self.lock().clone()
    }

    /// Changes it.
    pub fn set(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut self.lock());
        self.changed.notify_one();
    }

    /// So many files were seen.
    pub fn seen(&self, seen: u32) {
        if self.lock().seen != seen {
            self.set(|now| now.seen = seen);
        }
    }

    /// All files were seen, and so many are to be read.
    pub fn looked(&self, seen: u32, to_read: usize) {
        let to_read = u32::try_from(to_read).unwrap_or(u32::MAX);
        self.set(|now| (now.seen, now.to_read, now.read) = (seen, to_read, 0));
    }

    /// So many files are not read whole yet.
    pub fn unread(&self, unread: u32) {
        self.set(|now| now.unread = unread);
    }

    /// So many more were read.
    pub fn read(&self, files: usize) {
        self.set(|now| now.read += u32::try_from(files).unwrap_or(u32::MAX));
    }

    /// So many more lie there.
    pub fn stored(&self, places: u32) {
        self.set(|now| now.assets += places);
    }

    /// So many are known under another path now.
    pub fn forgot(&self, places: u32) {
        self.set(|now| now.assets = now.assets.saturating_sub(places));
    }

    /// These, too, are wrong with files there.
    pub fn add_problems(&self, more: Problems) {
        if more == Problems::default() {
            return;
        }
        self.set(|now| {
            let report = &mut now.report;
            let mut problems =
                Problems::of(std::mem::take(&mut report.problems), report.more_problems);
            problems.extend(more);
            (report.problems, report.more_problems) = problems.into_parts();
        });
    }

    fn lock(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
