//! Which folders are taken, and what is done with them.

use crate::{
    World, assets,
    made::{put, put_slow, saved},
    start, start_with, until,
};
use engine::view::{Fact, RootState, StreamMessage};
use std::{fs, path::PathBuf, time::Duration};

/// How long the page may wait for what was found. Far more than it takes; only a fault reaches it.
const SOON: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_that_cannot_be_taken_are_refused_in_a_sentence() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "deep/one.png", saved(1));
    world.import(false).await;
    let file = put(world.folder.path(), "file.png", saved(2));
    let base = world.folder.path().to_owned();
    fs::create_dir_all(base.join("cache")).unwrap();
    let cases: [(PathBuf, &str); 7] = [
        (folder.join("deep"), "which is in the library already"),
        (base.clone(), "Safelight keeps its own data"),
        (base.join("data"), "Safelight keeps its own data"),
        (base.join("cache"), "Safelight keeps its own data"),
        (base.join("nowhere"), "There is no folder"),
        (file, "is a file"),
        (base.join("library/2026"), "There is no folder"),
    ];
    for (path, text) in cases {
        let error = world.engine.root_add(path.clone(), false).await.unwrap_err();
        assert!(error.message.contains(text), "{}: {}", path.display(), error.message);
    }
    let above = base.join("above");
    put(&above, "in/one.png", saved(3));
    world.engine.root_add(above.join("in"), false).await.unwrap();
    let error = world.engine.root_add(above, false).await.unwrap_err();
    assert!(error.message.contains("Forget that one first"), "{}", error.message);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_count_of_all_outputs_follows_what_a_scan_finds() {
    let world = World::new().await;
    put(&world.pictures(), "one.png", saved(1));
    put(&world.pictures(), "two.png", saved(2));
    let mut stream = world.engine.open_stream(None);
    world.import(false).await;
    let told = tokio::time::timeout(SOON, async {
        loop {
            let Some(message) = stream.recv().await else { panic!("the stream ended") };
            let StreamMessage::Facts { facts, .. } = message else { continue };
            let counted =
                |fact: &Fact| matches!(fact, Fact::CountsChanged { counts } if counts.assets == 2);
            if facts.iter().any(counted) {
                return;
            }
        }
    });
    told.await.expect("the page hears of both");
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_one_however_often_it_is_added_and_is_there_after_a_start() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let root = world.import(true).await;
    let again = world.engine.root_add(folder.clone(), true).await.unwrap();
    assert_eq!(again.id, root.id);
    #[cfg(unix)]
    {
        let link = world.folder.path().join("link");
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        assert_eq!(world.engine.root_add(link, true).await.unwrap().id, root.id);
    }
    world.engine.stop().await;
    put(&folder, "while it was off.png", saved(2));
    let engine = start(world.folder.path()).await;
    let world = World { engine, ..world };
    until("what came meanwhile is found", || async {
        (world.titles().await == ["one", "while it was off"]).then_some(())
    })
    .await;
    assert_eq!(world.root(root.id).await.report.new, 1);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_folder_is_left_alone_until_it_goes_on() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let root = world.import(true).await;
    world.engine.root_pause(root.id, true).await.unwrap();
    put(&folder, "two.png", saved(2));
    world.in_state(root.id, RootState::Paused).await;
    world.engine.root_pause(root.id, false).await.unwrap();
    world.scanned(root.id, root.scanned_at).await;
    assert_eq!(world.titles().await, ["one", "two"]);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_was_not_taken_out_to_the_end_is_at_the_next_start() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    put(&folder, "two.png", saved(2));
    let root = world.import(false).await;
    let library = world.folder.path().join("data/safelight.db");
    world.engine.stop().await;
    let store = store::Store::open(&library).await.unwrap();
    let id = store::RootId(root.id);
    store.leave_root(id).await.unwrap();
    // A kill comes between two parts.
    assert_eq!(store.take_out(id, 1).await.unwrap().map(|gone| gone.len()), Some(1));
    store.close().await;
    let engine = start(world.folder.path()).await;
    until("all of it to be gone", || async { assets(&engine).await.is_empty().then_some(()) })
        .await;
    let own = engine.root_list().await;
    assert!(own.len() == 1 && own[0].own);
    // It can be added again.
    until("the folder to be forgotten", || async {
        engine.root_add(folder.clone(), false).await.ok()
    })
    .await;
    until("both to be there again", || async { (assets(&engine).await.len() == 2).then_some(()) })
        .await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_folder_keeps_its_files() {
    let world = World::new().await;
    let folder = world.pictures();
    let file = put(&folder, "one.png", saved(1));
    let other = world.folder.path().join("other");
    put(&other, "two.png", saved(2));
    put(&other, "one too.png", saved(1));
    let root = world.import(false).await;
    let kept = world.engine.root_add(other, false).await.unwrap();
    world.scanned(kept.id, None).await;
    assert_eq!(world.titles().await, ["one", "two"]);
    world.engine.root_remove(root.id).await.unwrap();
    assert_eq!(fs::read(&file).unwrap(), saved(1));
    assert_eq!(world.titles().await, ["one", "two"], "its content lies elsewhere, too");
    world.engine.root_remove(kept.id).await.unwrap();
    assert!(world.titles().await.is_empty());
    let own = world.engine.root_list().await;
    assert!(own.len() == 1 && own[0].own);
    let error = world.engine.root_remove(own[0].id).await.unwrap_err();
    assert!(error.message.contains("Choose another library folder first"), "{}", error.message);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_outputs_go_to_no_folder_in_another_one_or_around_one() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let root = world.import(false).await;
    let base = world.folder.path().to_owned();
    put(&base.join("above"), "in/two.png", saved(2));
    world.engine.root_add(base.join("above/in"), false).await.unwrap();
    let file = put(&base, "file.png", saved(3));
    for (path, text) in [
        (folder.join("new"), "which is in the library already: what is made would be there twice"),
        (base.join("library/new/deep"), "library itself, or a folder outside of it"),
        (base.join("above"), "forget that one below first"),
        (base.clone(), "Safelight keeps its own data"),
        (base.join("data/new"), "Safelight keeps its own data"),
        (file, "is a file"),
    ] {
        let error = world.engine.library_set(path.clone()).await.unwrap_err();
        assert!(error.message.contains(text), "{}: {}", path.display(), error.message);
    }
    assert!(!folder.join("new").exists() && !base.join("library/new").exists());
    // Nor is a folder taken that holds it: what it holds would be there twice as well.
    let home = base.join("home");
    world.engine.library_set(home.join("outputs")).await.unwrap();
    let error = world.engine.root_add(home.clone(), false).await.unwrap_err();
    assert!(error.message.contains("into which Safelight puts"), "{}", error.message);
    let error = world.engine.library_set(home).await.unwrap_err();
    assert!(error.message.ends_with("Choose a folder beside it."), "{}", error.message);
    // One that was added may take them, by whatever path it is named.
    #[cfg(unix)]
    {
        let link = base.join("link");
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        let set = world.engine.library_set(link).await.unwrap();
        assert_eq!(set.path, folder.display().to_string());
        assert!(world.root(root.id).await.own);
        assert_eq!(world.engine.root_list().await.len(), 4);
    }
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_library_folder_that_came_to_lie_in_another_one_is_gone_through_once() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    put(&folder, "ours/two.png", saved(2));
    let outer = world.import(true).await;
    world.engine.stop().await;
    // As settings of an earlier version may have it.
    let engine = start_with(world.folder.path(), folder.join("ours")).await;
    let world = World { engine, ..world };
    let inner = world.engine.root_list().await.into_iter().rfind(|root| root.own).unwrap();
    world.scanned(inner.id, None).await;
    let outer = world.rescan(outer.id).await;
    assert_eq!((outer.report.new, outer.assets), (0, 1), "{:?}", outer.report);
    assert_eq!(world.titles().await, ["one", "two"]);
    let key = world.engine.asset_key(world.asset("two").await.id).await.unwrap();
    let places = world.engine.asset_detail(key).await.unwrap().places;
    assert_eq!(places.len(), 1);
    // What comes there is told by its own folder alone.
    put(&folder, "ours/three.png", saved(3));
    until("it is in the library", || async {
        (world.titles().await == ["one", "three", "two"]).then_some(())
    })
    .await;
    assert_eq!(world.rescan(outer.id).await.seen, 1);
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_long_after_the_others_were_stored_is_stored_too() {
    let world = World::new().await;
    let folder = world.pictures();
    // The newest are read first: more than are stored without waiting for others, and then these.
    put_slow(&folder.join("below"), 600..620);
    for n in 0..600 {
        put(&folder, format!("{n}.png"), saved(n));
    }
    world.import(false).await;
    assert_eq!(world.assets().await.len(), 620);
    world.engine.stop().await;
}
