//! Files named on the command line, of this start or of a second one.

use crate::bridge::state::App;
use domain::BatchId;
use engine::SubmitPaths;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager};
use uuid::Uuid;

/// The files among the arguments; `folder` is where the program was started.
pub fn files(arguments: &[String], folder: &Path) -> Vec<PathBuf> {
    arguments
        .iter()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .map(|argument| folder.join(argument))
        .collect()
}

/// Queues files and tells the page what came of them.
pub fn submit(app: &AppHandle, paths: Vec<PathBuf>) {
    if paths.is_empty() {
        return;
    }
    let engine = app.state::<App>().engine.clone();
    tauri::async_runtime::spawn(async move {
        let submit =
            SubmitPaths { batch_id: BatchId(Uuid::now_v7()), paths, on_hold: false, next: false };
        match engine.intake_submit(submit).await {
            Ok(report) => engine.announce_intake(report),
            Err(error) => tracing::error!(message = %error.message, "cannot queue the files"),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_opens_the_files_it_says_it_opens() {
        let config: serde_json::Value =
            serde_json::from_str(include_str!("../../../tauri.conf.json")).expect("JSON");
        let linux = &config["bundle"]["linux"];
        for package in ["deb", "rpm"] {
            assert_eq!(
                linux[package]["desktopTemplate"], "src-tauri/safelight.desktop",
                "{package}"
            );
        }
        // Without %F the desktop starts the app and keeps the files to itself.
        let desktop = include_str!("../../safelight.desktop");
        assert!(desktop.lines().any(|line| line == "Exec={{exec}} %F"), "{desktop}");
        assert!(desktop.contains("MimeType={{mime_type}}"), "{desktop}");
        let kinds = config["bundle"]["fileAssociations"].as_array().expect("a list");
        for ending in ["json", "png", "webp", "jpg", "mp4", "webm", "flac"] {
            let has = |kind: &&serde_json::Value| {
                kind["ext"].as_array().is_some_and(|all| all.iter().any(|one| one == ending))
            };
            let kind = kinds.iter().find(has);
            assert!(kind.is_some_and(|kind| kind["mimeType"].is_string()), "{ending}");
        }
        // As the desktop calls it then.
        let words = ["safelight", "/home/me/a.json", "/home/me/b c.png"].map(str::to_owned);
        assert_eq!(files(&words, Path::new("/")).len(), 2);
    }

    #[test]
    fn files_are_meant_from_where_the_program_was_started() {
        let words = ["safelight", "--hidden", "a.json", "/b/c d.png"].map(str::to_owned);
        let found = files(&words, Path::new("/home/me"));
        assert_eq!(found, [PathBuf::from("/home/me/a.json"), PathBuf::from("/b/c d.png")]);
    }
}
