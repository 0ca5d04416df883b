//! The same way with a real ComfyUI, when `SAFELIGHT_COMFYUI_URL` names one.

use crate::support::{Desktop, Window, files, real::server};
use serde_json::{Value, json};

/// Nodes that need no model. The colour keeps the server from answering from its cache.
fn without_model(colour: u32) -> Value {
    json!({
        "1": { "class_type": "EmptyImage",
               "inputs": { "width": 640, "height": 400, "batch_size": 1, "color": colour } },
        "2": { "class_type": "EmptyImage",
               "inputs": { "width": 640, "height": 400, "batch_size": 1, "color": 16_747_843 } },
        "3": { "class_type": "ImageBlend", "inputs": {
            "image1": ["1", 0], "image2": ["2", 0], "blend_factor": 0.4, "blend_mode": "screen" } },
        "4": { "class_type": "ImageScaleBy", "inputs": {
            "image": ["3", 0], "upscale_method": "lanczos", "scale_by": 1.5 } },
        "5": { "class_type": "SaveImage",
               "inputs": { "filename_prefix": "safelight", "images": ["4", 0] } }
    })
}

/// A node with steps and previews, from the test nodes.
fn slow() -> Value {
    json!({
        "1": { "class_type": "EmptyImage", "inputs": {
            "width": 640, "height": 400, "batch_size": 1, "color": unused_colour() } },
        "2": { "class_type": "LabSteps", "_meta": { "title": "Slow steps" }, "inputs": {
            "steps": 30, "seconds_per_step": 0.25, "preview": true, "preview_size": 512,
            "preview_format": "JPEG", "width": 640, "height": 400,
            "seed": unused_colour(), "image": ["1", 0] } },
        "3": { "class_type": "ImageInvert", "inputs": { "image": ["2", 0] } },
        "4": { "class_type": "SaveImage",
               "inputs": { "filename_prefix": "safelight", "images": ["3", 0] } }
    })
}

fn unused_colour() -> u32 {
    uuid::Uuid::new_v4().as_u128() as u32 & 0x00ff_ffff
}

async fn knows(url: &str, class: &str) -> bool {
    let info: Value = reqwest::get(format!("{url}/object_info/{class}"))
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let known = info.get(class).is_some();
    if !known {
        eprintln!("not run: the server has no {class}");
    }
    known
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_runs_a_dropped_workflow_and_its_picture() {
    let Some(url) = server() else { return };
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    window.add_server(&url).await;
    let workflow = without_model(unused_colour());
    let first = files::write(desktop.dir(), "two colours.json", &workflow);
    let drag = desktop.drag(&[first]);
    drag.over(0.3, 0.55);
    window.until("the overlay is there", "[data-testid=drop-overlay]").await;
    drag.release();
    let jobs = window.succeeded(1).await;
    let path = same_as_the_server(&window, &url, &jobs[0]).await;

    // The picture holds its workflow: dropped, it runs again, all from the server's cache.
    let drag = desktop.drag(&[path.into()]);
    drag.over(0.3, 0.55);
    window.until("the overlay is there", "[data-testid=drop-overlay]").await;
    drag.release();
    let jobs = window.succeeded(2).await;
    same_as_the_server(&window, &url, &jobs[0]).await;
    let detail = window.invoke("job_get", json!({ "id": jobs[0]["id"] })).await;
    let nodes = detail["progress"]["nodes"].as_array().expect("nodes");
    assert!(nodes.iter().any(|node| node["state"] == "cached"), "{detail:#}");
}

async fn same_as_the_server(window: &Window, url: &str, job: &Value) -> String {
    let id = job["id"].as_str().expect("an id");
    let detail = window.invoke("job_get", json!({ "id": id })).await;
    let asset = &detail["assets"][0];
    let path = window.invoke("asset_path", json!({ "id": asset["id"] })).await;
    let path = path.as_str().expect("a path").to_owned();
    let ours = std::fs::read(&path).expect("the file is there");
    let theirs = files::view(url, &files::history(url, id).await).await;
    assert!(ours == theirs, "the file differs from what the server gives");
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_finishes_once_what_a_killed_app_had_sent() {
    let Some(url) = server() else { return };
    if !knows(&url, "LabSteps").await {
        return;
    }
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    window.add_server(&url).await;
    let file = files::write(desktop.dir(), "slow.json", &slow());
    let report = window.submit(&[file]).await;
    let id = report["items"][0]["job_id"].as_str().expect("a job").to_owned();
    window.until("it sends previews", "[data-testid=hero] [data-testid=preview]").await;
    window
        .until_js(
            "it is in the middle",
            "return Number(document.querySelector('[data-testid=share]')?.dataset.share) > 0.3",
        )
        .await;
    window.picture("real-queue").await;
    window.kill();
    let window = Window::open(&desktop).await;
    let jobs = window.succeeded(1).await;
    assert_eq!(jobs[0]["id"], json!(id));
    same_as_the_server(&window, &url, &jobs[0]).await;
    window.js(&format!("location.hash = '#/job/{id}'")).await;
    window.until("its nodes are shown", "[data-testid=job-node]").await;
    window.picture("real-job").await;
}

/// Needs `SAFELIGHT_COMFYUI_RESTART`, a shell command that ends the server and starts it again.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_that_restarts_gets_its_job_again() {
    let (Some(url), Ok(restart)) = (server(), std::env::var("SAFELIGHT_COMFYUI_RESTART")) else {
        eprintln!("not run: SAFELIGHT_COMFYUI_RESTART says no way to restart it");
        return;
    };
    if !knows(&url, "LabSteps").await {
        return;
    }
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    window.add_server(&url).await;
    let file = files::write(desktop.dir(), "slow.json", &slow());
    let report = window.submit(&[file]).await;
    let lost = report["items"][0]["job_id"].as_str().expect("a job").to_owned();
    window
        .until_js(
            "it is in the middle",
            "return Number(document.querySelector('[data-testid=share]')?.dataset.share) > 0.3",
        )
        .await;
    let done = std::process::Command::new("sh").args(["-c", &restart]).status();
    assert!(done.expect("a shell").success());
    window
        .until(
            "the window says that it is away",
            "[data-testid=server-chip]:not([data-link=online])",
        )
        .await;
    let jobs = window.succeeded(1).await;
    assert_eq!(jobs[0]["retry_of"], json!(lost));
    same_as_the_server(&window, &url, &jobs[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_refuses_and_fails_in_words() {
    let Some(url) = server() else { return };
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    window.add_server(&url).await;
    let mut unknown = without_model(1);
    unknown["4"]["class_type"] = json!("SomebodysScaler");
    let mut value = without_model(2);
    value["3"]["inputs"]["blend_mode"] = json!("glow");
    let paths = [
        files::write(desktop.dir(), "unknown.json", &unknown),
        files::write(desktop.dir(), "value.json", &value),
    ];
    window.submit(&paths).await;
    window
        .until_js(
            "both failed",
            "return document.querySelectorAll('[data-testid=finished-row][data-outcome=failed]').length === 2",
        )
        .await;
    let text = window.js("return document.querySelector('[data-testid=finished]').innerText").await;
    let text = text.as_str().expect("text");
    assert!(text.contains("SomebodysScaler"), "{text}");
    assert!(text.contains("glow"), "{text}");
    window.picture("real-refused").await;
}
