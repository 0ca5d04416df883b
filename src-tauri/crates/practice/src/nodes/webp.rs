//! Animated WebP: losslessly encoded frames in the container of the WebP
//! specification (VP8X, ANIM, one ANMF per frame), with ComfyUI's EXIF.

use image_webp::{ColorType, EncodingError, WebPEncoder};

use super::Pictures;

const ALPHA: u8 = 0x10;
const EXIF: u8 = 0x08;
const ANIMATION: u8 = 0x02;
/// In ANMF: this frame replaces what is there instead of being laid over it.
const DO_NOT_BLEND: u8 = 0x02;
/// Longest side of a WebP picture.
const LONGEST: usize = 16_384;

/// The pictures as one WebP; a single one makes a still picture. `milliseconds` is how
/// long each frame is shown.
pub fn animation(
    pictures: &Pictures,
    milliseconds: u32,
    metadata: &[(String, String)],
) -> Result<Vec<u8>, EncodingError> {
    if pictures.width > LONGEST || pictures.height > LONGEST {
        return Err(EncodingError::InvalidDimensions);
    }
    let (width, height) = (pictures.width as u32, pictures.height as u32);
    let moving = pictures.frames.len() > 1;
    let mut flags = EXIF;
    if pictures.channels == 4 {
        flags |= ALPHA;
    }
    if moving {
        flags |= ANIMATION;
    }
    let mut body = b"WEBP".to_vec();
    let mut canvas = vec![flags, 0, 0, 0];
    canvas.extend(u24(width - 1));
    canvas.extend(u24(height - 1));
    chunk(&mut body, b"VP8X", &canvas);
    if moving {
        // Background colour (none) and loop count (0 = for ever).
        chunk(&mut body, b"ANIM", &[0; 6]);
    }
    for index in 0..pictures.frames.len() {
        let pixels = lossless(pictures, index)?;
        if moving {
            let mut frame = vec![0; 6];
            frame.extend(u24(width - 1));
            frame.extend(u24(height - 1));
            frame.extend(u24(milliseconds.min(0xff_ffff)));
            frame.push(DO_NOT_BLEND);
            frame.extend(pixels);
            chunk(&mut body, b"ANMF", &frame);
        } else {
            body.extend(pixels);
        }
    }
    chunk(&mut body, b"EXIF", &exif(metadata));
    let mut file = b"RIFF".to_vec();
    file.extend((body.len() as u32).to_le_bytes());
    file.extend(body);
    Ok(file)
}

/// The `VP8L` chunk of one frame, taken out of the file the encoder makes.
fn lossless(pictures: &Pictures, index: usize) -> Result<Vec<u8>, EncodingError> {
    let color = match pictures.channels {
        1 => ColorType::L8,
        3 => ColorType::Rgb8,
        _ => ColorType::Rgba8,
    };
    let mut file = Vec::new();
    WebPEncoder::new(&mut file).encode(
        &pictures.bytes(index),
        pictures.width as u32,
        pictures.height as u32,
        color,
    )?;
    // Without metadata the file is RIFF, its size, WEBP and this one chunk.
    Ok(file.split_off(12))
}

fn u24(value: u32) -> [u8; 3] {
    let [a, b, c, _] = value.to_le_bytes();
    [a, b, c]
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    out.extend(name);
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
}

/// A big-endian TIFF block as ComfyUI writes it: `prompt:{..}` under Model (0x0110) and
/// the others from Make (0x010F) downward, with tags in rising order.
fn exif(metadata: &[(String, String)]) -> Vec<u8> {
    let mut entries: Vec<(u16, Vec<u8>)> = Vec::new();
    let mut next = 0x010f_u16;
    for (keyword, text) in metadata {
        let tag = if keyword == "prompt" {
            0x0110
        } else {
            next -= 1;
            next + 1
        };
        let mut value = format!("{keyword}:{text}").into_bytes();
        value.push(0);
        entries.push((tag, value));
    }
    entries.sort_by_key(|(tag, _)| *tag);
    let mut out = b"Exif\0\0MM\0*\0\0\0\x08".to_vec();
    out.extend((entries.len() as u16).to_be_bytes());
    // Offsets count from "MM": header, count, 12 bytes an entry, end of the list.
    let mut offset = 8 + 2 + 12 * entries.len() + 4;
    for (tag, value) in &entries {
        out.extend(tag.to_be_bytes());
        out.extend(2u16.to_be_bytes());
        out.extend((value.len() as u32).to_be_bytes());
        out.extend((offset as u32).to_be_bytes());
        offset += value.len();
    }
    out.extend([0; 4]);
    for (_, value) in entries {
        out.extend(value);
    }
    out
}
