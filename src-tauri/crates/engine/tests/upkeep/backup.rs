//! Backing up.

use crate::{PICTURES, SmallDisk, World, contents, made, plan, support::classic};
use engine::view::{BackupPlan, CommandErrorCode, WorkState};
use std::{fs, path::Path};

/// A picture whose file is far larger than what the database grows by when a picture is added.
fn large(seed: u64) -> Vec<u8> {
    made::png(16, seed, &[("prompt", &classic(seed, 20)), ("note", &"x".repeat(1 << 16))])
}

/// The contents of a folder of backups that are files of the library.
fn kept(folder: &Path) -> Vec<Vec<u8>> {
    let mut kept: Vec<Vec<u8>> = contents(&folder.join("files")).into_values().collect();
    kept.sort();
    kept
}

fn sorted(folder: &Path) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = contents(folder).into_values().collect();
    all.sort();
    all
}

#[tokio::test]
async fn a_backup_has_everything_and_the_next_one_copies_what_is_new() {
    let world = World::with(|library| {
        for seed in 0..PICTURES {
            let day = seed / 3 + 1;
            made::put(library, format!("day-{day}/lake_{seed:05}_.png"), large(seed));
        }
    })
    .await;
    let sidecar = world.path("library/day-1/lake_00000_.png.xmp");
    fs::write(&sidecar, "<x/>").unwrap();
    fs::write(world.path("library/day-1/lake_00001_.XMP"), "<y/>").unwrap();
    let to = world.path("backup");
    // What is not read whole is copied each time.
    world.all_read().await;
    let first = world.done(world.back_up(&to).await).await;
    assert_eq!((u64::from(first.done), u64::from(first.of)), (PICTURES + 1, PICTURES + 1));
    assert_eq!(kept(&to), sorted(&world.path("library")));
    let upkeep = world.engine.upkeep_get().await.unwrap();
    assert_eq!(upkeep.backed_up_to.as_deref(), to.to_str());
    let looked = world.engine.backup_look(to.clone()).await.unwrap();
    assert_eq!(u64::from(looked.outputs), PICTURES);
    assert_eq!(u64::from(looked.files), PICTURES + 2, "the sidecars go along");

    world.later(1);
    made::put(&world.path("library"), "day-3/lake_00050_.png", large(50));
    let root = world.engine.root_list().await[0].id;
    world.engine.root_scan(root).await.unwrap();
    world.finds("", 7).await;
    let second = world.done(world.back_up(&to).await).await;
    let (first, second) = (first.bytes.unwrap(), second.bytes.unwrap());
    // Both have the database as it was then. All pictures once more would be one more than before.
    assert!(second.of < first.of, "{second:?} after {first:?}: only what is new");
    assert_eq!(kept(&to), sorted(&world.path("library")));
    let backups = contents(&to).into_keys().filter(|name| name.ends_with(".json")).count();
    assert_eq!(backups, 2, "the first is still there");
    assert!(!to.join(".safelight-parts").exists());
}

#[tokio::test]
async fn the_database_alone_is_small() {
    let world = World::new().await;
    let to = world.path("backup");
    let alone = BackupPlan { files: false, ..plan(&to) };
    world.done(world.engine.backup_start(alone).await.unwrap()).await;
    assert_eq!(world.engine.backup_look(to.clone()).await.unwrap().files, 0);
    assert!(!to.join("files").exists());
}

#[tokio::test]
async fn a_file_that_changed_since_is_backed_up_as_it_is_now_beside_what_it_was() {
    let world = World::new().await;
    let to = world.path("backup");
    world.done(world.back_up(&to).await).await;
    let file = world.path("library/day-1/lake_00001_.png");
    let before = fs::read(&file).unwrap();
    // As long as before, and not looked at yet.
    let mut after = before.clone();
    *after.last_mut().unwrap() ^= 1;
    fs::write(&file, &after).unwrap();
    world.later(1);
    world.done(world.back_up(&to).await).await;
    let kept = kept(&to);
    assert!(kept.contains(&before) && kept.contains(&after));
}

#[tokio::test]
async fn files_that_are_not_there_are_told_and_the_others_are_backed_up() {
    let world = World::new().await;
    fs::remove_file(world.path("library/day-1/lake_00001_.png")).unwrap();
    let to = world.path("backup");
    let work = world.ended(world.back_up(&to).await).await;
    assert_eq!(work.state, WorkState::Done);
    assert!(work.problems[0].contains("1 files of the library are not where"), "{work:?}");
    assert_eq!(kept(&to), sorted(&world.path("library")));
}

#[tokio::test]
async fn cut_at_any_file_it_goes_on_where_it_was() {
    let mut world = World::with(|library| {
        for seed in 0..40 {
            made::put(library, format!("{seed}.png"), made::saved(seed));
        }
    })
    .await;
    let to = world.path("backup");
    for cut in [0, 1, 7, 20, 39] {
        let work = world.back_up(&to).await;
        loop {
            let now = world.engine.work_list().into_iter().find(|one| one.id == work.id).unwrap();
            if now.done >= cut || now.state != WorkState::Running {
                break;
            }
            tokio::task::yield_now().await;
        }
        world = world.again().await;
        world.later(1);
    }
    world.done(world.back_up(&to).await).await;
    assert_eq!(kept(&to), sorted(&world.path("library")));
    assert!(!to.join(".safelight-parts").exists());
}

#[tokio::test]
async fn stopped_it_leaves_no_backup_and_what_was_there_stays() {
    let world = World::new().await;
    let to = world.path("backup");
    let work = world.back_up(&to).await;
    let second = world.engine.backup_start(plan(&to)).await.unwrap_err();
    assert_eq!(second.code, CommandErrorCode::WrongState, "one at a time: {second:?}");
    world.engine.work_cancel(work.id).unwrap();
    let work = world.ended(work).await;
    assert_eq!(work.state, WorkState::Cancelled, "{work:?}");
    let error = world.engine.backup_look(to.clone()).await.unwrap_err();
    assert!(error.message.contains("no Safelight backup"), "{error:?}");
    world.done(world.back_up(&to).await).await;
}

#[tokio::test]
async fn a_disk_that_is_full_too_small_or_read_only_is_told() {
    let world = World::new().await;
    let to = world.path("small");
    {
        let Some(_disk) = SmallDisk::mount(&to, "size=32k") else { return };
        let work = world.ended(world.back_up(&to).await).await;
        assert_eq!(work.state, WorkState::Failed);
        assert!(work.problems[0].contains("are free there"), "{work:?}");
    }
    {
        let Some(_disk) = SmallDisk::mount(&to, "size=1m,ro") else { return };
        let work = world.ended(world.back_up(&to).await).await;
        assert!(work.problems[0].contains("may not write"), "{work:?}");
    }
    // A file has grown since it was looked at: there was room for what is known of it.
    let file = world.path("library/day-1/lake_00001_.png");
    fs::write(&file, vec![7; 16 << 20]).unwrap();
    let Some(_disk) = SmallDisk::mount(&to, "size=8m") else { return };
    let work = world.ended(world.back_up(&to).await).await;
    assert_eq!(work.state, WorkState::Failed);
    assert!(work.problems[0].contains("no space left"), "{work:?}");
    assert!(world.engine.backup_look(to.clone()).await.is_err());
    assert!(!to.join(".safelight-parts").exists());
    fs::remove_file(&file).unwrap();
    let work = world.ended(world.back_up(&to).await).await;
    assert_eq!(work.state, WorkState::Done, "{work:?}");
}

#[tokio::test]
async fn it_is_not_put_where_it_would_be_taken_for_pictures() {
    let world = World::new().await;
    for (to, part) in [
        (world.path("library/backup"), "outside"),
        (world.path("data"), "outside"),
        ("backup".into(), "full path"),
    ] {
        let error = world.engine.backup_start(plan(&to)).await.unwrap_err();
        assert!(error.message.contains(part), "{error:?}");
    }
}
