//! Keys, dialogs and forms, as a person uses them.

use crate::support::{Desktop, Window, files};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};

const ENTER: &str = "\u{e007}";
const DELETE: &str = "\u{e017}";
const ALT: &str = "\u{e00a}";
const CONTROL: &str = "\u{e009}";
const DOWN: &str = "\u{e015}";
const RELEASE: &str = "\u{e000}";

/// Titles of the waiting rows, as the page shows them.
const ROWS: &str = "return [...document.querySelectorAll('[data-testid=job-row] .name')]
    .map((name) => name.innerText).join(' ')";

async fn rows(window: &Window, wanted: &str) {
    let script = format!("return (() => {{ {ROWS} }})() === {}", json!(wanted));
    window.until_js(&format!("the queue reads {wanted}"), &script).await;
}

fn waiting(desktop: &Desktop) -> Vec<PathBuf> {
    ["ash", "birch", "cedar"]
        .iter()
        .zip(1..)
        .map(|(name, seed)| {
            files::write(desktop.dir(), &format!("{name}.json"), &files::classic(name, seed, 2))
        })
        .collect()
}

/// The queue with three waiting jobs.
async fn with_three(desktop: &Desktop) -> Window {
    let window = Window::open(desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.js("location.hash = '#/queue'").await;
    window.submit(&waiting(desktop)).await;
    rows(&window, "ash birch cedar").await;
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_obeys_the_keyboard_and_takes_back() {
    let desktop = Desktop::new();
    let window = with_three(&desktop).await;

    let row = window.find("[data-testid=job-row]").await;
    row.send_keys(&format!("{ALT}{DOWN}{RELEASE}")).await.expect("keys");
    rows(&window, "birch ash cedar").await;
    window
        .until_js(
            "its new place is announced",
            "return document.querySelector('[data-testid=announcement]').innerText.includes('of 3')",
        )
        .await;

    let row = window.find("[data-testid=job-row]").await;
    row.send_keys("h").await.expect("a key");
    window.until("it is on hold", "[data-testid=job-row][data-on-hold=true]").await;
    row.send_keys("h").await.expect("a key");
    window.until("it is released", "[data-testid=job-row][data-on-hold=false]").await;
    row.send_keys(DELETE).await.expect("a key");
    rows(&window, "ash cedar").await;
    let body = window.find("body").await;
    body.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    rows(&window, "birch ash cedar").await;

    body.send_keys("p").await.expect("a key");
    window.until("it is paused", "[data-testid=pause-queue][aria-pressed=true]").await;
    window.click("clear-queue").await;
    window.click("confirm").await;
    rows(&window, "").await;
    body.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    rows(&window, "birch ash cedar").await;

    body.send_keys("?").await.expect("a key");
    window.until("the shortcuts are there", "[data-testid=shortcuts]").await;
    window.picture("shortcuts").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_dragged_by_their_handle() {
    let desktop = Desktop::new();
    let window = with_three(&desktop).await;
    let place = window
        .js("const box = document.querySelector('[data-testid=job-row] .h').getBoundingClientRect();
             return [box.left + box.width / 2, box.top + box.height / 2]")
        .await;
    let (left, top, _, _) = desktop.place_of("Safelight");
    #[allow(clippy::cast_possible_truncation)]
    let at = |value: &Value| value.as_f64().expect("a number") as i32;
    let (x, y) = (left + at(&place[0]), top + at(&place[1]));
    let to = |dy: i32| desktop.xdotool(&["mousemove", &x.to_string(), &(y + dy).to_string()]);
    to(0);
    desktop.xdotool(&["mousedown", "1"]);
    for step in 1..=12 {
        to(step * 10);
    }
    window.until("a line shows where it will land", ".landing").await;
    desktop.xdotool(&["mouseup", "1"]);
    rows(&window, "birch cedar ash").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_is_pasted_chosen_and_named_at_the_start() {
    let desktop = Desktop::new();
    let files = waiting(&desktop);
    let window = Window::open_with(&desktop, &files[..1]).await;
    window.js("location.hash = '#/queue'").await;
    rows(&window, "ash").await;

    let clipboard = desktop.python("clipboard.py", &files[1..2]);
    clipboard.line();
    desktop.focus("Safelight");
    desktop.xdotool(&["key", "ctrl+v"]);
    window
        .until_js(
            "it is queued",
            "return document.querySelectorAll('[data-testid=job-row]').length === 2",
        )
        .await;

    desktop.focus("Safelight");
    desktop.xdotool(&["key", "ctrl+o"]);
    desktop.choose_path("Choose workflows", &files[2]);
    window
        .until_js(
            "it is queued",
            "return document.querySelectorAll('[data-testid=job-row]').length === 3",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_tested_added_edited_and_removed() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.click("nav-servers").await;
    window.click("server-add").await;
    let address = window.find("[data-testid=server-address]").await;
    address.send_keys("127.0.0.1:1").await.expect("keys");
    window.click("server-test").await;
    window
        .until_js(
            "it says that nothing is there",
            "return document.body.innerText.includes('Nothing answers at 127.0.0.1:1')",
        )
        .await;
    window.picture("server-form").await;
    address.clear().await.expect("empty");
    // A base address with a path: every route is also below /api.
    address.send_keys(&format!("{}/api", server.url())).await.expect("keys");
    window.click("server-save").await;
    window.until("it is connected", "[data-testid=server-card][data-link=online]").await;
    window.picture("servers-online").await;
    let state = "return document.querySelector('[data-testid=server-card]') === null";
    window.click("server-edit").await;
    window.click("server-remove").await;
    window.click("confirm").await;
    window.until_js("it is gone", state).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_pictures_jobs_and_commands() {
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.submit(&waiting(&desktop)).await;
    let body = window.find("body").await;
    body.send_keys(&format!("{CONTROL}k{RELEASE}")).await.expect("keys");
    let field = window.find("[data-testid=palette]").await;
    field.send_keys("birch").await.expect("keys");
    window
        .until_js("the job is found", "return document.querySelectorAll('#hits li').length === 2")
        .await;
    window.picture("search").await;
    field.send_keys(&format!("{DOWN}{ENTER}")).await.expect("keys");
    window.until("the job is shown", "[data-testid=job-screen]").await;
}
