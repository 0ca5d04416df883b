//! Two pictures or films compared, as they are seen on the screen.

use crate::support::{
    Desktop, Window, gallery,
    viewer::{STEPS, coloured, plain, press},
};

const A: &str = "[data-testid=viewer-image-a]";
const B: &str = "[data-testid=viewer-image]";
const RED: [u8; 3] = [200, 60, 90];
const GREEN: [u8; 3] = [20, 160, 40];
const SHIFT: &str = "\u{e008}";
const RELEASE: &str = "\u{e000}";
const LEFT: &str = "\u{e012}";
const ESCAPE: &str = "\u{e00c}";

/// Selects two outputs of the gallery and asks to compare them.
async fn ask(desktop: &Desktop, window: &Window, one: &str, other: &str) {
    window.find(&gallery::titled(one)).await.click().await.expect("a click");
    window.find(&format!("{}[aria-selected=true]", gallery::titled(one))).await;
    gallery::point(desktop, window, &gallery::titled(other)).await;
    desktop.xdotool(&["keydown", "ctrl", "click", "1", "keyup", "ctrl"]);
    window.until("two are selected", "[data-testid=selection-bar]").await;
    window.find("[data-testid=gallery-cell]:focus").await.send_keys("c").await.expect("a key");
}

/// Compares two pictures of the gallery.
async fn compare(desktop: &Desktop, window: &Window, one: &str, other: &str) {
    ask(desktop, window, one, other).await;
    window
        .until_js(
            "they are compared",
            "return ['viewer-image', 'viewer-image-a'].every((id) =>
                 document.querySelector(`[data-testid=${id}]`)?.naturalWidth === 240)",
        )
        .await;
}

async fn mode(window: &Window, mode: &str) {
    window.click(&format!("viewer-mode-{mode}")).await;
    window.until(mode, &format!("[data-testid=stage][data-mode={mode}]")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wipe_shows_both_and_a_difference_what_is_not_the_same() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("renders");
    plain(&folder, &[("red", RED, false), ("green", GREEN, false), ("red again", RED, true)]);
    let window = gallery::over(&desktop, &folder, 3).await;
    compare(&desktop, &window, "red", "green").await;
    mode(&window, "wipe").await;
    for (across, colour) in [(0.1, RED), (0.4, RED), (0.6, GREEN), (0.9, GREEN)] {
        coloured(&desktop, &window, B, (across, 0.3), colour).await;
    }
    window.picture("compare wipe").await;
    // Two tenths to the left.
    let line = window.find("[data-testid=viewer-wipe]").await;
    line.send_keys(&format!("{SHIFT}{}{RELEASE}", LEFT.repeat(2))).await.expect("keys");
    for (across, colour) in [(0.1, RED), (0.4, GREEN)] {
        coloured(&desktop, &window, B, (across, 0.3), colour).await;
    }
    mode(&window, "side").await;
    coloured(&desktop, &window, A, (0.5, 0.3), RED).await;
    coloured(&desktop, &window, B, (0.5, 0.3), GREEN).await;
    window.picture("compare side").await;
    mode(&window, "difference").await;
    coloured(&desktop, &window, B, (0.3, 0.3), [180, 100, 50]).await;
    window.picture("compare difference").await;
    press(&window, "d").await;
    coloured(&desktop, &window, B, (0.3, 0.3), [255, 255, 200]).await;

    press(&window, ESCAPE).await;
    window.until("the gallery is there", "[data-testid=gallery-grid]").await;
    compare(&desktop, &window, "red", "red again").await;
    // Four times as strong still, there is nothing.
    window.until("it is a difference still", "[data-testid=stage][data-mode=difference]").await;
    for across in [0.1, 0.5, 0.9] {
        coloured(&desktop, &window, B, (across, 0.3), [0, 0, 0]).await;
    }
    window.picture("compare the same").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn films_are_played_and_stepped_together() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("films");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("one.webm"), STEPS).expect("a file");
    // The same frames in another file: an element that says nothing is at its end.
    let again = [STEPS, &[0xec, 0x81, 0x00]].concat();
    std::fs::write(folder.join("again.webm"), again).expect("a file");
    let window = gallery::over(&desktop, &folder, 2).await;
    ask(&desktop, &window, "one", "again").await;
    mode(&window, "side").await;
    window
        .until_js(
            "both films are ready",
            "const films = [...document.querySelectorAll('[data-testid=stage] video')];
             return films.length === 2
                 && films.every((film) => film.readyState >= 2 && film.videoWidth === 96)",
        )
        .await;
    // Read from the screen: WebDriver's pictures show no film in a pane that is moved and zoomed.
    for (key, grey) in [(".", 8), (".", 19), (".", 29), (",", 19)] {
        press(&window, key).await;
        for film in [A, B] {
            coloured(&desktop, &window, film, (0.5, 0.3), [grey; 3]).await;
        }
    }
    mode(&window, "difference").await;
    coloured(&desktop, &window, "[data-testid=viewer-difference]", (0.5, 0.3), [0; 3]).await;
    mode(&window, "side").await;
    press(&window, " ").await;
    window
        .until_js(
            "both play",
            "return [...document.querySelectorAll('[data-testid=stage] video')]
                 .every((film) => !film.paused && film.currentTime > 0.5)",
        )
        .await;
    press(&window, " ").await;
    window
        .until_js(
            "both stand at one place",
            "const [one, other] = document.querySelectorAll('[data-testid=stage] video');
             return one.paused && other.paused && !one.seeking && !other.seeking
                 && one.currentTime === other.currentTime",
        )
        .await;
}
