//! One of several files of an output.

use super::{CommandError, CommandErrorCode};
use crate::{
    Engine, bin,
    roots::{
        names,
        pulse::Pulse,
        threads::{self, Hitch},
    },
    upkeep,
};
use media::Original;
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
        let pulse = Pulse::default();
        let trashing = threads::run(&pulse, core.pace.answer, move |pulse| {
            Ok(trash_copy(&file, &kept, &hash, pulse))
        });
        match trashing.await {
            Ok(done) => done.map_err(refused)?,
            Err(Hitch::Io(error)) => {
                return Err(refused(format!("{path} cannot be looked at ({error}).")));
            }
            Err(Hitch::Hangs | Hitch::Stopped) => {
                return Err(refused(format!(
                    "The drive of {path}, or of another file of this output, does not answer. Try again when it does."
                )));
            }
        }
        core.store.forget_places(place.root, std::slice::from_ref(&place.path)).await?;
        core.library_moved();
        Ok(())
    }
}

fn path_of(place: &PlaceRow) -> PathBuf {
    names::join(&names::path_of(&place.root_path), &place.path)
}

/// Puts a file into the trash, once another one was read that is the same.
fn trash_copy(
    place: &PlaceRow,
    others: &[PlaceRow],
    hash: &str,
    pulse: &Pulse,
) -> Result<(), String> {
    let path = path_of(place);
    let shown = path.display();
    let content = |path: &Path| {
        let mut file = Original::open(path).map_err(|error| error.to_string())?;
        file.hash(&pulse.stop_of_file()).map_err(|error| error.to_string())
    };
    let found = content(&path).map_err(|why| {
        format!("{shown} cannot be read: {why} Connect its drive, or scan its folder in Settings.")
    })?;
    if found != hash {
        return Err(format!(
            "{shown} is another file by now, so it stays. Scan its folder in Settings."
        ));
    }
    let mut why = "No other file with this content is there".to_owned();
    let is_kept = |other: &PlaceRow| {
        let other_path = path_of(other);
        if other.state != PlaceState::Here {
            return false;
        }
        match is_one_file(&path, &other_path) {
            Ok(false) => content(&other_path).is_ok_and(|found| found == hash),
            Ok(true) => {
                why = format!("{} is the same file by another way", other_path.display());
                false
            }
            Err(_) => false,
        }
    };
    if !others.iter().any(is_kept) {
        return Err(format!("{why}, so {shown} stays. To delete all of it, use the bin."));
    }
    // Where nobody waits any more, it was said that nothing came of it.
    if pulse.is_stopped() {
        return Ok(());
    }
    trash::delete(&path).map_err(|error| {
        format!(
            "{shown} could not be put into the trash ({error}). Delete it in its folder instead."
        )
    })?;
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
        let inode = |path: &Path| fs::metadata(path).map(|about| (about.dev(), about.ino()));
        let folder = |path: &Path| inode(path.parent().unwrap_or(path));
        let name = |path: &Path| {
            path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
        };
        Ok(inode(&a)? == inode(&b)? && folder(&a)? == folder(&b)? && name(&a) == name(&b))
    }
    #[cfg(not(unix))]
    Ok(false)
}
