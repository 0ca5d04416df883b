//! WebP: the canvas, its flags, and every frame's time (RFC 9649, 2.5 to 2.7).

use super::{Colour, Measures};
use crate::{MediaError, Stop, embedded::source::Source};
use image::metadata::Orientation;

/// Chunks looked at: an animation has one for each frame.
const MOST_CHUNKS: u32 = 200_000;
/// An EXIF block up to this size is looked at, in bytes: a workflow may be in it.
const MOST_EXIF: u64 = 32 << 20;

pub fn read(source: &mut Source, into: &mut Measures, stop: &Stop) -> Result<(), MediaError> {
    (into.colour, into.bits, into.frames) = (Some(Colour::Rgb), Some(8), Some(1));
    let (mut size, mut frames, mut lasts) = (None, 0_u32, 0_u64);
    let mut at = 12;
    for count in 0..MOST_CHUNKS {
        if count % 256 == 0 {
            stop.check()?;
        }
        if at + 8 > source.length() {
            break;
        }
        let [a, b, c, d, length @ ..] = source.array::<8>(at)?;
        let length = u64::from(u32::from_le_bytes(length));
        let three = |bytes: [u8; 3]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
        match &[a, b, c, d] {
            b"VP8X" => {
                let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = source.array(at + 8)?;
                size = Some((three([w0, w1, w2]) + 1, three([h0, h1, h2]) + 1));
                into.alpha = Some(flags & 0x10 != 0);
            }
            b"VP8L" if size.is_none() => {
                let [b0, b1, b2, b3] = source.array(at + 9)?;
                let bits = u32::from_le_bytes([b0, b1, b2, b3]);
                size = Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1));
                into.alpha = Some(bits >> 28 & 1 == 1);
            }
            b"VP8 " if size.is_none() => {
                let [w0, w1, h0, h1] = source.array(at + 8 + 6)?;
                let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
                size = Some((side(w0, w1), side(h0, h1)));
                into.alpha = Some(false);
            }
            b"ANMF" => {
                let [d0, d1, d2] = source.array(at + 8 + 12)?;
                frames += 1;
                lasts += u64::from(three([d0, d1, d2]));
            }
            b"EXIF" if length <= MOST_EXIF => {
                let exif = source.bytes(at + 8, length)?;
                let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
                if let Some(size) = size {
                    into.turned(size, Orientation::from_exif_chunk(exif));
                }
            }
            _ => {}
        }
        if let (Some(size), None) = (size, into.width) {
            into.turned(size, None);
        }
        if at + 8 + length > source.length() {
            return Err(MediaError::Truncated("a WebP chunk ends after the file does"));
        }
        // Chunks begin at even places.
        at += 8 + length + length % 2;
    }
    if frames > 0 {
        (into.frames, into.duration_ms) = (Some(frames), Some(lasts));
    }
    if size.is_none() {
        return Err(MediaError::Damaged("a WebP holds no picture".to_owned()));
    }
    Ok(())
}
