//! EXIF: a TIFF structure (EXIF 3.0, 4.6), as it is found in WebP, JPEG, AVIF, HEIC, JPEG XL and PNG.
//!
//! - ComfyUI's animated WebP (`comfy_api/latest/_ui.py`, commit 6665515) has `prompt:{…}` in tag
//!   0x0110 and one `name:{…}` a tag from 0x010f downwards, `workflow:{…}` first.
//! - WAS node suite (commit ea935d1) and save-image-extended (29971dc) write `Prompt:{…}` into 0x010f
//!   and `Workflow:{…}` into 0x010e; SaveImgAdv (e1239b0) the same without the names.
//! - ComfyUI-Image-Saver (92305d2), SaveImageWithMetaData (c9a8745) and prompt-reader-node (a88722c)
//!   write A1111's settings into `UserComment` as `UNICODE`, in UTF-16 with the highest byte first
//!   whatever the structure's own order is (piexif does so).
//! - ComfyUI_ExtendedImageFormats (aee4ac0) writes an object with `prompt` and `workflow` in it into
//!   `UserComment`, without an encoding, and in the main directory.
//!
//! So every text of the main directory and of the EXIF directory is looked at, whatever its tag.

use super::{EmbeddedWorkflow, source::Source, tiff};
use std::io::Cursor;

/// Takes what the texts of an EXIF block say. A damaged block says what it can.
pub fn read(data: &[u8], found: &mut EmbeddedWorkflow) {
    // Some writers put `Exif\0\0` before, and AVIF an offset.
    let begin = data.windows(4).take(32).position(|four| four == b"MM\0*" || four == b"II*\0");
    let Some(block) = begin.and_then(|at| data.get(at..)) else { return };
    if let Ok(mut source) = Source::new(&mut Cursor::new(block)) {
        // Whatever holds it is no worse for a block that is cut off.
        let _ = tiff::read(&mut source, found);
    }
}
