//! Wildcard files: a folder of text files, one wording a line.

use std::{
    fs,
    path::{Component, Path, PathBuf},
    sync::Arc,
};
use workflow::dynamic::{WildcardFile, Wildcards};

/// How deep folders are gone through.
const DEEPEST: usize = 8;
/// The most files that are listed.
const MOST_FILES: usize = 10_000;
/// The largest file that is read, in bytes; what is larger is told.
const LARGEST: u64 = 16 << 20;

/// The artist's wildcards.
#[derive(Clone, Debug)]
pub struct WildcardFolder(PathBuf);

impl WildcardFolder {
    /// Below a data folder.
    pub fn of(data: &Path) -> Self {
        Self(data.join("wildcards"))
    }
}

impl Wildcards for WildcardFolder {
    fn file(&self, name: &str) -> Result<Option<Arc<WildcardFile>>, String> {
        let below = Path::new(name);
        // A name leads nowhere but down.
        if !below.components().all(|part| matches!(part, Component::Normal(_))) {
            return Ok(None);
        }
        let path = self.0.join(format!("{name}.txt"));
        let Ok(found) = fs::metadata(&path) else { return Ok(None) };
        // Reading what is no file could wait for ever.
        if !found.is_file() {
            return Ok(None);
        }
        if found.len() > LARGEST {
            return Err(format!("{} has more than 16 MB.", path.display()));
        }
        let bytes = fs::read(&path)
            .map_err(|error| format!("{} cannot be read: {error}.", path.display()))?;
        WildcardFile::read(&bytes)
            .map(|file| Some(Arc::new(file)))
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        list(&self.0, "", 0, &mut names);
        names
    }
}

fn list(folder: &Path, before: &str, depth: usize, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if names.len() >= MOST_FILES {
            return;
        }
        // A link to a folder is not followed: it could lead in a circle.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < DEEPEST => {
                list(&entry.path(), &format!("{before}{name}/"), depth + 1, names);
            }
            _ => {
                if let Some(stem) = name.strip_suffix(".txt") {
                    names.push(format!("{before}{stem}"));
                }
            }
        }
    }
}
