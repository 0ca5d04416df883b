//! Files of all kinds on their way in: dropped folders, workflows as they were drawn, what needs a look,
//! the library of workflows and the nodes of one.

use crate::support::{Desktop, Window, files};
use serde_json::{Value, json};
use std::time::Duration;

/// Three nodes as ComfyUI's editor saves them.
fn drawn() -> Value {
    json!({
        "last_node_id": 3, "last_link_id": 2,
        "nodes": [
            {"id": 1, "type": "EmptyImage", "pos": [10, 20], "size": [240, 130], "mode": 0,
             "inputs": [], "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]}],
             "title": "Plain ground", "properties": {}, "widgets_values": [256, 192, 1, 7_368_816]},
            {"id": 2, "type": "ImageInvert", "pos": [330, 60], "size": [240, 46], "mode": 0,
             "inputs": [{"name": "image", "type": "IMAGE", "link": 1}],
             "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [2]}], "properties": {}},
            {"id": 3, "type": "SaveImage", "pos": [650, 20], "size": [240, 80], "mode": 0,
             "inputs": [{"name": "images", "type": "IMAGE", "link": 2}], "outputs": [],
             "properties": {}, "widgets_values": ["drawn"]}
        ],
        "links": [[1, 1, 0, 2, 0, "IMAGE"], [2, 2, 0, 3, 0, "IMAGE"]],
        "groups": [], "config": {}, "extra": {}, "version": 0.4
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_folder_is_read_and_what_needs_a_look_is_mended_with_one_click() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let folder = desktop.dir().join("three years of work");
    std::fs::create_dir_all(folder.join("older")).expect("a folder");
    files::write(&folder, "drawn by hand.json", &drawn());
    let mut lost = files::classic("a lost model", 5, 4);
    for node in lost.as_object_mut().expect("nodes").values_mut() {
        if node["inputs"]["ckpt_name"].is_string() {
            node["inputs"]["ckpt_name"] = json!("practice_marbel.safetensors");
        }
    }
    files::write(&folder.join("older"), "lost model.json", &lost);
    let settings = "a red lamp, oil\nNegative prompt: blur\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 123, Size: 512x768, Model: film";
    std::fs::write(folder.join("older/settings.txt"), settings).expect("a file");
    std::fs::write(folder.join("notes.txt"), "buy paper").expect("a file");

    let window = Window::open(&desktop).await;
    window.until("the first start says hello", "[data-testid=welcome]").await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    let drag = desktop.drag(&[folder]);
    drag.over(0.3, 0.55);
    let told = window
        .until_js(
            "the overlay says what is in the folder",
            "const text = document.querySelector('[data-testid=drop-overlay]')?.innerText ?? '';
             return text.includes('needs a look') && text",
        )
        .await;
    window.picture("drop folder").await;
    assert!(told.as_str().expect("text").contains("notes.txt"), "{told}");
    drag.release();

    window.until("the report opens", "[data-testid=import-report]").await;
    let groups = window
        .js("return [...document.querySelectorAll('[data-testid=report-row]')]
                .map((row) => row.dataset.group + ': ' + row.innerText.split('\\n')[0])")
        .await;
    assert_eq!(groups.as_array().map(Vec::len), Some(4), "{groups:#}");
    window.js("document.querySelector('[data-testid=report-row]').focus()").await;
    window.until("its findings are there", "[data-testid=import-report]").await;
    // Whatever is folded is opened by its row.
    window
        .js("for (const row of document.querySelectorAll('[data-testid=report-row][aria-expanded=false]'))
                row.querySelector('button.fold').click()")
        .await;
    window.until("what would do is a button", "[data-testid=use-value]").await;
    window.picture("import report").await;
    window.click("use-value").await;
    window
        .until_js(
            "nothing is in its way any more",
            "return document.querySelector('[data-testid=import-report]').innerText
                .includes('Nothing is in its way any more')",
        )
        .await;
    window.picture("import report mended").await;
    window
        .js("[...document.querySelectorAll('[data-testid=report-detail] button')]
                .find((button) => button.innerText.trim() === 'Release').click()")
        .await;
    let jobs = window.succeeded(2).await;
    for job in &jobs {
        assert_eq!(server.record().runs_of(job["id"].as_str().expect("an id")), 1);
    }

    // Both are in the library, with their results, and their nodes can be looked at.
    window.click("report-close").await;
    window.click("nav-workflows").await;
    window
        .until_js(
            "both are in the library with a picture",
            "return [...document.querySelectorAll('[data-testid=workflow-row] img')]
                .filter((image) => image.complete && image.naturalWidth > 0).length === 2",
        )
        .await;
    window.picture("workflows").await;
    window
        .js("[...document.querySelectorAll('[data-testid=workflow-row]')]
                .find((row) => row.innerText.includes('drawn by hand'))
                .querySelector('[aria-label^=\"View nodes\"]').click()")
        .await;
    window.until("the nodes are shown", "[data-testid=nodes-screen]").await;
    window
        .until_js(
            "the artist's title is there",
            "return document.body.innerText.includes('Plain ground')",
        )
        .await;
    window.picture("nodes").await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_saved_at_the_server_is_queued_from_its_list() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let url = format!("{}/userdata/workflows%2Fharbour.json", server.url());
    let saved = reqwest::Client::new().post(url).body(drawn().to_string()).send().await;
    saved.and_then(reqwest::Response::error_for_status).expect("it is saved");
    let window = Window::open(&desktop).await;
    window.until("the first start says hello", "[data-testid=welcome]").await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    window.click("nav-workflows").await;
    window.until("the places of workflows", "[data-testid=workflows-screen]").await;
    window
        .js("[...document.querySelectorAll('[data-testid=workflows-screen] button, [data-testid=workflows-screen] [role=tab], [data-testid=workflows-screen] label')]
                .find((one) => one.innerText.includes('server')).click()")
        .await;
    window
        .until_js(
            "the server's workflow is listed",
            "return document.querySelector('[data-testid=offer-row]')?.innerText.includes('harbour')",
        )
        .await;
    window.picture("offers").await;
    window
        .js("document.querySelector('[data-testid=offer-row] button[title^=Queue]').click()")
        .await;
    window.succeeded(1).await;
    server.stop().await;
}
