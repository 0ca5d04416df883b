//! Copies: converted, resized, stripped, on a sheet, in an archive.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use media::{
    EmbeddedWorkflow, MediaError, Original, Stop, Tools, embedded,
    export::{
        Cell, ContactSheet, Exported, Metadata, PictureExport, PictureFormat, Resize, ZipEntry,
        contact_sheet, export_picture, strip, zip,
    },
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use support::{build, make};

const PROMPT: &str =
    r#"{"3": {"class_type": "KSampler", "inputs": {"seed": 7, "text": "夜の港"}}}"#;
const GRAPH: &str = r#"{"nodes": [], "links": [], "extra": {"ä": 1}}"#;

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn exported(
    from: &Path,
    to: &Path,
    format: PictureFormat,
    resize: Resize,
    metadata: Metadata,
) -> Result<Exported, MediaError> {
    let how = PictureExport { format, resize, metadata };
    export_picture(&mut Original::open(from)?, &how, &Tools::default(), to, &Stop::never())
}

/// A PNG with prompt and graph.
fn png(picture: &DynamicImage, prompt: &str) -> Vec<u8> {
    let mut bytes = make::file(picture, ImageFormat::Png);
    let text = |name: &str, text: &str| {
        build::chunk(b"iTXt", format!("{name}\0\0\0\0\0{text}").as_bytes())
    };
    bytes.splice(33..33, [text("prompt", prompt), text("workflow", GRAPH)].concat());
    bytes
}

#[test]
fn a_picture_becomes_another_format_and_keeps_what_made_it_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let picture = RgbaImage::from_fn(60, 40, |x, y| Rgba([x as u8 * 4, y as u8 * 6, 90, 255]));
    let from =
        written(folder.path(), "a.png", &png(&DynamicImage::ImageRgba8(picture.clone()), PROMPT));
    for format in [PictureFormat::Png, PictureFormat::Jpeg(95), PictureFormat::WebP] {
        for metadata in [Metadata::Keep, Metadata::Strip] {
            let to = folder.path().join(format!("b.{}", format.extension()));
            let done = exported(&from, &to, format, Resize::Keep, metadata).unwrap();
            assert_eq!(
                (done.width, done.height, done.bytes),
                (60, 40, fs::metadata(&to).unwrap().len())
            );
            assert_eq!(done.notes, [""; 0]);
            let made = image::open(&to).unwrap().into_rgba8();
            let most = if matches!(format, PictureFormat::Jpeg(_)) { 8 } else { 0 };
            for (one, other) in made.pixels().zip(picture.pixels()) {
                assert!(
                    one.0.iter().zip(other.0).all(|(one, other)| one.abs_diff(other) <= most),
                    "{format:?}"
                );
            }
            let (_, found) = embedded(&to).unwrap();
            match metadata {
                Metadata::Keep => {
                    assert_eq!(
                        (found.prompt.as_deref(), found.workflow.as_deref()),
                        (Some(PROMPT), Some(GRAPH)),
                        "{format:?}"
                    );
                }
                Metadata::Strip => assert_eq!(found, EmbeddedWorkflow::default(), "{format:?}"),
            }
        }
    }
    // Others may read a copy as they may any new file.
    let fresh = written(folder.path(), "fresh", b"");
    let rights = |path: &Path| fs::metadata(path).unwrap().permissions();
    assert_eq!(rights(&folder.path().join("b.png")), rights(&fresh));
    // A copy of a copy.
    let (webp, again) = (folder.path().join("b.webp"), folder.path().join("c.png"));
    exported(&from, &webp, PictureFormat::WebP, Resize::Keep, Metadata::Keep).unwrap();
    exported(&webp, &again, PictureFormat::Png, Resize::Keep, Metadata::Keep).unwrap();
    assert_eq!(embedded(&again).unwrap().1.prompt.as_deref(), Some(PROMPT));
}

#[test]
fn settings_of_other_programs_go_along_and_what_is_too_long_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let two = DynamicImage::ImageRgb8(make::two(48, 32));
    let mut bytes = make::file(&two, ImageFormat::Png);
    bytes.splice(33..33, build::chunk(b"tEXt", b"parameters\0a cat\nSteps: 20, Seed: 1"));
    let from = written(folder.path(), "a.png", &bytes);
    for format in [PictureFormat::Png, PictureFormat::Jpeg(90), PictureFormat::WebP] {
        let to = folder.path().join("b");
        exported(&from, &to, format, Resize::Keep, Metadata::Keep).unwrap();
        let (_, found) = embedded(&to).unwrap();
        assert_eq!(found.parameters.as_deref(), Some("a cat\nSteps: 20, Seed: 1"), "{format:?}");
    }
    let long = format!(
        r#"{{"1": {{"class_type": "A", "inputs": {{"text": "{}"}}}}}}"#,
        "x".repeat(70_000)
    );
    let from = written(folder.path(), "long.png", &png(&two, &long));
    let to = folder.path().join("long.jpg");
    let done = exported(&from, &to, PictureFormat::Jpeg(90), Resize::Keep, Metadata::Keep).unwrap();
    assert!(
        done.notes.len() == 1 && done.notes[0].contains("larger than a JPEG"),
        "{:?}",
        done.notes
    );
    assert_eq!(embedded(&to).unwrap().1, EmbeddedWorkflow::default());
}

#[test]
fn copies_have_the_size_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let from = written(
        folder.path(),
        "a.png",
        &make::file(&DynamicImage::ImageRgb8(make::two(400, 200)), ImageFormat::Png),
    );
    for (resize, size) in [
        (Resize::Keep, Some((400, 200))),
        (Resize::LongestEdge(100), Some((100, 50))),
        (Resize::LongestEdge(4_000), Some((400, 200))),
        (Resize::Percent(50.0), Some((200, 100))),
        (Resize::Percent(400.0), Some((1_600, 800))),
        (Resize::Percent(0.0001), Some((1, 1))),
        (Resize::Percent(0.0), None),
        (Resize::Percent(f32::NAN), None),
        (Resize::Percent(401.0), None),
    ] {
        let to = folder.path().join("b.png");
        let done = exported(&from, &to, PictureFormat::Png, resize, Metadata::Strip);
        assert_eq!(done.ok().map(|done| (done.width, done.height)), size, "{resize:?}");
        if let Some(size) = size {
            assert_eq!(image::image_dimensions(&to).unwrap(), size);
        }
    }
}

#[test]
fn copies_are_upright_keep_their_colours_and_lose_no_bits() {
    let folder = tempfile::tempdir().unwrap();
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let turned = make::with(&make::two(60, 40), ImageFormat::Jpeg, Some(&p3), 6);
    let from = written(folder.path(), "a.jpg", &turned);
    for format in [PictureFormat::Png, PictureFormat::Jpeg(90), PictureFormat::WebP] {
        let to = folder.path().join("b");
        let done = exported(&from, &to, format, Resize::Keep, Metadata::Strip).unwrap();
        assert_eq!((done.width, done.height), (40, 60));
        let mut decoder = image::ImageReader::open(&to)
            .unwrap()
            .with_guessed_format()
            .unwrap()
            .into_decoder()
            .unwrap();
        assert_eq!(
            image::ImageDecoder::icc_profile(&mut decoder).unwrap().as_ref(),
            Some(&p3),
            "{format:?}"
        );
        assert_eq!(
            image::ImageDecoder::orientation(&mut decoder).unwrap(),
            image::metadata::Orientation::NoTransforms
        );
    }
    let deep = image::ImageBuffer::from_fn(9, 9, |x, y| {
        Rgba([x as u16 * 7_001, y as u16 * 6_007, 12_345, 65_535])
    });
    let from = written(
        folder.path(),
        "deep.png",
        &make::file(&DynamicImage::ImageRgba16(deep.clone()), ImageFormat::Png),
    );
    let to = folder.path().join("deep-copy.png");
    exported(&from, &to, PictureFormat::Png, Resize::Keep, Metadata::Strip).unwrap();
    assert_eq!(image::open(&to).unwrap(), DynamicImage::ImageRgba16(deep));
    // What is transparent is white in a JPEG.
    let clear = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 0]));
    let from = written(
        folder.path(),
        "clear.png",
        &make::file(&DynamicImage::ImageRgba8(clear), ImageFormat::Png),
    );
    let to = folder.path().join("clear.jpg");
    exported(&from, &to, PictureFormat::Jpeg(90), Resize::Keep, Metadata::Strip).unwrap();
    assert!(image::open(&to).unwrap().to_rgb8().pixels().all(|pixel| pixel[0] > 250));
}

#[test]
fn nothing_is_left_of_a_copy_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let out = tempfile::tempdir().unwrap();
    let bytes =
        make::file(&DynamicImage::ImageRgb8(support::draw::picture(200, 200, 1)), ImageFormat::Png);
    let from = written(folder.path(), "cut.png", &bytes[..bytes.len() / 2]);
    let error = exported(
        &from,
        &out.path().join("a.png"),
        PictureFormat::Png,
        Resize::Keep,
        Metadata::Keep,
    )
    .unwrap_err();
    assert!(error.to_string().contains("not exported"), "{error}");
    let from = written(folder.path(), "whole.png", &bytes);
    let how = PictureExport {
        format: PictureFormat::Png,
        resize: Resize::Keep,
        metadata: Metadata::Strip,
    };
    let stopped = export_picture(
        &mut Original::open(&from).unwrap(),
        &how,
        &Tools::default(),
        &out.path().join("b.png"),
        &Stop::when(|| true),
    );
    assert!(matches!(stopped, Err(MediaError::Stopped)));
    assert!(
        strip(&mut Original::open(&from).unwrap(), &out.path().join("c.png"), &Stop::when(|| true))
            .is_err()
    );
    let entry = ZipEntry { name: "a".into(), path: from.clone() };
    let stopped = zip(&[entry], &out.path().join("d.zip"), &Stop::when(|| true), &mut |_| {});
    assert!(matches!(stopped, Err(MediaError::Stopped)));
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn a_sheet_has_every_picture_at_its_place_and_its_labels() {
    let folder = tempfile::tempdir().unwrap();
    let colours =
        [[250, 0, 0], [0, 200, 0], [0, 0, 250], [200, 200, 0], [0, 200, 200], [200, 0, 200]];
    let cells = colours.iter().enumerate().map(|(at, colour)| {
        let path = folder.path().join(format!("{at}.png"));
        RgbImage::from_pixel(100, 100, Rgb(*colour)).save(&path).unwrap();
        Cell { picture: Some(path), label: format!("cfg {at} · 夜") }
    });
    let mut sheet = ContactSheet {
        title: "A sweep <of> six & more".into(),
        columns: vec![
            "4.0".into(),
            "7.5".into(),
            "a value that is much longer than its place on the sheet".into(),
        ],
        rows: vec!["euler".into(), "dpmpp_2m".into()],
        cells: cells.collect(),
        across: 3,
        edge: 100,
        format: PictureFormat::Png,
    };
    let to = folder.path().join("sheet.png");
    let mut told = Vec::new();
    let made =
        contact_sheet(&sheet, &to, &Tools::default(), &Stop::never(), &mut |done| told.push(done))
            .unwrap();
    assert_eq!(told, [1, 2, 3, 4, 5, 6]);
    assert_eq!((made.missing.len(), made.bytes), (0, fs::metadata(&to).unwrap().len()));
    let picture = image::open(&to).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (made.width, made.height));
    // Each colour is there once, in the order of reading.
    let mut corners = Vec::new();
    for colour in colours {
        let of = picture
            .enumerate_pixels()
            .filter(|(_, _, pixel)| pixel.0.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 4));
        let places: Vec<(u32, u32)> = of.map(|(x, y, _)| (x, y)).collect();
        assert!(places.len() >= 9_900, "{colour:?}: {} pixels", places.len());
        corners.push((
            places.iter().map(|place| place.1).min().unwrap(),
            places.iter().map(|place| place.0).min().unwrap(),
        ));
    }
    assert!(
        corners.is_sorted() && corners[0].0 == corners[2].0 && corners[0].1 == corners[3].1,
        "{corners:?}"
    );
    // Something is written above, at the left and below the pictures.
    let dark = |x: std::ops::Range<u32>, y: std::ops::Range<u32>| {
        x.flat_map(|x| y.clone().map(move |y| (x, y)))
            .filter(|(x, y)| picture.get_pixel(*x, *y).0.iter().all(|c| *c < 110))
            .count()
    };
    let (top, left) = corners[0];
    assert!(dark(0..made.width, 0..top - 15) > 60, "no title");
    assert!(dark(left..made.width, top - 15..top) > 60, "no columns");
    assert!(dark(0..left, top..top + 100) > 4, "no rows");
    assert!(dark(left..left + 100, top + 100..top + 115) > 12, "no labels");
    // A picture that is gone leaves its place empty and is named.
    sheet.cells[4].picture = Some(folder.path().join("gone.png"));
    sheet.cells[5].picture = None;
    for format in [PictureFormat::Jpeg(90), PictureFormat::WebP] {
        sheet.format = format;
        let made =
            contact_sheet(&sheet, &to, &Tools::default(), &Stop::never(), &mut |_| ()).unwrap();
        assert_eq!(made.missing, [4]);
    }
}

#[test]
fn a_row_of_a_sheet_is_as_high_as_its_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let cell = |name: &str, width, height| {
        let path = folder.path().join(name);
        RgbImage::from_pixel(width, height, Rgb([0, 200, 0])).save(&path).unwrap();
        Cell { picture: Some(path), label: String::new() }
    };
    let none = Cell::default();
    let sheet = ContactSheet {
        title: String::new(),
        columns: Vec::new(),
        rows: vec![String::new()],
        cells: vec![
            cell("wide.png", 200, 40),
            cell("less.png", 200, 60),
            cell("high.png", 50, 100),
            none.clone(),
            none.clone(),
            none,
        ],
        across: 2,
        edge: 100,
        format: PictureFormat::Png,
    };
    let to = folder.path().join("sheet.png");
    let made = contact_sheet(&sheet, &to, &Tools::default(), &Stop::never(), &mut |_| ()).unwrap();
    // Gaps of 4 around: rows of 30, 100 and, where nothing is known, 100.
    assert_eq!((made.width, made.height), (212, 4 + 34 + 104 + 104));
    let picture = image::open(&to).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (made.width, made.height));
    let is_green = |x, y| picture.get_pixel(x, y).0[0] < 20;
    assert!(is_green(4, 9) && !is_green(4, 8) && is_green(4, 28), "in the middle of its row");
    assert!(is_green(108, 4) && is_green(108, 33) && !is_green(108, 34), "the highest of it");
    assert!(is_green(29, 38) && is_green(78, 137) && !is_green(28, 60), "the row after it");
}

#[test]
fn a_sheet_that_would_be_too_large_or_empty_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = |cells, across, edge| ContactSheet {
        title: String::new(),
        columns: Vec::new(),
        rows: Vec::new(),
        cells: vec![Cell::default(); cells],
        across,
        edge,
        format: PictureFormat::Png,
    };
    for (cells, across, edge) in [
        (0, 3, 100),
        (3, 0, 100),
        (10_000, 100, 256),
        (1_000, 1, 64),
        (3, 3, 9_000),
        (usize::from(u16::MAX), usize::MAX, 256),
    ] {
        let sheet = sheet(cells, across, edge);
        assert!(!sheet.fits(), "{cells} {across} {edge}");
        let written = contact_sheet(
            &sheet,
            &folder.path().join("a"),
            &Tools::default(),
            &Stop::never(),
            &mut |_| (),
        );
        assert!(written.is_err(), "{cells} {across} {edge}");
    }
    let sheet = sheet(100, 10, 64);
    assert!(sheet.fits());
    assert!(
        contact_sheet(
            &sheet,
            &folder.path().join("a"),
            &Tools::default(),
            &Stop::never(),
            &mut |_| ()
        )
        .is_ok()
    );
}
