//! Wildcard files: a folder of text files, one wording a line.

use crate::view::{WildcardView, WildcardsView};
use std::{
    cell::RefCell,
    collections::HashMap,
    fs,
    path::{Component, Path, PathBuf},
    sync::Arc,
};
use workflow::dynamic::{self, WildcardFile, Wildcards};

/// How deep folders are gone through.
const DEEPEST: usize = 8;
/// The most files that are listed.
const MOST_FILES: usize = 10_000;
/// The largest file that is read, in bytes; what is larger is told.
const LARGEST: u64 = 16 << 20;
/// The most files that are looked into for the list, and the most lines of them together.
const MOST_LOOKED_INTO: usize = 2_000;
const MOST_LINES: usize = 1_000_000;
/// Lines that are shown of a file, and how much of each, in characters.
const SHOWN_LINES: usize = 3;
const SHOWN: usize = 80;

/// The artist's wildcards.
#[derive(Clone, Debug)]
pub struct WildcardFolder(PathBuf);

impl WildcardFolder {
    /// Below a data folder.
    pub fn of(data: &Path) -> Self {
        Self(data.join("wildcards"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Every file with what is in it, and what is wrong with it; blocking.
    pub fn list(&self) -> WildcardsView {
        let mut names = self.names();
        names.sort_unstable();
        let more = names.len().saturating_sub(MOST_LOOKED_INTO);
        names.truncate(MOST_LOOKED_INTO);
        let once = Once { folder: self, files: RefCell::default() };
        let mut lines = 0;
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            if lines > MOST_LINES {
                break;
            }
            let file = once.look(name);
            lines += usize::try_from(file.lines).unwrap_or(usize::MAX);
            files.push(file);
        }
        WildcardsView {
            folder: self.0.display().to_string(),
            files,
            more: u32::try_from(more).unwrap_or(u32::MAX),
        }
    }
}

/// What came of looking for a file.
type Looked = Result<Option<Arc<WildcardFile>>, String>;

/// The folder, each file read once.
struct Once<'a> {
    folder: &'a WildcardFolder,
    files: RefCell<HashMap<String, Looked>>,
}

impl Once<'_> {
    fn look(&self, name: String) -> WildcardView {
        let file = self.file(&name).ok().flatten().unwrap_or_default();
        let lines = file.lines();
        let marked = format!("__{name}__");
        let fault = match dynamic::parse(&marked) {
            Err(error) => Some(error.to_string()),
            Ok(text) if text.wildcards() != [name.as_str()] => Some(
                "This name cannot be written in a text. Use letters, digits, - and _ in it."
                    .to_owned(),
            ),
            Ok(text) => text.fill(self).err().map(|error| error.to_string()),
        };
        let short = |line: &str| line.chars().take(SHOWN).collect();
        WildcardView {
            lines: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            first: lines.iter().take(SHOWN_LINES).map(|(_, line)| short(line)).collect(),
            fault,
            name,
        }
    }
}

impl Wildcards for Once<'_> {
    fn file(&self, name: &str) -> Result<Option<Arc<WildcardFile>>, String> {
        if let Some(known) = self.files.borrow().get(name) {
            return known.clone();
        }
        let read = self.folder.file(name);
        self.files.borrow_mut().insert(name.to_owned(), read.clone());
        read
    }

    fn names(&self) -> Vec<String> {
        self.folder.names()
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
