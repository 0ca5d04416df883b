//! One of several files of an output.

use super::{CommandError, CommandErrorCode};
use crate::{Engine, bin, roots::names, upkeep};
use media::{Original, Stop};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use store::{PlaceRow, PlaceState};

impl Engine {
    /// Puts one of several files of an output into the system's trash, with the sidecars that are about it
    /// alone. The output stays, and so do its marks. `path` is written as
    /// [`crate::view::FilePlace::path`].
    ///
    /// # Errors
    /// When no other file of it can be read to its end and is the same, when the file is another one by
    /// now, when the system has no trash for it, or the database cannot be written.
    pub async fn place_trash(&self, key: u32, path: &str) -> Result<(), CommandError> {
        let core = self.core();
        let refused = |why: String| CommandError::new(CommandErrorCode::WrongState, why);
        // A backup that is read back, and a library that moves, count on files that are there.
        let _held = core.bin.hold().await;
        if upkeep::ready(&core.data).is_some() {
            return Err(refused(bin::RESTORED.to_owned()));
        }
        let places = core.store.places(&[key]).await?.remove(&key).unwrap_or_default();
        let (these, others): (Vec<_>, Vec<_>) =
            places.into_iter().partition(|place| path_of(place).display().to_string() == path);
        let [place] = these.as_slice() else { return Err(CommandError::not_found("The file")) };
        let asset = core.store.assets_by_seq(&[key]).await?.pop();
        let hash = asset.ok_or_else(|| CommandError::not_found("The output"))?.hash;
        let (file, kept) = (place.clone(), others);
        let trashing = tokio::task::spawn_blocking(move || trash_copy(&file, &kept, &hash)).await;
        trashing
            .unwrap_or_else(|_| Err(format!("{path} could not be looked at.")))
            .map_err(refused)?;
        core.store.forget_places(place.root, std::slice::from_ref(&place.path)).await?;
        core.library_moved();
        Ok(())
    }
}

fn path_of(place: &PlaceRow) -> PathBuf {
    names::join(&names::path_of(&place.root_path), &place.path)
}

/// Puts a file into the trash, once another one was read that is the same.
fn trash_copy(place: &PlaceRow, others: &[PlaceRow], hash: &str) -> Result<(), String> {
    let path = path_of(place);
    let shown = path.display();
    if !path.exists() {
        return Err(format!("{shown} cannot be reached now."));
    }
    if !upkeep::is_still(&path, place.bytes, place.mtime, hash) {
        return Err(format!("{shown} is another file by now, so it stays."));
    }
    let is_kept = |other: &PlaceRow| {
        let other_path = path_of(other);
        other.state == PlaceState::Here
            && !is_one_file(&path, &other_path).unwrap_or(true)
            && Original::open(&other_path)
                .and_then(|mut file| file.hash(&Stop::never()))
                .is_ok_and(|found| found == hash)
    };
    if !others.iter().any(is_kept) {
        return Err(format!(
            "No other file with the content of {shown} can be read now, so it stays."
        ));
    }
    trash::delete(&path)
        .map_err(|error| format!("{shown} could not be put into the trash: {error}."))?;
    for sidecar in bin::own_sidecars(&path) {
        if let Err(error) = trash::delete(&sidecar) {
            tracing::warn!(%error, sidecar = %sidecar.display(), "a sidecar stays");
        }
    }
    Ok(())
}

/// Whether two paths lead to one file, so that deleting one would take away both: by links of folders, by
/// letters that a drive does not tell apart, or by a drive that is there twice. Two names of one file
/// (hard links) are two.
fn is_one_file(a: &Path, b: &Path) -> io::Result<bool> {
    let (a, b) = (fs::canonicalize(a)?, fs::canonicalize(b)?);
    if a == b {
        return Ok(true);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (a, b) = (fs::metadata(a)?, fs::metadata(b)?);
        Ok((a.dev(), a.ino()) == (b.dev(), b.ino()) && a.nlink() == 1)
    }
    #[cfg(not(unix))]
    Ok(false)
}
