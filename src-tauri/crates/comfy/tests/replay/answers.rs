//! Every recorded answer of every GET route the client knows, read by the client, and compared with
//! the raw JSON.

use crate::{
    playback::Playback,
    recording::{self, Answer, VERSIONS},
};
use comfy::{Client, ComfyError, HistoryEntry, strict_json};
use serde_json::Value;
use std::{collections::BTreeMap, fmt::Debug, path::Path};

#[tokio::test]
async fn every_recorded_answer_is_read() {
    let Some(folder) = recording::folder() else { return };
    let server = Playback::at("").await;
    for version in VERSIONS {
        let mut counts = BTreeMap::<String, (u32, u32)>::new();
        for recording in recording::of_version(version) {
            for step in &recording.steps {
                let recording::Step::Answer(answer) = step else { continue };
                let request = &recording.requests[answer.request];
                let (Some(body), "GET") = (&answer.body, request.method.as_str()) else { continue };
                let Some(route) = known(&request.path) else { continue };
                server.answer(answer.status, &answer.content_type, body.clone());
                let whose = format!("{version} {} GET {}", recording.name, request.path);
                let whole = read(&server.client, &request.path, answer, &whose).await;
                assert_eq!(server.asked().len(), 1, "{whose}");
                let (read, refused) = counts.entry(route.to_owned()).or_default();
                *(if whole { read } else { refused }) += 1;
            }
        }
        let all = folder.join(version).join("object_info.json.gz");
        let classes = object_info(&server, &all).await;
        let sum = |of: fn(&(u32, u32)) -> u32| counts.values().map(of).sum::<u32>();
        println!(
            "{version}: {} answers read, {} errors understood, {classes} node classes; {counts:?}",
            sum(|of| of.0),
            sum(|of| of.1)
        );
        assert!(sum(|of| of.0) > 150 && classes > 400);
    }
}

/// The route of a path that the client knows.
fn known(path: &str) -> Option<&'static str> {
    let (route, query) = path.split_once('?').unwrap_or((path, ""));
    let jobs = ["/api/jobs/", "/api/jobs"];
    if let Some(route) = jobs.into_iter().find(|known| route.starts_with(known)) {
        return Some(route);
    }
    let route = route.strip_prefix("/api").unwrap_or(route);
    // The client asks for whole entries only.
    if route == "/userdata" && !query.contains("full_info=true") {
        return None;
    }
    let exact = [
        "/system_stats",
        "/features",
        "/prompt",
        "/queue",
        "/history",
        "/models",
        "/object_info",
        "/users",
        "/userdata",
        "/internal/logs/raw",
    ];
    let below = ["/history/", "/models/", "/object_info/", "/userdata/"];
    exact
        .into_iter()
        .find(|known| *known == route)
        .or_else(|| below.into_iter().find(|known| route.starts_with(known)))
}

/// Reads one answer; whether it was one, and not an error that was to be expected.
async fn read(client: &Client, path: &str, answer: &Answer, whose: &str) -> bool {
    let body = answer.body.as_ref().expect("kept whole");
    let raw: Value = serde_json::from_slice(&strict_json(body)).unwrap_or_default();
    let (route, query) = path.split_once('?').unwrap_or((path, ""));
    let last = route.rsplit('/').next().expect("a route");
    let size = |key: &str| raw[key].as_array().map_or(0, Vec::len);
    match known(path).expect("asked before") {
        "/system_stats" => good(client.system_stats().await, answer, whose, |stats| {
            assert_eq!(stats.version.as_deref(), raw["system"]["comfyui_version"].as_str());
            assert_eq!(stats.devices.len(), size("devices"));
            assert!(stats.python.is_some_and(|python| python.starts_with("3.")));
            assert!(stats.pytorch.is_some() && stats.os.is_some() && !stats.practice);
        }),
        "/features" => good(client.features().await, answer, whose, |features| {
            assert!(
                features.supports_preview_metadata && !features.supports_progress_text_metadata
            );
            assert_eq!(features.max_upload_size, raw["max_upload_size"].as_f64());
        }),
        "/prompt" => good(client.queue_remaining().await, answer, whose, |remaining| {
            assert_eq!(Some(remaining), raw["exec_info"]["queue_remaining"].as_u64());
        }),
        "/queue" => good(client.queue().await, answer, whose, |queue| {
            assert_eq!(queue.running.len(), size("queue_running"));
            assert_eq!(queue.pending.len(), size("queue_pending"));
            let order = |list: &[comfy::QueueItem]| {
                list.is_sorted_by(|a, b| (a.number, &a.prompt_id) <= (b.number, &b.prompt_id))
            };
            assert!(order(&queue.pending), "{whose}: {queue:?}");
        }),
        "/history" => good(client.history_page(Some(0), 4).await, answer, whose, |page| {
            let ids: Vec<_> = raw.as_object().expect("an object").keys().collect();
            assert!(page.iter().map(|(id, _)| id).eq(ids), "in the order of the answer");
            page.iter().for_each(|(id, entry)| same_entry(entry, &raw[id], whose));
        }),
        "/history/" => good(client.history(last).await, answer, whose, |entry| {
            assert_eq!(entry.is_some(), !raw[last].is_null());
            entry.iter().for_each(|entry| same_entry(entry, &raw[last], whose));
        }),
        "/models" => good(client.model_folders().await, answer, whose, |folders| {
            assert!(folders.contains(&"checkpoints".to_owned()));
        }),
        "/models/" => good(client.models(last).await, answer, whose, |files| {
            assert_eq!(files.len(), raw.as_array().map_or(0, Vec::len));
        }),
        "/object_info" => good(client.classes().await, answer, whose, |classes| {
            same_classes(&classes, &raw);
        }),
        "/object_info/" => good(client.class(last).await, answer, whose, |class| {
            same_classes(class.as_slice(), &raw);
        }),
        "/api/jobs" if answer.status == 404 => {
            assert!(client.jobs(0, 1).await.expect("no error").is_none(), "{whose}");
            false
        }
        "/api/jobs" => good(client.jobs(0, 1).await, answer, whose, |page| {
            let (jobs, more) = page.expect("the list is there");
            assert_eq!(Some(more), raw["pagination"]["has_more"].as_bool());
            assert_eq!(jobs.len(), size("jobs"));
            jobs.iter()
                .zip(raw["jobs"].as_array().expect("a list"))
                .for_each(|(a, b)| same_job(a, b));
        }),
        "/api/jobs/" => good(client.job(last).await, answer, whose, |job| same_job(&job, &raw)),
        "/users" => good(client.users().await, answer, whose, |users| {
            let count = users.map(|users| users.len());
            assert_eq!(count, raw["users"].as_object().map(serde_json::Map::len));
        }),
        "/userdata" if answer.status == 404 => {
            assert!(client.user_files("none").await.expect("no error").is_empty(), "{whose}");
            false
        }
        "/userdata" => good(client.user_files("workflows").await, answer, whose, |files| {
            assert_eq!(files.len(), raw.as_array().map_or(0, Vec::len), "{query}");
            // Of November 2026, in seconds or milliseconds.
            assert!(files.iter().all(|file| file.modified / 100_000_000_000 == 17), "{files:?}");
        }),
        "/userdata/" => good(client.user_file("first.json").await, answer, whose, |bytes| {
            assert_eq!(bytes, body[..]);
        }),
        "/internal/logs/raw" => good(client.logs().await, answer, whose, |lines| {
            assert_eq!(lines.len(), size("entries"));
            assert!(!lines.is_empty() && lines.iter().all(|line| line.at.starts_with("20")));
        }),
        other => panic!("{other} is not read"),
    }
}

/// A good answer is read; an error is one we have a name for.
fn good<T>(got: Result<T, ComfyError>, answer: &Answer, whose: &str, check: impl FnOnce(T)) -> bool
where
    T: Debug,
{
    match (answer.status, got) {
        (200, Ok(value)) => {
            check(value);
            return true;
        }
        (404, Err(ComfyError::NotFound)) | (401 | 403, Err(ComfyError::Login { .. })) => {}
        (status, Err(ComfyError::Http { status: said, text, .. })) if status == said => {
            assert!(!text.is_empty(), "{whose}");
        }
        (status, got) => panic!("{whose}: HTTP {status} became {got:?}"),
    }
    false
}

fn same_entry(entry: &HistoryEntry, raw: &Value, whose: &str) {
    let mut expected = Vec::new();
    for (node, kinds) in raw["outputs"].as_object().expect("outputs") {
        let display = raw["meta"][node]["display_node"].as_str().unwrap_or(node);
        for (kind, items) in kinds.as_object().expect("kinds") {
            let items = items.as_array().expect("a list").iter();
            let items = items.filter(|_| kind != "animated");
            expected.extend(items.map(|_| (node.as_str(), display, kind.as_str())));
        }
    }
    let got = entry.outputs.iter();
    let got = got.map(|output| (&*output.node, &*output.display_node, &*output.kind));
    assert_eq!(got.collect::<Vec<_>>(), expected, "{whose}");
    let failed = raw["status"]["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .any(|message| message[0] == "execution_error");
    assert_eq!(entry.error.is_some(), failed, "{whose}");
    assert!(entry.started_at.is_some() && entry.started_at <= entry.ended_at, "{whose}");
}

fn same_job(job: &comfy::ServerJob, raw: &Value) {
    assert_eq!(Some(&*job.id), raw["id"].as_str());
    assert!(job.evidence().is_some(), "{raw}");
    assert_eq!(Some(job.outputs), raw["outputs_count"].as_u64());
    assert_eq!(job.preview.is_some(), raw["preview_output"]["filename"].is_string(), "{raw}");
    assert_eq!(job.error.is_some(), raw.get("execution_error").is_some());
    assert_eq!(job.created_at, raw["create_time"].as_i64());
    assert_eq!(job.ended_at, raw["execution_end_time"].as_i64());
}

fn same_classes(classes: &[domain::NodeClass], raw: &Value) {
    let raw = raw.as_object().expect("an object");
    assert_eq!(classes.len(), raw.len());
    for (class, (name, raw)) in classes.iter().zip(raw) {
        let count =
            |section: &str| raw["input"][section].as_object().map_or(0, serde_json::Map::len);
        assert_eq!(&class.name, name);
        assert_eq!(class.inputs.len(), count("required") + count("optional"), "{name}");
        assert_eq!(class.outputs.len(), raw["output"].as_array().map_or(0, Vec::len), "{name}");
        assert_eq!(Some(class.output_node), raw["output_node"].as_bool(), "{name}");
        for input in &class.inputs {
            let section = if input.required { "required" } else { "optional" };
            let spec = &raw["input"][section][&input.name];
            let old = spec[0].as_array();
            let new = spec[1]["options"].as_array().filter(|_| spec[0] == "COMBO");
            match (&input.kind, old.or(new)) {
                (domain::InputKind::Combo(values), Some(listed)) => assert_eq!(values, listed),
                (domain::InputKind::Type(kind), None) => {
                    assert_eq!(Some(&**kind), spec[0].as_str())
                }
                other => panic!("{name}.{}: {other:?}", input.name),
            }
            if let Some(max) = spec[1].get("max") {
                assert_eq!(input.options.get("max"), Some(max), "whole, up to 2^64-1");
            }
        }
    }
}

/// All node classes of a server, from a file beside the recordings.
async fn object_info(server: &Playback, path: &Path) -> usize {
    let text = recording::text_of(path);
    server.answer(200, "application/json; charset=utf-8", text.clone());
    let classes = server.client.classes().await.expect("recorded classes");
    server.asked();
    same_classes(&classes, &serde_json::from_slice(&strict_json(text.as_bytes())).expect("JSON"));
    classes.len()
}
