//! `/api/jobs` (0.8 and newer): one view of queue and history. It forgets what these forget.

use crate::{Client, ComfyError, FileRef, NodeError, outputs::RawNodeError};
use domain::{Evidence, ServerEnd};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

/// Where a job is, as `/api/jobs` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerJobStatus {
    /// Waiting.
    Pending,
    /// Running.
    InProgress,
    /// Ended well.
    Completed,
    /// Ended in an error; before 0.28 also when interrupted.
    Failed,
    /// Interrupted (0.28 and newer).
    Cancelled,
    /// A status of a newer server.
    #[serde(other)]
    Other,
}

/// A job, as `/api/jobs` has it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerJob {
    /// Its prompt id.
    pub id: String,
    /// Where it is.
    pub status: ServerJobStatus,
    /// When it was sent, milliseconds since 1970 by the server's clock.
    pub created_at: Option<i64>,
    /// When it began.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// How many things it handed out.
    pub outputs: u64,
    /// The one the server would show.
    pub preview: Option<FileRef>,
    /// What it failed with.
    pub error: Option<NodeError>,
}

impl ServerJob {
    /// What the server says of where the job is; nothing when it uses a word we do not know.
    pub fn evidence(&self) -> Option<Evidence> {
        let end = match self.status {
            ServerJobStatus::Pending => return Some(Evidence::SeenQueued),
            ServerJobStatus::InProgress => return Some(Evidence::SeenRunning),
            ServerJobStatus::Completed => ServerEnd::Succeeded,
            ServerJobStatus::Cancelled => ServerEnd::Interrupted,
            // 0.8 calls interrupted jobs failed, but names no error for them (recorded: jobs_api).
            ServerJobStatus::Failed if self.error.is_none() => ServerEnd::Interrupted,
            ServerJobStatus::Failed => ServerEnd::Failed,
            ServerJobStatus::Other => return None,
        };
        Some(Evidence::ServerEnded(end))
    }
}

#[derive(Deserialize)]
struct RawJob {
    id: String,
    status: ServerJobStatus,
    #[serde(default)]
    create_time: Option<f64>,
    #[serde(default)]
    execution_start_time: Option<f64>,
    #[serde(default)]
    execution_end_time: Option<f64>,
    #[serde(default)]
    outputs_count: Option<u64>,
    #[serde(default)]
    preview_output: Option<Value>,
    #[serde(default)]
    execution_error: Option<Value>,
}

impl From<RawJob> for ServerJob {
    fn from(raw: RawJob) -> Self {
        let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let preview = raw.preview_output.and_then(|preview| {
            Some(FileRef {
                filename: text(&preview, "filename")?,
                subfolder: text(&preview, "subfolder").unwrap_or_default(),
                folder: text(&preview, "type").unwrap_or_else(|| "output".to_owned()),
            })
        });
        Self {
            id: raw.id,
            status: raw.status,
            created_at: raw.create_time.map(crate::frame::time),
            started_at: raw.execution_start_time.map(crate::frame::time),
            ended_at: raw.execution_end_time.map(crate::frame::time),
            outputs: raw.outputs_count.unwrap_or(0),
            preview,
            // An error of a form we do not know is an error all the same.
            error: raw.execution_error.map(|error| {
                serde_json::from_value(error).map(RawNodeError::into_error).unwrap_or_default()
            }),
        }
    }
}

impl Client {
    /// A page of the jobs of all clients, newest first, and whether there are more. Nothing where the
    /// server has no such list (before 0.8).
    ///
    /// # Errors
    /// When the server cannot be reached or answers nonsense.
    pub async fn jobs(
        &self,
        offset: u64,
        limit: u32,
    ) -> Result<Option<(Vec<ServerJob>, bool)>, ComfyError> {
        #[derive(Deserialize)]
        struct Page {
            jobs: Vec<RawJob>,
            pagination: Pagination,
        }
        #[derive(Deserialize)]
        struct Pagination {
            has_more: bool,
        }
        let route = format!("/api/jobs?offset={offset}&limit={}", limit.max(1));
        let json = match self.get(&route).await {
            Err(ComfyError::NotFound) => return Ok(None),
            other => other?,
        };
        let page: Page = Self::parse("/api/jobs", &json)?;
        let jobs = page.jobs.into_iter().map(ServerJob::from).collect();
        Ok(Some((jobs, page.pagination.has_more)))
    }

    /// One job.
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] when the server has no such job, or no such route (before 0.8).
    pub async fn job(&self, prompt_id: &str) -> Result<ServerJob, ComfyError> {
        let json = self.get(&format!("/api/jobs/{prompt_id}")).await?;
        Ok(Self::parse::<RawJob>("/api/jobs", &json)?.into())
    }

    /// Cancels a job, waiting or running: in one go where the server can (0.28), else in two steps.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn cancel(&self, prompt_id: &str) -> Result<(), ComfyError> {
        let route = format!("/api/jobs/{prompt_id}/cancel");
        let response = self.send(Method::POST, &route, None).await?;
        if response.status().is_success() {
            return Ok(());
        }
        self.delete_queued(&[prompt_id.to_owned()]).await?;
        self.interrupt(prompt_id).await
    }
}
