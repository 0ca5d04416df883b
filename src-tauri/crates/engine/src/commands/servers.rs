//! Commands about servers.

use crate::{
    Engine, convert,
    roots::{
        fits::{Fits, Must, around, fits},
        names::{is_hidden, join, path_of},
    },
    time::now_ms,
    view::{CommandError, CommandErrorCode, Fact, LinkState, ProbeView, ServerKind, ServerView},
};
use comfy::{Address, Client};
use domain::ServerId;
use std::path::{Path, PathBuf};
use store::ServerRow;
use uuid::Uuid;

/// The name of the practice engine in the list of servers.
const PRACTICE_NAME: &str = "Practice engine";
/// The most jobs a server may be told to hold; the page's form says the same.
const MOST_HELD: u32 = 1_000;

/// A server as the artist describes it.
#[derive(Clone, Debug)]
pub struct ServerInput {
    /// Its id, made by whoever asks.
    pub id: ServerId,
    /// Its name; empty takes the address.
    pub name: String,
    /// Its base address.
    pub address: String,
    /// How many jobs it may hold at once.
    pub max_held: u32,
    /// The folder on this machine into which it puts what it makes, if the files are to stay there.
    /// Nothing: they are copied.
    pub outputs: Option<PathBuf>,
}

impl Engine {
    /// Looks at an address and says what is there. Never an error: what is in the way is the answer.
    pub async fn server_probe(&self, address: &str) -> ProbeView {
        let parsed = match Address::parse(address) {
            Ok(parsed) => parsed,
            Err(error) => return no_server(address, &error.to_string()),
        };
        let shown = parsed.to_string();
        let probe = match Client::new(parsed) {
            Ok(client) => client.probe().await,
            Err(error) => Err(error),
        };
        match probe {
            Ok(probe) => {
                let facts = convert::server_facts(&probe.stats, None);
                let what = if probe.stats.practice { "A practice engine" } else { "ComfyUI" };
                let version = facts.version.as_deref().unwrap_or("of unknown version");
                let device = facts.devices.first().map_or("no device", |device| &device.name);
                let queue = match probe.queue_remaining {
                    0 => "its queue is empty".to_owned(),
                    1 => "1 job is in its queue".to_owned(),
                    n => format!("{n} jobs are in its queue"),
                };
                ProbeView {
                    ok: true,
                    message: format!("{what} {version} on {device}, {queue}."),
                    practice: probe.stats.practice,
                    queue: u32::try_from(probe.queue_remaining).ok(),
                    latency_ms: Some(probe.latency.as_secs_f64() * 1_000.0),
                    facts: Some(facts),
                    address: shown,
                }
            }
            Err(error) => no_server(&shown, &error.to_string()),
        }
    }

    /// Adds a server and connects to it.
    ///
    /// # Errors
    /// When the address makes no sense, or the database cannot be written.
    pub async fn server_add(&self, input: ServerInput) -> Result<ServerView, CommandError> {
        self.put_server(input, ServerKind::Comfy).await
    }

    /// Changes a server and connects anew.
    ///
    /// # Errors
    /// When it is not there, its address makes no sense, or the database cannot be written.
    pub async fn server_edit(&self, input: ServerInput) -> Result<ServerView, CommandError> {
        let kind = self
            .core()
            .book
            .view(input.id)
            .ok_or_else(|| CommandError::not_found("The server"))?
            .kind;
        self.put_server(input, kind).await
    }

    /// Removes a server. Its unfinished jobs stay in the queue for other servers.
    ///
    /// # Errors
    /// When jobs of ours are still there, or the database cannot be written.
    pub async fn server_remove(&self, id: ServerId) -> Result<(), CommandError> {
        let core = self.core();
        let flights = core.store.flights(id).await?;
        if !flights.is_empty() {
            return Err(CommandError::new(
                CommandErrorCode::WrongState,
                format!(
                    "{} of your jobs are still at this server. Cancel them or wait for them, then remove it.",
                    flights.len()
                ),
            ));
        }
        self.stop_actor(id).await;
        core.store.remove_server(id).await?;
        core.book.remove(id);
        core.known.forget(id);
        core.hub.publish(vec![Fact::ServerRemoved { id }]);
        core.touched.notify_one();
        Ok(())
    }

    /// Pauses a server, or resumes it. What runs there is finished.
    ///
    /// # Errors
    /// When it is not there, or the database cannot be written.
    pub async fn server_pause(&self, id: ServerId, paused: bool) -> Result<(), CommandError> {
        let core = self.core();
        let mut row = self.server_row(id).await?;
        row.paused = paused;
        core.store.put_server(&row).await?;
        core.server(id, |view| view.paused = paused);
        core.settle_pause().await;
        core.book.wake(id);
        Ok(())
    }

    /// Frees a server's memory: models are unloaded, and its cache of node results is emptied. It does
    /// so when the job it runs is done.
    ///
    /// # Errors
    /// When the server is not there or cannot be reached.
    pub async fn server_free(&self, id: ServerId) -> Result<(), CommandError> {
        let client = self.client(id).await.ok_or_else(|| CommandError::not_found("The server"))?;
        client
            .free(true, true)
            .await
            .map_err(|error| CommandError::new(CommandErrorCode::WrongState, error.to_string()))
    }

    /// Tries to connect again now.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn server_reconnect(&self, id: ServerId) -> Result<(), CommandError> {
        let core = self.core();
        self.server_row(id).await?;
        core.server(id, |view| {
            view.link = LinkState::Connecting;
            view.message = None;
        });
        core.book.wake(id);
        Ok(())
    }

    /// Takes the practice engine, which listens at `url`, for a server.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn practice_added(&self, url: &str) -> Result<ServerView, CommandError> {
        let had = self.core().store.servers().await?;
        let had = had.iter().find(|row| row.kind == "practice");
        let input = ServerInput {
            id: had.map_or_else(|| ServerId(Uuid::now_v7()), |row| row.id),
            name: had.map_or_else(|| PRACTICE_NAME.to_owned(), |row| row.name.clone()),
            address: url.to_owned(),
            max_held: had.map_or(2, |row| row.max_held),
            outputs: had.and_then(|row| row.outputs.as_ref()).map(PathBuf::from),
        };
        self.put_server(input, ServerKind::Practice).await
    }

    /// The practice engine among the servers, if it is one of them.
    pub fn practice_server(&self) -> Option<ServerId> {
        let views = self.core().book.views();
        views.iter().find(|view| view.kind == ServerKind::Practice).map(|view| view.id)
    }

    async fn put_server(
        &self,
        input: ServerInput,
        kind: ServerKind,
    ) -> Result<ServerView, CommandError> {
        let core = self.core();
        let address = Address::parse(&input.address)
            .map_err(|error| CommandError::new(CommandErrorCode::BadInput, error.to_string()))?;
        let had = core.store.servers().await?;
        if let Some(twin) =
            had.iter().find(|row| row.id != input.id && row.address == address.to_string())
        {
            return Err(CommandError::new(
                CommandErrorCode::BadInput,
                format!("This address is in the list already, as {}.", twin.name),
            ));
        }
        if !(1..=MOST_HELD).contains(&input.max_held) {
            return Err(CommandError::new(
                CommandErrorCode::BadInput,
                format!("A server may hold 1 to {MOST_HELD} jobs, not {}.", input.max_held),
            ));
        }
        let old = had.iter().find(|row| row.id == input.id);
        let outputs = match input.outputs {
            Some(outputs) => Some(self.outputs_folder(outputs, old).await?),
            None => None,
        };
        let name = input.name.trim();
        let row = ServerRow {
            id: input.id,
            name: if name.is_empty() {
                address.to_string()
            } else {
                name.chars().take(80).collect()
            },
            kind: convert::server_kind_name(kind).to_owned(),
            address: address.to_string(),
            position: old.map_or_else(
                || had.iter().map(|row| row.position + 1).max().unwrap_or(0),
                |row| row.position,
            ),
            max_held: input.max_held,
            paused: old.is_some_and(|row| row.paused),
            outputs,
            created_at: old.map_or_else(now_ms, |row| row.created_at),
        };
        core.store.put_server(&row).await?;
        self.start_actor(&row).await
    }

    /// The folder that a server puts its outputs into, as one of the library's folders or in one: there
    /// it is watched, away and back like any other.
    async fn outputs_folder(
        &self,
        path: PathBuf,
        old: Option<&ServerRow>,
    ) -> Result<String, CommandError> {
        let bad = |message: String| CommandError::new(CommandErrorCode::BadInput, message);
        // What was taken before may be away now, and stays.
        if let Some(had) = old.and_then(|row| row.outputs.as_ref())
            && Path::new(had) == path
        {
            return Ok(had.clone());
        }
        if !path.is_absolute() {
            return Err(bad("Choose the folder of outputs by its full path.".to_owned()));
        }
        let folder = match fits(self.core(), &path, None, Must::BeThere).await.map_err(bad)? {
            Fits::New(path) => {
                self.root_add(path.clone(), true).await?;
                path
            }
            Fits::Known(root) => path_of(&root.path),
            Fits::In(root, below) if below.split(|byte| *byte == b'/').any(is_hidden) => {
                return Err(bad(format!(
                    "{} is hidden in {}, where the library does not look. Let it be copied, or forget {} in Settings first.",
                    path.display(),
                    path_of(&root.path).display(),
                    path_of(&root.path).display()
                )));
            }
            Fits::In(root, below) => join(&path_of(&root.path), &below),
            Fits::Around(root) => return Err(bad(around(&path, &root))),
        };
        folder.to_str().map(str::to_owned).ok_or_else(|| {
            bad(format!("The name of {} is no text. Rename it first.", folder.display()))
        })
    }

    /// Says of servers whose outputs stay below a folder that it lies elsewhere now.
    pub(super) async fn outputs_moved(&self, from: &Path, to: &Path) -> Result<(), CommandError> {
        let core = self.core();
        for mut row in core.store.servers().await? {
            let had = row.outputs.as_ref().map(Path::new);
            let Some(below) = had.and_then(|had| had.strip_prefix(from).ok()) else { continue };
            // Joining nothing would end the path with a slash.
            let now = if below.as_os_str().is_empty() { to.to_owned() } else { to.join(below) };
            row.outputs = now.to_str().map(str::to_owned);
            core.store.put_server(&row).await?;
            core.server(row.id, |view| view.outputs.clone_from(&row.outputs));
        }
        Ok(())
    }

    async fn server_row(&self, id: ServerId) -> Result<ServerRow, CommandError> {
        let rows = self.core().store.servers().await?;
        rows.into_iter()
            .find(|row| row.id == id)
            .ok_or_else(|| CommandError::not_found("The server"))
    }
}

fn no_server(address: &str, message: &str) -> ProbeView {
    ProbeView {
        address: address.to_owned(),
        ok: false,
        message: message.to_owned(),
        facts: None,
        practice: false,
        queue: None,
        latency_ms: None,
    }
}
