//! Changes that are heard of while they happen.

use crate::{
    World,
    made::{put, saved},
    until,
};
use std::fs;

impl World {
    async fn until_titles(&self, titles: &[&str]) {
        until("the library is as expected", || async {
            let now = self.titles().await;
            (now == titles).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_moved_edited_and_deleted_files_are_noticed() {
    let world = World::new().await;
    let folder = world.pictures();
    put(&folder, "one.png", saved(1));
    let root = world.import(true).await;
    assert_eq!(root.trouble, None);

    // A new folder with a file in it, put there at once.
    let beside = world.folder.path().join("beside");
    put(&beside, "two.png", saved(2));
    fs::rename(&beside, folder.join("new")).unwrap();
    world.until_titles(&["one", "two"]).await;
    // And one more in that folder.
    fs::write(folder.join("new/three.png"), saved(3)).unwrap();
    world.until_titles(&["one", "three", "two"]).await;

    let id = world.asset("one").await.id;
    fs::rename(folder.join("one.png"), folder.join("new/moved.png")).unwrap();
    until("the move was noticed", || async {
        let path = world.engine.asset_path(id).await.ok()?;
        (path == folder.join("new/moved.png")).then_some(())
    })
    .await;

    let id = world.asset("two").await.id;
    fs::remove_file(folder.join("new/two.png")).unwrap();
    until("it is missing", || async { world.engine.asset_path(id).await.is_err().then_some(()) })
        .await;
    world.until_titles(&["one", "three", "two"]).await;
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_own_folder_is_watched_too() {
    let world = World::new().await;
    let own = world.engine.root_list().await.into_iter().find(|root| root.own).unwrap();
    assert!(own.watched);
    world.scanned(own.id, None).await;
    let library = world.folder.path().join("library");
    put(&library, "from elsewhere.png", saved(5));
    world.until_titles(&["from elsewhere"]).await;
    world.engine.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_behind_a_linked_folder_are_noticed() {
    use std::os::unix::fs::symlink;
    let world = World::new().await;
    let folder = world.pictures();
    let elsewhere = world.folder.path().join("elsewhere");
    put(&folder, "one.png", saved(1));
    put(&elsewhere, "deep/two.png", saved(2));
    // In circles: the world's folder holds the folder itself.
    symlink(&elsewhere, folder.join("link")).unwrap();
    symlink(world.folder.path().join("around"), elsewhere.join("around")).unwrap();
    put(&world.folder.path().join("around"), "three.png", saved(3));
    symlink(&folder, world.folder.path().join("around/back")).unwrap();
    let root = world.import(true).await;
    assert_eq!(root.trouble, None);
    world.until_titles(&["one", "three", "two"]).await;
    let scanned = world.root(root.id).await.scanned_at;

    put(&elsewhere, "deep/four.png", saved(4));
    world.until_titles(&["four", "one", "three", "two"]).await;
    let id = world.asset("four").await.id;
    let path = world.engine.asset_path(id).await.unwrap();
    assert_eq!(path, folder.join("link/deep/four.png"), "known by the link");
    put(&world.folder.path().join("around"), "five.png", saved(5));
    world.until_titles(&["five", "four", "one", "three", "two"]).await;

    // One that is linked from now on.
    let late = world.folder.path().join("late");
    put(&late, "six.png", saved(6));
    symlink(&late, folder.join("late")).unwrap();
    world.until_titles(&["five", "four", "one", "six", "three", "two"]).await;
    put(&late, "zero.png", saved(7));
    world.until_titles(&["five", "four", "one", "six", "three", "two", "zero"]).await;
    fs::remove_file(late.join("six.png")).unwrap();
    world.found("is:missing", 1).await;
    assert_eq!(world.root(root.id).await.scanned_at, scanned, "the whole folder was not scanned");
    world.engine.stop().await;
}
