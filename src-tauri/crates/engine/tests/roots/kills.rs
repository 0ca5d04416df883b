//! A kill in the middle of an import.

use crate::{
    World, assets,
    made::{png, put},
    start, until,
};
use engine::view::RootState;
use std::{
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// More than two chunks.
const FILES: u64 = 6_000;
/// Names the folder in the process that is killed.
const KILLED: &str = "SAFELIGHT_TEST_KILLED_IN";
const NAME: &str = "kills::an_import_goes_on_where_it_was_killed";

#[test]
fn an_import_goes_on_where_it_was_killed() {
    if let Some(folder) = std::env::var_os(KILLED) {
        import_until_killed(Path::new(&folder));
    }
    let folder = TempDir::new().unwrap();
    let pictures = folder.path().join("pictures");
    for n in 0..FILES {
        put(&pictures, format!("{}/{n}.png", n % 7), png(1, n, &[]));
    }
    let killed = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(KILLED, folder.path())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&killed.stdout);
    let stored =
        said.lines().find(|line| line.contains("stored ")).unwrap_or_else(|| panic!("{said}"));

    Runtime::new().unwrap().block_on(async {
        let engine = start(folder.path()).await;
        let world = World { folder, engine };
        let root = world.engine.root_list().await.into_iter().find(|root| !root.own).unwrap();
        world.in_state(root.id, RootState::Idle).await;
        let root = world.scanned(root.id, None).await;
        println!("at the kill: {stored} of {FILES}; after it: {}", root.report.new);
        assert_eq!(assets(&world.engine).await.len() as u64, FILES);
        assert_eq!(u64::from(root.assets), FILES, "each once");
        assert!(u64::from(root.report.new) < FILES, "what was stored is not read again");
        assert_eq!(root.report.problems, []);
        world.engine.stop().await;
    });
}

/// Dies when a part is stored, as by a kill: from outside that moment could be missed.
fn import_until_killed(folder: &Path) -> ! {
    Runtime::new().unwrap().block_on(async {
        let engine = start(folder).await;
        let root = engine.root_add(folder.join("pictures"), false).await.unwrap();
        let stored = until("a part is stored", || async {
            let root = engine.root_list().await.into_iter().find(|other| other.id == root.id)?;
            (root.assets > 0).then_some(root.assets)
        })
        .await;
        println!("stored {stored}");
        std::process::abort()
    })
}
