//! What the artist sets up for an axis, as it was typed; kept with the draft.

use super::{Address, Axis, AxisValue, JsonText, SweepError};
use serde::{Deserialize, Serialize};

/// An axis as the artist set it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AxisPlan {
    /// What the artist reads: `CFG`.
    pub title: String,
    /// Where its values come from.
    #[serde(flatten)]
    pub kind: AxisKind,
}

/// Where the values of an axis come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum AxisKind {
    /// Lists of values, such as models; several knobs move together, so all lists are as long.
    Values {
        /// The knobs.
        knobs: Vec<KnobValues>,
    },
    /// Numbers as a text: `0.25..1 step 0.25`. See [`range`](super::range).
    Range {
        /// The knobs; all are given the same number.
        knobs: Vec<Address>,
        /// The text.
        text: String,
    },
    /// Search and replace in texts. The first value is the texts as they are.
    Replace {
        /// The knobs; each has the needle in its text.
        knobs: Vec<Address>,
        /// What is searched for, exactly.
        needle: String,
        /// What it is replaced with, each in turn.
        with: Vec<String>,
    },
    /// Whole presets, as they are: a name and what it sets.
    Presets {
        /// The presets.
        presets: Vec<AxisValue>,
    },
    /// Prompts, one a line. Empty lines are left out.
    Prompts {
        /// The knobs; all are given the same prompt.
        knobs: Vec<Address>,
        /// The prompts.
        text: String,
    },
}

/// A knob and its values along an axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnobValues {
    /// The knob.
    pub at: Address,
    /// Its values.
    pub values: Vec<JsonText>,
}

impl AxisPlan {
    /// Makes the axis. `current` gives the text that a knob has now; it is asked for search and
    /// replace only. Values that set the same as an earlier one are left out: the server would
    /// run such a job without making anything.
    ///
    /// # Errors
    /// No values, too many, lists of different lengths, texts that are not numbers, a needle that is
    /// not there, an input set twice.
    pub fn axis(&self, current: impl Fn(&Address) -> Option<String>) -> Result<Axis, SweepError> {
        let _ = current;
        todo!()
    }
}
