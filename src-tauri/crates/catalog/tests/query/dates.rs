//! Days, months and years in the artist's time.

use crate::{NOW, term};
use catalog::{Now, Query, Term, Test, TimeZone};
use jiff::{
    Timestamp,
    tz::{self, Offset},
};

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
    let west = Now { zone: TimeZone::fixed(tz::offset(-5)), ..NOW };
    let query = Query::parse("date:today", &west);
    let (_, Term::Date { any }) = query.terms().next().unwrap() else { panic!("no date") };
    // It is still afternoon there.
    assert_eq!(any[0].bounds(), (october(7) + 7 * HOUR, october(8) + 7 * HOUR));
}

#[test]
fn days_begin_as_they_did_at_their_time_of_the_year() {
    let zone = |rules| TimeZone::posix(rules).unwrap();
    let berlin = zone("CET-1CEST,M3.5.0,M10.5.0/3");
    // Clocks were put on at midnight there.
    let havana = zone("CST5CDT,M3.2.0/0,M11.1.0/1");
    // 2026-10-25 has 25 hours in Berlin; 2026-03-08 begins at one o'clock in Havana.
    for (zone, text, from, until) in [
        (&berlin, "date:2026-07-01", "2026-06-30T22:00Z", "2026-07-01T22:00Z"),
        (&berlin, "date:2026-01-01", "2025-12-31T23:00Z", "2026-01-01T23:00Z"),
        (&berlin, "date:2026-10", "2026-09-30T22:00Z", "2026-10-31T23:00Z"),
        (&berlin, "date:2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
        (&berlin, "date:2026", "2025-12-31T23:00Z", "2026-12-31T23:00Z"),
        (&havana, "date:2026-03-08", "2026-03-08T05:00Z", "2026-03-09T04:00Z"),
    ] {
        let [from, until] =
            [from, until].map(|at| at.parse::<Timestamp>().unwrap().as_millisecond());
        let now = Now { zone: zone.clone(), ..NOW };
        let query = Query::parse(text, &now);
        let (_, Term::Date { any }) = query.terms().next().unwrap() else { panic!("no date") };
        assert_eq!(any[0].bounds(), (from, until), "{text}");
        // What the index says of a moment is what the search says.
        assert_eq!(now.day_of(from), now.day_of(from - 1) + 1, "{text}");
        assert_eq!(now.day_of(until), now.day_of(until - 1) + 1, "{text}");
    }
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
        for zone in [Offset::MIN, Offset::MAX, Offset::UTC].map(TimeZone::fixed) {
            let now = Now { ms, zone };
            let query = Query::parse("date:today date:2026 date:<=9999", &now);
            assert_eq!(query.tokens().len(), 3);
            // As far as days are counted.
            let _ = [now.day_of(i64::MIN), now.day_of(i64::MAX)];
        }
    }
}
