//! Copies of files for other people: converted, resized, without what is embedded, many on one sheet,
//! many in one archive. The original is never touched; a copy is written under a temporary name and
//! renamed when it is whole, so it is there or not.

mod embed;
mod picture;
mod sheet;
mod strip;
mod zip;

pub use picture::{Exported, Metadata, PictureExport, PictureFormat, Resize, export_picture};
pub use sheet::{Cell, ContactSheet, Sheet, contact_sheet};
pub use strip::{can_strip, strip};
pub use zip::{Archive, ZipEntry, zip};

pub(crate) use strip::jpeg_is_whole;

use crate::{MediaError, Stop};
use std::{
    io::{BufWriter, ErrorKind, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use tempfile::{NamedTempFile, TempPath};

/// A copy that is being written beside its name.
struct Part {
    file: BufWriter<NamedTempFile>,
    to: PathBuf,
    /// What kind of error a write ended with.
    broken: Option<ErrorKind>,
}

impl Part {
    fn beside(to: &Path) -> Result<Self, MediaError> {
        let file = temporary_beside(to)?;
        let file = BufWriter::with_capacity(1 << 18, file);
        Ok(Self { file, to: to.to_owned(), broken: None })
    }

    /// The error of an encoder that wrote into it. Encoders tell of an error of the disk in words only,
    /// and whoever asked for the copy wants to know whether the disk is full.
    fn error(&self, error: MediaError) -> MediaError {
        let Some(kind) = self.broken else { return error };
        let why = match error {
            MediaError::Io(error) => error.to_string(),
            other => other.to_string(),
        };
        MediaError::Io(std::io::Error::new(kind, why))
    }

    /// Gives the copy its name; answers with its length in bytes.
    fn finish(mut self) -> Result<u64, MediaError> {
        self.file.flush()?;
        let file = self.file.into_inner().map_err(|error| MediaError::Io(error.into_error()))?;
        let length = file.as_file().metadata()?.len();
        // A copy that is whole in name only would be worse than none after the power fails.
        file.as_file().sync_data()?;
        file.persist(&self.to).map_err(|error| MediaError::Io(error.error))?;
        Ok(length)
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes).inspect_err(|error| self.broken = Some(error.kind()))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush().inspect_err(|error| self.broken = Some(error.kind()))
    }
}

impl Seek for Part {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(to)
    }
}

/// A temporary file in the folder of what it will be, with the rights of any new file: without that,
/// nobody else could read it.
pub(crate) fn temporary_beside(to: &Path) -> std::io::Result<NamedTempFile> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    part_file(folder.unwrap_or(Path::new(".")), ".tmp", "")
}

/// A file that is not whole yet, for the artist and not for us: once it has its name, whoever may read
/// the folder's other files may read it, as far as the system's mask says. (Temporary files are secret
/// by themselves.)
///
/// # Errors
/// When the folder cannot be written.
pub fn part_file(folder: &Path, begin: &str, end: &str) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(begin).suffix(end).tempfile_in(folder)
}

/// Gives a file from [`part_file`] its name, in the same folder or another of its drive. If something is
/// called so already, it stays, and the part comes back. Some network drives can neither link a file nor
/// rename it only where nothing is: there what another program writes in the same moment is replaced.
///
/// # Errors
/// When it cannot be named so for another reason; then the part is deleted.
pub fn put_new(part: TempPath, to: &Path) -> std::io::Result<Option<TempPath>> {
    /// Where it takes two steps, one file at a time has both.
    static BOTH_STEPS: Mutex<()> = Mutex::new(());
    let Err(refused) = part.persist_noclobber(to) else { return Ok(None) };
    let _one = BOTH_STEPS.lock().unwrap_or_else(PoisonError::into_inner);
    match std::fs::symlink_metadata(to) {
        Ok(_) => Ok(Some(refused.path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            refused.path.persist(to).map(|()| None).map_err(|error| error.error)
        }
        Err(error) => Err(error),
    }
}

/// Copies bytes of a file into another.
fn copy_range(
    reader: &mut (impl Read + Seek),
    from: u64,
    count: u64,
    into: &mut impl Write,
    stop: &Stop,
) -> Result<(), MediaError> {
    reader.seek(SeekFrom::Start(from))?;
    let mut left = count;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        stop.check()?;
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let read = reader.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(MediaError::Truncated("it became shorter while it was read"));
        }
        into.write_all(&buffer[..read])?;
        left -= read as u64;
    }
    Ok(())
}
