//! Copies without what is embedded: the formats whose smallest files are built here.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use image::{DynamicImage, ImageFormat, Rgba};
use media::{
    Container, MediaError, Original, Stop,
    export::{can_strip, strip},
};
use proptest::prelude::*;
use std::fs;
use support::{
    build, make,
    strip::{says_it, stripped},
};

/// Pixels, or bytes of sound and film, as they must be after stripping.
fn content(container: Container, bytes: &[u8]) -> Vec<u8> {
    match container {
        Container::Png | Container::Apng | Container::Jpeg | Container::WebP | Container::Gif => {
            image::load_from_memory(bytes).unwrap().into_rgba8().into_raw()
        }
        _ => Vec::new(),
    }
}

#[test]
fn what_is_stripped_holds_no_word_and_the_same_pixels() {
    let folder = tempfile::tempdir().unwrap();
    let secret = r#"{"1": {"class_type": "SecretWord", "inputs": {}}}"#;
    let texts =
        [("prompt", secret), ("workflow", r#"{"nodes": [{"type": "SecretWord"}], "links": []}"#)];
    let two = DynamicImage::ImageRgb8(make::two(48, 32));
    let exif = build::exif(&texts, true);
    let mut files: Vec<(String, Vec<u8>)> = build::all(&texts)
        .into_iter()
        .filter(|(_, container, _)| {
            can_strip(*container)
                && !matches!(
                    container,
                    Container::Png
                        | Container::Apng
                        | Container::Jpeg
                        | Container::WebP
                        | Container::Gif
                )
        })
        .map(|(name, _, bytes)| (name.to_owned(), bytes))
        .collect();
    files.push(("a real png".into(), {
        let mut bytes = make::file(&two, ImageFormat::Png);
        bytes.splice(33..33, build::chunk(b"tEXt", b"prompt\0SecretWord"));
        bytes.extend(b"SecretWord behind the end");
        bytes
    }));
    files.push(("a real jpeg".into(), {
        let mut bytes = make::file(&two, ImageFormat::Jpeg);
        let comment = build::segment(0xfe, b"SecretWord");
        let block = build::segment(0xe1, &[b"Exif\0\0", &exif[..]].concat());
        bytes.splice(2..2, [comment, block].concat());
        bytes.extend(b"SecretWord");
        bytes
    }));
    files.push(("a real webp".into(), {
        let still = make::with(&make::two(48, 32), ImageFormat::WebP, None, 6);
        let mut bytes = still;
        let xmp = b"SecretWord in XMP!";
        bytes.extend([b"XMP ", &u32::try_from(xmp.len()).unwrap().to_le_bytes()[..], xmp].concat());
        let length = u32::try_from(bytes.len() - 8).unwrap();
        bytes[4..8].copy_from_slice(&length.to_le_bytes());
        bytes
    }));
    files.push(("an animated gif".into(), {
        let mut bytes = make::gif(&[Rgba([9, 9, 9, 255]), Rgba([200, 0, 0, 255])]);
        let end = bytes.len() - 1;
        bytes.splice(
            end..end,
            [b"\x21\xfe\x0aSecretWord\0".as_slice(), b"\x21\xff\x0bXMP DataXMP\x0aSecretWord\0"]
                .concat(),
        );
        bytes
    }));
    let mut seen = Vec::new();
    for (name, bytes) in files {
        let (container, stripped) = stripped(folder.path(), &name, &bytes);
        assert_eq!(content(container, &stripped), content(container, &bytes), "{name}");
        // Films keep their length, since places in them are counted.
        if matches!(
            container,
            Container::Mp4 | Container::Mov | Container::WebM | Container::Matroska
        ) {
            assert_eq!(stripped.len(), bytes.len(), "{name}");
        }
        seen.push(container);
        // Half of it is refused or holds no word either.
        let (from, to) = (folder.path().join("half"), folder.path().join("half-to"));
        fs::write(&from, &bytes[..bytes.len() / 2]).unwrap();
        if strip(&mut Original::open(&from).unwrap(), &to, &Stop::never()).is_ok() {
            assert!(!says_it(&fs::read(&to).unwrap()), "half of {name}");
        }
    }
    for container in [
        Container::Png,
        Container::Jpeg,
        Container::WebP,
        Container::Gif,
        Container::Mp4,
        Container::WebM,
        Container::Flac,
        Container::Mp3,
        Container::Ogg,
        Container::Opus,
        Container::Avif,
        Container::Glb,
    ] {
        assert!(seen.contains(&container), "{container:?} was not tried");
    }
    let text = folder.path().join("a.txt");
    fs::write(&text, b"words").unwrap();
    assert!(matches!(
        strip(&mut Original::open(&text).unwrap(), &folder.path().join("to"), &Stop::never()),
        Err(MediaError::NotStripped)
    ));
}

#[test]
fn a_stripped_picture_is_still_turned_and_coloured() {
    let folder = tempfile::tempdir().unwrap();
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let from = folder.path().join("from");
        fs::write(&from, make::with(&make::two(48, 32), format, Some(&p3), 6)).unwrap();
        let to = folder.path().join("to");
        strip(&mut Original::open(&from).unwrap(), &to, &Stop::never()).unwrap();
        let mut decoder = image::ImageReader::open(&to)
            .unwrap()
            .with_guessed_format()
            .unwrap()
            .into_decoder()
            .unwrap();
        assert_eq!(
            image::ImageDecoder::orientation(&mut decoder).unwrap(),
            image::metadata::Orientation::Rotate90,
            "{format:?}"
        );
        assert_eq!(
            image::ImageDecoder::icc_profile(&mut decoder).unwrap(),
            Some(p3.clone()),
            "{format:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_damage_makes_it_panic(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in 0..60_usize,
    ) {
        let mut files = build::all(&[("prompt", "{}"), ("workflow", r#"{"nodes": []}"#)]);
        for name in ["secret.avif", "secret.heic", "secret.tif", "tone.oga"] {
            files.push((name, Container::Unknown, fs::read(make::fixture(name)).unwrap()));
        }
        let (name, _, mut bytes) = files.swap_remove(which.index(files.len()));
        for (at, byte) in changes {
            // Heads are where lengths and places stand.
            let at = at.index(bytes.len().min(700));
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut.min(bytes.len() - 1) / 2 * (cut % 2));
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join(name), folder.path().join("to"));
        fs::write(&from, &bytes).unwrap();
        if strip(&mut Original::open(&from).unwrap(), &to, &Stop::never()).is_ok() {
            prop_assert!(fs::metadata(&to).unwrap().len() <= bytes.len() as u64 + 64);
        } else {
            prop_assert!(!to.exists());
        }
    }
}
