//! The sidebar.

use crate::{
    NOW,
    model::{Asset, Library, asset},
};
use catalog::{Disk, Facet, FacetList, Index, Query};

fn tagged(seq: u32, tags: &[&str]) -> Asset {
    Asset { tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), ..asset(seq) }
}

fn index() -> Index {
    let assets = vec![
        tagged(1, &["a", "b", "c"]),
        tagged(2, &["a", "b", "d"]),
        tagged(3, &["a"]),
        tagged(4, &[]),
    ];
    Library { recipes: Vec::new(), assets }.index()
}

fn tags(index: &Index, text: &str, most: usize) -> FacetList {
    let query = Query::parse(text, &NOW);
    let matches = index.search(&query, &Disk::new());
    let list = index.facet(&matches, Facet::Tags, most);
    assert_eq!(index.facets(&matches, most).get(Facet::Tags), Some(&list));
    list
}

fn told(list: &FacetList) -> Vec<(&str, u32, bool)> {
    list.values.iter().map(|value| (value.label.as_str(), value.count, value.chosen)).collect()
}

#[test]
fn most_come_first_and_the_rest_is_counted() {
    let index = index();
    let list = tags(&index, "", 2);
    assert_eq!(told(&list), [("a", 3, false), ("b", 2, false)]);
    assert_eq!((list.more, list.more_count), (2, 2));
    assert_eq!(list.without.as_ref().map(|without| without.count), Some(1));
}

#[test]
fn what_is_chosen_is_told_and_does_not_change_its_own_counts() {
    let index = index();
    let list = tags(&index, "tag=d", 1);
    assert_eq!(
        told(&list),
        [("a", 3, false), ("d", 1, true)],
        "also where it is not among the most"
    );
    assert_eq!((list.more, list.more_count), (2, 3));
    let list = tags(&index, "tag=d,b", 4);
    assert_eq!(told(&list), [("a", 3, false), ("b", 2, true), ("c", 1, false), ("d", 1, true)]);
    let list = tags(&index, "tag=c name:00002", 4);
    assert_eq!(
        told(&list),
        [("a", 1, false), ("b", 1, false), ("d", 1, false), ("c", 0, true)],
        "what nothing matches can be taken out again"
    );
    let list = tags(&index, "is:untagged", 4);
    assert!(list.without.is_some_and(|without| without.chosen && without.count == 1));
}

#[test]
fn months_and_stars_are_in_their_order() {
    let index = index();
    let query = Query::parse("rating:0", &NOW);
    let facets = index.facets(&index.search(&query, &Disk::new()), 8);
    let order: Vec<Facet> = facets.lists.iter().map(|list| list.facet).collect();
    assert_eq!(order, Facet::ALL);
    let ratings = facets.get(Facet::Ratings).unwrap();
    assert_eq!(told(ratings), [("0", 4, true)]);
    let months = facets.get(Facet::Months).unwrap();
    assert_eq!(told(months), [("2026-10", 4, false)]);
}
