//! Servers, their connection, and what they say about themselves.

use domain::ServerId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ServerKind {
    /// A ComfyUI.
    Comfy,
    /// The practice engine inside Safelight.
    Practice,
}

/// The state of the connection to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LinkState {
    /// First try under way.
    Connecting,
    /// Connected, and everything reconciled.
    Online,
    /// The connection was lost; it is tried again.
    Reconnecting,
    /// Nothing answers there.
    Offline,
    /// Something answers, but it is no ComfyUI or wants a login.
    Refused,
}

/// A device of a server.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DeviceView {
    /// Its name, for example `NVIDIA GeForce RTX 4090`.
    pub name: String,
    /// `cuda`, `cpu`, `mps` …
    pub kind: String,
    /// Video memory in bytes.
    #[ts(type = "number | null")]
    pub vram_total: Option<u64>,
    /// Free video memory in bytes.
    #[ts(type = "number | null")]
    pub vram_free: Option<u64>,
}

/// What a server says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ServerFacts {
    /// ComfyUI's version.
    pub version: Option<String>,
    /// Python's version.
    pub python: Option<String>,
    /// PyTorch's version.
    pub pytorch: Option<String>,
    /// Operating system.
    pub os: Option<String>,
    /// Its devices, first is primary.
    pub devices: Vec<DeviceView>,
    /// How many node classes it has, once known.
    pub node_classes: Option<u32>,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ServerView {
    /// Its id.
    pub id: ServerId,
    /// The artist's name for it.
    pub name: String,
    /// What it is.
    pub kind: ServerKind,
    /// Its base address, as text.
    pub address: String,
    /// The state of the connection.
    pub link: LinkState,
    /// A sentence about the connection when it is not simply online.
    pub message: Option<String>,
    /// When the next try to connect is due.
    #[ts(type = "number | null")]
    pub retry_at: Option<i64>,
    /// Whether live events arrive. False while online: a proxy drops WebSockets, for example.
    pub live: bool,
    /// What it says about itself.
    pub facts: Option<ServerFacts>,
    /// The last round trip, in milliseconds.
    pub latency_ms: Option<f64>,
    /// Our jobs there, running or waiting.
    pub ours: u32,
    /// Jobs of other clients there, running or waiting.
    pub others: u32,
    /// How many jobs it may hold at once.
    pub max_held: u32,
    /// Whether the artist has paused it.
    pub paused: bool,
    /// The folder on this machine into which it puts what it makes, if the files stay there. Nothing:
    /// they are copied to the library folder.
    pub outputs: Option<String>,
    /// Messages of kinds that Safelight does not know, since the start of the app.
    pub odd: Vec<OddView>,
}

/// Messages of a kind that Safelight does not know: custom nodes send what they like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct OddView {
    /// What they call themselves.
    pub kind: String,
    /// How many came.
    #[ts(type = "number")]
    pub count: u64,
}

/// What a test of an address found.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ProbeView {
    /// The address as understood.
    pub address: String,
    /// Whether a ComfyUI answers there.
    pub ok: bool,
    /// A sentence: what was found, or what is in the way and what to do.
    pub message: String,
    /// What the server says about itself.
    pub facts: Option<ServerFacts>,
    /// Whether it is a practice engine.
    pub practice: bool,
    /// Jobs in its queue.
    pub queue: Option<u32>,
    /// The round trip in milliseconds.
    pub latency_ms: Option<f64>,
}
