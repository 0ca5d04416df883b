//! Outputs that stay where a server on this machine put them: found by the names that the server tells,
//! in its folder and nowhere else, and looked at like one that was copied. Nothing there is changed.

use super::{
    names::{child, is_hidden, join, path_of},
    pulse::Pulse,
    threads::{self, Hitch},
    walk::{changed_ns, inode, is_gone},
};
use crate::{
    core::Core,
    library::{KeepError, Kept},
};
use comfy::FileRef;
use media::{MediaError, Original};
use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{Component, Path, PathBuf},
};

/// Bytes of either end of a file that are compared with the server's.
const END: u64 = 64 << 10;

/// An output that lies where the server put it.
#[derive(Debug)]
pub struct InPlace {
    /// Where it is in the library, and what it is.
    pub kept: Kept,
    /// Its first and its last bytes.
    pub ends: Vec<End>,
}

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct End {
    /// Where in the file it begins.
    pub from: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Finds an output in the folder that a server puts its outputs into, and looks at it.
///
/// # Errors
/// Why it cannot stay there, to be said after "copied, because".
pub async fn find(core: &Core, outputs: &Path, file: &FileRef) -> Result<InPlace, String> {
    let shown = outputs.display();
    let leaves = || format!("its name leads out of {shown}");
    let named = below(file).ok_or_else(leaves)?;
    let roots = core.roots.rows().await;
    // The folder is below a root in the letter, too: so it was stored.
    let held = roots.iter().find_map(|row| {
        let root = path_of(&row.path);
        let below = super::names::below(&root, outputs)?;
        Some((root, below))
    });
    let Some((root, folder)) = held else {
        return Err(format!("{shown} is no folder of the library any more"));
    };
    let pulse = Pulse::default();
    let (library, outputs) = (core.library.clone(), outputs.to_owned());
    let looking = threads::run(&pulse, core.pace.answer, move |pulse| {
        Ok(look(&root, &folder, &outputs, &named, pulse, |hash, path| {
            library.check(hash, path, &path.to_string_lossy())
        }))
    });
    match looking.await {
        Ok(found) => found,
        Err(Hitch::Io(error)) => Err(format!("{shown} cannot be read ({error})")),
        Err(Hitch::Hangs | Hitch::Stopped) => Err(format!("{shown} does not answer")),
    }
}

fn look(
    root: &Path,
    folder: &[u8],
    outputs: &Path,
    named: &Path,
    pulse: &Pulse,
    check: impl FnOnce(&str, &Path) -> Result<crate::library::Checked, KeepError>,
) -> Result<InPlace, String> {
    let shown = outputs.display();
    let unreadable = |error: &io::Error| match error {
        error if is_gone(error) => format!("it is not in {shown}"),
        error => format!("it cannot be read in {shown} ({error})"),
    };
    let base = fs::canonicalize(outputs).map_err(|error| match error {
        error if is_gone(&error) => format!("{shown} is not there"),
        error => format!("{shown} cannot be read ({error})"),
    })?;
    let real = fs::canonicalize(base.join(named)).map_err(|error| unreadable(&error))?;
    let Some(below) = super::names::below(&base, &real) else {
        return Err(format!("its name leads out of {shown}"));
    };
    let path = child(folder, &below);
    if path.split(|byte| *byte == b'/').any(is_hidden) {
        return Err(format!("it is hidden in {shown}, where the library does not look"));
    }
    // As the library finds it later.
    let place = join(root, &path);
    let before = fs::metadata(&place).map_err(|error| unreadable(&error))?;
    let broken = |error: MediaError| match error {
        MediaError::Io(error) => unreadable(&error),
        error => format!("it is not whole in {shown} ({error})"),
    };
    let mut original = Original::open(&place).map_err(broken)?;
    let hash = original.hash(&pulse.stop_of_file()).map_err(broken)?;
    let ends = ends(&place, before.len()).map_err(|error| unreadable(&error))?;
    let checked =
        check(&hash, &place).map_err(|error| format!("it is not whole in {shown} ({error})"))?;
    let after = fs::metadata(&place).map_err(|error| unreadable(&error))?;
    if (after.len(), changed_ns(&after)) != (before.len(), changed_ns(&before)) {
        return Err(format!("it was still being written in {shown}"));
    }
    let kept = Kept {
        root: root.to_owned(),
        bytes: after.len(),
        mtime: Some(changed_ns(&after)),
        inode: inode(&after),
        hash,
        kind: checked.kind,
        width: checked.shape.map(|shape| shape.0),
        height: checked.shape.map(|shape| shape.1),
        duration_ms: checked.duration_ms,
        phash: checked.phash,
        damage: checked.damage,
        path,
    };
    Ok(InPlace { kept, ends })
}

/// Where a file is below the folder of outputs, by what the server calls it; nothing if that leads out of
/// it. As `/view` does, only the last part of the name counts.
fn below(file: &FileRef) -> Option<PathBuf> {
    let plain = |path: &Path| {
        let mut parts = path.components();
        parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
    };
    let (folder, name) = (Path::new(&file.subfolder), Path::new(&file.filename));
    (plain(folder) && plain(name)).then_some(())?;
    Some(folder.join(name.file_name()?))
}

fn ends(path: &Path, length: u64) -> io::Result<Vec<End>> {
    let mut file = File::open(path)?;
    let mut ends = Vec::new();
    for from in [0, length.saturating_sub(END).max(END)] {
        if from < length {
            file.seek(SeekFrom::Start(from))?;
            let mut bytes = Vec::new();
            Read::by_ref(&mut file).take(END).read_to_end(&mut bytes)?;
            ends.push(End { from, bytes });
        }
    }
    Ok(ends)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_lead_to_what_is_in_the_folder_and_nowhere_else() {
        let named = |subfolder: &str, filename: &str| FileRef {
            filename: filename.to_owned(),
            subfolder: subfolder.to_owned(),
            folder: "output".to_owned(),
        };
        for (subfolder, filename, wanted) in [
            ("", "a_00001_.png", Some("a_00001_.png")),
            ("2026/boats", "a.png", Some("2026/boats/a.png")),
            ("./boats", "a.png", Some("./boats/a.png")),
            ("", "a..b.png", Some("a..b.png")),
            // `/view` cuts off a folder in the name.
            ("boats", "deep/a.png", Some("boats/a.png")),
            ("..", "a.png", None),
            ("boats/../..", "a.png", None),
            ("", "../a.png", None),
            ("", "..", None),
            ("/etc", "passwd", None),
            ("", "/etc/passwd", None),
            ("", "", None),
            ("", ".", None),
        ] {
            let found = below(&named(subfolder, filename));
            assert_eq!(found.as_deref(), wanted.map(Path::new), "{subfolder:?} {filename:?}");
        }
    }

    #[test]
    fn the_ends_of_a_file_are_all_of_it_up_to_their_size() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        let end = usize::try_from(END).unwrap();
        for (length, wanted) in [
            (1, vec![(0, 1)]),
            (end, vec![(0, end)]),
            (end + 3, vec![(0, end), (END, 3)]),
            (2 * end, vec![(0, end), (END, end)]),
            (5 * end + 7, vec![(0, end), (4 * END + 7, end)]),
        ] {
            fs::write(&path, vec![7; length]).unwrap();
            let found = ends(&path, length as u64).unwrap();
            let found: Vec<_> = found.iter().map(|end| (end.from, end.bytes.len())).collect();
            assert_eq!(found, wanted, "{length}");
        }
    }
}
