//! Moving the library to another folder, file by file: linked or copied, read back, its place in the
//! database switched, and only then deleted where it was. New outputs go to the new folder from the
//! first moment.

use super::{
    AT_ONCE, Halt, called,
    carry::{Moving, check},
    go_on, off,
};
use crate::{
    core::Core,
    roots::{leaving, names},
    view::{WorkKind, WorkView},
    work::Progress,
};
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{OwnFile, PlaceSwitch, RootId, RootRow, Store, StoreError};

/// Where a move is stored that is not finished.
pub const MOVING: &str = "library-move";
/// What is said where other work on the library goes on.
pub const BUSY: &str =
    "The library is being backed up, read back or moved. Wait until that is done, or stop it.";

/// A move that is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveRecord {
    /// The root it is moved from.
    pub from: i64,
    /// The root it is moved to.
    pub to: i64,
    /// It was stopped, or could not go on: it waits for the artist.
    pub stopped: bool,
}

impl MoveRecord {
    /// The move that is stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(store: &Store) -> Result<Option<Self>, StoreError> {
        let stored = store.get_value(MOVING).await?;
        Ok(stored.and_then(|stored| serde_json::from_str(&stored).ok()))
    }

    async fn write(self, store: &Store) -> Result<(), StoreError> {
        // Numbers always become JSON.
        store.set_value(MOVING, &serde_json::to_string(&self).unwrap_or_default()).await
    }
}

/// Where the library is moved to, if `library` is the folder that it is moved from: the program ended
/// before its settings were written.
///
/// # Errors
/// When the database cannot be read.
pub async fn target(store: &Store, library: &Path) -> Result<Option<PathBuf>, StoreError> {
    let Some(record) = MoveRecord::read(store).await? else { return Ok(None) };
    let roots = store.roots().await?;
    let path =
        |id| roots.iter().find(|root| root.id.0 == id).map(|root| names::path_of(&root.path));
    Ok((path(record.from).as_deref() == Some(library)).then(|| path(record.to)).flatten())
}

/// Begins to move the library to a folder that is there. New outputs go there at once.
///
/// # Errors
/// A sentence when that cannot be; nothing has changed then.
pub async fn begin(core: &Arc<Core>, to: PathBuf) -> Result<WorkView, String> {
    let old = core.library.root();
    let stored = |error: StoreError| format!("Safelight's database could not be written: {error}");
    let from = core.roots.own_at(core, &old).await.map_err(stored)?;
    let (files, bytes) = core.store.root_total(from).await.map_err(stored)?;
    let (here, there) = (old.clone(), to.clone());
    off(move || check(&here, &there, files, bytes).map_err(Halt::Failed))
        .await
        .map_err(sentence)?;
    // The folder is looked for from now on, and not made anew when its drive is not there.
    let made = format!("library-made:{}", to.display());
    core.store.set_value(&made, "1").await.map_err(stored)?;
    let to_id = core.roots.own(core, &to).await.map_err(stored)?;
    let record = MoveRecord { from: from.0, to: to_id.0, stopped: false };
    record.write(&core.store).await.map_err(stored)?;
    core.library.set_root(to);
    core.publish_library().await;
    core.book.wake_all();
    start(core, record).await.map_err(stored)?.ok_or_else(|| BUSY.to_owned())
}

/// Goes on with a move that was stopped or killed.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn go_on_moving(core: &Arc<Core>) -> Result<Option<WorkView>, StoreError> {
    let Some(record) = MoveRecord::read(&core.store).await? else { return Ok(None) };
    let record = MoveRecord { stopped: false, ..record };
    record.write(&core.store).await?;
    start(core, record).await
}

/// Goes on with a move that a kill broke off.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn resume(core: &Arc<Core>) -> Result<(), StoreError> {
    if MoveRecord::read(&core.store).await?.is_some_and(|record| !record.stopped) {
        go_on_moving(core).await?;
    }
    Ok(())
}

fn sentence(halt: Halt) -> String {
    match halt {
        Halt::Stopped => "It was stopped.".to_owned(),
        Halt::Failed(why) => why,
    }
}

async fn start(core: &Arc<Core>, record: MoveRecord) -> Result<Option<WorkView>, StoreError> {
    let roots = core.store.roots().await?;
    let root = |id: i64| roots.iter().find(|root| root.id.0 == id).cloned();
    let (Some(from), Some(to)) = (root(record.from), root(record.to)) else {
        core.store.forget_value(MOVING).await?;
        return Ok(None);
    };
    let title = format!("Moving the library to {}", called(&names::path_of(&to.path)));
    let moving = core.clone();
    let work = |progress| async move { run(moving, from, to, record, progress).await };
    Ok(core.works.begin_alone(&core.tasks, WorkKind::Move, title, work))
}

async fn run(
    core: Arc<Core>,
    from: RootRow,
    to: RootRow,
    record: MoveRecord,
    progress: Progress,
) -> Result<Option<String>, String> {
    let moved = move_all(&core, &from, &to, &progress).await;
    let shown = names::path_of(&to.path).display().to_string();
    let answer = match moved {
        Ok(0) => {
            core.library_away();
            return Ok(Some(shown));
        }
        Ok(left) => Err(format!(
            "{left} files stay in {}; each is named with what is in its way.",
            names::path_of(&from.path).display()
        )),
        Err(halt) => halt.answer(),
    };
    let waits = MoveRecord { stopped: true, ..record };
    let stored = match waits.write(&core.store).await {
        Ok(()) => pause(&core, from.id, false).await,
        Err(error) => Err(error),
    };
    if let Err(error) = stored {
        tracing::error!(%error, "that the move of the library stopped could not be stored");
    }
    core.library_moved();
    answer
}

/// Sets whether the folder that is moved from is kept: its files vanish one by one.
async fn pause(core: &Arc<Core>, from: RootId, paused: bool) -> Result<(), StoreError> {
    core.store.set_root_paused(from, paused).await?;
    core.roots.renew(core, from).await.map(drop)
}

/// Moves everything. Answers with how many files stay.
async fn move_all(
    core: &Arc<Core>,
    from: &RootRow,
    to: &RootRow,
    progress: &Progress,
) -> Result<u32, Halt> {
    let store = &core.store;
    let moving = Arc::new(Moving::new(from, to, progress));
    pause(core, from.id, true).await?;
    let (files, bytes) = store.root_total(from.id).await?;
    let begun = moving.clone();
    off(move || begun.begin(files, bytes)).await?;
    loop {
        let mut after: Option<OwnFile> = None;
        let mut moved = 0;
        loop {
            go_on(progress)?;
            // What the bin deletes between the copy and the switch would come back with the copy.
            let _held = core.bin.hold().await;
            let files = store.own_files(Some(from.id), after.as_ref(), AT_ONCE).await?;
            let Some(last) = files.last().cloned() else { break };
            after = Some(last);
            moved += page(core, to.id, &moving, files).await?;
            core.library_moved();
        }
        let (left, _) = store.root_total(from.id).await?;
        if left == 0 {
            break;
        }
        // A job that ended just when it began may have put something there.
        if moved == 0 {
            return Ok(left);
        }
    }
    let folders = store.root_folders(from.id).await?;
    core.roots.let_go(from.id).await;
    off(move || {
        moving.clear(folders);
        Ok(())
    })
    .await?;
    store.leave_root(from.id).await?;
    leaving::take_out(core, from.id).await?;
    store.forget_value(MOVING).await?;
    Ok(0)
}

/// Moves some files. Answers with how many are where they belong now.
async fn page(
    core: &Core,
    to: RootId,
    moving: &Arc<Moving>,
    files: Vec<OwnFile>,
) -> Result<usize, Halt> {
    let carrying = moving.clone();
    // What was carried before something went wrong is switched all the same.
    let (carried, halt) = off(move || Ok(carrying.carry(files))).await?;
    let switches: Vec<PlaceSwitch> = carried.iter().map(|one| one.switch.clone()).collect();
    let switched = core.store.switch_places(&switches).await?;
    let count = switched.iter().filter(|switched| **switched).count();
    core.roots.stored(to, u32::try_from(count).unwrap_or(u32::MAX)).await;
    let leaving = moving.clone();
    off(move || {
        for (one, switched) in carried.iter().zip(switched) {
            leaving.leave(one, switched);
        }
        Ok(())
    })
    .await?;
    match halt {
        Some(halt) => Err(halt),
        None => Ok(count),
    }
}
