//! Drives that are not there.

use crate::{
    World,
    made::{put, put_slow, saved},
    pace, start_at, until,
};
use engine::{
    Pace,
    view::{FileState, RootState},
};
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
    // The newest are read first. There are so few that they are read one after the other.
    let last = put(&pictures.join("below"), "last.png", saved(99));
    put_slow(&pictures, 0..30);
    // Nobody ever writes into it: who opens it waits, as on a drive that is gone.
    let silent = folder.path().join("silent");
    let made = std::process::Command::new("mkfifo").arg(&silent).status().unwrap();
    assert!(made.success());
    let engine = start_at(folder.path(), Pace { answer: Duration::from_secs(2), ..pace() }).await;
    let root = engine.root_add(pictures, false).await.unwrap();
    let now = |id: i64| {
        let engine = &engine;
        async move { engine.root_list().await.into_iter().find(|root| root.id == id).unwrap() }
    };
    until("the files are found", || async { (now(root.id).await.to_read == 31).then_some(()) })
        .await;
    fs::rename(&silent, &last).unwrap();
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

#[cfg(target_os = "linux")]
#[test]
fn a_drive_that_is_mounted_below_a_folder_is_away_while_it_is_unplugged() {
    crate::alone::with_own_mounts("away::on_a_mount");
}

/// A mount in memory loses its files with the last unmount: bound elsewhere it keeps them.
#[cfg(target_os = "linux")]
#[ignore = "run by the test above, where it may mount"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_mount() {
    use crate::alone::{bind, is_alone, mount, unmount};
    if !is_alone() {
        return;
    }
    let world = World::new().await;
    let folder = world.pictures();
    let (drive, attic) = (world.folder.path().join("drive"), folder.join("2024/attic"));
    fs::create_dir_all(&drive).unwrap();
    fs::create_dir_all(&attic).unwrap();
    mount(&drive, "size=16m");
    let plug = || bind(&drive, &attic);
    plug();
    put(&folder, "one.png", saved(1));
    put(&attic, "two.png", saved(2));
    put(&attic, "deep/three.png", saved(3));
    put(&folder, "2024/atticus/four.png", saved(4));
    let root = world.import(true).await;
    let state = |title: &'static str| {
        let world = &world;
        async move {
            let key = world.engine.asset_key(world.asset(title).await.id).await.unwrap();
            world.engine.asset_detail(key).await.unwrap().places[0].state
        }
    };

    // Nobody tells of it; what is left is an empty folder.
    unmount(&attic);
    until("it is away", || async { (state("two").await == FileState::Away).then_some(()) }).await;
    world.found("is:away", 2).await;
    assert_eq!(state("three").await, FileState::Away);
    assert_eq!([state("one").await, state("four").await], [FileState::Here; 2]);
    let away = world.rescan(root.id).await;
    assert_eq!((away.state, away.report.missing), (RootState::Idle, 0), "{away:?}");
    let told: Vec<_> = away.report.problems.iter().map(|problem| &*problem.path).collect();
    assert_eq!(told, ["2024/attic"]);
    assert!(away.report.problems[0].text.contains("not connected"));
    world.found("", 4).await;

    // Plugged in again it is found by itself, nothing is read anew, and it is watched.
    plug();
    until("it is back", || async { (state("three").await == FileState::Here).then_some(()) }).await;
    world.found("is:away", 0).await;
    put(&attic, "five.png", saved(5));
    world.found("", 5).await;
    assert_eq!(world.rescan(root.id).await.to_read, 0);

    // What is deleted there is missing, also if all of it is.
    fs::remove_dir_all(attic.join("deep")).unwrap();
    for name in ["two.png", "five.png"] {
        fs::remove_file(attic.join(name)).unwrap();
    }
    assert_eq!(world.rescan(root.id).await.report.problems, []);
    assert_eq!(state("two").await, FileState::Missing);

    // An ordinary folder is there again, and is no mount any more.
    put(&attic, "six.png", saved(6));
    world.found("", 6).await;
    unmount(&attic);
    put(&attic, "seven.png", saved(7));
    world.rescan(root.id).await;
    assert_eq!(state("six").await, FileState::Missing);
    fs::remove_file(attic.join("seven.png")).unwrap();
    world.rescan(root.id).await;
    assert_eq!(state("seven").await, FileState::Missing);
    world.engine.stop().await;
    unmount(&drive);
}
