//! Marks for many at once, exactly undone; tags and collections.

use crate::{made_by, open, picture, recipe, root};
use proptest::prelude::*;
use store::{AssetInfo, MarkChange, Store, StoreError, TextTerm};
use tempfile::TempDir;

async fn infos(store: &Store, count: u32) -> Vec<Option<AssetInfo>> {
    let mut all = Vec::new();
    for seq in 1..=count {
        all.push(store.asset_info(seq).await.unwrap());
    }
    all
}

async fn filled(store: &Store, count: u32) {
    let root = root(store).await;
    let files: Vec<_> =
        (0..count).map(|at| picture(root, at.to_string(), &at.to_string())).collect();
    store.add_to_library(&files).await.unwrap();
}

fn change() -> impl Strategy<Value = MarkChange> {
    let tag = || prop::collection::vec(prop::sample::select(vec!["a", "B", "b ", "c"]), 0..3);
    (
        prop::option::of(0_u8..=5),
        prop::option::of(any::<bool>()),
        prop::option::of(-1_i8..=1),
        prop::option::of(prop::option::of(1_i64..5)),
        prop::option::of("[a-c]{0,2}"),
        (tag(), tag()),
        (prop::collection::vec(1_i64..4, 0..3), prop::collection::vec(1_i64..4, 0..3)),
    )
        .prop_map(|(rating, favourite, flag, binned_at, title, tags, collections)| {
            MarkChange {
                rating,
                favourite,
                flag,
                binned_at,
                title,
                add_tags: tags.0.into_iter().map(str::to_owned).collect(),
                remove_tags: tags.1.into_iter().map(str::to_owned).collect(),
                add_to: collections.0,
                remove_from: collections.1,
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Undoing everything backwards leads through every state there was, and doing it again as well.
    #[test]
    fn undoing_is_exact(
        steps in prop::collection::vec((prop::collection::vec(1_u32..6, 1..5), change()), 1..6)
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let dir = TempDir::new().unwrap();
            let store = open(dir.path()).await;
            filled(&store, 4).await;
            for name in ["one", "two"] {
                store.add_collection(name, None, 1).await.unwrap();
            }
            store.add_collection("a search", Some("rating:4+"), 1).await.unwrap();
            let mut states = vec![infos(&store, 4).await];
            let mut undo = Vec::new();
            for (assets, change) in &steps {
                undo.push(store.mark(assets, change).await.unwrap());
                states.push(infos(&store, 4).await);
            }
            let mut redo = Vec::new();
            for (at, before) in undo.iter().enumerate().rev() {
                redo.push(store.put_back(before).await.unwrap());
                assert_eq!(infos(&store, 4).await, states[at]);
            }
            for (at, after) in redo.iter().rev().enumerate() {
                store.put_back(after).await.unwrap();
                assert_eq!(infos(&store, 4).await, states[at + 1]);
            }
        });
    }
}

#[tokio::test]
async fn undoing_leaves_alone_what_was_changed_since() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    filled(&store, 2).await;
    let rate = MarkChange { rating: Some(5), ..MarkChange::default() };
    let rated = store.mark(&[1, 2, 99], &rate).await.unwrap();
    assert_eq!(rated.len(), 2, "what is not there is not marked");
    assert!(store.mark(&[1, 2], &rate).await.unwrap().is_empty(), "nothing is different");
    let tag = MarkChange { add_tags: vec!["keep".into()], ..MarkChange::default() };
    store.mark(&[1], &tag).await.unwrap();
    store.put_back(&rated).await.unwrap();
    let info = store.asset_info(1).await.unwrap().unwrap();
    assert_eq!((info.asset.marks.rating, info.tags), (0, vec!["keep".to_owned()]));
}

#[tokio::test]
async fn what_is_in_the_bin_stays_there_since_it_went_in() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    filled(&store, 2).await;
    let bin = |at| MarkChange { binned_at: Some(Some(at)), ..MarkChange::default() };
    let bins = async |asset: &[u32], at| store.mark(asset, &bin(at)).await.unwrap();
    let first = bins(&[1], 5).await;
    let second = bins(&[1, 2], 8).await;
    let changed = second.iter().map(|marks| marks.seq).collect::<Vec<_>>();
    assert_eq!(changed, [2], "the first is there already");
    assert_eq!(store.binned_before(8, 9).await.unwrap(), [1], "its term is not begun anew");
    // Undone, each takes out what it had put in.
    store.put_back(&second).await.unwrap();
    assert_eq!(store.binned_before(9, 9).await.unwrap(), [1]);
    store.put_back(&first).await.unwrap();
    assert_eq!(store.binned_before(9, 9).await.unwrap(), [] as [u32; 0]);
}

#[tokio::test]
async fn a_tag_is_one_however_it_is_written() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    filled(&store, 4).await;
    let tag = |names: &[&str]| MarkChange {
        add_tags: names.iter().map(|name| (*name).to_owned()).collect(),
        ..MarkChange::default()
    };
    store.mark(&[1, 2], &tag(&["For  Print", "\u{c9}t\u{e9}", "  ", "\n"])).await.unwrap();
    store.mark(&[2, 3], &tag(&["for print", "\u{e9}t\u{c9}"])).await.unwrap();
    let shown = async || {
        let tags = store.tags().await.unwrap();
        tags.into_iter().map(|tag| (tag.id, tag.name, tag.assets)).collect::<Vec<_>>()
    };
    let print = ("For Print".to_owned(), 3);
    let tags = shown().await;
    assert_eq!(tags.len(), 2);
    assert_eq!((tags[0].1.clone(), tags[0].2), print);
    let bin = MarkChange { binned_at: Some(Some(5)), ..MarkChange::default() };
    store.mark(&[3], &bin).await.unwrap();
    assert_eq!(shown().await[0].2, 2, "the bin does not count");
    assert_eq!(store.binned_before(5, 9).await.unwrap(), Vec::<u32>::new());
    assert_eq!(store.binned_before(6, 9).await.unwrap(), [3]);
    // Another name; then that of another tag.
    let (first, second) = (tags[0].0, tags[1].0);
    assert_eq!(store.rename_tag(first, "FOR PRINT").await.unwrap(), first);
    store.mark(&[4], &tag(&["for print"])).await.unwrap();
    assert_eq!(store.rename_tag(first, "\u{c9}T\u{c9}").await.unwrap(), second);
    let left = shown().await;
    assert_eq!(left, [(second, "\u{c9}T\u{c9}".to_owned(), 3)]);
    assert!(matches!(store.rename_tag(second, " ").await, Err(StoreError::Value(_))));
    assert!(store.rename_tag(99, "x").await.is_err());
    let mut had = store.delete_tag(second).await.unwrap();
    had.sort_unstable();
    assert_eq!(had, [1, 2, 3, 4]);
    assert!(shown().await.is_empty());
}

#[tokio::test]
async fn collections_are_filled_by_hand_or_by_a_search() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    filled(&store, 3).await;
    let series = store.add_collection("Series", None, 1).await.unwrap();
    let best = store.add_collection("Best", Some("rating:4+"), 2).await.unwrap();
    let twice = store.add_collection(" SERIES ", None, 3).await.unwrap_err();
    assert!(twice.to_string().contains("SERIES"), "{twice}");
    let put = MarkChange { add_to: vec![series, best, 99], ..MarkChange::default() };
    let before = store.mark(&[1, 2], &put).await.unwrap();
    assert!(before.iter().all(|marks| marks.not_in == [series]), "{before:?}");
    let shown = async || {
        let all = store.collections().await.unwrap();
        all.into_iter().map(|c| (c.id, c.name, c.search, c.assets)).collect::<Vec<_>>()
    };
    let search = Some("rating:4+".to_owned());
    assert_eq!(
        shown().await,
        [(series, "Series".into(), None, 2), (best, "Best".into(), search, 0)]
    );
    store.order_collections(&[best, series]).await.unwrap();
    assert!(store.set_search(best, "rating:5").await.unwrap());
    assert!(!store.set_search(series, "rating:5").await.unwrap());
    assert!(store.rename_collection(best, "The best").await.unwrap());
    assert!(store.rename_collection(best, "series").await.is_err());
    assert_eq!(shown().await[0], (best, "The best".into(), Some("rating:5".into()), 0));
    let mut had = store.delete_collection(series).await.unwrap();
    had.sort_unstable();
    assert_eq!(had, [1, 2]);
    assert_eq!(shown().await.len(), 1);
    assert!(store.asset_info(1).await.unwrap().unwrap().collections.is_empty());
}

#[tokio::test]
async fn what_is_deleted_leaves_nothing_behind_but_its_number() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    let root = root(&store).await;
    let jobs = crate::support::add(&store, 1).await;
    let mut output = made_by(picture(root, "a", "1"), &recipe("mine", "zebra"));
    output.made = Some(store::NewMade {
        job_id: jobs[0].id,
        node_id: "9".into(),
        ordinal: 0,
        batch: jobs[0].batch_id,
    });
    let shared = recipe("shared", "fjord");
    let files = [
        output,
        made_by(picture(root, "b", "2"), &shared),
        made_by(picture(root, "c", "3"), &shared),
        picture(root, "d", "1"),
    ];
    store.add_to_library(&files).await.unwrap();
    let tag = MarkChange { add_tags: vec!["keep".into()], ..MarkChange::default() };
    store.mark(&[1, 2], &tag).await.unwrap();
    let gone = store.delete_assets(&[1, 2, 77]).await.unwrap();
    let paths: Vec<_> = gone.iter().map(|place| (place.seq, place.path.clone())).collect();
    let wanted = [(1, b"a".to_vec()), (1, b"d".to_vec()), (2, b"b".to_vec())];
    assert_eq!(paths, wanted);
    assert_eq!(gone[0].root_path, b"/pictures");
    assert!(store.job_assets(jobs[0].id).await.unwrap().is_empty());
    assert_eq!(store.tags().await.unwrap()[0].assets, 0);
    let find = async |words: &str| {
        let term = TextTerm { column: None, words: words.into(), beginning: false };
        store.texts_with(&term).await.unwrap().len()
    };
    assert_eq!((find("zebra").await, find("fjord").await), (0, 1));
    // Neither the number of an asset nor that of a recipe is given again.
    store.delete_assets(&[3]).await.unwrap();
    let new = made_by(picture(root, "e", "9"), &recipe("new", "lake"));
    assert_eq!(store.add_to_library(&[new]).await.unwrap()[0].seq, 4);
    let mut recipes = Vec::new();
    store.recipe_columns(0, || 3, |chunk| recipes.extend(chunk)).await.unwrap();
    let ids: Vec<_> = recipes.iter().map(|recipe| (recipe.id, recipe.text)).collect();
    assert_eq!(ids, [(3, 3)]);
}
