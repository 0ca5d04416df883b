//! Pixels that came without a file: what another program copied.

use crate::MediaError;

/// The most pixels that are taken; with four bytes each they are 1 GB.
const MOST_PIXELS: u64 = 256 << 20;

/// A PNG of pixels in rows from the top, four bytes each: red, green, blue, opacity. Without opacity
/// where all are opaque, for a picture with it is one with a mask to ComfyUI.
///
/// # Errors
/// When the pixels are not as many as the size says, or too many.
pub fn png_of_pixels(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, MediaError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS {
        return Err(MediaError::TooLarge(format!("{width} × {height} pixels")));
    }
    if pixels == 0 || pixels * 4 != rgba.len() as u64 {
        return Err(MediaError::Damaged("its size is not that of its pixels".to_owned()));
    }
    let opaque = rgba.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX);
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let written = if opaque {
        encoder.set_color(png::ColorType::Rgb);
        let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().collect();
        encoder.write_header().and_then(|mut writer| writer.write_image_data(&rgb))
    } else {
        encoder.set_color(png::ColorType::Rgba);
        encoder.write_header().and_then(|mut writer| writer.write_image_data(rgba))
    };
    written.map_err(|error| MediaError::Damaged(error.to_string()))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(png: &[u8]) -> (png::ColorType, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.color_type, pixels)
    }

    #[test]
    fn opaque_pixels_have_no_mask_and_others_keep_theirs() {
        let made = png_of_pixels(2, 1, &[1, 2, 3, 255, 4, 5, 6, 255]).unwrap();
        assert_eq!(read(&made), (png::ColorType::Rgb, vec![1, 2, 3, 4, 5, 6]));
        let clear = [1, 2, 3, 255, 4, 5, 6, 7];
        let made = png_of_pixels(1, 2, &clear).unwrap();
        assert_eq!(read(&made), (png::ColorType::Rgba, clear.to_vec()));
    }

    #[test]
    fn sizes_that_make_no_sense_are_refused() {
        for (width, height, bytes) in [(0, 0, 0), (2, 2, 4), (u32::MAX, u32::MAX, 16)] {
            assert!(png_of_pixels(width, height, &vec![0; bytes]).is_err());
        }
    }
}
