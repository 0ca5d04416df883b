//! JPEG: tables, the picture's data, its colours and how it is turned stay (ITU-T T.81, annex B).

use super::{Plan, damaged, only_turn};
use crate::{MediaError, embedded::source::Source};

/// Segments looked at.
const MOST: u32 = 100_000;
/// What is read of the picture's data at once, in bytes.
const STEP: u64 = 1 << 16;

/// Whether a JPEG has its end mark, whatever follows it.
pub fn is_whole(source: &mut Source) -> bool {
    plan(source).is_ok()
}

pub fn plan(source: &mut Source) -> Result<Plan, MediaError> {
    let mut plan = Plan::default();
    plan.copy(0, 2);
    let mut at = 2;
    let mut turned = false;
    for _ in 0..MOST {
        let [mark, kind] = source.array(at)?;
        if mark != 0xff {
            return Err(damaged("a JPEG segment does not begin as one"));
        }
        match kind {
            0xff => {
                at += 1;
                continue;
            }
            // What follows the end is a preview or another program's.
            0xd9 => {
                plan.copy(at, at + 2);
                return Ok(plan);
            }
            0x01 | 0xd0..=0xd8 => {
                plan.copy(at, at + 2);
                at += 2;
                continue;
            }
            _ => {}
        }
        let size = u64::from(u16::from_be_bytes(source.array(at + 2)?));
        let end = at + 2 + size;
        if size < 2 || end > source.length() {
            return Err(damaged("a JPEG segment does not fit into the file"));
        }
        match kind {
            // JFIF's size may be followed by a preview.
            0xe0 => {
                let head: [u8; 5] = source.array(at + 4)?;
                if head == *b"JFIF\0" && size >= 16 {
                    let fixed = source.bytes(at + 4, 14)?;
                    plan.write([&[0xff, 0xe0, 0, 16][..], &fixed[..12], &[0, 0]].concat());
                }
            }
            // Colour profiles; how colours are coded.
            0xe2 if begins(source, at, b"ICC_PROFILE\0") => plan.copy(at, end),
            0xee if begins(source, at, b"Adobe") => plan.copy(at, end),
            0xe1 => {
                let data = source.bytes(at + 4, size - 2)?;
                let turn = data.strip_prefix(b"Exif\0\0").and_then(only_turn);
                if let (Some(turn), false) = (turn, turned) {
                    turned = true;
                    let block = [b"Exif\0\0", &turn[..]].concat();
                    let size = u16::try_from(block.len() + 2).unwrap_or_default();
                    plan.write([&[0xff, 0xe1][..], &size.to_be_bytes(), &block].concat());
                }
            }
            // Other programs' and comments.
            0xe3..=0xed | 0xef | 0xe2 | 0xee | 0xfe => {}
            // Tables and heads.
            _ => plan.copy(at, end),
        }
        at = end;
        if kind == 0xda {
            let to = data_end(source, at)?;
            plan.copy(at, to);
            at = to;
        }
    }
    Err(damaged("a JPEG has too many segments"))
}

fn begins(source: &mut Source, segment: u64, with: &[u8]) -> bool {
    source.bytes(segment + 4, with.len() as u64).is_ok_and(|bytes| bytes == with)
}

/// Where the coded data ends: at a marker that is neither a stuffed byte nor a restart.
fn data_end(source: &mut Source, from: u64) -> Result<u64, MediaError> {
    let mut at = from;
    let mut before = 0;
    while at < source.length() {
        let count = STEP.min(source.length() - at);
        for (place, byte) in source.passing(at, count)?.iter().enumerate() {
            if before == 0xff && !matches!(byte, 0 | 0xff | 0xd0..=0xd7) {
                return Ok(at + place as u64 - 1);
            }
            before = *byte;
        }
        at += count;
    }
    Err(MediaError::Truncated("a JPEG without its end mark"))
}
