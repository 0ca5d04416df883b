//! AVIF and HEIC: the items `Exif` and XMP (see [`super::items`]). The page reads the same of AVIF
//! (`metadata/avif.ts`); save-image-extended (commit 29971dc) writes them through Pillow. See
//! [`super::exif`] for what is in them.

use super::{EmbeddedWorkflow, exif, items::Items, source::Source, text::utf8_or_latin, xmp};
use crate::MediaError;

/// Reads what an AVIF or a HEIC holds of a workflow: of its first EXIF, and of its first XMP.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let Some(items) = Items::read(source)? else { return Ok(()) };
    if let Some(item) = items.all.iter().find(|item| item.kind == *b"Exif") {
        exif::read(&item.bytes(source)?, found);
    }
    if let Some(item) = items.all.iter().find(|item| item.is_xmp) {
        xmp::read(&utf8_or_latin(&item.bytes(source)?), found);
    }
    Ok(())
}
