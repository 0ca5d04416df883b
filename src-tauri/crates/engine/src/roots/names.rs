//! Paths below a folder as bytes with `/` between names, so that names in any encoding are kept.

use std::path::{Path, PathBuf};

/// Folders that hold no pictures of anybody: bins and what systems and drives keep for themselves.
const SYSTEM_FOLDERS: [&[u8]; 4] =
    [b"$RECYCLE.BIN", b"System Volume Information", b"@eaDir", b"lost+found"];

/// Endings of files that are looked into. What a file really is, its content says.
const ENDINGS: [&str; 48] = [
    "png", "apng", "jpg", "jpeg", "jfif", "webp", "gif", "avif", "bmp", "tif", "tiff", "svg",
    "jxl", "heic", "heif", "hif", "exr", "mp4", "m4v", "mov", "3gp", "webm", "mkv", "avi", "mpg",
    "mpeg", "wmv", "flac", "mp3", "ogg", "oga", "opus", "wav", "m4a", "mka", "aac", "aif", "aiff",
    "glb", "gltf", "obj", "ply", "stl", "fbx", "usdz", "splat", "ksplat", "spz",
];

/// Among them those of 3D models.
const MODELS: [&str; 10] =
    ["glb", "gltf", "obj", "ply", "stl", "fbx", "usdz", "splat", "ksplat", "spz"];

/// A name as bytes.
#[cfg(unix)]
pub fn bytes_of(name: &std::ffi::OsStr) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    name.as_bytes().to_vec()
}

/// A name as bytes. One that is no Unicode is not found again under what this gives, and is reported.
#[cfg(not(unix))]
pub fn bytes_of(name: &std::ffi::OsStr) -> Vec<u8> {
    name.to_string_lossy().into_owned().into_bytes()
}

/// A path as bytes, for the store.
pub fn bytes_of_path(path: &Path) -> Vec<u8> {
    bytes_of(path.as_os_str())
}

/// A path from its bytes.
#[cfg(unix)]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// A path from its bytes.
#[cfg(not(unix))]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The path that bytes below a folder stand for.
#[cfg(unix)]
pub fn join(root: &Path, below: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    if below.is_empty() { root.to_owned() } else { root.join(std::ffi::OsStr::from_bytes(below)) }
}

/// The path that bytes below a folder stand for.
#[cfg(not(unix))]
pub fn join(root: &Path, below: &[u8]) -> PathBuf {
    String::from_utf8_lossy(below)
        .split('/')
        .filter(|part| !part.is_empty())
        .fold(root.to_owned(), |path, part| path.join(part))
}

/// A path as bytes below `root`; nothing if it is not below it.
pub fn below(root: &Path, path: &Path) -> Option<Vec<u8>> {
    let parts = path.strip_prefix(root).ok()?.components().map(|part| bytes_of(part.as_os_str()));
    Some(parts.collect::<Vec<_>>().join(&b'/'))
}

/// The path of a name in a folder.
pub fn child(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(folder.len() + 1 + name.len());
    path.extend_from_slice(folder);
    if !folder.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// The name at the end of a path.
pub fn name_of(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// Whether a path is `folder` or lies below it.
pub fn is_in(folder: &[u8], path: &[u8]) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| matches!(rest.first(), None | Some(b'/')))
}

/// A path as people read it.
pub fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

/// Whether a name is passed over without a word: hidden files, bins, what systems keep for themselves.
pub fn is_hidden(name: &[u8]) -> bool {
    name.first() == Some(&b'.') || SYSTEM_FOLDERS.contains(&name)
}

/// Whether a file of this name is looked into.
pub fn is_wanted(name: &[u8]) -> bool {
    ends_with(name, &ENDINGS)
}

/// Whether a name is that of a 3D model.
pub fn is_model(name: &[u8]) -> bool {
    ends_with(name, &MODELS)
}

fn ends_with(name: &[u8], endings: &[&str]) -> bool {
    let Some(dot) = name.iter().rposition(|byte| *byte == b'.') else { return false };
    endings.iter().any(|ending| name[dot + 1..].eq_ignore_ascii_case(ending.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_become_bytes_and_paths_again() {
        let root = Path::new("/pictures");
        for path in ["a.png", "2024/b c/d.webp", "ü/ö.png"] {
            let bytes = below(root, &root.join(path)).unwrap();
            assert_eq!(bytes, path.as_bytes());
            assert_eq!(join(root, &bytes), root.join(path));
        }
        assert_eq!(below(root, root).unwrap(), b"");
        assert_eq!(join(root, b""), root);
        assert_eq!(below(root, Path::new("/pictures2/a.png")), None);
        assert_eq!(child(b"", b"a"), b"a");
        assert_eq!(child(b"a/b", b"c"), b"a/b/c");
        assert_eq!(name_of(b"a/b/c.png"), b"c.png");
    }

    #[test]
    fn a_folder_holds_what_is_below_it_and_no_namesake() {
        assert!(is_in(b"", b"a"));
        assert!(is_in(b"a", b"a/b") && is_in(b"a", b"a"));
        assert!(!is_in(b"a", b"ab") && !is_in(b"a/b", b"a"));
    }

    #[test]
    fn names_tell_what_is_looked_into() {
        for name in [&b"a.png"[..], b"A.PNG", b"x.tar.Jpeg", b"\xff\xfe.webp", b"a.heif", b"b.AAC"]
        {
            assert!(is_wanted(name) && !is_hidden(name) && !is_model(name), "{name:?}");
        }
        // Every model is looked into, too.
        for ending in MODELS {
            let name = format!("a.{ending}").into_bytes();
            assert!(is_wanted(&name) && is_model(&name), "{ending}");
        }
        for name in [&b"a.txt"[..], b"png", b"a.safetensors", b"a."] {
            assert!(!is_wanted(name), "{name:?}");
        }
        for name in [&b"._a.png"[..], b".git", b"@eaDir", b".safelight-x.part"] {
            assert!(is_hidden(name), "{name:?}");
        }
    }
}
