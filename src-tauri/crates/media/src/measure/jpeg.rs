//! JPEG: the frame header (ITU-T T.81, B.2.2), and how EXIF says that it is turned.

use super::{Colour, Measures};
use crate::{MediaError, embedded::source::Source};
use image::metadata::Orientation;

/// Segments looked at before the picture's data; cameras write a few dozen.
const MOST_SEGMENTS: u32 = 10_000;

/// What a picture's frame header says.
pub struct Frame {
    /// Width and height in pixels as stored.
    pub size: (u32, u32),
    /// Channels.
    pub channels: u8,
    /// Bits a channel.
    pub bits: u8,
    /// All parts of all channels are kept until the file ends.
    pub progressive: bool,
    /// Whether Adobe's marker stands before it: inks are stored the other way round then.
    pub adobe: bool,
    /// Neither of the usual ways: twelve bits, lossless, arithmetic coding.
    pub rare: bool,
}

pub fn read(source: &mut Source, into: &mut Measures) -> Result<(), MediaError> {
    let mut turn = None;
    let frame = frame(source, |exif| turn = Orientation::from_exif_chunk(exif))?;
    into.turned(frame.size, turn);
    into.colour = Some(match frame.channels {
        1 => Colour::Grey,
        4 => Colour::Cmyk,
        _ => Colour::Rgb,
    });
    (into.bits, into.alpha, into.frames) = (Some(frame.bits), Some(false), Some(1));
    Ok(())
}

/// Finds the frame header; `exif` hears what stands before it.
pub fn frame(source: &mut Source, mut exif: impl FnMut(&[u8])) -> Result<Frame, MediaError> {
    let damaged = |what: &str| MediaError::Damaged(what.to_owned());
    let mut at = 2;
    let mut adobe = false;
    for _ in 0..MOST_SEGMENTS {
        let [mark, kind] = source.array(at)?;
        if mark != 0xff {
            return Err(damaged("a JPEG segment does not begin as one"));
        }
        match kind {
            // A marker may be filled up with any number of these.
            0xff => {
                at += 1;
                continue;
            }
            0x01 | 0xd0..=0xd8 => {
                at += 2;
                continue;
            }
            0xda | 0xd9 => break,
            _ => {}
        }
        let size = u64::from(u16::from_be_bytes(source.array(at + 2)?));
        match kind {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let [bits, h0, h1, w0, w1, channels] = source.array(at + 4)?;
                let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
                let size = (side(w0, w1), side(h0, h1));
                if size.0 == 0 || size.1 == 0 || channels == 0 {
                    return Err(damaged("a JPEG has no pixels"));
                }
                return Ok(Frame {
                    size,
                    channels,
                    bits,
                    progressive: kind == 0xc2,
                    adobe,
                    rare: !matches!(kind, 0xc0..=0xc2) || bits != 8,
                });
            }
            0xee => adobe |= source.array::<5>(at + 4)? == *b"Adobe",
            0xe1 => {
                let data = source.bytes(at + 4, size.saturating_sub(2))?;
                if let Some(data) = data.strip_prefix(b"Exif\0\0") {
                    exif(data);
                }
            }
            _ => {}
        }
        at += 2 + size.max(2);
    }
    Err(damaged("a JPEG says nothing of its size"))
}
