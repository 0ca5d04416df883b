//! Composing: what the artist set up, what would be queued from that, and where it begins.

use super::{AssetView, AxisLabels, CheckView, KnobKey, KnobValue, KnobView, PresetView};
use domain::{AssetId, BatchId, DraftId, JobId, ServerId, WorkflowHash};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a seed changes from job to job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SeedRule {
    /// The same in every job.
    #[default]
    Fixed,
    /// Drawn anew for every job, when it is queued.
    Random,
    /// One more with every job.
    Increment,
    /// One less with every job.
    Decrement,
}

/// The rule of one seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SeedSetting {
    /// The node's id in the prompt.
    pub node: String,
    /// The input's name.
    pub input: String,
    /// How it changes.
    pub rule: SeedRule,
}

/// What `{a|b}` and `__wildcards__` in texts do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Wording {
    /// They are drawn by chance for every job: the same chance gives the same texts again.
    #[default]
    Sample,
    /// Every one of their combinations is a job of its own.
    All,
    /// They are sent as they are.
    AsWritten,
}

/// Values of one axis of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum AxisValues {
    /// Values as JSON texts: one list a step, with one value for each knob of the axis.
    List {
        /// The steps.
        steps: Vec<Vec<String>>,
    },
    /// Numbers as a text: `0.25..1 step 0.25`, `1, 2, 5..8`. All knobs of the axis get the same.
    Range {
        /// The text.
        text: String,
    },
    /// Replaces words in a text. The first step is the text as it is.
    Replace {
        /// What is looked for.
        find: String,
        /// What it becomes, one a step.
        with: Vec<String>,
    },
    /// Whole presets, by name.
    Presets {
        /// Their names.
        names: Vec<String>,
    },
    /// Every text that the `{a|b}` and `__wildcards__` of a text stand for. Of several texts, every
    /// combination.
    Wordings,
}

impl AxisValues {
    /// The presets among them.
    pub(crate) fn preset_names(&self) -> &[String] {
        match self {
            Self::Presets { names } => names,
            _ => &[],
        }
    }
}

/// One axis of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Axis {
    /// The knobs it turns together; empty for presets.
    pub knobs: Vec<KnobKey>,
    /// What it turns them to.
    pub values: AxisValues,
}

/// How many jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Many {
    /// One.
    #[default]
    Single,
    /// Several of the same: `count` for each prompt and each picture.
    Batch {
        /// How many of each.
        count: u32,
        /// Prompts, one a line, in place of a text's value.
        lines: Option<BatchLines>,
        /// Pictures, one a job (of `KnobValue`'s form: the values of one file knob).
        pictures: Vec<KnobValue>,
    },
    /// Every combination of the values of one to three axes.
    Sweep {
        /// The axes: X, Y, Z.
        axes: Vec<Axis>,
    },
}

/// A list of prompts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BatchLines {
    /// The node's id in the prompt.
    pub node: String,
    /// The input's name.
    pub input: String,
    /// The prompts, one a line; empty lines are left out.
    pub text: String,
}

/// Where in the queue the new jobs go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum When {
    /// Behind everything.
    #[default]
    Last,
    /// In front of everything that waits.
    Next,
    /// Held back until the artist lets them go.
    Hold,
}

/// What the artist has set up. Kept as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct ComposeState {
    /// Values that are not the workflow's own.
    pub values: Vec<KnobValue>,
    /// The rules of seeds; those not named are fixed.
    pub seeds: Vec<SeedSetting>,
    /// Whether all seeds with the same rule get the same number.
    pub seeds_together: bool,
    /// Nodes that are skipped: what they would change passes through.
    pub skipped: Vec<String>,
    /// How many jobs.
    pub many: Many,
    /// What `{a|b}` and `__wildcards__` do.
    pub wording: Wording,
    /// What chance begins with; the same number gives the same texts and random seeds. JSON text of a
    /// whole number. Empty: a new one with every queueing.
    pub chance: String,
    /// The server it must run on; nothing for any that can.
    pub server: Option<ServerId>,
    /// Where in the queue.
    pub when: When,
    /// Whether jobs with exactly these values that were made before are left out.
    pub reuse: bool,
    /// What was typed into fields and is no value yet, so that it is there when one comes back. It is
    /// sent nowhere.
    pub typed: Vec<TypedText>,
}

/// A text in a field that is no value of its knob (yet): half a number, broken JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TypedText {
    /// The node's id in the prompt.
    pub node: String,
    /// The input's name.
    pub input: String,
    /// The text.
    pub text: String,
}

/// Where a draft begins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "from", rename_all = "snake_case")]
#[ts(export)]
pub enum ComposeSource {
    /// A stored workflow, also one of an import report.
    Workflow {
        /// Its hash.
        workflow: WorkflowHash,
    },
    /// A job's workflow with its values.
    Job {
        /// The job.
        id: JobId,
    },
    /// How a picture was made.
    Asset {
        /// The picture.
        id: AssetId,
    },
    /// A draft from before.
    Draft {
        /// The draft.
        id: DraftId,
    },
    /// A starter, made for a server.
    Starter {
        /// Its id.
        id: String,
        /// The server; the first that is connected if none.
        server: Option<ServerId>,
        /// The checkpoint or model; the starter's choice if none.
        model: Option<String>,
        /// How many LoRAs, where the starter has them.
        loras: u32,
    },
}

/// What a starter chose, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChosenView {
    /// What: "Checkpoint", "Size", "Sampler" …
    pub what: String,
    /// The choice.
    pub value: String,
    /// The reason, in a sentence.
    pub why: String,
}

/// A workflow with its knobs, as a draft.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ComposeView {
    /// The draft.
    pub draft: DraftId,
    /// The workflow it begins with.
    pub workflow: WorkflowHash,
    /// What all its runs share; presets and the artist's choice of knobs belong to it.
    pub structure: String,
    /// Its name.
    pub title: String,
    /// The file it came from, if it came from one.
    pub source: Option<String>,
    /// How many nodes it has.
    pub nodes: u32,
    /// When it was last run to a good end, and its newest result.
    #[ts(type = "number | null")]
    pub last_run: Option<i64>,
    /// Its newest result.
    pub last: Option<AssetView>,
    /// Its knobs in order: the sections in the order of [`KnobSection`], in each the first matter most.
    pub knobs: Vec<KnobView>,
    /// Its presets.
    pub presets: Vec<PresetView>,
    /// The starter it was made from, if it was.
    pub starter: Option<String>,
    /// What the starter chose.
    pub chosen: Vec<ChosenView>,
    /// Sentences worth knowing: what a starter lacks, values that could not be brought over.
    pub notes: Vec<String>,
    /// What the artist has set up so far.
    pub state: ComposeState,
}

/// Something wrong at one knob, or with how many jobs there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ComposeProblem {
    /// Where: a knob. Nothing: at the axis, or at the whole.
    pub knob: Option<KnobKey>,
    /// Which axis, from 0.
    pub axis: Option<u32>,
    /// A sentence: what it is, and what to do.
    pub text: String,
    /// Whether nothing can be queued before it is mended.
    pub blocks: bool,
}

/// One job that would be queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PlannedCell {
    /// Where it is: the place on each axis, from 0. Of a batch: its number alone.
    pub at: Vec<u32>,
    /// A picture made before with exactly these values.
    pub made: Option<AssetId>,
    /// Whether a job with exactly these values was made before, or waits.
    pub known: bool,
}

/// One job that would be queued, with what tells it from the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CellView {
    /// Where it is, as in [`PlannedCell`].
    pub at: Vec<u32>,
    /// A picture made before with exactly these values.
    pub made: Option<AssetId>,
    /// Whether a job with exactly these values was made before, or waits.
    pub known: bool,
    /// Its values that are not the same in all jobs.
    pub values: Vec<KnobValue>,
}

/// A part of the jobs that would be queued, in run order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CellsView {
    /// How many there are in all.
    pub total: u32,
    /// Those that were asked for.
    pub cells: Vec<CellView>,
    /// Inputs whose values are drawn when it is queued, so that nobody knows them yet.
    pub open: Vec<KnobKey>,
}

/// What would be queued, before it is paid for.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PlanView {
    /// How many combinations there are.
    pub cells: u32,
    /// How many of them were made before with exactly these values.
    pub made: u32,
    /// How many jobs would be queued.
    pub jobs: u32,
    /// The first 400, in run order, so that the page can show them.
    pub shown: Vec<PlannedCell>,
    /// Each axis, X first. Empty where there is no sweep.
    pub axes: Vec<AxisLabels>,
    /// The places of the axes, the one that changes fastest first. Empty where there is no sweep.
    pub order: Vec<u32>,
    /// The text of the first job, where chance or a list decided it.
    pub example: Option<String>,
    /// How long the jobs would take, in milliseconds, from earlier runs.
    #[ts(type = "number | null")]
    pub takes_ms: Option<i64>,
    /// How many earlier runs that rests on.
    pub from_runs: u32,
    /// Whether the artist is asked first, because there are more than 500.
    pub asks: bool,
    /// What is wrong.
    pub problems: Vec<ComposeProblem>,
    /// Whether the servers can run it.
    pub check: Option<CheckView>,
}

/// What was queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct QueuedView {
    /// The batch.
    pub batch_id: BatchId,
    /// How many jobs were queued.
    pub jobs: u32,
    /// How many combinations were made before and are used again.
    pub reused: u32,
}

/// A file that goes in, kept by content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PictureIn {
    /// Its value in a prompt, as JSON text: `"safelight/<hash>.png"`.
    pub json: String,
    /// Where the media protocol has it: `input/<name>`.
    pub media: String,
    /// Width in pixels, if it is a picture that can be read.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
}

/// Files that were kept as inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PicturesIn {
    /// What was kept, in the order of names.
    pub taken: Vec<PictureIn>,
    /// Sentences about what was not.
    pub left_out: Vec<String>,
}

/// How a picture is made to fit a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Fit {
    /// Scaled until it covers the size, the rest cut off on both sides.
    Crop,
    /// Scaled until it is inside the size, the rest left empty.
    Pad,
    /// Scaled to the size, whatever its shape.
    Stretch,
}

/// A draft in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DraftView {
    /// The draft.
    pub id: DraftId,
    /// The workflow's name.
    pub title: String,
    /// The beginning of its prompt.
    pub prompt: Option<String>,
    /// When it was last changed.
    #[ts(type = "number")]
    pub changed_at: i64,
}

/// A wildcard file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WildcardView {
    /// Its name in a text, without the underscores: `folder/colour`.
    pub name: String,
    /// How many lines can be chosen.
    pub lines: u32,
    /// The first lines, cut short.
    pub first: Vec<String>,
    /// Why it cannot be used, or what in it cannot.
    pub fault: Option<String>,
}

/// The artist's wildcards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WildcardsView {
    /// The folder they are in.
    pub folder: String,
    /// The files, by name.
    pub files: Vec<WildcardView>,
    /// How many more there are.
    pub more: u32,
}

/// A workflow written by us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct StarterView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it does, in a sentence.
    pub about: String,
    /// Why this server cannot run it. Nothing: it can.
    pub lacks: Option<String>,
}

/// What a new job can begin with. The library and servers' templates are asked for by their own
/// commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct StartView {
    /// The server the starters are for; nothing when none ever said what it has.
    pub server: Option<ServerId>,
    /// Drafts, newest first.
    pub drafts: Vec<DraftView>,
    /// Starters, in our order.
    pub starters: Vec<StarterView>,
    /// Checkpoints and models that the server has for pictures, the default first.
    pub models: Vec<String>,
}

/// The form a prompt is saved in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExportForm {
    /// What runs: the API format.
    Prompt,
    /// What ComfyUI's editor opens.
    Editor,
}
