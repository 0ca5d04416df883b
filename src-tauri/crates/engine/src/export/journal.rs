//! Which exports are under way, kept in the data folder: one that a kill or a quit broke off goes on at
//! the next start.
//!
//! An export has two files. `<id>.json` says what is exported and is written whole before the export
//! begins. `<id>.log` gets a line just before a file gets its name, so that after a kill only the last
//! of them has to be looked for. A kill of the app loses no line; a power failure may lose the last
//! ones, and what they named is then written once more.

use crate::{
    commands::{SheetPicture, write_whole},
    view::ExportPlan,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// The folder, below the data folder.
const FOLDER: &str = "exports";
/// Exports that are under way at once.
const MOST: usize = 100;
/// The largest record, in bytes: that of millions of outputs.
const MOST_RECORD: u64 = 64 << 20;
/// The largest log, in bytes.
const MOST_LOG: u64 = 1 << 30;

/// What is exported.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Outputs of the library.
    Outputs {
        /// Their numbers in the library; the place in this list is the number in the export.
        keys: Vec<u32>,
        /// How.
        plan: ExportPlan,
    },
    /// A sweep's sheet as one picture.
    Sweep {
        /// Which, and where to.
        of: SheetPicture,
        /// The places on it.
        cells: usize,
    },
}

impl What {
    /// The folder or the file that is written.
    pub fn to(&self) -> &Path {
        match self {
            Self::Outputs { plan, .. } => Path::new(&plan.to),
            Self::Sweep { of, .. } => &of.to,
        }
    }
}

/// A line of the log.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// The place where it writes is made; each try says so anew.
    Begun,
    /// A file is whole and gets this name next.
    Named { at: usize, name: String },
    /// The app quits.
    Left,
    /// It is done, or the artist stopped it: nothing goes on.
    Over,
}

/// How far an export is.
#[derive(Debug, Default)]
pub struct HowFar {
    /// Whether the place where it writes was made.
    pub begun: bool,
    /// How many tries were killed since it last got anything done.
    pub kills: u32,
    /// The files that got their names, in that order; only of the last is it not certain.
    pub named: Vec<(usize, String)>,
    /// Whether nothing is left to be done.
    pub over: bool,
}

impl HowFar {
    fn of(log: &[u8]) -> Self {
        let mut far = Self::default();
        for line in log.split(|byte| *byte == b'\n') {
            // One that was cut off by a kill: what it announced did not happen.
            let Ok(line) = serde_json::from_slice(line) else { continue };
            match line {
                Line::Begun => {
                    far.begun = true;
                    far.kills += 1;
                }
                Line::Named { at, name } => {
                    far.kills = 0;
                    far.named.push((at, name));
                }
                Line::Left => far.kills = 0,
                Line::Over => far.over = true,
            }
        }
        far
    }
}

/// What is kept of one export.
#[derive(Debug)]
pub struct Journal {
    id: Uuid,
    folder: PathBuf,
    log: File,
}

impl Journal {
    /// Keeps an export that is to begin. Blocking.
    ///
    /// # Errors
    /// A sentence: nothing is kept then.
    pub fn create(data: &Path, what: &What) -> Result<Self, String> {
        let folder = data.join(FOLDER);
        let failed = |error: io::Error| {
            format!(
                "What is to be exported cannot be kept in {}: {error}. Free some space there, then export again.",
                folder.display()
            )
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        if ids(&folder, "json").len() >= MOST {
            return Err(format!(
                "{MOST} exports are under way already. Wait until one is done, or stop one."
            ));
        }
        let id = Uuid::now_v7();
        let record = serde_json::to_vec(what).map_err(|error| failed(error.into()))?;
        write_whole(&path(&folder, id, "json"), &record)?;
        Self::locked(folder.clone(), id).map_err(failed)
    }

    /// What is kept of an export that was broken off, and how far it was. Blocking.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(data: &Path, id: Uuid) -> io::Result<(Self, What, HowFar)> {
        let folder = data.join(FOLDER);
        let record = read(File::open(path(&folder, id, "json"))?, MOST_RECORD)?;
        let what = serde_json::from_slice(&record)?;
        let journal = Self::locked(folder, id)?;
        let log = read(&journal.log, MOST_LOG)?;
        // What comes next does not belong to a line that was cut off.
        if log.last().is_some_and(|byte| *byte != b'\n') {
            (&journal.log).write_all(b"\n")?;
        }
        Ok((journal, what, HowFar::of(&log)))
    }

    fn locked(folder: PathBuf, id: Uuid) -> io::Result<Self> {
        let path = path(&folder, id, "log");
        let log = File::options().create(true).read(true).append(true).open(path)?;
        // A thread of an engine that was stopped just now may not have heard of it yet. Where a file
        // cannot be locked, there is no such thread: each start is a process of its own.
        let _ = log.lock();
        Ok(Self { id, folder, log })
    }

    /// Its id, by which what it leaves in other folders is known.
    pub fn id(&self) -> Uuid {
        self.id
    }

    fn write(&self, line: &Line) {
        // Numbers and texts always become JSON.
        let mut text = serde_json::to_vec(line).unwrap_or_default();
        text.push(b'\n');
        // No reason to write less of the export: after a kill a file may be there twice.
        if let Err(error) = (&self.log).write_all(&text) {
            tracing::error!(%error, id = %self.id, "how far an export is cannot be kept");
        }
    }

    /// The place where it writes is made.
    pub fn begun(&self) {
        self.write(&Line::Begun);
    }

    /// A file is whole and gets its name next.
    pub fn named(&self, at: usize, name: &str) {
        self.write(&Line::Named { at, name: name.to_owned() });
    }

    /// The app quits.
    pub fn left(&self) {
        self.write(&Line::Left);
    }

    /// Nothing is left to be done.
    pub fn over(&self) {
        self.write(&Line::Over);
    }

    /// Forgets an export that is over.
    pub fn forget(&self) {
        // A log without a record is swept at the next start, a record without a log would go on.
        for ending in ["json", "log"] {
            if let Err(error) = fs::remove_file(path(&self.folder, self.id, ending))
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::error!(%error, id = %self.id, "an export that is over cannot be forgotten");
            }
        }
    }
}

fn path(folder: &Path, id: Uuid, ending: &str) -> PathBuf {
    folder.join(format!("{id}.{ending}"))
}

fn ids(folder: &Path, ending: &str) -> HashSet<Uuid> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .filter_map(|path| path.file_stem()?.to_str()?.parse().ok())
        .collect()
}

/// All of a file that is no larger than that.
fn read(file: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large"));
    }
    Ok(bytes)
}

/// The exports that were broken off, the oldest first. Sweeps what a kill left of others.
pub fn broken_off(data: &Path) -> Vec<Uuid> {
    let folder = data.join(FOLDER);
    let kept = ids(&folder, "json");
    for ending in ["log", "part"] {
        for id in ids(&folder, ending).difference(&kept) {
            let _ = fs::remove_file(path(&folder, *id, ending));
        }
    }
    let mut kept: Vec<Uuid> = kept.into_iter().collect();
    // Ids are in the order of time.
    kept.sort_unstable();
    kept
}

/// Lets none of them go on: in another database their numbers mean other outputs. What is left of them
/// is deleted when they are looked at next.
pub fn give_up(data: &Path) {
    for id in broken_off(data) {
        if let Ok((journal, ..)) = Journal::open(data, id) {
            journal.over();
        }
    }
}

/// Puts what cannot be read out of the way, and answers with where it is then.
///
/// # Errors
/// When it stays where it is.
pub fn put_aside(data: &Path, id: Uuid) -> io::Result<PathBuf> {
    let folder = data.join(FOLDER);
    let aside = |ending| path(&folder, id, &format!("{ending}.unreadable"));
    let record = aside("json");
    fs::rename(path(&folder, id, "json"), &record)?;
    let _ = fs::rename(path(&folder, id, "log"), aside("log"));
    Ok(record)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_log_tells_how_far_it_was() {
        let far = HowFar::of(b"");
        assert!(!far.begun && far.named.is_empty() && !far.over);
        let log = br#""begun"
{"named":{"at":0,"name":"a.png"}}
{"named":{"at":3,"na"#;
        let far = HowFar::of(log);
        assert_eq!(far.named, [(0, "a.png".to_owned())]);
        assert!(far.begun && !far.over);
        assert!(HowFar::of(b"\"begun\"\n\"over\"\n").over);
    }

    #[test]
    fn kills_are_counted_until_something_is_done() {
        for (log, kills) in [
            ("\"begun\"\n", 1),
            ("\"begun\"\n\"begun\"\n\"begun\"\n", 3),
            ("\"begun\"\n\"begun\"\n{\"named\":{\"at\":0,\"name\":\"a\"}}\n", 0),
            ("\"begun\"\n\"left\"\n\"begun\"\n\"left\"\n\"begun\"\n", 1),
        ] {
            assert_eq!(HowFar::of(log.as_bytes()).kills, kills, "{log}");
        }
    }

    #[test]
    fn what_is_kept_comes_back_and_leftovers_are_swept() {
        let data = tempfile::tempdir().unwrap();
        let plan = serde_json::from_str(
            r#"{"to":"/a","into":"folder","form":"original","quality":90,"longest_edge":null,"metadata":true,"xmp":false,"names":"{name}"}"#,
        );
        let what = What::Outputs { keys: (0..100_000).collect(), plan: plan.unwrap() };
        let journal = Journal::create(data.path(), &what).unwrap();
        journal.begun();
        journal.named(7, "a.png");
        let id = journal.id();
        drop(journal);
        let stray = data.path().join(FOLDER).join(format!("{}.log", Uuid::now_v7()));
        fs::write(&stray, "").unwrap();
        assert_eq!(broken_off(data.path()), [id]);
        assert!(!stray.exists());
        give_up(data.path());
        let (journal, back, far) = Journal::open(data.path(), id).unwrap();
        assert!(far.over);
        assert!(matches!(back, What::Outputs { keys, .. } if keys.len() == 100_000));
        assert_eq!(far.named, [(7, "a.png".to_owned())]);
        journal.forget();
        assert_eq!(fs::read_dir(data.path().join(FOLDER)).unwrap().count(), 0);
    }
}
