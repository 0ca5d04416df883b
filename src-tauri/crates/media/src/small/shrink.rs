//! Making pictures smaller.
//!
//! Values are averaged as they are stored (gamma-encoded), as vipsthumbnail, browsers and the other
//! galleries do: in linear light fine dark lines on white get thin, and it takes three times as long
//! (16 bits a channel, there and back through tables). Colours are weighted by their opacity.

use crate::MediaError;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image};
use image::DynamicImage;

/// What small pictures are made with, as Pillow's `thumbnail` does: it looks at two thirds of the pixels that
/// Lanczos looks at, and its weights need no sines, which were a thirtieth of the time for a small picture.
const FOR_LOOKING: FilterType = FilterType::CatmullRom;

/// A picture with at most this longest edge; one that is smaller as it is.
pub fn within(picture: DynamicImage, edge: u32) -> Result<DynamicImage, MediaError> {
    let (width, height) = fit(picture.width(), picture.height(), edge);
    if (width, height) == (picture.width(), picture.height()) {
        return Ok(picture);
    }
    with(FOR_LOOKING, &picture, width, height)
}

/// A picture with exactly this size, to be kept.
pub fn resized(
    picture: &DynamicImage,
    width: u32,
    height: u32,
) -> Result<DynamicImage, MediaError> {
    with(FilterType::Lanczos3, picture, width, height)
}

fn with(
    filter: FilterType,
    picture: &DynamicImage,
    width: u32,
    height: u32,
) -> Result<DynamicImage, MediaError> {
    let mut small = DynamicImage::new(width, height, picture.color());
    Resizer::new()
        .resize(picture, &mut small, Some(&options(filter)))
        .map_err(|error| failed(&error))?;
    Ok(small)
}

/// The same for printing inks.
pub fn inks(
    width: u32,
    height: u32,
    bytes: Vec<u8>,
    edge: u32,
) -> Result<(u32, u32, Vec<u8>), MediaError> {
    let small = fit(width, height, edge);
    if small == (width, height) {
        return Ok((width, height, bytes));
    }
    let from = Image::from_vec_u8(width, height, bytes, PixelType::U8x4)
        .map_err(|error| failed(&error))?;
    let mut to = Image::new(small.0, small.1, PixelType::U8x4);
    // The fourth is an ink and no opacity.
    let options = options(FOR_LOOKING).use_alpha(false);
    Resizer::new().resize(&from, &mut to, Some(&options)).map_err(|error| failed(&error))?;
    Ok((small.0, small.1, to.into_vec()))
}

/// A size with the same shape and at most this longest edge.
pub fn fit(width: u32, height: u32, edge: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= edge {
        return (width.max(1), height.max(1));
    }
    let scale = |side: u32| {
        let scaled =
            (u64::from(side) * u64::from(edge) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(edge).max(1)
    };
    (scale(width), scale(height))
}

fn options(filter: FilterType) -> ResizeOptions {
    ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter))
}

fn failed(error: &dyn std::fmt::Display) -> MediaError {
    MediaError::Damaged(error.to_string())
}
