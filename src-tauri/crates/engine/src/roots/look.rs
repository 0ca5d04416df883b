//! A look at a folder: what is there, and what about it is new.

use super::{
    beside::{Beside, files_for, of_file, pair},
    compare::{Changes, Known},
    mounts::{self, Stands},
    names::{is_in, is_wanted, join, name_of},
    problems::Problems,
    pulse::Pulse,
    walk::{Found, Walked, found, is_gone, walk},
    watching::is_remote,
};
use crate::time::now_ms;
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};
use store::MountRow;

/// Nanoseconds of a millisecond.
const NS: i64 = 1_000_000;

/// Files that somebody may still write, as they were at the last look.
pub type Unsettled = HashMap<Vec<u8>, Found>;

/// What a look came to.
#[derive(Debug, Default)]
pub struct Looked {
    /// What is new, gone or back.
    pub changes: Changes,
    /// Files that were changed a moment ago, and may be half written: to be looked at again.
    pub later: Vec<Found>,
    /// XMP sidecars of the files that are there, whether or not they were read before.
    pub sidecars: Vec<Beside>,
    /// Files that are there.
    pub seen: u32,
    /// Files that are no pictures, videos, sounds or models.
    pub passed_over: u32,
    /// What could not be read.
    pub problems: Problems,
    /// The mounts below the folder, ordered by path.
    pub mounts: Vec<MountRow>,
    /// Links to folders that were gone through.
    pub links: Vec<Vec<u8>>,
    /// Files of ours that are not whole yet.
    pub not_whole: Vec<PathBuf>,
    /// The folder lies on another machine.
    pub remote: bool,
    /// The folder is empty where files were: most likely a drive that is not plugged in, whose folder
    /// is still there.
    pub emptied: bool,
}

/// What was known before a look.
pub struct Before<'a> {
    /// Files.
    pub known: &'a Known,
    /// Mounts.
    pub mounts: &'a [MountRow],
    /// Files that were changed a moment before the last look.
    pub unsettled: &'a Unsettled,
}

const BROKEN: &str = "This link cannot be followed; its drive may be unplugged. What was behind it stays in the library as it was.";
const UNPLUGGED: &str = "The drive that was here is not connected. What is on it stays in the library, and is looked for again by itself.";

/// Looks at a whole folder, or at parts of it (folders or files below it, none of them in another). What
/// is in `inner` is left to whoever looks there.
///
/// # Errors
/// When the folder itself cannot be read, or the work is stopped.
pub fn look(
    root: &Path,
    inner: &[PathBuf],
    parts: &[Vec<u8>],
    Before { known, mounts, unsettled }: Before<'_>,
    settle: Duration,
    pulse: &Pulse,
) -> io::Result<Looked> {
    // A folder that is not there is away; what is in it is not gone.
    is_there(root)?;
    let mut parts = files_for(parts, known);
    parts.retain(|part| !inner.iter().any(|inner| join(root, part).starts_with(inner)));
    let mut all = Walked::default();
    for part in &parts {
        match walk_part(root, inner, part, known, pulse) {
            Ok(walked) => {
                all.files.extend(walked.files);
                all.sidecars.extend(walked.sidecars);
                all.passed_over = all.passed_over.saturating_add(walked.passed_over);
                all.problems.extend(walked.problems);
                all.unread.extend(walked.unread);
                all.broken.extend(walked.broken);
                all.mounts.extend(walked.mounts);
                all.links.extend(walked.links);
                all.parts.extend(walked.parts);
            }
            Err(error) if part.is_empty() || pulse.is_stopped() => return Err(error),
            Err(error) if is_gone(&error) && !is_behind_broken_link(root, part) => {}
            Err(_) => all.unread.push(part.clone()),
        }
    }
    // A linked folder on a drive that is unplugged: nothing behind it is gone.
    for link in std::mem::take(&mut all.broken) {
        if known.has_below(&link) {
            all.problems.add(&link, BROKEN.to_owned());
            all.unread.push(link);
        }
    }
    let mounts = mounts::after(root, &parts, mounts, std::mem::take(&mut all.mounts));
    for mount in mounts.iter().filter(|mount| mount.away) {
        if known.has_below(&mount.path) {
            all.problems.add(&mount.path, UNPLUGGED);
        }
        all.unread.push(mount.path.clone());
    }
    // It may have been unplugged meanwhile.
    is_there(root)?;
    // On another machine's drive numbers are given anew whenever it is connected.
    let remote = is_remote(root);
    if remote {
        for file in &mut all.files {
            file.inode = None;
        }
    }
    let mut sidecars = pair(&all.files, all.sidecars);
    let seen = u32::try_from(all.files.len()).unwrap_or(u32::MAX);
    let emptied = all.files.is_empty() && known.here() > 0 && is_empty(root)?;
    let mut changes = known.compare(all.files, &parts, &all.unread);
    let now = now_ms();
    let settle = i64::try_from(settle.as_millis()).unwrap_or(i64::MAX);
    let is_whole = |file: &Found| {
        let age = now - file.changed_ns / NS;
        age >= settle || unsettled.get(&file.path) == Some(file)
    };
    let mut later = Vec::new();
    for files in [&mut changes.new, &mut changes.changed] {
        later.extend(files.extract_if(.., |file| !is_whole(file)));
    }
    sidecars.retain(|sidecar| {
        let whole = is_whole(&sidecar.file);
        if !whole {
            later.push(sidecar.file.clone());
        }
        whole
    });
    Ok(Looked {
        changes,
        later,
        sidecars,
        seen,
        passed_over: all.passed_over,
        problems: all.problems,
        mounts,
        links: all.links,
        not_whole: all.parts.iter().map(|part| join(root, part)).collect(),
        remote,
        emptied,
    })
}

/// Whether the way to a part of a folder goes through a link that cannot be followed.
fn is_behind_broken_link(root: &Path, part: &[u8]) -> bool {
    let whole = join(root, part);
    let mut way = whole.ancestors().take_while(|path| *path != root && path.starts_with(root));
    way.any(|path| {
        fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink())
            && fs::metadata(path).is_err()
    })
}

/// Whether a file or folder that is not there may be on a drive that is unplugged, and not deleted: the way
/// to it goes through a mount where nothing is mounted or through a link that leads to nothing, or the whole
/// folder is empty.
pub fn may_be_unplugged(root: &Path, mounts: &[MountRow], path: &[u8]) -> bool {
    let is_away = |mount: &MountRow| {
        is_in(&mount.path, path) && mounts::stands(root, &mount.path) == Stands::Away
    };
    is_empty(root).unwrap_or(true)
        || is_behind_broken_link(root, path)
        || mounts.iter().any(is_away)
}

fn walk_part(
    root: &Path,
    inner: &[PathBuf],
    part: &[u8],
    known: &Known,
    pulse: &Pulse,
) -> io::Result<Walked> {
    let is_known = |path: &[u8]| known.get(path).is_some();
    if !part.is_empty() {
        let about = fs::metadata(join(root, part))?;
        if about.is_file() {
            let mut walked = Walked::default();
            if is_wanted(name_of(part)) || is_known(part) {
                walked.files.push(found(part.to_vec(), &about));
                walked.sidecars = of_file(root, part);
            } else {
                walked.passed_over = 1;
            }
            return Ok(walked);
        }
    }
    walk(root, part, inner, &is_known, pulse)
}

fn is_there(root: &Path) -> io::Result<()> {
    if fs::metadata(root)?.is_dir() {
        Ok(())
    } else {
        Err(io::Error::from(io::ErrorKind::NotADirectory))
    }
}

/// Makes sure that a folder that had files is there, and is not the empty place of a drive.
///
/// # Errors
/// When it is not.
pub fn still_there(root: &Path) -> io::Result<()> {
    is_there(root)?;
    if is_empty(root)? { Err(io::Error::from(io::ErrorKind::NotFound)) } else { Ok(()) }
}

fn is_empty(root: &Path) -> io::Result<bool> {
    Ok(fs::read_dir(root)?.next().is_none())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_empty_mount_and_a_link_to_nothing_may_be_an_unplugged_drive() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("mount")).unwrap();
        fs::create_dir_all(root.join("2024/march")).unwrap();
        fs::write(root.join("2024/a.png"), "a").unwrap();
        std::os::unix::fs::symlink("/nowhere/at all", root.join("link")).unwrap();
        let mounts =
            ["gone", "mount"].map(|path| MountRow { path: path.into(), away: false }).to_vec();
        for (folder, wanted) in [
            ("mount", true),
            ("mount/deep/deeper", true),
            ("mounted", false),
            ("gone/deep", true),
            ("link", true),
            ("link/deep", true),
            ("2024/march", false),
            ("2024/april", false),
            ("2023/april", false),
            ("2024", false),
            ("", false),
        ] {
            assert_eq!(may_be_unplugged(root, &mounts, folder.as_bytes()), wanted, "{folder}");
            let behind = is_behind_broken_link(root, folder.as_bytes());
            assert_eq!(behind, folder.starts_with("link"), "{folder}");
        }
        let empty = root.join("2024/march");
        assert!(may_be_unplugged(&empty, &[], b"a.png"), "the whole folder may be a mount");
    }
}
