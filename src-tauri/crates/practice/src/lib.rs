//! The practice engine: a server that speaks ComfyUI's protocol (that of 0.28.2, or of an
//! older version, see [`Like`]) over real sockets and really runs image nodes on the CPU.
//!
//! It is for the first minutes without a ComfyUI, and for tests. Nodes that would need
//! a model draw abstract pictures from the seed and the prompt; every file they make
//! says so. It listens on loopback only.

mod draw;
mod hub;
mod like;
mod nodes;
mod paths;
mod python;
mod queue;
mod record;
mod run;
mod scenes;
mod server;
mod storm;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use like::{Like, UnknownVersion};
pub use record::{Asked, Ended, Execution, Record};
pub use scenes::Scene;
pub use storm::Storm;

use server::{Connection, Lines, Shared};

/// How long open requests may take when the server stops, before they are cut.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// How the practice engine is set up.
#[derive(Clone, Debug)]
pub struct PracticeConfig {
    /// Port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// Where `input/`, `output/`, `temp/` and, for saved workflows, `user/` are made. What
    /// is in `temp/` is deleted at start and stop.
    pub data_dir: PathBuf,
    /// Pause for each sampler step, so that people can watch.
    pub step_time: Duration,
    /// Additional pause for each node.
    pub node_time: Duration,
    /// The version of ComfyUI it answers like.
    pub like: Like,
}

impl PracticeConfig {
    /// Any port, 150 ms for each sampler step, no pause for other nodes, like 0.28.2.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            port: 0,
            data_dir: data_dir.into(),
            step_time: Duration::from_millis(150),
            node_time: Duration::ZERO,
            like: Like::default(),
        }
    }
}

/// Why the practice engine could not start.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// A folder below the data folder could not be made or emptied.
    #[error("cannot prepare the folder {folder} for the practice engine: {source}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The port is taken or not allowed.
    #[error(
        "cannot listen on port {port} of 127.0.0.1: {source}. Choose another port, or 0 for any"
    )]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A running practice engine. Dropping it stops it without waiting; [`Practice::stop`]
/// waits for the end.
pub struct Practice {
    shared: Arc<Shared>,
    address: SocketAddr,
    connections: CancellationToken,
    server: Option<JoinHandle<()>>,
    worker: Option<JoinHandle<()>>,
}

impl Practice {
    /// Starts listening and working.
    ///
    /// # Errors
    ///
    /// When a folder cannot be made or the port cannot be had.
    pub async fn start(config: PracticeConfig) -> Result<Self, PracticeError> {
        let folder = |name| config.data_dir.join(name);
        let folders = nodes::Folders {
            input: folder("input"),
            output: folder("output"),
            temp: folder("temp"),
        };
        empty(&folders.temp)?;
        for folder in [&folders.input, &folders.output, &folders.temp] {
            std::fs::create_dir_all(folder)
                .map_err(|source| PracticeError::Folder { folder: folder.clone(), source })?;
        }
        let listen = |source| PracticeError::Listen { port: config.port, source };
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;

        let scenes = Arc::new(scenes::Scenes::default());
        let hub = Arc::new(hub::Hub::new(scenes.clone()));
        let shared = Arc::new(Shared {
            config,
            folders,
            queue: queue::Queue::new(hub.clone()),
            hub,
            cache: Mutex::default(),
            record: record::Recorder::default(),
            scenes,
            logs: Default::default(),
            settings: Mutex::default(),
            stop: CancellationToken::new(),
            sockets: TaskTracker::new(),
        });
        let connections = CancellationToken::new();
        let service =
            server::router(shared.clone()).into_make_service_with_connect_info::<Connection>();
        let serving = axum::serve(Lines::new(listener, connections.clone()), service)
            .with_graceful_shutdown(shared.stop.clone().cancelled_owned());
        let server = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the practice engine's server ended");
            }
        });
        let worker = tokio::spawn(run::work(shared.clone()));
        Ok(Self { shared, address, connections, server: Some(server), worker: Some(worker) })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Interrupts the running job, closes sockets and connections, waits for all tasks
    /// and empties `temp/`. Requests still open have two seconds before they are cut.
    pub async fn stop(mut self) {
        self.shared.stop.cancel();
        if let Some(mut server) = self.server.take()
            && tokio::time::timeout(LAST_ANSWERS, &mut server).await.is_err()
        {
            self.connections.cancel();
            let _ = server.await;
        }
        self.connections.cancel();
        if let Some(worker) = self.worker.take() {
            let _ = worker.await;
        }
        self.shared.sockets.close();
        self.shared.sockets.wait().await;
        if let Err(error) = empty(&self.shared.folders.temp) {
            tracing::warn!(%error, "temporary files stay behind");
        }
    }

    /// What it was asked and what it ran so far.
    pub fn record(&self) -> Record {
        self.shared.record.read()
    }

    /// How many sockets are open, whether or not anything is published to them.
    pub fn open_sockets(&self) -> usize {
        self.shared.hub.open()
    }

    /// Makes it misbehave, or stop doing so.
    #[cfg(feature = "scenes")]
    pub fn set_scene(&self, scene: Scene, on: bool) {
        set_scene(&self.shared, scene, on);
    }

    /// Lets a storm blow, or makes it end. What has happened stays so.
    #[cfg(feature = "scenes")]
    pub fn set_storm(&self, storm: Option<Storm>) {
        self.shared.scenes.weather.set(storm);
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.shared.stop.cancel();
        // The worker may not be asked any more: a runtime that ends waits for the job.
        self.shared.queue.interrupt(None);
        self.connections.cancel();
    }
}

#[cfg(feature = "scenes")]
pub(crate) fn set_scene(shared: &Shared, scene: Scene, on: bool) {
    match scene {
        Scene::DropSockets if on => shared.hub.cut_all(),
        Scene::HalfOpen if on => shared.hub.deaden_all(),
        Scene::ForgetEverything if on => shared.forget(),
        Scene::HistoryCleared if on => shared.queue.delete_history(|_| true),
        Scene::DropSockets | Scene::HalfOpen | Scene::ForgetEverything | Scene::HistoryCleared => {}
        Scene::SlowReader => shared.hub.freeze(on),
        lasting => shared.scenes.set(lasting, on),
    }
}

/// Deletes a folder's content with the folder, if it is there.
fn empty(folder: &Path) -> Result<(), PracticeError> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(PracticeError::Folder { folder: folder.into(), source })
        }
        _ => Ok(()),
    }
}

/// Locks, also after a panic elsewhere: every value behind these locks is valid after
/// each statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Milliseconds since 1970.
pub(crate) fn unix_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as u64)
}
