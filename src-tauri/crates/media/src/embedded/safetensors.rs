//! Safetensors: `__metadata__` in the JSON head. ComfyUI's `SaveLatent` (`nodes.py`, commit 6665515)
//! and its nodes that save models (`nodes_model_merging.py`) write `prompt` and `workflow` there.

use super::{EmbeddedWorkflow, json, source::Source, text::utf8_or_latin};
use crate::MediaError;

/// Reads what a file of tensors holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let size = u64::from_le_bytes(source.array(0)?);
    let head = source.bytes(8, size)?;
    let text = utf8_or_latin(&head);
    found.entries(json::entry(&text, "__metadata__").unwrap_or_default());
    Ok(())
}
