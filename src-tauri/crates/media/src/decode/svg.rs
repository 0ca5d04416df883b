//! SVG, drawn at the size that is wanted. Nothing outside of the file is read.

use super::{Decoded, Taken, Want};
use crate::{MediaError, Original, Stop};
use image::{DynamicImage, RgbaImage};
use resvg::{tiny_skia, usvg};
use std::sync::{Arc, OnceLock};

/// The largest file that is drawn, in bytes: drawing cannot be stopped.
const LARGEST: u64 = 8 << 20;
/// The longest edge of a drawing whose own size is wanted, in pixels.
const LONGEST: u32 = 8_192;
/// The most elements that are drawn.
const MOST_ELEMENTS: usize = 100_000;

pub fn decode(original: &mut Original, want: Want, stop: &Stop) -> Result<Decoded, MediaError> {
    if original.length() > LARGEST {
        return Err(MediaError::TooLarge(format!("a drawing of {} MB", original.length() >> 20)));
    }
    let Some(bytes) = original.keep(stop)? else { return Err(MediaError::Unsupported) };
    if bytes.iter().filter(|byte| **byte == b'<').count() > MOST_ELEMENTS {
        return Err(MediaError::TooLarge("a drawing of too many parts".to_owned()));
    }
    let edge = match want {
        Want::Edge(edge) => Some(edge),
        Want::Whole => None,
    };
    Ok(Decoded::plain(DynamicImage::ImageRgba8(draw(bytes, edge)?), Taken::Picture))
}

/// Draws an SVG with this longest edge, or in its own size.
pub fn draw(svg: &[u8], edge: Option<u32>) -> Result<RgbaImage, MediaError> {
    let tree = read(svg)?;
    let size = tree.size();
    let longest = size.width().max(size.height());
    #[allow(clippy::cast_precision_loss)] // Few thousands.
    let edge = edge.map_or(longest, |edge| edge as f32).clamp(1.0, LONGEST as f32);
    let scale = edge / longest;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Within the longest edge.
    let side = |side: f32| ((side * scale).round() as u32).clamp(1, LONGEST);
    let (width, height) = (side(size.width()), side(size.height()));
    let mut canvas = tiny_skia::Pixmap::new(width, height)
        .ok_or_else(|| MediaError::TooLarge(format!("{width}×{height} pixels")))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut canvas.as_mut());
    RgbaImage::from_raw(width, height, canvas.take_demultiplied())
        .ok_or_else(|| MediaError::Damaged("it has no size".to_owned()))
}

/// How wide what is drawn is, in its own size; 0 where it cannot be read.
pub fn width(svg: &[u8]) -> f32 {
    read(svg).map_or(0.0, |tree| tree.root().abs_bounding_box().right().max(0.0))
}

fn read(svg: &[u8]) -> Result<usvg::Tree, MediaError> {
    let damaged = |why: String| MediaError::Damaged(why);
    let text = std::str::from_utf8(svg).map_err(|error| damaged(error.to_string()))?;
    let options = usvg::Options {
        font_family: "Inter".to_owned(),
        fontdb: fonts(),
        image_href_resolver: usvg::ImageHrefResolver {
            // A picture in a picture could be a bomb, and a file elsewhere is none of its business.
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(text, &options).map_err(|error| damaged(error.to_string()))
}

/// The fonts of this machine, and ours for where it has none.
fn fonts() -> Arc<usvg::fontdb::Database> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(include_bytes!("../../fonts/Inter-Regular.otf").to_vec());
        fonts.load_system_fonts();
        fonts.set_sans_serif_family("Inter");
        fonts.set_serif_family("Inter");
        Arc::new(fonts)
    };
    FONTS.get_or_init(load).clone()
}
