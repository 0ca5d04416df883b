//! Whether a value is fine for a knob.

use super::knob::{Branch, Kind, Knob};
use crate::{
    depth::too_deep,
    needs::is_model,
    preflight::{number::Number, same::same_value},
    prompt::{Input, input as read_input},
    read::MAX_WORKFLOW_BYTES,
};
use serde_json::{Value, value::RawValue};
use std::cmp::Ordering;
use thiserror::Error;

/// The longest value that is repeated in a sentence, in characters.
const LONGEST: usize = 60;

/// Why a value is not fine for a knob. Each is a sentence for a person.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Misfit {
    /// It is no JSON.
    #[error("The value of {label} is not JSON.")]
    NotJson {
        /// The knob's label.
        label: String,
    },
    /// It is too large or nested too deep.
    #[error("The value of {label} is larger than a workflow may be.")]
    TooLarge {
        /// The knob's label.
        label: String,
    },
    /// It would be read as a link to another node.
    #[error("The value of {label} would be read as a link to node {node}.")]
    IsLink {
        /// The knob's label.
        label: String,
        /// The node's id.
        node: String,
    },
    /// There is none.
    #[error("{label} is empty: {wants} is needed.")]
    Empty {
        /// The knob's label.
        label: String,
        /// What is needed.
        wants: &'static str,
    },
    /// It is of another type.
    #[error("{label} is {given}: {wants} is needed.")]
    WrongType {
        /// The knob's label.
        label: String,
        /// The value, cut short.
        given: String,
        /// What is needed.
        wants: &'static str,
    },
    /// It is below what the input takes.
    #[error("{label} is {given}: it must be {min} or more.")]
    TooSmall {
        /// The knob's label.
        label: String,
        /// The value, cut short.
        given: String,
        /// The least that is taken.
        min: String,
    },
    /// It is above what the input takes.
    #[error("{label} is {given}: it must be {max} or less.")]
    TooGreat {
        /// The knob's label.
        label: String,
        /// The value, cut short.
        given: String,
        /// The most that is taken.
        max: String,
    },
    /// The server's list does not have it.
    #[error("{label} is {given}, which is not in the server's list.")]
    NotInList {
        /// The knob's label.
        label: String,
        /// The value, cut short.
        given: String,
    },
}

/// Checks a value, as JSON text, against what a knob takes: its type, its range, its list. Steps are
/// not insisted on, as servers do not, and files may be sent that no server lists yet.
///
/// # Errors
/// See [`Misfit`].
pub fn check(knob: &Knob, json: &str) -> Result<(), Misfit> {
    let label = || knob.label.clone();
    if json.len() > MAX_WORKFLOW_BYTES || too_deep(json.as_bytes()) {
        return Err(Misfit::TooLarge { label: label() });
    }
    let raw: &RawValue =
        serde_json::from_str(json).map_err(|_| Misfit::NotJson { label: label() })?;
    if let Input::Link { node, .. } = read_input(raw) {
        return Err(Misfit::IsLink { label: label(), node });
    }
    let given = Given { knob, json: raw.get() };
    match &knob.kind {
        Kind::Int { min, max, .. } => given.number(true, min.as_deref(), max.as_deref()),
        Kind::Float { min, max, .. } => given.number(false, min.as_deref(), max.as_deref()),
        Kind::Boolean { .. } => given.starts_with(b"tf", "yes or no"),
        Kind::Text { .. } => given.starts_with(b"\"", "a text"),
        Kind::Choice { many: true, values, open } => given.choices(values, *open),
        Kind::Choice { values, open, .. } => given.choice(given.json, values, *open),
        Kind::DynamicChoice { options } => given.option(options),
        Kind::File { .. } => given.file(),
        Kind::Several { types } => given.one_of(types),
        Kind::Other { .. } => Ok(()),
    }
}

/// A value that is given to a knob: JSON that was read.
struct Given<'a> {
    knob: &'a Knob,
    json: &'a str,
}

impl Given<'_> {
    fn wrong(&self, wants: &'static str) -> Misfit {
        let label = self.knob.label.clone();
        match self.json {
            "null" | "\"\"" => Misfit::Empty { label, wants },
            json => Misfit::WrongType { label, given: shown(json), wants },
        }
    }

    fn not_listed(&self, json: &str) -> Misfit {
        Misfit::NotInList { label: self.knob.label.clone(), given: shown(json) }
    }

    fn starts_with(&self, starts: &[u8], wants: &'static str) -> Result<(), Misfit> {
        let fits = self.json.as_bytes().first().is_some_and(|first| starts.contains(first));
        if fits { Ok(()) } else { Err(self.wrong(wants)) }
    }

    fn number(&self, whole: bool, min: Option<&str>, max: Option<&str>) -> Result<(), Misfit> {
        let wants = if whole { "a whole number" } else { "a number" };
        let number = Number::of_json(self.json)
            .filter(|number| !whole || !matches!(number, Number::Float(_)))
            .ok_or_else(|| self.wrong(wants))?;
        let beyond = |limit: Option<&str>, order| {
            let limit = limit?;
            (number.compare(Number::of_json(limit)?) == Some(order)).then(|| limit.to_owned())
        };
        let (label, given) = (self.knob.label.clone(), shown(self.json));
        if let Some(min) = beyond(min, Ordering::Less) {
            return Err(Misfit::TooSmall { label, given, min });
        }
        match beyond(max, Ordering::Greater) {
            Some(max) => Err(Misfit::TooGreat { label, given, max }),
            None => Ok(()),
        }
    }

    fn choice(&self, json: &str, values: &[String], open: bool) -> Result<(), Misfit> {
        if matches!(json, "null" | "\"\"") && !values.iter().any(|value| value == json) {
            return Err(self.wrong("one of the list"));
        }
        // Lists that the page fills in are empty on the server, which looks at nothing then; lists of
        // models are not.
        let page_fills = values.is_empty() && !is_model(json.trim_matches('"'));
        if open || page_fills || is_listed(json, values) {
            return Ok(());
        }
        Err(self.not_listed(json))
    }

    fn choices(&self, values: &[String], open: bool) -> Result<(), Misfit> {
        let all: Vec<&RawValue> =
            serde_json::from_str(self.json).map_err(|_| self.wrong("a list of values"))?;
        all.into_iter().try_for_each(|one| self.choice(one.get(), values, open))
    }

    fn option(&self, options: &[Branch]) -> Result<(), Misfit> {
        let listed = options.iter().any(|option| is_same(self.json, &option.value));
        match self.json {
            _ if listed => Ok(()),
            "null" | "\"\"" => Err(self.wrong("one of the list")),
            json => Err(self.not_listed(json)),
        }
    }

    fn file(&self) -> Result<(), Misfit> {
        self.starts_with(b"\"", "a file")?;
        if self.json == "\"\"" { Err(self.wrong("a file")) } else { Ok(()) }
    }

    fn one_of(&self, types: &[String]) -> Result<(), Misfit> {
        let number = Number::of_json(self.json);
        let fits = types.iter().any(|kind| match kind.as_str() {
            "INT" => number.is_some_and(|number| !matches!(number, Number::Float(_))),
            "FLOAT" => number.is_some(),
            "STRING" => self.json.starts_with('"'),
            "BOOLEAN" => matches!(self.json, "true" | "false"),
            _ => true,
        });
        if fits { Ok(()) } else { Err(self.wrong("a value of another type")) }
    }
}

/// Whether a list of JSON texts has a value.
fn is_listed(json: &str, values: &[String]) -> bool {
    // Lists are written by us: a text has one form in them.
    match serde_json::from_str::<String>(json) {
        Ok(text) => {
            let form = Value::String(text).to_string();
            values.contains(&form)
        }
        Err(_) => values.iter().any(|value| is_same(json, value)),
    }
}

fn is_same(json: &str, other: &str) -> bool {
    json == other || serde_json::from_str(other).is_ok_and(|other| same_value(json, &other))
}

/// A value as it is repeated in a sentence: texts in quotes, all cut short.
fn shown(json: &str) -> String {
    if json.chars().nth(LONGEST).is_none() {
        return json.to_owned();
    }
    json.chars().take(LONGEST - 1).chain(['…']).collect()
}
