//! WebM and Matroska: `Segment` / `Tags` / `Tag` / `SimpleTag` (RFC 8794 for the elements, RFC 9559
//! for what they mean).
//!
//! - ComfyUI's `SaveWEBM` (`comfy_extras/nodes_video.py`, commit 6665515) and VideoHelperSuite
//!   (4ee72c0) have ffmpeg write tags `PROMPT` and `WORKFLOW`, before the pictures.
//! - VideoHelperSuite before 2026 wrote one tag `COMMENT`, a JSON object with both in it.
//!
//! Other writers put the tags at the end: the index at the beginning (`SeekHead`) says where. Without
//! an index the elements are walked by their lengths.

use super::{EmbeddedWorkflow, slice::Slice, source::Source, text::utf8_or_latin};
use crate::MediaError;

/// Elements looked at: one for each cluster, or for each picture where lengths are unknown.
const MOST_ELEMENTS: u32 = 200_000;
/// Places of tags that an index may name.
const MOST_PLACES: usize = 16;

pub(crate) const SEGMENT: u64 = 0x1853_8067;
const SEEK_HEAD: u64 = 0x114d_9b74;
const SEEK: u64 = 0x4dbb;
const SEEK_ID: u64 = 0x53ab;
const SEEK_POSITION: u64 = 0x53ac;
const CLUSTER: u64 = 0x1f43_b675;
const TAGS: u64 = 0x1254_c367;
const TAG: u64 = 0x7373;
const SIMPLE_TAG: u64 = 0x67c8;
const TAG_NAME: u64 = 0x45a3;
const TAG_STRING: u64 = 0x4487;

/// Reads what a film holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let mut places = Vec::new();
    let (mut at, mut segment) = (0, 0);
    for _ in 0..MOST_ELEMENTS {
        if at >= source.length() || !found.is_empty() {
            break;
        }
        let element = element_at(source, at)?;
        // An element of unknown length is gone into: what follows is its content.
        at = element.to.unwrap_or(element.from);
        match element.id {
            SEGMENT => (segment, at) = (element.from, element.from),
            SEEK_HEAD => {
                let index = content(source, element)?;
                places = tags_by_index(&index, segment);
            }
            TAGS => tags(&content(source, element)?, found),
            // The pictures begin, and the index knows where the tags are.
            CLUSTER if !places.is_empty() => break,
            _ => {}
        }
        if element.to.is_some_and(|to| to > source.length()) && element.id != SEGMENT {
            return Err(MediaError::Truncated("an element of the film ends after the file does"));
        }
    }
    for place in places {
        if !found.is_empty() {
            break;
        }
        let element = element_at(source, place)?;
        if element.id == TAGS {
            tags(&content(source, element)?, found);
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
pub(crate) struct Element {
    pub(crate) id: u64,
    pub(crate) from: u64,
    /// Where it ends, if that is known.
    pub(crate) to: Option<u64>,
}

pub(crate) fn element_at(source: &mut Source, at: u64) -> Result<Element, MediaError> {
    // The head has 12 bytes at most, and a file may end sooner.
    let mut bytes = [0; 12];
    let most = source.length().saturating_sub(at).min(12);
    for (place, byte) in (at..at + most).zip(&mut bytes) {
        [*byte] = source.array(place)?;
    }
    let whole = usize::try_from(most).unwrap_or_default();
    let mut head = Slice(&bytes[..whole]);
    let (id, size) = head_of(&mut head)
        .ok_or_else(|| MediaError::Damaged("an element of the film has no head".to_owned()))?;
    let from = at + most - head.0.len() as u64;
    Ok(Element { id, from, to: size.map(|size| from.saturating_add(size)) })
}

/// An element's id and its length, if that is known.
fn head_of(rest: &mut Slice) -> Option<(u64, Option<u64>)> {
    let id_length = u64::from(rest.0.first()?.leading_zeros()) + 1;
    let id = (id_length <= 4).then(|| rest.be(id_length)).flatten()?;
    let length = u64::from(rest.0.first()?.leading_zeros()) + 1;
    let marked = (length <= 8).then(|| rest.be(length)).flatten()?;
    let size = marked & !(1 << (7 * length));
    // All ones: unknown.
    Some((id, Some(size).filter(|size| *size != (1 << (7 * length)) - 1)))
}

pub(crate) fn content(source: &mut Source, element: Element) -> Result<Vec<u8>, MediaError> {
    let to = element.to.ok_or_else(|| {
        MediaError::Damaged("the length of the film's tags is not said".to_owned())
    })?;
    source.bytes(element.from, to - element.from)
}

/// The elements of a content, one after the other; ends at the first that does not fit.
pub(crate) fn elements(data: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut rest = Slice(data);
    std::iter::from_fn(move || {
        let (id, size) = head_of(&mut rest)?;
        Some((id, rest.take(size?)?))
    })
}

pub(crate) fn child(data: &[u8], id: u64) -> Option<&[u8]> {
    elements(data).find(|(other, _)| *other == id).map(|(_, content)| content)
}

/// Where the tags are, as the index says; counted from where the segment's content begins.
fn tags_by_index(index: &[u8], segment: u64) -> Vec<u64> {
    let places = elements(index).filter(|(id, _)| *id == SEEK).filter_map(|(_, entry)| {
        let number = |id| {
            child(entry, id)
                .filter(|bytes| bytes.len() <= 8)
                .and_then(|bytes| Slice(bytes).be(bytes.len() as u64))
        };
        let place = number(SEEK_POSITION)?;
        (number(SEEK_ID)? == TAGS).then(|| segment.saturating_add(place))
    });
    places.take(MOST_PLACES).collect()
}

fn tags(data: &[u8], found: &mut EmbeddedWorkflow) {
    let tags = elements(data).filter(|(id, _)| *id == TAG);
    for (_, tag) in tags.flat_map(|(_, tag)| elements(tag)).filter(|(id, _)| *id == SIMPLE_TAG) {
        if let (Some(name), Some(text)) = (child(tag, TAG_NAME), child(tag, TAG_STRING)) {
            found.named(&utf8_or_latin(name), &utf8_or_latin(text));
        }
    }
}
