//! Processor seconds a thumbnail of PNGs of 768×768 with both metadata chunks, beside vipsthumbnail in
//! the same run where it is on the `PATH` (one process for all files, so its start does not count). The
//! pictures are drawn: waves and noise of three bits, packed as Pillow packs them (filters by chance of
//! the row, zlib's middle level).
#![allow(missing_docs, clippy::cast_precision_loss, clippy::cast_possible_truncation)]

#[path = "../tests/support/build.rs"]
mod build;
#[path = "../tests/support/draw.rs"]
mod draw;

use media::{Original, Stop, Tools, measure, thumbnails};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

const FILES: usize = 60;
const EDGE: u32 = 768;
const ROUNDS: usize = 5;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let (files, out) = (folder.path().join("files"), folder.path().join("out"));
    fs::create_dir_all(&files).expect("a folder");
    fs::create_dir_all(&out).expect("a folder");
    let paths = fill(&files);
    let bytes = fs::metadata(&paths[0]).expect("a file").len();
    let mut rows: Vec<(&str, Vec<Cost>)> = Vec::new();
    // The first round warms the file cache up.
    for round in 0..=ROUNDS {
        let costs = [
            ("256, from the file to the written JPEG", ours(&paths, &out, &[256], false)),
            ("256 and 1024", ours(&paths, &out, &[256, 1024], false)),
            (
                "the same, with BLAKE3, measures and workflow (an import)",
                ours(&paths, &out, &[256, 1024], true),
            ),
            ("256 and 512", ours(&paths, &out, &[256, 512], false)),
        ];
        let theirs = vips(&paths, &out).map(|cost| ("vipsthumbnail, 256", cost));
        for (name, cost) in costs.into_iter().chain(theirs) {
            if round == 0 {
                rows.push((name, Vec::new()));
            } else if let Some((_, row)) = rows.iter_mut().find(|(other, _)| *other == name) {
                row.push(cost);
            }
        }
    }
    println!(
        "{FILES} PNGs of {EDGE}x{EDGE}, {} kB each, in the file cache, median of {ROUNDS} rounds",
        bytes / 1_000
    );
    println!("| What | processor ms a file | ms a file |\n| --- | --- | --- |");
    for (name, costs) in &rows {
        let middle = |of: fn(&Cost) -> f64| {
            let mut all: Vec<f64> = costs.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2] * 1e3 / FILES as f64
        };
        println!(
            "| {name} | {:.1} | {:.1} |",
            middle(|cost| cost.processor),
            middle(|cost| cost.clock)
        );
    }
    if !rows.iter().any(|(name, _)| name.starts_with("vips")) {
        println!("<!-- not measured beside vipsthumbnail: it is not on the PATH -->");
    }
}

/// Seconds.
struct Cost {
    processor: f64,
    clock: f64,
}

fn fill(folder: &Path) -> Vec<PathBuf> {
    let text = format!(
        "{{{}}}",
        vec![r#""3": {"class_type": "KSampler", "inputs": {"seed": 1}}"#; 180].join(", ")
    );
    let texts: Vec<u8> = ["prompt", "workflow"]
        .iter()
        .flat_map(|name| build::chunk(b"tEXt", format!("{name}\0{text}").as_bytes()))
        .collect();
    let write = |number: usize| {
        let picture = draw::picture(EDGE, EDGE, number as u32);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, EDGE, EDGE);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::Balanced);
        encoder.set_filter(png::Filter::Adaptive);
        encoder.write_header().expect("a head").write_image_data(&picture).expect("pixels");
        bytes.splice(33..33, texts.iter().copied());
        let path = folder.join(format!("{number}.png"));
        fs::write(&path, bytes).expect("a file");
        path
    };
    (0..FILES).map(write).collect()
}

fn ours(paths: &[PathBuf], out: &Path, edges: &[u32], import: bool) -> Cost {
    let (stop, tools) = (Stop::never(), Tools::default());
    let (began, processor) = (Instant::now(), processor().0);
    for (number, path) in paths.iter().enumerate() {
        let mut original = Original::open(path).expect("a file");
        if import {
            original.hash(&stop).expect("a hash");
            measure(&mut original).expect("measures");
            original.embedded().expect("a workflow").prompt.expect("a prompt");
        }
        let made = thumbnails(&mut original, edges, &tools, &stop).expect("a picture");
        for (small, edge) in made.small.iter().zip(edges) {
            small.write(&out.join(format!("{number}-{edge}.jpg"))).expect("a file");
        }
    }
    Cost { processor: self::processor().0 - processor, clock: began.elapsed().as_secs_f64() }
}

fn vips(paths: &[PathBuf], out: &Path) -> Option<Cost> {
    let (began, processor) = (Instant::now(), processor().1);
    let done = Command::new("vipsthumbnail")
        .env("VIPS_CONCURRENCY", "1")
        .args(["-s", "256", "-o"])
        .arg(out.join("v%s.jpg"))
        .args(paths)
        .status()
        .ok()?;
    assert!(done.success(), "vipsthumbnail");
    Some(Cost { processor: self::processor().1 - processor, clock: began.elapsed().as_secs_f64() })
}

/// Processor seconds of this program and of those it ran, where the system says so (Linux).
fn processor() -> (f64, f64) {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may have spaces; times are the 14th to 17th, in hundredths.
    let after = text.rsplit(')').next().unwrap_or_default();
    let numbers: Vec<f64> =
        after.split_whitespace().skip(11).take(4).filter_map(|n| n.parse().ok()).collect();
    match numbers[..] {
        [user, system, children, their_system] => {
            ((user + system) / 100.0, (children + their_system) / 100.0)
        }
        _ => (f64::NAN, f64::NAN),
    }
}
