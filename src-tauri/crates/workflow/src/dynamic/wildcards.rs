//! Where wildcards come from, and how their files are read.

use std::sync::Arc;
use thiserror::Error;

/// The largest wildcard file, in bytes.
pub const MAX_FILE_BYTES: usize = 10_000_000;

/// Where wildcards come from: a folder of text files, or what a test has.
///
/// Names have no ending and `/` between folders: `folder/colour`. Whether case matters is up to the
/// implementation.
pub trait Wildcards {
    /// The file of a name; nothing if there is none. It is asked for once for each name of a text.
    ///
    /// # Errors
    /// A sentence that says why a file that is there cannot be read.
    fn file(&self, name: &str) -> Result<Option<Arc<WildcardFile>>, String>;

    /// The names of all files, in any order. Asked for only where a text has a name with a `*`.
    fn names(&self) -> Vec<String>;
}

/// No wildcards at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWildcards;

impl Wildcards for NoWildcards {
    fn file(&self, _name: &str) -> Result<Option<Arc<WildcardFile>>, String> {
        Ok(None)
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The lines of a wildcard file that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WildcardFile {
    /// Each with its number in the file, from 1.
    lines: Vec<(usize, String)>,
}

/// Why a wildcard file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WildcardFileError {
    /// Larger than is read.
    #[error("It has more than {} MB.", MAX_FILE_BYTES / 1_000_000)]
    TooLarge,
    /// Not text in an encoding that can be told.
    #[error(
        "Line {line} is not UTF-8. Open the file in an editor and save it with the encoding UTF-8."
    )]
    NotUtf8 {
        /// The line, from 1.
        line: usize,
    },
    /// UTF-16 that is broken.
    #[error("It begins as UTF-16 but is not. Save it with the encoding UTF-8.")]
    NotUtf16,
}

impl WildcardFile {
    /// Reads the bytes of a file: one option a line, without spaces around. Empty lines and lines
    /// that begin with `#` are left out.
    ///
    /// UTF-8 with or without a byte order mark, and UTF-16 with one. Anything else is an error that
    /// names the line: a guess would put wrong letters into prompts without a word.
    ///
    /// # Errors
    /// See [`WildcardFileError`].
    pub fn read(bytes: &[u8]) -> Result<Self, WildcardFileError> {
        let _ = bytes;
        todo!()
    }

    /// Of text.
    pub fn of_text(text: &str) -> Self {
        let _ = text;
        todo!()
    }

    /// The lines, each with its number in the file, from 1.
    pub fn lines(&self) -> &[(usize, String)] {
        &self.lines
    }
}
