//! The order of events against recordings of a real ComfyUI 0.28.2, where they are at
//! hand beside the project.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::help::server;

/// The types of the text events about one job, in the order they were recorded.
fn event_kinds(lines: &str, prompt_id: &str) -> Vec<String> {
    lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["kind"] == "ws" && line["dir"] == "in")
        .filter(|line| line["json"]["data"]["prompt_id"] == prompt_id)
        .map(|line| line["json"]["type"].as_str().unwrap_or("").to_string())
        .collect()
}

/// The jobs of a recording: the graph sent and the id it got.
fn jobs(lines: &str) -> Vec<(Value, String)> {
    let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let answers = |rid: &Value| {
        lines.iter().find(|l| l["kind"] == "http" && l["dir"] != "req" && l["rid"] == *rid)
    };
    lines
        .iter()
        .filter(|l| l["kind"] == "http" && l["dir"] == "req" && l["path"] == "/prompt")
        .filter(|l| l["method"] == "POST")
        .filter_map(|request| {
            let id = answers(&request["rid"])?["json"]["prompt_id"].as_str()?;
            let prompt = request["json"]["prompt"].clone();
            prompt.is_object().then(|| (prompt, id.to_string()))
        })
        .collect()
}

#[tokio::test]
async fn model_free_jobs_send_the_recorded_events() {
    let root =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/transcripts/v0.28.2");
    if !root.is_dir() {
        println!("skipped: there are no recordings beside the project");
        return;
    }
    let server = server().await;
    let known = server.get("/object_info").await.1;
    let mut ran = 0;
    for name in ["success_simple", "history_paging", "cached_output_deleted"] {
        let Ok(lines) = std::fs::read_to_string(root.join(format!("{name}.jsonl"))) else {
            continue;
        };
        server.post("/free", json!({"free_memory": true})).await;
        let mut socket = server.socket("me", true).await;
        for (prompt, id) in jobs(&lines) {
            let mut nodes = prompt.as_object().unwrap().values();
            if !nodes.all(|node| known.get(node["class_type"].as_str().unwrap()).is_some()) {
                continue;
            }
            let recorded = event_kinds(&lines, &id);
            let body = json!({"prompt": prompt, "client_id": "me"});
            assert_eq!(server.post("/prompt", body).await.0, 200, "{name} {id}");
            let events = socket.until_end().await;
            let ours: Vec<String> = events
                .into_iter()
                .filter(|event| event.data["prompt_id"].is_string())
                .map(|event| event.kind)
                .collect();
            assert_eq!(ours, recorded, "{name} {id}");
            ran += 1;
        }
    }
    println!("{ran} recorded jobs compared");
    assert!(ran >= 5);
}
