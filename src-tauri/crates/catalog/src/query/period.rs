//! Days, weeks, months and years, in the artist's time.

use super::term::Test;
use jiff::{
    Span, Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};
use std::fmt;

const MS_OF_DAY: i64 = 86_400_000;
const MS_OF_SECOND: i64 = 1_000;
/// 1970-01-01
const EPOCH: Date = date(1970, 1, 1);

/// The moment a question is asked, and the artist's time. It comes from the caller: there is no clock
/// in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970, UTC.
    pub ms: i64,
    /// Where the artist is: days begin as they did there at their time of the year.
    pub zone: TimeZone,
}

impl Default for Now {
    fn default() -> Self {
        Self { ms: 0, zone: TimeZone::UTC }
    }
}

/// A day, a week, a month or a year: from a moment, and up to but not including another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    written: Written,
    /// Milliseconds since 1970, UTC.
    pub from: i64,
    /// Milliseconds since 1970, UTC; no longer in it.
    pub until: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Written {
    Word(&'static str),
    Year(i16),
    Month(i16, i8),
    Day(Date),
}

/// Periods that are counted from today, as they are written.
pub(crate) const WORDS: &[&str] = &[
    "today",
    "yesterday",
    "this-week",
    "last-week",
    "this-month",
    "last-month",
    "this-year",
    "last-year",
];

impl Now {
    /// The day, counted from 1970-01-01, that a moment falls on in the artist's time.
    #[must_use]
    pub fn day_of(&self, ms: i64) -> i64 {
        day_in(&self.zone, ms)
    }

    fn today(&self) -> Option<Date> {
        date_of(self.day_of(self.ms))
    }

    /// The first moment of a day: where clocks are put on at midnight, that is no midnight.
    fn begin_of(&self, day: Date) -> Option<i64> {
        let midnight = day.at(0, 0, 0, 0);
        self.zone.to_timestamp(midnight).ok().map(Timestamp::as_millisecond)
    }
}

/// The day, counted from 1970-01-01, that a moment falls on in a time zone.
pub(crate) fn day_in(zone: &TimeZone, ms: i64) -> i64 {
    // No clock is set to what lies beyond the years -9999 to 9999, and there is no time zone then.
    let seconds = Timestamp::from_millisecond(ms).map_or(0, |at| zone.to_offset(at).seconds());
    ms.saturating_add(i64::from(seconds) * MS_OF_SECOND).div_euclid(MS_OF_DAY)
}

/// The date of a day counted from 1970-01-01; nothing beyond the years -9999 to 9999.
pub(crate) fn date_of(day: i64) -> Option<Date> {
    EPOCH.checked_add(Span::new().try_days(day).ok()?).ok()
}

impl Period {
    /// Reads `2025`, `2026-10`, `2026-10-03`, and words such as `today` and `this-week` (weeks begin
    /// on Monday).
    pub(super) fn read(text: &str, now: &Now) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase().replace([' ', '_'], "-");
        let (written, first, next) = match WORDS.iter().find(|word| **word == text) {
            Some(word) => {
                let (first, next) = of_word(word, now.today()?)?;
                (Written::Word(word), first, next)
            }
            None => of_digits(&text)?,
        };
        Some(Self { written, from: now.begin_of(first)?, until: now.begin_of(next)? })
    }
}

fn of_word(word: &str, today: Date) -> Option<(Date, Date)> {
    let days = |day: Date, days: i64| day.checked_add(Span::new().days(days)).ok();
    let monday = || days(today, -i64::from(today.weekday().to_monday_zero_offset()));
    let month = || today.first_of_month();
    let year = || today.first_of_year();
    let later = |day: Date, span: Span| day.checked_add(span).ok();
    let months = |months: i64| later(month(), Span::new().months(months));
    let years = |years: i64| later(year(), Span::new().years(years));
    match word {
        "today" => Some((today, days(today, 1)?)),
        "yesterday" => Some((days(today, -1)?, today)),
        "this-week" => Some((monday()?, days(monday()?, 7)?)),
        "last-week" => Some((days(monday()?, -7)?, monday()?)),
        "this-month" => Some((month(), months(1)?)),
        "last-month" => Some((months(-1)?, month())),
        "this-year" => Some((year(), years(1)?)),
        "last-year" => Some((years(-1)?, year())),
        _ => None,
    }
}

fn of_digits(text: &str) -> Option<(Written, Date, Date)> {
    let mut parts = text.split('-');
    let year: i16 = number(parts.next()?, 4..=4)?.try_into().ok()?;
    let rest: Option<Vec<u16>> = parts.map(|part| number(part, 1..=2)).collect();
    let small = |part: u16| i8::try_from(part).ok();
    match *rest?.as_slice() {
        [] => {
            let first = Date::new(year, 1, 1).ok()?;
            Some((Written::Year(year), first, Date::new(year.checked_add(1)?, 1, 1).ok()?))
        }
        [month] => {
            let month = small(month)?;
            let first = Date::new(year, month, 1).ok()?;
            let next = first.checked_add(Span::new().months(1)).ok()?;
            Some((Written::Month(year, month), first, next))
        }
        [month, day] => {
            let day = Date::new(year, small(month)?, small(day)?).ok()?;
            Some((Written::Day(day), day, day.tomorrow().ok()?))
        }
        _ => None,
    }
}

fn number(digits: &str, length: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let fits = length.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().ok())?
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.written {
            Written::Word(word) => f.write_str(word),
            Written::Year(year) => write!(f, "{year:04}"),
            Written::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Written::Day(day) => {
                write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
            }
        }
    }
}

impl Test<Period> {
    /// Whether a moment (milliseconds since 1970, UTC) passes. What lies after a month is after its
    /// last day.
    #[must_use]
    pub fn holds_at(&self, ms: i64) -> bool {
        let (from, until) = self.bounds();
        ms >= from && ms < until
    }

    /// The moments that pass: from, and up to but not including.
    #[must_use]
    pub fn bounds(&self) -> (i64, i64) {
        match self {
            Self::Is(period) => (period.from, period.until),
            Self::Above(period) => (period.until, i64::MAX),
            Self::AtLeast(period) => (period.from, i64::MAX),
            Self::Below(period) => (i64::MIN, period.from),
            Self::AtMost(period) => (i64::MIN, period.until),
            Self::Between(first, last) => (first.from, last.until),
        }
    }
}
