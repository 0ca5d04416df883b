//! The workflow library: what is in a workflow's way is said, and mended with one click.

use crate::support::{Desktop, Window, files};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_would_do_is_used_with_one_click() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let mut lost = files::classic("a lost model", 5, 2);
    lost["4"]["inputs"]["ckpt_name"] = json!("practice_marbel.safetensors");
    let path = files::write(desktop.dir(), "lost model.json", &lost);
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    window.invoke("intake_save", json!({ "paths": [path] })).await;
    window.click("nav-workflows").await;
    let row = window.find("[data-testid=workflow-row]").await;
    row.send_keys("c").await.expect("a key");
    window
        .until("what would do is a button", "[data-testid=check-panel] [data-testid=use-value]")
        .await;
    window.picture("library check").await;
    window.click("use-value").await;
    window
        .until_js(
            "the server can run it now",
            "return document.querySelector('[data-testid=check-panel] [data-ability=can]') !== null
                && document.querySelector('[data-testid=check-blocked]') === null",
        )
        .await;
    window.picture("library check mended").await;
    window
        .js("[...document.querySelectorAll('[data-testid=check-panel] button')]
                .find((button) => button.innerText.trim() === 'Run').click()")
        .await;
    window.succeeded(1).await;
    server.stop().await;
}
