//! Sounds and models without what is embedded. The tones are by ffmpeg 9.0 (`-f lavfi -i
//! sine=frequency=440:duration=0.4:sample_rate=8000 -metadata prompt=… -metadata workflow=…`), coded
//! with libopus, libvorbis and flac.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use media::{Container, MediaError, Original, Stop, Tools, Waveform, export::strip, waveform};
use std::{fs, path::Path};
use support::{build, make, strip::stripped};

fn heard(folder: &Path, bytes: &[u8]) -> Result<Waveform, MediaError> {
    let path = folder.join("heard");
    fs::write(&path, bytes).unwrap();
    waveform(&mut Original::open(&path).unwrap(), 100, &Tools::find(), &Stop::never())
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_le_bytes();
    [&kind[..], &length, content, &[0][..content.len() % 2]].concat()
}

fn riff(kind: &[u8; 4], chunks: &[u8]) -> Vec<u8> {
    chunk(b"RIFF", &[&kind[..], chunks].concat())
}

#[test]
fn a_wave_keeps_its_samples_and_its_marks() {
    let folder = tempfile::tempdir().unwrap();
    let samples: Vec<i16> = (0..4_000).map(|at: i16| at.wrapping_mul(977)).collect();
    let plain = make::wav(8_000, &samples);
    let (format, data) = plain[12..].split_at(24);
    let marks = chunk(b"cue ", &[[1, 0, 0, 0], [9; 4]].concat());
    let info = chunk(b"LIST", b"INFOICMT\x0b\0\0\0SecretWord\0\0");
    let xml = [&b"iXML"[..], b"bext", b"id3 ", b"_PMX", b"axml", b"what"]
        .map(|kind| chunk(kind.try_into().unwrap(), b"SecretWord!"))
        .concat();
    // Before the samples and after them.
    for chunks in
        [[format, &info, &xml, &marks, data].concat(), [format, &marks, data, &xml, &info].concat()]
    {
        let (container, made) = stripped(folder.path(), "a.wav", &riff(b"WAVE", &chunks));
        assert_eq!(container, Container::Wav);
        assert_eq!(made, riff(b"WAVE", &[format, &marks, data].concat()));
    }
    // An odd number of bytes, with the last that makes it even left away.
    let mut odd = riff(b"WAVE", &[format, &info, &chunk(b"data", &[7; 33])].concat());
    odd.pop();
    let (_, made) = stripped(folder.path(), "odd.wav", &odd);
    assert_eq!(made, riff(b"WAVE", &[format, &chunk(b"data", &[7; 33])].concat()));
    // One that goes on longer than it is.
    let cut = folder.path().join("cut.wav");
    fs::write(&cut, &odd[..odd.len() - 20]).unwrap();
    let to = folder.path().join("to-cut");
    let refused = strip(&mut Original::open(&cut).unwrap(), &to, &Stop::never());
    assert!(matches!(refused, Err(MediaError::Truncated(_))), "{refused:?}");
    assert!(!to.exists());
}

/// The pages of an Ogg file.
fn pages(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        assert!(bytes.starts_with(b"OggS"));
        let table = &bytes[27..27 + usize::from(bytes[26])];
        let size = table.iter().map(|size| usize::from(*size)).sum::<usize>();
        let (page, rest) = bytes.split_at(27 + table.len() + size);
        found.push(page);
        bytes = rest;
    }
    found
}

#[test]
fn an_ogg_keeps_every_page_of_sound_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for (name, is) in
        [("tone.opus", Container::Opus), ("tone.ogg", Container::Ogg), ("tone.oga", Container::Ogg)]
    {
        let bytes = fs::read(make::fixture(name)).unwrap();
        let (container, made) = stripped(folder.path(), name, &bytes);
        assert_eq!(container, is);
        let (before, after) = (pages(&bytes), pages(&made));
        assert_eq!(before.len(), after.len());
        let changed: Vec<usize> =
            (0..before.len()).filter(|at| before[*at] != after[*at]).collect();
        assert_eq!(changed, [1], "{name}: only the page with the comments");
        assert_ne!(before[1][22..26], after[1][22..26], "{name}: its check sum");
        // Their own readers check the sums. Opus needs ffmpeg.
        match (heard(folder.path(), &bytes), heard(folder.path(), &made)) {
            (Ok(one), Ok(other)) => {
                assert!(one.peaks.iter().any(|peak| *peak > 0.05), "{name}: {:?}", one.peaks);
                assert_eq!((one.peaks, one.damage), (other.peaks, other.damage), "{name}");
            }
            (Err(_), Err(_)) if is == Container::Opus && Tools::find().ffmpeg.is_none() => {
                println!("{name}: not heard, since there is no ffmpeg");
            }
            (one, other) => panic!("{name}: {one:?} {other:?}"),
        }
    }
}

#[test]
fn comments_over_many_pages_are_emptied_and_other_streams_go() {
    let folder = tempfile::tempdir().unwrap();
    let long = "SecretWord ".repeat(20_000);
    let texts = [("comment", &long[..])];
    for head in [&b"OpusHead"[..], b"\x01vorbis", b"\x7fFLAC", b"Speex   "] {
        for segments in [2, 255] {
            let bytes = build::ogg(head, &texts, segments);
            let (_, made) = stripped(folder.path(), "long", &bytes);
            assert_eq!(pages(&made).len() + 1, pages(&bytes).len(), "without the other stream");
            assert!(pages(&made).len() > 3);
        }
    }
    // A stream that says it is Opus and has no comments.
    let mut bytes = build::ogg(b"OpusHead", &[("a", "SecretWord")], 255);
    let at = bytes.windows(8).position(|part| part == b"OpusTags").unwrap();
    bytes[at] = b'X';
    let path = folder.path().join("bad");
    fs::write(&path, &bytes).unwrap();
    let refused =
        strip(&mut Original::open(&path).unwrap(), &folder.path().join("b"), &Stop::never());
    assert!(matches!(refused, Err(MediaError::Damaged(_))), "{refused:?}");
}

fn glb(json: &str, more: &[u8]) -> Vec<u8> {
    let json = format!("{json}{}", " ".repeat(json.len().next_multiple_of(4) - json.len()));
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        [&(content.len() as u32).to_le_bytes()[..], kind, content].concat()
    };
    let body =
        [chunk(b"JSON", json.as_bytes()), chunk(b"BIN\0", &[1, 2, 3, 4]), more.to_vec()].concat();
    [b"glTF\x02\0\0\0", &(body.len() as u32 + 12).to_le_bytes()[..], &body].concat()
}

#[test]
fn a_model_keeps_its_numbers_and_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let json = r#"{"asset": {"version": "2.0", "generator": "SecretWord", "copyright": "SecretWord",
        "extras": {"prompt": "{\"1\": \"SecretWord }\"}", "n": [1]}}, "extras": ["SecretWord"],
        "nodes": [{"name": "extras", "translation": [0.1000000000000000055, 1e-7, -0.0],
        "\u0065xtras": {"a": {"extras": "SecretWord"}}, "generator": "a name"},
        {"extras" : 12.5, "mesh": 0}], "buffers": [{"byteLength": 4}]}"#;
    let (container, made) =
        stripped(folder.path(), "a.glb", &glb(json, b"\x0b\0\0\0ownxSecretWord!"));
    assert_eq!(container, Container::Glb);
    // As long as before, without the chunk of a program.
    assert_eq!(made.len(), glb(json, b"").len());
    assert_eq!(u32::from_le_bytes(made[8..12].try_into().unwrap()) as usize, made.len());
    assert!(made.ends_with(b"BIN\0\x01\x02\x03\x04"));
    let length = json.len();
    let text = std::str::from_utf8(&made[20..20 + length]).unwrap();
    assert!(text.contains("[0.1000000000000000055, 1e-7, -0.0]"), "{text}");
    let said: serde_json::Value = serde_json::from_str(text).unwrap();
    let expected = serde_json::json!({
        "asset": {"version": "2.0", "generator": "", "copyright": "", "extras": {}},
        "extras": [],
        "nodes": [
            {"name": "extras", "translation": said["nodes"][0]["translation"], "extras": {},
             "generator": "a name"},
            {"extras": 0, "mesh": 0},
        ],
        "buffers": [{"byteLength": 4}],
    });
    assert_eq!(said, expected);
    // What cannot be read is not copied.
    for json in [r#"{"asset": {"extras": NaN}}"#, r#"{"asset""#, "[1"] {
        let path = folder.path().join("bad.glb");
        fs::write(&path, glb(json, b"")).unwrap();
        let to = folder.path().join("to-bad");
        let refused = strip(&mut Original::open(&path).unwrap(), &to, &Stop::never());
        assert!(matches!(refused, Err(MediaError::Damaged(_))), "{json}: {refused:?}");
    }
}

#[test]
fn textures_of_a_model_are_stripped_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let texts = [("prompt", "SecretWord")];
    let (png, jpg) = (build::png(b"tEXt", &texts, false), build::jpeg(&build::exif(&texts, true)));
    let plain = build::png_of(&[], false);
    let numbers = [7; 12];
    let buffer = [&numbers[..], &png, &jpg, &numbers].concat();
    let model = |buffer: &[u8], second: usize| {
        let json = serde_json::json!({
            "asset": {"version": "2.0"},
            "buffers": [{"byteLength": buffer.len()}],
            "bufferViews": [
                {"buffer": 0, "byteLength": 12},
                {"buffer": 0, "byteOffset": 12, "byteLength": png.len()},
                {"buffer": 0, "byteOffset": second, "byteLength": jpg.len()},
            ],
            // Two may share one.
            "images": [{"bufferView": 2}, {"bufferView": 1}, {"uri": "a.png"}, {"bufferView": 1}],
        });
        let json = json.to_string().into_bytes();
        let chunk = |kind: &[u8; 4], content: &[u8]| {
            [&(content.len() as u32).to_le_bytes()[..], kind, content].concat()
        };
        let body = [chunk(b"JSON", &json), chunk(b"BIN\0", buffer)].concat();
        [b"glTF\x02\0\0\0", &(body.len() as u32 + 12).to_le_bytes()[..], &body].concat()
    };
    let bytes = model(&buffer, 12 + png.len());
    let (_, made) = stripped(folder.path(), "textures.glb", &bytes);
    assert_eq!(made.len(), bytes.len());
    // Everything before the first texture, the texture without its text, zeros, the last numbers.
    let first = bytes.len() - buffer.len() + 12;
    assert_eq!(made[..first], bytes[..first]);
    assert_eq!(made[first..first + plain.len()], plain);
    assert!(made[first + plain.len()..first + png.len()].iter().all(|byte| *byte == 0));
    assert!(made[first + png.len()..].starts_with(b"\xff\xd8\xff\xe0"));
    assert!(made.ends_with(&numbers));
    // One over the other, or outside.
    for second in [20, buffer.len()] {
        let path = folder.path().join("bad.glb");
        fs::write(&path, model(&buffer, second)).unwrap();
        let to = folder.path().join("to-bad");
        let refused = strip(&mut Original::open(&path).unwrap(), &to, &Stop::never());
        assert!(matches!(refused, Err(MediaError::Damaged(_))), "{second}: {refused:?}");
    }
}
