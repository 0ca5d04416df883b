//! The term of the bin.

use crate::{DAY, NOON, World, contents, made, until};
use engine::view::{BinView, Mark};
use std::{fs, sync::atomic::Ordering};

/// Waits until there are so many in the bin. The search may still be behind.
async fn binned(world: &World, outputs: u32) -> BinView {
    until(&format!("{outputs} are in the bin"), || async {
        let bin = world.engine.bin_get().await.unwrap();
        (bin.outputs == outputs).then_some(bin)
    })
    .await
}

#[tokio::test]
async fn what_is_in_the_bin_for_its_term_is_deleted_and_nothing_else() {
    let world = World::new().await;
    assert_eq!(world.engine.bin_get().await.unwrap().days, Some(30));
    world.mark("*.seed<2", Mark::Bin).await;
    world.later(10);
    let third = world.mark("seed:2", Mark::Bin).await;
    let bin = world.engine.bin_get().await.unwrap();
    assert_eq!((bin.outputs, bin.due_at), (3, Some(NOON + 30 * DAY)));
    world.later(20);
    let bin = binned(&world, 1).await;
    assert_eq!(bin.due_at, Some(NOON + 40 * DAY));
    let there = |seed: u64| world.path(&format!("library/day-1/lake_{seed:05}_.png")).exists();
    assert!(!there(0) && !there(1) && there(2), "the third is there for twenty days");

    // What was taken out stays, however late it is; what came in by then goes when it is due.
    world.engine.mark_undo(third).await.unwrap();
    world.finds("", 4).await;
    world.later(1_000);
    world.mark("seed:3", Mark::Bin).await;
    world.later(30);
    binned(&world, 0).await;
    world.finds("", 3).await;
    assert_eq!(world.files().await.len(), 3);
    assert!(there(2));
}

#[tokio::test]
async fn another_term_counts_and_never_is_never() {
    let world = World::new().await;
    let error = world.engine.bin_set(Some(12)).await.unwrap_err();
    assert!(error.message.contains("7, 30 or 90"), "{error:?}");
    let never = world.engine.bin_set(None).await.unwrap();
    assert_eq!(never.days, None);
    world.mark("seed:0", Mark::Bin).await;
    world.later(10_000);
    // It is looked through at the start as well.
    let world = world.again().await;
    let bin = world.engine.bin_get().await.unwrap();
    assert_eq!((bin.days, bin.outputs, bin.due_at), (None, 1, None));
    let ninety = world.engine.bin_set(Some(90)).await.unwrap();
    assert_eq!(ninety.due_at, Some(NOON + 90 * DAY));
    binned(&world, 0).await;
}

#[tokio::test]
async fn what_was_there_before_there_were_terms_has_a_whole_one() {
    let world = World::new().await;
    world.now.store(NOON - 400 * DAY, Ordering::Relaxed);
    world.mark("seed:0", Mark::Bin).await;
    world.now.store(NOON, Ordering::Relaxed);
    let bin = world.engine.bin_get().await.unwrap();
    assert_eq!(bin.due_at, Some(NOON + 30 * DAY));
    world.later(30);
    binned(&world, 0).await;
}

#[tokio::test]
async fn files_in_added_folders_are_deleted_too_and_those_that_are_away_when_they_are_back() {
    let world = World::new().await;
    let (added, away) = (world.path("added"), world.path("elsewhere"));
    made::put(&added, "x/lake_00100_.png", made::saved(100));
    world.engine.root_add(added.clone(), false).await.unwrap();
    world.finds("", 7).await;
    world.mark("seed:100", Mark::Bin).await;
    world.mark("seed:0", Mark::Bin).await;
    fs::rename(&added, &away).unwrap();
    world.later(31);
    // The other one's drive is not there.
    binned(&world, 1).await;
    assert!(!world.path("library/day-1/lake_00000_.png").exists());
    fs::rename(&away, &added).unwrap();
    binned(&world, 0).await;
    assert!(!added.join("x/lake_00100_.png").exists());
}

#[tokio::test]
async fn a_file_that_took_the_name_meanwhile_stays_and_is_found() {
    let world = World::new().await;
    let added = world.path("output");
    made::put(&added, "ComfyUI_00001_.png", made::saved(100));
    made::put(&added, "ComfyUI_00002_.png", made::saved(200));
    world.engine.root_add(added.clone(), false).await.unwrap();
    world.finds("", 8).await;
    world.mark("seed:100", Mark::Bin).await;
    world.mark("seed:200", Mark::Bin).await;
    world.mark("seed:0", Mark::Bin).await;
    world.mark("seed:1", Mark::Bin).await;
    binned(&world, 4).await;
    // Of a file that was not read whole nobody could tell later that it is another one.
    world.all_read().await;
    world.engine.stop().await;
    // The server counts anew; the second was written again as it was.
    let (new, own) =
        (added.join("ComfyUI_00001_.png"), world.path("library/day-1/lake_00001_.png"));
    fs::write(&new, made::saved(101)).unwrap();
    fs::write(&own, made::saved(102)).unwrap();
    fs::write(added.join("ComfyUI_00002_.png"), made::saved(200)).unwrap();
    world.later(31);
    let world = world.again().await;
    binned(&world, 0).await;
    world.finds("", 6).await;
    world.finds("seed:101", 1).await;
    world.finds("seed:102", 1).await;
    assert_eq!(fs::read(new).unwrap(), made::saved(101));
    assert_eq!(fs::read(own).unwrap(), made::saved(102));
    assert!(!added.join("ComfyUI_00002_.png").exists());
    assert!(!world.path("library/day-1/lake_00000_.png").exists());
}

#[tokio::test]
async fn sidecars_go_with_their_files_and_those_of_others_stay() {
    let world = World::new().await;
    let added = world.path("added");
    for (name, seed) in [("one.png", 100), ("two.png", 101), ("three.png", 102)] {
        made::put(&added, name, made::saved(seed));
    }
    for sidecar in [
        "one.png.xmp",
        "one.xmp",
        "two.png.xmp",
        "two.xmp",
        "three.png.xmp",
        "one.png.XMP",
        "one.XMP",
        "two.png.Xmp",
        "two.XMP",
    ] {
        made::put(&added, sidecar, "<x/>");
    }
    made::put(&added, "two.raw", "another program's");
    world.engine.root_add(added.clone(), false).await.unwrap();
    world.finds("", 9).await;
    world.mark("seed:100", Mark::Bin).await;
    world.mark("seed:101", Mark::Bin).await;
    world.finds("is:binned", 2).await;
    world.done(world.engine.bin_empty(None).await.unwrap()).await;
    let left: Vec<String> = contents(&added).into_keys().collect();
    assert_eq!(left, ["three.png", "three.png.xmp", "two.XMP", "two.raw", "two.xmp"]);
}
