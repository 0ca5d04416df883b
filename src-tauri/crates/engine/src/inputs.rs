//! Pictures, videos and sounds that go into workflows: kept by content, uploaded where they are needed.
//!
//! In a prompt such a file is named `safelight/<hash>.<extension>`, on every server the same. The name
//! says what is in it, so it is uploaded once a server, and a file that is there is the right one.

use bytes::Bytes;
use comfy::{Client, ComfyError, FileRef, Upload};
use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};
use thiserror::Error;

/// The folder below a server's input folder.
const FOLDER: &str = "safelight";
/// The largest file that goes in.
pub const LARGEST: u64 = 2 << 30;
/// Digits of the hash in a name: 128 bits.
const DIGITS: usize = 32;

/// Why a server does not get a file.
#[derive(Debug, Error)]
pub enum BringError {
    /// Our copy cannot be read.
    #[error("our copy cannot be read: {0}")]
    Here(#[from] io::Error),
    /// The server did not take it.
    #[error(transparent)]
    Server(#[from] ComfyError),
}

/// The files that went into workflows.
#[derive(Debug, Default)]
pub struct Inputs {
    folder: PathBuf,
}

impl Inputs {
    /// Kept below a data folder.
    pub fn new(data: &Path) -> Self {
        Self { folder: data.join("inputs") }
    }

    /// The folder they are in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps a copy of a file. Answers with its name in prompts. Blocking.
    ///
    /// # Errors
    /// When the file cannot be read, is too large, or the copy cannot be written.
    pub fn keep(&self, path: &Path) -> io::Result<String> {
        let mut file = fs::File::open(path)?;
        if file.metadata()?.len() > LARGEST {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it has more than {} GB", LARGEST >> 30),
            ));
        }
        fs::create_dir_all(&self.folder)?;
        let mut copy = tempfile::NamedTempFile::new_in(&self.folder)?;
        let mut hasher = blake3::Hasher::new();
        let mut block = vec![0; 1 << 16];
        loop {
            let read = file.read(&mut block)?;
            if read == 0 {
                break;
            }
            hasher.update(&block[..read]);
            io::Write::write_all(&mut copy, &block[..read])?;
        }
        copy.as_file().sync_all()?;
        let hash = hasher.finalize().to_hex();
        let extension: String = path
            .extension()
            .map(|extension| extension.to_string_lossy().to_lowercase())
            .filter(|extension| extension.len() <= 8)
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let name = match extension.as_str() {
            "" => hash[..DIGITS].to_owned(),
            extension => format!("{}.{extension}", &hash[..DIGITS]),
        };
        copy.persist(self.folder.join(&name)).map_err(|error| error.error)?;
        Ok(format!("{FOLDER}/{name}"))
    }

    /// A file's path as text; where it is none, that of a copy that is kept. Blocking.
    ///
    /// # Errors
    /// A sentence when the copy cannot be written.
    pub fn path_in_text(&self, path: &Path) -> Result<String, String> {
        if let Some(text) = path.to_str() {
            return Ok(text.to_owned());
        }
        let shown = path.display();
        let why = |why: &str| format!("{shown} cannot be sent: its name is no Unicode, and {why}.");
        let value =
            self.keep(path).map_err(|error| why(&format!("it cannot be copied ({error})")))?;
        let copy = self.path(&value).unwrap_or_default();
        let text = copy.to_str().filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| why("neither is that of Safelight's own folder"))
    }

    /// Where the file is that a value of a prompt names, if it is one of ours.
    pub fn path(&self, value: &str) -> Option<PathBuf> {
        let path = self.folder.join(of_value(value)?);
        path.is_file().then_some(path)
    }

    /// A new file beside the kept ones, for something to be kept; it vanishes when it is dropped.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn scratch(&self, extension: &str) -> io::Result<tempfile::TempPath> {
        fs::create_dir_all(&self.folder)?;
        let suffix = format!(".{extension}");
        let file = tempfile::Builder::new().suffix(&suffix).tempfile_in(&self.folder)?;
        Ok(file.into_temp_path())
    }

    /// Whether a value of a prompt names a file that we have.
    pub fn has(&self, value: &str) -> bool {
        of_value(value).is_some_and(|name| self.folder.join(name).is_file())
    }

    /// Whether a value of a prompt names a file that was ours and is gone.
    pub fn lost(&self, value: &str) -> bool {
        of_value(value).is_some_and(|name| !self.folder.join(name).is_file())
    }

    /// Whether a file with this content (its BLAKE3) and the ending of this name is kept.
    pub fn has_content(&self, hash: &str, name: &str) -> bool {
        let Some(digits) = hash.get(..DIGITS) else { return false };
        let ending =
            Path::new(name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let file = ending.map_or_else(|| digits.to_owned(), |ending| format!("{digits}.{ending}"));
        self.folder.join(file).is_file()
    }

    /// The files of ours that a prompt names.
    pub fn in_prompt(&self, prompt: &str) -> BTreeSet<String> {
        let begin = format!("\"{FOLDER}/");
        let mut names = BTreeSet::new();
        for (at, _) in prompt.match_indices(&begin) {
            let rest = &prompt[at + 1..];
            if let Some(end) = rest.find('"')
                && let Some(name) = of_value(&rest[..end])
                && self.folder.join(name).is_file()
            {
                names.insert(name.to_owned());
            }
        }
        names
    }

    /// Sees to it that a server has a file.
    ///
    /// # Errors
    /// When it cannot be read here, or the server does not take it.
    pub async fn bring(&self, client: &Client, name: &str) -> Result<(), BringError> {
        let there = FileRef {
            filename: name.to_owned(),
            subfolder: FOLDER.to_owned(),
            folder: "input".to_owned(),
        };
        if client.has(&there).await? {
            return Ok(());
        }
        let bytes = tokio::fs::read(self.folder.join(name)).await?;
        let upload = Upload {
            filename: name.to_owned(),
            bytes: Bytes::from(bytes),
            subfolder: FOLDER.to_owned(),
            // What is there under this name has the same content.
            overwrite: true,
        };
        client.upload_image(upload).await?;
        Ok(())
    }
}

/// The file's name, if a value is one of ours: hexadecimal digits and an extension, nothing else, so
/// that it cannot lead out of the folder.
fn of_value(value: &str) -> Option<&str> {
    let name = value.strip_prefix(FOLDER)?.strip_prefix('/')?;
    let (digits, extension) = name.split_once('.').unwrap_or((name, ""));
    let good = digits.len() == DIGITS
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        && extension.len() <= 8
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    good.then_some(name)
}

/// The first digits of the content's hash that a value of a prompt names, if it is one of ours.
pub fn content_of(value: &str) -> Option<&str> {
    of_value(value).map(|name| &name[..DIGITS])
}

/// How values of prompts that name a content begin.
pub fn name_of_content(hash: &str) -> String {
    format!("{FOLDER}/{}", hash.get(..DIGITS).unwrap_or(hash))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_is_kept_once_by_content_and_found_in_prompts() {
        let dir = tempfile::tempdir().unwrap();
        let inputs = Inputs::new(dir.path());
        let (a, b) = (dir.path().join("a b.PNG"), dir.path().join("c.png"));
        fs::write(&a, "picture").unwrap();
        fs::write(&b, "picture").unwrap();
        let name = inputs.keep(&a).unwrap();
        assert_eq!(inputs.keep(&b).unwrap(), name);
        assert!(name.starts_with("safelight/") && name.ends_with(".png"), "{name}");
        assert!(inputs.has(&name));
        let prompt = format!(
            r#"{{"1": {{"inputs": {{"image": "{name}", "b": "safelight/../secret", "c": "{name}"}}}}}}"#
        );
        assert_eq!(inputs.in_prompt(&prompt).len(), 1);
        assert!(!inputs.has("safelight/../../etc/passwd") && !inputs.has("other/x.png"));
        assert!(inputs.keep(&dir.path().join("gone.png")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_is_handed_on_as_that_of_a_copy() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let dir = tempfile::tempdir().unwrap();
        let inputs = Inputs::new(dir.path());
        let [plain, odd] = [&b"a \xc3\xa9.png"[..], b"\xff\xfe.png"]
            .map(|name| dir.path().join(OsStr::from_bytes(name)));
        assert_eq!(Path::new(&inputs.path_in_text(&plain).unwrap()), plain, "it need not be there");
        let why = inputs.path_in_text(&odd).unwrap_err();
        assert!(why.contains("no Unicode"), "{why}");
        fs::write(&odd, "picture").unwrap();
        let copy = inputs.path_in_text(&odd).unwrap();
        assert!(copy.ends_with(".png"), "{copy}");
        assert_eq!(fs::read(copy).unwrap(), b"picture");
    }
}
