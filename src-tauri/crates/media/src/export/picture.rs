//! Pictures in another format or size.

use super::Part;
use crate::{
    EmbeddedWorkflow, MediaError, Original, Stop, Tools, colour,
    decode::{self, Pixels, Taken, Want},
    small,
};
use image::{
    ColorType, DynamicImage, ImageEncoder, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};
use std::{io::Write, path::Path};

/// The longest edge of a resized copy, in pixels.
const LONGEST_EDGE: u32 = 16_384;
/// The most pixels of a resized copy.
const MOST_PIXELS: u64 = 200_000_000;

/// What a picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// PNG, sixteen bits where the original has them.
    Png,
    /// JPEG with this quality, 1 to 100; what is transparent becomes white.
    Jpeg(u8),
    /// WebP without loss.
    WebP,
}

impl PictureFormat {
    /// Its usual extension.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg(_) => "jpg",
            Self::WebP => "webp",
        }
    }
}

/// How large a copy is. A picture is never made larger than it is by `LongestEdge`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resize {
    /// As the original.
    Keep,
    /// At most so many pixels an edge.
    LongestEdge(u32),
    /// So many percent of each edge, above 0 and at most 400.
    Percent(f32),
}

/// What becomes of what is embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metadata {
    /// Prompt, workflow and settings are written into the copy, where its format has room.
    Keep,
    /// Nothing but the colour profile goes along.
    Strip,
}

/// What to make of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PictureExport {
    /// The copy's format.
    pub format: PictureFormat,
    /// The copy's size.
    pub resize: Resize,
    /// What goes along.
    pub metadata: Metadata,
}

/// A copy that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its size in bytes.
    pub bytes: u64,
    /// What did not go along, each a sentence: only the first frame of an animation, transparency that
    /// this ffmpeg does not decode, a workflow that is larger than a JPEG can hold.
    pub notes: Vec<String>,
}

/// Writes a picture in another format or size: upright, with its own colour profile. Of a film or an
/// animation its first real frame. What is transparent becomes white in a JPEG.
///
/// # Errors
/// When it cannot be decoded whole (a damaged picture is not passed on as if it were fine), is too
/// large, or the copy cannot be written.
pub fn export_picture(
    original: &mut Original,
    how: &PictureExport,
    tools: &Tools,
    to: &Path,
    stop: &Stop,
) -> Result<Exported, MediaError> {
    let decoded = decode::decode(original, Want::Whole, tools, stop)?;
    if let Some(damage) = decoded.damage {
        return Err(MediaError::Damaged(format!(
            "it is not exported, since only a part can be read. {damage}"
        )));
    }
    let mut notes = Vec::from_iter(decoded.note);
    if decoded.animated {
        notes.push("Only one frame of the animation or film is in the copy.".to_owned());
    }
    if decoded.taken == Taken::PictureByFfmpeg {
        notes.push(
            "AVIF and HEIC are copied in eight bits, and at most 8,192 pixels long.".to_owned(),
        );
    }
    let (mut picture, profile) = match decoded.pixels {
        Pixels::Plain(picture) => (picture, decoded.profile),
        Pixels::Inks { width, height, bytes } => {
            (colour::inks_to_srgb(width, height, &bytes, decoded.profile.as_deref()), None)
        }
    };
    picture.apply_orientation(decoded.turn);
    let (width, height) = size(how.resize, (picture.width(), picture.height()))?;
    if (width, height) != (picture.width(), picture.height()) {
        picture = small::resized(&picture, width, height)?;
    }
    stop.check()?;
    let found = match how.metadata {
        // What cannot be read of it does not keep the picture from being copied.
        Metadata::Keep => original.embedded().unwrap_or_else(|error| {
            notes.push(format!("What is embedded could not be read: {error}"));
            EmbeddedWorkflow::default()
        }),
        Metadata::Strip => EmbeddedWorkflow::default(),
    };
    let mut exif = None;
    if how.format != PictureFormat::Png {
        exif = super::embed::exif(&found);
        if matches!(how.format, PictureFormat::Jpeg(_))
            && exif.as_ref().is_some_and(|exif| exif.len() > super::embed::MOST_IN_JPEG)
        {
            exif = None;
            notes.push(
                "The workflow is larger than a JPEG can hold, so it is not in the copy.".to_owned(),
            );
        }
    }
    let mut part = Part::beside(to)?;
    if how.format == PictureFormat::Png && found != EmbeddedWorkflow::default() {
        let mut bytes = Vec::new();
        encode(&picture, how.format, profile, None, &mut bytes)?;
        super::embed::into_png(&bytes, &found, &mut part)?;
    } else {
        encode(&picture, how.format, profile, exif, &mut part)
            .map_err(|error| part.error(error))?;
    }
    Ok(Exported { width, height, bytes: part.finish()?, notes })
}

fn size(how: Resize, (width, height): (u32, u32)) -> Result<(u32, u32), MediaError> {
    let (new_width, new_height) = match how {
        Resize::Keep => return Ok((width, height)),
        Resize::LongestEdge(edge) => small::fit(width, height, edge.max(1)),
        Resize::Percent(percent) => {
            if !(percent > 0.0 && percent <= 400.0) {
                return Err(MediaError::Damaged(format!("{percent} % is no size; take 1 to 400")));
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            // Neither negative nor too large.
            let side =
                |side: u32| ((f64::from(side) * f64::from(percent) / 100.0).round() as u32).max(1);
            (side(width), side(height))
        }
    };
    if new_width.max(new_height) > LONGEST_EDGE
        || u64::from(new_width) * u64::from(new_height) > MOST_PIXELS
    {
        return Err(MediaError::TooLarge(format!("{new_width}×{new_height} pixels")));
    }
    Ok((new_width, new_height))
}

/// Writes pixels in a format, with what its encoder takes besides.
pub(super) fn encode(
    picture: &DynamicImage,
    format: PictureFormat,
    profile: Option<Vec<u8>>,
    exif: Option<Vec<u8>>,
    to: &mut impl Write,
) -> Result<(), MediaError> {
    let (width, height) = (picture.width(), picture.height());
    let too_large = |format: &str| {
        MediaError::TooLarge(format!("{width}×{height} pixels are more than a {format} can have"))
    };
    match format {
        PictureFormat::Png => write(PngEncoder::new(to), picture, profile, exif),
        PictureFormat::Jpeg(quality) => {
            if width.max(height) > 65_535 {
                return Err(too_large("JPEG"));
            }
            let flat = match picture.color() {
                ColorType::L8 | ColorType::L16 => DynamicImage::ImageLuma8(picture.to_luma8()),
                _ => DynamicImage::ImageRgb8(on_white(picture)),
            };
            write(JpegEncoder::new_with_quality(to, quality.clamp(1, 100)), &flat, profile, exif)
        }
        PictureFormat::WebP => {
            if width.max(height) > 16_383 {
                return Err(too_large("WebP"));
            }
            // The format has no grey and no sixteen bits.
            let plain = if picture.color().has_alpha() {
                DynamicImage::ImageRgba8(picture.to_rgba8())
            } else {
                DynamicImage::ImageRgb8(picture.to_rgb8())
            };
            write(WebPEncoder::new_lossless(to), &plain, profile, exif)
        }
    }
}

fn write(
    mut encoder: impl ImageEncoder,
    picture: &DynamicImage,
    profile: Option<Vec<u8>>,
    exif: Option<Vec<u8>>,
) -> Result<(), MediaError> {
    let refused = |error: image::error::UnsupportedError| MediaError::Damaged(error.to_string());
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).map_err(refused)?;
    }
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).map_err(refused)?;
    }
    encoder.write_image(
        picture.as_bytes(),
        picture.width(),
        picture.height(),
        picture.color().into(),
    )?;
    Ok(())
}

/// A picture with white behind what is transparent.
pub(super) fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let from = picture.to_rgba8();
    let mut made = RgbImage::new(from.width(), from.height());
    for (out, pixel) in made.pixels_mut().zip(from.pixels()) {
        let [r, g, b, a] = pixel.0.map(u32::from);
        let over =
            |colour: u32| u8::try_from((colour * a + 255 * (255 - a) + 127) / 255).unwrap_or(255);
        *out = Rgb([over(r), over(g), over(b)]);
    }
    made
}
