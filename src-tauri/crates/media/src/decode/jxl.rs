//! JPEG XL, in sRGB as the library converts it.

use super::{Decoded, MOST_MEMORY, Taken, bounded};
use crate::{MediaError, Original, Stop, stop::Watched};
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use jxl_oxide::{AllocTracker, EnumColourEncoding, JxlImage, JxlThreadPool, RenderingIntent};
use std::io::BufReader;

pub fn decode(original: &mut Original, stop: &Stop) -> Result<Decoded, MediaError> {
    let damaged = |error: Box<dyn std::error::Error + Send + Sync>| {
        let text = error.to_string();
        // The library has no name for it.
        if text.contains("alloc") {
            MediaError::TooLarge("it takes too much memory".to_owned())
        } else {
            MediaError::Damaged(text)
        }
    };
    original.keep(stop)?;
    let file = BufReader::new(Watched::new(original.reader()?, stop.clone()));
    let room = usize::try_from(MOST_MEMORY).unwrap_or(usize::MAX);
    let mut picture = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(room))
        .read(file)
        .map_err(damaged)?;
    let size = (picture.width(), picture.height());
    // Three or four channels of floats, twice.
    bounded(size, 32)?;
    picture.request_color_encoding(EnumColourEncoding::srgb(RenderingIntent::Relative));
    let whole = picture.is_loading_done();
    let frame = if picture.num_loaded_keyframes() > 0 {
        picture.render_frame(0)
    } else {
        picture.render_loading_frame()
    };
    let frame = frame.map_err(damaged)?;
    let mut stream = frame.stream();
    let (width, height) = (stream.width(), stream.height());
    let channels = stream.channels();
    let mut bytes = vec![0_u8; width as usize * height as usize * channels as usize];
    stream.write_to_buffer(&mut bytes);
    let plain = match channels {
        1 => GrayImage::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        2 => GrayAlphaImage::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8),
        3 => RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        4 => RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
        _ => None,
    };
    let plain = plain.ok_or(MediaError::Unsupported)?;
    // The library has turned it upright.
    Ok(Decoded {
        damage: (!whole).then(|| "The file is cut off: what there is of it is shown.".to_owned()),
        ..Decoded::plain(plain, Taken::Picture)
    })
}
