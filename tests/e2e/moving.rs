//! The library is moved into another folder from the settings: its files are there then, whole, and what is
//! made later.

use crate::support::{Desktop, SOON, Window, files, gallery};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The file of the newest job.
async fn newest(window: &Window, jobs: &[Value]) -> PathBuf {
    let job = window.invoke("job_get", json!({ "id": jobs[0]["id"] })).await;
    let path = window.invoke("asset_path", json!({ "id": job["assets"][0]["id"] })).await;
    PathBuf::from(path.as_str().expect("a path"))
}

/// How many files lie below a folder.
fn files_in(folder: &Path) -> usize {
    let all = walkdir::WalkDir::new(folder).into_iter().flatten();
    all.filter(|entry| entry.file_type().is_file()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_is_moved_and_goes_on_where_it_is_then() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    let write = |name: &str| {
        files::write(desktop.dir(), &format!("{name}.json"), &files::classic(name, 5, 4))
    };
    let mut made = Vec::new();
    for (count, name) in [(1, "a fjord"), (2, "a lamp")] {
        window.submit(&[write(name)]).await;
        let path = newest(&window, &window.succeeded(count).await).await;
        let bytes = std::fs::read(&path).expect("the file");
        made.push((path, bytes));
    }
    let to = desktop.dir().join("large disk");
    std::fs::create_dir(&to).expect("a folder");
    window.click("nav-settings").await;
    window.until("it can be moved", "[data-testid=library-move]:enabled").await;
    window.picture("library before the move").await;
    window.click("library-move").await;
    desktop.choose_path("Move the library into this folder", &to);
    window
        .until_js(
            "the library is there, and nothing is left to move",
            &format!(
                "const panel = document.querySelector('[data-testid=setting-library]');
                 return panel?.querySelector('.path').innerText.startsWith({})
                     && panel.querySelector('[data-testid=library-move]:enabled') !== null
                     && panel.querySelector('[data-testid=library-left]') === null",
                json!(to)
            ),
        )
        .await;
    window
        .until_js(
            "the settings count them there",
            "const [panel] = document.querySelectorAll('[data-testid=setting-library]');
             const here = [...document.querySelectorAll('[data-testid=library-folder]')]
                 .find((row) => row.innerText.includes('large disk'));
             return panel.innerText.includes('2 outputs here')
                 && here?.innerText.includes('2 outputs.')",
        )
        .await;
    window.picture("library after the move").await;
    assert_eq!(files_in(&to), 2);
    let all = window.succeeded(2).await;
    for ((before, bytes), job) in made.iter().rev().zip(&all) {
        assert!(!before.exists(), "{} is still there", before.display());
        let path = newest(&window, std::slice::from_ref(job)).await;
        assert!(path.starts_with(&to), "{}", path.display());
        assert!(std::fs::read(&path).expect("the file") == *bytes, "{}", path.display());
    }
    window.click("nav-gallery").await;
    gallery::drawn(&window, 2).await;

    window.submit(&[write("a kettle")]).await;
    let path = newest(&window, &window.succeeded(3).await).await;
    assert!(path.starts_with(&to), "{}", path.display());
    window.kill();
    let window = Window::open(&desktop).await;
    window.click("nav-gallery").await;
    gallery::drawn(&window, 3).await;
    window.picture("gallery after the move").await;
    let until = Instant::now() + SOON;
    while files_in(&to) != 3 {
        assert!(Instant::now() < until, "{} files are there", files_in(&to));
    }
    server.stop().await;
}
