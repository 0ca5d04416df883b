//! Pictures of a few recipes: what is like one of them, a search that is kept, what is copied from them, files
//! that other programs are given, and tags that they are dragged onto.

use crate::support::{Desktop, SOON, Window, files, gallery};
use image::{Rgb, RgbImage};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

const CONTROL: &str = "\u{e009}";
const RELEASE: &str = "\u{e000}";
/// Noon of a day in 2024.
const MADE: u64 = 1_704_110_400;
const SEED: u64 = 700_000_000_000_011;
const PROMPT: &str = "a fjord at dusk, \"quiet\"\nsecond line";

/// Hills that look nothing like those of another kind.
fn scene(kind: u8, edge: u32) -> RgbImage {
    let kind = f64::from(kind);
    RgbImage::from_fn(edge, edge, |x, y| {
        let (x, y) = (f64::from(x) / f64::from(edge), f64::from(y) / f64::from(edge));
        let hills = (x * (3.0 + kind * 2.3) + y * 1.7 + kind).sin() * 60.0
            + (y * (5.0 - kind) + x * x * 4.0 + kind * 2.0).cos() * 40.0
            + (x * 9.0 - y * 7.0 + kind * 3.0).sin() * 20.0;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let shade = (128.0 + hills) as u8;
        Rgb([shade, 255 - shade / 2, shade / 2])
    })
}

/// Five pictures: two of one workflow and prompt, one of another workflow with the seed of the first, the
/// first one smaller and without its recipe, and one like none of them. The first is the newest.
fn pictures(dir: &Path) -> PathBuf {
    let folder = dir.join("renders");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut inverted = files::classic("a lamp", SEED, 20);
    inverted["10"] = json!({ "class_type": "ImageInvert", "inputs": { "image": ["8", 0] } });
    inverted["9"]["inputs"]["images"] = json!(["10", 0]);
    let all = [
        ("dusk", scene(0, 256), Some(files::classic(PROMPT, SEED, 20))),
        ("dusk again", scene(1, 256), Some(files::classic(PROMPT, 12, 20))),
        ("lamp", scene(2, 256), Some(inverted)),
        ("dusk small", scene(0, 160), None),
        ("other", scene(3, 256), None),
    ];
    for ((title, picture, prompt), age) in all.iter().zip(0..) {
        let path = folder.join(format!("{title}.png"));
        files::finished(&path, &files::made(picture, prompt.as_ref()), MADE - age * 60);
    }
    folder
}

async fn clear(window: &Window) {
    window.find("button[aria-label='Clear the search']").await.click().await.expect("a click");
    gallery::counted(window, "5").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_like_a_picture_is_found_kept_copied_and_tagged() {
    let desktop = Desktop::new();
    let folder = pictures(desktop.dir());
    let window = gallery::over(&desktop, &folder, 5).await;
    alike(&window).await;
    keep(&window).await;
    copy(&desktop, &window).await;
    hand_on(&desktop, &window, &folder).await;
    drag(&desktop, &window).await;
}

/// More like it: by its seed, its prompt, its workflow, and by its looks.
async fn alike(window: &Window) {
    let wanted: [(&str, &[&str]); 4] = [
        ("Same seed", &["dusk", "lamp"]),
        ("Same prompt", &["dusk", "dusk again"]),
        ("Same workflow", &["dusk", "dusk again"]),
        ("Looks alike", &["dusk", "dusk small"]),
    ];
    for (by, titles) in wanted {
        window.find(&gallery::titled("dusk")).await.click().await.expect("a click");
        gallery::choose(window, "[data-testid=alike]", by).await;
        gallery::counted(window, "2 of 5").await;
        window
            .until_js(
                "two are drawn",
                "return document.querySelectorAll('[data-testid=gallery-cell]').length === 2",
            )
            .await;
        assert_eq!(gallery::titles(window).await, titles, "{by}");
        window.picture(&format!("finding {by}")).await;
        clear(window).await;
    }
}

/// A search is kept under a name at the side, and finds the same when it is chosen there.
async fn keep(window: &Window) {
    let field = window.find("[data-testid=gallery-search]").await;
    field.send_keys("seed:12 ").await.expect("keys");
    gallery::counted(window, "1 of 5").await;
    gallery::choose(window, "[role=search] button", "Save search").await;
    let name = window.find("[data-testid=name-field]").await;
    name.send_keys("Of twelve").await.expect("keys");
    window.picture("finding save").await;
    window.click("name-save").await;
    gallery::said(window, "Saved as Of twelve").await;
    let found = gallery::titles(window).await;
    assert_eq!(found, ["dusk again"]);
    let item = "[data-testid=side-item][data-label='Of twelve']";
    window.until("it stands at the side, chosen", &format!("{item}[aria-pressed=true]")).await;
    clear(window).await;
    window.until("it is not chosen", &format!("{item}[aria-pressed=false]")).await;
    window.find(item).await.click().await.expect("a click");
    gallery::counted(window, "1 of 5").await;
    window.until("it is chosen again", &format!("{item}[aria-pressed=true]")).await;
    let chips = "return [...document.querySelectorAll('[data-testid=search-chip]')]
        .map((chip) => chip.innerText.replace(/\\s+/g, ' ').trim())";
    assert_eq!(window.js(chips).await, json!(["seed: 12"]));
    assert_eq!(gallery::titles(window).await, found);
    window.picture("finding saved").await;
    clear(window).await;
}

/// The picture goes into the clipboard as a picture; its prompt and its seed as they are.
async fn copy(desktop: &Desktop, window: &Window) {
    let cell = gallery::titled("dusk");
    window.find(&cell).await.click().await.expect("a click");
    let chosen = window.find(&format!("{cell}[aria-selected=true]")).await;
    chosen.send_keys(&format!("{CONTROL}c{RELEASE}")).await.expect("keys");
    gallery::said(window, "Copied the picture").await;
    let png = desktop.clipboard("picture").expect("a picture is in the clipboard");
    let copied = image::load_from_memory(&png).expect("a picture").to_rgb8();
    assert!(copied == scene(0, 256), "another picture was copied");
    for (what, text, other, others) in [
        ("prompt", PROMPT.to_owned(), "lamp", "a lamp"),
        ("seed", SEED.to_string(), "dusk again", "12"),
    ] {
        gallery::point(desktop, window, &cell).await;
        desktop.xdotool(&["click", "3"]);
        gallery::choose(window, "[role=menu] button", &format!("Copy {what}")).await;
        gallery::said(window, &format!("Copied the {what}")).await;
        holds(desktop, &text);
        // The panel copies that of the one it shows.
        window.find(&gallery::titled(other)).await.click().await.expect("a click");
        let panel = "[data-testid=info-panel] button[aria-label";
        window.find(&format!("{panel}='Open {other}']")).await;
        let button = window.find(&format!("{panel}='Copy {what}']")).await;
        button.click().await.expect("a click");
        holds(desktop, others);
        window.find(&cell).await.click().await.expect("a click");
    }
    window.picture("finding copied").await;
}

/// Waits until the clipboard has this text.
fn holds(desktop: &Desktop, text: &str) {
    let until = Instant::now() + SOON;
    loop {
        let copied = desktop.clipboard("text").unwrap_or_default();
        let copied = String::from_utf8_lossy(&copied);
        if copied == text {
            return;
        }
        assert!(Instant::now() < until, "{copied:?} is in the clipboard, not {text:?}");
    }
}

/// Selects two: the dusk and the lamp.
async fn select_two(desktop: &Desktop, window: &Window) {
    window.find(&gallery::titled("dusk")).await.click().await.expect("a click");
    window.find(&format!("{}[aria-selected=true]", gallery::titled("dusk"))).await;
    gallery::point(desktop, window, &gallery::titled("lamp")).await;
    desktop.xdotool(&["keydown", "ctrl", "click", "1", "keyup", "ctrl"]);
    window
        .until_js(
            "two are selected",
            "return document.querySelectorAll('[role=option][aria-selected=true]').length === 2",
        )
        .await;
}

/// The files of several go into the clipboard, for any file manager, and are shown in their folder.
async fn hand_on(desktop: &Desktop, window: &Window, folder: &Path) {
    select_two(desktop, window).await;
    let lamp = window.find(&gallery::titled("lamp")).await;
    lamp.send_keys(&format!("{CONTROL}c{RELEASE}")).await.expect("keys");
    gallery::said(window, "Copied 2 files").await;
    let given = desktop.clipboard("files").expect("files are in the clipboard");
    let given: Value = serde_json::from_slice(&given).expect("JSON");
    let list = |of: &str| serde_json::from_value::<Vec<String>>(given[of].clone()).expect("a list");
    let (lines, mut uris) = (list("lines"), list("uris"));
    assert_eq!(lines.first().map(String::as_str), Some("copy"));
    assert_eq!(lines[1..], uris);
    uris.sort();
    let wanted = ["dusk.png", "lamp.png"].map(|name| {
        let uri = url::Url::from_file_path(folder.join(name)).expect("a whole path");
        uri.to_string()
    });
    assert_eq!(uris, wanted);
    // Both lie in one folder, which is opened once.
    lamp.send_keys(&format!("{CONTROL}e{RELEASE}")).await.expect("keys");
    let shown = desktop.shown_files();
    assert!(wanted.iter().any(|uri| shown == json!([uri])), "{shown} is shown");
}

/// What is selected is dragged onto a tag and a collection at the side.
async fn drag(desktop: &Desktop, window: &Window) {
    let key = window.find(&gallery::titled("other")).await.attr("data-key").await.expect("a page");
    let key: u32 = key.expect("a key").parse().expect("a number");
    let mark = json!({ "mark": "tag_add", "name": "for print" });
    window.invoke("asset_mark", json!({ "keys": [key], "mark": mark })).await;
    let made = window.invoke("collection_add", json!({ "name": "Fjords", "text": "" })).await;
    let collection = format!("collection:{}", made["id"]);
    // An empty collection comes to the side with the next change.
    window.js("location.hash = '#/queue'").await;
    window.click("nav-gallery").await;
    for (place, label, said) in [
        ("tag:for print", "for print", "2 outputs tagged for print"),
        (collection.as_str(), "Fjords", "2 outputs put into the collection"),
    ] {
        let taker = format!("[data-taker='{place}']");
        window.until(&format!("{label} stands at the side"), &taker).await;
        select_two(desktop, window).await;
        gallery::take_up(desktop, window).await;
        gallery::point(desktop, window, &taker).await;
        window.until("it would be taken", &format!("{taker}.over")).await;
        window.picture(&format!("finding onto {label}")).await;
        desktop.xdotool(&["mouseup", "1"]);
        gallery::said(window, said).await;
    }
    for (label, titles) in
        [("for print", vec!["dusk", "lamp", "other"]), ("Fjords", vec!["dusk", "lamp"])]
    {
        let item = format!("[data-testid=side-item][data-label='{label}']");
        window.find(&item).await.click().await.expect("a click");
        gallery::counted(window, &format!("{} of 5", titles.len())).await;
        window
            .until_js(
                "they are drawn",
                &format!(
                    "return document.querySelectorAll('[data-testid=gallery-cell]').length === {}",
                    titles.len()
                ),
            )
            .await;
        assert_eq!(gallery::titles(window).await, titles, "{label}");
        clear(window).await;
    }
}
