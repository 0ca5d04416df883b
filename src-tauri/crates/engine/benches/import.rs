//! How fast folders come into the library: indexed, with small pictures, and unchanged.
//!
//! `cargo bench -p engine --bench import`. Words choose: `index`, `thumbs`, `unchanged`. Floors stand
//! beside the figures: what reading and hashing the same files takes.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, missing_docs)]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]

use engine::{
    Engine, EngineConfig, Pace, Policy,
    view::{Fact, LibraryQuery, RootState, RootView, StreamMessage},
};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant, SystemTime},
};
use tokio::sync::mpsc::Receiver;

/// As in the app.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Pictures with both metadata chunks, and their edge.
const PICTURES: u64 = 2_000;
const EDGE: u32 = 768;
/// Pictures of the index, which are not decoded, and their edge.
const INDEXED: u64 = 10_000;
const INDEXED_EDGE: u32 = 256;
/// Pictures that differ in their pixels; the others differ in their metadata only.
const DRAWN: u64 = 16;
/// Files of the rescan.
const MANY: u64 = 100_000;
/// Names the folder of infinite-image-browsing (`app.py` is in it), run by the `python3` of the `PATH`.
const INFINITE_IMAGE_BROWSING: &str = "SAFELIGHT_PEER_INFINITE_IMAGE_BROWSING";
/// The same for smart-comfyui-gallery (`smartgallery.py`).
const SMART_GALLERY: &str = "SAFELIGHT_PEER_SMART_GALLERY";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let wants = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    println!("| What | Figure | Beside it |");
    println!("| --- | --- | --- |");
    if wants("index") {
        let folder = tempfile::tempdir().unwrap();
        let pictures = folder.path().join("pictures");
        let bytes = draw(&pictures, INDEXED, INDEXED_EDGE);
        index(folder.path(), &pictures, bytes);
        peer(
            "infinite-image-browsing, index",
            INFINITE_IMAGE_BROWSING,
            (&pictures, INDEXED),
            "from scripts.iib.db.update_image_data import update_image_data",
            "update_image_data([sys.argv[1]])",
        );
    }
    if wants("thumbs") {
        let folder = tempfile::tempdir().unwrap();
        let pictures = folder.path().join("pictures");
        draw(&pictures, PICTURES, EDGE);
        thumbs(folder.path(), &pictures);
        peer(
            "smart-comfyui-gallery, import with small pictures",
            SMART_GALLERY,
            (&pictures, PICTURES),
            "import smartgallery",
            "smartgallery.initialize_gallery()",
        );
    }
    if wants("unchanged") {
        unchanged();
    }
}

fn index(folder: &Path, pictures: &Path, bytes: u64) {
    let floor = floor(pictures);
    let Times { found, done, .. } = measured(&folder.join("index"), pictures, |_| true);
    println!(
        "| Index of {INDEXED} PNGs of {INDEXED_EDGE}², {} MB, until all can be found | {} | |",
        bytes >> 20,
        rate(INDEXED, found),
    );
    println!(
        "| The same until all contents are hashed and copies are known | {} | reading and hashing alone, on one core: {} |",
        rate(INDEXED, done),
        rate(INDEXED, floor)
    );
}

fn thumbs(folder: &Path, pictures: &Path) {
    let data = folder.join("thumbs");
    let cache = data.join("cache/thumbs");
    let cpu = cpu_time();
    let all_there = |_: &Engine| small_pictures(&cache) as u64 >= PICTURES;
    let Times { done: took, .. } = measured(&data, pictures, all_there);
    let cpu = cpu_time().saturating_sub(cpu);
    println!(
        "| Import of {PICTURES} PNGs of {EDGE}² with small pictures | {} | {:.1} ms of one core for each |",
        rate(PICTURES, took),
        cpu.as_secs_f64() * 1e3 / PICTURES as f64
    );
}

fn unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().join("pictures");
    for n in 0..MANY {
        let name = format!("{:03}/{n}.png", n / 1_000);
        put(&pictures.join(name), &png(1, n, &[("parameters", &settings(n))]));
    }
    let began = Instant::now();
    let files: u64 = walk(&pictures);
    let floor = began.elapsed();
    let Times { found: took, rescan, .. } =
        measured(&folder.path().join("data"), &pictures, |_| true);
    println!("| Index of {files} files of a hundred bytes | {} | |", rate(MANY, took));
    println!(
        "| Unchanged rescan of {files} files | {:.2} s | listing them alone: {:.2} s |",
        rescan.as_secs_f64(),
        floor.as_secs_f64()
    );
}

/// How long a folder takes.
struct Times {
    /// Until every file can be found.
    found: Duration,
    /// Until all contents are known, and what was waited for is done.
    done: Duration,
    /// An unchanged rescan after that.
    rescan: Duration,
}

fn measured(data: &Path, pictures: &Path, is_done: impl Fn(&Engine) -> bool) -> Times {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let engine = Engine::start(EngineConfig {
            data_dir: data.join("data"),
            cache_dir: data.join("cache"),
            library_dir: data.join("library"),
            policy: Policy::default(),
            pace: Pace::default(),
        })
        .await
        .unwrap();
        let files = walk(pictures);
        let mut page = engine.open_stream(None);
        let began = Instant::now();
        let root = engine.root_add(pictures.to_owned(), false).await.unwrap();
        // As the gallery does: it asks again when it is told that the library moved.
        loop {
            let answer = engine.library_query(LibraryQuery::default()).await.unwrap();
            if u64::from(answer.shown) == files {
                break;
            }
            until_moved(&mut page).await;
        }
        let found = began.elapsed();
        let root = until(&engine, root.id, |root| is_scanned(root, None)).await;
        while !is_done(&engine) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let done = began.elapsed();
        assert_eq!(root.report.problems, [], "all files are read");
        tokio::time::sleep(Duration::from_millis(5)).await;
        let began = Instant::now();
        engine.root_scan(root.id).await.unwrap();
        until(&engine, root.id, |now| is_scanned(now, root.scanned_at)).await;
        let rescan = began.elapsed();
        engine.stop().await;
        Times { found, done, rescan }
    })
}

async fn until_moved(page: &mut Receiver<StreamMessage>) {
    loop {
        let message = page.recv().await.unwrap();
        let StreamMessage::Facts { facts, .. } = message else { continue };
        if facts.iter().any(|fact| matches!(fact, Fact::LibraryMoved { .. })) {
            return;
        }
    }
}

fn is_scanned(root: &RootView, before: Option<i64>) -> bool {
    root.state == RootState::Idle && root.scanned_at > before
}

async fn until(engine: &Engine, id: i64, is_so: impl Fn(&RootView) -> bool) -> RootView {
    loop {
        let roots = engine.root_list().await;
        let root = roots.into_iter().find(|root| root.id == id).unwrap();
        assert!(root.trouble.is_none(), "{:?}", root.trouble);
        if is_so(&root) {
            return root;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// A peer takes in the same folder, if it is at hand. Its imports are not counted, only its work.
fn peer(name: &str, variable: &str, of: (&Path, u64), imports: &str, work: &str) {
    let (pictures, files) = of;
    let Some(folder) = std::env::var_os(variable) else {
        println!("| {name} | not run: {variable} names no folder | |");
        return;
    };
    let cache = tempfile::tempdir().unwrap();
    let code = format!(
        "import sys, time; {imports}; began = time.time(); {work}; print('\\nSECONDS', time.time() - began)"
    );
    let output = Command::new("python3")
        .current_dir(&folder)
        .args(["-c", &code])
        .arg(pictures)
        .env("BASE_OUTPUT_PATH", pictures)
        .env("BASE_INPUT_PATH", pictures)
        .env("BASE_SMARTGALLERY_PATH", cache.path())
        .output();
    let seconds =
        output.as_ref().ok().filter(|output| output.status.success()).and_then(|output| {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            said.lines().rev().find_map(|line| line.strip_prefix("SECONDS ")?.parse().ok())
        });
    match seconds {
        Some(seconds) => {
            println!("| {name} | {} | |", rate(files, Duration::from_secs_f64(seconds)));
        }
        None => println!("| {name} | it could not be run: {output:?} | |"),
    }
}

/// Reads and hashes all files, one after the other.
fn floor(pictures: &Path) -> Duration {
    let began = Instant::now();
    for entry in fs::read_dir(pictures).unwrap().flatten() {
        std::hint::black_box(blake3::hash(&fs::read(entry.path()).unwrap()));
    }
    began.elapsed()
}

fn walk(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().flatten();
    entries
        .map(|entry| {
            let about = entry.metadata().unwrap();
            if about.is_dir() { walk(&entry.path()) } else { 1 }
        })
        .sum()
}

fn small_pictures(cache: &Path) -> usize {
    let folders = fs::read_dir(cache).into_iter().flatten().flatten();
    folders.map(|folder| fs::read_dir(folder.path()).map_or(0, Iterator::count)).sum()
}

/// Draws pictures. Answers with their size in bytes.
fn draw(pictures: &Path, files: u64, edge: u32) -> u64 {
    let pixels: Vec<Vec<u8>> = (0..DRAWN).map(|seed| noise(seed, edge)).collect();
    let mut bytes = 0;
    for n in 0..files {
        let prompt = prompt(n);
        let graph = format!(r#"{{"nodes":[],"links":[],"extra":"{}"}}"#, "g".repeat(6_000));
        let file = encoded(
            edge,
            &pixels[(n % DRAWN) as usize],
            &[("prompt", &prompt), ("workflow", &graph)],
        );
        bytes += file.len() as u64;
        put(&pictures.join(format!("night_{n:05}_.png")), &file);
    }
    bytes
}

/// A soft picture with grain, as those of samplers are.
fn noise(seed: u64, edge: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut pixels = Vec::with_capacity((edge * edge * 3) as usize);
    for y in 0..edge {
        for x in 0..edge {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let grain = (state & 7) as u32;
            for shift in [x + y, x * 2 + seed as u32 * 9, y * 2 + 40] {
                pixels.push((shift / 8 + grain) as u8);
            }
        }
    }
    pixels
}

fn png(edge: u32, colour: u64, texts: &[(&str, &str)]) -> Vec<u8> {
    let [r, g, b, ..] = colour.to_le_bytes();
    encoded(edge, &[r, g, b].repeat((edge * edge) as usize), texts)
}

fn encoded(edge: u32, pixels: &[u8], texts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, edge, edge);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    for (name, text) in texts {
        encoder.add_text_chunk((*name).to_owned(), (*text).to_owned()).unwrap();
    }
    encoder.write_header().unwrap().write_image_data(pixels).unwrap();
    out
}

fn settings(n: u64) -> String {
    format!("a quiet harbour\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: {n}, Size: 512x512")
}

fn prompt(seed: u64) -> String {
    format!(
        r#"{{"4":{{"class_type":"CheckpointLoaderSimple","inputs":{{"ckpt_name":"night.safetensors"}}}},
"5":{{"class_type":"EmptyLatentImage","inputs":{{"width":768,"height":768,"batch_size":1}}}},
"6":{{"class_type":"CLIPTextEncode","inputs":{{"text":"a quiet harbour, number {}","clip":["4",1]}}}},
"7":{{"class_type":"CLIPTextEncode","inputs":{{"text":"blur","clip":["4",1]}}}},
"3":{{"class_type":"KSampler","inputs":{{"seed":{seed},"steps":20,"cfg":7.5,"sampler_name":"euler","scheduler":"normal","denoise":1,"model":["4",0],"positive":["6",0],"negative":["7",0],"latent_image":["5",0]}}}},
"8":{{"class_type":"VAEDecode","inputs":{{"samples":["3",0],"vae":["4",2]}}}},
"9":{{"class_type":"SaveImage","inputs":{{"images":["8",0],"filename_prefix":"night"}}}}}}"#,
        seed / 4
    )
}

fn put(path: &PathBuf, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
    let file = File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
}

fn rate(files: u64, took: Duration) -> String {
    format!("{:.0} files/s ({:.2} s)", files as f64 / took.as_secs_f64(), took.as_secs_f64())
}

/// What this process used of the cores so far.
#[cfg(target_os = "linux")]
fn cpu_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    // Ticks of a hundredth of a second, for the program and for the system on its behalf.
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

#[cfg(not(target_os = "linux"))]
fn cpu_time() -> Duration {
    Duration::ZERO
}
