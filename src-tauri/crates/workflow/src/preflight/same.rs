//! Whether a value of a prompt is one of a list, by Python's `==`.

use super::{class::Spec, number::Number};
use serde_json::Value;
use std::cmp::Ordering;

/// Lists up to this long are searched from one end to the other.
const SHORT: usize = 16;
/// Long ones too, so many times: putting one in order costs about as much.
const FEW_LOOKS: u32 = 64;

/// Whether the list of an input has the value.
pub(super) fn is_listed(spec: &Spec<'_>, raw: &str) -> bool {
    let Some(list) = spec.list() else { return true };
    if let Ok(text) = serde_json::from_str::<String>(raw) {
        return has_text(spec, list, &text);
    }
    list.iter().any(|value| !value.is_string() && same_value(raw, value))
}

/// Whether the list of an input has a text.
pub(super) fn has_text(spec: &Spec<'_>, list: &[Value], text: &str) -> bool {
    let looks = spec.looks.get();
    spec.looks.set(looks.saturating_add(1));
    if list.len() <= SHORT || looks < FEW_LOOKS {
        return list.iter().any(|value| value.as_str() == Some(text));
    }
    let text_at = |place: &u32| list.get(*place as usize).and_then(Value::as_str).unwrap_or("");
    let sorted = spec.sorted.get_or_init(|| {
        let texts = list.iter().enumerate().filter(|(_, value)| value.is_string());
        let mut places: Vec<u32> = texts.filter_map(|(place, _)| place.try_into().ok()).collect();
        places.sort_unstable_by_key(text_at);
        places
    });
    sorted.binary_search_by_key(&text, text_at).is_ok()
}

/// Whether a value, as JSON text, is equal to another: `1`, `1.0` and `true` are.
pub(crate) fn same_value(raw: &str, other: &Value) -> bool {
    let number = match raw {
        "true" => Some(Number::Whole(1)),
        "false" => Some(Number::Whole(0)),
        _ => Number::of_json(raw),
    };
    if let Some(number) = number {
        let other = match other {
            Value::Bool(is) => Some(Number::Whole((*is).into())),
            other => Number::of_value(other),
        };
        return other.and_then(|other| number.compare(other)) == Some(Ordering::Equal);
    }
    match other {
        Value::String(text) => serde_json::from_str::<String>(raw).is_ok_and(|raw| raw == *text),
        Value::Null => raw == "null",
        Value::Array(_) | Value::Object(_) => {
            serde_json::from_str::<Value>(raw).is_ok_and(|raw| raw == *other)
        }
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_equal_as_in_python() {
        for (raw, other, same) in [
            ("1", json!(1.0), true),
            ("1.0", json!(1), true),
            ("true", json!(1), true),
            ("0", json!(false), true),
            ("\"1\"", json!(1), false),
            ("1", json!("1"), false),
            ("\"\\u0061\"", json!("a"), true),
            ("null", json!(null), true),
            ("null", json!("null"), false),
            ("[1,2]", json!([1, 2]), true),
            ("18446744073709551615", json!(u64::MAX), true),
            ("18446744073709551614", json!(u64::MAX), false),
        ] {
            assert_eq!(same_value(raw, &other), same, "{raw} and {other}");
        }
    }
}
