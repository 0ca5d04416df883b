//! Commands about the folders of the library.

use crate::{
    Engine,
    roots::names::{bytes_of_path, path_of},
    time::now_ms,
    view::{CommandError, CommandErrorCode, RootView},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
};
use store::{RootId, RootKind, RootRow, StoreError};

impl Engine {
    /// The folders of the library, with what is going on there and the whole reports of their last
    /// scans. (Facts about folders have the first problems only.)
    pub async fn root_list(&self) -> Vec<RootView> {
        self.core().roots.views().await
    }

    /// Takes a folder into the library, as it is, and begins to scan it. One that is there already is
    /// scanned again.
    ///
    /// # Errors
    /// A sentence when it cannot be read, is in another folder of the library or the other way round,
    /// or is where Safelight keeps its own data.
    pub async fn root_add(&self, path: PathBuf, watched: bool) -> Result<RootView, CommandError> {
        let path = std::path::absolute(&path).map_err(|error| cannot_read(&path, &error))?;
        let core = self.shared_core();
        let path = match self.fits(&path, None).await? {
            Fits::Known(id) => {
                core.store.set_root_watched(id, watched).await?;
                core.store.set_root_paused(id, false).await?;
                return self.renewed(id).await;
            }
            Fits::New(path) => path,
        };
        let id = core.store.put_root(RootKind::Imported, &bytes_of_path(&path), now_ms()).await?;
        core.store.set_root_watched(id, watched).await?;
        self.renewed(id).await
    }

    /// Scans a folder now. One that was paused goes on.
    ///
    /// # Errors
    /// When there is no such folder.
    pub async fn root_scan(&self, id: i64) -> Result<(), CommandError> {
        let row = self.root(id).await?;
        if row.paused {
            return self.root_pause(id, false).await;
        }
        self.core().roots.scan(row.id).await;
        Ok(())
    }

    /// Pauses what is done in a folder, or goes on with it.
    ///
    /// # Errors
    /// When there is no such folder, or the database cannot be written.
    pub async fn root_pause(&self, id: i64, paused: bool) -> Result<(), CommandError> {
        let row = self.root(id).await?;
        self.core().store.set_root_paused(row.id, paused).await?;
        self.renewed(row.id).await.map(drop)
    }

    /// Sets whether a folder is watched for changes.
    ///
    /// # Errors
    /// When there is no such folder, or the database cannot be written.
    pub async fn root_watch(&self, id: i64, watched: bool) -> Result<(), CommandError> {
        let row = self.root(id).await?;
        self.core().store.set_root_watched(row.id, watched).await?;
        self.renewed(row.id).await.map(drop)
    }

    /// Says that a folder lies elsewhere now: its files were moved there together.
    ///
    /// # Errors
    /// A sentence when the new place does not fit, as in [`Engine::root_add`].
    pub async fn root_move(&self, id: i64, path: PathBuf) -> Result<(), CommandError> {
        let row = self.root(id).await?;
        let path = std::path::absolute(&path).map_err(|error| cannot_read(&path, &error))?;
        let core = self.shared_core();
        let path = match self.fits(&path, Some(row.id)).await? {
            Fits::Known(_) => return Ok(()),
            Fits::New(path) => path,
        };
        let moved = core.store.relocate_root(row.id, &bytes_of_path(&path)).await;
        match moved {
            Err(StoreError::Taken(_)) => return Err(bad(in_library(&path))),
            other => other?,
        }
        if path_of(&row.path) == core.library.root() {
            core.library.set_root(path);
        }
        core.library_away();
        self.renewed(row.id).await.map(drop)
    }

    /// Forgets a folder, with what lies nowhere else. Its files stay as they are.
    ///
    /// # Errors
    /// When there is no such folder, or outputs are put there.
    pub async fn root_remove(&self, id: i64) -> Result<(), CommandError> {
        let row = self.root(id).await?;
        let core = self.core();
        if path_of(&row.path) == core.library.root() {
            return Err(bad(format!(
                "Safelight puts what your jobs make into {}. Choose another library folder first.",
                path_of(&row.path).display()
            )));
        }
        if row.kind == RootKind::Own {
            return Err(bad(format!(
                "{} holds what your jobs made. Pause it instead, or delete its pictures in the gallery.",
                path_of(&row.path).display()
            )));
        }
        core.roots.let_go(row.id).await;
        let removed = core.store.remove_root(row.id).await;
        core.library_away();
        if let Err(error) = removed {
            self.renewed(row.id).await?;
            return Err(error.into());
        }
        Ok(())
    }

    async fn root(&self, id: i64) -> Result<RootRow, CommandError> {
        let rows = self.core().roots.rows().await;
        rows.into_iter()
            .find(|row| row.id == RootId(id))
            .ok_or_else(|| CommandError::not_found("The folder"))
    }

    async fn renewed(&self, id: RootId) -> Result<RootView, CommandError> {
        let core = self.shared_core();
        let view = core.roots.renew(&core, id).await?;
        view.ok_or_else(|| CommandError::not_found("The folder"))
    }

    /// Whether a folder can be one of the library's.
    async fn fits(&self, path: &Path, itself: Option<RootId>) -> Result<Fits, CommandError> {
        let core = self.core();
        let rows = core.roots.rows().await;
        let ours = vec![core.data.clone(), core.cache.clone()];
        let (tell, told) = tokio::sync::oneshot::channel();
        let asked = path.to_owned();
        // On a thread of its own: the folder may be on a drive that does not answer.
        thread::Builder::new()
            .name("library folder".to_owned())
            .spawn(move || {
                let _ = tell.send(fits(&asked, &rows, itself, &ours));
            })
            .map_err(|error| cannot_read(path, &error))?;
        match tokio::time::timeout(core.pace.answer, told).await {
            Ok(Ok(fits)) => fits.map_err(bad),
            _ => Err(bad(format!("{} does not answer. Is its drive connected?", path.display()))),
        }
    }
}

/// Whether a folder can be one of the library's.
enum Fits {
    /// It is one already.
    Known(RootId),
    /// It can be.
    New(PathBuf),
}

fn fits(
    path: &Path,
    rows: &[RootRow],
    itself: Option<RootId>,
    ours: &[PathBuf],
) -> Result<Fits, String> {
    let shown = path.display();
    let about = fs::metadata(path).map_err(|error| why_not(path, &error))?;
    if !about.is_dir() {
        return Err(format!("{shown} is a file. Choose the folder it is in."));
    }
    fs::read_dir(path).map_err(|error| why_not(path, &error))?;
    let real = fs::canonicalize(path).map_err(|error| why_not(path, &error))?;
    for ours in ours.iter().filter_map(|ours| fs::canonicalize(ours).ok()) {
        if real.starts_with(&ours) || ours.starts_with(&real) {
            return Err(format!(
                "Safelight keeps its own data in {}. Choose a folder with pictures that is not above or in it.",
                ours.display()
            ));
        }
    }
    for row in rows {
        let other = path_of(&row.path);
        let other_real = fs::canonicalize(&other).unwrap_or_else(|_| other.clone());
        if real == other_real {
            return if itself.is_none_or(|itself| itself == row.id) {
                Ok(Fits::Known(row.id))
            } else {
                Err(in_library(path))
            };
        }
        if itself == Some(row.id) {
            continue;
        }
        if real.starts_with(&other_real) {
            return Err(format!(
                "{shown} is in {}, which is in the library already.",
                other.display()
            ));
        }
        if other_real.starts_with(&real) {
            return Err(format!(
                "{shown} holds {}, which is in the library already. Forget that one first, or add the other folders in {shown} one by one.",
                other.display()
            ));
        }
    }
    Ok(Fits::New(path.to_owned()))
}

fn in_library(path: &Path) -> String {
    format!("{} is in the library already.", path.display())
}

fn why_not(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("There is no folder {shown}."),
        io::ErrorKind::PermissionDenied => {
            format!("Safelight may not read {shown}. Change its rights, then add it again.")
        }
        _ => format!("{shown} cannot be read ({error})."),
    }
}

fn cannot_read(path: &Path, error: &io::Error) -> CommandError {
    bad(why_not(path, error))
}

fn bad(message: impl Into<String>) -> CommandError {
    CommandError::new(CommandErrorCode::BadInput, message)
}
