//! Intake commands.

use crate::{
    Engine,
    intake::{self, Looked, Place},
    view::{CommandError, CommandErrorCode, IntakeReport},
};
use domain::{AssetId, BatchId};
use std::path::PathBuf;

/// Files to queue.
#[derive(Clone, Debug)]
pub struct SubmitPaths {
    /// The submission's id, made by whoever asks: the same id queues nothing twice.
    pub batch_id: BatchId,
    /// The files.
    pub paths: Vec<PathBuf>,
    /// Hold the jobs back.
    pub on_hold: bool,
    /// Put them in front of everything that waits.
    pub next: bool,
}

impl Engine {
    /// Reads files and says what they are. Queues nothing.
    ///
    /// # Errors
    /// When too many files come at once.
    pub async fn intake_inspect(&self, paths: Vec<PathBuf>) -> Result<IntakeReport, CommandError> {
        Ok(intake::report(&look(paths).await?))
    }

    /// Queues all files that hold a workflow, as one batch.
    ///
    /// # Errors
    /// When too many files come at once, or the database cannot be written.
    pub async fn intake_submit(&self, submit: SubmitPaths) -> Result<IntakeReport, CommandError> {
        let looked = look(submit.paths).await?;
        let place = Place { on_hold: submit.on_hold, next: submit.next };
        Ok(intake::queue(self.core(), submit.batch_id, looked, place).await?)
    }

    /// Queues the workflow in a pasted text.
    ///
    /// # Errors
    /// When the text is too long, or the database cannot be written.
    pub async fn intake_text(
        &self,
        batch_id: BatchId,
        text: String,
        on_hold: bool,
    ) -> Result<IntakeReport, CommandError> {
        let looked = blocking(move || vec![intake::look_at_text(&text)]).await?;
        let place = Place { on_hold, next: false };
        Ok(intake::queue(self.core(), batch_id, looked, place).await?)
    }

    /// Queues the workflow in a pasted file.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn intake_bytes(
        &self,
        batch_id: BatchId,
        name: String,
        bytes: Vec<u8>,
    ) -> Result<IntakeReport, CommandError> {
        let looked = blocking(move || vec![intake::look_at_bytes(&name, &bytes)]).await?;
        Ok(intake::queue(self.core(), batch_id, looked, Place::default()).await?)
    }

    /// Queues the workflow that made a picture once more, exactly as it ran.
    ///
    /// # Errors
    /// When the picture is not in the library, or the database cannot be written.
    pub async fn asset_rerun(
        &self,
        id: AssetId,
        batch_id: BatchId,
    ) -> Result<IntakeReport, CommandError> {
        let core = self.core();
        let asset =
            core.store.asset(id).await?.ok_or_else(|| CommandError::not_found("The picture"))?;
        let job = core
            .store
            .job(asset.job_id)
            .await?
            .ok_or_else(|| CommandError::not_found("The picture's job"))?;
        self.rerun(&job, batch_id).await
    }

    /// Sends an intake report to the page.
    pub fn announce_intake(&self, report: IntakeReport) {
        self.core().hub.announce(report);
    }
}

async fn look(paths: Vec<PathBuf>) -> Result<Vec<Looked>, CommandError> {
    if paths.len() > intake::MAX_FILES {
        return Err(CommandError::new(
            CommandErrorCode::BadInput,
            format!(
                "{} files at once are too many; {} is the most. Drop them in parts.",
                paths.len(),
                intake::MAX_FILES
            ),
        ));
    }
    blocking(move || intake::look_at_files(&paths)).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CommandError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: "Reading stopped unexpectedly. Please report this with the file.".to_owned(),
        details: Some(error.to_string()),
        retry: false,
    })
}
