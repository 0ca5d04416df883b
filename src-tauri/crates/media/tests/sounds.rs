//! Waveforms, and what ffmpeg shows of films where it is there.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use media::{
    DecodedBy, Kind, MediaError, Original, Stop, Taken, Tools, measure, thumbnails, waveform,
};
use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};
use support::{build, make};

const RATE: u32 = 44_100;

/// Two seconds of one tone: silence, half loud, loud, silence.
fn loudness() -> Vec<i16> {
    let tone = |at: u32| (f64::from(at) * 0.0628).sin();
    let steps = [0.0, 16_000.0, 32_000.0, 0.0];
    steps.iter().flat_map(|step| (0..RATE / 2).map(move |at| (tone(at) * step) as i16)).collect()
}

fn of(path: &Path, tools: &Tools) -> Result<media::Waveform, MediaError> {
    waveform(&mut Original::open(path).unwrap(), 8, tools, &Stop::never())
}

fn is_as_loud(peaks: &[f32], tolerance: f32) -> bool {
    let wanted = [0.0, 0.0, 0.49, 0.49, 0.98, 0.98, 0.0, 0.0];
    // Coded sounds smear over the edges of the steps; the middles are compared.
    peaks.len() == 8
        && [0, 3, 5, 7].iter().all(|at: &usize| (peaks[*at] - wanted[*at]).abs() < tolerance)
}

#[test]
fn a_waveform_follows_the_loudness() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    fs::write(&path, make::wav(RATE, &loudness())).unwrap();
    let heard = of(&path, &Tools::default()).unwrap();
    assert!(is_as_loud(&heard.peaks, 0.02), "{:?}", heard.peaks);
    assert_eq!((heard.duration_ms, heard.by, heard.damage), (2_000, DecodedBy::Symphonia, None));
    // Cut in half.
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let heard = of(&path, &Tools::default()).unwrap();
    assert!(heard.duration_ms.abs_diff(1_000) <= 2, "{}", heard.duration_ms);
    assert!(heard.damage.unwrap().contains("ends"));
}

#[test]
fn what_is_no_sound_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("a.txt", b"hello".to_vec()),
        ("a.flac", build::flac(&[])),
        ("a.mp4", build::film(b"isom", b"", true, false)),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        assert!(of(&path, &Tools::default()).is_err(), "{name}");
    }
    let path = folder.path().join("a.wav");
    fs::write(&path, make::wav(RATE, &loudness())).unwrap();
    let stopped =
        waveform(&mut Original::open(&path).unwrap(), 8, &Tools::default(), &Stop::when(|| true));
    assert!(matches!(stopped, Err(MediaError::Stopped)));
}

/// ffmpeg, and a file that it makes of ours; nothing where it is not installed.
fn by_ffmpeg(from: &Path, to: &Path, options: &[&str]) -> Option<Tools> {
    let tools = Tools::find();
    let ffmpeg = tools.ffmpeg.as_ref()?;
    let done = Command::new(ffmpeg)
        .args(["-v", "error", "-y", "-i"])
        .arg(from)
        .args(options)
        .arg(to)
        .status()
        .unwrap();
    done.success().then_some(tools)
}

#[test]
fn every_usual_sound_is_heard() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from.wav");
    fs::write(&from, make::wav(RATE, &loudness())).unwrap();
    for (name, ours) in
        [("a.flac", true), ("a.mp3", true), ("a.ogg", true), ("a.m4a", true), ("a.opus", false)]
    {
        let path = folder.path().join(name);
        let Some(tools) = by_ffmpeg(&from, &path, &[]) else {
            println!("{name}: not tried, since there is no ffmpeg that makes one");
            continue;
        };
        let measures = measure(&mut Original::open(&path).unwrap()).unwrap();
        assert_eq!(measures.kind, Kind::Audio, "{name}");
        assert!(
            measures.duration_ms.unwrap().abs_diff(2_000) < 100,
            "{name}: {:?}",
            measures.duration_ms
        );
        let heard = of(&path, &tools).unwrap();
        assert!(is_as_loud(&heard.peaks, 0.15), "{name}: {:?}", heard.peaks);
        assert_eq!(heard.by == DecodedBy::Symphonia, ours, "{name}");
        let without = of(&path, &Tools::default());
        assert_eq!(without.is_ok(), ours, "{name}");
        if let Err(error) = without {
            assert!(error.to_string().contains("ffmpeg"), "{error}");
        }
    }
}

#[test]
fn a_film_shows_its_first_frame_that_is_not_blank() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from.png");
    make::two(320, 200).save(&from).unwrap();
    // The second fades in from black for a second; the name is one that must not be taken for an option.
    for (name, filter) in
        [("-y a.mp4", "null"), ("a.mkv", "fade=in:0:25"), ("a.webm", "null"), ("a.avi", "null")]
    {
        let path = folder.path().join(name);
        let made = by_ffmpeg(
            &from,
            &path,
            &["-vf", &format!("loop=75:1,{filter}"), "-r", "25", "-t", "3", "-pix_fmt", "yuv420p"],
        );
        let Some(tools) = made else {
            println!("{name}: not tried, since there is no ffmpeg that makes one");
            continue;
        };
        let mut original = Original::open(&path).unwrap();
        let measures = measure(&mut original).unwrap();
        assert_eq!(
            (measures.kind, measures.width, measures.height),
            (Kind::Video, Some(320), Some(200)),
            "{name}"
        );
        assert!(measures.duration_ms.unwrap().abs_diff(3_000) < 100, "{name}: {measures:?}");
        let shown = thumbnails(&mut original, &[64], &tools, &Stop::never()).unwrap();
        assert_eq!(shown.taken, Taken::FrameByFfmpeg);
        let small = image::load_from_memory(&shown.small[0].bytes).unwrap().to_rgb8();
        assert_eq!(small.dimensions(), (64, 40), "{name}");
        let (left, right) = (small.get_pixel(8, 20), small.get_pixel(56, 20));
        assert!(left[0] > left[2] + 20 && right[2] > right[0] + 20, "{name}: {left:?} {right:?}");
        assert!(matches!(of(&path, &tools), Err(MediaError::NoSound)), "{name}");
        // Without ffmpeg it says what is missing.
        let error =
            thumbnails(&mut original, &[64], &Tools::default(), &Stop::never()).unwrap_err();
        assert!(error.to_string().contains("ffmpeg is not installed"), "{error}");
    }
}

#[test]
fn avif_is_decoded_where_ffmpeg_can() {
    let tools = Tools::find();
    if tools.ffmpeg.is_none() {
        println!("not tried: there is no ffmpeg");
        return;
    }
    let mut original = Original::open(&make::fixture("two.avif")).unwrap();
    match thumbnails(&mut original, &[24], &tools, &Stop::never()) {
        Ok(shown) => {
            assert_eq!(shown.taken, Taken::PictureByFfmpeg);
            let small = image::load_from_memory(&shown.small[0].bytes).unwrap().to_rgb8();
            assert!(small.get_pixel(3, 8)[0] > 200 && small.get_pixel(20, 8)[2] > 200);
        }
        Err(error) => println!("this ffmpeg has no AV1: {error}"),
    }
}

/// A program in the place of ffmpeg.
#[cfg(unix)]
fn pretender(folder: &Path, script: &str) -> Tools {
    // Written by another process: what is open for writing cannot be run, and of what this one has open
    // a program that another test begins just then has a copy.
    let written = Command::new("sh")
        .args(["-c", r#"printf '#!/bin/sh\n%s\n' "$1" >"$0" && chmod 755 "$0""#])
        .arg(folder.join("ffmpeg"))
        .arg(script)
        .status()
        .unwrap();
    assert!(written.success());
    Tools::find_in([folder])
}

#[cfg(unix)]
#[test]
fn a_program_that_hangs_fails_or_never_ends_does_no_harm() {
    let film = build::film(b"isom", b"", true, false);
    for (script, part) in [
        ("exec sleep 60", "too long"),
        ("echo 'moov atom not found.' >&2; exit 1", "ffmpeg says: moov atom not found."),
        ("exit 0", "cut off"),
        ("echo garbage", "cut off"),
        (
            "printf 'P7\\nWIDTH 99999\\nHEIGHT 99999\\nDEPTH 4\\nMAXVAL 255\\nENDHDR\\n'; exec cat /dev/zero",
            "too large",
        ),
        ("exec yes >&2", "too long"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let tools = pretender(folder.path(), script);
        assert!(tools.ffmpeg.is_some());
        let path = folder.path().join("a.mp4");
        fs::write(&path, &film).unwrap();
        let began = Instant::now();
        let stop = Stop::never().within(Duration::from_secs(2));
        let error =
            thumbnails(&mut Original::open(&path).unwrap(), &[64], &tools, &stop).unwrap_err();
        // A machine that is busy may take its two seconds before the program has said anything.
        let text = error.to_string();
        assert!(text.contains(part) || text.contains("too long"), "{script}: {text}");
        assert!(began.elapsed() < Duration::from_secs(30), "{script}: {:?}", began.elapsed());
    }
}
