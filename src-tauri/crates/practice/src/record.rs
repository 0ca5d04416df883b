//! What the server was asked, for tests that must know it.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::lock;
use crate::queue::Finished;

/// Requests kept; older ones are forgotten first.
const KEPT: usize = 10_000;
/// Executions kept.
const KEPT_RUNS: usize = 200_000;

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

/// How an execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// All its nodes ran.
    Success,
    /// A node failed.
    Error,
    /// Somebody interrupted it.
    Interrupted,
    /// The server forgot it in the middle, as in a restart.
    Forgotten,
}

impl Ended {
    pub(crate) fn of(finished: &Finished, forgotten: bool) -> Self {
        let interrupted = || finished.messages.iter().any(|m| m[0] == "execution_interrupted");
        if forgotten {
            Self::Forgotten
        } else if finished.success {
            Self::Success
        } else if interrupted() {
            Self::Interrupted
        } else {
            Self::Error
        }
    }
}

/// One execution of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Execution {
    /// The job.
    pub prompt_id: String,
    /// How it ended, if it has.
    pub ended: Option<Ended>,
    /// Files it put into the output folder, as `subfolder/name`.
    pub files: Vec<String>,
    /// Files of the output folder that it names as its own: besides those it put there, those of
    /// cached nodes, which an earlier run put there.
    pub named: Vec<String>,
}

/// What was asked and what was run, oldest first: the last 10,000 requests and the last
/// 200,000 executions. Forgetting everything leaves it whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Every request except those to `/practice/`.
    pub asked: Vec<Asked>,
    /// Each time a job was taken from the queue and executed.
    pub executions: Vec<Execution>,
}

impl Record {
    /// How many times the job was executed; 0 for one never run.
    pub fn runs_of(&self, prompt_id: &str) -> u64 {
        self.executions.iter().filter(|run| run.prompt_id == prompt_id).count() as u64
    }

    /// `{"asked":[..],"runs":{prompt_id:count},"executions":[..]}`, the answer of `GET /practice/record`.
    pub fn to_json(&self) -> Value {
        let mut runs = Map::new();
        for run in &self.executions {
            let before = runs.get(&run.prompt_id).and_then(Value::as_u64).unwrap_or(0);
            runs.insert(run.prompt_id.clone(), Value::from(before + 1));
        }
        serde_json::json!({ "asked": self.asked, "runs": runs, "executions": self.executions })
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
    /// The serial number of the oldest execution still kept.
    first_run: u64,
    runs: VecDeque<Execution>,
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

    /// Notes that a job is executed. The answer names the execution.
    pub fn begins(&self, prompt_id: &str) -> u64 {
        let mut kept = lock(&self.kept);
        if kept.runs.len() == KEPT_RUNS {
            kept.runs.pop_front();
            kept.first_run += 1;
        }
        let run = Execution {
            prompt_id: prompt_id.into(),
            ended: None,
            files: Vec::new(),
            named: Vec::new(),
        };
        kept.runs.push_back(run);
        kept.first_run + kept.runs.len() as u64 - 1
    }

    /// Notes how an execution ended and what it left.
    pub fn ends(&self, execution: u64, ended: Ended, finished: &Finished) {
        let ran = finished.executed.iter().filter_map(|id| finished.outputs.get(id));
        let (files, named) = (files_of(ran), files_of(finished.outputs.values()));
        let mut kept = lock(&self.kept);
        let Some(index) = execution.checked_sub(kept.first_run) else { return };
        if let Some(run) = kept.runs.get_mut(index as usize) {
            run.ended = Some(ended);
            (run.files, run.named) = (files, named);
        }
    }

    pub fn read(&self) -> Record {
        let kept = lock(&self.kept);
        Record {
            asked: kept.asked.iter().cloned().collect(),
            executions: kept.runs.iter().cloned().collect(),
        }
    }
}

/// The files of the output folder that nodes show, as `subfolder/name`.
fn files_of<'a>(shown: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let files = shown.filter_map(|shown| shown["images"].as_array()).flatten();
    files
        .filter(|file| file["type"] == "output")
        .map(|file| {
            let text = |key: &str| file[key].as_str().unwrap_or("").to_string();
            match text("subfolder").as_str() {
                "" => text("filename"),
                folder => format!("{folder}/{}", text("filename")),
            }
        })
        .collect()
}
