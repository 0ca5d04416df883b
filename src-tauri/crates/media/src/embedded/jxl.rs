//! JPEG XL: the boxes `Exif` and `xml ` of a file that has boxes, either also packed by Brotli in
//! `brob` (ISO 18181-2, 9.3 to 9.5). ComfyUI_ExtendedImageFormats (commit aee4ac0) writes EXIF there
//! through Pillow; see [`super::exif`] for what is in it. A bare stream of pixels has no words.

use super::{
    EmbeddedWorkflow,
    boxes::{MOST_BOXES, Walk},
    exif,
    source::{Source, too_much_text},
    text::utf8_or_latin,
    xmp,
};
use crate::MediaError;
use brotli_decompressor::Decompressor;
use std::io::Read;

/// What the unpacking reads at once, in bytes.
const BUFFER: usize = 4_096;

/// Reads what a JPEG XL holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    if source.array(0)? == [0xff, 0x0a] {
        return Ok(());
    }
    let left = &mut { MOST_BOXES };
    let mut walk = Walk::new(0, source.length());
    while let Some(one) = walk.next(source, left)? {
        let mut from = one.from;
        let kind = match &one.kind {
            b"brob" if one.to - one.from > 4 => {
                from += 4;
                source.array(one.from)?
            }
            kind => *kind,
        };
        if kind != *b"Exif" && kind != *b"xml " {
            continue;
        }
        let mut data = source.bytes(from, one.to - from)?;
        if from != one.from {
            data = unpacked(source, &data)?;
        }
        match &kind {
            b"Exif" => exif::read(&data, found),
            _ => xmp::read(&utf8_or_latin(&data), found),
        }
    }
    Ok(())
}

/// Unpacks a text, at most as much as there is room for.
fn unpacked(source: &mut Source, packed: &[u8]) -> Result<Vec<u8>, MediaError> {
    let mut out = Vec::new();
    let room = source.room();
    Decompressor::new(packed, BUFFER).take(room + 1).read_to_end(&mut out).map_err(|error| {
        MediaError::Damaged(format!("a packed text cannot be unpacked, {error}"))
    })?;
    if out.len() as u64 > room {
        return Err(too_much_text());
    }
    source.take_room(out.len() as u64)?;
    Ok(out)
}
