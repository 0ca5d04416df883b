//! Prompts and workflows into copies, under the names that ComfyUI and its page read.

use super::strip::png_chunk;
use crate::{EmbeddedWorkflow, MediaError};
use std::io::Write;

/// What an `APP1` segment of a JPEG holds beside its own head, in bytes.
pub const MOST_IN_JPEG: usize = 65_533 - 6;

/// Signature and `IHDR` of a PNG, in bytes.
const PNG_HEAD: usize = 33;

/// Writes a PNG with text chunks behind its head, as ComfyUI does.
pub fn into_png(
    png: &[u8],
    found: &EmbeddedWorkflow,
    to: &mut impl Write,
) -> Result<(), MediaError> {
    let (head, rest) =
        png.split_at_checked(PNG_HEAD).ok_or(MediaError::Truncated("a PNG without its head"))?;
    to.write_all(head)?;
    let practice = found.practice.then_some("true");
    for (key, text) in [
        ("prompt", found.prompt.as_deref()),
        ("workflow", found.workflow.as_deref()),
        ("parameters", found.parameters.as_deref()),
        ("practice", practice),
    ] {
        let Some(text) = text else { continue };
        // `tEXt` is Latin-1 to some readers and UTF-8 to others.
        let chunk = if text.is_ascii() {
            png_chunk(b"tEXt", format!("{key}\0{text}").as_bytes())
        } else {
            png_chunk(b"iTXt", format!("{key}\0\0\0\0\0{text}").as_bytes())
        };
        to.write_all(&chunk)?;
    }
    to.write_all(rest)?;
    Ok(())
}

/// EXIF as ComfyUI writes it into WebP (the prompt under `Model`, the graph under `Make`), with the
/// settings of other programs as a comment, as A1111 does. Nothing where there is nothing to write.
pub fn exif(found: &EmbeddedWorkflow) -> Option<Vec<u8>> {
    const ASCII: u16 = 2;
    const LONG: u16 = 4;
    const UNDEFINED: u16 = 7;
    let named = |name: &str, text: &Option<String>| {
        text.as_ref().map(|text| format!("{name}:{text}\0").into_bytes())
    };
    let comment = found.parameters.as_ref().map(|text| {
        let utf16 = text.encode_utf16().flat_map(u16::to_be_bytes);
        b"UNICODE\0".iter().copied().chain(utf16).collect::<Vec<u8>>()
    });
    let mut main: Vec<(u16, u16, Vec<u8>)> = Vec::new();
    main.extend(named("workflow", &found.workflow).map(|text| (0x010f, ASCII, text)));
    main.extend(named("prompt", &found.prompt).map(|text| (0x0110, ASCII, text)));
    if comment.is_some() {
        // Where the second directory begins is known below.
        main.push((0x8769, LONG, vec![0; 4]));
    }
    if main.is_empty() {
        return None;
    }
    let mut block = b"MM\0*\0\0\0\x08".to_vec();
    let last = main.len() - 1;
    let values: usize = main
        .iter()
        .map(|(_, _, value)| if value.len() > 4 { value.len().next_multiple_of(2) } else { 0 })
        .sum();
    let second = block.len() + 2 + main.len() * 12 + 4 + values;
    if comment.is_some() {
        main[last].2 = u32::try_from(second).ok()?.to_be_bytes().to_vec();
    }
    directory(&mut block, &main)?;
    if let Some(comment) = comment {
        directory(&mut block, &[(0x9286, UNDEFINED, comment)])?;
    }
    Some(block)
}

/// Writes a directory and its values (TIFF 6.0, section 2).
fn directory(block: &mut Vec<u8>, entries: &[(u16, u16, Vec<u8>)]) -> Option<()> {
    block.extend(u16::try_from(entries.len()).ok()?.to_be_bytes());
    let mut at = block.len() + entries.len() * 12 + 4;
    let mut values = Vec::new();
    for (tag, kind, value) in entries {
        block.extend(tag.to_be_bytes());
        block.extend(kind.to_be_bytes());
        let count = if *kind == 4 { value.len() / 4 } else { value.len() };
        block.extend(u32::try_from(count).ok()?.to_be_bytes());
        if value.len() <= 4 {
            let mut short = value.clone();
            short.resize(4, 0);
            block.extend(short);
        } else {
            block.extend(u32::try_from(at).ok()?.to_be_bytes());
            values.extend_from_slice(value);
            // Values begin at even places.
            if value.len() % 2 == 1 {
                values.push(0);
            }
            at += value.len().next_multiple_of(2);
        }
    }
    block.extend([0; 4]);
    block.extend(values);
    Some(())
}
