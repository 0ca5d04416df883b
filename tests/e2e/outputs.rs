//! Outputs that are no single picture: texts that nodes show, and one picture in several files.

use crate::support::{Desktop, Window, files, gallery, viewer};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_a_node_shows_is_in_the_gallery_and_read_in_the_viewer() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    let words = "A quiet harbour at dawn, boats at rest, a lamp still lit at the end of the pier.";
    let shows = json!({ "1": { "class_type": "PreviewAny", "inputs": { "source": words } } });
    window.submit(&[files::write(desktop.dir(), "describe.json", &shows)]).await;
    window.succeeded(1).await;
    window.picture("queue with a text").await;
    window.click("nav-gallery").await;
    window
        .until_js(
            "the tile shows how it begins",
            &format!(
                "return document.querySelector('[data-testid=cell-text]')?.innerText === {}",
                json!(words)
            ),
        )
        .await;
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.click().await.expect("a click");
    window
        .until_js(
            "the panel has its beginning as its title",
            "return document.querySelector('[data-testid=info-panel] .title')?.innerText
                .startsWith('A quiet harbour')",
        )
        .await;
    window.picture("gallery text").await;
    cell.send_keys("\u{e007}").await.expect("Enter");
    window
        .until_js(
            "the viewer shows all of it",
            &format!(
                "return document.querySelector('[data-testid=viewer-image] pre')?.innerText === {}",
                json!(words)
            ),
        )
        .await;
    window.picture("viewer text").await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_files_goes_to_the_trash_and_the_output_stays() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("pictures");
    viewer::plain(&folder, &[("first", [200, 40, 40], true)]);
    let (first, second) = (folder.join("first.png"), folder.join("a copy.png"));
    let content = std::fs::read(&first).expect("the file");
    files::finished(&second, &content, 1_704_110_400);
    let sidecar = |name: &str| format!("{}.xmp", folder.join(name).display());
    for name in ["first.png", "a copy.png"] {
        std::fs::write(sidecar(name), "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>").expect("a file");
    }
    let window = gallery::over(&desktop, &folder, 1).await;
    viewer::open_first(&window).await;
    let heading = |text: &str| {
        format!(
            "return [...document.querySelectorAll('h4')].some((one) => one.innerText.startsWith({}))",
            json!(text)
        )
    };
    window.until_js("it has two files", &heading("2 files, all the same")).await;
    window.picture("viewer two files").await;
    let button =
        format!("[aria-label={}]", json!(format!("Move {} to the trash", second.display())));
    window.find(&button).await.click().await.expect("a click");
    window.until_js("it has one file", &heading("File")).await;
    window.picture("viewer one file").await;
    let trash = desktop.dir().join("share/Trash/files");
    assert!(trash.join("a copy.png").is_file() && !second.exists());
    assert!(trash.join("a copy.png.xmp").is_file(), "what is said of it goes along");
    assert!(std::fs::exists(sidecar("first.png")).expect("an answer"));
    assert!(std::fs::read(&first).expect("the file") == content);
    assert!(
        window.find("[data-testid=viewer-image]").await.is_displayed().await.expect("an answer")
    );
}
