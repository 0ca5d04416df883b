//! Going through a folder: which files are there, and how large and how old each is. No file is
//! opened.

use super::{
    beside::is_sidecar,
    mounts::is_mounted,
    names::{bytes_of, child, is_hidden, is_wanted, join},
    problems::{Problems, reason},
    pulse::Pulse,
};
use crate::library::is_part;
use std::{
    collections::HashSet,
    fs::{self, DirEntry, Metadata},
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path below the folder.
    pub path: Vec<u8>,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was changed, in nanoseconds since 1970.
    pub changed_ns: i64,
    /// Its number in its file system, where the system tells it.
    pub inode: Option<u64>,
}

/// What is in a folder.
#[derive(Debug, Default)]
pub struct Walked {
    /// Its files, those that the library looks into or knows.
    pub files: Vec<Found>,
    /// XMP sidecars.
    pub sidecars: Vec<Found>,
    /// Other files.
    pub passed_over: u32,
    /// Folders and files that could not be read.
    pub problems: Problems,
    /// Folders that could not be read: what is known below them stays as it was.
    pub unread: Vec<Vec<u8>>,
    /// Links that cannot be followed, but for those that are called like files of the library.
    pub broken: Vec<Vec<u8>>,
    /// Folders that are mounts of their own, the topmost left out.
    pub mounts: Vec<Vec<u8>>,
    /// Files of ours that are not whole yet.
    pub parts: Vec<Vec<u8>>,
    /// Links to folders that were gone through that way.
    pub links: Vec<Vec<u8>>,
}

/// Goes through a folder, or the part of it below `from`. Links are followed, each folder once, and
/// after all others, so that a picture's place does not depend on the order of names.
///
/// `known` says whether the library knows a path; such files count whatever they are called. `inner` are
/// folders that are gone through by themselves, and passed over here.
///
/// # Errors
/// When `from` itself cannot be read, or the walk was stopped.
pub fn walk(
    root: &Path,
    from: &[u8],
    inner: &[PathBuf],
    known: &dyn Fn(&[u8]) -> bool,
    pulse: &Pulse,
) -> io::Result<Walked> {
    let seen = inner.iter().filter_map(|inner| Identity::of(inner).ok()).collect();
    // What a link inside leads back to is gone through where it lies, with the whole.
    let home = if from.is_empty() { None } else { Some(fs::canonicalize(root)?) };
    let mut walk = Walk { root, known, pulse, seen, home, walked: Walked::default() };
    let link = |path| Below { path, above: None, link: true };
    let from_link = fs::symlink_metadata(join(root, from)).is_ok_and(|about| about.is_symlink());
    let from = Below { path: from.to_vec(), above: None, link: from_link && !from.is_empty() };
    let mut folders = vec![from];
    let mut links: Vec<Vec<u8>> = Vec::new();
    let mut first = true;
    while let Some(folder) = folders.pop().or_else(|| links.pop().map(link)) {
        match walk.folder(&folder, &mut folders, &mut links) {
            Ok(()) => {}
            Err(error) if first || pulse.is_stopped() => return Err(error),
            Err(error) => walk.unread(folder.path, &error),
        }
        first = false;
    }
    Ok(walk.walked)
}

/// Whether an error means that there is no such file.
pub fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A folder that is to be gone through.
struct Below {
    path: Vec<u8>,
    /// The device of the folder that it lies in, where that was asked for.
    above: Option<u64>,
    /// It is a link.
    link: bool,
}

struct Walk<'a> {
    root: &'a Path,
    known: &'a dyn Fn(&[u8]) -> bool,
    pulse: &'a Pulse,
    /// Folders that were gone through.
    seen: HashSet<Identity>,
    /// The whole folder as it really lies, where only a part of it is gone through.
    home: Option<PathBuf>,
    walked: Walked,
}

impl Walk<'_> {
    fn folder(
        &mut self,
        Below { path: folder, above, link }: &Below,
        folders: &mut Vec<Below>,
        links: &mut Vec<Vec<u8>>,
    ) -> io::Result<()> {
        self.pulse.beat()?;
        let path = join(self.root, folder);
        let identity = Identity::of(&path)?;
        let device = identity.device();
        if !self.seen.insert(identity) {
            return Ok(());
        }
        if *link {
            self.walked.links.push(folder.clone());
        }
        if !folder.is_empty() {
            let mounted = match above {
                Some(_) => device != *above,
                None => is_mounted(&path)?,
            };
            if mounted {
                self.walked.mounts.push(folder.clone());
            }
        }
        for entry in fs::read_dir(&path)? {
            self.pulse.beat()?;
            let entry = entry?;
            let name = bytes_of(&entry.file_name());
            if is_hidden(&name) {
                if is_part(&name) {
                    self.walked.parts.push(child(folder, &name));
                }
                continue;
            }
            let below = child(folder, &name);
            let kind = match entry.file_type() {
                Ok(kind) => kind,
                Err(error) => {
                    self.unread(below, &error);
                    continue;
                }
            };
            if kind.is_dir() {
                folders.push(Below { path: below, above: device, link: false });
            } else if kind.is_symlink() {
                self.link(&entry, below, links);
            } else if kind.is_file() {
                if is_sidecar(&name) {
                    self.sidecar(below, entry.metadata());
                } else if self.counts(&name, &below) {
                    let about = entry.metadata();
                    self.file(below, about);
                }
            } else {
                self.walked.passed_over += 1;
            }
        }
        Ok(())
    }

    fn link(&mut self, entry: &DirEntry, below: Vec<u8>, links: &mut Vec<Vec<u8>>) {
        match fs::metadata(entry.path()) {
            Ok(about) if about.is_dir() && self.leads_home(&entry.path()) => {
                self.walked.unread.push(below);
            }
            Ok(about) if about.is_dir() => links.push(below),
            Ok(about) if about.is_file() => {
                let name = bytes_of(&entry.file_name());
                if is_sidecar(&name) {
                    self.sidecar(below, Ok(about));
                } else if self.counts(&name, &below) {
                    self.file(below, Ok(about));
                }
            }
            Ok(_) => self.walked.passed_over += 1,
            Err(error) => {
                if is_wanted(&bytes_of(&entry.file_name())) {
                    self.walked.problems.add(&below, link_reason(&error));
                    if (self.known)(&below) {
                        self.walked.unread.push(below);
                    }
                } else {
                    self.walked.passed_over += u32::from(!is_gone(&error));
                    self.walked.broken.push(below);
                }
            }
        }
    }

    /// Whether a link leads to what lies in the library's folder, of which only a part is gone through.
    fn leads_home(&self, link: &Path) -> bool {
        let home = self.home.as_ref();
        home.is_some_and(|home| fs::canonicalize(link).is_ok_and(|real| real.starts_with(home)))
    }

    /// Whether a file is looked at; if not, it is counted.
    fn counts(&mut self, name: &[u8], below: &[u8]) -> bool {
        let counts = is_wanted(name) || (self.known)(below);
        self.walked.passed_over += u32::from(!counts);
        counts
    }

    fn file(&mut self, below: Vec<u8>, about: io::Result<Metadata>) {
        match about {
            Ok(about) => {
                self.walked.files.push(found(below, &about));
                self.pulse.saw_one();
            }
            // It vanished while the folder was read.
            Err(error) if is_gone(&error) => {}
            Err(error) => self.unread(below, &error),
        }
    }

    fn sidecar(&mut self, below: Vec<u8>, about: io::Result<Metadata>) {
        match about {
            Ok(about) => self.walked.sidecars.push(found(below, &about)),
            Err(error) if is_gone(&error) => {}
            Err(error) => self.walked.problems.add(&below, reason(&error)),
        }
    }

    fn unread(&mut self, below: Vec<u8>, error: &io::Error) {
        if is_gone(error) {
            return;
        }
        self.walked.problems.add(&below, reason(error));
        self.walked.unread.push(below);
    }
}

fn link_reason(error: &io::Error) -> String {
    if is_gone(error) {
        "This link leads to nothing.".to_owned()
    } else {
        // Links that lead to each other end with an error of the system.
        format!("This link cannot be followed ({error}).")
    }
}

/// A file as it is found.
pub fn found(path: Vec<u8>, about: &Metadata) -> Found {
    Found { path, bytes: about.len(), changed_ns: changed_ns(about), inode: inode(about) }
}

/// A file's number in its file system: renaming leaves it as it is.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)] // Other systems tell none.
pub fn inode(about: &Metadata) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(about.ino())
}

/// A file's number in its file system: here it is not told without opening the file.
#[cfg(not(unix))]
pub fn inode(_: &Metadata) -> Option<u64> {
    None
}

/// When a file was changed, in nanoseconds since 1970; 0 where that is not known.
pub fn changed_ns(about: &Metadata) -> i64 {
    about.modified().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    })
}

/// What tells a folder from all others, whatever way leads there.
#[cfg(unix)]
#[derive(PartialEq, Eq, Hash)]
pub struct Identity(u64, u64);

#[cfg(unix)]
impl Identity {
    /// Of a folder that is there.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let about = fs::metadata(path)?;
        Ok(Self(about.dev(), about.ino()))
    }

    /// The device that it is on.
    #[allow(clippy::unnecessary_wraps)] // Other systems tell none.
    fn device(&self) -> Option<u64> {
        Some(self.0)
    }
}

/// What tells a folder from all others, whatever way leads there.
#[cfg(not(unix))]
#[derive(PartialEq, Eq, Hash)]
pub struct Identity(std::path::PathBuf);

#[cfg(not(unix))]
impl Identity {
    /// Of a folder that is there.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn of(path: &Path) -> io::Result<Self> {
        fs::canonicalize(path).map(Self)
    }

    /// The device that it is on: here it is not told.
    #[allow(clippy::unused_self)] // Other systems tell it.
    fn device(&self) -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(walked: &Walked) -> Vec<String> {
        let mut names: Vec<String> =
            walked.files.iter().map(|file| super::super::names::shown(&file.path)).collect();
        names.sort();
        names
    }

    fn folder(files: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        let path = dir.path().to_owned();
        (dir, path)
    }

    fn walked(root: &Path) -> Walked {
        walk(root, b"", &[], &|_| false, &Pulse::default()).unwrap()
    }

    #[test]
    fn files_that_count_are_found_and_others_counted() {
        let (_dir, root) = folder(&[
            "a.png",
            "b/c.JPG",
            "b/notes.txt",
            ".hidden/d.png",
            "b/._c.jpg",
            "model.ckpt",
        ]);
        let found = walked(&root);
        assert_eq!(names(&found), ["a.png", "b/c.JPG"]);
        assert_eq!(found.passed_over, 2);
        let known =
            walk(&root, b"", &[], &|path| path == b"b/notes.txt", &Pulse::default()).unwrap();
        assert_eq!(names(&known), ["a.png", "b/c.JPG", "b/notes.txt"]);
        let outer =
            walk(&root, b"", &[root.join("b"), root.join("c")], &|_| false, &Pulse::default());
        assert_eq!(names(&outer.unwrap()), ["a.png"]);
        let part = walk(&root, b"b", &[], &|_| false, &Pulse::default()).unwrap();
        assert_eq!(names(&part), ["b/c.JPG"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_in_circles_end_and_each_folder_is_gone_through_once() {
        use std::os::unix::fs::symlink;
        let (_dir, root) = folder(&["real/a.png", "real/deep/b.png"]);
        symlink(&root, root.join("real/deep/up")).unwrap();
        symlink(root.join("real"), root.join("a-link")).unwrap();
        symlink(root.join("one"), root.join("two")).unwrap();
        symlink(root.join("two"), root.join("one")).unwrap();
        symlink(root.join("nowhere"), root.join("gone.png")).unwrap();
        let found = walked(&root);
        assert_eq!(names(&found), ["real/a.png", "real/deep/b.png"]);
        assert_eq!(found.links, [] as [Vec<u8>; 0], "nothing is read by them");
        assert_eq!(found.problems.list().len(), 1, "{:?}", found.problems);
        assert_eq!(found.problems.list()[0].text, "This link leads to nothing.");
    }

    #[cfg(unix)]
    #[test]
    fn links_by_which_folders_are_read_are_told() {
        use std::os::unix::fs::symlink;
        let (_dir, root) = folder(&["a.png"]);
        let (_other, elsewhere) = folder(&["b.png", "deep/c.png"]);
        symlink(&elsewhere, root.join("link")).unwrap();
        symlink(&elsewhere, root.join("again")).unwrap();
        symlink(&root, elsewhere.join("up")).unwrap();
        let found = walked(&root);
        assert_eq!((found.links.len(), found.files.len()), (1, 3), "{found:?}");
        let part = walk(&root, b"link", &[], &|_| false, &Pulse::default()).unwrap();
        assert_eq!(part.links, [b"link".to_vec()]);
        let below = walk(&root, b"link/deep", &[], &|_| false, &Pulse::default()).unwrap();
        assert_eq!(below.links, [] as [Vec<u8>; 0]);
    }

    #[test]
    fn a_deep_folder_needs_no_stack() {
        let (_dir, root) = folder(&[]);
        let mut deep = root.clone();
        let mut depth = 0;
        while deep.as_os_str().len() < 3_900 {
            deep.push("d");
            depth += 1;
        }
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("a.png"), "x").unwrap();
        assert!(depth > 1_500);
        assert_eq!(walked(&root).files.len(), 1);
    }

    #[test]
    fn a_stopped_walk_says_so_and_a_folder_that_is_gone_too() {
        let (_dir, root) = folder(&["a.png"]);
        let pulse = Pulse::default();
        pulse.stop();
        assert!(walk(&root, b"", &[], &|_| false, &pulse).is_err());
        let gone = walk(&root.join("none"), b"", &[], &|_| false, &Pulse::default()).unwrap_err();
        assert!(is_gone(&gone));
    }
}
