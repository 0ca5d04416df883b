//! GIF: comments before the first picture (GIF89a, 24). No saver of ComfyUI is known to write a
//! workflow into a GIF (VideoHelperSuite, commit 4ee72c0, writes it into a PNG beside it), but
//! programs that turn its files into GIFs keep their comments there.

use super::{EmbeddedWorkflow, source::Source, text::utf8_or_latin};
use crate::MediaError;

/// Blocks and parts of blocks looked at; each part has up to 255 bytes.
const MOST_PARTS: u32 = 300_000;

/// Reads what a GIF holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let [flags] = source.array(10)?;
    let mut at = 13 + colors(flags);
    let mut parts = 0..MOST_PARTS;
    while parts.next().is_some() {
        // An extension; else a picture or the end.
        let [mark] = source.array(at)?;
        if mark != 0x21 {
            break;
        }
        let [kind] = source.array(at + 1)?;
        at += 2;
        let mut comment = Vec::new();
        while parts.next().is_some() {
            let [size] = source.array(at)?;
            at += 1;
            if size == 0 {
                break;
            }
            if kind == 0xfe {
                comment.extend(source.bytes(at, u64::from(size))?);
            }
            at += u64::from(size);
        }
        found.unnamed(&utf8_or_latin(&comment));
    }
    Ok(())
}

/// The bytes of a table of colours.
fn colors(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
