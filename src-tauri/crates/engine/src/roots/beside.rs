//! XMP sidecars beside the files of a folder: which there are, and what they say.

use super::{
    compare::Known,
    names::{is_in, is_wanted, join, name_of},
    problems::Problems,
    pulse::Pulse,
    walk::{Found, found, is_gone},
};
use crate::sidecars::said;
use media::{MediaError, xmp};
use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::Path,
};
use store::Sidecar;

/// Bytes of the dot and the ending of a sidecar.
const ENDING: usize = 4;

/// A sidecar that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The file that it is about.
    pub of: Vec<u8>,
    /// The sidecar itself.
    pub file: Found,
}

/// Whether a name is that of a sidecar.
pub fn is_sidecar(name: &[u8]) -> bool {
    name.len() > ENDING
        && name[name.len() - ENDING] == b'.'
        && xmp::ENDINGS.iter().any(|ending| name.ends_with(ending.as_bytes()))
}

/// The sidecars that a file may have, in the order in which they count: `a.png.xmp` before `a.xmp`.
fn names(path: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let stem = name_of(path).iter().rposition(|byte| *byte == b'.').unwrap_or(name_of(path).len());
    let stem = &path[..path.len() - name_of(path).len() + stem];
    let with_endings = |path: &[u8]| {
        xmp::ENDINGS.map(|ending| [path, b".", ending.as_bytes()].concat()).into_iter()
    };
    with_endings(path).chain(with_endings(stem))
}

/// Which of the sidecars that are there are about which files.
pub fn pair(files: &[Found], sidecars: Vec<Found>) -> Vec<Beside> {
    if sidecars.is_empty() {
        return Vec::new();
    }
    let there: HashMap<&[u8], &Found> =
        sidecars.iter().map(|sidecar| (sidecar.path.as_slice(), sidecar)).collect();
    files
        .iter()
        .filter_map(|file| {
            let sidecar = names(&file.path).find_map(|name| there.get(name.as_slice()).copied())?;
            Some(Beside { of: file.path.clone(), file: sidecar.clone() })
        })
        .collect()
}

/// The sidecars of one file that are there.
pub fn of_file(root: &Path, path: &[u8]) -> Vec<Found> {
    let there = |name: Vec<u8>| {
        let about = fs::metadata(join(root, &name)).ok().filter(fs::Metadata::is_file)?;
        Some(found(name, &about))
    };
    names(path).filter_map(there).collect()
}

/// Parts of a folder that are to be looked at, with files in the place of the sidecars that are about
/// them: a sidecar by itself is nothing.
pub fn files_for(parts: &[Vec<u8>], known: &Known) -> Vec<Vec<u8>> {
    let (sidecars, mut parts): (Vec<_>, Vec<_>) =
        parts.iter().cloned().partition(|part| is_sidecar(name_of(part)));
    let mut files = HashSet::new();
    for sidecar in sidecars {
        let about = &sidecar[..sidecar.len() - ENDING];
        if is_wanted(name_of(about)) {
            files.insert(about.to_vec());
        } else {
            files.extend(known.with_stem(about));
        }
    }
    files.retain(|file| !parts.iter().any(|part| is_in(part, file)));
    parts.extend(files);
    parts
}

/// Reads sidecars. What is wrong with one is told of it, and is no matter of the file beside it.
///
/// # Errors
/// When the work was stopped.
pub fn read(
    root: &Path,
    sidecars: &[Beside],
    pulse: &Pulse,
) -> io::Result<(Vec<Sidecar>, Problems)> {
    let (mut read, mut problems) = (Vec::with_capacity(sidecars.len()), Problems::default());
    for Beside { of, file } in sidecars {
        pulse.beat()?;
        match xmp::read_sidecar(&join(root, &file.path)) {
            Ok(marks) => {
                let said = said(marks);
                read.push(Sidecar {
                    path: of.clone(),
                    bytes: file.bytes,
                    mtime: file.changed_ns,
                    rating: said.rating,
                    flag: said.flag,
                    tags: said.tags,
                });
            }
            // It vanished meanwhile.
            Err(MediaError::Io(error)) if is_gone(&error) => {}
            Err(MediaError::Io(error)) => problems.add(&file.path, super::problems::reason(&error)),
            Err(error) => problems.add(&file.path, error.to_string()),
        }
    }
    Ok((read, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sidecars_are_named_after_files_with_and_without_their_ending() {
        for (path, long, short) in [
            ("a/b.png", "a/b.png.xmp", "a/b.xmp"),
            ("b.tar.png", "b.tar.png.xmp", "b.tar.xmp"),
            ("a.b/c", "a.b/c.xmp", "a.b/c.xmp"),
        ] {
            let mut wanted = Vec::new();
            for name in [long, short] {
                let stem = name.strip_suffix("xmp").unwrap_or_default();
                wanted.extend(
                    ["xmp", "XMP", "Xmp"].map(|ending| format!("{stem}{ending}").into_bytes()),
                );
            }
            assert_eq!(names(path.as_bytes()).collect::<Vec<_>>(), wanted, "{path}");
        }
        assert!(is_sidecar(b"a.xmp") && is_sidecar(b"a.png.xmp") && is_sidecar(b"a.XMP"));
        assert!(!is_sidecar(b".xmp") && !is_sidecar(b"a.xmp.png") && !is_sidecar(b"axmp"));
    }

    #[test]
    fn the_longer_name_counts_and_one_may_be_about_two() {
        let at = |path: &str| Found { path: path.into(), bytes: 1, changed_ns: 2, inode: None };
        let files = ["a.png", "a.jpg", "b/c.png", "d.png"].map(at);
        let sidecars = ["a.png.xmp", "a.xmp", "b/c.xmp", "other.xmp"].map(at);
        let pairs = pair(&files, sidecars.to_vec());
        let pairs: Vec<_> = pairs
            .iter()
            .map(|pair| [&pair.of, &pair.file.path].map(|path| String::from_utf8_lossy(path)))
            .collect();
        assert_eq!(pairs, [["a.png", "a.png.xmp"], ["a.jpg", "a.xmp"], ["b/c.png", "b/c.xmp"]]);
    }
}
