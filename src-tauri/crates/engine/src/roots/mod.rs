//! The folders of the library: where outputs are put, and those that the artist added as they are.
//! Each has a keeper ([`keeper`]) that scans and watches it; nothing in them is ever changed.

mod anew;
mod asks;
mod beside;
mod compare;
mod contents;
pub mod fits;
pub mod in_place;
mod keeper;
pub mod leaving;
mod look;
mod mounts;
pub mod names;
mod problems;
mod progress;
pub mod pulse;
mod read;
mod recipe;
mod saver;
mod scan;
mod taking_in;
pub mod threads;
mod values;
mod walk;
mod watching;

pub use pulse::Pulse;
pub use recipe::recipe_of;
pub use values::fill_values;
pub use walk::{Identity, changed_ns, inode};

use crate::{
    core::Core,
    tasks::Tasks,
    time::now_ms,
    view::{Fact, RootState, RootView, ScanReport},
};
use asks::Asks;
use keeper::{Hanging, Keeper};
use progress::{Progress, Standing};
use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};
use store::{RootId, RootKind, RootRow, StoreError};
use tokio::sync::{Mutex, Notify};

/// The page is told of folders at most this often.
const SHOWN_EVERY: Duration = Duration::from_millis(200);

/// A burst of changes in a folder is over when nothing was heard for so long.
const QUIET: Duration = Duration::from_millis(400);
/// The same for folders that outputs are put into.
const QUIET_OWN: Duration = Duration::from_secs(4);
/// Problems of a folder that facts tell; all that are kept come with [`Roots::views`].
const TOLD_PROBLEMS: usize = 20;

/// The folders of the library, and what is going on there.
#[derive(Default)]
pub struct Roots {
    kept: Mutex<BTreeMap<RootId, Kept>>,
    changed: Arc<Notify>,
}

struct Kept {
    row: RootRow,
    asks: Arc<Asks>,
    progress: Arc<Progress>,
    hanging: Hanging,
    tasks: Tasks,
}

impl Roots {
    /// Begins to keep every folder that the store knows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn begin(&self, core: &Arc<Core>) -> Result<(), StoreError> {
        let mut reports: BTreeMap<RootId, ScanReport> = BTreeMap::new();
        for import in core.store.imports().await? {
            match serde_json::from_str(&import.about) {
                Ok(report) => {
                    reports.insert(import.root, report);
                }
                Err(error) => tracing::warn!(%error, "the report of a scan cannot be read"),
            }
        }
        for row in core.store.roots().await? {
            let report = reports.remove(&row.id).unwrap_or_default();
            self.keep(core, row, report, Hanging::default()).await;
        }
        Ok(())
    }

    /// Tells the page of changes until the engine stops.
    pub async fn tell(&self, core: &Core) {
        loop {
            self.changed.notified().await;
            let mut roots = self.views().await;
            for root in &mut roots {
                shorten(&mut root.report);
            }
            core.hub.publish(vec![Fact::RootsChanged { roots }]);
            tokio::time::sleep(SHOWN_EVERY).await;
        }
    }

    /// All folders, as the page sees them.
    pub async fn views(&self) -> Vec<RootView> {
        self.kept.lock().await.values().map(view).collect()
    }

    /// The folders as they are stored.
    pub async fn rows(&self) -> Vec<RootRow> {
        self.kept.lock().await.values().map(|kept| kept.row.clone()).collect()
    }

    /// Makes sure that a folder of outputs is kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn own(&self, core: &Arc<Core>, path: &Path) -> Result<RootId, StoreError> {
        let path = names::bytes_of_path(path);
        let id = core.store.put_root(RootKind::Own, &path, now_ms()).await?;
        let kept = self.kept.lock().await.get(&id).map(|kept| kept.row.kind);
        match kept {
            Some(RootKind::Own) => {}
            // The artist said whether it is watched.
            Some(RootKind::Imported) => {
                self.renew(core, id).await?;
            }
            None => {
                core.store.set_root_watched(id, true).await?;
                self.renew(core, id).await?;
            }
        }
        Ok(id)
    }

    /// The number of a folder of outputs.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn own_at(&self, core: &Core, path: &Path) -> Result<RootId, StoreError> {
        let path = names::bytes_of_path(path);
        let kept = self.kept.lock().await;
        match kept.values().find(|kept| kept.row.path == path) {
            Some(kept) => Ok(kept.row.id),
            // Kept from the next start on, or when it is chosen.
            None => core.store.put_root(RootKind::Own, &path, now_ms()).await,
        }
    }

    /// Keeps a folder as it is stored now: it is new, or its settings changed. What is under way there
    /// begins anew. Answers with how it looks, or nothing if there is none of this number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn renew(
        &self,
        core: &Arc<Core>,
        id: RootId,
    ) -> Result<Option<RootView>, StoreError> {
        let row = core.store.roots().await?.into_iter().find(|row| row.id == id);
        let (report, hanging) = self.let_go(id).await.unwrap_or_default();
        let Some(row) = row else { return Ok(None) };
        self.keep(core, row, report, hanging).await;
        self.changed.notify_one();
        Ok(self.kept.lock().await.get(&id).map(view))
    }

    /// Says that so many more outputs lie in a folder.
    pub async fn stored(&self, id: RootId, places: u32) {
        if let Some(kept) = self.kept.lock().await.get(&id) {
            kept.progress.stored(places);
        }
    }

    /// Adds files that are damaged to the reports of the folders that they lie in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tell_damage(&self, core: &Core) -> Result<(), StoreError> {
        let kept: Vec<(RootId, Arc<Progress>)> =
            self.kept.lock().await.iter().map(|(id, kept)| (*id, kept.progress.clone())).collect();
        for (id, progress) in kept {
            progress.add_problems(problems::damaged(&core.store, id).await?);
        }
        Ok(())
    }

    /// Scans a folder, if it is kept and not paused. Answers whether it is there.
    pub async fn scan(&self, id: RootId) -> bool {
        let kept = self.kept.lock().await;
        kept.get(&id).inspect(|kept| kept.asks.whole()).is_some()
    }

    /// Looks at a file or a folder below a folder, if that is kept and not paused.
    pub async fn look_at(&self, id: RootId, part: Vec<u8>) {
        if let Some(kept) = self.kept.lock().await.get(&id) {
            kept.asks.part(part);
        }
    }

    /// Stops keeping a folder. Answers with its last report.
    pub async fn let_go(&self, id: RootId) -> Option<(ScanReport, Hanging)> {
        let kept = self.kept.lock().await.remove(&id)?;
        kept.tasks.stop().await;
        self.changed.notify_one();
        Some((kept.progress.get().report, kept.hanging))
    }

    /// Stops keeping all folders.
    pub async fn stop(&self) {
        let kept = std::mem::take(&mut *self.kept.lock().await);
        for kept in kept.into_values() {
            kept.tasks.stop().await;
        }
    }

    async fn keep(&self, core: &Arc<Core>, row: RootRow, report: ScanReport, hanging: Hanging) {
        let state = if row.paused {
            RootState::Paused
        } else if row.away {
            RootState::Away
        } else {
            RootState::Idle
        };
        let standing = Standing {
            state,
            seen: 0,
            to_read: 0,
            unread: 0,
            read: 0,
            assets: row.assets,
            scanned_at: row.scanned_at,
            trouble: None,
            unwatched: None,
            report,
        };
        let progress = Arc::new(Progress::new(standing, self.changed.clone()));
        // What jobs make is in the library a moment after it is in the folder.
        let quiet = if row.kind == RootKind::Own { QUIET_OWN } else { QUIET };
        let asks = Arc::new(Asks::new(quiet));
        let tasks = core.tasks.child();
        let keeper = Keeper {
            core: core.clone(),
            row: row.clone(),
            asks: asks.clone(),
            progress: progress.clone(),
            hanging: hanging.clone(),
        };
        tasks.spawn_until_stopped(keeper.run());
        self.kept.lock().await.insert(row.id, Kept { row, asks, progress, hanging, tasks });
    }
}

/// Whether a folder is there. Where a drive is not mounted there may be an empty one.
pub fn is_there(root: &Path) -> bool {
    std::fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some())
}

/// Facts are many and kept for a while: they have the first problems only.
fn shorten(report: &mut ScanReport) {
    let more = report.problems.len().saturating_sub(TOLD_PROBLEMS);
    report.problems.truncate(TOLD_PROBLEMS);
    report.more_problems = report.more_problems.saturating_add(u32::try_from(more).unwrap_or(0));
}

fn view(kept: &Kept) -> RootView {
    let now = kept.progress.get();
    RootView {
        id: kept.row.id.0,
        path: names::path_of(&kept.row.path).display().to_string(),
        own: kept.row.kind == RootKind::Own,
        watched: kept.row.watched,
        state: now.state,
        seen: now.seen,
        to_read: now.to_read,
        unread: now.unread,
        read: now.read,
        assets: now.assets,
        scanned_at: now.scanned_at,
        trouble: now.trouble.or(now.unwatched),
        report: now.report,
    }
}
