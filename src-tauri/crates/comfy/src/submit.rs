//! Sending a prompt.

use crate::{ComfyError, NodeProblem, Refusal};
use serde_json::value::RawValue;
use thiserror::Error;

/// A prompt to send.
#[derive(Clone, Debug)]
pub struct Submit {
    /// The prompt as JSON text; it is sent as it is.
    pub prompt: String,
    /// Our own id: a lower-case hyphenated UUID (0.28 refuses anything else).
    pub prompt_id: String,
    /// The socket that gets the events.
    pub client_id: String,
    /// The editor's graph as JSON text; it ends up in the pictures' metadata.
    pub workflow: Option<String>,
    /// Which previews are wanted (0.8 and newer).
    pub preview_method: Option<&'static str>,
}

/// An accepted prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// Its number in the server's queue.
    pub number: f64,
    /// Outputs the server dropped; it runs the rest.
    pub node_errors: Vec<NodeProblem>,
}

/// Why a prompt was not accepted.
#[derive(Debug, Error)]
pub enum SubmitError {
    /// The server said no.
    #[error("the server refused the workflow")]
    Refused(Box<Refusal>),
    /// It was sent, and no answer makes clear whether it arrived.
    #[error(transparent)]
    Unanswered(ComfyError),
    /// It certainly never arrived.
    #[error(transparent)]
    NotSent(ComfyError),
}

impl Submit {
    /// The request's body.
    pub(crate) fn body(&self) -> Result<Vec<u8>, ComfyError> {
        let bad = |error: serde_json::Error| ComfyError::BadAnswer {
            route: "/prompt".to_owned(),
            why: format!("the stored workflow is no JSON ({error})"),
        };
        let mut extra = serde_json::Map::new();
        if let Some(method) = self.preview_method {
            extra.insert("preview_method".to_owned(), method.into());
        }
        #[derive(serde::Serialize)]
        struct Body<'a> {
            prompt: &'a RawValue,
            prompt_id: &'a str,
            client_id: &'a str,
            extra_data: Extra<'a>,
        }
        #[derive(serde::Serialize)]
        struct Extra<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            extra_pnginfo: Option<PngInfo<'a>>,
            #[serde(flatten)]
            rest: serde_json::Map<String, serde_json::Value>,
        }
        #[derive(serde::Serialize)]
        struct PngInfo<'a> {
            workflow: &'a RawValue,
        }
        let extra_pnginfo = match &self.workflow {
            Some(text) => Some(PngInfo { workflow: serde_json::from_str(text).map_err(bad)? }),
            None => None,
        };
        serde_json::to_vec(&Body {
            prompt: serde_json::from_str(&self.prompt).map_err(bad)?,
            prompt_id: &self.prompt_id,
            client_id: &self.client_id,
            extra_data: Extra { extra_pnginfo, rest: extra },
        })
        .map_err(bad)
    }
}
