//! From a key to its character on the screen, while previews stream: in the prompt's field of a workflow
//! of 500 nodes, beside an empty text field of the same page.

use crate::{
    knobs,
    large::large,
    latency::between,
    ms, quantile, row,
    support::{Desktop, Window, files},
};
use serde_json::json;
use std::time::Duration;

/// Keys of a turn; the two fields take turns, so that other load falls on both.
const KEYS: usize = 150;
const TURNS: usize = 4;
/// A quick typist's time between two keys, in milliseconds.
const PACE: &str = "60";
/// A preview each step.
const STEP: Duration = Duration::from_millis(45);

pub async fn measure() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, STEP).await;
    let sent = crate::latency::Sent::default();
    let address = between(server.address().to_string(), sent.clone()).await;
    let window = Window::open(&desktop).await;
    window.add_server(&address).await;
    window.until_server_is_known().await;
    let steps = files::write(desktop.dir(), "steps.json", &files::classic("a", 1, 9_000));
    window.submit(&[steps]).await;
    window.until("it sends previews", "[data-testid=hero] [data-testid=preview]").await;
    let path = desktop.dir().join("large.json");
    std::fs::write(&path, large()).expect("a file");
    knobs::open(&window, &path).await;
    listen(&window).await;
    desktop.focus("Safelight");
    let before = sent.lock().expect("times").len();
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.extend(
            typed(&desktop, &window, "[data-testid=compose] [data-testid=knob] textarea").await,
        );
        floor.extend(typed(&desktop, &window, "#floor").await);
    }
    let steps = sent.lock().expect("times").len() - before;
    assert!(steps > 0, "no previews came meanwhile");
    for (what, part) in [("median", 0.5), ("p99", 0.99)] {
        let (own, bare) = (quantile(&mut ours, part), quantile(&mut floor, part));
        row(
            &format!("Key to painted character in the prompt's field, {what}"),
            &ms(own),
            &format!(
                "an empty text field of the same page: {}, {:.1} times; {} keys each, {steps} previews meanwhile",
                ms(bare),
                own.as_secs_f64() / bare.as_secs_f64(),
                ours.len()
            ),
        );
    }
    window.kill();
    server.stop().await;
}

/// Adds the empty field, and notes of each key how long its character took: from when the system made
/// the event to the task after the frame that shows it.
async fn listen(window: &Window) {
    window
        .js("const floor = document.createElement('textarea');
            floor.id = 'floor';
            floor.style = 'position: fixed; top: 0; left: 200px; width: 400px; height: 80px; z-index: 9';
            document.body.append(floor);
            window.keys = [];
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => window.keys.push(performance.now() - data);
            let key = 0;
            document.addEventListener('keydown', ({ timeStamp }) => (key = timeStamp), true);
            document.addEventListener('input', () => {
                const began = key;
                requestAnimationFrame(() => port2.postMessage(began));
            }, true)")
        .await;
}

/// Types one turn into a field and gives what each key took.
async fn typed(desktop: &Desktop, window: &Window, css: &str) -> Vec<Duration> {
    window
        .js(&format!(
            "const field = document.querySelector({});
             field.focus();
             field.setSelectionRange(field.value.length, field.value.length);
             window.keys = []",
            json!(css)
        ))
        .await;
    let text: String = "a quiet harbour at dusk ".chars().cycle().take(KEYS).collect();
    desktop.xdotool(&["type", "--delay", PACE, &text]);
    let all = window
        .until_js(
            "all keys are painted",
            &format!("return window.keys.length >= {KEYS} && window.keys"),
        )
        .await;
    let times: Vec<f64> = serde_json::from_value(all).expect("times");
    times.into_iter().map(|time| Duration::from_secs_f64(time.max(0.0) / 1e3)).collect()
}
