//! What savers write is found, in every kind of file.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use media::{Container, EmbeddedWorkflow, MediaError, embedded_in};
use std::io::Cursor;
use support::build;

const PROMPT: &str = r#"{"1": {"class_type": "Saver", "inputs": {"text": "a \"cat\" in ✨: 50% ä", "is_changed": [NaN]}}}"#;
const WORKFLOW: &str = r#"{"nodes": [{"id": 1, "type": "Saver"}], "links": [], "version": 0.4}"#;
const PARAMETERS: &str =
    "日本, a cat\nNegative prompt: a dog\nSteps: 20, Sampler: Euler a, Seed: 7";

fn read(bytes: Vec<u8>, name: &str) -> Result<(Container, EmbeddedWorkflow), MediaError> {
    embedded_in(Cursor::new(bytes), name.rsplit_once('.').map(|(_, extension)| extension))
}

fn found(bytes: Vec<u8>) -> EmbeddedWorkflow {
    read(bytes, "").unwrap().1
}

fn parameters(bytes: Vec<u8>) -> Option<String> {
    found(bytes).parameters
}

#[test]
fn every_kind_of_file_gives_its_prompt_and_its_graph() {
    let files = build::all(&[("prompt", PROMPT), ("workflow", WORKFLOW)]);
    let number = files.len();
    for (name, container, bytes) in files {
        let (kind, found) = read(bytes, name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(kind, container, "{name}");
        let expected = EmbeddedWorkflow {
            prompt: Some(PROMPT.to_owned()),
            workflow: Some(WORKFLOW.to_owned()),
            ..EmbeddedWorkflow::default()
        };
        assert_eq!(found, expected, "{name}");
    }
    println!("{number} files");
}

#[test]
fn every_kind_of_file_may_hold_a_graph_alone_or_nothing() {
    for (name, _, bytes) in build::all(&[("workflow", WORKFLOW)]) {
        let found = read(bytes, name).unwrap().1;
        assert_eq!(found.prompt, None, "{name}");
        assert_eq!(found.workflow.as_deref(), Some(WORKFLOW), "{name}");
    }
    for (name, _, bytes) in build::all(&[]) {
        let found = read(bytes, name).unwrap().1;
        assert_eq!(found, EmbeddedWorkflow::default(), "{name}");
    }
}

#[test]
fn a_workflow_larger_than_a_page_or_a_segment_is_found() {
    let long = format!(r#"{{"1": {{"class_type": "A", "text": "{}"}}}}"#, "ä".repeat(300_000));
    for (name, container, bytes) in build::all(&[("prompt", &long), ("workflow", WORKFLOW)]) {
        // A JPEG's segment and an entry of 16 bits hold less.
        if container != Container::Jpeg {
            let found = read(bytes, name).unwrap_or_else(|error| panic!("{name}: {error}")).1;
            assert_eq!(found.prompt.as_deref(), Some(&*long), "{name}");
        }
    }
}

#[test]
fn of_several_texts_with_one_name_the_last_counts() {
    let texts = [("prompt", "{\"1\": 1}"), ("prompt", PROMPT), ("prompt", "no graph")];
    for bytes in [
        build::png(b"tEXt", &texts, false),
        build::flac(&texts),
        build::mp3(4, 3, &texts),
        build::webm("webm", &texts, build::Order::default()),
        build::mp4(b"isom", &texts, true, false),
    ] {
        assert_eq!(found(bytes).prompt.as_deref(), Some(PROMPT));
    }
}

#[test]
fn names_are_known_in_any_case() {
    let texts = [("Prompt", PROMPT), ("WORKFLOW", WORKFLOW)];
    for (name, _, bytes) in build::all(&texts) {
        let found = read(bytes, name).unwrap().1;
        assert_eq!(found.prompt.as_deref(), Some(PROMPT), "{name}");
        assert_eq!(found.workflow.as_deref(), Some(WORKFLOW), "{name}");
    }
}

#[test]
fn a_graph_written_as_a_string_is_unwrapped() {
    let once = serde_json::to_string(PROMPT).unwrap();
    let twice = serde_json::to_string(&once).unwrap();
    for text in [&once, &twice] {
        assert_eq!(
            found(build::png(b"tEXt", &[("prompt", text)], false)).prompt.as_deref(),
            Some(PROMPT)
        );
        assert_eq!(found(build::safetensors(&[("prompt", text)])).prompt.as_deref(), Some(PROMPT));
    }
    // VideoHelperSuite's comment had the prompt as a string and the graph as an object.
    let comment = format!("{{\"prompt\": {once}, \"workflow\": {WORKFLOW}}}");
    let found = found(build::mp4_comment(&comment));
    assert_eq!(found.prompt.as_deref(), Some(PROMPT));
    assert_eq!(found.workflow.as_deref(), Some(WORKFLOW));
}

#[test]
fn settings_are_found_where_a1111_and_savers_write_them() {
    let utf16 = |big: bool| -> Vec<u8> {
        let order = if big { u16::to_be_bytes } else { u16::to_le_bytes };
        PARAMETERS.encode_utf16().flat_map(order).collect()
    };
    let marked = [&b"\xff\xfe"[..], &utf16(false)].concat();
    let mut blocks = Vec::new();
    for big in [true, false] {
        // The order of the letters is often not that of the structure.
        for letters in [utf16(true), utf16(false), marked.clone()] {
            blocks.push(build::user_comment(b"UNICODE\0", &letters, big));
        }
        blocks.push(build::user_comment(b"ASCII\0\0\0", PARAMETERS.as_bytes(), big));
        blocks.push(build::user_comment(&[0; 8], PARAMETERS.as_bytes(), big));
        blocks.push(build::tiff(&[], &[(0x9286, 7, PARAMETERS.as_bytes().to_vec())], big));
        blocks.push(build::tiff(&[(0x010e, 2, PARAMETERS.as_bytes().to_vec())], &[], big));
    }
    for block in &blocks {
        let files = [
            build::jpeg(block),
            build::webp(block),
            build::avif(block, false),
            build::heic(block),
            build::jxl(b"Exif", &build::offset(block)),
            block.clone(),
            build::png_of(&build::chunk(b"eXIf", block), false),
        ];
        for bytes in files {
            assert_eq!(parameters(bytes).as_deref(), Some(PARAMETERS));
        }
    }
    let others = [
        build::jpeg_of(&build::segment(0xfe, PARAMETERS.as_bytes())),
        build::gif(PARAMETERS),
        build::png(b"iTXt", &[("parameters", PARAMETERS)], false),
        build::mp4_comment(PARAMETERS),
    ];
    for bytes in others {
        assert_eq!(parameters(bytes).as_deref(), Some(PARAMETERS));
    }
}

#[test]
fn a_saver_that_writes_all_three_is_read_whole() {
    // ComfyUI-Image-Saver: the graph and the prompt as ComfyUI has them, settings beside them.
    let letters: Vec<u8> = PARAMETERS.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let main = [
        (0x010f, 2, format!("workflow:{WORKFLOW}").into_bytes()),
        (0x0110, 2, format!("prompt:{PROMPT}").into_bytes()),
    ];
    let comment = [(0x9286, 7, [&b"UNICODE\0"[..], &letters].concat())];
    let block = build::tiff(&main, &comment, true);
    for bytes in [build::jpeg(&block), build::webp(&block)] {
        let found = found(bytes);
        assert_eq!(found.prompt.as_deref(), Some(PROMPT));
        assert_eq!(found.workflow.as_deref(), Some(WORKFLOW));
        assert_eq!(found.parameters.as_deref(), Some(PARAMETERS));
    }
}

#[test]
fn objects_without_a_name_are_told_by_what_is_in_them() {
    let both = format!("{{\"prompt\": {PROMPT}, \"workflow\": {WORKFLOW}, \"other\": 1}}");
    let in_comment = build::tiff(&[(0x9286, 2, both.into_bytes())], &[], true);
    let bare = [(0x010e, WORKFLOW), (0x010f, PROMPT)].map(|(tag, text)| (tag, 2, text.into()));
    for block in [in_comment, build::tiff(&bare, &[], false)] {
        let found = found(build::avif(&block, false));
        assert_eq!(found.prompt.as_deref(), Some(PROMPT));
        assert_eq!(found.workflow.as_deref(), Some(WORKFLOW));
    }
}

#[test]
fn texts_that_are_no_graphs_are_left_alone() {
    let texts =
        [("prompt", "a cat"), ("workflow", ""), ("Software", "x"), ("comment", "nice: one")];
    for (name, container, bytes) in build::all(&texts) {
        // These have JSON around them, so a text that is none breaks them.
        let wrapped =
            matches!(container, Container::Svg | Container::Gif) || name.contains("comment");
        if !wrapped {
            assert_eq!(read(bytes, name).unwrap().1, EmbeddedWorkflow::default(), "{name}");
        }
    }
}

#[test]
fn sound_tags_are_read_as_their_versions_say() {
    let text = |version, flags, content: &[u8]| {
        build::id3(version, 0, &build::frame(version, "TXXX", flags, content))
    };
    let plain = b"\x03prompt\0{\"1\": 1}";
    let wanted = Some("{\"1\": 1}");
    // A group's number, and a length, before the text.
    assert_eq!(
        found(text(4, 0x0041, &[b"\x05\0\0\0\x10", &plain[..]].concat())).prompt.as_deref(),
        wanted
    );
    assert_eq!(found(text(3, 0x0020, &[b"\x05", &plain[..]].concat())).prompt.as_deref(), wanted);
    // Packed and encrypted frames are not guessed at.
    assert_eq!(found(text(4, 0x0008, plain)), EmbeddedWorkflow::default());
    assert_eq!(found(text(3, 0x0040, plain)), EmbeddedWorkflow::default());
    // A 0 after each 255.
    let safe = b"\x00prompt\0{\"1\": \"\xff\0\"}";
    assert_eq!(found(text(4, 0x0002, safe)).prompt.as_deref(), Some("{\"1\": \"ÿ\"}"));
    let frame = build::frame(3, "TXXX", 0, b"\x00prompt\0{\"1\": \"\xff\xe0\"}");
    let at = frame.iter().position(|byte| *byte == 0xff).unwrap();
    let whole = [&frame[..=at], b"\0", &frame[at + 1..]].concat();
    assert_eq!(found(build::id3(3, 0x80, &whole)).prompt.as_deref(), Some("{\"1\": \"ÿà\"}"));
    // An extended head.
    let three = [&b"\0\0\0\x06\0\0\0\0\0\0"[..], &build::frame(3, "TXXX", 0, plain)].concat();
    assert_eq!(found(build::id3(3, 0x40, &three)).prompt.as_deref(), wanted);
    let four = [&b"\0\0\0\x06\x01\0"[..], &build::frame(4, "TXXX", 0, plain)].concat();
    assert_eq!(found(build::id3(4, 0x40, &four)).prompt.as_deref(), wanted);
    // Other frames before; a comment with its language.
    let frames = [
        build::frame(4, "TIT2", 0, b"\x03title"),
        build::frame(4, "COMM", 0, b"\x03eng\0{\"prompt\": {\"1\": 1}}"),
    ];
    assert_eq!(found(build::id3(4, 0, &frames.concat())).prompt.as_deref(), wanted);
}

#[test]
fn quicktime_texts_and_named_items_are_read() {
    let comment = format!("{{\"prompt\": {PROMPT}}}");
    let size = u16::try_from(comment.len()).unwrap().to_be_bytes();
    let text = build::boxed(b"\xa9cmt", &[&size[..], b"\x55\xc4", comment.as_bytes()].concat());
    let film = build::film(b"qt  ", &build::boxed(b"udta", &text), false, false);
    assert_eq!(found(film).prompt.as_deref(), Some(PROMPT));

    let item = [
        build::boxed(b"mean", b"\0\0\0\0com.apple.iTunes"),
        build::boxed(b"name", b"\0\0\0\0prompt"),
        build::boxed(b"data", &[b"\0\0\0\x01\0\0\0\0", PROMPT.as_bytes()].concat()),
    ];
    let list = build::boxed(b"ilst", &build::boxed(b"----", &item.concat()));
    let meta = build::boxed(b"meta", &[&[0; 4][..], &list].concat());
    let film = build::film(b"isom", &build::boxed(b"udta", &meta), true, false);
    assert_eq!(found(film).prompt.as_deref(), Some(PROMPT));
}

#[test]
fn an_svg_may_have_its_json_escaped() {
    let escaped = "<svg:svg><title>a</title><svg:metadata id=\"m\">{&quot;prompt&quot;: {&#34;1&#34;: &quot;&lt;&amp;&quot;}}</svg:metadata></svg:svg>";
    assert_eq!(found(escaped.as_bytes().to_vec()).prompt.as_deref(), Some(r#"{"1": "<&"}"#));
    // In a comment it is none.
    let hidden = "<svg><!-- <metadata><![CDATA[{\"prompt\": {}}]]></metadata> --></svg>";
    assert_eq!(found(hidden.as_bytes().to_vec()), EmbeddedWorkflow::default());
}

#[test]
fn kinds_that_are_not_read_are_named() {
    let error = read(b"\x76\x2f\x31\x01\x02\0\0\0".to_vec(), "a.exr").unwrap_err();
    assert_eq!(
        error.to_string(),
        "This is an OpenEXR picture, which Safelight does not read. Drop the file that ComfyUI wrote, or the workflow as JSON."
    );
    assert!(error.is_unsupported());
}

#[test]
fn what_is_cut_off_says_so() {
    let cases = [
        (build::jpeg(&build::exif(&[("prompt", PROMPT)], true)), 60),
        (build::webp(&build::exif(&[("prompt", PROMPT)], true)), 60),
        (build::flac(&[("prompt", PROMPT)]), 80),
        (build::ogg(b"OpusHead", &[("prompt", PROMPT)], 255), 100),
        (build::mp3(4, 3, &[("prompt", PROMPT)]), 40),
        (build::mp4(b"isom", &[("prompt", PROMPT)], true, false), 200),
        (build::webm("webm", &[("prompt", PROMPT)], build::Order::default()), 90),
        (build::glb(&[("prompt", PROMPT)]), 60),
        (build::heic(&build::exif(&[("prompt", PROMPT)], true)), 120),
        (build::jxl(b"Exif", &build::exif(&[("prompt", PROMPT)], true)), 70),
        (build::exif(&[("prompt", PROMPT)], true), 15),
        (build::safetensors(&[("prompt", PROMPT)]), 60),
    ];
    for (bytes, cut) in cases {
        let error = read(bytes[..cut].to_vec(), "").unwrap_err();
        assert!(matches!(error, MediaError::Truncated(_)), "{error}");
    }
}

#[test]
fn what_stands_before_damage_counts() {
    let block = build::exif(&[("prompt", PROMPT)], true);
    let whole = build::segment(0xe1, &[&b"Exif\0\0"[..], &block].concat());
    let bytes = [&b"\xff\xd8"[..], &whole, b"garbage"].concat();
    assert_eq!(found(bytes).prompt.as_deref(), Some(PROMPT));
    let bytes = [&b"\xff\xd8\xff\xe0\0\x02"[..], b"garbage", &whole].concat();
    assert!(matches!(read(bytes, "").unwrap_err(), MediaError::Damaged(_)));
}
