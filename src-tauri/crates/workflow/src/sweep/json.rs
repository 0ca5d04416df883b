//! A value as its JSON text.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// A value as its JSON text, checked: `18446744073709551615`, `0.10`, `"a \"word\""`.
///
/// Stored and sent as a string, so that no reader makes a float of a seed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JsonText(String);

impl JsonText {
    /// Of a string.
    pub fn string(text: &str) -> Self {
        Self(serde_json::Value::from(text).to_string())
    }

    /// Of a whole number.
    pub fn whole(number: u64) -> Self {
        Self(number.to_string())
    }

    /// Of a number that [`range`](super::range) has written.
    pub(super) fn number(text: String) -> Self {
        Self(text)
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value, if it is a string.
    pub fn as_string(&self) -> Option<String> {
        serde_json::from_str(&self.0).ok()
    }
}

impl TryFrom<String> for JsonText {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // Without spaces around, so that equal values are the same text.
        match serde_json::from_str::<&RawValue>(&text) {
            Ok(raw) => Ok(Self(raw.get().to_owned())),
            Err(error) => Err(format!("This value is not JSON: {error}.")),
        }
    }
}

impl From<JsonText> for String {
    fn from(json: JsonText) -> Self {
        json.0
    }
}

impl fmt::Display for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_exactly() {
        for text in ["18446744073709551615", "0.10", "1e5", "\"a\\u00e9\"", "[1, {\"a\": null}]"] {
            let json = JsonText::try_from(format!(" {text}\n"));
            assert_eq!(json.map(String::from), Ok(text.to_owned()));
        }
        for text in ["", "01", "NaN", "a", "1 2", "\"", "{"] {
            assert!(JsonText::try_from(text.to_owned()).is_err(), "{text}");
        }
        assert!(JsonText::try_from("[".repeat(1_000_000)).is_err());
        assert_eq!(JsonText::string("a \"b\"\n").as_str(), "\"a \\\"b\\\"\\n\"");
    }
}
