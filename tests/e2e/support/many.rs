//! A library of many made-up pictures, with the small ones that a grid shows. The files themselves are
//! on a disk that is not there, as those of an unplugged drive.

use super::Desktop;
use image::{ImageFormat, Rgb, RgbImage};
use std::{io::Cursor, path::Path};
use store::{Store, dev};

/// Small pictures that differ: each is a file of many names, as drawing and storing each would take
/// minutes.
const DRAWN: u32 = 64;

/// Fills the library of a desktop before the app is started there.
pub async fn fill(desktop: &Desktop, count: u32) {
    std::fs::create_dir_all(desktop.data()).expect("a folder");
    let store = Store::open(&desktop.data().join("safelight.db")).await.expect("a database");
    let root = desktop.dir().join("unplugged").display().to_string().into_bytes();
    let fill = dev::Fill { assets: count, params: 4, root, ..dev::Fill::default() };
    dev::fill(&store, &fill).await.expect("a library");
    store.close().await;
    let cache = desktop.data().join("cache").join("thumbs");
    std::fs::create_dir_all(&cache).expect("a folder");
    for first in 0..256 {
        std::fs::create_dir_all(cache.join(format!("{first:02x}"))).expect("a folder");
    }
    let drawn: Vec<_> =
        (0..DRAWN).map(|number| draw(&cache.join(format!("drawn-{number}")), number)).collect();
    for number in 0..count {
        let hash = dev::content_hash(fill.seed, number);
        let path = cache.join(&hash[..2]).join(format!("{hash}-256"));
        let of = usize::try_from(number % DRAWN).expect("a small number");
        // A file has 65,000 names at most on ext4.
        if std::fs::hard_link(&drawn[of], &path).is_err() {
            std::fs::copy(&drawn[of], &path).expect("a file");
        }
    }
}

/// A soft picture with grain, 256 pixels an edge at most.
fn draw(path: &Path, number: u32) -> std::path::PathBuf {
    let picture = RgbImage::from_fn(205, 256, |x, y| {
        let grain = x.wrapping_mul(31).wrapping_add(y.wrapping_mul(17)) % 13;
        let shade = |of: u32| u8::try_from((of + grain) % 256).unwrap_or(0);
        Rgb([shade(x / 2 + number * 4), shade(y / 2 + number * 2), shade((x + y) / 3)])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).expect("a picture");
    std::fs::write(path, bytes.into_inner()).expect("a file");
    path.to_owned()
}
