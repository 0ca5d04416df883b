//! Which server gets which job.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};
use domain::{JobState, Outcome, ServerId, TroubleCode};
use engine::ServerInput;
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use support::{Bench, plain, until};
use tokio::net::TcpListener;
use uuid::Uuid;

/// A server that has two node classes and refuses everything. Answers with its address and how many
/// prompts it was sent.
async fn poor_server() -> (String, Arc<AtomicU32>) {
    let sent = Arc::new(AtomicU32::new(0));
    let count = sent.clone();
    let fixed = |value: serde_json::Value| get(move || async move { value.to_string() });
    let refuse = move || async move {
        count.fetch_add(1, Ordering::Relaxed);
        let error = json!({"type": "missing_node_type", "message": "no such node", "details": "",
            "extra_info": {"class_type": "Nowhere", "node_id": "1", "node_title": "Nowhere"}});
        (StatusCode::BAD_REQUEST, json!({"error": error, "node_errors": {}}).to_string())
    };
    let class = json!({"input": {}, "output": [], "output_node": true});
    let router = Router::new()
        .route(
            "/system_stats",
            fixed(json!({"system": {"comfyui_version": "0.28.2"}, "devices": []})),
        )
        .route("/object_info", fixed(json!({"SaveImage": class, "EmptyImage": class})))
        .route("/queue", fixed(json!({"queue_running": [], "queue_pending": []})))
        .route("/history/{id}", fixed(json!({})))
        .route("/prompt", fixed(json!({"exec_info": {"queue_remaining": 0}})).merge(post(refuse)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, sent)
}

async fn with_poor_server(bench: &Bench) -> Arc<AtomicU32> {
    let (address, sent) = poor_server().await;
    let id = ServerId(Uuid::now_v7());
    let input = ServerInput { id, name: "poor".into(), address, max_held: 2, outputs: None };
    bench.engine.server_add(input).await.unwrap();
    // Both servers have told what they have.
    until("both tell", || async {
        let servers = bench.snapshot().await.servers;
        let told = |server: &engine::view::ServerView| {
            server.facts.as_ref().is_some_and(|facts| facts.node_classes.is_some())
        };
        servers.iter().all(told).then_some(())
    })
    .await;
    sent
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_goes_where_its_nodes_are_and_waits_for_that_server() {
    let bench = Bench::new(Duration::ZERO).await;
    let sent = with_poor_server(&bench).await;
    let job = bench.queue(&plain(1)).await;
    assert_eq!(bench.ended(job, Outcome::Succeeded).await.job.server_id, Some(bench.server));

    bench.engine.server_pause(bench.server, true).await.unwrap();
    let job = bench.queue(&plain(2)).await;
    let waits = until("it says why", || async {
        let waits = bench.snapshot().await.waits;
        (!waits.is_empty()).then_some(waits)
    })
    .await;
    assert_eq!(waits[0].text, "Waits for bench: poor has no node ImageInvert");
    let detail = bench.engine.job_get(job).await.unwrap();
    assert_eq!(detail.job.state, JobState::Held);
    assert_eq!(detail.job.needs.as_ref(), Some(&waits[0].needs));

    bench.engine.server_pause(bench.server, false).await.unwrap();
    bench.ended(job, Outcome::Succeeded).await;
    until("nothing waits", || async { bench.snapshot().await.waits.is_empty().then_some(()) })
        .await;
    assert_eq!(sent.load(Ordering::Relaxed), 0, "the poor server was sent nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_server_can_run_is_held_and_released_it_is_refused_with_its_reason() {
    let bench = Bench::new(Duration::ZERO).await;
    with_poor_server(&bench).await;
    let job = bench
        .queue(r#"{"1":{"class_type":"Nowhere","inputs":{}},"2":{"class_type":"SaveImage","inputs":{"images":["1",0]}}}"#)
        .await;
    let detail = bench.engine.job_get(job).await.unwrap();
    assert!(detail.job.on_hold && detail.job.warnings[0].contains("Nowhere"), "{detail:#?}");
    bench.engine.job_hold(vec![job], false).await.unwrap();
    let detail = bench.ended(job, Outcome::Failed).await;
    assert_eq!(detail.job.trouble.unwrap().code, TroubleCode::MissingNode);
}
