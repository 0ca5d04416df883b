//! Who may know whom. The arrows are those of docs/ARCHITECTURE.md.
#![allow(clippy::expect_used, clippy::panic)]

use cargo_metadata::{DependencyKind, MetadataCommand};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

/// What each of our crates may depend on among our crates.
const ARROWS: &[(&str, &[&str])] = &[
    ("safelight", &["engine", "practice", "domain"]),
    ("engine", &["catalog", "comfy", "store", "media", "workflow", "domain"]),
    ("practice", &["workflow", "domain", "media"]),
    ("comfy", &["domain"]),
    ("store", &["domain"]),
    ("media", &["domain"]),
    ("workflow", &["domain"]),
    ("catalog", &["domain"]),
    ("domain", &[]),
    ("xtask", &[]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn metadata() -> cargo_metadata::Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .expect("cargo metadata runs")
}

#[test]
fn crates_know_only_those_below_them() {
    let metadata = metadata();
    let ours: BTreeSet<&str> =
        metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    assert_eq!(ours, allowed.keys().copied().collect(), "a crate is missing in ARROWS, or gone");
    for package in &metadata.packages {
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            if dependency.kind == DependencyKind::Development || !ours.contains(name) {
                continue;
            }
            assert!(
                allowed[package.name.as_str()].contains(&name),
                "{} must not know {name}",
                package.name
            );
        }
    }
}

#[test]
fn only_one_crate_knows_each_outer_library() {
    let only: &[(&str, &[&str])] = &[
        ("tauri", &["safelight"]),
        ("sqlx", &["store"]),
        ("tokio-tungstenite", &["comfy"]),
        ("reqwest", &["comfy"]),
    ];
    for package in metadata().packages {
        for dependency in &package.dependencies {
            if dependency.kind != DependencyKind::Normal {
                continue;
            }
            for (library, owners) in only {
                assert!(
                    dependency.name != *library || owners.contains(&package.name.as_str()),
                    "{} must not know {library}",
                    package.name
                );
            }
        }
    }
}

#[test]
fn pure_crates_have_no_runtime_no_files_and_no_clock() {
    for name in ["domain", "workflow", "catalog"] {
        let manifest = read(&root().join(format!("src-tauri/crates/{name}/Cargo.toml")));
        let runtime = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        for library in ["tokio", "reqwest", "sqlx", "rand"] {
            assert!(!runtime.contains(&format!("\n{library}")), "{name} must not know {library}");
        }
        let words =
            ["std::fs", "std::net", "std::process", "std::env", "SystemTime", "Instant::now"];
        each_line(&root().join(format!("src-tauri/crates/{name}/src")), &["rs"], |path, line| {
            for word in words {
                assert!(!line.contains(word), "{}: {word} in a pure crate: {line}", path.display());
            }
        });
    }
}

#[test]
fn the_engine_begins_tasks_in_one_place() {
    each_line(&root().join("src-tauri/crates/engine/src"), &["rs"], |path, line| {
        let here = path.file_name().is_some_and(|name| name == "tasks.rs");
        let spawns = line.contains("tokio::spawn(") || line.contains("task::spawn(");
        assert!(here || !spawns, "{}: tasks begin in tasks.rs: {line}", path.display());
    });
}

#[test]
fn only_the_host_of_the_page_knows_tauri() {
    let host = root().join("ui/src/host");
    let mut files = 0;
    each_line(&root().join("ui/src"), &["ts", "svelte"], |path, line| {
        files += 1;
        let here =
            path.starts_with(&host) || path.components().any(|part| part.as_os_str() == "bindings");
        assert!(here || !line.contains("@tauri-apps/"), "{}: {line}", path.display());
    });
    assert!(files > 1_000, "the page's source was read");
}

fn each_line(folder: &Path, endings: &[&str], mut look: impl FnMut(&PathBuf, &str)) {
    let mut files = 0;
    for entry in WalkDir::new(folder) {
        let entry = entry.expect("the folder can be read");
        let path = entry.into_path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !path.is_file() || !endings.contains(&ending) {
            continue;
        }
        files += 1;
        let text = read(&path);
        // A file's tests may do what it must not.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            look(&path, line);
        }
    }
    assert!(files > 0, "{} has no source", folder.display());
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
