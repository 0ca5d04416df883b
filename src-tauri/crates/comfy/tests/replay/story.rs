//! What a recording says of its jobs: as evidence, step by step, and as the ends they came to.

use crate::{
    playback::Playback,
    recording::{Answer, Recording, Request, Step},
};
use bytes::Bytes;
use comfy::{ComfyError, Frame, Submit, SubmitError};
use domain::{Evidence, JobState, Moved, Outcome, ServerEnd, step};
use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap, HashSet},
};

/// One thing that happens to the jobs of a recording.
pub enum Beat {
    /// The frame of this step arrives.
    Frame(usize),
    /// Evidence from HTTP.
    Heard(String, Evidence),
    /// The queue was told, and these were in it.
    Queue(HashSet<String>),
    /// The history was asked for one job, or for all but these, and has none.
    NotInHistory(Missing),
}

/// Which jobs the history does not have.
pub enum Missing {
    This(String),
    AllBut(HashSet<String>),
}

/// How the job of a request is called: by the id the server gave it, else by the request.
pub fn job_name(recording: &Recording, request: usize) -> String {
    let answered = recording.steps.iter().find_map(|step| match step {
        Step::Answer(answer) if answer.request == request => answer.body.as_ref(),
        _ => None,
    });
    let given = answered
        .and_then(|body| serde_json::from_slice::<serde_json::Value>(body).ok())
        .and_then(|answer| Some(answer.get("prompt_id")?.as_str()?.to_owned()));
    let request = &recording.requests[request];
    let own = || Some(request.body.as_ref()?.get("prompt_id")?.as_str()?.to_owned());
    // A refused request with an id that another one was accepted with is a job of its own.
    given
        .or_else(|| own().filter(|id| uuid::Uuid::parse_str(id).is_ok()))
        .unwrap_or_else(|| format!("request {}", request.rid))
}

pub fn is_submit(request: &Request) -> bool {
    request.method == "POST" && matches!(request.path.as_str(), "/prompt" | "/api/prompt")
}

/// A recording as beats: the client reads the recorded answers from a real server.
pub async fn beats(recording: &Recording, server: &Playback) -> Vec<Beat> {
    let mut beats = Vec::new();
    for (at, step) in recording.steps.iter().enumerate() {
        match step {
            Step::Frame { .. } => beats.push(Beat::Frame(at)),
            Step::Request(request) if is_submit(&recording.requests[*request]) => {
                beats.push(Beat::Heard(job_name(recording, *request), Evidence::Offered));
            }
            Step::Answer(answer) => {
                let request = &recording.requests[answer.request];
                if is_submit(request) {
                    let job = job_name(recording, answer.request);
                    if let Some(evidence) = submitted(server, answer).await {
                        beats.push(Beat::Heard(job, evidence));
                    }
                } else if let (200, Some(body), "GET") =
                    (answer.status, &answer.body, request.method.as_str())
                {
                    told(server, answer, body, &request.path, &mut beats).await;
                }
            }
            Step::Request(_) | Step::Note(_) => {}
        }
    }
    beats
}

fn put(server: &Playback, answer: &Answer, body: &Bytes) {
    server.answer(answer.status, &answer.content_type, body.clone());
}

/// What the answer to a prompt says of the job.
async fn submitted(server: &Playback, answer: &Answer) -> Option<Evidence> {
    let body = answer.body.as_ref().expect("answers to prompts are kept whole");
    put(server, answer, body);
    let submit = Submit {
        prompt: "{}".to_owned(),
        prompt_id: uuid::Uuid::nil().to_string(),
        client_id: "replay".to_owned(),
        workflow: None,
        preview_method: None,
    };
    let heard = server.client.submit(&submit).await;
    server.asked();
    match (heard, answer.status) {
        (Ok(accepted), 200) => {
            let raw: serde_json::Value = serde_json::from_slice(body).expect("JSON");
            assert_eq!(Some(accepted.number), raw["number"].as_f64());
            let dropped = raw["node_errors"].as_object().is_some_and(|nodes| !nodes.is_empty());
            assert_eq!(!accepted.node_errors.is_empty(), dropped, "{raw}");
            Some(Evidence::SeenQueued)
        }
        (Err(SubmitError::Refused(refusal)), 400) => {
            assert!(!refusal.kind.is_empty() && !refusal.message.is_empty(), "{refusal:?}");
            Some(Evidence::Refused)
        }
        (Err(SubmitError::Refused(refusal)), 413) => {
            assert!(refusal.payload_too_large);
            Some(Evidence::Refused)
        }
        (Err(SubmitError::NotSent(ComfyError::Login { status: 403, .. })), 403) => {
            Some(Evidence::NeverArrived)
        }
        (Err(SubmitError::Unanswered(ComfyError::Http { status: 500, .. })), 500) => None,
        (other, status) => panic!("HTTP {status}: {other:?}"),
    }
}

/// What the answer to a look says of all jobs.
async fn told(server: &Playback, answer: &Answer, body: &Bytes, path: &str, beats: &mut Vec<Beat>) {
    let (route, query) = path.split_once('?').unwrap_or((path, ""));
    let ended = |beats: &mut Vec<Beat>, id: String, end: ServerEnd| {
        beats.push(Beat::Heard(id.clone(), Evidence::ServerEnded(end)));
        beats.push(Beat::Heard(id, Evidence::Collected));
    };
    if route == "/queue" {
        put(server, answer, body);
        let queue = server.client.queue().await.expect("a recorded queue");
        let ids = queue.running.iter().chain(&queue.pending).map(|item| item.prompt_id.clone());
        beats.push(Beat::Queue(ids.collect()));
        for (list, evidence) in
            [(queue.running, Evidence::SeenRunning), (queue.pending, Evidence::SeenQueued)]
        {
            beats.extend(list.into_iter().map(|item| Beat::Heard(item.prompt_id, evidence)));
        }
    } else if let Some(id) = route.strip_prefix("/history/") {
        put(server, answer, body);
        match server.client.history(id).await.expect("a recorded history") {
            Some(entry) => ended(beats, id.to_owned(), entry.end),
            None => beats.push(Beat::NotInHistory(Missing::This(id.to_owned()))),
        }
    } else if route == "/history" {
        put(server, answer, body);
        let page = server.client.history_page(None, 10).await.expect("a recorded history");
        if query.is_empty() {
            let ids = page.iter().map(|(id, _)| id.clone()).collect();
            beats.push(Beat::NotInHistory(Missing::AllBut(ids)));
        }
        for (id, entry) in page {
            ended(beats, id, entry.end);
        }
    } else if let Some(id) = route.strip_prefix("/api/jobs/") {
        put(server, answer, body);
        let job = server.client.job(id).await.expect("a recorded job");
        assert_eq!(job.id, id);
        beats.extend(job.evidence().map(|evidence| Beat::Heard(job.id, evidence)));
    } else if route == "/api/jobs" {
        put(server, answer, body);
        let page = server.client.jobs(0, 10).await.expect("recorded jobs");
        let (jobs, _) = page.expect("a server that has such a list");
        for job in jobs {
            beats.extend(job.evidence().map(|evidence| Beat::Heard(job.id, evidence)));
        }
    } else {
        return;
    }
    server.asked();
}

/// All jobs of a recording, as the evidence moves them.
#[derive(Default)]
pub struct Jobs {
    states: BTreeMap<String, JobState>,
    /// Jobs that the server had, and that were not in the queue when it was last asked.
    unlisted: HashSet<String>,
}

impl Jobs {
    /// Plays the beats. `frames` are the frames that arrive at a step, in order: none where one was
    /// lost, two where one came twice.
    pub fn play<F: Borrow<Frame>>(beats: &[Beat], frames: &HashMap<usize, Vec<F>>) -> Self {
        let mut jobs = Self::default();
        for beat in beats {
            match beat {
                Beat::Frame(at) => {
                    for frame in frames.get(at).into_iter().flatten() {
                        jobs.frame(frame.borrow());
                    }
                }
                Beat::Heard(job, evidence) => jobs.hear(job, *evidence),
                Beat::Queue(listed) => {
                    let gone = jobs.states.iter().filter(|(job, state)| {
                        matches!(state, JobState::Queued | JobState::Running)
                            && !listed.contains(*job)
                    });
                    jobs.unlisted = gone.map(|(job, _)| job.clone()).collect();
                }
                Beat::NotInHistory(missing) => {
                    for job in jobs.unlisted.clone() {
                        let gone = match missing {
                            Missing::This(this) => *this == job,
                            Missing::AllBut(known) => !known.contains(&job),
                        };
                        if gone && jobs.state(&job).is_at_server() {
                            jobs.hear(&job, Evidence::Vanished);
                        }
                    }
                }
            }
        }
        jobs
    }

    fn frame(&mut self, frame: &Frame) {
        if let Some((job, evidence)) = frame.evidence() {
            self.hear(job, evidence);
        }
        // The history entry is there by then, and with it everything to collect.
        if let Some(job) = frame.last_of().map(str::to_owned) {
            self.hear(&job, Evidence::Collected);
        }
    }

    /// Evidence about one job. A job that is over must not move.
    pub fn hear(&mut self, job: &str, evidence: Evidence) {
        let state = self.states.entry(job.to_owned()).or_insert(JobState::Held);
        let moved = step(*state, evidence);
        if state.is_ended() {
            assert_eq!(moved, Moved::Stale, "{job} is over, and hears {evidence:?}");
        }
        if let Moved::To(next) = moved {
            *state = next;
        }
        if matches!(evidence, Evidence::SeenQueued | Evidence::SeenRunning) {
            self.unlisted.remove(job);
        }
    }

    pub fn state(&self, job: &str) -> JobState {
        self.states.get(job).copied().unwrap_or(JobState::Held)
    }

    /// Everything that ended is collected.
    pub fn collect(&mut self) {
        for job in self.states.keys().cloned().collect::<Vec<_>>() {
            self.hear(&job, Evidence::Collected);
        }
    }

    /// The scenario is over: the server is asked once more for every job that it may have, and what
    /// ended is collected.
    pub fn reconcile(&mut self, memory: &BTreeMap<String, Evidence>) {
        for (job, evidence) in memory {
            if self.state(job).is_at_server() {
                self.hear(job, *evidence);
            }
        }
        self.collect();
    }

    /// Compares with what the recording says. Answers how many jobs ended.
    pub fn compare(&self, ends: &BTreeMap<String, End>, whose: &str) -> usize {
        for job in self.states.keys() {
            assert!(ends.contains_key(job), "{whose}: nobody knows {job}");
        }
        for (job, end) in ends {
            let state = self.state(job);
            let right = match end {
                End::Ran(outcome) => state == JobState::Ended(*outcome),
                End::Refused => state == JobState::Ended(Outcome::Failed),
                End::Gone => state == JobState::Ended(Outcome::Lost),
                End::Open => !state.is_ended(),
            };
            assert!(right, "{whose}: {job} is {state:?}, and the recording says {end:?}");
        }
        ends.values().filter(|end| !matches!(end, End::Open)).count()
    }
}

/// What the server would say of each job at the end, and of how many it is in an answer that was
/// recorded and that the client read. Of the others the recording has only the event, which the
/// server's history repeats.
pub fn memory(beats: &[Beat], ends: &BTreeMap<String, End>) -> (BTreeMap<String, Evidence>, usize) {
    let mut memory = BTreeMap::new();
    for (job, end) in ends {
        let end = match end {
            End::Ran(Outcome::Succeeded) => ServerEnd::Succeeded,
            End::Ran(Outcome::Failed) => ServerEnd::Failed,
            End::Ran(Outcome::Cancelled) => ServerEnd::Interrupted,
            End::Ran(Outcome::Lost) => panic!("no server says so"),
            End::Gone => {
                memory.insert(job.clone(), Evidence::Vanished);
                continue;
            }
            End::Refused | End::Open => continue,
        };
        memory.insert(job.clone(), Evidence::ServerEnded(end));
    }
    let mut answered = HashSet::new();
    for beat in beats {
        if let Beat::Heard(job, evidence @ Evidence::ServerEnded(_)) = beat {
            memory.insert(job.clone(), *evidence);
            answered.insert(job);
        }
    }
    (memory, answered.len())
}

/// How a job ended, by the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It ran.
    Ran(Outcome),
    /// The server refused it.
    Refused,
    /// The server was asked, and has it no more: deleted, or lost in a restart.
    Gone,
    /// The recording stops before its end, or does not say.
    Open,
}
