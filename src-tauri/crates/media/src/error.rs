//! What can be wrong with a file.

use thiserror::Error;

/// Why a file cannot be used. Each is a sentence for a person.
#[derive(Debug, Error)]
pub enum MediaError {
    /// It cannot be read or written.
    #[error("The file cannot be read or written: {0}.")]
    Io(#[from] std::io::Error),
    /// It ends too early.
    #[error("The file is cut off: {0}.")]
    Truncated(&'static str),
    /// Its content contradicts itself.
    #[error("The file is damaged: {0}.")]
    Damaged(String),
    /// Larger than we take.
    #[error("The picture is too large to show: {0}.")]
    TooLarge(String),
    /// A kind that holds no workflow we could read; a noun with its article.
    #[error(
        "This is {0}, which Safelight does not read. Drop the file that ComfyUI wrote, or the workflow as JSON."
    )]
    NotRead(&'static str),
    /// Nothing in it can be shown as a picture; why.
    #[error("There is no picture of this file: {0}.")]
    NoPicture(String),
    /// Nothing in it can be heard.
    #[error("There is no sound in this file.")]
    NoSound,
    /// Somebody asked for it.
    #[error("The work on the file was stopped.")]
    Stopped,
    /// It took longer than it may.
    #[error("The file takes too long to read.")]
    TooSlow,
    /// A kind from which nothing can be taken out.
    #[error(
        "What is embedded in this kind of file cannot be taken out. Export it with its metadata, or pictures as PNG."
    )]
    NotStripped,
    /// A kind that is not read here.
    #[error("Safelight cannot read this kind of picture.")]
    Unsupported,
}

impl MediaError {
    /// Whether the file may be fine, only not for us.
    pub fn is_unsupported(&self) -> bool {
        matches!(
            self,
            Self::Unsupported
                | Self::NotStripped
                | Self::NotRead(_)
                | Self::TooLarge(_)
                | Self::NoPicture(_)
                | Self::NoSound
        )
    }
}

impl From<image::ImageError> for MediaError {
    fn from(error: image::ImageError) -> Self {
        match error {
            image::ImageError::IoError(error)
                if error.kind() == std::io::ErrorKind::UnexpectedEof =>
            {
                Self::Truncated("the picture's data ends too early")
            }
            image::ImageError::IoError(error) => Self::Io(error),
            image::ImageError::Unsupported(_) => Self::Unsupported,
            image::ImageError::Limits(error) => Self::TooLarge(error.to_string()),
            other => Self::Damaged(other.to_string()),
        }
    }
}
