//! What the client asks of a server, and what it makes of the answers. Answers are as recorded, or
//! shortened.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/playback.rs"]
mod playback;

use bytes::Bytes;
use comfy::{ComfyError, FileRef, Submit, SubmitError, Upload};
use playback::{Asked, Playback};
use serde_json::{Value, json};

const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const JOB: &str = "0b0f8b52-1c1a-4f0e-9a1b-6f4b5a2c1d00";
const TROUBLE: &str = "500 Internal Server Error\n\nServer got itself in trouble";

fn line(asked: &Asked) -> String {
    format!("{} {}", asked.method, asked.path)
}

fn lines(server: &Playback) -> Vec<String> {
    server.asked().iter().map(line).collect()
}

fn body(asked: &Asked) -> Value {
    serde_json::from_slice(&asked.body).unwrap()
}

fn submit() -> Submit {
    Submit {
        prompt: r#"{"1": {"class_type": "EmptyImage", "inputs": {"width": 64.0}}}"#.to_owned(),
        prompt_id: JOB.to_owned(),
        client_id: "me".to_owned(),
        workflow: Some(r#"{"id": "w", "nodes": []}"#.to_owned()),
        preview_method: Some("latent2rgb"),
    }
}

fn file(filename: &str, subfolder: &str, folder: &str) -> FileRef {
    FileRef {
        filename: filename.to_owned(),
        subfolder: subfolder.to_owned(),
        folder: folder.to_owned(),
    }
}

fn upload(filename: &str) -> Upload {
    Upload {
        filename: filename.to_owned(),
        bytes: Bytes::from_static(b"\x89PNG \xff bytes"),
        subfolder: "clips/deep".to_owned(),
        overwrite: false,
    }
}

#[tokio::test]
async fn a_path_before_the_routes_is_kept() {
    let server = Playback::at("/a/comfy/").await;
    let ok = |text: &str| server.answer(200, JSON, text.to_owned());
    ok(r#"{"exec_info": {"queue_remaining": 2}}"#);
    assert_eq!(server.client.queue_remaining().await.unwrap(), 2);
    ok("{}");
    assert!(server.client.history(JOB).await.unwrap().is_none());
    ok(r#"{"jobs": [], "pagination": {"offset": 20, "limit": 10, "total": 3, "has_more": false}}"#);
    assert_eq!(server.client.jobs(20, 10).await.unwrap(), Some((Vec::new(), false)));
    ok(&format!(r#"{{"prompt_id": "{JOB}", "number": 5.0, "node_errors": {{}}}}"#));
    assert_eq!(server.client.submit(&submit()).await.unwrap().number, 5.0);
    server.answer(200, "image/png", "PNG");
    server.client.view(&file("a b.png", "s/ü", "temp")).await.unwrap();
    server.answer(200, TEXT, "");
    server.client.follow_logs("me", true).await.unwrap();
    assert_eq!(
        lines(&server),
        [
            "GET /a/comfy/prompt",
            &format!("GET /a/comfy/history/{JOB}"),
            "GET /a/comfy/api/jobs?offset=20&limit=10",
            "POST /a/comfy/prompt",
            "GET /a/comfy/view?filename=a+b.png&subfolder=s%2F%C3%BC&type=temp",
            "PATCH /a/comfy/internal/logs/subscribe",
        ]
    );
}

#[tokio::test]
async fn a_prompt_is_sent_as_it_is_and_dropped_outputs_are_told() {
    let server = Playback::at("").await;
    let answer = json!({"prompt_id": JOB, "number": 7, "node_errors": {"5": {
        "errors": [{"type": "required_input_missing", "message": "Required input is missing",
            "details": "images", "extra_info": {"input_name": "images"}}],
        "dependent_outputs": ["5"], "class_type": "SaveImage"}}});
    server.answer(200, JSON, answer.to_string());
    let accepted = server.client.submit(&submit()).await.unwrap();
    assert_eq!((accepted.number, accepted.node_errors.len()), (7.0, 1));
    let problem = &accepted.node_errors[0];
    assert_eq!((&*problem.node_id, &*problem.class), ("5", "SaveImage"));
    assert_eq!(problem.input_name.as_deref(), Some("images"));

    let asked = server.asked().remove(0);
    assert!(String::from_utf8_lossy(&asked.body).contains(r#"{"width": 64.0}"#), "byte for byte");
    assert!(asked.headers.get("origin").is_none(), "a server refuses foreign origins");
    let sent = body(&asked);
    assert_eq!((&sent["prompt_id"], &sent["client_id"]), (&json!(JOB), &json!("me")));
    assert!(sent.get("number").is_none(), "two of the same stop the server's queue");
    let extra = json!({"extra_pnginfo": {"workflow": {"id": "w", "nodes": []}}, "preview_method": "latent2rgb"});
    assert_eq!(sent["extra_data"], extra);
}

#[tokio::test]
async fn refusals_keep_their_structure() {
    let missing = [
        // 0.28.2, of a node with a title of its own
        json!({"error": {"type": "missing_node_type", "details": "Node ID '#1'",
            "message": "Node 'Fancy title' not found. The custom node may not be installed.",
            "extra_info": {"node_id": "1", "class_type": "NoSuchNode", "node_title": "Fancy title"}}, "node_errors": {}}),
        // 0.3.64 and 0.8.0
        json!({"error": {"type": "invalid_prompt", "details": "Node ID '#1'", "extra_info": {},
            "message": "Cannot execute because node NoSuchNode does not exist."}, "node_errors": {}}),
        // The same with the empty list of older versions.
        json!({"error": {"type": "invalid_prompt", "details": "Node ID '#1'", "extra_info": {},
            "message": "Cannot execute because node NoSuchNode does not exist."}, "node_errors": []}),
    ];
    let server = Playback::at("").await;
    for answer in missing {
        server.answer(400, JSON, answer.to_string());
        let error = server.client.submit(&submit()).await.unwrap_err();
        let SubmitError::Refused(refusal) = error else { panic!("{error:?}") };
        let missing = refusal.missing_node.expect("the class is named");
        assert_eq!((&*missing.class, missing.node_id.as_deref()), ("NoSuchNode", Some("1")));
        assert!(refusal.problems.is_empty());
    }
    // With a value that is no JSON, and both ways to list what would be taken.
    let bad = r#"{"error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation",
        "details": "", "extra_info": {}}, "node_errors": {"4": {"class_type": "KSampler", "dependent_outputs": ["9"], "errors": [
        {"type": "value_not_in_list", "message": "Value not in list", "details": "a", "extra_info": {
            "input_name": "sampler_name", "input_config": [["euler", "heun"], {}], "received_value": "a"}},
        {"type": "value_not_in_list", "message": "Value not in list", "details": "b", "extra_info": {
            "input_name": "scheduler", "input_config": ["COMBO", {"options": ["karras"]}], "received_value": NaN}}]}}}"#;
    server.answer(400, JSON, bad);
    let error = server.client.submit(&submit()).await.unwrap_err();
    let SubmitError::Refused(refusal) = error else { panic!("{error:?}") };
    let allowed: Vec<_> = refusal.problems.iter().map(|problem| problem.allowed.clone()).collect();
    assert_eq!(allowed, [vec!["euler", "heun"], vec!["karras"]]);
}

#[tokio::test]
async fn what_may_have_arrived_is_told_from_what_never_did() {
    let server = Playback::at("").await;
    let ask = async |status: u16, kind: &str, text: &str| {
        server.answer(status, kind, text.to_owned());
        let error = server.client.submit(&submit()).await.unwrap_err();
        server.asked();
        error
    };
    // Recorded: a 500 whose prompt was queued all the same.
    let error = ask(500, TEXT, TROUBLE).await;
    assert!(
        matches!(error, SubmitError::Unanswered(ComfyError::Http { status: 500, .. })),
        "{error:?}"
    );
    let error = ask(502, "text/html", "<html>Bad gateway</html>").await;
    assert!(matches!(error, SubmitError::Unanswered(_)), "{error:?}");
    // A proxy's page in place of the answer: nothing was passed on.
    let error = ask(200, "text/html", "<html>Log in</html>").await;
    assert!(matches!(error, SubmitError::NotSent(ComfyError::Login { .. })), "{error:?}");
    let error = ask(413, TEXT, "Maximum request body size 104857600 exceeded.").await;
    assert!(matches!(error, SubmitError::Refused(refusal) if refusal.payload_too_large));
    for status in [302, 401, 403, 404, 405] {
        let error = ask(status, "", "").await;
        assert!(matches!(error, SubmitError::NotSent(_)), "{status}: {error:?}");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn errors_of_other_kinds_are_told_apart() {
    let server = Playback::at("").await;
    let ask = async |status: u16, kind: &str, text: &str| {
        server.answer(status, kind, text.to_owned());
        server.client.queue().await.unwrap_err()
    };
    let error = ask(500, TEXT, TROUBLE).await;
    assert!(
        matches!(&error, ComfyError::Http { status: 500, text, .. } if text == "500 Internal Server Error Server got itself in trouble"),
        "{error:?}"
    );
    let login =
        "<!DOCTYPE html><html><form>User <input> Password <input type=password></form></html>";
    for kind in ["text/html", "application/octet-stream"] {
        let error = ask(200, kind, login).await;
        assert!(matches!(error, ComfyError::Login { status: 200, .. }), "{error:?}");
    }
    let error = ask(200, "text/html", "<html><h1>It works!</h1></html>").await;
    assert!(matches!(error, ComfyError::NotComfy { .. }), "{error:?}");
    let error = ask(413, TEXT, "Maximum request body size 10 exceeded.").await;
    assert!(
        matches!(&error, ComfyError::PayloadTooLarge { text } if text.contains("size 10")),
        "{error:?}"
    );
    let error = ask(200, JSON, r#"{"queue_running": ["#).await;
    assert!(matches!(error, ComfyError::BadAnswer { .. }), "{error:?}");
}

#[tokio::test]
async fn a_job_is_cancelled_in_one_go_or_in_two_steps() {
    let server = Playback::at("").await;
    let cancel = format!("POST /api/jobs/{JOB}/cancel");
    for answer in [r#"{"cancelled": true}"#, r#"{"cancelled": false}"#] {
        server.answer(200, JSON, answer);
        server.client.cancel(JOB).await.unwrap();
        assert_eq!(lines(&server), [&*cancel]);
    }
    // 0.3.64 and 0.8.0 take it for a static file: 405; a proxy may say 404.
    for status in [405, 404] {
        server.answer(status, TEXT, "405: Method Not Allowed");
        server.answer(200, "", "");
        server.answer(200, "", "");
        server.client.cancel(JOB).await.unwrap();
        let asked = server.asked();
        assert_eq!(
            asked.iter().map(line).collect::<Vec<_>>(),
            [&*cancel, "POST /queue", "POST /interrupt"]
        );
        assert_eq!(body(&asked[1]), json!({"delete": [JOB]}));
        assert_eq!(body(&asked[2]), json!({"prompt_id": JOB}), "never whatever runs");
    }
}

#[tokio::test]
async fn a_list_of_jobs_that_is_not_there_is_no_error() {
    let server = Playback::at("").await;
    server.answer(404, "application/octet-stream", "");
    assert_eq!(server.client.jobs(0, 0).await.unwrap(), None);
    server.answer(404, JSON, r#"{"error": "Job not found"}"#);
    assert!(matches!(server.client.job(JOB).await, Err(ComfyError::NotFound)));
    server.answer(200, JSON, r#"{"id": "x", "status": "dreaming", "outputs_count": 0}"#);
    assert_eq!(server.client.job("x").await.unwrap().evidence(), None);
    assert_eq!(lines(&server)[0], "GET /api/jobs?offset=0&limit=1", "a limit below 1 is refused");
}

#[tokio::test]
async fn pages_of_the_history_are_asked_from_the_oldest_or_the_newest() {
    let server = Playback::at("").await;
    // Not in the order of their names: the order of the answer counts.
    let page =
        r#"{"b": {"outputs": {}, "status": null}, "a": {"outputs": {}, "meta": null}, "c": {}}"#;
    for offset in [None, Some(0), Some(4)] {
        server.answer(200, JSON, page);
        let page = server.client.history_page(offset, 2).await.unwrap();
        assert_eq!(page.iter().map(|(id, _)| &**id).collect::<Vec<_>>(), ["b", "a", "c"]);
    }
    assert_eq!(
        lines(&server),
        [
            "GET /history?max_items=2",
            "GET /history?max_items=2&offset=0",
            "GET /history?max_items=2&offset=4"
        ]
    );
}

#[tokio::test]
async fn small_orders_say_what_they_should() {
    let server = Playback::at("").await;
    for _ in 0..4 {
        server.answer(200, TEXT, "");
    }
    server.client.free(true, false).await.unwrap();
    server.client.delete_history(&[JOB.to_owned()]).await.unwrap();
    server.client.follow_logs("me", false).await.unwrap();
    server.client.delete_queued(&[]).await.unwrap();
    let asked = server.asked();
    assert_eq!(body(&asked[0]), json!({"unload_models": true, "free_memory": false}));
    assert_eq!(body(&asked[1]), json!({"delete": [JOB]}));
    assert_eq!(body(&asked[2]), json!({"clientId": "me", "enabled": false}));
    assert_eq!(body(&asked[3]), json!({"delete": []}));
}

#[tokio::test]
async fn names_are_encoded_as_the_server_wants_them() {
    let server = Playback::at("").await;
    let client = server.client.clone().as_user("anna_1");
    for _ in 0..3 {
        server.answer(200, JSON, "{}");
    }
    client.history("a/b?c").await.unwrap();
    client.class("Load Image (v2)/x").await.unwrap();
    client.user_file("workflows/ä b.json").await.unwrap();
    server.answer(200, JSON, r#"["checkpoints", "loras"]"#);
    assert_eq!(client.model_folders().await.unwrap(), ["checkpoints", "loras"]);
    server.answer(200, JSON, r#"["sd/a.safetensors"]"#);
    assert_eq!(client.models("my models").await.unwrap(), ["sd/a.safetensors"]);
    server.answer(409, "", "");
    let error = client.save_user_file("workflows/a.json", b"{}".to_vec(), false).await.unwrap_err();
    assert!(
        matches!(&error, ComfyError::Exists { name } if name == "workflows/a.json"),
        "{error:?}"
    );
    server.answer(204, "", "");
    client.delete_user_file("workflows/a.json").await.unwrap();
    let asked = server.asked();
    assert!(asked.iter().all(|asked| asked.headers["comfy-user"] == "anna_1"));
    assert_eq!(
        asked.iter().map(line).collect::<Vec<_>>(),
        [
            "GET /history/a%2Fb%3Fc",
            "GET /object_info/Load%20Image%20%28v2%29%2Fx",
            "GET /userdata/workflows%2F%C3%A4%20b.json",
            "GET /models",
            "GET /models/my%20models",
            "POST /userdata/workflows%2Fa.json?overwrite=false",
            "DELETE /userdata/workflows%2Fa.json",
        ]
    );
}

#[tokio::test]
async fn what_a_model_file_says_of_itself_is_read_as_texts() {
    let server = Playback::at("").await;
    // As ComfyUI 0.28.2 has it: the file's own texts, and nothing for a file without.
    server.answer(
        200,
        JSON,
        r#"{"modelspec.architecture": "stable-diffusion-xl-v1-base", "ss_steps": 1600, "x": null}"#,
    );
    let told = server.client.model_metadata("my models", "sd/a & b.safetensors").await.unwrap();
    let told: Vec<_> = told.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        told,
        [
            ("modelspec.architecture", "stable-diffusion-xl-v1-base"),
            ("ss_steps", "1600"),
            ("x", "null")
        ]
    );
    server.answer(404, TEXT, "");
    assert!(server.client.model_metadata("loras", "a.safetensors").await.unwrap().is_empty());
    server.answer(200, JSON, "{}");
    assert!(server.client.model_metadata("loras", "b.safetensors").await.unwrap().is_empty());
    for (status, body) in [(500, TROUBLE), (200, "[]"), (200, "{")] {
        server.answer(status, JSON, body);
        let told = server.client.model_metadata("loras", "c.safetensors").await;
        assert!(told.is_err(), "{status} {body}: {told:?}");
    }
    assert_eq!(
        lines(&server)[..2],
        [
            "GET /view_metadata/my%20models?filename=sd%2Fa%20%26%20b.safetensors",
            "GET /view_metadata/loras?filename=a.safetensors",
        ]
    );
}

#[tokio::test]
async fn an_upload_keeps_its_name_and_uses_the_one_it_gets() {
    let server = Playback::at("").await;
    server.answer(
        200,
        JSON,
        r#"{"name": "ünï 図 (1).png", "subfolder": "clips/deep", "type": "input"}"#,
    );
    let stored = server.client.upload_image(upload("ünï 図.png")).await.unwrap();
    assert_eq!(stored, file("ünï 図 (1).png", "clips/deep", "input"));
    let asked = server.asked().remove(0);
    assert_eq!(line(&asked), "POST /upload/image");
    let sent = String::from_utf8_lossy(&asked.body).into_owned();
    for part in [
        "name=\"image\"; filename=\"ünï 図.png\"",
        "name=\"type\"\r\n\r\ninput\r\n",
        "name=\"subfolder\"\r\n\r\nclips/deep\r\n",
        "name=\"overwrite\"\r\n\r\nfalse\r\n",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
    assert!(asked.body.windows(12).any(|part| part == b"\x89PNG \xff bytes"));

    server.answer(413, TEXT, "Maximum request body size 104857600 exceeded.");
    let error = server.client.upload_image(upload("a.png")).await.unwrap_err();
    assert!(matches!(error, ComfyError::PayloadTooLarge { .. }), "{error:?}");
    // Recorded: a name, or a folder, that would lead out of the input folder.
    server.answer(400, "", "");
    let error = server.client.upload_image(upload("../evil.png")).await.unwrap_err();
    assert!(
        matches!(&error, ComfyError::BadName { name } if name == "clips/deep/../evil.png"),
        "{error:?}"
    );
    server.asked();
    for name in ["", "a\r\nb.png"] {
        let error = server.client.upload_image(upload(name)).await.unwrap_err();
        assert!(matches!(error, ComfyError::BadName { .. }), "{error:?}");
    }
    assert!(server.asked().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn a_mask_that_was_not_written_is_no_success() {
    let server = Playback::at("").await;
    let original = file("sub.png", "clips/deep", "input");
    let stored = r#"{"name": "mask.png", "subfolder": "clips/deep", "type": "input"}"#;
    let head = "HEAD /view?filename=sub.png&subfolder=clips%2Fdeep&type=input";
    let after = "HEAD /view?filename=mask.png&subfolder=clips%2Fdeep&type=input";

    server.answer(200, "image/png", "");
    server.answer(200, JSON, stored);
    server.answer(200, "image/png", "");
    let got = server.client.upload_mask(upload("mask.png"), &original).await.unwrap();
    assert_eq!(got, file("mask.png", "clips/deep", "input"));
    let asked = server.asked();
    assert_eq!(asked.iter().map(line).collect::<Vec<_>>(), [head, "POST /upload/mask", after]);
    let sent = String::from_utf8_lossy(&asked[1].body).into_owned();
    let reference = json!({"filename": "sub.png", "subfolder": "clips/deep", "type": "input"});
    assert!(sent.contains(&format!("name=\"original_ref\"\r\n\r\n{reference}\r\n")), "{sent}");

    // The original is not there: nothing is sent.
    server.answer(404, "", "");
    let error = server.client.upload_mask(upload("mask.png"), &original).await.unwrap_err();
    assert!(matches!(error, ComfyError::NotFound), "{error:?}");
    assert_eq!(lines(&server), [head]);

    // It goes in between: the server says 200 and writes nothing (recorded: uploads).
    server.answer(200, "image/png", "");
    server.answer(200, JSON, stored);
    server.answer(404, "", "");
    let error = server.client.upload_mask(upload("mask.png"), &original).await.unwrap_err();
    assert!(matches!(error, ComfyError::NotFound), "{error:?}");
    assert_eq!(lines(&server), [head, "POST /upload/mask", after]);
}

#[tokio::test]
async fn a_file_that_is_not_to_be_had_is_not_found() {
    let server = Playback::at("").await;
    for status in [400, 403, 404] {
        server.answer(status, "", "");
        let error = server.client.view(&file("a..b.png", "", "output")).await.unwrap_err();
        assert!(matches!(error, ComfyError::NotFound), "{status}: {error:?}");
        server.answer(status, "", "");
        assert!(!server.client.has(&file("a..b.png", "", "output")).await.unwrap());
    }
    server.answer(500, TEXT, TROUBLE);
    let error = server.client.view(&file("a.mp4", "", "output")).await.unwrap_err();
    assert!(matches!(error, ComfyError::Http { status: 500, .. }), "{error:?}");
    assert_eq!(server.asked().len(), 7);
}

#[tokio::test]
async fn what_python_calls_json_is_read() {
    let server = Playback::at("").await;
    let entry = format!(
        r#"{{"{JOB}": {{"prompt": [1, "{JOB}", {{"1": {{"class_type": "A", "is_changed": [NaN]}}}}, {{}}, ["1"]],
        "outputs": {{"1": {{"text": ["nan"], "numbers": [NaN, Infinity, -Infinity]}}}},
        "status": {{"status_str": "success", "completed": true, "messages": []}}, "meta": {{}}}}}}"#
    );
    server.answer(200, JSON, entry);
    let entry = server.client.history(JOB).await.unwrap().expect("an entry");
    assert_eq!((entry.end, entry.outputs.len()), (domain::ServerEnd::Succeeded, 4));
}
