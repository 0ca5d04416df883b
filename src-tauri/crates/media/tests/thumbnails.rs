//! Small pictures: right in size, colour, transparency and turn, of every format.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use media::{
    MediaError, Original, SmallFormat, Stop, Taken, Thumbnails, Tools, likeness, phash, thumbnails,
};
use std::{fs, path::PathBuf, time::Duration};
use support::{build, make};

fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn made(name: &str, bytes: &[u8], edges: &[u32]) -> Result<Thumbnails, MediaError> {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder, name, bytes);
    thumbnails(&mut Original::open(&path)?, edges, &Tools::default(), &Stop::never())
}

/// The small picture as pixels.
fn pixels(thumbnails: &Thumbnails, at: usize) -> DynamicImage {
    image::load_from_memory(&thumbnails.small[at].bytes).unwrap()
}

fn near(one: Rgb<u8>, other: [u8; 3], most: u8) -> bool {
    one.0.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= most)
}

#[test]
fn every_format_is_red_on_the_left_and_blue_on_the_right() {
    for (name, bytes) in make::all() {
        let still =
            !["turned.jpg", "moving.gif", "moving.png", "moving.webp", "a.avif"].contains(&name);
        if !still
            || [".wav", ".flac", ".mp4", ".webm", ".txt"].iter().any(|end| name.ends_with(end))
        {
            continue;
        }
        let small = made(name, &bytes, &[24]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let picture = pixels(&small, 0).to_rgb8();
        assert_eq!(picture.dimensions(), (24, 16), "{name}");
        // Inks without a profile are no exact colours.
        let most = if name.starts_with("cmyk") || name.starts_with("ycck") { 60 } else { 12 };
        assert!(
            near(*picture.get_pixel(3, 8), [255, 0, 0], most),
            "{name}: {:?}",
            picture.get_pixel(3, 8)
        );
        assert!(
            near(*picture.get_pixel(20, 8), [0, 0, 255], most),
            "{name}: {:?}",
            picture.get_pixel(20, 8)
        );
        assert_eq!(
            (small.taken, small.damage, small.transparent),
            (Taken::Picture, None, false),
            "{name}"
        );
    }
}

#[test]
fn sizes_are_as_asked_for_and_never_larger_than_the_picture() {
    let picture = DynamicImage::ImageRgb8(make::two(3_000, 1_500));
    let bytes = make::file(&picture, ImageFormat::Png);
    let small = made("a.png", &bytes, &[256, 1_024, 64]).unwrap();
    let sizes: Vec<_> = small.small.iter().map(|small| (small.width, small.height)).collect();
    assert_eq!(sizes, [(256, 128), (1_024, 512), (64, 32)]);
    // What is smaller keeps its size, upright.
    let bytes = make::with(&make::two(300, 150), ImageFormat::Jpeg, None, 6);
    let small = made("a.jpg", &bytes, &[1_024]).unwrap();
    assert_eq!((small.small[0].width, small.small[0].height), (150, 300));
    // A line is still a line.
    let bytes = make::file(&DynamicImage::ImageRgb8(make::two(5_000, 1)), ImageFormat::Png);
    let small = made("a.png", &bytes, &[256]).unwrap();
    assert_eq!((small.small[0].width, small.small[0].height), (256, 1));
}

#[test]
fn exif_turns_pictures_in_all_eight_ways() {
    // Red, green, blue, white: left above, right above, left below, right below.
    let colours = [[255, 0, 0], [0, 200, 0], [0, 0, 255], [255, 255, 255]];
    let picture = RgbImage::from_fn(64, 32, |x, y| {
        Rgb(colours[usize::from(x >= 32) + 2 * usize::from(y >= 16)])
    });
    let ways: [(u8, (u32, u32), [usize; 4]); 8] = [
        (1, (64, 32), [0, 1, 2, 3]),
        (2, (64, 32), [1, 0, 3, 2]),
        (3, (64, 32), [3, 2, 1, 0]),
        (4, (64, 32), [2, 3, 0, 1]),
        (5, (32, 64), [0, 2, 1, 3]),
        (6, (32, 64), [2, 0, 3, 1]),
        (7, (32, 64), [3, 1, 2, 0]),
        (8, (32, 64), [1, 3, 0, 2]),
    ];
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        for (turn, size, corners) in ways {
            let bytes = make::with(&picture, format, None, turn);
            let small = made("a", &bytes, &[60]).unwrap();
            let made = pixels(&small, 0).to_rgb8();
            let small =
                (if size.0 > size.1 { 60 } else { 30 }, if size.0 > size.1 { 30 } else { 60 });
            assert_eq!(made.dimensions(), small, "{format:?} {turn}");
            let (x, y) = (small.0 - 6, small.1 - 6);
            for ((x, y), colour) in [(5, 5), (x, 5), (5, y), (x, y)].into_iter().zip(corners) {
                let pixel = *made.get_pixel(x, y);
                assert!(
                    near(pixel, colours[colour], 40),
                    "{format:?} {turn}: {pixel:?} at {x},{y}"
                );
            }
        }
    }
}

#[test]
fn wide_gamut_becomes_srgb_and_plain_srgb_stays() {
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let srgb = moxcms::ColorProfile::new_srgb().encode().unwrap();
    let picture = RgbImage::from_pixel(40, 40, Rgb([200, 100, 100]));
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        for (profile, colour) in
            [(Some(&p3), [215, 93, 96]), (Some(&srgb), [200, 100, 100]), (None, [200, 100, 100])]
        {
            let bytes = make::with(&picture, format, profile.map(Vec::as_slice), 1);
            let small = made("a", &bytes, &[20]).unwrap();
            let pixel = *pixels(&small, 0).to_rgb8().get_pixel(10, 10);
            assert!(near(pixel, colour, 4), "{format:?}: {pixel:?} and not {colour:?}");
        }
    }
    // A profile that is none does no harm.
    let bytes = make::with(&picture, ImageFormat::Png, Some(b"no profile at all"), 1);
    assert!(near(
        *pixels(&made("a", &bytes, &[20]).unwrap(), 0).to_rgb8().get_pixel(10, 10),
        [200, 100, 100],
        4
    ));
}

#[test]
fn what_is_transparent_stays_so_and_its_colour_does_not_bleed() {
    // Opaque red beside green that nobody sees, in stripes that melt into each other.
    let picture = RgbaImage::from_fn(256, 256, |x, _| {
        if x % 2 == 0 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) }
    });
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let bytes = make::file(&DynamicImage::ImageRgba8(picture.clone()), format);
        let small = made("a", &bytes, &[64]).unwrap();
        assert!(small.transparent);
        assert_eq!(small.small[0].format, SmallFormat::Png);
        let pixel = *pixels(&small, 0).to_rgba8().get_pixel(32, 32);
        assert!(pixel[0] > 245 && pixel[1] < 10, "{format:?}: {pixel:?}");
        assert!(pixel[3].abs_diff(128) < 12, "{format:?}: {pixel:?}");
    }
    // The same while it is decoded in squares.
    let picture = RgbaImage::from_fn(4_100, 4_100, |x, _| {
        if x % 2 == 0 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) }
    });
    let bytes = make::file(&DynamicImage::ImageRgba8(picture), ImageFormat::Png);
    let pixel = *pixels(&made("a", &bytes, &[64]).unwrap(), 0).to_rgba8().get_pixel(32, 32);
    assert!(pixel[0] > 245 && pixel[1] < 10 && pixel[3].abs_diff(128) < 12, "{pixel:?}");
    // Room for transparency that nothing uses is none.
    let opaque = RgbaImage::from_pixel(300, 300, Rgba([1, 2, 3, 255]));
    let bytes = make::file(&DynamicImage::ImageRgba8(opaque), ImageFormat::Png);
    let small = made("a", &bytes, &[64]).unwrap();
    assert_eq!(small.small[0].format, SmallFormat::Jpeg);
}

#[test]
fn sixteen_bits_grey_and_palettes_keep_their_brightness() {
    let grey = image::ImageBuffer::from_pixel(64, 64, image::Luma([0x8080_u16]));
    let grey_alpha = image::ImageBuffer::from_pixel(64, 64, image::LumaA([0x8080_u16, 0xffff]));
    let rgb = image::ImageBuffer::from_pixel(64, 64, Rgb([0x8080_u16, 0x8080, 0x8080]));
    for picture in [
        DynamicImage::ImageLuma16(grey),
        DynamicImage::ImageLumaA16(grey_alpha),
        DynamicImage::ImageRgb16(rgb),
        DynamicImage::ImageLuma8(image::GrayImage::from_pixel(64, 64, image::Luma([0x80]))),
    ] {
        let small = made("a", &make::file(&picture, ImageFormat::Png), &[32]).unwrap();
        let pixel = *pixels(&small, 0).to_rgb8().get_pixel(16, 16);
        assert!(near(pixel, [0x80; 3], 2), "{:?}: {pixel:?}", picture.color());
    }
    // Two colours of one bit each, with a transparent one.
    let head = [&64_u32.to_be_bytes()[..], &64_u32.to_be_bytes(), &[1, 3, 0, 0, 0]].concat();
    let rows: Vec<u8> = (0..64).flat_map(|_| [0, 0, 0, 0, 0, 255, 255, 255, 255]).collect();
    let palette = [
        b"\x89PNG\r\n\x1a\n",
        &build::chunk(b"IHDR", &head)[..],
        &build::chunk(b"PLTE", &[255, 0, 0, 0, 0, 255]),
        &build::chunk(b"tRNS", &[0, 255]),
        &build::chunk(b"IDAT", &build::packed(&rows)),
        &build::chunk(b"IEND", b""),
    ]
    .concat();
    let small = made("a", &palette, &[32]).unwrap();
    let picture = pixels(&small, 0).to_rgba8();
    assert_eq!((picture.get_pixel(4, 16)[3], picture.get_pixel(28, 16)[3]), (0, 255));
    assert_eq!(*picture.get_pixel(28, 16), Rgba([0, 0, 255, 255]));
}

#[test]
fn of_animations_the_first_frame_that_shows_something_is_taken() {
    let (black, nothing) = (Rgba([0, 0, 0, 255]), Rgba([0, 0, 0, 0]));
    let (red, blue) = (Rgba([200, 0, 0, 255]), Rgba([0, 0, 200, 255]));
    type Make = fn(&[Rgba<u8>]) -> Vec<u8>;
    let makers: [(&str, Make); 3] =
        [("gif", make::gif), ("apng", make::apng), ("webp", make::webp_animation)];
    for (name, make) in makers {
        for frames in [
            &[red, blue][..],
            &[black, red, blue],
            &[nothing, nothing, red],
            &[black, nothing, red],
        ] {
            let small = made("a", &make(frames), &[32]).unwrap();
            let pixel = *pixels(&small, 0).to_rgb8().get_pixel(24, 12);
            assert!(near(pixel, [200, 0, 0], 12), "{name} of {frames:?}: {pixel:?}");
        }
        // Where no frame shows anything the first is as good as any.
        let small = made("a", &make(&[black, black]), &[32]).unwrap();
        assert!(near(*pixels(&small, 0).to_rgb8().get_pixel(24, 12), [0, 0, 0], 4), "{name}");
        assert_eq!(small.phash, 0, "{name}");
    }
}

#[test]
fn a_picture_that_is_cut_off_is_shown_as_far_as_it_goes_and_called_damaged() {
    let picture = DynamicImage::ImageRgb8(support::draw::picture(400, 400, 1));
    let whole = picture.to_rgb8();
    for (format, shown) in [
        (ImageFormat::Png, true),
        (ImageFormat::Jpeg, true),
        (ImageFormat::WebP, false),
        (ImageFormat::Tiff, false),
    ] {
        let bytes = make::file(&picture, format);
        match made("a", &bytes[..bytes.len() * 6 / 10], &[200]) {
            Ok(small) => {
                assert!(shown, "{format:?}");
                let damage =
                    small.damage.clone().unwrap_or_else(|| panic!("{format:?} is not whole"));
                assert!(damage.contains("cut off"), "{format:?}: {damage}");
                let part = pixels(&small, 0).to_rgb8();
                let (one, other) = (part.get_pixel(50, 20), whole.get_pixel(100, 40));
                assert!(near(*one, other.0, 40), "{format:?}: {one:?} and not {other:?}");
            }
            Err(error) => assert!(!shown && !error.to_string().is_empty(), "{format:?}: {error}"),
        }
    }
    // What follows the end of a picture is no damage.
    let mut bytes = make::file(&picture, ImageFormat::Jpeg);
    bytes.extend([b'x'; 5_000]);
    assert_eq!(made("a", &bytes, &[200]).unwrap().damage, None);
    // Nothing at all to show.
    let bytes = make::file(&picture, ImageFormat::Png);
    assert!(matches!(made("a", &bytes[..60], &[200]), Err(MediaError::Truncated(_))));
    // A flipped bit in the middle is found by the check sum.
    let mut bytes = bytes;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    let damaged = made("a", &bytes, &[200]);
    assert!(damaged.map_or(true, |small| small.damage.is_some()));
}

#[test]
fn what_has_no_picture_says_why() {
    for (name, bytes, part) in [
        ("a.txt", b"hello".to_vec(), "it is a text"),
        ("a.glb", b"glTF\x02\0\0\0".to_vec(), "drawn by the viewer"),
        ("a.wav", make::wav(8_000, &[0; 100]), "no cover"),
        ("a.mp4", build::film(b"isom", b"", true, false), "ffmpeg"),
        ("a.avif", fs::read(make::fixture("two.avif")).unwrap(), "ffmpeg"),
    ] {
        let error = made(name, &bytes, &[64]).unwrap_err();
        assert!(error.is_unsupported() && error.to_string().contains(part), "{name}: {error}");
    }
    assert!(matches!(made("a.bin", b"\0\x01\x02", &[64]), Err(MediaError::Unsupported)));
    assert!(matches!(made("a.png", b"", &[64]), Err(MediaError::Truncated(_))));
}

#[test]
fn drawings_read_nothing_outside_of_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let secret = written(
        &folder,
        "secret.png",
        &make::file(&DynamicImage::ImageRgb8(make::two(48, 32)), ImageFormat::Png),
    );
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="48" height="32"><image width="48" height="32" href="{0}"/><image width="48" height="32" xlink:href="{0}"/><image width="48" height="32" href="secret.png"/></svg>"#,
        secret.display()
    );
    let path = written(&folder, "a.svg", svg.as_bytes());
    let small =
        thumbnails(&mut Original::open(&path).unwrap(), &[48], &Tools::default(), &Stop::never())
            .unwrap();
    assert!(pixels(&small, 0).to_rgba8().pixels().all(|pixel| pixel[3] == 0));
    // Entities that unfold into each other.
    let mut laughs = String::from("<!DOCTYPE svg [<!ENTITY a0 \"ha\">");
    for at in 1..40 {
        laughs.push_str(&format!("<!ENTITY a{at} \"&a{0};&a{0};&a{0};&a{0};\">", at - 1));
    }
    laughs.push_str("]><svg xmlns=\"http://www.w3.org/2000/svg\"><text>&a39;</text></svg>");
    assert!(made("a.svg", laughs.as_bytes(), &[48]).is_err());
}

#[test]
fn work_that_is_stopped_ends_with_that() {
    let folder = tempfile::tempdir().unwrap();
    let picture = DynamicImage::ImageRgb8(make::two(2_000, 2_000));
    for (name, format) in
        [("a.png", ImageFormat::Png), ("a.jpg", ImageFormat::Jpeg), ("a.bmp", ImageFormat::Bmp)]
    {
        let path = written(&folder, name, &make::file(&picture, format));
        let mut original = Original::open(&path).unwrap();
        let stopped = thumbnails(&mut original, &[64], &Tools::default(), &Stop::when(|| true));
        assert!(matches!(stopped, Err(MediaError::Stopped)), "{name}");
        let late = Stop::never().within(Duration::ZERO);
        assert!(matches!(original.hash(&late), Err(MediaError::TooSlow)), "{name}");
        let hash = original.hash(&Stop::never()).unwrap();
        assert_eq!(hash, blake3::hash(&fs::read(&path).unwrap()).to_hex().to_string());
        assert!(
            thumbnails(&mut original, &[64], &Tools::default(), &Stop::never()).is_ok(),
            "{name}"
        );
    }
}

#[test]
fn one_picture_at_other_sizes_and_qualities_is_alike_and_others_are_not() {
    let edges = &[256];
    let hash = |bytes: &[u8]| made("a", bytes, edges).unwrap().phash;
    let mut all = Vec::new();
    let mut farthest = 0;
    for number in 0..8 {
        let picture = DynamicImage::ImageRgb8(support::draw::picture(320, 224, number));
        let whole = hash(&make::file(&picture, ImageFormat::Png));
        let resized = |width, height| {
            picture.resize_exact(width, height, image::imageops::FilterType::CatmullRom)
        };
        let mut poor = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut poor, 40)
            .encode_image(&picture)
            .unwrap();
        let others = [
            ("half", make::file(&resized(160, 112), ImageFormat::Png)),
            ("double", make::file(&resized(640, 448), ImageFormat::Jpeg)),
            ("tiny", make::file(&resized(90, 63), ImageFormat::Jpeg)),
            ("poor", poor),
            ("lossless", make::file(&picture, ImageFormat::WebP)),
        ];
        for (how, bytes) in others {
            let apart = likeness(whole, hash(&bytes));
            farthest = farthest.max(apart);
            assert!(apart <= media::ALIKE, "{number}, {how}: {apart} bits apart");
        }
        // The same from what is in the cache.
        let small = made("a", &make::file(&picture, ImageFormat::Png), edges).unwrap();
        let again = phash(&small.small[0].bytes).unwrap();
        assert!(likeness(whole, again) <= media::ALIKE);
        all.push(whole);
    }
    let mut nearest = 64;
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            nearest = nearest.min(likeness(*one, *other));
        }
    }
    println!("one picture: at most {farthest} bits apart; different pictures: at least {nearest}");
    assert!(nearest > media::ALIKE, "two pictures are only {nearest} bits apart");
}

#[test]
fn a_small_picture_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let small = made(
        "a",
        &make::file(&DynamicImage::ImageRgb8(make::two(90, 60)), ImageFormat::Png),
        &[32],
    )
    .unwrap();
    let small = &small.small[0];
    let to = folder.path().join("t.jpg");
    small.write(&to).unwrap();
    assert_eq!(fs::read(&to).unwrap(), small.bytes);
    assert!(small.write(&folder.path().join("no such folder/t.jpg")).is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
