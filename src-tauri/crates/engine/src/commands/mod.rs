//! What the page can ask for: one method of [`crate::Engine`] each, grouped by what they are about.

mod again;
mod assets;
mod batches;
mod collections;
mod compose;
mod copies;
mod drafts;
mod editor;
mod exports;
mod inputs;
mod intake;
mod jobs;
mod library;
mod marks;
mod media;
mod offers;
mod parts;
mod picked;
mod places;
mod roots;
mod servers;
mod sheet_export;
mod sheets;
mod start;
mod upkeep;
mod workflows;

pub use copies::Copied;
pub(crate) use copies::{old_copies, remove_copies};
pub use drafts::ValuesFrom;
pub(crate) use intake::blocking;
pub use intake::{SubmitPaths, SubmitPictures};
pub use jobs::Which;
pub(crate) use jobs::write_whole;
pub use marks::UndoList;
pub use media::{MediaFile, MediaSize, NoMedia};
pub use offers::TakeTo;
pub use servers::ServerInput;
pub use sheet_export::SheetPicture;

use crate::view::{CommandError, CommandErrorCode};
use store::StoreError;

impl CommandError {
    /// An error with a sentence.
    pub fn new(code: CommandErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: None, retry: false }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(CommandErrorCode::NotFound, format!("{what} is not there any more."))
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self {
            code: CommandErrorCode::Storage,
            message: "Safelight's database could not be read or written. Is the disk full?"
                .to_owned(),
            details: Some(error.to_string()),
            retry: true,
        }
    }
}
