//! Pictures whose heads a library reads: BMP, TIFF, OpenEXR and JPEG XL.

use super::{Colour, Measures};
use crate::{Container, MediaError, Stop, original::Reader, stop::Watched};
use image::{ColorType, ExtendedColorType, ImageDecoder, ImageReader, metadata::Orientation};
use jxl_oxide::{JxlImage, JxlThreadPool, PixelFormat};
use std::io::BufReader;

pub fn read(mut reader: Reader, into: &mut Measures, stop: &Stop) -> Result<(), MediaError> {
    std::io::Seek::seek(&mut reader, std::io::SeekFrom::Start(0))?;
    let file = BufReader::new(Watched::new(reader, stop.clone()));
    if into.container == Container::JpegXl {
        return jpeg_xl(file, into);
    }
    let mut reader = ImageReader::new(file).with_guessed_format()?;
    reader.limits(crate::decode::limits());
    let mut decoder = reader.into_decoder()?;
    let turn = decoder.orientation().ok();
    into.turned(decoder.dimensions(), turn);
    into.frames = Some(1);
    let colour = decoder.color_type();
    into.alpha = Some(colour.has_alpha());
    into.bits = u8::try_from(colour.bits_per_pixel() / u16::from(colour.channel_count())).ok();
    into.colour = Some(match (decoder.original_color_type(), colour) {
        (ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16, _) => Colour::Cmyk,
        (_, ColorType::L8 | ColorType::L16 | ColorType::La8 | ColorType::La16) => Colour::Grey,
        _ => Colour::Rgb,
    });
    Ok(())
}

fn jpeg_xl(file: impl std::io::Read, into: &mut Measures) -> Result<(), MediaError> {
    let damaged = |error: &dyn std::fmt::Display| MediaError::Damaged(error.to_string());
    let mut picture = JxlImage::builder().pool(JxlThreadPool::none()).build_uninit();
    let mut file = file;
    let mut buffer = [0; 4_096];
    // The head is in the first kilobytes, behind a colour profile at most.
    let head = loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Err(MediaError::Truncated("a JPEG XL ends within its head"));
        }
        picture.feed_bytes(&buffer[..count]).map_err(|error| damaged(&error))?;
        match picture.try_init().map_err(|error| damaged(&error))? {
            jxl_oxide::InitializeResult::NeedMoreData(same) => picture = same,
            jxl_oxide::InitializeResult::Initialized(head) => break head,
        }
    };
    let meta = &head.image_header().metadata;
    let turn = u8::try_from(meta.orientation).ok().and_then(Orientation::from_exif);
    let size = &head.image_header().size;
    into.turned((size.width, size.height), turn);
    into.bits = u8::try_from(meta.bit_depth.bits_per_sample()).ok();
    let format = head.pixel_format();
    into.alpha = Some(format.has_alpha());
    into.colour = Some(match format {
        PixelFormat::Gray | PixelFormat::Graya => Colour::Grey,
        PixelFormat::Cmyk | PixelFormat::Cmyka => Colour::Cmyk,
        _ => Colour::Rgb,
    });
    if meta.animation.is_none() {
        into.frames = Some(1);
    }
    Ok(())
}
