//! Drives that are mounted below a folder of the library. Where one is unplugged an empty folder is left,
//! or none, as if all that was in it had been deleted. So folders that are mounts of their own are
//! remembered; only Unix systems tell of them.

use super::{
    names::{bytes_of, is_hidden, is_in, is_wanted, join},
    pulse::Pulse,
    walk::is_gone,
};
use std::{fs, io, path::Path};
use store::MountRow;

/// What is found where something was mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// A folder: whether it is a mount, and whether the library would look at nothing in it.
    Folder { mounted: bool, empty: bool },
    /// No folder but something else.
    Other,
    /// Nothing.
    Nothing,
    /// It cannot be looked at: a share whose server is gone.
    Unreadable,
}

/// How a mount stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It is mounted.
    Here,
    /// It is not: what is on it is away.
    Away,
    /// Somebody made an ordinary folder or file of it.
    NoMount,
}

impl Found {
    fn at(path: &Path) -> Self {
        let look = || -> io::Result<Self> {
            if !fs::metadata(path)?.is_dir() {
                return Ok(Self::Other);
            }
            Ok(Self::Folder { mounted: is_mounted(path)?, empty: is_bare(path)? })
        };
        look()
            .unwrap_or_else(|error| if is_gone(&error) { Self::Nothing } else { Self::Unreadable })
    }

    /// How a folder that was a mount stands.
    fn stands(self) -> Stands {
        match self {
            Self::Folder { mounted: true, .. } => Stands::Here,
            Self::Folder { empty: true, .. } | Self::Nothing | Self::Unreadable => Stands::Away,
            Self::Folder { .. } | Self::Other => Stands::NoMount,
        }
    }
}

/// Whether nothing is in a folder that the library looks at. Systems and people put marks where a drive is
/// to be mounted.
fn is_bare(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = bytes_of(&entry.file_name());
        let is_file = entry.file_type()?.is_file();
        if !is_hidden(&name) && (!is_file || is_wanted(&name)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How a mount below a folder of the library stands.
pub fn stands(root: &Path, mount: &[u8]) -> Stands {
    Found::at(&join(root, mount)).stands()
}

/// Those of the mounts below a folder of the library that were plugged in, unplugged or given up since they
/// were looked at.
///
/// # Errors
/// When the work was stopped.
pub fn changed(root: &Path, mounts: Vec<MountRow>, pulse: &Pulse) -> io::Result<Vec<Vec<u8>>> {
    let mut changed = Vec::new();
    for mount in mounts {
        pulse.beat()?;
        let was = if mount.away { Stands::Away } else { Stands::Here };
        if stands(root, &mount.path) != was {
            changed.push(mount.path);
        }
    }
    Ok(changed)
}

/// The mounts that there are after a look at parts of a folder, ordered by path, from those that were known
/// and those that were gone through.
pub fn after(
    root: &Path,
    parts: &[Vec<u8>],
    known: &[MountRow],
    seen: Vec<Vec<u8>>,
) -> Vec<MountRow> {
    let touched = |path: &[u8]| parts.iter().any(|part| is_in(part, path) || is_in(path, part));
    let mut mounts: Vec<_> = seen.into_iter().map(|path| MountRow { path, away: false }).collect();
    for mount in known {
        if mounts.iter().any(|seen| seen.path == mount.path) {
            continue;
        }
        let stands = if touched(&mount.path) {
            stands(root, &mount.path)
        } else if mount.away {
            Stands::Away
        } else {
            Stands::Here
        };
        if stands != Stands::NoMount {
            mounts.push(MountRow { path: mount.path.clone(), away: stands == Stands::Away });
        }
    }
    mounts.sort_unstable();
    mounts
}

/// Whether a folder is on another file system than the folder it lies in. Of a link, what it leads to.
#[cfg(unix)]
pub fn is_mounted(path: &Path) -> io::Result<bool> {
    Ok(device(path)? != device(&path.join(".."))?)
}

/// Whether a folder is on another file system than the folder it lies in: here nobody says so.
#[cfg(not(unix))]
pub fn is_mounted(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(unix)]
fn device(path: &Path) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    Ok(fs::metadata(path)?.dev())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rows(mounts: &[(&str, bool)]) -> Vec<MountRow> {
        mounts.iter().map(|(path, away)| MountRow { path: (*path).into(), away: *away }).collect()
    }

    #[test]
    fn only_what_is_empty_or_not_there_is_away() {
        let folder = |mounted, empty| Found::Folder { mounted, empty };
        for (found, wanted) in [
            (folder(true, false), Stands::Here),
            // All that was on the drive was deleted.
            (folder(true, true), Stands::Here),
            (folder(false, true), Stands::Away),
            (Found::Nothing, Stands::Away),
            (Found::Unreadable, Stands::Away),
            (folder(false, false), Stands::NoMount),
            (Found::Other, Stands::NoMount),
        ] {
            assert_eq!(found.stands(), wanted, "{found:?}");
        }
    }

    #[test]
    fn mounts_are_looked_at_with_the_parts_that_they_are_in_or_around() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("empty")).unwrap();
        fs::write(root.join("empty/.DS_Store"), "x").unwrap();
        fs::write(root.join("empty/NOT_MOUNTED"), "x").unwrap();
        fs::create_dir_all(root.join("full/deep")).unwrap();
        fs::write(root.join("file"), "x").unwrap();
        let known = rows(&[
            ("empty", false),
            ("file", false),
            ("full", false),
            ("gone/deep", false),
            ("seen", true),
        ]);
        let after = |parts: &[&str], seen: &[&str]| {
            let bytes = |list: &[&str]| list.iter().map(|path| (*path).into()).collect::<Vec<_>>();
            super::after(root, &bytes(parts), &known, bytes(seen))
        };
        let all = [("empty", true), ("gone/deep", true), ("new", false), ("seen", false)];
        assert_eq!(after(&[""], &["seen", "new"]), rows(&all));
        let mut some = known.clone();
        some[0].away = true;
        assert_eq!(after(&["empty/below", "empties"], &[]), some);
        assert_eq!(after(&["other"], &[]), known, "nobody looked");
        let changed =
            |mounts: &[MountRow]| super::changed(root, mounts.to_vec(), &Pulse::default()).unwrap();
        assert_eq!(changed(&known[..1]), [b"empty"]);
        assert_eq!(changed(&some[..1]), [] as [Vec<u8>; 0]);
    }
}
