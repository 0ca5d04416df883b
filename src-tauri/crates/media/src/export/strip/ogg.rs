//! Ogg with Opus, Vorbis, FLAC, Speex or Theora: the comments are overwritten with an empty list of
//! the same length, so that every page of sound stays as it is (RFC 3533, 6 for pages; RFC 7845, 5.2;
//! Vorbis I specification, 4.2 and 5; the FLAC mapping in RFC 9639, 10.1). Streams of other kinds go.

use super::{Plan, damaged};
use crate::{
    MediaError,
    embedded::source::{MOST_TEXT, Source},
};

/// Pages looked at: a day of sound in pages of half a second has 170,000.
const MOST_PAGES: u32 = 2_000_000;
/// Streams in one file: films have three, radio recordings one for each song.
const MOST_STREAMS: usize = 1_000;
/// The most bytes of pages that are written anew, which are kept until all of them are. Comments that are
/// longer are not read either.
const MOST_CHANGED: u64 = MOST_TEXT;
/// Comments without a word: no maker, none of them.
const NONE: [u8; 8] = [0; 8];

/// What a stream holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Codec {
    /// Comments behind this mark, and this at their end.
    Marked(&'static [u8], &'static [u8]),
    /// Comments alone.
    Speex,
    /// Blocks as in a FLAC file.
    Flac,
    /// Nothing we know.
    Other,
}

/// A stream that is read.
struct Stream {
    serial: [u8; 4],
    codec: Codec,
    /// Packets that ended, counted until the comments are over.
    packets: u32,
    /// What a packet that goes on becomes, and how many of its bytes went by.
    going: Option<(Fate, usize)>,
    over: bool,
}

/// What becomes of a packet before the sound.
#[derive(Clone)]
enum Fate {
    Stays,
    /// Begins with these bytes, and goes on with zeros.
    Becomes(Vec<u8>),
}

pub fn plan(source: &mut Source) -> Result<Plan, MediaError> {
    plan_within(source, MOST_CHANGED)
}

/// As [`plan`], with so many bytes at most that are written anew.
fn plan_within(source: &mut Source, mut room: u64) -> Result<Plan, MediaError> {
    let mut plan = Plan::default();
    let mut streams: Vec<Stream> = Vec::new();
    let mut at = 0;
    for _ in 0..MOST_PAGES {
        if at == source.length() {
            return Ok(plan);
        }
        let page: [u8; 27] = source.array(at)?;
        if !page.starts_with(b"OggS\0") {
            return Err(damaged("an Ogg page does not begin as one"));
        }
        let table = source.passing(at + 27, u64::from(page[26]))?.to_vec();
        let data = at + 27 + table.len() as u64;
        let end = data + table.iter().map(|size| u64::from(*size)).sum::<u64>();
        if table.len() < usize::from(page[26]) || end > source.length() {
            return Err(MediaError::Truncated("an Ogg page ends after the file does"));
        }
        let serial = [page[14], page[15], page[16], page[17]];
        // A song that follows another may have its number.
        if page[5] & 2 != 0 {
            streams.retain(|stream| stream.serial != serial);
            if streams.len() == MOST_STREAMS {
                return Err(damaged("an Ogg has too many streams"));
            }
            let codec = codec_of(source.passing(data, (end - data).min(16))?);
            let going = None;
            streams.push(Stream { serial, codec, packets: 0, going, over: false });
        }
        let stream = streams.iter_mut().find(|stream| stream.serial == serial);
        let stream = stream.ok_or_else(|| damaged("an Ogg stream has no beginning"))?;
        if stream.codec != Codec::Other {
            if stream.over {
                plan.copy(at, end);
            } else {
                let mut whole = source.passing(at, end - at)?.to_vec();
                let changed = stream.pass(&table, &mut whole[27 + table.len()..])?;
                if changed {
                    room = room
                        .checked_sub(end - at)
                        .ok_or_else(|| damaged("the comments of an Ogg are too long"))?;
                    whole[22..26].fill(0);
                    let sum = check_sum(&whole);
                    whole[22..26].copy_from_slice(&sum.to_le_bytes());
                    plan.write(whole);
                } else {
                    plan.copy(at, end);
                }
            }
        }
        at = end;
    }
    Err(damaged("an Ogg has too many pages"))
}

fn codec_of(head: &[u8]) -> Codec {
    match head {
        [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', ..] => Codec::Marked(b"OpusTags", b""),
        // A bit that is set ends the comments.
        [1, b'v', b'o', b'r', b'b', b'i', b's', ..] => Codec::Marked(b"\x03vorbis", b"\x01"),
        [0x80, b't', b'h', b'e', b'o', b'r', b'a', ..] => Codec::Marked(b"\x81theora", b""),
        [0x7f, b'F', b'L', b'A', b'C', ..] => Codec::Flac,
        [b'S', b'p', b'e', b'e', b'x', b' ', b' ', b' ', ..] => Codec::Speex,
        _ => Codec::Other,
    }
}

impl Stream {
    /// Empties what of the comments is in a page's data; whether anything of it changed.
    fn pass(&mut self, table: &[u8], mut data: &mut [u8]) -> Result<bool, MediaError> {
        let mut changed = false;
        for size in table {
            let (part, rest) = std::mem::take(&mut data).split_at_mut(usize::from(*size));
            data = rest;
            if self.over {
                continue;
            }
            let (fate, passed) = match self.going.take() {
                Some(going) => going,
                None => (self.fate(part)?, 0),
            };
            if let Fate::Becomes(begin) = &fate {
                for (place, byte) in (passed..).zip(part.iter_mut()) {
                    *byte = begin.get(place).copied().unwrap_or(0);
                }
                changed = true;
            }
            let passed = passed + part.len();
            // A packet ends with a segment that is not full.
            if *size == 255 {
                self.going = Some((fate, passed));
                continue;
            }
            if matches!(&fate, Fate::Becomes(begin) if passed < begin.len()) {
                return Err(damaged("the comments of an Ogg are too short"));
            }
            self.packets += 1;
            // In a FLAC the last block before the sound says so.
            self.over |= self.codec != Codec::Flac && self.packets == 2;
        }
        Ok(changed)
    }

    /// What becomes of the packet that begins so.
    fn fate(&mut self, begin: &[u8]) -> Result<Fate, MediaError> {
        if self.packets == 0 {
            return Ok(Fate::Stays);
        }
        let becomes = match self.codec {
            Codec::Marked(mark, end) if begin.starts_with(mark) => [mark, &NONE, end].concat(),
            Codec::Speex => NONE.to_vec(),
            Codec::Flac => match begin {
                // A frame of sound.
                [0xff, ..] => {
                    self.over = true;
                    return Ok(Fate::Stays);
                }
                [kind, a, b, c, ..] => match kind & 0x7f {
                    // SEEKTABLE, CUESHEET.
                    3 | 5 => return Ok(Fate::Stays),
                    4 => [&[*kind, *a, *b, *c][..], &NONE].concat(),
                    // PADDING.
                    _ => vec![kind & 0x80 | 1, *a, *b, *c],
                },
                _ => return Err(damaged("a block of an Ogg FLAC has no head")),
            },
            _ => return Err(damaged("an Ogg has no comments where they belong")),
        };
        Ok(Fate::Becomes(becomes))
    }
}

/// The check sum of a page (RFC 3533, 6, field 7): a CRC of 32 bits, highest bit first, from 0.
fn check_sum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 24, |sum: u32, _| {
            let carry = if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 };
            sum << 1 ^ carry
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Cursor;

    fn page(flags: u8, table: &[u8], data: &[u8]) -> Vec<u8> {
        let head =
            [&b"OggS\0"[..], &[flags], &[0; 20], &[u8::try_from(table.len()).unwrap()]].concat();
        [&head[..], table, data].concat()
    }

    #[test]
    fn comments_that_go_on_for_ever_are_refused() {
        let head = page(2, &[8], b"OpusHead");
        let first = page(0, &[255; 2], &[&b"OpusTags"[..], &[1; 502]].concat());
        let more = page(1, &[255; 2], &[1; 510]);
        let last = page(1, &[255, 3], &[1; 258]);
        let sound = page(0, &[255; 2], &[7; 510]).repeat(20);
        let pages = |count: usize| [&head[..], &first, &more.repeat(count), &last, &sound].concat();
        let room = 4 * more.len() as u64;
        let plan = |bytes: &[u8]| plan_within(&mut Source::new(&mut Cursor::new(bytes))?, room);
        // Sound that stays is not counted.
        let short = pages(2);
        assert_eq!(plan(&short).unwrap().length(), short.len() as u64);
        let error = plan(&pages(3)).err().unwrap();
        assert!(error.to_string().contains("too long"), "{error}");
    }
}
