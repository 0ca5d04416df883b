//! Commands about pictures, videos and sounds that go into workflows.

use super::{MediaFile, blocking};
use crate::{
    Engine,
    inputs::Inputs,
    view::{CommandError, CommandErrorCode, Fit, PictureIn},
};
use domain::AssetId;
use media::Fitting;
use std::path::{Path, PathBuf};

impl Engine {
    /// Keeps a file as input of workflows.
    ///
    /// # Errors
    /// When it cannot be read, or its copy cannot be written.
    pub async fn input_take(&self, path: PathBuf) -> Result<PictureIn, CommandError> {
        let inputs = self.core().inputs.clone();
        blocking(move || take(&inputs, &path)).await?.map_err(bad)
    }

    /// Keeps bytes as input of workflows; the name's ending says what they are.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub async fn input_bytes(&self, name: &str, bytes: Vec<u8>) -> Result<PictureIn, CommandError> {
        let inputs = self.core().inputs.clone();
        let extension = Path::new(name).extension().and_then(|end| end.to_str()).unwrap_or("png");
        let extension = extension.to_owned();
        blocking(move || {
            let scratch = inputs.scratch(&extension).map_err(|error| not_kept(&error))?;
            std::fs::write(&scratch, &bytes).map_err(|error| not_kept(&error))?;
            take(&inputs, &scratch)
        })
        .await?
        .map_err(bad)
    }

    /// Keeps a picture of the library as input of workflows.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn input_take_asset(&self, id: AssetId) -> Result<PictureIn, CommandError> {
        self.input_take(self.asset_path(id).await?).await
    }

    /// Makes an input fit a size, as an input of its own.
    ///
    /// # Errors
    /// When it is no picture of ours, or cannot be made so.
    pub async fn input_fit(
        &self,
        json: &str,
        size: (u32, u32),
        fit: Fit,
    ) -> Result<PictureIn, CommandError> {
        let fitting = match fit {
            Fit::Crop => Fitting::Crop,
            Fit::Pad => Fitting::Pad,
            Fit::Stretch => Fitting::Stretch,
        };
        self.input_made(json, move |from, to| media::fit_picture(from, size, fitting, to)).await
    }

    /// Puts a painted mask (a PNG, white where it is painted) into an input, as an input of its own.
    ///
    /// # Errors
    /// When it is no picture of ours, or its size is another one.
    pub async fn input_mask(&self, json: &str, mask: Vec<u8>) -> Result<PictureIn, CommandError> {
        self.input_made(json, move |from, to| media::put_mask(from, &mask, to).map(|_| ())).await
    }

    async fn input_made(
        &self,
        json: &str,
        make: impl FnOnce(&Path, &Path) -> Result<(), media::MediaError> + Send + 'static,
    ) -> Result<PictureIn, CommandError> {
        let inputs = self.core().inputs.clone();
        let value: Option<String> = serde_json::from_str(json).ok();
        let from = value.and_then(|value| inputs.path(&value));
        let from = from.ok_or_else(|| {
            bad("This picture is not here any more. Choose or drop it again.".to_owned())
        })?;
        blocking(move || {
            let scratch = inputs.scratch("png").map_err(|error| not_kept(&error))?;
            make(&from, &scratch).map_err(|error| error.to_string())?;
            take(&inputs, &scratch)
        })
        .await?
        .map_err(bad)
    }

    /// An input's file, for the page.
    pub fn media_input(&self, name: &str) -> Option<MediaFile> {
        let path = self.core().inputs.path(&format!("safelight/{name}"))?;
        Some(MediaFile { mime: super::assets::mime_of(name), path })
    }
}

fn take(inputs: &Inputs, path: &Path) -> Result<PictureIn, String> {
    let value = inputs.keep(path).map_err(|error| not_kept(&error))?;
    let size = media::size_of_picture(path).ok();
    let name = value.rsplit('/').next().unwrap_or_default();
    Ok(PictureIn {
        json: serde_json::Value::from(value.as_str()).to_string(),
        media: format!("input/{name}"),
        width: size.map(|size| size.0),
        height: size.map(|size| size.1),
    })
}

fn not_kept(error: &std::io::Error) -> String {
    format!("The file cannot be kept: {error}.")
}

fn bad(why: String) -> CommandError {
    CommandError::new(CommandErrorCode::BadInput, why)
}
