//! What a query needs to know from the disk.

use crate::parse;
use catalog::{Column, Number, Test, TextTerm, WidgetTerm, WidgetTest};

fn text(column: Column, words: &str, beginning: bool) -> TextTerm {
    TextTerm { column, words: words.to_owned(), beginning }
}

#[test]
fn words_phrases_and_widgets_are_asked_for_once() {
    let terms = parse(
        "rose \"clay pot\" rose -tag:x prompt:warm,\"window light\" negative:warm ?! \
         KSampler.steps>30 KSampler.steps>30 *.text:a,b pot",
    )
    .disk_terms();
    assert_eq!(
        terms.texts,
        [
            text(Column::Any, "rose", false),
            text(Column::Any, "clay pot", false),
            text(Column::Prompt, "warm", true),
            text(Column::Prompt, "window light", false),
            text(Column::Negative, "warm", true),
            text(Column::Any, "pot", true),
        ],
        "what has no letter is in no prompt"
    );
    let widget = |class: Option<&str>, input: &str, test| WidgetTerm {
        class: class.map(str::to_owned),
        input: Some(input.to_owned()),
        test,
    };
    let like = |text: &str| WidgetTest::Like { text: text.to_owned(), number: None };
    let above = WidgetTest::Number(Test::Above(Number::new(30.0).unwrap()));
    assert_eq!(
        terms.widgets,
        [
            widget(Some("KSampler"), "steps", above),
            widget(None, "text", like("a")),
            widget(None, "text", like("b")),
        ]
    );
    assert!(!terms.is_empty());
    assert!(parse("model:flux rating:3+ tag:x").disk_terms().is_empty());
}

#[test]
fn an_open_phrase_goes_on() {
    assert_eq!(parse("\"clay po").disk_terms().texts, [text(Column::Any, "clay po", true)]);
}
