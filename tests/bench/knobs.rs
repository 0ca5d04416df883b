//! From a file to its knobs on the screen: a workflow of 500 nodes beside one of seven.

use crate::{
    large::large,
    ms, quantile, row,
    support::{Desktop, Window, files},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

const RUNS: usize = 9;

pub async fn measure() {
    let small = opened("small.json", &files::classic("a quiet harbour", 1, 20).to_string()).await;
    let large = opened("large.json", &large()).await;
    let mut parts = Vec::new();
    for of in [&large, &small] {
        let mut whole: Vec<Duration> =
            of.times.iter().map(|(read, shown)| *read + *shown).collect();
        let mut shown: Vec<Duration> = of.times.iter().map(|(_, shown)| *shown).collect();
        parts.push((quantile(&mut whole, 0.5), quantile(&mut shown, 0.5)));
    }
    let [(whole, shown), (floor, floor_shown)] = parts.as_slice() else { panic!("two") };
    let times = |ours: &Duration, floor: &Duration| ours.as_secs_f64() / floor.as_secs_f64();
    row(
        &format!("Knobs of 500 nodes, from file to screen, median of {RUNS}"),
        &ms(*whole),
        &format!("7 nodes: {}, {:.1} times", ms(*floor), times(whole, floor)),
    );
    row(
        "Of that from the click to the painted knobs",
        &ms(*shown),
        &format!(
            "7 nodes: {}, {:.1} times; {} fields and {} folded nodes to {} and {}",
            ms(*floor_shown),
            times(shown, floor_shown),
            large.fields,
            large.folds,
            small.fields,
            small.folds
        ),
    );
}

/// What came of opening one workflow some times.
struct Openings {
    /// Reading the file into the library, and the click on its knobs until they are painted.
    times: Vec<(Duration, Duration)>,
    fields: u64,
    folds: u64,
}

async fn opened(name: &str, prompt: &str) -> Openings {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    let path = desktop.dir().join(name);
    std::fs::write(&path, prompt).expect("a file");
    let mut made = Openings { times: Vec::new(), fields: 0, folds: 0 };
    // The first reads fonts and icons for all of them.
    for run in 0..=RUNS {
        let told = open(&window, &path).await;
        let time = |key: &str| Duration::from_secs_f64(told[key].as_f64().expect("a time") / 1e3);
        if run > 0 {
            made.times.push((time("read"), time("shown")));
        }
        made.fields = told["fields"].as_u64().expect("a count");
        made.folds = told["folds"].as_u64().expect("a count");
    }
    window.kill();
    server.stop().await;
    made
}

/// Keeps a file in the library and opens its knobs there; gives what that took, in milliseconds.
pub async fn open(window: &Window, path: &Path) -> serde_json::Value {
    let paths: [PathBuf; 1] = [path.to_owned()];
    window.invoke("intake_save", json!({ "paths": paths })).await;
    window.js("location.hash = '#/workflows'").await;
    window.until("it is in the library", "[data-testid=workflow-knobs]").await;
    // What is in the page when a frame is made is painted when the task after it comes.
    window
        .js(&format!(
            "window.opened = null;
            (async () => {{
                const began = performance.now();
                const input = {{ paths: {} }};
                await window.__TAURI_INTERNALS__.invoke('intake_save', {{ input }});
                const read = performance.now();
                document.querySelector('[data-testid=workflow-knobs]').click();
                const all = (id) => document.querySelectorAll(`[data-testid=compose] [data-testid=${{id}}]`);
                while (all('knob').length === 0) await new Promise(requestAnimationFrame);
                await new Promise((painted) => {{
                    const channel = new MessageChannel();
                    channel.port1.onmessage = painted;
                    channel.port2.postMessage(0);
                }});
                const shown = performance.now() - read;
                window.opened = {{ read: read - began, shown, fields: all('knob').length, folds: all('fold').length }};
            }})()",
            json!(paths)
        ))
        .await;
    window.until_js("its knobs are painted", "return window.opened").await
}
