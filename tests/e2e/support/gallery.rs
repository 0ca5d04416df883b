//! What several tests do with the gallery: folders come into it, and pictures are dragged from it.

use super::{Desktop, Window};
use serde_json::json;
use std::path::Path;

/// Adds a folder to the library, which is not watched.
pub async fn add(window: &Window, folder: &Path) {
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.invoke("root_add", json!({ "path": folder, "watched": false })).await;
}

/// The gallery over a folder with so many pictures, all of them in it.
pub async fn over(desktop: &Desktop, folder: &Path, count: u32) -> Window {
    let window = Window::open(desktop).await;
    add(&window, folder).await;
    window.click("nav-gallery").await;
    counted(&window, &count.to_string()).await;
    window
}

/// Waits until the toolbar counts so.
pub async fn counted(window: &Window, text: &str) {
    window
        .until_js(
            &format!("{text} are counted"),
            &format!(
                "return document.querySelector('[data-testid=gallery-count]')?.innerText === {}",
                json!(text)
            ),
        )
        .await;
}

/// Moves the pointer to the middle of an element.
pub async fn point(desktop: &Desktop, window: &Window, css: &str) {
    let script = format!(
        "const box = document.querySelector({})?.getBoundingClientRect();
         return box && [box.x + box.width / 2, box.y + box.height / 2]",
        json!(css)
    );
    let place = window.until_js(&format!("{css} is there"), &script).await;
    let (left, top, ..) = desktop.place_of("Safelight");
    #[allow(clippy::cast_possible_truncation)]
    let at = |of: usize, from: i32| from + place[of].as_f64().expect("a number") as i32;
    desktop.xdotool(&["mousemove", &at(0, left).to_string(), &at(1, top).to_string()]);
}

/// Waits until all pictures of the gallery are drawn.
pub async fn drawn(window: &Window, count: usize) {
    window
        .until_js(
            &format!("{count} pictures are drawn"),
            &format!(
                "const cells = [...document.querySelectorAll('[data-testid=gallery-cell]')];
                 return cells.length === {count} && cells.every((cell) => {{
                     const image = cell.querySelector('img');
                     return image?.complete && image.naturalWidth > 0;
                 }})"
            ),
        )
        .await;
}

/// Clicks the entry of the open menu, or the button within `css`, that says this.
pub async fn choose(window: &Window, css: &str, text: &str) {
    let script = format!(
        "const said = (one) => one.innerText.trim().startsWith({});
         const found = [...document.querySelectorAll({})].find(said);
         found?.setAttribute('data-chosen', '');
         // What is in sight may lie under what sticks to an edge.
         found?.scrollIntoView({{ block: 'center' }});
         return found !== undefined",
        json!(text),
        json!(css)
    );
    window.until_js(&format!("{text} is offered"), &script).await;
    window.find("[data-chosen]").await.click().await.expect("a click");
    window.js("document.querySelector('[data-chosen]')?.removeAttribute('data-chosen')").await;
}

/// What a cell with this title is found by.
pub fn titled(title: &str) -> String {
    format!("[data-testid=gallery-cell][aria-label*=' {title},']")
}

/// The titles of all cells, in their order.
pub async fn titles(window: &Window) -> Vec<String> {
    let titles = window
        .js("return [...document.querySelectorAll('[data-testid=gallery-cell]')]
                 .sort((a, b) => a.ariaPosInSet - b.ariaPosInSet)
                 .map((cell) => cell.ariaLabel.split(',')[0].split(' ').slice(1).join(' '))")
        .await;
    serde_json::from_value(titles).expect("titles")
}

/// Waits for a message that says this.
pub async fn said(window: &Window, text: &str) {
    window
        .until_js(
            &format!("{text} is said"),
            &format!(
                "return [...document.querySelectorAll('[data-testid=toast]')]
                     .some((toast) => toast.innerText.includes({}))",
                json!(text)
            ),
        )
        .await;
}

/// Presses the button on the gallery's first picture and moves until that is a drag.
pub async fn take_up(desktop: &Desktop, window: &Window) {
    let cell = "[data-testid=gallery-cell]:has(img)";
    window
        .until_js(
            "the picture is in the gallery",
            &format!(
                "return document.querySelector({})?.querySelector('img').complete",
                json!(cell)
            ),
        )
        .await;
    point(desktop, window, cell).await;
    desktop.xdotool(&["mousedown", "1"]);
    for _ in 0..12 {
        desktop.xdotool(&["mousemove_relative", "--", "4", "2"]);
    }
}

/// Drags the gallery's first picture to another program; answers with what that is given, as JSON.
pub async fn dragged_out(desktop: &Desktop, window: &Window) -> String {
    let target = desktop.python("drop_target.py", &[]);
    target.line_where(|line| line == "ready");
    take_up(desktop, window).await;
    let (x, y, w, h) = desktop.place_of("drop target");
    for step in (0..12).rev() {
        let (x, y) = (x + w / 2 - step * 9, y + h / 2 - step * 7);
        desktop.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
    }
    desktop.xdotool(&["mouseup", "1"]);
    target.line_where(|line| line.starts_with('['))
}
