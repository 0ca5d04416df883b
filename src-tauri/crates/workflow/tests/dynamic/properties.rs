//! Any text, with any wildcards.

use crate::support::{Files, prompts};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use workflow::dynamic::{Prompts, WildcardFile, parse};

/// Texts of the pieces that mean something.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "{",
            "{",
            "|",
            "|",
            "}",
            "}",
            "__",
            "_",
            "$$",
            "2$$",
            "1-2$$",
            "0-$$",
            "-$$",
            " and $$",
            "::",
            "3::",
            "0::",
            "0.5::",
            "\\",
            "//",
            "/*",
            "*/",
            "\n",
            "${",
            "${a=",
            "__a__",
            "__b__",
            "__a*__",
            "__c/d__",
            "#",
            "a",
            "b",
            " ",
            "*",
            "\u{e9}",
            "\u{1f98a}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Texts that can be read.
fn well_formed() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["a", "b", "", " ", "__a__", "__b__", "__*__", "(w:1.2)", "{x}"])
            .prop_map(str::to_owned),
        "[a-z ]{0,5}",
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let head = prop::sample::select(vec![
            "",
            "",
            "",
            "2$$",
            "1-2$$+$$",
            "0-1$$",
            "-2$$ and $$",
            "3$$",
        ]);
        let weight = prop::sample::select(vec!["", "", "2::", "0.25::", " 1::"]);
        prop_oneof![
            (head, prop::collection::vec((weight, inner.clone()), 2..4)).prop_map(
                |(head, options)| {
                    let options: Vec<String> = options
                        .into_iter()
                        .map(|(weight, option)| format!("{weight}{option}"))
                        .collect();
                    format!("{{{head}{}}}", options.join("|"))
                }
            ),
            prop::collection::vec(inner, 1..3).prop_map(|parts| parts.join(" ")),
        ]
    })
}

fn files() -> impl Strategy<Value = Files> {
    let names = prop::sample::select(vec!["a", "b", "ab", "c/d"]).prop_map(str::to_owned);
    let lines = prop::collection::vec(text(), 0..4).prop_map(|lines| lines.join("\n"));
    prop::collection::btree_map(names, lines, 0..4).prop_map(Files)
}

fn plain_files() -> impl Strategy<Value = Files> {
    let lines = || prop::collection::vec("(2::)?[a-z]{1,3}( \\{x\\|y\\})?", 1..4);
    (lines(), lines()).prop_map(|(a, b)| {
        Files(BTreeMap::from([("a".to_owned(), a.join("\n")), ("b".to_owned(), b.join("\n"))]))
    })
}

/// What holds for all results.
fn check(prompts: &Prompts) {
    const MOST: u64 = 300;
    let all: Vec<String> = prompts.all().take(MOST as usize + 1).collect();
    assert!(all.iter().all(|text| text.len() <= workflow::dynamic::MAX_TEXT_BYTES));
    assert_eq!(all.len() as u64, prompts.count().min(MOST + 1));
    let again: Vec<String> = prompts.all().take(MOST as usize + 1).collect();
    assert_eq!(all, again);
    let set: HashSet<&String> = all.iter().collect();
    for index in 0..20 {
        let sample = prompts.sample(9, index);
        assert_eq!(sample, prompts.sample(9, index));
        assert!(prompts.count() > MOST || set.contains(&sample), "{sample} is not among {all:?}");
    }
}

/// All results of a small text by cutting and pasting, inner braces first; some more than once.
fn listed(text: &str) -> Vec<String> {
    let Some(end) = text.find('}') else { return vec![text.to_owned()] };
    let begin = text[..end].rfind('{').unwrap();
    let mut all = Vec::new();
    for option in text[begin + 1..end].split('|') {
        all.extend(listed(&format!("{}{option}{}", &text[..begin], &text[end + 1..])));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_is_read_or_named(text in text(), files in files()) {
        match prompts(&text, &files) {
            Ok(prompts) => check(&prompts),
            Err(error) => {
                let said = error.to_string();
                prop_assert!(said.ends_with('.'), "{}", said);
                if error.place.file.is_none() {
                    prop_assert!(error.place.character <= text.chars().count());
                }
            }
        }
    }

    #[test]
    fn any_characters_are_read_or_named(text in any::<String>()) {
        if let Ok(prompts) = prompts(&text, &Files::default()) {
            check(&prompts);
        }
    }

    #[test]
    fn what_is_well_formed_is_read(text in well_formed(), files in plain_files()) {
        let prompts = prompts(&text, &files).unwrap_or_else(|error| panic!("{text}: {error}"));
        check(&prompts);
    }

    #[test]
    fn a_seed_gives_the_same_texts_again(
        text in well_formed(),
        files in plain_files(),
        seed in any::<u64>(),
        places in prop::collection::vec(any::<u64>(), 1..8),
    ) {
        let read = || prompts(&text, &files).unwrap();
        let first: Vec<String> = {
            let prompts = read();
            places.iter().map(|place| prompts.sample(seed, *place)).collect()
        };
        // Read anew, as after a restart, and in another order.
        let prompts = read();
        let again: Vec<String> =
            places.iter().rev().map(|place| prompts.sample(seed, *place)).collect();
        prop_assert_eq!(first, again.into_iter().rev().collect::<Vec<_>>());
    }

    #[test]
    fn results_are_those_of_a_plain_reading(text in "([ab ]{0,2}\\{[ab]{0,2}\\|([ab]\\{c\\|d\\})?[ab]?\\}){0,3}") {
        let prompts = prompts(&text, &Files::default()).unwrap();
        let all: BTreeSet<String> = prompts.all().collect();
        prop_assert_eq!(all, listed(&text).into_iter().collect());
    }

    #[test]
    fn escaped_text_stands_for_itself(text in any::<String>()) {
        let special = |char: char| matches!(char, '{' | '}' | '|' | '_' | '$' | '#' | '/');
        // A backslash before anything else stays, so it cannot be escaped alone.
        let text = text.replace('\\', "");
        let escaped: String = text
            .chars()
            .flat_map(|char| special(char).then_some('\\').into_iter().chain([char]))
            .collect();
        let template = parse(&escaped).unwrap();
        prop_assert!(template.is_plain());
        prop_assert_eq!(prompts(&escaped, &Files::default()).unwrap().sample(0, 0), text);
    }

    #[test]
    fn any_bytes_are_lines_or_named(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(file) = WildcardFile::read(&bytes) {
            for (number, line) in file.lines() {
                prop_assert!(*number >= 1 && !line.is_empty() && !line.starts_with('#'));
            }
        }
    }
}
