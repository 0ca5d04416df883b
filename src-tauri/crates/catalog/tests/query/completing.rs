//! What is completed at a caret.

use crate::NOW;
use catalog::{Completing, Query};

/// A text with the caret as `|`: what would be replaced, and the rest of the query.
fn at(text: &str) -> (String, String) {
    let caret = text.find('|').unwrap();
    let text = text.replacen('|', "", 1);
    let completing = Completing::at(&text, caret, &NOW);
    let utf16 = text[..caret].encode_utf16().count();
    assert_eq!(Completing::at_utf16(&text, utf16, &NOW), completing, "{text}");
    let replace = completing.replace;
    (text[replace.start..replace.end].to_owned(), completing.rest.to_string())
}

#[test]
fn the_token_at_the_caret_is_replaced() {
    for (text, replaced, rest) in [
        ("|", "", ""),
        ("rose |", "", "rose"),
        ("rose mod|", "mod", "rose"),
        ("ro|se pot", "rose", "pot"),
        ("-mod|", "mod", ""),
        ("model:|", "", ""),
        ("model:fl| rose", "fl", "rose"),
        ("model:a,fl|", "fl", ""),
        ("model:a|,fl", "a", ""),
        ("model:a,|", "", ""),
        ("model:>=fl|", "fl", ""),
        ("tag:\"for pr|", "\"for pr", ""),
        ("tag:\"|", "\"", ""),
        ("rose KSampler.st|", "KSampler.st", "rose"),
        ("rose -\"A B\".st|x pot", "\"A B\".stx", "rose pot"),
        ("\"A B\" .st|", ".st", "\"A B\""),
        ("é🌷 tag:fü|r x", "für", "é🌷 x"),
    ] {
        assert_eq!(at(text), (replaced.to_owned(), rest.to_owned()), "{text}");
    }
}

#[test]
fn a_caret_outside_of_the_text_is_at_its_end() {
    let completing = Completing::at("model:é", 99, &NOW);
    assert_eq!(completing.replace.end, "model:é".len());
    // In the middle of a character.
    assert_eq!(Completing::at("é", 1, &NOW).replace.start, 0);
    assert_eq!(Completing::at("", 0, &NOW).rest, Query::default());
}
