//! JPEG: EXIF and XMP in `APP1` segments, and comments (`COM`), all before the picture's data (ITU-T T.81,
//! annex B; EXIF 3.0, 4.7; XMP specification part 3, 1.1.3). See [`super::exif`] for who writes what; a segment holds 64 kB, so
//! savers leave out larger workflows.

use super::{EmbeddedWorkflow, exif, source::Source, text::utf8_or_latin, xmp};
use crate::MediaError;

/// Segments looked at before the picture's data; cameras write a few dozen.
const MOST_SEGMENTS: u32 = 10_000;

/// What stands before an XMP packet.
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Reads what a JPEG holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let mut at = 2;
    for _ in 0..MOST_SEGMENTS {
        let [mark, kind, high, low] = source.array(at)?;
        if mark != 0xff {
            return Err(MediaError::Damaged("a JPEG segment does not begin as one".to_owned()));
        }
        match kind {
            // A marker may be filled up with any number of these.
            0xff => {
                at += 1;
                continue;
            }
            // The picture's data or the end.
            0xda | 0xd9 => break,
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => {
                at += 2;
                continue;
            }
            _ => {}
        }
        let size = u64::from(u16::from_be_bytes([high, low]));
        let content = size.checked_sub(2).ok_or_else(|| {
            MediaError::Damaged("a JPEG segment is shorter than its head".to_owned())
        })?;
        if kind == 0xe1 || kind == 0xfe {
            let data = source.bytes(at + 4, content)?;
            if kind == 0xfe {
                found.unnamed(&utf8_or_latin(&data));
            } else if data.starts_with(b"Exif\0") {
                exif::read(&data, found);
            } else if let Some(packet) = data.strip_prefix(XMP) {
                xmp::read(&utf8_or_latin(packet), found);
            }
        }
        at += 2 + size;
    }
    Ok(())
}
