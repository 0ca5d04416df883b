//! Workflows for the clipboard: one as text, several as files.
//!
//! A text could hold several, but no page would take them from it. So each is written to a file in a folder
//! of its own below the cache, whose files other programs paste. The next copy removes that folder, and so
//! does the next start.

use super::{
    blocking,
    parts::Parts,
    picked::{Picked, PickedWorkflow, alone},
};
use crate::{
    Engine,
    export::Taken,
    view::{CommandError, CommandErrorCode, CopiedView, WorkKind},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder of the copies, below the cache.
const FOLDER: &str = "copied";

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
            tempfile::tempdir_in(folder)
        });
        let folder = made.await?.map_err(|error| unwritten(&core.cache, &error))?;
        let title = format!("Copying {} workflows", workflows.len());
        let mut parts = Parts::begin(core, WorkKind::Workflows, title, workflows.len(), 1);
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
                before.retain(|folder| *folder != kept);
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
        let name = names.next(&media::sanitise(&workflow.title), Some("json"), false);
        let path = folder.join(name);
        let (to, text) = (path.clone(), prompt);
        blocking(move || match fs::write(&to, &text) {
            Ok(()) => Ok((to, text)),
            Err(error) => Err(unwritten(&to, &error)),
        })
        .await?
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError {
        retry: true,
        ..CommandError::new(
            CommandErrorCode::Storage,
            format!("{} cannot be written: {error}. Is the disk full?", path.display()),
        )
    }
}

/// The folders of earlier copies.
pub(crate) fn left_copies(cache: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(cache.join(FOLDER)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// Removes the folders of earlier copies. What cannot be removed now is with the next ones.
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
