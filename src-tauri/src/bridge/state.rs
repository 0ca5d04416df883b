//! What the commands share.

use crate::shell::{places::Places, practice::PracticeKeeper, settings::SettingsFile};
use engine::Engine;
use std::sync::atomic::AtomicBool;
use tokio::sync::Mutex;
use tokio::task::AbortHandle;

/// The running app.
pub struct App {
    /// The engine.
    pub engine: Engine,
    /// The settings.
    pub settings: SettingsFile,
    /// The practice engine.
    pub practice: PracticeKeeper,
    /// The folders.
    pub places: Places,
    /// The task that feeds the page.
    pub stream: Mutex<Option<AbortHandle>>,
    /// Whether there is a tray icon to come back from.
    pub has_tray: AtomicBool,
    /// Whether the app is on its way out.
    pub quitting: AtomicBool,
}
