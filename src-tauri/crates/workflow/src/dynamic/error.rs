//! What can be wrong with a dynamic prompt, and where.

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// What is wrong with a dynamic prompt, and where. Displayed as a sentence for the artist.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{place}{problem}")]
pub struct DynamicError {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// A place in a text or in a wildcard file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The wildcard file and its line, from 1; the text itself if there is none.
    pub file: Option<(String, usize)>,
    /// Which character, from 0: Unicode characters, not bytes. (In JavaScript: an index into
    /// `[...text]`.)
    pub character: usize,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Problem {
    /// More text than is read.
    #[error("this text has more than {most} bytes.")]
    TooLong {
        /// How many are allowed.
        most: usize,
    },
    /// Braces or wildcards too deep within one another.
    #[error("choices are more than {most} deep within one another. Make it flatter.")]
    TooDeep {
        /// How many are allowed.
        most: usize,
    },
    /// A choice without an end.
    #[error("this {{ begins a choice that has no }}. Add the }}, or write \\{{ for a plain brace.")]
    Unclosed,
    /// A weight that is no number from 0 to 1,000,000 with at most six digits behind the point.
    #[error(
        "the weight {weight} cannot be used. Weights go from 0 to 1000000, with up to six digits behind the point."
    )]
    Weight {
        /// As it was written.
        weight: String,
    },
    /// All options weigh 0.
    #[error("all options of this choice have the weight 0, so none can be chosen.")]
    NoWeight,
    /// All lines of a wildcard weigh 0.
    #[error("all lines of the wildcard {name} have the weight 0, so none can be chosen.")]
    NoWeightIn {
        /// Its name.
        name: String,
    },
    /// More picks than are made.
    #[error("this choice picks {picks} options. {most} are the most.")]
    TooManyPicks {
        /// As it was written, or how many options there are.
        picks: String,
        /// How many are allowed.
        most: usize,
    },
    /// A variable of sd-dynamic-prompts.
    #[error(
        "variables such as ${{{name}}} are not known here. Write \\$ before the brace for plain text."
    )]
    Variable {
        /// Its name.
        name: String,
    },
    /// A wildcard of which there is no file.
    #[error("there is no wildcard {name}. Add a file {name}.txt, or write \\__ for plain text.")]
    Unknown {
        /// As it was written.
        name: String,
    },
    /// A wildcard whose name leads out of the folder.
    #[error("the wildcard {name} leads out of the wildcard folder. Leave out the .. in its name.")]
    Outside {
        /// As it was written.
        name: String,
    },
    /// A wildcard file that cannot be read.
    #[error("the wildcard {name} cannot be read: {why}")]
    Unreadable {
        /// Its name.
        name: String,
        /// A sentence.
        why: String,
    },
    /// A wildcard without lines.
    #[error("the wildcard {name} has no lines to choose from.")]
    Empty {
        /// Its name.
        name: String,
    },
    /// A wildcard within itself.
    #[error("wildcards include themselves: {}. Take one of them out.", names.join(", then "))]
    Circle {
        /// The names on the circle; the last is the first again.
        names: Vec<String>,
    },
    /// Too many lines.
    #[error("the wildcards of this text have more than {most} lines together.")]
    TooManyLines {
        /// How many are allowed.
        most: usize,
    },
    /// Too much text in wildcards.
    #[error("the wildcards of this text have more than {most} MB together.")]
    WildcardsTooLarge {
        /// How many are allowed, in MB.
        most: usize,
    },
    /// Results that may become too long.
    #[error("a result could have more than {most} bytes. Use shorter lines, or fewer picks.")]
    ResultTooLong {
        /// How many are allowed.
        most: usize,
    },
    /// Results of too many parts.
    #[error("a result could need more than {most} choices. Use fewer wildcards within wildcards.")]
    TooManyChoices {
        /// How many are allowed.
        most: u64,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, line)) = &self.file {
            write!(f, "In the wildcard {file}, line {line}: at ")?;
        } else {
            f.write_str("At ")?;
        }
        write!(f, "character {}, ", self.character + 1)
    }
}
