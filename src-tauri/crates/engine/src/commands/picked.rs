//! The workflows that made outputs, each once: for what is done with those of many outputs.

use crate::{
    Engine,
    roots::threads::Hitch,
    view::{CommandError, CommandErrorCode, LeftOut, WorkflowCount},
};
use domain::WorkflowHash;
use std::collections::{HashMap, HashSet};
use store::WorkflowRow;

/// The most outputs whose workflows are gone through at once.
const MOST: usize = 10_000;
/// Outputs that are looked up together.
const AT_ONCE: usize = 2_000;

/// The workflows of some outputs.
pub(super) struct Picked {
    /// Each once, in the order of the outputs.
    pub workflows: Vec<PickedWorkflow>,
    /// The outputs of which none is known.
    pub left_out: LeftOut,
}

/// A workflow of some outputs.
pub(super) struct PickedWorkflow {
    pub hash: WorkflowHash,
    /// What the first of its outputs is called.
    pub title: String,
    /// How many of the outputs it made.
    pub outputs: u32,
}

impl Engine {
    /// How many workflows made these outputs, and of how many none is known.
    ///
    /// # Errors
    /// When there are too many, or the database cannot be read.
    pub async fn workflow_count(&self, keys: &[u32]) -> Result<WorkflowCount, CommandError> {
        let Picked { workflows, left_out } = self.picked(keys).await?;
        let workflows = u32::try_from(workflows.len()).unwrap_or(u32::MAX);
        Ok(WorkflowCount { workflows, left_out })
    }

    /// The workflows that made these outputs.
    ///
    /// # Errors
    /// When there are too many, or the database cannot be read.
    pub(super) async fn picked(&self, keys: &[u32]) -> Result<Picked, CommandError> {
        if keys.len() > MOST {
            return Err(CommandError::new(
                CommandErrorCode::BadInput,
                "The workflows of at most 10,000 outputs are taken at once. Choose fewer.",
            ));
        }
        let mut seen = HashSet::new();
        let keys: Vec<u32> = keys.iter().copied().filter(|key| seen.insert(*key)).collect();
        let mut picked = Picked { workflows: Vec::new(), left_out: LeftOut::default() };
        let mut places: HashMap<WorkflowHash, usize> = HashMap::new();
        for keys in keys.chunks(AT_ONCE) {
            let assets = self.core().store.assets_by_seq(keys).await?;
            let gone = u32::try_from(keys.len() - assets.len()).unwrap_or(u32::MAX);
            for asset in assets {
                let Some(hash) = asset.workflow else {
                    let why = "no workflow is known of it, its file holds none.";
                    picked.left_out.add(1, &asset.title, why);
                    continue;
                };
                let place = *places.entry(hash).or_insert_with_key(|hash| {
                    let (hash, title) = (hash.clone(), asset.title);
                    picked.workflows.push(PickedWorkflow { hash, title, outputs: 0 });
                    picked.workflows.len() - 1
                });
                picked.workflows[place].outputs += 1;
            }
            if gone > 0 {
                picked.left_out.add(gone, "An output", "it is not in the library any more.");
            }
        }
        Ok(picked)
    }

    /// The workflow of an output: as it is stored, or as its file has it.
    ///
    /// # Errors
    /// When it is in a file alone that is not there or was changed, or as [`Engine::workflow_or`].
    pub(super) async fn readable(&self, hash: &WorkflowHash) -> Result<WorkflowRow, CommandError> {
        let why = "Its workflow is in its file alone, and that is not there now, or was changed.";
        self.workflow_or(hash, CommandError::new(CommandErrorCode::NotFound, why)).await
    }

    /// A workflow: as it is stored, or as a file has it.
    ///
    /// # Errors
    /// `none` where there is neither. When a drive does not answer, or the database cannot be read: then
    /// others need not be asked for.
    pub(super) async fn workflow_or(
        &self,
        hash: &WorkflowHash,
        none: CommandError,
    ) -> Result<WorkflowRow, CommandError> {
        let why = match self.core().workflow_there(hash).await? {
            Ok(found) => return found.ok_or(none),
            Err(Hitch::Io(error)) => format!("The file of a workflow cannot be read ({error})."),
            Err(Hitch::Hangs | Hitch::Stopped) => {
                "The drive with the file of a workflow does not answer. Is it connected?".to_owned()
            }
        };
        Err(CommandError { retry: true, ..CommandError::new(CommandErrorCode::Storage, why) })
    }
}

/// What came of one workflow of several. What is wrong with it alone is a sentence, and others are gone on
/// with; anything else would be wrong with them, too.
pub(super) fn alone<T>(came: Result<T, CommandError>) -> Result<Result<T, String>, CommandError> {
    match came {
        Err(CommandError {
            code: CommandErrorCode::NotFound | CommandErrorCode::BadInput,
            message,
            ..
        }) => Ok(Err(message)),
        other => other.map(Ok),
    }
}
