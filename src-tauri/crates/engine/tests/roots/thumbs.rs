//! Small pictures of imported files.

use crate::{
    World,
    made::{png, put, saved},
    until,
};
use engine::{MediaSize, NoMedia};
use std::fs;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_shown_small_and_damaged_ones_say_why() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    put(&folder, "large.png", png(1_600, 5, &[]));
    let broken = png(300, 6, &[]);
    // The head is whole; of the pixels nothing is there.
    put(&folder, "broken.png", &broken[..60.min(broken.len() - 30)]);
    world.import(false).await;

    let large = world.asset("large").await.id;
    for (size, edge) in [(MediaSize::Thumb, 256), (MediaSize::Large, 1_024)] {
        let shown = world.engine.media_asset(large, size).await.unwrap();
        assert_eq!(shown.mime, "image/jpeg");
        let about = media_size(&shown.path);
        assert_eq!(about, (edge, edge));
        assert!(shown.path.starts_with(world.folder.path().join("cache")));
    }
    let original = world.engine.media_asset(large, MediaSize::Original).await.unwrap();
    assert_eq!(original.path, folder.join("large.png"));
    // What is no larger than its small copy would be is shown itself.
    let one = world.asset("one").await.id;
    let shown = world.engine.media_asset(one, MediaSize::Large).await.unwrap();
    assert_eq!(shown.path, folder.join("one.png"));

    let broken = world.asset("broken").await.id;
    for _ in 0..2 {
        // A picture that cannot be shown small may be shown by the web view, or says why.
        match world.engine.media_asset(broken, MediaSize::Thumb).await {
            Ok(shown) => assert_eq!(shown.path, folder.join("broken.png")),
            Err(NoMedia::Because(why)) => assert!(why.ends_with('.'), "{why}"),
            Err(other) => panic!("{other:?}"),
        }
    }

    // The cache may be deleted at any time.
    fs::remove_dir_all(world.folder.path().join("cache/thumbs")).unwrap();
    assert!(world.engine.media_asset(large, MediaSize::Thumb).await.unwrap().path.is_file());
    // What is in it is shown while the file is not there.
    fs::remove_file(folder.join("large.png")).unwrap();
    assert!(world.engine.media_asset(large, MediaSize::Thumb).await.is_ok());
    assert_eq!(
        world.engine.media_asset(large, MediaSize::Original).await.unwrap_err(),
        NoMedia::Gone
    );
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_pictures_are_made_while_nobody_waits() {
    let world = World::new().await;
    let folder = world.pictures();
    for n in 0..5 {
        put(&folder, format!("{n}.png"), png(300, n, &[]));
    }
    world.import(false).await;
    let cache = world.folder.path().join("cache/thumbs");
    until("all are there", || async {
        let folders = fs::read_dir(&cache).ok()?.flatten();
        let files: usize =
            folders.map(|folder| fs::read_dir(folder.path()).map_or(0, Iterator::count)).sum();
        (files == 5).then_some(())
    })
    .await;
    world.engine.stop().await;
}

fn media_size(path: &std::path::Path) -> (u32, u32) {
    // The size of a JPEG stands in its frame header: marker C0, length, precision, height, width.
    let bytes = fs::read(path).unwrap();
    let at = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    let number = |at: usize| u32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    (number(at + 7), number(at + 5))
}
