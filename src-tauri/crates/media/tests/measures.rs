//! What heads say: size as shown, time, frames, colours.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use image::{DynamicImage, ImageFormat, Rgba};
use media::{Colour, Container, Kind, Measures, Original, first_lines, measure};
use std::fs;
use support::{build, make};

fn measured(name: &str, bytes: &[u8]) -> Measures {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    measure(&mut Original::open(&path).unwrap()).unwrap()
}

#[test]
fn pictures_are_measured_without_decoding_them() {
    let two = make::two(48, 32);
    let rgb = DynamicImage::ImageRgb8(two.clone());
    let rgba16 = DynamicImage::ImageRgba16(rgb.to_rgba16());
    let grey = DynamicImage::ImageLuma8(rgb.to_luma8());
    let fixture = |name: &str| fs::read(make::fixture(name)).unwrap();
    let exr = DynamicImage::ImageRgb32F(rgb.to_rgb32f());
    type Row = (&'static str, Vec<u8>, Container, Colour, Option<u8>, Option<bool>);
    let rows: Vec<Row> = vec![
        (
            "png",
            make::file(&rgb, ImageFormat::Png),
            Container::Png,
            Colour::Rgb,
            Some(8),
            Some(false),
        ),
        (
            "png 16",
            make::file(&rgba16, ImageFormat::Png),
            Container::Png,
            Colour::Rgb,
            Some(16),
            Some(true),
        ),
        (
            "png grey",
            make::file(&grey, ImageFormat::Png),
            Container::Png,
            Colour::Grey,
            Some(8),
            Some(false),
        ),
        (
            "jpeg",
            make::file(&rgb, ImageFormat::Jpeg),
            Container::Jpeg,
            Colour::Rgb,
            Some(8),
            Some(false),
        ),
        (
            "jpeg grey",
            make::file(&grey, ImageFormat::Jpeg),
            Container::Jpeg,
            Colour::Grey,
            Some(8),
            Some(false),
        ),
        ("jpeg inks", fixture("two_cmyk.jpg"), Container::Jpeg, Colour::Cmyk, Some(8), Some(false)),
        (
            "webp",
            make::file(&rgb, ImageFormat::WebP),
            Container::WebP,
            Colour::Rgb,
            Some(8),
            Some(false),
        ),
        (
            "bmp",
            make::file(&rgb, ImageFormat::Bmp),
            Container::Bmp,
            Colour::Rgb,
            Some(8),
            Some(false),
        ),
        (
            "tiff",
            make::file(&rgb, ImageFormat::Tiff),
            Container::Tiff,
            Colour::Rgb,
            Some(8),
            Some(false),
        ),
        (
            "exr",
            make::file(&exr, ImageFormat::OpenExr),
            Container::Exr,
            Colour::Rgb,
            Some(32),
            Some(false),
        ),
        ("jxl", fixture("two.jxl"), Container::JpegXl, Colour::Rgb, Some(8), Some(false)),
        ("avif", fixture("two.avif"), Container::Avif, Colour::Rgb, Some(8), Some(false)),
        ("svg", make::SVG.as_bytes().to_vec(), Container::Svg, Colour::Rgb, None, Some(true)),
    ];
    for (name, bytes, container, colour, bits, alpha) in rows {
        let found = measured("a", &bytes);
        assert_eq!((found.kind, found.container), (Kind::Picture, container), "{name}");
        assert_eq!((found.width, found.height), (Some(48), Some(32)), "{name}");
        assert_eq!((found.colour, found.bits, found.alpha), (Some(colour), bits, alpha), "{name}");
        assert_eq!((found.duration_ms, &found.note), (None, &None), "{name}");
    }
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        for turn in 1..=8 {
            let found = measured("a", &make::with(&two, format, None, turn));
            let size = if turn > 4 { (32, 48) } else { (48, 32) };
            assert_eq!((found.width.unwrap(), found.height.unwrap()), size, "{format:?} {turn}");
        }
    }
}

#[test]
fn animations_have_frames_and_time() {
    let frames = [Rgba([0, 0, 0, 255]), Rgba([200, 0, 0, 255]), Rgba([0, 0, 200, 255])];
    for (name, bytes) in [
        ("gif", make::gif(&frames)),
        ("apng", make::apng(&frames)),
        ("webp", make::webp_animation(&frames)),
    ] {
        let found = measured("a", &bytes);
        assert_eq!((found.width, found.height), (Some(40), Some(20)), "{name}");
        assert_eq!((found.frames, found.duration_ms), (Some(3), Some(360)), "{name}");
    }
    let still = measured("a", &make::gif(&frames[..1]));
    assert_eq!((still.frames, still.duration_ms), (Some(1), None));
}

#[test]
fn lengths_in_drawings_are_pixels_or_nothing() {
    for (head, size) in [
        (r#"width="10" height="20""#, (Some(10), Some(20))),
        (r#"width="10px" height="1in""#, (Some(10), Some(96))),
        (r#"viewBox="0 0 30 40""#, (Some(30), Some(40))),
        (r#"width="100%" viewBox="0,0,30,40""#, (Some(30), Some(40))),
        (r#"width="1e3" height="-5""#, (Some(1_000), None)),
        ("", (None, None)),
    ] {
        let found = measured(
            "a.svg",
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {head}/>").as_bytes(),
        );
        assert_eq!((found.width, found.height), size, "{head}");
    }
}

#[test]
fn sounds_have_time_rate_and_channels() {
    let found = measured("a.wav", &make::wav(8_000, &[5; 12_000]));
    assert_eq!(found.kind, Kind::Audio);
    assert_eq!(
        (found.duration_ms, found.sample_rate, found.channels),
        (Some(1_500), Some(8_000), Some(1))
    );
}

/// `moov` with a picture and a sound track, as ffmpeg lays it out.
fn film(turned: bool) -> Vec<u8> {
    let full =
        |kind: &[u8; 4], content: &[u8]| build::boxed(kind, &[&[0; 4][..], content].concat());
    let mvhd = full(
        b"mvhd",
        &[&[0; 8][..], &600_u32.to_be_bytes(), &1_500_u32.to_be_bytes(), &[0; 80]].concat(),
    );
    let matrix: [i32; 9] = if turned {
        [0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30]
    } else {
        [1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30]
    };
    let matrix: Vec<u8> = matrix.iter().flat_map(|one| one.to_be_bytes()).collect();
    let tkhd = full(b"tkhd", &[&[0; 36][..], &matrix, &[0; 8]].concat());
    let handler = |what: &[u8; 4]| full(b"hdlr", &[&[0; 4][..], what, &[0; 13]].concat());
    let stts = full(
        b"stts",
        &[&1_u32.to_be_bytes()[..], &60_u32.to_be_bytes(), &25_u32.to_be_bytes()].concat(),
    );
    let video = build::boxed(
        b"avc1",
        &[&[0; 24][..], &320_u16.to_be_bytes(), &200_u16.to_be_bytes(), &[0; 50]].concat(),
    );
    let sound = build::boxed(
        b"mp4a",
        &[&[0; 16][..], &2_u16.to_be_bytes(), &[0; 6], &44_100_u16.to_be_bytes(), &[0; 2]].concat(),
    );
    let track = |what: &[u8; 4], entry: &[u8]| {
        let stsd = full(b"stsd", &[&1_u32.to_be_bytes()[..], entry].concat());
        let table = build::boxed(b"stbl", &[stsd, stts.clone()].concat());
        let media = build::boxed(b"mdia", &[handler(what), build::boxed(b"minf", &table)].concat());
        build::boxed(b"trak", &[tkhd.clone(), media].concat())
    };
    let movie =
        build::boxed(b"moov", &[mvhd, track(b"vide", &video), track(b"soun", &sound)].concat());
    [build::boxed(b"ftyp", b"isom\0\0\0\0"), build::boxed(b"mdat", &[0; 64]), movie].concat()
}

#[test]
fn films_are_measured_by_their_heads() {
    for (turned, size) in [(false, (320, 200)), (true, (200, 320))] {
        let found = measured("a.mp4", &film(turned));
        assert_eq!(
            (found.kind, found.width, found.height),
            (Kind::Video, Some(size.0), Some(size.1))
        );
        assert_eq!((found.duration_ms, found.frames), (Some(2_500), Some(60)));
        assert_eq!((found.sample_rate, found.channels), (Some(44_100), Some(2)));
    }
    let info = build::element(
        &[0x15, 0x49, 0xa9, 0x66],
        &build::element(&[0x44, 0x89], &2_500.0_f64.to_be_bytes()),
    );
    let video = build::element(
        &[0xe0],
        &[build::element(&[0xb0], &320_u16.to_be_bytes()), build::element(&[0xba], &[200])]
            .concat(),
    );
    let track = build::element(
        &[0xae],
        &[
            build::element(&[0x83], &[1]),
            build::element(&[0x23, 0xe3, 0x83], &40_000_000_u32.to_be_bytes()),
            video,
        ]
        .concat(),
    );
    let tracks = build::element(&[0x16, 0x54, 0xae, 0x6b], &track);
    let webm = [
        build::webm_head("webm"),
        build::element(&[0x18, 0x53, 0x80, 0x67], &[info, tracks].concat()),
    ]
    .concat();
    let found = measured("a.webm", &webm);
    assert_eq!((found.kind, found.width, found.height), (Kind::Video, Some(320), Some(200)));
    assert_eq!((found.duration_ms, found.frames), (Some(2_500), Some(63)));
    let avi = [
        &b"RIFF\0\0\0\0AVI LIST\0\0\0\0hdrlavih\x38\0\0\0"[..],
        &40_000_u32.to_le_bytes(),
        &[0; 12],
        &50_u32.to_le_bytes(),
        &[0; 12],
        &320_u32.to_le_bytes(),
        &200_u32.to_le_bytes(),
        &[0; 16],
    ]
    .concat();
    let found = measured("a.avi", &avi);
    assert_eq!((found.kind, found.width, found.height), (Kind::Video, Some(320), Some(200)));
    assert_eq!((found.duration_ms, found.frames), (Some(2_000), Some(50)));
}

#[test]
fn a_damaged_head_is_measured_as_far_as_it_goes() {
    for (name, bytes) in make::all() {
        let whole = measured(name, &bytes);
        for cut in (1..bytes.len().min(300)).step_by(5) {
            let part = measured(name, &bytes[..cut]);
            // What is said is what the whole says.
            if part.container == whole.container && part.width.is_some() && part.note.is_none() {
                assert_eq!(
                    (part.width, part.height),
                    (whole.width, whole.height),
                    "{name} cut to {cut}"
                );
            }
        }
    }
    let png = make::file(&DynamicImage::ImageRgb8(make::two(48, 32)), ImageFormat::Png);
    let part = measured("a.png", &png[..40]);
    assert_eq!((part.width, part.height), (Some(48), Some(32)));
    assert!(part.note.unwrap().contains("cut off"));
}

#[test]
fn texts_show_their_first_lines() {
    let folder = tempfile::tempdir().unwrap();
    let lines = |bytes: &[u8], count: usize| {
        let path = folder.path().join("a.txt");
        fs::write(&path, bytes).unwrap();
        first_lines(&mut Original::open(&path).unwrap(), count).unwrap()
    };
    assert_eq!(lines("\u{feff}eins\r\nzwei\ndrei\n".as_bytes(), 2), "eins\nzwei");
    assert_eq!(lines(b"a\xffb", 5), "a\u{fffd}b");
    // Cut in the middle of a letter of two bytes.
    let long = lines("ä".repeat(3_000).as_bytes(), 5);
    assert!(long.len() <= 4_096 && long.chars().all(|c| c == 'ä'));
}

#[test]
fn older_films_and_sounds_are_told_and_measured_as_far_as_they_say() {
    // A pack before the first pictures: 352×240.
    let pack = b"\0\0\x01\xba\x44\0\x04\0\x04\x01\x01\x89\xc3\xf8";
    let sequence = b"\0\0\x01\xb3\x16\x00\xf0\x15\xff\xff\xe0\x18";
    for bytes in [[&pack[..], sequence].concat(), sequence.to_vec()] {
        let found = measured("a.mpg", &bytes);
        assert_eq!((found.kind, found.container), (Kind::Video, Container::Mpeg));
        assert_eq!((found.width, found.height, found.note), (Some(352), Some(240), None));
    }
    let found = measured("a.mpg", pack);
    assert_eq!((found.kind, found.width), (Kind::Video, None));
    // ffmpeg 9.0 wrote it of a tone of 0.4 s; what it puts before and after it is heard, too.
    let found = measured("a.aac", &fs::read(make::fixture("tone.aac")).unwrap());
    assert_eq!((found.kind, found.container), (Kind::Audio, Container::Aac));
    assert_eq!((found.sample_rate, found.channels), (Some(8_000), Some(1)));
    assert!(found.duration_ms.is_some_and(|ms| (400..=700).contains(&ms)), "{found:?}");
    // Half a second of silence, 8,000 samples of 16 bits a second.
    let rate = b"\x40\x0b\xfa\0\0\0\0\0\0\0";
    let about = [b"\0\x01\0\0\x0f\xa0\0\x10", &rate[..]].concat();
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        [&kind[..], &u32::try_from(content.len()).unwrap().to_be_bytes(), content].concat()
    };
    let body = [&b"AIFF"[..], &chunk(b"COMM", &about), &chunk(b"SSND", &[0; 8_008])].concat();
    let found = measured("a.aif", &chunk(b"FORM", &body));
    assert_eq!((found.kind, found.container), (Kind::Audio, Container::Aiff));
    assert_eq!((found.duration_ms, found.sample_rate), (Some(500), Some(8_000)));
    let head = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c";
    let found = measured("a.wmv", head);
    assert_eq!((found.kind, found.note), (Kind::Video, None));
}
