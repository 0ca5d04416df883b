//! Commands about the folders of the library.

use crate::{
    Engine,
    roots::{
        fits::{Fits, Must, around, fits, why_not},
        leaving,
        names::{bytes_of_path, path_of},
    },
    time::now_ms,
    view::{CommandError, CommandErrorCode, RootView},
};
use std::{
    io,
    path::{Path, PathBuf},
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
        let path = match fits(&core, &path, None, Must::BeThere).await.map_err(bad)? {
            Fits::Known(row) => {
                core.store.set_root_watched(row.id, watched).await?;
                core.store.set_root_paused(row.id, false).await?;
                return self.renewed(row.id).await;
            }
            Fits::In(other, _) => return Err(bad(in_another(&path, &other))),
            Fits::Around(other) => return Err(bad(around(&path, &other))),
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
        let path = match fits(&core, &path, Some(row.id), Must::BeThere).await.map_err(bad)? {
            Fits::Known(other) if other.id == row.id => return Ok(()),
            Fits::Known(_) => return Err(bad(in_library(&path))),
            Fits::In(other, _) => return Err(bad(in_another(&path, &other))),
            Fits::Around(other) => return Err(bad(around(&path, &other))),
            Fits::New(path) => path,
        };
        let moved = core.store.relocate_root(row.id, &bytes_of_path(&path)).await;
        match moved {
            Err(StoreError::Taken(_)) => return Err(bad(in_library(&path))),
            other => other?,
        }
        if path_of(&row.path) == core.library.root() {
            core.library.set_root(path.clone());
        }
        self.outputs_moved(&path_of(&row.path), &path).await?;
        core.library_away();
        self.renewed(row.id).await.map(drop)
    }

    /// Forgets a folder, with what lies nowhere else. Its files stay as they are.
    ///
    /// # Errors
    /// When there is no such folder, or outputs are put there or stay there.
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
        let servers = core.store.servers().await?;
        let used = |server: &&store::ServerRow| {
            server
                .outputs
                .as_ref()
                .is_some_and(|outputs| Path::new(outputs).starts_with(path_of(&row.path)))
        };
        if let Some(server) = servers.iter().find(used) {
            return Err(bad(format!(
                "What {} makes stays in {}. Let it be copied first, in Servers.",
                server.name,
                path_of(&row.path).display()
            )));
        }
        core.roots.let_go(row.id).await;
        if let Err(error) = core.store.leave_root(row.id).await {
            self.renewed(row.id).await?;
            return Err(error.into());
        }
        if let Err(error) = leaving::take_out(core, row.id).await {
            core.tasks.spawn_until_stopped(leaving::go_on(self.shared_core()));
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
}

fn in_library(path: &Path) -> String {
    format!("{} is in the library already.", path.display())
}

fn in_another(path: &Path, other: &RootRow) -> String {
    format!(
        "{} is in {}, which is in the library already.",
        path.display(),
        path_of(&other.path).display()
    )
}

fn cannot_read(path: &Path, error: &io::Error) -> CommandError {
    bad(why_not(path, error))
}

fn bad(message: impl Into<String>) -> CommandError {
    CommandError::new(CommandErrorCode::BadInput, message)
}
