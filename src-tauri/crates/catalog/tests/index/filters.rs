//! Rules of filtering that a model does not make plain.

use crate::{
    DAY, NOW,
    model::{Asset, Library, asset, found, recipe},
};
use catalog::{Bits, Disk, Kind, Marks, Query, TimeZone};
use jiff::{
    Timestamp,
    civil::{Date, date},
};

fn library(assets: Vec<Asset>) -> Library {
    Library { recipes: Vec::new(), assets }
}

#[test]
fn what_is_in_the_bin_is_out_unless_it_is_asked_for() {
    let binned = Marks { binned: true, rating: 4, ..Marks::default() };
    let rated = Marks { rating: 4, ..Marks::default() };
    let library = library(vec![
        Asset { marks: binned, ..asset(1) },
        Asset { marks: rated, ..asset(2) },
        asset(3),
    ]);
    let index = library.index();
    for (text, wanted) in [
        ("", vec![2, 3]),
        ("rating:4", vec![2]),
        ("is:binned", vec![1]),
        ("is:binned rating:4", vec![1]),
        ("is:binned,unrated", vec![1, 3]),
        ("-is:binned", vec![2, 3]),
        ("-is:binned,unrated", vec![2]),
    ] {
        assert_eq!(found(&index, &library, text), wanted, "{text}");
    }
    assert_eq!((index.total(), index.binned()), (2, 1));
}

#[test]
fn a_word_is_in_the_prompt_a_name_or_a_tag_and_all_words_must_be_somewhere() {
    let library = Library {
        recipes: vec![recipe("a clay pot with roses", &["flux.safetensors"], &["film_grain"])],
        assets: vec![
            Asset { recipe: Some(0), tags: vec!["For Print".to_owned()], ..asset(1) },
            Asset { names: "Café Rose\n2026/clay_01.png".to_owned(), ..asset(2) },
            Asset { recipe: Some(0), names: "x.png".to_owned(), ..asset(3) },
        ],
    };
    let index = library.index();
    for (text, wanted) in [
        ("clay", vec![1, 2, 3]),
        ("CLAY", vec![1, 2, 3]),
        // Words of prompts begin so, names contain it.
        ("lay", vec![2]),
        ("clay rose", vec![1, 2, 3]),
        ("rose clay", vec![2]),
        // Only the last word may go on in a prompt.
        ("rose pot", vec![]),
        ("clay print", vec![1]),
        ("\"clay pot\"", vec![1, 3]),
        ("\"pot clay\"", vec![]),
        ("\"clay po", vec![1, 3]),
        ("\"for print\"", vec![1]),
        ("cafe", vec![2]),
        ("café", vec![2]),
        ("-clay", vec![]),
        ("-print", vec![2, 3]),
        ("comfyui_00001", vec![1]),
        ("name:clay", vec![2]),
        ("name:.png", vec![1, 2, 3]),
        ("name=\"2026/clay_01\"", vec![2]),
        ("name=clay_01.png", vec![]),
        ("film", vec![1, 3]),
    ] {
        assert_eq!(found(&index, &library, text), wanted, "{text}");
    }
}

#[test]
fn names_may_have_any_signs() {
    let library = library(vec![
        Asset { names: "a\0b\u{1}1.png".to_owned(), ..asset(1) },
        Asset { names: "\u{1}".to_owned(), ..asset(2) },
    ]);
    let index = library.index();
    assert_eq!(found(&index, &library, "name:\"a b 1\""), [1]);
    assert_eq!(found(&index, &library, "name:\u{1}"), [0_u32; 0]);
    assert_eq!(found(&index, &library, "\0"), [0_u32; 0]);
}

#[test]
fn what_the_disk_did_not_answer_matches_nothing() {
    let library = Library {
        recipes: vec![recipe("roses", &[], &[])],
        assets: vec![Asset { recipe: Some(0), names: "x".to_owned(), ..asset(1) }],
    };
    let index = library.index();
    let count = |text: &str| index.search(&Query::parse(text, &NOW), &Disk::new()).count();
    assert_eq!(count("roses"), 0);
    assert_eq!(count("x"), 1, "names are in memory");
    assert_eq!(count("KSampler.steps>0"), 0);
    assert_eq!(count("-KSampler.steps>0"), 1);
}

#[test]
fn ids_of_the_disk_beyond_the_index_do_no_harm() {
    let library = Library {
        recipes: vec![recipe("roses", &[], &[])],
        assets: vec![Asset { recipe: Some(0), ..asset(1) }],
    };
    let index = library.index();
    let query = Query::parse("roses *.steps:1", &NOW);
    let mut disk = Disk::new();
    let terms = query.disk_terms();
    let all = || {
        let mut all = Bits::with_capacity(1_000);
        all.insert_range(..);
        all
    };
    disk.set_texts(terms.texts[0].clone(), all());
    disk.set_recipes(terms.widgets[0].clone(), all());
    assert_eq!(index.search(&query, &disk).count(), 1);
}

#[test]
fn values_that_are_not_known_pass_no_test() {
    let library = library(vec![
        Asset { width: 0, height: 0, kind: Kind::Audio, ..asset(1) },
        Asset { took_ms: Some(0), ..asset(2) },
    ]);
    let index = library.index();
    for (text, wanted) in [
        ("size:<5000", vec![2]),
        ("size:>=0", vec![2]),
        ("size:>=0x0", vec![2]),
        ("size:<9mp", vec![2]),
        ("size:<2mb", vec![1, 2]),
        ("took:>=0", vec![2]),
        ("steps:>=0", vec![]),
        ("seed:0..", vec![]),
        ("-steps:>=0", vec![1, 2]),
    ] {
        assert_eq!(found(&index, &library, text), wanted, "{text}");
    }
}

#[test]
fn seeds_are_told_apart_to_the_last_digit() {
    let seeded = |seed| {
        let mut recipe = recipe("", &[], &[]);
        recipe.seed = Some(seed);
        recipe
    };
    let seeds = [9_007_199_254_740_992, 9_007_199_254_740_993, u64::MAX - 1, u64::MAX];
    let library = Library {
        recipes: seeds.map(seeded).to_vec(),
        assets: (0..4)
            .map(|number| Asset { recipe: Some(number as usize), ..asset(number) })
            .collect(),
    };
    let index = library.index();
    for (number, seed) in (0..).zip(seeds) {
        assert_eq!(found(&index, &library, &format!("seed:{seed}")), [number]);
    }
    assert_eq!(found(&index, &library, "seed:>=18446744073709551614"), [2, 3]);
}

#[test]
fn days_begin_in_the_artists_time() {
    let late = NOW.ms;
    let library = library(vec![
        Asset { created_at: late, ..asset(1) },
        // Half an hour later it is the next day.
        Asset { created_at: late + 1_800_000, ..asset(2) },
        Asset { created_at: late - DAY, ..asset(3) },
        Asset { created_at: i64::MIN, ..asset(4) },
        Asset { created_at: i64::MAX, ..asset(5) },
    ]);
    let index = library.index();
    let matches = index.search(&Query::default(), &Disk::new());
    let days: Vec<(u16, u32)> =
        index.days(&matches).iter().map(|day| (day.day, day.count)).collect();
    let today = u16::try_from(NOW.day_of(late)).unwrap();
    assert_eq!(days, [(0, 1), (today - 1, 1), (today, 1), (today + 1, 1), (u16::MAX, 1)]);
    assert_eq!(found(&index, &library, "date:today"), [1]);
}

#[test]
fn days_and_months_are_those_of_their_time_of_the_year() {
    let at = |moment: &str| moment.parse::<Timestamp>().unwrap().as_millisecond();
    let library = library(vec![
        // Half past midnight on the first of July, and half an hour before the new year.
        Asset { created_at: at("2026-06-30T22:30Z"), ..asset(1) },
        Asset { created_at: at("2025-12-31T22:30Z"), ..asset(2) },
    ]);
    let index = library.index_in(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap());
    let matches = index.search(&Query::default(), &Disk::new());
    let day =
        |day: Date| u16::try_from(day.duration_since(date(1970, 1, 1)).as_hours() / 24).unwrap();
    let days: Vec<u16> = index.days(&matches).iter().map(|day| day.day).collect();
    assert_eq!(days, [day(date(2025, 12, 31)), day(date(2026, 7, 1))]);
}
