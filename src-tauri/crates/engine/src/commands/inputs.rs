//! Commands about pictures, videos and sounds that go into workflows.

use super::{MediaFile, blocking};
use crate::{
    Engine,
    inputs::Inputs,
    intake::{self, look},
    view::{CommandError, CommandErrorCode, Fit, PictureIn, PicturesIn},
};
use domain::AssetId;
use media::Fitting;
use std::path::{Path, PathBuf};

/// The largest text file that is read, in bytes.
const LARGEST_TEXT: u64 = 4 << 20;

impl Engine {
    /// Keeps a file as input of workflows.
    ///
    /// # Errors
    /// When it cannot be read, or its copy cannot be written.
    pub async fn input_take(&self, path: PathBuf) -> Result<PictureIn, CommandError> {
        let inputs = self.core().inputs.clone();
        blocking(move || take(&inputs, &path)).await?.map_err(bad)
    }

    /// Keeps all pictures, videos and sounds among files and folders, which are gone through.
    ///
    /// # Errors
    /// When reading stopped, which is a fault of ours.
    pub async fn input_take_all(&self, paths: Vec<PathBuf>) -> Result<PicturesIn, CommandError> {
        let inputs = self.core().inputs.clone();
        blocking(move || {
            let files = intake::files_in(&paths);
            let mut all = PicturesIn::default();
            if files.left_out > 0 {
                all.left_out.push(format!(
                    "{} files more than {} are left out.",
                    files.left_out,
                    intake::MAX_FILES
                ));
            }
            for path in files.paths.iter().filter(|path| look::is_media(path)) {
                match take(&inputs, path) {
                    Ok(taken) => all.taken.push(taken),
                    Err(why) => all.left_out.push(format!("{}: {why}", look::name_of(path))),
                }
            }
            if all.taken.is_empty() && all.left_out.is_empty() {
                all.left_out.push("There is no picture, video or sound in it.".to_owned());
            }
            all
        })
        .await
    }

    /// The file that a value names, if it is one that we keep.
    ///
    /// # Errors
    /// When reading stopped, which is a fault of ours.
    pub async fn input_get(&self, json: String) -> Result<Option<PictureIn>, CommandError> {
        let inputs = self.core().inputs.clone();
        blocking(move || {
            let value: String = serde_json::from_str(&json).ok()?;
            let path = inputs.path(&value)?;
            Some(picture_in(&value, &path))
        })
        .await
    }

    /// A text file: prompts, one a line.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or is no UTF-8 text.
    pub async fn text_take(&self, path: PathBuf) -> Result<String, CommandError> {
        blocking(move || text_of(&path)).await?.map_err(bad)
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
        Some(MediaFile { mime: super::media::mime_of(name), path })
    }
}

fn take(inputs: &Inputs, path: &Path) -> Result<PictureIn, String> {
    let value = inputs.keep(path).map_err(|error| not_kept(&error))?;
    Ok(picture_in(&value, path))
}

fn picture_in(value: &str, path: &Path) -> PictureIn {
    let size = media::size_of_picture(path).ok();
    let name = value.rsplit('/').next().unwrap_or_default();
    PictureIn {
        json: serde_json::Value::from(value).to_string(),
        media: format!("input/{name}"),
        width: size.map(|size| size.0),
        height: size.map(|size| size.1),
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let name = look::name_of(path);
    let size =
        std::fs::metadata(path).map_err(|error| format!("{name} cannot be read: {error}."))?;
    if size.len() > LARGEST_TEXT {
        return Err(format!("{name} has more than {} MB of text.", LARGEST_TEXT >> 20));
    }
    let bytes = std::fs::read(path).map_err(|error| format!("{name} cannot be read: {error}."))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        format!("{name} is no UTF-8 text. Save it with the encoding UTF-8 in a text editor.")
    })?;
    let without_mark = text.strip_prefix('\u{feff}').map(str::to_owned);
    Ok(without_mark.unwrap_or(text))
}

fn not_kept(error: &std::io::Error) -> String {
    format!("The file cannot be kept: {error}.")
}

fn bad(why: String) -> CommandError {
    CommandError::new(CommandErrorCode::BadInput, why)
}
