//! A backup is made, read back and taken over, all from the settings.

use crate::support::{Desktop, SOON, Window, files, gallery};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Chooses a folder with a button of the settings.
async fn choose(desktop: &Desktop, window: &Window, button: &str, title: &str, folder: &Path) {
    window.until("it can be pressed", &format!("[data-testid={button}]:enabled")).await;
    window.click(button).await;
    desktop.choose_path(title, folder);
}

/// Gives the cell that is selected in the gallery stars.
async fn rate(window: &Window, stars: &str) {
    let cell = window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    cell.send_keys(stars).await.expect("a key");
    found(window, &format!("rating:{stars}"), 1).await;
}

/// Waits until the library finds so many.
async fn found(window: &Window, text: &str, count: u64) {
    let query = json!({ "text": text, "sort": "newest", "seed": 1, "stacks": false });
    let until = Instant::now() + SOON;
    loop {
        let answer = window.invoke("library_query", json!({ "query": query })).await;
        if answer["whole"] == json!(true) && answer["shown"] == json!(count) {
            return;
        }
        assert!(Instant::now() < until, "{text:?} finds {}, not {count}", answer["shown"]);
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// What of the data folder begins like this.
fn kept(desktop: &Desktop, begin: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(desktop.data()).expect("the data folder").flatten();
    let named = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begin))
    };
    all.map(|entry| entry.path()).filter(named).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_backed_up_is_there_again_after_the_restart() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    let write =
        |name: &str, seed: u64| files::write(desktop.dir(), name, &files::classic(name, seed, 4));
    let mut pictures = Vec::new();
    for (count, name) in [(1, "a fjord"), (2, "a lamp")] {
        window.submit(&[write(name, 5)]).await;
        let jobs = window.succeeded(count).await;
        let job = window.invoke("job_get", json!({ "id": jobs[0]["id"] })).await;
        let path = window.invoke("asset_path", json!({ "id": job["assets"][0]["id"] })).await;
        let path = PathBuf::from(path.as_str().expect("a path"));
        let bytes = std::fs::read(&path).expect("the file");
        pictures.push((path, bytes));
    }
    // A third waits for a server that is away: what waited then is not run again by itself.
    server.stop().await;
    window.until("it is away", "[data-testid=server-chip]:not([data-link=online])").await;
    window.submit(&[write("a kettle", 7)]).await;
    window.click("nav-gallery").await;
    gallery::drawn(&window, 2).await;
    window.click("gallery-cell").await;
    rate(&window, "5").await;

    let folder = desktop.dir().join("backups");
    std::fs::create_dir(&folder).expect("a folder");
    window.click("nav-settings").await;
    window
        .until_js(
            "it was never backed up",
            "return document.querySelector('[data-testid=backed-up]')?.innerText
                .includes('never backed up')",
        )
        .await;
    window.picture("backup before").await;
    choose(&desktop, &window, "backup-start", "Back up the library into this folder", &folder)
        .await;
    window
        .until_js(
            "it says when and where to it was backed up",
            &format!(
                "const text = document.querySelector('[data-testid=backed-up]').innerText;
                 return text.startsWith('Last backed up: ') && text.includes({})",
                json!(folder)
            ),
        )
        .await;
    window.picture("backup done").await;

    // Afterwards: a file is lost, and the stars are others.
    let (lost, bytes) = &pictures[0];
    std::fs::remove_file(lost).expect("it was there");
    window.click("nav-gallery").await;
    window.click("gallery-cell").await;
    rate(&window, "1").await;
    found(&window, "rating:5", 0).await;

    window.click("nav-settings").await;
    choose(&desktop, &window, "restore-choose", "Choose the folder with the backup", &folder).await;
    let said = window
        .until_js(
            "the sheet says what is in it",
            "return document.querySelector('[data-testid=restore-sheet]')?.innerText",
        )
        .await;
    let said = said.as_str().expect("text");
    assert!(said.contains(&folder.display().to_string()), "{said}");
    assert!(said.contains("A library of 2 outputs, backed up today"), "{said}");
    assert!(said.contains("with 2 files, "), "{said}");
    window.picture("restore sheet").await;
    window.click("restore-start").await;
    window.until("it is ready for the restart", "[data-testid=restart]:enabled").await;
    assert!(std::fs::read(lost).expect("it is back") == *bytes);
    found(&window, "rating:1", 1).await;
    window
        .js("document.querySelector('[data-testid=restart]').scrollIntoView({ block: 'center' })")
        .await;
    window.picture("restore ready").await;

    window.click("restart").await;
    // The driver's session ends with the page that it steers: what is seen from outside tells that the
    // app started again by itself, with the library that was read back.
    let until = Instant::now() + SOON;
    while kept(&desktop, "safelight-before-restore-").len() != 1 || !desktop.is_there("Safelight") {
        assert!(Instant::now() < until, "it does not start again");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    window.kill();

    let window = Window::open(&desktop).await;
    window.click("nav-gallery").await;
    gallery::drawn(&window, 2).await;
    found(&window, "rating:5", 1).await;
    found(&window, "rating:1", 0).await;
    window.picture("restored gallery").await;
    for (path, bytes) in &pictures {
        assert!(std::fs::read(path).expect("the file") == *bytes, "{}", path.display());
    }
    window.click("nav-queue").await;
    window
        .until_js(
            "what waited is there, and the queue is paused",
            "const text = document.querySelector('footer').innerText;
             return text.includes('Paused')
                 && document.querySelectorAll('[data-testid=job-row][data-state=held]').length === 1",
        )
        .await;
    window.picture("restored queue").await;
    window.click("nav-settings").await;
    window
        .until_js(
            "nothing is left to do",
            "return document.querySelector('[data-testid=backed-up]')?.innerText !== ''
                 && document.querySelector('[data-testid=restart]') === null",
        )
        .await;
    window.kill();
}
