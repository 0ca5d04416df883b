//! A queue of thousands: what is counted, and that all of it can be reached.

use crate::support::{Desktop, SOON, Window, files};
use serde_json::{Value, json};
use std::time::Instant;

const CONTROL: &str = "\u{e009}";
const ALT: &str = "\u{e00a}";
const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const RELEASE: &str = "\u{e000}";

/// Ten saved queues of 300 jobs each, all on hold, brought into a window that is opened anew.
async fn with_three_thousand(desktop: &Desktop) -> Window {
    let window = Window::open(desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    for part in 0..10 {
        let job = |at: usize| {
            let prompt = files::classic("many", at as u64, 2);
            json!({ "title": format!("job {at}"), "on_hold": true, "prompt": prompt })
        };
        let jobs: Vec<Value> = (1..=300).map(|at| job(part * 300 + at)).collect();
        let queue = json!({ "safelight_queue": 1, "jobs": jobs });
        let file = files::write(desktop.dir(), &format!("part {part}.json"), &queue);
        window.submit(&[file]).await;
    }
    window.kill();
    let window = Window::open(desktop).await;
    window.js("location.hash = '#/queue'").await;
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn three_thousand_held_jobs_are_counted_and_can_all_be_reached() {
    let desktop = Desktop::new();
    let window = with_three_thousand(&desktop).await;
    window.until("the first are listed", "[data-testid=job-row]").await;
    let text =
        "const text = (id) => document.querySelector(`[data-testid=${id}]`)?.innerText ?? '';";
    let counted = format!(
        "{text} return text('status-waiting').includes('3,000')
            && document.querySelector('.status').innerText.includes('3,000 jobs saved on disk')
            && /^[\\d,]+ more jobs after these$/.test(text('more-waiting').trim())"
    );
    window.until_js("all are counted, and not all are there", &counted).await;
    window.picture("three thousand").await;
    // As an artist scrolls, more come; the last is reached.
    let scrolled = "const end = [...document.querySelectorAll('main *')].find((one) =>
            one.scrollHeight > one.clientHeight + 1000 && getComputedStyle(one).overflowY === 'auto');
        end.scrollTop = end.scrollHeight;
        return [...document.querySelectorAll('[data-testid=job-row]')]
            .some((row) => row.innerText.includes('job 3000'))
            && document.querySelector('[data-testid=more-waiting]') === null";
    window.until_js("the last is reached", scrolled).await;
    window.picture("three thousand end").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_asks_for_all_of_three_thousand_jobs() {
    let desktop = Desktop::new();
    let window = with_three_thousand(&desktop).await;
    let row = window.find("[data-testid=job-row]").await;
    row.send_keys(&format!("{CONTROL}a{RELEASE}")).await.expect("keys");
    window
        .until_js("all are selected", "return document.body.innerText.includes('3,000 selected')")
        .await;
    row.send_keys(END).await.expect("a key");
    window
        .until_js(
            "the last has the focus",
            "return document.activeElement?.innerText?.includes('job 3000')",
        )
        .await;
    let last = "[data-key]:focus";
    window.find(last).await.send_keys(&format!("{ALT}{HOME}{RELEASE}")).await.expect("keys");
    let first = json!({ "which": "open", "offset": 0, "limit": 1 });
    let until = Instant::now() + SOON;
    while window.invoke("job_list", first.clone()).await[0]["title"] != "job 3000" {
        assert!(Instant::now() < until, "the last is not moved to the front");
    }
}
