//! AVIF and HEIC: their colours, their transparency and their edges. What ffmpeg does of it is put in
//! its place here, and asked of a real one where there is one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]
#![cfg_attr(not(unix), allow(dead_code))]

mod support;

use image::{ExtendedColorType, ImageEncoder, RgbaImage, codecs::png::PngEncoder};
use media::{
    Kind, Original, Stop, Taken, Thumbnails, Tools,
    export::{Metadata, PictureExport, PictureFormat, Resize, export_picture},
    measure, thumbnails,
};
use std::{fs, path::Path};
use support::{build::boxed, make};

const SIZE: (u32, u32) = (48, 32);

/// Two colours that wide gamuts show otherwise; the lower half is transparent.
fn picture(lower: u8) -> RgbaImage {
    RgbaImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let [r, g, b] = if x < 24 { [200, 90, 70] } else { [60, 170, 110] };
        image::Rgba([r, g, b, if y < 16 { 255 } else { lower }])
    })
}

fn small(path: &Path, tools: &Tools) -> Thumbnails {
    thumbnails(&mut Original::open(path).unwrap(), &[48], tools, &Stop::never()).unwrap()
}

/// What a PNG with these pixels and this profile looks like.
fn as_png(folder: &Path, picture: &RgbaImage, profile: &[u8]) -> Thumbnails {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(profile.to_vec()).unwrap();
    encoder.write_image(picture, SIZE.0, SIZE.1, ExtendedColorType::Rgba8).unwrap();
    let path = folder.join("same.png");
    fs::write(&path, bytes).unwrap();
    small(&path, &Tools::default())
}

fn pixels(shown: &Thumbnails) -> RgbaImage {
    image::load_from_memory(&shown.small[0].bytes).unwrap().to_rgba8()
}

/// A program that gives these pixels for any picture, and their transparency for the item that is it,
/// as ffmpeg has it.
#[cfg(unix)]
fn in_place_of_ffmpeg(folder: &Path, picture: &RgbaImage, alpha_item: Option<u32>) -> Tools {
    use std::os::unix::fs::PermissionsExt;
    let (colours, alpha) = (folder.join("colours"), folder.join("alpha"));
    let opaque: Vec<u8> =
        picture.pixels().flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect();
    let grey: Vec<u8> =
        picture.pixels().flat_map(|pixel| [pixel[3], pixel[3], pixel[3], 255]).collect();
    fs::write(&colours, opaque).unwrap();
    fs::write(&alpha, grey).unwrap();
    let head = "P7\\nWIDTH 48\\nHEIGHT 32\\nDEPTH 4\\nMAXVAL 255\\nTUPLTYPE RGB_ALPHA\\nENDHDR\\n";
    let item = alpha_item.map_or("none".to_owned(), |item| item.to_string());
    let text = format!(
        "#!/bin/sh\ncase \"$*\" in\n*'-map 0:i:{item} '*) printf '{head}'; cat '{}';;\n*'-map 0:i:'*) echo 'matches no streams' >&2; exit 1;;\n*) printf '{head}'; cat '{}';;\nesac\n",
        alpha.display(),
        colours.display()
    );
    // Whoever is started while it is open for writing would hold it open.
    let path = folder.join("ffmpeg");
    let part = folder.join("ffmpeg.part");
    fs::write(&part, text).unwrap();
    fs::set_permissions(&part, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(&part, &path).unwrap();
    Tools { ffmpeg: Some(path) }
}

#[cfg(unix)]
#[test]
fn transparency_and_profile_are_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let picture = picture(0);
    let wanted = as_png(folder.path(), &picture, &p3);
    assert_ne!(
        pixels(&wanted).get_pixel(3, 3),
        picture.get_pixel(3, 3),
        "a profile that does nothing"
    );
    let tools = in_place_of_ffmpeg(folder.path(), &picture, Some(2));
    for name in ["secret.avif", "secret.heic"] {
        let shown = small(&make::fixture(name), &tools);
        assert_eq!((shown.taken, shown.transparent), (Taken::PictureByFfmpeg, true), "{name}");
        assert_eq!((&shown.small, &shown.damage), (&wanted.small, &None), "{name}");
    }
    // Where ffmpeg does not find it, that is said of a copy, and is no damage of the file.
    let tools = in_place_of_ffmpeg(folder.path(), &picture, None);
    let shown = small(&make::fixture("secret.avif"), &tools);
    assert_eq!((shown.transparent, shown.damage), (false, None));
    let how = PictureExport {
        format: PictureFormat::Png,
        resize: Resize::Keep,
        metadata: Metadata::Strip,
    };
    let copied = |tools: &Tools, name: &str| {
        let mut original = Original::open(&make::fixture("secret.avif")).unwrap();
        let to = folder.path().join(name);
        export_picture(&mut original, &how, tools, &to, &Stop::never()).unwrap().notes.concat()
    };
    assert!(copied(&tools, "without.png").contains("transparency"));
    let tools = in_place_of_ffmpeg(folder.path(), &picture, Some(2));
    assert!(!copied(&tools, "with.png").contains("transparency"));
}

#[cfg(unix)]
#[test]
fn colours_that_a_number_stands_for_are_shown_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let picture = picture(255);
    let tools = in_place_of_ffmpeg(folder.path(), &picture, None);
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let wide = pixels(&as_png(folder.path(), &picture, &p3));
    let two = fs::read(make::fixture("two.avif")).unwrap();
    let at = two.windows(8).position(|part| part == b"colrnclx").unwrap() + 8;
    // Primaries and transfer: sRGB, nothing said, Display P3.
    for (code, wanted) in [([1, 13], &picture), ([2, 2], &picture), ([12, 13], &wide)] {
        let mut bytes = two.clone();
        bytes[at..at + 4].copy_from_slice(&[0, code[0], 0, code[1]]);
        let path = folder.path().join("code.avif");
        fs::write(&path, bytes).unwrap();
        let shown = pixels(&small(&path, &tools));
        for (x, y) in [(3, 3), (40, 20)] {
            let (one, other) = (shown.get_pixel(x, y), wanted.get_pixel(x, y));
            assert!(
                one.0.iter().zip(other.0).all(|(one, other)| one.abs_diff(other) <= 3),
                "{code:?}: {one:?} {other:?}"
            );
        }
    }
    assert!(wide.get_pixel(3, 3)[0].abs_diff(picture.get_pixel(3, 3)[0]) > 8, "{wide:?}");
}

#[test]
fn a_picture_is_as_large_as_what_is_left_of_it() {
    // It is coded with 64×64 pixels.
    let found = measure(&mut Original::open(&make::fixture("secret.heic")).unwrap()).unwrap();
    assert_eq!((found.kind, found.width, found.height), (Kind::Picture, Some(48), Some(32)));
    assert_eq!(found.alpha, Some(true));
    // One that leaves nothing is none.
    let bytes = fs::read(make::fixture("secret.heic")).unwrap();
    let at = bytes.windows(4).position(|part| part == b"clap").unwrap() + 4;
    let folder = tempfile::tempdir().unwrap();
    for (place, number) in [(0, 0), (4, 49), (4, 0), (8, 0)] {
        let mut bytes = bytes.clone();
        bytes[at + place..at + place + 4].copy_from_slice(&u32::to_be_bytes(number));
        let path = folder.path().join("nothing.heic");
        fs::write(&path, bytes).unwrap();
        let found = measure(&mut Original::open(&path).unwrap()).unwrap();
        assert_eq!((found.width, found.height), (Some(64), Some(64)), "{place} {number}");
    }
}

/// A HEIC of 64×64 pixels of which 48×32 are left, whose last item, `auxiliaries`, is the transparency of
/// the first, and the ones before it are something else of it. To each of the items from 1,000 on so many
/// further properties belong as there are in `more`.
fn many(auxiliaries: u16, more: &[u8]) -> Vec<u8> {
    let number = |number: u32| number.to_be_bytes();
    let size = boxed(b"ispe", &[[0; 4], number(64), number(64)].concat());
    let cut = [48, 1, 32, 1, 0, 1, 0, 1].map(number).concat();
    let alpha = boxed(b"auxC", b"\0\0\0\0urn:mpeg:hevc:2015:auxid:1\0");
    let list = boxed(b"ipco", &[size, boxed(b"clap", &cut), alpha].concat());
    let mut belongs = [[0; 4], number(more.len() as u32 + 2)].concat();
    belongs.extend(b"\0\x01\x02\x01\x02");
    for (at, count) in more.iter().enumerate() {
        belongs.extend(((at % 60_000) as u16 + 1_000).to_be_bytes());
        belongs.push(*count);
        belongs.extend(vec![1; usize::from(*count)]);
    }
    belongs.extend([&auxiliaries.to_be_bytes()[..], b"\x01\x03"].concat());
    let properties = boxed(b"iprp", &[list, boxed(b"ipma", &belongs)].concat());
    let mut references = vec![0; 4];
    for item in 2..=auxiliaries {
        references.extend(boxed(b"auxl", &[&item.to_be_bytes()[..], b"\0\x01\0\x01"].concat()));
    }
    let meta =
        [vec![0; 4], boxed(b"pitm", b"\0\0\0\0\0\x01"), properties, boxed(b"iref", &references)];
    [boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), boxed(b"meta", &meta.concat())].concat()
}

/// Looking through everything for each of them would take longer than a picture may.
#[cfg(unix)]
#[test]
fn many_items_with_many_properties_are_looked_through_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.heic");
    fs::write(&path, many(49_000, &[255; 390])).unwrap();
    let tools = in_place_of_ffmpeg(folder.path(), &picture(0), Some(49_000));
    let shown = small(&path, &tools);
    assert_eq!((shown.transparent, shown.damage), (true, None));
}

#[test]
fn long_lists_of_properties_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.heic");
    let width = |more: &[u8]| {
        fs::write(&path, many(2, more)).unwrap();
        measure(&mut Original::open(&path).unwrap()).unwrap().width
    };
    assert_eq!(width(&[255; 390]), Some(48));
    // More than a hundred thousand in less than a megabyte, and more than a megabyte of none.
    assert_eq!(width(&[255; 400]), Some(64));
    assert_eq!(width(&[0; 350_000]), Some(64));
}

#[test]
fn ffmpeg_gives_transparency_where_it_is() {
    let tools = Tools::find();
    if tools.ffmpeg.is_none() {
        println!("not tried: there is no ffmpeg");
        return;
    }
    for name in ["secret.avif", "secret.heic"] {
        let mut original = Original::open(&make::fixture(name)).unwrap();
        let shown = match thumbnails(&mut original, &[48], &tools, &Stop::never()) {
            Ok(shown) if shown.damage.is_none() => shown,
            other => {
                println!("{name}: this ffmpeg does not decode it: {other:?}");
                continue;
            }
        };
        let shown = pixels(&shown);
        assert_eq!(shown.dimensions(), SIZE, "{name}");
        let [left, right, below] = [(3, 3), (44, 3), (3, 28)].map(|(x, y)| shown.get_pixel(x, y).0);
        assert!(left[0] > 200 && left[2] < 60 && left[3] > 250, "{name}: {left:?}");
        assert!(right[2] > 200 && right[0] < 60 && right[3] > 250, "{name}: {right:?}");
        assert!(below[3] < 5, "{name}: {below:?}");
    }
}
