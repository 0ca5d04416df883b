//! How a folder lies to those of the library: whether it can be one of them.

use super::{
    names::{below, path_of},
    pulse::Pulse,
    threads::{self, Hitch},
};
use crate::core::Core;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use store::{RootId, RootKind, RootRow};

/// How a folder lies to those of the library.
#[derive(Debug)]
pub enum Fits {
    /// It is none of them, in none and around none.
    New(PathBuf),
    /// It is this one.
    Known(RootRow),
    /// It is in this one, at this path below it.
    In(RootRow, Vec<u8>),
    /// This one is in it.
    Around(RootRow),
}

/// Whether a folder must be there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Must {
    /// It is read from.
    BeThere,
    /// It can still be made.
    BePossible,
}

/// How a folder lies to those of the library, `itself` left out.
///
/// # Errors
/// A sentence when it cannot be read, does not answer, or is where Safelight keeps its own data.
pub async fn fits(
    core: &Core,
    path: &Path,
    itself: Option<RootId>,
    must: Must,
) -> Result<Fits, String> {
    let rows = core.roots.rows().await;
    let ours = [core.data.clone(), core.cache.clone()];
    let asked = path.to_owned();
    // On a thread of its own: the folder may be on a drive that does not answer.
    let pulse = Pulse::default();
    let looking = threads::run(&pulse, core.pace.answer, move |_| {
        Ok(look(&asked, &rows, itself, &ours, must))
    });
    match looking.await {
        Ok(fits) => fits,
        Err(Hitch::Io(error)) => Err(why_not(path, &error)),
        Err(Hitch::Hangs | Hitch::Stopped) => {
            Err(format!("{} does not answer. Is its drive connected?", path.display()))
        }
    }
}

fn look(
    path: &Path,
    rows: &[RootRow],
    itself: Option<RootId>,
    ours: &[PathBuf],
    must: Must,
) -> Result<Fits, String> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(about) if !about.is_dir() => {
            return Err(format!("{shown} is a file. Choose the folder it is in."));
        }
        Ok(_) => {
            fs::read_dir(path).map_err(|error| why_not(path, &error))?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && must == Must::BePossible => {}
        Err(error) => return Err(why_not(path, &error)),
    }
    let real = real(path);
    for ours in ours.iter().map(|ours| self::real(ours)) {
        if real.starts_with(&ours) || ours.starts_with(&real) {
            return Err(format!(
                "Safelight keeps its own data in {}. Choose a folder with pictures that is not above or in it.",
                ours.display()
            ));
        }
    }
    let mut nearest = Fits::New(path.to_owned());
    for row in rows {
        let other = self::real(&path_of(&row.path));
        if real == other {
            return Ok(Fits::Known(row.clone()));
        }
        if itself == Some(row.id) {
            continue;
        }
        if let Some(below) = below(&other, &real) {
            nearest = Fits::In(row.clone(), below);
        } else if other.starts_with(&real) && matches!(nearest, Fits::New(_)) {
            nearest = Fits::Around(row.clone());
        }
    }
    Ok(nearest)
}

/// A path without links in it, as far as there is something.
fn real(path: &Path) -> PathBuf {
    let mut missing = Vec::new();
    for above in path.ancestors() {
        if let Ok(real) = fs::canonicalize(above) {
            return missing.iter().rev().fold(real, |path, name| path.join(name));
        }
        missing.extend(above.file_name());
    }
    path.to_owned()
}

/// Why a folder around one of the library's cannot be taken, and what to do.
pub fn around(path: &Path, row: &RootRow) -> String {
    let (shown, other) = (path.display(), path_of(&row.path));
    let other = other.display();
    match row.kind {
        RootKind::Imported => format!(
            "{shown} holds {other}, which is in the library already. Forget that one first, or add the other folders in {shown} one by one."
        ),
        RootKind::Own => format!(
            "{shown} holds {other}, into which Safelight puts what your jobs make, and would be gone through twice. Add the other folders in {shown} one by one."
        ),
    }
}

/// Why a folder cannot be read, as a sentence.
pub fn why_not(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("There is no folder {shown}."),
        io::ErrorKind::PermissionDenied => {
            format!("Safelight may not read {shown}. Change its rights, then try again.")
        }
        _ => format!("{shown} cannot be read ({error})."),
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_is_not_there_yet_is_where_its_folder_really_is() {
        let dir = tempfile::tempdir().unwrap();
        let base = fs::canonicalize(dir.path()).unwrap();
        fs::create_dir(base.join("here")).unwrap();
        symlink(base.join("here"), base.join("link")).unwrap();
        for (path, wanted) in [
            ("link", "here"),
            ("link/new/deep", "here/new/deep"),
            ("other/new", "other/new"),
            ("here/../link", "here"),
        ] {
            assert_eq!(real(&base.join(path)), base.join(wanted), "{path}");
        }
    }
}
