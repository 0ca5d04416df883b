//! Workflows that only files of the library hold: those of imported pictures.

use crate::{
    checks::Shelves,
    core::Core,
    roots::{
        Pulse, names,
        threads::{self, Hitch},
    },
    time::now_ms,
    upkeep,
};
use domain::WorkflowHash;
use std::path::PathBuf;
use store::{PlaceState, StoreError, WorkflowRow};

/// Outputs of one workflow that are looked into, the newest first: others may be away.
const MOST_OUTPUTS: u32 = 20;

impl Core {
    /// A workflow: as it is stored, or else as a file says that it made, if one is there. A disk that does
    /// not answer has none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn workflow(&self, hash: &WorkflowHash) -> Result<Option<WorkflowRow>, StoreError> {
        Ok(self.workflow_there(hash).await?.unwrap_or_default())
    }

    /// The same for one of many, or why nothing can be read of files now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn workflow_there(
        &self,
        hash: &WorkflowHash,
    ) -> Result<Result<Option<WorkflowRow>, Hitch>, StoreError> {
        if let Some(stored) = self.store.workflow(hash).await? {
            return Ok(Ok(Some(stored)));
        }
        let assets = self.store.workflow_assets(hash, MOST_OUTPUTS).await?;
        let seqs: Vec<u32> = assets.iter().map(|asset| asset.seq).collect();
        let mut places = self.store.places(&seqs).await?;
        let mut files = Vec::new();
        for asset in assets {
            let lies = places.remove(&asset.seq).unwrap_or_default();
            let here = lies.into_iter().find(|place| place.state == PlaceState::Here);
            if let Some(here) = here {
                let path = names::join(&names::path_of(&here.root_path), &here.path);
                files.push(File { path, title: asset.title, bytes: here.bytes, mtime: here.mtime });
            }
        }
        let hash = hash.clone();
        let shelves = Shelves::of(self);
        let pulse = Pulse::default();
        let looking = threads::run(&pulse, self.pace.answer, move |pulse| {
            for file in files {
                if let Some(found) = workflow_in(&file, &hash, &shelves) {
                    return Ok(Some(found));
                }
                pulse.beat()?;
            }
            Ok(None)
        });
        Ok(looking.await)
    }
}

/// A file that was made by the workflow that is looked for when it was read.
struct File {
    path: PathBuf,
    title: String,
    /// Its size and when it was written, then.
    bytes: u64,
    mtime: Option<i64>,
}

/// The workflow in a file, if it is the one that is looked for. Of a file that has only the editor's
/// graph it is what that graph is with the node classes of today, unless another was written over it.
fn workflow_in(file: &File, hash: &WorkflowHash, shelves: &Shelves) -> Option<WorkflowRow> {
    let (_, found) = media::embedded(&file.path).ok()?;
    let (prompt, ui_graph) = match (found.prompt, found.workflow) {
        (Some(prompt), graph) => {
            let prompt = workflow::read_prompt(prompt.as_bytes()).ok()?;
            (Some(prompt).filter(|prompt| prompt.hash() == *hash)?, graph)
        }
        (None, Some(graph)) => {
            let shelf = shelves.read();
            // As its recipe has it: with its texts as they are.
            let (as_written, _) = shelf.converted(&graph).ok()?;
            let is_it = as_written.prompt.hash() == *hash
                || upkeep::is_as(&file.path, file.bytes, file.mtime);
            if !is_it {
                return None;
            }
            let (converted, _) = shelf.convert(&graph).ok()?;
            (converted.prompt, Some(graph))
        }
        (None, None) => return None,
    };
    Some(WorkflowRow {
        hash: prompt.hash(),
        prompt: prompt.text().to_owned(),
        ui_graph,
        title: file.title.clone(),
        source: Some(file.path.display().to_string()),
        created_at: now_ms(),
        base: None,
    })
}
