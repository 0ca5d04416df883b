//! What people save at a server: workflows above all.

use crate::{Client, ComfyError};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What must be encoded in one segment of a path; the slash among it, which the server insists on.
pub(crate) const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A file among a user's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFile {
    /// Its path below the folder that was listed, with `/`.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was changed, milliseconds since 1970.
    pub modified: i64,
}

#[derive(Deserialize)]
struct RawFile {
    path: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    modified: f64,
}

#[derive(Deserialize)]
struct RawUsers {
    users: Option<BTreeMap<String, String>>,
}

/// Seconds with a fraction before 0.28, whole milliseconds since. A time in seconds is before the
/// year 5138 while it is below 10¹¹, and one in milliseconds is after 1973 from there on.
#[allow(clippy::cast_possible_truncation)]
fn millis(time: f64) -> i64 {
    if time < 1e11 { (time * 1_000.0) as i64 } else { time as i64 }
}

impl Client {
    /// The users of a server that keeps them apart (`--multi-user`), by id; nothing where it has one.
    ///
    /// # Errors
    /// When the server cannot be reached or answers nonsense.
    pub async fn users(&self) -> Result<Option<BTreeMap<String, String>>, ComfyError> {
        let json = self.get("/users").await?;
        Ok(Self::parse::<RawUsers>("/users", &json)?.users)
    }

    /// All files below a folder of the user's data, such as `workflows`. Nothing when there is no such
    /// folder yet.
    ///
    /// # Errors
    /// When the server cannot be reached or answers nonsense.
    pub async fn user_files(&self, folder: &str) -> Result<Vec<UserFile>, ComfyError> {
        let folder = utf8_percent_encode(folder, SEGMENT);
        let route = format!("/userdata?dir={folder}&recurse=true&full_info=true");
        let json = match self.get(&route).await {
            Err(ComfyError::NotFound) => return Ok(Vec::new()),
            other => other?,
        };
        let files: Vec<RawFile> = Self::parse("/userdata", &json)?;
        Ok(files
            .into_iter()
            .map(|file| UserFile {
                path: file.path,
                bytes: file.size,
                modified: millis(file.modified),
            })
            .collect())
    }

    /// Reads a file of the user's data, as it is.
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] when it is not there.
    pub async fn user_file(&self, path: &str) -> Result<Vec<u8>, ComfyError> {
        let route = user_route(path);
        let response = self.send(Method::GET, &route, None).await?;
        let response = self.checked(&route, response).await?;
        self.whole(&route, response, crate::client::LARGEST_ANSWER).await
    }

    /// Saves a file among the user's data.
    ///
    /// # Errors
    /// [`ComfyError::Exists`] when it is there and is not to be replaced.
    pub async fn save_user_file(
        &self,
        path: &str,
        bytes: Vec<u8>,
        replace: bool,
    ) -> Result<(), ComfyError> {
        let route = format!("{}?overwrite={replace}", user_route(path));
        let saving = self.request(Method::POST, &route).body(bytes).send().await;
        let response = saving.map_err(|error| self.broken(&error))?;
        if response.status() == StatusCode::CONFLICT {
            return Err(ComfyError::Exists { name: path.to_owned() });
        }
        self.checked(&route, response).await.map(drop)
    }

    /// Deletes a file of the user's data.
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] when it is not there.
    pub async fn delete_user_file(&self, path: &str) -> Result<(), ComfyError> {
        let route = user_route(path);
        let response = self.send(Method::DELETE, &route, None).await?;
        self.checked(&route, response).await.map(drop)
    }
}

fn user_route(path: &str) -> String {
    format!("/userdata/{}", utf8_percent_encode(path, SEGMENT))
}
