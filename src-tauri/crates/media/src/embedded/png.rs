//! PNG and APNG: the chunks `tEXt`, `zTXt` and `iTXt` (PNG specification, third edition, 11.3.3), and
//! `comf`.
//!
//! ComfyUI's `SaveImage` writes `tEXt` chunks `prompt` and `workflow` through Pillow; its
//! `SaveAnimatedPNG` writes the same as `comf` chunks after the first `IDAT`. They are read wherever
//! they stand, before the pixels or after. Of several with the same keyword the last counts, as in
//! the page (`metadata/png.ts`). Settings may also be in an `eXIf` chunk, and in XMP, which is an
//! `iTXt` (XMP specification part 3, 1.1.5). See [`super::settings`] for those of other programs.

use super::{
    EmbeddedWorkflow, exif, settings,
    source::{ReadSeek, Source, too_much_text},
    text::{latin, utf8_or_latin},
    xmp,
};
use crate::MediaError;
use flate2::read::ZlibDecoder;
use std::io::{Read, Seek};

/// Chunks looked at; a picture of 200 megapixels has a few tens of thousands.
const MOST_CHUNKS: u32 = 1_000_000;

/// What a PNG says in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PngTexts {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Keyword and text, in the order of the file.
    pub texts: Vec<(String, String)>,
}

/// Reads what a PNG holds of a workflow.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let (mut exif, mut png) = (EmbeddedWorkflow::default(), PngTexts::default());
    let read = texts(source, &mut png, &mut exif);
    let settings = settings::of_texts(&png.texts);
    for (key, text) in png.texts {
        if key == "XML:com.adobe.xmp" {
            xmp::read(&text, &mut exif);
        } else {
            found.named(&key, &text);
        }
    }
    // Before what was taken of single texts: it is all of them.
    found.parameters = settings.or(found.parameters.take());
    found.fill(exif);
    read
}

/// Reads the texts of a PNG.
///
/// # Errors
/// When it is cut off before its end, or a text is damaged or too long.
pub fn png_texts(mut file: impl Read + Seek) -> Result<PngTexts, MediaError> {
    let file: &mut dyn ReadSeek = &mut file;
    let mut found = PngTexts::default();
    texts(&mut Source::new(file)?, &mut found, &mut EmbeddedWorkflow::default())?;
    Ok(found)
}

/// Reads texts as far as the file is whole.
fn texts(
    source: &mut Source,
    found: &mut PngTexts,
    exif: &mut EmbeddedWorkflow,
) -> Result<(), MediaError> {
    if source.array(0).map_err(ends_early)? != *b"\x89PNG\r\n\x1a\n" {
        return Err(MediaError::Damaged("it does not begin as a PNG does".to_owned()));
    }
    let mut at = 8;
    for _ in 0..MOST_CHUNKS {
        let [a, b, c, d, kind @ ..] = source.array::<8>(at).map_err(ends_early)?;
        let size = u64::from(u32::from_be_bytes([a, b, c, d]));
        let data = at + 8;
        if data + size + 4 > source.length() {
            return Err(MediaError::Truncated("a PNG chunk ends after the file does"));
        }
        match &kind {
            b"IEND" => return Ok(()),
            b"IHDR" if size >= 8 => {
                let [w0, w1, w2, w3, h0, h1, h2, h3] = source.array(data)?;
                found.width = u32::from_be_bytes([w0, w1, w2, w3]);
                found.height = u32::from_be_bytes([h0, h1, h2, h3]);
            }
            b"eXIf" => exif::read(&source.bytes(data, size)?, exif),
            b"tEXt" | b"zTXt" | b"iTXt" | b"comf" => {
                let data = source.bytes(data, size)?;
                let sum = source.array(at + 8 + size)?;
                found.texts.extend(text_of(source, kind, &data, sum)?);
            }
            _ => {}
        }
        at = data + size + 4;
    }
    Err(MediaError::Damaged("it has more chunks than any picture".to_owned()))
}

fn ends_early(error: MediaError) -> MediaError {
    match error {
        MediaError::Truncated(_) => MediaError::Truncated("the PNG ends before its end mark"),
        other => other,
    }
}

/// Keyword and text of a chunk; nothing where it is too short to have them.
fn text_of(
    source: &mut Source,
    kind: [u8; 4],
    data: &[u8],
    announced: [u8; 4],
) -> Result<Option<(String, String)>, MediaError> {
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(data);
    if sum.sum() != u32::from_be_bytes(announced) {
        return Err(MediaError::Damaged("the check sum of a text is wrong".to_owned()));
    }
    let Some((key, rest)) = split(data) else { return Ok(None) };
    let text = match &kind {
        b"tEXt" | b"comf" => utf8_or_latin(rest).into_owned(),
        b"zTXt" => utf8_or_latin(&inflate(source, rest.get(1..).unwrap_or_default())?).into_owned(),
        _ => {
            let (Some(packed), Some(rest)) = (rest.first(), rest.get(2..)) else { return Ok(None) };
            let Some((_language, rest)) = split(rest) else { return Ok(None) };
            let Some((_translated, rest)) = split(rest) else { return Ok(None) };
            let unpacked = if *packed == 1 { inflate(source, rest)? } else { rest.to_vec() };
            utf8_or_latin(&unpacked).into_owned()
        }
    };
    Ok(Some((latin(key), text)))
}

fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = data.iter().position(|byte| *byte == 0)?;
    Some((&data[..at], &data[at + 1..]))
}

/// Unpacks a text, at most as much as there is room for.
fn inflate(source: &mut Source, packed: &[u8]) -> Result<Vec<u8>, MediaError> {
    let mut out = Vec::new();
    let room = source.room();
    ZlibDecoder::new(packed).take(room + 1).read_to_end(&mut out).map_err(|error| {
        MediaError::Damaged(format!("a packed text cannot be unpacked, {error}"))
    })?;
    if out.len() as u64 > room {
        return Err(too_much_text());
    }
    source.take_room(out.len() as u64)?;
    Ok(out)
}
