//! AVIF: the item `Exif` (see [`super::items`]). The page reads the same (`metadata/avif.ts`);
//! save-image-extended (commit 29971dc) writes them through Pillow. See [`super::exif`] for what is in
//! it.

use super::{EmbeddedWorkflow, exif, items::Items, source::Source};
use crate::MediaError;

/// Reads what an AVIF holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let Some(items) = Items::read(source)? else { return Ok(()) };
    let Some(item) = items.all.into_iter().find(|item| item.kind == *b"Exif") else {
        return Ok(());
    };
    let mut exif = Vec::new();
    for (from, to) in item.parts {
        exif.extend(source.bytes(from, to - from)?);
    }
    exif::read(&exif, found);
    Ok(())
}
