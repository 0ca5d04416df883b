//! Drives that are not there.

use crate::{
    World,
    made::{put, saved},
};
use engine::view::RootState;
use std::fs;

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
