//! What holds for any text.

use crate::{NOW, parse};
use catalog::{Completing, Fault, Query, Term, has_token, with_token, without_token};
use proptest::{collection::vec, prelude::*, sample::select};

/// Pieces of the language, and what is near to it.
const PIECES: &[&str] = &[
    "rose",
    "-",
    "--",
    "\"",
    "“",
    "\\",
    "\"a b\"",
    ":",
    "=",
    ">",
    "<=",
    "≥",
    ",",
    "..",
    "+",
    " ",
    "  ",
    "\t",
    "model:",
    "tag=",
    "rating:",
    "date:",
    "size:",
    "KSampler.",
    "*.",
    ".",
    "steps>",
    "3",
    "20..30",
    "1024x1536",
    "2mp",
    "today",
    "2026-10",
    "0.5",
    "1e300",
    "-1",
    "é",
    "🌷",
    "seed:",
    "has:lora",
    "is:",
    "fav:yes",
    "took:2m",
    "prompt:",
    "x,y",
    "name:",
    "job:",
    ";",
    "(a:1.2)",
    "flag:",
    "shape:square",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => vec(select(PIECES), 0..14).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => "[ -~]{0,40}",
    ]
}

/// What a query means, wherever its tokens stand.
fn meaning(query: &Query) -> Vec<(bool, Result<Term, Fault>)> {
    query.tokens().iter().map(|token| (token.negated, token.meaning.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..Default::default() })]

    #[test]
    fn any_text_is_read_and_places_are_in_order(text in text()) {
        let query = parse(&text);
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let mut end = 0;
        for token in query.tokens() {
            let (span, value) = (token.span, token.value);
            prop_assert!(end <= span.start && span.start < span.end && span.end <= text.len());
            prop_assert!(span.start <= value.start && value.start <= value.end);
            prop_assert_eq!(value.end, span.end);
            prop_assert_eq!(&text[span.start..span.end], &token.text);
            prop_assert!(text.is_char_boundary(value.start));
            let part = String::from_utf16(&utf16[span.start_utf16..span.end_utf16]);
            prop_assert_eq!(part.unwrap(), token.text.as_str());
            let between: &str = &text[end..span.start];
            prop_assert!(between.chars().all(char::is_whitespace), "nothing is passed over");
            end = span.end;
        }
        prop_assert!(text[end..].chars().all(char::is_whitespace));
    }

    #[test]
    fn what_is_written_means_the_same(text in text()) {
        let query = parse(&text);
        let written = query.to_string();
        let again = parse(&written);
        prop_assert_eq!(meaning(&again), meaning(&query), "written as {}", written);
        prop_assert_eq!(again.to_string(), written);
    }

    #[test]
    fn a_token_that_is_added_is_there_and_can_be_removed(
        text in text(),
        token in select(&[
            "model=a", "tag=\"for print\"", "-has:lora", "rating:3+", "date:2026-10", "fav:yes",
            "KSampler.steps>30", "kind:video", "shape:square", "is:binned",
        ][..]),
    ) {
        let with = with_token(&text, token);
        prop_assert!(has_token(&with, token), "{}", with);
        let without = without_token(&with, token);
        prop_assert!(!has_token(&without, token), "{}", without);
        if !has_token(&text, token) {
            // Words stay, whatever is added.
            let words = |text: &str| -> Vec<String> {
                let is_word = |term: &Term| matches!(term, Term::Word { .. } | Term::Phrase { .. });
                let query = parse(text);
                let words = query.tokens().iter().filter(|token| token.meaning.as_ref().is_ok_and(is_word));
                words.map(|token| token.to_string().trim_end_matches('"').to_owned()).collect()
            };
            prop_assert_eq!(words(&with), words(&text));
        }
    }

    #[test]
    fn completion_replaces_a_part_of_the_text(text in text(), caret in 0_usize..60) {
        let completing = Completing::at(&text, caret, &NOW);
        let replace = completing.replace;
        prop_assert!(replace.start <= replace.end && replace.end <= text.len());
        prop_assert!(text.is_char_boundary(replace.start) && text.is_char_boundary(replace.end));
        prop_assert!(completing.rest.tokens().len() <= parse(&text).tokens().len());
        let utf16 = text[..replace.start].encode_utf16().count();
        prop_assert_eq!(utf16, replace.start_utf16);
        let _ = Completing::at_utf16(&text, caret, &NOW);
    }
}
