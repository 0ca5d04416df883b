//! Numbers as Python has them: whole numbers of any size beside floats, compared exactly.

use serde_json::Value;
use std::cmp::Ordering;

/// A number of a prompt or of a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A whole number: seeds go up to 2⁶⁴ - 1, which a float does not hold.
    Whole(i128),
    /// A whole number beyond that.
    Huge {
        /// Whether it is below zero.
        negative: bool,
    },
    /// A float.
    Float(f64),
}

impl Number {
    /// Reads a number's JSON text: a whole one has neither a point nor an exponent.
    pub fn of_json(text: &str) -> Option<Self> {
        if text.contains(['.', 'e', 'E']) {
            return text.parse().ok().map(Self::Float);
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(match text.parse() {
            Ok(whole) => Self::Whole(whole),
            Err(_) => Self::Huge { negative: text.starts_with('-') },
        })
    }

    /// A limit of `/object_info`.
    pub fn of_value(value: &Value) -> Option<Self> {
        let number = value.as_number()?;
        let whole = number.as_u64().map(i128::from).or_else(|| number.as_i64().map(i128::from));
        whole.map(Self::Whole).or_else(|| number.as_f64().map(Self::Float))
    }

    /// Python's `int(text)`: spaces around, a sign, digits with single underscores between.
    pub fn int_of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, digits) = match text.strip_prefix(['-', '+']) {
            Some(digits) => (if text.starts_with('-') { "-" } else { "" }, digits),
            None => ("", text),
        };
        Self::of_json(&format!("{sign}{}", plain_digits(digits)?))
    }

    /// Python's `float(text)`.
    pub fn float_of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let loose = text.starts_with('_') || text.ends_with('_') || text.contains("__");
        text.replace('_', "").parse().ok().filter(|_| !loose).map(Self::Float)
    }

    /// Python's `int(number)`: what is behind the point is cut off. Nothing for what is no number or
    /// has no end.
    pub fn to_int(self) -> Option<Self> {
        match self {
            Self::Float(float) if !float.is_finite() => None,
            Self::Float(float) => Some(whole_part(float)),
            whole => Some(whole),
        }
    }

    /// Python's `float(number)`. Nothing where a whole number is larger than any float.
    pub fn to_float(self) -> Option<Self> {
        match self {
            // Python rounds here too.
            #[allow(clippy::cast_precision_loss)]
            Self::Whole(whole) => Some(Self::Float(whole as f64)),
            // Between 2¹²⁷ and 10³⁰⁸ this refuses what Python takes; nothing takes such numbers.
            Self::Huge { .. } => None,
            float @ Self::Float(_) => Some(float),
        }
    }

    /// How it compares with another; nothing beside NaN.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => Some(one.cmp(&other)),
            (Self::Float(one), Self::Float(other)) => one.partial_cmp(&other),
            (Self::Whole(one), Self::Float(other)) => whole_with_float(one, other),
            (Self::Float(one), Self::Whole(other)) => {
                whole_with_float(other, one).map(Ordering::reverse)
            }
            (Self::Huge { negative: one }, Self::Huge { negative: other }) => Some(other.cmp(&one)),
            (Self::Huge { .. }, Self::Float(other)) if other.is_nan() => None,
            (Self::Huge { negative }, _) => {
                Some(if negative { Ordering::Less } else { Ordering::Greater })
            }
            (_, Self::Huge { .. }) => other.compare(self).map(Ordering::reverse),
        }
    }

    /// As a person writes it.
    pub fn text(self) -> String {
        match self {
            Self::Whole(whole) => whole.to_string(),
            Self::Huge { negative: true } => "a number far below zero".to_owned(),
            Self::Huge { negative: false } => "a very large number".to_owned(),
            Self::Float(float) => float.to_string(),
        }
    }
}

/// Digits without the underscores that Python allows between them.
fn plain_digits(digits: &str) -> Option<String> {
    let split = digits
        .split('_')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    split.then(|| digits.replace('_', ""))
}

/// 2¹²⁷, from which on a float is no `i128`.
const BEYOND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

fn whole_part(float: f64) -> Number {
    if float.abs() >= BEYOND {
        return Number::Huge { negative: float < 0.0 };
    }
    #[allow(clippy::cast_possible_truncation)]
    Number::Whole(float.trunc() as i128)
}

fn whole_with_float(whole: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.abs() >= BEYOND {
        return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    #[allow(clippy::cast_possible_truncation)]
    let cut = float.trunc() as i128;
    // Equal up to the point: then what is behind it decides.
    Some(
        whole
            .cmp(&cut)
            .then_with(|| 0.0_f64.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal)),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn compare(one: &str, other: &str) -> Option<Ordering> {
        Number::of_json(one).unwrap().compare(Number::of_json(other).unwrap())
    }

    #[test]
    fn whole_numbers_are_compared_exactly() {
        for (one, other, order) in [
            ("18446744073709551615", "18446744073709551615", Ordering::Equal),
            ("18446744073709551616", "18446744073709551615", Ordering::Greater),
            // As floats these two are the same.
            ("9007199254740993", "9007199254740992.0", Ordering::Greater),
            ("18446744073709551615", "1.8446744073709552e19", Ordering::Less),
            ("1", "1.0", Ordering::Equal),
            ("1", "1.5", Ordering::Less),
            ("-1", "-1.5", Ordering::Greater),
            ("99999999999999999999999999999999999999999999", "1e30", Ordering::Greater),
            ("-99999999999999999999999999999999999999999999", "0", Ordering::Less),
            ("0", "-99999999999999999999999999999999999999999999", Ordering::Greater),
        ] {
            assert_eq!(compare(one, other), Some(order), "{one} and {other}");
            assert_eq!(compare(other, one), Some(order.reverse()), "{other} and {one}");
        }
    }

    #[test]
    fn texts_become_numbers_as_in_python() {
        for (text, int, float) in [
            ("12", true, true),
            (" 12 ", true, true),
            ("+5", true, true),
            ("1_000", true, true),
            ("1__0", false, false),
            ("1.5", false, true),
            ("1e3", false, true),
            ("", false, false),
            ("abc", false, false),
            ("nan", false, true),
            ("-inf", false, true),
            ("0x10", false, false),
        ] {
            assert_eq!(Number::int_of_text(text).is_some(), int, "int({text:?})");
            assert_eq!(Number::float_of_text(text).is_some(), float, "float({text:?})");
        }
        assert_eq!(Number::int_of_text("-1_000"), Some(Number::Whole(-1000)));
    }

    #[test]
    fn a_float_is_cut_to_a_whole_number() {
        for (text, cut) in
            [("63.9", Some(63)), ("-63.9", Some(-63)), ("1e20", Some(10_i128.pow(20)))]
        {
            let cut = cut.map(Number::Whole);
            assert_eq!(Number::of_json(text).unwrap().to_int(), cut, "{text}");
        }
        assert_eq!(Number::Float(f64::NAN).to_int(), None);
        assert_eq!(Number::Float(1e300).to_int(), Some(Number::Huge { negative: false }));
    }
}
