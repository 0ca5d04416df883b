//! `/queue`, `/interrupt`, `/free` and `/history`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::{Shared, in_trouble, json_ok, read_body};
use crate::queue::Finished;
use crate::{lock, python};

pub async fn show(State(shared): State<Arc<Shared>>) -> Response {
    json_ok(&shared.queue.to_json())
}

/// What `{"clear":true}` or `{"delete":[ids]}` asks for.
struct Change {
    clear: bool,
    delete: Vec<String>,
}

async fn change_of(body: Body) -> Result<Change, Response> {
    let bytes = read_body(body).await?;
    let body: Value = serde_json::from_slice(&bytes).map_err(|_| in_trouble())?;
    let ids = body["delete"].as_array().into_iter().flatten();
    Ok(Change {
        clear: python::truthy(&body["clear"]),
        delete: ids.filter_map(|id| Some(id.as_str()?.to_string())).collect(),
    })
}

pub async fn change(State(shared): State<Arc<Shared>>, body: Body) -> Response {
    match change_of(body).await {
        Ok(change) => {
            shared.queue.delete(|item| change.clear || change.delete.contains(&item.prompt_id));
            StatusCode::OK.into_response()
        }
        Err(answer) => answer,
    }
}

pub async fn change_history(State(shared): State<Arc<Shared>>, body: Body) -> Response {
    match change_of(body).await {
        Ok(change) => {
            shared
                .queue
                .delete_history(|old| change.clear || change.delete.contains(&old.item.prompt_id));
            StatusCode::OK.into_response()
        }
        Err(answer) => answer,
    }
}

/// With a `prompt_id` only that job is interrupted; without, or with a body that is no
/// JSON, whichever runs.
pub async fn interrupt(State(shared): State<Arc<Shared>>, body: Body) -> Response {
    let bytes = match read_body(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    match python::loads(&bytes) {
        Ok(Value::Object(body)) => {
            shared.queue.interrupt(body.get("prompt_id").and_then(Value::as_str));
        }
        Ok(_) => return in_trouble(),
        Err(_) => {
            shared.queue.interrupt(None);
        }
    }
    StatusCode::OK.into_response()
}

/// There are no models to unload; `free_memory` empties the cache.
pub async fn free(State(shared): State<Arc<Shared>>, body: Body) -> Response {
    let bytes = match read_body(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let Ok(body) = serde_json::from_slice::<Value>(&bytes) else { return in_trouble() };
    if python::truthy(&body["free_memory"]) {
        lock(&shared.cache).clear();
    }
    StatusCode::OK.into_response()
}

pub async fn history(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let number = |name: &str| -> Result<Option<i64>, ()> {
        query.get(name).map(|text| text.parse().map_err(|_| ())).transpose()
    };
    let (Ok(most), Ok(offset)) = (number("max_items"), number("offset")) else {
        return in_trouble();
    };
    let offset = offset.filter(|offset| *offset >= 0);
    let answer = shared.queue.history(|entries| {
        let count = entries.len() as i64;
        // `max_items` alone means the newest; with an offset it counts from the oldest.
        let most = most.unwrap_or(count).max(0);
        let start = offset.unwrap_or(count - most).clamp(0, count) as usize;
        entry_map(entries.iter().skip(start).take(most as usize))
    });
    json_ok(&answer)
}

pub async fn history_of(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let answer = shared
        .queue
        .history(|entries| entry_map(entries.iter().filter(|entry| entry.item.prompt_id == id)));
    json_ok(&answer)
}

fn entry_map<'a>(entries: impl Iterator<Item = &'a Finished>) -> Value {
    let map: Map<String, Value> =
        entries.map(|entry| (entry.item.prompt_id.clone(), entry.to_json())).collect();
    Value::Object(map)
}
