//! What artists do with what waits: edit it, name and group it, start it later.

use crate::support::{Desktop, Window, files};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DELETE: &str = "\u{e017}";
const SHIFT: &str = "\u{e008}";
const CONTROL: &str = "\u{e009}";
const ALT: &str = "\u{e00a}";
const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const LEFT: &str = "\u{e012}";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";
const F2: &str = "\u{e032}";
const F10: &str = "\u{e03a}";
const RELEASE: &str = "\u{e000}";

/// What the rows of Up next are called, batches in brackets.
const ROWS: &str = "return [...document.querySelectorAll('[role=treeitem]')].map((row) => {
    const name = row.querySelector('.name').innerText;
    return row.dataset.testid === 'batch-row' ? `[${name}]` : name;
}).join(' ')";

async fn rows(window: &Window, wanted: &str) {
    let script = format!("return (() => {{ {ROWS} }})() === {}", json!(wanted));
    window.until_js(&format!("Up next reads {wanted}"), &script).await;
}

/// The row that has the focus.
const FOCUS: &str = "[role=treeitem]:focus";

/// Presses keys in the first row of a kind, or in the one that has the focus.
async fn press(window: &Window, row: &str, keys: &str) {
    let css = if row == FOCUS { row.to_owned() } else { format!("[data-testid={row}]") };
    let row = window.find(&css).await;
    row.send_keys(keys).await.expect("keys");
}

fn workflow(desktop: &Desktop, name: &str, seed: u64) -> PathBuf {
    files::write(desktop.dir(), &format!("{name}.json"), &files::classic(name, seed, 2))
}

/// The queue on the screen, and no server.
async fn queue(desktop: &Desktop) -> Window {
    let window = Window::open(desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.js("location.hash = '#/queue'").await;
    window
}

/// Titles of what waits, in the order of the queue.
async fn waiting(window: &Window) -> Vec<String> {
    let jobs =
        window.invoke("job_list", json!({ "which": "open", "offset": 0, "limit": 50 })).await;
    let jobs = jobs.as_array().expect("jobs");
    jobs.iter().map(|job| job["title"].as_str().expect("a title").to_owned()).collect()
}

/// Replaces words in the editor as typing would: it can be taken back with Ctrl Z.
async fn retype(window: &Window, old: &str, new: &str) {
    let script = format!(
        "const area = document.querySelector('[data-testid=edit-text]');
         const at = area.value.indexOf({old});
         area.focus();
         area.setSelectionRange(at, at + {old}.length);
         return at >= 0 && document.execCommand('insertText', false, {new})",
        old = json!(old),
        new = json!(new)
    );
    assert_eq!(window.js(&script).await, json!(true), "{old:?} is in the editor");
}

async fn says(window: &Window, id: &str, words: &str) {
    let script = format!(
        "return document.querySelector('[data-testid={id}]')?.innerText.includes({})",
        json!(words)
    );
    window.until_js(&format!("{id} says {words}"), &script).await;
}

async fn editor(window: &Window) {
    window
        .until_js(
            "the prompt is there",
            "return document.querySelector('[data-testid=edit-text]')?.value.includes('KSampler')",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_job_is_edited_and_runs_with_the_new_value() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = queue(&desktop).await;
    window.submit(&[workflow(&desktop, "fjord", u64::MAX)]).await;
    says(&window, "all-wait", "No server yet").await;

    press(&window, "job-row", "e").await;
    editor(&window).await;
    says(&window, "edit-changes", "Nothing yet").await;
    window.until("nothing is to be saved", "[data-testid=edit-save][disabled]").await;
    retype(&window, "\"fjord\"", "\"a red lamp\"").await;
    says(&window, "edit-changes", "a red lamp").await;
    says(&window, "edit-changes", "CLIPTextEncode, node 6").await;
    says(&window, "edit-changes", "fjord").await;
    retype(&window, "\"steps\": 2", "\"steps\": x").await;
    says(&window, "edit-state", "Not JSON: a value is expected here").await;
    window.picture("edit-not-json").await;

    // Escape asks first, and the second one takes the question away.
    let area = window.find("[data-testid=edit-text]").await;
    area.send_keys(ESCAPE).await.expect("a key");
    window.until("it asks", "[data-testid=edit-sheet] [role=alertdialog]").await;
    window.picture("edit-leave").await;
    let keep = window.find("[data-testid=edit-sheet] [role=alertdialog] .ghost").await;
    keep.send_keys(ESCAPE).await.expect("a key");
    window
        .until_js(
            "the question is gone and the text is not",
            "return document.querySelector('[role=alertdialog]') === null
                && document.querySelector('[data-testid=edit-text]').value.includes('a red lamp')",
        )
        .await;
    area.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    says(&window, "edit-state", "Valid JSON, 1 change").await;
    window.picture("edit").await;
    area.send_keys(&format!("{CONTROL}{ENTER}{RELEASE}")).await.expect("keys");
    window
        .until_js(
            "it is saved",
            "return document.querySelector('[data-testid=edit-sheet]') === null
                && document.querySelector('[data-testid=job-row]').innerText.includes('a red lamp')",
        )
        .await;

    window.add_server(&server.url()).await;
    let jobs = window.succeeded(1).await;
    assert_eq!(jobs[0]["facts"]["prompt"], json!("a red lamp"));
    assert_eq!(jobs[0]["facts"]["seed"], json!(u64::MAX.to_string()));
    let id = jobs[0]["id"].as_str().expect("an id");
    let ran = files::history(&server.url(), id).await["prompt"].to_string();
    assert!(ran.contains("a red lamp") && ran.contains(&u64::MAX.to_string()), "{ran}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_sent_meanwhile_loses_nothing_that_was_typed() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = queue(&desktop).await;
    window.submit(&[workflow(&desktop, "fjord", 1)]).await;
    press(&window, "job-row", "e").await;
    editor(&window).await;
    retype(&window, "\"fjord\"", "\"a red lamp\"").await;

    // Not through the queue's screen: the sheet lies over it.
    let input = json!({ "id": uuid::Uuid::now_v7(), "name": "studio", "address": server.url(), "max_held": 2 });
    window.invoke("server_add", input).await;
    window.succeeded(1).await;
    says(&window, "edit-left", "ended meanwhile").await;
    retype(&window, "KSampler", "NoSuchNode").await;
    window.picture("edit-left").await;
    retype(&window, "\"class_type\": \"SaveImage\"", "\"class\": 1").await;
    window.click("edit-save").await;
    says(&window, "edit-failure", "has no class_type").await;
    let area = window.find("[data-testid=edit-text]").await;
    area.send_keys(&format!("{CONTROL}zz{RELEASE}")).await.expect("keys");
    says(&window, "edit-state", "Valid JSON, 1 change").await;
    window.click("edit-save").await;
    let jobs = window.succeeded(2).await;
    assert_eq!(jobs[0]["facts"]["prompt"], json!("a red lamp"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_grouped_named_folded_and_act_as_one() {
    let desktop = Desktop::new();
    let window = queue(&desktop).await;
    let three = ["ash", "birch", "cedar"].map(|name| workflow(&desktop, name, 1));
    window.submit(&three).await;
    rows(&window, "[ash and 2 more] ash birch cedar").await;
    window.submit(&[workflow(&desktop, "dogwood", 2)]).await;
    rows(&window, "[ash and 2 more] ash birch cedar dogwood").await;
    window.picture("batch-open").await;

    // Two of it become a batch with a name, which is one row until it is opened.
    press(&window, "job-row", &format!("{DOWN}{SHIFT}{DOWN}{RELEASE}")).await;
    press(&window, FOCUS, &format!("{CONTROL}g{RELEASE}")).await;
    let name = window.find("[data-testid=name-field]").await;
    name.send_keys("Harbour").await.expect("keys");
    window.picture("group").await;
    name.send_keys(ENTER).await.expect("a key");
    rows(&window, "ash [Harbour] dogwood").await;

    press(&window, "batch-row", RIGHT).await;
    rows(&window, "ash [Harbour] birch cedar dogwood").await;
    press(&window, "batch-row", LEFT).await;
    rows(&window, "ash [Harbour] dogwood").await;

    press(&window, "batch-row", "h").await;
    window.until("all of it is on hold", "[data-testid=batch-row] .tag:nth-of-type(3)").await;
    window.picture("batch-closed").await;
    press(&window, "batch-row", "h").await;
    press(&window, "batch-row", &format!("{ALT}{DOWN}{RELEASE}")).await;
    rows(&window, "ash dogwood [Harbour]").await;
    press(&window, "batch-row", &format!("{ALT}{HOME}{RELEASE}")).await;
    rows(&window, "[Harbour] ash dogwood").await;
    press(&window, "batch-row", &format!("{ALT}{END}{RELEASE}")).await;
    rows(&window, "ash dogwood [Harbour]").await;
    press(&window, "batch-row", &format!("{SHIFT}{ENTER}{RELEASE}")).await;
    rows(&window, "[Harbour] ash dogwood").await;
    assert_eq!(waiting(&window).await, ["birch", "cedar", "ash", "dogwood"]);

    press(&window, "batch-row", F2).await;
    let name = window.find("[data-testid=name-field]").await;
    name.clear().await.expect("empty");
    name.send_keys(&format!("Lakes{ENTER}")).await.expect("keys");
    rows(&window, "[Lakes] ash dogwood").await;
    press(&window, "batch-row", &format!("{CONTROL}d{RELEASE}")).await;
    rows(&window, "[Lakes] ash dogwood [Lakes]").await;
    press(&window, "batch-row", DELETE).await;
    rows(&window, "ash dogwood [Lakes]").await;
    let body = window.find("body").await;
    body.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    rows(&window, "[Lakes] ash dogwood [Lakes]").await;
    press(&window, "batch-row", &format!("{CONTROL}{SHIFT}g{RELEASE}")).await;
    rows(&window, "birch cedar ash dogwood [Lakes]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folded_batch_is_dragged_as_one() {
    let desktop = Desktop::new();
    let window = queue(&desktop).await;
    window.submit(&["ash", "birch"].map(|name| workflow(&desktop, name, 1))).await;
    window.submit(&["cedar", "dogwood"].map(|name| workflow(&desktop, name, 1))).await;
    rows(&window, "[ash and 1 more] ash birch [cedar and 1 more] cedar dogwood").await;
    window.click("fold").await;
    rows(&window, "[ash and 1 more] [cedar and 1 more] cedar dogwood").await;
    let place = window
        .js("const box = document.querySelector('[data-testid=batch-row] .h').getBoundingClientRect();
             return [box.left + box.width / 2, box.top + box.height / 2]")
        .await;
    let (left, top, _, _) = desktop.place_of("Safelight");
    #[allow(clippy::cast_possible_truncation)]
    let at = |value: &Value| value.as_f64().expect("a number") as i32;
    let (x, y) = (left + at(&place[0]), top + at(&place[1]));
    let to = |dy: i32| desktop.xdotool(&["mousemove", &x.to_string(), &(y + dy).to_string()]);
    to(0);
    desktop.xdotool(&["mousedown", "1"]);
    for step in 1..=14 {
        to(step * 10);
    }
    window.until("a line shows where it will land", ".landing").await;
    window.picture("batch-dragged").await;
    desktop.xdotool(&["mouseup", "1"]);
    rows(&window, "[cedar and 1 more] cedar dogwood [ash and 1 more]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_has_a_menu_of_everything_and_jobs_start_later() {
    let desktop = Desktop::new();
    let window = queue(&desktop).await;
    window.submit(&[workflow(&desktop, "ash", 1)]).await;
    press(&window, "job-row", &format!("{SHIFT}{F10}{RELEASE}")).await;
    let menu =
        window.until_js("the menu", "return document.querySelector('[role=menu]')?.innerText");
    let menu = menu.await.to_string();
    for action in ["Edit…", "Start at…", "To the front", "Name the batch…", "Group…", "Cancel"]
    {
        assert!(menu.contains(action), "{action} is in {menu}");
    }
    window.picture("row-menu").await;
    window.find("[role=menu] button").await.send_keys(ESCAPE).await.expect("a key");

    press(&window, "job-row", "t").await;
    let field = window.find("[data-testid=start-field]").await;
    field.send_keys("25:00").await.expect("keys");
    says(&window, "start-note", "no time of day").await;
    field.clear().await.expect("empty");
    // The minute that has just begun comes again tomorrow.
    let now = window.js("return new Date().toTimeString().slice(0, 5)").await;
    field.send_keys(now.as_str().expect("a time")).await.expect("keys");
    says(&window, "start-note", "tomorrow").await;
    window.picture("start").await;
    field.send_keys(ENTER).await.expect("a key");
    window.until("the row says when", "[data-testid=job-row] [data-testid=start]").await;

    press(&window, "job-row", ENTER).await;
    says(&window, "job-wait", "Waits until tomorrow").await;
    window.picture("job-waits").await;
    let body = window.find("body").await;
    body.send_keys("e").await.expect("a key");
    editor(&window).await;
}
