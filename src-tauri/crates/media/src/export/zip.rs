//! Many files in one archive.

use super::{Part, copy_range};
use crate::{MediaError, Stop};
use ::zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};
use std::{
    collections::HashMap,
    fs::File,
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

/// Writes an archive; answers with its length in bytes. Pictures and films do not get smaller by
/// packing, so nothing is packed. `done` hears after each file how many there are by now.
///
/// # Errors
/// When a file cannot be read (the sentence names it), the archive cannot be written, or the work is
/// stopped; no archive is left then.
pub fn zip(
    entries: &[ZipEntry],
    to: &Path,
    stop: &Stop,
    done: &mut dyn FnMut(usize),
) -> Result<u64, MediaError> {
    let mut names = HashMap::new();
    let mut archive = ZipWriter::new(Part::beside(to)?);
    for (number, entry) in entries.iter().enumerate() {
        stop.check()?;
        let of_file = |error: std::io::Error| {
            let sentence = format!("{} cannot be read: {error}", entry.path.display());
            MediaError::Io(std::io::Error::new(error.kind(), sentence))
        };
        let mut file = File::open(&entry.path).map_err(of_file)?;
        let length = file.metadata().map_err(of_file)?.len();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(length >= u64::from(u32::MAX));
        archive.start_file(free_name(&entry.name, &mut names), options).map_err(error)?;
        copy_range(&mut file, 0, length, &mut archive, stop)?;
        done(number + 1);
    }
    archive.finish().map_err(error)?.finish()
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
