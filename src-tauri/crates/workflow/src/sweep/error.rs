//! What can be wrong with a sweep.

use super::{Address, MAX_AXES, MAX_CELLS};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is wrong with a sweep. Displayed as a sentence for the artist.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SweepError {
    /// No axes.
    #[error("A sweep needs an axis. Choose a knob to change.")]
    NoAxes,
    /// More axes than a sheet has.
    #[error(
        "A sweep has up to {MAX_AXES} axes, this one has {axes}. Move knobs together as one axis."
    )]
    TooManyAxes {
        /// How many.
        axes: usize,
    },
    /// An axis without values.
    #[error("The axis {axis} has no values. Add one, or take the axis away.")]
    NoValues {
        /// Its title.
        axis: String,
    },
    /// An axis without knobs.
    #[error("The axis {axis} changes no knob. Choose one.")]
    NoKnobs {
        /// Its title.
        axis: String,
    },
    /// More cells than can be queued.
    #[error("This sweep would have {} cells. {} are the most: take values away, or an axis.", grouped(*cells), grouped(MAX_CELLS as u128))]
    TooManyCells {
        /// How many; `u128::MAX` stands for that many or more. A string in JSON.
        #[serde(with = "number_as_text")]
        cells: u128,
    },
    /// Values of an axis that take up too much.
    #[error("The values of the axis {axis} take up more than 64 MB. Use fewer or shorter ones.")]
    TooLarge {
        /// Its title.
        axis: String,
    },
    /// Two axes that set the same input.
    #[error("The axes {one} and {other} both set {} of node {}. Take it out of one of them.", at.input, at.node)]
    SameInput {
        /// The input.
        at: Address,
        /// The title of the one, or its place if both have the same title.
        one: String,
        /// The title of the other.
        other: String,
    },
    /// A value that sets an input twice.
    #[error("The value {value} of the axis {axis} sets {} of node {} twice.", at.input, at.node)]
    SetTwice {
        /// The input.
        at: Address,
        /// The title of the axis.
        axis: String,
        /// The label of the value.
        value: String,
    },
    /// Knobs that move together, with lists of different lengths.
    #[error(
        "The knobs of the axis {axis} move together, but one has {one} values and another {other}. Give each as many."
    )]
    Uneven {
        /// The title of the axis.
        axis: String,
        /// How many the first has.
        one: usize,
        /// How many another has.
        other: usize,
    },
    /// Nothing to search for.
    #[error("The axis {axis} searches for nothing. Say which words are to be replaced.")]
    NoNeedle {
        /// The title of the axis.
        axis: String,
    },
    /// A text without the needle.
    #[error("The axis {axis} searches for \"{needle}\", which is not in {} of node {}.", at.input, at.node)]
    NotInText {
        /// The title of the axis.
        axis: String,
        /// What was searched for.
        needle: String,
        /// The input.
        at: Address,
    },
    /// Search and replace in what is not a text.
    #[error("The axis {axis} searches in {} of node {}, which is not a text.", at.input, at.node)]
    NotText {
        /// The title of the axis.
        axis: String,
        /// The input.
        at: Address,
    },
    /// Numbers that cannot be read.
    #[error("The axis {axis}: {problem}")]
    Range {
        /// The title of the axis.
        axis: String,
        /// What is wrong.
        problem: RangeProblem,
    },
    /// A value that the axis has.
    #[error("The axis {axis} has the value {value} already.")]
    HasValue {
        /// The title of the axis.
        axis: String,
        /// The label of the value.
        value: String,
    },
    /// An axis that is not there.
    #[error("This sweep has no axis number {number}.")]
    NoSuchAxis {
        /// Which, from 1.
        number: usize,
    },
}

/// What is wrong with the text of a range.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RangeProblem {
    /// Not a number.
    #[error(
        "\"{text}\" is not a number. Write numbers with commas between, or a range such as 0.25..1 step 0.25."
    )]
    NotNumber {
        /// What was written.
        text: String,
    },
    /// More digits than are counted with.
    #[error("{text} has more digits than can be stepped through.")]
    TooManyDigits {
        /// What was written.
        text: String,
    },
    /// Decimals without a step.
    #[error("{text} needs a step, such as {text} step 0.25.")]
    NoStep {
        /// What was written.
        text: String,
    },
    /// A step that never gets there.
    #[error("{text} never gets to its end. Choose another step.")]
    BadStep {
        /// What was written.
        text: String,
    },
    /// More numbers than a sweep has cells.
    #[error("{text} makes more than {} values.", grouped(MAX_CELLS as u128))]
    TooMany {
        /// What was written.
        text: String,
    },
}

/// A number with commas between thousands.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Numbers beyond what JSON's readers keep, as texts.
mod number_as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
