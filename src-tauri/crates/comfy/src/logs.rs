//! What a server writes into its log.

use crate::{Client, ComfyError};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

/// A piece of the log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LogLine {
    /// When, by the server's clock and in its time zone, as ISO 8601 without a zone.
    #[serde(rename = "t", default)]
    pub at: String,
    /// The text: may end in a line break, be half a line, and hold colours for terminals.
    #[serde(rename = "m", default)]
    pub text: String,
}

#[derive(Deserialize)]
pub(crate) struct RawLog {
    #[serde(default)]
    pub entries: Vec<LogLine>,
}

impl Client {
    /// The last lines that the server keeps (300 in 0.28.2).
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] where the server does not tell.
    pub async fn logs(&self) -> Result<Vec<LogLine>, ComfyError> {
        let json = self.get("/internal/logs/raw").await?;
        Ok(Self::parse::<RawLog>("/internal/logs/raw", &json)?.entries)
    }

    /// Has the log sent to the socket of a client id, as [`Frame::Logs`](crate::Frame::Logs), or no
    /// longer. It ends by itself with the socket.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn follow_logs(&self, client_id: &str, follow: bool) -> Result<(), ComfyError> {
        let route = "/internal/logs/subscribe";
        let body = json!({ "clientId": client_id, "enabled": follow });
        let response = self.send(Method::PATCH, route, Some(body)).await?;
        self.checked(route, response).await.map(drop)
    }
}
