use practice::Scene;
use serde_json::json;

use crate::help::{classic, server, slow_server, small};

const ID: &str = "0b0f8b52-1c1a-4f0e-9a1b-6f4b5a2c1d00";

#[tokio::test]
async fn sockets_can_be_dropped_refused_muted_and_spoiled() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.practice.set_scene(Scene::DropSockets, true);
    assert!(socket.next().await.is_none(), "cut without a close frame");

    server.practice.set_scene(Scene::SocketsRefused, true);
    let url = format!("ws://{}/ws?clientId=me", server.practice.address());
    assert!(tokio_tungstenite::connect_async(url).await.is_err());
    server.practice.set_scene(Scene::SocketsRefused, false);

    let mut socket = server.socket("me", true).await;
    server.practice.set_scene(Scene::Mute, true);
    server.run(small(1)).await;
    server.practice.set_scene(Scene::Mute, false);
    server.practice.set_scene(Scene::EventsTwice, true);
    server.post("/prompt", json!({"prompt": small(2), "client_id": "me"})).await;
    // The first thing heard is the second job.
    let event = socket.event().await;
    assert_eq!(event.data["status"]["exec_info"]["queue_remaining"], 1);
    let mut twice = vec![];
    while twice.len() < 5 {
        twice.push(socket.event().await.kind);
    }
    assert_eq!(twice, ["status", "status", "status", "execution_start", "execution_start"]);
    socket.until_end().await;
    server.practice.set_scene(Scene::EventsTwice, false);
    socket.until("executing").await;

    server.practice.set_scene(Scene::Garbage, true);
    server.post("/prompt", json!({"prompt": small(3), "client_id": "me"})).await;
    assert_eq!(socket.event().await.kind, "garbage");
    assert_eq!(socket.event().await.bytes.len(), 6);
    assert_eq!(socket.event().await.kind, "status");
}

#[tokio::test]
async fn the_answer_to_a_prompt_can_be_late_or_lost() {
    let server = server().await;
    let send = || {
        let body = json!({"prompt": small(1), "prompt_id": ID}).to_string();
        server.http.post(server.url("/prompt")).body(body).send()
    };
    server.practice.set_scene(Scene::PromptDropped, true);
    assert!(send().await.is_err());
    server.ended(ID).await;
    server.practice.set_scene(Scene::PromptDropped, false);

    server.practice.set_scene(Scene::PromptLost, true);
    assert!(send().await.is_err());
    server.practice.set_scene(Scene::PromptLost, false);
    assert_eq!(server.practice.record().runs_of(ID), 1, "the lost one never ran");

    server.practice.set_scene(Scene::PromptLate, true);
    let answer = async { send().await.unwrap().status() };
    let release = async {
        while server.practice.record().runs_of(ID) < 2 {
            tokio::task::yield_now().await;
        }
        server.practice.set_scene(Scene::PromptLate, false);
    };
    assert_eq!(tokio::join!(answer, release).0, 200);

    // An answer that never comes does not keep the server from stopping.
    server.practice.set_scene(Scene::PromptUnanswered, true);
    let waiting = tokio::spawn(send());
    while server.practice.record().runs_of(ID) < 3 {
        tokio::task::yield_now().await;
    }
    server.practice.stop().await;
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test]
async fn everything_can_be_forgotten() {
    let server = slow_server(std::time::Duration::from_secs(3600)).await;
    let mut socket = server.socket("me", true).await;
    let body = json!({"prompt": classic(1, 5), "prompt_id": ID, "client_id": "me"});
    server.post("/prompt", body).await;
    server.post("/prompt", json!({"prompt": small(1)})).await;
    while socket.until("executing").await.data["node"] != "3" {}
    server.practice.set_scene(Scene::ForgetEverything, true);
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
async fn every_answer_can_be_wrong() {
    let server = server().await;
    let scene = async |name: &str, on: bool| {
        let change = server.http.post(server.url("/practice/scene"));
        let change = change.json(&json!({"scene": name, "on": on})).send().await.unwrap();
        assert_eq!(change.status(), 200);
    };
    for (name, status, start) in [
        ("error500", 500, "500 Internal Server Error"),
        ("login_page", 200, "<!DOCTYPE html>"),
        ("unauthorized", 401, "401"),
    ] {
        scene(name, true).await;
        let (got, text) = server.get("/queue").await;
        assert_eq!(got, status);
        assert!(text.as_str().unwrap().starts_with(start), "{name}");
        scene(name, false).await;
    }
    assert!(server.get("/queue").await.1.is_object());

    let entry = server.run(small(1)).await;
    let whole = server.bytes(&entry, "2", 0).await;
    let url = server.url("/view?filename=small_00001_.png");
    let fetch = async || {
        let answer = server.http.get(&url).send().await.unwrap();
        (answer.status().as_u16(), answer.content_length(), answer.bytes().await)
    };
    scene("view_missing", true).await;
    assert_eq!(fetch().await.0, 404);
    scene("view_missing", false).await;
    scene("view_truncated", true).await;
    let (status, length, bytes) = fetch().await;
    assert_eq!((status, length), (200, Some(whole.len() as u64)));
    assert!(bytes.is_err());
    scene("view_truncated", false).await;
    scene("view_slow", true).await;
    assert_eq!(fetch().await.2.unwrap(), whole);
}
