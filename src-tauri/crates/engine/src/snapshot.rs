//! The state as a whole, read from the store and the live runs.

use crate::{
    book::Book,
    convert,
    estimate::UntilEmpty,
    library::Library,
    live::Live,
    time::now_ms,
    view::{Counts, Pulse, Snapshot, WaitView},
};
use domain::JobState;
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{Store, StoreError};

/// Jobs in a snapshot that have not ended; the page asks for more as it scrolls.
const OPEN: u32 = 1_000;
/// Ended jobs in a snapshot.
const FINISHED: u32 = 60;
/// Unseen failures in a snapshot, besides.
const FAILURES: u32 = 200;

/// Reads snapshots.
#[derive(Clone)]
pub struct Snapshots {
    pub(crate) store: Store,
    pub(crate) live: Live,
    pub(crate) book: Arc<Book>,
    pub(crate) library: Arc<Library>,
    pub(crate) paused: Arc<AtomicBool>,
    pub(crate) until_empty: Arc<Mutex<UntilEmpty>>,
    pub(crate) waits: Arc<Mutex<Vec<WaitView>>>,
}

impl Snapshots {
    /// The state after fact number `seq`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn take(&self, seq: u64) -> Result<Snapshot, StoreError> {
        let mut open = self.store.open_jobs(OPEN, 0).await?;
        let open_whole = open.len() < OPEN as usize;
        if !open_whole {
            let first: HashSet<_> = open.iter().map(|job| job.id).collect();
            let in_flight = self.store.all_in_flight().await?;
            open.extend(in_flight.into_iter().filter(|job| !first.contains(&job.id)));
        }
        let mut finished = self.store.finished_jobs(FINISHED, 0).await?;
        let known: HashSet<_> = finished.iter().map(|job| job.id).collect();
        let failures = self.store.unseen_failures(FAILURES).await?;
        finished.extend(failures.into_iter().filter(|job| !known.contains(&job.id)));
        let running: Vec<_> = open
            .iter()
            .filter(|job| matches!(job.state, JobState::Running | JobState::Collecting(_)))
            .map(|job| job.id)
            .collect();
        Ok(Snapshot {
            seq,
            progress: self.live.running(&running),
            places: self.live.places(),
            open: open.into_iter().map(convert::job).collect(),
            open_whole,
            finished: finished.into_iter().map(convert::job).collect(),
            servers: self.book.views(),
            counts: self.counts().await?,
            paused: self.paused.load(Ordering::Relaxed),
            library: self.library.view(self.store.asset_bytes_total().await?),
            waits: self.waits.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        })
    }

    /// The counts, with the time until the queue is empty as it was last worked out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = convert::counts(self.store.counts(now_ms()).await?);
        let until_empty = *self.until_empty.lock().unwrap_or_else(PoisonError::into_inner);
        counts.left_ms = until_empty.ms;
        counts.left_unknown = until_empty.unknown;
        Ok(counts)
    }

    /// What changed in live runs since the last call.
    pub fn pulses(&self) -> Vec<Pulse> {
        self.live.pulses()
    }
}
