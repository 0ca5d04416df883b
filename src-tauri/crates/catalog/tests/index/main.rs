//! The index in memory: each rule by itself, and everything at once against a slow model.
#![allow(missing_docs, clippy::unwrap_used)]

mod changes;
mod complete;
mod facets;
mod filters;
mod model;
mod names;
mod order;
mod properties;
mod rules;
mod similar;

use catalog::{Now, TimeZone};
use jiff::tz;

/// Wednesday, 2026-10-07 23:30 in a place two hours ahead of UTC.
const NOW: Now = Now { ms: 1_791_408_600_000, zone: TimeZone::fixed(tz::offset(2)) };
const DAY: i64 = 86_400_000;
