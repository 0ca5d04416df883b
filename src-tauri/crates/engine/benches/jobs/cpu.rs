//! How much of a core it takes to follow a server that sends at its fastest.
//!
//! The server is a process of its own (`serve=ADDRESS`), so that only the following is counted. It sends
//! what ComfyUI does at most: 40,000 small frames a second (0.3.64 and 0.8.0 pass on every step) and
//! 140 previews of 80 KB.

use crate::{add_server, fill::classic, process::cpu_time, row, start};
use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::Response,
    routing::{get, post},
};
use domain::BatchId;
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::Notify};
use uuid::Uuid;

/// How long it is watched.
const WATCHED: Duration = Duration::from_secs(5);
/// Small frames a second.
const FRAMES: u32 = 40_000;
/// Previews a second.
const PREVIEWS: u32 = 140;
const PREVIEW_BYTES: usize = 80_000;

pub async fn measure() {
    let mut server = Server::start();
    let (floor, frames) = drained(&server.address).await;
    let dir = tempfile::tempdir().expect("a folder");
    let engine = start(dir.path()).await;
    let _stream = engine.open_stream(None);
    add_server(&engine, server.address.clone(), 2).await;
    let text = classic(1).to_string();
    engine.intake_text(BatchId(Uuid::now_v7()), text, false).await.expect("a report");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (began, used) = (Instant::now(), cpu_time());
    tokio::time::sleep(WATCHED).await;
    let share = share(used, began);
    row(
        "Share of one core while a server sends at its fastest",
        &format!("{:.0} %", share * 100.0),
        &format!(
            "reading the same from the socket and dropping it: {:.0} % ({:.0} frames a second, {:.1} times)",
            floor * 100.0,
            frames / WATCHED.as_secs_f64(),
            share / floor
        ),
    );
    engine.stop().await;
    server.stop();
}

#[allow(clippy::cast_precision_loss)]
fn share(used: Duration, began: Instant) -> f64 {
    (cpu_time() - used).as_secs_f64() / began.elapsed().as_secs_f64()
}

/// The floor: frames are taken off the socket, and that is all.
async fn drained(address: &str) -> (f64, f64) {
    let url = format!("{}/ws?clientId=floor", address.replace("http", "ws"));
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.expect("a socket");
    let body = json!({"prompt": {}, "client_id": "floor", "prompt_id": Uuid::new_v4()});
    let http = reqwest::Client::new();
    http.post(format!("{address}/prompt")).json(&body).send().await.expect("an answer");
    let warm = Instant::now();
    while warm.elapsed() < Duration::from_secs(1) {
        socket.next().await.expect("a frame").expect("a frame");
    }
    let (began, used) = (Instant::now(), cpu_time());
    let mut frames = 0_u32;
    while began.elapsed() < WATCHED {
        socket.next().await.expect("a frame").expect("a frame");
        frames += 1;
    }
    (share(used, began), f64::from(frames))
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().expect("a path"))
            .arg("serve=127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("its address");
        Self { child, address: line.trim().to_owned() }
    }

    fn stop(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

/// What the sending side shares.
#[derive(Default)]
struct Shared {
    running: Mutex<Option<String>>,
    began: Notify,
}

/// Serves as little of ComfyUI as it takes to be followed, and sends at its fastest.
pub async fn serve(address: &str) {
    let fixed = |value: Value| get(move || async move { value.to_string() });
    let shared = Arc::new(Shared::default());
    let router = Router::new()
        .route("/ws", get(upgrade))
        .route(
            "/system_stats",
            fixed(json!({"system": {"comfyui_version": "0.8.0"}, "devices": []})),
        )
        .route("/object_info", fixed(json!({})))
        .route("/history/{id}", fixed(json!({})))
        .route("/queue", get(queue))
        .route(
            "/prompt",
            post(prompt).get(|| async { json!({"exec_info": {"queue_remaining": 1}}).to_string() }),
        )
        .with_state(shared);
    let listener = TcpListener::bind(address).await.expect("a port");
    println!("http://{}", listener.local_addr().expect("an address"));
    axum::serve(listener, router).await.expect("a server");
}

async fn queue(State(shared): State<Arc<Shared>>) -> String {
    let running: Vec<Value> = shared
        .running
        .lock()
        .expect("no panic")
        .iter()
        .map(|id| json!([0, id, {}, {}, []]))
        .collect();
    json!({"queue_running": running, "queue_pending": []}).to_string()
}

async fn prompt(State(shared): State<Arc<Shared>>, body: String) -> String {
    let body: Value = serde_json::from_str(&body).expect("a prompt");
    let id = body["prompt_id"].as_str().expect("an id").to_owned();
    *shared.running.lock().expect("no panic") = Some(id.clone());
    shared.began.notify_waiters();
    json!({"prompt_id": id, "number": 0, "node_errors": {}}).to_string()
}

async fn upgrade(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| async move {
        // The client is gone: that is the end of it.
        let _ = send(shared, socket).await;
    })
}

async fn send(shared: Arc<Shared>, mut socket: WebSocket) -> Result<(), axum::Error> {
    let status = json!({"status": {"exec_info": {"queue_remaining": 0}}, "sid": "x"});
    socket
        .send(Message::Text(json!({"type": "status", "data": status}).to_string().into()))
        .await?;
    shared.began.notified().await;
    let id = shared.running.lock().expect("no panic").clone().expect("a job");
    let text = |kind: &str, data: Value| {
        Message::Text(json!({"type": kind, "data": data}).to_string().into())
    };
    socket.send(text("execution_start", json!({"prompt_id": id, "timestamp": 1}))).await?;
    let meta = json!({"node_id": "3", "prompt_id": id, "display_node_id": "3",
        "parent_node_id": null, "real_node_id": "3", "image_type": "image/jpeg"})
    .to_string();
    let mut preview = vec![0, 0, 0, 4];
    preview.extend(u32::try_from(meta.len()).expect("it is short").to_be_bytes());
    preview.extend(meta.as_bytes());
    preview.resize(preview.len() + PREVIEW_BYTES, 7);
    let preview = bytes::Bytes::from(preview);
    let began = Instant::now();
    for step in 0_u32.. {
        // Two frames a step, as ComfyUI sends them.
        let state = json!({"prompt_id": id, "nodes": {"3": {"value": step, "max": 1_000_000_000,
            "state": "running", "node_id": "3", "prompt_id": id, "display_node_id": "3",
            "parent_node_id": null, "real_node_id": "3"}}});
        socket.send(text("progress_state", state)).await?;
        let progress = json!({"value": step, "max": 1_000_000_000, "prompt_id": id, "node": "3"});
        socket.send(text("progress", progress)).await?;
        if step % (FRAMES / 2 / PREVIEWS) == 0 {
            socket.send(Message::Binary(preview.clone())).await?;
        }
        let due = began + Duration::from_secs(1) * step / (FRAMES / 2);
        if step % 200 == 0 && due > Instant::now() {
            tokio::time::sleep_until(due.into()).await;
        }
    }
    Ok(())
}
