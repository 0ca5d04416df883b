//! Small copies of pictures.

use crate::MediaError;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageEncoder, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::Path,
};

/// The longest edge that is decoded, in pixels.
const LONGEST_EDGE: u32 = 20_000;
/// The most memory a decoded picture may take, in bytes: 200 megapixels of 8-bit RGBA.
const MOST_MEMORY: u64 = 800 << 20;
/// JPEG quality of opaque thumbnails.
const QUALITY: u8 = 86;

/// Writes a copy of a picture with at most `max_edge` pixels an edge: JPEG, or PNG where something is
/// transparent. Of animations the first frame. A picture that is small enough keeps its size.
/// Answers with the copy's size.
///
/// # Errors
/// When it cannot be decoded, is too large, or the copy cannot be written.
pub fn thumbnail(path: &Path, max_edge: u32, out: &Path) -> Result<(u32, u32), MediaError> {
    let mut reader = ImageReader::new(BufReader::new(File::open(path)?)).with_guessed_format()?;
    reader.limits(bounds());
    let picture = reader.decode()?;
    let (width, height) = (picture.width(), picture.height());
    let (w, h) = fit(width, height, max_edge.max(1));
    // Sixteen bits a channel show no better at this size.
    let picture = match picture.color().has_alpha() {
        true => DynamicImage::ImageRgba8(picture.into_rgba8()),
        false => DynamicImage::ImageRgb8(picture.into_rgb8()),
    };
    let small = if (w, h) == (width, height) {
        picture
    } else {
        let mut small = DynamicImage::new(w, h, picture.color());
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new()
            .resize(&picture, &mut small, Some(&options))
            .map_err(|error| MediaError::Damaged(error.to_string()))?;
        small
    };
    write(&small, out)?;
    Ok((w, h))
}

/// What is decoded at most.
pub(crate) fn bounds() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn fit(width: u32, height: u32, edge: u32) -> (u32, u32) {
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

fn write(picture: &DynamicImage, out: &Path) -> Result<(), MediaError> {
    let folder = out.parent().unwrap_or(Path::new("."));
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    {
        let mut file = BufWriter::new(part.as_file_mut());
        let opaque =
            picture.as_rgba8().is_none_or(|rgba| rgba.pixels().all(|pixel| pixel[3] == 255));
        if opaque {
            let rgb = picture.to_rgb8();
            JpegEncoder::new_with_quality(&mut file, QUALITY).write_image(
                rgb.as_raw(),
                rgb.width(),
                rgb.height(),
                image::ExtendedColorType::Rgb8,
            )?;
        } else {
            image::codecs::png::PngEncoder::new(&mut file).write_image(
                picture.as_bytes(),
                picture.width(),
                picture.height(),
                picture.color().into(),
            )?;
        }
        file.flush()?;
    }
    part.persist(out).map_err(|error| MediaError::Io(error.error))?;
    Ok(())
}
