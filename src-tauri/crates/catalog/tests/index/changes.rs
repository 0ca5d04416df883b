//! Adding, changing and removing.

use crate::{
    NOW,
    model::{Asset, Library, add, asset, found},
};
use catalog::{
    AssetRow, CatalogError, Change, Disk, Index, MAX_ID, Marks, Query, RecipeRow, Sort, TimeZone,
};

fn everything() -> Library {
    Library { recipes: Vec::new(), assets: (1..=5).map(asset).collect() }
}

#[test]
fn one_change_touches_what_it_names_and_no_more() {
    let library = everything();
    let mut index = library.index();
    let row = index.row(2).unwrap();
    let marks = Marks { rating: 4, favourite: true, flag: -1, binned: false };
    let change = Change { marks: Some(marks), ..Change::default() };
    index.change([(2, change), (99, change)]).unwrap();
    assert_eq!(index.marks(row), marks);
    assert_eq!(found(&index, &library, "rating:4 fav:yes flag:reject"), [2]);
    let change = Change { names: Some("Zebra.png"), ..Change::default() };
    index.change([(2, change)]).unwrap();
    assert_eq!(index.marks(row), marks);
    assert_eq!(found(&index, &library, "zebra"), [2]);
    assert_eq!(found(&index, &library, "00002"), [0_u32; 0], "the old name is gone");
    let change = Change { phash: Some(1), ..Change::default() };
    index.change([(1, change), (2, change)]).unwrap();
    assert_eq!(found(&index, &library, "like:1"), [1, 2]);
}

#[test]
fn assets_may_come_in_any_order_and_again() {
    let mut library = everything();
    let mut index = library.index();
    index.prepare(Sort::Newest);
    index.remove([5, 3, 99]);
    library.assets.retain(|asset| ![5, 3].contains(&asset.seq));
    assert_eq!(found(&index, &library, ""), [1, 2, 4]);
    assert_eq!(index.row(5), None);
    let late: Vec<Asset> = [3, 20, 10, 5].map(|seq| Asset { bytes: 7, ..asset(seq) }).into();
    add(&mut index, &late);
    library.assets.extend(late);
    assert_eq!(found(&index, &library, ""), [1, 2, 3, 4, 5, 10, 20]);
    for seq in [1, 2, 3, 4, 5, 10, 20] {
        assert_eq!(index.seq(index.row(seq).unwrap()), seq);
    }
    assert_eq!(index.bytes(index.row(3).unwrap()), 7);
    assert_eq!(index.rows(), 7, "one that comes again takes its old place");
    let order = index.found(&index.search(&Query::default(), &Disk::new()), Sort::Newest, false);
    let seqs: Vec<u32> = order.rows.iter().map(|row| index.seq(*row)).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 10, 20]);
}

#[test]
fn what_is_removed_leaves_its_tags_and_marks_behind() {
    let library = Library {
        recipes: Vec::new(),
        assets: vec![Asset { tags: vec!["wip".to_owned()], ..asset(1) }, asset(2)],
    };
    let mut index = library.index();
    index.remove([1]);
    add(&mut index, &[asset(1)]);
    assert_eq!(found(&index, &library, "tag:wip"), [0_u32; 0]);
    assert_eq!(index.tags(index.row(1).unwrap()).count(), 0);
}

#[test]
fn any_number_of_threads_may_ask() {
    let library = everything();
    let index = library.index();
    let count = || index.search(&Query::parse("comfyui", &NOW), &Disk::new()).count();
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(counts, [5; 4]);
}

#[test]
fn ids_that_are_too_large_are_refused() {
    let mut index = Index::new(TimeZone::UTC);
    let error = Err(CatalogError::IdTooLarge(MAX_ID + 1));
    let recipe = RecipeRow { id: MAX_ID + 1, ..RecipeRow::default() };
    assert_eq!(index.add_recipe(&recipe), error);
    let recipe = RecipeRow { text: MAX_ID + 1, ..RecipeRow::default() };
    assert_eq!(index.add_recipe(&recipe), error);
    assert!(!index.has_recipe(0));
    index.add_recipe(&RecipeRow { id: 3, ..RecipeRow::default() }).unwrap();
    assert_eq!([2, 3, 4].map(|id| index.has_recipe(id)), [false, true, false]);
    let row = |seq, recipe| AssetRow {
        seq,
        kind: catalog::Kind::Picture,
        width: 1,
        height: 1,
        bytes: 1,
        created_at: NOW.ms,
        took_ms: None,
        practice: false,
        preview: false,
        server: None,
        job: None,
        batch: None,
        recipe,
        phash: None,
        names: "",
        places: catalog::Places::default(),
        marks: Marks::default(),
        tags: &[],
        collections: &[],
    };
    // A recipe that was not added is as good as none.
    assert_eq!(index.add([row(1, Some(9)), row(2, Some(MAX_ID + 1)), row(3, None)]), error);
    let matches = index.search(&Query::default(), &Disk::new());
    let found = index.found(&matches, Sort::Newest, true);
    assert_eq!(found.rows, [0], "what came before is in");
    assert_eq!(index.facets(&matches, 8).lists.len(), 10);
    assert_eq!(index.recipe(0), Some(9));
}
