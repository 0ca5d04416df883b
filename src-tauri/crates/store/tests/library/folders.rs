//! Roots, places and walks through them.

use crate::{open, picture, root};
use std::time::Instant;
use store::{
    FolderPlaces, ImportLine, ImportState, MOST_IMPORT_LINES, MountRow, PlaceState, RootId,
    RootKind, RulesOf, Store, StoreError,
};
use tempfile::TempDir;

async fn paths(store: &Store, root: RootId) -> Vec<(String, u32, bool)> {
    let mut all = Vec::new();
    for (folder, places) in store.root_places(root).await.unwrap() {
        let folder = String::from_utf8(folder).unwrap();
        for (name, file) in places.iter() {
            let name = std::str::from_utf8(name).unwrap();
            all.push((format!("{folder}/{name}"), file.asset, file.missing));
        }
    }
    all.sort();
    all
}

fn bytes(path: &str) -> Vec<u8> {
    path.as_bytes().to_vec()
}

#[tokio::test]
async fn a_moved_file_is_known_by_its_content() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let files = [picture(root, "a/1", "1"), picture(root, "a/2", "2"), picture(root, "3", "3")];
    store.add_to_library(&files).await.unwrap();
    let gone = [bytes("a/1"), bytes("3"), bytes("no such")];
    assert_eq!(store.set_missing(root, &gone, true).await.unwrap(), 2);
    assert_eq!(store.set_missing(root, &gone, true).await.unwrap(), 0, "nothing is different");
    store.add_to_library(&[picture(root, "b/new", "1")]).await.unwrap();
    assert_eq!(store.forget_moved(root).await.unwrap(), 1, "3 lies nowhere else");
    let here = |path: &str, asset| (path.to_owned(), asset, false);
    let wanted = [("/3".to_owned(), 3, true), here("a/2", 2), here("b/new", 1)];
    assert_eq!(paths(&store, root).await, wanted);
    let info = store.asset_info(3).await.unwrap().unwrap();
    assert_eq!(info.asset.state, PlaceState::Missing);
    // Found again at the same place.
    assert_eq!(store.set_missing(root, &[bytes("3")], false).await.unwrap(), 1);
    // Renamed while it was watched, also to a name that another file had.
    let moves =
        [(bytes("3"), bytes("c/3")), (bytes("a/2"), bytes("b/new")), (bytes("x"), bytes("c/3"))];
    assert_eq!(store.move_places(root, &moves).await.unwrap(), 2);
    assert_eq!(paths(&store, root).await, [here("b/new", 2), here("c/3", 3)]);
    assert_eq!(store.asset_info(1).await.unwrap().unwrap().places, []);
}

#[tokio::test]
async fn numbers_of_files_are_remembered_and_go_along_with_what_is_renamed() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let mut files = [picture(root, "a/1", "1"), picture(root, "a/2", "2")];
    files[0].place.inode = Some(u64::MAX);
    store.add_to_library(&files).await.unwrap();
    store.set_inodes(root, &[(bytes("a/2"), 7), (bytes("no such"), 8)]).await.unwrap();
    let inodes =
        |folder: FolderPlaces| folder.iter().map(|(_, file)| file.inode).collect::<Vec<_>>();
    let known = || async { store.root_places(root).await.unwrap() };
    assert_eq!(inodes(known().await.remove(&b"a"[..]).unwrap()), [Some(u64::MAX), Some(7)]);
    let moves = [(bytes("a/1"), bytes("b/1")), (bytes("a/2"), bytes("b/2"))];
    assert_eq!(store.move_places(root, &moves).await.unwrap(), 2);
    assert_eq!(inodes(known().await.remove(&b"b"[..]).unwrap()), [Some(u64::MAX), Some(7)]);
    // Another file in its place has another number.
    store.add_to_library(&[picture(root, "b/1", "3")]).await.unwrap();
    assert_eq!(inodes(known().await.remove(&b"b"[..]).unwrap()), [None, Some(7)]);
}

#[tokio::test]
async fn a_root_is_away_is_moved_and_is_taken_out() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let home = root(&store).await;
    let drive = store.put_root(RootKind::Imported, b"/drive \xff", 2).await.unwrap();
    assert_eq!(store.put_root(RootKind::Imported, b"/pictures", 3).await.unwrap(), home);
    let files = [picture(home, "1", "1"), picture(drive, "1", "1"), picture(drive, "2", "2")];
    store.add_to_library(&files).await.unwrap();
    store.set_root_away(drive, true).await.unwrap();
    store.set_root_watched(drive, true).await.unwrap();
    store.set_root_paused(home, true).await.unwrap();
    store.set_root_scanned(home, 9).await.unwrap();
    let roots = store.roots().await.unwrap();
    let shown: Vec<_> = roots
        .iter()
        .map(|root| (root.id, root.watched, root.paused, root.away, root.scanned_at, root.assets))
        .collect();
    let wanted = [(home, false, true, false, Some(9), 1), (drive, true, false, true, None, 2)];
    assert_eq!(shown, wanted);
    let info = store.asset_info(2).await.unwrap().unwrap();
    assert_eq!(info.asset.state, PlaceState::Away);
    let shared = store.asset_info(1).await.unwrap().unwrap();
    let states: Vec<_> = shared.places.iter().map(|place| place.state).collect();
    assert_eq!(states, [PlaceState::Here, PlaceState::Away]);
    let taken = store.relocate_root(drive, b"/pictures").await.unwrap_err();
    assert!(matches!(taken, StoreError::Taken(_)), "{taken}");
    assert!(store.relocate_root(RootId(99), b"/x").await.is_err());
    store.relocate_root(drive, b"/mnt/drive").await.unwrap();
    let info = store.asset_info(2).await.unwrap().unwrap();
    assert_eq!((info.asset.library.as_str(), info.asset.state), ("/mnt/drive", PlaceState::Here));
    // An output folder that was imported before is our own from then on.
    store.put_root(RootKind::Own, b"/mnt/drive", 4).await.unwrap();
    store.put_root(RootKind::Imported, b"/mnt/drive", 4).await.unwrap();
    assert_eq!(store.roots().await.unwrap()[1].kind, RootKind::Own);
    assert_eq!(store.take_out(drive, 1).await.unwrap(), None, "only what leaves is taken out");
    assert_eq!(store.roots().await.unwrap().len(), 2);
    store.leave_root(drive).await.unwrap();
    assert_eq!(store.roots().await.unwrap().len(), 1, "it is in no list");
    assert_eq!(store.leaving_roots().await.unwrap(), [drive]);
    let gone = [
        store.take_out(drive, 1).await.unwrap(),
        store.take_out(drive, 1).await.unwrap(),
        store.take_out(drive, 1).await.unwrap(),
    ];
    assert_eq!(
        gone,
        [Some(vec![]), Some(vec![2]), None],
        "part by part, and what lies elsewhere stays"
    );
    assert!(store.leaving_roots().await.unwrap().is_empty());
    assert_eq!(store.asset_info(1).await.unwrap().unwrap().places.len(), 1);
    assert_eq!(store.counts(0).await.unwrap().assets, 1);
}

#[tokio::test]
async fn what_is_on_a_mount_is_away_with_it() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let home = root(&store).await;
    let other = store.put_root(RootKind::Imported, b"/other", 2).await.unwrap();
    let paths = ["attic \u{e9}/1", "attic \u{e9}/deep/2", "attic \u{e9}s/3", "4"];
    let mut files: Vec<_> = paths.iter().map(|path| picture(home, path, path)).collect();
    files.push(picture(other, paths[0], "of another folder"));
    store.add_to_library(&files).await.unwrap();
    let mount = |path: &str, away| MountRow { path: bytes(path), away };
    let mut seen = Vec::new();
    for mounts in [
        vec![mount("attic \u{e9}", true), mount("none", false)],
        vec![mount("attic \u{e9}", false), mount("attic \u{e9}/deep", true)],
        vec![],
    ] {
        store.set_mounts(home, &mounts).await.unwrap();
        assert_eq!(store.mounts(home).await.unwrap(), mounts);
        let mut columns = store.columns_of(&[1, 2, 3, 4, 5]).await.unwrap().assets;
        for asset in &columns {
            let info = store.asset_info(asset.seq).await.unwrap().unwrap();
            assert_eq!(info.asset.state == PlaceState::Away, asset.away, "{mounts:?}");
        }
        columns.retain(|asset| asset.away);
        seen.push(columns.iter().map(|asset| asset.seq).collect::<Vec<_>>());
    }
    assert_eq!(seen, [vec![1, 2], vec![2], vec![]]);
    // Recipes of what is away are passed over, and read once it is back.
    let attic = |away| [mount("attic \u{e9}", away)];
    store.set_mounts(home, &attic(true)).await.unwrap();
    let files = store.recipe_files(home, 0, 9, false).await.unwrap();
    assert_eq!(files.iter().map(|file| file.seq).collect::<Vec<_>>(), [3, 4]);
    let so_far = RulesOf { rules: 2, up_to: Some(4) };
    store.set_recipe_rules(home, so_far).await.unwrap();
    store.set_mounts(home, &attic(true)).await.unwrap();
    assert_eq!(store.recipe_rules(home).await.unwrap(), so_far);
    store.set_mounts(home, &attic(false)).await.unwrap();
    let again = RulesOf { up_to: Some(0), ..so_far };
    assert_eq!(store.recipe_rules(home).await.unwrap(), again);
    store.set_mounts(other, &[mount("x", true)]).await.unwrap();
    store.leave_root(other).await.unwrap();
    while store.take_out(other, 10).await.unwrap().is_some() {}
    assert_eq!(store.mounts(other).await.unwrap(), []);
}

#[tokio::test]
async fn a_report_is_kept_and_bounded() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("data/safelight.db");
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let first = store.begin_import(root, "{}", 1).await.unwrap();
    let line = |n: u32| ImportLine { path: bytes(&n.to_string()), text: "is cut off".into() };
    let lines: Vec<_> = (0..MOST_IMPORT_LINES - 1).map(line).collect();
    store.add_import_lines(first, &lines).await.unwrap();
    store.add_import_lines(first, &[line(7_000), line(7_001), line(7_002)]).await.unwrap();
    store.add_import_lines(99, &[line(1)]).await.unwrap();
    store.set_import(first, ImportState::Paused, "{\"new\":3}", None).await.unwrap();
    drop(store);
    // After a kill.
    let store = Store::open(&path).await.unwrap();
    let runs = store.imports().await.unwrap();
    let [run] = &runs[..] else { panic!("{runs:?}") };
    assert_eq!(
        (run.id, run.state, run.about.as_str()),
        (first, ImportState::Paused, "{\"new\":3}")
    );
    assert_eq!((run.lines, run.ended_at), (MOST_IMPORT_LINES + 2, None));
    let kept = store.import_lines(first).await.unwrap();
    assert_eq!(kept.len(), MOST_IMPORT_LINES as usize);
    assert_eq!(kept.last().unwrap(), &line(7_000));
    store.set_import(first, ImportState::Done, "{}", Some(5)).await.unwrap();
    let second = store.begin_import(root, "{}", 6).await.unwrap();
    let third = store.begin_import(root, "{}", 7).await.unwrap();
    assert!(store.import_lines(first).await.unwrap().is_empty(), "only the last one is kept");
    store.set_import(second, ImportState::Failed, "{}", Some(8)).await.unwrap();
    let runs = store.imports().await.unwrap();
    assert_eq!(
        runs.iter().map(|run| (run.id, run.state)).collect::<Vec<_>>(),
        [(third, ImportState::Running)]
    );
}

#[tokio::test]
async fn a_hundred_thousand_files_in_one_folder_are_compared_at_once() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let files: Vec<_> = (0..100_000)
        .map(|at| picture(root, format!("one/ComfyUI_{at:06}_.png"), &at.to_string()))
        .collect();
    for some in files.chunks(5_000) {
        store.add_to_library(some).await.unwrap();
    }
    let began = Instant::now();
    let known = store.root_places(root).await.unwrap();
    let folder: &FolderPlaces = &known[&b"one"[..]];
    let same = files
        .iter()
        .filter(|file| {
            let name = &file.place.path[4..];
            let known = folder.get(name);
            known.is_some_and(|known| (known.bytes, known.mtime) == (7, Some(5)))
        })
        .count();
    eprintln!("100,000 files were compared in {} ms", began.elapsed().as_millis());
    assert_eq!((same, folder.len()), (100_000, 100_000));
}
