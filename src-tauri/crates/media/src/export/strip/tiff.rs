//! TIFF (revision 6.0): the picture's own tags stay, with their values and the pixels, each at its
//! place; everything else becomes zeros. Tags of EXIF, XMP, IPTC and of programs go.

use super::{Plan, damaged};
use crate::{
    MediaError,
    embedded::{slice::Slice, source::Source},
};

/// Directories looked at: pages, and smaller copies of each.
const MOST: usize = 10_000;
/// Strips and tiles of all pages together.
const MOST_PARTS: usize = 1_000_000;

/// Tags that say how the picture is coded, its size, its colours and how it is turned.
const KEPT: [u16; 49] = [
    254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282,
    283, 284, 286, 287, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324,
    325, 330, 332, 334, 336, 338, 339, 340, 341, 342, 347,
];
/// The same of YCbCr, and the colour profile.
const KEPT_COLOURS: [u16; 5] = [529, 530, 531, 532, 34_675];
const COMPRESSION: u16 = 259;
/// JPEG as before 1995, which has its tables elsewhere, and LERC, whose parameters are a tag of its own.
const NOT_ALONE: [u64; 2] = [6, 34_887];
const DESCRIPTION: u16 = 270;
/// How much of a description is looked at, in bytes.
const MOST_DESCRIPTION: u64 = 1_024;
const PHOTOMETRIC: u16 = 262;
const STRIPS: (u16, u16) = (273, 279);
const TILES: (u16, u16) = (324, 325);
const SUB_DIRECTORIES: u16 = 330;

pub fn plan(source: &mut Source) -> Result<Plan, MediaError> {
    let head: [u8; 8] = source.array(0)?;
    let mut file = Tiff { big: head.starts_with(b"MM"), pieces: Vec::new(), parts: 0 };
    file.pieces.push((0, 8, None));
    let mut ahead = vec![file.number(&head[4..])];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(at) = ahead.pop() {
        // A chain that bites its tail.
        if !seen.insert(at) || seen.len() > MOST {
            return Err(damaged("a TIFF has directories in a circle, or too many"));
        }
        file.directory(source, at, &mut ahead)?;
    }
    file.plan(source.length())
}

/// An entry of a directory that stays.
struct Entry {
    tag: u16,
    /// The twelve bytes of it.
    bytes: [u8; 12],
    values: Vec<u64>,
}

struct Tiff {
    big: bool,
    /// What stays: from, to, and what stands there instead.
    pieces: Vec<(u64, u64, Option<Vec<u8>>)>,
    parts: usize,
}

impl Tiff {
    fn number(&self, bytes: &[u8]) -> u64 {
        let (mut slice, count) = (Slice(bytes), bytes.len() as u64);
        (if self.big { slice.be(count) } else { slice.le(count) }).unwrap_or_default()
    }

    fn directory(
        &mut self,
        source: &mut Source,
        at: u64,
        ahead: &mut Vec<u64>,
    ) -> Result<(), MediaError> {
        let count = self.number(&source.array::<2>(at)?);
        let bytes = source.bytes(at + 2, count * 12 + 4)?;
        let (entries, next) = bytes.split_at(bytes.len() - 4);
        let mut kept = Vec::new();
        for entry in entries.as_chunks::<12>().0 {
            let tag = u16::try_from(self.number(&entry[..2])).unwrap_or_default();
            if KEPT.contains(&tag) || KEPT_COLOURS.contains(&tag) {
                kept.push(self.entry(source, tag, *entry)?);
            }
        }
        let first = |tag: u16| {
            let entry = kept.iter().find(|entry| entry.tag == tag)?;
            entry.values.first().copied()
        };
        // Pictures of cameras cannot be drawn without the tags of their makers.
        if first(COMPRESSION).is_some_and(|how| NOT_ALONE.contains(&how))
            || first(PHOTOMETRIC).is_some_and(|how| how > 10_000)
            || self.is_stack(source, entries)?
        {
            return Err(MediaError::NotStripped);
        }
        for (places, lengths) in [STRIPS, TILES] {
            let of = |tag| kept.iter().find(|entry| entry.tag == tag).map(|entry| &entry.values);
            match (of(places), of(lengths)) {
                (None, None) => {}
                (Some(places), Some(lengths)) if places.len() == lengths.len() => {
                    self.parts += places.len();
                    if self.parts > MOST_PARTS {
                        return Err(damaged("a TIFF has too many strips"));
                    }
                    for (at, length) in places.iter().zip(lengths) {
                        self.pieces.push((*at, at + length, None));
                    }
                }
                _ => return Err(damaged("a TIFF does not say where its pixels are")),
            }
        }
        let mut list = Vec::with_capacity(bytes.len() + 2);
        let count = u16::try_from(kept.len()).unwrap_or_default();
        list.extend(if self.big { count.to_be_bytes() } else { count.to_le_bytes() });
        for entry in &kept {
            list.extend(entry.bytes);
            if entry.tag == SUB_DIRECTORIES {
                ahead.extend(&entry.values);
            }
        }
        list.extend(next);
        self.pieces.push((at, at + list.len() as u64, Some(list)));
        let next = self.number(next);
        if next != 0 {
            ahead.push(next);
        }
        Ok(())
    }

    /// Whether the pixels of further pictures follow those of this directory without one of their own, as
    /// ImageJ writes it: only the description says so (`images=` on a line of it).
    fn is_stack(&self, source: &mut Source, entries: &[u8]) -> Result<bool, MediaError> {
        let mut entries = entries.as_chunks::<12>().0.iter();
        let Some(entry) = entries.find(|entry| self.number(&entry[..2]) == u64::from(DESCRIPTION))
        else {
            return Ok(false);
        };
        let length = self.number(&entry[4..8]).min(MOST_DESCRIPTION);
        let text = source.passing(self.number(&entry[8..]), length)?;
        let mut lines = text.split(|byte| *byte == b'\n');
        let count = lines.find_map(|line| line.strip_prefix(b"images="));
        let count = count.and_then(|count| std::str::from_utf8(count).ok()?.trim().parse().ok());
        Ok(text.starts_with(b"ImageJ=") && count.is_some_and(|count: u64| count > 1))
    }

    /// An entry with its values, where those are whole numbers.
    fn entry(
        &mut self,
        source: &mut Source,
        tag: u16,
        bytes: [u8; 12],
    ) -> Result<Entry, MediaError> {
        let size = match self.number(&bytes[2..4]) {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return Err(damaged("a TIFF has numbers of a kind that there is not")),
        };
        let length = self.number(&bytes[4..8]) * size;
        let value = if length <= 4 {
            bytes[8..8 + usize::try_from(length).unwrap_or_default()].to_vec()
        } else {
            let at = self.number(&bytes[8..]);
            self.pieces.push((at, at + length, None));
            let numbers =
                matches!(tag, COMPRESSION | PHOTOMETRIC | SUB_DIRECTORIES | 273 | 279 | 324 | 325);
            if numbers { source.bytes(at, length)? } else { Vec::new() }
        };
        let size = usize::try_from(size).unwrap_or(1);
        let values = value.chunks_exact(size).map(|bytes| self.number(bytes)).collect();
        Ok(Entry { tag, bytes, values })
    }

    /// What stays, and zeros between.
    fn plan(mut self, length: u64) -> Result<Plan, MediaError> {
        self.pieces.sort_by_key(|(from, to, _)| (*from, *to));
        let (mut plan, mut at, mut fixed) = (Plan::default(), 0, 0);
        for (from, to, instead) in self.pieces {
            if to > length {
                return Err(MediaError::Truncated("a part of a TIFF ends after the file does"));
            }
            // Pixels and values may be shared, a directory may not.
            if from < fixed || instead.is_some() && from < at {
                return Err(damaged("parts of a TIFF lie over each other"));
            }
            plan.zeros(from.saturating_sub(at));
            match instead {
                Some(bytes) => {
                    plan.write(bytes);
                    fixed = to;
                }
                None => plan.copy(from.max(at), to),
            }
            at = at.max(to);
        }
        plan.zeros(length - at);
        Ok(plan)
    }
}
