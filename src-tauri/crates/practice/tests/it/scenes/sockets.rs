use std::time::{Duration, Instant};

use practice::Scene;
use serde_json::json;

use super::{ID, before_the_pong};
use crate::help::{Event, Server, server, small};

/// What a job sends from its first status to its last event.
const EVENTS: [&str; 14] = [
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
];

async fn send(server: &Server, color: u32) {
    let (status, _) =
        server.post("/prompt", json!({"prompt": small(color), "client_id": "me"})).await;
    assert_eq!(status, 200);
}

fn kinds(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

#[tokio::test]
async fn dropped_sockets_can_come_back_with_their_id() {
    let server = server().await;
    for _ in 0..20 {
        let mut overlapped = server.socket("me", false).await;
        let mut socket = server.socket("me", true).await;
        server.scene(Scene::DropSockets, true);
        // At once, while the server's ends of the old ones may still be closing.
        let mut again = server.socket("me", true).await;
        while overlapped.next().await.is_some() {}
        assert!(socket.next().await.is_none(), "cut without a close frame");
        while server.practice.open_sockets() > 1 {
            tokio::task::yield_now().await;
        }
        send(&server, 1).await;
        again.until_end().await;
    }
}

#[tokio::test]
async fn a_newer_socket_is_mute_once_the_older_one_closes() {
    let server = server().await;
    let old = server.socket("me", true).await;
    let mut new = server.socket("me", true).await;
    drop(old);
    while server.practice.open_sockets() > 1 {
        tokio::task::yield_now().await;
    }
    server.run(small(1)).await;
    assert_eq!(before_the_pong(&mut new).await, 0, "real ComfyUI's trap");
}

#[tokio::test]
async fn half_open_sockets_say_nothing_and_stay() {
    let server = server().await;
    let mut replaced = server.socket("me", false).await;
    replaced.event().await;
    let mut dead = server.socket("me", true).await;
    server.scene(Scene::HalfOpen, true);
    let mut alive = server.socket("other", true).await;
    send(&server, 1).await;
    server.ended_all().await;
    while alive.event().await.data["status"]["exec_info"]["queue_remaining"] != 0 {}
    assert_eq!(server.practice.open_sockets(), 3);
    server.practice.stop().await;
    assert!(dead.next().await.is_none(), "not a word until the server ended");
    assert!(replaced.next().await.is_none(), "also on the one that was replaced");
}

#[tokio::test]
async fn sockets_can_be_refused() {
    let server = server().await;
    server.scene(Scene::SocketsRefused, true);
    let url = format!("ws://{}/ws?clientId=me", server.practice.address());
    assert!(tokio_tungstenite::connect_async(&url).await.is_err());
    server.scene(Scene::SocketsRefused, false);
    assert!(tokio_tungstenite::connect_async(&url).await.is_ok());
}

#[tokio::test]
async fn events_can_be_lost_or_sockets_mute() {
    for scene in [Scene::Mute, Scene::EventsLost] {
        let server = server().await;
        let mut socket = server.socket("me", true).await;
        server.scene(scene, true);
        server.run(small(1)).await;
        server.ended_all().await;
        assert_eq!(before_the_pong(&mut socket).await, 0, "{scene:?}");
        server.scene(scene, false);
        send(&server, 2).await;
        assert_eq!(kinds(&socket.until_end().await), EVENTS, "{scene:?}");
    }
}

#[tokio::test]
async fn events_can_come_twice() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.scene(Scene::EventsTwice, true);
    send(&server, 1).await;
    let mut twice = vec![];
    while twice.len() < 2 * EVENTS.len() {
        twice.push(socket.event().await.kind);
    }
    let expected: Vec<&str> = EVENTS.iter().flat_map(|kind| [*kind, *kind]).collect();
    assert_eq!(twice, expected);
}

#[tokio::test]
async fn reordered_events_come_all_even_the_last() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.scene(Scene::EventsReordered, true);
    send(&server, 1).await;
    let mut events = vec![];
    while events.len() < EVENTS.len() {
        events.push(socket.event().await.kind);
    }
    assert_ne!(events, EVENTS);
    let mut expected = EVENTS;
    events.sort();
    expected.sort_unstable();
    assert_eq!(events, expected);
    // One with nothing after it is only late.
    let mut alone = server.socket("alone", false).await;
    assert_eq!(alone.event().await.data["sid"], "alone");
}

#[tokio::test]
async fn events_can_break_off_and_garbage_come() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.scene(Scene::EventsCut, true);
    send(&server, 1).await;
    for _ in EVENTS {
        assert_eq!(socket.event().await.kind, "garbage");
    }
    server.scene(Scene::EventsCut, false);
    server.scene(Scene::Garbage, true);
    send(&server, 2).await;
    assert_eq!(socket.event().await.kind, "garbage");
    assert_eq!(socket.event().await.bytes.len(), 6);
    assert_eq!(socket.event().await.kind, "status");
}

#[tokio::test]
async fn events_can_be_late() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.scene(Scene::EventsLate, true);
    let sent = Instant::now();
    send(&server, 1).await;
    socket.event().await;
    assert!(sent.elapsed() >= Duration::from_millis(200));
    socket.event().await;
    assert!(sent.elapsed() >= Duration::from_millis(400), "each waits for the one before");
    server.scene(Scene::EventsLate, false);
    assert_eq!(kinds(&socket.until_end().await), EVENTS[2..]);
}

#[tokio::test]
async fn a_slow_reader_holds_up_everybody() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.scene(Scene::SlowReader, true);
    let body = json!({"prompt": small(1), "client_id": "me", "prompt_id": ID});
    server.post("/prompt", body).await;
    server.ended(ID).await;
    server.ended_all().await;
    assert_eq!(before_the_pong(&mut socket).await, 0, "the job is done, and nobody heard of it");
    // Who comes now is greeted, and gets what was kept for its id.
    let mut again = server.socket("me", true).await;
    server.scene(Scene::SlowReader, false);
    assert_eq!(kinds(&again.until_end().await), EVENTS, "all of it at once");
    assert_eq!(before_the_pong(&mut socket).await, 0);
}

#[tokio::test]
async fn scenes_go_together() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    server.scene(Scene::Garbage, true);
    server.scene(Scene::EventsTwice, true);
    server.scene(Scene::IdReused, true);
    server.scene(Scene::AnswerLost, true);
    let body = json!({"prompt": small(1), "client_id": "me", "prompt_id": ID}).to_string();
    let sent = server.http.post(server.url("/prompt")).body(body).send().await;
    assert!(sent.is_err(), "the answer is lost");
    server.scene(Scene::AnswerLost, false);
    for _ in 0..2 {
        let mut frames = vec![];
        for _ in 0..4 {
            frames.push(socket.event().await.kind);
        }
        assert_eq!(frames, ["garbage", "binary 4", "status", "status"]);
    }
    while server.practice.record().runs_of(ID) < 2 {
        tokio::task::yield_now().await;
    }
}
