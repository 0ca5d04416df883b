//! PNG, WebP and GIF.

use super::{Plan, damaged, only_turn};
use crate::{MediaError, embedded::source::Source};

/// Chunks looked at.
const MOST: u32 = 500_000;
/// EXIF that is looked at, in bytes.
const MOST_EXIF: u64 = 32 << 20;

/// PNG: what is needed to draw it stays (PNG, third edition, 4.7 and 11).
pub fn png(source: &mut Source) -> Result<Plan, MediaError> {
    const KEPT: [&[u8; 4]; 19] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
        b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
    ];
    let mut plan = Plan::default();
    plan.copy(0, 8);
    let mut at = 8;
    for _ in 0..MOST {
        let [a, b, c, d, kind @ ..] = source.array::<8>(at)?;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        let end = at + 12 + length;
        if end > source.length() {
            return Err(MediaError::Truncated("a PNG chunk ends after the file does"));
        }
        if KEPT.contains(&&kind) {
            plan.copy(at, end);
        } else if kind == *b"eXIf" && length <= MOST_EXIF {
            if let Some(exif) = only_turn(&source.bytes(at + 8, length)?) {
                plan.write(png_chunk(b"eXIf", &exif));
            }
        } else if kind[0] & 0x20 == 0 {
            // Whoever knows no such chunk may not draw the picture without it.
            return Err(damaged("a PNG has a chunk that is needed and unknown"));
        }
        if kind == *b"IEND" {
            return Ok(plan);
        }
        at = end;
    }
    Err(damaged("a PNG has too many chunks"))
}

/// A chunk with its length and check sum.
pub fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    let mut sum = flate2::Crc::new();
    sum.update(kind);
    sum.update(content);
    [&length.to_be_bytes(), &kind[..], content, &sum.sum().to_be_bytes()].concat()
}

/// WebP: the picture, its transparency, its frames and its colours stay (RFC 9649, 2.7).
pub fn webp(source: &mut Source) -> Result<Plan, MediaError> {
    const KEPT: [&[u8; 4]; 6] = [b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    let [_, _, _, _, size @ ..] = source.array::<8>(0)?;
    let end = u64::from(u32::from_le_bytes(size)) + 8;
    if end > source.length() {
        return Err(MediaError::Truncated("a WebP shorter than it says"));
    }
    let mut kept = Vec::new();
    let (mut flags, mut exif) = (None, None);
    let mut at = 12;
    for _ in 0..MOST {
        if at + 8 > end {
            break;
        }
        let [a, b, c, d, length @ ..] = source.array::<8>(at)?;
        let kind = [a, b, c, d];
        let length = u64::from(u32::from_le_bytes(length));
        let next = at + 8 + length + length % 2;
        if at + 8 + length > end {
            return Err(MediaError::Truncated("a WebP chunk ends after the file does"));
        }
        if KEPT.contains(&&kind) {
            kept.push((at, next.min(source.length())));
        } else if kind == *b"VP8X" {
            flags = Some(source.array::<10>(at + 8)?);
        } else if kind == *b"EXIF" && length <= MOST_EXIF {
            let block = source.bytes(at + 8, length)?;
            exif = only_turn(block.strip_prefix(b"Exif\0\0").unwrap_or(&block));
        }
        at = next;
    }
    let mut plan = Plan::default();
    let mut body = 4 + kept.iter().map(|(from, to)| to - from).sum::<u64>();
    body += if flags.is_some() { 18 } else { 0 };
    let exif = exif.filter(|_| flags.is_some());
    body += exif.as_ref().map_or(0, |exif| 8 + exif.len() as u64);
    let body = u32::try_from(body).map_err(|_| damaged("a WebP is longer than one can be"))?;
    plan.write([b"RIFF", &body.to_le_bytes()[..], b"WEBP"].concat());
    if let Some(mut flags) = flags {
        // Bits for EXIF and XMP.
        flags[0] = flags[0] & !0x0c | if exif.is_some() { 0x08 } else { 0 };
        plan.write([b"VP8X", &10_u32.to_le_bytes()[..], &flags].concat());
    }
    for (from, to) in kept {
        plan.copy(from, to);
    }
    if let Some(exif) = exif {
        let length = u32::try_from(exif.len()).unwrap_or_default();
        plan.write([b"EXIF", &length.to_le_bytes()[..], &exif].concat());
    }
    Ok(plan)
}

/// GIF: comments and the extensions of programs go, but for the one that says how often it repeats.
pub fn gif(source: &mut Source) -> Result<Plan, MediaError> {
    let [flags] = source.array(10)?;
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3_u64 << ((flags & 7) + 1) };
    let mut plan = Plan::default();
    let mut at = 13 + colours(flags);
    plan.copy(0, at);
    // Each part of a block has up to 255 bytes.
    let mut parts = 0..20 * MOST;
    while parts.next().is_some() {
        let from = at;
        let [mark] = source.array(at)?;
        let kept = match mark {
            0x2c => {
                let [flags] = source.array(at + 9)?;
                at += 11 + colours(flags);
                true
            }
            0x21 => {
                let [kind] = source.array(at + 1)?;
                at += 2;
                // How frames follow each other (0xf9), and text that is drawn (0x01).
                matches!(kind, 0xf9 | 0x01) || kind == 0xff && repeats(source, at)
            }
            0x3b => {
                plan.copy(at, at + 1);
                return Ok(plan);
            }
            _ => return Err(damaged("a block of a GIF is of no known kind")),
        };
        for _ in parts.by_ref() {
            let [size] = source.array(at)?;
            at += 1 + u64::from(size);
            if size == 0 {
                break;
            }
        }
        if kept {
            plan.copy(from, at);
        }
    }
    Err(damaged("a GIF has too many blocks"))
}

fn repeats(source: &mut Source, at: u64) -> bool {
    let name: Option<[u8; 12]> = source.array(at).ok();
    name.is_some_and(|name| matches!(&name[1..], b"NETSCAPE2.0" | b"ANIMEXTS1.0"))
}
