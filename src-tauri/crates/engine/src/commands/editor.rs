//! Workflows of the library in ComfyUI's own page.
//!
//! The page takes no workflow by its address: only templates can be named there. So the workflow is
//! saved at the server among those that people save, where the page lists it.

use super::{
    blocking,
    parts::Parts,
    picked::{Picked, PickedWorkflow, alone},
};
use crate::{
    Engine,
    checks::{Shelf, Shelves},
    compose::merged,
    view::{CommandError, CommandErrorCode, EditorView, EditorsView, ServerKind, WorkKind},
};
use comfy::{Client, ComfyError};
use domain::{AssetId, ServerId, WorkflowHash};
use std::sync::Arc;
use store::WorkflowRow;
use workflow::ObjectInfo;

/// The folder of saved workflows at a server, and ours in it.
const FOLDER: &str = "workflows/Safelight";
/// Letters of a title that go into the name.
const LONGEST_TITLE: usize = 60;
/// Digits of the workflow's hash that tell names with one title apart: of 10,000 workflows with one title
/// any two have the same ones in one case of 20,000.
const DIGITS: usize = 10;
/// Names of saved workflows that are told.
const MOST_NAMES: usize = 5;

/// A server with a page, and what is known there.
struct Page {
    server: ServerId,
    url: String,
    client: Client,
    shelf: Arc<Shelf>,
}

impl Engine {
    /// Saves the workflow that made an output at a server, for ComfyUI's own page. What was saved there
    /// before stays as it is: the artist may have gone on with it.
    ///
    /// # Errors
    /// When no workflow is known of the output, or the server is not there, has no page or does not
    /// take it.
    pub async fn editor_save(
        &self,
        id: AssetId,
        server: ServerId,
    ) -> Result<EditorView, CommandError> {
        let page = self.page(server).await?;
        let asset = self.core().store.asset(id).await?;
        let asset = asset.ok_or_else(|| CommandError::not_found("The picture"))?;
        let hash = asset.workflow.ok_or_else(|| CommandError::not_found("Its workflow"))?;
        self.save_at(&page, &hash, &asset.title).await
    }

    /// The same for several outputs: each workflow is saved once. Where it is broken off, the same again
    /// goes on, since what is saved is there.
    ///
    /// # Errors
    /// When there are too many, the server is not there or has no page, or nothing could be saved since
    /// the server does not take it or the database cannot be read.
    pub async fn editor_save_all(
        &self,
        keys: &[u32],
        server: ServerId,
    ) -> Result<EditorsView, CommandError> {
        let page = self.page(server).await?;
        let Picked { workflows, left_out } = self.picked(keys).await?;
        let title = format!("Saving {} workflows for ComfyUI's own page", workflows.len());
        let mut parts = Parts::begin(self.core(), WorkKind::Workflows, title, workflows.len(), 1);
        let mut all = EditorsView { url: page.url.clone(), left_out, ..EditorsView::default() };
        for PickedWorkflow { hash, title, outputs } in &workflows {
            if !parts.go_on() {
                break;
            }
            match parts.take(1, alone(self.save_at(&page, hash, title).await)) {
                Some(Ok(saved)) => {
                    let count = if saved.existed { &mut all.existed } else { &mut all.saved };
                    *count += 1;
                    if all.names.len() < MOST_NAMES {
                        all.names.push(saved.name);
                    }
                }
                Some(Err(why)) => all.left_out.add(*outputs, title, &why),
                None => {}
            }
        }
        all.cut_off = parts.end()?;
        Ok(all)
    }

    async fn page(&self, server: ServerId) -> Result<Page, CommandError> {
        let core = self.core();
        let view = core.book.view(server).ok_or_else(|| CommandError::not_found("The server"))?;
        if view.kind == ServerKind::Practice {
            return Err(CommandError::new(
                CommandErrorCode::BadInput,
                "The practice engine has no page of its own. Choose a ComfyUI server.",
            ));
        }
        let client =
            self.client(server).await.ok_or_else(|| CommandError::not_found("The server"))?;
        let shelves = Shelves::of(core);
        let shelf = Arc::new(blocking(move || shelves.read()).await?);
        Ok(Page { server, url: view.address, client, shelf })
    }

    async fn save_at(
        &self,
        page: &Page,
        hash: &WorkflowHash,
        title: &str,
    ) -> Result<EditorView, CommandError> {
        let stored = self.readable(hash).await?;
        let stored = self.drawn(stored).await?;
        // What a graph leaves to chance comes out otherwise each time: it is named by what it was found as.
        let name = name_of(title, &hash.0);
        let (server, shelf, hash) = (page.server, page.shelf.clone(), hash.clone());
        let (text, drawn) = blocking(move || {
            let info = shelf.info(server);
            graph_of(&stored, &hash, info.as_deref(), &shelf.infos().collect::<Vec<_>>())
        })
        .await?
        .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        let path = format!("{FOLDER}/{name}.json");
        let existed = match page.client.save_user_file(&path, text.into_bytes(), false).await {
            Ok(()) => false,
            Err(ComfyError::Exists { .. }) => true,
            Err(error) => return Err(refused(&error)),
        };
        Ok(EditorView { name, url: page.url.clone(), drawn, existed, trouble: None })
    }
}

/// Why a server did not take a workflow.
fn refused(error: &ComfyError) -> CommandError {
    let why = error.to_string();
    match error {
        // Smaller ones it may take.
        ComfyError::PayloadTooLarge { .. } => CommandError::new(CommandErrorCode::BadInput, why),
        _ => CommandError { retry: true, ..CommandError::new(CommandErrorCode::Server, why) },
    }
}

/// What the page opens: the graph as it was drawn, if it has these values, or leaves as much to chance as
/// the one that was found as `hash`; else one that is laid out here. And whether it was drawn.
fn graph_of(
    stored: &WorkflowRow,
    hash: &WorkflowHash,
    info: Option<&ObjectInfo>,
    infos: &[&ObjectInfo],
) -> Result<(String, bool), String> {
    let prompt =
        workflow::read_prompt(stored.prompt.as_bytes()).map_err(|error| error.to_string())?;
    let merged = merged(&prompt, infos);
    let info = info.unwrap_or(&merged);
    if let Some(graph) = &stored.ui_graph {
        let same = |info| {
            workflow::convert(graph, info)
                .is_ok_and(|made| [&stored.hash, hash].contains(&&made.prompt.hash()))
        };
        if same(info) || infos.iter().any(|info| same(info)) {
            return Ok((graph.clone(), true));
        }
    }
    // The page must send the texts as they are, not choose from them again.
    let marked = workflow::as_written(&prompt, info).map_err(|error| error.to_string())?;
    Ok((workflow::to_graph(&marked, info), false))
}

/// A name for a file: always the same for a workflow, so that it is saved once.
fn name_of(title: &str, hash: &str) -> String {
    let title: String = title.chars().take(LONGEST_TITLE).collect();
    let digits = &hash[..DIGITS.min(hash.len())];
    format!("{} {digits}", media::sanitise(&title))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_that_is_too_large_is_left_out_and_the_others_are_gone_on_with() {
        let too_large = ComfyError::PayloadTooLarge { text: "too large".to_owned() };
        let why = too_large.to_string();
        assert_eq!(alone::<()>(Err(refused(&too_large))).unwrap(), Err(why));
        let busy = ComfyError::Refused { host: "attic:8188".to_owned() };
        let error = alone::<()>(Err(refused(&busy))).unwrap_err();
        assert_eq!((error.code, error.retry), (CommandErrorCode::Server, true));
    }
}
