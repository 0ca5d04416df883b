//! Workflows for the clipboard: one as text, several as files.
//!
//! A text could hold several, but no page would take them from it. So each is written to a file in a folder
//! of its own below the cache, whose files other programs paste. A folder stays while the clipboard may name
//! its files, on Windows and macOS also after the app has ended: until files were copied twice more, or a
//! start finds that it is older than a day.

use super::{
    blocking,
    parts::Parts,
    picked::{Picked, PickedWorkflow, alone},
};
use crate::{
    Engine,
    export::Taken,
    roots::changed_ns,
    view::{CommandError, CommandErrorCode, CopiedView, WorkKind},
};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// The folder of the copies, below the cache.
const FOLDER: &str = "copied";
/// How long a start leaves copies, in milliseconds.
const LEFT_FOR: i64 = 24 * 60 * 60 * 1_000;

/// What goes into the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// Nothing: what is in it stays.
    Nothing,
    /// The only workflow.
    Text(String),
    /// A file of each workflow.
    Files(Vec<PathBuf>),
}

impl Engine {
    /// Makes the workflows that made outputs ready for the clipboard, each once: what runs, as it is saved
    /// or copied of a single output. All or nothing: one that was stopped has no files.
    ///
    /// # Errors
    /// When there are too many outputs, the cache cannot be written, or the database cannot be read.
    pub async fn workflow_copies(
        &self,
        keys: &[u32],
    ) -> Result<(Copied, CopiedView), CommandError> {
        let core = self.core();
        let Picked { workflows, mut left_out } = self.picked(keys).await?;
        let _one = core.copies.lock().await;
        let cache = core.cache.clone();
        let made = blocking(move || {
            let folder = cache.join(FOLDER);
            fs::create_dir_all(&folder)?;
            // Such names are in the order of time.
            let name = Uuid::now_v7().simple().to_string();
            tempfile::Builder::new().prefix(&name).rand_bytes(0).tempdir_in(folder)
        });
        let folder = made.await?.map_err(|error| unwritten(&core.cache, &error))?;
        let title = format!("Copying {} workflows", workflows.len());
        let mut parts = Parts::begin(core, WorkKind::Copies, title, workflows.len(), 1);
        let (mut names, mut files, mut text) = (Taken::default(), Vec::new(), String::new());
        for workflow in &workflows {
            if !parts.go_on() {
                break;
            }
            let copied = alone(self.copy_into(folder.path(), workflow, &mut names).await);
            match parts.take(1, copied) {
                Some(Ok((path, prompt))) => {
                    files.push(path);
                    text = prompt;
                }
                Some(Err(why)) => left_out.add(workflow.outputs, &workflow.title, &why),
                None => {}
            }
        }
        let cut_off = parts.end()?;
        if cut_off.is_some() {
            files.clear();
        }
        let workflows = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let view = CopiedView { workflows, left_out, cut_off };
        let copied = match files.len() {
            0 => Copied::Nothing,
            1 => Copied::Text(text),
            _ => {
                let kept = folder.keep();
                let mut before = left_copies(&core.cache);
                before.retain(|folder| *folder < kept);
                before.sort_unstable();
                // The clipboard names the files of the last one until it takes these.
                before.pop();
                remove_copies(before).await;
                return Ok((Copied::Files(files), view));
            }
        };
        // Away from the tasks of the engine: there may be thousands of files in it.
        blocking(move || drop(folder)).await?;
        Ok((copied, view))
    }

    /// Writes a workflow to a file. Answers with the file and what is in it.
    async fn copy_into(
        &self,
        folder: &Path,
        workflow: &PickedWorkflow,
        names: &mut Taken,
    ) -> Result<(PathBuf, String), CommandError> {
        let prompt = self.readable(&workflow.hash).await?.prompt;
        let (folder, stem) = (folder.to_owned(), media::sanitise(&workflow.title));
        let mut taken = std::mem::take(names);
        let (taken, written) = blocking(move || {
            let written = write_new(&folder, &stem, &mut taken, &prompt);
            (taken, written.map(|path| (path, prompt)))
        })
        .await?;
        *names = taken;
        written
    }
}

/// Writes a text to a new file. Answers with where it is.
fn write_new(
    folder: &Path,
    stem: &str,
    names: &mut Taken,
    text: &str,
) -> Result<PathBuf, CommandError> {
    loop {
        let path = folder.join(names.next(stem, Some("json"), false));
        match File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes())) {
            Ok(()) => return Ok(path),
            // Some disks take names for the same that are not to us: each is tried once.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unwritten(&path, &error)),
        }
    }
}

fn unwritten(path: &Path, error: &io::Error) -> CommandError {
    CommandError {
        retry: true,
        ..CommandError::new(
            CommandErrorCode::Storage,
            format!("{} cannot be written: {error}. Is the disk full?", path.display()),
        )
    }
}

/// The folders of earlier copies.
fn left_copies(cache: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(cache.join(FOLDER)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// Those that were not changed for a day. `now` is in milliseconds since 1970.
pub(crate) fn old_copies(cache: &Path, now: i64) -> Vec<PathBuf> {
    let mut copies = left_copies(cache);
    copies.retain(|folder| {
        let about = fs::metadata(folder);
        about.is_ok_and(|about| now - changed_ns(&about) / 1_000_000 > LEFT_FOR)
    });
    copies
}

/// Removes folders of earlier copies. What cannot be removed now is with the next ones.
pub(crate) async fn remove_copies(folders: Vec<PathBuf>) {
    let removing = tokio::task::spawn_blocking(move || {
        for folder in folders {
            if let Err(error) = fs::remove_dir_all(&folder) {
                tracing::warn!(%error, folder = %folder.display(), "an earlier copy stays");
            }
        }
    });
    if let Err(error) = removing.await {
        tracing::error!(%error, "earlier copies stay");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("lake.json");
        fs::write(&there, "there").unwrap();
        let mut names = Taken::default();
        for (number, text) in ["one", "two"].iter().enumerate() {
            let path = write_new(folder.path(), "lake", &mut names, text).unwrap();
            assert_eq!(path, folder.path().join(format!("lake ({}).json", number + 2)));
            assert_eq!(fs::read_to_string(path).unwrap(), *text);
        }
        assert_eq!(fs::read_to_string(there).unwrap(), "there");
    }
}
