//! Settings, in tauri-plugin-store.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{path::PathBuf, sync::Arc};
use tauri::{AppHandle, Wry};
use tauri_plugin_store::{Store, StoreExt};

/// The file, in the data folder.
const FILE: &str = "settings.json";

/// How the window looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    System,
    /// Dark, as a darkroom is.
    #[default]
    Dark,
    /// Light.
    Light,
}

/// What the artist can set. Whatever is missing or makes no sense in the file is as here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Dark, light or as the system.
    pub theme: Theme,
    /// Whether the system is told about finished batches and failures.
    pub notifications: bool,
    /// Whether the window stays hidden at the start.
    pub start_hidden: bool,
    /// Whether closing the window leaves the app in the tray.
    pub close_to_tray: bool,
    /// Whether lost jobs are offered again by themselves.
    pub retry_lost: bool,
    /// Whether jobs that ran out of memory are tried once more by themselves.
    pub retry_memory: bool,
    /// Whether the rest of a batch is held when one of its jobs fails.
    pub stop_batch: bool,
    /// Whether pausing the queue frees the servers' memory.
    pub free_on_pause: bool,
    /// Height of the gallery's rows in pixels.
    pub row_height: u32,
    /// Whether the first start is over.
    pub welcomed: bool,
    /// The library folder, if the artist chose one.
    pub library: Option<PathBuf>,
    /// The port the practice engine had.
    pub practice_port: Option<u16>,
    /// Whether the practice engine is in use.
    pub practice_on: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::Dark,
            notifications: true,
            start_hidden: false,
            close_to_tray: false,
            retry_lost: true,
            retry_memory: true,
            stop_batch: false,
            free_on_pause: false,
            row_height: 132,
            welcomed: false,
            library: None,
            practice_port: None,
            practice_on: false,
        }
    }
}

impl Settings {
    /// What the engine does about failures by itself.
    pub fn policy(&self) -> engine::Policy {
        engine::Policy {
            retry_lost: self.retry_lost,
            retry_memory: self.retry_memory,
            stop_batch: self.stop_batch,
        }
    }

    /// These settings with some values changed. A value that makes no sense changes nothing.
    pub fn patched(&self, patch: &Map<String, Value>) -> Self {
        let Ok(Value::Object(mut all)) = serde_json::to_value(self) else { return self.clone() };
        for (key, value) in patch {
            let mut one = all.clone();
            if one.insert(key.clone(), value.clone()).is_none() {
                continue;
            }
            if serde_json::from_value::<Self>(Value::Object(one.clone())).is_ok() {
                all = one;
            }
        }
        serde_json::from_value(Value::Object(all)).unwrap_or_else(|_| self.clone())
    }
}

/// The file of settings.
#[derive(Clone)]
pub struct SettingsFile(Arc<Store<Wry>>);

impl SettingsFile {
    /// Opens the file. One that cannot be read counts as empty.
    ///
    /// # Errors
    /// When the plugin cannot be used at all.
    pub fn open(app: &AppHandle, data: &std::path::Path) -> tauri_plugin_store::Result<Self> {
        let path = data.join(FILE);
        // A damaged file is put aside, not overwritten.
        if std::fs::read(&path).is_ok_and(|text| serde_json::from_slice::<Value>(&text).is_err()) {
            let _ = std::fs::rename(&path, data.join("settings.damaged.json"));
        }
        Ok(Self(app.store_builder(path).build()?))
    }

    /// The settings.
    pub fn read(&self) -> Settings {
        Settings::default().patched(&self.0.entries().into_iter().collect())
    }

    /// Changes some of them, and answers with all.
    pub fn patch(&self, patch: &Map<String, Value>) -> Settings {
        let settings = self.read().patched(patch);
        if let Ok(Value::Object(all)) = serde_json::to_value(&settings) {
            for (key, value) in all {
                self.0.set(key, value);
            }
        }
        if let Err(error) = self.0.save() {
            tracing::error!(%error, "cannot save the settings");
        }
        settings
    }

    /// Changes one of them.
    pub fn set(&self, key: &str, value: impl Into<Value>) -> Settings {
        self.patch(&Map::from_iter([(key.to_owned(), value.into())]))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn sense_is_taken_and_nonsense_left() {
        let patch = json!({
            "theme": "light", "notifications": "yes", "row_height": -3, "welcomed": true,
            "unknown": 1, "library": "/pictures"
        });
        let settings = Settings::default().patched(patch.as_object().unwrap());
        let wanted = Settings {
            theme: Theme::Light,
            welcomed: true,
            library: Some("/pictures".into()),
            ..Settings::default()
        };
        assert_eq!(settings, wanted);
    }
}
