//! ComfyUI graphs: reading a prompt or what was drawn, making the one from the other, planning a run, and the facts of what it makes.
//!
//! Pure: no I/O, no clock, no randomness. The rules go by structure and by the names of inputs, not
//! by a list of known node classes; only [`starters`], which writes workflows, knows some.

mod chance;
mod convert;
mod depth;
pub mod dynamic;
mod facts;
mod knobs;
mod name_parts;
mod needs;
mod object_info;
mod parameters;
mod patch;
mod places;
mod plan;
pub mod preflight;
mod prompt;
mod read;
mod shape;
mod skip;
pub mod starters;
pub mod sweep;
mod title;

pub use convert::{
    ConvertError, Converted, Filled, Moment, Note, NoteKind, Resolved, as_written, convert,
    resolve, to_graph,
};
pub use facts::facts;
pub use knobs::{
    Branch, FileKind, Group, Kind, Knob, Knobs, Lacking, Link, Misfit, NodeName, Role, Section,
    When, check, knobs,
};
pub use needs::{Needs, is_model, needs};
pub use object_info::ObjectInfo;
pub use parameters::{Parameters, parameters};
pub use patch::{Change, EditError, Patcher, apply, difference};
pub use places::{Place, drawn, lay_out, run_order};
pub use plan::{Plan, PlanNode, plan};
pub use prompt::{Input, Node, Prompt};
pub use read::{MAX_WORKFLOW_BYTES, Read, ReadError, read, read_prompt};
pub use shape::{pixels, shape, structure};
pub use skip::without;
pub use title::title_for;
