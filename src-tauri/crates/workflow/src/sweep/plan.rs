//! What the artist sets up for an axis, as it was typed; kept with the draft.

use super::{
    Address, Axis, AxisValue, JsonText, Set, SweepError,
    axis::{cut, short_label},
    range::{labels, range},
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The most that the values of an axis may take up, in bytes.
const MAX_AXIS_BYTES: usize = 64_000_000;
/// About what a value takes up beside its text, in bytes.
const SET_BYTES: usize = 100;

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
        let mut values = match &self.kind {
            AxisKind::Values { knobs } => self.listed(knobs)?,
            AxisKind::Range { knobs, text } => self.numbers(knobs, text)?,
            AxisKind::Replace { knobs, needle, with } => {
                self.replaced(knobs, needle, with, current)?
            }
            AxisKind::Presets { presets } => presets.clone(),
        };
        let mut seen: HashSet<Vec<Set>> = HashSet::new();
        values.retain(|value| seen.insert(value.sets.clone()));
        if !matches!(self.kind, AxisKind::Presets { .. }) {
            tell_apart(&mut values);
        }
        let axis = Axis { title: self.title.clone(), values };
        axis.check()?;
        Ok(axis)
    }

    fn listed(&self, knobs: &[KnobValues]) -> Result<Vec<AxisValue>, SweepError> {
        let Some(first) = knobs.first() else { return Err(self.no_knobs()) };
        let many = first.values.len();
        if let Some(uneven) = knobs.iter().find(|knob| knob.values.len() != many) {
            let (axis, other) = (self.title.clone(), uneven.values.len());
            return Err(SweepError::Uneven { axis, one: many, other });
        }
        let value = |at: usize| {
            let set =
                |knob: &KnobValues| Set { at: knob.at.clone(), value: knob.values[at].clone() };
            let sets: Vec<Set> = knobs.iter().map(set).collect();
            let labels: Vec<String> = sets.iter().map(|set| short_label(&set.value)).collect();
            AxisValue { label: cut(&labels.join(", ")), sets }
        };
        Ok((0..many).map(value).collect())
    }

    fn numbers(&self, knobs: &[Address], text: &str) -> Result<Vec<AxisValue>, SweepError> {
        let named = |problem| SweepError::Range { axis: self.title.clone(), problem };
        let (numbers, labels) = (range(text).map_err(named)?, labels(text).map_err(named)?);
        let numbers = numbers.into_iter().zip(labels);
        self.same(knobs, numbers.map(|(number, label)| (label, JsonText::number(number))).collect())
    }

    /// All knobs are given the same.
    fn same(
        &self,
        knobs: &[Address],
        values: Vec<(String, JsonText)>,
    ) -> Result<Vec<AxisValue>, SweepError> {
        if knobs.is_empty() {
            return Err(self.no_knobs());
        }
        let bytes = values.iter().map(|(_, value)| value.as_str().len().saturating_add(SET_BYTES));
        self.room(bytes.fold(0, usize::saturating_add).saturating_mul(knobs.len()))?;
        let value = |(label, value): (String, JsonText)| {
            let set = |at: &Address| Set { at: at.clone(), value: value.clone() };
            AxisValue { label, sets: knobs.iter().map(set).collect() }
        };
        Ok(values.into_iter().map(value).collect())
    }

    fn replaced(
        &self,
        knobs: &[Address],
        needle: &str,
        with: &[String],
        current: impl Fn(&Address) -> Option<String>,
    ) -> Result<Vec<AxisValue>, SweepError> {
        let axis = || self.title.clone();
        if knobs.is_empty() {
            return Err(self.no_knobs());
        }
        if needle.is_empty() {
            return Err(SweepError::NoNeedle { axis: axis() });
        }
        let mut texts = Vec::with_capacity(knobs.len());
        let mut bytes = 0_usize;
        for at in knobs {
            let Some(text) = current(at) else {
                return Err(SweepError::NotText { axis: axis(), at: at.clone() });
            };
            let times = text.matches(needle).count();
            if times == 0 {
                let needle = needle.to_owned();
                return Err(SweepError::NotInText { axis: axis(), needle, at: at.clone() });
            }
            let value = |word: &String| {
                times.saturating_mul(word.len()).saturating_add(text.len() + SET_BYTES)
            };
            bytes = with.iter().map(value).fold(bytes, usize::saturating_add);
            texts.push((at, text));
        }
        self.room(bytes)?;
        let words = std::iter::once(needle).chain(with.iter().map(String::as_str));
        let value = |word: &str| {
            let set = |(at, text): &(&Address, String)| Set {
                at: (*at).clone(),
                value: JsonText::string(&text.replace(needle, word)),
            };
            AxisValue { label: cut(word), sets: texts.iter().map(set).collect() }
        };
        Ok(words.map(value).collect())
    }

    fn no_knobs(&self) -> SweepError {
        SweepError::NoKnobs { axis: self.title.clone() }
    }

    /// Whether values of so many bytes are not too much.
    fn room(&self, bytes: usize) -> Result<(), SweepError> {
        if bytes > MAX_AXIS_BYTES {
            return Err(SweepError::TooLarge { axis: self.title.clone() });
        }
        Ok(())
    }
}

/// Gives values with the same label the whole text of what they set, and a number if that is the
/// same too.
fn tell_apart(values: &mut [AxisValue]) {
    let mut many: HashMap<String, usize> = HashMap::new();
    for value in values.iter() {
        *many.entry(value.label.clone()).or_default() += 1;
    }
    for value in values.iter_mut().filter(|value| many[&value.label] > 1) {
        let whole = value.sets.iter().map(|set| set.value.as_string().unwrap_or_default());
        let whole = cut(&whole.collect::<Vec<_>>().join(", "));
        value.label = if whole == "empty" { value.label.clone() } else { whole };
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for value in values {
        let before = seen.entry(value.label.clone()).or_default();
        *before += 1;
        if *before > 1 {
            value.label = format!("{} ({before})", value.label);
        }
    }
}
