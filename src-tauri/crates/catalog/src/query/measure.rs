//! Numbers with a unit: time, pixels, bytes.

use super::{number::Number, term::Test};
use std::fmt;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Milliseconds.
    Millisecond,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// A million pixels.
    Megapixel,
    /// A thousand bytes.
    Kilobyte,
    /// A million bytes.
    Megabyte,
    /// A thousand million bytes.
    Gigabyte,
}

/// Units of time, as they are written.
pub(super) const TIMES: &[(&str, Unit)] = &[
    ("ms", Unit::Millisecond),
    ("min", Unit::Minute),
    ("s", Unit::Second),
    ("m", Unit::Minute),
    ("h", Unit::Hour),
];
/// Units of sizes, as they are written.
pub(super) const SIZES: &[(&str, Unit)] = &[
    ("mp", Unit::Megapixel),
    ("kb", Unit::Kilobyte),
    ("mb", Unit::Megabyte),
    ("gb", Unit::Gigabyte),
];

impl Unit {
    /// How many of what is counted (milliseconds, pixels, bytes) it has.
    fn size(self) -> f64 {
        match self {
            Self::Millisecond => 1.0,
            Self::Second | Self::Kilobyte => 1e3,
            Self::Minute => 6e4,
            Self::Hour => 3.6e6,
            Self::Megapixel | Self::Megabyte => 1e6,
            Self::Gigabyte => 1e9,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Millisecond => "ms",
            Self::Second => "s",
            Self::Minute => "m",
            Self::Hour => "h",
            Self::Megapixel => "mp",
            Self::Kilobyte => "kb",
            Self::Megabyte => "mb",
            Self::Gigabyte => "gb",
        }
    }
}

/// A number with a unit, as exact as it was typed: `2mp` is anything that rounds to two megapixels,
/// `2.0mp` is anything that rounds to 2.0. Larger and smaller compare with the number itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Measure {
    number: Number,
    /// Digits behind the point.
    decimals: u8,
    unit: Unit,
}

impl Measure {
    /// Reads a number that is not negative with one of these units, in any case; without a unit it has
    /// the one given.
    pub(super) fn read(text: &str, units: &[(&str, Unit)], bare: Option<Unit>) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let with_unit = |(word, unit): &(&str, Unit)| {
            let digits = lower.strip_suffix(word)?.trim_end();
            digits.ends_with(|last: char| last.is_ascii_digit()).then_some((digits, *unit))
        };
        let (digits, unit) =
            units.iter().find_map(with_unit).or_else(|| Some((lower.as_str(), bare?)))?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return None;
        }
        let decimals = digits.split_once('.').map_or(0, |(_, behind)| behind.len());
        let decimals = u8::try_from(decimals).ok().filter(|decimals| *decimals <= 9)?;
        Some(Self { number: Number::read(digits)?, decimals, unit })
    }

    pub(super) fn is_of_pixels(self) -> bool {
        self.unit == Unit::Megapixel
    }

    /// The number in what is counted: milliseconds, pixels or bytes.
    #[must_use]
    pub fn value(self) -> f64 {
        self.number.value() * self.unit.size()
    }

    /// What rounds to it: from, and up to but not including.
    #[must_use]
    pub fn rounded(self) -> (f64, f64) {
        let half = 0.5 * 10_f64.powi(-i32::from(self.decimals)) * self.unit.size();
        (self.value() - half, self.value() + half)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = usize::from(self.decimals);
        write!(f, "{:.decimals$}{}", self.number.value(), self.unit.word())
    }
}

impl Test<Measure> {
    /// Whether so many milliseconds, pixels or bytes pass.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn holds_for(&self, count: u64) -> bool {
        let count = count as f64;
        match self {
            Self::Is(wanted) => {
                let (low, high) = wanted.rounded();
                count >= low && count < high
            }
            other => other.map(Measure::value).holds(&count),
        }
    }
}
