//! Files that were found by their heads, and read whole later.

use crate::{picture, root, support::open};
use store::{
    Came, MarkChange, NewAsset, NewMade, NewPlace, PlaceSwitch, RootId, RootKind, Store,
    is_stand_in, stand_in,
};
use tempfile::TempDir;

/// A picture of which only the head was read.
fn head(root: RootId, path: &str) -> NewAsset {
    let picture = picture(root, path, "");
    NewAsset { hash: stand_in(picture.id), ..picture }
}

fn hash(content: &str) -> String {
    blake3::hash(content.as_bytes()).to_hex().to_string()
}

async fn unread(store: &Store, root: RootId) -> Vec<(u32, String)> {
    let files = store.unread_files(root, 0, 100).await.unwrap();
    assert_eq!(store.count_unread(root).await.unwrap() as usize, files.len());
    assert!(files.iter().all(|file| is_stand_in(&file.stand_in) && file.bytes == 7));
    files.into_iter().map(|file| (file.seq, String::from_utf8(file.path).unwrap())).collect()
}

async fn rate(store: &Store, seq: u32, rating: u8) {
    let change = MarkChange { rating: Some(rating), ..MarkChange::default() };
    store.mark(&[seq], &change).await.unwrap();
}

/// Its hash, rating and how many places it has.
async fn about(store: &Store, seq: u32) -> Option<(String, u8, usize)> {
    let info = store.asset_info(seq).await.unwrap()?;
    Some((info.asset.hash, info.asset.marks.rating, info.places.len()))
}

#[tokio::test]
async fn copies_are_one_asset_once_they_were_read_whole() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let other = store.put_root(RootKind::Imported, b"/more", 1).await.unwrap();
    let known = picture(root, "known.png", "1");
    store.add_to_library(&[known]).await.unwrap();
    let files =
        [head(root, "a.png"), head(root, "b/copy of known.png"), head(root, "copy of a.png")];
    let added = store.add_to_library(&files).await.unwrap();
    assert!(added.iter().all(|one| one.came == Came::New && one.placed));
    store.add_to_library(&[head(other, "c.png")]).await.unwrap();
    store.set_missing(other, &[b"c.png".to_vec()], true).await.unwrap();
    let all = ["a.png", "b/copy of known.png", "copy of a.png"];
    let wanted: Vec<_> = (2..).zip(all.map(str::to_owned)).collect();
    assert_eq!(unread(&store, root).await, wanted);
    assert_eq!(store.unread_files(root, 2, 1).await.unwrap()[0].seq, 3);
    assert!(unread(&store, other).await.is_empty(), "it is not there");
    rate(&store, 3, 4).await;
    let before = store.changes(0).await.unwrap().revision;

    let contents = [(2, hash("2")), (3, hash("1")), (4, hash("2")), (99, hash("3"))];
    assert_eq!(store.set_contents(&contents).await.unwrap(), [(3, 1), (4, 2)]);
    assert_eq!(about(&store, 1).await, Some((hash("1"), 4, 2)), "the marks went along");
    assert_eq!(about(&store, 2).await, Some((hash("2"), 0, 2)));
    assert_eq!((about(&store, 3).await, about(&store, 4).await), (None, None));
    assert!(unread(&store, root).await.is_empty());
    assert_eq!(store.counts(0).await.unwrap().assets, 3);
    // What is read once is not read otherwise.
    assert!(store.set_contents(&[(2, hash("9"))]).await.unwrap().is_empty());
    assert_eq!(about(&store, 2).await.unwrap().0, hash("2"));
    // Whoever holds assets in memory hears of those that are another one now.
    let mut changed = store.changes(before).await.unwrap().assets;
    changed.sort_unstable();
    assert_eq!(changed, [1, 2, 3, 4]);
    let revision = store.changes(before).await.unwrap().revision;
    store.add_to_library(&[head(root, "d.png")]).await.unwrap();
    let revision = store.changes(revision).await.unwrap().revision;
    store.set_contents(&[(6, hash("6"))]).await.unwrap();
    let changed = store.changes(revision).await.unwrap().assets;
    assert!(changed.is_empty(), "nothing of it is shown: {changed:?}");
}

#[tokio::test]
async fn an_output_of_a_job_tells_what_is_at_its_place() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let jobs = crate::support::add(&store, 1).await;
    let root = root(&store).await;
    store.add_to_library(&[picture(root, "old.png", "2")]).await.unwrap();
    let files = ["1.png", "2.png", "3.png", "4.png"].map(|path| head(root, path));
    store.add_to_library(&files).await.unwrap();
    for seq in 2..=5 {
        rate(&store, seq, u8::try_from(seq).unwrap()).await;
    }
    let output = |ordinal, path: &str, content: &str| NewAsset {
        made: Some(NewMade {
            job_id: jobs[0].id,
            node_id: "9".into(),
            ordinal,
            batch: jobs[0].batch_id,
        }),
        ..picture(root, path, content)
    };
    let edited = picture(root, "4.png", "4");
    let edited = NewAsset { place: NewPlace { bytes: 8, ..edited.place }, ..edited };
    let files =
        [output(0, "1.png", "1"), output(1, "2.png", "2"), picture(root, "3.png", "3"), edited];
    let added = store.add_to_library(&files).await.unwrap();
    let came: Vec<_> =
        added.iter().map(|one| (one.seq, one.came, one.placed, one.replaced)).collect();
    assert_eq!(
        came,
        [
            (2, Came::Again, false, None),
            (1, Came::Again, false, None),
            (4, Came::Known, false, None),
            // Another file than that whose head was read.
            (6, Came::New, false, Some(5)),
        ]
    );
    assert_eq!(about(&store, 2).await, Some((hash("1"), 2, 1)));
    assert_eq!(about(&store, 1).await, Some((hash("2"), 3, 2)), "with the marks of the other one");
    assert_eq!(about(&store, 3).await, None);
    assert_eq!(about(&store, 4).await, Some((hash("3"), 4, 1)));
    assert!(unread(&store, root).await.is_empty());
    assert_eq!(store.job_assets(jobs[0].id).await.unwrap().len(), 2);
    assert_eq!(about(&store, 5).await, None, "its file was edited");
}

#[tokio::test]
async fn a_head_says_nothing_of_a_file_that_came_to_the_library_meanwhile() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    store.add_to_library(&[picture(root, "a.png", "1"), head(root, "b.png")]).await.unwrap();
    let again = [head(root, "a.png"), head(root, "b.png"), head(root, "c.png")];
    let added = store.add_to_library(&again).await.unwrap();
    let came: Vec<_> = added.iter().map(|one| (one.seq, one.came, one.replaced)).collect();
    assert_eq!(came, [(1, Came::Known, None), (2, Came::Known, None), (3, Came::New, None)]);
    assert_eq!(about(&store, 1).await, Some((hash("1"), 0, 1)));
}

#[tokio::test]
async fn a_file_that_is_moved_is_what_a_scan_found_there_meanwhile() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let from = store.put_root(RootKind::Own, b"/outputs", 1).await.unwrap();
    let to = store.put_root(RootKind::Own, b"/elsewhere", 1).await.unwrap();
    store.add_to_library(&[picture(from, "a.png", "1"), head(to, "a.png")]).await.unwrap();
    rate(&store, 2, 3).await;
    let binned = store::MarkChange { binned_at: Some(Some(8)), ..store::MarkChange::default() };
    store.mark(&[1], &binned).await.unwrap();
    let switch = PlaceSwitch {
        from: (from, b"a.png".to_vec()),
        to: (to, b"a.png".to_vec()),
        bytes: 7,
        mtime: Some(5),
        missing: false,
    };
    assert_eq!(store.switch_places(&[switch]).await.unwrap(), [true]);
    assert_eq!(about(&store, 1).await, Some((hash("1"), 3, 1)));
    assert_eq!(about(&store, 2).await, None);
    assert_eq!(store.bin().await.unwrap().assets, 1, "it is still in the bin");
}

#[tokio::test]
async fn what_the_artist_said_of_a_copy_stays_and_its_bin_takes_nothing_along() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let named = |picture: NewAsset, title: &str| NewAsset { title: title.into(), ..picture };
    let files = [
        named(picture(root, "a.png", "1"), "a"),
        named(head(root, "b.png"), "b"),
        named(picture(root, "c.png", "2"), "c"),
        named(head(root, "d.png"), "d"),
        named(picture(root, "e.png", "3"), "e"),
        named(head(root, "f.png"), "f"),
    ];
    store.add_to_library(&files).await.unwrap();
    let mark = async |seq: u32, change: MarkChange| {
        store.mark(&[seq], &change).await.unwrap();
    };
    rate(&store, 1, 2).await;
    mark(2, MarkChange { rating: Some(5), title: Some("The boat".into()), ..Default::default() })
        .await;
    for seq in [3, 5, 6] {
        mark(seq, MarkChange { binned_at: Some(Some(7)), ..Default::default() }).await;
    }
    let contents = [(2, hash("1")), (4, hash("2")), (6, hash("3"))];
    assert_eq!(store.set_contents(&contents).await.unwrap(), [(2, 1), (4, 3), (6, 5)]);
    let told = async |seq: u32| {
        let asset = store.asset_info(seq).await.unwrap().unwrap().asset;
        (asset.title, asset.marks.rating, asset.marks.binned_at)
    };
    assert_eq!(told(1).await, ("The boat".to_owned(), 5, None), "what was said last");
    assert_eq!(told(3).await, ("c".to_owned(), 0, None), "the copy was not thrown away");
    assert_eq!(told(5).await.2, Some(7), "both were");
}

#[tokio::test]
async fn what_vanished_before_it_was_read_is_forgotten_unless_somebody_said_something_of_it() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let files = [
        head(root, "a.png"),
        head(root, "b.png"),
        head(root, "c.png"),
        picture(root, "d.png", "4"),
    ];
    store.add_to_library(&files).await.unwrap();
    rate(&store, 2, 3).await;
    let gone: Vec<Vec<u8>> = ["a.png", "b.png", "d.png"].map(|name| name.into()).to_vec();
    store.set_missing(root, &gone, true).await.unwrap();
    let folders = store.ghost_folders(root).await.unwrap();
    assert_eq!(folders.iter().map(|(_, path)| path.as_slice()).collect::<Vec<_>>(), [b""]);
    assert_eq!(store.forget_ghosts(&[folders[0].0 + 1]).await.unwrap(), 0);
    assert_eq!(store.forget_ghosts(&[folders[0].0]).await.unwrap(), 1);
    let mut there = Vec::new();
    for seq in 1..=4 {
        if store.asset_info(seq).await.unwrap().is_some() {
            there.push(seq);
        }
    }
    assert_eq!(there, [2, 3, 4]);
}

#[tokio::test]
async fn damage_is_told_of_each_file_with_the_content_and_goes_with_it() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let cut = NewAsset { damage: Some("Cut.".to_owned()), ..head(root, "a.png") };
    let files = [picture(root, "b/known.png", "1"), cut, head(root, "gone.png")];
    store.add_to_library(&files).await.unwrap();
    store.set_missing(root, &[b"gone.png".to_vec()], true).await.unwrap();
    let damaged = async |limit: u32| {
        let files = store.damaged_files(root, limit).await.unwrap().into_iter();
        files.map(|(path, text)| (String::from_utf8(path).unwrap(), text)).collect::<Vec<_>>()
    };
    let line = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    assert_eq!(damaged(10).await, [line("a.png", "Cut.")], "it came with its file");
    let seen = [(3, "Torn.".to_owned()), (99, "Lost.".to_owned())];
    store.set_damage(&seen).await.unwrap();
    assert_eq!(damaged(10).await, [line("a.png", "Cut.")], "the other is not there");
    store.set_damage(&[(2, "Torn.".to_owned())]).await.unwrap();
    // Read whole it is a copy of one that nobody has looked at.
    assert_eq!(store.set_contents(&[(2, hash("1"))]).await.unwrap(), [(2, 1)]);
    let both = [line("a.png", "Torn."), line("b/known.png", "Torn.")];
    assert_eq!(damaged(10).await, both);
    assert_eq!(damaged(1).await, both[..1]);
    // Another content is another matter.
    let replaced = [picture(root, "a.png", "2"), picture(root, "b/known.png", "3")];
    store.add_to_library(&replaced).await.unwrap();
    assert_eq!(damaged(10).await, []);
}
