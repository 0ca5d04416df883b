//! More pictures than one contact sheet has room for: several sheets, each whole or not there.

use crate::{
    contents,
    exports::{Cut, FILES, exports, of_many, over, plan},
    until,
};
use engine::view::{ExportInto, ExportPlan, WorkState};
use std::{fs, path::Path};

/// Of large pictures a hundred are on one sheet, so that there are two.
fn on_two(to: &Path) -> ExportPlan {
    ExportPlan { longest_edge: Some(500), xmp: false, ..plan(to, ExportInto::ContactSheet) }
}

fn is_whole(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG") && bytes.ends_with(b"IEND\xaeB`\x82")
}

#[tokio::test]
async fn what_is_too_much_for_one_sheet_goes_onto_several() {
    let world = of_many().await;
    let to = world.path("out");
    fs::create_dir(&to).unwrap();
    // Nobody was asked whether this may be written over.
    fs::write(to.join("Wall 1.png"), "of last week").unwrap();
    let keys = world.keys("").await;
    let work = world.engine.export_start(keys.clone(), on_two(&to.join("Wall.png"))).await.unwrap();
    assert_eq!(work.title, format!("Exporting {FILES} files onto 2 sheets in out"));
    let work = world.done(work).await;
    assert_eq!((u64::from(work.done), u64::from(work.of)), (FILES, FILES));
    let there = contents(&to);
    let names: Vec<&str> = there.keys().map(String::as_str).collect();
    assert_eq!(names, ["Wall 1 (2).png", "Wall 1.png", "Wall 2.png"]);
    assert_eq!(there["Wall 1.png"], b"of last week");
    assert!(is_whole(&there["Wall 1 (2).png"]) && is_whole(&there["Wall 2.png"]));
    assert_eq!(fs::read_dir(&to).unwrap().count(), 3, "and nothing of ours");

    // As many as one has room for are one, under the name that was chosen.
    let to = world.path("one");
    fs::create_dir(&to).unwrap();
    let work = world.engine.export_start(keys[..100].to_vec(), on_two(&to.join("Wall.png"))).await;
    world.done(work.unwrap()).await;
    assert_eq!(contents(&to).into_keys().collect::<Vec<_>>(), ["Wall.png"]);
    world.engine.stop().await;
}

#[tokio::test]
async fn sheets_that_are_whole_stay_after_a_kill_and_the_others_are_made() {
    let world = of_many().await;
    let keys = world.keys("").await;
    // Some are gone meanwhile: the others stay on the sheets that they were on.
    let gone = world.engine.asset_files(&keys[..1]).await.unwrap();
    world.engine.stop().await;
    fs::remove_file(&gone[0]).unwrap();
    let before: &[u8] = b"whole before the kill";
    let mut cuts = Vec::new();
    for (moment, first) in [("half", false), ("named", true), ("put", true)] {
        let folder = world.path(moment);
        fs::create_dir(&folder).unwrap();
        let mut cut =
            Cut::new(&world, &keys, &on_two(&folder.join("Wall.png")), folder.clone()).begun();
        match moment {
            "half" => cut.part(".tmpA1b2C3", before),
            "named" => {
                cut.part("Wall 1.png", before);
                cut.named(0, "Wall 1.png");
            }
            _ => {
                cut.named(0, "Wall 1.png");
                cut.put("Wall 1.png", before);
            }
        }
        cut.kept(&world);
        cuts.push((cut, first));
    }
    let world = world.again().await;
    for work in over(world.folder.path(), &world.engine).await {
        assert_eq!((work.state, work.done), (WorkState::Done, work.of), "{work:?}");
    }
    for (cut, first) in cuts {
        let there = contents(&cut.folder);
        let names: Vec<&str> = there.keys().map(String::as_str).collect();
        assert_eq!(names, ["Wall 1.png", "Wall 2.png"], "{}", cut.folder.display());
        assert_eq!(there["Wall 1.png"] == before, first, "{}", cut.folder.display());
        assert!(first || is_whole(&there["Wall 1.png"]));
        assert!(is_whole(&there["Wall 2.png"]));
        assert!(!cut.folder.join(format!(".safelight-export-{}", cut.id)).exists());
    }
    world.engine.stop().await;
}

#[tokio::test]
async fn sheets_are_stopped_between_two_pictures_and_none_is_half() {
    let world = of_many().await;
    let keys = world.keys("").await;
    let to = world.path("out");
    fs::create_dir(&to).unwrap();
    let work = world.engine.export_start(keys, on_two(&to.join("Wall.png"))).await.unwrap();
    until("the second is begun", || async {
        let works = exports(&world.engine);
        works.iter().any(|one| one.id == work.id && one.done > 100).then_some(())
    })
    .await;
    world.engine.work_cancel(work.id).unwrap();
    let work = world.ended(work).await;
    over(world.folder.path(), &world.engine).await;
    let there = contents(&to);
    assert!(there.values().all(|sheet| is_whole(sheet)), "{:?}", there.keys());
    if work.state == WorkState::Cancelled {
        assert_eq!(there.keys().collect::<Vec<_>>(), ["Wall 1.png"]);
    }
    assert_eq!(fs::read_dir(&to).unwrap().count(), there.len(), "and nothing of ours");
    world.engine.stop().await;
}
