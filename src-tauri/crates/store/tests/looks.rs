//! What a scan and the maker of small pictures ask the store.
#![allow(clippy::unwrap_used)]

mod support;

use domain::AssetId;
use store::{Kind, MountRow, NewAsset, NewPlace, RootId, RootKind, Store};
use uuid::Uuid;

fn file(root: RootId, path: &str, kind: Kind) -> NewAsset {
    NewAsset {
        id: AssetId(Uuid::now_v7()),
        kind,
        width: None,
        height: None,
        duration_ms: None,
        hash: blake3_like(path),
        created_at: 1,
        added_at: 1,
        took_ms: None,
        practice: false,
        preview: false,
        server_name: None,
        title: path.into(),
        made: None,
        recipe: None,
        phash: None,
        damage: None,
        place: NewPlace {
            root,
            path: path.as_bytes().to_vec(),
            bytes: 7,
            mtime: Some(9),
            inode: None,
        },
    }
}

/// 64 hex digits that differ with the text.
fn blake3_like(text: &str) -> String {
    let sum = text.bytes().fold(7_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    });
    format!("{sum:016x}").repeat(4)
}

async fn with(paths: &[(&str, Kind)]) -> (tempfile::TempDir, Store, RootId, Vec<u32>) {
    let folder = tempfile::tempdir().unwrap();
    let store = support::open(folder.path()).await;
    let root = store.put_root(RootKind::Imported, b"/pictures", 1).await.unwrap();
    let files: Vec<_> = paths.iter().map(|(path, kind)| file(root, path, *kind)).collect();
    let added = store.add_to_library(&files).await.unwrap();
    (folder, store, root, added.into_iter().map(|added| added.seq).collect())
}

#[tokio::test]
async fn parts_of_a_folder_are_known_without_the_rest() {
    let paths = ["a.png", "b/c.png", "b/d/e.png", "bb/f.png", "g/h.png", "g/i.png"];
    let (_folder, store, root, _) = with(&paths.map(|path| (path, Kind::Picture))).await;
    let known = |parts: &'static [&'static str]| {
        let store = store.clone();
        async move {
            let parts: Vec<_> = parts.iter().map(|part| part.as_bytes().to_vec()).collect();
            let mut known: Vec<String> = Vec::new();
            for (folder, files) in store.root_places_in(root, &parts).await.unwrap() {
                let folder = String::from_utf8(folder).unwrap();
                known.extend(
                    files.iter().map(|(n, _)| format!("{folder}/{}", String::from_utf8_lossy(n))),
                );
            }
            known.sort();
            known
        }
    };
    assert_eq!(known(&["b"]).await, ["/a.png", "b/c.png", "b/d/e.png"]);
    assert_eq!(known(&["b/d"]).await, ["b/c.png", "b/d/e.png"]);
    assert_eq!(known(&["g/h.png"]).await, ["g/h.png", "g/i.png"]);
    assert_eq!(known(&["nowhere/x.png"]).await, [""; 0]);
    assert_eq!(store.root_places(root).await.unwrap().len(), 5);
}

#[tokio::test]
async fn what_was_not_looked_at_is_given_newest_first_and_once() {
    let files = [
        ("a.png", Kind::Picture),
        ("b.mp4", Kind::Video),
        ("c.flac", Kind::Audio),
        ("d.png", Kind::Picture),
    ];
    let (_folder, store, _, seqs) = with(&files).await;
    let unlooked = |before: u32| {
        let store = store.clone();
        async move {
            let found = store.unlooked(0, before, 2).await.unwrap();
            found.into_iter().map(|one| one.seq).collect::<Vec<_>>()
        }
    };
    assert_eq!(unlooked(u32::MAX).await, [seqs[3], seqs[1]]);
    assert_eq!(unlooked(seqs[1]).await, [seqs[0]]);
    let newer = store.unlooked(seqs[1], u32::MAX, 9).await.unwrap();
    assert_eq!(newer.iter().map(|one| one.seq).collect::<Vec<_>>(), [seqs[3]]);
    store.set_looks(&[(seqs[3], u64::MAX), (seqs[0], 5)]).await.unwrap();
    assert_eq!(unlooked(u32::MAX).await, [seqs[1]]);
    let info = store.asset_info(seqs[3]).await.unwrap().unwrap();
    assert_eq!(info.phash, Some(u64::MAX));
    store.set_looks(&[]).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_reached_is_not_given_to_be_looked_at() {
    let files = [("a.png", Kind::Picture), ("b.mp4", Kind::Video), ("usb/c.png", Kind::Picture)];
    let (_folder, store, root, seqs) = with(&files).await;
    let unlooked = || {
        let store = store.clone();
        async move {
            let found = store.unlooked(0, u32::MAX, 9).await.unwrap();
            found.into_iter().map(|one| one.seq).collect::<Vec<_>>()
        }
    };
    let all = [seqs[2], seqs[1], seqs[0]];
    assert_eq!(unlooked().await, all);
    // A file is gone.
    let film = [b"b.mp4".to_vec()];
    store.set_missing(root, &film, true).await.unwrap();
    assert_eq!(unlooked().await, [seqs[2], seqs[0]]);
    // A drive below the folder is away, then the folder's own.
    let mounts = |away| [MountRow { path: b"usb".to_vec(), away }];
    store.set_mounts(root, &mounts(true)).await.unwrap();
    assert_eq!(unlooked().await, [seqs[0]]);
    store.set_root_away(root, true).await.unwrap();
    assert!(unlooked().await.is_empty());
    // What lies somewhere else, too, can be reached there.
    let other = store.put_root(RootKind::Imported, b"/copies", 1).await.unwrap();
    let copy =
        NewAsset { hash: blake3_like("a.png"), ..file(other, "copy of a.png", Kind::Picture) };
    assert_eq!(store.add_to_library(&[copy]).await.unwrap()[0].seq, seqs[0]);
    assert_eq!(unlooked().await, [seqs[0]]);
    // All is back.
    store.set_root_away(root, false).await.unwrap();
    store.set_mounts(root, &mounts(false)).await.unwrap();
    store.set_missing(root, &film, false).await.unwrap();
    assert_eq!(unlooked().await, all);
}
