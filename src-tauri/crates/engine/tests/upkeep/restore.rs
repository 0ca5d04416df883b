//! Reading a backup back.

use crate::{PICTURES, World, contents, made, start_in, support};
use domain::BatchId;
use engine::view::{Mark, WorkState};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

async fn restored(world: World, from: &Path) -> World {
    let work = world.engine.restore_start(from.to_owned()).await.unwrap();
    let work = world.done(work).await;
    assert!(work.result.unwrap().contains("Restart Safelight"));
    assert!(world.engine.upkeep_get().await.unwrap().restored.is_some());
    world.again().await
}

/// The manifest of the only backup in a folder.
fn manifest(folder: &Path) -> (PathBuf, Value) {
    let name = contents(folder).into_keys().find(|name| name.ends_with(".json")).unwrap();
    let path = folder.join(name);
    let text = fs::read(&path).unwrap();
    (path, serde_json::from_slice(&text).unwrap())
}

#[tokio::test]
async fn what_was_lost_comes_back_and_nothing_is_written_over() {
    let world = World::new().await;
    world.mark("seed:0", Mark::Rating { stars: 5 }).await;
    world.mark("seed:1", Mark::Bin).await;
    world.engine.intake_text(BatchId(Uuid::now_v7()), support::plain(1), true).await.unwrap();
    let to = world.path("backup");
    world.done(world.back_up(&to).await).await;
    let before = contents(&world.path("library"));

    world.mark("seed:0", Mark::Rating { stars: 1 }).await;
    world.finds("is:binned", 1).await;
    world.later(60);
    // Gone at the end of its term, with its file.
    world.finds("is:binned", 0).await;
    assert!(!world.path("library/day-1/lake_00001_.png").exists());
    let (gone, edited) = ("day-1/lake_00002_.png", "day-2/lake_00003_.png");
    fs::remove_file(world.path("library").join(gone)).unwrap();
    fs::write(world.path("library").join(edited), made::saved(99)).unwrap();

    let world = restored(world, &to).await;
    let mut after = contents(&world.path("library"));
    assert_eq!(after.remove(edited), Some(made::saved(99)), "it differs, and stays");
    let second = after.remove("day-2/lake_00003_ (2).png");
    assert_eq!(second.as_ref(), before.get(edited));
    assert!(before.iter().all(|(name, file)| name == edited || after.get(name) == Some(file)));
    world.finds("rating:5", 1).await;
    world.finds("is:binned", 1).await;
    let bin = world.engine.bin_get().await.unwrap();
    assert_eq!(bin.due_at, Some(crate::NOON + 90 * crate::DAY), "a whole term again");
    assert!(world.snapshot().await.paused, "what waited then is not run again by itself");
    assert_eq!(world.engine.upkeep_get().await.unwrap().restored, None);
    let kept = contents(&world.path("data"));
    let kept: Vec<&String> =
        kept.keys().filter(|name| name.starts_with("safelight-before-restore-")).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    // What was put aside is a whole database.
    store::examine(&world.path("data").join(kept[0])).await.unwrap();
}

#[tokio::test]
async fn between_reading_back_and_the_restart_nothing_is_deleted() {
    let world = World::new().await;
    world.mark("seed:1", Mark::Bin).await;
    world.finds("is:binned", 1).await;
    let to = world.path("backup");
    world.done(world.back_up(&to).await).await;
    let before = contents(&world.path("library"));
    let work = world.engine.restore_start(to).await.unwrap();
    world.done(work).await;
    // The artist empties the bin: the library that comes has it in its bin, with its file.
    let work = world.ended(world.engine.bin_empty(None).await.unwrap()).await;
    assert!(work.problems[0].contains("Restart Safelight first"), "{work:?}");
    let world = world.again().await;
    world.finds("is:binned", 1).await;
    assert!(contents(&world.path("library")) == before, "files are gone");
}

#[tokio::test]
async fn on_another_machine_everything_is_in_its_library() {
    let world = World::new().await;
    world.mark("seed:0", Mark::TagAdd { name: "print".into() }).await;
    let shared = tempfile::tempdir().unwrap();
    world.done(world.back_up(shared.path()).await).await;
    let before = contents(&world.path("library"));
    world.engine.stop().await;
    drop(world);

    let other = World::with(|library| {
        // Something else is called like one of the backup's.
        made::put(library, "day-1/lake_00000_.png", made::saved(77));
    })
    .await;
    let other = restored(other, shared.path()).await;
    other.finds("tag:print", 1).await;
    let here = contents(&other.path("library"));
    assert_eq!(here["day-1/lake_00000_.png"], made::saved(77));
    assert_eq!(here["day-1/lake_00000_ (2).png"], before["day-1/lake_00000_.png"]);
    // The stranger is found by the scan.
    other.finds("", u32::try_from(PICTURES).unwrap() + 1).await;
    for file in other.files().await {
        assert!(file.starts_with(other.path("library")), "{}", file.display());
    }
}

#[tokio::test]
async fn where_the_files_are_nothing_is_copied() {
    let world = World::new().await;
    let to = world.path("backup");
    world.done(world.back_up(&to).await).await;
    let before = contents(&world.path("library"));
    let work = world.engine.restore_start(to.clone()).await.unwrap();
    let work = world.done(work).await;
    let database = manifest(&to).1["database"]["bytes"].as_u64().unwrap();
    assert_eq!(work.bytes.unwrap().of, database);
    assert_eq!(contents(&world.path("library")), before);
}

#[tokio::test]
async fn cut_off_or_stopped_the_library_is_as_it_was() {
    let mut world = World::new().await;
    let to = world.path("backup");
    world.done(world.back_up(&to).await).await;
    world.mark("seed:0", Mark::Rating { stars: 3 }).await;
    for cut in 0..4 {
        let work = world.engine.restore_start(to.clone()).await.unwrap();
        for _ in 0..cut {
            tokio::task::yield_now().await;
        }
        world.engine.work_cancel(work.id).unwrap();
        if cut % 2 == 0 {
            let work = world.ended(work).await;
            assert_eq!(work.state, WorkState::Cancelled, "{work:?}");
        }
        world = world.again().await;
        world.finds("rating:3", 1).await;
        assert_eq!(world.engine.upkeep_get().await.unwrap().restored, None);
    }
    let world = restored(world, &to).await;
    world.finds("rating:3", 0).await;
    world.finds("", 6).await;
}

#[tokio::test]
async fn a_backup_that_is_ready_stays_so_until_another_one_is() {
    let world = World::new().await;
    world.mark("seed:0", Mark::Rating { stars: 5 }).await;
    let (first, second) = (world.path("first"), world.path("second"));
    world.done(world.back_up(&first).await).await;
    world.mark("seed:0", Mark::Rating { stars: 4 }).await;
    world.later(1);
    world.done(world.back_up(&second).await).await;
    world.mark("seed:0", Mark::Rating { stars: 1 }).await;

    world.done(world.engine.restore_start(first.clone()).await.unwrap()).await;
    let ready = world.engine.upkeep_get().await.unwrap().restored;
    let database = second.join(manifest(&second).1["database"]["name"].as_str().unwrap());
    let whole = fs::read(&database).unwrap();
    fs::write(&database, vec![0; whole.len()]).unwrap();
    let work = world.ended(world.engine.restore_start(second.clone()).await.unwrap()).await;
    assert_eq!(work.state, WorkState::Failed, "{work:?}");
    assert!(ready.is_some());
    assert_eq!(world.engine.upkeep_get().await.unwrap().restored, ready);
    fs::write(&database, whole).unwrap();
    let world = world.again().await;
    world.finds("rating:5", 1).await;

    // One that is ready takes the place of the one before, also if it is killed in the middle.
    world.done(world.engine.restore_start(first).await.unwrap()).await;
    world.done(world.engine.restore_start(second).await.unwrap()).await;
    assert_ne!(world.engine.upkeep_get().await.unwrap().restored, ready);
    world.engine.stop().await;
    let data = world.path("data");
    fs::rename(data.join("restore"), data.join("restore-next")).unwrap();
    let engine = start_in(world.folder.path(), &world.path("library"), &world.now).await;
    let world = World { engine, ..world };
    world.finds("rating:4", 1).await;
    assert!(!["restore", "restore-next", "restore-before"].iter().any(|at| data.join(at).exists()));
}

#[tokio::test]
async fn a_start_that_is_killed_while_it_is_put_in_place_is_gone_on_with() {
    for step in 0..3 {
        let world = World::new().await;
        world.mark("seed:0", Mark::Rating { stars: 5 }).await;
        let to = world.path("backup");
        world.done(world.back_up(&to).await).await;
        world.mark("seed:0", Mark::Rating { stars: 1 }).await;
        world.done(world.engine.restore_start(to).await.unwrap()).await;
        world.engine.stop().await;
        let data = world.path("data");
        let ready = fs::read(data.join("restore/ready.json")).unwrap();
        let ready: Value = serde_json::from_slice(&ready).unwrap();
        let aside = data.join(ready["aside"].as_str().unwrap());
        if step > 0 {
            fs::rename(data.join("safelight.db"), &aside).unwrap();
        }
        if step > 1 {
            fs::rename(data.join("restore/safelight.db"), data.join("safelight.db")).unwrap();
        }
        let engine = start_in(world.folder.path(), &world.path("library"), &world.now).await;
        let world = World { engine, ..world };
        world.finds("rating:5", 1).await;
        assert!(aside.exists() && !data.join("restore").exists());
    }
}

#[tokio::test]
async fn what_is_no_backup_or_a_broken_one_is_refused() {
    let world = World::new().await;
    let to = world.path("backup");
    world.done(world.back_up(&to).await).await;
    let (path, good) = manifest(&to);
    let empty = world.path("nothing");
    fs::create_dir(&empty).unwrap();
    let error = world.engine.restore_start(empty).await.unwrap_err();
    assert!(error.message.contains("no Safelight backup"), "{error:?}");

    let with = |pointer: &str, value: Value| {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        changed.to_string()
    };
    for (text, part) in [
        ("{".to_owned(), "does not describe"),
        ("[]".to_owned(), "does not describe"),
        ("x".repeat(2 << 20), "too large"),
        (with("/safelight_backup", json!(2)), "newer Safelight"),
        (with("/schema", json!(1_000_000)), "newer Safelight"),
        (with("/database/name", json!("../data/safelight.db")), "elsewhere"),
        (with("/database/bytes", json!(1)), "not whole"),
        (with("/list/name", json!("nothing.jsonl")), "not whole"),
    ] {
        fs::write(&path, text).unwrap();
        let error = world.engine.restore_start(to.clone()).await.unwrap_err();
        assert!(error.message.contains(part), "{part}: {error:?}");
    }

    // What only reading all of it shows ends the work.
    let database = to.join(good["database"]["name"].as_str().unwrap());
    let bytes = fs::read(&database).unwrap();
    let mut broken = bytes.clone();
    broken[4_096..8_192].fill(0xa5);
    let hash = |bytes: &[u8]| json!(blake3::hash(bytes).to_hex().to_string());
    for (file, text, part) in [
        (&broken, good.to_string(), "not what was backed up"),
        (&broken, with("/database/blake3", hash(&broken)), "is damaged"),
        (&bytes, with("/list/blake3", hash(b"other")), "not what was backed up"),
    ] {
        fs::write(&database, file).unwrap();
        fs::write(&path, text).unwrap();
        let work = world.engine.restore_start(to.clone()).await.unwrap();
        let work = world.ended(work).await;
        assert_eq!(work.state, WorkState::Failed, "{part}: {work:?}");
        assert!(work.problems[0].contains(part), "{part}: {work:?}");
        assert!(!world.path("data/restore").exists() && !world.path("data/restore-next").exists());
    }
    fs::write(&database, bytes).unwrap();
    fs::write(&path, good.to_string()).unwrap();
    world.done(world.engine.restore_start(to).await.unwrap()).await;
}
