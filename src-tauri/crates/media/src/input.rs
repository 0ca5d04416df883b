//! Pictures that go into workflows: made to fit a size, or with a painted mask.

use crate::MediaError;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageReader, Limits, Rgba, RgbaImage};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Cursor, Write},
    path::Path,
};

/// The longest edge a picture is made to fit, in pixels: ComfyUI's own bound for sizes (0.28.2).
pub const LONGEST_FIT: u32 = 16_384;
/// The most pixels a picture is made to fit.
const MOST_PIXELS: u64 = 200_000_000;

/// The longest edge that is decoded, in pixels.
const LONGEST_EDGE: u32 = 20_000;
/// The most memory a decoded picture may take, in bytes: 200 megapixels of 8-bit RGBA.
const MOST_MEMORY: u64 = 800 << 20;

/// What is decoded at most.
fn bounds() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// How a picture is made to fit a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitting {
    /// Scaled until it covers the size, the rest cut off on both sides.
    Crop,
    /// Scaled until it is inside the size, the rest transparent.
    Pad,
    /// Scaled to the size, whatever its shape.
    Stretch,
}

/// Writes a copy of a picture with exactly this size, as PNG. Of animations the first frame; turned as
/// its EXIF says, as ComfyUI does when it loads it.
///
/// # Errors
/// When it cannot be decoded, the size is none or too large, or the copy cannot be written.
pub fn fit_picture(
    path: &Path,
    (width, height): (u32, u32),
    fitting: Fitting,
    out: &Path,
) -> Result<(), MediaError> {
    let possible = (1..=LONGEST_FIT).contains(&width)
        && (1..=LONGEST_FIT).contains(&height)
        && u64::from(width) * u64::from(height) <= MOST_PIXELS;
    if !possible {
        return Err(MediaError::TooLarge(format!("{width}×{height} is no size it can be made")));
    }
    let picture = decode(path)?;
    let (from_w, from_h) = (f64::from(picture.width()), f64::from(picture.height()));
    let (to_w, to_h) = (f64::from(width), f64::from(height));
    let fitted = match fitting {
        Fitting::Stretch => resize(&picture, (width, height), None)?,
        Fitting::Crop => {
            // The part of the picture that has the new shape, in its middle.
            let scale = (to_w / from_w).max(to_h / from_h);
            let (part_w, part_h) = ((to_w / scale).min(from_w), (to_h / scale).min(from_h));
            let part = ((from_w - part_w) / 2.0, (from_h - part_h) / 2.0, part_w, part_h);
            resize(&picture, (width, height), Some(part))?
        }
        Fitting::Pad => {
            let scale = (to_w / from_w).min(to_h / from_h);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Within the size.
            let side = |from: f64, most: u32| ((from * scale).round() as u32).clamp(1, most);
            let inner = (side(from_w, width), side(from_h, height));
            let small = resize(&picture, inner, None)?;
            let mut all = RgbaImage::from_pixel(width, height, Rgba([0, 0, 0, 0]));
            let at = ((width - inner.0) / 2, (height - inner.1) / 2);
            image::imageops::replace(&mut all, &small, i64::from(at.0), i64::from(at.1));
            all
        }
    };
    write_png(&fitted, out)
}

/// Writes a picture with a mask, as PNG: what is painted (white in the mask) is transparent, as
/// `LoadImage` expects it (mask = 1 - alpha; ComfyUI 0.28.2). Colours under the mask stay.
///
/// # Errors
/// When one of them cannot be decoded, their sizes differ, or the copy cannot be written.
pub fn put_mask(path: &Path, mask: &[u8], out: &Path) -> Result<(u32, u32), MediaError> {
    let mut picture = decode(path)?.into_rgba8();
    let mut reader = ImageReader::new(Cursor::new(mask)).with_guessed_format()?;
    reader.limits(bounds());
    let mask = reader.decode()?.into_luma_alpha8();
    if mask.dimensions() != picture.dimensions() {
        return Err(MediaError::Damaged(format!(
            "the mask has {}×{} pixels, the picture {}×{}",
            mask.width(),
            mask.height(),
            picture.width(),
            picture.height()
        )));
    }
    for (pixel, painted) in picture.pixels_mut().zip(mask.pixels()) {
        // A half transparent stroke is half painted.
        let painted = u16::from(painted[0]) * u16::from(painted[1]) / 255;
        pixel[3] = 255 - u8::try_from(painted).unwrap_or(255);
    }
    write_png(&picture, out)?;
    Ok(picture.dimensions())
}

/// The size of a picture as ComfyUI has it: turned as its EXIF says.
///
/// # Errors
/// When it is no picture that can be read.
pub fn size_of_picture(path: &Path) -> Result<(u32, u32), MediaError> {
    let mut decoder = reader(path)?.into_decoder()?;
    let (width, height) = decoder.dimensions();
    let orientation = decoder.orientation()?;
    Ok(if turns(orientation) { (height, width) } else { (width, height) })
}

fn turns(orientation: image::metadata::Orientation) -> bool {
    use image::metadata::Orientation as Turn;
    matches!(
        orientation,
        Turn::Rotate90 | Turn::Rotate270 | Turn::Rotate90FlipH | Turn::Rotate270FlipH
    )
}

fn reader(path: &Path) -> Result<ImageReader<BufReader<File>>, MediaError> {
    let mut reader = ImageReader::new(BufReader::new(File::open(path)?)).with_guessed_format()?;
    reader.limits(bounds());
    Ok(reader)
}

fn decode(path: &Path) -> Result<DynamicImage, MediaError> {
    let mut decoder = reader(path)?.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(DynamicImage::ImageRgba8(picture.into_rgba8()))
}

fn resize(
    picture: &DynamicImage,
    (width, height): (u32, u32),
    part: Option<(f64, f64, f64, f64)>,
) -> Result<RgbaImage, MediaError> {
    let mut small = DynamicImage::new_rgba8(width, height);
    // ComfyUI reads colours and mask apart (`LoadImage` in 0.28.2): colours under a mask are kept.
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(false);
    let options = match part {
        Some((left, top, width, height)) => options.crop(left, top, width, height),
        None => options,
    };
    Resizer::new()
        .resize(picture, &mut small, Some(&options))
        .map_err(|error| MediaError::Damaged(error.to_string()))?;
    Ok(small.into_rgba8())
}

fn write_png(picture: &RgbaImage, out: &Path) -> Result<(), MediaError> {
    let folder = out.parent().unwrap_or(Path::new("."));
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    {
        let mut file = BufWriter::new(part.as_file_mut());
        image::codecs::png::PngEncoder::new(&mut file).write_image(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            image::ExtendedColorType::Rgba8,
        )?;
        file.flush()?;
    }
    part.persist(out).map_err(|error| MediaError::Io(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn picture(folder: &Path, width: u32, height: u32) -> std::path::PathBuf {
        let path = folder.join(format!("{width}x{height}.png"));
        // Red on the left, blue on the right.
        RgbaImage::from_fn(width, height, |x, _| {
            if x < width / 2 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 255, 255]) }
        })
        .save(&path)
        .unwrap();
        path
    }

    #[test]
    fn a_picture_is_cut_padded_or_stretched_to_exactly_the_size() {
        let dir = tempfile::tempdir().unwrap();
        let (wide, out) = (picture(dir.path(), 80, 20), dir.path().join("out.png"));
        for (fitting, corner) in [
            (Fitting::Crop, Rgba([255, 0, 0, 255])),
            (Fitting::Stretch, Rgba([255, 0, 0, 255])),
            (Fitting::Pad, Rgba([0, 0, 0, 0])),
        ] {
            fit_picture(&wide, (40, 40), fitting, &out).unwrap();
            let made = image::open(&out).unwrap().into_rgba8();
            assert_eq!(
                (made.dimensions(), *made.get_pixel(0, 0)),
                ((40, 40), corner),
                "{fitting:?}"
            );
            assert_eq!(*made.get_pixel(2, 20), Rgba([255, 0, 0, 255]), "{fitting:?}");
            assert_eq!(*made.get_pixel(38, 20), Rgba([0, 0, 255, 255]), "{fitting:?}");
        }
        // Shapes that have next to nothing in common.
        let line = picture(dir.path(), 4_000, 1);
        for fitting in [Fitting::Crop, Fitting::Pad, Fitting::Stretch] {
            fit_picture(&line, (1, 4_000), fitting, &out).unwrap();
            assert_eq!(size_of_picture(&out).unwrap(), (1, 4_000), "{fitting:?}");
        }
        assert!(fit_picture(&wide, (0, 4), Fitting::Crop, &out).is_err());
        assert!(fit_picture(&wide, (40_000, 4), Fitting::Crop, &out).is_err());
    }

    #[test]
    fn what_is_painted_is_transparent_and_keeps_its_colour() {
        let dir = tempfile::tempdir().unwrap();
        let (path, out) = (picture(dir.path(), 8, 4), dir.path().join("out.png"));
        let mut mask = Vec::new();
        let painted = image::GrayImage::from_fn(8, 4, |x, _| image::Luma([(x == 1).into()]));
        let painted =
            image::GrayImage::from_fn(8, 4, |x, y| image::Luma([painted.get_pixel(x, y)[0] * 255]));
        painted.write_to(&mut Cursor::new(&mut mask), image::ImageFormat::Png).unwrap();
        assert_eq!(put_mask(&path, &mask, &out).unwrap(), (8, 4));
        let made = image::open(&out).unwrap().into_rgba8();
        assert_eq!(*made.get_pixel(1, 2), Rgba([255, 0, 0, 0]));
        assert_eq!(*made.get_pixel(2, 2), Rgba([255, 0, 0, 255]));
        // Made smaller afterwards, colours under the mask are still there.
        let small = dir.path().join("small.png");
        fit_picture(&out, (4, 2), Fitting::Stretch, &small).unwrap();
        let small = image::open(&small).unwrap().into_rgba8();
        assert!(small.get_pixel(0, 1)[3] < 255);
        assert!(small.get_pixel(0, 1)[0] > 250, "{:?}", small.get_pixel(0, 1));
        let other = picture(dir.path(), 9, 4);
        assert!(put_mask(&other, &mask, &out).unwrap_err().to_string().contains("8×4"));
        assert!(put_mask(&path, b"no picture", &out).is_err());
        assert_eq!(size_of_picture(&path).unwrap(), (8, 4));
    }
}
