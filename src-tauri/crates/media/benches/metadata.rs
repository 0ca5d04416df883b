//! Reading what 2,000 pictures hold of a workflow, beside Python in the same run: Pillow where it is
//! installed (it stops where the pixels begin, ours walks to the end), else the least that does the same
//! as ours. Python's start is not counted.
#![allow(missing_docs, clippy::cast_precision_loss, clippy::cast_possible_truncation)]

#[path = "../tests/support/build.rs"]
mod build;

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

const FILES: usize = 2_000;
const EDGE: usize = 768;
const ROUNDS: usize = 5;
/// Pillow writes pixels in pieces of this many bytes.
const PIECE: usize = 65_536;
/// Texts of about this many bytes each.
const TEXT: usize = 10_000;

const PYTHON: &str = r#"
import os, struct, sys, time
try:
    from PIL import Image
    name = "Pillow, which stops at the pixels"
    def read(path):
        with Image.open(path) as image:
            return image.info["prompt"], image.info["workflow"]
except ImportError:
    name = "a reader of a few lines in Python, which walks to the end too"
    def read(path):
        found = {}
        with open(path, "rb") as file:
            file.seek(8)
            while True:
                size, kind = struct.unpack(">I4s", file.read(8))
                if kind == b"IEND":
                    return found["prompt"], found["workflow"]
                if kind == b"tEXt":
                    key, text = file.read(size + 4)[:-4].split(b"\0", 1)
                    found[key.decode("latin-1")] = text.decode("latin-1")
                else:
                    file.seek(size + 4, 1)
folder = sys.argv[1]
paths = [os.path.join(folder, entry) for entry in os.listdir(folder)]
began = time.perf_counter()
total = sum(len(prompt) + len(workflow) for prompt, workflow in map(read, paths))
print(time.perf_counter() - began, total, name, sep=";")
"#;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = fill(folder.path());
    let (mut ours, mut theirs, mut name) = (Vec::new(), Vec::new(), None);
    // The first round warms the file cache up for both.
    for round in 0..=ROUNDS {
        let took = by_us(folder.path());
        let python = by_python(folder.path());
        if round > 0 {
            ours.push(took);
            theirs.extend(python.as_ref().map(|(took, _)| *took));
        }
        name = python.map(|(_, name)| name).or(name);
    }
    let ours = median(&mut ours);
    println!(
        "{FILES} PNGs of {EDGE}x{EDGE}, {} kB each, in the file cache, median of {ROUNDS} rounds: {:.0} files a second",
        bytes / 1_000,
        FILES as f64 / ours,
    );
    match name {
        Some(name) => {
            let theirs = median(&mut theirs);
            println!(
                "{name}: {:.0} files a second; ours is {:.1} times as fast",
                FILES as f64 / theirs,
                theirs / ours
            );
        }
        None => println!("<!-- not measured beside Python: there is none -->"),
    }
}

/// Writes the pictures; answers with the bytes of one.
fn fill(folder: &Path) -> usize {
    let mut state = 1_u32;
    let mut rows = Vec::with_capacity(EDGE * (EDGE * 3 + 1));
    for y in 0..EDGE {
        rows.push(0);
        for x in 0..EDGE * 3 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            rows.push((x / 9 + y / 3) as u8 ^ (state >> 29) as u8);
        }
    }
    let edge = (EDGE as u32).to_be_bytes();
    let head = build::chunk(b"IHDR", &[&edge[..], &edge, &[8, 2, 0, 0, 0]].concat());
    let pixels: Vec<u8> =
        build::packed(&rows).chunks(PIECE).flat_map(|piece| build::chunk(b"IDAT", piece)).collect();
    let end = build::chunk(b"IEND", b"");
    let mut size = 0;
    for number in 0..FILES {
        let node = format!(r#"{{"class_type": "KSampler", "inputs": {{"seed": {number}}}}}"#);
        let nodes: Vec<String> =
            (0..TEXT / node.len()).map(|id| format!("\"{id}\": {node}")).collect();
        let text = format!("{{{}}}", nodes.join(", "));
        let texts: Vec<u8> = ["prompt", "workflow"]
            .iter()
            .flat_map(|name| build::chunk(b"tEXt", format!("{name}\0{text}").as_bytes()))
            .collect();
        let file = [b"\x89PNG\r\n\x1a\n", &head[..], &texts, &pixels, &end].concat();
        size = file.len();
        fs::write(folder.join(format!("{number}.png")), file).expect("a file");
    }
    size
}

/// Seconds.
fn by_us(folder: &Path) -> f64 {
    let paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    let began = Instant::now();
    let mut total = 0;
    for path in &paths {
        let (_, found) = media::embedded(path).expect("a picture");
        total += found.prompt.expect("a prompt").len() + found.workflow.expect("a graph").len();
    }
    assert!(total > FILES * TEXT);
    began.elapsed().as_secs_f64()
}

/// Seconds, and by what; nothing without Python. `PYTHON` names it, or it is the one comfy-cli runs
/// with, which `COMFY_CLI` names.
fn by_python(folder: &Path) -> Option<(f64, String)> {
    let beside = |program| PathBuf::from(program).with_file_name("python").into_os_string();
    let python: OsString = std::env::var_os("PYTHON")
        .or_else(|| std::env::var_os("COMFY_CLI").map(beside))
        .unwrap_or_else(|| "python3".into());
    let done = Command::new(python).args(["-c", PYTHON]).arg(folder).output().ok()?;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let line = String::from_utf8_lossy(&done.stdout).into_owned();
    let mut parts = line.trim().split(';');
    let took = parts.next()?.parse().ok()?;
    Some((took, parts.nth(1)?.to_owned()))
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
