//! Builds what Tauri needs: the capabilities, and a place for the page.

use std::{fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/build.rs");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=tauri.conf.json");
    // The macro that embeds the page needs its folder, also for checks of the Rust code alone. The
    // real page is built by `cargo xtask` before anything is started.
    let dist = Path::new("ui/dist");
    if !dist.join("index.html").exists() {
        let page = "<!doctype html><title>Safelight</title><p>The page is not built. Start Safelight with cargo xtask run.";
        fs::create_dir_all(dist)
            .and_then(|()| fs::write(dist.join("index.html"), page))
            .expect("ui/dist can be made");
    }
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*");
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities are right");
}
