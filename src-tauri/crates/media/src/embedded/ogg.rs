//! Ogg with Opus, Vorbis, FLAC or Speex: the second packet of a stream holds its comments (RFC 7845,
//! 5.2; Vorbis I specification, 4.2; RFC 3533 for the pages). ComfyUI's `SaveAudioOpus` writes
//! `prompt` and `workflow` there through PyAV (`comfy_api/latest/_ui.py`, commit 6665515). A packet
//! may go over any number of pages.

use super::{EmbeddedWorkflow, slice::Slice, source::Source, vorbis};
use crate::MediaError;

/// Pages looked at: 64 MB of comments in pages of 4 kB, as libogg makes them, have 16,000.
const MOST_PAGES: u32 = 50_000;

/// Reads what an Ogg file holds of a workflow, in its first stream.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let Some(packets) = first_packets(source)? else { return Ok(()) };
    let Packets { head, comments } = packets;
    let list = if let Some(list) = comments.strip_prefix(b"OpusTags") {
        Some(list)
    } else if let Some(list) = comments.strip_prefix(b"\x03vorbis") {
        Some(list)
    } else if head.starts_with(b"\x7fFLAC") {
        // A FLAC block with its head.
        comments.get(4..)
    } else if head.starts_with(b"Speex   ") {
        Some(&comments[..])
    } else {
        None
    };
    if let Some(list) = list {
        vorbis::read(list, found);
    }
    Ok(())
}

#[derive(Default)]
struct Packets {
    head: Vec<u8>,
    comments: Vec<u8>,
}

/// The first two packets of the first stream; nothing if it has only one.
fn first_packets(source: &mut Source) -> Result<Option<Packets>, MediaError> {
    let mut packets = Packets::default();
    let (mut at, mut ended, mut stream) = (0, 0, None);
    for _ in 0..MOST_PAGES {
        if at == source.length() {
            return Ok(None);
        }
        let page: [u8; 27] = source.array(at)?;
        if !page.starts_with(b"OggS") {
            return Err(MediaError::Damaged("an Ogg page does not begin as one".to_owned()));
        }
        let mut fields = Slice(&page[14..]);
        let serial = fields.be(4);
        let segments = u64::from(page[26]);
        let table = source.bytes(at + 27, segments)?;
        let mut data = at + 27 + segments;
        let size: u64 = table.iter().map(|size| u64::from(*size)).sum();
        at = data + size;
        if *stream.get_or_insert(serial) != serial {
            continue;
        }
        let mut part = 0;
        for (place, size) in table.iter().enumerate() {
            part += u64::from(*size);
            // A packet ends with a segment that is not full; at the end of a page it may go on.
            let ends = *size < 255;
            if ends || place + 1 == table.len() {
                let bytes = source.bytes(data, part)?;
                if ended == 0 { &mut packets.head } else { &mut packets.comments }.extend(bytes);
                data += part;
                part = 0;
            }
            ended += u32::from(ends);
            if ended == 2 {
                return Ok(Some(packets));
            }
        }
    }
    Err(MediaError::Damaged("it has more Ogg pages before its sound than any file".to_owned()))
}
