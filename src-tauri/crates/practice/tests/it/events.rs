use std::time::Duration;

use serde_json::{Value, json};

use crate::help::{classic, server, slow_server, small};

fn kinds(events: &[crate::help::Event]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

#[tokio::test]
async fn a_small_job_sends_the_documented_events_in_order() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    let body = json!({ "prompt": small(1), "client_id": "me", "front": false });
    let (status, answer) = server.post("/prompt", body).await;
    assert_eq!(status, 200);
    let id = answer["prompt_id"].clone();
    assert_eq!(answer["node_errors"], json!({}));
    let events = socket.until_end().await;
    assert_eq!(
        kinds(&events),
        [
            "status",
            "status",
            "execution_start",
            "execution_cached",
            "progress_state",
            "executing",
            "progress_state",
            "progress_state",
            "executing",
            "executed",
            "progress_state",
            "execution_success",
            "status",
            "executing",
        ]
    );
    let remaining = |i: usize| events[i].data["status"]["exec_info"]["queue_remaining"].clone();
    assert_eq!([remaining(0), remaining(1), remaining(12)], [json!(1), json!(1), json!(0)]);
    assert!(events.iter().all(|e| e.kind == "status" || e.data["prompt_id"] == id));
    assert_eq!(events[3].data["nodes"], json!([]));
    assert_eq!(events[5].data, json!({"node": "1", "display_node": "1", "prompt_id": id}));
    assert_eq!(events[9].data["output"]["images"][0]["filename"], "small_00001_.png");
    let last = &events[10].data["nodes"];
    assert_eq!(last["1"]["state"], "finished");
    assert_eq!(last["2"]["value"], 1.0);
    assert_eq!(last["2"]["parent_node_id"], Value::Null);
    assert_eq!(events[13].data, json!({"node": null, "prompt_id": id}));

    // The history entry is there when the last event comes.
    let (_, history) = server.get(&format!("/history/{}", id.as_str().unwrap())).await;
    let entry = &history[id.as_str().unwrap()];
    assert_eq!(entry["status"]["status_str"], "success");
    let messages: Vec<&Value> =
        entry["status"]["messages"].as_array().unwrap().iter().map(|m| &m[0]).collect();
    assert_eq!(messages, ["execution_start", "execution_cached", "execution_success"]);
    assert_eq!(entry["prompt"][0], 0);
    assert_eq!(entry["prompt"][3]["client_id"], "me");
    assert_eq!(entry["prompt"][4], json!(["2"]));
    assert_eq!(entry["meta"]["2"]["real_node_id"], "2");
    server.practice.stop().await;
}

#[tokio::test]
async fn what_did_not_change_is_not_run_again() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    let run = |prompt: Value| server.post("/prompt", json!({"prompt": prompt, "client_id": "me"}));
    run(small(7)).await;
    socket.until_end().await;

    let mut titled = small(7);
    titled["1"]["_meta"] = json!({"title": "other"});
    run(titled).await;
    let events = socket.until_end().await;
    assert_eq!(
        kinds(&events),
        [
            "status",
            "status",
            "execution_start",
            "execution_cached",
            "executed",
            "progress_state",
            "execution_success",
            "status",
            "executing",
        ]
    );
    assert_eq!(events[3].data["nodes"], json!(["1", "2"]));
    assert_eq!(events[4].data["output"]["images"][0]["filename"], "small_00001_.png");
    assert_eq!(
        events[5].data["nodes"],
        json!({"2": {
            "value": 1, "max": 1, "state": "finished", "node_id": "2",
            "prompt_id": events[2].data["prompt_id"], "display_node_id": "2",
            "parent_node_id": null, "real_node_id": "2",
        }})
    );

    // Another prefix: only the last node runs.
    let mut renamed = small(7);
    renamed["2"]["inputs"]["filename_prefix"] = json!("other");
    run(renamed).await;
    let events = socket.until_end().await;
    assert_eq!(events[3].data["nodes"], json!(["1"]));
    let ran: Vec<&Value> =
        events.iter().filter(|e| e.kind == "executing").map(|e| &e.data["node"]).collect();
    assert_eq!(ran, [&json!("2"), &Value::Null]);

    server.post("/free", json!({"free_memory": true})).await;
    run(small(7)).await;
    assert_eq!(socket.until_end().await[3].data["nodes"], json!([]));
}

#[tokio::test]
async fn previews_come_with_metadata_to_those_who_asked() {
    let server = server().await;
    let mut new = server.socket("new", true).await;
    server.post("/prompt", json!({"prompt": classic(1, 4), "client_id": "new"})).await;
    let events = new.until_end().await;
    let at = events.iter().position(|e| e.kind == "binary 4").unwrap();
    assert_eq!(events[at - 1].kind, "progress_state");
    assert_eq!(events[at - 1].data["nodes"]["3"]["max"], 4);
    assert_eq!(events[at + 1].kind, "progress");
    assert_eq!(events[at + 1].data["value"], 1);
    let frame = &events[at].bytes;
    let length = u32::from_be_bytes(frame[4..8].try_into().unwrap()) as usize;
    let metadata: Value = serde_json::from_slice(&frame[8..8 + length]).unwrap();
    assert_eq!(metadata["node_id"], "3");
    assert_eq!(metadata["image_type"], "image/jpeg");
    let picture = image::load_from_memory(&frame[8 + length..]).unwrap();
    assert_eq!((picture.width(), picture.height()), (512, 384), "scaled up to fit 512");
    let steps: Vec<&Value> =
        events.iter().filter(|e| e.kind == "progress").map(|e| &e.data["value"]).collect();
    assert_eq!(steps, [1, 2, 3, 4]);
    // The order of nodes is ComfyUI's.
    let ran: Vec<&str> = events
        .iter()
        .filter(|e| e.kind == "executing")
        .filter_map(|e| e.data["node"].as_str())
        .collect();
    assert_eq!(ran, ["4", "5", "7", "6", "3", "8", "9"]);

    let mut old = server.socket("old", false).await;
    server.post("/prompt", json!({"prompt": classic(2, 2), "client_id": "old"})).await;
    let events = old.until_end().await;
    let at = events.iter().position(|e| e.kind == "binary 1").unwrap();
    assert_eq!(events[at - 1].kind, "progress");
    assert_eq!(&events[at].bytes[..8], [0, 0, 0, 1, 0, 0, 0, 1]);
    assert_eq!(image::guess_format(&events[at].bytes[8..]).unwrap(), image::ImageFormat::Jpeg);
    assert!(events.iter().all(|e| e.kind != "binary 4"));

    let body = json!({"prompt": classic(3, 2), "client_id": "old",
                      "extra_data": {"preview_method": "none"}});
    server.post("/prompt", body).await;
    assert!(old.until_end().await.iter().all(|e| !e.kind.starts_with("binary")));
}

#[tokio::test]
async fn jobs_without_client_are_broadcast_and_others_are_private() {
    let server = server().await;
    let mut other = server.socket("other", true).await;
    let mut mine = server.socket("mine", true).await;
    let body = json!({"prompt": classic(1, 2), "extra_data": {"client_id": "mine"}});
    server.post("/prompt", body).await;
    mine.until_end().await;
    server.post("/prompt", json!({"prompt": classic(2, 2)})).await;
    let mut seen = vec![];
    // Two statuses in, one out, for each of the two jobs.
    while seen.iter().filter(|kind| *kind == "status").count() < 6 {
        seen.push(other.event().await.kind);
    }
    assert_eq!(seen[..3], ["status", "status", "status"], "nothing of somebody else's job");
    let own: Vec<&String> = seen[3..].iter().collect();
    assert!(own.iter().any(|kind| *kind == "binary 1"), "{own:?}");
    assert!(own.iter().any(|kind| *kind == "progress"));
    assert!(own.iter().all(|kind| !kind.starts_with("exec") && *kind != "binary 4"), "{own:?}");
}

#[tokio::test]
async fn an_interrupt_by_id_ends_only_that_job() {
    let server = slow_server(Duration::from_secs(3600)).await;
    let mut socket = server.socket("me", true).await;
    let body = json!({"prompt": classic(1, 20), "client_id": "me"});
    let (_, answer) = server.post("/prompt", body).await;
    let id = answer["prompt_id"].as_str().unwrap();
    while socket.until("executing").await.data["node"] != "3" {}
    let (status, _) = server.post("/interrupt", json!({"prompt_id": "somebody-else"})).await;
    assert_eq!(status, 200);
    let (_, job) = server.get(&format!("/api/jobs/{id}")).await;
    assert_eq!(job["status"], "in_progress");

    // Somebody with the same id is told where the job is.
    let mut again = server.socket("me", false).await;
    assert_eq!(again.event().await.kind, "status");
    assert_eq!(again.event().await.data, json!({"node": "3"}));

    server.post("/interrupt", json!({"prompt_id": id})).await;
    let events = again.until_end().await;
    let interrupted = events.iter().find(|e| e.kind == "execution_interrupted").unwrap();
    assert_eq!(interrupted.data["node_id"], "3");
    assert_eq!(interrupted.data["node_type"], "KSampler");
    assert_eq!(interrupted.data["executed"], json!(["4", "5", "7", "6"]));
    let entry = server.ended(id).await;
    assert_eq!(entry["status"]["status_str"], "error");
    assert_eq!(entry["status"]["completed"], false);
    assert_eq!(server.get(&format!("/api/jobs/{id}")).await.1["status"], "cancelled");
    server.practice.stop().await;
}

#[tokio::test]
async fn a_failing_node_tells_why_and_keeps_what_was_done() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    let mut prompt = small(3);
    prompt["3"] = json!({"class_type": "ImageToMask",
                         "inputs": {"image": ["1", 0], "channel": "alpha"}});
    prompt["4"] = json!({"class_type": "MaskToImage", "inputs": {"mask": ["3", 0]}});
    prompt["5"] = json!({"class_type": "PreviewImage", "inputs": {"images": ["4", 0]}});
    server.post("/prompt", json!({"prompt": prompt, "client_id": "me"})).await;
    let events = socket.until_end().await;
    let error = &events.iter().find(|e| e.kind == "execution_error").unwrap().data;
    assert_eq!(error["exception_type"], "IndexError");
    assert_eq!(
        error["exception_message"],
        "index 3 is out of bounds for dimension 3 with size 3\n"
    );
    assert_eq!((&error["node_id"], &error["node_type"]), (&json!("3"), &json!("ImageToMask")));
    assert_eq!(error["executed"], json!(["1", "2"]));
    assert!(error["traceback"].as_array().unwrap().iter().all(Value::is_string));
    assert_eq!(error["current_inputs"]["channel"], json!(["alpha"]));
    let id = error["prompt_id"].as_str().unwrap();
    let entry = server.ended(id).await;
    assert_eq!(entry["outputs"]["2"]["images"][0]["type"], "output");
    let (_, job) = server.get(&format!("/api/jobs/{id}")).await;
    assert_eq!(job["status"], "failed");
    assert_eq!(job["execution_error"]["node_id"], "3");
    assert_eq!(job["outputs_count"], 1);
}

#[tokio::test]
async fn sockets_have_ids_and_flags_count_once() {
    use futures_util::SinkExt;
    use tokio_tungstenite::tungstenite::Message;
    let server = server().await;
    let url = format!("ws://{}/api/ws", server.practice.address());
    let (stream, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let mut socket = crate::help::Socket { stream };
    let sid = socket.event().await.data["sid"].as_str().unwrap().to_string();
    assert_eq!(sid.len(), 32);
    // The second text is ignored, whatever it is; so is what is not JSON.
    let flags = r#"{"type":"feature_flags","data":{"supports_preview_metadata":true}}"#;
    socket.stream.send(Message::text("not json")).await.unwrap();
    socket.stream.send(Message::text(flags)).await.unwrap();
    server.post("/prompt", json!({"prompt": classic(5, 1), "client_id": sid})).await;
    let events = socket.until_end().await;
    assert!(events.iter().all(|e| e.kind != "feature_flags" && e.kind != "binary 4"));
    assert!(events.iter().any(|e| e.kind == "binary 1"));

    let (status, text) = server.get("/ws").await;
    assert_eq!(status, 400);
    assert!(text.as_str().unwrap().starts_with("No WebSocket UPGRADE"));
}
