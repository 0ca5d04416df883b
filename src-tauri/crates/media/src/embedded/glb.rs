//! GLB: `asset.extras` in the JSON chunk (glTF 2.0, 3.2 and 4.4). ComfyUI's `SaveGLB` writes `prompt`
//! and `workflow` there as strings (`comfy_extras/nodes_save_3d.py`, commit 6665515).

use super::{EmbeddedWorkflow, json, source::Source, text::utf8_or_latin};
use crate::MediaError;

/// Reads what a GLB holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let [a, b, c, d, kind @ ..] = source.array::<8>(12)?;
    if kind == *b"JSON" {
        let bytes = source.bytes(20, u64::from(u32::from_le_bytes([a, b, c, d])))?;
        let text = utf8_or_latin(&bytes);
        let extras = json::entry(&text, "asset").and_then(|asset| json::entry(asset, "extras"));
        found.entries(extras.unwrap_or_default());
    }
    Ok(())
}
