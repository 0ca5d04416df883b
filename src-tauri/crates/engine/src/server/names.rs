//! Names for files in the library.

use domain::PictureFacts;
use time::{OffsetDateTime, UtcOffset};

/// The folder of a day, `2026-11-24`, in local time where it can be told.
pub fn day(now_ms: i64) -> String {
    let utc =
        OffsetDateTime::from_unix_timestamp(now_ms / 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let local = utc.to_offset(UtcOffset::local_offset_at(utc).unwrap_or(UtcOffset::UTC));
    format!("{:04}-{:02}-{:02}", local.year(), u8::from(local.month()), local.day())
}

/// A readable name for an output: the job's title, the seed, and a number when it is taken.
pub fn file_name(title: &str, server_name: &str, facts: &PictureFacts, n: u32) -> String {
    let extension = server_name.rsplit_once('.').map_or("bin", |(_, end)| end);
    media::readable_name(title, "", facts.seed.as_deref(), n + 1, extension)
}
