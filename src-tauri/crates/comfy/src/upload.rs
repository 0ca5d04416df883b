//! Pictures and masks on their way to a server.

use crate::{Client, ComfyError, FileRef};
use bytes::Bytes;
use reqwest::{
    StatusCode,
    multipart::{Form, Part},
};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// How long an upload may take before it is given up. 100 MB over a slow line take a while.
const UPLOAD: Duration = Duration::from_secs(600);

/// A file to upload.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name. The server may store it under another: use what it answers.
    pub filename: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// The folder below the input folder; may be empty.
    pub subfolder: String,
    /// Whether another file of that name is replaced. Else the server finds a free name, or the same
    /// one for the same bytes.
    pub overwrite: bool,
}

impl Upload {
    /// Where it is to go, below the input folder.
    fn path(&self) -> String {
        let parts = [self.subfolder.as_str(), self.filename.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    }
}

#[derive(Deserialize)]
struct Answer {
    name: String,
    #[serde(default)]
    subfolder: String,
    #[serde(default, rename = "type")]
    folder: Option<String>,
}

impl Client {
    /// Uploads a file into the server's input folder. It is not looked at there: what is no picture
    /// fails in the node that loads it.
    ///
    /// # Errors
    /// [`ComfyError::PayloadTooLarge`] when the server does not take requests that large, and
    /// [`ComfyError::BadName`] when it refuses the name or the folder.
    pub async fn upload_image(&self, upload: Upload) -> Result<FileRef, ComfyError> {
        let form = form(&upload)?;
        self.upload("/upload/image", form, upload).await
    }

    /// Uploads a mask: the server stores `original` with the alpha of the uploaded picture, which must
    /// have the same size.
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] when the server does not have `original`, or did not write the mask.
    pub async fn upload_mask(
        &self,
        upload: Upload,
        original: &FileRef,
    ) -> Result<FileRef, ComfyError> {
        // Without the original the server answers as if all were well, and writes nothing.
        if !self.has(original).await? {
            return Err(ComfyError::NotFound);
        }
        let reference = json!({
            "filename": original.filename,
            "subfolder": original.subfolder,
            "type": original.folder,
        });
        let form = form(&upload)?.text("original_ref", reference.to_string());
        let stored = self.upload("/upload/mask", form, upload).await?;
        // The original may have gone between the two.
        if self.has(&stored).await? { Ok(stored) } else { Err(ComfyError::NotFound) }
    }

    async fn upload(&self, route: &str, form: Form, upload: Upload) -> Result<FileRef, ComfyError> {
        let part = Part::bytes(upload.bytes.to_vec()).file_name(upload.filename.clone());
        let sending = self
            .files
            .post(self.address.http(route))
            .timeout(UPLOAD)
            // Names are raw UTF-8: percent signs would be stored as they are.
            .multipart(form.part("image", part).percent_encode_noop());
        let response = sending.send().await.map_err(|error| self.broken(&error))?;
        // So the server answers names that would lead out of its folders (recorded: uploads).
        if response.status() == StatusCode::BAD_REQUEST {
            return Err(ComfyError::BadName { name: upload.path() });
        }
        let json = self.json(route, self.checked(route, response).await?).await?;
        let answer: Answer = Self::parse(route, &json)?;
        Ok(FileRef {
            filename: answer.name,
            subfolder: answer.subfolder,
            folder: answer.folder.unwrap_or_else(|| "input".to_owned()),
        })
    }
}

/// The fields beside the file.
fn form(upload: &Upload) -> Result<Form, ComfyError> {
    if upload.filename.is_empty() || upload.filename.contains(char::is_control) {
        return Err(ComfyError::BadName { name: upload.filename.clone() });
    }
    Ok(Form::new()
        .text("type", "input")
        .text("subfolder", upload.subfolder.clone())
        .text("overwrite", if upload.overwrite { "true" } else { "false" }))
}
