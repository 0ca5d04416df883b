//! The gallery: many marked at once and taken back, the bin, a search that answers while it is typed.

use crate::support::{Desktop, Window, files, gallery};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

const BACKSPACE: &str = "\u{e003}";
const CONTROL: &str = "\u{e009}";
const DELETE: &str = "\u{e017}";
const ENTER: &str = "\u{e007}";
const RELEASE: &str = "\u{e000}";

/// A PNG of one colour that no other number has.
fn picture(number: u32) -> Vec<u8> {
    let [.., green, blue] = number.to_be_bytes();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 48 + number % 40, 40);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a picture");
    let pixels = [200, green, blue].repeat((48 + number as usize % 40) * 40);
    writer.write_image_data(&pixels).expect("a picture");
    drop(writer);
    bytes
}

/// A folder of pictures, `lamp 0001.png` and so on, each with content of its own.
fn folder(dir: &Path, name: &str, count: u32) -> PathBuf {
    let path = dir.join(name);
    std::fs::create_dir_all(&path).expect("a folder");
    for number in 1..=count {
        let file = path.join(format!("lamp {number:04}.png"));
        std::fs::write(file, picture(number)).expect("a file");
    }
    path
}

/// The window with a folder in its library, all of it read, and the gallery shown.
async fn with_folder(desktop: &Desktop, path: &Path, count: u32) -> Window {
    let window = Window::open(desktop).await;
    window.js("location.hash = '#/settings'").await;
    window.until("the folders are listed", "[data-testid=library-folders]").await;
    gallery::add(&window, path).await;
    window
        .until_js(
            "the folder is read",
            &format!(
                "return [...document.querySelectorAll('[data-testid=library-folder]')].some((row) =>
                     row.dataset.state === 'idle' && row.innerText.includes('{count} output'))"
            ),
        )
        .await;
    window.picture("library folders").await;
    window.click("nav-gallery").await;
    gallery::counted(&window, &count.to_string()).await;
    window
}

/// Waits until so many cells are drawn.
async fn drawn(window: &Window, count: usize) {
    window
        .until_js(
            &format!("{count} cells are drawn"),
            &format!(
                "return document.querySelectorAll('[data-testid=gallery-cell]').length === {count}"
            ),
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_are_rated_at_once_and_the_stars_are_taken_back() {
    let desktop = Desktop::new();
    // What is cut off is in the library too: its file is there, and its row of the report says why.
    let path = folder(desktop.dir(), "renders", 499);
    std::fs::write(path.join("cut off.png"), &picture(9_000)[..40]).expect("a file");
    std::fs::write(path.join("notes.txt"), "no picture").expect("a file");
    let window = with_folder(&desktop, &path, 500).await;
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.click().await.expect("a click");
    let cell = window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    cell.send_keys(&format!("{CONTROL}a{RELEASE}")).await.expect("keys");
    window
        .until_js(
            "all are selected, also those that are not drawn",
            "return document.querySelector('[data-testid=selection-bar] b')?.innerText
                === '500 selected'",
        )
        .await;
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.send_keys("4").await.expect("a key");
    gallery::said(&window, "4 stars for 500 outputs").await;
    window.picture("gallery rated").await;
    search(&window, "rating:4").await;
    gallery::counted(&window, "500 of 500").await;
    // What is selected stays selected, whatever matches.
    let body = window.find("body").await;
    body.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    gallery::counted(&window, "0 of 500").await;
    window.picture("gallery nothing matches").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_picture_waits_in_the_bin_until_it_is_deleted_for_good() {
    let desktop = Desktop::new();
    let path = folder(desktop.dir(), "renders", 3);
    let window = with_folder(&desktop, &path, 3).await;
    drawn(&window, 3).await;
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.click().await.expect("a click");
    window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    cell.send_keys(DELETE).await.expect("a key");
    drawn(&window, 2).await;
    gallery::said(&window, "1 output moved to the bin").await;
    let body = window.find("body").await;
    body.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    drawn(&window, 3).await;

    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.click().await.expect("a click");
    window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    cell.send_keys(DELETE).await.expect("a key");
    drawn(&window, 2).await;
    window.js("document.querySelector('[data-testid=side-item][data-label=Bin]').click()").await;
    drawn(&window, 1).await;
    window.until("the bin says what it is", "[data-testid=bin-bar]").await;
    window
        .until_js(
            "it says how long it keeps what",
            "return document.querySelector('[data-testid=bin-term]')?.innerText
                 === 'Each is deleted for good after 30 days; the oldest has 30 days left.'",
        )
        .await;
    window.click("gallery-cell").await;
    window.click("bin-delete").await;
    window.picture("gallery bin").await;
    window.click("confirm").await;
    drawn(&window, 0).await;
    let left = std::fs::read_dir(&path).expect("the folder").count();
    assert_eq!(left, 2, "the file of what was deleted for good is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_answers_while_it_is_typed_and_says_what_it_does_not_understand() {
    let desktop = Desktop::new();
    let path = folder(desktop.dir(), "renders", 12);
    let window = with_folder(&desktop, &path, 12).await;
    let field = window.find("[data-testid=gallery-search]").await;
    for (typed, count) in [("lam", "12 of 12"), ("p", "12 of 12"), (" 0007", "1 of 12")] {
        field.send_keys(typed).await.expect("keys");
        gallery::counted(&window, count).await;
    }
    field.send_keys(&format!("{CONTROL}a{RELEASE}")).await.expect("keys");
    field.send_keys(BACKSPACE).await.expect("a key");
    gallery::counted(&window, "12").await;
    field.send_keys("rati").await.expect("keys");
    window.until("keys are offered", "[data-testid=search-offer]").await;
    window.picture("gallery offers").await;
    field.send_keys("ng:9 ").await.expect("keys");
    window.until("it is a chip", "[data-testid=search-chip]").await;
    window
        .until_js(
            "the chip says what is wrong",
            "return document.querySelector('[data-testid=search-chip].wrong') !== null",
        )
        .await;
    gallery::counted(&window, "12 of 12").await;
    window.picture("gallery search problem").await;
    field.send_keys(BACKSPACE).await.expect("a key");
    gallery::counted(&window, "12").await;
    field.send_keys(&format!("kind:picture{ENTER}")).await.expect("keys");
    window
        .until_js(
            "it is a chip that is understood",
            "return document.querySelector('[data-testid=search-chip]')?.classList
                .contains('wrong') === false",
        )
        .await;
    gallery::counted(&window, "12 of 12").await;
}

async fn search(window: &Window, text: &str) {
    let script = format!(
        "const field = document.querySelector('[data-testid=gallery-search]');
         field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        json!(format!("{text} "))
    );
    window.js(&script).await;
}

/// A window with one picture of a folder in its gallery; answers with the picture's file.
async fn with_one(desktop: &Desktop) -> (Window, PathBuf) {
    let folder = desktop.dir().join("old renders");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("bouquet 1.png");
    std::fs::write(&file, picture(1)).expect("a file");
    let window = Window::open(desktop).await;
    gallery::add(&window, &folder).await;
    (window, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_dragged_out_to_another_program_as_its_file() {
    let desktop = Desktop::new();
    let (window, file) = with_one(&desktop).await;
    window.click("nav-gallery").await;
    let uris = gallery::dragged_out(&desktop, &window).await;
    let wanted = url::Url::from_file_path(&file).expect("a whole path");
    assert_eq!(uris, json!([wanted.as_str()]).to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_the_gallery_is_dragged_onto_the_open_draft() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let (window, _) = with_one(&desktop).await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    let path = files::write(desktop.dir(), "invert.json", &files::invert("not there.png"));
    crate::compose::opened(&window, &path).await;
    window.click("nav-gallery").await;
    gallery::take_up(&desktop, &window).await;
    gallery::point(&desktop, &window, "[data-testid=input-target]").await;
    window.until("it would be taken", "[data-testid=input-target].over").await;
    window.picture("gallery onto draft").await;
    desktop.xdotool(&["mouseup", "1"]);
    window
        .until_js(
            "it is the draft's input",
            "const image = document.querySelector('[data-testid=file-knob] img');
             return image?.complete && image.naturalWidth === 49",
        )
        .await;
    window.picture("gallery picture in draft").await;
    server.stop().await;
}
