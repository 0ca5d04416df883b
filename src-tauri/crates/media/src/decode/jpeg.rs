//! JPEG. zune-jpeg decodes fastest and draws what there is of a file that is cut off; jpeg-decoder
//! makes a picture smaller while it decodes, and gives printing inks as they are.

use super::{Decoded, MOST_MEMORY, MOST_PASSED, Pixels, Taken, Want, bounded, pixels, too_large};
use crate::{
    MediaError, Original, Stop,
    embedded::source::Source,
    export::jpeg_is_whole,
    measure::jpeg::{Frame, frame},
    stop::Watched,
};
use image::{DynamicImage, GrayImage, RgbImage, metadata::Orientation};
use jpeg_decoder::PixelFormat;
use std::io::BufReader;
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};

pub fn decode(original: &mut Original, want: Want, stop: &Stop) -> Result<Decoded, MediaError> {
    let frame = frame(&mut Source::new(&mut original.reader()?)?, |_| {})?;
    let size = frame.size;
    if pixels(size.0, size.1) > MOST_PASSED {
        return Err(too_large(size));
    }
    let damage = match original.verify() {
        // Telephones put films behind their pictures; then the end is looked for from the beginning.
        Err(error) if !jpeg_is_whole(&mut Source::new(&mut original.reader()?)?) => {
            Some(format!("{error} What there is of it is shown."))
        }
        _ => None,
    };
    let smallest = match want {
        // The filter that follows wants half as many again.
        Want::Edge(edge) => edge.saturating_add(edge / 2),
        Want::Whole => u32::MAX,
    };
    // One eighth to the whole, in powers of two.
    let down =
        [8, 4, 2].into_iter().find(|down| size.0.max(size.1) / down >= smallest).unwrap_or(1);
    let channels = u64::from(frame.channels);
    let by_zune = !frame.rare
        && original.fits()
        && matches!(frame.channels, 1 | 3)
        // All coefficients at once, two bytes each, and the pixels.
        && bounded(size, channels * if frame.progressive { 3 } else { 1 }).is_ok();
    let scaled = (down >= 4 || !by_zune).then(|| scaled(original, &frame, down, stop));
    let mut decoded = match scaled {
        Some(Ok(decoded)) => decoded,
        Some(Err(error)) if !by_zune => return Err(error),
        _ => by_zune_jpeg(original, size, stop)?,
    };
    decoded.damage = decoded.damage.or(damage);
    Ok(decoded)
}

fn by_zune_jpeg(
    original: &mut Original,
    size: (u32, u32),
    stop: &Stop,
) -> Result<Decoded, MediaError> {
    let Some(bytes) = original.keep(stop)? else { return Err(too_large(size)) };
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let damaged = |error: zune_jpeg::errors::DecodeErrors| MediaError::Damaged(error.to_string());
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    decoder.set_options(options.jpeg_set_out_colorspace(if grey {
        ColorSpace::Luma
    } else {
        ColorSpace::RGB
    }));
    let made = decoder.decode().map_err(damaged)?;
    let picture = if grey {
        GrayImage::from_raw(size.0, size.1, made).map(DynamicImage::ImageLuma8)
    } else {
        RgbImage::from_raw(size.0, size.1, made).map(DynamicImage::ImageRgb8)
    };
    let picture =
        picture.ok_or_else(|| MediaError::Damaged("its pixels do not fit its size".to_owned()))?;
    Ok(Decoded {
        turn: turn(decoder.exif().map(Vec::as_slice)),
        profile: decoder.icc_profile(),
        ..Decoded::plain(picture, Taken::Picture)
    })
}

fn scaled(
    original: &mut Original,
    frame: &Frame,
    down: u32,
    stop: &Stop,
) -> Result<Decoded, MediaError> {
    let channels = u64::from(frame.channels);
    let small = (frame.size.0.div_ceil(down), frame.size.1.div_ceil(down));
    bounded(small, channels * 3)?;
    if frame.progressive || frame.rare {
        bounded(frame.size, channels * 3)?;
    }
    original.keep(stop)?;
    let file = BufReader::with_capacity(1 << 16, Watched::new(original.reader()?, stop.clone()));
    let mut decoder = jpeg_decoder::Decoder::new(file);
    decoder.set_max_decoding_buffer_size(usize::try_from(MOST_MEMORY).unwrap_or(usize::MAX));
    decoder.read_info().map_err(error)?;
    let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
    let (width, height) = decoder.scale(side(small.0), side(small.1)).map_err(error)?;
    let (width, height) = (u32::from(width), u32::from(height));
    let bytes = decoder.decode().map_err(error)?;
    let format = decoder.info().map(|info| info.pixel_format);
    let plain = match format {
        Some(PixelFormat::L8) => {
            GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8)
        }
        Some(PixelFormat::RGB24) => {
            RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)
        }
        Some(PixelFormat::L16) => {
            let words =
                bytes.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect();
            image::ImageBuffer::from_raw(width, height, words).map(DynamicImage::ImageLuma16)
        }
        Some(PixelFormat::CMYK32) if bytes.len() as u64 == pixels(width, height) * 4 => {
            // The library turns them round always.
            let turned = |byte: &u8| if frame.adobe { *byte } else { 255 - byte };
            let bytes = bytes.iter().map(turned).collect();
            return Ok(Decoded {
                pixels: Pixels::Inks { width, height, bytes },
                turn: turn(decoder.exif_data()),
                profile: decoder.icc_profile(),
                taken: Taken::Picture,
                damage: None,
                note: None,
                animated: false,
            });
        }
        _ => None,
    };
    let plain =
        plain.ok_or_else(|| MediaError::Damaged("its pixels do not fit its size".to_owned()))?;
    Ok(Decoded {
        turn: turn(decoder.exif_data()),
        profile: decoder.icc_profile(),
        ..Decoded::plain(plain, Taken::Picture)
    })
}

fn turn(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

fn error(error: jpeg_decoder::Error) -> MediaError {
    match error {
        jpeg_decoder::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            MediaError::Truncated("the picture's data ends too early")
        }
        jpeg_decoder::Error::Io(error) => MediaError::Io(error),
        jpeg_decoder::Error::Unsupported(_) => MediaError::Unsupported,
        other => MediaError::Damaged(other.to_string()),
    }
}
