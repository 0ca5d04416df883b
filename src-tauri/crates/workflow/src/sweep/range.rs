//! Numbers as a text: `0.25..1 step 0.25`.

use super::{MAX_CELLS, RangeProblem};

/// The most digits a number has, before and behind the point together.
const MAX_DIGITS: usize = 30;

/// Reads numbers: `1, 2, 5..8`, `0.25..1 step 0.25`, `10..1 step 3`. Exact decimals, written as
/// ComfyUI's page writes them: whole numbers without a point, no zeros at the end. Both ends are in
/// it if the steps meet them. Without a step, whole numbers go by 1.
///
/// # Errors
/// What is no number, a missing or impossible step, and more than [`MAX_CELLS`] values.
pub fn range(text: &str) -> Result<Vec<String>, RangeProblem> {
    Ok(decimals(text)?.into_iter().map(|number| number.text()).collect())
}

/// The numbers of a text with as many digits behind the point for all: `0.25`, `0.50`.
pub(super) fn labels(text: &str) -> Result<Vec<String>, RangeProblem> {
    let numbers = decimals(text)?;
    let places = numbers.iter().map(|number| number.shortest().places).max().unwrap_or(0);
    Ok(numbers.into_iter().map(|number| number.with_places(places)).collect())
}

fn decimals(text: &str) -> Result<Vec<Decimal>, RangeProblem> {
    let mut numbers = Vec::new();
    let items = text.split([',', ';', '\n']).map(str::trim).filter(|item| !item.is_empty());
    for item in items {
        match item.split_once("..") {
            None => numbers.push(Decimal::read(item)?),
            Some((from, rest)) => span(item, from, rest, &mut numbers)?,
        }
        if numbers.len() > MAX_CELLS {
            return Err(RangeProblem::TooMany { text: item.to_owned() });
        }
    }
    Ok(numbers)
}

/// Adds the numbers of `from..to step by`.
fn span(
    item: &str,
    from: &str,
    rest: &str,
    numbers: &mut Vec<Decimal>,
) -> Result<(), RangeProblem> {
    let text = || item.to_owned();
    let (to, step) = match rest.split_once("step") {
        Some((to, step)) => (to, Some(Decimal::read(step)?)),
        None => (rest, None),
    };
    let (from, to) = (Decimal::read(from)?, Decimal::read(to)?);
    let step = match step {
        Some(step) => step,
        None if from.places == 0 && to.places == 0 => Decimal { digits: 1, places: 0 },
        None => return Err(RangeProblem::NoStep { text: text() }),
    };
    let places = from.places.max(to.places).max(step.places);
    let too_many = || RangeProblem::TooManyDigits { text: text() };
    let digits = |number: Decimal| number.digits_with(places).ok_or_else(too_many);
    let (first, last, step) = (digits(from)?, digits(to)?, digits(step)?);
    let way = last.checked_sub(first).ok_or_else(too_many)?;
    // A step has no sign, or that of the way it goes.
    if step == 0 || (step < 0 && way >= 0) {
        return Err(RangeProblem::BadStep { text: text() });
    }
    let step = step.checked_abs().ok_or_else(too_many)?;
    let steps = way.unsigned_abs() / step.unsigned_abs();
    if steps >= MAX_CELLS as u128 {
        return Err(RangeProblem::TooMany { text: text() });
    }
    let step = if way < 0 { -step } else { step };
    let mut digits = first;
    for _ in 0..steps {
        numbers.push(Decimal { digits, places });
        digits += step;
    }
    numbers.push(Decimal { digits, places });
    Ok(())
}

/// An exact decimal: its digits as a whole number, and how many of them are behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decimal {
    digits: i128,
    places: usize,
}

impl Decimal {
    fn read(text: &str) -> Result<Self, RangeProblem> {
        let text = text.trim();
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_number = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
        if !is_number || (whole.is_empty() && part.is_empty()) {
            let text = text.chars().take(60).collect();
            return Err(RangeProblem::NotNumber { text });
        }
        if whole.len() + part.len() > MAX_DIGITS {
            let text = text.chars().take(60).collect();
            return Err(RangeProblem::TooManyDigits { text });
        }
        let digits: i128 = format!("0{whole}{part}").parse().unwrap_or(0);
        let digits = if text.starts_with('-') { -digits } else { digits };
        Ok(Self { digits, places: part.len() })
    }

    /// Its digits if it had more behind the point.
    fn digits_with(self, places: usize) -> Option<i128> {
        let more = u32::try_from(places.checked_sub(self.places)?).ok()?;
        self.digits.checked_mul(10_i128.checked_pow(more)?)
    }

    /// Without zeros at the end.
    fn shortest(self) -> Self {
        let mut short = self;
        while short.places > 0 && short.digits % 10 == 0 {
            short = Self { digits: short.digits / 10, places: short.places - 1 };
        }
        short
    }

    fn text(self) -> String {
        let short = self.shortest();
        short.with_places(short.places)
    }

    /// With so many digits behind the point, which are no fewer than it needs.
    fn with_places(self, places: usize) -> String {
        let short = self.shortest();
        let sign = if short.digits < 0 { "-" } else { "" };
        let digits = format!("{:0>1$}", short.digits.unsigned_abs(), short.places + 1);
        let (whole, part) = digits.split_at(digits.len() - short.places);
        if places == 0 {
            return format!("{sign}{whole}");
        }
        format!("{sign}{whole}.{part:0<places$}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_exact() {
        for (text, numbers) in [
            ("0.25..1 step 0.25", "0.25 0.5 0.75 1"),
            ("0.1..0.3 step 0.1", "0.1 0.2 0.3"),
            ("0..1 step 0.3", "0 0.3 0.6 0.9"),
            ("1..10", "1 2 3 4 5 6 7 8 9 10"),
            ("1, 2, 5..8", "1 2 5 6 7 8"),
            ("10..1 step 3", "10 7 4 1"),
            ("10..1 step -4", "10 6 2"),
            ("3..3", "3"),
            ("3..3.5 step 1", "3"),
            ("-1..1", "-1 0 1"),
            ("-0.2..0.2 step .2", "-0.2 0 0.2"),
            ("1.0..3.0 step 1.0", "1 2 3"),
            ("4;6\n8,", "4 6 8"),
            ("+.50, -0, 1.", "0.5 0 1"),
            ("007", "7"),
            ("512..1024step256", "512 768 1024"),
            (
                "18446744073709551614..18446744073709551615",
                "18446744073709551614 18446744073709551615",
            ),
            ("0.1, 0.10000000000000000000001", "0.1 0.10000000000000000000001"),
            (" , ", ""),
            ("", ""),
        ] {
            assert_eq!(range(text).unwrap().join(" "), numbers, "{text}");
        }
        assert_eq!(range("0..99999").unwrap().len(), MAX_CELLS);
    }

    #[test]
    fn labels_stand_in_line() {
        assert_eq!(labels("0.25..1 step 0.25").unwrap(), ["0.25", "0.50", "0.75", "1.00"]);
        assert_eq!(labels("8, 4.50").unwrap(), ["8.0", "4.5"]);
        assert_eq!(labels("1..3").unwrap(), ["1", "2", "3"]);
    }

    #[test]
    fn what_is_no_range_is_said() {
        for (text, said) in [
            (
                "1, two",
                "\"two\" is not a number. Write numbers with commas between, or a range such as 0.25..1 step 0.25.",
            ),
            (
                "1..",
                "\"\" is not a number. Write numbers with commas between, or a range such as 0.25..1 step 0.25.",
            ),
            ("0.25..1", "0.25..1 needs a step, such as 0.25..1 step 0.25."),
            ("1..5 step 0", "1..5 step 0 never gets to its end. Choose another step."),
            ("1..5 step -1", "1..5 step -1 never gets to its end. Choose another step."),
            ("0..100000", "0..100000 makes more than 100,000 values."),
            (
                "0..1000000000 step 0.001",
                "0..1000000000 step 0.001 makes more than 100,000 values.",
            ),
            ("0..99999, 1", "1 makes more than 100,000 values."),
            (
                "0..99999999999999999999999999999 step 0.00000000000000000000000000001",
                "0..99999999999999999999999999999 step 0.00000000000000000000000000001 has more digits than can be stepped through.",
            ),
            (
                "1234567890123456789012345678901",
                "1234567890123456789012345678901 has more digits than can be stepped through.",
            ),
        ] {
            assert_eq!(range(text).unwrap_err().to_string(), said, "{text}");
        }
        for text in ["1e5", "0x10", "1..2..3", "--1", ".", "-", "1 2", "NaN", "\u{0661}"] {
            assert!(range(text).is_err(), "{text}");
        }
    }
}
