//! Names for files in the library.

use chrono::{DateTime, Local};
use domain::PictureFacts;

/// The folder of a day, `2026-11-24`, in local time.
pub fn day(now_ms: i64) -> String {
    let utc = DateTime::from_timestamp_millis(now_ms).unwrap_or_default();
    utc.with_timezone(&Local).format("%Y-%m-%d").to_string()
}

/// A readable name for an output: the job's title, the seed, and a number when it is taken.
pub fn file_name(title: &str, server_name: &str, facts: &PictureFacts, n: u32) -> String {
    let extension = server_name.rsplit_once('.').map_or("bin", |(_, end)| end);
    media::readable_name(title, "", facts.seed.as_deref(), n + 1, extension)
}
