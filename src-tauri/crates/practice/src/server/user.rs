//! `/userdata` (where pages keep saved workflows), `/settings` and `/users`.

use std::collections::HashMap;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::files::validators;
use super::{Shared, in_trouble, json_ok, read_body};
use crate::like::Like;
use crate::{lock, paths};

type Parameters = HashMap<String, String>;

/// Where the only user's files are.
fn root(shared: &Shared) -> PathBuf {
    shared.config.data_dir.join("user").join("default")
}

/// A file of the user's, or the status that refuses the name.
fn inside(shared: &Shared, name: &str) -> Result<PathBuf, StatusCode> {
    paths::inside(name).map(|below| root(shared).join(below)).ok_or(StatusCode::FORBIDDEN)
}

fn says(query: &Parameters, name: &str) -> bool {
    query.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn slashes(path: &FilePath) -> String {
    path.iter().filter_map(|part| part.to_str()).collect::<Vec<_>>().join("/")
}

/// Everything below a folder, by its path from there.
fn walk(folder: &FilePath, below: &FilePath, deep: bool, found: &mut Vec<(PathBuf, bool)>) {
    let entries = std::fs::read_dir(folder.join(below)).into_iter().flatten().flatten();
    for entry in entries {
        let path = below.join(entry.file_name());
        // Links are not followed: they may lead anywhere.
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && deep {
            walk(folder, &path, deep, found);
        }
        found.push((path, kind.is_dir()));
    }
    found.sort();
}

/// `{"path","size","modified","created"}`. Times are whole milliseconds, before 0.28
/// seconds with a fraction.
fn full_info(like: Like, file: &FilePath, path: String) -> Value {
    let metadata = file.metadata().ok();
    let seconds = |time: Option<std::time::SystemTime>| {
        let since = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        if like < Like::V0_28_2 {
            json!(since.as_secs_f64())
        } else {
            json!(since.as_millis() as u64)
        }
    };
    let modified = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
    let created = metadata.as_ref().and_then(|metadata| metadata.created().ok()).or(modified);
    json!({
        "path": path,
        "size": metadata.map_or(0, |metadata| metadata.len()),
        "modified": seconds(modified),
        "created": seconds(created),
    })
}

/// Names, or more about each file, below `dir`.
pub async fn list(State(shared): State<Arc<Shared>>, Query(query): Query<Parameters>) -> Response {
    let Some(dir) = query.get("dir").filter(|dir| !dir.is_empty()) else {
        return (StatusCode::BAD_REQUEST, "Directory not provided").into_response();
    };
    let folder = match inside(&shared, dir) {
        Ok(folder) => folder,
        Err(status) => return (status, "Invalid directory").into_response(),
    };
    if !folder.is_dir() {
        return (StatusCode::NOT_FOUND, "Directory not found").into_response();
    }
    let mut found = vec![];
    walk(&folder, FilePath::new(""), says(&query, "recurse"), &mut found);
    let files = found.into_iter().filter(|(_, is_folder)| !is_folder);
    let answer: Value = files
        .map(|(path, _)| {
            let name = slashes(&path);
            if says(&query, "full_info") {
                full_info(shared.config.like, &folder.join(&path), name)
            } else if says(&query, "split") {
                std::iter::once(name.as_str()).chain(name.split('/')).collect()
            } else {
                json!(name)
            }
        })
        .collect();
    json_ok(&answer)
}

/// Folders and files below `path`, folders first.
pub async fn list_all(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<Parameters>,
) -> Response {
    let start = query.get("path").map_or("", String::as_str);
    let Ok(folder) = inside(&shared, start) else {
        return (StatusCode::FORBIDDEN, "Invalid path").into_response();
    };
    if !folder.is_dir() {
        return (StatusCode::NOT_FOUND, "Requested path not found").into_response();
    }
    let mut found = vec![];
    walk(&folder, FilePath::new(""), true, &mut found);
    found.sort_by_key(|(path, is_folder)| (!is_folder, path.file_name().map(ToOwned::to_owned)));
    let answer: Value = found
        .into_iter()
        .map(|(path, is_folder)| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let full = slashes(&FilePath::new(start).join(&path));
            if is_folder {
                return json!({ "name": name, "path": full, "type": "directory" });
            }
            // Seconds in every version, unlike in the other list.
            let info = full_info(Like::V0_8_0, &folder.join(&path), full.clone());
            json!({
                "name": name, "path": full, "type": "file",
                "size": info["size"], "modified": info["modified"],
            })
        })
        .collect();
    json_ok(&answer)
}

pub async fn read(State(shared): State<Arc<Shared>>, Path(file): Path<String>) -> Response {
    let path = match inside(&shared, &file) {
        Ok(path) => path,
        Err(status) => return status.into_response(),
    };
    let (Ok(bytes), Ok(metadata)) = (std::fs::read(&path), path.metadata()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut headers = validators(&metadata);
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let kind = if is_json { "application/json" } else { "application/octet-stream" };
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    if shared.config.like >= Like::V0_28_2 {
        let attachment = header::HeaderValue::from_static("attachment");
        headers.insert(header::CONTENT_DISPOSITION, attachment);
        let nosniff = header::HeaderValue::from_static("nosniff");
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    }
    (headers, bytes).into_response()
}

/// What is answered once a file is in its place.
fn written(shared: &Shared, query: &Parameters, file: &str) -> Response {
    match inside(shared, file) {
        Ok(path) if says(query, "full_info") => {
            json_ok(&full_info(shared.config.like, &path, file.into()))
        }
        _ => json_ok(&json!(file)),
    }
}

fn exists_and_stays(path: &FilePath, query: &Parameters) -> bool {
    query.get("overwrite").is_some_and(|value| value == "false") && path.exists()
}

fn taken() -> Response {
    (StatusCode::CONFLICT, "File already exists").into_response()
}

pub async fn write(
    State(shared): State<Arc<Shared>>,
    Path(file): Path<String>,
    Query(query): Query<Parameters>,
    body: Body,
) -> Response {
    let path = match inside(&shared, &file) {
        Ok(path) => path,
        Err(status) => return status.into_response(),
    };
    if exists_and_stays(&path, &query) {
        return taken();
    }
    let bytes = match read_body(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    match made.and_then(|()| std::fs::write(&path, bytes)) {
        Ok(()) => written(&shared, &query, &file),
        Err(_) => in_trouble(),
    }
}

pub async fn rename(
    State(shared): State<Arc<Shared>>,
    Path((file, to)): Path<(String, String)>,
    Query(query): Query<Parameters>,
) -> Response {
    let (Ok(from), Ok(target)) = (inside(&shared, &file), inside(&shared, &to)) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    if !from.exists() {
        return StatusCode::NOT_FOUND.into_response();
    }
    if exists_and_stays(&target, &query) {
        return taken();
    }
    let made = target.parent().map_or(Ok(()), std::fs::create_dir_all);
    match made.and_then(|()| std::fs::rename(&from, &target)) {
        Ok(()) => written(&shared, &query, &to),
        Err(_) => in_trouble(),
    }
}

pub async fn delete(State(shared): State<Arc<Shared>>, Path(file): Path<String>) -> Response {
    match inside(&shared, &file) {
        Ok(path) if std::fs::remove_file(&path).is_ok() => StatusCode::NO_CONTENT.into_response(),
        Ok(_) => StatusCode::NOT_FOUND.into_response(),
        Err(status) => status.into_response(),
    }
}

pub async fn settings(State(shared): State<Arc<Shared>>) -> Response {
    json_ok(&Value::Object(lock(&shared.settings).clone()))
}

pub async fn setting(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    json_ok(lock(&shared.settings).get(&id).unwrap_or(&Value::Null))
}

/// Settings last as long as the server runs.
pub async fn change_settings(State(shared): State<Arc<Shared>>, body: Body) -> Response {
    match json_of(body).await {
        Ok(Value::Object(new)) => lock(&shared.settings).extend(new),
        Ok(_) => return in_trouble(),
        Err(answer) => return answer,
    }
    StatusCode::OK.into_response()
}

pub async fn change_setting(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Body,
) -> Response {
    match json_of(body).await {
        Ok(value) => lock(&shared.settings).insert(id, value),
        Err(answer) => return answer,
    };
    StatusCode::OK.into_response()
}

async fn json_of(body: Body) -> Result<Value, Response> {
    let bytes = read_body(body).await?;
    serde_json::from_slice(&bytes).map_err(|_| in_trouble())
}

pub async fn users() -> Response {
    json_ok(&json!({ "storage": "server", "migrated": true }))
}

/// Answers with an id, and nothing more comes of it without `--multi-user`.
pub async fn add_user(body: Body) -> Response {
    match json_of(body).await {
        Ok(body) => match body["username"].as_str() {
            Some(name) => json_ok(&json!(format!("{name}_{}", Uuid::new_v4()))),
            None => in_trouble(),
        },
        Err(answer) => answer,
    }
}

/// The settings of the only user.
pub type Settings = std::sync::Mutex<Map<String, Value>>;
