//! Drives that are not there.

use crate::{
    World,
    made::{put, put_slow, saved},
    pace, start_at, until,
};
use engine::{Pace, view::RootState};
use std::{fs, time::Duration};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_a_drive_that_was_unplugged_stays_in_the_library() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    put(&folder, "deep/two.png", saved(2));
    let root = world.import(true).await;
    let elsewhere = world.folder.path().join("unplugged");

    fs::rename(&folder, &elsewhere).unwrap();
    world.engine.root_scan(root.id).await.unwrap();
    let away = world.in_state(root.id, RootState::Away).await;
    assert!(away.trouble.unwrap().contains("is not there"));
    assert_eq!(away.report, root.report, "what was found when it was there is still told");
    assert_eq!(world.titles().await, ["one", "two"]);

    // Plugged in again, it is found by itself, and nothing is read anew.
    fs::rename(&elsewhere, &folder).unwrap();
    let back = world.scanned(root.id, away.scanned_at).await;
    assert_eq!((back.to_read, back.report.missing, back.trouble), (0, 0, None));
    let id = world.asset("one").await.id;
    assert!(world.engine.asset_path(id).await.is_ok());
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mount_point_without_its_drive_is_an_empty_folder_and_away() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let root = world.import(false).await;
    fs::rename(folder.join("one.png"), world.folder.path().join("one.png")).unwrap();
    world.engine.root_scan(root.id).await.unwrap();
    let away = world.in_state(root.id, RootState::Away).await;
    assert!(away.trouble.unwrap().contains("empty where pictures were"));
    assert_eq!(world.titles().await, ["one"]);
    world.engine.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_linked_folder_whose_drive_is_unplugged_loses_nothing() {
    let world = World::new().await;
    let (folder, drive) = (world.pictures(), world.folder.path().join("drive"));
    put(&folder, "one.png", saved(1));
    put(&drive, "deep/two.png", saved(2));
    put(&drive, "three.png", saved(3));
    std::os::unix::fs::symlink(&drive, folder.join("attic")).unwrap();
    let third = folder.join("three.png");
    std::os::unix::fs::symlink(drive.join("three.png"), third).unwrap();
    let root = world.import(false).await;
    fs::rename(&drive, world.folder.path().join("unplugged")).unwrap();
    let away = world.rescan(root.id).await;
    let mut told: Vec<_> =
        away.report.problems.iter().map(|problem| (&*problem.path, &*problem.text)).collect();
    told.sort_unstable();
    assert_eq!(away.report.missing, 0, "{away:?}");
    assert_eq!(told.iter().map(|(path, _)| *path).collect::<Vec<_>>(), ["attic", "three.png"]);
    assert!(told[0].1.contains("may be unplugged") && told[1].1.contains("leads to nothing"));
    assert_eq!(world.titles().await, ["one", "three", "two"]);
    // Deleted, it is gone.
    fs::remove_file(folder.join("attic")).unwrap();
    assert_eq!(world.rescan(root.id).await.report.missing, 1);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_lies_elsewhere_now_is_told_so_and_reads_nothing() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let root = world.import(false).await;
    let elsewhere = world.folder.path().join("new home");
    fs::rename(&folder, &elsewhere).unwrap();
    world.engine.root_scan(root.id).await.unwrap();
    world.in_state(root.id, RootState::Away).await;
    world.engine.root_move(root.id, elsewhere.clone()).await.unwrap();
    let there = world.scanned(root.id, root.scanned_at).await;
    assert_eq!((there.to_read, there.report.new, there.report.missing), (0, 0, 0));
    let id = world.asset("one").await.id;
    assert_eq!(world.engine.asset_path(id).await.unwrap(), elsewhere.join("one.png"));
    world.engine.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drive_that_falls_silent_while_it_is_read_is_away() {
    let folder = tempfile::TempDir::new().unwrap();
    let pictures = folder.path().join("pictures");
    // The newest are read first.
    let last = put(&pictures.join("below"), "last.png", saved(99));
    put_slow(&pictures, 0..12);
    let engine = start_at(folder.path(), Pace { answer: Duration::from_secs(2), ..pace() }).await;
    let root = engine.root_add(pictures, false).await.unwrap();
    let now = |id: i64| {
        let engine = &engine;
        async move { engine.root_list().await.into_iter().find(|root| root.id == id).unwrap() }
    };
    until("the files are found", || async { (now(root.id).await.to_read == 13).then_some(()) })
        .await;
    // Nobody ever writes into it: who opens it waits, as on a drive that is gone.
    fs::remove_file(&last).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&last).status().unwrap();
    assert!(made.success());
    let away = until("the drive is away", || async {
        let root = now(root.id).await;
        (root.state == RootState::Away).then_some(root)
    })
    .await;
    assert!(away.trouble.unwrap().contains("does not answer"));
    engine.stop().await;
    // Lets the thread that waits go.
    drop(fs::File::options().write(true).open(&last));
}
