//! PNG and APNG: `IHDR`, what stands before the pixels, and the frames' heads (PNG, third edition).

use super::{Colour, Measures};
use crate::{MediaError, Stop, embedded::source::Source};
use image::metadata::Orientation;

/// Chunks looked at; an animation has one or more for each frame.
const MOST_CHUNKS: u32 = 200_000;
/// An EXIF block larger than this holds more than how the picture is turned, in bytes.
const MOST_EXIF: u64 = 1 << 20;

pub fn read(source: &mut Source, into: &mut Measures, stop: &Stop) -> Result<(), MediaError> {
    let head: [u8; 18] = source.array(8)?;
    let [_, _, _, _, kind @ .., w0, w1, w2, w3, h0, h1, h2, h3, bits, colour] = head;
    if kind != *b"IHDR" {
        return Err(MediaError::Damaged("a PNG does not begin with its head".to_owned()));
    }
    let size = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
    into.turned(size, None);
    into.bits = Some(bits);
    (into.colour, into.alpha) = match colour {
        0 => (Some(Colour::Grey), Some(false)),
        2 => (Some(Colour::Rgb), Some(false)),
        3 => (Some(Colour::Palette), Some(false)),
        4 => (Some(Colour::Grey), Some(true)),
        6 => (Some(Colour::Rgb), Some(true)),
        _ => (None, None),
    };
    into.frames = Some(1);
    let mut frames = None;
    let mut lasts = 0_u64;
    let mut at = 8;
    for count in 0..MOST_CHUNKS {
        if count % 256 == 0 {
            stop.check()?;
        }
        let [a, b, c, d, kind @ ..] = source.array::<8>(at)?;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        match &kind {
            b"tRNS" => into.alpha = Some(true),
            b"eXIf" if length <= MOST_EXIF => {
                let exif = source.bytes(at + 8, length)?;
                into.turned(size, Orientation::from_exif_chunk(&exif));
            }
            b"acTL" => frames = Some(u32::from_be_bytes(source.array(at + 8)?)),
            // Delay as a fraction; a denominator of 0 means hundredths.
            b"fcTL" => {
                let [n0, n1, d0, d1] = source.array(at + 8 + 20)?;
                let over = u64::from(u16::from_be_bytes([d0, d1]));
                let over = if over == 0 { 100 } else { over };
                lasts += u64::from(u16::from_be_bytes([n0, n1])) * 1_000 / over;
            }
            // Without an animation nothing of interest follows the first pixels.
            b"IDAT" if frames.is_none() => break,
            b"IEND" => break,
            _ => {}
        }
        at += 12 + length;
    }
    if let Some(frames) = frames {
        (into.frames, into.duration_ms) = (Some(frames), Some(lasts));
    }
    Ok(())
}
