//! What a server says about itself.

use crate::ComfyError;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;

/// `/system_stats`. Whatever is missing is tolerated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SystemStats {
    /// ComfyUI's version.
    pub version: Option<String>,
    /// Python's version.
    pub python: Option<String>,
    /// PyTorch's version.
    pub pytorch: Option<String>,
    /// Operating system.
    pub os: Option<String>,
    /// Whether it is a practice engine.
    pub practice: bool,
    /// Devices; the first is primary.
    pub devices: Vec<Device>,
}

/// A device.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Device {
    /// Its name.
    pub name: String,
    /// `cuda`, `cpu` …
    #[serde(rename = "type")]
    pub kind: String,
    /// Video memory in bytes.
    pub vram_total: Option<u64>,
    /// Free video memory in bytes.
    pub vram_free: Option<u64>,
}

/// What a server can do, from `/features` or its first frames.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Features {
    /// It sends previews with their node's and job's ids to those who ask.
    pub supports_preview_metadata: bool,
    /// The largest request body in bytes; may be a float.
    pub max_upload_size: Option<f64>,
}

/// What a look at a server found.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// What it says about itself.
    pub stats: SystemStats,
    /// Jobs of all clients that run or wait.
    pub queue_remaining: u64,
    /// The round trip.
    pub latency: Duration,
}

/// A node class, as far as names go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeClass {
    /// The class.
    pub name: String,
    /// The name ComfyUI shows.
    pub display_name: String,
    /// Whether its nodes are outputs.
    pub output_node: bool,
}

#[derive(Deserialize)]
struct RawStats {
    system: RawSystem,
    #[serde(default)]
    devices: Vec<Device>,
    #[serde(default)]
    practice: bool,
}

#[derive(Deserialize)]
struct RawSystem {
    #[serde(default)]
    comfyui_version: Option<String>,
    #[serde(default)]
    python_version: Option<String>,
    #[serde(default)]
    pytorch_version: Option<String>,
    #[serde(default)]
    os: Option<String>,
}

/// Reads `/system_stats`; nothing when it is some other program's answer.
pub(crate) fn stats(json: &[u8]) -> Option<SystemStats> {
    let raw: RawStats = serde_json::from_slice(json).ok()?;
    Some(SystemStats {
        version: raw.system.comfyui_version,
        python: raw.system.python_version.map(|text| {
            // "3.11.7 (main, …) [GCC …]"
            text.split_whitespace().next().unwrap_or_default().to_owned()
        }),
        pytorch: raw.system.pytorch_version,
        os: raw.system.os,
        practice: raw.practice,
        devices: raw.devices,
    })
}

#[derive(Deserialize)]
struct RawClass {
    #[serde(default)]
    display_name: Option<Value>,
    #[serde(default)]
    output_node: Option<Value>,
}

/// Reads the names out of `/object_info`.
pub(crate) fn classes(json: &[u8]) -> Result<Vec<NodeClass>, ComfyError> {
    let bad = |error: serde_json::Error| ComfyError::BadAnswer {
        route: "/object_info".to_owned(),
        why: error.to_string(),
    };
    let all: Map<String, Value> = serde_json::from_slice(json).map_err(bad)?;
    Ok(all
        .into_iter()
        .filter_map(|(name, class)| {
            let raw: RawClass = serde_json::from_value(class).ok()?;
            let shown = raw.display_name.as_ref().and_then(Value::as_str).unwrap_or_default();
            Some(NodeClass {
                display_name: if shown.is_empty() { name.clone() } else { shown.to_owned() },
                output_node: raw.output_node.as_ref().and_then(Value::as_bool).unwrap_or(false),
                name,
            })
        })
        .collect())
}
