//! What pictures look like, in 64 bits: pictures that look alike differ in few of them, whatever their
//! size and quality.

use crate::{
    MediaError,
    decode::{is_blank, limits},
};
use image::{DynamicImage, ImageReader, Rgb, RgbImage};
use image_hasher::{HashAlg, HasherConfig};
use std::io::Cursor;

/// Up to so many different bits are one picture at another size or quality.
pub const ALIKE: u32 = 8;

/// The perceptual hash of a small picture as [`crate::thumbnails`] writes it, for files whose small
/// pictures are there already. Nothing for a picture that shows nothing.
///
/// # Errors
/// When it cannot be decoded.
pub fn phash(small: &[u8]) -> Result<u64, MediaError> {
    let mut reader = ImageReader::new(Cursor::new(small)).with_guessed_format()?;
    reader.limits(limits());
    Ok(of(&reader.decode()?))
}

/// In how many of 64 bits two pictures differ. Up to [`ALIKE`] they look alike.
pub fn likeness(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// The lowest frequencies of its brightness, each above or below their median (DCT; Zauner 2010).
/// 0 for a picture that shows nothing.
pub(crate) fn of(picture: &DynamicImage) -> u64 {
    if is_blank(picture) {
        return 0;
    }
    let hasher = HasherConfig::with_bytes_type::<[u8; 8]>()
        .hash_size(8, 8)
        .hash_alg(HashAlg::Median)
        .preproc_dct()
        .to_hasher();
    // What is transparent is seen on grey, and not in whatever colour it has.
    let seen = if picture.color().has_alpha() {
        let from = picture.to_rgba8();
        let mut seen = RgbImage::new(from.width(), from.height());
        for (out, pixel) in seen.pixels_mut().zip(from.pixels()) {
            let [r, g, b, a] = pixel.0.map(u32::from);
            let over =
                |colour: u32| u8::try_from((colour * a + 128 * (255 - a)) / 255).unwrap_or(255);
            *out = Rgb([over(r), over(g), over(b)]);
        }
        DynamicImage::ImageRgb8(seen)
    } else {
        picture.clone()
    };
    u64::from_be_bytes(hasher.hash_image(&seen).into_inner())
}
