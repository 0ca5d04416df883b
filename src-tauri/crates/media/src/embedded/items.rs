//! The items of AVIF and HEIC (ISO 14496-12, 8.11; ISO 23008-12, 6 and 9): `meta` / `iinf` says which
//! there are, `iloc` where each is, `pitm` which is the picture, `iref` how they belong together, and
//! `iprp` what is true of them.

use super::{
    boxes::{Box4, MOST_BOXES, Walk},
    slice::Slice,
    source::Source,
};
use crate::MediaError;
use std::collections::{BTreeMap, BTreeSet};

/// The largest colour profile that is read, in bytes.
const MOST_PROFILE: u64 = 8 << 20;
/// The longest entry of the list of items that is looked at for what it is, in bytes.
const LONGEST_ENTRY: u64 = 512;
/// The longest list of places or of properties that is read, in bytes; ten thousand tiles take some
/// 160,000.
const MOST_LIST: u64 = 1 << 20;
/// The most entries of all such lists together.
const MOST_ENTRIES: usize = 100_000;
/// What a `mime` item says of itself when it is XMP (ISO 23008-12, A.3).
const XMP: &[u8] = b"application/rdf+xml";

/// A piece of the file: where it begins and where it ends.
pub(crate) type Range = (u64, u64);

/// An item.
pub(crate) struct Item {
    pub number: u64,
    /// `av01`, `hvc1`, `grid`, `Exif`, `mime` and so on.
    pub kind: [u8; 4],
    /// Whether it says that it is XMP.
    pub is_xmp: bool,
    /// Where it is in the file; nothing where that is not said, or it is in another file.
    pub parts: Vec<Range>,
}

impl Item {
    /// What is in it.
    ///
    /// # Errors
    /// When the file ends before, or it is larger than any text.
    pub fn bytes(&self, source: &mut Source) -> Result<Vec<u8>, MediaError> {
        let mut bytes = Vec::new();
        for (from, to) in &self.parts {
            bytes.extend(source.bytes(*from, to - from)?);
        }
        Ok(bytes)
    }
}

/// What a file says of its items.
pub(crate) struct Items {
    /// The box that says it.
    pub meta: Box4,
    pub all: Vec<Item>,
    /// The number of the picture.
    pub primary: Option<u64>,
}

impl Items {
    /// Reads them; nothing where a file has none, as a sequence may.
    ///
    /// # Errors
    /// When the file is damaged there.
    pub fn read(source: &mut Source) -> Result<Option<Self>, MediaError> {
        let left = &mut { MOST_BOXES };
        let Some(meta) = Walk::new(0, source.length()).find(b"meta", source, left)? else {
            return Ok(None);
        };
        let (mut names, mut places, mut data, mut primary) = (None, None, None, None);
        // A version stands before what is in it.
        let mut walk = Walk::new(meta.from + 4, meta.to);
        while let Some(one) = walk.next(source, left)? {
            match &one.kind {
                b"iinf" => names = Some(one),
                b"iloc" => places = Some(one),
                b"idat" => data = Some(one),
                b"pitm" => primary = Some(primary_of(source, one)?),
                _ => {}
            }
        }
        let mut places = match places {
            Some(list) => places_of(&list_of(source, list)?)?,
            None => BTreeMap::new(),
        };
        let mut all = Vec::new();
        if let Some(list) = names {
            let [version] = source.array(list.from)?;
            let mut walk = Walk::new(list.from + if version == 0 { 6 } else { 8 }, list.to);
            while let Some(entry) = walk.find(b"infe", source, left)? {
                let Some((number, kind)) = item_of(source, entry)? else { continue };
                let place = places.remove(&number).unwrap_or_default();
                let is_xmp = kind == *b"mime" && says_xmp(source, entry)?;
                let parts = place.parts(source.length(), data)?;
                all.push(Item { number, kind, is_xmp, parts });
            }
        }
        Ok(Some(Self { meta, all, primary }))
    }
}

/// What is true of the picture.
#[derive(Default)]
pub(crate) struct About {
    /// Its ICC profile.
    pub icc: Option<Vec<u8>>,
    /// Its primaries and its transfer as ITU-T H.273 numbers them.
    pub code: Option<(u8, u8)>,
    /// The number of the item that is its transparency.
    pub alpha: Option<u64>,
    /// Width and height that are left of it where its edges are cut off.
    pub cut: Option<(u32, u32)>,
}

impl About {
    /// What a file says of its picture; nothing where it is damaged.
    pub fn read(source: &mut Source) -> Self {
        match Items::read(source) {
            Ok(Some(items)) => items.about(source).unwrap_or_default(),
            _ => Self::default(),
        }
    }
}

impl Items {
    fn about(&self, source: &mut Source) -> Result<About, MediaError> {
        let mut about = About::default();
        let Some(primary) = self.primary else { return Ok(about) };
        let left = &mut { MOST_BOXES };
        let (mut list, mut belongs, mut references) = (Vec::new(), Belongs::default(), None);
        let mut walk = Walk::new(self.meta.from + 4, self.meta.to);
        while let Some(one) = walk.next(source, left)? {
            match &one.kind {
                b"iref" => references = Some(one),
                b"iprp" => {
                    let mut walk = Walk::new(one.from, one.to);
                    while let Some(part) = walk.next(source, left)? {
                        if part.kind == *b"ipma" {
                            belongs.read(&list_of(source, part)?)?;
                        } else if part.kind == *b"ipco" {
                            let mut walk = Walk::new(part.from, part.to);
                            while let Some(property) = walk.next(source, left)? {
                                list.push(property);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        // They are counted from 1.
        let of = |item: u64, kind: &'static [u8; 4]| {
            let its = belongs.of.get(&item).into_iter().flatten();
            its.filter_map(|at| list.get(at.checked_sub(1)?))
                .filter(move |one: &&Box4| one.kind == *kind)
        };
        for colour in of(primary, b"colr") {
            match &source.array::<4>(colour.from)? {
                b"prof" | b"rICC" if colour.to - colour.from <= MOST_PROFILE => {
                    about.icc = Some(source.bytes(colour.from + 4, colour.to - colour.from - 4)?);
                }
                b"nclx" => {
                    let [_, primaries, _, transfer] = source.array(colour.from + 4)?;
                    about.code = Some((primaries, transfer));
                }
                _ => {}
            }
        }
        for cut in of(primary, b"clap") {
            let mut number =
                |place: u64| source.array(cut.from + place * 4).map(u32::from_be_bytes);
            let (width, height) = ((number(0)?, number(1)?), (number(2)?, number(3)?));
            let cut = width.0.checked_div(width.1).zip(height.0.checked_div(height.1));
            about.cut = cut.filter(|(width, height)| *width > 0 && *height > 0);
        }
        let Some(references) = references else { return Ok(about) };
        for aux in auxiliaries(source, references, primary, left)? {
            for name in of(aux, b"auxC") {
                if is_alpha(source, *name)? {
                    about.alpha = Some(aux);
                }
            }
        }
        Ok(about)
    }
}

/// Whether what an item adds to another is its transparency (`auxC`: a version, then a name; the second
/// one is that of HEVC).
///
/// # Errors
/// When the file ends before.
pub(crate) fn is_alpha(source: &mut Source, one: Box4) -> Result<bool, MediaError> {
    let name = source.bytes(one.from, (one.to - one.from).min(256))?;
    let name = name.get(4..).unwrap_or_default().split(|byte| *byte == 0).next();
    Ok(matches!(
        name,
        Some(b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" | b"urn:mpeg:hevc:2015:auxid:1")
    ))
}

/// The bytes of a list of places or of properties.
///
/// # Errors
/// When it is longer than any picture's, or the file ends before.
fn list_of(source: &mut Source, list: Box4) -> Result<Vec<u8>, MediaError> {
    if list.to - list.from > MOST_LIST {
        return Err(too_many());
    }
    source.bytes(list.from, list.to - list.from)
}

fn too_many() -> MediaError {
    MediaError::Damaged("it says more of its parts than any picture".to_owned())
}

/// Which properties belong to which items, counted from 1.
#[derive(Default)]
struct Belongs {
    of: BTreeMap<u64, Vec<usize>>,
    count: usize,
}

impl Belongs {
    /// Adds what an `ipma` says; what is damaged of it is not there.
    fn read(&mut self, data: &[u8]) -> Result<(), MediaError> {
        let mut rest = Slice(data);
        let mut read = || {
            let [version, _, _, flags] = *rest.take(4)?.first_chunk()?;
            let number = if version == 0 { 2 } else { 4 };
            // Whether it must be understood stands before the place of the property.
            let (size, mask) = if flags & 1 == 1 { (2, 0x7fff) } else { (1, 0x7f) };
            for _ in 0..rest.be(4)? {
                let item = rest.be(number)?;
                for _ in 0..rest.be(1)? {
                    let property = usize::try_from(rest.be(size)? & mask).ok()?;
                    self.count += 1;
                    if self.count > MOST_ENTRIES {
                        return None;
                    }
                    self.of.entry(item).or_default().push(property);
                }
            }
            Some(())
        };
        let _ = read();
        if self.count > MOST_ENTRIES { Err(too_many()) } else { Ok(()) }
    }
}

/// The items that add something to another, out of `iref`, each once.
fn auxiliaries(
    source: &mut Source,
    references: Box4,
    to: u64,
    left: &mut u32,
) -> Result<BTreeSet<u64>, MediaError> {
    let [version] = source.array(references.from)?;
    let number = if version == 0 { 2 } else { 4 };
    let mut found = BTreeSet::new();
    let mut walk = Walk::new(references.from + 4, references.to);
    while let Some(one) = walk.find(b"auxl", source, left)? {
        let bytes = source.bytes(one.from, one.to - one.from)?;
        let mut rest = Slice(&bytes);
        let (Some(from), Some(count)) = (rest.be(number), rest.be(2)) else { continue };
        if (0..count).any(|_| rest.be(number) == Some(to)) {
            found.insert(from);
        }
    }
    Ok(found)
}

fn primary_of(source: &mut Source, one: Box4) -> Result<u64, MediaError> {
    let [version] = source.array(one.from)?;
    Ok(if version == 0 {
        u64::from(u16::from_be_bytes(source.array(one.from + 4)?))
    } else {
        u64::from(u32::from_be_bytes(source.array(one.from + 4)?))
    })
}

/// Number and kind. Version 3 has longer numbers than version 2; older ones have no kinds.
fn item_of(source: &mut Source, entry: Box4) -> Result<Option<(u64, [u8; 4])>, MediaError> {
    if entry.to - entry.from < 12 {
        return Ok(None);
    }
    let [version, _, _, _, a, b, rest @ ..] = source.array::<12>(entry.from)?;
    let [c, d, k0, k1, k2, k3] = rest;
    Ok(match version {
        2 => Some((u64::from(u16::from_be_bytes([a, b])), [k0, k1, k2, k3])),
        3 if entry.to - entry.from >= 14 => {
            let number = u64::from(u32::from_be_bytes([a, b, c, d]));
            Some((number, source.array(entry.from + 10)?))
        }
        _ => None,
    })
}

fn says_xmp(source: &mut Source, entry: Box4) -> Result<bool, MediaError> {
    let bytes = source.bytes(entry.from, (entry.to - entry.from).min(LONGEST_ENTRY))?;
    Ok(memchr::memmem::find(&bytes, XMP).is_some())
}

/// Where an item is.
#[derive(Default)]
struct Place {
    method: u64,
    /// Which other file it is in, where 0 is this one.
    file: u64,
    /// Where each part begins, and how long it is.
    parts: Vec<(u64, u64)>,
}

impl Place {
    /// An item stands in the file or, by the second method, in the box `idat`.
    fn parts(self, length: u64, data: Option<Box4>) -> Result<Vec<Range>, MediaError> {
        let base = match (self.file, self.method, data) {
            (0, 0, _) => 0,
            (0, 1, Some(data)) => data.from,
            _ => return Ok(Vec::new()),
        };
        let part = |(at, size): (u64, u64)| {
            let at = base.checked_add(at)?;
            // Without a length a part goes to the end.
            let to = if size == 0 { length } else { at.checked_add(size)? };
            (at <= to && to <= length).then_some((at, to))
        };
        let parts: Option<_> = self.parts.into_iter().map(part).collect();
        parts.ok_or(MediaError::Truncated("a part of the picture ends after the file does"))
    }
}

/// Where items are, out of `iloc`; what is damaged of it is not there.
///
/// # Errors
/// When it has more parts than any picture.
fn places_of(data: &[u8]) -> Result<BTreeMap<u64, Place>, MediaError> {
    let mut found = BTreeMap::new();
    let mut rest = Slice(data);
    let Some(shape) = Shape::read(&mut rest) else { return Ok(found) };
    let mut left = MOST_ENTRIES;
    for _ in 0..shape.count {
        let Some((number, place)) = shape.place(&mut rest) else { break };
        left = left.checked_sub(place.parts.len()).ok_or_else(too_many)?;
        found.insert(number, place);
    }
    Ok(found)
}

/// How long the numbers in `iloc` are, in bytes, and how many items it has.
struct Shape {
    version: u64,
    offset: u64,
    length: u64,
    base: u64,
    index: u64,
    number: u64,
    count: u64,
}

impl Shape {
    fn read(rest: &mut Slice) -> Option<Self> {
        let version = rest.be(1)?;
        rest.take(3)?;
        let (sizes, more) = (rest.be(1)?, rest.be(1)?);
        let (offset, length, base) = (sizes >> 4, sizes & 15, more >> 4);
        let index = if version == 0 { 0 } else { more & 15 };
        if [offset, length, base, index].iter().any(|size| *size > 8) {
            return None;
        }
        let number = if version < 2 { 2 } else { 4 };
        Some(Self { version, offset, length, base, index, number, count: rest.be(number)? })
    }

    fn place(&self, rest: &mut Slice) -> Option<(u64, Place)> {
        let number = rest.be(self.number)?;
        let method = if self.version == 0 { 0 } else { rest.be(2)? & 15 };
        let file = rest.be(2)?;
        let base = rest.be(self.base)?;
        let count = rest.be(2)?;
        // Parts that take no bytes here would cost time and nothing else.
        if count > 1 && self.offset + self.length == 0 {
            return None;
        }
        let mut parts = Vec::new();
        for _ in 0..count {
            rest.take(self.index)?;
            let (at, size) = (rest.be(self.offset)?, rest.be(self.length)?);
            parts.push((base.checked_add(at)?, size));
        }
        Some((number, Place { method, file, parts }))
    }
}
