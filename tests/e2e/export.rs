//! Exports in the real window: contact sheets of more pictures than one holds, and an export that goes on
//! after the app was killed in the middle.

use crate::support::{Desktop, SOON, Window, gallery};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

const CONTROL: &str = "\u{e009}";
const RELEASE: &str = "\u{e000}";

/// A folder of square pictures, `lamp 0001.png` and so on, each with content of its own.
fn folder(dir: &Path, edge: u32, count: u32) -> PathBuf {
    let path = dir.join("renders");
    std::fs::create_dir_all(&path).expect("a folder");
    for number in 1..=count {
        let [.., green, blue] = number.to_be_bytes();
        let picture = image::RgbImage::from_fn(edge, edge, |x, y| {
            image::Rgb([(x ^ y).to_le_bytes()[0], green.wrapping_add(x.to_le_bytes()[0]), blue])
        });
        picture.save(path.join(format!("lamp {number:04}.png"))).expect("a file");
    }
    path
}

/// Names in a folder, sorted.
fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn more_pictures_than_a_contact_sheet_holds_become_several() {
    let desktop = Desktop::new();
    let count = 520;
    let window = gallery::over(&desktop, &folder(desktop.dir(), 32, count), count).await;
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.click().await.expect("a click");
    let cell = window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    cell.send_keys(&format!("{CONTROL}a{RELEASE}")).await.expect("keys");
    window
        .until_js(
            "all are selected",
            "return document.querySelector('[data-testid=selection-bar] b')?.innerText
                === '520 selected'",
        )
        .await;
    window.click("selection-export").await;
    window.until("the sheet is there", "[data-testid=export-sheet]").await;
    window
        .js("const said = (one) => one.innerText.trim() === 'A contact sheet';
             [...document.querySelectorAll('[data-testid=export-sheet] button')].find(said).click();
             return true")
        .await;
    window
        .until_js(
            "it says how many sheets there will be",
            "return document.querySelector('[data-testid=export-sheets]')?.innerText
                .startsWith('2 sheets of up to 500 pictures')",
        )
        .await;
    window.picture("export contact sheets").await;
    let to = desktop.dir().join("sheets");
    std::fs::create_dir_all(&to).expect("a folder");
    window.click("export-start").await;
    desktop.choose_path("Export", &to.join("lamps.png"));
    window
        .until_js(
            "it is done",
            "return [...document.querySelectorAll('[data-testid=toast]')]
                .some((toast) => toast.innerText.includes('Exported'))",
        )
        .await;
    window.picture("exported contact sheets").await;
    assert_eq!(names(&to), ["lamps 1.png", "lamps 2.png"]);
    let [first, second] = ["lamps 1.png", "lamps 2.png"]
        .map(|name| image::open(to.join(name)).expect("a whole picture"));
    assert!(first.height() > 5 * second.height(), "500 and 20 pictures");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_goes_on_after_the_app_was_killed_in_the_middle() {
    let desktop = Desktop::new();
    let count: u32 = 200;
    let window = gallery::over(&desktop, &folder(desktop.dir(), 512, count), count).await;
    let to = desktop.dir().join("out");
    std::fs::create_dir_all(&to).expect("a folder");
    let query = json!({ "query": { "text": "", "sort": "name", "seed": 0, "stacks": false } });
    let answer = window.invoke("library_query", query).await;
    let cells = answer["first"].as_array().expect("cells");
    let keys: Vec<_> = cells.iter().map(|cell| cell["key"].clone()).collect();
    assert_eq!(keys.len(), 200);
    let plan = json!({
        "to": to, "into": "folder", "form": "webp", "quality": 80, "longest_edge": null,
        "metadata": true, "xmp": false, "names": "{name}"
    });
    window.invoke("export_start", json!({ "keys": keys, "plan": plan })).await;
    let until = Instant::now() + SOON;
    while names(&to).len() < 5 {
        assert!(Instant::now() < until, "nothing is exported");
    }
    window.kill();
    let before = names(&to).len();
    assert!(before < 190, "{before} were written before it was killed");

    let window = Window::open(&desktop).await;
    let wanted: Vec<String> = (1..=count).map(|number| format!("lamp {number:04}.webp")).collect();
    let until = Instant::now() + SOON;
    while names(&to) != wanted {
        assert!(Instant::now() < until, "after the start there are {:?}", names(&to).len());
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    for name in &wanted {
        image::open(to.join(name)).expect("a whole picture");
    }
    window
        .until_js(
            "it says that it is done",
            "return [...document.querySelectorAll('[data-testid=toast]')]
                .some((toast) => toast.innerText.includes('Exported'))",
        )
        .await;
    window.picture("export after the kill").await;
}
