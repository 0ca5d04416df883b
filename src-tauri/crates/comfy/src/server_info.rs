//! What a server says about itself.

use serde::Deserialize;
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
    /// Its texts about progress name their job (no version up to 0.28.2 does).
    pub supports_progress_text_metadata: bool,
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
