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

/// The text of a file with these jobs. Jobs whose prompt is no JSON are left out; there are none.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn write(jobs: &[(JobRow, WorkflowRow)]) -> Result<String, serde_json::Error> {
    let mut saved = Vec::with_capacity(jobs.len());
    for (job, workflow) in jobs {
        let graph = workflow.ui_graph.as_deref().map(serde_json::from_str).transpose();
        saved.push(SavedJob {
            title: Cow::Borrowed(&job.title),
            on_hold: job.on_hold,
            source: job.source.as_deref().map(Cow::Borrowed),
            prompt: serde_json::from_str(&workflow.prompt)?,
            // A graph that is no JSON came from a picture; the job runs without it.
            workflow: graph.unwrap_or(None),
        });
    }
    serde_json::to_string(&QueueFile { safelight_queue: FORMAT, jobs: saved })
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
    use super::*;

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
