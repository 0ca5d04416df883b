//! How long the engine waits for what.

use std::time::Duration;

/// The engine's pauses. The usual ones are [`Pace::default`]; tests that run through thousands of
/// faults use shorter ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The pause after the first failed try to connect; it doubles from there.
    pub first_pause: Duration,
    /// The longest pause between tries.
    pub longest_pause: Duration,
    /// How often the server is asked while events arrive live.
    pub poll_live: Duration,
    /// How often it is asked where they do not.
    pub poll_blind: Duration,
    /// How long an unanswered offer may take to arrive after all, before the server is asked for it.
    pub settle: Duration,
    /// The pause before a job is offered again that could not be sent.
    pub offer_again: Duration,
    /// The pause before a cancel or a withdrawal is tried again.
    pub remove_again: Duration,
    /// The pause before outputs are tried again when the library or the server is in the way.
    pub collect_again: Duration,
    /// The pause between questions for a history entry that should be there.
    pub history_again: Duration,
    /// The pause before a job that ran out of memory is tried again.
    pub memory_pause: Duration,
    /// How long a running job may be quiet before that is said. A step of a large video takes
    /// minutes.
    pub quiet_after: Duration,
    /// How often the watched folder is listed. A file is taken when two lists in a row say the same of
    /// it.
    pub watch: Duration,
    /// The page is told at most this often that the library changed.
    pub library_told: Duration,
    /// The pause before the library's index is read again that could not be read.
    pub library_again: Duration,
    /// How long a file of the library stands still before it is read: it may be half written.
    pub settle_files: Duration,
    /// How often a watched folder of the library is scanned where the system does not tell of changes.
    pub scan_again: Duration,
    /// How often a folder of the library that is away is looked for.
    pub look_for_away: Duration,
    /// How long a drive may take to answer before it is thought to be away.
    pub answer: Duration,
    /// How often the bin is looked through for what lies there longer than its term.
    pub sweep_bin: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(15),
            poll_live: Duration::from_secs(5),
            poll_blind: Duration::from_secs(1),
            settle: Duration::from_secs(2),
            offer_again: Duration::from_secs(2),
            remove_again: Duration::from_millis(500),
            collect_again: Duration::from_secs(5),
            history_again: Duration::from_millis(200),
            memory_pause: Duration::from_secs(10),
            quiet_after: Duration::from_secs(180),
            watch: Duration::from_secs(2),
            library_told: Duration::from_millis(200),
            library_again: Duration::from_secs(2),
            settle_files: Duration::from_secs(2),
            scan_again: Duration::from_secs(300),
            look_for_away: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            sweep_bin: Duration::from_secs(3_600),
        }
    }
}
