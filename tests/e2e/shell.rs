//! Tray, notifications, and a window that is hidden.

use crate::support::{Desktop, Window, files, window::runs};
use serde_json::json;
use std::{
    path::Path,
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_batch_is_told_once_when_hidden_and_not_in_front() {
    let mut desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::from_millis(20)).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    let file = |name: &str, seed| files::write(desktop.dir(), name, &files::classic(name, seed, 4));
    let (a, b, c, d) = (file("a.json", 1), file("b.json", 2), file("c.json", 3), file("d.json", 4));

    window.invoke("window_hide", json!({})).await;
    window.submit(&[a, b]).await;
    window.succeeded(2).await;
    let told = desktop.notification();
    assert_eq!(told["app"], "Safelight");
    assert!(told["body"].as_str().is_some_and(|body| body.contains('2')), "{told}");
    assert!(Path::new(told["picture"].as_str().expect("a path")).is_file(), "{told}");

    // The app hears of a click once the call that showed the notification has returned: the first of ours
    // may come before that, which no hand does.
    let until = Instant::now() + crate::support::SOON;
    while window.js("return location.hash.startsWith('#/job/')").await != json!(true) {
        assert!(Instant::now() < until, "the click opens the job");
        desktop.click(&told);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    window.js("location.hash = '#/queue'").await;
    wait_until_in_front(&desktop);
    window.submit(&[c]).await;
    window.succeeded(3).await;

    // Had the third been told, it would have come before the fourth.
    window.invoke("window_hide", json!({})).await;
    window.submit(&[d]).await;
    let jobs = window.succeeded(4).await;
    let told = desktop.notification();
    assert!(
        told["summary"].to_string().contains(jobs[0]["title"].as_str().expect("a title")),
        "{told}"
    );
    assert!(desktop.notifications().is_empty());

    window.invoke("settings_set", json!({ "patch": { "notifications": false } })).await;
    server.stop().await;
}

fn wait_until_in_front(desktop: &Desktop) {
    let until = Instant::now() + crate::support::SOON;
    while desktop.xdotool(&["getactivewindow", "getwindowname"]).trim() != "Safelight" {
        assert!(Instant::now() < until, "the window does not come to the front");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tray_lists_what_runs_and_obeys() {
    let mut desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::from_millis(100)).await;
    let window = Window::open(&desktop).await;
    desktop.wait_for_tray_icon();
    window.add_server(&server.url()).await;
    desktop.wait_for_tray(|label| label == "Nothing running");
    let first = files::write(desktop.dir(), "tray job.json", &files::classic("a", 1, 60));
    let second = files::write(desktop.dir(), "waits.json", &files::classic("b", 2, 1));
    window.submit(&[first, second]).await;
    let labels = desktop.wait_for_tray(|label| label.contains('%'));
    assert!(labels.iter().any(|label| label.starts_with("tray job")), "{labels:?}");

    desktop.choose("Pause queue");
    window
        .until_js("the window says so", "return document.querySelector('[data-testid=pause-queue]').innerText.includes('Resume')")
        .await;
    window.succeeded(1).await;
    desktop.wait_for_tray(|label| label == "Nothing running");
    let open = window.invoke("job_list", json!({ "which": "open", "offset": 0, "limit": 9 })).await;
    assert_eq!(open.as_array().map(Vec::len), Some(1), "the second waits while paused: {open}");
    desktop.choose("Resume queue");
    window.succeeded(2).await;

    window.invoke("window_hide", json!({})).await;
    desktop.choose("Show Safelight");
    wait_until_in_front(&desktop);

    let pid = window.pid();
    desktop.choose("Quit Safelight");
    let until = Instant::now() + crate::support::SOON;
    while runs(pid) {
        assert!(Instant::now() < until, "the app does not quit");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_hides_to_the_tray_when_asked_to() {
    let mut desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    desktop.wait_for_tray_icon();
    window.invoke("settings_set", json!({ "patch": { "close_to_tray": true } })).await;
    wait_until_in_front(&desktop);
    // Pressed by the page itself: a driver's click waits for a frame that a hidden window never draws.
    window
        .js("setTimeout(() => document.querySelector('[data-testid=window-close]').click())")
        .await;
    let until = Instant::now() + crate::support::SOON;
    while desktop.is_there("Safelight") {
        assert!(Instant::now() < until, "the window stays");
    }
    assert!(runs(window.pid()));
    desktop.choose("Show Safelight");
    wait_until_in_front(&desktop);
}
