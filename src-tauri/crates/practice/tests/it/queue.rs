use std::time::Duration;

use practice::Asked;
use serde_json::{Value, json};

use crate::help::{Server, classic, server, slow_server, small};

/// A job that runs until it is interrupted, and its id.
async fn busy(server: &Server) -> String {
    let (_, answer) = server.post("/prompt", json!({"prompt": classic(1, 20)})).await;
    let id = answer["prompt_id"].as_str().unwrap().to_string();
    loop {
        let (_, queue) = server.get("/queue").await;
        if queue["queue_running"][0][1] == id.as_str() {
            return id;
        }
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn jobs_wait_in_line_and_can_be_taken_out() {
    let server = slow_server(HOUR).await;
    let running = busy(&server).await;
    let mut ids = vec![];
    for (body, number) in [
        (json!({"prompt": small(1)}), json!(1)),
        (json!({"prompt": small(2), "front": true}), json!(-2)),
        (json!({"prompt": small(3), "number": 0.5}), json!(0.5)),
    ] {
        let (_, answer) = server.post("/api/prompt", body).await;
        assert_eq!(answer["number"], number);
        ids.push(answer["prompt_id"].as_str().unwrap().to_string());
    }
    let (_, queue) = server.get("/queue").await;
    assert_eq!(queue["queue_pending"].as_array().unwrap().len(), 3);
    assert_eq!(queue["queue_pending"][0][4], json!(["2"]));
    assert!(queue["queue_pending"][0][3]["create_time"].is_u64());
    assert_eq!(server.get("/prompt").await.1, json!({"exec_info": {"queue_remaining": 4}}));

    // The running job cannot be deleted; a deleted one leaves no trace.
    let (status, body) = server.post("/queue", json!({"delete": [running, ids[0]]})).await;
    assert_eq!((status.as_u16(), body), (200, json!("")));
    assert_eq!(server.get("/prompt").await.1["exec_info"]["queue_remaining"], 3);
    assert_eq!(server.get(&format!("/history/{}", ids[0])).await.1, json!({}));
    let (status, body) = server.get(&format!("/api/jobs/{}", ids[0])).await;
    assert_eq!((status.as_u16(), body), (404, json!({"error": "Job not found"})));

    // Front first, then the smaller number.
    server.post("/interrupt", json!({})).await;
    server.ended(&ids[2]).await;
    let (_, history) = server.get("/history").await;
    let order: Vec<&String> = history.as_object().unwrap().keys().collect();
    assert_eq!(order, [&running, &ids[1], &ids[2]]);
    let runs = server.practice.record();
    assert_eq!((runs.runs_of(&ids[1]), runs.runs_of(&ids[0])), (1, 0));
    server.practice.stop().await;
}

#[tokio::test]
async fn cancel_takes_out_or_interrupts() {
    let server = slow_server(HOUR).await;
    let running = busy(&server).await;
    let (_, answer) = server.post("/prompt", json!({"prompt": small(1)})).await;
    let waiting = answer["prompt_id"].as_str().unwrap().to_string();
    let cancel = async |id: &str| {
        server.post(&format!("/api/jobs/{id}/cancel"), json!({})).await.1["cancelled"].clone()
    };
    assert_eq!(cancel(&waiting).await, true);
    assert_eq!(cancel(&waiting).await, false);
    let (_, answer) = server.post("/api/jobs/cancel", json!({"job_ids": [running]})).await;
    assert_eq!(answer, json!({"cancelled": true}));
    server.ended(&running).await;
    assert_eq!(cancel(&running).await, false);
    let bad = server.post("/api/jobs/cancel", json!({"job_ids": ["bad"]})).await;
    assert_eq!(bad.0, 400);
    assert_eq!(bad.1["invalid_ids"], json!(["bad"]));
    assert_eq!(server.post("/api/jobs/cancel", json!({"ids": []})).await.0, 400);
    assert_eq!(server.post_text("/api/jobs/cancel", "").await.0, 400);
    assert_eq!(server.get("/jobs").await.0, 404);
}

#[tokio::test]
async fn history_is_paged_and_deleted() {
    let server = server().await;
    let mut ids = vec![];
    for color in 0..5 {
        let entry = server.run(small(color)).await;
        ids.push(entry["prompt"][1].as_str().unwrap().to_string());
    }
    let page = async |query: &str| -> Vec<usize> {
        let (status, page) = server.get(&format!("/history{query}")).await;
        assert_eq!(status, 200);
        let keys = page.as_object().unwrap().keys();
        keys.map(|id| ids.iter().position(|known| known == id).unwrap()).collect()
    };
    for (query, expected) in [
        ("", &[0, 1, 2, 3, 4][..]),
        ("?max_items=2", &[3, 4]),
        ("?max_items=2&offset=0", &[0, 1]),
        ("?max_items=2&offset=1", &[1, 2]),
        ("?offset=3", &[3, 4]),
        ("?max_items=100", &[0, 1, 2, 3, 4]),
        ("?max_items=0", &[]),
        ("?max_items=-1", &[]),
        ("?offset=-3", &[0, 1, 2, 3, 4]),
        ("?offset=99", &[]),
        ("?max_items=2&offset=-1", &[3, 4]),
    ] {
        assert_eq!(page(query).await, expected, "{query}");
    }
    let (status, text) = server.get("/history?max_items=x").await;
    assert_eq!(status, 500);
    assert_eq!(text, "500 Internal Server Error\n\nServer got itself in trouble");
    server.post("/history", json!({"delete": [ids[1], "unknown"]})).await;
    assert_eq!(page("").await, [0, 2, 3, 4]);

    // The same id again runs again and keeps its place.
    let body = json!({"prompt": small(9), "prompt_id": ids[0]});
    server.post("/prompt", body).await;
    while server.get("/prompt").await.1["exec_info"]["queue_remaining"] != 0 {}
    assert_eq!(page("").await, [0, 2, 3, 4]);
    assert_eq!(server.practice.record().runs_of(&ids[0]), 2);
    server.post("/history", json!({"clear": true})).await;
    assert_eq!(server.get("/history").await.1, json!({}));
}

#[tokio::test]
async fn jobs_are_listed_filtered_and_sorted() {
    let server = server().await;
    let text = json!({"1": {"class_type": "PreviewAny", "inputs": {"source": "only text"}}});
    server.run(text).await;
    let body = json!({
        "prompt": small(1),
        "extra_data": {"extra_pnginfo": {"workflow": {"id": "wf-1"}}},
    });
    let (_, answer) = server.post("/prompt", body).await;
    let id = answer["prompt_id"].as_str().unwrap();
    server.ended(id).await;
    let (_, all) = server.get("/api/jobs").await;
    assert_eq!(
        all["pagination"],
        json!({"offset": 0, "limit": null, "total": 2, "has_more": false})
    );
    let newest = &all["jobs"][0];
    assert_eq!((&newest["id"], &newest["workflow_id"]), (&json!(id), &json!("wf-1")));
    assert_eq!(newest["preview_output"]["filename"], "small_00001_.png");
    assert_eq!(newest["preview_output"]["nodeId"], "2");
    assert_eq!(newest["outputs_count"], 1);
    assert_eq!(
        all["jobs"][1]["preview_output"],
        json!({"content": "only text", "nodeId": "1", "mediaType": "text"})
    );
    assert_eq!(all["jobs"][1]["outputs_count"], 0);
    let total = async |query: &str| {
        let (status, page) = server.get(&format!("/api/jobs?{query}")).await;
        assert_eq!(status, 200, "{page}");
        page["pagination"]["total"].clone()
    };
    assert_eq!(total("status=completed").await, 2);
    assert_eq!(total("status=failed,cancelled").await, 0);
    assert_eq!(total("workflow_id=wf-1").await, 1);
    let (_, page) = server.get("/api/jobs?limit=1&sort_order=asc").await;
    assert_eq!(page["pagination"]["has_more"], true);
    assert_eq!(page["jobs"][0]["outputs_count"], 0);
    for (query, error) in [
        (
            "status=bogus",
            "Invalid status value(s): bogus. Valid values: pending, in_progress, completed, failed, cancelled",
        ),
        ("limit=0", "limit must be a positive integer"),
        ("limit=x", "limit must be an integer"),
        ("offset=x", "offset must be an integer"),
        ("sort_by=x", "sort_by must be 'created_at' or 'execution_duration'"),
        ("sort_order=x", "sort_order must be 'asc' or 'desc'"),
    ] {
        let (status, body) = server.get(&format!("/api/jobs?{query}")).await;
        assert_eq!((status.as_u16(), body), (400, json!({"error": error})), "{query}");
    }
    let (_, job) = server.get(&format!("/api/jobs/{id}")).await;
    assert_eq!(job["execution_status"]["status_str"], "success");
    assert_eq!(job["workflow"]["prompt"]["1"]["class_type"], "EmptyImage");
}

#[tokio::test]
async fn the_server_says_what_it_is_and_what_it_was_asked() {
    let server = server().await;
    let (_, stats) = server.get("/system_stats").await;
    assert_eq!(stats["practice"], true);
    assert!(stats["system"]["comfyui_version"].as_str().unwrap().starts_with("practice-"));
    assert_eq!(stats["system"]["argv"], json!(["safelight-practice"]));
    assert_eq!(server.get("/api/features").await.1["max_upload_size"], 104_857_600);
    assert_eq!(server.get("/models/loras").await.1[0], "practice_grain.safetensors");
    assert_eq!(server.get("/models/nosuch").await.0, 404);
    assert_eq!(server.get("/embeddings").await.1, json!([]));
    assert_eq!(server.get("/object_info/NoSuchNode").await, (200.try_into().unwrap(), json!({})));
    let (_, info) = server.get("/object_info").await;
    assert_eq!(info.as_object().unwrap().len(), 42);
    assert_eq!(info["KSampler"]["input"]["required"]["seed"][1]["max"], u64::MAX);
    let missing = server.http.get(server.url("/nosuch")).send().await.unwrap();
    assert_eq!(missing.status(), 404);
    assert_eq!(missing.headers()["content-type"], "application/octet-stream");
    let put = server.http.put(server.url("/prompt")).send().await.unwrap();
    assert_eq!(
        (put.status().as_u16(), put.text().await.unwrap()),
        (405, "405: Method Not Allowed".into())
    );

    let id = "0b0f8b52-1c1a-4f0e-9a1b-6f4b5a2c1d00";
    server.post("/prompt", json!({"prompt": small(1), "prompt_id": id})).await;
    server.ended(id).await;
    let record = server.practice.record();
    let asked = |method: &str, path: &str, id: Option<&str>| Asked {
        method: method.into(),
        path: path.into(),
        prompt_id: id.map(String::from),
    };
    assert_eq!(record.asked[0], asked("GET", "/system_stats", None));
    assert!(record.asked.contains(&asked("POST", "/prompt", Some(id))));
    assert!(record.asked.contains(&asked("GET", &format!("/history/{id}"), Some(id))));
    let (_, json) = server.get("/practice/record").await;
    assert_eq!(json["runs"], json!({ id: 1 }));
    assert_eq!(json["asked"][0], json!({"method": "GET", "path": "/system_stats"}));
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let server = server().await;
    let own = server.practice.url();
    let cases: [(&str, &str, u16); 8] = [
        ("origin", "http://localhost:1420", 403),
        ("origin", "tauri://localhost", 403),
        ("origin", "https://example.org", 403),
        ("origin", "null", 200),
        ("origin", "http://127.0.0.1", 200),
        ("origin", &own, 200),
        ("sec-fetch-site", "cross-site", 403),
        ("host", "rebound.example.org", 403),
    ];
    for (name, value, expected) in cases {
        let answer = server.http.get(server.url("/prompt")).header(name, value).send().await;
        assert_eq!(answer.unwrap().status(), expected, "{name}: {value}");
    }
}

#[tokio::test]
async fn stopping_ends_everything() {
    let server = slow_server(HOUR).await;
    let mut socket = server.socket("me", true).await;
    let body: Value = json!({"prompt": classic(1, 20), "client_id": "me"});
    server.post("/prompt", body).await;
    socket.until("executing").await;
    let address = server.practice.address();
    let temp = server.data.path().join("temp");
    tokio::time::timeout(Duration::from_secs(10), server.practice.stop()).await.unwrap();
    while socket.next().await.is_some() {}
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    assert!(!temp.exists());
}

#[tokio::test]
async fn request_bodies_may_be_packed() {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    let server = server().await;
    let send = async |bytes: Vec<u8>| {
        let request = server.http.post(server.url("/prompt")).header("content-encoding", "gzip");
        request.body(bytes).send().await.unwrap().status()
    };
    let packed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(vec![], Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let body = json!({"prompt": small(1)}).to_string();
    assert_eq!(send(packed(body.as_bytes())).await, 200);
    assert_eq!(send(body.into_bytes()).await, 400);
    assert_eq!(send(packed(&vec![0; (100 << 20) + 1])).await, 413);
}
