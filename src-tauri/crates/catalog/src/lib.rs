//! The language that asks the library, and the index in memory that answers.
//!
//! [`Query::parse`] reads what the artist types in the one search field: words and tokens, each with
//! its place in the text, so that the page can draw tokens and point at what it does not understand.
//! [`Index`] has the columns of all assets in memory. What needs the disk (words in prompts, values of
//! widgets) is asked from the store first: [`Query::disk_terms`] says what, [`Disk`] brings the answer.
//!
//! Pure: no I/O, no clock, no randomness. What "today" means comes in as [`Now`].

mod complete;
mod index;
mod query;
mod text;

pub use complete::{Completing, Completion, MAX_COMPLETIONS, Widgets};
pub use index::{
    ALIKE, AssetRow, Bits, CatalogError, Change, DayCount, Disk, Facet, FacetList, FacetValue,
    Facets, Found, Index, MAX_ID, Marks, Matches, NameId, NameKind, Places, RecipeRow, Sort,
};
pub use query::{
    Column, DiskTerms, Fault, FlagValue, Has, IdKey, Is, Key, Kind, MAX_TOKENS, Measure, NameTest,
    NamedKey, Now, Number, NumberKey, Period, Query, Shape, SizeValue, Span, Term, Test, TextTerm,
    TextTest, TimeZone, Token, Unit, WidgetTerm, WidgetTest, has_token, named_token, widget_token,
    with_only_token, with_token, without_token,
};
