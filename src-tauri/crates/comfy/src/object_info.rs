//! `/object_info`: what a server says about its node classes.

use crate::{Client, ComfyError};
use domain::NodeClass;

impl Client {
    /// All node classes.
    ///
    /// # Errors
    /// When the server cannot be reached or answers nonsense.
    pub async fn classes(&self) -> Result<Vec<NodeClass>, ComfyError> {
        read_classes(&self.object_info().await?)
    }

    /// What the server says about all its node classes, as JSON for [`read_classes`], to be kept.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn object_info(&self) -> Result<Vec<u8>, ComfyError> {
        self.get("/object_info").await
    }

    /// One node class, as it is now: lists of models and uploads change. Nothing when the server does
    /// not have it.
    ///
    /// # Errors
    /// When the server cannot be reached or answers nonsense.
    pub async fn class(&self, name: &str) -> Result<Option<NodeClass>, ComfyError> {
        let name = percent_encoding::utf8_percent_encode(name, crate::user_data::SEGMENT);
        Ok(read_classes(&self.get(&format!("/object_info/{name}")).await?)?.pop())
    }
}

/// Reads an answer of `/object_info`.
///
/// # Errors
/// When the answer as a whole is no object.
pub fn read_classes(json: &[u8]) -> Result<Vec<NodeClass>, ComfyError> {
    domain::node_class::read(json).map_err(|error| ComfyError::BadAnswer {
        route: "/object_info".to_owned(),
        why: error.to_string(),
    })
}
