//! MP4 and QuickTime: `mvhd` and the heads of the first picture and sound track; AVIF and HEIC: the
//! sizes of their items (ISO 14496-12, 8.2 to 8.6; ISO 23008-12, 6.5).

use super::{Colour, Measures};
use crate::{
    Container, MediaError,
    embedded::{
        boxes::{Box4, MOST_BOXES, Walk},
        items::{About, is_alpha},
        source::Source,
    },
};

/// Boxes of tables read whole, in bytes.
const MOST_TABLE: u64 = 4 << 20;

pub fn read(source: &mut Source, into: &mut Measures) -> Result<(), MediaError> {
    let left = &mut { MOST_BOXES };
    let Some(movie) = Walk::new(0, source.length()).find(b"moov", source, left)? else {
        return Err(MediaError::Truncated("a film without its head"));
    };
    let mut walk = Walk::new(movie.from, movie.to);
    while let Some(one) = walk.next(source, left)? {
        match &one.kind {
            b"mvhd" => into.duration_ms = lasts(source, one)?,
            b"trak" => track(source, one, into, left)?,
            _ => {}
        }
    }
    // In fragments the head says 0.
    into.duration_ms = into.duration_ms.filter(|ms| *ms > 0);
    Ok(())
}

/// The duration in `mvhd` or `mdhd`: version, times, scale, duration.
fn lasts(source: &mut Source, head: Box4) -> Result<Option<u64>, MediaError> {
    let [version] = source.array(head.from)?;
    let (scale, lasts) = if version == 1 {
        let scale = u32::from_be_bytes(source.array(head.from + 20)?);
        (scale, u64::from_be_bytes(source.array(head.from + 24)?))
    } else {
        let scale = u32::from_be_bytes(source.array(head.from + 12)?);
        let lasts = u32::from_be_bytes(source.array(head.from + 16)?);
        // All ones: unknown.
        (scale, if lasts == u32::MAX { 0 } else { u64::from(lasts) })
    };
    let ms = u128::from(lasts) * 1_000 / u128::from(scale.max(1));
    Ok(u64::try_from(ms).ok())
}

fn track(
    source: &mut Source,
    track: Box4,
    into: &mut Measures,
    left: &mut u32,
) -> Result<(), MediaError> {
    let Some(media) = Walk::new(track.from, track.to).find(b"mdia", source, left)? else {
        return Ok(());
    };
    let inside = |outer: Box4, kind, source: &mut Source, left: &mut u32| {
        Walk::new(outer.from, outer.to).find(kind, source, left)
    };
    let Some(handler) = inside(media, b"hdlr", source, left)? else { return Ok(()) };
    let what: [u8; 4] = source.array(handler.from + 8)?;
    let Some(info) = inside(media, b"minf", source, left)? else { return Ok(()) };
    let Some(table) = inside(info, b"stbl", source, left)? else { return Ok(()) };
    let Some(samples) = inside(table, b"stsd", source, left)? else { return Ok(()) };
    // Version, a count, the first entry's head and its reference.
    let entry = samples.from + 8 + 8 + 8;
    match &what {
        b"vide" if into.width.is_none() => {
            let [w0, w1, h0, h1] = source.array(entry + 16)?;
            let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
            let size = (side(w0, w1), side(h0, h1));
            let turned = match inside(track, b"tkhd", source, left)? {
                Some(head) => is_turned(source, head)?,
                None => false,
            };
            let size = if turned { (size.1, size.0) } else { size };
            into.turned(size, None);
            if let Some(times) = inside(table, b"stts", source, left)? {
                into.frames = count(source, times)?;
            }
        }
        b"soun" if into.channels.is_none() => {
            let [c0, c1] = source.array(entry + 8)?;
            into.channels = Some(u16::from_be_bytes([c0, c1]));
            let [r0, r1] = source.array(entry + 16)?;
            let rate = u32::from(u16::from_be_bytes([r0, r1]));
            into.sample_rate = Some(rate).filter(|rate| *rate > 0);
        }
        _ => {}
    }
    Ok(())
}

/// Whether the matrix of `tkhd` turns by a quarter: nothing on its diagonal.
fn is_turned(source: &mut Source, head: Box4) -> Result<bool, MediaError> {
    let [version] = source.array(head.from)?;
    let matrix = head.from + if version == 1 { 52 } else { 40 };
    let a = i32::from_be_bytes(source.array(matrix)?);
    let b = i32::from_be_bytes(source.array(matrix + 4)?);
    Ok(a == 0 && b != 0)
}

/// How many samples the table of times has.
fn count(source: &mut Source, times: Box4) -> Result<Option<u32>, MediaError> {
    if times.to - times.from > MOST_TABLE {
        return Ok(None);
    }
    let bytes = source.bytes(times.from, times.to - times.from)?;
    let entries = bytes.get(8..).unwrap_or_default().chunks_exact(8);
    let counts = entries
        .map(|entry| u64::from(u32::from_be_bytes([entry[0], entry[1], entry[2], entry[3]])));
    Ok(u32::try_from(counts.sum::<u64>()).ok().filter(|count| *count > 0))
}

/// AVIF and HEIC: the largest size among the items' properties, which is the picture and not a part
/// or a preview of it, without the edges that are cut off; turned where a property turns it.
pub fn picture(source: &mut Source, into: &mut Measures) -> Result<(), MediaError> {
    into.colour = Some(Colour::Rgb);
    let left = &mut { MOST_BOXES };
    let Some(meta) = Walk::new(0, source.length()).find(b"meta", source, left)? else {
        return match into.container {
            // A sequence is a film.
            Container::Avif => read(source, into),
            _ => Err(MediaError::Damaged("it says nothing of its pictures".to_owned())),
        };
    };
    let Some(properties) = Walk::new(meta.from + 4, meta.to).find(b"iprp", source, left)? else {
        return Ok(());
    };
    let Some(list) = Walk::new(properties.from, properties.to).find(b"ipco", source, left)? else {
        return Ok(());
    };
    let (mut size, mut turned, mut alpha) = (None::<(u32, u32)>, false, false);
    let mut walk = Walk::new(list.from, list.to);
    while let Some(one) = walk.next(source, left)? {
        match &one.kind {
            b"ispe" => {
                let width = u32::from_be_bytes(source.array(one.from + 4)?);
                let height = u32::from_be_bytes(source.array(one.from + 8)?);
                let pixels = |(w, h): (u32, u32)| u64::from(w) * u64::from(h);
                if size.is_none_or(|other| pixels(other) < pixels((width, height))) {
                    size = Some((width, height));
                }
            }
            b"irot" => {
                let [quarter] = source.array(one.from)?;
                turned |= quarter & 1 == 1;
            }
            b"pixi" => {
                let [_, _, _, _, count, bits] = source.array(one.from)?;
                if count >= 3 {
                    into.bits = Some(bits);
                }
            }
            b"auxC" => alpha |= is_alpha(source, one)?,
            _ => {}
        }
    }
    into.alpha = Some(alpha);
    let cut = About::read(source).cut;
    let inside =
        |(w, h): &(u32, u32)| size.is_some_and(|(width, height)| *w <= width && *h <= height);
    if let Some((width, height)) = cut.filter(inside).or(size) {
        into.turned(if turned { (height, width) } else { (width, height) }, None);
    }
    if Walk::new(0, source.length()).find(b"moov", source, left)?.is_none() {
        into.frames = Some(1);
    }
    Ok(())
}
