//! WebP: the chunks `EXIF` and `XMP ` of a RIFF file (RFC 9649, 2.7). See [`super::exif`] for who writes what.

use super::{EmbeddedWorkflow, exif, source::Source, text::utf8_or_latin, xmp};
use crate::MediaError;

/// Chunks looked at: an animation has one for each picture.
const MOST_CHUNKS: u32 = 100_000;

/// Reads what a WebP holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let [_, _, _, _, size @ ..] = source.array::<8>(0)?;
    let announced = u64::from(u32::from_le_bytes(size)) + 8;
    let mut at = 12;
    for _ in 0..MOST_CHUNKS {
        // Whatever follows the RIFF is none of it.
        if at + 8 > announced.min(source.length()) {
            break;
        }
        let [a, b, c, d, size @ ..] = source.array::<8>(at)?;
        let size = u64::from(u32::from_le_bytes(size));
        if at + 8 + size > source.length() {
            return Err(MediaError::Truncated("a WebP chunk ends after the file does"));
        }
        match &[a, b, c, d] {
            b"EXIF" => exif::read(&source.bytes(at + 8, size)?, found),
            b"XMP " => xmp::read(&utf8_or_latin(&source.bytes(at + 8, size)?), found),
            _ => {}
        }
        // Chunks begin at even places.
        at += 8 + size + size % 2;
    }
    Ok(())
}
