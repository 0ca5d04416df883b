//! What all parts of the engine share, and the one writer of job state.

use crate::{
    bin::Bin,
    book::Book,
    commands::UndoList,
    convert,
    finding::Finder,
    hub::Hub,
    inputs::Inputs,
    known::Known,
    library::Library,
    live::{Live, Run},
    notices::{Notice, NoticeKind},
    pace::Pace,
    previews::Previews,
    roots::Roots,
    tasks::Tasks,
    thumbs::Thumbs,
    time::{Clock, now_ms},
    view::{Fact, ServerView},
    watch::Watch,
    work::Works,
};
use domain::{Evidence, JobId, JobState, Moved, Outcome, ServerId, Trouble, TroubleCode, step};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{JobEventRow, JobRow, Offered, StateChange, Store, StoreError};
use tokio::sync::{Mutex, Notify, broadcast};

/// Why a job is lost whose offer was never answered.
const UNANSWERED: &str = "The server did not answer when this job was sent, and knows nothing of it now. It may have run and been forgotten, so it is not sent again under the same id.";

/// What is done about failures by itself. Never anything about a workflow that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Jobs that a server lost are tried again, four times in all.
    pub retry_lost: bool,
    /// A job that ran out of memory is tried once more, after a pause and with the server's memory
    /// freed.
    pub retry_memory: bool,
    /// When a job fails, what still waits of its batch is held.
    pub stop_batch: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { retry_lost: true, retry_memory: true, stop_batch: false }
    }
}

/// What goes with a piece of evidence.
#[derive(Clone, Debug, Default)]
pub struct Note {
    /// The server it is about.
    pub server: Option<ServerId>,
    /// What went wrong.
    pub trouble: Option<Trouble>,
    /// Sentences about dropped parts.
    pub warnings: Option<Vec<String>>,
    /// What to write into the job's events, instead of the usual sentence.
    pub event: Option<String>,
    /// The state the job was in before the server was asked: if it moved since, the answer is old.
    pub asked_in: Option<JobState>,
    /// What is sent: if the job is not as it was when it was chosen, that is old.
    pub offers: Option<Offered>,
    /// When the server says it began, where nobody listened. Milliseconds since 1970 by its clock.
    pub began: Option<i64>,
    /// When the server says it ended, where nobody listened.
    pub ended: Option<i64>,
}

/// Shared state of the engine.
pub struct Core {
    pub store: Store,
    /// The folder that everything but the pictures is kept in.
    pub data: PathBuf,
    /// The folder of what may be deleted at any time.
    pub cache: PathBuf,
    pub live: Live,
    pub book: Arc<Book>,
    pub library: Arc<Library>,
    /// The folders of the library.
    pub roots: Roots,
    /// Makes and keeps small pictures.
    pub thumbs: Arc<Thumbs>,
    /// What servers said they have.
    pub known: Arc<Known>,
    /// Files that go into workflows.
    pub inputs: Arc<Inputs>,
    /// Finds things in the library.
    pub finder: Arc<Finder>,
    /// Work that takes a while.
    pub works: Arc<Works>,
    /// How pictures developed, on disk.
    pub previews: Previews,
    /// What marks were before they were changed.
    pub undo: UndoList,
    /// The term of the bin.
    pub bin: Bin,
    /// The watched folder.
    pub watch: Arc<Watch>,
    pub hub: Hub,
    pub tasks: Tasks,
    pub paused: Arc<AtomicBool>,
    policy: std::sync::Mutex<Policy>,
    pub notices: broadcast::Sender<Notice>,
    /// Rung when counts or the tray's state may have changed.
    pub touched: Notify,
    /// How long it waits for what.
    pub pace: Pace,
    /// What days are counted by.
    pub clock: Clock,
    writer: Mutex<()>,
    /// Held while a sweep is made larger: what its axes are then is read and written as one.
    pub sheets: Mutex<()>,
    /// Held while copies of workflows are written: each such copy removes those before it.
    pub copies: Mutex<()>,
}

impl Core {
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        store: Store,
        live: Live,
        book: Arc<Book>,
        library: Arc<Library>,
        data: &Path,
        cache: &Path,
        hub: Hub,
        tasks: Tasks,
        paused: Arc<AtomicBool>,
        policy: Policy,
        pace: Pace,
        clock: Clock,
    ) -> Self {
        let (notices, _) = broadcast::channel(256);
        Self {
            store,
            data: data.to_owned(),
            cache: cache.to_owned(),
            roots: Roots::default(),
            thumbs: library.thumbs().clone(),
            live,
            book,
            library,
            known: Arc::new(Known::new(data)),
            inputs: Arc::new(Inputs::new(data)),
            finder: Arc::new(Finder::new()),
            works: Arc::new(Works::new(hub.clone())),
            previews: Previews::new(data),
            undo: UndoList::default(),
            bin: Bin::default(),
            watch: Arc::default(),
            hub,
            tasks,
            paused,
            policy: std::sync::Mutex::new(policy),
            notices,
            touched: Notify::new(),
            pace,
            clock,
            writer: Mutex::new(()),
            sheets: Mutex::new(()),
            copies: Mutex::new(()),
        }
    }

    /// What is stored of the library is different now: the page is told.
    pub fn library_moved(&self) {
        self.finder.moved();
        self.touched.notify_one();
    }

    /// The same, and that is all for now: the page is told at once.
    pub fn library_moved_all(&self) {
        self.finder.moved_all();
        self.touched.notify_one();
    }

    /// What is known of many outputs changed at once: a drive that is not there, or is again.
    pub fn library_away(&self) {
        self.finder.reload();
    }

    pub(crate) fn policy(&self) -> Policy {
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is done about failures by itself.
    pub fn set_policy(&self, policy: Policy) {
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = policy;
    }

    /// Takes in evidence about a job: the only way a job's state changes.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing has moved.
    pub async fn hear(
        &self,
        id: JobId,
        evidence: Evidence,
        note: Note,
    ) -> Result<Moved, StoreError> {
        let _only_writer = self.writer.lock().await;
        let Some(row) = self.store.job_alone(id).await? else { return Ok(Moved::Stale) };
        if note.asked_in.is_some_and(|asked_in| asked_in != row.state) {
            return Ok(Moved::Stale);
        }
        if note.offers.is_some() && self.is_paused(note.server) {
            return Ok(Moved::Stale);
        }
        let moved = match step(row.state, evidence) {
            // Cancelled work that the server lost, or never had, is cancelled.
            Moved::To(JobState::Ended(Outcome::Lost) | JobState::Held) if row.cancel_requested => {
                Moved::To(JobState::Ended(Outcome::Cancelled))
            }
            other => other,
        };
        let Moved::To(next) = moved else {
            if let Some(warnings) = note.warnings.filter(|warnings| !warnings.is_empty()) {
                self.store.set_warnings(id, &warnings).await?;
                self.publish_jobs(&[id]).await?;
            }
            return Ok(moved);
        };
        let now = now_ms();
        let text = note.event.unwrap_or_else(|| self.sentence(next, note.server.or(row.server_id)));
        let trouble = match (next, note.trouble) {
            (_, Some(trouble)) => Some(Some(trouble)),
            (JobState::Ended(Outcome::Lost), None) if row.state == JobState::Sending => {
                Some(Some(Trouble::new(TroubleCode::Lost, UNANSWERED)))
            }
            (JobState::Ended(Outcome::Lost), None) => Some(Some(Trouble::new(
                TroubleCode::Lost,
                "The server no longer knows this job: it was restarted, or somebody removed the job there.",
            ))),
            (JobState::Ended(Outcome::Cancelled), None) if !row.cancel_requested => Some(Some(
                Trouble::new(TroubleCode::Cancelled, "Somebody stopped this job at the server."),
            )),
            // What kept it from going on is over; what a run failed with stays.
            (JobState::Ended(Outcome::Succeeded) | JobState::Running | JobState::Queued, None) => {
                Some(None)
            }
            _ => None,
        };
        // The server's clock may be wrong; it cannot have begun before we sent it.
        let by_server = |at: i64| at.clamp(row.created_at.min(now), now);
        let started_at = match next {
            JobState::Running => Some(note.began.map_or(now, by_server)),
            JobState::Collecting(_) if row.started_at.is_none() => note.began.map(by_server),
            _ => None,
        };
        let failed_of = match &trouble {
            Some(Some(trouble)) => Some(trouble.code),
            _ => None,
        };
        if let JobState::Ended(Outcome::Failed | Outcome::Cancelled | Outcome::Lost) = next {
            self.live.with(id, |run| {
                run.broke_off(None);
                true
            });
        }
        let node_runs = match next {
            JobState::Ended(_) => self.live.read(id, Run::rows),
            _ => None,
        };
        let change = StateChange {
            server_id: note.server,
            clear_server: next == JobState::Held,
            started_at,
            ended_at: next.is_ended().then(|| note.ended.map_or(now, by_server)),
            trouble,
            event: Some(JobEventRow {
                job_id: id,
                at: now,
                text,
                bad: matches!(next, JobState::Ended(Outcome::Failed | Outcome::Lost)),
            }),
            warnings: note.warnings,
            retry: self.retry_by_itself(&row, next, failed_of),
            node_runs,
            offered: note.offers,
        };
        let retry = change.retry.as_ref().map(|(retry, _)| retry.id);
        let Some(moved_job) = self.store.move_state(id, row.state, next, &change).await? else {
            return Ok(Moved::Stale);
        };
        match next {
            JobState::Ended(outcome) => self.ended(moved_job, outcome, retry).await?,
            JobState::Held => {
                self.live.forget(id);
                self.publish(moved_job);
            }
            _ => self.publish(moved_job),
        }
        self.touched.notify_one();
        self.book.wake_all();
        Ok(moved)
    }

    /// Whether nothing is sent to a server for now.
    pub fn is_paused(&self, server: Option<ServerId>) -> bool {
        self.paused.load(Ordering::Relaxed)
            || server.and_then(|id| self.book.view(id)).is_some_and(|view| view.paused)
    }

    /// Waits until nothing is sent any more that was chosen before a pause.
    pub async fn settle_pause(&self) {
        drop(self.writer.lock().await);
    }

    /// Remembers that nothing is heard of a running job, and tells the system.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn quiet(&self, id: JobId, text: String) -> Result<(), StoreError> {
        let event = JobEventRow { job_id: id, at: now_ms(), text: text.clone(), bad: true };
        self.store.add_event(&event).await?;
        if let Some(job) = self.store.job(id).await? {
            self.tell(Notice {
                batch: job.batch_id,
                job: id,
                kind: NoticeKind::Quiet,
                title: format!("{} may be stuck", job.title),
                body: text,
                picture: None,
            });
        }
        self.publish_jobs(&[id]).await
    }

    /// Publishes a job as it is stored.
    pub(crate) fn publish(&self, row: JobRow) {
        self.publish_rows(vec![row]);
    }

    /// Publishes jobs that are stored like this.
    pub fn publish_rows(&self, rows: Vec<JobRow>) {
        self.hub.publish(
            rows.into_iter()
                .map(|row| Fact::JobChanged { job: Box::new(convert::job(row)) })
                .collect(),
        );
    }

    /// Publishes jobs as they are stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn publish_jobs(&self, ids: &[JobId]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        self.publish_rows(self.store.jobs(ids).await?);
        Ok(())
    }

    /// Changes what is known of a server and publishes it.
    pub fn server(&self, id: ServerId, change: impl FnOnce(&mut ServerView)) {
        if let Some(server) = self.book.update(id, change) {
            self.hub.publish(vec![Fact::ServerChanged { server: Box::new(server) }]);
            self.touched.notify_one();
        }
    }

    /// Remembers what is in the way of the library, and publishes it when it is news.
    pub async fn library_trouble(&self, trouble: Option<String>) {
        if self.library.set_trouble(trouble) {
            self.publish_library().await;
        }
    }

    /// Publishes the library as it is.
    pub async fn publish_library(&self) {
        match self.store.asset_bytes_total().await {
            Ok(bytes) => {
                let library = self.library.view(bytes);
                self.hub.publish(vec![Fact::LibraryChanged { library }]);
                self.touched.notify_one();
            }
            Err(error) => tracing::error!(%error, "cannot read the size of the library"),
        }
    }

    fn sentence(&self, next: JobState, server: Option<ServerId>) -> String {
        let server = server
            .and_then(|id| self.book.view(id))
            .map_or_else(|| "the server".to_owned(), |server| server.name);
        match next {
            JobState::Held => format!("Back with us: {server} does not have it"),
            JobState::Sending => format!("Being sent to {server}"),
            JobState::Queued => format!("Waiting at {server}"),
            JobState::Running => format!("Started on {server}"),
            JobState::Collecting(_) => format!("{server} is done, fetching what it made"),
            JobState::Ended(Outcome::Succeeded) => "Done".to_owned(),
            JobState::Ended(Outcome::Failed) => "Failed".to_owned(),
            JobState::Ended(Outcome::Cancelled) => "Cancelled".to_owned(),
            JobState::Ended(Outcome::Lost) => format!("Lost: {server} no longer knows it"),
        }
    }
}
