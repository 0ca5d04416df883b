//! A sweep of ten thousand cells in the window: from the click that queues it until it is durable and
//! the page says so, and the memory of the app and of the page. Beside it the same click for one job.

use crate::{
    memory, ms, row,
    support::{Desktop, Window, files},
};
use serde_json::{Value, json};
use std::time::Duration;

/// Values of each of the two axes.
const EDGE: u32 = 100;

pub async fn measure() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let path =
        files::write(desktop.dir(), "harbour.json", &files::classic("a quiet harbour", 7, 3));
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    let report = window.invoke("intake_save", json!({ "paths": [path] })).await;
    let workflow = &report["items"][0]["workflow"];
    let axis = |input: &str, text: String| {
        json!({
            "knobs": [{ "node": "3", "input": input }],
            "values": { "kind": "range", "text": text }
        })
    };
    let axes = [
        axis("cfg", format!("0.1..{}.0 step 0.1", EDGE / 10)),
        axis("steps", format!("1..{EDGE}")),
    ];
    let one = queued(&window, workflow, json!({ "kind": "single" }), 1).await;
    let (app, page) = memory::of(window.pid());
    let before = format!("before: app {} MB, web view's processes {} MB", app / 1024, page / 1024);
    let many = json!({ "kind": "sweep", "axes": axes });
    let took = queued(&window, workflow, many, EDGE * EDGE).await;
    let (app, page) = memory::of(window.pid());
    row(
        &format!("A sweep of {} cells in the window, from the click to durable", EDGE * EDGE),
        &ms(took),
        &format!("one job: {}", ms(one)),
    );
    row(
        "Memory after that (proportional set size)",
        &format!("app {} MB, web view's processes {} MB", app / 1024, page / 1024),
        &before,
    );
    window.kill();
    server.stop().await;
}

/// Queues what is set up on hold, as an artist does: with the button, and the answer where it is asked.
/// Gives the time from the last click until the page says so, which it does when the engine has answered:
/// then it is on the disk.
async fn queued(window: &Window, workflow: &Value, many: Value, jobs: u32) -> Duration {
    let source = json!({ "source": { "from": "workflow", "workflow": workflow } });
    let mut view = window.invoke("compose_open", source).await;
    let (draft, mut state) = (view["draft"].take(), view["state"].take());
    state["many"] = many;
    state["when"] = json!("hold");
    window.invoke("compose_save", json!({ "draft": draft, "state": state })).await;
    let draft = draft.as_str().expect("a draft");
    window.js(&format!("location.hash = '#/compose/{draft}'")).await;
    window
        .until_js(
            "it can be queued",
            "const button = document.querySelector('[data-testid=queue-all]');
             return button !== null && !button.disabled && /\\d/.test(button.innerText)",
        )
        .await;
    let told = if jobs == 1 { "1 job queued".to_owned() } else { "10,000 jobs queued".to_owned() };
    window
        .js(&format!(
            "window.queued = null;
             (async () => {{
                 const frame = () => new Promise(requestAnimationFrame);
                 let began = performance.now();
                 document.querySelector('[data-testid=queue-all]').click();
                 await frame();
                 const asked = document.querySelector('[data-testid=confirm]');
                 if (asked !== null) {{
                     began = performance.now();
                     asked.click();
                 }}
                 const is = (toast) => toast.innerText.includes({told});
                 while (![...document.querySelectorAll('[data-testid=toast]')].some(is)) await frame();
                 window.queued = performance.now() - began;
             }})()",
            told = json!(told)
        ))
        .await;
    let took = window.until_js("it is queued", "return window.queued").await;
    Duration::from_secs_f64(took.as_f64().expect("a time") / 1e3)
}
