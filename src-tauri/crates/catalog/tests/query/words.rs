//! Words, phrases, and how a text is cut into tokens.

use crate::{parse, term};
use catalog::{Query, Term};

fn word(text: &str, beginning: bool) -> Term {
    Term::Word { text: text.to_owned(), beginning }
}

fn phrase(text: &str) -> Term {
    Term::Phrase { text: text.to_owned(), open: false }
}

fn terms(query: &Query) -> Vec<(bool, Term)> {
    query.terms().map(|(negated, term)| (negated, term.clone())).collect()
}

#[test]
fn texts_are_cut_into_words_phrases_and_tokens() {
    let table: &[(&str, &[(bool, Term)])] = &[
        ("", &[]),
        ("   ", &[]),
        ("red", &[(false, word("red", true))]),
        ("loose red", &[(false, word("loose", false)), (false, word("red", true))]),
        // The last word that is wanted is being typed, also when tokens or unwanted words follow.
        ("red -blue", &[(false, word("red", true)), (true, word("blue", false))]),
        ("-blue", &[(true, word("blue", false))]),
        ("\"loose bouquet\"", &[(false, phrase("loose bouquet"))]),
        ("-\"loose bouquet\"", &[(true, phrase("loose bouquet"))]),
        ("“loose bouquet”", &[(false, phrase("loose bouquet"))]),
        ("\"loose bou", &[(false, Term::Phrase { text: "loose bou".to_owned(), open: true })]),
        (r#""a \"b\" \\ \c""#, &[(false, phrase(r#"a "b" \ \c"#))]),
        ("\"a\"b", &[(false, phrase("a")), (false, word("b", true))]),
        // Prompts are pasted as they are.
        (
            "clay pot, (masterpiece:1.2), 8k",
            &[
                (false, word("clay", false)),
                (false, word("pot", false)),
                (false, word("(masterpiece:1.2)", false)),
                (false, word("8k", true)),
            ],
        ),
        ("16:9", &[(false, word("16:9", true))]),
        ("1.5:1", &[(false, word("1.5:1", true))]),
        (":)", &[(false, word(":)", true))]),
        ("flux.1", &[(false, word("flux.1", true))]),
        ("lora", &[(false, word("lora", true))]),
        ("well-known", &[(false, word("well-known", true))]),
        ("--x", &[(true, word("-x", false))]),
    ];
    for (text, wanted) in table {
        assert_eq!(&terms(&parse(text)), wanted, "{text}");
    }
}

#[test]
fn places_are_told_in_bytes_and_in_utf16() {
    let text = "é🌷 -tag:\"für 🖨\"  x";
    let query = parse(text);
    let parts: Vec<&str> =
        query.tokens().iter().map(|token| &text[token.span.start..token.span.end]).collect();
    assert_eq!(parts, ["é🌷", "-tag:\"für 🖨\"", "x"]);
    let tag = &query.tokens()[1];
    assert_eq!(&text[tag.value.start..tag.value.end], "\"für 🖨\"");
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let span = |start: usize, end: usize| String::from_utf16(&utf16[start..end]).unwrap();
    assert_eq!(span(tag.span.start_utf16, tag.span.end_utf16), "-tag:\"für 🖨\"");
    assert_eq!(span(tag.value.start_utf16, tag.value.end_utf16), "\"für 🖨\"");
    assert_eq!(tag.text, "-tag:\"für 🖨\"");
}

#[test]
fn a_word_is_written_as_it_was_typed() {
    assert_eq!(term("Bouquet"), word("Bouquet", true));
}
