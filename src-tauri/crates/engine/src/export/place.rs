//! Where an export writes: a folder of the artist's, and in it one of ours for what is not whole yet.

use crate::upkeep::same_content;
use media::{MediaError, export::put_new};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tempfile::TempPath;
use uuid::Uuid;

/// A place to write to.
#[derive(Clone, Debug)]
pub struct Place {
    /// What is written lies in it in the end.
    pub folder: PathBuf,
    /// What a kill leaves is all in there. It stays until the export is over: where it is missing, the
    /// folder is not the one that was begun to be written into.
    pub parts: PathBuf,
}

impl Place {
    /// For an export with this id.
    pub fn new(folder: &Path, id: Uuid) -> Self {
        let parts = folder.join(format!(".safelight-export-{id}"));
        Self { folder: folder.to_owned(), parts }
    }

    /// Makes it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(&self) -> io::Result<()> {
        fs::create_dir_all(&self.parts)
    }

    /// Whether it is there as it was made.
    pub fn is_there(&self) -> bool {
        self.parts.is_dir()
    }

    /// Deletes what is not whole. What cannot be deleted is tried again when the place is removed.
    pub fn clear(&self) {
        for entry in fs::read_dir(&self.parts).into_iter().flatten().flatten() {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }

    /// Leaves the folder to the artist.
    pub fn remove(&self) {
        match fs::remove_dir_all(&self.parts) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, folder = %self.parts.display(), "cannot be deleted");
            }
            _ => {}
        }
    }

    /// Gives a whole file its name. `false` if something else is called so: nothing has changed then.
    ///
    /// # Errors
    /// When it cannot be named so for another reason.
    pub fn put(&self, name: &str) -> io::Result<bool> {
        let (part, to) = (self.parts.join(name), self.folder.join(name));
        let Some(part) = put_new(TempPath::try_from_path(&part)?, &to)? else { return Ok(true) };
        let _ = part.keep();
        Ok(false)
    }

    /// The same over what is called so.
    ///
    /// # Errors
    /// When it cannot be named so.
    pub fn put_over(&self, name: &str) -> io::Result<()> {
        fs::rename(self.parts.join(name), self.folder.join(name))
    }

    /// After a kill: whether a file that was whole, and was to get its name next, has it now.
    pub fn has(&self, name: &str) -> bool {
        let (part, to) = (self.parts.join(name), self.folder.join(name));
        if !part.is_file() {
            return to.is_file();
        }
        // Linked and not yet unlinked, or somebody else's.
        self.put(name).unwrap_or(false) || same_content(&part, &to)
    }
}

/// Whether there is no room left for what was to be written.
pub fn is_full(error: &MediaError) -> bool {
    let MediaError::Io(error) = error else { return false };
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_is_taken_once_and_known_again() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::new(&dir.path().join("out"), Uuid::nil());
        assert!(!place.is_there());
        place.make().unwrap();
        place.make().unwrap();
        let part = |text: &str| fs::write(place.parts.join("a.txt"), text).unwrap();
        part("one");
        assert!(place.put("a.txt").unwrap());
        assert!(place.has("a.txt"), "named before the kill");
        part("two");
        assert!(!place.put("a.txt").unwrap());
        assert!(place.parts.join("a.txt").is_file(), "it waits for another name");
        assert!(!place.has("a.txt"), "somebody else's");
        part("one");
        assert!(place.has("a.txt"), "linked before the kill");
        place.put_over("a.txt").unwrap();
        part("three");
        place.clear();
        assert!(place.is_there() && !place.parts.join("a.txt").exists());
        fs::write(place.parts.join("b.txt"), "whole").unwrap();
        assert!(place.has("b.txt"), "named now");
        assert!(!place.has("c.txt"));
        place.remove();
        assert_eq!(fs::read_dir(&place.folder).unwrap().count(), 2);
    }
}
