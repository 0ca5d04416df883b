//! MP3: an ID3v2 tag at the beginning (ID3v2.2, 2.3.0 and 2.4.0, id3.org). ComfyUI's `SaveAudioMP3`
//! writes `prompt` and `workflow` through PyAV (`comfy_api/latest/_ui.py`, commit 6665515), which
//! makes them `TXXX` frames of version 2.4 in UTF-8.

use super::{EmbeddedWorkflow, slice::Slice, source::Source, text};
use crate::MediaError;
use std::borrow::Cow;

/// Reads what an MP3 holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    if source.length() < 10 {
        return Ok(());
    }
    let [i, d, three, version, _, flags, size @ ..] = source.array::<10>(0)?;
    if [i, d, three] != *b"ID3" {
        return Ok(());
    }
    let size = syncsafe(u64::from(u32::from_be_bytes(size))).ok_or_else(|| {
        MediaError::Damaged("the length of its ID3 tag is no such number".to_owned())
    })?;
    let mut tag = source.bytes(10, size)?;
    if flags & 0x80 != 0 && version < 4 {
        tag = resynchronised(&tag);
    }
    frames(&tag, version, flags & 0x40 != 0, found);
    Ok(())
}

/// A number whose bytes have seven bits each; nothing if one has eight.
fn syncsafe(number: u64) -> Option<u64> {
    let seven = |at: u32| number >> (8 * at) & 0x7f;
    (number & 0x8080_8080 == 0).then(|| seven(3) << 21 | seven(2) << 14 | seven(1) << 7 | seven(0))
}

/// Writers put a 0 after each 255 so that players do not take it for sound.
fn resynchronised(bytes: &[u8]) -> Vec<u8> {
    let mut before = 0;
    let mut out = bytes.to_vec();
    out.retain(|byte| std::mem::replace(&mut before, *byte) != 0xff || *byte != 0);
    out
}

fn frames(tag: &[u8], version: u8, extended: bool, found: &mut EmbeddedWorkflow) {
    let mut rest = Slice(tag);
    if extended && version > 2 {
        // An extended head: its length counts itself in 2.4 and not in 2.3.
        let skip = rest.be(4).and_then(|size| {
            if version == 3 { Some(size) } else { syncsafe(size)?.checked_sub(4) }
        });
        if skip.and_then(|size| rest.take(size)).is_none() {
            return;
        }
    }
    let width = if version == 2 { 3 } else { 4 };
    while let Some(name) = rest.take(width) {
        let Some(size) = rest.be(width) else { return };
        let flags = if version == 2 { 0 } else { rest.be(2).unwrap_or_default() };
        // Some writers of 2.4 forgot about the seven bits.
        let size = if version == 4 { syncsafe(size).unwrap_or(size) } else { size };
        // After the last frame there are zeros.
        let (false, Some(content)) = (name[0] == 0, rest.take(size)) else { return };
        frame(name, content, version, flags, found);
    }
}

fn frame(name: &[u8], content: &[u8], version: u8, flags: u64, found: &mut EmbeddedWorkflow) {
    let language = match name {
        b"TXXX" | b"TXX" => 0,
        b"COMM" | b"COM" => 3,
        _ => return,
    };
    // Packed or encrypted frames are left alone: no writer of workflows makes them.
    let (hidden, grouped) = if version == 4 { (0x0c, 0x40) } else { (0xc0, 0x20) };
    if flags & hidden != 0 {
        return;
    }
    let mut content = Slice(content);
    if flags & grouped != 0 {
        content.take(1);
    }
    if version == 4 && flags & 1 != 0 {
        content.take(4);
    }
    let plain;
    if version == 4 && flags & 2 != 0 {
        plain = resynchronised(content.0);
        content = Slice(&plain);
    }
    let Some(encoding) = content.be(1) else { return };
    content.take(language);
    let (key, value) = if matches!(encoding, 1 | 2) {
        let end = content.0.chunks_exact(2).position(|pair| pair == [0, 0]);
        let Some(key) = end.and_then(|end| content.take(end as u64 * 2)) else { return };
        content.take(2);
        (decode(encoding, key), decode(encoding, content.0))
    } else {
        (decode(encoding, content.until_nul()), decode(encoding, content.0))
    };
    if language == 0 {
        found.named(&key, &value);
    } else {
        found.unnamed(&value);
    }
}

fn decode(encoding: u64, bytes: &[u8]) -> Cow<'_, str> {
    match encoding {
        1 | 2 => Cow::Owned(text::utf16(bytes, encoding == 2)),
        // Latin-1 (0) is what many writers of UTF-8 say.
        _ => text::utf8_or_latin(bytes),
    }
}
