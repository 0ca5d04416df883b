//! Workflows of the library in ComfyUI's own page.
//!
//! The page takes no workflow by its address: only templates can be named there. So the workflow is
//! saved at the server among those that people save, where the page lists it.

use super::blocking;
use crate::{
    Engine,
    checks::Shelves,
    compose::merged,
    view::{CommandError, CommandErrorCode, EditorView, ServerKind},
};
use comfy::ComfyError;
use domain::{AssetId, ServerId};
use store::WorkflowRow;
use workflow::ObjectInfo;

/// The folder of saved workflows at a server, and ours in it.
const FOLDER: &str = "workflows/Safelight";
/// Letters of a title that go into the name.
const LONGEST_TITLE: usize = 60;
/// Digits of the workflow's hash that tell names with one title apart.
const DIGITS: usize = 6;

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
        let asset = core.store.asset(id).await?;
        let asset = asset.ok_or_else(|| CommandError::not_found("The picture"))?;
        let stored = match &asset.workflow {
            Some(hash) => core.workflow(hash).await?,
            None => None,
        };
        let stored = stored.ok_or_else(|| CommandError::not_found("Its workflow"))?;
        let stored = self.drawn(stored).await?;
        let name = name_of(&asset.title, &stored.hash.0);
        let shelves = Shelves::of(core);
        let (text, drawn) = blocking(move || {
            let shelf = shelves.read();
            let info = shelf.info(server);
            graph_of(&stored, info.as_deref(), &shelf.infos().collect::<Vec<_>>())
        })
        .await?
        .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        let path = format!("{FOLDER}/{name}.json");
        let existed = match client.save_user_file(&path, text.into_bytes(), false).await {
            Ok(()) => false,
            Err(ComfyError::Exists { .. }) => true,
            Err(error) => {
                return Err(CommandError {
                    retry: true,
                    ..CommandError::new(CommandErrorCode::Server, error.to_string())
                });
            }
        };
        Ok(EditorView { name, url: view.address, drawn, existed })
    }
}

/// What the page opens: the graph as it was drawn, if it has these values; else one that is laid out
/// here. And whether it was drawn.
fn graph_of(
    stored: &WorkflowRow,
    info: Option<&ObjectInfo>,
    infos: &[&ObjectInfo],
) -> Result<(String, bool), String> {
    let prompt =
        workflow::read_prompt(stored.prompt.as_bytes()).map_err(|error| error.to_string())?;
    let merged = merged(&prompt, infos);
    let info = info.unwrap_or(&merged);
    if let Some(graph) = &stored.ui_graph {
        let same = |info| {
            workflow::convert(graph, info).is_ok_and(|made| made.prompt.hash() == stored.hash)
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
