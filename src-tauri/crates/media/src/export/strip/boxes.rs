//! MP4, QuickTime, WebM and Matroska: what goes is overwritten with nothing of the same length.

use super::{Plan, damaged};
use crate::{
    MediaError,
    embedded::{
        boxes::{Box4, MOST_BOXES, Walk},
        ebml::element_at,
        source::Source,
    },
};

/// MP4 and QuickTime: what [`gone`] names becomes `free`.
pub fn film(source: &mut Source) -> Result<Plan, MediaError> {
    let mut plan = Plan::default();
    let mut at = 0;
    for Box4 { begin, from, to, .. } in gone(source, &mut { MOST_BOXES }, &[])? {
        // The length, the name, and a length of eight bytes where the first is 1.
        plan.copy(at, begin + 4);
        plan.write(*b"free");
        plan.copy(begin + 8, from);
        plan.zeros(to - from);
        at = to;
    }
    plan.copy(at, source.length());
    Ok(plan)
}

/// User data, metadata, and boxes of other programs, of all depths where they may stand: the file, the
/// film, its tracks, their media. In the order of the file; those of the file itself that are `kept`
/// are left out.
pub fn gone(
    source: &mut Source,
    left: &mut u32,
    kept: &[&[u8; 4]],
) -> Result<Vec<Box4>, MediaError> {
    let mut gone = Vec::new();
    let mut inner = vec![(0, source.length())];
    while let Some((from, to)) = inner.pop() {
        let mut walk = Walk::new(from, to);
        while let Some(one) = walk.next(source, left)? {
            match &one.kind {
                kind if from == 0 && kept.contains(&kind) => {}
                b"udta" | b"meta" | b"uuid" | b"free" | b"skip" | b"wide" | b"pnot" | b"PICT" => {
                    gone.push(one)
                }
                b"moov" | b"trak" | b"mdia" | b"moof" | b"traf" => inner.push((one.from, one.to)),
                _ => {}
            }
        }
    }
    gone.sort_by_key(|one| one.begin);
    Ok(gone)
}

const SEGMENT: u64 = 0x1853_8067;
const TAGS: u64 = 0x1254_c367;
const ATTACHMENTS: u64 = 0x1941_a469;
const INFO: u64 = 0x1549_a966;
const TITLE: u64 = 0x7ba9;
const CRC: u64 = 0xbf;
/// Elements looked at.
const MOST: u32 = 500_000;

/// WebM and Matroska: tags, attachments and the title become `Void`.
pub fn matroska(source: &mut Source) -> Result<Plan, MediaError> {
    let mut plan = Plan::default();
    let (mut at, mut copied, mut inside) = (0, 0, 0);
    for _ in 0..MOST {
        if at >= source.length() {
            plan.copy(copied, source.length());
            return Ok(plan);
        }
        let element = element_at(source, at)?;
        let begin = at;
        at = element.to.unwrap_or(element.from);
        match element.id {
            SEGMENT => at = element.from,
            // Its parts are looked at one by one.
            INFO => (inside, at) = (element.to.unwrap_or(u64::MAX), element.from),
            // A check sum would be wrong then.
            TITLE | CRC if begin >= inside => {}
            TAGS | ATTACHMENTS | TITLE | CRC => {
                if element.to.is_none() {
                    return Err(damaged("the length of what the film says of itself is not known"));
                }
                plan.copy(copied, begin);
                void(&mut plan, begin, element.from, at)?;
                copied = at;
            }
            // A cluster of unknown length is gone into, and ends where the next begins.
            _ => {}
        }
        if at > source.length() {
            return Err(MediaError::Truncated("an element of the film ends after the file does"));
        }
        if at < element.from && element.id != SEGMENT {
            return Err(damaged("an element of the film ends before it begins"));
        }
    }
    Err(damaged("the film has too many parts"))
}

/// An element of this whole length that says nothing (RFC 8794, 11.3.2).
fn void(plan: &mut Plan, begin: u64, content: u64, end: u64) -> Result<(), MediaError> {
    let whole = end - begin;
    if content > end || whole < 2 {
        return Err(damaged("an element of the film has no length"));
    }
    // One byte of name; a length of one byte, or of eight.
    let (head, length) = if whole - 2 < 127 {
        (2, vec![0xec, 0x80 | u8::try_from(whole - 2).unwrap_or_default()])
    } else {
        (9, [&[0xec][..], &((1_u64 << 56) | (whole - 9)).to_be_bytes()].concat())
    };
    plan.write(length);
    plan.zeros(whole - head);
    Ok(())
}
