//! AVIF: the item `Exif`, found by `meta` / `iinf` (which items there are) and `iloc` (where each is;
//! ISO 14496-12, 8.11). The page reads the same (`metadata/avif.ts`); save-image-extended
//! (commit 29971dc) writes them through Pillow. See [`super::exif`] for what is in it.

use super::{
    EmbeddedWorkflow,
    boxes::{Box4, MOST_BOXES, Walk},
    exif,
    slice::Slice,
    source::Source,
};
use crate::MediaError;

/// Reads what an AVIF holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let left = &mut { MOST_BOXES };
    let Some(meta) = Walk::new(0, source.length()).find(b"meta", source, left)? else {
        return Ok(());
    };
    // A version stands before what is in it.
    let inside = |kind, source: &mut Source, left: &mut u32| {
        Walk::new(meta.from + 4, meta.to).find(kind, source, left)
    };
    let Some(names) = inside(b"iinf", source, left)? else { return Ok(()) };
    let Some(places) = inside(b"iloc", source, left)? else { return Ok(()) };
    let Some(item) = exif_item(source, names, left)? else { return Ok(()) };
    let data = source.bytes(places.from, places.to - places.from)?;
    let Some(place) = place_of(&data, item) else { return Ok(()) };
    // An item stands in the file or, by the second method, in the box `idat`.
    let base = match place.method {
        0 => 0,
        1 => match inside(b"idat", source, left)? {
            Some(data) => data.from,
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    let mut exif = Vec::new();
    for (at, size) in place.parts {
        let at = at.checked_add(base).ok_or(MediaError::Truncated("its EXIF ends after it"))?;
        // Without a length a part goes to the end.
        let size = if size == 0 { source.length().saturating_sub(at) } else { size };
        exif.extend(source.bytes(at, size)?);
    }
    exif::read(&exif, found);
    Ok(())
}

/// The number of the item that is EXIF.
fn exif_item(source: &mut Source, list: Box4, left: &mut u32) -> Result<Option<u64>, MediaError> {
    let [version] = source.array(list.from)?;
    let from = list.from + if version == 0 { 6 } else { 8 };
    let mut walk = Walk::new(from, list.to);
    while let Some(entry) = walk.find(b"infe", source, left)? {
        if entry.to - entry.from < 12 {
            continue;
        }
        // Version 3 has longer numbers than version 2; older ones have no kinds.
        let [version, _, _, _, a, b, rest @ ..] = source.array::<12>(entry.from)?;
        let [c, d, k0, k1, k2, k3] = rest;
        if version == 2 && [k0, k1, k2, k3] == *b"Exif" {
            return Ok(Some(u64::from(u16::from_be_bytes([a, b]))));
        }
        if version == 3 && entry.to - entry.from >= 14 {
            let kind: [u8; 4] = source.array(entry.from + 10)?;
            if kind == *b"Exif" {
                return Ok(Some(u64::from(u32::from_be_bytes([a, b, c, d]))));
            }
        }
    }
    Ok(None)
}

struct Place {
    method: u64,
    /// Where each part begins, and how long it is.
    parts: Vec<(u64, u64)>,
}

/// Where an item is, out of `iloc`.
fn place_of(data: &[u8], wanted: u64) -> Option<Place> {
    let mut rest = Slice(data);
    let version = rest.be(1)?;
    rest.take(3)?;
    let (sizes, more) = (rest.be(1)?, rest.be(1)?);
    let (offset_size, length_size, base_size) = (sizes >> 4, sizes & 15, more >> 4);
    let index_size = if version == 0 { 0 } else { more & 15 };
    if [offset_size, length_size, base_size, index_size].iter().any(|size| *size > 8) {
        return None;
    }
    let number_size = if version < 2 { 2 } else { 4 };
    for _ in 0..rest.be(number_size)? {
        let number = rest.be(number_size)?;
        let method = if version == 0 { 0 } else { rest.be(2)? & 15 };
        // Which other file it is in, where 0 is this one.
        let file = rest.be(2)?;
        let base = rest.be(base_size)?;
        let mut parts = Vec::new();
        let count = rest.be(2)?;
        // Parts that take no bytes here would cost time and nothing else.
        if count > 1 && offset_size + length_size == 0 {
            return None;
        }
        for _ in 0..count {
            rest.take(index_size)?;
            let (at, size) = (rest.be(offset_size)?, rest.be(length_size)?);
            parts.push((base.checked_add(at)?, size));
        }
        if number == wanted && file == 0 {
            return Some(Place { method, parts });
        }
    }
    None
}
