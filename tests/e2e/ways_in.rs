//! Ways in besides files on the window: a watched folder, pictures for a workflow, links.

use crate::support::{Desktop, SOON, Window, files};
use axum::{Router, http::header::CONTENT_TYPE, routing::get};
use practice::Practice;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// A window with a server that has said what it has.
async fn ready(desktop: &Desktop) -> (Window, Practice) {
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(desktop).await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    (window, server)
}

/// Waits until a path is there, or gone.
async fn until_there(path: &Path, there: bool) {
    let until = Instant::now() + SOON;
    while path.exists() != there {
        assert!(Instant::now() < until, "{} there: {}", path.display(), !there);
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_into_the_watched_folder_runs_and_is_put_away() {
    let desktop = Desktop::new();
    let (window, server) = ready(&desktop).await;
    let folder = desktop.dir().join("hot folder");
    std::fs::create_dir(&folder).expect("a folder");
    window.js("location.hash = '#/settings'").await;
    window.click("watch-choose").await;
    desktop.choose_path("Choose a folder to watch", &folder);
    let shown = format!(
        "return document.querySelector('[data-testid=setting-watch]').innerText.includes({})",
        json!(folder)
    );
    window.until_js("the folder is watched", &shown).await;
    let put = |name: &str, seed: u64| {
        files::write(&folder, name, &files::classic(name, seed, 2));
    };
    let after = async |what: &str| {
        let choose = format!("document.querySelector('[data-value={what}]').click()");
        window.js(&choose).await;
        let chosen = "const [done] = arguments; window.__TAURI_INTERNALS__
            .invoke('watch_get', { input: {} }).then((watch) => done(watch.after === 'WHAT'))";
        window.until_async("it is chosen", &chosen.replace("WHAT", what)).await;
    };

    put("kept.json", 1);
    window.succeeded(1).await;
    assert!(folder.join("kept.json").exists());
    after("move").await;
    put("moved.json", 2);
    window.succeeded(2).await;
    until_there(&folder.join("queued/moved.json"), true).await;
    until_there(&folder.join("moved.json"), false).await;
    after("bin").await;
    put("thrown away.json", 3);
    window.succeeded(3).await;
    until_there(&desktop.dir().join("share/Trash/files/thrown away.json"), true).await;
    until_there(&folder.join("thrown away.json"), false).await;
    let told = "return document.querySelector('[data-testid=setting-watch]').innerText
        .includes('3 files taken since')";
    window.until_js("it is said how many were taken", told).await;
    window.picture("watched folder").await;
    // None of them came twice.
    assert_eq!(window.finished().await.len(), 3);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_pictures_goes_into_a_workflow_one_job_each() {
    let desktop = Desktop::new();
    let (window, server) = ready(&desktop).await;
    let workflow = files::write(desktop.dir(), "invert.json", &files::invert("example.png"));
    window.invoke("intake_save", json!({ "paths": [workflow] })).await;
    let folder = desktop.dir().join("harbour");
    std::fs::create_dir(&folder).expect("a folder");
    let pictures: Vec<Vec<u8>> = [40, 120, 200].map(files::plain_picture).into();
    for (name, picture) in ["a.png", "b.png", "c.png"].iter().zip(&pictures) {
        std::fs::write(folder.join(name), picture).expect("a file");
    }

    let drag = desktop.drag(&[folder]);
    drag.over(0.3, 0.55);
    let zone = window
        .until_js(
            "the pictures were found",
            "const zone = document.querySelector('[data-zone=pictures]');
             if (!document.querySelector('[data-testid=drop-overlay]')?.innerText.includes('3 pictures'))
                return false;
             const box = zone.getBoundingClientRect();
             return [(box.left + box.width / 2) / innerWidth, (box.top + box.height / 2) / innerHeight]",
        )
        .await;
    drag.over(zone[0].as_f64().expect("a number"), zone[1].as_f64().expect("a number"));
    window.picture("drop pictures").await;
    drag.release();
    window.until("it is asked where they go", "[data-testid=pictures-queue]:not([disabled])").await;
    window.picture("pictures into a workflow").await;
    window.click("pictures-queue").await;
    window.succeeded(3).await;
    let there = desktop.dir().join("server/input/safelight");
    let there = std::fs::read_dir(there)
        .expect("a folder")
        .map(|entry| std::fs::read(entry.expect("an entry").path()).expect("a file"));
    assert_eq!(there.collect::<BTreeSet<_>>(), pictures.into_iter().collect());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_dropped_with_its_workflow_goes_along() {
    let desktop = Desktop::new();
    let (window, server) = ready(&desktop).await;
    let workflow = files::write(desktop.dir(), "invert.json", &files::invert("harbour.png"));
    let folder = desktop.dir().join("elsewhere");
    std::fs::create_dir(&folder).expect("a folder");
    let picture = folder.join("harbour.png");
    std::fs::write(&picture, files::plain_picture(70)).expect("a file");
    let drag = desktop.drag(&[workflow, picture]);
    drag.over(0.3, 0.55);
    window
        .until_js(
            "the overlay says that it goes along",
            "return document.querySelector('[data-testid=drop-overlay]')?.innerText
                .includes('1 taken along')",
        )
        .await;
    window.picture("drop with a picture").await;
    drag.release();
    let words = json!([
        "Took harbour.png that was handed in with it.",
        "Goes into a workflow",
        "It goes into invert.json, which asks for it.",
    ]);
    let told = format!(
        "const told = document.querySelector('[data-testid=import-report]')?.innerText ?? '';
         return {words}.every((words) => told.includes(words))"
    );
    window.until_js("the report says so", &told).await;
    window.succeeded(1).await;
    window.picture("report taken along").await;
    server.stop().await;
}

/// A server that gives one picture, and how often it was asked for it.
async fn gallery(picture: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let answer = move || {
        count.fetch_add(1, Ordering::SeqCst);
        let picture = picture.clone();
        async move { ([(CONTENT_TYPE, "image/png")], picture) }
    };
    let router = Router::new().route("/red%20lamp.png", get(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}/red%20lamp.png"), asked)
}

/// The link is asked about, fetched once it is agreed to, and queued.
async fn agree_to_the_link(window: &Window, asked: &AtomicUsize, picture: &str) -> Value {
    window.until("it is asked first", "[data-testid=link-fetch]").await;
    window.picture(picture).await;
    assert_eq!(asked.load(Ordering::SeqCst), 0, "nothing was fetched yet");
    window.click("link-fetch").await;
    let jobs = window.succeeded(1).await;
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    jobs[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_link_is_asked_about_then_fetched_and_queued() {
    let desktop = Desktop::new();
    let (window, server) = ready(&desktop).await;
    let picture = files::picture(&server, &files::classic("a red lamp", 9, 2)).await;
    let (link, asked) = gallery(picture).await;
    let text = desktop.dir().join("link.txt");
    std::fs::write(&text, &link).expect("a file");
    let clipboard = desktop.python("clipboard.py", &[text]);
    clipboard.line();
    desktop.focus("Safelight");
    desktop.xdotool(&["key", "ctrl+v"]);
    let job = agree_to_the_link(&window, &asked, "link pasted").await;
    assert_eq!(job["facts"]["prompt"], "a red lamp", "{job}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dragged_link_is_asked_about_then_fetched_and_queued() {
    let desktop = Desktop::new();
    let (window, server) = ready(&desktop).await;
    let picture = files::picture(&server, &files::classic("a red lamp", 9, 2)).await;
    let (link, asked) = gallery(picture).await;
    let drag = desktop.drag(&[PathBuf::from(link)]);
    drag.over(0.3, 0.55);
    window
        .until_js(
            "the overlay says that it is a link",
            "return document.querySelector('[data-testid=drop-overlay]')?.innerText
                .includes('Safelight asks before it fetches anything')",
        )
        .await;
    window.picture("link dragged").await;
    drag.release();
    let job = agree_to_the_link(&window, &asked, "link dropped").await;
    assert_eq!(job["facts"]["prompt"], "a red lamp", "{job}");
    server.stop().await;
}
