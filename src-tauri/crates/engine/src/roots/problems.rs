//! What could not be read, and why.

use super::names::shown;
use crate::view::ScanProblem;
use std::io;
use store::{RootId, Store, StoreError};

/// Problems that are kept of one scan.
const MOST_PROBLEMS: u32 = 1_000;

/// The problems of a scan: the first thousand, and how many more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems {
    list: Vec<ScanProblem>,
    more: u32,
}

impl Problems {
    /// From those that were kept and how many more there were.
    pub fn of(list: Vec<ScanProblem>, more: u32) -> Self {
        Self { list, more }
    }

    /// One more.
    pub fn add(&mut self, path: &[u8], text: impl Into<String>) {
        self.push(ScanProblem { path: shown(path), text: text.into() });
    }

    /// All of another list.
    pub fn extend(&mut self, other: Self) {
        for problem in other.list {
            self.push(problem);
        }
        self.more = self.more.saturating_add(other.more);
    }

    /// Forgets what was wrong with a file.
    pub fn settle(&mut self, path: &[u8]) {
        let path = shown(path);
        self.list.retain(|problem| problem.path != path);
    }

    fn push(&mut self, problem: ScanProblem) {
        // A look at a part meets again what others could not read either.
        if let Some(known) = self.list.iter_mut().find(|known| known.path == problem.path) {
            *known = problem;
        } else if self.list.len() < MOST_PROBLEMS as usize {
            self.list.push(problem);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Those that are kept.
    #[cfg(test)]
    pub fn list(&self) -> &[ScanProblem] {
        &self.list
    }

    /// Those that are kept, and how many more there are.
    pub fn into_parts(self) -> (Vec<ScanProblem>, u32) {
        (self.list, self.more)
    }
}

/// Files below a folder that are in the library and damaged, as was seen when their small pictures were made.
///
/// # Errors
/// When the database cannot be read.
pub async fn damaged(store: &Store, root: RootId) -> Result<Problems, StoreError> {
    let mut problems = Problems::default();
    for (path, text) in store.damaged_files(root, MOST_PROBLEMS).await? {
        problems.add(&path, text);
    }
    Ok(problems)
}

/// Why a file or folder cannot be read, as a sentence.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "Safelight may not read this. Change its rights and scan again.".to_owned()
        }
        io::ErrorKind::InvalidFilename => {
            "The path is too long, or the system does not take this name.".to_owned()
        }
        io::ErrorKind::NotFound => "It was taken away while it was read.".to_owned(),
        _ => format!("It cannot be read ({error})."),
    }
}
