//! BMP, TIFF and OpenEXR.

use super::{Decoded, Taken, limits};
use crate::{MediaError, Original, Stop, stop::Watched};
use image::{DynamicImage, ImageDecoder, ImageReader, Rgba, RgbaImage, metadata::Orientation};
use std::io::BufReader;

pub fn decode(original: &mut Original, stop: &Stop) -> Result<Decoded, MediaError> {
    original.keep(stop)?;
    let file = BufReader::with_capacity(1 << 16, Watched::new(original.reader()?, stop.clone()));
    let mut reader = ImageReader::new(file).with_guessed_format()?;
    reader.limits(limits());
    let mut decoder = reader.into_decoder()?;
    super::bounded(decoder.dimensions(), u64::from(decoder.color_type().bytes_per_pixel()) * 2)?;
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder)?;
    let picture = match &picture {
        DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_) => of_light(&picture),
        _ => picture,
    };
    Ok(Decoded { turn, profile, ..Decoded::plain(picture, Taken::Picture) })
}

/// Amounts of light (OpenEXR) as sRGB. What is brighter than white is white.
fn of_light(picture: &DynamicImage) -> DynamicImage {
    let light = picture.to_rgba32f();
    let curve = |light: f32| {
        let light = if light.is_finite() { light.clamp(0.0, 1.0) } else { 0.0 };
        if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and 255.
    let byte = |share: f32| (share * 255.0 + 0.5) as u8;
    let mut made = RgbaImage::new(light.width(), light.height());
    for (out, pixel) in made.pixels_mut().zip(light.pixels()) {
        let [r, g, b, a] = pixel.0;
        let a = if a.is_finite() { a.clamp(0.0, 1.0) } else { 1.0 };
        *out = Rgba([byte(curve(r)), byte(curve(g)), byte(curve(b)), byte(a)]);
    }
    let made = DynamicImage::ImageRgba8(made);
    if picture.color().has_alpha() { made } else { DynamicImage::ImageRgb8(made.into_rgb8()) }
}
