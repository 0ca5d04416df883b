//! One actor a server: it alone talks to that server, and it keeps nothing that is not stored.
//!
//! Each session begins with a probe and a reconciliation; then frames, polls and wake-ups all lead
//! to the same work: look at what is stored, and do what is due.

mod collect;
mod frames;
mod names;
mod offer;
mod reconcile;
mod wanted;

use crate::{
    book::Classes,
    core::{Core, Note},
    tasks::Tasks,
    time::{millis, now_ms},
    view::{LinkState, OddView},
};
use comfy::{Client, ComfyError};
use domain::{Evidence, InputKind, JobId, JobState, Moved, NodeClass, ServerId};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::{
    sync::{Notify, mpsc},
    time::{MissedTickBehavior, interval, sleep},
};
use uuid::Uuid;

/// Polls that may be ahead of a socket that says nothing, before the socket is taken for stuck.
const STUCK_AFTER: u32 = 2;

/// What one server is about to do for which job, so that nothing is begun twice.
#[derive(Default)]
struct Busy {
    offering: Option<JobId>,
    collecting: HashSet<JobId>,
    withdrawing: HashSet<JobId>,
    /// A job that was in the server's history when we last looked. While it is there, the history is
    /// whole, and a job that is nowhere did not run.
    anchor: Option<JobId>,
}

/// What the parts of one server's actor share.
pub(crate) struct Link {
    pub core: Arc<Core>,
    pub id: ServerId,
    pub client: Client,
    pub practice: AtomicBool,
    wake: Arc<Notify>,
    tasks: Tasks,
    busy: Mutex<Busy>,
    client_id: Mutex<String>,
    frames: AtomicU64,
    live: AtomicBool,
    /// Evidence was left out, because the actor was too far behind, or an offer could not be looked up.
    missed: AtomicBool,
    online: AtomicBool,
    /// Rung at the last event of each job: its history entry is there by then.
    settled: Notify,
    /// Messages of unknown kinds: custom nodes send what they like.
    odd: Mutex<BTreeMap<String, u64>>,
}

/// Kinds of unknown messages that are told apart; more are counted as one.
const ODD_KINDS: usize = 32;

impl Link {
    /// Counts a frame of an unknown kind. The first of each kind is kept in the log as it begins.
    fn odd(&self, kind: String, bytes: usize, begin: String) {
        let mut odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = if odd.len() < ODD_KINDS || odd.contains_key(&kind) {
            kind.chars().take(80).collect()
        } else {
            "others".to_owned()
        };
        let count = odd.entry(kind).or_insert_with_key(|kind| {
            tracing::info!(server = %self.id, kind, bytes, begin, "a message of an unknown kind");
            0
        });
        *count += 1;
    }

    fn odd_view(&self) -> Vec<OddView> {
        let odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner);
        odd.iter().map(|(kind, count)| OddView { kind: kind.clone(), count: *count }).collect()
    }

    fn busy(&self) -> MutexGuard<'_, Busy> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn client_id(&self) -> String {
        self.client_id.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn new_client_id(&self) {
        *self.client_id.lock().unwrap_or_else(PoisonError::into_inner) = Uuid::new_v4().to_string();
    }

    /// What goes with evidence from this server.
    fn note(&self) -> Note {
        Note { server: Some(self.id), ..Note::default() }
    }

    /// Stores a piece of evidence that has nothing more to say. Answers with what followed.
    async fn tell(&self, job: JobId, evidence: Evidence) -> Moved {
        self.core.hear(job, evidence, self.note()).await.unwrap_or_else(|error| {
            tracing::error!(%error, %job, "cannot store what the server said");
            Moved::Kept
        })
    }

    fn name(&self) -> String {
        self.core.book.view(self.id).map_or_else(|| "the server".to_owned(), |view| view.name)
    }
}

/// A running actor.
pub(crate) struct ServerActor {
    tasks: Tasks,
    /// For what the artist asks of the server itself.
    pub client: Client,
}

impl ServerActor {
    /// Starts the actor of a server that is in the book.
    pub fn start(core: Arc<Core>, id: ServerId, client: Client, wake: Arc<Notify>) -> Self {
        let tasks = core.tasks.child();
        let practice =
            core.book.view(id).is_some_and(|view| view.kind == crate::view::ServerKind::Practice);
        let link = Arc::new(Link {
            core,
            id,
            client: client.clone(),
            practice: AtomicBool::new(practice),
            wake,
            tasks: tasks.clone(),
            busy: Mutex::default(),
            client_id: Mutex::new(Uuid::new_v4().to_string()),
            frames: AtomicU64::new(0),
            live: AtomicBool::new(false),
            missed: AtomicBool::new(false),
            online: AtomicBool::new(false),
            settled: Notify::new(),
            odd: Mutex::default(),
        });
        tasks.spawn_until_stopped(run(link));
        Self { tasks, client }
    }

    /// Stops it and waits for it. Jobs stay as they are stored.
    pub async fn stop(&self) {
        self.tasks.stop().await;
    }
}

async fn run(link: Arc<Link>) {
    match link.core.store.newest_success(link.id).await {
        Ok(newest) => link.busy().anchor = newest,
        Err(error) => tracing::error!(%error, "cannot read what the server did last"),
    }
    let pace = link.core.pace;
    let mut pause = pace.first_pause;
    let mut was_online = false;
    loop {
        link.core.server(link.id, |view| {
            view.link = if was_online { LinkState::Reconnecting } else { view.link };
            view.live = false;
            view.retry_at = None;
        });
        let began = tokio::time::Instant::now();
        let error = session(&link).await;
        let had_session = link.online.swap(false, Ordering::Relaxed);
        link.live.store(false, Ordering::Relaxed);
        if had_session {
            was_online = true;
            if began.elapsed() > pace.longest_pause {
                pause = pace.first_pause;
            }
        }
        tracing::info!(server = %link.id, %error, "connection is over");
        // An old socket that the server has not seen die would mute a new one with the same id.
        if !matches!(error, ComfyError::Closed) {
            link.new_client_id();
        }
        // The artist asked for it, and the server was there: no need to wait.
        if had_session
            && link.core.book.view(link.id).is_some_and(|view| view.link == LinkState::Connecting)
        {
            continue;
        }
        let retry_at = now_ms() + millis(pause);
        link.core.server(link.id, |view| {
            view.link = if matches!(error, ComfyError::Login { .. } | ComfyError::NotComfy { .. }) {
                LinkState::Refused
            } else if had_session {
                LinkState::Reconnecting
            } else {
                LinkState::Offline
            };
            view.message = Some(error.to_string());
            view.retry_at = Some(retry_at);
            view.live = false;
        });
        tokio::select! {
            () = sleep(pause) => {}
            () = asked_to_reconnect(&link) => {}
        }
        pause = (pause * 2).min(pace.longest_pause);
    }
}

/// Waits until the artist asks for another try. Being woken for work is not that.
async fn asked_to_reconnect(link: &Link) {
    loop {
        link.wake.notified().await;
        if link.core.book.view(link.id).is_some_and(|view| view.link == LinkState::Connecting) {
            return;
        }
    }
}

/// One session, from the probe to the error that ends it.
async fn session(link: &Arc<Link>) -> ComfyError {
    match try_session(link).await {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

async fn try_session(link: &Arc<Link>) -> Result<std::convert::Infallible, ComfyError> {
    let probe = link.client.probe().await?;
    link.practice.store(probe.stats.practice, Ordering::Relaxed);
    let socket = match link.client.connect(&link.client_id()).await {
        Ok(socket) => Ok(socket),
        // The server is there, but a proxy drops the upgrade: follow by asking, and say so.
        Err(error @ ComfyError::NoUpgrade { .. }) => Err(error.to_string()),
        Err(error) => return Err(error),
    };
    let is_live = socket.is_ok();
    link.live.store(is_live, Ordering::Relaxed);

    let (heard, mut inbox) = mpsc::channel(1_024);
    let reader = link.tasks.child();
    let missing = match socket {
        Ok(socket) => {
            reader.spawn_until_stopped(frames::read(link.clone(), socket, heard));
            None
        }
        Err(message) => {
            // Keeps the inbox open: this session ends when asking fails.
            reader.spawn_until_stopped(async move {
                let _open = heard;
                std::future::pending::<()>().await;
            });
            Some(message)
        }
    };

    let result = async {
        // Reconcile before anything else.
        reconcile::reconcile(link).await?;
        link.online.store(true, Ordering::Relaxed);
        link.core.server(link.id, |view| {
            view.link = LinkState::Online;
            view.message = missing.as_ref().map(|why| {
                format!("Live progress is missing: {why} Jobs are followed by asking instead.")
            });
            view.retry_at = None;
            view.live = is_live;
            view.latency_ms = Some(probe.latency.as_secs_f64() * 1_000.0);
            let classes = view.facts.as_ref().and_then(|facts| facts.node_classes);
            view.facts = Some(crate::convert::server_facts(&probe.stats, classes));
        });
        link.tasks.spawn_until_stopped(learn_classes(link.clone()));
        serve(link, &mut inbox, is_live).await
    }
    .await;
    reader.stop().await;
    result
}

async fn serve(
    link: &Arc<Link>,
    inbox: &mut mpsc::Receiver<frames::Heard>,
    is_live: bool,
) -> Result<std::convert::Infallible, ComfyError> {
    let mut poll =
        interval(if is_live { link.core.pace.poll_live } else { link.core.pace.poll_blind });
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    poll.reset();
    let mut frames_before = link.frames.load(Ordering::Relaxed);
    let mut stuck = 0;
    work(link).await;
    loop {
        if link.missed.swap(false, Ordering::Relaxed) {
            reconcile::reconcile(link).await?;
        }
        tokio::select! {
            heard = inbox.recv() => match heard {
                Some(frames::Heard::Evidence { job, evidence }) => {
                    // Whoever moves a job wakes all actors, this one too.
                    let moved = link.tell(job, evidence).await;
                    if matches!(moved, Moved::To(JobState::Collecting(_))) {
                        collect::begin(link, job);
                    }
                }
                Some(frames::Heard::Last { job }) => {
                    link.settled.notify_waiters();
                    if still_there(link, job).await {
                        reconcile::reconcile(link).await?;
                    }
                }
                Some(frames::Heard::Over(error)) => return Err(error),
                None => return Err(ComfyError::Closed),
            },
            () = link.wake.notified() => {
                if link.core.book.view(link.id).is_some_and(|view| view.link == LinkState::Connecting) {
                    return Err(ComfyError::Closed);
                }
                work(link).await;
            }
            _ = poll.tick() => {
                let began = tokio::time::Instant::now();
                let moved = reconcile::reconcile(link).await?;
                let latency = began.elapsed().as_secs_f64() * 1_000.0;
                link.core.server(link.id, |view| {
                    view.latency_ms = Some((latency * 10.0).round() / 10.0);
                    view.odd = link.odd_view();
                });
                watch_for_silence(link).await;
                work(link).await;
                // Asking found what the socket should have said: a server that has not noticed an
                // old socket die mutes the new one (docs/PROTOCOL.md).
                let frames_now = link.frames.load(Ordering::Relaxed);
                if is_live && moved && frames_now == frames_before {
                    stuck += 1;
                    if stuck >= STUCK_AFTER {
                        return Err(ComfyError::Silent);
                    }
                } else if frames_now != frames_before {
                    stuck = 0;
                }
                frames_before = frames_now;
            }
        }
    }
}

/// Whether a job of which the server has said the last word is not known to have ended there: then its
/// end was missed.
async fn still_there(link: &Link, job: JobId) -> bool {
    match link.core.store.flights(link.id).await {
        Ok(flights) => flights.iter().any(|flight| flight.id == job && flight.state.is_at_server()),
        Err(error) => {
            tracing::error!(%error, "cannot read the jobs in flight");
            true
        }
    }
}

/// Says once in a job's story that nothing is heard of it any more. It is not guessed at: it may be a
/// long step, and the artist is offered to cancel it.
async fn watch_for_silence(link: &Arc<Link>) {
    let running = match link.core.store.flights(link.id).await {
        Ok(flights) => flights,
        Err(error) => {
            tracing::error!(%error, "cannot read the jobs in flight");
            return;
        }
    };
    let running: Vec<JobId> =
        running.iter().filter(|job| job.state == JobState::Running).map(|job| job.id).collect();
    let quiet_ms = millis(link.core.pace.quiet_after);
    for job in link.core.live.fell_quiet(&running, quiet_ms) {
        let text = format!(
            "{} still lists this job as running, but has said nothing about it for {} s",
            link.name(),
            quiet_ms / 1_000
        );
        if let Err(error) = link.core.quiet(job, text).await {
            tracing::error!(%error, %job, "cannot store that a job fell quiet");
        }
    }
}

/// Does what is due for this server, by what is stored.
async fn work(link: &Arc<Link>) {
    if let Err(error) = try_work(link).await {
        tracing::error!(%error, server = %link.id, "cannot read the queue");
    }
}

async fn try_work(link: &Arc<Link>) -> Result<(), store::StoreError> {
    if !link.online.load(Ordering::Relaxed) {
        return Ok(());
    }
    let paused = link.core.is_paused(Some(link.id)) || link.core.book.view(link.id).is_none();
    let flights = link.core.store.flights(link.id).await?;
    for job in &flights {
        match job.state {
            JobState::Collecting(_) => collect::begin(link, job.id),
            JobState::Queued | JobState::Running if job.cancel_requested => {
                offer::begin_cancel(link, job.id);
            }
            // Pausing finishes what runs; what only waits there comes back to us.
            JobState::Queued if paused => offer::begin_withdraw(link, job.id),
            _ => {}
        }
    }
    if paused {
        return Ok(());
    }
    let held = flights.iter().filter(|job| job.state.is_at_server()).count();
    let room = link.core.book.view(link.id).is_some_and(|view| held < view.max_held as usize);
    if room && link.busy().offering.is_none() {
        offer::begin_next(link).await?;
    }
    Ok(())
}

/// Learns the server's node classes once a session: their names for people, which are outputs, and
/// which models they list.
async fn learn_classes(link: Arc<Link>) {
    let classes = match read_classes(&link).await {
        Ok(classes) => Some(Arc::new(classes)),
        Err(error) => {
            tracing::warn!(%error, server = %link.id, "cannot read the node classes");
            None
        }
    };
    if let Some(classes) = &classes {
        let count = u32::try_from(classes.display_names.len()).unwrap_or(u32::MAX);
        link.core.server(link.id, |view| {
            if let Some(facts) = &mut view.facts {
                facts.node_classes = Some(count);
            }
        });
    }
    link.core.book.set_classes(link.id, classes);
    // It may now be known who can run what waits.
    link.core.touched.notify_one();
    link.core.book.wake_all();
    crate::intake::take_up(&link.core).await;
}

/// Asks for the node classes, and keeps what the server says for conversion and checks.
async fn read_classes(link: &Link) -> Result<Classes, ComfyError> {
    let json = link.client.object_info().await?;
    let (known, id) = (link.core.known.clone(), link.id);
    let read = tokio::task::spawn_blocking(move || {
        let classes = comfy::read_classes(&json)?;
        if let Err(error) = known.keep(id, &json) {
            tracing::warn!(%error, server = %id, "cannot keep the node classes");
        }
        Ok(classes_of(classes))
    });
    read.await.unwrap_or_else(|error| {
        Err(ComfyError::BadAnswer { route: "/object_info".to_owned(), why: error.to_string() })
    })
}

fn classes_of(list: Vec<NodeClass>) -> Classes {
    let mut classes = Classes::default();
    for class in list {
        for input in &class.inputs {
            let InputKind::Combo(values) = &input.kind else { continue };
            let files = || values.iter().filter_map(Value::as_str);
            // An empty list is a folder without models, or one of uploads: then nothing needs it.
            if values.is_empty() || files().any(workflow::is_model) {
                let key = (class.name.clone(), input.name.clone());
                classes.models.insert(key, files().map(str::to_owned).collect());
            }
        }
        if class.output_node {
            classes.outputs.insert(class.name.clone());
        }
        classes.display_names.insert(class.name, class.display_name);
    }
    classes
}
