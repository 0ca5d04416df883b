//! Writes tokens, and adds and removes them in what the artist typed without touching the rest.

use super::{
    Now, Query, Token,
    number::Number,
    read::is_number_or_range,
    scan::{PieceShape, is_quote, pieces},
    term::{
        Column, Key, NameTest, NamedKey, NumberKey, SizeValue, Term, Test, TextTest, WidgetTest,
    },
};
use std::fmt::{self, Display};

/// What a value cannot begin with: it would be its operator.
const OPERATORS: [char; 6] = [':', '=', '<', '>', '≤', '≥'];

/// Text with a token added, as when the artist ticks something in the sidebar. If the same key stands
/// in the text already, the values join its list (`model=a` and `model=b` become `model=a,b`); the
/// same values negated are taken out. What is there already changes nothing.
#[must_use]
pub fn with_token(text: &str, token: &str) -> String {
    let Some((negated, wanted)) = single(token) else { return appended(text, token) };
    if has_token(text, token) {
        return text.to_owned();
    }
    let text = without_parts(text, !negated, &wanted);
    let query = Query::parse(&text, &Now::default());
    let joins = |token: &&Token| {
        !negated && !token.negated && parts_of(token).is_some_and(|parts| parts.head == wanted.head)
    };
    let Some(joined) = query.tokens().iter().find(joins) else {
        return appended(&text, &wanted.written(negated));
    };
    let mut parts = parts_of(joined).unwrap_or_default();
    if wanted.head == Key::Favourite.word() {
        // It is the one or the other.
        parts = wanted;
    } else {
        parts.add(&wanted);
    }
    replaced(&text, joined, &parts.written(false))
}

/// Text with a token taken out: those of its values that stand in a list of the same key, or the whole
/// token if no value is left.
#[must_use]
pub fn without_token(text: &str, token: &str) -> String {
    match single(token) {
        Some((negated, unwanted)) => without_parts(text, negated, &unwanted),
        None => text.to_owned(),
    }
}

/// Text with a token instead of all others of the same key.
#[must_use]
pub fn with_only_token(text: &str, token: &str) -> String {
    let Some((negated, wanted)) = single(token) else { return appended(text, token) };
    let same = |token: &Token| parts_of(token).is_some_and(|parts| parts.head == wanted.head);
    appended(&without_tokens(text, same), &wanted.written(negated))
}

/// Whether a token stands in a text, alone or as a part of a list.
#[must_use]
pub fn has_token(text: &str, token: &str) -> bool {
    let Some((negated, wanted)) = single(token) else { return false };
    let has = |token: &Token| {
        token.negated == negated
            && parts_of(token).is_some_and(|parts| {
                parts.head == wanted.head && wanted.alts.iter().all(|alt| parts.alts.contains(alt))
            })
    };
    Query::parse(text, &Now::default()).tokens().iter().any(has)
}

/// The token for a name and no other that contains it: `tag="for print"`.
#[must_use]
pub fn named_token(key: NamedKey, name: &str) -> String {
    format!("{}={}", key.word(), value(name))
}

/// The token for a value of a widget: a number as it is, a text as a part: `KSampler.steps=30`,
/// `CLIPTextEncode.text:"clay pot"`.
#[must_use]
pub fn widget_token(class: &str, input: &str, text: &str) -> String {
    let head = format!("{}.{}", widget_name(Some(class), true), widget_name(Some(input), false));
    match Number::read(text) {
        Some(number) => format!("{head}={number}"),
        None => format!("{head}:{}", quoted(text)),
    }
}

/// A token as a key and its values, each as it is written behind a colon.
#[derive(Clone, Debug, Default, PartialEq)]
struct Parts {
    head: String,
    alts: Vec<String>,
    /// A comparison stands behind the head without a colon.
    is_widget: bool,
}

impl Parts {
    fn new(head: &str, alts: Vec<String>) -> Self {
        Self { head: head.to_owned(), alts, is_widget: false }
    }

    fn add(&mut self, other: &Self) {
        for alt in &other.alts {
            if !self.alts.contains(alt) {
                self.alts.push(alt.clone());
            }
        }
    }

    fn written(&self, negated: bool) -> String {
        let minus = if negated { "-" } else { "" };
        format!("{minus}{self}")
    }
}

impl Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head)?;
        let bare: Option<Vec<&str>> = self.alts.iter().map(|alt| alt.strip_prefix('=')).collect();
        if let Some(bare) = bare {
            return write!(f, "={}", bare.join(","));
        }
        let compares = self.alts.len() == 1 && self.alts[0].starts_with(['<', '>']);
        let colon = if self.is_widget && compares { "" } else { ":" };
        write!(f, "{colon}{}", self.alts.join(","))
    }
}

fn single(token: &str) -> Option<(bool, Parts)> {
    let query = Query::parse(token, &Now::default());
    match query.tokens() {
        [only] => Some((only.negated, parts_of(only)?)),
        _ => None,
    }
}

fn parts_of(token: &Token) -> Option<Parts> {
    parts(token.meaning.as_ref().ok()?)
}

/// Nothing for words and phrases.
fn parts(term: &Term) -> Option<Parts> {
    let words = |head: &str, words: Vec<&str>| {
        Some(Parts::new(head, words.into_iter().map(str::to_owned).collect()))
    };
    match term {
        Term::Word { .. } | Term::Phrase { .. } => None,
        Term::Named { key, any } => Some(Parts::new(key.word(), all(any, name))),
        Term::Called { any } => Some(Parts::new(Key::Name.word(), all(any, name))),
        Term::Id { key, any } => Some(Parts::new(key.word(), any.clone())),
        Term::Text { column, any } => {
            let head = if *column == Column::Negative { "negative" } else { "prompt" };
            Some(Parts::new(head, all(any, text)))
        }
        Term::Number { key: NumberKey::Rating, any } => {
            Some(Parts::new(NumberKey::Rating.word(), all(any, stars)))
        }
        Term::Number { key, any } => Some(Parts::new(key.word(), all(any, test))),
        Term::Seed { any } => Some(Parts::new("seed", all(any, test))),
        Term::Size { any } => Some(Parts::new("size", all(any, test))),
        Term::Took { any } => Some(Parts::new("took", all(any, test))),
        Term::Date { any } => Some(Parts::new("date", all(any, test))),
        Term::Shape { any } => words("shape", any.iter().map(|shape| shape.word()).collect()),
        Term::Kind { any } => words("kind", any.iter().map(|kind| kind.word()).collect()),
        Term::Has { any } => words("has", any.iter().map(|has| has.word()).collect()),
        Term::Is { any } => words("is", any.iter().map(|is| is.word()).collect()),
        Term::Flag { any } => words("flag", any.iter().map(|flag| flag.word()).collect()),
        Term::Alike { any } => Some(Parts::new(Key::Like.word(), all(any, u32::to_string))),
        Term::SamePrompt { any } => {
            Some(Parts::new(Key::SamePrompt.word(), all(any, u32::to_string)))
        }
        Term::Favourite(is) => words(Key::Favourite.word(), vec![if *is { "yes" } else { "no" }]),
        Term::Widget { class, input, any } => {
            let class = widget_name(class.as_deref(), true);
            let input = widget_name(input.as_deref(), false);
            let head = format!("{class}.{input}");
            Some(Parts { head, alts: all(any, widget), is_widget: true })
        }
    }
}

fn all<T>(any: &[T], write: impl Fn(&T) -> String) -> Vec<String> {
    any.iter().map(write).collect()
}

fn name(test: &NameTest) -> String {
    match test {
        NameTest::Like(text) => value(text),
        NameTest::Is(text) => format!("={}", value(text)),
    }
}

fn text(test: &TextTest) -> String {
    match test {
        // Quotes would make it a phrase; behind an operator of its own its first sign is none.
        TextTest::Beginning(text) if text.starts_with(OPERATORS) => format!(":{text}"),
        TextTest::Beginning(text) => value(text),
        TextTest::Phrase(text) => quoted(text),
    }
}

fn test<T: Display>(test: &Test<T>) -> String {
    match test {
        Test::Is(value) => value.to_string(),
        Test::Above(low) => format!(">{low}"),
        Test::AtLeast(low) => format!(">={low}"),
        Test::Below(high) => format!("<{high}"),
        Test::AtMost(high) => format!("<={high}"),
        Test::Between(low, high) => format!("{low}..{high}"),
    }
}

fn stars(stars: &Test<Number>) -> String {
    match stars {
        Test::AtLeast(low) => format!("{low}+"),
        other => test(other),
    }
}

fn widget(test_of_value: &WidgetTest) -> String {
    let written = |text: &str, number: Option<Number>| {
        if number.is_none() && is_number_or_range(text) { quoted(text) } else { value(text) }
    };
    match test_of_value {
        WidgetTest::Like { text, number } => written(text, *number),
        WidgetTest::Equal { text, number } => format!("={}", written(text, *number)),
        WidgetTest::Number(number) => test(number),
    }
}

/// The name of a class or an input as it is written before a value; nothing is any.
pub(crate) fn widget_name(name: Option<&str>, of_class: bool) -> String {
    let Some(name) = name else { return "*".to_owned() };
    let special = |sign: char| {
        sign.is_whitespace()
            || is_quote(sign)
            || matches!(sign, ':' | '=' | '<' | '>' | '≤' | '≥' | ',')
            || (of_class && sign == '.')
    };
    let unclear = name.contains(special)
        || (of_class && (name.starts_with('-') || name.bytes().all(|byte| byte.is_ascii_digit())));
    if unclear { quoted(name) } else { name.to_owned() }
}

impl Display for SizeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Longer(side) => side.fmt(f),
            Self::Sides(width, height) => write!(f, "{width}x{height}"),
            Self::Pixels(measure) | Self::Bytes(measure) => measure.fmt(f),
        }
    }
}

/// A value as it is written behind a key: in quotes if it must be.
pub(crate) fn value(text: &str) -> String {
    let unclear = text.is_empty()
        || text.starts_with(is_quote)
        || text.starts_with(OPERATORS)
        || text.contains(|sign: char| sign.is_whitespace() || sign == ',');
    if unclear { quoted(text) } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        if super::scan::escapes(sign) {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// A query as it would be typed; what is not understood stays as it was.
impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, token) in self.tokens().iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            token.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.negated { "-" } else { "" };
        match &self.meaning {
            Err(_) => f.write_str(&self.text),
            Ok(Term::Word { text, .. }) => write!(f, "{minus}{text}"),
            Ok(Term::Phrase { text, open }) => {
                let end = if *open { "" } else { "\"" };
                write!(f, "{minus}\"{}{end}", escaped(text))
            }
            Ok(term) => match parts(term) {
                Some(parts) => f.write_str(&parts.written(self.negated)),
                None => f.write_str(&self.text),
            },
        }
    }
}

fn without_parts(text: &str, negated: bool, unwanted: &Parts) -> String {
    let mut text = text.to_owned();
    // From the end, so that what was found before stays where it is.
    for token in Query::parse(&text, &Now::default()).tokens().iter().rev() {
        let Some(mut parts) = parts_of(token) else { continue };
        if token.negated != negated || parts.head != unwanted.head {
            continue;
        }
        let before = parts.alts.len();
        parts.alts.retain(|alt| !unwanted.alts.contains(alt));
        if parts.alts.is_empty() {
            text = cut(&text, token);
        } else if parts.alts.len() < before {
            text = replaced(&text, token, &parts.written(negated));
        }
    }
    text
}

fn without_tokens(text: &str, unwanted: impl Fn(&Token) -> bool) -> String {
    let query = Query::parse(text, &Now::default());
    let unwanted = query.tokens().iter().rev().filter(|token| unwanted(token));
    unwanted.fold(text.to_owned(), |text, token| cut(&text, token))
}

fn replaced(text: &str, token: &Token, by: &str) -> String {
    format!("{}{by}{}", &text[..token.span.start], &text[token.span.end..])
}

/// Without a token and the spaces behind it, or before it if it is the last.
fn cut(text: &str, token: &Token) -> String {
    let (before, after) = (&text[..token.span.start], &text[token.span.end..]);
    let behind = after.trim_start();
    if behind.is_empty() { before.trim_end().to_owned() } else { format!("{before}{behind}") }
}

fn appended(text: &str, token: &str) -> String {
    let text = closed(text);
    let text = text.trim_end();
    if text.is_empty() { token.to_owned() } else { format!("{text} {token}") }
}

/// A text whose last quote is closed, so that more can stand behind it.
fn closed(text: &str) -> String {
    let last = pieces(text).pop();
    let open = last.is_some_and(|piece| {
        matches!(
            piece.shape,
            PieceShape::Phrase { open: true, .. } | PieceShape::Field { open: true, .. }
        )
    });
    if !open {
        return text.to_owned();
    }
    let backslashes = text.bytes().rev().take_while(|byte| *byte == b'\\').count();
    let last = if backslashes % 2 == 1 { "\\" } else { "" };
    format!("{text}{last}\"")
}
