//! The language of the search field.
//!
//! A text is a list of tokens between spaces, and all of them must hold: words, `"phrases"`, and
//! `key:value`. `-` before any of them negates it. Values are joined by commas (`model:flux,sdxl`: one
//! of them must hold) and may be in quotes. Numbers and dates compare: `>`, `<`, `>=`, `<=`, `20..30`,
//! `3+`. A key with a dot is a widget of a node: `KSampler.steps>30`, `*.denoise<0.5`.
//!
//! Reading never fails as a whole: what cannot be understood is a [`Fault`] at its token, and the
//! other tokens still apply.

mod disk;
mod fault;
mod measure;
mod number;
mod period;
mod read;
mod scan;
mod term;
mod write;

pub use disk::{DiskTerms, TextTerm, WidgetTerm};
pub use fault::Fault;
pub use jiff::tz::TimeZone;
pub use measure::{Measure, Unit};
pub use number::Number;
pub use period::{Now, Period};
pub(crate) use period::{WORDS as PERIODS, date_of, day_in};
pub(crate) use scan::{FieldKey, PieceShape, is_quote, pieces};
pub use term::{
    Column, FlagValue, Has, IdKey, Is, Key, Kind, NameTest, NamedKey, NumberKey, Shape, SizeValue,
    Term, Test, TextTest, WidgetTest,
};
pub use write::{has_token, named_token, widget_token, with_only_token, with_token, without_token};
pub(crate) use write::{value as written_value, widget_name};

/// Tokens of a query that are used. Each costs up to a few milliseconds in a large library.
pub const MAX_TOKENS: usize = 64;

/// Where something stands in the text. JavaScript counts in UTF-16 code units, Rust in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// First UTF-16 code unit.
    pub start_utf16: usize,
    /// UTF-16 code unit behind the last.
    pub end_utf16: usize,
}

impl Span {
    /// A part of a text, from a byte and up to another.
    #[must_use]
    pub(crate) fn of(text: &str, start: usize, end: usize) -> Self {
        let utf16 = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
        let start_utf16 = utf16(&text[..start]);
        Self { start, end, start_utf16, end_utf16: start_utf16 + utf16(&text[start..end]) }
    }
}

/// What the artist typed, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    tokens: Vec<Token>,
}

/// One piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// All of it, with the minus before it.
    pub span: Span,
    /// What stands behind the key and its operator; of a word or a phrase, all but the minus.
    pub value: Span,
    /// As typed.
    pub text: String,
    /// It must not hold.
    pub negated: bool,
    /// Its key, if it has one that is known.
    pub key: Option<Key>,
    /// What it asks for, or why it is not understood.
    pub meaning: Result<Term, Fault>,
}

impl Query {
    /// Reads a text. `now` says what `today` is, and when a day begins.
    #[must_use]
    pub fn parse(text: &str, now: &Now) -> Self {
        read::query(text, now)
    }

    /// Its tokens, in the order of the text.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// What is understood: whether it is negated, and what it asks for.
    pub fn terms(&self) -> impl Iterator<Item = (bool, &Term)> {
        self.tokens.iter().filter_map(|token| Some((token.negated, token.meaning.as_ref().ok()?)))
    }

    /// What is not understood, with its token.
    pub fn faults(&self) -> impl Iterator<Item = (&Token, &Fault)> {
        self.tokens.iter().filter_map(|token| Some((token, token.meaning.as_ref().err()?)))
    }

    /// The query without the token at this place of [`Query::tokens`].
    #[must_use]
    pub fn without(&self, place: usize) -> Self {
        let mut rest = self.clone();
        if place < rest.tokens.len() {
            rest.tokens.remove(place);
        }
        rest
    }

    /// What must be asked from the disk before an index can answer. See [`crate::Disk`].
    #[must_use]
    pub fn disk_terms(&self) -> DiskTerms {
        DiskTerms::of(self.terms().map(|(_, term)| term))
    }
}
