//! Numbers in a query.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

/// A finite number. Equal numbers are written and hashed alike.
#[derive(Clone, Copy, Debug)]
pub struct Number(f64);

impl Number {
    /// A number, if it is finite.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        // Adding zero makes -0 a 0.
        value.is_finite().then_some(Self(value + 0.0))
    }

    /// Reads decimal notation such as `30`, `-0.5` and `1e-3`. Words such as `inf` are no numbers.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
            return None;
        }
        text.parse().ok().and_then(Self::new)
    }

    /// Its value.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rust writes large and small numbers with all their digits, hundreds of them.
        let size = self.0.abs();
        if size != 0.0 && !(1e-6..1e15).contains(&size) {
            return write!(f, "{:e}", self.0);
        }
        self.0.fmt(f)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}
