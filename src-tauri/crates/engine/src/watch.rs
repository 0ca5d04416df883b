//! The watched folder: what is put there is queued.
//!
//! The folder is listed every few seconds. Notices of the system do not come from network drives, and
//! a file that is still being written has to be looked at twice anyway.

use crate::{
    core::Core,
    intake::{self, Place},
    view::{AfterWatch, WatchView},
};
use domain::BatchId;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::UNIX_EPOCH,
};
use tokio::sync::Notify;
use uuid::Uuid;

/// The key under which the store keeps what is watched.
const KEY: &str = "watch";
/// The folder beside a file that it goes into afterwards.
const QUEUED: &str = "queued";
/// The most files that are known of one folder.
const MOST_FILES: usize = 50_000;

/// What tells one state of a file from another: its size and when it was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    bytes: u64,
    changed_ms: u64,
}

/// What is watched, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Watched {
    folder: Option<PathBuf>,
    after: AfterWatch,
    /// Files that were taken, or were there before the folder was watched.
    taken: BTreeMap<String, Mark>,
    /// What is being queued: after a kill it is queued under the same id, so nothing comes twice.
    #[serde(default)]
    pending: Option<(BatchId, Vec<(String, Mark)>)>,
}

/// The watched folder.
#[derive(Default)]
pub struct Watch {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    watched: Watched,
    trouble: Option<String>,
    count: u32,
    /// Files as they were at the last look: those that are the same now are whole.
    seen: BTreeMap<String, Mark>,
}

impl Watch {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is watched, for the page.
    pub fn view(&self) -> WatchView {
        let state = self.lock();
        WatchView {
            folder: state.watched.folder.as_ref().map(|folder| folder.display().to_string()),
            after: state.watched.after,
            trouble: state.trouble.clone(),
            taken: state.count,
        }
    }

    /// Watches another folder, or none. What is in it already stays as it is: only what is put there
    /// from now on is queued.
    ///
    /// # Errors
    /// A sentence when the folder cannot be read, or the database cannot be written.
    pub async fn set(
        &self,
        core: &Core,
        folder: Option<PathBuf>,
        after: AfterWatch,
    ) -> Result<(), String> {
        if folder.is_some() && self.lock().watched.folder == folder {
            return self.set_after(core, after).await;
        }
        let taken = match &folder {
            Some(folder) => list(folder).map_err(|error| cannot_read(folder, &error))?,
            None => BTreeMap::new(),
        };
        let watched = Watched { folder, after, taken, pending: None };
        store(core, &watched).await?;
        *self.lock() = State { watched, ..State::default() };
        self.changed.notify_one();
        Ok(())
    }

    /// Does something else with files from now on. What is being taken goes on.
    async fn set_after(&self, core: &Core, after: AfterWatch) -> Result<(), String> {
        let before = std::mem::replace(&mut self.lock().watched.after, after);
        let stored = self.store(core).await;
        if stored.is_err() {
            self.lock().watched.after = before;
        }
        stored
    }

    /// Reads what was watched. Before anything can be set: it would be undone.
    pub async fn load(&self, core: &Core) {
        match core.store.get_value(KEY).await {
            Ok(Some(json)) => match serde_json::from_str(&json) {
                Ok(watched) => self.lock().watched = watched,
                Err(error) => tracing::error!(%error, "what is watched cannot be read"),
            },
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "what is watched cannot be read"),
        }
    }

    /// Watches until the engine stops.
    pub async fn run(self: Arc<Self>, core: Arc<Core>) {
        loop {
            let folder = self.lock().watched.folder.clone();
            let Some(folder) = folder else {
                self.changed.notified().await;
                continue;
            };
            self.look(&core, &folder).await;
            tokio::select! {
                () = self.changed.notified() => {}
                () = tokio::time::sleep(core.pace.watch) => {}
            }
        }
    }

    async fn look(&self, core: &Core, folder: &Path) {
        let listing = folder.to_owned();
        let listed = tokio::task::spawn_blocking(move || list(&listing)).await;
        let there = match listed {
            Ok(Ok(there)) => there,
            Ok(Err(error)) => {
                self.lock().trouble = Some(cannot_read(folder, &error));
                return;
            }
            Err(error) => {
                tracing::error!(%error, "the watched folder could not be listed");
                return;
            }
        };
        let whole = {
            let mut state = self.lock();
            state.trouble = None;
            // What is gone is forgotten: a file put there again is new.
            state.watched.taken.retain(|name, _| there.contains_key(name));
            let taken = state.watched.taken.clone();
            let seen = std::mem::replace(&mut state.seen, there.clone());
            let new = there.into_iter().filter(|(name, mark)| taken.get(name) != Some(mark));
            new.filter(|(name, mark)| seen.get(name) == Some(mark)).collect::<Vec<_>>()
        };
        let left = self.lock().watched.pending.clone();
        let new =
            whole.chunks(intake::MAX_FILES).map(|part| (BatchId(Uuid::now_v7()), part.to_vec()));
        let left_over = left.into_iter();
        for (batch, files) in left_over.chain(new) {
            if let Err(why) = self.take(core, folder, batch, files).await {
                tracing::error!(why, "files of the watched folder could not be queued");
                self.lock().trouble = Some(why);
                return;
            }
        }
    }

    /// Queues files, remembers that, and only then does with them what is wanted.
    async fn take(
        &self,
        core: &Core,
        folder: &Path,
        batch: BatchId,
        files: Vec<(String, Mark)>,
    ) -> Result<(), String> {
        let files: Vec<_> = {
            let mut state = self.lock();
            let taken = &state.watched.taken;
            let new = files.into_iter().filter(|(name, mark)| taken.get(name) != Some(mark));
            let new: Vec<_> = new.collect();
            state.watched.pending = (!new.is_empty()).then(|| (batch, new.clone()));
            new
        };
        if files.is_empty() {
            return Ok(());
        }
        self.store(core).await?;
        let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
        let looked = intake::look_at_files(core, paths).await?;
        let report = intake::queue(core, batch, looked, Place::default())
            .await
            .map_err(|error| error.to_string())?;
        let queued: Vec<_> = report.items.iter().filter(|item| item.job_id.is_some()).collect();
        let mut done: Vec<PathBuf> =
            queued.iter().filter_map(|item| item.path.as_ref().map(PathBuf::from)).collect();
        // A saved queue is one file with many jobs.
        done.dedup();
        let after = {
            let mut state = self.lock();
            state.watched.taken.extend(files);
            state.watched.pending = None;
            state.count += u32::try_from(done.len()).unwrap_or(0);
            state.watched.after
        };
        self.store(core).await?;
        core.hub.announce(report);
        let putting = move || done.iter().find_map(|path| put_away(path, after).err());
        match tokio::task::spawn_blocking(putting).await {
            Ok(None) => Ok(()),
            Ok(Some(why)) => Err(why),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn store(&self, core: &Core) -> Result<(), String> {
        let watched = self.lock().watched.clone();
        store(core, &watched).await
    }
}

async fn store(core: &Core, watched: &Watched) -> Result<(), String> {
    let json = serde_json::to_string(watched).map_err(|error| error.to_string())?;
    core.store.set_value(KEY, &json).await.map_err(|error| error.to_string())
}

fn cannot_read(folder: &Path, error: &io::Error) -> String {
    format!(
        "The watched folder {} cannot be read ({error}). It is looked at again every few seconds.",
        folder.display()
    )
}

/// The files in a folder, without those that are hidden.
fn list(folder: &Path) -> io::Result<BTreeMap<String, Mark>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)?.take(MOST_FILES) {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A file may be gone by now.
        let Ok(meta) = entry.metadata() else { continue };
        if name.starts_with('.') || !meta.is_file() {
            continue;
        }
        let changed = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let changed_ms = changed.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0));
        files.insert(name, Mark { bytes: meta.len(), changed_ms });
    }
    Ok(files)
}

/// Does with a file what is wanted once it is queued. Nothing is ever overwritten.
fn put_away(path: &Path, after: AfterWatch) -> Result<(), String> {
    match after {
        AfterWatch::Leave => Ok(()),
        AfterWatch::Move => move_to_queued(path).map_err(|error| {
            format!("{} is queued, but could not be moved: {error}.", path.display())
        }),
        AfterWatch::Bin => trash::delete(path).map_err(|error| {
            format!("{} is queued, but could not be put into the bin: {error}.", path.display())
        }),
    }
}

fn move_to_queued(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
    let into = folder.join(QUEUED);
    fs::create_dir_all(&into)?;
    let stem = path.file_stem().unwrap_or(name).to_string_lossy();
    let extension = path.extension().map(|extension| extension.to_string_lossy());
    let mut target = into.join(name);
    for number in 2..10_000 {
        if !target.exists() {
            break;
        }
        let name = match &extension {
            Some(extension) => format!("{stem} ({number}).{extension}"),
            None => format!("{stem} ({number})"),
        };
        target = into.join(name);
    }
    fs::rename(path, target)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_moved_file_overwrites_nothing() {
        let dir = tempfile::tempdir().unwrap();
        for text in ["one", "two", "three"] {
            let path = dir.path().join("a.json");
            fs::write(&path, text).unwrap();
            put_away(&path, AfterWatch::Move).unwrap();
        }
        let read = |name: &str| fs::read_to_string(dir.path().join(QUEUED).join(name)).unwrap();
        assert_eq!(read("a.json"), "one");
        assert_eq!(read("a (2).json"), "two");
        assert_eq!(read("a (3).json"), "three");
        assert!(list(dir.path()).unwrap().is_empty(), "what was moved is not in the folder's list");
    }
}
