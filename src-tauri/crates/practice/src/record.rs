//! What the server was asked, for tests that must know it.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::lock;

/// Requests and runs kept; older ones are forgotten first.
const KEPT: usize = 10_000;

/// One request as it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// `GET`, `POST` ...
    pub method: String,
    /// Path and query as sent, with the `/api` prefix if there was one.
    pub path: String,
    /// The job it was about, where the path or the body names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_id: Option<String>,
}

/// What was asked and what was run, oldest first; the last 10,000 of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Every request except those to `/practice/`.
    pub asked: Vec<Asked>,
    /// How many times each job was taken from the queue and executed.
    pub runs: Vec<(String, u64)>,
}

impl Record {
    /// How many times the job was executed; 0 for one never run.
    pub fn runs_of(&self, prompt_id: &str) -> u64 {
        self.runs.iter().find(|(id, _)| id == prompt_id).map_or(0, |(_, count)| *count)
    }

    /// `{"asked":[..],"runs":{prompt_id:count}}`, the answer of `GET /practice/record`.
    pub fn to_json(&self) -> Value {
        let runs: Map<String, Value> =
            self.runs.iter().map(|(id, count)| (id.clone(), Value::from(*count))).collect();
        serde_json::json!({ "asked": self.asked, "runs": runs })
    }
}

/// Names one request in the recorder, so that a handler can add the job's id later.
#[derive(Clone, Copy)]
pub(crate) struct AskedAt(u64);

#[derive(Default)]
struct Kept {
    /// The serial number of the oldest request still kept.
    first: u64,
    asked: VecDeque<Asked>,
    runs: VecDeque<(String, u64)>,
}

/// Collects the [`Record`] while the server works.
#[derive(Default)]
pub(crate) struct Recorder {
    kept: Mutex<Kept>,
}

impl Recorder {
    pub fn ask(&self, method: &str, path: &str) -> AskedAt {
        let mut kept = lock(&self.kept);
        if kept.asked.len() == KEPT {
            kept.asked.pop_front();
            kept.first += 1;
        }
        let prompt_id = path
            .split(['?', '/'])
            .find(|part| part.len() == 36 && uuid::Uuid::try_parse(part).is_ok())
            .map(String::from);
        kept.asked.push_back(Asked { method: method.into(), path: path.into(), prompt_id });
        AskedAt(kept.first + kept.asked.len() as u64 - 1)
    }

    pub fn names_job(&self, at: AskedAt, prompt_id: &str) {
        let mut kept = lock(&self.kept);
        let Some(index) = at.0.checked_sub(kept.first) else {
            return;
        };
        if let Some(asked) = kept.asked.get_mut(index as usize) {
            asked.prompt_id = Some(prompt_id.into());
        }
    }

    pub fn ran(&self, prompt_id: &str) {
        let mut kept = lock(&self.kept);
        if let Some((_, count)) = kept.runs.iter_mut().find(|(id, _)| id == prompt_id) {
            *count += 1;
            return;
        }
        if kept.runs.len() == KEPT {
            kept.runs.pop_front();
        }
        kept.runs.push_back((prompt_id.into(), 1));
    }

    pub fn read(&self) -> Record {
        let kept = lock(&self.kept);
        Record {
            asked: kept.asked.iter().cloned().collect(),
            runs: kept.runs.iter().cloned().collect(),
        }
    }
}
