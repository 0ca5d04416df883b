//! What a backup says of itself, and where its parts lie.
//!
//! A folder of backups has for each of them `safelight-<date>.json`, `.db` and `.files.jsonl`, and for
//! all of them together `files/`, where each content lies once under its hash. So a second backup writes
//! only what is new, and nothing that is there is ever written over.

use crate::roots::names;
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsStr,
    fs, io,
    io::Read,
    path::{Path, PathBuf},
};

/// The format of the folder.
pub const FORMAT: u32 = 1;
/// What the files of a backup begin with.
const BEGIN: &str = "safelight-";
/// The largest manifest that is read, in bytes.
const LARGEST: u64 = 1 << 20;
/// The longest ending of a file's name that is kept in the backup, in letters.
const LONGEST_ENDING: usize = 8;

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub safelight_backup: u32,
    /// The version of the program that made it.
    pub app: String,
    /// The database's format.
    pub schema: i64,
    /// When it was begun, in milliseconds since 1970.
    pub made_at: i64,
    /// The database.
    pub database: Part,
    /// The list of files; nothing if only the database was backed up.
    pub list: Option<Part>,
    /// How many files are listed.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// Outputs in the library.
    pub outputs: u32,
    /// Folders that the files are of.
    pub roots: Vec<Root>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3, as hex digits.
    pub blake3: String,
}

/// A folder of our own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Its number in the database.
    pub id: i64,
    /// Where it was.
    pub path: Name,
}

/// A line of the list: a file of the library, or one that goes into workflows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// BLAKE3 of its content, as hex digits: where it lies in the backup.
    pub blake3: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub mtime: Option<i64>,
    /// The number of its folder; nothing: it goes into workflows.
    pub root: Option<i64>,
    /// Its path below that.
    pub path: Name,
}

/// A name as text, or as bytes where it is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Name {
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Name {
    /// From bytes.
    pub fn of(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes(bytes.to_vec()),
        }
    }

    /// As bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// As the bytes of a path that stays below where it is joined to; else nothing.
    pub fn below(&self) -> Option<&[u8]> {
        let bytes = self.bytes();
        let fine =
            |part: &[u8]| !part.is_empty() && part != b"." && part != b".." && !part.contains(&0);
        let windows = |part: &[u8]| cfg!(windows) && part.iter().any(|byte| b"\\:".contains(byte));
        let parts = bytes.split(|byte| *byte == b'/');
        (bytes.len() <= 4_096 && parts.into_iter().all(|part| fine(part) && !windows(part)))
            .then_some(bytes)
    }
}

/// Where a content lies in a folder of backups; nothing if that is no hash.
pub fn content(folder: &Path, hash: &str, named: &[u8]) -> Option<PathBuf> {
    let hex = hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if hash.len() != 64 || !hex {
        return None;
    }
    let named = names::path_of(names::name_of(named));
    let ending: String = named
        .extension()
        .unwrap_or(OsStr::new(""))
        .to_string_lossy()
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(LONGEST_ENDING)
        .collect();
    let name = if ending.is_empty() { hash.to_owned() } else { format!("{hash}.{ending}") };
    Some(folder.join("files").join(&hash[..2]).join(name))
}

/// The name of a part of the backup of a date.
pub fn part_name(date: &str, ending: &str) -> String {
    format!("{BEGIN}{date}.{ending}")
}

/// The newest backup in a folder, or the one that is named.
///
/// # Errors
/// A sentence when there is none that this program can read.
pub fn read(chosen: &Path) -> Result<(PathBuf, Manifest), String> {
    let shown = chosen.display();
    let (folder, path) = if chosen.is_dir() {
        let newest =
            newest(chosen).map_err(|error| format!("{shown} cannot be read ({error})."))?;
        let none = || {
            format!(
                "There is no Safelight backup in {shown}. Choose the folder that was chosen for the backup."
            )
        };
        (chosen.to_owned(), newest.ok_or_else(none)?)
    } else {
        (chosen.parent().unwrap_or(Path::new(".")).to_owned(), chosen.to_owned())
    };
    let shown = path.display();
    let mut text = Vec::new();
    fs::File::open(&path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut text))
        .map_err(|error| format!("{shown} cannot be read ({error})."))?;
    let broken = |why: String| {
        format!("{shown} does not describe a Safelight backup ({why}). Choose another backup.")
    };
    if text.len() as u64 > LARGEST {
        return Err(broken("it is too large".to_owned()));
    }
    let format: Format =
        serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
    if format.safelight_backup > FORMAT {
        return Err(newer(&path, &format.app));
    }
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
    if manifest.schema > store::newest_format() {
        return Err(newer(&path, &manifest.app));
    }
    let names = [Some(&manifest.database), manifest.list.as_ref()];
    if names.into_iter().flatten().any(|part| part.name.contains(['/', '\\', '\0', ':'])) {
        return Err(broken("it names files elsewhere".to_owned()));
    }
    Ok((folder, manifest))
}

/// The part of a manifest that every version has.
#[derive(Deserialize)]
struct Format {
    safelight_backup: u32,
    app: String,
}

fn newer(path: &Path, app: &str) -> String {
    format!(
        "{} was made by a newer Safelight ({app}). Install that version, or choose another backup.",
        path.display()
    )
}

fn newest(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut newest: Option<PathBuf> = None;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_one = name.starts_with(BEGIN) && name.ends_with(".json");
        // Dates are written so that the newest comes last.
        if is_one && newest.as_ref().is_none_or(|newest| *newest < path) {
            newest = Some(path);
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_content_lies_under_its_hash_and_nowhere_else() {
        let hash = "ab".repeat(32);
        let folder = Path::new("b");
        for (named, ending) in [
            ("2026/a.PNG", ".png"),
            ("a", ""),
            ("../x.tar.g/z", ""),
            ("a.veryverylongending", ".veryvery"),
        ] {
            let path = content(folder, &hash, named.as_bytes()).unwrap();
            assert_eq!(path, folder.join("files/ab").join(format!("{hash}{ending}")));
        }
        for hash in ["", "../../etc/passwd", &hash.to_uppercase(), &hash[1..]] {
            assert_eq!(content(folder, hash, b"a.png"), None, "{hash}");
        }
    }

    #[test]
    fn names_lead_nowhere_else_and_keep_their_bytes() {
        for bad in ["", "/etc/passwd", "a/../../b", "a//b", ".", "..", "a\0b"] {
            assert_eq!(Name::of(bad.as_bytes()).below(), None, "{bad}");
        }
        for good in [&b"a.png"[..], b"2026-11-28/a (2).png", b"x/\xff\xfe.png", "ü/…".as_bytes()]
        {
            let name = Name::of(good);
            assert_eq!(name.below(), Some(good));
            let text = serde_json::to_string(&name).unwrap();
            assert_eq!(serde_json::from_str::<Name>(&text).unwrap(), name);
        }
    }
}
