use std::time::{Duration, SystemTime, UNIX_EPOCH};

use practice::Scene;
use serde_json::{Value, json};

use super::ID;
use crate::help::{classic, server, slow_server, small};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn everything_can_be_forgotten() {
    let server = slow_server(HOUR).await;
    let mut socket = server.socket("me", true).await;
    let body = json!({"prompt": classic(1, 5), "prompt_id": ID, "client_id": "me"});
    server.post("/prompt", body).await;
    server.post("/prompt", json!({"prompt": small(1)})).await;
    while socket.until("executing").await.data["node"] != "3" {}
    server.scene(Scene::ForgetEverything, true);
    loop {
        let event = socket.event().await;
        assert!(!event.kind.starts_with("execution"), "not a word: {event:?}");
        if event.data["status"]["exec_info"]["queue_remaining"] == 0 {
            break;
        }
    }
    assert_eq!(server.get("/history").await.1, json!({}));
    assert_eq!(server.get("/queue").await.1, json!({"queue_running": [], "queue_pending": []}));
    // It goes on working, from number 0.
    let entry = server.run(small(2)).await;
    assert_eq!(entry["prompt"][0], 0);
    assert_eq!(server.get(&format!("/history/{ID}")).await.1, json!({}));
}

#[tokio::test]
async fn the_history_can_be_cleared_by_somebody_else() {
    let server = slow_server(HOUR).await;
    server.run(small(1)).await;
    server.post("/prompt", json!({"prompt": classic(1, 5), "prompt_id": ID})).await;
    server.scene(Scene::HistoryCleared, true);
    assert_eq!(server.get("/history").await.1, json!({}));
    assert_eq!(server.get("/prompt").await.1["exec_info"]["queue_remaining"], 1);
    server.practice.stop().await;
}

#[tokio::test]
async fn a_node_can_stall_and_be_interrupted() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.scene(Scene::Stall, true);
    let body = json!({"prompt": small(1), "prompt_id": ID, "client_id": "me"});
    server.post("/prompt", body).await;
    socket.until("executing").await;
    assert_eq!(server.get("/prompt").await.1["exec_info"]["queue_remaining"], 1);
    server.post("/interrupt", json!({"prompt_id": ID})).await;
    socket.until("execution_interrupted").await;
}

/// The error a job of this graph ends with.
async fn error(scene: Scene, prompt: Value) -> Value {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.scene(scene, true);
    server.post("/prompt", json!({"prompt": prompt, "client_id": "me"})).await;
    socket.until("execution_error").await.data
}

#[tokio::test]
async fn memory_can_run_out() {
    let error = error(Scene::OutOfMemory, classic(1, 3)).await;
    assert_eq!(error["exception_type"], "torch.OutOfMemoryError");
    assert_eq!(
        error["exception_message"],
        "Allocation on device \nThis error means you ran out of memory on your GPU.\n\nTIPS: If \
         the workflow worked before you might have accidentally set the batch_size to a large \
         number."
    );
}

#[tokio::test]
async fn the_disk_can_be_full() {
    let error = error(Scene::FullDisk, small(1)).await;
    assert_eq!(error["exception_type"], "OSError");
    assert_eq!(error["exception_message"], "[Errno 28] No space left on device\n");
}

#[tokio::test]
async fn the_clock_can_jump() {
    let server = server().await;
    server.scene(Scene::ClockJump, true);
    let entry = server.run(small(1)).await;
    let told = entry["status"]["messages"][0][1]["timestamp"].as_u64().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    assert!(now - told >= 3_600_000, "{told} is not an hour before {now}");
}
