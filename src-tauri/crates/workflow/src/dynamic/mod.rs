//! Dynamic prompts: one text that stands for many, as `a {red|blue} coat, __season__`.
//!
//! The grammar is in `docs/DYNAMIC_PROMPTS.md`. The way of a text: [`parse`] reads it, which needs
//! nothing else and can be done while it is typed; [`Template::fill`] looks up its wildcards; what
//! comes of that, [`Prompts`], is counted, listed in full, or sampled.
//!
//! Sources: sd-dynamic-prompts (`docs/SYNTAX.md`, and the parser of its library, dynamicprompts)
//! and ComfyUI's page (`utils/formatUtil.ts`). Where these differ, the guide says what is done here.

mod all;
mod error;
mod fill;
mod list;
mod parse;
mod sample;
mod wildcards;

pub use all::All;
pub use error::{DynamicError, Place, Problem};
pub use wildcards::{MAX_FILE_BYTES, NoWildcards, WildcardFile, WildcardFileError, Wildcards};

use crate::chance::Dice;
use list::{List, Row};
use parse::Part;
use std::collections::HashSet;

/// The longest text that is read, and the longest result, in bytes.
pub const MAX_TEXT_BYTES: usize = 100_000;
/// How deep braces and wildcards may be within one another, together.
pub const MAX_DEPTH: usize = 64;
/// The most options that one choice may pick at once, as in `{100$$…}`.
pub const MAX_PICKS: usize = 100;
/// The most lines that the wildcards of one text may have, all files together.
pub const MAX_LINES: usize = 200_000;
/// The most choices that are made for one result.
pub const MAX_CHOICES: u64 = 10_000;

/// A text that was read, its wildcards not yet looked up.
#[derive(Clone, Debug)]
pub struct Template {
    parts: Vec<Part>,
}

/// Reads a text. Plain text is a text with one result.
///
/// # Errors
/// The first thing that cannot be read, and where. See [`Problem`].
pub fn parse(text: &str) -> Result<Template, DynamicError> {
    Ok(Template { parts: parse::text(text)? })
}

impl Template {
    /// Whether there is nothing to choose and nothing to look up, so there is one result.
    pub fn is_plain(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// The names of its own wildcards, each once, in the order of the text: `folder/colour`, or with
    /// `*` for several files.
    pub fn wildcards(&self) -> Vec<&str> {
        let mut names = Vec::new();
        parse::names(&self.parts, &mut names);
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(*name));
        names
    }

    /// Looks up the wildcards, and those within their lines.
    ///
    /// # Errors
    /// Wildcards that are nowhere, cannot be read or hold themselves, lines that cannot be read, and
    /// results that would be too long. See [`Problem`].
    pub fn fill(&self, wildcards: &impl Wildcards) -> Result<Prompts, DynamicError> {
        fill::fill(&self.parts, wildcards)
    }
}

/// All that a text stands for.
#[derive(Clone, Debug)]
pub struct Prompts {
    row: Row,
    lists: Vec<List>,
    count: u64,
}

impl Prompts {
    /// How many results [`all`](Self::all) gives; `u64::MAX` stands for that many or more.
    /// Options with the same text count each.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// All results, made one at a time. The order is always the same: the last choice of the text
    /// changes first, options come in their order, fewer picks before more.
    pub fn all(&self) -> All<'_> {
        All::new(&self.lists, &self.row)
    }

    /// One result by chance: always the same for the same seed and index. Weights are honoured.
    /// Samples of one seed may repeat.
    pub fn sample(&self, seed: u64, index: u64) -> String {
        sample::sample(&self.lists, &self.row, &mut Dice::of_run(seed, index))
    }
}
