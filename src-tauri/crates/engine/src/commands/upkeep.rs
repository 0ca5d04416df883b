//! Commands about the library as a whole: backing it up, reading that back, moving it.

use super::{
    assets::{above, within},
    blocking,
};
use crate::{
    Engine,
    roots::{
        fits::{Fits, Must, fits},
        names::{self, path_of},
    },
    upkeep::{self, BUSY, LAST_BACKUP, LastBackup, MoveRecord},
    view::{
        BackupPlan, BackupView, CommandError, CommandErrorCode, MoveView, UpkeepView, WorkKind,
        WorkView,
    },
};
use std::path::{Path, PathBuf};

impl Engine {
    /// How the library is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn upkeep_get(&self) -> Result<UpkeepView, CommandError> {
        let core = self.core();
        let last = core.store.get_value(LAST_BACKUP).await?;
        let last: Option<LastBackup> = last.and_then(|last| serde_json::from_str(&last).ok());
        let data = core.data.clone();
        let restored = blocking(move || upkeep::ready(&data)).await?;
        Ok(UpkeepView {
            moving: self.moving().await?,
            restored,
            backed_up_at: last.as_ref().map(|last| last.at),
            backed_up_to: last.map(|last| last.to),
        })
    }

    async fn moving(&self) -> Result<Option<MoveView>, CommandError> {
        let store = &self.core().store;
        let Some(record) = MoveRecord::read(store).await? else { return Ok(None) };
        let roots = store.roots().await?;
        let root = |id: i64| roots.iter().find(|root| root.id.0 == id);
        let (Some(from), Some(to)) = (root(record.from), root(record.to)) else { return Ok(None) };
        let (files, bytes) = store.root_total(from.id).await?;
        let shown = |path: &[u8]| names::path_of(path).display().to_string();
        Ok(Some(MoveView { from: shown(&from.path), to: shown(&to.path), files, bytes }))
    }

    /// The folder that outputs are put into.
    pub fn library_folder(&self) -> PathBuf {
        self.core().library.root()
    }

    /// Begins a backup.
    ///
    /// # Errors
    /// When the folder makes no sense, or other work on the library goes on.
    pub async fn backup_start(&self, plan: BackupPlan) -> Result<WorkView, CommandError> {
        let to = PathBuf::from(&plan.to);
        self.outside(&to).await?;
        let core = self.shared_core();
        let title = format!("Backing up the library to {}", upkeep::called(&to));
        let backing = core.clone();
        let work = |progress| async move { upkeep::back_up(backing, plan, progress).await };
        core.works.begin_alone(&core.tasks, WorkKind::Backup, title, work).ok_or_else(|| busy(BUSY))
    }

    /// What is in a backup: the newest in a folder, or the one whose `.json` file is named.
    ///
    /// # Errors
    /// A sentence when there is none that can be read back.
    pub async fn backup_look(&self, path: PathBuf) -> Result<BackupView, CommandError> {
        blocking(move || upkeep::look(&path)).await?.map_err(bad)
    }

    /// Begins to read a backup back. It takes the place of the library at the next start.
    ///
    /// # Errors
    /// A sentence when there is none that can be read back, or other work on the library goes on.
    pub async fn restore_start(&self, path: PathBuf) -> Result<WorkView, CommandError> {
        self.backup_look(path.clone()).await?;
        let core = self.shared_core();
        let title = format!("Reading back the backup in {}", upkeep::called(&path));
        let reading = core.clone();
        let work = |progress| async move { upkeep::restore(reading, path, progress).await };
        core.works
            .begin_alone(&core.tasks, WorkKind::Restore, title, work)
            .ok_or_else(|| busy(BUSY))
    }

    /// Begins to move the library to another folder: all that is in the present one. New outputs go to
    /// the new one at once.
    ///
    /// # Errors
    /// A sentence when the folder does not fit or has no room, or other work on the library goes on;
    /// nothing has changed then.
    pub async fn library_move(&self, path: PathBuf) -> Result<WorkView, CommandError> {
        let core = self.shared_core();
        if core.works.is_alone() {
            return Err(busy(BUSY));
        }
        let path = absolute(&path)?;
        if path == core.library.root() {
            return Err(bad(format!("The library is in {} already.", path.display())));
        }
        let made = path.clone();
        let new = blocking(move || {
            let new = !made.exists();
            std::fs::create_dir_all(&made).map(|()| new)
        })
        .await?
        .map_err(|error| bad(format!("{} cannot be made ({error}).", path.display())))?;
        let here = core.roots.own_at(&core, &core.library.root()).await?;
        let begun = match fits(&core, &path, None, Must::BeThere).await {
            Ok(Fits::Known(known)) if known.id == here => {
                Err(bad(format!("The library is in {} already.", path.display())))
            }
            Ok(Fits::In(other, _)) => Err(bad(within(&path, &path_of(&other.path)))),
            Ok(Fits::Around(other)) => Err(bad(above(&path, &other))),
            Ok(Fits::New(_) | Fits::Known(_)) => {
                upkeep::begin_move(&core, path.clone()).await.map_err(bad)
            }
            Err(error) => Err(bad(error)),
        };
        if begun.is_err() && new {
            // Only the folder that was made for it, and only as long as it is empty.
            let _ = blocking(move || std::fs::remove_dir(path)).await;
        }
        begun
    }

    /// Goes on with a move that was stopped.
    ///
    /// # Errors
    /// When there is none, or other work on the library goes on.
    pub async fn library_move_on(&self) -> Result<WorkView, CommandError> {
        let core = self.shared_core();
        if core.works.is_alone() {
            return Err(busy(BUSY));
        }
        let begun = upkeep::go_on_moving(&core).await?;
        begun.ok_or_else(|| busy("There is nothing more to move."))
    }

    /// Makes sure that a folder of backups is in no folder of the library, which would take it in, and
    /// not where Safelight keeps its own data.
    async fn outside(&self, folder: &Path) -> Result<(), CommandError> {
        if !folder.is_absolute() {
            return Err(bad("Choose a folder by its full path.".to_owned()));
        }
        let core = self.core();
        let mut taken: Vec<PathBuf> =
            core.roots.rows().await.iter().map(|row| names::path_of(&row.path)).collect();
        taken.extend([core.data.clone(), core.cache.clone()]);
        let folder = folder.to_owned();
        blocking(move || {
            let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
            let within = taken.iter().find(|taken| real(&folder).starts_with(real(taken)));
            match within {
                Some(within) => Err(bad(format!(
                    "{} is in {}, which is a folder of the library or of Safelight itself. Choose one outside, best on another disk.",
                    folder.display(),
                    within.display()
                ))),
                None => Ok(()),
            }
        })
        .await?
    }
}

fn absolute(path: &Path) -> Result<PathBuf, CommandError> {
    if path.is_absolute() {
        Ok(path.components().collect())
    } else {
        Err(bad("Choose a folder by its full path.".to_owned()))
    }
}

fn bad(message: String) -> CommandError {
    CommandError::new(CommandErrorCode::BadInput, message)
}

fn busy(message: &str) -> CommandError {
    CommandError::new(CommandErrorCode::WrongState, message)
}
