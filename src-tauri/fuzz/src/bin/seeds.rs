//! Writes the first inputs of each target into `corpus/`: the files that the tests of `media` build,
//! and those of a folder of real files, if one is named.

#[path = "../../../crates/media/tests/support/build.rs"]
mod build;

use media::Container;
use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let prompt = r#"{"1": {"class_type": "A", "inputs": {"text": "a cat", "is_changed": [NaN]}}}"#;
    let graph = r#"{"nodes": [{"id": 1, "type": "A"}], "links": [], "version": 0.4}"#;
    let settings = "a cat\nNegative prompt: a dog\nSteps: 20, Sampler: Euler a, Seed: 7";
    let graphs = [("prompt", prompt), ("workflow", graph)];
    let mut count = 0;
    for (name, container, bytes) in build::all(&graphs) {
        count += write(container, name, &bytes)?;
    }
    let comment = build::user_comment(b"ASCII\0\0\0", settings.as_bytes(), true);
    count += write(Container::Jpeg, "settings.jpg", &build::jpeg(&comment))?;
    count += write(Container::WebP, "settings.webp", &build::webp(&comment))?;
    for (name, text) in [("prompt", prompt), ("graph", graph), ("settings", settings)] {
        count += write(Container::Json, name, text.as_bytes())?;
    }
    if let Some(folder) = std::env::args_os().nth(1) {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let bytes = fs::read(&path)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let head = &bytes[..bytes.len().min(4_096)];
            // Larger ones slow the fuzzer down.
            if bytes.len() < 20_000 {
                count += write(media::recognise(head, None), &format!("real-{name}"), &bytes)?;
            }
        }
    }
    count += graphs_of_tests()?;
    for (name, frame) in FRAMES {
        count += put("frames", name, frame)?;
    }
    for (name, text) in DYNAMIC {
        count += put("dynamic", name, text)?;
    }
    for (name, text) in PATCHED {
        count += put("knobs", name, text)?;
    }
    println!("{count} seeds");
    Ok(())
}

/// Texts with choices, and behind zero bytes the wildcard files `a`, `b` and so on.
const DYNAMIC: &[(&str, &[u8])] = &[
    ("choice", b"a {red|0.5::blue|{dark|light} green} coat"),
    ("picks", b"{2-3$$, $$a|b|c|d}, {5$$x|y}"),
    ("wildcards", b"__a__ and __b__\0red\n# no\nblue\0in __a__\n{x|y}"),
    ("circle", b"__a__\0__b__\0__a__"),
    ("utf-16", b"__a__\0\xff\xfeg\0"),
];

/// Prompts, and behind a zero byte changes.
const PATCHED: &[(&str, &[u8])] = &[
    ("value", br#"{"1":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"cfg":6.50}}}"#),
    ("added", b"{\"1\":{\"class_type\":\"A\"},\"2\":{\"inputs\":{ },\"class_type\":\"B\"}}\0[{\"node\":\"1\",\"input\":\"x\",\"value\":\"1\"},{\"node\":\"2\",\"input\":\"a.b\",\"value\":\"[]\"}]"),
];

/// Frames as servers send them: one of each kind, and two states of one run.
const FRAMES: &[(&str, &[u8])] = &[
    ("status", br#"{"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 1}}, "sid": "a"}}"#),
    ("executing", br#"{"type": "executing", "data": {"node": "3", "display_node": "3", "prompt_id": "p"}}"#),
    ("progress", br#"{"type": "progress", "data": {"value": 1, "max": 4, "prompt_id": "p", "node": "3"}}"#),
    ("executed", br#"{"type": "executed", "data": {"node": "9", "display_node": "9", "output": {"images": [{"filename": "a.png", "subfolder": "", "type": "output"}]}, "prompt_id": "p"}}"#),
    ("states", b"{\"type\": \"progress_state\", \"data\": {\"prompt_id\": \"p\", \"nodes\": {\"1\": {\"value\": 1.0, \"max\": 1.0, \"state\": \"finished\", \"node_id\": \"1\", \"prompt_id\": \"p\", \"display_node_id\": \"1\", \"parent_node_id\": null, \"real_node_id\": \"1\"}}}}\0{\"type\": \"progress_state\", \"data\": {\"prompt_id\": \"p\", \"nodes\": {\"1\": {\"value\": 1.0, \"max\": 1.0, \"state\": \"finished\", \"node_id\": \"1\", \"prompt_id\": \"p\", \"display_node_id\": \"1\", \"parent_node_id\": null, \"real_node_id\": \"1\"}, \"2\": {\"value\": 0.0, \"max\": NaN, \"state\": \"running\", \"node_id\": \"2\", \"prompt_id\": \"p\", \"display_node_id\": \"2\", \"parent_node_id\": null, \"real_node_id\": \"2\"}}}}"),
    ("preview", b"\0\0\0\x01\0\0\0\x01\xff\xd8\xff\xe0"),
    ("preview with metadata", b"\0\0\0\x04\0\0\0\x02{}\xff\xd8\xff"),
    ("text", b"\0\0\0\x03\0\0\0\x013hello"),
];

/// The graphs of the conversion's own tests.
fn graphs_of_tests() -> io::Result<u32> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/workflow/tests/convert");
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let case: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
        if let Some(graph) = case.get("graph") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            count += put("convert", &name, graph.to_string().as_bytes())?;
        }
    }
    Ok(count)
}

/// Writes one seed where its target looks for it; answers with how many were written.
fn write(container: Container, name: &str, bytes: &[u8]) -> io::Result<u32> {
    let target = match container {
        Container::Png | Container::Apng => "png",
        Container::WebP => "webp",
        Container::Jpeg => "jpeg",
        Container::Avif | Container::Heic => "avif",
        Container::JpegXl => "jxl",
        Container::Tiff => "tiff",
        Container::Gif => "gif",
        Container::Flac => "flac",
        Container::Ogg | Container::Opus => "ogg",
        Container::Mp3 => "mp3",
        Container::Mp4 | Container::Mov => "mp4",
        Container::WebM | Container::Matroska => "ebml",
        Container::Svg => "svg",
        Container::Glb => "glb",
        Container::Safetensors => "safetensors",
        Container::Json | Container::Text => "workflow",
        // Nothing is read of a workflow in these.
        Container::Bmp
        | Container::Exr
        | Container::Wav
        | Container::Aac
        | Container::Aiff
        | Container::Avi
        | Container::Mpeg
        | Container::WindowsMedia
        | Container::Unknown => return Ok(0),
    };
    put(target, name, bytes)
}

fn put(target: &str, name: &str, bytes: &[u8]) -> io::Result<u32> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)?;
    Ok(1)
}
