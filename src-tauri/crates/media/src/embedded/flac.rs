//! FLAC: the block of Vorbis comments (RFC 9639, 8.6). ComfyUI's `SaveAudio` writes `prompt` and
//! `workflow` there through PyAV (`comfy_api/latest/_ui.py`, commit 6665515).

use super::{EmbeddedWorkflow, source::Source, vorbis};
use crate::MediaError;

/// Blocks looked at; a file has a handful.
const MOST_BLOCKS: u32 = 10_000;

/// Reads what a FLAC file holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let mut at = 4;
    for _ in 0..MOST_BLOCKS {
        let [kind, a, b, c] = source.array(at)?;
        let size = u64::from(u32::from_be_bytes([0, a, b, c]));
        if kind & 0x7f == 4 {
            vorbis::read(&source.bytes(at + 4, size)?, found);
        }
        if kind & 0x80 != 0 {
            break;
        }
        at += 4 + size;
    }
    Ok(())
}
