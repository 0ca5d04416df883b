//! AVIF, HEIC, JPEG XL and TIFF without what is embedded. The files that say `SecretWord` are by Pillow
//! 13.0 with pillow-heif 1.8: two colours, the lower half transparent (not in the TIFF), Display P3 as
//! ICC, EXIF and XMP; the TIFF is turned by a quarter and has IPTC, names and texts.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use image::ImageDecoder;
use media::{Container, MediaError, Original, Stop, Tools, export::strip, thumbnails};
use std::fs;
use support::{
    build::{self, boxed},
    make,
    strip::stripped,
};

#[test]
fn avif_and_heic_change_only_where_texts_are() {
    let folder = tempfile::tempdir().unwrap();
    for (name, is) in [("secret.avif", Container::Avif), ("secret.heic", Container::Heic)] {
        let bytes = fs::read(make::fixture(name)).unwrap();
        let (container, made) = stripped(folder.path(), name, &bytes);
        assert_eq!((container, made.len()), (is, bytes.len()));
        // The EXIF is still one that readers take, and says nothing.
        let find =
            |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|part| part == what);
        let exif = find(&bytes, b"Exif\0\0MM\0*").unwrap();
        assert!(find(&made, b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0").unwrap() + 4 == exif, "{name}");
        let changed: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != made[*at]).collect();
        let xmp = find(&bytes, b"<x:xmpmeta").unwrap();
        assert!(
            changed
                .iter()
                .all(|at| (exif - 4..exif + 120).contains(at) || (xmp..xmp + 70).contains(at)),
            "{name}: {changed:?}"
        );
        let drawn = |bytes: &[u8]| {
            let path = folder.path().join("drawn");
            fs::write(&path, bytes).unwrap();
            thumbnails(&mut Original::open(&path).unwrap(), &[48], &Tools::find(), &Stop::never())
        };
        match (drawn(&bytes), drawn(&made)) {
            (Ok(one), Ok(other)) => {
                assert_eq!(one.small[0].bytes, other.small[0].bytes, "{name}");
            }
            (Err(one), Err(other)) => println!("{name}: not drawn ({one} {other})"),
            (one, other) => panic!("{name}: {:?} {:?}", one.err(), other.err()),
        }
    }
}

#[test]
fn other_boxes_of_a_heif_go_and_what_cannot_go_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(make::fixture("secret.avif")).unwrap();
    let behind = [
        &bytes[..],
        &boxed(b"uuid", b"0123456789abcdefSecretWord"),
        &boxed(b"udta", b"SecretWord"),
    ];
    let (_, made) = stripped(folder.path(), "behind.avif", &behind.concat());
    assert_eq!(made.len(), behind.concat().len());
    assert!(made.ends_with(b"free\0\0\0\0\0\0\0\0\0\0"));
    let refused = |bytes: &[u8]| {
        let (path, to) = (folder.path().join("bad"), folder.path().join("to-bad"));
        fs::write(&path, bytes).unwrap();
        let refused = strip(&mut Original::open(&path).unwrap(), &to, &Stop::never());
        assert!(!to.exists());
        refused.unwrap_err()
    };
    // A picture of a kind that may hold anything.
    let mut odd = bytes.clone();
    let at = odd.windows(8).position(|part| part == b"infe\x02\0\0\0").unwrap();
    assert_eq!(odd[at + 12..at + 16], *b"av01");
    odd[at + 12..at + 16].copy_from_slice(b"jpeg");
    assert!(matches!(refused(&odd), MediaError::NotStripped));
    // EXIF that begins within the picture.
    let items = build::avif(b"SecretWord", true);
    let meta = |more: &[u8]| {
        let entry = boxed(b"infe", b"\x02\0\0\0\0\x08\0\0av01\0");
        let exif = boxed(b"infe", b"\x02\0\0\0\0\x07\0\0Exif\0");
        let list = boxed(b"iinf", &[b"\0\0\0\0\0\x02", &entry[..], &exif].concat());
        let places = boxed(
            b"iloc",
            &[
                b"\0\0\0\0\x44\0\0\x02\0\x07\0\0\0\x01",
                more,
                b"\0\0\0\x08\0\x08\0\0\0\x01\0\0\0\x04\0\0\0\x08",
            ]
            .concat(),
        );
        [&items[..24], &boxed(b"meta", &[&[0; 4], &list[..], &places].concat())].concat()
    };
    assert!(matches!(refused(&meta(&[0, 0, 0, 6])), MediaError::Damaged(_)));
    // And one that ends after the file.
    assert!(matches!(refused(&meta(&[0, 0, 9, 9])), MediaError::Truncated(_)));
}

#[test]
fn a_jpeg_xl_keeps_its_picture() {
    let folder = tempfile::tempdir().unwrap();
    let picture = fs::read(make::fixture("two.jxl")).unwrap();
    assert!(picture.starts_with(b"\xff\x0a"));
    let head = [&b"\0\0\0\x0cJXL \r\n\x87\n"[..], &boxed(b"ftyp", b"jxl \0\0\0\0jxl ")].concat();
    let code = boxed(b"jxlc", &picture);
    let texts = [&b"Exif"[..], b"xml ", b"jumb", b"uuid", b"what"]
        .map(|kind| boxed(kind.try_into().unwrap(), b"xml SecretWord"))
        .concat();
    // The last box may say that it goes to the end.
    let mut open = code.clone();
    open[..4].fill(0);
    for (bytes, wanted) in [
        ([&head[..], &texts, &code].concat(), &code),
        ([&head[..], &code, &texts].concat(), &code),
        ([&head[..], &texts, &open].concat(), &open),
    ] {
        let (container, made) = stripped(folder.path(), "a.jxl", &bytes);
        assert_eq!(container, Container::JpegXl);
        assert_eq!(made, [&head[..], wanted].concat());
    }
    // What is packed, and what rebuilds a JPEG with its comments.
    let (from, to) = (folder.path().join("packed.jxl"), folder.path().join("to.jxl"));
    let packed = [boxed(b"brob", b"Exifpacked"), boxed(b"jbrd", b"comments")].concat();
    fs::write(&from, [&head[..], &packed, &code].concat()).unwrap();
    strip(&mut Original::open(&from).unwrap(), &to, &Stop::never()).unwrap();
    assert_eq!(fs::read(&to).unwrap(), [&head[..], &code].concat());
    // Without boxes there is nothing to take out.
    let (from, to) = (folder.path().join("plain.jxl"), folder.path().join("copy.jxl"));
    fs::write(&from, &picture).unwrap();
    strip(&mut Original::open(&from).unwrap(), &to, &Stop::never()).unwrap();
    assert_eq!(fs::read(&to).unwrap(), picture);
}

#[test]
fn a_tiff_keeps_pixels_colours_and_turn() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(make::fixture("secret.tif")).unwrap();
    let (container, made) = stripped(folder.path(), "secret.tif", &bytes);
    assert_eq!((container, made.len()), (Container::Tiff, bytes.len()));
    // Names as UTF-16, too.
    assert!(!made.windows(6).any(|part| part == b"S\0e\0c\0"));
    let drawn = |bytes: &[u8]| {
        let mut decoder =
            image::codecs::tiff::TiffDecoder::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
        let about = (decoder.icc_profile().unwrap(), decoder.orientation().unwrap());
        assert!(about.0.is_some());
        assert_eq!(about.1, image::metadata::Orientation::Rotate90);
        (about, image::DynamicImage::from_decoder(decoder).unwrap())
    };
    assert_eq!(drawn(&made), drawn(&bytes));
}

#[test]
fn a_tiff_that_is_more_than_a_picture_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let strip_of = |bytes: &[u8]| {
        let (path, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::write(&path, bytes).unwrap();
        strip(&mut Original::open(&path).unwrap(), &to, &Stop::never())
    };
    let short = |tag: u16, value: u16| {
        [&tag.to_le_bytes()[..], b"\x03\0\x01\0\0\0", &value.to_le_bytes(), &[0; 2]].concat()
    };
    let tiff = |entries: &[Vec<u8>], next: u32| {
        let count = (entries.len() as u16).to_le_bytes();
        [b"II*\0\x08\0\0\0", &count[..], &entries.concat(), &next.to_le_bytes(), &[7; 40]].concat()
    };
    let parts = |at: u16, length: u16| [short(273, at), short(279, length)];
    assert!(strip_of(&tiff(&parts(60, 10), 0)).is_ok());
    // The raw data of a camera.
    let raw = [&[short(262, 32_803)][..], &parts(60, 10)].concat();
    assert!(matches!(strip_of(&tiff(&raw, 0)), Err(MediaError::NotStripped)));
    let old = [&[short(259, 6)][..], &parts(60, 10)].concat();
    assert!(matches!(strip_of(&tiff(&old, 0)), Err(MediaError::NotStripped)));
    let lerc = [&[short(259, 34_887)][..], &parts(60, 10)].concat();
    assert!(matches!(strip_of(&tiff(&lerc, 0)), Err(MediaError::NotStripped)));
    // Pixels behind those that the directory speaks of.
    let described = |text: &[u8]| {
        let (length, at) = ((text.len() as u32).to_le_bytes(), 100_u32.to_le_bytes());
        let entry = [&b"\x0e\x01\x02\0"[..], &length, &at].concat();
        strip_of(
            &[tiff(&[&[entry][..], &parts(60, 10)].concat(), 0), vec![0; 10], text.to_vec()]
                .concat(),
        )
    };
    let stack = b"ImageJ=1.54f\nimages=12\nslices=12\n\0";
    assert!(matches!(described(stack), Err(MediaError::NotStripped)));
    for text in
        [&b"ImageJ=1.54f\nimages=1\n\0"[..], b"ImageJ=1.54f\nmin=0.0\n\0", b"A\nimages=12\n\0"]
    {
        assert!(described(text).is_ok(), "{}", String::from_utf8_lossy(text));
    }
    for (bytes, why) in [
        (tiff(&parts(60, 10), 8), "circle"),
        (tiff(&parts(8, 10), 0), "over each other"),
        (tiff(&parts(60, 1_000), 0), "cut off"),
        (tiff(&parts(60, 10)[..1], 0), "where its pixels are"),
    ] {
        let error = strip_of(&bytes).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
}
