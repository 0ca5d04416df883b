//! The grid over a year of pictures: it is zoomed around what is looked at, the way to a date, and the
//! panel at its side.

use crate::support::{Desktop, Window, files, gallery};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const DAY: u64 = 24 * 60 * 60;
/// Noon of the first day: the same day in all time zones but the outermost.
const BEGAN: u64 = 1_704_110_400;
/// Days with pictures, ten days apart.
const DAYS: u64 = 40;
const EACH_DAY: u64 = 9;
/// On this one there are three times as many.
const BUSY: u64 = 25;

const END: &str = "\u{e010}";
const ENTER: &str = "\u{e007}";
const HOME: &str = "\u{e011}";

/// A folder with pictures of many days; answers with how many there are.
fn year(dir: &Path) -> (PathBuf, u32) {
    let folder = dir.join("renders");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut count = 0;
    for day in 0..DAYS {
        for _ in 0..EACH_DAY * if day == BUSY { 3 } else { 1 } {
            let [high, low] = u16::try_from(count).expect("a small number").to_be_bytes();
            let shade = u8::try_from(day * 6).expect("a small number");
            let colour = image::Rgb([shade, low, 200 - high * 90]);
            let picture = image::RgbImage::from_pixel(96, 64, colour);
            let path = folder.join(format!("lamp {count:04}.png"));
            let at = BEGAN + day * 10 * DAY + u64::from(count);
            files::finished(&path, &files::made(&picture, None), at);
            count += 1;
        }
    }
    (folder, count)
}

/// What a script gives about the grid: `grid`, its `cells` and the box of the grid are there.
async fn of_grid(window: &Window, script: &str) -> Value {
    window
        .js(&format!(
            "const grid = document.querySelector('[data-testid=gallery-grid]');
             const cells = [...grid.querySelectorAll('[data-testid=gallery-cell]')];
             const box = grid.getBoundingClientRect();
             {script}"
        ))
        .await
}

/// Waits until the topmost picture below the heading is of this day, from 0.
async fn day_on_top(window: &Window, wanted: u64, what: &str) {
    // Between two layouts there may be none.
    let script = format!(
        "const [done] = arguments;
         const box = document.querySelector('[data-testid=gallery-grid]').getBoundingClientRect();
         const at = document.elementFromPoint(box.left + 40, box.top + 34 + 30);
         const key = at?.closest('[data-key]')?.dataset.key;
         if (key === undefined) return done(false);
         const day = (made) => Math.floor((made / 1000 - {BEGAN}) / {DAY} / 10);
         window.__TAURI_INTERNALS__.invoke('asset_detail', {{ input: {{ key: Number(key) }} }})
             .then(({{ asset }}) => done(day(asset.created_at) === {wanted}), () => done(false))"
    );
    window.until_async(what, &script).await;
}

/// Waits until the picture with the focus is about so high, and gives how far it moved on the screen.
async fn moved(window: &Window, key: &Value, height: f64, from: f64) -> f64 {
    let cell = format!("[data-testid=gallery-cell][data-key='{key}']");
    let now = window
        .until_js(
            &format!("the pictures are about {height} high"),
            &format!(
                "const box = document.querySelector({})?.getBoundingClientRect();
                 return box !== undefined && Math.abs(box.height - {height}) <= {height} * 0.3
                     && box.top",
                json!(cell)
            ),
        )
        .await;
    (now.as_f64().expect("a place") - from).abs()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_zoomed_around_what_is_looked_at_and_jumped_through_by_date() {
    let desktop = Desktop::new();
    let (folder, count) = year(desktop.dir());
    let window = gallery::over(&desktop, &folder, count).await;
    zoom(&window).await;
    scrub(&desktop, &window).await;
    jump(&window).await;
    panel(&window).await;
}

/// Smaller and larger, by the slider and by keys: the picture with the focus stays where it is.
async fn zoom(window: &Window) {
    of_grid(window, "grid.scrollTop = grid.scrollHeight / 2").await;
    let middle = window
        .until_js(
            "there is a picture in the middle",
            "const box = document.querySelector('[data-testid=gallery-grid]').getBoundingClientRect();
             const cells = [...document.querySelectorAll('[data-testid=gallery-cell]')];
             const at = cells.find((cell) => {
                 const { top, bottom } = cell.getBoundingClientRect();
                 return top > box.top + box.height * 0.4 && bottom < box.top + box.height * 0.9;
             });
             return at !== undefined && { key: Number(at.dataset.key), top: at.getBoundingClientRect().top }",
        )
        .await;
    let (key, top) = (&middle["key"], middle["top"].as_f64().expect("a place"));
    let cell = format!("[data-testid=gallery-cell][data-key='{key}']");
    window.find(&cell).await.click().await.expect("a click");
    let slider = window.find("input[aria-label='Picture size']").await;
    for (press, height) in [(HOME, 72.0), (END, 360.0)] {
        slider.send_keys(press).await.expect("a key");
        let by = moved(window, key, height, top).await;
        assert!(by < height, "at {height} it moved by {by}");
        window.picture(&format!("grid {height}")).await;
    }
    let mut height = 360.0;
    for _ in 0..6 {
        height /= 1.15;
        window.find(&cell).await.send_keys("-").await.expect("a key");
    }
    let by = moved(window, key, height, top).await;
    assert!(by < height, "with keys, at {height} it moved by {by}");
    window.find(&format!("{cell}:focus")).await;
}

/// Each mark of the scrubber is a week, as wide as it was busy, and leads to it.
async fn scrub(desktop: &Desktop, window: &Window) {
    let marks = window
        .js("return [...document.querySelectorAll('[role=slider][aria-label=Date] i')]
                 .map((mark) => parseFloat(mark.style.width))")
        .await;
    let widths: Vec<f64> = serde_json::from_value(marks).expect("widths");
    // The newest is the first.
    let busy = usize::try_from(DAYS - 1 - BUSY).expect("a small number");
    assert_eq!(widths.len(), usize::try_from(DAYS).expect("a small number"));
    for (at, width) in widths.iter().enumerate() {
        assert_eq!(*width, if at == busy { 13.0 } else { 6.0 }, "the mark {at}");
    }
    for mark in [busy, 30, 5] {
        let css = format!("[role=slider][aria-label=Date] i:nth-of-type({})", mark + 1);
        gallery::point(desktop, window, &css).await;
        desktop.xdotool(&["mousedown", "1"]);
        window.find("[role=slider][aria-label=Date] .month").await;
        if mark == busy {
            window.picture("grid scrubber").await;
        }
        desktop.xdotool(&["mouseup", "1"]);
        window
            .until_js(
                "its month is not told any more",
                "return document.querySelector('[role=slider][aria-label=Date] .month') === null",
            )
            .await;
        let wanted = DAYS - 1 - u64::try_from(mark).expect("a small number");
        day_on_top(window, wanted, &format!("day {wanted} is behind the mark {mark}")).await;
    }
}

/// A date that is typed leads to its pictures, or to those before it.
async fn jump(window: &Window) {
    // The 11th has pictures; of March there are those from the 1st to the 31st.
    for (typed, day) in [("2024-01-11", 1), ("March 2024", 9), ("2024", 36)] {
        window
            .find("[data-testid=gallery-cell][tabindex='0']")
            .await
            .send_keys("g")
            .await
            .expect("a key");
        let field = window.find("[data-testid=date-field]").await;
        field.send_keys(typed).await.expect("keys");
        window.picture("grid date").await;
        field.send_keys(ENTER).await.expect("a key");
        let focused = window
            .until_js(
                &format!("a picture of {typed} has the focus"),
                "return document.querySelector('[data-testid=date-field]') === null
                     && document.activeElement?.closest('[data-testid=gallery-cell]')?.dataset.key",
            )
            .await;
        let key: u32 = focused.as_str().expect("a key").parse().expect("a number");
        let detail = window.invoke("asset_detail", json!({ "key": key })).await;
        let at = detail["asset"]["created_at"].as_u64().expect("a time") / 1000;
        assert_eq!((at - BEGAN) / DAY, day * 10, "{typed}");
        window.find(&format!("[data-testid=gallery-cell][data-key='{key}']:focus")).await;
    }
}

/// The panel tells of what has the focus, and goes and comes with its key and its button.
async fn panel(window: &Window) {
    window.until("the panel is there", "[data-testid=info-panel]").await;
    let wide = "return document.querySelector('[data-testid=gallery-grid]').clientWidth";
    let beside = window.js(wide).await.as_f64().expect("a width");
    let cell = window.find("[data-testid=gallery-cell]:focus").await;
    cell.send_keys("i").await.expect("a key");
    let gone = format!(
        "return document.querySelector('[data-testid=info-panel]') === null
             && document.querySelector('[data-testid=gallery-grid]').clientWidth > {beside} + 250"
    );
    window.until_js("the pictures have its room", &gone).await;
    window.picture("grid without panel").await;
    window.find("button[aria-label='Info panel']").await.click().await.expect("a click");
    window.until("it is there again", "[data-testid=info-panel] .title").await;
    let wanted = window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    let name = wanted.attr("aria-label").await.expect("a page").expect("a name");
    let title = window
        .js("return document.querySelector('[data-testid=info-panel] .title').innerText")
        .await;
    assert!(name.contains(title.as_str().expect("a title")), "{title} is told, not {name}");
}
