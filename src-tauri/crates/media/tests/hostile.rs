//! Files that lie: whatever a file says of itself, it takes a bounded memory and a bounded time, and
//! nothing panics. Alone in its program, since the memory of all threads is counted together.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use image::{DynamicImage, ImageFormat};
use media::{
    MediaError, Original, Stop, Tools, export, first_lines, measure, thumbnails, waveform,
};
use peak_alloc::PeakAlloc;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use support::{build, make};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What work took beyond what was there before, in bytes.
fn memory(work: impl FnOnce()) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    work();
    MEMORY.peak_usage().saturating_sub(before)
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// Everything that is done with a file on import and on export.
fn all_of_it(path: &Path, out: &Path) {
    let stop = Stop::never().within(Duration::from_secs(20));
    let Ok(mut original) = Original::open(path) else { return };
    let _ = original.hash(&stop);
    let _ = measure(&mut original);
    let _ = first_lines(&mut original, 5);
    let _ = thumbnails(&mut original, &[64, 200], &Tools::default(), &stop);
    let _ = waveform(&mut original, 20, &Tools::default(), &stop);
    let _ = export::strip(&mut original, out, &stop);
    let how = export::PictureExport {
        format: export::PictureFormat::Png,
        resize: export::Resize::LongestEdge(100),
        metadata: export::Metadata::Keep,
    };
    let _ = export::export_picture(&mut original, &how, &Tools::default(), out, &stop);
}

/// One test after the other: they share the memory that is counted.
#[test]
fn nothing_takes_more_than_it_may() {
    // What is loaded once for all, such as fonts.
    let folder = tempfile::tempdir().unwrap();
    let svg = written(folder.path(), "warm.svg", make::SVG.as_bytes());
    all_of_it(&svg, &folder.path().join("out"));
    huge_pictures(folder.path());
    bombs(folder.path());
    lengths(folder.path());
    damage(folder.path());
}

fn huge_pictures(folder: &Path) {
    // 900 megapixels: 2.7 GB of pixels.
    let path = written(folder, "huge.png", &make::bomb(30_000, 30_000));
    let began = Instant::now();
    let took = memory(|| {
        let mut original = Original::open(&path).unwrap();
        let small = thumbnails(&mut original, &[256, 1_024], &Tools::default(), &Stop::never());
        match small {
            Ok(small) => {
                let sizes: Vec<_> = small.small.iter().map(|s| (s.width, s.height)).collect();
                assert_eq!(sizes, [(256, 256), (1_024, 1_024)]);
            }
            // On a machine that is busy with other things.
            Err(error) => assert!(matches!(error, MediaError::TooSlow), "{error}"),
        }
    });
    println!("30,000 x 30,000 PNG: {} MB, {:.1?}", took >> 20, began.elapsed());
    assert!(took < 100 << 20, "{took} bytes");
    assert!(began.elapsed() < Duration::from_secs(90));

    // A JPEG of 225 megapixels, decoded at one eighth of its size.
    let picture = image::GrayImage::from_fn(15_000, 15_000, |x, y| {
        image::Luma([if (x / 1_000 + y / 1_000) % 2 == 0 { 30 } else { 220 }])
    });
    let path = written(
        folder,
        "huge.jpg",
        &make::file(&DynamicImage::ImageLuma8(picture), ImageFormat::Jpeg),
    );
    let began = Instant::now();
    let took = memory(|| {
        let mut original = Original::open(&path).unwrap();
        match thumbnails(&mut original, &[256], &Tools::default(), &Stop::never()) {
            Ok(small) => assert_eq!(small.small[0].width, 256),
            Err(error) => assert!(matches!(error, MediaError::TooSlow), "{error}"),
        }
    });
    println!("15,000 x 15,000 JPEG: {} MB, {:.1?}", took >> 20, began.elapsed());
    assert!(took < 100 << 20, "{took} bytes");
    fs::remove_file(path).unwrap();
}

fn bombs(folder: &Path) {
    // Sizes that nobody has, in a head and nothing else.
    for (width, height) in
        [(0x7fff_ffff, 0x7fff_ffff), (0x7fff_ffff, 1), (1, 0x7fff_ffff), (100_000, 100_000), (0, 0)]
    {
        let head = |colour| {
            [&u32::to_be_bytes(width)[..], &u32::to_be_bytes(height), &[16, colour, 0, 0, 0]]
                .concat()
        };
        let png = [
            b"\x89PNG\r\n\x1a\n",
            &build::chunk(b"IHDR", &head(6))[..],
            &build::chunk(b"IDAT", &build::packed(&[0; 9_000])),
            &build::chunk(b"IEND", b""),
        ]
        .concat();
        let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX).to_be_bytes();
        let sof = [&[8][..], &side(height), &side(width), &[3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]]
            .concat();
        let mut jpeg = make::file(&DynamicImage::ImageRgb8(make::two(48, 32)), ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|two| two == b"\xff\xc0").unwrap();
        let length = usize::from(u16::from_be_bytes([jpeg[frame + 2], jpeg[frame + 3]]));
        jpeg.splice(frame..frame + 2 + length, build::segment(0xc0, &sof));
        let mut progressive = jpeg.clone();
        progressive[frame + 1] = 0xc2;
        let gif = [
            b"GIF89a",
            &side(width).map(|b| b)[..],
            &side(height),
            b"\xf0\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0",
            &side(width),
            &side(height),
            b"\0\x02\x02\x4c\x01\0\x3b",
        ]
        .concat();
        let mut bmp = make::file(&DynamicImage::ImageRgb8(make::two(48, 32)), ImageFormat::Bmp);
        bmp[18..22].copy_from_slice(&width.to_le_bytes());
        bmp[22..26].copy_from_slice(&height.to_le_bytes());
        let three =
            |side: u32| (side.saturating_sub(1).min(0x00ff_ffff)).to_le_bytes()[..3].to_vec();
        let mut webp = make::webp_animation(&[image::Rgba([9, 9, 9, 255])]);
        webp[24..27].copy_from_slice(&three(width));
        webp[27..30].copy_from_slice(&three(height));
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"><rect width=\"{width}\" height=\"{height}\"/></svg>"
        );
        let files = [
            ("png", png),
            ("jpg", jpeg),
            ("progressive.jpg", progressive),
            ("gif", gif),
            ("bmp", bmp),
            ("webp", webp),
            ("svg", svg.into_bytes()),
        ];
        for (name, bytes) in files {
            let path = written(folder, name, &bytes);
            let began = Instant::now();
            let took = memory(|| all_of_it(&path, &folder.join("out")));
            assert!(
                took as u64 <= media::MOST_MEMORY + (64 << 20),
                "{name} of {width}×{height}: {took} bytes"
            );
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "{name} of {width}×{height}: {:?}",
                began.elapsed()
            );
        }
    }
}

/// A film of 8 GB that is nothing but holes, and a picture that says it is 4 GB long.
fn lengths(folder: &Path) {
    let path = folder.join("long.mp4");
    let mut file = fs::File::create(&path).unwrap();
    file.write_all(&[&1_u32.to_be_bytes()[..], b"mdat", &(8_u64 << 30).to_be_bytes()].concat())
        .unwrap();
    file.set_len(8 << 30).unwrap();
    drop(file);
    let took = memory(|| {
        let mut original = Original::open(&path).unwrap();
        assert!(measure(&mut original).unwrap().note.is_some());
        assert!(thumbnails(&mut original, &[64], &Tools::default(), &Stop::never()).is_err());
        let stopped = original.hash(&Stop::never().within(Duration::from_millis(50)));
        assert!(matches!(stopped, Err(MediaError::TooSlow)));
    });
    assert!(took < 8 << 20, "{took} bytes");
    fs::remove_file(path).unwrap();
}

/// Any file with any bytes changed, cut anywhere.
fn damage(folder: &Path) {
    let files = make::all();
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6);
    let cut = prop::option::weighted(0.3, any::<prop::sample::Index>());
    let run =
        TestRunner::new(config).run(&(0..files.len(), changes, cut), |(which, changes, cut)| {
            let (name, mut bytes) = files[which].clone();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            let path = written(folder, name, &bytes);
            let began = Instant::now();
            let took = memory(|| all_of_it(&path, &folder.join("out")));
            prop_assert!(
                took as u64 <= media::MOST_MEMORY + (64 << 20),
                "{} took {} bytes",
                name,
                took
            );
            prop_assert!(
                began.elapsed() < Duration::from_secs(60),
                "{} took {:?}",
                name,
                began.elapsed()
            );
            fs::remove_file(&path).unwrap();
            Ok(())
        });
    run.unwrap();
}
