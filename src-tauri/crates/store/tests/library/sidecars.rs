//! Marks that come from XMP sidecars.

use crate::{open, picture, root};
use store::{MarkChange, Sidecar, Store};
use tempfile::TempDir;

fn sidecar(path: &str, mtime: i64, rating: u8, tags: &[&str]) -> Sidecar {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    Sidecar { path: path.as_bytes().to_vec(), bytes: 9, mtime, rating, flag: 0, tags }
}

async fn marks(store: &Store, seq: u32) -> (u8, i8, String) {
    let info = store.asset_info(seq).await.unwrap().unwrap();
    (info.asset.marks.rating, info.asset.marks.flag, info.tags.join(" "))
}

#[tokio::test]
async fn an_asset_follows_its_sidecar_until_the_artist_says_something_else() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    store
        .add_to_library(&[picture(root, "a/1.png", "1"), picture(root, "2.png", "2")])
        .await
        .unwrap();
    let first = [sidecar("a/1.png", 1, 3, &["Night", "harbour"]), sidecar("2.png", 1, 4, &[])];
    assert_eq!(store.take_sidecars(root, &first).await.unwrap(), 2);
    assert_eq!(marks(&store, 1).await, (3, 0, "harbour Night".to_owned()));
    assert_eq!(store.take_sidecars(root, &first).await.unwrap(), 0, "it says nothing new");
    let gone = sidecar("a/none.png", 1, 5, &["x"]);
    assert_eq!(store.take_sidecars(root, &[gone]).await.unwrap(), 0);

    // The artist takes a tag off and gives stars; another program changes both, and the flag.
    let mine = MarkChange {
        rating: Some(5),
        remove_tags: vec!["night".into()],
        add_tags: vec!["mine".into()],
        ..MarkChange::default()
    };
    let before = store.mark(&[1], &mine).await.unwrap();
    let changed = Sidecar { flag: -1, ..sidecar("a/1.png", 2, 1, &["night", "new"]) };
    assert_eq!(store.take_sidecars(root, std::slice::from_ref(&changed)).await.unwrap(), 1);
    assert_eq!(marks(&store, 1).await, (5, -1, "mine new".to_owned()));
    assert_eq!(marks(&store, 2).await, (4, 0, String::new()));
    // Undone, it is the sidecar's again.
    store.put_back(&before).await.unwrap();
    let again = Sidecar { mtime: 3, ..changed };
    store.take_sidecars(root, &[again]).await.unwrap();
    assert_eq!(marks(&store, 1).await, (1, -1, "new Night".to_owned()));
}

#[tokio::test]
async fn what_was_read_goes_along_with_its_file() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let files = [picture(root, "a/1.png", "1"), picture(root, "2.png", "2")];
    store.add_to_library(&files).await.unwrap();
    let read = [sidecar("a/1.png", 7, 3, &["x"]), sidecar("2.png", 8, 4, &[])];
    store.take_sidecars(root, &read).await.unwrap();
    let known = || async {
        let mut known: Vec<_> = store.sidecars(root).await.unwrap().into_iter().collect();
        known.sort();
        known
    };
    let at = |path: &str, mtime| (path.as_bytes().to_vec(), (9, mtime));
    assert_eq!(known().await, [at("2.png", 8), at("a/1.png", 7)]);
    let moves = [(b"a/1.png".to_vec(), b"b/1.png".to_vec())];
    assert_eq!(store.move_places(root, &moves).await.unwrap(), 1);
    assert_eq!(known().await, [at("2.png", 8), at("b/1.png", 7)]);
    store.delete_assets(&[2]).await.unwrap();
    assert_eq!(known().await, [at("b/1.png", 7)]);
    store.leave_root(root).await.unwrap();
    assert_eq!(store.take_out(root, 10).await.unwrap(), Some(vec![1]));
    assert_eq!(store.take_out(root, 10).await.unwrap(), None);
    assert_eq!(known().await, []);
}
