//! Many files in one archive.

use super::{Part, copy_range};
use crate::{MediaError, Stop};
use ::zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};
use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZipEntry {
    /// Its name in the archive, with `/` between folders. Names that repeat get a number; a name never
    /// leads out of the archive.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// An archive that was written.
#[derive(Debug)]
pub struct Archive {
    /// Its size in bytes.
    pub bytes: u64,
    /// Entries whose file could not be read, counted from 0, and why: they are not in it.
    pub left_out: Vec<(usize, MediaError)>,
}

/// Writes an archive. Pictures and films do not get smaller by packing, so nothing is packed. `done`
/// hears after each file how many there are by now.
///
/// # Errors
/// When the archive cannot be written, or the work is stopped; no archive is left then.
pub fn zip(
    entries: &[ZipEntry],
    to: &Path,
    stop: &Stop,
    done: &mut dyn FnMut(usize),
) -> Result<Archive, MediaError> {
    let mut names = HashMap::new();
    let mut archive = ZipWriter::new(Part::beside(to)?);
    let mut left_out = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        stop.check()?;
        match File::open(&entry.path).and_then(|file| Ok((file.metadata()?.len(), file))) {
            Ok((length, file)) => {
                let options = SimpleFileOptions::default()
                    .compression_method(CompressionMethod::Stored)
                    .large_file(length >= u64::from(u32::MAX));
                archive.start_file(free_name(&entry.name, &mut names), options).map_err(error)?;
                let mut source = Source { file, broken: false };
                let copied = copy_range(&mut source, 0, length, &mut archive, stop);
                if let Err(why) = copied {
                    if !source.broken && !matches!(why, MediaError::Truncated(_)) {
                        return Err(why);
                    }
                    archive.abort_file().map_err(error)?;
                    left_out.push((number, why));
                }
            }
            Err(why) => left_out.push((number, why.into())),
        }
        done(number + 1);
    }
    Ok(Archive { bytes: archive.finish().map_err(error)?.finish()?, left_out })
}

/// A file that is packed, and whether it was reading that failed.
struct Source {
    file: File,
    broken: bool,
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.file.read(into).inspect_err(|_| self.broken = true)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to).inspect_err(|_| self.broken = true)
    }
}

/// A name that no other file of the archive has, also where case makes no difference.
fn free_name(name: &str, taken: &mut HashMap<String, u32>) -> String {
    let parts: Vec<String> = name
        .split(['/', '\\'])
        .filter(|part| !part.is_empty() && !part.chars().all(|c| c == '.'))
        .map(crate::sanitise)
        .collect();
    let whole = if parts.is_empty() { "output".to_owned() } else { parts.join("/") };
    let folder = whole.rfind('/').map_or(0, |at| at + 1);
    let dot = whole[folder..].rfind('.').filter(|at| *at > 0).map_or(whole.len(), |at| folder + at);
    let (stem, ending) = whole.split_at(dot);
    let mut free = whole.clone();
    // What number a name has next, so that ten thousand of one name take no longer each.
    while taken.contains_key(&free.to_lowercase()) {
        let next = taken.entry(whole.to_lowercase()).or_insert(1);
        *next += 1;
        free = format!("{stem} ({next}){ending}");
    }
    taken.insert(free.to_lowercase(), 1);
    free
}

fn error(error: ZipError) -> MediaError {
    match error {
        ZipError::Io(error) => MediaError::Io(error),
        other => MediaError::Damaged(other.to_string()),
    }
}
