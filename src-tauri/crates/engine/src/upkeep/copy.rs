//! Whole copies of files: written under a temporary name, made durable, read back, and only then
//! given their name. A name that exists is never overwritten.

use crate::roots::changed_ns;
use media::export::put_new;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// The folder of what is not whole yet, in the one that it is for: what a kill leaves is all in there.
pub const PARTS: &str = ".safelight-parts";
/// Bytes that are copied at once.
const BLOCK: usize = 1 << 20;

/// Why there is no copy; nothing is left of it.
#[derive(Debug)]
pub enum CopyError {
    /// The file cannot be read.
    Source(io::Error),
    /// The copy cannot be written: what else is copied there will not fare better.
    Target(io::Error),
    /// What was read back is not what was written.
    Differs,
    /// The file was written to meanwhile.
    Changed,
    /// Somebody asked to stop.
    Stopped,
}

/// A copy that is whole, and has no name yet.
pub struct Copy {
    part: NamedTempFile,
    /// BLAKE3, as hex digits.
    pub hash: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// Copies a file into `folder`, with its rights and its time. `goes_on` is told of each piece that is
/// copied, and stops it with `false`.
///
/// # Errors
/// See [`CopyError`].
pub fn copy(from: &Path, folder: &Path, goes_on: &dyn Fn(u64) -> bool) -> Result<Copy, CopyError> {
    let mut source = File::open(from).map_err(CopyError::Source)?;
    let before = source.metadata().map_err(CopyError::Source)?;
    let mut part = part_in(folder).map_err(CopyError::Target)?;
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; BLOCK];
    let mut bytes = 0;
    loop {
        let read = source.read(&mut block).map_err(CopyError::Source)?;
        if read == 0 {
            break;
        }
        hasher.update(&block[..read]);
        part.as_file_mut().write_all(&block[..read]).map_err(CopyError::Target)?;
        bytes += read as u64;
        if !goes_on(read as u64) {
            return Err(CopyError::Stopped);
        }
    }
    let hash = hasher.finalize().to_hex().to_string();
    // Drives that know no rights or times keep what they can.
    let _ = part.as_file().set_permissions(before.permissions());
    if let Ok(modified) = before.modified() {
        let _ = part.as_file().set_modified(modified);
    }
    part.as_file().sync_all().map_err(CopyError::Target)?;
    if hash_of(part.path(), &|_| goes_on(0))?.0 != hash {
        return Err(CopyError::Differs);
    }
    let after = source.metadata().map_err(CopyError::Source)?;
    if (after.len(), changed_ns(&after)) != (before.len(), changed_ns(&before))
        || after.len() != bytes
    {
        return Err(CopyError::Changed);
    }
    Ok(Copy { part, hash, bytes })
}

impl Copy {
    /// Gives it its name. If something is called so already, the copy comes back.
    ///
    /// # Errors
    /// When it cannot be named so for another reason.
    pub fn put(self, to: &Path) -> io::Result<Option<Self>> {
        let (file, path) = self.part.into_parts();
        let back = put_new(path, to)?;
        Ok(back.map(|path| Self { part: NamedTempFile::from_parts(file, path), ..self }))
    }
}

/// A new file under a temporary name.
///
/// # Errors
/// When it cannot be made.
pub fn part_in(folder: &Path) -> io::Result<NamedTempFile> {
    media::export::part_file(folder, ".safelight-", ".part")
}

/// The BLAKE3 of a file, as hex digits, and its size.
///
/// # Errors
/// When it cannot be read, or `goes_on` says no.
pub fn hash_of(path: &Path, goes_on: &dyn Fn(u64) -> bool) -> Result<(String, u64), CopyError> {
    let mut file = File::open(path).map_err(CopyError::Source)?;
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; BLOCK];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut block).map_err(CopyError::Source)?;
        if read == 0 {
            return Ok((hasher.finalize().to_hex().to_string(), bytes));
        }
        hasher.update(&block[..read]);
        bytes += read as u64;
        if !goes_on(read as u64) {
            return Err(CopyError::Stopped);
        }
    }
}

/// Whether two files can be read and have the same content.
pub fn same_content(one: &Path, other: &Path) -> bool {
    let size = |path: &Path| fs::metadata(path).map(|about| about.len()).ok();
    size(one).is_some()
        && size(one) == size(other)
        && match (hash_of(one, &|_| true), hash_of(other, &|_| true)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        }
}

/// Makes a file durable that somebody else wrote.
///
/// # Errors
/// When it cannot be opened or synchronised.
pub fn sync_file(path: &Path) -> io::Result<()> {
    File::options().write(true).open(path)?.sync_all()
}

/// Makes names in a folder durable, where the system can.
///
/// # Errors
/// When the folder cannot be synchronised.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A name beside `path` that is `number` steps further: `a.png`, `a (2).png`, `a (3).png`.
pub fn numbered(path: &Path, number: u32) -> PathBuf {
    if number < 2 {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!(" ({number})"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

/// Whether a file is known by its size and time.
pub fn is_as(path: &Path, bytes: u64, mtime: Option<i64>) -> bool {
    let about = fs::metadata(path);
    about.is_ok_and(|about| about.len() == bytes && Some(changed_ns(&about)) == mtime)
}

/// Whether a file is still what is known of it: by its size and time, else by its content, since drives
/// round times and lose them.
pub fn is_still(path: &Path, bytes: u64, mtime: Option<i64>, hash: &str) -> bool {
    is_as(path, bytes, mtime)
        || fs::metadata(path).is_ok_and(|about| about.len() == bytes)
            && hash_of(path, &|_| true).is_ok_and(|(found, _)| found == hash)
}

/// What an error of a drive means to a person.
pub fn why(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!(
                "There is no space left at {shown}. Free some, then begin again: what is done stays done."
            )
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!(
                "Safelight may not write to {shown}. Change its rights, or choose another folder."
            )
        }
        io::ErrorKind::NotFound => {
            format!(
                "{shown} is not there any more. Connect its drive, then begin again: what is done stays done."
            )
        }
        _ => format!("{shown} cannot be written ({error}). What is done stays done."),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn there(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_copy_is_whole_or_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("to");
        fs::create_dir(&to).unwrap();
        let from = dir.path().join("a.png");
        fs::write(&from, vec![7; BLOCK * 2 + 5]).unwrap();
        let copied = copy(&from, &to, &|_| true).unwrap();
        assert_eq!(copied.bytes, BLOCK as u64 * 2 + 5);
        assert!(copied.put(&to.join("a.png")).unwrap().is_none());
        assert_eq!(fs::read(to.join("a.png")).unwrap(), fs::read(&from).unwrap());
        let time = |path: &Path| changed_ns(&fs::metadata(path).unwrap());
        assert_eq!(time(&to.join("a.png")), time(&from), "it keeps its time");
        // A name that exists is not overwritten.
        fs::write(&from, "other").unwrap();
        let back = copy(&from, &to, &|_| true).unwrap().put(&to.join("a.png")).unwrap();
        assert!(back.is_some());
        drop(back);
        assert_eq!(there(&to), 1);
    }

    #[test]
    fn what_is_stopped_changed_or_has_no_room_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("to");
        fs::create_dir(&to).unwrap();
        let from = dir.path().join("a.png");
        fs::write(&from, vec![7; BLOCK * 3]).unwrap();
        let stopped = copy(&from, &to, &|_| false);
        assert!(matches!(stopped, Err(CopyError::Stopped)));
        let changed = copy(&from, &to, &|_| {
            let file = File::options().append(true).open(&from).unwrap();
            file.set_len(BLOCK as u64 * 3 + 1).unwrap();
            true
        });
        assert!(matches!(changed, Err(CopyError::Changed)));
        let gone = copy(&dir.path().join("b.png"), &to, &|_| true);
        assert!(matches!(gone, Err(CopyError::Source(_))));
        let nowhere = copy(&from, &dir.path().join("nowhere"), &|_| true);
        assert!(matches!(nowhere, Err(CopyError::Target(_))));
        assert_eq!(there(&to), 0);
    }

    #[test]
    fn a_file_is_known_by_its_time_or_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        fs::write(&path, "one").unwrap();
        let time = Some(changed_ns(&fs::metadata(&path).unwrap()));
        let hash = blake3::hash(b"one").to_hex().to_string();
        assert!(is_still(&path, 3, time, "~not read yet"));
        assert!(is_still(&path, 3, None, &hash) && is_still(&path, 3, Some(1), &hash));
        assert!(!is_still(&path, 3, None, "~not read yet"));
        assert!(!is_still(&path, 4, time, &hash));
        fs::write(&path, "two").unwrap();
        assert!(!is_still(&path, 3, Some(1), &hash));
    }

    #[test]
    fn names_are_counted_before_their_ending() {
        for (number, name) in [(0, "a.b.png"), (1, "a.b.png"), (2, "a.b (2).png")] {
            assert_eq!(numbered(Path::new("x/a.b.png"), number), Path::new("x").join(name));
        }
        assert_eq!(numbered(Path::new("a"), 3), Path::new("a (3)"));
    }
}
