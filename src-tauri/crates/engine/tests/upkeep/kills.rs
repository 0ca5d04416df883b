//! A kill in the middle of a move and of a backup.

use crate::{NOON, World, contents, made, other_disk, plan, start_in, until};
use engine::view::WorkState;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, atomic::AtomicI64},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// So many that it is the middle when some are done, however late that is seen.
const FILES: u64 = 1_000;
/// Names the folder, and where to, in the process that is killed.
const KILLED: &str = "SAFELIGHT_TEST_KILLED_IN";
const TO: &str = "SAFELIGHT_TEST_KILLED_TO";

/// Files in a library, and a process that begins work on it and dies in the middle of it.
fn killed(name: &str, to: &Path) -> TempDir {
    let folder = TempDir::new().unwrap();
    for n in 0..FILES {
        made::put(&folder.path().join("library"), format!("{}/{n}.png", n % 7), made::saved(n));
    }
    let killed = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(KILLED, folder.path())
        .env(TO, to)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&killed.stdout);
    let done = said.lines().find(|line| line.contains("done ")).unwrap_or_else(|| panic!("{said}"));
    println!("at the kill: {done} of {FILES}");
    folder
}

/// In the process that is killed: begins, and dies when a part is done, as by a kill. From outside that
/// moment could be missed.
fn until_killed(is_move: bool) {
    let (Some(folder), Some(to)) = (std::env::var_os(KILLED), std::env::var_os(TO)) else { return };
    let (folder, to) = (PathBuf::from(folder), PathBuf::from(to));
    Runtime::new().unwrap().block_on(async {
        let now = Arc::new(AtomicI64::new(NOON));
        let engine = start_in(&folder, &folder.join("library"), &now).await;
        until("all are known", || async {
            let roots = engine.root_list().await;
            (u64::from(roots[0].assets) == FILES).then_some(())
        })
        .await;
        let work = if is_move {
            engine.library_move(to).await.unwrap()
        } else {
            engine.backup_start(plan(&to)).await.unwrap()
        };
        loop {
            let now = engine.work_list().into_iter().find(|one| one.id == work.id).unwrap();
            if now.done > 20 || now.state != WorkState::Running {
                println!("done {}", now.done);
                std::process::abort();
            }
            tokio::task::yield_now().await;
        }
    });
}

async fn started(folder: TempDir) -> World {
    let now = Arc::new(AtomicI64::new(NOON + 1));
    let library = folder.path().join("library");
    let engine = start_in(folder.path(), &library, &now).await;
    World { folder, engine, now }
}

#[test]
fn a_move_goes_on_where_it_was_killed() {
    until_killed(true);
    let Some(disk) = other_disk() else { return };
    let to = disk.path().join("library");
    let folder = killed("kills::a_move_goes_on_where_it_was_killed", &to);
    Runtime::new().unwrap().block_on(async {
        let world = started(folder).await;
        until("it is moved", || async {
            let works = world.engine.work_list();
            let over = works.iter().all(|work| work.state == WorkState::Done);
            let moving = world.engine.upkeep_get().await.unwrap().moving;
            (over && moving.is_none()).then_some(())
        })
        .await;
        let there = contents(&to);
        assert_eq!(there.len() as u64, FILES, "each once");
        assert!(there.values().all(|file| file.ends_with(b"IEND\xaeB`\x82")), "and whole");
        assert!(!world.path("library").exists());
        world.finds("", u32::try_from(FILES).unwrap()).await;
        assert_eq!(world.engine.library_folder(), to);
        world.engine.stop().await;
    });
}

#[test]
fn a_backup_goes_on_where_it_was_killed() {
    until_killed(false);
    let to = TempDir::new().unwrap();
    let folder = killed("kills::a_backup_goes_on_where_it_was_killed", to.path());
    Runtime::new().unwrap().block_on(async {
        let world = started(folder).await;
        let done = contents(&to.path().join("files")).len();
        assert!(world.engine.backup_look(to.path().to_owned()).await.is_err());
        world.finds("", u32::try_from(FILES).unwrap()).await;
        let work = world.done(world.back_up(to.path()).await).await;
        println!("{done} were there before; {:?} were copied", work.bytes);
        assert_eq!(contents(&to.path().join("files")).len() as u64, FILES);
        assert!(!to.path().join(".safelight-parts").exists());
        world.engine.stop().await;
    });
}
