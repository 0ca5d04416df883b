//! Marks, tags, collections, the bin.

use crate::{World, made, start, support::until};
use engine::view::{Mark, WorkState};

#[tokio::test]
async fn five_hundred_or_five_are_rated_at_once_and_undone_exactly() {
    let world = World::new().await;
    let keys = world.keys("*.seed<5").await;
    let one = world.engine.asset_mark(vec![keys[0]], Mark::Rating { stars: 2 }).await.unwrap();
    assert_eq!(one.changed, 1);
    let all = world.engine.asset_mark(keys.clone(), Mark::Rating { stars: 4 }).await.unwrap();
    assert_eq!(all.changed, 5);
    world.finds("rating:4", 5).await;
    let undone = world.engine.mark_undo(all.undo).await.unwrap();
    assert_eq!(undone.changed, 5);
    world.finds("rating:2", 1).await;
    world.finds("rating:4", 0).await;
    // What is undone can be done again.
    world.engine.mark_undo(undone.undo).await.unwrap();
    world.finds("rating:4", 5).await;
    let wrong = world.engine.asset_mark(keys, Mark::Rating { stars: 6 }).await.unwrap_err();
    assert_eq!(wrong.message, "There are at most five stars.");
}

#[tokio::test]
async fn favourites_picks_tags_and_titles_are_found_and_survive() {
    let world = World::new().await;
    let keys = world.keys("*.seed<2").await;
    for mark in [
        Mark::Favourite { on: true },
        Mark::Flag { flag: -1 },
        Mark::TagAdd { name: "for  Print".into() },
        Mark::Title { text: "Dawn".into() },
    ] {
        assert_eq!(world.engine.asset_mark(keys.clone(), mark).await.unwrap().changed, 2);
    }
    for text in ["fav:yes", "flag:reject", "tag:\"for print\"", "dawn", "print"] {
        world.finds(text, 2).await;
    }
    world.engine.tag_rename("for Print", "prints").await.unwrap();
    world.finds("tag:prints", 2).await;
    world.finds("tag:\"for print\"", 0).await;
    let tags = world.engine.tag_list().await.unwrap();
    assert_eq!((tags[0].name.as_str(), tags[0].count), ("prints", 2));
    world.engine.stop().await;
    let world = World { engine: start(world.folder.path()).await, ..world };
    world.finds("tag:prints dawn fav:yes", 2).await;
    world.engine.tag_remove("prints").await.unwrap();
    world.finds("is:untagged", 12).await;
}

#[tokio::test]
async fn collections_hold_what_was_put_in_and_searches_what_they_find() {
    let world = World::new().await;
    let prints = world.engine.collection_add("Prints", "").await.unwrap();
    let early = world.engine.collection_add("Early", "*.seed<3").await.unwrap();
    assert!(early.saved_search && !prints.saved_search);
    assert_eq!(early.count, 3);
    let taken = world.engine.collection_add("prints", "").await.unwrap_err();
    assert!(taken.message.contains("already"), "{taken:?}");
    let keys = world.keys("*.seed>=8").await;
    world.engine.asset_mark(keys, Mark::CollectionAdd { id: prints.id }).await.unwrap();
    world.finds(&prints.text, 4).await;
    world.engine.collection_rename(prints.id, "For print").await.unwrap();
    let list = world.engine.collection_list().await.unwrap();
    assert_eq!(
        list.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["For print", "Early"]
    );
    world.finds(&list[0].text, 4).await;
    world.engine.collection_search(early.id, " *.seed<2 ").await.unwrap();
    world.engine.collection_order(&[early.id, prints.id]).await.unwrap();
    let list = world.engine.collection_list().await.unwrap();
    assert_eq!(list.iter().map(|one| one.id).collect::<Vec<_>>(), [early.id, prints.id]);
    assert_eq!((list[0].text.as_str(), list[0].count), ("*.seed<2", 2));
    for (id, text) in [(early.id, " "), (prints.id, "red"), (99, "red")] {
        assert!(world.engine.collection_search(id, text).await.is_err(), "{id} {text:?}");
    }
    world.engine.collection_remove(prints.id).await.unwrap();
    assert_eq!(world.engine.collection_list().await.unwrap().len(), 1);
    assert_eq!(world.ask("").await.shown, 12, "what was in it stays");
}

#[tokio::test]
async fn the_bin_gives_back_and_deletes_for_good_what_is_in_it_and_nothing_else() {
    let world = World::new().await;
    let keys = world.keys("*.seed<4").await;
    let binned = world.engine.asset_mark(keys.clone(), Mark::Bin).await.unwrap();
    world.finds("", 8).await;
    world.finds("is:binned", 4).await;
    let file = world.path("pictures/day/lake_00000_.png");
    assert!(file.is_file(), "the bin moves no file");
    world.engine.mark_undo(binned.undo).await.unwrap();
    world.finds("", 12).await;
    world.engine.asset_mark(keys[..2].to_vec(), Mark::Bin).await.unwrap();
    // The third is not in the bin.
    let work = world.engine.bin_empty(Some(keys[..3].to_vec())).await.unwrap();
    let work = until("it is done", || async {
        let works = world.engine.work_list();
        works.into_iter().find(|one| one.id == work.id && one.state != WorkState::Running)
    })
    .await;
    assert_eq!((work.state, work.done, work.of), (WorkState::Done, 2, 2));
    assert_eq!(work.problems, [""; 0]);
    assert!(!file.exists());
    assert!(world.path("pictures/day/lake_00002_.png").is_file());
    world.finds("", 10).await;
    world.finds("is:binned", 0).await;
}

#[tokio::test]
async fn copies_elsewhere_are_told_when_an_output_goes_to_the_bin() {
    let world = World::new().await;
    for name in ["again/one.png", "again/two.png"] {
        made::put(&world.path("pictures"), name, made::saved(3));
    }
    let root = world.engine.root_list().await.remove(1).id;
    world.engine.root_scan(root).await.unwrap();
    world.finds("is:duplicate", 1).await;
    let keys = world.keys("*.seed<4").await;
    for (mark, copies) in [
        (Mark::Favourite { on: true }, 0),
        (Mark::Bin, 2),
        // They are there already.
        (Mark::Bin, 0),
    ] {
        let marked = world.engine.asset_mark(keys.clone(), mark).await.unwrap();
        assert_eq!(marked.copies, copies, "{marked:?}");
    }
}

#[tokio::test]
async fn a_copy_goes_only_where_another_file_has_the_same_content_and_only_if_it_is_still_one() {
    let world = World::new().await;
    let (first, copy) =
        (world.path("pictures/day/lake_00003_.png"), world.path("pictures/two.png"));
    let trash = async |key: u32, path: &std::path::Path| {
        let path = path.display().to_string();
        world.engine.place_trash(key, &path).await.unwrap_err().message
    };
    let key = world.keys("seed:3").await[0];
    let why = trash(key, &first).await;
    assert!(why.contains("No other file"), "the only one: {why}");
    assert!(trash(key, &copy).await.contains("The file"), "no place of it");
    made::put(&world.path("pictures"), "two.png", made::saved(3));
    let root = world.engine.root_list().await.remove(1).id;
    world.engine.root_scan(root).await.unwrap();
    world.finds("is:duplicate", 1).await;
    // The one that would be left is another file by now, though it is as long and as old as it was.
    let about = std::fs::metadata(&first).unwrap();
    let mut other = std::fs::read(&first).unwrap();
    *other.last_mut().unwrap() ^= 1;
    std::fs::write(&first, &other).unwrap();
    let file = std::fs::File::options().append(true).open(&first).unwrap();
    file.set_modified(about.modified().unwrap()).unwrap();
    let why = trash(key, &copy).await;
    assert!(why.contains("No other file"), "{why}");
    *other.last_mut().unwrap() ^= 1;
    std::fs::write(&first, &other).unwrap();
    // The one that is to go is another.
    std::fs::write(&copy, "words").unwrap();
    let why = trash(key, &copy).await;
    assert!(why.contains("another file by now"), "{why}");
    assert!(first.is_file() && copy.is_file());
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_seen_twice_is_no_copy_of_itself() {
    let world = World::new().await;
    let elsewhere = world.path("elsewhere");
    made::put(&elsewhere, "one.png", made::saved(40));
    let linked = world.path("pictures/linked");
    std::os::unix::fs::symlink(&elsewhere, &linked).unwrap();
    let roots = world.engine.root_list().await;
    world.engine.root_scan(roots[1].id).await.unwrap();
    world.finds("seed:40", 1).await;
    world.engine.root_add(elsewhere.clone(), false).await.unwrap();
    world.finds("is:duplicate", 1).await;
    let key = world.keys("seed:40").await[0];
    for path in [elsewhere.join("one.png"), linked.join("one.png")] {
        let path = path.display().to_string();
        let why = world.engine.place_trash(key, &path).await.unwrap_err().message;
        assert!(why.contains("the same file by another way"), "{why}");
    }
    assert!(elsewhere.join("one.png").is_file());
}
