//! The queue as a file: what waits, to be kept, moved to another machine, or brought back.
//!
//! JSON, so that it can be read without Safelight; each prompt is in it to the letter.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::{borrow::Cow, fs::File, io::Read, path::Path};
use store::{JobRow, WorkflowRow};

/// The version of the format, and what tells such a file from a workflow.
const FORMAT: u32 = 1;
/// The largest file that is read.
const LARGEST: u64 = 512 << 20;
/// The most jobs in a file.
const MOST_JOBS: usize = 50_000;

#[derive(Serialize, Deserialize)]
struct QueueFile<'a> {
    safelight_queue: u32,
    #[serde(borrow)]
    jobs: Vec<SavedJob<'a>>,
}

#[derive(Serialize, Deserialize)]
struct SavedJob<'a> {
    title: Cow<'a, str>,
    #[serde(default)]
    on_hold: bool,
    #[serde(default)]
    source: Option<Cow<'a, str>>,
    #[serde(borrow)]
    prompt: &'a RawValue,
    #[serde(borrow, default)]
    workflow: Option<&'a RawValue>,
}

/// A job as it was saved.
pub struct Saved {
    /// Its title.
    pub title: String,
    /// Held back.
    pub on_hold: bool,
    /// The file it came from once.
    pub source: Option<String>,
    /// The prompt, to the letter.
    pub prompt: String,
    /// The editor's graph.
    pub workflow: Option<String>,
}

/// The text of a file, made job by job: what cannot be read again is not written.
pub struct Writer {
    text: String,
    jobs: usize,
    most_jobs: usize,
    most_bytes: usize,
}

impl Writer {
    /// With no job yet.
    pub fn new() -> Self {
        Self::with_room(MOST_JOBS, usize::try_from(LARGEST).unwrap_or(usize::MAX))
    }

    fn with_room(most_jobs: usize, most_bytes: usize) -> Self {
        let text = format!("{{\"safelight_queue\":{FORMAT},\"jobs\":[");
        Self { text, jobs: 0, most_jobs, most_bytes }
    }

    /// Adds a job.
    ///
    /// # Errors
    /// A sentence when the file would be larger than one that is read, or its prompt is no JSON.
    pub fn push(&mut self, job: &JobRow, workflow: &WorkflowRow) -> Result<(), String> {
        self.add(&SavedJob {
            title: Cow::Borrowed(&job.title),
            on_hold: job.on_hold,
            source: job.source.as_deref().map(Cow::Borrowed),
            prompt: serde_json::from_str(&workflow.prompt).map_err(|error| error.to_string())?,
            // A graph that is no JSON came from a picture; the job runs without it.
            workflow: workflow.ui_graph.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        })
    }

    fn add(&mut self, job: &SavedJob<'_>) -> Result<(), String> {
        let saved = serde_json::to_string(job).map_err(|error| error.to_string())?;
        if self.jobs >= self.most_jobs {
            return Err(format!(
                "A saved queue holds {} jobs at most, and more wait. Select fewer, and save them in several files.",
                self.most_jobs
            ));
        }
        // The comma before it, and what closes the file.
        if self.text.len() + saved.len() + 3 > self.most_bytes {
            return Err(format!(
                "These jobs together have more than {} MB, the most that a saved queue may have. Select fewer, and save them in several files.",
                self.most_bytes >> 20
            ));
        }
        if self.jobs > 0 {
            self.text.push(',');
        }
        self.text.push_str(&saved);
        self.jobs += 1;
        Ok(())
    }

    /// The whole text.
    pub fn done(mut self) -> String {
        self.text.push_str("]}");
        self.text
    }
}

/// Whether the beginning of a file is that of a saved queue.
pub fn is_one(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t', '{'])
        .starts_with("\"safelight_queue\"")
}

/// Reads a saved queue; blocking.
///
/// # Errors
/// A sentence about what is wrong with it.
pub fn read(path: &Path) -> Result<Vec<Saved>, String> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
        .map_err(|error| format!("The file cannot be read: {error}."))?;
    if text.len() as u64 > LARGEST {
        return Err(format!("A saved queue may have {} MB at most.", LARGEST >> 20));
    }
    parse(&text)
}

fn parse(text: &str) -> Result<Vec<Saved>, String> {
    let file: QueueFile<'_> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("This saved queue is damaged: {error}."))?;
    if file.safelight_queue > FORMAT {
        return Err("This queue was saved by a newer Safelight. Update to read it.".to_owned());
    }
    if file.jobs.len() > MOST_JOBS {
        return Err(format!("A saved queue may hold {MOST_JOBS} jobs at most."));
    }
    Ok(file
        .jobs
        .into_iter()
        .map(|job| Saved {
            title: job.title.into_owned(),
            on_hold: job.on_hold,
            source: job.source.map(Cow::into_owned),
            prompt: job.prompt.get().to_owned(),
            workflow: job.workflow.map(|graph| graph.get().to_owned()),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_more_is_written_than_is_read() {
        let prompt: &RawValue = serde_json::from_str(r#"{"1":{"class_type":"A"}}"#).unwrap();
        let job = SavedJob {
            title: "Harbour".into(),
            on_hold: true,
            source: None,
            prompt,
            workflow: None,
        };
        let mut two = Writer::with_room(2, 1 << 20);
        assert_eq!((two.add(&job), two.add(&job)), (Ok(()), Ok(())));
        let why = two.add(&job).unwrap_err();
        assert!(why.contains("2 jobs at most"), "{why}");
        let text = two.done();
        let saved = parse(&text).unwrap();
        assert_eq!((saved.len(), saved[1].title.as_str()), (2, "Harbour"));

        let mut fits = Writer::with_room(2, text.len());
        assert_eq!((fits.add(&job), fits.add(&job)), (Ok(()), Ok(())));
        assert_eq!(fits.done(), text);
        let mut full = Writer::with_room(2, text.len() - 1);
        assert_eq!(full.add(&job), Ok(()));
        let why = full.add(&job).unwrap_err();
        assert!(why.contains("Select fewer"), "{why}");
    }

    #[test]
    fn other_files_and_damaged_ones_are_told_apart() {
        assert!(is_one(b"\xef\xbb\xbf{\n  \"safelight_queue\": 1"));
        assert!(!is_one(b"{\"1\": {\"class_type\": \"safelight_queue\"}}"));
        assert!(parse("{\"safelight_queue\":1,\"jobs\":[{}]}").is_err());
        assert!(
            parse("{\"safelight_queue\":2,\"jobs\":[]}").is_err_and(|why| why.contains("newer"))
        );
    }
}
