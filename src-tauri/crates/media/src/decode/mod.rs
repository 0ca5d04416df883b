//! Files to pixels, bounded in memory and time whatever they say of themselves.

mod animated;
mod cover;
mod ffmpeg;
mod jpeg;
mod jxl;
mod other;
mod png;
mod svg;

pub(crate) use ffmpeg::sound as sound_by_ffmpeg;
pub(crate) use svg::{draw as draw_svg, width as svg_width};

use crate::{Container, Kind, MediaError, Original, Stop, Tools, guard::no_panic, measure};
use image::{DynamicImage, Limits, metadata::Orientation};

/// The most memory that decoding one file takes, in bytes.
pub const MOST_MEMORY: u64 = 512 << 20;
/// The most pixels that are passed over where only few of them are kept.
const MOST_PASSED: u64 = 2_000_000_000;
/// Up to so many pixels a picture is decoded as it is, above it is made smaller while it is decoded,
/// where the format allows that.
const MOST_KEPT: u64 = 16_000_000;

/// The longest edge of a picture that is decoded as it is, in pixels.
const LONGEST_EDGE: u32 = 65_535;

/// How much of a picture is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// At least so many pixels at the longest edge, and eight bits a channel.
    Edge(u32),
    /// Every pixel as it is.
    Whole,
}

/// Where the pixels came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The picture was decoded here; of an animation its first frame that is not blank.
    Picture,
    /// ffmpeg decoded the picture (AVIF, HEIC).
    PictureByFfmpeg,
    /// ffmpeg took it out of the film: its first frame that is not blank.
    FrameByFfmpeg,
    /// The cover picture that a film or a sound carries.
    Cover,
}

/// Pixels as they are stored: not turned, in the file's own colours.
pub(crate) enum Pixels {
    /// Grey or RGB, with or without alpha.
    Plain(DynamicImage),
    /// Cyan, magenta, yellow and black, 255 is full ink.
    Inks { width: u32, height: u32, bytes: Vec<u8> },
}

/// What came out of a file.
pub(crate) struct Decoded {
    pub pixels: Pixels,
    /// How it is turned.
    pub turn: Orientation,
    /// ICC profile.
    pub profile: Option<Vec<u8>>,
    pub taken: Taken,
    /// What is missing because the file is damaged, as a sentence.
    pub damage: Option<String>,
    /// What of it this machine could not decode although the file may be fine, as a sentence.
    pub note: Option<String>,
    /// Whether there are more frames.
    pub animated: bool,
}

impl Decoded {
    /// A whole picture that is upright and in sRGB.
    pub fn plain(pixels: DynamicImage, taken: Taken) -> Self {
        Self {
            pixels: Pixels::Plain(pixels),
            turn: Orientation::NoTransforms,
            profile: None,
            taken,
            damage: None,
            note: None,
            animated: false,
        }
    }
}

/// Decodes a picture, or takes one out of a film or a sound.
///
/// # Errors
/// [`MediaError::NoPicture`] when there is none and why; else as [`crate::thumbnails`].
pub(crate) fn decode(
    original: &mut Original,
    want: Want,
    tools: &Tools,
    stop: &Stop,
) -> Result<Decoded, MediaError> {
    stop.check()?;
    let container = original.container();
    let decoded = no_panic(|| match container {
        Container::Png => png::decode(original, want, stop),
        Container::Apng | Container::Gif | Container::WebP => {
            animated::decode(original, want, stop)
        }
        Container::Jpeg => jpeg::decode(original, want, stop),
        Container::Bmp | Container::Tiff | Container::Exr => other::decode(original, stop),
        Container::JpegXl => jxl::decode(original, stop),
        Container::Svg => svg::decode(original, want, stop),
        Container::Avif | Container::Heic => ffmpeg::picture(original, want, tools, stop),
        _ => match container.kind() {
            Kind::Video if measure(original)?.kind == Kind::Video => {
                ffmpeg::frame(original, want, tools, stop)
            }
            Kind::Video | Kind::Audio => cover::decode(original, want, stop)?
                .ok_or_else(|| no_picture("this sound has no cover")),
            Kind::Model => Err(no_picture("3D models are drawn by the viewer only")),
            Kind::Text => Err(no_picture("it is a text")),
            Kind::Picture | Kind::Other => Err(MediaError::Unsupported),
        },
    });
    // Libraries wrap what the reader said.
    decoded.map_err(|error| stop.check().err().unwrap_or(error))
}

/// What `image` may take.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

pub(crate) fn no_picture(why: &str) -> MediaError {
    MediaError::NoPicture(why.to_owned())
}

/// By how much a picture is made smaller while it is decoded, so that what is left is twice as large
/// as asked for: the rest is done by a better filter.
fn step_down((width, height): (u32, u32), want: Want) -> u32 {
    match want {
        Want::Edge(edge) if pixels(width, height) > MOST_KEPT => {
            (width.max(height) / edge.max(1).saturating_mul(2)).max(1)
        }
        _ => 1,
    }
}

fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

/// Refuses what would take more memory than there is for one file.
fn bounded((width, height): (u32, u32), bytes_a_pixel: u64) -> Result<(), MediaError> {
    let bytes = pixels(width, height).saturating_mul(bytes_a_pixel);
    if bytes > MOST_MEMORY { Err(too_large((width, height))) } else { Ok(()) }
}

fn too_large((width, height): (u32, u32)) -> MediaError {
    MediaError::TooLarge(format!("{width}×{height} pixels"))
}

/// Whether a picture shows nothing: one colour all over, or all of it transparent.
pub(crate) fn is_blank(picture: &DynamicImage) -> bool {
    let rgba = picture.to_rgba8();
    let mut all = rgba.pixels();
    let Some(first) = all.next() else { return true };
    // Compressed black is not quite black.
    let near = |one: u8, other: u8| one.abs_diff(other) <= 6;
    rgba.pixels().all(|pixel| pixel[3] == 0)
        || all.all(|pixel| pixel.0.iter().zip(first.0).all(|(one, other)| near(*one, other)))
}
