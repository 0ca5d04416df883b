//! Moving the library.

use crate::{
    PICTURES, SmallDisk, World, contents, contents_without, made, other_disk, support, until,
};
use domain::Outcome;
use engine::view::{Mark, WorkState};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// Waits until a move is over and everything is in one folder.
async fn all_in(world: &World, to: &Path, before: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(&contents(to), before);
    let library = world.path("library");
    assert!(!library.exists(), "{:?}", contents(&library).keys());
    assert_eq!(world.engine.library_folder(), to);
    assert_eq!(world.engine.upkeep_get().await.unwrap().moving, None);
    let roots = world.engine.root_list().await;
    assert_eq!(roots.len(), 1);
    assert_eq!(Path::new(&roots[0].path), to);
    for file in world.files().await {
        assert!(file.starts_with(to) && file.is_file(), "{}", file.display());
    }
}

async fn moved(world: World, to: PathBuf) {
    fs::write(world.path("library/day-1/lake_00000_.xmp"), "<x/>").unwrap();
    fs::write(world.path("library/day-1/lake_00001_.png.XMP"), "<x/>").unwrap();
    world.mark("seed:0", Mark::Rating { stars: 5 }).await;
    let before = contents(&world.path("library"));
    let keys = world.keys("").await;
    let work = world.engine.library_move(to.clone()).await.unwrap();
    assert_eq!(world.engine.library_folder(), to, "new outputs go there at once");
    let work = world.done(work).await;
    assert_eq!((work.done, work.of), (PICTURES as u32, PICTURES as u32));
    let bytes = work.bytes.unwrap();
    assert_eq!(bytes.done, bytes.of);
    all_in(&world, &to, &before).await;
    let roots = world.engine.root_list().await;
    assert_eq!(u64::from(roots[0].assets), PICTURES, "they are counted there at once");
    let world = world.again_in(&to).await;
    assert_eq!(world.keys("").await, keys, "they are the same pictures");
    world.finds("rating:5", 1).await;
    all_in(&world, &to, &before).await;
    world.engine.stop().await;
}

#[tokio::test]
async fn on_the_same_disk_nothing_is_copied_and_all_is_there() {
    let world = World::new().await;
    #[cfg(unix)]
    let inode = |path: PathBuf| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
    #[cfg(unix)]
    let before = inode(world.path("library/day-1/lake_00000_.png"));
    let to = world.path("new/place");
    let there = to.join("day-1/lake_00000_.png");
    let library = world.path("library");
    let work = world.engine.library_move(to.clone()).await.unwrap();
    world.done(work).await;
    #[cfg(unix)]
    assert_eq!(inode(there), before);
    let back = world.engine.library_move(library).await.unwrap();
    world.done(back).await;
    moved(world, to).await;
}

#[tokio::test]
async fn to_another_disk_each_file_is_copied_and_read_back() {
    let Some(disk) = other_disk() else { return };
    moved(World::new().await, disk.path().join("library")).await;
}

#[tokio::test]
async fn cut_at_any_file_it_goes_on_at_the_next_start() {
    let Some(disk) = other_disk() else { return };
    for cut in [0, 1, 5, 17, 39] {
        let world = World::with(|library| {
            for seed in 0..40 {
                made::put(library, format!("{}/{seed}.png", seed % 4), made::saved(seed));
            }
        })
        .await;
        let before = contents(&world.path("library"));
        let to = disk.path().join(format!("cut-{cut}"));
        let work = world.engine.library_move(to.clone()).await.unwrap();
        loop {
            let now = world.engine.work_list().into_iter().find(|one| one.id == work.id).unwrap();
            if now.done >= cut || now.state != WorkState::Running {
                break;
            }
            tokio::task::yield_now().await;
        }
        // The settings still have the old folder.
        let mut world = world.again().await;
        if world.engine.library_folder() != to {
            // All was moved before it was stopped: the app had the new folder in its settings by then.
            assert!(world.engine.upkeep_get().await.unwrap().moving.is_none());
            world = world.again_in(&to).await;
        }
        assert_eq!(world.engine.library_folder(), to);
        until("it is moved", || async {
            world.engine.upkeep_get().await.unwrap().moving.is_none().then_some(())
        })
        .await;
        until("the work is over", || async {
            let mut works = world.engine.work_list().into_iter();
            works.all(|work| work.state != WorkState::Running).then_some(())
        })
        .await;
        world.finds("", 40).await;
        all_in(&world, &to, &before).await;
    }
}

/// The app ended between the deletion of the old folder, which was empty by then, and the note that all is
/// moved.
#[tokio::test]
async fn cut_when_all_is_moved_it_is_over_at_the_next_start() {
    let world = World::new().await;
    let (library, to) = (world.path("library"), world.path("moved"));
    let before = contents(&library);
    let work = world.engine.library_move(to.clone()).await.unwrap();
    world.done(work).await;
    world.engine.stop().await;
    let database = world.path("data/safelight.db");
    let store = store::Store::open(&database).await.unwrap();
    let now = store.roots().await.unwrap().remove(0);
    let path = library.as_os_str().as_encoded_bytes();
    let old = store.put_root(store::RootKind::Own, path, 1).await.unwrap();
    let moving = format!(r#"{{"from":{},"to":{},"stopped":false}}"#, old.0, now.id.0);
    store.set_value("library-move", &moving).await.unwrap();
    store.close().await;
    let world = world.again_in(&to).await;
    until("it is over", || async {
        let roots = world.engine.root_list().await.len();
        let moving = world.engine.upkeep_get().await.unwrap().moving;
        (roots == 1 && moving.is_none()).then_some(())
    })
    .await;
    world.finds("", PICTURES as u32).await;
    all_in(&world, &to, &before).await;
    world.engine.stop().await;
}

#[tokio::test]
async fn what_is_deleted_for_good_while_it_is_moved_does_not_come_back() {
    let Some(disk) = other_disk() else { return };
    for cut in [1, 20, 80] {
        let world = World::with(|library| {
            for seed in 0..100 {
                made::put(library, format!("{seed}.png"), made::saved(seed));
            }
        })
        .await;
        world.all_read().await;
        let newest = world.keys("").await.into_iter().max();
        world.mark("*.seed<50", Mark::Bin).await;
        world.finds("", 50).await;
        let to = disk.path().join(format!("deleted-{cut}"));
        let moving = world.engine.library_move(to.clone()).await.unwrap();
        until("some are carried", || async {
            let works = world.engine.work_list();
            let now = works.into_iter().find(|one| one.id == moving.id).unwrap();
            (now.done >= cut || now.state != WorkState::Running).then_some(())
        })
        .await;
        let deleting = world.engine.bin_empty(None).await.unwrap();
        world.done(deleting).await;
        world.done(moving).await;
        let root = world.engine.root_list().await[0].id;
        world.engine.root_scan(root).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        // What is scanned and moved at once may be out of the bin again, but nothing comes as new.
        let keys = world.keys("").await;
        assert!(keys.len() >= 50 && keys.into_iter().max() <= newest);
        world.engine.stop().await;
    }
}

#[tokio::test]
async fn stopped_it_waits_for_the_artist_and_goes_on() {
    let world = World::new().await;
    let before = contents(&world.path("library"));
    let to = world.path("new");
    let work = world.engine.library_move(to.clone()).await.unwrap();
    world.engine.work_cancel(work.id).unwrap();
    let work = world.ended(work).await;
    assert_eq!(work.state, WorkState::Cancelled, "{work:?}");
    let left = world.engine.upkeep_get().await.unwrap().moving.unwrap();
    assert_eq!((u64::from(left.files), Path::new(&left.to)), (PICTURES, to.as_path()));
    // Not by itself.
    let world = world.again_in(&to).await;
    assert!(world.engine.work_list().is_empty());
    world.finds("", 6).await;
    let work = world.engine.library_move_on().await.unwrap();
    world.done(work).await;
    all_in(&world, &to, &before).await;
    let error = world.engine.library_move_on().await.unwrap_err();
    assert!(error.message.contains("nothing more"), "{error:?}");
}

#[tokio::test]
async fn what_is_called_the_same_there_stays_and_so_does_what_is_not_the_librarys() {
    let world = World::new().await;
    let to = world.path("new");
    made::put(&to, "day-1/lake_00000_.png", made::saved(50));
    made::put(&to, "day-1/lake_00001_.png", made::saved(1));
    let note = world.path("library/day-1/.note");
    fs::write(&note, "mine").unwrap();
    let before = contents(&world.path("library"));
    let work = world.engine.library_move(to.clone()).await.unwrap();
    world.done(work).await;
    let after = contents(&to);
    assert_eq!(after["day-1/lake_00000_.png"], made::saved(50));
    assert_eq!(after["day-1/lake_00000_ (2).png"], before["day-1/lake_00000_.png"]);
    assert_eq!(after["day-1/lake_00001_.png"], before["day-1/lake_00001_.png"]);
    assert!(!after.contains_key("day-1/lake_00001_ (2).png"), "it was the same");
    assert_eq!(contents(&world.path("library")).into_keys().collect::<Vec<_>>(), ["day-1/.note"]);
    world.finds("", 7).await;
}

#[tokio::test]
async fn a_file_that_is_missing_is_missing_there_too() {
    let world = World::new().await;
    fs::remove_file(world.path("library/day-2/lake_00004_.png")).unwrap();
    let before = contents(&world.path("library"));
    let to = world.path("new");
    let work = world.engine.library_move(to.clone()).await.unwrap();
    world.done(work).await;
    all_in_but_one(&world, &to, &before).await;
}

async fn all_in_but_one(world: &World, to: &Path, before: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(&contents(to), before);
    assert_eq!(world.keys("").await.len(), 6, "what is known of it stays");
    assert_eq!(world.files().await.len(), 5);
}

#[tokio::test]
async fn places_that_do_not_fit_are_refused_and_nothing_has_changed() {
    let world = World::new().await;
    let there = world.path("library");
    let added = world.path("above/added");
    made::put(&added, "a.png", made::saved(1));
    world.engine.root_add(added, false).await.unwrap();
    // Files that the engine keeps for itself come and go.
    let artists = || contents_without(world.folder.path(), &["data", "cache"]);
    let before = artists();
    for (to, part) in [
        (there.clone(), "already"),
        (there.join("below"), "is in"),
        (world.folder.path().to_owned(), "own data"),
        (world.path("above"), "holds"),
        (world.path("data/library"), "own data"),
        ("new".into(), "full path"),
        (there.join("day-1/lake_00000_.png"), "cannot be made"),
    ] {
        let error = world.engine.library_move(to).await.unwrap_err();
        assert!(error.message.contains(part), "{part}: {error:?}");
    }
    assert_eq!(world.engine.library_folder(), there);
    assert_eq!(artists(), before);
    assert!(!there.join("below").exists());
    let small = world.path("small");
    if let Some(_disk) = SmallDisk::mount(&small, "size=4k") {
        let error = world.engine.library_move(small).await.unwrap_err();
        assert!(error.message.contains("are free there"), "{error:?}");
        assert_eq!(world.engine.library_folder(), there);
    }
}

#[tokio::test]
async fn a_disk_that_fills_up_stops_it_and_every_file_is_somewhere() {
    let world = World::new().await;
    // It has grown since it was looked at: there was room for what is known of it.
    let file = world.path("library/day-2/lake_00003_.png");
    fs::write(&file, vec![7; 16 << 20]).unwrap();
    let mut before: Vec<Vec<u8>> = contents(&world.path("library")).into_values().collect();
    before.sort();
    let to = world.path("small");
    let Some(_disk) = SmallDisk::mount(&to, "size=8m") else { return };
    let work = world.engine.library_move(to.clone()).await.unwrap();
    let work = world.ended(work).await;
    assert_eq!(work.state, WorkState::Failed);
    assert!(work.problems[0].contains("no space left"), "{work:?}");
    let mut after: Vec<Vec<u8>> = contents(&to).into_values().collect();
    after.extend(contents(&world.path("library")).into_values());
    after.sort();
    assert!(after == before, "each once, and whole");
    assert!(world.engine.upkeep_get().await.unwrap().moving.is_some());
}

#[tokio::test]
async fn jobs_that_end_meanwhile_and_later_put_their_outputs_into_the_new_folder() {
    let bench = support::Bench::new(Duration::from_millis(1)).await;
    let first = bench.queue(&support::plain(1)).await;
    bench.ended(first, Outcome::Succeeded).await;
    let to = bench.folder.path().join("new");
    let running = bench.queue(&support::plain(2)).await;
    let work = bench.engine.library_move(to.clone()).await.unwrap();
    bench.ended(running, Outcome::Succeeded).await;
    let later = bench.queue(&support::plain(3)).await;
    bench.ended(later, Outcome::Succeeded).await;
    until("it is moved", || async {
        let works = bench.engine.work_list();
        works.into_iter().find(|one| one.id == work.id && one.state == WorkState::Done)
    })
    .await;
    let names: Vec<String> = contents(&to).into_keys().collect();
    let old = contents(&bench.folder.path().join("library"));
    // The one that ran may have been written when the folder changed.
    assert_eq!(names.len() + old.len(), 3, "{names:?} {:?}", old.keys());
    assert!(old.len() <= 1);
    let latest = bench.engine.job_get(later).await.unwrap();
    let asset = latest.job.newest[0].id;
    assert!(bench.engine.asset_path(asset).await.unwrap().starts_with(&to));
}
