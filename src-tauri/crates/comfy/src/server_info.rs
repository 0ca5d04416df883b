//! What a server says about itself.

use serde::Deserialize;
use serde_json::Value;
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Device {
    /// Its name.
    pub name: String,
    /// `cuda`, `cpu` …
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
    /// Backends for odd hardware leave out, or say as a fraction, what others say as a number.
    #[serde(default)]
    devices: Value,
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
        devices: raw.devices.as_array().into_iter().flatten().map(device).collect(),
    })
}

fn device(raw: &Value) -> Device {
    let text = |key: &str| raw[key].as_str().unwrap_or_default().to_owned();
    // `as` saturates, which is right for an amount of memory.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bytes = |key: &str| Some(raw[key].as_u64().unwrap_or(raw[key].as_f64()? as u64));
    Device {
        name: text("name"),
        kind: text("type"),
        vram_total: bytes("vram_total"),
        vram_free: bytes("vram_free"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whatever_is_missing_or_odd_is_tolerated() {
        let read = |text: &str| stats(text.as_bytes());
        assert_eq!(read(r#"{"system": {}}"#).unwrap(), SystemStats::default());
        assert_eq!(read(r#"{"system": {}, "devices": null}"#).unwrap().devices, []);
        let odd = r#"{"system": {"comfyui_version": null}, "devices": [
            {"name": null, "type": "xpu", "index": null, "vram_total": 1.5e9, "vram_free": 18446744073709551615}]}"#;
        let device = read(odd).unwrap().devices.remove(0);
        assert_eq!((&*device.name, &*device.kind), ("", "xpu"));
        assert_eq!((device.vram_total, device.vram_free), (Some(1_500_000_000), Some(u64::MAX)));
        assert_eq!(read(r#"{"name": "printer"}"#), None);
        assert_eq!(read("[]"), None);
    }
}
