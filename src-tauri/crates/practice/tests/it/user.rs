//! Saved workflows, settings, users, logs and lists of files.

use serde_json::{Value, json};

use crate::help::{Server, server, small};

async fn send(server: &Server, method: &str, path: &str, body: &str) -> (u16, String) {
    let request = server.http.request(method.parse().unwrap(), server.url(path));
    let answer = request.body(body.to_string()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn workflows_are_saved_listed_moved_and_deleted() {
    let server = server().await;
    let ask = async |method, path, body| send(&server, method, path, body).await;
    let first = "/userdata/workflows%2Ffirst.json";
    assert_eq!(ask("POST", first, "{}").await, (200, "\"workflows/first.json\"".into()));
    let again = format!("{first}?overwrite=false");
    assert_eq!(ask("POST", &again, "[]").await, (409, "File already exists".into()));
    assert_eq!(ask("GET", first, "").await, (200, "{}".into()));
    ask("POST", "/api/userdata/workflows%2Fdeep%2Fb.json", "{}").await;
    let list = async |query: &str| server.get(&format!("/userdata?{query}")).await.1;
    assert_eq!(list("dir=workflows").await, json!(["first.json"]));
    assert_eq!(list("dir=workflows&recurse=true").await, json!(["deep/b.json", "first.json"]));
    let full = list("dir=workflows&recurse=true&full_info=true").await;
    assert_eq!((&full[1]["size"], full[1]["modified"].is_u64()), (&json!(2), true));
    let all: Value = server.get("/v2/userdata?path=workflows").await.1;
    assert_eq!(all[0], json!({"name": "deep", "path": "workflows/deep", "type": "directory"}));
    let away = format!("{first}/move/m.json");
    assert_eq!(ask("POST", &away, "").await, (200, "\"m.json\"".into()));
    assert_eq!(ask("DELETE", "/userdata/m.json", "").await.0, 204);
    assert_eq!(ask("DELETE", "/userdata/m.json", "").await.0, 404);
}

#[tokio::test]
async fn names_that_lead_out_are_refused() {
    let server = server().await;
    let outside = "/userdata/..%2F..%2Finput%2Fa.json";
    for (method, path, status) in [
        ("GET", outside, 403),
        ("POST", outside, 403),
        ("DELETE", outside, 403),
        ("GET", "/userdata?dir=../..", 403),
        ("GET", "/userdata?dir=/etc", 403),
        ("GET", "/v2/userdata?path=..", 403),
        ("GET", "/userdata?dir=none", 404),
        ("GET", "/userdata", 400),
        ("POST", "/userdata/workflows/plain.json", 405),
    ] {
        assert_eq!(send(&server, method, path, "x").await.0, status, "{method} {path}");
    }
    assert_eq!(std::fs::read_dir(server.data.path().join("input")).unwrap().count(), 0);
}

#[tokio::test]
async fn settings_last_and_users_have_ids() {
    let server = server().await;
    server.post("/settings", json!({"a.b": 5})).await;
    server.post("/settings/c", json!(true)).await;
    assert_eq!(server.get("/settings").await.1, json!({"a.b": 5, "c": true}));
    assert_eq!(server.get("/settings/a.b").await.1, 5);
    assert_eq!(server.get("/settings/none").await.1, Value::Null);
    assert_eq!(server.post_text("/settings", "x").await.0, 500);
    assert_eq!(server.get("/users").await.1, json!({"storage": "server", "migrated": true}));
    let (_, id) = server.post("/users", json!({"username": "bob"})).await;
    assert!(id.as_str().unwrap().starts_with("bob_"));
}

#[tokio::test]
async fn logs_can_be_followed() {
    let server = server().await;
    let mut socket = server.socket("me", true).await;
    let follow = async |enabled: bool| {
        let body = json!({"clientId": "me", "enabled": enabled}).to_string();
        assert_eq!(send(&server, "PATCH", "/internal/logs/subscribe", &body).await.0, 200);
    };
    follow(true).await;
    server.run(small(1)).await;
    assert_eq!(socket.until("logs").await.data["entries"][0]["m"], "got prompt\n");
    let ended = socket.until("logs").await.data["entries"][0]["m"].clone();
    assert!(ended.as_str().unwrap().starts_with("Prompt executed in "));
    follow(false).await;
    server.run(small(2)).await;
    server.ended_all().await;
    while socket.event().await.data["status"]["exec_info"]["queue_remaining"] != 0 {}
    let (_, raw) = server.get("/internal/logs/raw").await;
    assert!(raw["entries"].as_array().unwrap().len() >= 3);
    let (_, text) = server.get("/internal/logs").await;
    assert!(text.as_str().unwrap().contains("got prompt\n"));
}

#[tokio::test]
async fn files_are_listed_the_newest_first() {
    let server = server().await;
    server.run(small(1)).await;
    server.run(small(2)).await;
    let (_, files) = server.get("/internal/files/output").await;
    assert_eq!(files, json!(["small_00002_.png [output]", "small_00001_.png [output]"]));
    let (status, error) = server.get("/internal/files/x").await;
    assert_eq!((status.as_u16(), error), (400, json!({"error": "Invalid directory type"})));
}
