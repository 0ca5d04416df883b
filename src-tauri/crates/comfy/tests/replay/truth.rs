//! How each job of a recording ended, read from the raw JSON: nothing here is the crate's.

use crate::{
    recording::{Recording, Step, Wire},
    story::{End, is_submit, job_name},
};
use domain::Outcome;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Known {
    ends: BTreeSet<&'static str>,
    refused: bool,
    /// Taken out of the queue, or in a server that was killed.
    removed: bool,
    /// The history was asked after that, and did not have it.
    missed: bool,
}

/// The ends of all jobs that a recording names.
pub fn ends(recording: &Recording) -> BTreeMap<String, End> {
    let mut jobs = BTreeMap::<String, Known>::new();
    for step in &recording.steps {
        match step {
            Step::Frame { wire: Wire::Text(text), .. } => event(text, &mut jobs),
            Step::Frame { .. } | Step::Request(_) => {}
            Step::Note(note) => {
                let text = note["text"].as_str().unwrap_or_default();
                if text.starts_with("SIGKILL") || text.starts_with("SIGTERM") {
                    for known in jobs.values_mut().filter(|known| known.ends.is_empty()) {
                        known.removed = true;
                    }
                }
            }
            Step::Answer(answer) => {
                let request = &recording.requests[answer.request];
                // `NaN` is no matter here: it stands for numbers of nodes.
                let body = answer.body.as_ref().and_then(|body| {
                    let text = String::from_utf8_lossy(body).replace("NaN", "0");
                    let text = text.replace("-Infinity", "0").replace("Infinity", "0");
                    serde_json::from_str::<Value>(&text).ok()
                });
                let body = body.unwrap_or_default();
                if is_submit(request) {
                    let known = jobs.entry(job_name(recording, answer.request)).or_default();
                    known.refused |= matches!(answer.status, 400 | 413);
                } else if request.method == "GET" && answer.status == 200 {
                    look(&request.path, &body, &mut jobs);
                } else if request.method == "POST" && request.path == "/queue" {
                    let asked = request.body.clone().unwrap_or_default();
                    for id in asked["delete"].as_array().into_iter().flatten() {
                        let id = id.as_str().unwrap_or_default();
                        if let Some(known) = jobs.get_mut(id) {
                            known.removed = true;
                        }
                    }
                }
            }
        }
    }
    jobs.into_iter().map(|(id, known)| (id.clone(), end(&id, &known, recording))).collect()
}

fn end(id: &str, known: &Known, recording: &Recording) -> End {
    let said: Vec<_> = known.ends.iter().copied().collect();
    match said[..] {
        ["success"] => End::Ran(Outcome::Succeeded),
        ["error"] => End::Ran(Outcome::Failed),
        ["interrupted"] => End::Ran(Outcome::Cancelled),
        [] if known.refused => End::Refused,
        [] if known.removed && known.missed => End::Gone,
        [] => End::Open,
        _ => panic!("{} {}: {id} ended as {said:?}", recording.version, recording.name),
    }
}

fn event(text: &str, jobs: &mut BTreeMap<String, Known>) {
    let Ok(event) = serde_json::from_str::<Value>(text) else { return };
    let data = &event["data"];
    let Some(end) = (match event["type"].as_str() {
        Some("execution_start") => None,
        Some("execution_success") => Some("success"),
        Some("execution_error") if data["exception_type"] == "ExecutionBlocked" => None,
        Some("execution_error") => Some("error"),
        Some("execution_interrupted") => Some("interrupted"),
        _ => return,
    }) else {
        jobs.entry(data["prompt_id"].as_str().unwrap_or_default().to_owned()).or_default();
        return;
    };
    let id = data["prompt_id"].as_str().unwrap_or_default().to_owned();
    jobs.entry(id).or_default().ends.insert(end);
}

fn look(path: &str, body: &Value, jobs: &mut BTreeMap<String, Known>) {
    let (route, query) = path.split_once('?').unwrap_or((path, ""));
    if route == "/queue" {
        for list in ["queue_running", "queue_pending"] {
            for item in body[list].as_array().into_iter().flatten() {
                jobs.entry(item[1].as_str().unwrap_or_default().to_owned()).or_default();
            }
        }
    } else if route == "/history" || route.starts_with("/history/") {
        let entries = body.as_object().cloned().unwrap_or_default();
        let asked = route.strip_prefix("/history/");
        for (id, known) in jobs.iter_mut() {
            let covered = asked.map_or(query.is_empty(), |asked| asked == id);
            known.missed |= known.removed && covered && !entries.contains_key(id);
        }
        if let Some(asked) = asked {
            jobs.entry(asked.to_owned()).or_default();
        }
        for (id, entry) in entries {
            let messages = entry["status"]["messages"].as_array().cloned().unwrap_or_default();
            let interrupted = messages.iter().any(|message| message[0] == "execution_interrupted");
            let end = match entry["status"]["status_str"].as_str() {
                _ if interrupted => "interrupted",
                Some("error") => "error",
                _ => "success",
            };
            jobs.entry(id).or_default().ends.insert(end);
        }
    } else if route == "/api/jobs" || route.starts_with("/api/jobs/") {
        let one = std::slice::from_ref(body);
        let list = body["jobs"].as_array().map_or(one, Vec::as_slice);
        for job in list.iter().filter(|job| job["id"].is_string()) {
            let known = jobs.entry(job["id"].as_str().unwrap_or_default().to_owned()).or_default();
            match job["status"].as_str() {
                Some("completed") => known.ends.insert("success"),
                Some("cancelled") => known.ends.insert("interrupted"),
                // 0.8 has no status of its own for jobs that were interrupted.
                Some("failed") if job["execution_error"].is_null() => {
                    known.ends.insert("interrupted")
                }
                Some("failed") => known.ends.insert("error"),
                _ => false,
            };
        }
    }
}
