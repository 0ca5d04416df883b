//! What comes over packed is what is stored.

use crate::{made_by, open, picture, recipe, root};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use store::{AssetChunk, Kind, MarkChange, NameKind, NewAsset, RootId, Store};
use tempfile::TempDir;

async fn all(store: &Store) -> (AssetChunk, i64) {
    let mut whole = AssetChunk::default();
    let revision = store
        .columns(
            0,
            || 3,
            |chunk| {
                let before = u32::try_from(whole.names.len()).unwrap();
                whole.assets.extend(chunk.assets.into_iter().map(|mut asset| {
                    asset.names = asset.names.start + before..asset.names.end + before;
                    asset
                }));
                whole.names.push_str(&chunk.names);
                whole.tags.extend(chunk.tags);
                whole.collections.extend(chunk.collections);
            },
        )
        .await
        .unwrap();
    (whole, revision)
}

fn names(chunk: &AssetChunk, at: usize) -> &str {
    let names = &chunk.assets[at].names;
    &chunk.names[names.start as usize..names.end as usize]
}

#[tokio::test]
async fn everything_comes_over_as_it_was_stored() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let other = store.put_root(store::RootKind::Imported, b"/drive", 1).await.unwrap();
    let jobs = crate::support::add(&store, 1).await;
    let odd = NewAsset {
        kind: Kind::Video,
        width: None,
        height: Some(u32::MAX),
        duration_ms: Some(u64::MAX),
        created_at: -5,
        took_ms: Some(-1),
        practice: true,
        preview: false,
        server_name: Some("attic, \"the\" old\none".into()),
        title: "a,b\nc\u{0}".into(),
        made: Some(store::NewMade {
            job_id: jobs[0].id,
            node_id: "9".into(),
            ordinal: 3,
            batch: jobs[0].batch_id,
        }),
        phash: Some(1 << 63),
        ..made_by(picture(root, "x,y\nz.mp4", "1"), &recipe("r", "a boat"))
    };
    let plain = NewAsset { phash: None, title: String::new(), ..picture(root, "b.png", "2") };
    store.add_to_library(&[odd, plain]).await.unwrap();
    let copy = NewAsset { phash: None, ..picture(other, "copy of b.png", "2") };
    store.add_to_library(&[copy]).await.unwrap();
    let collection = store.add_collection("Series", None, 1).await.unwrap();
    let change = MarkChange {
        rating: Some(5),
        favourite: Some(true),
        flag: Some(-1),
        binned_at: Some(Some(77)),
        add_tags: vec!["one".into(), "two".into()],
        add_to: vec![collection],
        ..MarkChange::default()
    };
    store.mark(&[2], &change).await.unwrap();
    let (chunk, _) = all(&store).await;
    let [odd, plain] = &chunk.assets[..] else { panic!("{chunk:?}") };
    assert_eq!((odd.kind, odd.width, odd.height), (Kind::Video, 0, u32::MAX));
    assert_eq!((odd.duration_ms, odd.created_at, odd.took_ms), (Some(u32::MAX), -5, Some(0)));
    assert_eq!((odd.job, odd.phash), (Some(jobs[0].id), Some(1 << 63)));
    assert_eq!((odd.root, odd.several, odd.away, odd.missing), (Some(root), false, false, false));
    assert_eq!(names(&chunk, 0), "a,b c \nx,y z.mp4");
    assert_eq!((plain.phash, plain.recipe, plain.server), (None, None, None));
    assert_eq!(names(&chunk, 1), "\nb.png\ncopy of b.png");
    assert!(plain.several);
    let marks = store::Marks { rating: 5, favourite: true, flag: -1, binned_at: Some(77) };
    assert_eq!(plain.marks, marks);
    assert_eq!((chunk.tags.len(), chunk.collections.len()), (2, 1));
    let names = store.names().await.unwrap();
    let named = |id: Option<u32>, kind| {
        let name = names.iter().find(|name| Some(name.id) == id && name.kind == kind);
        name.map(|name| name.name.clone())
    };
    assert_eq!(named(odd.server, NameKind::Server).unwrap(), "attic, \"the\" old\none");
    assert_eq!(named(odd.batch, NameKind::Batch).unwrap(), jobs[0].batch_id.to_string());
    let later = store.names_from(names.last().unwrap().id + 1).await.unwrap();
    assert!(later.is_empty());
    // Some of them are the same as among all.
    assert_eq!(store.columns_of(&[2, 99]).await.unwrap().assets, {
        let mut one = plain.clone();
        one.names = 0..u32::try_from("\nb.png\ncopy of b.png".len()).unwrap();
        vec![one]
    });
}

#[tokio::test]
async fn the_best_place_tells_whether_an_asset_can_be_reached() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let home = root(&store).await;
    let drive = store.put_root(store::RootKind::Imported, b"/drive", 1).await.unwrap();
    let files = [picture(home, "a", "1"), picture(drive, "a", "1"), picture(drive, "b", "2")];
    store.add_to_library(&files).await.unwrap();
    let state = async || {
        let (chunk, _) = all(&store).await;
        chunk.assets.iter().map(|a| (a.root, a.away, a.missing)).collect::<Vec<_>>()
    };
    let here = |root: RootId| (Some(root), false, false);
    assert_eq!(state().await, [here(home), here(drive)]);
    store.set_root_away(drive, true).await.unwrap();
    assert_eq!(state().await, [here(home), (Some(drive), true, false)]);
    assert_eq!(store.set_missing(home, &[b"a".to_vec()], true).await.unwrap(), 1);
    assert_eq!(state().await, [(Some(drive), true, false), (Some(drive), true, false)]);
    store.set_root_away(drive, false).await.unwrap();
    assert_eq!(state().await, [here(drive), here(drive)]);
    store.forget_places(drive, &[b"b".to_vec()]).await.unwrap();
    assert_eq!(state().await[1], (None, false, true));
}

/// What can be done to a library while somebody holds its columns.
#[derive(Clone, Debug)]
enum Deed {
    Add(u8, u8),
    Rate(u8, u8),
    Tag(u8, u8),
    Untag(u8, u8),
    Missing(u8),
    Forget(u8),
    Move(u8, u8),
    Delete(u8),
    DeleteTag(u8),
    Collect(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    let small = || 0_u8..8;
    prop_oneof![
        3 => (small(), small()).prop_map(|(path, content)| Deed::Add(path, content)),
        1 => (small(), 0_u8..6).prop_map(|(asset, stars)| Deed::Rate(asset, stars)),
        1 => (small(), 0_u8..3).prop_map(|(asset, tag)| Deed::Tag(asset, tag)),
        1 => (small(), 0_u8..3).prop_map(|(asset, tag)| Deed::Untag(asset, tag)),
        1 => small().prop_map(Deed::Missing),
        1 => small().prop_map(Deed::Forget),
        1 => (small(), small()).prop_map(|(from, to)| Deed::Move(from, to)),
        1 => small().prop_map(Deed::Delete),
        1 => (0_u8..3).prop_map(Deed::DeleteTag),
        1 => small().prop_map(Deed::Collect),
    ]
}

fn path(number: u8) -> Vec<u8> {
    format!("{}/{number}", number % 3).into_bytes()
}

async fn act(store: &Store, root: RootId, collection: i64, deed: &Deed) {
    let tag = |tag: u8| vec![format!("tag{tag}")];
    match *deed {
        Deed::Add(at, content) => {
            let file = picture(root, path(at), &content.to_string());
            store.add_to_library(&[file]).await.unwrap();
        }
        Deed::Rate(asset, stars) => {
            let change = MarkChange { rating: Some(stars), ..MarkChange::default() };
            store.mark(&[asset.into()], &change).await.unwrap();
        }
        Deed::Tag(asset, name) => {
            let change = MarkChange { add_tags: tag(name), ..MarkChange::default() };
            store.mark(&[asset.into()], &change).await.unwrap();
        }
        Deed::Untag(asset, name) => {
            let change = MarkChange { remove_tags: tag(name), ..MarkChange::default() };
            store.mark(&[asset.into()], &change).await.unwrap();
        }
        Deed::Missing(at) => {
            store.set_missing(root, &[path(at)], true).await.unwrap();
        }
        Deed::Forget(at) => store.forget_places(root, &[path(at)]).await.unwrap(),
        Deed::Move(from, to) => {
            store.move_places(root, &[(path(from), path(to))]).await.unwrap();
        }
        Deed::Delete(asset) => {
            store.delete_assets(&[asset.into()]).await.unwrap();
        }
        Deed::DeleteTag(name) => {
            let tags = store.tags().await.unwrap();
            if let Some(found) = tags.iter().find(|row| row.name == tag(name)[0]) {
                store.delete_tag(found.id).await.unwrap();
            }
        }
        Deed::Collect(asset) => {
            let change = MarkChange { add_to: vec![collection], ..MarkChange::default() };
            store.mark(&[asset.into()], &change).await.unwrap();
        }
    }
}

/// An asset with all that belongs to it, apart from where its names stand.
type Held = BTreeMap<u32, (String, BTreeSet<u32>, BTreeSet<u32>)>;

fn hold(chunk: &AssetChunk) -> Held {
    let of = |pairs: &[(u32, u32)], seq| {
        pairs.iter().filter(|pair| pair.0 == seq).map(|pair| pair.1).collect()
    };
    chunk
        .assets
        .iter()
        .enumerate()
        .map(|(at, asset)| {
            let mut asset = asset.clone();
            let names = names(chunk, at).to_owned();
            asset.names = 0..0;
            let shown = format!("{names} {asset:?}");
            (asset.seq, (shown, of(&chunk.tags, asset.seq), of(&chunk.collections, asset.seq)))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever holds the columns and follows the changes holds what is stored.
    #[test]
    fn following_the_changes_leads_to_what_is_stored(deeds in prop::collection::vec(deed(), 1..40)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let dir = TempDir::new().unwrap();
            let store = open(dir.path()).await;
            let root = root(&store).await;
            let collection = store.add_collection("c", None, 1).await.unwrap();
            let (chunk, mut revision) = all(&store).await;
            let mut held = hold(&chunk);
            for some in deeds.chunks(3) {
                for deed in some {
                    act(&store, root, collection, deed).await;
                }
                let changes = store.changes(revision).await.unwrap();
                let changed = hold(&store.columns_of(&changes.assets).await.unwrap());
                for seq in &changes.assets {
                    held.remove(seq);
                }
                held.extend(changed);
                revision = changes.revision;
                store.forget_changes(revision).await.unwrap();
                let (chunk, _) = all(&store).await;
                assert_eq!(held, hold(&chunk));
                let counted = chunk.assets.iter().filter(|a| a.marks.binned_at.is_none()).count();
                assert_eq!(store.counts(0).await.unwrap().assets as usize, counted);
            }
            assert!(store.changes(revision).await.unwrap().assets.is_empty());
        });
    }
}
