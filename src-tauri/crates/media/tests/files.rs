//! Whole files: what is in them, whether they are whole, and what they look like small.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use media::{Container, MediaError, Original, embedded, facts_of_image, png_texts, verify};
use proptest::prelude::*;
use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};
use support::build::{self, Order};

fn png(w: u32, h: u32, texts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, w, h);
    encoder.set_color(png::ColorType::Rgb);
    for (key, text) in texts {
        encoder.add_itxt_chunk((*key).to_owned(), (*text).to_owned()).unwrap();
    }
    let pixels: Vec<u8> =
        (0..w * h * 3).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_prompt_inside_a_picture_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let bytes =
        png(8, 6, &[("prompt", r#"{"1":{}}"#), ("workflow", "{\"ä\":1}"), ("practice", "yes")]);
    let (container, found) = embedded(&file(folder.path(), "a.png", &bytes)).unwrap();
    assert_eq!(container, Container::Png);
    assert_eq!(found.prompt.as_deref(), Some(r#"{"1":{}}"#));
    assert_eq!(found.workflow.as_deref(), Some("{\"ä\":1}"));
    assert!(found.practice);
    let facts = facts_of_image(&folder.path().join("a.png")).unwrap();
    assert_eq!((facts.width, facts.height), (8, 6));
}

#[test]
fn a_picture_cut_off_anywhere_is_not_taken_for_whole() {
    let folder = tempfile::tempdir().unwrap();
    let whole = png(32, 24, &[("prompt", "{}")]);
    let path = file(folder.path(), "whole.png", &whole);
    verify(&path, Container::Png).unwrap();
    for cut in (0..whole.len()).step_by(7) {
        let path = file(folder.path(), "cut.png", &whole[..cut]);
        let error = verify(&path, Container::Png).unwrap_err();
        assert!(!error.is_unsupported(), "cut to {cut}: {error}");
        let told = embedded(&path).map_or(true, |(_, found)| found.damage.is_some());
        assert!(told || cut < 8, "cut to {cut}");
    }
}

#[test]
fn a_text_that_unpacks_without_end_is_refused() {
    // Eighty megabytes of zeros in eighty kilobytes.
    let mut packed = b"prompt\0\0".to_vec();
    let mut encoder = flate2::write::ZlibEncoder::new(&mut packed, flate2::Compression::best());
    let zeros = vec![b'0'; 1 << 20];
    for _ in 0..80 {
        std::io::Write::write_all(&mut encoder, &zeros).unwrap();
    }
    encoder.finish().unwrap();
    let whole = png(2, 2, &[]);
    let mut bomb = whole[..33].to_vec();
    bomb.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
    bomb.extend(b"zTXt");
    bomb.extend(&packed);
    bomb.extend([0; 4]);
    bomb.extend(&whole[33..]);
    let error = png_texts(Cursor::new(bomb)).unwrap_err();
    assert!(matches!(error, MediaError::Damaged(_) | MediaError::TooLarge(_)), "{error}");
}

proptest! {
    #[test]
    fn no_damage_makes_it_panic(at in 0usize..600, byte in any::<u8>(), cut in 0usize..600) {
        let mut bytes = png(16, 8, &[("prompt", r#"{"1":{"class_type":"A","inputs":{}}}"#)]);
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - cut % 40);
        let _ = png_texts(Cursor::new(&bytes));
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), "a.png", &bytes);
        let _ = verify(&path, Container::Png);
    }
}

#[test]
fn the_end_of_a_photograph_is_found_also_before_a_film() {
    let folder = tempfile::tempdir().unwrap();
    let picture = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([((x * 37) ^ (y * 91)).to_le_bytes()[0], x.to_le_bytes()[0], y.to_le_bytes()[0]])
    });
    let mut small = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut small, image::ImageFormat::Jpeg).unwrap();
    let bare = small.into_inner();
    // With a small picture in its head, which has an end mark of its own.
    let mut whole = b"\xff\xd8\xff\xe1".to_vec();
    whole.extend(u16::try_from(bare.len() + 2).unwrap().to_be_bytes());
    whole.extend(&bare);
    whole.extend(&bare[2..]);
    let end = |bytes: &[u8]| {
        let path = file(folder.path(), "a.jpg", bytes);
        Original::open(&path).unwrap().check_end()
    };
    end(&whole).unwrap();
    let film = [&whole[..], &[0; 5_000]].concat();
    end(&film).unwrap();
    for cut in [whole.len() - 2, whole.len() - 200] {
        let cut = [&whole[..cut], &[0; 2_000]].concat();
        assert!(matches!(end(&cut), Err(MediaError::Truncated(_))));
    }
}

#[test]
fn the_boxes_of_a_film_end_where_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let part = |kind: &[u8; 4], size: usize| {
        let mut bytes = u32::try_from(size).unwrap().to_be_bytes().to_vec();
        bytes.extend(kind);
        bytes.resize(size, 0);
        bytes
    };
    let mut head = part(b"ftyp", 16);
    head[8..12].copy_from_slice(b"isom");
    let end = |parts: &[&[u8]]| {
        let path = file(folder.path(), "a.mp4", &parts.concat());
        Original::open(&path).unwrap().check_end()
    };
    let (moov, mdat) = (part(b"moov", 40), part(b"mdat", 400));
    let mut large = b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x20".to_vec();
    large.resize(32, 1);
    end(&[&head, &moov, &mdat]).unwrap();
    end(&[&head, &moov, &mdat, &[0; 7]]).unwrap();
    end(&[&head, &large, &moov]).unwrap();
    end(&[&head, &moov, b"\0\0\0\0mdat", &[1; 90]]).unwrap();
    end(&[&head, &moov, &mdat, b"TAGtitle of a sound"]).unwrap();
    for cut in [&mdat[..399], &mdat[..20], &large[..31], &large[..12]] {
        assert!(matches!(end(&[&head, &moov, cut]), Err(MediaError::Truncated(_))));
    }
}

/// What the end of a file with these bytes looks like: whole, or cut off.
fn is_whole(bytes: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    match Original::open(&file(folder.path(), "a", bytes)).unwrap().check_end() {
        Ok(()) => true,
        Err(MediaError::Truncated(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_film_that_goes_on_longer_than_its_file_is_cut_off() {
    for order in [Order::default(), Order { tags_last: true, ..Order::default() }] {
        let whole = build::webm("webm", &[("a", "b")], order);
        assert!(is_whole(&whole));
        assert!(is_whole(&[&whole[..], b"behind the film"].concat()));
        for cut in [whole.len() - 1, whole.len() - 30] {
            assert!(!is_whole(&whole[..cut]), "{cut}");
        }
    }
    // A live film says no lengths, but for those of its parts.
    let live = Order { tags_last: true, unknown: true, ..Order::default() };
    assert!(is_whole(&build::webm("webm", &[("a", "b")], live)));
    let open = [
        build::webm_head("webm"),
        build::SEGMENT.to_vec(),
        b"\x01\xff\xff\xff\xff\xff\xff\xff".to_vec(),
    ];
    let cluster = build::element(build::CLUSTER, &[7; 50]);
    let live = [open.concat(), cluster.clone(), cluster].concat();
    assert!(is_whole(&live));
    assert!(!is_whole(&live[..live.len() - 20]));
}

#[test]
fn a_riff_is_as_long_as_it_says() {
    for kind in [b"WAVE", b"AVI ", b"WEBP"] {
        let of = |size: u32| [b"RIFF", &size.to_le_bytes()[..], kind, &[7; 90]].concat();
        assert!(is_whole(&of(94)) && is_whole(&of(60)));
        assert!(!is_whole(&of(95)) && !is_whole(&of(4_000)));
        // Into a pipe.
        assert!(is_whole(&of(u32::MAX)));
        // Without the byte that makes it even.
        assert!(is_whole(&of(94)[..101]));
    }
}

#[test]
fn the_last_page_of_an_ogg_is_whole() {
    let long = "words ".repeat(30_000);
    for texts in [[("a", "b")], [("a", &long[..])]] {
        let whole = build::ogg(b"OpusHead", &texts, 255);
        assert!(is_whole(&whole));
        for cut in 1..whole.len().min(40) {
            assert!(!is_whole(&whole[..whole.len() - cut]), "{cut}");
        }
    }
}
