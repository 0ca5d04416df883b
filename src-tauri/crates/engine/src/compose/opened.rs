//! A draft with its workflow and what is known of it.

use super::{Base, knobs::merged, versions::presets_named};
use crate::{
    checks::{Shelf, Shelves},
    commands::blocking,
    core::Core,
    view::{ChosenView, CommandError, CommandErrorCode, ComposeState, Many, PresetView},
};
use domain::{DraftId, ServerId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{DraftRow, WorkflowRow};
use workflow::{Knobs, ObjectInfo, Prompt};

/// Earlier runs that costs are taken from.
const RUNS: u32 = 6;

/// What a draft began with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The starter it was made from.
    pub starter: Option<String>,
    /// What the starter chose.
    pub chosen: Vec<ChosenView>,
    /// Sentences worth knowing.
    pub notes: Vec<String>,
}

/// A draft, opened.
pub struct Opened {
    /// The draft, without its state: what is set up comes from the page.
    pub draft: DraftRow,
    /// Its workflow.
    pub workflow: WorkflowRow,
    /// What all runs of the workflow share.
    pub structure: String,
    /// The prompt without skipped nodes.
    pub prompt: Prompt,
    /// Its knobs.
    pub knobs: Knobs,
    /// Named values, those alone that axes are made of.
    pub presets: Vec<PresetView>,
    /// The classes of its nodes, as all servers together have them.
    pub info: ObjectInfo,
    /// What the servers have.
    pub shelf: Shelf,
    /// What nodes took in earlier runs, in seconds.
    pub seconds: HashMap<String, f64>,
}

impl Opened {
    /// Reads a draft, with what `state` skips left out.
    ///
    /// # Errors
    /// When it is not there, or its workflow cannot be read.
    pub async fn read(
        core: &Core,
        id: DraftId,
        state: &ComposeState,
    ) -> Result<Self, CommandError> {
        let draft = core.store.draft_head(id).await?;
        let draft = draft.ok_or_else(|| CommandError::not_found("The draft"))?;
        let workflow = core.store.workflow(&draft.workflow).await?;
        let workflow = workflow.ok_or_else(|| CommandError::not_found("The workflow"))?;
        let shelves = Shelves::of(core);
        let (text, skipped) = (workflow.prompt.clone(), state.skipped.clone());
        let read = blocking(move || {
            let whole =
                workflow::read_prompt(text.as_bytes()).map_err(|error| error.to_string())?;
            let shelf = shelves.read();
            let info = merged(&whole, &shelf.infos().collect::<Vec<_>>());
            let structure = workflow::structure(&whole);
            let prompt = if skipped.is_empty() {
                whole
            } else {
                workflow::without(&whole, &skipped, &info).map_err(|error| {
                    format!("Without these nodes nothing is left to run. {error}")
                })?
            };
            let knobs = workflow::knobs(&prompt, &info);
            Ok::<_, String>((prompt, structure, knobs, info, shelf))
        });
        let (prompt, structure, knobs, info, shelf) =
            read.await?.map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))?;
        // Of the whole workflow: what is skipped now was not when they were kept.
        let presets = presets_named(core, &workflow, &structure, &step_presets(state)).await?;
        let seconds = seconds(core, &workflow::shape(&prompt), state.server, &shelf).await?;
        Ok(Self { draft, workflow, structure, prompt, knobs, presets, info, shelf, seconds })
    }

    /// What may be set in it.
    pub fn base(&self) -> Base<'_> {
        Base {
            prompt: &self.prompt,
            knobs: &self.knobs,
            presets: &self.presets,
            seconds: &self.seconds,
        }
    }
}

/// The presets that are steps of an axis.
fn step_presets(state: &ComposeState) -> Vec<String> {
    let Many::Sweep { axes } = &state.many else { return Vec::new() };
    axes.iter().flat_map(|axis| axis.values.preset_names()).cloned().collect()
}

/// The knobs of a prompt, as all servers together have its classes.
pub fn merged_knobs(prompt: &Prompt, shelf: &Shelf) -> Knobs {
    workflow::knobs(prompt, &merged(prompt, &shelf.infos().collect::<Vec<_>>()))
}

/// What nodes took on the first server that ran this shape, in seconds.
async fn seconds(
    core: &Core,
    shape: &str,
    server: Option<ServerId>,
    shelf: &Shelf,
) -> Result<HashMap<String, f64>, CommandError> {
    for id in shelf.servers().map(|(id, ..)| id).filter(|id| server.is_none_or(|s| s == *id)) {
        let mut runs: HashMap<String, Vec<f64>> = HashMap::new();
        for run in core.store.runs_of_shape(id, shape, RUNS).await? {
            runs.entry(run.node_id).or_default().push(run.ms);
        }
        if !runs.is_empty() {
            let median = |times| domain::estimate::median(times).map(|known| known.ms / 1_000.0);
            return Ok(runs
                .into_iter()
                .filter_map(|(node, times)| Some((node, median(times)?)))
                .collect());
        }
    }
    Ok(HashMap::new())
}
