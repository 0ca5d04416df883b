//! The library as a whole: backed up, read back, moved to another folder. Each is work that can be
//! stopped or killed at any moment and is gone on with; no file is ever written over.

mod backup;
mod carry;
mod copy;
mod manifest;
mod relocate;
mod restore;

pub use backup::{LAST_BACKUP, LastBackup, run as back_up};
pub use copy::{is_as, is_still, same_content};
pub use relocate::{BUSY, MoveRecord, begin as begin_move, go_on_moving, resume, target};
pub use restore::{look, put_in_place, ready, run as restore};

use crate::work::Progress;
use std::path::Path;

/// Files that are looked at together.
const AT_ONCE: u32 = 200;

/// Why work cannot go on.
enum Halt {
    /// The artist stopped it, or the engine ends.
    Stopped,
    /// A sentence.
    Failed(String),
}

impl From<store::StoreError> for Halt {
    fn from(error: store::StoreError) -> Self {
        Self::Failed(format!("Safelight's database could not be read or written: {error}"))
    }
}

impl Halt {
    /// What work ends with.
    fn answer<T>(self) -> Result<Option<T>, String> {
        match self {
            Self::Stopped => Ok(None),
            Self::Failed(why) => Err(why),
        }
    }
}

/// Ends work that somebody stopped.
fn go_on(progress: &Progress) -> Result<(), Halt> {
    if progress.stopped() { Err(Halt::Stopped) } else { Ok(()) }
}

/// Does something with files on a thread of its own.
async fn off<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Halt> + Send + 'static,
) -> Result<T, Halt> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Halt::Failed(format!("It ended early: {error}"))),
    }
}

/// Makes sure that there is room for so many bytes. A drive that does not tell has it.
fn has_room(folder: &Path, bytes: u64) -> Result<(), String> {
    match fs4::available_space(folder) {
        Ok(free) if free < bytes => Err(format!(
            "{} needs {} more, and {} are free there. Free some, or choose another folder.",
            folder.display(),
            size(bytes),
            size(free)
        )),
        _ => Ok(()),
    }
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    let mut size = bytes as f64;
    let mut units = ["bytes", "kB", "MB", "GB", "TB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    while size >= 1_000.0
        && let Some(larger) = units.next()
    {
        size /= 1_000.0;
        unit = larger;
    }
    let digits = usize::from(size < 100.0 && unit != "bytes");
    format!("{size:.digits$} {unit}")
}

/// A time as it is in names of files: the newest comes last.
fn date(at_ms: i64) -> String {
    use chrono::{Local, TimeZone};
    let at = Local.timestamp_millis_opt(at_ms).single().unwrap_or_default();
    at.format("%Y-%m-%d_%H-%M-%S-%3f").to_string()
}

/// What a folder is called.
pub fn called(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_as_people_read_them() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_500, "1.5 kB"),
            (123_456_789, "123 MB"),
            (100_000_000_000, "100 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
