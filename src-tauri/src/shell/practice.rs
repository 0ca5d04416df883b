//! The practice engine inside this process: one more server, on a loopback port.

use crate::{bridge::state::App, shell::settings::SettingsFile};
use engine::{
    Engine,
    view::{CommandError, CommandErrorCode, ServerView},
};
use practice::{Practice, PracticeConfig};
use std::path::PathBuf;
use tokio::sync::Mutex;

/// The running practice engine, if it runs.
pub struct PracticeKeeper {
    running: Mutex<Option<Practice>>,
    folder: PathBuf,
}

impl PracticeKeeper {
    /// A keeper whose practice engine keeps its files below `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { running: Mutex::new(None), folder }
    }

    /// Starts it, if it does not run, and adds it to the servers. It gets the port it had before
    /// where that is free, so that its jobs are found again.
    ///
    /// # Errors
    /// When no port can be had, or the database cannot be written.
    pub async fn start(
        &self,
        engine: &Engine,
        settings: &SettingsFile,
    ) -> Result<ServerView, CommandError> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let mut config = PracticeConfig::new(self.folder.clone());
            let had = settings.read().practice_port.unwrap_or(0);
            config.port = had;
            let started = match Practice::start(config.clone()).await {
                Err(error) if had != 0 => {
                    tracing::warn!(%error, port = had, "the practice engine takes another port");
                    config.port = 0;
                    Practice::start(config).await
                }
                other => other,
            };
            let practice = started.map_err(|error| {
                CommandError::new(
                    CommandErrorCode::Internal,
                    format!("The practice engine cannot start: {error}"),
                )
            })?;
            settings.set("practice_port", practice.address().port());
            *running = Some(practice);
        }
        let Some(practice) = running.as_ref() else {
            return Err(CommandError::new(
                CommandErrorCode::Internal,
                "The practice engine is gone.",
            ));
        };
        settings.set("practice_on", true);
        engine.practice_added(&practice.url()).await
    }

    /// Stops it and takes it off the list of servers.
    ///
    /// # Errors
    /// When jobs of ours are still there.
    pub async fn stop(&self, app: &App) -> Result<(), CommandError> {
        if let Some(id) = app.engine.practice_server() {
            app.engine.server_remove(id).await?;
        }
        app.settings.set("practice_on", false);
        self.quit().await;
        Ok(())
    }

    /// Stops it; it starts again with the app.
    pub async fn quit(&self) {
        if let Some(practice) = self.running.lock().await.take() {
            practice.stop().await;
        }
    }
}
