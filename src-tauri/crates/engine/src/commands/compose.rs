//! Commands about turning a workflow's knobs and queueing what comes of it.

use super::{blocking, jobs::write_whole, sheets::DEFAULTS};
use crate::{
    Engine,
    compose::{self, About, Opened, WildcardFolder, json, knob_value, knob_views},
    convert,
    time::now_ms,
    view::{
        CellsView, CommandError, CommandErrorCode, ComposeSource, ComposeState, ComposeView,
        KnobChoice, KnobValue, PlanView, PresetView, QueuedView, WildcardsView,
    },
};
use domain::{BatchId, DraftId, WorkflowHash};
use std::path::PathBuf;
use store::{DraftRow, WorkflowRow};
use uuid::Uuid;
use workflow::Change;

/// The largest state of a draft, as JSON.
const LARGEST_STATE: usize = 16 << 20;

/// What a draft begins with.
pub(crate) struct Beginning {
    /// The workflow.
    pub workflow: WorkflowRow,
    /// A readable name.
    pub title: String,
    /// Values that are not the workflow's own.
    pub values: Vec<KnobValue>,
    /// What is known of where it came from.
    pub about: About,
}

impl Engine {
    /// Opens the knobs of a workflow as a draft of its own; a draft as it was left.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub async fn compose_open(&self, source: ComposeSource) -> Result<ComposeView, CommandError> {
        let core = self.core();
        let beginning = match source {
            ComposeSource::Draft { id } => return self.compose_view(id).await,
            ComposeSource::Workflow { workflow } => {
                let beginning = self.beginning(&workflow, None).await?;
                self.with_defaults(beginning).await?
            }
            ComposeSource::Job { id } => {
                let job = core.store.job_alone(id).await?;
                let job = job.ok_or_else(|| CommandError::not_found("The job"))?;
                self.beginning(&job.workflow, Some(job.title)).await?
            }
            ComposeSource::Asset { id } => {
                let asset = core.store.asset(id).await?;
                let asset = asset.ok_or_else(|| CommandError::not_found("The picture"))?;
                let workflow =
                    asset.workflow.ok_or_else(|| CommandError::not_found("The workflow"))?;
                self.beginning(&workflow, Some(asset.title)).await?
            }
            ComposeSource::Starter { id, server, model, loras } => {
                self.starter(&id, server, model, loras).await?
            }
        };
        let state = ComposeState { values: beginning.values, ..ComposeState::default() };
        let draft = DraftRow {
            id: DraftId(Uuid::now_v7()),
            workflow: beginning.workflow.hash.clone(),
            title: beginning.title,
            source: beginning.workflow.source.clone(),
            about: json(&beginning.about),
            state: json(&state),
            changed_at: now_ms(),
        };
        core.store.add_draft(&draft, &beginning.workflow).await?;
        self.compose_view(draft.id).await
    }

    /// A stored workflow. One that is a patch of another begins with that one, and its values.
    async fn beginning(
        &self,
        hash: &WorkflowHash,
        title: Option<String>,
    ) -> Result<Beginning, CommandError> {
        let store = &self.core().store;
        let row = self.core().workflow(hash).await?;
        let row = row.ok_or_else(|| CommandError::not_found("The workflow"))?;
        let title = title.unwrap_or_else(|| row.title.clone());
        let Some(of) = row.base else {
            let about = About::default();
            return Ok(Beginning { workflow: row, title, values: Vec::new(), about });
        };
        let base = store.workflow(&of.base).await?;
        let base = base.ok_or_else(|| CommandError::not_found("The workflow"))?;
        let changes: Vec<Change> =
            serde_json::from_str(&of.patch).map_err(|error| CommandError {
                details: Some(error.to_string()),
                ..CommandError::new(
                    CommandErrorCode::Storage,
                    "The values of this workflow cannot be read.",
                )
            })?;
        Ok(Beginning {
            workflow: base,
            title,
            values: changes.into_iter().map(knob_value).collect(),
            about: About::default(),
        })
    }

    /// With the artist's defaults for such workflows in front of its own values.
    async fn with_defaults(&self, mut beginning: Beginning) -> Result<Beginning, CommandError> {
        let Ok(prompt) = workflow::read_prompt(beginning.workflow.prompt.as_bytes()) else {
            return Ok(beginning);
        };
        let structure = workflow::structure(&prompt);
        let core = self.core();
        let (presets, _) = compose::presets(core, &prompt, &structure).await?;
        let Some(found) = presets.into_iter().find(|preset| preset.name == DEFAULTS) else {
            return Ok(beginning);
        };
        let mut defaults = found.values;
        if let Some(of) = found.of {
            let others = compose::versions(core, &prompt, &structure).await?;
            let Some(version) = others.iter().find(|other| other.structure == of) else {
                return Ok(beginning);
            };
            let (fitting, left) = compose::fitting(defaults, &prompt, version);
            defaults = fitting;
            beginning.about.notes.push(match left {
                0 => "Your defaults are of another version of this workflow.".to_owned(),
                1 => "Your defaults are of another version of this workflow; 1 value has no place in this one.".to_owned(),
                left => format!(
                    "Your defaults are of another version of this workflow; {left} values have no place in this one."
                ),
            });
        }
        let is_default = |value: &KnobValue| {
            defaults.iter().any(|set| set.node == value.node && set.input == value.input)
        };
        beginning.values.retain(|value| !is_default(value));
        beginning.values.extend(defaults);
        beginning.about.notes.push(format!(
            "Begins with your defaults for this workflow, the preset “{DEFAULTS}”. Remove the preset to begin with the workflow's own values."
        ));
        Ok(beginning)
    }

    async fn compose_view(&self, id: DraftId) -> Result<ComposeView, CommandError> {
        let core = self.core();
        // Knobs of skipped nodes are shown too, so that they can be taken in again.
        let opened = Opened::read(core, id, &ComposeState::default()).await?;
        let about: About = serde_json::from_str(&opened.draft.about).unwrap_or_default();
        let mut notes = about.notes;
        let state = self.kept_state(id, &mut notes).await?;
        core.store
            .put_outline(&opened.structure, &compose::outline(&opened.prompt), now_ms())
            .await?;
        let presets = self.kept_presets(&opened, &mut notes).await?;
        let choice = self.kept_choice(&opened, &mut notes).await?;
        let last = core.store.newest_of_structure(&opened.structure).await?;
        let entry = core.store.newest_result(&opened.structure).await?;
        let knobs = knob_views(&opened.knobs, &choice);
        Ok(ComposeView {
            draft: id,
            workflow: opened.workflow.hash.clone(),
            structure: opened.structure,
            title: opened.draft.title,
            source: opened.draft.source,
            nodes: u32::try_from(opened.prompt.nodes().len()).unwrap_or(u32::MAX),
            last_run: last.map(|(_, at)| at),
            last: entry.map(convert::asset),
            knobs,
            presets,
            starter: about.starter,
            chosen: about.chosen,
            notes,
            state,
        })
    }

    /// What is set up in a draft. What cannot be read is kept aside before anything takes its place.
    async fn kept_state(
        &self,
        id: DraftId,
        notes: &mut Vec<String>,
    ) -> Result<ComposeState, CommandError> {
        let core = self.core();
        let draft = core.store.draft(id).await?;
        let text = draft.ok_or_else(|| CommandError::not_found("The draft"))?.state;
        match serde_json::from_str(&text) {
            Ok(state) => Ok(state),
            Err(error) => {
                let path = self.keep_aside("draft", &text).await?;
                notes.push(format!(
                    "What was set up in this draft cannot be read ({error}). It is kept in {}, and the draft begins anew.",
                    path.display()
                ));
                Ok(ComposeState::default())
            }
        }
    }

    /// The presets of a workflow, also of other versions of it. One that cannot be read is left out, and
    /// told.
    async fn kept_presets(
        &self,
        opened: &Opened,
        notes: &mut Vec<String>,
    ) -> Result<Vec<PresetView>, CommandError> {
        let found = compose::presets(self.core(), &opened.prompt, &opened.structure).await?;
        let (presets, unreadable) = found;
        notes.extend(unreadable.into_iter().map(|(name, error)| {
            format!(
                "The preset “{name}” cannot be read ({error}). It is kept until one of its name is saved."
            )
        }));
        Ok(presets)
    }

    /// The artist's choice of knobs: that for this workflow, else the one for the version that is most
    /// like it. What cannot be read is kept aside.
    async fn kept_choice(
        &self,
        opened: &Opened,
        notes: &mut Vec<String>,
    ) -> Result<Vec<KnobChoice>, CommandError> {
        let core = self.core();
        let Some(text) = core.store.arrangement(&opened.structure).await? else {
            for version in compose::versions(core, &opened.prompt, &opened.structure).await? {
                let text = core.store.arrangement(&version.structure).await?;
                let choice =
                    text.and_then(|text| serde_json::from_str::<Vec<KnobChoice>>(&text).ok());
                if let Some(mut choice) = choice {
                    // The same number may be another node there.
                    choice.retain(|knob| version.has(&opened.prompt, &knob.node));
                    return Ok(choice);
                }
            }
            return Ok(Vec::new());
        };
        match serde_json::from_str(&text) {
            Ok(choice) => Ok(choice),
            Err(error) => {
                let path = self.keep_aside("knobs", &text).await?;
                notes.push(format!(
                    "The names and the order of these knobs cannot be read ({error}). They are kept in {}.",
                    path.display()
                ));
                Ok(Vec::new())
            }
        }
    }

    /// Writes a text that cannot be read into a file of its own, under a name that says what is in it.
    async fn keep_aside(&self, what: &str, text: &str) -> Result<PathBuf, CommandError> {
        let folder = self.core().data.join("unreadable");
        let digest = blake3::hash(text.as_bytes()).to_hex();
        let path = folder.join(format!("{what}-{}.json", &digest[..16]));
        let (to, text) = (path.clone(), text.to_owned());
        blocking(move || {
            if to.is_file() {
                return Ok(());
            }
            std::fs::create_dir_all(&folder)
                .map_err(|error| format!("{} cannot be made: {error}.", folder.display()))?;
            write_whole(&to, text.as_bytes())
        })
        .await?
        .map_err(|why| CommandError::new(CommandErrorCode::Storage, why))?;
        Ok(path)
    }

    /// Keeps a draft as it is typed.
    ///
    /// # Errors
    /// When it is not there, or the database cannot be written.
    pub async fn compose_save(&self, id: DraftId, state: ComposeState) -> Result<(), CommandError> {
        let state = bounded(&state)?;
        let kept = self.core().store.set_draft(id, &state, now_ms()).await?;
        kept.then_some(()).ok_or_else(|| CommandError::not_found("The draft"))
    }

    /// What would be queued, what is wrong, and which servers can run it.
    ///
    /// # Errors
    /// When the draft is not there, or its workflow cannot be read.
    pub async fn compose_plan(
        &self,
        id: DraftId,
        state: ComposeState,
    ) -> Result<PlanView, CommandError> {
        bounded(&state)?;
        let core = self.core();
        let opened = Opened::read(core, id, &state).await?;
        compose::plan(core, opened, state, self.wildcards()).await
    }

    /// Some of the jobs that would be queued, in run order, with what tells them from each other.
    ///
    /// # Errors
    /// When the draft is not there, or its workflow cannot be read.
    pub async fn compose_cells(
        &self,
        id: DraftId,
        state: ComposeState,
        first: u32,
        limit: u32,
    ) -> Result<CellsView, CommandError> {
        bounded(&state)?;
        let core = self.core();
        let opened = Opened::read(core, id, &state).await?;
        compose::cells(core, opened, state, first, limit, self.wildcards()).await
    }

    /// Queues what is set up; `test`: the middle job alone. The same batch id twice queues nothing
    /// twice.
    ///
    /// # Errors
    /// When something is wrong with what is set up, or the database cannot be written; then nothing
    /// is queued.
    pub async fn compose_queue(
        &self,
        id: DraftId,
        batch_id: BatchId,
        state: ComposeState,
        test: bool,
    ) -> Result<QueuedView, CommandError> {
        bounded(&state)?;
        let core = self.core();
        let opened = Opened::read(core, id, &state).await?;
        compose::queue(core, opened, batch_id, state, test, self.wildcards()).await
    }

    /// The artist's wildcard files, with what is wrong with them.
    ///
    /// # Errors
    /// When reading stopped, which is a fault of ours.
    pub async fn wildcards_get(&self) -> Result<WildcardsView, CommandError> {
        let folder = self.wildcards();
        blocking(move || folder.list()).await
    }

    /// The folder of wildcard files, made if it is not there yet.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn wildcards_folder(&self) -> Result<PathBuf, CommandError> {
        let folder = self.wildcards().path().to_owned();
        let made = folder.clone();
        blocking(move || std::fs::create_dir_all(&made)).await?.map_err(|error| {
            let text = format!("{} cannot be made: {error}.", folder.display());
            CommandError::new(CommandErrorCode::Storage, text)
        })?;
        Ok(folder)
    }

    pub(crate) fn wildcards(&self) -> WildcardFolder {
        WildcardFolder::of(&self.core().data)
    }

    /// The prompt of the first job of what is set up, with what the servers say of its classes.
    pub(crate) async fn first_prompt(
        &self,
        id: DraftId,
        state: ComposeState,
    ) -> Result<(workflow::Prompt, Opened), CommandError> {
        let opened = Opened::read(self.core(), id, &state).await?;
        let wildcards = self.wildcards();
        let chance = compose::chance(&state).unwrap_or(0);
        blocking(move || {
            let setup = compose::Setup::read(&opened.base(), &state, &wildcards, chance);
            if let Some(problem) = setup.problems.blocking() {
                return Err(problem.text.clone());
            }
            let changes = setup.cells().next().map(|cell| cell.changes).unwrap_or_default();
            let prompt = workflow::apply(&opened.prompt, &changes);
            Ok((prompt.map_err(|error| error.to_string())?, opened))
        })
        .await?
        .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))
    }
}

/// What is set up, as JSON, unless it is too much.
fn bounded(state: &ComposeState) -> Result<String, CommandError> {
    let state = json(state);
    if state.len() > LARGEST_STATE {
        return Err(CommandError::new(
            CommandErrorCode::BadInput,
            "What is set up has more than 16 MB. Make lists and texts shorter.",
        ));
    }
    Ok(state)
}
