//! Workflows of several outputs on their way out: into ComfyUI's own page, at the practice server and at a real
//! one, and into the clipboard.

use crate::support::{Desktop, SOON, Window, files, gallery, real};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

const CONTROL: &str = "\u{e009}";
const RELEASE: &str = "\u{e000}";
/// What is called "Open in ComfyUI's own page" is saved in this folder of the server's saved workflows.
const FOLDER: &str = "workflows/Safelight";

/// Twelve pictures with a workflow of their own each, and one without.
fn pictures(dir: &Path) -> PathBuf {
    let folder = dir.join("renders");
    std::fs::create_dir_all(&folder).expect("a folder");
    for number in 1..=12_u8 {
        let picture = image::RgbImage::from_fn(96, 64, |x, y| {
            image::Rgb([number * 20, (x * 2).to_le_bytes()[0], (y * 3).to_le_bytes()[0]])
        });
        let made = files::made(&picture, Some(&prompt(number)));
        std::fs::write(folder.join(format!("study {number:02}.png")), made).expect("a file");
    }
    std::fs::write(folder.join("scan.png"), files::plain_picture(9)).expect("a file");
    folder
}

fn prompt(number: u8) -> Value {
    files::classic(&format!("study {number}"), u64::from(number), 4)
}

/// Selects all thirteen and chooses from the menu of the first.
async fn choose(desktop: &Desktop, window: &Window, text: &str) {
    let cell = gallery::titled("study 01");
    window.find(&cell).await.click().await.expect("a click");
    let chosen = window.find(&format!("{cell}[aria-selected=true]")).await;
    chosen.send_keys(&format!("{CONTROL}a{RELEASE}")).await.expect("keys");
    window
        .until_js(
            "all are selected",
            "return document.querySelector('[data-testid=selection-bar] b')?.innerText
                === '13 selected'",
        )
        .await;
    gallery::point(desktop, window, &cell).await;
    desktop.xdotool(&["click", "3"]);
    gallery::choose(window, "[role=menu] button", text).await;
}

/// What is saved at a server in our folder: names and contents.
async fn saved(url: &str) -> Vec<(String, Value)> {
    let answer = reqwest::get(format!("{url}/userdata?dir={FOLDER}")).await.expect("an answer");
    if !answer.status().is_success() {
        return Vec::new();
    }
    let names: Vec<String> = answer.json().await.expect("names");
    let mut saved = Vec::new();
    for name in names {
        let answer = reqwest::get(address(url, &name)).await.expect("an answer");
        saved.push((name, answer.json().await.expect("JSON")));
    }
    saved
}

/// The address of a saved workflow: its whole path is one part.
fn address(url: &str, name: &str) -> url::Url {
    let mut address = url::Url::parse(url).expect("an address");
    let path = format!("{FOLDER}/{name}");
    address.path_segments_mut().expect("it has a path").extend(["userdata", path.as_str()]);
    address
}

/// The text of the prompt in a graph that the page opens.
fn prompt_of(graph: &Value) -> Option<String> {
    let nodes = graph["nodes"].as_array()?;
    let texts = nodes.iter().filter(|node| node["type"] == "CLIPTextEncode");
    let mut texts = texts.filter_map(|node| node["widgets_values"][0].as_str());
    texts.find(|text| text.starts_with("study ")).map(str::to_owned)
}

/// Opens all in the page of a server, twice, and gives what is there then.
async fn opened(desktop: &Desktop, window: &Window, url: &str) -> Vec<(String, Value)> {
    let before = saved(url).await.len();
    choose(desktop, window, "Open 13 in ComfyUI's own page").await;
    window
        .until_js(
            "it says what will be saved",
            "return document.querySelector('[data-testid=editor-plan]')?.innerText
                .startsWith('12 workflows made 12 of the 13 outputs.')
                && document.querySelector('[data-testid=editor-open]:enabled')?.innerText
                    === 'Save 12 workflows there and open the page'",
        )
        .await;
    window.picture("editor of several").await;
    assert_eq!(saved(url).await.len(), before, "nothing is saved unasked");
    window.click("editor-open").await;
    for part in ["12 workflows are in the folder Safelight at ", "and 7 more", "1 output left out."]
    {
        window
            .until_js(
                part,
                &format!(
                    "return document.querySelector('[data-testid=editor-sheet]').innerText
                        .includes({})",
                    json!(part)
                ),
            )
            .await;
    }
    window.picture("editor of several saved").await;
    let at = |of: &str| url::Url::parse(of).expect("an address").origin();
    assert_eq!(at(&pages(desktop, 1).await[0]), at(url));
    saved(url).await
}

/// Waits until so many pages were opened in the browser.
async fn pages(desktop: &Desktop, count: usize) -> Vec<String> {
    let until = Instant::now() + SOON;
    loop {
        let opened = desktop.opened();
        if opened.len() >= count {
            return opened;
        }
        assert!(Instant::now() < until, "{opened:?} are opened, not {count}");
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
}

/// Each of the twelve is among what is saved.
fn are_there(saved: &[(String, Value)]) {
    for number in 1..=12 {
        let wanted = format!("study {number}");
        let title = format!("study {number:02} ");
        let found = saved.iter().find(|(name, graph)| {
            name.starts_with(&title) && prompt_of(graph).as_ref() == Some(&wanted)
        });
        assert!(found.is_some(), "{wanted} is not there: {saved:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workflows_of_several_outputs_are_opened_in_comfyuis_own_page() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, std::time::Duration::ZERO).await;
    let window = gallery::over(&desktop, &pictures(desktop.dir()), 13).await;
    window.add_server(&server.url()).await;
    window.click("nav-gallery").await;
    let there = opened(&desktop, &window, &server.url()).await;
    assert_eq!(there.len(), 12, "each once");
    are_there(&there);

    // One is opened by its name, also where it is there already.
    window.find("[data-testid=editor-sheet] .primary").await.click().await.expect("a click");
    window.find(&gallery::titled("study 03")).await.click().await.expect("a click");
    gallery::point(&desktop, &window, &gallery::titled("study 03")).await;
    desktop.xdotool(&["click", "3"]);
    gallery::choose(&window, "[role=menu] button", "Open in ComfyUI's own page").await;
    window.until("it can be saved", "[data-testid=editor-open]:enabled").await;
    window.click("editor-open").await;
    let name = window.find("[data-testid=editor-name]").await.text().await.expect("a name");
    assert!(there.iter().any(|(file, _)| *file == format!("{name}.json")), "{name}");
    window.picture("editor of one saved").await;
    assert_eq!(saved(&server.url()).await, there, "what is there stays as it is");
    let opened = pages(&desktop, 2).await;
    assert_eq!(opened.len(), 2, "once for all and once for one: {opened:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_takes_the_workflows_of_several_outputs() {
    let Some(url) = real::server() else { return };
    let desktop = Desktop::new();
    let window = gallery::over(&desktop, &pictures(desktop.dir()), 13).await;
    window.add_server(&url).await;
    window.click("nav-gallery").await;
    let there = opened(&desktop, &window, &url).await;
    are_there(&there);
    let http = reqwest::Client::new();
    for (name, _) in there.iter().filter(|(name, _)| name.starts_with("study ")) {
        http.delete(address(&url, name)).send().await.expect("an answer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workflows_of_several_outputs_are_copied_as_files() {
    let desktop = Desktop::new();
    let window = gallery::over(&desktop, &pictures(desktop.dir()), 13).await;
    choose(&desktop, &window, "Copy workflows of 13").await;
    gallery::said(&window, "Copied 12 workflows").await;
    window.picture("workflows copied").await;
    let given = desktop.clipboard("files").expect("files are in the clipboard");
    let given: Value = serde_json::from_slice(&given).expect("JSON");
    let mut uris: Vec<String> = serde_json::from_value(given["uris"].clone()).expect("addresses");
    assert_eq!(uris.len(), 12, "{uris:?}");
    uris.sort();
    for (uri, number) in uris.iter().zip(1..) {
        let path = url::Url::parse(uri).expect("an address").to_file_path().expect("a file");
        assert_eq!(path.file_name().expect("a name"), format!("study {number:02}.json").as_str());
        let text = std::fs::read(&path).expect("the file is there");
        let copied: Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(copied, prompt(number), "the prompt of {number}");
    }
}
