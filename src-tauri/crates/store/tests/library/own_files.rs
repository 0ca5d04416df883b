//! Files of our own: gone through, moved from one folder to another, and what waits in the bin.

use crate::{open, picture};
use std::collections::BTreeSet;
use store::{MarkChange, OwnFile, PlaceSwitch, RootId, RootKind, Store};
use tempfile::TempDir;

async fn roots(store: &Store) -> (RootId, RootId, RootId) {
    let own = |path: &'static [u8]| store.put_root(RootKind::Own, path, 1);
    let imported = store.put_root(RootKind::Imported, b"/pictures", 1).await.unwrap();
    (own(b"/old").await.unwrap(), own(b"/new").await.unwrap(), imported)
}

async fn all(store: &Store, root: Option<RootId>, at_once: u32) -> Vec<OwnFile> {
    let mut all: Vec<OwnFile> = Vec::new();
    loop {
        let more = store.own_files(root, all.last(), at_once).await.unwrap();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

#[tokio::test]
async fn own_files_are_gone_through_once_each_however_many_at_once() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let (old, new, imported) = roots(&store).await;
    let mut files: Vec<_> =
        (0..20).map(|n| picture(old, format!("{}/{n}", n % 3), &n.to_string())).collect();
    files.extend([picture(new, "top", "top"), picture(imported, "theirs", "theirs")]);
    // The same content at two places.
    files.push(picture(new, b"x/\xff", "0"));
    store.add_to_library(&files).await.unwrap();
    for at_once in [1, 7, 100] {
        let found = all(&store, None, at_once).await;
        assert_eq!(found.len(), 22);
        let paths: BTreeSet<_> = found.iter().map(|file| (file.root.0, &file.path)).collect();
        assert_eq!(paths.len(), 22, "each once");
        assert!(found.iter().all(|file| file.root != imported && file.bytes == 7));
        assert_eq!(all(&store, Some(old), at_once).await.len(), 20);
    }
    assert_eq!(store.root_total(old).await.unwrap(), (20, 140));
    let mut folders = store.root_folders(old).await.unwrap();
    folders.sort();
    assert_eq!(folders, [b"0", b"1", b"2"]);
}

#[tokio::test]
async fn places_are_switched_together_and_only_those_that_are_there() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let (old, new, _) = roots(&store).await;
    let files = [
        picture(old, "a/1", "one"),
        picture(old, "a/2", "two"),
        // Found in the new folder before its place was switched, and something else there.
        picture(new, "a/1", "one"),
        picture(new, "a/2", "other"),
    ];
    let added = store.add_to_library(&files).await.unwrap();
    let switch = |from: &str, to: &str, mtime| PlaceSwitch {
        from: (old, from.into()),
        to: (new, to.into()),
        bytes: 9,
        mtime,
        missing: false,
    };
    let switches =
        [switch("a/1", "a/1", Some(8)), switch("gone", "gone", None), switch("a/2", "b/2", None)];
    let switched = store.switch_places(&switches).await.unwrap();
    assert_eq!(switched, [true, false, true]);
    assert_eq!(store.root_total(old).await.unwrap(), (0, 0));
    let mut there: Vec<_> = all(&store, Some(new), 10)
        .await
        .into_iter()
        .map(|file| (String::from_utf8(file.path).unwrap(), file.asset, file.bytes, file.mtime))
        .collect();
    there.sort();
    let wanted = [
        ("a/1".to_owned(), added[0].seq, 9, Some(8)),
        ("a/2".to_owned(), added[3].seq, 7, Some(5)),
        ("b/2".to_owned(), added[1].seq, 9, None),
    ];
    assert_eq!(there, wanted);
    // The same again moves nothing.
    assert_eq!(store.switch_places(&switches).await.unwrap(), [false; 3]);
    // Within one folder as well.
    let within = PlaceSwitch {
        from: (new, b"b/2".to_vec()),
        to: (new, b"b/2".to_vec()),
        bytes: 1,
        mtime: None,
        missing: true,
    };
    assert_eq!(store.switch_places(&[within]).await.unwrap(), [true]);
    assert!(all(&store, Some(new), 10).await.iter().any(|file| file.missing && file.bytes == 1));
}

#[tokio::test]
async fn the_bin_is_counted_and_asked_by_time() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let (own, ..) = roots(&store).await;
    let files: Vec<_> = (0..4).map(|n| picture(own, n.to_string(), &n.to_string())).collect();
    let keys: Vec<u32> =
        store.add_to_library(&files).await.unwrap().iter().map(|added| added.seq).collect();
    assert_eq!(store.bin().await.unwrap(), store::BinRow::default());
    for (at, key) in [(30, keys[0]), (10, keys[1]), (20, keys[2])] {
        let change = MarkChange { binned_at: Some(Some(at)), ..MarkChange::default() };
        store.mark(&[key], &change).await.unwrap();
    }
    let bin = store.bin().await.unwrap();
    assert_eq!((bin.assets, bin.bytes, bin.oldest_at), (3, 21, Some(10)));
    for (before, wanted) in [(10, vec![]), (11, vec![1]), (21, vec![1, 2]), (99, vec![0, 1, 2])] {
        let wanted: Vec<u32> = wanted.into_iter().map(|at: usize| keys[at]).collect();
        let mut found = store.binned_before(before, 10).await.unwrap();
        found.sort_unstable();
        assert_eq!(found, wanted);
        assert_eq!(store.binned_among(&keys, before).await.unwrap(), wanted);
    }
    assert_eq!(store.binned_among(&keys[3..], 99).await.unwrap(), [0; 0]);
}
