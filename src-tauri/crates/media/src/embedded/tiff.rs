//! TIFF (TIFF 6.0, section 2): a file of its own, and what EXIF is (see [`super::exif`] for who writes
//! what). Directories are read where they stand, and of their entries only those that are texts.

use super::{
    EmbeddedWorkflow,
    source::Source,
    text::{utf8_or_latin, utf16},
    xmp,
};
use crate::MediaError;

/// Where the EXIF directory stands.
const EXIF_DIRECTORY: u64 = 0x8769;
const USER_COMMENT: u64 = 0x9286;
/// XMP in a TIFF (XMP specification part 3, 1.1.3).
const XMP: u64 = 700;
/// IPTC, Photoshop's own, a colour profile, and layers: bytes that are no text.
const NO_TEXTS: [u64; 4] = [33_723, 34_377, 34_675, 37_724];

/// Takes what the texts of a TIFF say: of its first directory, and of the EXIF directory.
///
/// # Errors
/// When it is cut off in a directory; what stands before counts.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let head: [u8; 4] = source.array(0)?;
    let room = source.length().min(source.room());
    let mut tiff = Tiff { source, big: head.starts_with(b"MM"), room };
    let first = tiff.number(4, 4)?;
    let mut exif = None;
    let read = tiff.directory(first, &mut exif, found);
    match exif {
        Some(exif) => read.and(tiff.directory(exif, &mut None, found)),
        None => read,
    }
}

struct Tiff<'a, 'b> {
    source: &'a mut Source<'b>,
    /// Whether the highest byte of a number stands first.
    big: bool,
    /// Values do not overlap, so all together are no longer than the block. This keeps a directory
    /// whose entries all point at the same megabytes from taking minutes.
    room: u64,
}

impl Tiff<'_, '_> {
    fn number(&mut self, at: u64, bytes: usize) -> Result<u64, MediaError> {
        if bytes == 2 {
            let two = self.source.array(at)?;
            return Ok(
                if self.big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) }.into()
            );
        }
        let four = self.source.array(at)?;
        Ok(if self.big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }.into())
    }

    /// Reads the texts of one directory, and where the EXIF directory is.
    fn directory(
        &mut self,
        at: u64,
        exif: &mut Option<u64>,
        found: &mut EmbeddedWorkflow,
    ) -> Result<(), MediaError> {
        for entry in 0..self.number(at, 2)? {
            let entry = at + 2 + entry * 12;
            let (tag, kind) = (self.number(entry, 2)?, self.number(entry + 2, 2)?);
            let (count, value) = (self.number(entry + 4, 4)?, self.number(entry + 8, 4)?);
            if tag == EXIF_DIRECTORY {
                *exif = Some(value);
            }
            // Bytes, ASCII, undefined (what `UserComment` is) and, since EXIF 3.0, UTF-8. Up to four
            // bytes would stand in the entry itself, and hold no workflow.
            if !matches!(kind, 1 | 2 | 7 | 129) || count <= 4 || NO_TEXTS.contains(&tag) {
                continue;
            }
            // One that is not in the file, or larger than all texts may be, is passed over.
            let Some(room) = self.room.checked_sub(count) else { continue };
            if value + count > self.source.length() {
                continue;
            }
            self.room = room;
            let bytes = self.source.bytes(value, count)?;
            match tag {
                USER_COMMENT => self.user_comment(&bytes, found),
                XMP => xmp::read(&utf8_or_latin(&bytes), found),
                _ => found.unnamed(&utf8_or_latin(&bytes)),
            }
        }
        Ok(())
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
