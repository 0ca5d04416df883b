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
use std::time::{Duration, Instant};

/// Keys of a turn; the two fields take turns, so that other load falls on both.
const KEYS: usize = 150;
const TURNS: usize = 4;
/// About eleven keys a second, a quick typist's: xdotool waits a little more than half of this, in
/// milliseconds.
const PACE: &str = "160";
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
    let began = Instant::now();
    for _ in 0..TURNS {
        ours.extend(
            typed(&desktop, &window, "[data-testid=compose] [data-testid=knob] textarea").await,
        );
        floor.extend(typed(&desktop, &window, "#floor").await);
    }
    let pace = began.elapsed() / u32::try_from(2 * TURNS * KEYS).expect("a small number");
    // The system's clock is another one than the page's: the quickest key counts as heard at once.
    let all = ours.iter().chain(&floor);
    let heard = all.map(|key| key.heard).reduce(f64::min).expect("keys");
    let painted = |keys: Vec<Key>| -> Vec<Duration> {
        let ms = keys.iter().map(|key| key.heard - heard + key.painted);
        ms.map(|ms| Duration::from_secs_f64(ms / 1e3)).collect()
    };
    let (mut ours, mut floor) = (painted(ours), painted(floor));
    let steps = sent.lock().expect("times").len() - before;
    assert!(steps > 0, "no previews came meanwhile");
    for (what, part) in [("median", 0.5), ("p99", 0.99)] {
        let (own, bare) = (quantile(&mut ours, part), quantile(&mut floor, part));
        row(
            &format!("Key to painted character in the prompt's field, {what}"),
            &ms(own),
            &format!(
                "an empty text field of the same page: {}, {:.1} times; {} keys each, one in {}, {steps} previews meanwhile",
                ms(bare),
                own.as_secs_f64() / bare.as_secs_f64(),
                ours.len(),
                ms(pace)
            ),
        );
    }
    window.kill();
    server.stop().await;
}

/// How long a key took, in milliseconds.
#[derive(serde::Deserialize)]
struct Key {
    /// From when the system made the event, by its own clock, until the page heard of it.
    heard: f64,
    /// From there to the task after the frame that shows the character.
    painted: f64,
}

/// Adds the empty field, and notes of each key how long its character took.
async fn listen(window: &Window) {
    window
        .js("const floor = document.createElement('textarea');
            floor.id = 'floor';
            floor.style = 'position: fixed; top: 0; left: 200px; width: 400px; height: 80px; z-index: 9';
            document.body.append(floor);
            window.keys = [];
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data: { heard, at } }) =>
                window.keys.push({ heard, painted: performance.now() - at });
            let key = null;
            document.addEventListener('keydown', ({ timeStamp }) => {
                const at = performance.now();
                key = { heard: at - timeStamp, at };
            }, true);
            document.addEventListener('input', () => {
                const typed = key;
                requestAnimationFrame(() => port2.postMessage(typed));
            }, true)")
        .await;
}

/// Types one turn into a field and gives what each key took.
async fn typed(desktop: &Desktop, window: &Window, css: &str) -> Vec<Key> {
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
    let script = format!("return window.keys.length >= {KEYS} && window.keys");
    let all = window.until_js("all keys are painted", &script).await;
    serde_json::from_value(all).expect("times")
}
