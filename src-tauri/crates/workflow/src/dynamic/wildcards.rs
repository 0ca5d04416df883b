//! Where wildcards come from, and how their files are read.

use std::{borrow::Cow, sync::Arc};
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
        if bytes.len() > MAX_FILE_BYTES {
            return Err(WildcardFileError::TooLarge);
        }
        let text = match bytes {
            [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?.into(),
            [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?.into(),
            bytes => {
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                Cow::Borrowed(std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error))?)
            }
        };
        Ok(Self::of_text(&text))
    }

    /// Of text: see [`read`](Self::read).
    pub fn of_text(text: &str) -> Self {
        // Old editors end lines with a carriage return alone.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let lines = text.lines().map(str::trim).enumerate();
        let kept = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        Self { lines: kept.map(|(at, line)| (at + 1, line.to_owned())).collect() }
    }

    /// The lines, each with its number in the file, from 1.
    pub fn lines(&self) -> &[(usize, String)] {
        &self.lines
    }
}

fn not_utf8(bytes: &[u8], error: std::str::Utf8Error) -> WildcardFileError {
    let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
    WildcardFileError::NotUtf8 { line: before.iter().filter(|byte| **byte == b'\n').count() + 1 }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, WildcardFileError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(WildcardFileError::NotUtf16);
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<_, _>>()
        .map_err(|_| WildcardFileError::NotUtf16)
}

/// Whether a name fits a pattern: `*` stands for any characters, also over folders.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut of) = (0, 0);
    // The last star: where it stands, and up to where it reaches.
    let mut star: Option<(usize, usize)> = None;
    while of < name.len() {
        match (pattern.get(at), star) {
            (Some(b'*'), _) => {
                star = Some((at, of));
                at += 1;
            }
            (Some(byte), _) if *byte == name[of] => {
                at += 1;
                of += 1;
            }
            (_, Some((place, reach))) => {
                star = Some((place, reach + 1));
                at = place + 1;
                of = reach + 1;
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(at).all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(usize, String)> {
        WildcardFile::read(bytes).unwrap().lines().to_vec()
    }

    #[test]
    fn comments_and_empty_lines_are_left_out() {
        let read = lines(b"# colours\r\nred\r\n\r\n  dark blue \r\n#green\nteal # not a comment");
        assert_eq!(
            read,
            [
                (2, "red".to_owned()),
                (4, "dark blue".to_owned()),
                (6, "teal # not a comment".to_owned()),
            ]
        );
        assert_eq!(lines(b"a\rb"), [(1, "a".to_owned()), (2, "b".to_owned())]);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn encodings_are_told_and_not_guessed() {
        let expected = [(1, "gr\u{fc}n".to_owned())];
        assert_eq!(lines("gr\u{fc}n".as_bytes()), expected);
        assert_eq!(lines("\u{feff}gr\u{fc}n".as_bytes()), expected);
        assert_eq!(lines(b"\xff\xfeg\0r\0\xfc\0n\0"), expected);
        assert_eq!(lines(b"\xfe\xff\0g\0r\0\xfc\0n"), expected);
        let error = |bytes: &[u8]| WildcardFile::read(bytes).unwrap_err();
        assert_eq!(error(b"red\ngr\xfcn"), WildcardFileError::NotUtf8 { line: 2 });
        assert_eq!(error(b"\xff\xfeg"), WildcardFileError::NotUtf16);
        assert_eq!(error(b"\xff\xfe\0\xd8"), WildcardFileError::NotUtf16);
        assert_eq!(error(&vec![b'a'; MAX_FILE_BYTES + 1]), WildcardFileError::TooLarge);
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, fits) in [
            ("colour*", "colour", true),
            ("colour*", "colours/warm", true),
            ("colour*", "my/colour", false),
            ("*/colour", "my/colour", true),
            ("*/colour", "colour", false),
            ("a*b*c", "aXbbXc", true),
            ("a*b*c", "aXbX", false),
            ("**", "", true),
            ("*", "x/y", true),
            ("a", "ab", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
        // Backtracking would never come to an end here.
        assert!(!matches(&"a*".repeat(50), &"a".repeat(10_000).replace("aa", "ab")[1..]));
    }
}
