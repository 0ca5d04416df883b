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
    fn files_are_meant_from_where_the_program_was_started() {
        let words = ["safelight", "--hidden", "a.json", "/b/c d.png"].map(str::to_owned);
        let found = files(&words, Path::new("/home/me"));
        assert_eq!(found, [PathBuf::from("/home/me/a.json"), PathBuf::from("/b/c d.png")]);
    }
}
