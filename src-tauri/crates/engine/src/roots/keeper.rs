//! What is done about one folder, from the start of the engine to its stop: it is scanned, watched, and
//! waited for while it is away.

use super::{
    asks::Asks,
    look::Unsettled,
    mounts, names,
    problems::Problems,
    progress::Progress,
    pulse::Pulse,
    scan::{End, Ended, Scan},
    threads::{self, Hitch},
    watching::{Watching, is_remote},
};
use crate::{
    core::Core,
    time::now_ms,
    view::{RootState, ScanReport},
};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use store::{ImportState, MountRow, RootKind, RootRow, StoreError};
use tokio::time::{Instant, sleep_until};

/// Where the system tells of changes the whole folder is still scanned from time to time, for files that
/// are only linked: every so many of the pauses that are made where it does not.
const HEARD_PAUSES: u32 = 12;
/// Scans that hang at a drive; while there are so many, none is begun.
const MOST_HANGING: usize = 2;

/// Pulses of scans whose threads may still hang at a drive.
pub type Hanging = Arc<Mutex<Vec<Pulse>>>;

/// The keeper of one folder.
pub struct Keeper {
    pub core: Arc<Core>,
    pub row: RootRow,
    pub asks: Arc<Asks>,
    pub progress: Arc<Progress>,
    pub hanging: Hanging,
}

/// When which look is due.
#[derive(Default)]
struct Due {
    /// The whole folder.
    whole: Option<Instant>,
    /// Files that somebody wrote at the last look.
    unsettled: Option<Instant>,
    /// Drives that are mounted below the folder: the system does not tell of them.
    mounts: Option<Instant>,
}

impl Keeper {
    /// Keeps the folder until the engine stops or the folder's settings change.
    pub async fn run(self) {
        if self.row.paused {
            self.progress.set(|now| now.state = RootState::Paused);
            return;
        }
        let path = names::path_of(&self.row.path);
        let mut watching: Option<Watching> = None;
        let mut links = Vec::new();
        let mut unsettled = Unsettled::new();
        let mut due = Due::default();
        self.asks.whole();
        loop {
            let parts = tokio::select! {
                parts = self.asks.next() => parts,
                () = at(due.unsettled) => unsettled.keys().cloned().collect(),
                () = at(due.whole) => vec![Vec::new()],
                () = at(due.mounts) => {
                    let parts = self.changed_mounts(&path).await;
                    if parts.is_empty() {
                        due.mounts = Some(Instant::now() + self.core.pace.look_for_away);
                        continue;
                    }
                    // What was watched is what was there before.
                    watching = None;
                    parts
                }
            };
            // Before the scan: what changes after it was looked at is told.
            if self.row.watched && watching.is_none() {
                watching = self.watch(&path).await;
            }
            let whole = parts.iter().any(Vec::is_empty);
            let ended = self.scan(&path, parts, unsettled).await;
            let Ended { end, report, later, whole: settled, .. } = ended;
            unsettled = later;
            match ended.links {
                Some(seen) if whole => links = seen,
                Some(seen) => links.extend(seen),
                None => {}
            }
            if let Some(watching) = &watching {
                self.follow(watching, &mut links).await;
            }
            let now = Instant::now();
            due.unsettled = (!unsettled.is_empty()).then(|| now + self.core.pace.settle_files);
            due.whole = match &end {
                End::Done => self.next_scan(watching.as_ref(), &path).map(|pause| now + pause),
                End::Stopped => None,
                End::Away(_) | End::Failed(_) => Some(now + self.core.pace.look_for_away),
            };
            due.mounts = (matches!(end, End::Done) && !self.mounts().await.is_empty())
                .then(|| now + self.core.pace.look_for_away);
            if matches!(end, End::Away(_)) {
                // What is watched is the folder that was there, not the one that will be.
                watching = None;
            }
            if let Err(error) = self.ended(whole, end, report, &settled).await {
                tracing::error!(%error, root = %path.display(), "a scan could not be stored");
            }
        }
    }

    /// How long until the whole folder is scanned again by itself.
    fn next_scan(&self, watching: Option<&Watching>, path: &Path) -> Option<std::time::Duration> {
        let pause = self.core.pace.scan_again;
        self.row.watched.then(|| match watching {
            Some(watching) if !watching.is_deaf() && !is_remote(path) => pause * HEARD_PAUSES,
            _ => pause,
        })
    }

    async fn watch(&self, path: &Path) -> Option<Watching> {
        let (root, asks, progress) = (path.to_owned(), self.asks.clone(), self.progress.clone());
        let pulse = Pulse::default();
        let begun = threads::run(&pulse, self.core.pace.answer, move |_| {
            Ok(Watching::begin(root, asks, progress))
        });
        let (watching, unwatched) = match begun.await {
            Ok(Ok(watching)) => (Some(watching), None),
            Ok(Err(why)) => (None, why),
            Err(Hitch::Io(error)) => (None, Some(error.to_string())),
            // The scan says so, too.
            Err(Hitch::Hangs | Hitch::Stopped) => (None, None),
        };
        self.progress.set(|now| now.unwatched = unwatched);
        watching
    }

    /// Watches also what is linked. What changed there before that is looked at.
    async fn follow(&self, watching: &Watching, links: &mut Vec<Vec<u8>>) {
        links.sort_unstable();
        links.dedup();
        if watching.follows(links) {
            return;
        }
        let Some(pulse) = self.pulse() else { return };
        let (watching, links) = (watching.clone(), links.clone());
        let begun =
            threads::run(&pulse, self.core.pace.answer, move |_| Ok(watching.follow(&links)));
        for link in begun.await.unwrap_or_default() {
            self.asks.part(link);
        }
    }

    async fn mounts(&self) -> Vec<MountRow> {
        self.core.store.mounts(self.row.id).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the mounts below a folder cannot be read");
            Vec::new()
        })
    }

    /// The mounts below the folder that are not as they were: plugged in, or unplugged. None where it does
    /// not answer, which a scan says.
    async fn changed_mounts(&self, path: &Path) -> Vec<Vec<u8>> {
        let Some(pulse) = self.pulse() else { return Vec::new() };
        let (path, mounts) = (path.to_owned(), self.mounts().await);
        let looking = threads::run(&pulse, self.core.pace.answer, move |pulse| {
            mounts::changed(&path, mounts, pulse)
        });
        looking.await.unwrap_or_default()
    }

    /// A pulse for threads that may hang at the drive; none where too many do already.
    fn pulse(&self) -> Option<Pulse> {
        let mut hanging = self.hanging.lock().unwrap_or_else(PoisonError::into_inner);
        hanging.retain(|pulse| pulse.threads() > 0);
        let pulse = (hanging.len() < MOST_HANGING).then(Pulse::default);
        hanging.extend(pulse.clone());
        pulse
    }

    async fn scan(&self, path: &Path, parts: Vec<Vec<u8>>, unsettled: Unsettled) -> Ended {
        let Some(pulse) = self.pulse() else {
            let why = format!("{} does not answer.", path.display());
            let (end, report) = (End::Away(why), ScanReport::default());
            return Ended { end, report, later: unsettled, links: None, whole: Vec::new() };
        };
        // None is taken into the library in another one; some were, once.
        let mut inner = Vec::new();
        for row in self.core.roots.rows().await {
            let other = names::path_of(&row.path);
            if row.id != self.row.id && other.starts_with(path) {
                inner.push(other);
            }
        }
        let scan = Scan {
            root: self.row.id,
            path: path.to_owned(),
            own: self.row.kind == RootKind::Own,
            inner,
            parts,
            unsettled,
            pulse,
            asks: self.asks.clone(),
            progress: self.progress.clone(),
        };
        if !scan.is_whole() {
            let ended = scan.run(&self.core).await;
            self.added_many().await;
            return ended;
        }
        let mut run = None;
        if self.progress.get().state != RootState::Away {
            self.progress.set(|now| {
                (now.state, now.seen, now.to_read, now.read) = (RootState::Scanning, 0, 0, 0);
                now.unread = 0;
            });
            match self.begin_run().await {
                Ok(begun) => run = Some(begun),
                Err(error) => {
                    tracing::error!(%error, "the beginning of a scan could not be stored");
                }
            }
        }
        let mut ended = scan.run(&self.core).await;
        self.added_many().await;
        if matches!(ended.end, End::Away(_)) {
            // What was found when it was there stays the last report.
            ended.report = self.progress.get().report;
        }
        if let Some(run) = run
            && let Err(error) = self.end_run(run, &ended).await
        {
            tracing::error!(%error, "the report of a scan could not be stored");
        }
        self.progress.set(|now| now.report = ended.report.clone());
        ended
    }

    async fn added_many(&self) {
        if let Err(error) = self.core.store.added_many().await {
            tracing::warn!(%error, "SQLite stays set up for many files");
        }
    }

    async fn begin_run(&self) -> Result<i64, StoreError> {
        let report = json(&self.progress.get().report);
        self.core.store.begin_import(self.row.id, &report, now_ms()).await
    }

    async fn end_run(&self, run: i64, ended: &Ended) -> Result<(), StoreError> {
        let state = match ended.end {
            End::Done => ImportState::Done,
            End::Stopped => ImportState::Cancelled,
            End::Away(_) | End::Failed(_) => ImportState::Failed,
        };
        let at = now_ms();
        self.core.store.set_import(run, state, &json(&ended.report), Some(at)).await
    }

    async fn ended(
        &self,
        whole: bool,
        end: End,
        report: ScanReport,
        settled: &[Vec<u8>],
    ) -> Result<(), StoreError> {
        let store = &self.core.store;
        let was_away = self.progress.get().state == RootState::Away;
        let (state, trouble) = match end {
            End::Done | End::Stopped => (RootState::Idle, None),
            End::Away(why) => (RootState::Away, Some(why)),
            End::Failed(why) => (RootState::Idle, Some(why)),
        };
        let is_away = state == RootState::Away;
        let scanned_at = (whole && !is_away && trouble.is_none()).then(now_ms);
        self.progress.set(|now| {
            (now.state, now.trouble) = (state, trouble);
            now.scanned_at = scanned_at.or(now.scanned_at);
            if !whole {
                // A look at parts adds what it could not read, and takes away what is well now.
                let kept = &mut now.report;
                let mut problems =
                    Problems::of(std::mem::take(&mut kept.problems), kept.more_problems);
                settled.iter().for_each(|path| problems.settle(path));
                problems.extend(Problems::of(report.problems, report.more_problems));
                (kept.problems, kept.more_problems) = problems.into_parts();
            }
        });
        if is_away != was_away {
            store.set_root_away(self.row.id, is_away).await?;
            self.core.library_away();
        }
        if let Some(at) = scanned_at {
            store.set_root_scanned(self.row.id, at).await?;
        }
        Ok(())
    }
}

fn json(report: &ScanReport) -> String {
    // Numbers and texts always become JSON.
    serde_json::to_string(report).unwrap_or_default()
}

async fn at(due: Option<Instant>) {
    match due {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
