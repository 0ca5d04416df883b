//! Files of every format, as the libraries of the formats write them.
#![allow(dead_code, clippy::unwrap_used)]

use super::build;
use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};
use std::io::Cursor;

/// Red on the left, blue on the right.
pub fn two(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) }
    })
}

/// A picture as a file of this format.
pub fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    if format == ImageFormat::Jpeg {
        JpegEncoder::new_with_quality(&mut bytes, 95)
            .write_image(
                picture.as_bytes(),
                picture.width(),
                picture.height(),
                picture.color().into(),
            )
            .unwrap();
    } else {
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    }
    bytes
}

/// A picture with a colour profile, and EXIF that says how it is turned (1 to 8).
pub fn with(picture: &RgbImage, format: ImageFormat, profile: Option<&[u8]>, turn: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    let exif = [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", &[turn, 0, 0, 0, 0, 0, 0, 0][..]]
        .concat();
    let write = |mut encoder: Box<dyn Encoder + '_>| {
        if let Some(profile) = profile {
            encoder.icc(profile.to_vec());
        }
        if turn > 1 {
            encoder.exif(exif.clone());
        }
        encoder.write(picture.as_raw(), width, height);
    };
    match format {
        ImageFormat::Png => write(Box::new(Some(PngEncoder::new(&mut bytes)))),
        ImageFormat::Jpeg => write(Box::new(Some(JpegEncoder::new_with_quality(&mut bytes, 98)))),
        _ => write(Box::new(Some(WebPEncoder::new_lossless(&mut bytes)))),
    }
    bytes
}

/// Any encoder in a box: `write_image` takes it by value.
trait Encoder {
    fn icc(&mut self, profile: Vec<u8>);
    fn exif(&mut self, exif: Vec<u8>);
    fn write(&mut self, pixels: &[u8], width: u32, height: u32);
}

impl<E: ImageEncoder> Encoder for Option<E> {
    fn icc(&mut self, profile: Vec<u8>) {
        self.as_mut().unwrap().set_icc_profile(profile).unwrap();
    }

    fn exif(&mut self, exif: Vec<u8>) {
        self.as_mut().unwrap().set_exif_metadata(exif).unwrap();
    }

    fn write(&mut self, pixels: &[u8], width: u32, height: u32) {
        self.take().unwrap().write_image(pixels, width, height, ExtendedColorType::Rgb8).unwrap();
    }
}

/// Frames of these colours, each of 120 ms.
pub fn gif(frames: &[Rgba<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        for frame in frames {
            let picture = spotted(*frame);
            let delay = image::Delay::from_numer_denom_ms(120, 1);
            encoder.encode_frame(image::Frame::from_parts(picture, 0, 0, delay)).unwrap();
        }
    }
    bytes
}

/// One colour with a white corner; a colour that is transparent or black has none.
pub fn spotted(colour: Rgba<u8>) -> RgbaImage {
    RgbaImage::from_fn(40, 20, |x, y| {
        let blank = colour[3] == 0 || colour == Rgba([0, 0, 0, 255]);
        if x < 10 && y < 10 && !blank { Rgba([255, 255, 255, 255]) } else { colour }
    })
}

pub fn apng(frames: &[Rgba<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 40, 20);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(u32::try_from(frames.len()).unwrap(), 0).unwrap();
    encoder.set_frame_delay(120, 1_000).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for frame in frames {
        writer.write_image_data(&spotted(*frame)).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

pub fn webp_animation(frames: &[Rgba<u8>]) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let pad = &[0][..content.len() % 2];
        [&kind[..], &length, content, pad].concat()
    };
    let mut body = b"WEBP".to_vec();
    body.extend(chunk(b"VP8X", &[0x12, 0, 0, 0, 39, 0, 0, 19, 0, 0]));
    body.extend(chunk(b"ANIM", &[0; 6]));
    for frame in frames {
        let mut still = Vec::new();
        WebPEncoder::new_lossless(&mut still)
            .encode(&spotted(*frame), 40, 20, ExtendedColorType::Rgba8)
            .unwrap();
        // Place, size less one, 120 ms, no blending.
        let head = [0, 0, 0, 0, 0, 0, 39, 0, 0, 19, 0, 0, 120, 0, 0, 2];
        body.extend(chunk(b"ANMF", &[&head[..], &still[12..]].concat()));
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

/// A sound of one channel, 16 bits.
pub fn wav(rate: u32, samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let length = u32::try_from(data.len()).unwrap();
    [
        b"RIFF",
        &(36 + length).to_le_bytes()[..],
        b"WAVEfmt \x10\0\0\0\x01\0\x01\0",
        &rate.to_le_bytes(),
        &(rate * 2).to_le_bytes(),
        b"\x02\0\x10\0data",
        &length.to_le_bytes(),
        &data,
    ]
    .concat()
}

/// A PNG of any size in next to no bytes: rows of nothing.
pub fn bomb(width: u32, height: u32) -> Vec<u8> {
    const PIECE: usize = 1 << 20;
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let whole = u64::from(height) * (u64::from(width) * 3 + 1);
    // A megabyte of zeros packed by itself can stand any number of times.
    let packed = |count: usize| {
        let mut packer = flate2::Compress::new(flate2::Compression::best(), false);
        let mut out = Vec::with_capacity(PIECE);
        packer.compress_vec(&vec![0; count], &mut out, flate2::FlushCompress::Full).unwrap();
        assert_eq!(packer.total_in(), count as u64);
        out
    };
    let mut data = b"\x78\xda".to_vec();
    let piece = packed(PIECE);
    for _ in 0..whole / PIECE as u64 {
        data.extend(&piece);
    }
    data.extend(packed(usize::try_from(whole % PIECE as u64).unwrap()));
    // An empty last block, and the check sum of so many zeros (RFC 1950, 9).
    data.extend(b"\x03\0");
    data.extend((u32::try_from(whole % 65_521).unwrap() << 16 | 1).to_be_bytes());
    [
        b"\x89PNG\r\n\x1a\n",
        &build::chunk(b"IHDR", &head)[..],
        &build::chunk(b"IDAT", &data),
        &build::chunk(b"IEND", b""),
    ]
    .concat()
}

/// All small files that are decoded or measured, by name.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let two = DynamicImage::ImageRgb8(two(48, 32));
    let colours = [Rgba([0, 0, 0, 255]), Rgba([200, 0, 0, 255]), Rgba([0, 0, 200, 255])];
    let fixture = |name: &str| std::fs::read(fixture(name)).unwrap();
    vec![
        ("a.png", file(&two, ImageFormat::Png)),
        ("a16.png", file(&DynamicImage::ImageRgba16(two.to_rgba16()), ImageFormat::Png)),
        ("interlaced.png", fixture("two_inter.png")),
        ("a.jpg", file(&two, ImageFormat::Jpeg)),
        ("turned.jpg", with(&self::two(48, 32), ImageFormat::Jpeg, None, 6)),
        ("cmyk.jpg", fixture("two_cmyk.jpg")),
        ("ycck.jpg", fixture("two_ycck.jpg")),
        ("a.webp", file(&two, ImageFormat::WebP)),
        ("a.gif", file(&two, ImageFormat::Gif)),
        ("a.bmp", file(&two, ImageFormat::Bmp)),
        ("a.tif", file(&two, ImageFormat::Tiff)),
        ("a.exr", file(&DynamicImage::ImageRgb32F(two.to_rgb32f()), ImageFormat::OpenExr)),
        ("a.jxl", fixture("two.jxl")),
        ("a.avif", fixture("two.avif")),
        ("moving.gif", gif(&colours)),
        ("moving.png", apng(&colours)),
        ("moving.webp", webp_animation(&colours)),
        ("a.svg", SVG.as_bytes().to_vec()),
        ("a.wav", wav(8_000, &[1_000; 4_000])),
        ("a.flac", build::flac(&[("prompt", "{}")])),
        ("a.mp4", build::film(b"isom", b"", true, false)),
        ("a.webm", build::webm_head("webm")),
        ("a.txt", b"one\ntwo\n".to_vec()),
    ]
}

pub const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="48" height="32"><rect width="24" height="32" fill="#f00"/><rect x="24" width="24" height="32" fill="#00f"/></svg>"##;

pub fn fixture(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}
