//! What a frame says about where a job is.

use crate::Frame;
use domain::{Evidence, ServerEnd};

impl Frame {
    /// The job that this frame moves on, and how. Most frames move none.
    pub fn evidence(&self) -> Option<(&str, Evidence)> {
        match self {
            Self::Started { prompt_id, .. } => Some((prompt_id, Evidence::SeenRunning)),
            Self::Succeeded { prompt_id, .. } => {
                Some((prompt_id, Evidence::ServerEnded(ServerEnd::Succeeded)))
            }
            // A blocked output is told as an error, and the job goes on.
            Self::Failed { prompt_id, blocked: false, .. } => {
                Some((prompt_id, Evidence::ServerEnded(ServerEnd::Failed)))
            }
            Self::Interrupted { prompt_id, .. } => {
                Some((prompt_id, Evidence::ServerEnded(ServerEnd::Interrupted)))
            }
            _ => None,
        }
    }

    /// The job whose last event this is: its history entry is there by now.
    pub fn last_of(&self) -> Option<&str> {
        match self {
            Self::Executing { prompt_id: Some(prompt_id), node: None, .. } => Some(prompt_id),
            _ => None,
        }
    }
}
