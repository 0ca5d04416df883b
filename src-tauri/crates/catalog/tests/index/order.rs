//! Orders, stacks, and places in the list.

use crate::{
    DAY, NOW,
    model::{Asset, Library, asset, batch},
};
use catalog::{Change, Disk, Found, Index, Query, Sort, TimeZone};

fn library(assets: Vec<Asset>) -> Index {
    Library { recipes: Vec::new(), assets }.index()
}

fn found(index: &Index, sort: Sort, stacked: bool) -> Found {
    index.found(&index.search(&Query::default(), &Disk::new()), sort, stacked)
}

fn seqs(index: &Index, rows: &[u32]) -> Vec<u32> {
    rows.iter().map(|row| index.seq(*row)).collect()
}

#[test]
fn names_are_ordered_by_their_first_line_whatever_the_case() {
    let long = "a very long name that is the same for a while ".repeat(8);
    let names = [
        "b.png",
        "B.png\naaa",
        "",
        "ä.png",
        "a",
        "a.png",
        &format!("{long}2"),
        &format!("{long}1"),
        &long,
    ];
    let named = |(seq, name): (u32, &str)| Asset { names: name.to_owned(), ..asset(seq) };
    let index = library((0..).zip(names).map(named).collect());
    let order = seqs(&index, &found(&index, Sort::Name, false).rows);
    assert_eq!(order, [2, 4, 8, 7, 6, 3, 5, 0, 1], "equal names: the newest first");
}

#[test]
fn numbers_in_names_count_by_their_value() {
    let names = ["img10.png", "IMG2.png", "img1.png", "img02.png", "imgs.png", "img.png"];
    let named = |(seq, name): (u32, &str)| Asset { names: name.to_owned(), ..asset(seq) };
    let mut index = library((0..).zip(names).map(named).collect());
    let order = |index: &Index| seqs(index, &found(index, Sort::Name, false).rows);
    assert_eq!(order(&index), [5, 2, 1, 3, 0, 4]);
    // What comes, and what gets another name, goes where it belongs.
    let change = Change { names: Some("img003.png"), ..Change::default() };
    index.change([(0, change)]).unwrap();
    assert_eq!(order(&index), [5, 2, 1, 3, 0, 4]);
    let change = Change { names: Some("img0.png"), ..Change::default() };
    index.change([(3, change)]).unwrap();
    assert_eq!(order(&index), [5, 3, 2, 1, 0, 4]);
}

#[test]
fn chance_is_the_same_for_the_same_seed() {
    let index = library((0..200).map(asset).collect());
    let rows = |seed| found(&index, Sort::Random(seed), false).rows;
    assert_eq!(rows(1), rows(1));
    assert_ne!(rows(1), rows(2));
    let mut sorted = rows(2);
    sorted.sort_unstable();
    assert_eq!(sorted, (0..200).collect::<Vec<u32>>());
    // New assets do not shuffle the old ones.
    let more = library((0..300).map(asset).collect());
    let old = found(&more, Sort::Random(1), false).rows.into_iter().filter(|row| *row < 200);
    assert_eq!(old.collect::<Vec<u32>>(), rows(1));
}

#[test]
fn a_batch_is_a_stack_where_its_rows_are_next_to_each_other() {
    let of = |seq, number: Option<u32>| Asset { batch: number.map(batch), ..asset(seq) };
    let index = library(vec![
        of(1, Some(1)),
        of(2, Some(1)),
        of(3, None),
        of(4, None),
        of(5, Some(1)),
        of(6, Some(2)),
        of(7, Some(2)),
        of(8, Some(2)),
    ]);
    let stacked = found(&index, Sort::Newest, true);
    let entries: Vec<Vec<u32>> =
        (0..stacked.len()).map(|entry| seqs(&index, stacked.entry(entry))).collect();
    assert_eq!(entries, [vec![1, 2], vec![3], vec![4], vec![5], vec![6, 7, 8]]);
    let shown: Vec<(u32, u32)> =
        stacked.entries().map(|(row, count)| (index.seq(row), count)).collect();
    assert_eq!(shown, [(1, 2), (3, 1), (4, 1), (5, 1), (6, 3)]);
    let entry_of = |seq| stacked.entry_of(index.row(seq).unwrap());
    assert_eq!([2, 3, 8].map(entry_of), [Some(0), Some(1), Some(4)]);
    assert_eq!(stacked.entry(5), [0_u32; 0]);
    let plain = found(&index, Sort::Newest, false);
    assert_eq!((plain.len(), plain.entry(1).len()), (8, 1));
    assert_eq!(plain.entry(8), [0_u32; 0]);
}

#[test]
fn a_date_leads_to_an_entry() {
    // One a day, the newest yesterday; the last two are a stack.
    let index = library(
        (1..=5).map(|seq| Asset { batch: (seq >= 4).then(|| batch(1)), ..asset(seq) }).collect(),
    );
    let newest = found(&index, Sort::Newest, true);
    let oldest = found(&index, Sort::Oldest, true);
    let days_ago = |days: i64| NOW.ms - days * DAY;
    for (ms, of_newest, of_oldest) in [
        (days_ago(0), 0, 4),
        (days_ago(1), 0, 3),
        (days_ago(1) - 1, 1, 3),
        (days_ago(3), 2, 1),
        (days_ago(4), 3, 0),
        (days_ago(5), 3, 0),
        (days_ago(6), 4, 0),
        (i64::MIN, 4, 0),
        (i64::MAX, 0, 4),
    ] {
        assert_eq!(index.entry_at_date(&newest, ms), Some(of_newest), "{ms}");
        assert_eq!(index.entry_at_date(&oldest, ms), Some(of_oldest), "{ms}");
    }
    assert_eq!(index.entry_at_date(&found(&index, Sort::Name, false), NOW.ms), None);
}

#[test]
fn neighbours_are_told_up_to_the_ends() {
    let index = library((1..=5).map(asset).collect());
    let found = found(&index, Sort::Newest, false);
    let around = |seq, before, behind| {
        let row = index.row(seq).unwrap();
        let (before, behind) = found.neighbours(row, before, behind).unwrap();
        (seqs(&index, before), seqs(&index, behind))
    };
    assert_eq!(around(3, 1, 1), (vec![2], vec![4]));
    assert_eq!(around(3, 9, usize::MAX), (vec![1, 2], vec![4, 5]));
    assert_eq!(around(1, 2, 0), (vec![], vec![]));
    assert_eq!(found.neighbours(99, 1, 1), None);
}

#[test]
fn nothing_is_no_trouble() {
    let index = Index::new(TimeZone::UTC);
    for sort in [Sort::Newest, Sort::Name, Sort::Random(1)] {
        let found = found(&index, sort, true);
        assert!(found.is_empty());
        assert_eq!(found.len(), 0);
        assert_eq!(found.entry_of(0), None);
    }
    assert_eq!(index.entry_at_date(&found(&index, Sort::Newest, true), 0), Some(0));
}
