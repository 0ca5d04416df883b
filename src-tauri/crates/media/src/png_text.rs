//! Texts in PNG files: where ComfyUI writes the prompt. Only chunk heads and texts are read, so a
//! picture of any size answers at once.

use crate::{Container, MediaError, recognise};
use flate2::read::ZlibDecoder;
use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

/// All texts of one picture together.
const MOST_TEXT: u64 = 64 << 20;
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

/// What a file holds of a workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmbeddedWorkflow {
    /// The prompt: what ran.
    pub prompt: Option<String>,
    /// The editor's graph: what was drawn.
    pub workflow: Option<String>,
    /// Settings as other programs write them.
    pub parameters: Option<String>,
    /// Drawn by the practice engine.
    pub practice: bool,
}

/// Reads what is embedded in a file. Only PNGs are read so far; other kinds answer with nothing.
///
/// # Errors
/// When the file cannot be read, or is a damaged PNG.
pub fn embedded(path: &Path) -> Result<(Container, EmbeddedWorkflow), MediaError> {
    let mut file = BufReader::new(File::open(path)?);
    let mut head = Vec::with_capacity(4_096);
    file.by_ref().take(4_096).read_to_end(&mut head)?;
    let container = recognise(&head, path.extension().and_then(|extension| extension.to_str()));
    if !matches!(container, Container::Png | Container::Apng) {
        return Ok((container, EmbeddedWorkflow::default()));
    }
    file.seek(SeekFrom::Start(0))?;
    let texts = png_texts(file)?;
    let mut found = EmbeddedWorkflow::default();
    for (key, text) in texts.texts {
        match key.as_str() {
            "prompt" => found.prompt = Some(text),
            "workflow" => found.workflow = Some(text),
            "parameters" => found.parameters = Some(text),
            "practice" => found.practice = true,
            _ => {}
        }
    }
    Ok((container, found))
}

/// Reads the texts of a PNG (`tEXt`, `zTXt`, `iTXt`; PNG specification, third edition, 11.3.3).
///
/// # Errors
/// When it is cut off before its end, or a text is damaged or too long.
pub fn png_texts(mut file: impl Read + Seek) -> Result<PngTexts, MediaError> {
    let mut signature = [0; 8];
    read(&mut file, &mut signature)?;
    if &signature != b"\x89PNG\r\n\x1a\n" {
        return Err(MediaError::Damaged("it does not begin as a PNG does".to_owned()));
    }
    let length = {
        let here = file.stream_position()?;
        let end = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(here))?;
        end
    };
    let mut found = PngTexts::default();
    let mut room = MOST_TEXT;
    for _ in 0..MOST_CHUNKS {
        let mut head = [0; 8];
        read(&mut file, &mut head)?;
        let [a, b, c, d, kind @ ..] = head;
        let size = u64::from(u32::from_be_bytes([a, b, c, d]));
        let here = file.stream_position()?;
        if here + size + 4 > length {
            return Err(MediaError::Truncated("a PNG chunk ends after the file does"));
        }
        match &kind {
            b"IEND" => return Ok(found),
            b"IHDR" if size >= 8 => {
                let mut shape = [0; 8];
                read(&mut file, &mut shape)?;
                let [w0, w1, w2, w3, h0, h1, h2, h3] = shape;
                found.width = u32::from_be_bytes([w0, w1, w2, w3]);
                found.height = u32::from_be_bytes([h0, h1, h2, h3]);
            }
            b"tEXt" | b"zTXt" | b"iTXt" => {
                if size > room {
                    return Err(MediaError::Damaged("its texts are larger than 64 MB".to_owned()));
                }
                let mut data = vec![0; usize::try_from(size).unwrap_or(usize::MAX)];
                read(&mut file, &mut data)?;
                let mut crc = [0; 4];
                read(&mut file, &mut crc)?;
                let mut sum = flate2::Crc::new();
                sum.update(&kind);
                sum.update(&data);
                if sum.sum() != u32::from_be_bytes(crc) {
                    return Err(MediaError::Damaged("the check sum of a text is wrong".to_owned()));
                }
                if let Some((key, text)) = text_of(&kind, &data, room)? {
                    room = room.saturating_sub(text.len() as u64 + size);
                    found.texts.push((key, text));
                }
            }
            _ => {}
        }
        file.seek(SeekFrom::Start(here + size + 4))?;
    }
    Err(MediaError::Damaged("it has more chunks than any picture".to_owned()))
}

fn read(file: &mut impl Read, into: &mut [u8]) -> Result<(), MediaError> {
    file.read_exact(into).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            MediaError::Truncated("the PNG ends before its end mark")
        }
        _ => MediaError::Io(error),
    })
}

fn text_of(kind: &[u8; 4], data: &[u8], room: u64) -> Result<Option<(String, String)>, MediaError> {
    let Some((key, rest)) = split(data) else { return Ok(None) };
    let key = latin(key);
    let text = match kind {
        // The keyword and text of `tEXt` are Latin-1; ComfyUI writes JSON in ASCII.
        b"tEXt" => text(rest),
        b"zTXt" => text(&inflate(rest.get(1..).unwrap_or_default(), room)?),
        _ => {
            let (Some(packed), Some(rest)) = (rest.first(), rest.get(2..)) else { return Ok(None) };
            let Some((_language, rest)) = split(rest) else { return Ok(None) };
            let Some((_translated, rest)) = split(rest) else { return Ok(None) };
            if *packed == 1 { text(&inflate(rest, room)?) } else { text(rest) }
        }
    };
    Ok(Some((key, text)))
}

fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = data.iter().position(|byte| *byte == 0)?;
    Some((&data[..at], &data[at + 1..]))
}

/// UTF-8 where it is that (other writers put it into `tEXt` too), else Latin-1.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| latin(bytes), str::to_owned)
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn inflate(packed: &[u8], room: u64) -> Result<Vec<u8>, MediaError> {
    let mut out = Vec::new();
    ZlibDecoder::new(packed).take(room + 1).read_to_end(&mut out).map_err(|error| {
        MediaError::Damaged(format!("a packed text cannot be unpacked, {error}"))
    })?;
    if out.len() as u64 > room {
        return Err(MediaError::Damaged("its texts are larger than 64 MB".to_owned()));
    }
    Ok(out)
}
