//! `/api/jobs`: one view of queue and history.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Shared, json_answer, json_ok, read_body};
use crate::like::Like;
use crate::queue::{Finished, Item};

const STATUSES: [&str; 5] = ["pending", "in_progress", "completed", "failed", "cancelled"];

/// The statuses a version knows: 0.8.0 takes interrupted jobs for failed ones.
fn statuses(like: Like) -> &'static [&'static str] {
    if like < Like::V0_28_2 { &STATUSES[..4] } else { &STATUSES }
}

fn bad(text: &str) -> Response {
    json_answer(StatusCode::BAD_REQUEST, &json!({ "error": text }))
}

/// A job as the list shows it, in the order ComfyUI has; absent fields are left out.
fn shown(item: &Item, status: &str, more: &[(&str, &Value)]) -> Map<String, Value> {
    let mut job = Map::new();
    job.insert("id".into(), json!(item.prompt_id));
    job.insert("status".into(), json!(status));
    job.insert("priority".into(), item.number.clone());
    job.insert("create_time".into(), item.extra_data["create_time"].clone());
    let workflow = ("workflow_id", &item.extra_data["extra_pnginfo"]["workflow"]["id"]);
    for (name, value) in more.iter().chain([&workflow]).filter(|(_, value)| !value.is_null()) {
        job.insert((*name).into(), (*value).clone());
    }
    job
}

/// A job that has not ended.
fn waiting(item: &Item, status: &str) -> Map<String, Value> {
    shown(item, status, &[("outputs_count", &json!(0))])
}

fn finished(entry: &Finished, like: Like) -> Map<String, Value> {
    let message = |kind: &str| {
        entry.messages.iter().find(|message| message[0] == kind).map_or(&Value::Null, |m| &m[1])
    };
    let failed = message("execution_error");
    let interrupted = message("execution_interrupted");
    let status = match (entry.success, interrupted) {
        (true, _) => "completed",
        (false, Value::Object(_)) if like >= Like::V0_28_2 => "cancelled",
        (false, _) => "failed",
    };
    let ends = [message("execution_success"), interrupted, failed];
    let end = ends.into_iter().find(|end| !end.is_null()).unwrap_or(&Value::Null);
    let (count, preview) = summary(&entry.outputs, like);
    let more = [
        ("execution_start_time", &message("execution_start")["timestamp"]),
        ("execution_end_time", &end["timestamp"]),
        ("execution_error", failed),
        ("outputs_count", &json!(count)),
        ("preview_output", &preview),
    ];
    shown(&entry.item, status, &more)
}

/// How many files came out, and the one to show: a saved one if there is, else a
/// temporary one, else, since 0.28, a text.
fn summary(outputs: &Map<String, Value>, like: Like) -> (usize, Value) {
    let (mut count, mut saved, mut temporary, mut text) = (0, None, None, None);
    for (node, kinds) in outputs {
        for (media, items) in kinds.as_object().into_iter().flatten() {
            for item in items.as_array().into_iter().flatten() {
                if let Some(file) = item.as_object().filter(|f| f.contains_key("filename")) {
                    count += 1;
                    let mut shown = file.clone();
                    shown.insert("nodeId".into(), json!(node));
                    shown.insert("mediaType".into(), json!(media));
                    let place = if item["type"] == "output" { &mut saved } else { &mut temporary };
                    place.get_or_insert(Value::Object(shown));
                } else if media == "text" && like >= Like::V0_28_2 {
                    text.get_or_insert(
                        json!({ "content": item, "nodeId": node, "mediaType": media }),
                    );
                }
            }
        }
    }
    (count, saved.or(temporary).or(text).unwrap_or_default())
}

pub async fn list(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let parameter =
        |name: &str| query.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let statuses: Option<Vec<&str>> =
        parameter("status").map(|list| list.split(',').map(str::trim).collect());
    let like = shared.config.like;
    let known = self::statuses(like);
    let unknown: Vec<&str> =
        statuses.iter().flatten().copied().filter(|s| !known.contains(s)).collect();
    if !unknown.is_empty() {
        return bad(&format!(
            "Invalid status value(s): {}. Valid values: {}",
            unknown.join(", "),
            known.join(", ")
        ));
    }
    let by_duration = match parameter("sort_by") {
        None | Some("created_at") => false,
        Some("execution_duration") => true,
        Some(_) => return bad("sort_by must be 'created_at' or 'execution_duration'"),
    };
    let ascending = match parameter("sort_order") {
        None | Some("desc") => false,
        Some("asc") => true,
        Some(_) => return bad("sort_order must be 'asc' or 'desc'"),
    };
    let limit = match parameter("limit").map(str::parse::<i64>) {
        None => None,
        Some(Ok(limit)) if limit > 0 => Some(limit as usize),
        Some(Ok(_)) => return bad("limit must be a positive integer"),
        Some(Err(_)) => return bad("limit must be an integer"),
    };
    let offset = match parameter("offset").map(str::parse::<i64>) {
        None => 0,
        Some(Ok(offset)) => offset.max(0) as usize,
        Some(Err(_)) => return bad("offset must be an integer"),
    };

    let mut jobs: Vec<Map<String, Value>> = shared.queue.jobs(|pending, running, history| {
        let pending = pending.iter().map(|item| waiting(item, "pending"));
        let running = running.map(|item| waiting(item, "in_progress"));
        pending
            .chain(running)
            .chain(history.iter().rev().map(|entry| finished(entry, like)))
            .collect()
    });
    jobs.retain(|job| {
        let has = |name: &str, wanted: &str| job.get(name).is_some_and(|value| value == wanted);
        statuses.as_ref().is_none_or(|list| list.iter().any(|status| has("status", status)))
            && parameter("workflow_id").is_none_or(|id| has("workflow_id", id))
    });
    let key = |job: &Map<String, Value>| {
        let time = |name: &str| job.get(name).and_then(Value::as_i64).unwrap_or(0);
        if by_duration {
            time("execution_end_time") - time("execution_start_time")
        } else {
            time("create_time")
        }
    };
    // Jobs of the same millisecond stay in the order they came.
    if ascending {
        jobs.reverse();
    }
    jobs.sort_by_key(|job| if ascending { key(job) } else { -key(job) });
    let total = jobs.len();
    let jobs: Vec<_> = jobs.into_iter().skip(offset).take(limit.unwrap_or(usize::MAX)).collect();
    let has_more = offset + jobs.len() < total;
    json_ok(&json!({
        "jobs": jobs,
        "pagination": { "offset": offset, "limit": limit, "total": total, "has_more": has_more },
    }))
}

pub async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let job = shared.queue.jobs(|pending, running, history| {
        if let Some(item) = running.filter(|item| item.prompt_id == id) {
            return Some(waiting(item, "in_progress"));
        }
        if let Some(item) = pending.iter().find(|item| item.prompt_id == id) {
            return Some(waiting(item, "pending"));
        }
        let entry = history.iter().find(|entry| entry.item.prompt_id == id)?;
        let mut job = finished(entry, shared.config.like);
        job.insert("outputs".into(), json!(entry.outputs));
        job.insert("execution_status".into(), entry.status());
        job.insert(
            "workflow".into(),
            json!({ "prompt": entry.item.prompt, "extra_data": entry.item.extra_data }),
        );
        Some(job)
    });
    match job {
        Some(job) => json_ok(&Value::Object(job)),
        None => json_answer(StatusCode::NOT_FOUND, &json!({ "error": "Job not found" })),
    }
}

pub async fn cancel(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    json_ok(&json!({ "cancelled": shared.queue.cancel(&id) }))
}

pub async fn cancel_many(State(shared): State<Arc<Shared>>, body: Body) -> Response {
    let bytes = match read_body(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let Ok(body) = serde_json::from_slice::<Value>(&bytes) else {
        return bad("Request body must be valid JSON");
    };
    let Some(ids) = body["job_ids"].as_array() else { return bad("job_ids must be a list") };
    let is_id = |id: &&Value| id.as_str().is_some_and(|id| Uuid::try_parse(id).is_ok());
    let invalid: Vec<&Value> = ids.iter().filter(|id| !is_id(id)).collect();
    if !invalid.is_empty() {
        let error = json!({ "error": "job_ids contains invalid id(s)", "invalid_ids": invalid });
        return json_answer(StatusCode::BAD_REQUEST, &error);
    }
    let mut cancelled = false;
    for id in ids.iter().filter_map(Value::as_str) {
        cancelled |= shared.queue.cancel(id);
    }
    json_ok(&json!({ "cancelled": cancelled }))
}
