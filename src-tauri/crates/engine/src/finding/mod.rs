//! Finding things in the library: the index in memory, kept as the store has it.
//!
//! The store is the truth; the index is read from it at the start and follows it. Until it is whole,
//! only the newest outputs are known, which is what the gallery opens with.

mod answers;
mod disk;
mod fill;

pub use answers::Answer;

use crate::{core::Core, roots::threads, time::now_ms, view::Fact};
use answers::Answers;
use catalog::{Completing, Completion, Disk, Index, Now, Query, Sort, TimeZone};
use disk::Said;
use std::sync::{
    Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use store::StoreError;
use tokio::sync::{Notify, watch};

/// The most values of an input among which some are offered.
const MOST_VALUES: u32 = 500;
/// The most values of an input that are offered.
const VALUES_OFFERED: usize = 12;

/// The index, and what was asked of it lately.
pub struct Finder {
    index: RwLock<Whole>,
    /// Whether the index holds the whole library.
    whole: watch::Sender<bool>,
    /// Goes up with every change of the library.
    revision: AtomicU64,
    answers: Mutex<Answers>,
    said: Said,
    /// Rung when the store has something new for the index.
    news: Notify,
    /// Rung when that is all for now, so that nothing is waited for.
    complete: Notify,
    /// How often that was so, and up to which of these times the index has followed.
    told: AtomicU64,
    followed: watch::Sender<u64>,
    /// Whether the whole index is to be read again.
    again: AtomicBool,
}

/// The index, and how often it was read anew: rows of an answer are those of the index it came from.
pub struct Whole {
    index: Index,
    generation: u64,
}

impl std::ops::Deref for Whole {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.index
    }
}

impl Finder {
    /// An index that nothing was read into yet.
    pub fn new() -> Self {
        Self {
            index: RwLock::new(Whole { index: Index::new(TimeZone::system()), generation: 0 }),
            whole: watch::Sender::new(false),
            revision: AtomicU64::new(1),
            answers: Mutex::default(),
            said: Said::default(),
            news: Notify::new(),
            complete: Notify::new(),
            told: AtomicU64::new(0),
            followed: watch::Sender::new(0),
            again: AtomicBool::new(false),
        }
    }

    /// The index, to ask it.
    pub fn index(&self) -> RwLockReadGuard<'_, Whole> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index that an answer came from; nothing if another one has taken its place.
    pub fn index_of(&self, answer: &Answer) -> Option<RwLockReadGuard<'_, Whole>> {
        Some(self.index()).filter(|index| index.generation == answer.generation)
    }

    fn index_mut(&self) -> RwLockWriteGuard<'_, Whole> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, index: Index) {
        let mut whole = self.index_mut();
        whole.index = index;
        whole.generation += 1;
    }

    /// Whether the index holds the whole library.
    pub fn is_whole(&self) -> bool {
        *self.whole.borrow()
    }

    /// Waits until the index holds the whole library.
    pub async fn wait_until_whole(&self) {
        // The sender lives as long as `self`.
        let _ = self.whole.subscribe().wait_for(|whole| *whole).await;
    }

    /// How much of the library is to be read at once, on as many cores: while nobody waits for it, one core
    /// is left to what is shown meanwhile, such as the page that opens with the newest outputs.
    fn readers(&self) -> usize {
        if self.whole.receiver_count() > 0 { usize::MAX } else { threads::all_but_one() }
    }

    /// The library's revision.
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Says that the store has something new. The index follows soon, and the page is told then.
    pub fn moved(&self) {
        self.news.notify_one();
    }

    /// Says that the store has something new, and that nothing more follows for now: the index follows
    /// at once.
    pub fn moved_all(&self) {
        self.told.fetch_add(1, Ordering::AcqRel);
        self.news.notify_one();
        self.complete.notify_one();
    }

    /// Waits until the index has followed all that [`Finder::moved_all`] told.
    pub async fn wait_until_followed(&self) {
        let told = self.told.load(Ordering::Acquire);
        // The sender lives as long as `self`.
        let _ = self.followed.subscribe().wait_for(|followed| *followed >= told).await;
    }

    /// Says that what is known of many outputs changed at once, such as that a drive is not there: the
    /// index is read anew.
    pub fn reload(&self) {
        self.again.store(true, Ordering::Release);
        self.news.notify_one();
    }

    /// An answer that was given lately.
    pub fn answer(&self, ticket: u32) -> Option<Arc<Answer>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(ticket)
    }
}

/// What the disk says to a query.
///
/// # Errors
/// When the database cannot be read.
pub async fn disk_for(core: &Core, query: &Query) -> Result<Disk, StoreError> {
    core.finder.said.to(query.disk_terms(), &core.store, core.finder.revision()).await
}

/// Asks the library. Waits until the index is whole.
///
/// # Errors
/// When the database cannot be read.
pub async fn ask(
    core: &Core,
    text: String,
    sort: Sort,
    stacks: bool,
) -> Result<(u32, Arc<Answer>), StoreError> {
    let answer = look(core, text, sort, stacks).await?;
    let mut answers = core.finder.answers.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((answers.keep(answer.clone()), answer))
}

/// Asks the library for something that the page does not come back to. Waits until the index is whole.
///
/// # Errors
/// When the database cannot be read.
pub async fn look(
    core: &Core,
    text: String,
    sort: Sort,
    stacks: bool,
) -> Result<Arc<Answer>, StoreError> {
    let finder = core.finder.clone();
    finder.wait_until_whole().await;
    let revision = finder.revision();
    let query = Query::parse(&text, &now());
    let disk = disk_for(core, &query).await?;
    tokio::task::spawn_blocking(move || {
        let index = finder.index();
        let matches = index.search(&query, &disk);
        let found = index.found(&matches, sort, stacks);
        let bytes = found.rows.iter().map(|row| index.bytes(*row)).sum();
        let generation = index.generation;
        Arc::new(Answer { text, query, matches, found, bytes, revision, generation })
    })
    .await
    .map_err(|error| StoreError::Value(format!("a search ended early: {error}")))
}

/// What could be typed at a caret, given in UTF-16 units.
///
/// # Errors
/// When the database cannot be read.
pub async fn complete(
    core: &Core,
    text: &str,
    caret: usize,
) -> Result<(Completing, Vec<Completion>), StoreError> {
    let finder = core.finder.clone();
    finder.wait_until_whole().await;
    let completing = Completing::at_utf16(text, caret, &now());
    let terms = completing.rest.disk_terms();
    let revision = finder.revision();
    let disk = finder.said.to(terms, &core.store, revision).await?;
    if let Some(values) = widget_values(core, &completing, revision).await? {
        return Ok((completing, values));
    }
    let widgets = finder.said.widgets(&core.store, revision).await?;
    tokio::task::spawn_blocking(move || {
        let offers = finder.index().complete(&completing, &disk, &widgets, &now());
        (completing, offers)
    })
    .await
    .map_err(|error| StoreError::Value(format!("a completion ended early: {error}")))
}

/// The values that an input has in the library, if one is being typed: those that most have, with how
/// many match it and the rest of the query.
async fn widget_values(
    core: &Core,
    completing: &Completing,
    revision: u64,
) -> Result<Option<Vec<Completion>>, StoreError> {
    let Some((class, input, typed)) = completing.widget_value() else { return Ok(None) };
    let finder = core.finder.clone();
    let mut values = core.store.widget_values(class, input, typed, MOST_VALUES).await?;
    values.truncate(VALUES_OFFERED);
    let mut asked = Vec::with_capacity(values.len());
    for value in values {
        let query = completing.with_value(&value, &now());
        let disk = finder.said.to(query.disk_terms(), &core.store, revision).await?;
        asked.push((value, query, disk));
    }
    let completing = completing.clone();
    let counted = tokio::task::spawn_blocking(move || {
        let index = finder.index();
        let offer = |(value, query, disk): (String, Query, Disk)| {
            completing.value(value, index.search(&query, &disk).count())
        };
        let mut offers: Vec<Completion> = asked.into_iter().map(offer).collect();
        // What is used most may be rare in what is searched.
        offers.sort_by_key(|offer| std::cmp::Reverse(offer.count));
        Some(offers)
    });
    counted.await.map_err(|error| StoreError::Value(format!("a completion ended early: {error}")))
}

/// Reads the library into the index, and follows it from then on.
pub async fn keep(core: Arc<Core>) {
    let finder = &core.finder;
    let mut follower = None;
    loop {
        if finder.again.swap(false, Ordering::AcqRel) {
            follower = None;
        }
        let told = finder.told.load(Ordering::Acquire);
        let moved = match &mut follower {
            None => fill::whole(&core.store, finder).await.map(|read| {
                follower = Some(read);
                finder.whole.send_replace(true);
                true
            }),
            Some(follower) => follower.catch_up(&core.store, finder).await,
        };
        match moved {
            Ok(moved) => {
                if moved {
                    let revision = finder.revision.fetch_add(1, Ordering::AcqRel) + 1;
                    core.hub.publish(vec![Fact::LibraryMoved { revision }]);
                }
                finder.followed.send_replace(told);
                // Nobody waits for that.
                if let Some(follower) = &follower
                    && let Err(error) = follower.forget(&core.store).await
                {
                    tracing::warn!(%error, "what the index has followed is forgotten the next time");
                }
                // A batch that arrives piece by piece is told in a few pieces; its last one at once.
                tokio::select! {
                    () = tokio::time::sleep(core.pace.library_told) => finder.news.notified().await,
                    () = finder.complete.notified() => {}
                }
            }
            Err(error) => {
                tracing::error!(%error, "the library's index could not be read; it is tried again");
                tokio::time::sleep(core.pace.library_again).await;
            }
        }
    }
}

/// This moment, in the artist's time.
pub fn now() -> Now {
    Now { ms: now_ms(), zone: TimeZone::system() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::poll;

    #[tokio::test]
    async fn one_waits_until_all_that_was_told_is_followed() {
        let finder = Finder::new();
        // Nothing was told.
        finder.wait_until_followed().await;
        finder.moved_all();
        finder.moved_all();
        let waits = finder.wait_until_followed();
        tokio::pin!(waits);
        finder.followed.send_replace(1);
        assert!(poll!(&mut waits).is_pending(), "the second was not followed yet");
        finder.followed.send_replace(2);
        waits.await;
    }

    #[tokio::test]
    async fn a_core_is_left_until_somebody_waits() {
        let finder = Arc::new(Finder::new());
        assert_eq!(finder.readers(), threads::all_but_one());
        let waits = finder.wait_until_whole();
        tokio::pin!(waits);
        assert!(poll!(&mut waits).is_pending());
        assert_eq!(finder.readers(), usize::MAX);
        finder.whole.send_replace(true);
        waits.await;
        assert_eq!(finder.readers(), threads::all_but_one());
    }
}
