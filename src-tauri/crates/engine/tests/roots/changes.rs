//! What changes in a folder between two scans.

use crate::{
    World,
    made::{png, put, saved, settled},
    start, stored,
};
use engine::view::Mark;
use std::{fs, time::Duration};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moved_file_is_the_same_one() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "a/one.png", saved(1));
    put(&folder, "a/two.png", saved(2));
    put(&folder, "b/three.png", saved(3));
    let root = world.import(false).await;
    let before = world.assets().await;

    fs::create_dir(folder.join("c")).unwrap();
    fs::rename(folder.join("a/one.png"), folder.join("c/first.png")).unwrap();
    fs::rename(folder.join("b"), folder.join("d")).unwrap();
    let root = world.rescan(root.id).await;
    let report = &root.report;
    assert_eq!((report.moved, report.new, report.missing, report.same), (2, 0, 0, 0), "{report:?}");
    let after = world.assets().await;
    let ids = |assets: &[engine::view::AssetView]| {
        assets.iter().map(|asset| asset.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&before), ids(&after));
    assert_eq!(world.asset("one").await.path, "c/first.png");
    assert_eq!(world.engine.asset_path(before[0].id).await.unwrap(), folder.join("c/first.png"));
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_file_is_missing_and_may_come_back() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    put(&folder, "two.png", saved(2));
    let root = world.import(false).await;
    fs::remove_file(folder.join("one.png")).unwrap();
    let root = world.rescan(root.id).await;
    assert_eq!((root.report.missing, root.report.new), (1, 0));
    let one = world.asset("one").await;
    assert!(world.engine.asset_path(one.id).await.is_err());
    // It stays missing, and is told once.
    let root = world.rescan(root.id).await;
    assert_eq!(root.report.missing, 0);

    put(&folder, "back/one again.png", saved(1));
    let root = world.rescan(root.id).await;
    assert_eq!((root.report.moved, root.report.new), (1, 0), "{:?}", root.report);
    assert_eq!(world.asset("one").await.id, one.id);
    assert!(world.engine.asset_path(one.id).await.is_ok());
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_file_is_another_content_and_a_touched_one_is_not() {
    let world = World::new().await;
    let folder = world.pictures();
    let one = put(&folder, "one.png", saved(1));
    let two = put(&folder, "two.png", saved(2));
    let root = world.import(false).await;
    let before = world.asset("one").await;

    fs::write(&one, png(32, 77, &[])).unwrap();
    settled(&one);
    fs::write(&two, saved(2)).unwrap();
    settled(&two);
    let root = world.rescan(root.id).await;
    let report = &root.report;
    assert_eq!((report.changed, report.new, report.same), (1, 0, 0), "{report:?}");
    let now: Vec<_> = world.assets().await;
    let titles: Vec<_> = now.iter().map(|asset| asset.title.as_str()).collect();
    assert_eq!(titles, ["one", "two"], "what was there before the edit is nowhere any more");
    let edited = now.iter().find(|asset| asset.width == Some(32)).unwrap();
    assert!(edited.hash.is_some() && before.hash.is_some(), "each was read whole");
    assert_ne!(edited.hash, before.hash);
    assert_eq!(world.engine.asset_path(edited.id).await.unwrap(), one);
    assert_eq!(world.rescan(root.id).await.to_read, 0);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_edited_outside_keeps_its_marks_wherever_the_scan_is_cut_off() {
    const FILES: u32 = 300;
    let mut world = World::new().await;
    let folder = world.pictures();
    let edit = |round: u64| {
        for n in 0..u64::from(FILES) {
            put(&folder, format!("{n}.png"), png(1, round * 1_000 + n, &[]));
        }
    };
    edit(0);
    let root = world.import(false).await.id;
    let prints = world.engine.collection_add("Prints", "").await.unwrap().id;
    let mut keys = Vec::new();
    for asset in world.assets().await {
        keys.push(world.engine.asset_key(asset.id).await.unwrap());
    }
    let tag = Mark::TagAdd { name: "harbour".into() };
    for mark in [Mark::Rating { stars: 4 }, tag, Mark::CollectionAdd { id: prints }] {
        world.engine.asset_mark(keys.clone(), mark).await.unwrap();
    }
    for (round, cut) in [20, 60, 100, 150, 200, 300].into_iter().enumerate() {
        edit(round as u64 + 1);
        world.engine.root_scan(root).await.unwrap();
        tokio::time::sleep(Duration::from_millis(cut)).await;
        world.engine.stop().await;
        let engine = start(world.folder.path()).await;
        world = World { engine, ..world };
        world.rescan(root).await;
        world.found("", FILES).await;
        world.found("rating:4 tag:harbour collection:prints", FILES).await;
    }
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_a_further_place_and_takes_over_when_the_first_goes() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let root = world.import(false).await;
    let id = world.asset("one").await.id;
    put(&folder, "copy.png", saved(1));
    let root = world.rescan(root.id).await;
    assert_eq!((root.report.same, root.report.new), (1, 0));
    assert_eq!(world.titles().await, ["one"]);
    fs::remove_file(folder.join("one.png")).unwrap();
    world.rescan(root.id).await;
    assert_eq!(world.engine.asset_path(id).await.unwrap(), folder.join("copy.png"));
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_being_written_is_read_when_it_stands_still() {
    let world = World::new().await;
    let folder = world.pictures();
    let whole = saved(1);
    let path = folder.join("new.png");
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let root = world.engine.root_add(folder.clone(), false).await.unwrap();
    // Half of it is there at the first look.
    world.scanned(root.id, None).await;
    fs::write(&path, &whole).unwrap();
    let assets = crate::until("it is read", || async {
        Some(world.assets().await).filter(|assets| !assets.is_empty())
    })
    .await;
    assert_eq!(assets[0].bytes, whole.len() as u64);
    assert_eq!(assets[0].facts.seed.as_deref(), Some("1"));
    world.engine.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renamed_folder_of_a_thousand_files_is_not_read_again() {
    let world = World::new().await;
    let folder = world.pictures();
    for n in 0..1_000 {
        put(&folder, format!("old/{}/{n}.png", n % 3), png(1, n, &[]));
    }
    let root = world.import(false).await;
    assert_eq!(root.to_read, 1_000);
    let before = world.assets().await;
    let mut keys = Vec::new();
    for asset in &before {
        keys.push(world.engine.asset_key(asset.id).await.unwrap());
    }
    let five = engine::view::Mark::Rating { stars: 5 };
    assert_eq!(world.engine.asset_mark(keys, five).await.unwrap().changed, 1_000);

    fs::rename(folder.join("old"), folder.join("new")).unwrap();
    let root = world.rescan(root.id).await;
    let report = &root.report;
    assert_eq!((root.to_read, root.read, root.assets), (0, 0, 1_000), "nothing was hashed");
    assert_eq!((report.moved, report.new, report.missing), (1_000, 0, 0), "{report:?}");
    let after = world.assets().await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(
            (before.id, before.path.replacen("old", "new", 1)),
            (after.id, after.path.clone())
        );
    }
    world.found("rating:5", 1_000).await;
    world.engine.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_renamed_while_it_is_watched_is_not_read_again() {
    let world = World::new().await;
    let folder = world.pictures();
    let file = put(&folder, "old/deep/one.png", saved(1));
    put(&folder, "two.png", saved(2));
    let root = world.import(true).await;
    let one = world.asset("one").await;
    // Whoever reads it now finds no picture; its size and time are as they were.
    let changed = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&file, vec![0; saved(1).len()]).unwrap();
    fs::File::options().append(true).open(&file).unwrap().set_modified(changed).unwrap();

    fs::rename(folder.join("old"), folder.join("new")).unwrap();
    crate::until("the rename was noticed", || async {
        let path = world.engine.asset_path(one.id).await.ok()?;
        (path == folder.join("new/deep/one.png")).then_some(())
    })
    .await;
    // Out of a folder, under another name.
    fs::rename(folder.join("new/deep/one.png"), folder.join("first.png")).unwrap();
    crate::until("this one, too", || async {
        (world.engine.asset_path(one.id).await.ok()? == folder.join("first.png")).then_some(())
    })
    .await;
    let root = world.rescan(root.id).await;
    assert_eq!((root.to_read, root.report.problems.len()), (0, 0));
    assert_eq!(world.asset("one").await.hash, one.hash);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_deleted_before_it_was_read_whole_was_never_there() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    for n in 2..6 {
        // Gigabytes of nothing that no disk holds: reading them takes longer than this test.
        let path = put(&folder, format!("emptied/{n}.png"), saved(n));
        fs::File::options().append(true).open(&path).unwrap().set_len(8 << 30).unwrap();
        settled(&path);
    }
    let root = world.engine.root_add(folder.clone(), false).await.unwrap();
    crate::until("their heads are read", || async {
        (stored(&world.engine).await == 5 && world.root(root.id).await.unread > 0).then_some(())
    })
    .await;
    world.engine.stop().await;
    // The folder stays: it is no drive that was unplugged.
    for n in 2..6 {
        fs::remove_file(folder.join(format!("emptied/{n}.png"))).unwrap();
    }
    let engine = start(world.folder.path()).await;
    let world = World { engine, ..world };
    let root = world.scanned(root.id, root.scanned_at).await;
    assert_eq!((root.unread, root.report.problems.len()), (0, 0), "{root:?}");
    assert_eq!(world.titles().await, ["one"]);
    world.engine.stop().await;
}
