//! Files as savers write them.

use crate::support::classic;
use std::{
    fs::{self, File},
    ops::Range,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// A PNG of one colour with texts in it.
pub fn png(edge: u32, colour: u64, texts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, edge, edge);
    encoder.set_color(png::ColorType::Rgb);
    for (name, text) in texts {
        encoder.add_text_chunk((*name).to_owned(), (*text).to_owned()).unwrap();
    }
    let [r, g, b, ..] = colour.to_le_bytes();
    let pixels = [r, g, b].repeat((edge * edge) as usize);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    out
}

/// A PNG as ComfyUI's `SaveImage` writes it.
pub fn saved(seed: u64) -> Vec<u8> {
    png(16, seed, &[("prompt", &classic(seed, 20)), ("workflow", r#"{"nodes":[],"links":[]}"#)])
}

/// Writes a file that has stood still for a while, and the folders it is in.
pub fn put(folder: &Path, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    settled(&path);
    path
}

/// Makes a file look as if it had stood still for a minute.
pub fn settled(path: &Path) {
    let file = File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
}

/// Writes pictures that take a while to be read: hundreds of thousands of empty chunks stand between their
/// heads and their pixels.
pub fn put_slow(folder: &Path, numbers: Range<u64>) {
    for n in numbers {
        let mut head = saved(n);
        let pixels = head.split_off(8 + 25);
        let chunks = b"\0\0\0\0emPt\0\0\0\0".repeat(900_000);
        put(folder, format!("{n}.png"), [head, chunks, pixels].concat());
    }
}
