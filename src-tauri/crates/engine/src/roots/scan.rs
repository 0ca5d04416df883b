//! A scan: a look at a folder, then reading what is new, a chunk after the other: what is changed, then
//! the heads of new files, then their contents. What is stored is not read again, so a scan that was
//! broken off at any moment is just begun anew.

use super::{
    anew,
    asks::Asks,
    beside::{self, Beside},
    compare::Known,
    contents,
    look::{self, Before, Looked, Unsettled, look, may_be_unplugged},
    problems::{Problems, damaged},
    progress::Progress,
    pulse::Pulse,
    read::Depth,
    taking_in::CHUNK,
    threads::{self, Hitch},
    walk::is_gone,
};
use crate::{core::Core, library::delete_left_parts, view::ScanReport};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use store::{RootId, StoreError};

/// Sidecars read and stored together.
const SIDECARS: usize = 500;
/// How long the index is let follow alone, at most. It takes longer where it is read anew just then.
const FOLLOW_MOST: Duration = Duration::from_secs(10);
/// How long is looked whether drives are there below the folder, at most.
const GHOSTS_MOST: Duration = Duration::from_secs(30);

/// What is scanned.
pub struct Scan {
    /// The folder's number.
    pub root: RootId,
    /// Where it lies.
    pub path: PathBuf,
    /// Outputs are put there: leavings of ours may be in it.
    pub own: bool,
    /// Folders of the library in it, which are scanned by themselves.
    pub inner: Vec<PathBuf>,
    /// Parts that are looked at: folders and files below it. One empty path is all of it.
    pub parts: Vec<Vec<u8>>,
    /// Files that were being written at the last look.
    pub unsettled: Unsettled,
    /// Stops it, and tells whether it lives.
    pub pulse: Pulse,
    /// What else is to be looked at: contents wait for it.
    pub asks: Arc<Asks>,
    /// Where it tells how far it is.
    pub progress: Arc<Progress>,
}

/// How a scan ended.
#[derive(Debug)]
pub enum End {
    /// It went through to the end.
    Done,
    /// The folder is not there, or does not answer; the sentence says which.
    Away(String),
    /// It was stopped.
    Stopped,
    /// It could not go on; why.
    Failed(String),
}

/// What a scan leaves.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub end: End,
    /// What it found so far.
    pub report: ScanReport,
    /// Files that somebody still writes.
    pub later: Unsettled,
    /// Links to folders that it went through, if it came so far.
    pub links: Option<Vec<Vec<u8>>>,
    /// Files that were read, with nothing wrong about them.
    pub whole: Vec<Vec<u8>>,
}

/// Why a scan does not go on.
pub(super) enum Broken {
    Hitch(Hitch),
    Store(StoreError),
}

impl From<Hitch> for Broken {
    fn from(hitch: Hitch) -> Self {
        Self::Hitch(hitch)
    }
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Stops the threads of a scan that is dropped in the middle.
struct StopOnDrop(Pulse);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// What a scan found so far.
#[derive(Default)]
pub(super) struct Tally {
    pub report: ScanReport,
    pub problems: Problems,
    pub later: Unsettled,
    pub links: Option<Vec<Vec<u8>>>,
    pub whole: Vec<Vec<u8>>,
}

impl Scan {
    /// Whether it looks at the whole folder.
    pub fn is_whole(&self) -> bool {
        self.parts.iter().any(Vec::is_empty)
    }

    /// Does it.
    pub async fn run(self, core: &Core) -> Ended {
        let _guard = StopOnDrop(self.pulse.clone());
        let mut tally = Tally::default();
        let end = match self.go(core, &mut tally).await {
            Ok(()) => End::Done,
            Err(Broken::Store(error)) => End::Failed(format!(
                "What was found could not be stored ({error}). Is the disk full? It is tried again."
            )),
            Err(Broken::Hitch(Hitch::Stopped)) => End::Stopped,
            Err(Broken::Hitch(Hitch::Hangs)) => End::Away(format!(
                "{} does not answer. Its pictures stay in the library, and it is looked at again later.",
                self.path.display()
            )),
            Err(Broken::Hitch(Hitch::Io(error))) => not_there(&self.path, &error),
        };
        let Tally { mut report, problems, later, links, whole } = tally;
        (report.problems, report.more_problems) = problems.into_parts();
        Ended { end, report, later, links, whole }
    }

    async fn go(&self, core: &Core, tally: &mut Tally) -> Result<(), Broken> {
        let patience = core.pace.answer;
        let known = if self.is_whole() {
            core.store.root_places(self.root).await?
        } else {
            core.store.root_places_in(self.root, &self.parts).await?
        };
        if self.is_whole() && known.is_empty() {
            anew::all_new(self, core).await?;
        }
        let known_mounts = core.store.mounts(self.root).await?;
        let (path, inner, mounts) = (self.path.clone(), self.inner.clone(), known_mounts.clone());
        let (parts, unsettled) = (self.parts.clone(), self.unsettled.clone());
        let settle = core.pace.settle_files;
        let looking = threads::run(&self.pulse, patience, move |pulse| {
            let known = Known::new(known);
            let before = Before { known: &known, mounts: &mounts, unsettled: &unsettled };
            look(&path, &inner, &parts, before, settle, pulse)
        });
        let looked = self.shown_while(looking).await?;
        if looked.emptied {
            let missing = io::Error::from(io::ErrorKind::NotFound);
            return Err(Hitch::Io(missing).into());
        }
        let Looked { changes, later, sidecars, seen, passed_over, problems, .. } = looked;
        let (mounts, remote) = (looked.mounts, looked.remote);
        tally.links = Some(looked.links);
        if self.own && !looked.not_whole.is_empty() {
            let sweeping = threads::run(&self.pulse, patience, move |_| {
                delete_left_parts(&looked.not_whole);
                Ok(())
            });
            sweeping.await?;
        }
        if mounts != known_mounts {
            core.store.set_mounts(self.root, &mounts).await?;
            if mounts.iter().chain(&known_mounts).any(|mount| mount.away) {
                core.library_away();
            }
        }
        tally.report.passed_over = passed_over;
        tally.report.missing = u32::try_from(changes.gone.len()).unwrap_or(u32::MAX);
        tally.problems = problems;
        tally.later = later.into_iter().map(|file| (file.path.clone(), file)).collect();
        // Renamed files are the same ones: nothing of them is read.
        let renamed = core.store.move_places(self.root, &changes.moved).await?;
        tally.report.moved = renamed;
        for numbers in changes.numbers.chunks(CHUNK) {
            core.store.set_inodes(self.root, numbers).await?;
        }
        let mut moved = renamed;
        moved += core.store.set_missing(self.root, &changes.gone, true).await?;
        moved += core.store.set_missing(self.root, &changes.back, false).await?;
        if moved > 0 {
            core.library_moved();
        }
        if self.is_whole() {
            self.progress.looked(seen, changes.changed.len() + changes.new.len());
        }
        let reads = !changes.changed.is_empty() || !changes.new.is_empty();
        let rest = reads.then(|| core.thumbs.rest());
        self.read_all(core, changes.changed, Depth::Whole, threads::all_cores(), tally).await?;
        let some_new = !changes.new.is_empty();
        // Storing takes as long as reading heads does on a core. From another machine reading is waiting.
        let threads = if remote { threads::all_cores() } else { threads::all_but_one() };
        self.read_all(core, changes.new, Depth::Head, threads, tally).await?;
        if some_new {
            // All can be found; what follows is about what is known already, and leaves the cores to that.
            core.library_moved_all();
            let followed = core.finder.wait_until_followed();
            if core.finder.is_whole() && tokio::time::timeout(FOLLOW_MOST, followed).await.is_err()
            {
                tracing::debug!("a scan goes on before the index has followed");
            }
        }
        drop(rest);
        self.read_sidecars(core, sidecars, tally).await?;
        anew::read_all(self, core).await?;
        contents::read_all(self, core, tally).await?;
        let moved = core.store.forget_moved(self.root).await?;
        // What vanished before it was read whole can never be known again; where it was moved to, it is new.
        if self.is_whole() && self.forget_ghosts(core).await? > 0 {
            core.library_moved();
        }
        if moved > 0 {
            core.library_moved();
            tally.report.moved += moved;
            tally.report.missing = tally.report.missing.saturating_sub(moved);
            tally.report.same = tally.report.same.saturating_sub(moved);
            self.progress.forgot(moved);
        }
        if self.is_whole() {
            tally.problems.extend(damaged(&core.store, self.root).await?);
        }
        // Also what sidecars say.
        core.library_moved_all();
        Ok(())
    }

    /// Forgets files that vanished before they were read whole, but not where a drive may be unplugged.
    async fn forget_ghosts(&self, core: &Core) -> Result<u32, StoreError> {
        let mut folders = core.store.ghost_folders(self.root).await?;
        if folders.is_empty() {
            return Ok(0);
        }
        let (root, mounts) = (self.path.clone(), core.store.mounts(self.root).await?);
        let looking = tokio::task::spawn_blocking(move || {
            folders.retain(|(_, path)| !may_be_unplugged(&root, &mounts, path));
            folders.into_iter().map(|(id, _)| id).collect::<Vec<i64>>()
        });
        // A drive that falls silent just then has lost nothing.
        let looked = tokio::time::timeout(GHOSTS_MOST, looking).await;
        let Ok(Ok(folders)) = looked else { return Ok(0) };
        core.store.forget_ghosts(&folders).await
    }

    /// Shows how many files were seen while a look goes on.
    async fn shown_while<T>(&self, looking: impl Future<Output = T>) -> T {
        tokio::pin!(looking);
        let mut tick = tokio::time::interval(super::SHOWN_EVERY);
        loop {
            tokio::select! {
                looked = &mut looking => return looked,
                _ = tick.tick(), if self.is_whole() => self.progress.seen(self.pulse.seen()),
            }
        }
    }

    /// Makes sure that files are gone, and not the folder.
    pub(super) async fn still_there(&self, core: &Core) -> Result<(), Hitch> {
        let path = self.path.clone();
        threads::run(&self.pulse, core.pace.answer, move |_| look::still_there(&path)).await
    }

    /// Reads the sidecars that are new or changed. What is wrong with others is told at each scan.
    async fn read_sidecars(
        &self,
        core: &Core,
        mut sidecars: Vec<Beside>,
        tally: &mut Tally,
    ) -> Result<(), Broken> {
        if sidecars.is_empty() {
            return Ok(());
        }
        let known = core.store.sidecars(self.root).await?;
        sidecars
            .retain(|Beside { of, file }| known.get(of) != Some(&(file.bytes, file.changed_ns)));
        for some in sidecars.chunks(SIDECARS) {
            let (path, some) = (self.path.clone(), some.to_vec());
            let reading = threads::run(&self.pulse, core.pace.answer, move |pulse| {
                beside::read(&path, &some, pulse)
            });
            let (read, problems) = reading.await?;
            tally.problems.extend(problems);
            tally.report.sidecars += u32::try_from(read.len()).unwrap_or(u32::MAX);
            if core.store.take_sidecars(self.root, &read).await? > 0 {
                core.library_moved();
            }
        }
        Ok(())
    }
}

fn not_there(path: &Path, error: &io::Error) -> End {
    let shown = path.display();
    if is_gone(error) {
        return End::Away(format!(
            "{shown} is not there, or is empty where pictures were. Connect its drive, or say where it lies now. Its pictures stay in the library."
        ));
    }
    match error.kind() {
        io::ErrorKind::PermissionDenied => End::Away(format!(
            "Safelight may not read {shown}. Change its rights, then scan it again."
        )),
        _ => End::Away(format!("{shown} cannot be read ({error}). It is looked at again later.")),
    }
}
