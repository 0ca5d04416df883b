//! The sheet of a sweep: one cell at a time by the keyboard, and all of it as one picture.

use crate::{
    compose::{open_sheet, opened, swept},
    support::{Desktop, Window, files},
};
use image::{RgbImage, SubImage, imageops::crop_imm};
use practice::Practice;
use serde_json::{Value, json};
use std::{path::Path, time::Duration};

const RIGHT: &str = "\u{e014}";

/// The ring around a cell is 2 pixels wide and 1 away.
const RING: f64 = 3.0;
/// Values across and down.
const ACROSS: u32 = 3;
const DOWN: u32 = 2;

/// A finished sheet of denoise 0.5, 0.75, 1 by CFG 4, 6. Answers with its sweep.
async fn finished(desktop: &Desktop) -> (Window, Practice, Value) {
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let workflow = files::classic("a quiet harbour", 7, 2);
    let path = files::write(desktop.dir(), "harbour.json", &workflow);
    let window = Window::open(desktop).await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    opened(&window, &path).await;
    swept(&window, [("Denoise", "0.5, 0.75, 1"), ("CFG", "4, 6")]).await;
    window
        .until_js(
            "six are set up",
            "return document.querySelector('[data-testid=queue-all]').innerText.includes('6 jobs')",
        )
        .await;
    window.click("queue-all").await;
    open_sheet(&window).await;
    let jobs = window.succeeded(6).await;
    window
        .until_js(
            "all cells have their picture",
            "return [...document.querySelectorAll('[data-testid=sheet-cell] img')]
                .filter((image) => image.complete && image.naturalWidth > 0).length === 6",
        )
        .await;
    (window, server, jobs[0]["batch_id"].clone())
}

/// Waits until one cell alone is shown, this one, with the focus: its large picture, and all of its
/// outline within what is seen.
async fn alone(window: &Window, name: &str) {
    window
        .until_js(
            &format!("{name} is shown alone"),
            &format!(
                "const cells = [...document.querySelectorAll('[data-testid=sheet-cell]')];
                 const [cell] = cells;
                 const image = cell?.querySelector('img');
                 return cells.length === 1 && document.activeElement === cell
                     && cell.getAttribute('aria-label').startsWith({name})
                     && document.querySelector('[aria-label=Sheet] .name').innerText === {name}
                     && image?.src.endsWith('/large') && image.complete && image.naturalWidth === 512",
                name = json!(name)
            ),
        )
        .await;
    let cut = window
        .js("const cell = document.querySelector('[data-testid=sheet-cell]');
             const box = cell.getBoundingClientRect();
             const stage = cell.closest('[role=grid]').getBoundingClientRect();
             return [box.left - stage.left, stage.right - box.right, box.top - stage.top,
                 stage.bottom - box.bottom]")
        .await;
    let cut: Vec<f64> = serde_json::from_value(cut).expect("numbers");
    assert!(cut.iter().all(|room| *room >= RING), "the ring of {name} is cut off: {cut:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_flipped_through_one_cell_at_a_time() {
    let desktop = Desktop::new();
    let (window, server, _) = finished(&desktop).await;
    let cell = window.find("[data-testid=sheet-cell]").await;
    cell.click().await.expect("a click");
    cell.send_keys("g").await.expect("a key");
    alone(&window, "Denoise 0.5, CFG 4").await;
    window.picture("sheet flip").await;
    // Keys go to the cell that is shown: it keeps the focus.
    let key = async |key: &str| {
        let cell = window.find("[data-testid=sheet-cell]").await;
        cell.send_keys(key).await.expect("a key");
    };
    key(RIGHT).await;
    alone(&window, "Denoise 0.75, CFG 4").await;
    key("w").await;
    window.until("it is the winner", "[data-testid=sheet-cell][data-mark=winner]").await;
    key(RIGHT).await;
    alone(&window, "Denoise 1, CFG 4").await;
    // The last in its row: there is nowhere to go.
    key(RIGHT).await;
    alone(&window, "Denoise 1, CFG 4").await;
    key("x").await;
    alone(&window, "CFG 4, Denoise 1").await;
    window.picture("sheet flip swapped").await;
    key("g").await;
    window
        .until_js(
            "the whole sheet is there again, and the keyboard where it was",
            "const cells = [...document.querySelectorAll('[data-testid=sheet-cell]')];
             return cells.length === 6
                 && document.activeElement.getAttribute('aria-label')?.startsWith('CFG 4, Denoise 1')
                 && document.activeElement.dataset.testid === 'sheet-cell'",
        )
        .await;
    window.picture("sheet after flip").await;
    let seen = window
        .js("const cell = document.activeElement.getBoundingClientRect();
             const scroller = document.activeElement.closest('[role=grid]').parentElement;
             const seen = scroller.getBoundingClientRect();
             // The names of the columns stay over the cells.
             const names = scroller.querySelector('.heads').getBoundingClientRect();
             return [cell.left - seen.left, seen.left + scroller.clientWidth - cell.right,
                 cell.top - names.bottom, seen.bottom - cell.bottom]")
        .await;
    let seen: Vec<f64> = serde_json::from_value(seen).expect("numbers");
    assert!(seen.iter().all(|room| *room >= RING), "the ring around the cell is cut off: {seen:?}");
    server.stop().await;
}

/// What `media::export` lays out with pictures of 512 by 384 pixels, which get as much room: what lies
/// between them, and the height of a line.
const EDGE: u32 = 512;
const TALL: u32 = 384;
const GAP: u32 = 21;
const LINE: u32 = 42;

/// Whether something is written there.
fn is_written(part: &SubImage<&RgbImage>) -> bool {
    part.to_image().pixels().any(|pixel| pixel.0.iter().all(|value| *value < 100))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_becomes_one_picture_with_the_values_of_its_axes() {
    let desktop = Desktop::new();
    let (window, server, batch) = finished(&desktop).await;
    let to = desktop.dir().join("harbour at six settings.png");
    window.click("sheet-export").await;
    desktop.choose_path("Export the sheet", &to);
    window
        .until_js(
            "it is said where it was written",
            &format!(
                "return [...document.querySelectorAll('[data-testid=toast][data-tone=ok]')].some((toast) =>
                     toast.innerText.includes('Exported a sheet of 6 to harbour at six settings.png')
                         && toast.innerText.includes({}))",
                json!(to)
            ),
        )
        .await;
    window.picture("sheet exported").await;

    let sheet = image::open(&to).expect("a picture").into_rgb8();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e/sheet as one picture.png");
    std::fs::copy(&to, kept).expect("a copy to look at");
    let magic = std::fs::read(&to).expect("a file");
    assert!(magic.starts_with(b"\x89PNG\r\n\x1a\n"));
    // Above the cells stand the title and the values of X; how wide those of Y are is not known here.
    let top = GAP + 2 * LINE + LINE;
    assert_eq!(sheet.height(), top + DOWN * (TALL + GAP));
    let left = sheet.width() - ACROSS * (EDGE + GAP);
    assert!((2 * GAP + 1..=2 * GAP + EDGE * 3 / 4).contains(&left), "{left}");
    let corner = |column: u32, row: u32| (left + column * (EDGE + GAP), top + row * (TALL + GAP));

    assert!(is_written(&crop_imm(&sheet, GAP, GAP, sheet.width() - 2 * GAP, 2 * LINE)), "no title");
    let above: Vec<RgbImage> = (0..ACROSS)
        .map(|column| crop_imm(&sheet, corner(column, 0).0, top - LINE, EDGE, LINE).to_image())
        .collect();
    let beside: Vec<RgbImage> = (0..DOWN)
        .map(|row| {
            let middle = corner(0, row).1 + (TALL - LINE) / 2;
            crop_imm(&sheet, GAP, middle, left - 2 * GAP, LINE).to_image()
        })
        .collect();
    for labels in [&above, &beside] {
        for (number, label) in labels.iter().enumerate() {
            assert!(is_written(&crop_imm(label, 0, 0, label.width(), LINE)), "label {number}");
            assert!(!labels[..number].contains(label), "label {number} says what another says");
        }
    }

    // Each picture stands at its values, pixel for pixel.
    let view = window.invoke("sheet_get", json!({ "batch": batch })).await;
    let cells = view["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 6);
    let mut seen: Vec<RgbImage> = Vec::new();
    for cell in cells {
        let at: [u32; 2] = serde_json::from_value(cell["at"].clone()).expect("a place");
        let path = window.invoke("asset_path", json!({ "id": cell["asset"]["id"] })).await;
        let picture = image::open(path.as_str().expect("a path")).expect("a picture").into_rgb8();
        assert_eq!(picture.dimensions(), (EDGE, TALL));
        let (x, y) = corner(at[0], at[1]);
        let there = crop_imm(&sheet, x, y, EDGE, TALL).to_image();
        assert!(there == picture, "another picture stands at {at:?}");
        assert!(!seen.contains(&picture), "two pictures are the same: their places tell nothing");
        seen.push(picture);
    }
    server.stop().await;
}
