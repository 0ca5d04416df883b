//! What older versions do otherwise. The recordings say more; see `conformance`.

use std::time::Duration;

use practice::Like;
use serde_json::{Value, json};

use crate::help::{like_server, small};

#[tokio::test]
async fn each_version_has_its_routes_and_fields() {
    for like in Like::ALL {
        let server = like_server(like, Duration::ZERO).await;
        let (old, older) = (like < Like::V0_28_2, like < Like::V0_8_0);
        let entry = server.run(small(1)).await;
        assert_eq!(entry["prompt"][3].get("create_time").is_none(), older, "{like}");
        let (status, jobs) = server.get("/api/jobs").await;
        assert_eq!(status, if older { 404 } else { 200 }, "{like}");
        assert_eq!(jobs["jobs"].is_array(), !older, "{like}");
        let text = json!({"1": {"class_type": "PreviewAny", "inputs": {"source": "text"}}});
        let entry = server.run(text).await;
        let path = format!("/api/jobs/{}", entry["prompt"][1].as_str().unwrap());
        let preview = server.get(&path).await.1["preview_output"]["content"].clone();
        assert_eq!(preview == "text", !old, "{like}");
        let unknown = server.get("/api/jobs?status=cancelled").await.0;
        let expected = if older {
            404
        } else if old {
            400
        } else {
            200
        };
        assert_eq!(unknown, expected, "{like}");
        let cancel = server.post("/api/jobs/cancel", json!({"job_ids": []})).await.0;
        assert_eq!(cancel, if old { 405 } else { 200 }, "{like}");
        assert_eq!(server.get("/api/assets").await.0, if old { 404 } else { 503 }, "{like}");
        let (_, features) = server.get("/features").await;
        assert_eq!(features.get("extension").is_none(), older, "{like}");
        assert_eq!(features.get("assets").is_none(), old, "{like}");
        let (_, info) = server.get("/object_info/SaveImage").await;
        assert_eq!(info["SaveImage"].get("search_aliases").is_none(), old, "{like}");
        let (_, stats) = server.get("/system_stats").await;
        assert_eq!(stats["system"]["os"] == "posix", older, "{like}");
        let from_afar =
            server.http.get(server.url("/queue")).header("sec-fetch-site", "cross-site");
        let status = from_afar.send().await.unwrap().status();
        assert_eq!(status, if old { 200 } else { 403 }, "{like}");
        server.practice.stop().await;
    }
}

#[tokio::test]
async fn each_version_checks_prompts_in_its_way() {
    for like in Like::ALL {
        let server = like_server(like, Duration::ZERO).await;
        let old = like < Like::V0_28_2;
        let send = async |id: Value| {
            server.post("/prompt", json!({"prompt": small(1), "prompt_id": id})).await
        };
        for (id, text) in [(json!("any text"), "any text"), (json!(42), "42")] {
            let (status, answer) = send(id).await;
            assert_eq!(status, if old { 200 } else { 400 }, "{like}");
            assert_eq!(answer["prompt_id"] == text, old, "{like}: {answer}");
        }
        let (_, answer) = send(Value::Null).await;
        assert_eq!(answer["prompt_id"] == "None", old, "{like}");
        let missing = json!({"1": {"class_type": "NoSuchNode", "inputs": {}}});
        let (_, answer) = server.post("/prompt", json!({"prompt": missing})).await;
        let kind = if old { "invalid_prompt" } else { "missing_node_type" };
        assert_eq!(answer["error"]["type"], kind, "{like}");
        let cycle = json!({
            "1": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
            "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
        });
        let (status, answer) = server.post("/prompt", json!({"prompt": cycle})).await;
        assert_eq!(status, 400);
        assert_eq!(answer["node_errors"] == json!({}), old, "{like}");
        server.practice.stop().await;
    }
}
