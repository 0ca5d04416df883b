//! What is different in a folder from what the library knows of it. Pure.

use super::{
    names::{child, is_in, name_of},
    walk::Found,
};
use std::collections::{HashMap, HashSet};
use store::{FolderPlaces, PlaceFile};

/// What the library knows of a folder's files.
#[derive(Default)]
pub struct Known(HashMap<Vec<u8>, FolderPlaces>);

/// What is to be done about a folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files of which nothing is known, the newest first.
    pub new: Vec<Found>,
    /// Files that are not as they were, the newest first.
    pub changed: Vec<Found>,
    /// Files that were missing, and are as they were.
    pub back: Vec<Vec<u8>>,
    /// Files that are not there any more.
    pub gone: Vec<Vec<u8>>,
    /// Files that are where they were not, by the paths they had: of the same number in the file system,
    /// size and time, and not at the first path any more.
    pub moved: Vec<(Vec<u8>, Vec<u8>)>,
    /// Numbers in the file system that are not known yet, of files that are as they were.
    pub numbers: Vec<(Vec<u8>, u64)>,
    /// Files that are as they were.
    pub unchanged: u32,
}

impl Known {
    /// From what the store says, by folder.
    pub fn new(folders: HashMap<Vec<u8>, FolderPlaces>) -> Self {
        Self(folders)
    }

    /// What is known of a file.
    pub fn get(&self, path: &[u8]) -> Option<PlaceFile> {
        self.0.get(folder_of(path))?.get(name_of(path))
    }

    /// Files that are called `path`, but for their ending.
    pub fn with_stem(&self, path: &[u8]) -> Vec<Vec<u8>> {
        let (folder, stem) = (folder_of(path), name_of(path));
        let Some(places) = self.0.get(folder) else { return Vec::new() };
        let is_it = |name: &[u8]| {
            let ending = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix(b"."));
            ending.is_some_and(|ending| !ending.contains(&b'.'))
        };
        places.iter().filter(|(name, _)| is_it(name)).map(|(name, _)| child(folder, name)).collect()
    }

    /// Whether anything is known below a folder.
    pub fn has_below(&self, folder: &[u8]) -> bool {
        self.0.keys().any(|path| is_in(folder, path))
    }

    /// Files that were there when they were last looked at.
    pub fn here(&self) -> usize {
        self.0.values().flat_map(FolderPlaces::iter).filter(|(_, file)| !file.missing).count()
    }

    /// Compares what is known with what was found below `parts`. What is below `unread` could not be
    /// looked at, and stays as it is.
    pub fn compare(&self, found: Vec<Found>, parts: &[Vec<u8>], unread: &[Vec<u8>]) -> Changes {
        let mut changes = Changes::default();
        let mut seen: HashMap<&[u8], HashSet<&[u8]>> = HashMap::new();
        let mut as_it_was = vec![false; found.len()];
        for (file, as_it_was) in found.iter().zip(&mut as_it_was) {
            let (folder, name) = (folder_of(&file.path), name_of(&file.path));
            seen.entry(folder).or_default().insert(name);
            match self.get(&file.path) {
                Some(known)
                    if known.bytes == file.bytes && known.mtime == Some(file.changed_ns) =>
                {
                    *as_it_was = true;
                    if let Some(inode) = file.inode.filter(|now| known.inode != Some(*now)) {
                        changes.numbers.push((file.path.clone(), inode));
                    }
                    if known.missing {
                        changes.back.push(file.path.clone());
                    } else {
                        changes.unchanged += 1;
                    }
                }
                _ => {}
            }
        }
        // Where files were that are there no more: those that are gone just now before those that were
        // missing already.
        let mut left: HashMap<Identity, (bool, Vec<u8>)> = HashMap::new();
        for (folder, places) in &self.0 {
            let seen = seen.get(folder.as_slice());
            for (name, file) in places.iter() {
                if seen.is_some_and(|seen| seen.contains(name)) {
                    continue;
                }
                let path = child(folder, name);
                let looked_at = parts.iter().any(|part| is_in(part, &path))
                    && !unread.iter().any(|part| is_in(part, &path));
                if !looked_at && !file.missing {
                    continue;
                }
                if let Some(identity) = identity(file.inode, file.bytes, file.mtime) {
                    let path = (file.missing, path.clone());
                    let known = left.entry(identity).or_insert_with(|| path.clone());
                    *known = path.min(std::mem::take(known));
                }
                if !file.missing {
                    changes.gone.push(path);
                }
            }
        }
        drop(seen);
        for (file, as_it_was) in found.into_iter().zip(as_it_was) {
            let is_new = self.get(&file.path).is_none();
            let was = identity(file.inode, file.bytes, Some(file.changed_ns))
                .filter(|_| is_new)
                .and_then(|identity| left.remove(&identity));
            match was {
                Some((_, was)) => changes.moved.push((was, file.path)),
                None if is_new => changes.new.push(file),
                None if !as_it_was => changes.changed.push(file),
                None => {}
            }
        }
        let moved: HashSet<&[u8]> = changes.moved.iter().map(|(was, _)| was.as_slice()).collect();
        changes.gone.retain(|path| !moved.contains(path.as_slice()));
        drop(moved);
        for files in [&mut changes.new, &mut changes.changed] {
            files.sort_unstable_by(|a, b| (b.changed_ns, &a.path).cmp(&(a.changed_ns, &b.path)));
        }
        changes.gone.sort_unstable();
        changes
    }
}

/// What tells a file from all others of its file system, wherever it lies.
type Identity = (u64, u64, i64);

/// Nothing where it is not known.
fn identity(inode: Option<u64>, bytes: u64, mtime: Option<i64>) -> Option<Identity> {
    Some((inode?, bytes, mtime?))
}

fn folder_of(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').map_or(b"", |at| &path[..at])
}
