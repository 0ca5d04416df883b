//! What things are in Safelight, and what may follow what.
//!
//! No I/O, no clock, no randomness and no async runtime: ids and times come from the caller.

pub mod estimate;
pub mod facts;
pub mod id;
pub mod job;
pub mod node_class;
pub mod progress;
pub mod trouble;

pub use facts::{LoraUse, PictureFacts};
pub use id::{AssetId, BatchId, DraftId, JobId, ServerId, WorkflowHash};
pub use job::{Evidence, JobState, Moved, Outcome, ServerEnd, step};
pub use node_class::{InputKind, NodeClass, NodeInput, NodeOutput};
pub use trouble::{Trouble, TroubleCode};
