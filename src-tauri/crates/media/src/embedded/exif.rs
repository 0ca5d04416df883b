//! EXIF: a TIFF structure (EXIF 3.0, 4.6), as it is found in WebP, JPEG, AVIF and PNG.
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

use super::{
    EmbeddedWorkflow,
    slice::Slice,
    text::{utf8_or_latin, utf16},
};

/// Where the EXIF directory stands.
const EXIF_DIRECTORY: u64 = 0x8769;
const USER_COMMENT: u64 = 0x9286;

/// Takes what the texts of an EXIF block say. A damaged block says what it can.
pub fn read(data: &[u8], found: &mut EmbeddedWorkflow) {
    // Some writers put `Exif\0\0` before, and AVIF an offset.
    let begin = data.windows(4).take(32).position(|four| four == b"MM\0*" || four == b"II*\0");
    let Some(data) = begin.and_then(|at| data.get(at..)) else { return };
    let mut tiff = Tiff { data, big: data.starts_with(b"MM"), room: data.len() };
    let Some(first) = tiff.number(4, 4) else { return };
    if let Some(exif) = tiff.directory(first, found) {
        tiff.directory(exif, found);
    }
}

struct Tiff<'a> {
    data: &'a [u8],
    /// Whether the highest byte of a number stands first.
    big: bool,
    /// Values do not overlap, so all together are no longer than the block. This keeps a directory
    /// whose entries all point at the same megabytes from taking minutes.
    room: usize,
}

impl<'a> Tiff<'a> {
    fn at(&self, at: u64) -> Option<Slice<'a>> {
        Some(Slice(self.data.get(usize::try_from(at).ok()?..)?))
    }

    fn number(&self, at: u64, bytes: u64) -> Option<u64> {
        let mut slice = self.at(at)?;
        if self.big { slice.be(bytes) } else { slice.le(bytes) }
    }

    /// Reads the texts of one directory; answers with where the EXIF directory is.
    fn directory(&mut self, at: u64, found: &mut EmbeddedWorkflow) -> Option<u64> {
        let mut exif = None;
        for entry in 0..self.number(at, 2)? {
            let entry = at + 2 + entry * 12;
            let Some(value) = self.number(entry + 8, 4) else { break };
            let (Some(tag), Some(kind), Some(count)) =
                (self.number(entry, 2), self.number(entry + 2, 2), self.number(entry + 4, 4))
            else {
                break;
            };
            if tag == EXIF_DIRECTORY {
                exif = Some(value);
            }
            // Bytes, ASCII, undefined (what `UserComment` is) and, since EXIF 3.0, UTF-8. Up to four
            // bytes would stand in the entry itself, and hold no workflow.
            if matches!(kind, 1 | 2 | 7 | 129)
                && count > 4
                && let Some(bytes) = self.at(value).and_then(|mut slice| slice.take(count))
            {
                let Some(room) = self.room.checked_sub(bytes.len()) else { break };
                self.room = room;
                if tag == USER_COMMENT {
                    self.user_comment(bytes, found);
                } else {
                    found.unnamed(&utf8_or_latin(bytes));
                }
            }
        }
        exif
    }

    /// `UserComment` names its encoding in its first eight bytes (EXIF 3.0, 4.6.6).
    fn user_comment(&self, bytes: &[u8], found: &mut EmbeddedWorkflow) {
        let Some((code, text)) = bytes.split_first_chunk::<8>() else { return };
        match code {
            b"UNICODE\0" => found.unnamed(&utf16(text, self.big)),
            b"ASCII\0\0\0" | b"JIS\0\0\0\0\0" | [0, 0, 0, 0, 0, 0, 0, 0] => {
                found.unnamed(&utf8_or_latin(text));
            }
            // Some writers leave the code away.
            _ => found.unnamed(&utf8_or_latin(bytes)),
        }
    }
}
