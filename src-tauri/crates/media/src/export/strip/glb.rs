//! GLB (glTF 2.0, 3.9 and 4.4): `extras` of every part, who made it, and XMP are overwritten with
//! nothing of the same length in the JSON; the numbers beside them are not written anew. Textures are
//! files of their own and are stripped as such; what becomes free behind them is zeros.

use super::{Plan, chunks, damaged, jpeg};
use crate::{
    Container, MediaError,
    embedded::{json, source::Source},
    recognise,
};
use serde_json::Value;
use std::ops::Range;

/// Chunks looked at.
const MOST: u32 = 1_000;

pub fn plan(source: &mut Source) -> Result<Plan, MediaError> {
    let [_, _, _, _, version @ .., s0, s1, s2, s3] = source.array::<12>(0)?;
    let end = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
    if version != [2, 0, 0, 0] {
        return Err(MediaError::NotStripped);
    }
    if end > source.length() {
        return Err(MediaError::Truncated("a GLB shorter than it says"));
    }
    let (mut chunks, mut at) = (Vec::new(), 12);
    for _ in 0..MOST {
        if at + 8 > end {
            break;
        }
        let [a, b, c, d, kind @ ..] = source.array::<8>(at)?;
        let next = at + 8 + u64::from(u32::from_le_bytes([a, b, c, d]));
        if next > end {
            return Err(MediaError::Truncated("a chunk of a GLB ends after the file does"));
        }
        // Readers do without chunks of other kinds (4.4.1).
        if matches!(&kind, b"JSON" | b"BIN\0") {
            chunks.push((at, next, kind));
        }
        at = next;
    }
    let Some((from, to, _)) = chunks.first().filter(|(_, _, kind)| kind == b"JSON") else {
        return Err(damaged("a GLB does not begin with what is in it"));
    };
    let bytes = source.bytes(from + 8, to - from - 8)?;
    let text = emptied(bytes)?;
    let whole = 12 + chunks.iter().map(|(from, to, _)| to - from).sum::<u64>();
    let whole = u32::try_from(whole).map_err(|_| damaged("a GLB is longer than one can be"))?;
    let mut plan = Plan::default();
    plan.write([b"glTF\x02\0\0\0", &whole.to_le_bytes()[..]].concat());
    plan.copy(*from, from + 8);
    let mut textures = textures(&text);
    plan.write(text);
    for (number, (from, to, _)) in chunks[1..].iter().enumerate() {
        let mut at = *from;
        // The first chunk behind the JSON is the buffer that has no file (3.6.1.2).
        for (place, length) in if number == 0 { std::mem::take(&mut textures) } else { Vec::new() }
        {
            let begin = from + 8 + place;
            if begin < at || begin + length > *to {
                return Err(damaged("a texture of a GLB lies over another or outside"));
            }
            plan.copy(at, begin);
            at = begin + length;
            texture(&mut plan, source, begin, at)?;
        }
        plan.copy(at, *to);
    }
    Ok(plan)
}

/// Where the textures are in the buffer, and how long each is; in the order of the buffer, each once.
fn textures(json: &[u8]) -> Vec<(u64, u64)> {
    let text = std::str::from_utf8(json).unwrap_or_default();
    let list = |name: &str| {
        let list = json::entry(text, name).and_then(|list| serde_json::from_str(list).ok());
        list.unwrap_or(Value::Null)
    };
    let (images, views) = (list("images"), list("bufferViews"));
    let images = images.as_array().into_iter().flatten();
    let views = images.filter_map(|image| {
        let view = views.get(usize::try_from(image.get("bufferView")?.as_u64()?).ok()?)?;
        let number = |name: &str| view.get(name).and_then(Value::as_u64);
        // Lengths are those of four bytes; others are found to lie outside.
        let place = number("byteOffset").unwrap_or(0).min(u64::from(u32::MAX));
        let length = number("byteLength")?.min(u64::from(u32::MAX));
        (number("buffer") == Some(0)).then_some((place, length))
    });
    let mut found: Vec<_> = views.collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A texture without what is embedded in it, as long as it was. Formats that hold none stay.
fn texture(plan: &mut Plan, source: &mut Source, from: u64, to: u64) -> Result<(), MediaError> {
    let part = &mut source.part(from, to)?;
    let made = match recognise(&part.head(64)?, None) {
        Container::Png | Container::Apng => chunks::png(part)?,
        Container::WebP => chunks::webp(part)?,
        Container::Jpeg => jpeg::plan(part)?,
        _ => {
            plan.copy(from, to);
            return Ok(());
        }
    };
    let left = (to - from).checked_sub(made.length());
    let left = left.ok_or_else(|| damaged("a texture of a GLB would become longer"))?;
    plan.append(made, from);
    plan.zeros(left);
    Ok(())
}

/// The JSON with nothing in place of what is not about the model.
fn emptied(bytes: Vec<u8>) -> Result<Vec<u8>, MediaError> {
    let text = String::from_utf8(bytes).map_err(|_| damaged("a GLB's JSON is no text"))?;
    serde_json::from_str::<&serde_json::value::RawValue>(text.trim_end_matches('\0'))
        .map_err(|error| damaged(&format!("a GLB's JSON cannot be read ({error})")))?;
    let mut gone = members(&text);
    // Elsewhere such names may mean something else.
    for value in ["generator", "copyright"]
        .iter()
        .filter_map(|name| json::entry(json::entry(&text, "asset")?, name))
    {
        let from = value.as_ptr().addr() - text.as_ptr().addr();
        gone.push(from..from + value.len());
    }
    let mut bytes = text.into_bytes();
    for range in gone {
        let old = &mut bytes[range];
        let new: &[u8] = match old {
            [b'"', ..] => b"\"\"",
            [b'{', ..] => b"{}",
            [b'[', ..] => b"[]",
            _ => b"0",
        };
        old.fill(b' ');
        old[..new.len()].copy_from_slice(new);
    }
    Ok(bytes)
}

/// Where the values are that belong to other programs, in a JSON that can be read.
fn members(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(quote) = text[at..].find('"') {
        let begin = at + quote;
        let Some(key) = json::value(&text[begin..]) else { break };
        at = begin + key.len();
        let Some(after) = text[at..].trim_start().strip_prefix(':') else { continue };
        let name = json::string(key);
        if matches!(name.as_deref(), Some("extras" | "KHR_xmp_json_ld" | "KHR_xmp")) {
            let after = after.trim_start();
            let Some(value) = json::value(after) else { break };
            let from = text.len() - after.len();
            at = from + value.len();
            found.push(from..at);
        }
    }
    found
}
