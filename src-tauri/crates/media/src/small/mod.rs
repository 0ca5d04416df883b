//! Small pictures of files.

mod shrink;

pub(crate) use shrink::{fit, resized};

use crate::{
    MediaError, Original, Stop, Taken, Tools, colour,
    decode::{self, Decoded, Pixels, Want},
    guard::no_panic,
};
use image::{
    ColorType, DynamicImage, ImageEncoder,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use jpeg_encoder::{Encoder, SamplingFactor};
use std::{io::Write, path::Path, time::Duration};

/// Edges that can be asked for, in pixels.
const SMALLEST: u32 = 16;
const LARGEST: u32 = 4_096;
/// JPEG quality of what is not transparent.
const QUALITY: u8 = 86;
/// The longest edge of what the perceptual hash is made of, in pixels: whatever sizes were asked for, the
/// hash is the same.
const HASHED: u32 = 128;
/// What one file may take.
const LONGEST: Duration = Duration::from_secs(30);

/// How a small picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallFormat {
    /// JPEG: nothing is transparent.
    Jpeg,
    /// PNG: something is transparent.
    Png,
}

impl SmallFormat {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// One small picture, in sRGB, upright.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Small {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What the bytes are.
    pub format: SmallFormat,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Small {
    /// Writes it beside its name and renames it, so that no half of it is ever seen.
    ///
    /// # Errors
    /// When it cannot be written; nothing is left behind.
    pub fn write(&self, to: &Path) -> Result<(), MediaError> {
        let folder = to.parent().unwrap_or(Path::new("."));
        let mut part = tempfile::NamedTempFile::new_in(folder)?;
        part.write_all(&self.bytes)?;
        part.persist(to).map_err(|error| MediaError::Io(error.error))?;
        Ok(())
    }
}

/// Small pictures of one file, from one decode.
#[derive(Clone, Debug, PartialEq)]
pub struct Thumbnails {
    /// One for each edge asked for, in that order.
    pub small: Vec<Small>,
    /// Where the pixels came from.
    pub taken: Taken,
    /// Whether any pixel is transparent.
    pub transparent: bool,
    /// What it looks like, for [`crate::likeness`]; 0 where it shows nothing, since all such pictures
    /// are alike.
    pub phash: u64,
    /// What is wrong with the file, as a sentence: it could be shown only in part.
    pub damage: Option<String>,
}

/// Makes small pictures with at most so many pixels an edge each (16 to 4,096), from one decode. A
/// picture that is smaller keeps its size. Memory is bounded whatever the file says
/// ([`crate::MOST_MEMORY`] and what the small pictures take), time by `stop` and by 30 s at most.
///
/// # Errors
/// [`MediaError::NoPicture`] when there is nothing to show and why (a sound without cover, a film
/// where ffmpeg is missing); else when it cannot be decoded at all, is too large, or the work is
/// stopped.
pub fn thumbnails(
    original: &mut Original,
    edges: &[u32],
    tools: &Tools,
    stop: &Stop,
) -> Result<Thumbnails, MediaError> {
    let edges: Vec<u32> = edges.iter().map(|edge| (*edge).clamp(SMALLEST, LARGEST)).collect();
    let most = edges.iter().copied().max().unwrap_or(SMALLEST);
    let stop = stop.within(LONGEST);
    let decoded = decode::decode(original, Want::Edge(most), tools, &stop)?;
    stop.check()?;
    let (taken, damage) = (decoded.taken, decoded.damage.clone());
    no_panic(|| {
        // Colours and turning come after the largest is made: there are fewer pixels then. In the order
        // of size, so that each is made from the one before.
        let mut order: Vec<usize> = (0..edges.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(edges[*at]));
        let mut small: Vec<Option<Small>> = vec![None; edges.len()];
        let mut picture = made_small(decoded, most)?;
        let transparent = is_transparent(&picture);
        if !transparent {
            picture = opaque(picture);
        }
        for at in order {
            stop.check()?;
            picture = shrink::within(picture, edges[at])?;
            small[at] = Some(encode(&picture, transparent)?);
        }
        let picture = shrink::within(picture, HASHED)?;
        let phash = crate::likeness::of(&picture);
        let small = small.into_iter().flatten().collect();
        Ok(Thumbnails { small, taken, transparent, phash, damage })
    })
}

/// A file's picture with at most this longest edge, as [`thumbnails`] makes it.
pub(crate) fn upright(
    original: &mut Original,
    edge: u32,
    tools: &Tools,
    stop: &Stop,
) -> Result<DynamicImage, MediaError> {
    let decoded = decode::decode(original, Want::Edge(edge), tools, &stop.within(LONGEST))?;
    no_panic(|| made_small(decoded, edge))
}

/// A decoded picture with at most this longest edge: upright, in sRGB, eight bits a channel.
fn made_small(decoded: Decoded, edge: u32) -> Result<DynamicImage, MediaError> {
    let profile = decoded.profile.as_deref();
    let mut picture = match decoded.pixels {
        Pixels::Plain(picture) => {
            colour::to_srgb(shrink::within(eight_bits(picture), edge)?, profile)
        }
        Pixels::Inks { width, height, bytes } => {
            let (width, height, bytes) = shrink::inks(width, height, bytes, edge)?;
            colour::inks_to_srgb(width, height, &bytes, profile)
        }
    };
    picture.apply_orientation(decoded.turn);
    Ok(picture)
}

/// Sixteen bits a channel show no better at this size.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    match picture.color() {
        ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8 => picture,
        ColorType::L16 => DynamicImage::ImageLuma8(picture.into_luma8()),
        ColorType::La16 => DynamicImage::ImageLumaA8(picture.into_luma_alpha8()),
        colour if colour.has_alpha() => DynamicImage::ImageRgba8(picture.into_rgba8()),
        _ => DynamicImage::ImageRgb8(picture.into_rgb8()),
    }
}

fn is_transparent(picture: &DynamicImage) -> bool {
    match picture {
        DynamicImage::ImageRgba8(picture) => picture.pixels().any(|pixel| pixel[3] < 255),
        DynamicImage::ImageLumaA8(picture) => picture.pixels().any(|pixel| pixel[1] < 255),
        _ => false,
    }
}

fn opaque(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageRgba8(_) => DynamicImage::ImageRgb8(picture.into_rgb8()),
        DynamicImage::ImageLumaA8(_) => DynamicImage::ImageLuma8(picture.into_luma8()),
        other => other,
    }
}

fn encode(picture: &DynamicImage, transparent: bool) -> Result<Small, MediaError> {
    let mut bytes = Vec::new();
    let format = if transparent { SmallFormat::Png } else { SmallFormat::Jpeg };
    let (width, height, colour) = (picture.width(), picture.height(), picture.color().into());
    if transparent {
        // The fast way packs as well as the slow ones here, a hundred times as fast.
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
            .write_image(picture.as_bytes(), width, height, colour)?;
    } else {
        put_jpeg(picture, &mut bytes)?;
    }
    Ok(Small { width, height, format, bytes })
}

fn put_jpeg(picture: &DynamicImage, to: &mut Vec<u8>) -> Result<(), MediaError> {
    let wrong = |why: &dyn std::fmt::Display| MediaError::Damaged(why.to_string());
    let side = |side: u32| u16::try_from(side).map_err(|error| wrong(&error));
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let mut encoder = Encoder::new(to, QUALITY);
    // Colours as sharp as light and dark: thin red lines stay red.
    encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    match picture {
        DynamicImage::ImageLuma8(grey) => {
            encoder.encode(grey, width, height, jpeg_encoder::ColorType::Luma)
        }
        DynamicImage::ImageRgb8(colours) => {
            encoder.encode(colours, width, height, jpeg_encoder::ColorType::Rgb)
        }
        other => encoder.encode(&other.to_rgb8(), width, height, jpeg_encoder::ColorType::Rgb),
    }
    .map_err(|error| wrong(&error))
}
