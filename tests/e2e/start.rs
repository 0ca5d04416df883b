//! How the app starts, and how it says that it cannot.

use crate::support::{Desktop, SOON, Window, files, process::Process, window::runs};
use serde_json::json;
use std::{
    process::Stdio,
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_hands_its_files_over_and_ends() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    files::write(desktop.dir(), "handed over.json", &files::classic("x", 1, 2));
    let second = desktop
        .command(env!("CARGO_BIN_EXE_safelight"))
        .current_dir(desktop.dir())
        .arg("handed over.json")
        .output()
        .expect("a second start");
    assert!(second.status.success(), "{second:?}");
    let jobs = window.succeeded(1).await;
    assert!(jobs[0]["source"].as_str().is_some_and(|path| path.ends_with("handed over.json")));
    server.stop().await;
}

/// The name under which a second start looks for the first.
const INSTANCE: &str = "app.safelight.desktop.SingleInstance";

/// A Safelight that is just ending: it is still known on the bus, and answers no more.
fn dying(desktop: &Desktop, calls: u32) -> Process {
    let owner = desktop.python("dying_app.py", &[INSTANCE.into(), calls.to_string().into()]);
    assert_eq!(owner.line(), "ready");
    owner
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_while_the_one_before_is_ending_is_tried_again() {
    let desktop = Desktop::new();
    let dying = dying(&desktop, 3);
    let file = files::write(desktop.dir(), "given.json", &files::classic("x", 1, 2));
    let window = Window::open_with(&desktop, &[file]).await;
    assert_eq!(dying.unread(), ["asked"; 3], "it was tried until the name was free, and no longer");
    let environ = std::fs::read(format!("/proc/{}/environ", window.pid())).expect("it runs");
    assert!(String::from_utf8_lossy(&environ).contains("SAFELIGHT_START_TRY=3"));
    window.js("location.hash = '#/queue'").await;
    window.until("its files are not forgotten", "[data-testid=job-row]").await;
}

#[test]
fn a_start_is_not_tried_for_ever() {
    let desktop = Desktop::new();
    let dying = dying(&desktop, 0);
    let start = desktop
        .command(env!("CARGO_BIN_EXE_safelight"))
        .env("SAFELIGHT_START_TRY", "18")
        .output()
        .expect("it starts");
    assert_eq!(start.status.code(), Some(1), "{start:?}");
    let said = String::from_utf8_lossy(&start.stderr);
    assert!(said.contains("Safelight cannot start"), "{said}");
    assert_eq!(dying.unread(), ["asked"; 3], "the 18th, 19th and 20th try");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_works_without_bus_tray_and_notifications() {
    let desktop = Desktop::without_bus();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    window.invoke("window_hide", json!({})).await;
    let workflow = files::write(desktop.dir(), "a.json", &files::classic("x", 1, 2));
    window.submit(&[workflow]).await;
    window.succeeded(1).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_queued_and_set_is_there_after_a_restart() {
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    window
        .invoke("settings_set", json!({ "patch": { "theme": "light", "row_height": 200 } }))
        .await;
    let workflow = files::write(desktop.dir(), "waits.json", &files::classic("x", 1, 2));
    window.submit(&[workflow.clone(), workflow]).await;
    window.kill();

    let window = Window::open(&desktop).await;
    window.js("location.hash = '#/queue'").await;
    window
        .until_js("both wait", "return document.querySelectorAll('[data-testid=job-row][data-state=held]').length === 2")
        .await;
    assert_eq!(window.js("return document.documentElement.dataset.theme").await, "light");
    window.picture("waiting-light").await;
    let set = window.invoke("settings_get", json!({})).await;
    assert_eq!(set["row_height"], json!(200));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_comes_back_where_it_was() {
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    desktop.focus("Safelight");
    let active = desktop.xdotool(&["getactivewindow"]);
    let id = active.trim();
    desktop.xdotool(&["windowsize", id, "1200", "760", "windowmove", id, "120", "60"]);
    window.until_js("it is smaller", "return innerWidth === 1200 && innerHeight === 760").await;
    let pid = window.pid();
    window.js("window.__TAURI_INTERNALS__.invoke('app_quit', { input: {} })").await;
    let until = Instant::now() + SOON;
    while runs(pid) {
        assert!(Instant::now() < until, "the app does not quit");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    drop(window);
    let window = Window::open(&desktop).await;
    window.until_js("it has its size", "return innerWidth === 1200 && innerHeight === 760").await;
    let (left, top, _, _) = desktop.place_of("Safelight");
    assert_eq!((left, top), (120, 60));
}

#[test]
fn a_database_from_a_newer_version_is_left_alone_and_said() {
    let desktop = Desktop::new();
    let path = desktop.data().join("safelight.db");
    let made = desktop
        .command("/usr/bin/python3")
        .args(["-c", "import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
d.execute('CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)')
d.execute(\"INSERT INTO _sqlx_migrations VALUES (9999, 'later', '2030-01-01', 1, x'00', 1)\")
d.commit()"])
        .arg(&path)
        .status()
        .expect("python runs");
    assert!(made.success());
    let before = std::fs::read(&path).expect("the database");
    let mut app = desktop
        .command(env!("CARGO_BIN_EXE_safelight"))
        .stderr(Stdio::piped())
        .spawn()
        .expect("the app starts");
    let until = Instant::now() + SOON;
    let dialog = loop {
        let found =
            desktop.xdotool(&["search", "--onlyvisible", "--name", "^Safelight cannot start$"]);
        if let Some(id) = found.lines().next() {
            break id.to_owned();
        }
        assert!(Instant::now() < until, "no dialog says why");
    };
    desktop.xdotool(&["windowactivate", "--sync", &dialog]);
    let ended = loop {
        // A key goes to the window in front; the dialog may not be it yet.
        desktop.xdotool(&["windowfocus", &dialog, "key", "Return"]);
        if let Some(ended) = app.try_wait().expect("it can be asked") {
            break ended;
        }
        assert!(Instant::now() < until, "the dialog does not close");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(ended.code(), Some(1));
    assert_eq!(std::fs::read(&path).expect("the database"), before);
}
