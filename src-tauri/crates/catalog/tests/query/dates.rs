//! Days, months and years in the artist's time.

use crate::{NOW, term};
use catalog::{Now, Query, Term, Test};

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// Midnight of a day in October 2026 where the artist is.
fn october(day: i64) -> i64 {
    // 2026-10-01 00:00 UTC, less the two hours that the artist is ahead.
    1_790_812_800_000 + (day - 1) * DAY - 2 * HOUR
}

fn bounds(text: &str) -> (i64, i64) {
    match term(text) {
        Term::Date { any } if any.len() == 1 => any[0].bounds(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn periods_begin_and_end_in_the_artists_time() {
    assert_eq!(NOW.ms, october(7) + 23 * HOUR + 30 * 60_000, "it is late on the 7th there");
    let table: &[(&str, i64, i64)] = &[
        ("date:today", october(7), october(8)),
        ("date:yesterday", october(6), october(7)),
        ("date:this-week", october(5), october(12)),
        ("date:last-week", october(-2), october(5)),
        ("date:this-month", october(1), october(32)),
        ("date:\"this month\"", october(1), october(32)),
        ("date:last-month", october(-29), october(1)),
        ("date:this-year", october(1) - 273 * DAY, october(1) + 92 * DAY),
        ("date:last-year", october(1) - 638 * DAY, october(1) - 273 * DAY),
        ("date:2026", october(1) - 273 * DAY, october(1) + 92 * DAY),
        ("date:2026-10", october(1), october(32)),
        ("date:2026-10-03", october(3), october(4)),
        ("date:2026-1-5", october(1) - 269 * DAY, october(1) - 268 * DAY),
        ("date:2024-02", october(1) - 973 * DAY, october(1) - 944 * DAY),
        ("date:>=2026-10", october(1), i64::MAX),
        ("date:>2026-10", october(32), i64::MAX),
        ("date:<2026-10", i64::MIN, october(1)),
        ("date:<=2026-10", i64::MIN, october(32)),
        ("date:2026-10-03..today", october(3), october(8)),
        ("date:2026-10..", october(1), i64::MAX),
        ("made:today", october(7), october(8)),
    ];
    for (text, from, until) in table {
        assert_eq!(bounds(text), (*from, *until), "{text}");
    }
}

#[test]
fn a_day_of_another_time_zone_is_another_day() {
    let west = Now { utc_offset_minutes: -300, ..NOW };
    let query = Query::parse("date:today", west);
    let (_, Term::Date { any }) = query.terms().next().unwrap() else { panic!("no date") };
    // It is still afternoon there.
    assert_eq!(any[0].bounds(), (october(7) + 7 * HOUR, october(8) + 7 * HOUR));
}

#[test]
fn alternatives_are_several_periods() {
    let Term::Date { any } = term("date:2026-10-01,2026-10-03") else { panic!("no date") };
    let holds = |day: i64| any.iter().any(|test| test.holds_at(october(day)));
    assert_eq!([1, 2, 3, 4].map(holds), [true, false, true, false]);
    assert!(matches!(any[0], Test::Is(_)));
}

#[test]
fn moments_at_the_end_of_time_are_no_trouble() {
    for ms in [i64::MIN, i64::MAX, 0] {
        for utc_offset_minutes in [i32::MIN, i32::MAX, 0] {
            let query = Query::parse("date:today date:2026", Now { ms, utc_offset_minutes });
            assert_eq!(query.tokens().len(), 2);
        }
    }
}
