//! FLAC, MP3 and WAVE.

use super::{Plan, damaged};
use crate::{MediaError, embedded::source::Source};

/// Chunks of a WAVE that are looked at.
const MOST_CHUNKS: u32 = 10_000;

/// FLAC: what says how it is coded and where to jump stays; texts, pictures and other programs' blocks
/// go (RFC 9639, 8).
pub fn flac(source: &mut Source) -> Result<Plan, MediaError> {
    let mut blocks = Vec::new();
    let mut at = 4;
    loop {
        let [kind, a, b, c] = source.array(at)?;
        let length = u64::from(u32::from_be_bytes([0, a, b, c]));
        let end = at + 4 + length;
        if end > source.length() {
            return Err(MediaError::Truncated("a block of a FLAC ends after the file does"));
        }
        // STREAMINFO, SEEKTABLE, CUESHEET.
        if matches!(kind & 0x7f, 0 | 3 | 5) {
            blocks.push((kind & 0x7f, at + 1, end));
        }
        at = end;
        if kind & 0x80 != 0 {
            break;
        }
        if blocks.len() > 1_000 {
            return Err(damaged("a FLAC has too many blocks"));
        }
    }
    if !matches!(blocks.first(), Some((0, _, _))) {
        return Err(damaged("a FLAC does not say how it is coded"));
    }
    let mut plan = Plan::default();
    plan.copy(0, 4);
    let last = blocks.len() - 1;
    for (number, (kind, from, to)) in blocks.into_iter().enumerate() {
        plan.write([kind | if number == last { 0x80 } else { 0 }]);
        plan.copy(from, to);
    }
    plan.copy(at, source.length());
    Ok(plan)
}

/// MP3: tags before and after the sound go (ID3v2 at the beginning; ID3v1 and APE at the end).
pub fn mp3(source: &mut Source) -> Result<Plan, MediaError> {
    let mut from = 0;
    // Some programs write one before the other.
    for _ in 0..16 {
        let Ok([b'I', b'D', b'3', _, _, flags, a, b, c, d]) = source.array::<10>(from) else {
            break;
        };
        // Seven bits each; a footer repeats the head.
        let size = [a, b, c, d].iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
        from += 10 + size + if flags & 0x10 == 0 { 0 } else { 10 };
    }
    let mut to = source.length();
    if to >= 128 && source.array::<3>(to - 128)? == *b"TAG" {
        to -= 128;
    }
    if to >= 32 && source.array::<8>(to - 32)? == *b"APETAGEX" {
        let [.., s0, s1, s2, s3, _, _, _, _, f0, f1, f2, f3] = source.array::<24>(to - 32)?;
        let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
        let head = if u32::from_le_bytes([f0, f1, f2, f3]) & 0x8000_0000 == 0 { 0 } else { 32 };
        to = to.saturating_sub(size + head);
    }
    if from >= to {
        return Err(damaged("there is no sound in it"));
    }
    let mut plan = Plan::default();
    plan.copy(from, to);
    Ok(plan)
}

/// WAVE: what says how it is coded, the samples, and marks in them stay (RIFF, Microsoft and IBM 1991;
/// EBU Tech 3285 for what broadcasters add, which goes).
pub fn wav(source: &mut Source) -> Result<Plan, MediaError> {
    const KEPT: [&[u8; 4]; 9] =
        [b"fmt ", b"fact", b"data", b"wavl", b"slnt", b"cue ", b"plst", b"smpl", b"inst"];
    let [_, _, _, _, size @ ..] = source.array::<8>(0)?;
    let end = u64::from(u32::from_le_bytes(size)) + 8;
    // Some programs count without the last byte, which only makes the length even.
    let end = if end == source.length() + 1 { end - 1 } else { end };
    if end > source.length() {
        return Err(MediaError::Truncated("a WAVE shorter than it says"));
    }
    let (mut kept, mut at) = (Vec::new(), 12);
    for _ in 0..MOST_CHUNKS {
        if at + 8 > end {
            break;
        }
        let [a, b, c, d, length @ ..] = source.array::<8>(at)?;
        let to = at + 8 + u64::from(u32::from_le_bytes(length));
        if to > end {
            return Err(MediaError::Truncated("a chunk of a WAVE ends after the file does"));
        }
        if KEPT.contains(&&[a, b, c, d]) {
            kept.push((at, to));
        }
        at = to + to % 2;
    }
    if at + 8 <= end {
        return Err(damaged("a WAVE has too many chunks"));
    }
    let body = 4 + kept.iter().map(|(from, to)| to - from + (to - from) % 2).sum::<u64>();
    let body = u32::try_from(body).map_err(|_| damaged("a WAVE is longer than one can be"))?;
    let mut plan = Plan::default();
    plan.write([b"RIFF", &body.to_le_bytes()[..], b"WAVE"].concat());
    for (from, to) in kept {
        plan.copy(from, to);
        plan.zeros((to - from) % 2);
    }
    Ok(plan)
}
