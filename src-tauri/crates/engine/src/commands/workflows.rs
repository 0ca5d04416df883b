//! Commands about the workflow library, the nodes of a workflow, and what servers can run.

use super::{intake::blocking, jobs::write_whole};
use crate::{
    Engine,
    checks::Shelves,
    convert, graph,
    intake::{self, Place, look},
    time::now_ms,
    view::{
        CheckView, CommandError, CommandErrorCode, GraphView, IntakeReport, WorkflowPage,
        WorkflowQuery, WorkflowView,
    },
};
use domain::{BatchId, JobId, WorkflowHash};
use std::path::PathBuf;
use store::{EntryRow, WorkflowRow};
use uuid::Uuid;
use workflow::{Prompt, preflight::with_value};

/// The longest name of a workflow, in characters.
const LONGEST_NAME: usize = 200;
/// The most words that are looked for.
const MOST_WORDS: usize = 20;

impl Engine {
    /// A part of the workflow library.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn workflow_list(&self, query: WorkflowQuery) -> Result<WorkflowPage, CommandError> {
        let words: Vec<String> =
            query.words.split_whitespace().take(MOST_WORDS).map(str::to_owned).collect();
        let store = &self.core().store;
        let (entries, total) = store.entries(&words, query.offset, query.limit).await?;
        Ok(WorkflowPage { workflows: entries.into_iter().map(workflow_view).collect(), total })
    }

    /// Gives a workflow a name. An empty one takes it away.
    ///
    /// # Errors
    /// When it is not there, or the name is too long.
    pub async fn workflow_rename(&self, structure: &str, name: &str) -> Result<(), CommandError> {
        let name = name.trim();
        if name.chars().count() > LONGEST_NAME {
            return Err(CommandError::new(
                CommandErrorCode::BadInput,
                format!("A name may have {LONGEST_NAME} characters at most."),
            ));
        }
        let core = self.core();
        let named = core.store.name_entry(structure, Some(name).filter(|n| !n.is_empty()));
        if !named.await? {
            return Err(CommandError::not_found("The workflow"));
        }
        // The library finds by it, too.
        core.finder.moved_all();
        Ok(())
    }

    /// Keeps a workflow at the top of the list, or lets it go.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn workflow_pin(&self, structure: &str, pinned: bool) -> Result<(), CommandError> {
        let pinned = self.core().store.pin_entry(structure, pinned).await?;
        pinned.then_some(()).ok_or_else(|| CommandError::not_found("The workflow"))
    }

    /// Takes workflows off the list. Their jobs and pictures stay.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn workflow_remove(&self, structures: &[String]) -> Result<(), CommandError> {
        Ok(self.core().store.remove_entries(structures, Some(now_ms())).await?)
    }

    /// Brings workflows back that were taken off the list.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn workflow_restore(&self, structures: &[String]) -> Result<(), CommandError> {
        Ok(self.core().store.remove_entries(structures, None).await?)
    }

    /// The nodes of a workflow.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn workflow_nodes(&self, hash: &WorkflowHash) -> Result<GraphView, CommandError> {
        let stored = self.drawn(self.stored(hash).await?).await?;
        let shelves = Shelves::of(self.core());
        blocking(move || graph::graph(&stored, &shelves.read()))
            .await?
            .map_err(|why| CommandError::new(CommandErrorCode::BadInput, why))
    }

    /// Whether the servers can run a workflow.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn workflow_check(&self, hash: &WorkflowHash) -> Result<CheckView, CommandError> {
        let stored = self.stored(hash).await?;
        let shelves = Shelves::of(self.core());
        blocking(move || {
            let prompt = workflow::read_prompt(stored.prompt.as_bytes())?;
            Ok(shelves.read().check(&prompt, stored.ui_graph.as_deref()))
        })
        .await?
        .map_err(|error: workflow::ReadError| {
            CommandError::new(CommandErrorCode::BadInput, error.to_string())
        })
    }

    /// Whether the servers can run a job.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn job_check(&self, id: JobId) -> Result<CheckView, CommandError> {
        let job = self.job(id).await?;
        self.workflow_check(&job.workflow).await
    }

    /// Gives one input of a job another value, as JSON text. A job that waits with us is changed; one
    /// that has ended stays as it is, and a new one is queued in its place. Answers with the job that
    /// has the value.
    ///
    /// # Errors
    /// When there is no such input, or the job is at a server.
    pub async fn job_set_value(
        &self,
        id: JobId,
        node: &str,
        input: &str,
        value: &str,
    ) -> Result<JobId, CommandError> {
        let job = self.job(id).await?;
        let changed = changed(&self.stored(&job.workflow).await?, node, input, value)?;
        if !job.state.is_ended() {
            self.job_edit(id, changed.text()).await?;
            return Ok(id);
        }
        let looked = look::stored(&job.title, changed.text(), None);
        let batch = BatchId(Uuid::now_v7());
        let report = intake::queue(self.core(), batch, vec![looked], Place::default()).await?;
        let queued = report.items.first().and_then(|item| item.job_id);
        queued.ok_or_else(|| {
            let why = "The workflow with this value cannot be queued.";
            CommandError::new(CommandErrorCode::BadInput, why)
        })
    }

    /// Gives one input of a workflow in the library another value, as JSON text: these are its newest
    /// values then. What ran before keeps its own. Answers with the workflow that has the value.
    ///
    /// # Errors
    /// When it is not there, has no such input, or the database cannot be written.
    pub async fn workflow_set_value(
        &self,
        hash: &WorkflowHash,
        node: &str,
        input: &str,
        value: &str,
    ) -> Result<WorkflowHash, CommandError> {
        let stored = self.stored(hash).await?;
        let changed = changed(&stored, node, input, value)?;
        let looked = look::stored_from(&stored, changed.text());
        let report = intake::keep(self.core(), &[looked]).await?;
        let kept = report.items.into_iter().find_map(|item| item.workflow);
        kept.ok_or_else(|| {
            let why = "The workflow with this value cannot be kept.";
            CommandError::new(CommandErrorCode::BadInput, why)
        })
    }

    /// Queues a stored workflow.
    ///
    /// # Errors
    /// When it is not there, or the database cannot be written.
    pub async fn workflow_run(
        &self,
        hash: &WorkflowHash,
        batch_id: BatchId,
        on_hold: bool,
    ) -> Result<IntakeReport, CommandError> {
        let stored = self.stored(hash).await?;
        let looked = look::stored(&stored.title, &stored.prompt, stored.ui_graph.clone());
        let place = Place { on_hold, ..Place::default() };
        Ok(intake::queue(self.core(), batch_id, vec![looked], place).await?)
    }

    /// A workflow with the drawing of the one whose values it changes, where it has none of its own:
    /// its nodes stand where they stood.
    pub(super) async fn drawn(&self, stored: WorkflowRow) -> Result<WorkflowRow, CommandError> {
        let (None, Some(of)) = (&stored.ui_graph, &stored.base) else { return Ok(stored) };
        let base = self.core().store.workflow(&of.base).await?;
        Ok(WorkflowRow { ui_graph: base.and_then(|base| base.ui_graph), ..stored })
    }

    /// Writes a workflow to a file: what runs, or what was drawn, with the values it was drawn with.
    ///
    /// # Errors
    /// When it is not there, was not drawn, or the file cannot be written.
    pub async fn workflow_export(
        &self,
        hash: &WorkflowHash,
        path: PathBuf,
        drawn: bool,
    ) -> Result<(), CommandError> {
        let bad = |why: String| CommandError::new(CommandErrorCode::BadInput, why);
        let stored = self.stored(hash).await?;
        let text = if drawn { self.drawn(stored).await?.ui_graph } else { Some(stored.prompt) };
        let text = text.ok_or_else(|| {
            bad("This workflow came without a drawing, so only what runs can be saved.".to_owned())
        })?;
        blocking(move || write_whole(&path, text.as_bytes())).await?.map_err(bad)
    }

    async fn stored(&self, hash: &WorkflowHash) -> Result<WorkflowRow, CommandError> {
        self.workflow_or(hash, CommandError::not_found("The workflow")).await
    }
}

/// A stored workflow's prompt with another value.
fn changed(
    stored: &WorkflowRow,
    node: &str,
    input: &str,
    value: &str,
) -> Result<Prompt, CommandError> {
    let bad = |why: String| CommandError::new(CommandErrorCode::BadInput, why);
    let prompt =
        workflow::read_prompt(stored.prompt.as_bytes()).map_err(|error| bad(error.to_string()))?;
    with_value(&prompt, node, input, value).map_err(|error| bad(error.to_string()))
}

fn workflow_view(entry: EntryRow) -> WorkflowView {
    let newest = entry.newest;
    WorkflowView {
        structure: newest.structure,
        workflow: newest.workflow,
        title: entry.name.unwrap_or(newest.title),
        pinned: entry.pinned,
        nodes: newest.node_count,
        facts: newest.facts,
        source: newest.source,
        drawn: entry.drawn,
        runs: entry.runs,
        used_at: newest.used_at,
        last: entry.last.map(convert::asset),
    }
}
