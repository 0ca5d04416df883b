//! The language of the search field.
#![allow(missing_docs, clippy::unwrap_used)]

mod completing;
mod dates;
mod disk;
mod faults;
mod properties;
mod tokens;
mod words;
mod writing;

use catalog::{Fault, Now, Query, Term, TimeZone};
use jiff::tz;

/// Wednesday, 2026-10-07 23:30 in a place two hours ahead of UTC.
const NOW: Now = Now { ms: 1_791_408_600_000, zone: TimeZone::fixed(tz::offset(2)) };

fn parse(text: &str) -> Query {
    Query::parse(text, &NOW)
}

/// What the only token of a text means.
fn only(text: &str) -> Result<Term, Fault> {
    let query = parse(text);
    assert_eq!(query.tokens().len(), 1, "{text}");
    query.tokens()[0].meaning.clone()
}

fn term(text: &str) -> Term {
    only(text).unwrap_or_else(|fault| panic!("{text}: {}", fault.sentence))
}
