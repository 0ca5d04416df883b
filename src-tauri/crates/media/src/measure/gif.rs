//! GIF: the screen, and every frame's delay (GIF89a, 18 to 23).

use super::{Colour, Measures};
use crate::{MediaError, Stop, embedded::source::Source};

/// Blocks and parts of blocks looked at; each part has up to 255 bytes.
const MOST_PARTS: u32 = 2_000_000;

pub fn read(source: &mut Source, into: &mut Measures, stop: &Stop) -> Result<(), MediaError> {
    let [w0, w1, h0, h1, flags] = source.array(6)?;
    let size = (u16::from_le_bytes([w0, w1]), u16::from_le_bytes([h0, h1]));
    into.turned((size.0.into(), size.1.into()), None);
    (into.colour, into.bits, into.alpha) = (Some(Colour::Palette), Some(8), Some(false));
    let (mut frames, mut lasts) = (0_u32, 0_u64);
    let done = walk(source, flags, stop, |block| match block {
        Block::Control { delay, transparent } => {
            lasts += u64::from(delay) * 10;
            if transparent {
                into.alpha = Some(true);
            }
        }
        Block::Frame => frames += 1,
    });
    into.frames = Some(frames).filter(|frames| *frames > 0);
    if frames > 1 {
        into.duration_ms = Some(lasts);
    }
    done
}

enum Block {
    Control { delay: u16, transparent: bool },
    Frame,
}

fn walk(
    source: &mut Source,
    flags: u8,
    stop: &Stop,
    mut see: impl FnMut(Block),
) -> Result<(), MediaError> {
    let mut at = 13 + colours(flags);
    let mut parts = 0..MOST_PARTS;
    while let Some(count) = parts.next() {
        if count % 4_096 == 0 {
            stop.check()?;
        }
        let [mark] = source.array(at)?;
        match mark {
            0x21 => {
                let [kind] = source.array(at + 1)?;
                if kind == 0xf9 {
                    let [_, flags, low, high] = source.array(at + 2)?;
                    let delay = u16::from_le_bytes([low, high]);
                    see(Block::Control { delay, transparent: flags & 1 == 1 });
                }
                at += 2;
            }
            0x2c => {
                let [flags] = source.array(at + 9)?;
                see(Block::Frame);
                at += 11 + colours(flags);
            }
            0x3b => break,
            _ => {
                return Err(MediaError::Damaged("a block of a GIF is of no known kind".to_owned()));
            }
        }
        for _ in parts.by_ref() {
            let [size] = source.array(at)?;
            at += 1 + u64::from(size);
            if size == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// The bytes of a table of colours.
fn colours(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
