//! PNG, row by row: a picture of any size takes the memory of its small copy.

use super::{Decoded, MOST_PASSED, Pixels, Taken, Want, bounded, pixels, step_down, too_large};
use crate::{MediaError, Original, Stop, stop::Watched};
use image::{DynamicImage, ImageBuffer, metadata::Orientation};
use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Reader, Transformations};
use std::io::{BufRead, BufReader, Seek};

/// What the library may allocate beside the pixels: rows and profiles, in bytes.
const BESIDE: usize = 64 << 20;

pub fn decode(original: &mut Original, want: Want, stop: &Stop) -> Result<Decoded, MediaError> {
    original.keep(stop)?;
    let file = BufReader::with_capacity(1 << 16, Watched::new(original.reader()?, stop.clone()));
    let mut decoder = Decoder::new_with_limits(file, Limits { bytes: BESIDE });
    let deep = match want {
        Want::Edge(_) => Transformations::STRIP_16,
        Want::Whole => Transformations::IDENTITY,
    };
    decoder.set_transformations(Transformations::EXPAND | deep);
    decoder.set_ignore_text_chunk(true);
    let mut reader = decoder.read_info().map_err(error)?;
    let info = reader.info();
    let size = (info.width, info.height);
    if pixels(size.0, size.1) > MOST_PASSED {
        return Err(too_large(size));
    }
    let turn = info.exif_metadata.as_deref().and_then(Orientation::from_exif_chunk);
    let profile = match (&info.coding_independent_code_points, &info.icc_profile) {
        // The specification lets `cICP` win.
        (Some(code), _) => {
            crate::colour::profile_of_code(code.color_primaries, code.transfer_function)
        }
        (None, profile) => profile.as_deref().map(<[u8]>::to_vec),
    };
    let animated = info.animation_control.is_some();
    let down = if info.interlaced { 1 } else { step_down(size, want) };
    let (bytes, size_now, damage) =
        if down > 1 { smaller(&mut reader, size, down)? } else { whole(&mut reader, size)? };
    let (colour, depth) = reader.output_color_type();
    Ok(Decoded {
        pixels: Pixels::Plain(picture(bytes, size_now, colour, depth)?),
        turn: turn.unwrap_or(Orientation::NoTransforms),
        profile,
        taken: Taken::Picture,
        damage,
        note: None,
        animated,
    })
}

type Rows = (Vec<u8>, (u32, u32), Option<String>);

/// All pixels; what is missing is grey.
fn whole<R: BufRead + Seek>(reader: &mut Reader<R>, size: (u32, u32)) -> Result<Rows, MediaError> {
    let line = reader.output_line_size(size.0).ok_or_else(|| too_large(size))?;
    bounded((size.1, 1), line as u64)?;
    let mut bytes = vec![0; line * size.1 as usize];
    if reader.info().interlaced {
        let done = reader.next_frame(&mut bytes);
        let damage = match done {
            Ok(_) => None,
            Err(DecodingError::IoError(_) | DecodingError::Format(_))
                if bytes.iter().any(|byte| *byte != 0) =>
            {
                Some("The file is damaged: it was drawn as far as its data goes.".to_owned())
            }
            Err(other) => return Err(error(other)),
        };
        return Ok((bytes, size, damage));
    }
    for (count, row) in bytes.chunks_exact_mut(line).enumerate() {
        if let Err(why) = reader.read_row(row) {
            let damage = partly(why, count, size.1)?;
            bytes[count * line..].fill(MISSING);
            return Ok((bytes, size, Some(damage)));
        }
    }
    Ok((bytes, size, None))
}

/// What is drawn where data is missing.
const MISSING: u8 = 0x80;

/// The mean of each square of `down` by `down` pixels, while they are read.
fn smaller<R: BufRead + Seek>(
    reader: &mut Reader<R>,
    size: (u32, u32),
    down: u32,
) -> Result<Rows, MediaError> {
    let (colour, _) = reader.output_color_type();
    let channels = colour.samples();
    let alpha = matches!(colour, ColorType::GrayscaleAlpha | ColorType::Rgba);
    let line = reader.output_line_size(size.0).ok_or_else(|| too_large(size))?;
    let small = (size.0.div_ceil(down), size.1.div_ceil(down));
    let out_line = small.0 as usize * channels;
    let mut bytes = vec![MISSING; out_line * small.1 as usize];
    let mut row = vec![0; line];
    let mut sums = vec![0_u64; out_line];
    let mut damage = None;
    'rows: for (at, out) in bytes.chunks_exact_mut(out_line).enumerate() {
        sums.fill(0);
        let rows = down.min(size.1 - at as u32 * down);
        for count in 0..rows {
            if let Err(why) = reader.read_row(&mut row) {
                damage = Some(partly(why, at * down as usize + count as usize, size.1)?);
                break 'rows;
            }
            let squares = row.chunks(down as usize * channels).zip(sums.chunks_exact_mut(channels));
            for (square, sums) in squares {
                add(square, sums, channels, alpha);
            }
        }
        let columns = (0..small.0).map(|at| u64::from(down.min(size.0 - at * down) * rows));
        for ((out, sums), count) in
            out.chunks_exact_mut(channels).zip(sums.chunks_exact(channels)).zip(columns)
        {
            mean(out, sums, count, alpha);
        }
    }
    Ok((bytes, small, damage))
}

/// Adds pixels; colours count as much as they are opaque.
fn add(square: &[u8], sums: &mut [u64], channels: usize, alpha: bool) {
    for pixel in square.chunks_exact(channels) {
        if alpha {
            let (colours, opaque) = pixel.split_at(channels - 1);
            let opaque = u64::from(opaque[0]);
            for (sum, colour) in sums.iter_mut().zip(colours) {
                *sum += u64::from(*colour) * opaque;
            }
            sums[channels - 1] += opaque;
        } else {
            for (sum, colour) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(*colour);
            }
        }
    }
}

fn mean(out: &mut [u8], sums: &[u64], count: u64, alpha: bool) {
    let last = out.len() - 1;
    for (at, (out, sum)) in out.iter_mut().zip(sums).enumerate() {
        let over = if alpha && at < last { sums[last] } else { count };
        *out = u8::try_from((sum + over / 2).checked_div(over).unwrap_or_default()).unwrap_or(255);
    }
}

/// What is said when only so many rows could be drawn; the error itself when there are none.
fn partly(why: DecodingError, rows: usize, of: u32) -> Result<String, MediaError> {
    let whole = error(why);
    if rows == 0 {
        return Err(whole);
    }
    Ok(format!("{whole} Its first {rows} of {of} rows are shown."))
}

fn picture(
    bytes: Vec<u8>,
    (width, height): (u32, u32),
    colour: ColorType,
    depth: BitDepth,
) -> Result<DynamicImage, MediaError> {
    let made = if depth == BitDepth::Sixteen {
        let bytes =
            bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        match colour {
            ColorType::Grayscale => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLuma16)
            }
            ColorType::GrayscaleAlpha => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA16)
            }
            ColorType::Rgba => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgba16)
            }
            ColorType::Rgb | ColorType::Indexed => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgb16)
            }
        }
    } else {
        match colour {
            ColorType::Grayscale => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8)
            }
            ColorType::GrayscaleAlpha => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8)
            }
            ColorType::Rgba => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8)
            }
            ColorType::Rgb | ColorType::Indexed => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)
            }
        }
    };
    made.ok_or_else(|| MediaError::Damaged("its rows do not fit its size".to_owned()))
}

fn error(error: DecodingError) -> MediaError {
    match error {
        DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            MediaError::Truncated("the picture's data ends too early")
        }
        DecodingError::IoError(error) => MediaError::Io(error),
        DecodingError::LimitsExceeded => MediaError::TooLarge("its rows are too long".to_owned()),
        other => MediaError::Damaged(other.to_string()),
    }
}
