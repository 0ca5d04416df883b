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
    println!("{count} seeds");
    Ok(())
}

/// Writes one seed where its target looks for it; answers with how many were written.
fn write(container: Container, name: &str, bytes: &[u8]) -> io::Result<u32> {
    let target = match container {
        Container::Png | Container::Apng => "png",
        Container::WebP => "webp",
        Container::Jpeg => "jpeg",
        Container::Avif => "avif",
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
        Container::Unknown => return Ok(0),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)?;
    Ok(1)
}
