//! A folder as artists have them comes into the library: what can be read is shown, and each other file
//! has a line in the report.

use crate::support::{Desktop, Window, files};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, bytes).expect("a file");
    // A file that was written just now may still be written: it would be read at the next look.
    let file = fs::File::options().append(true).open(path).expect("a file");
    file.set_modified(SystemTime::now() - Duration::from_secs(60)).expect("a time");
}

/// Ours, of the repository: films, formats that need a decoder of their own, what is broken, copies, a
/// link to the folder itself. Answers with how many contents can be shown.
fn ours(folder: &Path) -> usize {
    let fixture = |name: &str| fs::read(Path::new(ROOT).join(name)).expect("a fixture");
    put(folder, "films/steps.webm", &fixture("tests/fixtures/steps.webm"));
    for name in ["two.avif", "two.jxl", "two_cmyk.jpg", "two_inter.png"] {
        let bytes = fixture(&format!("src-tauri/crates/media/tests/fixtures/{name}"));
        put(folder, &format!("formats/{name}"), &bytes);
    }
    put(folder, "2025/march/bouquet.png", &files::plain_picture(1));
    put(folder, "copies/bouquet again.png", &files::plain_picture(1));
    put(folder, "notes.txt", b"to do");
    put(folder, "empty.png", b"");
    put(folder, "words.png", b"these are words");
    std::os::unix::fs::symlink(folder, folder.join("2025/round")).expect("a link");
    std::os::unix::fs::symlink("nowhere.png", folder.join("gone.png")).expect("a link");
    6
}

/// Real files of ComfyUI, where they are at hand.
fn real(folder: &Path) -> usize {
    let samples = PathBuf::from(ROOT).join("../shared/samples");
    let Ok(entries) = fs::read_dir(&samples) else {
        println!("the real samples are not at hand: only our own files are imported");
        return 0;
    };
    let mut count = 0;
    for entry in entries.flatten() {
        let name = entry.file_name().into_string().expect("a name");
        put(folder, &format!("comfyui/{name}"), &fs::read(entry.path()).expect("a sample"));
        // A latent cannot be shown; it is passed over.
        count += usize::from(!name.ends_with(".latent"));
    }
    println!("{count} real samples are imported");
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mixed_folder_comes_in_with_a_report() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("years of work");
    let count = ours(&folder) + real(&folder);
    let window = Window::open(&desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.invoke("root_add", json!({ "path": folder, "watched": true })).await;
    window.js("location.hash = '#/settings'").await;
    let report = window
        .until_js(
            "the folder is gone through",
            "const row = [...document.querySelectorAll('[data-testid=library-folder]')].find((row) =>
                 row.innerText.includes('years of work') && row.dataset.state === 'idle');
             const report = row?.querySelector('[data-testid=folder-report]');
             if (!report) return null;
             report.open = true;
             report.scrollIntoView();
             return [report.querySelector('summary').innerText,
                 ...[...report.querySelectorAll('li')].map((line) => line.innerText)]",
        )
        .await;
    window.picture("import report").await;
    let lines: Vec<String> = serde_json::from_value(report).expect("lines");
    let said = |words: &str| lines[0].contains(words);
    assert!(said(&format!("{count} new")), "{count} of {lines:#?}");
    assert!(said("1 the library had already"), "{lines:#?}");
    assert!(said("passed over"), "{lines:#?}");
    for (name, why) in
        [("empty.png", "empty"), ("words.png", "text"), ("gone.png", "leads to nothing")]
    {
        let line = lines.iter().find(|line| line.starts_with(name));
        assert!(line.is_some_and(|line| line.contains(why)), "{name}: {lines:#?}");
    }

    // What came in is in the gallery, each once, with a picture of it where there can be one.
    window.click("nav-gallery").await;
    window
        .until_js(
            "all are drawn",
            &format!(
                "const cells = [...document.querySelectorAll('[data-testid=gallery-cell]')];
                 return cells.length === {count} && cells.every((cell) => {{
                     const picture = cell.querySelector('img');
                     return picture === null || (picture.complete && picture.naturalWidth > 0);
                 }})"
            ),
        )
        .await;
    window.picture("import gallery").await;

    // Something new that is put there is seen without being asked for.
    put(&folder, "2026/new.png", &files::plain_picture(2));
    window
        .until_js(
            "the new one is there too",
            &format!(
                "return document.querySelectorAll('[data-testid=gallery-cell]').length === {}",
                count + 1
            ),
        )
        .await;
    window.kill();
}
