//! The workflow library, what servers offer, and the nodes of a workflow.

use super::{AssetView, CutOff};
use domain::{PictureFacts, ServerId, WorkflowHash};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A workflow in the library. Runs with the same nodes and links are of one workflow, whatever their
/// values.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct WorkflowView {
    /// Its structure, which all its runs share: nodes and links, without values.
    pub structure: String,
    /// The values of its newest run, or those it was saved with.
    pub workflow: WorkflowHash,
    /// The artist's name for it, else its title.
    pub title: String,
    /// Whether it stays at the top.
    pub pinned: bool,
    /// How many nodes it has.
    pub nodes: u32,
    /// What its newest values say: prompt, model, seed, size …
    pub facts: PictureFacts,
    /// The file it came from, if it came from one.
    pub source: Option<String>,
    /// Whether it was drawn in ComfyUI's editor, so that its nodes have places.
    pub drawn: bool,
    /// How often it was run to a good end.
    pub runs: u32,
    /// When it was last queued, or saved.
    #[ts(type = "number")]
    pub used_at: i64,
    /// Its newest result.
    pub last: Option<AssetView>,
}

/// What the list of workflows asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct WorkflowQuery {
    /// Words in the title, the prompt, the model or the file; all must match.
    pub words: String,
    /// How many to pass over.
    pub offset: u32,
    /// How many to give, at most 200.
    pub limit: u32,
}

/// A part of the list of workflows: pinned ones first, then the newest used.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct WorkflowPage {
    /// The workflows.
    pub workflows: Vec<WorkflowView>,
    /// How many match in all.
    pub total: u32,
}

/// A workflow that a server offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct OfferView {
    /// Where it is: what to ask the server for.
    pub key: String,
    /// Its name.
    pub title: String,
    /// What it does, in the words of who made it; may be empty.
    pub description: String,
    /// The group it is in: a folder, a pack of nodes, or a category of templates.
    pub group: String,
    /// When it was changed.
    #[ts(type = "number | null")]
    pub modified_at: Option<i64>,
    /// Whether it is a template that came with the server, and not one that people saved there.
    pub template: bool,
}

/// The workflows that a server offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct OffersView {
    /// The server.
    pub server_id: ServerId,
    /// What people saved there, newest first; then its templates in its own order. At most 5,000.
    pub offers: Vec<OfferView>,
    /// What could not be listed, in a sentence.
    pub trouble: Option<String>,
}

/// One value of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ValueView {
    /// The input.
    pub name: String,
    /// Its value as JSON text; a long one is cut off at 4,000 characters and then is no JSON.
    pub json: String,
}

/// A line between two nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LinkView {
    /// The input it ends at.
    pub input: String,
    /// The node it comes from.
    pub from: String,
    /// Which output of that node.
    pub slot: u32,
    /// That output's name, if a server knows it.
    pub output: Option<String>,
}

/// One node of a workflow, to look at.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct GraphNodeView {
    /// Its id in the prompt.
    pub id: String,
    /// The artist's title, else the class's name for people.
    pub title: String,
    /// Its class.
    pub class: String,
    /// Whether any server knows its class.
    pub known: bool,
    /// Whether it is an output.
    pub output: bool,
    /// Where it stands: its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
    /// Its values.
    pub values: Vec<ValueView>,
    /// What it takes from other nodes.
    pub links: Vec<LinkView>,
}

/// The nodes of a workflow: what runs.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct GraphView {
    /// Its title.
    pub title: String,
    /// Its nodes, in the order in which they may run. At most 5,000.
    pub nodes: Vec<GraphNodeView>,
    /// How many are not listed.
    pub left_out: u32,
    /// Whether the places are the artist's; else they are laid out from left to right.
    pub drawn: bool,
}

/// A workflow that was saved at a server, for ComfyUI's own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct EditorView {
    /// What it is called there, in the folder `Safelight` of the saved workflows.
    pub name: String,
    /// The address of the page.
    pub url: String,
    /// Whether it is as the artist drew it; else its nodes are laid out from left to right.
    pub drawn: bool,
    /// Whether it was there already: then it is as it was left there.
    pub existed: bool,
    /// Why the page could not be opened in a browser, as a sentence; what was saved is saved.
    pub trouble: Option<String>,
}

/// Several workflows that were saved at a server, for ComfyUI's own page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct EditorsView {
    /// The address of the page.
    pub url: String,
    /// Workflows that were saved now.
    pub saved: u32,
    /// Workflows that were there already: they are as they were left there.
    pub existed: u32,
    /// What the first few of both are called there, in the folder `Safelight` of the saved workflows.
    pub names: Vec<String>,
    /// Outputs whose workflows could not be saved.
    pub left_out: LeftOut,
    /// Where it was broken off: how many workflows were not come to.
    pub cut_off: Option<CutOff>,
    /// Why the page could not be opened in a browser, as a sentence; what was saved is saved.
    pub trouble: Option<String>,
}

/// The workflows of several outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WorkflowCount {
    /// How many there are.
    pub workflows: u32,
    /// Outputs of which no workflow is known.
    pub left_out: LeftOut,
}

/// Workflows that were put into the clipboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CopiedView {
    /// How many: one as text, several as files; none if it was broken off.
    pub workflows: u32,
    /// Outputs whose workflows could not be copied.
    pub left_out: LeftOut,
    /// Where it was broken off, and the clipboard is as it was: how many workflows were not come to.
    pub cut_off: Option<CutOff>,
}

/// Outputs with which something could not be done, while it was with others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LeftOut {
    /// How many.
    pub outputs: u32,
    /// Why of the first, as a sentence.
    pub why: Option<String>,
}

impl LeftOut {
    /// So many more, called so, and why.
    pub(crate) fn add(&mut self, outputs: u32, title: &str, why: &str) {
        self.outputs = self.outputs.saturating_add(outputs);
        self.why.get_or_insert_with(|| format!("{title}: {why}"));
    }
}
