//! The engine as a whole: starts, stops, and hands out what the app needs.

use crate::{
    bin,
    book::Book,
    commands::{old_copies, remove_copies},
    compose, convert,
    core::{Core, Note, Policy},
    estimate, export, finding,
    hub::Hub,
    intake, known,
    library::Library,
    live::Live,
    matching,
    notices::{Lamp, Notice, Status},
    pace::Pace,
    previews, roots,
    server::ServerActor,
    snapshot::Snapshots,
    tasks::Tasks,
    thumbs,
    time::Clock,
    upkeep,
    view::{CommandError, CommandErrorCode, Fact, LinkState, ServerView, StreamMessage},
};
use comfy::{Address, Client};
use domain::{Evidence, JobState, ServerId};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::{ServerRow, Store, StoreError};
use thiserror::Error;
use tokio::sync::{Mutex, broadcast, mpsc, watch};

/// Counts and the tray's state are read at most this often.
const STATUS_EVERY: Duration = Duration::from_millis(100);
/// How often shares in the tray are refreshed while something runs.
const SHARE_EVERY: Duration = Duration::from_secs(1);

/// Where things are.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The database's folder.
    pub data_dir: PathBuf,
    /// Thumbnails; may be deleted at any time.
    pub cache_dir: PathBuf,
    /// Where outputs are kept.
    pub library_dir: PathBuf,
    /// What is done about failures by itself.
    pub policy: Policy,
    /// How long it waits for what.
    pub pace: Pace,
}

/// Why the engine cannot start. Each is a sentence for a person.
#[derive(Debug, Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

struct Inner {
    core: Arc<Core>,
    tasks: Tasks,
    actors: Mutex<HashMap<ServerId, ServerActor>>,
    status: watch::Receiver<Status>,
}

/// A handle to the engine.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

impl Engine {
    /// Opens the database and starts everything. What was in flight is reconciled with its servers
    /// before anything new is offered.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn start(config: EngineConfig) -> Result<Self, StartError> {
        Self::start_by(config, Clock::system()).await
    }

    /// The same by another clock: what has a term of days is counted by it.
    ///
    /// # Errors
    /// As [`Engine::start`].
    pub async fn start_by(config: EngineConfig, clock: Clock) -> Result<Self, StartError> {
        upkeep::put_in_place(&config.data_dir)?;
        let store = Store::open(&config.data_dir.join("safelight.db")).await?;
        let store = store.with_patching(compose::patched);
        let tasks = Tasks::new();
        let live = Live::default();
        let book = Arc::new(Book::default());
        let library_dir = upkeep::target(&store, &config.library_dir).await?;
        let library_dir = library_dir.unwrap_or_else(|| config.library_dir.clone());
        let library = Arc::new(Library::new(library_dir, &config.cache_dir));
        prepare_library(&store, &library).await?;
        let paused = store.get_value("paused").await?.as_deref() == Some("1");
        let paused = Arc::new(AtomicBool::new(paused));
        let snapshots = Snapshots {
            store: store.clone(),
            live: live.clone(),
            book: book.clone(),
            library: library.clone(),
            paused: paused.clone(),
            until_empty: Arc::default(),
            waits: Arc::default(),
        };
        let counting = snapshots.clone();
        let hub = Hub::start(&tasks, snapshots);
        let core = Arc::new(Core::new(
            store,
            live,
            book,
            library,
            &config.data_dir,
            &config.cache_dir,
            hub,
            tasks.clone(),
            paused,
            config.policy,
            config.pace,
            clock,
        ));
        let (status, watched) = watch::channel(Status::default());
        tasks.spawn_until_stopped(keep_status(core.clone(), counting, status));
        core.watch.load(&core).await;
        tasks.spawn_until_stopped(core.watch.clone().run(core.clone()));
        tasks.spawn_until_stopped(finding::keep(core.clone()));
        tasks.spawn_until_stopped(tidy(core.clone()));
        tasks.spawn_until_stopped(fill_library(core.clone()));
        tasks.spawn_until_stopped(tell_roots(core.clone()));
        tasks.spawn_until_stopped(thumbs::fill(core.clone()));
        tasks.spawn_until_stopped(roots::fill_values(core.clone()));
        tasks.spawn_until_stopped(previews::keep(core.clone()));
        core.roots.begin(&core).await?;
        core.roots.own(&core, &core.library.root()).await?;
        tasks.spawn_until_stopped(roots::leaving::go_on(core.clone()));
        // It asks for looks at folders.
        tasks.spawn_until_stopped(bin::keep(core.clone()));
        upkeep::resume(&core).await?;
        previews::take_up(&core).await?;
        let engine =
            Self(Arc::new(Inner { core, tasks, actors: Mutex::default(), status: watched }));
        // Looked up before there can be new ones.
        let broken_off = export::broken_off(&config.data_dir);
        engine.0.tasks.spawn_until_stopped(engine.clone().go_on_exporting(broken_off));
        // Of younger ones the clipboard may name the files still: some systems keep it.
        let copies = old_copies(&config.cache_dir, engine.core().clock.now_ms());
        engine.0.tasks.spawn_until_stopped(remove_copies(copies));
        // A kill may have come between the wish and its fulfilment.
        for id in engine.core().store.cancelled_here().await? {
            engine.core().hear(id, Evidence::CancelledHere, Note::default()).await?;
        }
        for row in engine.core().store.servers().await? {
            // A server whose address no longer makes sense is shown with its trouble, not dropped.
            if let Err(error) = engine.start_actor(&row).await {
                tracing::error!(server = %row.name, message = %error.message, "cannot start");
            }
        }
        Ok(engine)
    }

    /// Stops all tasks and closes the database. Jobs go on at their servers, and are found again at
    /// the next start.
    pub async fn stop(&self) {
        let actors: Vec<ServerActor> = self.0.actors.lock().await.drain().map(|(_, a)| a).collect();
        for actor in actors {
            actor.stop().await;
        }
        self.core().roots.stop().await;
        self.0.tasks.stop().await;
        self.core().thumbs.stop().await;
        previews::save_new(&self.0.core).await;
        self.core().store.close().await;
    }

    pub(crate) fn core(&self) -> &Core {
        &self.0.core
    }

    pub(crate) fn shared_core(&self) -> Arc<Core> {
        self.0.core.clone()
    }

    /// Opens the stream to the page; see [`Hub::open`].
    pub fn open_stream(&self, since: Option<u64>) -> mpsc::Receiver<StreamMessage> {
        self.core().hub.open(since)
    }

    /// Says whether anybody can see the window.
    pub fn set_visible(&self, visible: bool) {
        self.core().hub.set_visible(visible);
    }

    /// What the tray shows, always the newest.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.0.status.clone()
    }

    /// What is worth a system notification.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.core().notices.subscribe()
    }

    /// Changes what is done about failures by itself.
    pub fn set_policy(&self, policy: Policy) {
        self.core().set_policy(policy);
    }

    pub(crate) async fn start_actor(&self, row: &ServerRow) -> Result<ServerView, CommandError> {
        let bad = |message: String| CommandError::new(CommandErrorCode::BadInput, message);
        let address = Address::parse(&row.address).map_err(|error| bad(error.to_string()))?;
        let client = Client::new(address).map_err(|error| bad(error.to_string()))?;
        self.stop_actor(row.id).await;
        let core = &self.0.core;
        let view = ServerView {
            id: row.id,
            name: row.name.clone(),
            kind: convert::server_kind(&row.kind),
            address: row.address.clone(),
            link: LinkState::Connecting,
            message: None,
            retry_at: None,
            live: false,
            facts: None,
            latency_ms: None,
            ours: 0,
            others: 0,
            max_held: row.max_held,
            paused: row.paused,
            outputs: row.outputs.clone(),
            odd: Vec::new(),
        };
        let wake = core.book.add(view.clone());
        core.hub.publish(vec![Fact::ServerChanged { server: Box::new(view.clone()) }]);
        let actor = ServerActor::start(core.clone(), row.id, client, wake);
        self.0.actors.lock().await.insert(row.id, actor);
        Ok(view)
    }

    pub(crate) async fn client(&self, id: ServerId) -> Option<Client> {
        self.0.actors.lock().await.get(&id).map(|actor| actor.client.clone())
    }

    pub(crate) async fn stop_actor(&self, id: ServerId) {
        let actor = self.0.actors.lock().await.remove(&id);
        if let Some(actor) = actor {
            actor.stop().await;
        }
    }
}

/// Makes the library folder at the first start. Later it is only looked at: a folder that is missing
/// then is a drive that is not connected.
async fn prepare_library(store: &Store, library: &Library) -> Result<(), StoreError> {
    let root = library.root();
    let key = format!("library-made:{}", root.display());
    if store.get_value(&key).await?.is_none() {
        match std::fs::create_dir_all(&root) {
            Ok(()) => store.set_value(&key, "1").await?,
            Err(error) => {
                library.set_trouble(Some(format!(
                    "The library folder {} cannot be made ({error}). Choose another one in Settings.",
                    root.display()
                )));
            }
        }
    } else if !root.is_dir() {
        library.set_trouble(Some(format!(
            "The library folder {} is not there. Connect its drive, or choose another folder in Settings.",
            root.display()
        )));
    }
    library.sweep();
    Ok(())
}

/// Puts workflows into the library that were run before there was one.
async fn fill_library(core: Arc<Core>) {
    if let Err(error) = intake::catch_up(&core.store).await {
        tracing::error!(%error, "earlier workflows could not be put into the library");
    }
}

/// Tells the page what is going on in the library's folders.
async fn tell_roots(core: Arc<Core>) {
    core.roots.tell(&core).await;
}

/// Lets go of node classes that were not needed for a while.
async fn tidy(core: Arc<Core>) {
    loop {
        tokio::time::sleep(known::KEPT_FOR).await;
        core.known.tidy(std::time::Instant::now());
    }
}

/// Keeps counts and the tray's state, after changes and while something runs.
async fn keep_status(core: Arc<Core>, snapshots: Snapshots, status: watch::Sender<Status>) {
    let mut counts: Option<crate::view::Counts> = None;
    let mut estimated: Option<tokio::time::Instant> = None;
    loop {
        if estimated.is_none_or(|at| at.elapsed() >= SHARE_EVERY) {
            estimated = Some(tokio::time::Instant::now());
            match estimate::until_empty(&core).await {
                Ok(now) => {
                    *snapshots.until_empty.lock().unwrap_or_else(PoisonError::into_inner) =
                        now.rounded();
                }
                Err(error) => tracing::error!(%error, "cannot read what earlier runs took"),
            }
        }
        match matching::waits(&core).await {
            Ok(now) => {
                let mut waits = snapshots.waits.lock().unwrap_or_else(PoisonError::into_inner);
                if *waits != now {
                    waits.clone_from(&now);
                    core.hub.publish(vec![Fact::WaitsChanged { waits: now }]);
                }
            }
            Err(error) => tracing::error!(%error, "cannot read what the waiting jobs need"),
        }
        match read_status(&core, &snapshots).await {
            Ok((now, new_counts)) => {
                if counts != Some(new_counts) {
                    if counts.is_some_and(|old| old.assets != new_counts.assets) {
                        core.publish_library().await;
                    }
                    counts = Some(new_counts);
                    core.hub.publish(vec![Fact::CountsChanged { counts: new_counts }]);
                }
                status.send_if_modified(|old| {
                    let news = *old != now;
                    *old = now;
                    news
                });
            }
            Err(error) => tracing::error!(%error, "cannot read the counts"),
        }
        let running = !status.borrow().running.is_empty();

        tokio::select! {
            () = core.touched.notified() => tokio::time::sleep(STATUS_EVERY).await,
            () = tokio::time::sleep(SHARE_EVERY), if running || counts.is_some_and(|c| c.waiting > 0) => {}
        }
    }
}

async fn read_status(
    core: &Core,
    snapshots: &Snapshots,
) -> Result<(Status, crate::view::Counts), StoreError> {
    let counts = snapshots.counts().await?;
    let running: Vec<_> = core
        .store
        .all_in_flight()
        .await?
        .into_iter()
        .filter(|job| matches!(job.state, JobState::Running | JobState::Collecting(_)))
        .map(|job| {
            let share = core.live.read(job.id, crate::live::Run::share).unwrap_or(0.0);
            (job.id, job.title, share)
        })
        .collect();
    let lamp = if !running.is_empty() {
        Lamp::Developing
    } else if counts.unseen_failures > 0 || core.library.trouble().is_some() {
        Lamp::Trouble
    } else {
        Lamp::Idle
    };
    let paused = core.paused.load(Ordering::Relaxed);
    Ok((Status { lamp, paused, waiting: counts.waiting, running }, counts))
}
