//! Pictures as large as can be: full screen, a slideshow, and a second window that shows what is looked at.

use crate::support::{
    Desktop, SOON, Window, gallery,
    viewer::{coloured, open_first, plain, press},
};
use serde_json::json;
use std::time::Instant;

const IMAGE: &str = "[data-testid=viewer-image]";
const TITLE: &str = "Safelight: second window";
const RED: [u8; 3] = [200, 60, 90];
const GREEN: [u8; 3] = [20, 160, 40];
const BLUE: [u8; 3] = [30, 60, 210];
const ESCAPE: &str = "\u{e00c}";
const F11: &str = "\u{e03b}";
const LEFT: &str = "\u{e012}";
const RIGHT: &str = "\u{e014}";

#[tokio::test(flavor = "multi_thread")]
async fn pictures_fill_the_screen_follow_each_other_and_are_seen_in_a_second_window() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("renders");
    plain(&folder, &[("red", RED, false), ("green", GREEN, false), ("blue", BLUE, false)]);
    let window = gallery::over(&desktop, &folder, 3).await;
    open_first(&window).await;
    fill(&desktop, &window).await;
    slideshow(&desktop, &window).await;
    second(&desktop, &window).await;
}

/// Waits until the window has this size and place.
fn sized(desktop: &Desktop, what: &str, is_so: impl Fn((i32, i32, i32, i32)) -> bool) {
    let until = Instant::now() + SOON;
    while !is_so(desktop.place_of("Safelight")) {
        assert!(Instant::now() < until, "{what}: it is {:?}", desktop.place_of("Safelight"));
    }
}

/// The screen is filled and left again, with the key that filled it and with Escape.
async fn fill(desktop: &Desktop, window: &Window) {
    for leave in [F11, ESCAPE] {
        press(window, F11).await;
        sized(desktop, "the screen is filled", |place| place == (0, 0, 1680, 1050));
        let alone = "return document.querySelector('[data-testid=viewer-title]') === null
            && document.querySelector('[data-testid=info-panel]') === null";
        window.until_js("nothing is beside the picture", alone).await;
        coloured(desktop, window, IMAGE, (0.5, 0.5), RED).await;
        press(window, leave).await;
        sized(desktop, "it has its size again", |(_, _, w, h)| (w, h) == (1440, 900));
        window.until("its title is there again", "[data-testid=viewer-title]").await;
    }
}

/// One follows the other by itself, until it is paused and ended.
async fn slideshow(desktop: &Desktop, window: &Window) {
    // Each is seen for two seconds, which nobody has to catch: the page writes down what comes. A title is
    // written down with the file that the picture is of, not when the next one is only announced.
    let note = format!(
        "let last;
         window.seen = [];
         const look = () => {{
             const image = document.querySelector({});
             const file = image?.src?.match(/asset\\/([^/]+)/)?.[1];
             if (file === undefined || file === last) return;
             last = file;
             window.seen.push(image.alt);
         }};
         look();
         const all = {{ childList: true, subtree: true, attributeFilter: ['src'] }};
         new MutationObserver(look).observe(document.body, all)",
        json!(IMAGE)
    );
    window.js(&note).await;
    press(window, "s").await;
    let shorter = window.find("[data-testid=slideshow] button[aria-label=Shorter]").await;
    for _ in 0..2 {
        shorter.click().await.expect("a click");
    }
    let seconds =
        "return document.querySelector('[data-testid=slideshow-seconds]').innerText === '2 s'";
    window.until_js("each is seen for two seconds", seconds).await;
    window.picture("slideshow").await;
    // There is none after it: it stays.
    coloured(desktop, window, IMAGE, (0.5, 0.5), BLUE).await;
    assert_eq!(window.js("return window.seen").await, json!(["red", "green", "blue"]));
    press(window, " ").await;
    let paused = "return document.querySelector('[data-testid=slideshow-pause]').innerText
        .startsWith('Go on')";
    window.until_js("it is paused", paused).await;
    press(window, ESCAPE).await;
    window
        .until_js(
            "it ended at the last one",
            "return document.querySelector('[data-testid=slideshow]') === null
                 && document.querySelector('[data-testid=viewer-place]')?.innerText.trim() === '3 of 3'",
        )
        .await;
}

/// The second window shows what is looked at in the first, and goes with it.
async fn second(desktop: &Desktop, window: &Window) {
    assert!(!desktop.is_there(TITLE));
    press(window, "o").await;
    shows(desktop, BLUE);
    window.picture("viewer with a second window").await;
    press(window, LEFT).await;
    shows(desktop, GREEN);
    // In the gallery it is what has the focus.
    press(window, ESCAPE).await;
    // The second window is in front, so nothing of this one is `:focus`.
    let there = format!(
        "return document.activeElement?.matches({}) === true",
        json!(gallery::titled("green"))
    );
    window.until_js("the keyboard is at it", &there).await;
    for (title, key, colour) in [("green", LEFT, RED), ("red", RIGHT, GREEN)] {
        window.find(&gallery::titled(title)).await.send_keys(key).await.expect("a key");
        shows(desktop, colour);
    }

    // Closed by hand, it is opened again.
    desktop.focus(TITLE);
    desktop.xdotool(&["key", "alt+F4"]);
    is_there(desktop, false);
    open_first(window).await;
    press(window, "o").await;
    shows(desktop, RED);
    window.invoke("window_hide", json!({})).await;
    is_there(desktop, false);
}

/// Waits until the middle of the second window has this colour.
fn shows(desktop: &Desktop, colour: [u8; 3]) {
    let until = Instant::now() + SOON;
    loop {
        let (x, y, w, h) = desktop.place_of(TITLE);
        let seen = desktop.screen(x + w / 2, y + h / 2, 1, 1);
        if seen == colour {
            return;
        }
        assert!(Instant::now() < until, "{TITLE} shows {seen:?}, not {colour:?}");
    }
}

fn is_there(desktop: &Desktop, wanted: bool) {
    let until = Instant::now() + SOON;
    while desktop.is_there(TITLE) != wanted {
        assert!(Instant::now() < until, "{TITLE}: there is not {wanted}");
    }
}
