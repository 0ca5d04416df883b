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
    /// Files that are new or not as they were, the newest first.
    pub to_read: Vec<Found>,
    /// Files that were missing, and are as they were.
    pub back: Vec<Vec<u8>>,
    /// Files that are not there any more.
    pub gone: Vec<Vec<u8>>,
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
                    if known.missing {
                        changes.back.push(file.path.clone());
                    } else {
                        changes.unchanged += 1;
                    }
                }
                _ => {}
            }
        }
        for (folder, places) in &self.0 {
            let seen = seen.get(folder.as_slice());
            for (name, file) in places.iter() {
                if file.missing || seen.is_some_and(|seen| seen.contains(name)) {
                    continue;
                }
                let path = child(folder, name);
                let looked_at = parts.iter().any(|part| is_in(part, &path))
                    && !unread.iter().any(|part| is_in(part, &path));
                if looked_at {
                    changes.gone.push(path);
                }
            }
        }
        drop(seen);
        let marked = found.into_iter().zip(as_it_was);
        changes.to_read =
            marked.filter(|(_, as_it_was)| !as_it_was).map(|(file, _)| file).collect();
        changes
            .to_read
            .sort_unstable_by(|a, b| (b.changed_ns, &a.path).cmp(&(a.changed_ns, &b.path)));
        changes.gone.sort_unstable();
        changes
    }
}

fn folder_of(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').map_or(b"", |at| &path[..at])
}
