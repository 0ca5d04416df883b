//! The files that were handed in, those in folders too.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
};

/// The most files taken at once.
pub const MAX_FILES: usize = 2_000;
/// How far down folders are gone into.
const MAX_DEPTH: usize = 16;
/// The most entries looked at in all, files and folders.
const MAX_ENTRIES: usize = 100_000;

/// Files, and how many more there were.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Files in the order given; those of a folder in the order of their names. What is named and not
    /// there is in it too: reading it says so.
    pub paths: Vec<PathBuf>,
    /// Files that were too many.
    pub left_out: usize,
    /// Folders given that hold no file.
    pub empty: Vec<PathBuf>,
}

/// Goes through folders. Hidden files are passed over, and so are links to folders: they may lead in
/// a circle.
pub fn files_in(given: &[PathBuf]) -> Files {
    files_up_to(MAX_FILES, given)
}

/// The same, at most so many.
pub fn files_up_to(most: usize, given: &[PathBuf]) -> Files {
    let mut files = Files::default();
    let mut entries = 0;
    for path in given {
        if path.is_dir() {
            let before = files.paths.len() + files.left_out;
            go_into(path, most, &mut files, &mut entries);
            if files.paths.len() + files.left_out == before {
                files.empty.push(path.clone());
            }
        } else {
            take(path.clone(), most, &mut files);
        }
    }
    files
}

fn take(path: PathBuf, most: usize, files: &mut Files) {
    if files.paths.len() < most {
        files.paths.push(path);
    } else {
        files.left_out += 1;
    }
}

fn go_into(folder: &Path, most: usize, files: &mut Files, entries: &mut usize) {
    let mut folders = VecDeque::from([(folder.to_owned(), 0)]);
    while let Some((folder, depth)) = folders.pop_front() {
        let Ok(listed) = fs::read_dir(&folder) else { continue };
        let mut here = Vec::new();
        for entry in listed.flatten() {
            *entries += 1;
            if *entries > MAX_ENTRIES {
                break;
            }
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let Ok(kind) = entry.file_type() else { continue };
            if !hidden {
                here.push((entry.path(), kind));
            }
        }
        here.sort_by(|a, b| a.0.cmp(&b.0));
        for (path, kind) in here {
            if kind.is_dir() {
                if depth < MAX_DEPTH {
                    folders.push_back((path, depth + 1));
                }
            } else if kind.is_file() || (kind.is_symlink() && path.is_file()) {
                take(path, most, files);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(files: &Files) -> Vec<String> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        files.paths.iter().map(name).collect()
    }

    #[test]
    fn folders_are_gone_through_and_circles_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir_all(path("a/deep")).unwrap();
        fs::create_dir_all(path("empty/none")).unwrap();
        for name in ["a/2.json", "a/10.json", "a/.hidden", "a/deep/x.png", "z.json"] {
            fs::write(path(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(path("a"), path("a/deep/round")).unwrap();
        let files = files_in(&[path("z.json"), path("a"), path("gone.json"), path("empty")]);
        assert_eq!(names(&files), ["z.json", "10.json", "2.json", "x.png", "gone.json"]);
        assert_eq!((files.left_out, files.empty), (0, vec![path("empty")]));
    }

    #[test]
    fn too_many_are_counted() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..MAX_FILES + 3 {
            fs::write(dir.path().join(number.to_string()), "").unwrap();
        }
        let files = files_in(&[dir.path().to_owned()]);
        assert_eq!((files.paths.len(), files.left_out), (MAX_FILES, 3));
    }
}
