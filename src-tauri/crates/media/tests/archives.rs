//! Archives: a name for each file, and what cannot be read is left out.
#![allow(clippy::unwrap_used)]

use media::{
    Stop,
    export::{ZipEntry, zip},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn an_archive_holds_every_file_under_a_name_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = |text: &str| written(folder.path(), text, text.as_bytes());
    let entry = |name: &str, text: &str| ZipEntry { name: name.into(), path: path(text) };
    let entries = [
        entry("夜/a.png", "one"),
        entry("夜/A.png", "two"),
        entry("夜/a.png", "three"),
        entry("../../etc/passwd", "four"),
        entry("a", "five"),
        entry("a", "six"),
        entry("夜/a (2).png", "seven"),
    ];
    let to = folder.path().join("all.zip");
    let mut heard = Vec::new();
    let made = zip(&entries, &to, &Stop::never(), &mut |done| heard.push(done)).unwrap();
    assert_eq!((made.bytes, heard), (fs::metadata(&to).unwrap().len(), (1..=7).collect()));
    assert!(made.left_out.is_empty());
    let mut archive = ::zip::ZipArchive::new(fs::File::open(&to).unwrap()).unwrap();
    let found: Vec<(String, String)> = (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).unwrap();
            (file.name().unwrap().to_string(), text)
        })
        .collect();
    let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["one", "two", "three", "four", "five", "six", "seven"]);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "夜/a.png",
            "夜/A (2).png",
            "夜/a (3).png",
            "etc/passwd",
            "a",
            "a (2)",
            "夜/a (2) (2).png"
        ]
    );
}

#[cfg(unix)]
#[test]
fn an_archive_is_whole_without_what_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |text: &str| written(folder.path(), text, text.as_bytes());
    let entry = |name: &str, path: PathBuf| ZipEntry { name: name.into(), path };
    let (one, two) = (path("one"), path("two"));
    // A folder is opened and has a length, and reading it fails: what is begun is taken back.
    let broken = folder.path().join("folder");
    fs::create_dir(&broken).unwrap();
    let gone = folder.path().join("gone");
    let entries = [
        entry("a", one),
        entry("b", broken.clone()),
        entry("c", gone),
        entry("d", two),
        entry("e", broken),
    ];
    let to = folder.path().join("all.zip");
    let made = zip(&entries, &to, &Stop::never(), &mut |_| ()).unwrap();
    let left_out: Vec<usize> = made.left_out.iter().map(|(at, _)| *at).collect();
    assert_eq!(left_out, [1, 2, 4]);
    assert_eq!(made.bytes, fs::metadata(&to).unwrap().len());
    let mut archive = ::zip::ZipArchive::new(fs::File::open(&to).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, ["a", "d"]);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("d").unwrap(), &mut text).unwrap();
    assert_eq!(text, "two");
}
