//! Whether a value is one that a widget can hold.

use super::layout::{Holds, Widget};

/// Why a value does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It is of another type; what it should be.
    Type(&'static str),
    /// It is smaller or larger than allowed.
    Range,
    /// It is none of the choices.
    Choice,
}

/// What is wrong with a value, given as JSON.
pub(super) fn misfit(widget: &Widget, json: &str) -> Option<Misfit> {
    if let Some(wanted) = wrong_type(widget, json) {
        return Some(Misfit::Type(wanted));
    }
    match widget.holds {
        Holds::Whole | Holds::Float => {
            let value: f64 = json.parse().ok()?;
            if widget.holds == Holds::Whole && value.fract() != 0.0 {
                return Some(Misfit::Type("a whole number"));
            }
            let outside = widget.least.is_some_and(|least| value < least)
                || widget.greatest.is_some_and(|greatest| value > greatest);
            outside.then_some(Misfit::Range)
        }
        Holds::Choice => {
            // Files come and go, and models are looked for before a job is sent.
            let passed = widget.files || widget.choices.is_empty() || is_file(json);
            (!passed && !has_choice(widget, json)).then_some(Misfit::Choice)
        }
        _ => None,
    }
}

/// What a value should be, if it is of another type. A number is a number, whole or not.
pub(super) fn wrong_type(widget: &Widget, json: &str) -> Option<&'static str> {
    let first = json.as_bytes().first().copied().unwrap_or(b'n');
    let number = matches!(first, b'-' | b'0'..=b'9');
    match widget.holds {
        Holds::Whole => (!number).then_some("a whole number"),
        Holds::Float => (!number).then_some("a number"),
        Holds::Truth => (!matches!(json, "true" | "false")).then_some("true or false"),
        Holds::Text => (first != b'"').then_some("a text"),
        Holds::Choice => (widget.words && first != b'"').then_some("one of a list of words"),
        Holds::Curve | Holds::Other => None,
    }
}

fn has_choice(widget: &Widget, json: &str) -> bool {
    if widget.choices.iter().any(|choice| choice == json) {
        return true;
    }
    // The same text may be written with other escapes, and the same number with other digits.
    if json.contains('\\') {
        return widget.choices.iter().any(|choice| same_text(choice, json));
    }
    let Ok(number) = json.parse::<f64>() else { return false };
    widget.choices.iter().any(|choice| choice.parse() == Ok(number))
}

/// Whether a JSON text may name a model or another file.
fn is_file(json: &str) -> bool {
    let Some(text) = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')) else {
        return false;
    };
    crate::is_model(text)
        || text.rsplit_once('.').is_some_and(|(name, ending)| {
            !name.is_empty()
                && (2..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
        })
}

/// Whether two JSON texts are the same value.
pub(super) fn same_text(one: &str, other: &str) -> bool {
    if one == other || !other.contains('\\') {
        return one == other;
    }
    let plain = serde_json::from_str::<serde_json::Value>(other).map(|value| value.to_string());
    plain.is_ok_and(|plain| plain == one)
}
