//! The way of a job, from the drop to the viewer.

use crate::support::{Desktop, Window, files};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn dropped_files_develop_and_end_as_the_same_bytes_in_the_gallery() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::from_millis(120)).await;
    let json = files::write(
        desktop.dir(),
        "fjord at dusk.json",
        // So long that it is under way until its picture is taken.
        &files::classic("a fjord at dusk", 7, 60),
    );
    let embedded = desktop.dir().join("made earlier.png");
    let made = files::picture(&server, &files::classic("a red lamp", 11, 12)).await;
    std::fs::write(&embedded, made).expect("a file");
    let unreadable = desktop.dir().join("notes.txt");
    std::fs::write(&unreadable, "not a workflow").expect("a file");

    let window = Window::open(&desktop).await;
    window.until("the first start says hello", "[data-testid=welcome]").await;
    window.picture("welcome").await;
    window.add_server(&server.url()).await;

    let drag = desktop.drag(&[json, embedded, unreadable]);
    drag.over(0.3, 0.55);
    let found = window
        .until_js(
            "the overlay says what the files are",
            "const text = document.querySelector('[data-testid=drop-overlay]')?.innerText ?? '';
             return text.includes('1 workflow') && text",
        )
        .await;
    window.picture("drop").await;
    let found = found.as_str().expect("text");
    assert!(found.contains("1 picture with a workflow inside"), "{found}");
    assert!(found.contains("notes.txt"), "{found}");
    drag.release();

    window.until("what cannot be read is named", "[data-testid=toast][data-tone=warn]").await;
    window.until("a job develops", "[data-testid=hero]").await;
    window.until("it sends previews", "[data-testid=hero] [data-testid=preview]").await;
    window
        .until_js(
            "the running node says its steps",
            "return document.querySelector('[data-testid=node-strip] [data-state=running]')
                ?.innerText.includes(' of 60')",
        )
        .await;
    window
        .until_js(
            "the share grows",
            "return Number(document.querySelector('[data-testid=share]')?.dataset.share) > 0.3",
        )
        .await;
    window.until("the lamp is lit", "[data-testid=lamp][data-lit=true]").await;
    window.picture("queue").await;

    let jobs = window.succeeded(2).await;
    for job in &jobs {
        let id = job["id"].as_str().expect("an id");
        let detail = window.invoke("job_get", json!({ "id": id })).await;
        let assets = detail["assets"].as_array().expect("outputs");
        assert_eq!(assets.len(), 1, "{detail:#}");
        assert_eq!(detail["progress"]["share"].as_f64(), Some(1.0));
        let path = window.invoke("asset_path", json!({ "id": assets[0]["id"] })).await;
        let ours = std::fs::read(path.as_str().expect("a path")).expect("the file is there");
        let theirs = files::view(&server.url(), &files::history(&server.url(), id).await).await;
        assert!(ours == theirs, "the file differs from what the server gives");
        assert_eq!(server.record().runs_of(id), 1);
    }
    window
        .until("the finished jobs are listed", "[data-testid=finished-row][data-outcome=succeeded]")
        .await;

    window.click("nav-gallery").await;
    window.until("both are one stack", "[data-testid=gallery-cell].stack").await;
    let stack = window.find("[data-testid=gallery-cell].stack").await;
    stack.click().await.expect("a click");
    stack.send_keys("\u{e014}").await.expect("Right");
    window
        .until_js(
            "it is open",
            "return document.querySelectorAll('[data-testid=gallery-cell].opened img').length === 2",
        )
        .await;
    window.picture("gallery open stack").await;
    let inside = window.find("[data-testid=gallery-cell].opened").await;
    inside.send_keys("\u{e012}").await.expect("Left");
    window.until("it is closed again", "[data-testid=gallery-cell].stack").await;
    window.click("gallery-stacks").await;
    window
        .until_js(
            "both pictures are in the gallery",
            "return [...document.querySelectorAll('[data-testid=gallery-cell] img')]
                .filter((image) => image.complete && image.naturalWidth > 0).length === 2",
        )
        .await;
    window.click("gallery-cell").await;
    window
        .until_js(
            "the panel tells the prompt",
            "const text = document.querySelector('[data-testid=info-panel]')?.innerText ?? '';
             return text.includes('a fjord at dusk') || text.includes('a red lamp')",
        )
        .await;
    window.picture("gallery").await;
    search(&window, "lamp", 1).await;
    search(&window, "practice_marble", 2).await;
    search(&window, "zebra", 0).await;
    search(&window, "", 2).await;
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.send_keys("\u{e007}").await.expect("Enter");
    window
        .until_js(
            "the viewer shows the picture",
            "const image = document.querySelector('[data-testid=viewer-image]');
             return image?.complete && image.naturalWidth === 512",
        )
        .await;
    window.picture("viewer").await;
    let first = window.js("return location.hash").await;
    window.click("viewer-next").await;
    window.until_js("the next one is shown", &format!("return location.hash !== {first}")).await;
    server.stop().await;
}

async fn search(window: &Window, words: &str, count: u64) {
    let script = format!(
        "const field = document.querySelector('[data-testid=gallery-search]');
         field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        json!(words)
    );
    window.js(&script).await;
    window
        .until_js(
            &format!("{words:?} finds {count}"),
            &format!(
                "return document.querySelectorAll('[data-testid=gallery-cell]').length === {count}"
            ),
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_engine_is_one_click_away_and_says_what_it_is() {
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    window.click("practice-start").await;
    window.until("it is connected", "[data-testid=server-chip][data-link=online]").await;
    let workflow = files::write(desktop.dir(), "a.json", &files::classic("anything", 3, 4));
    window.submit(&[workflow]).await;
    let jobs = window.succeeded(1).await;
    assert_eq!(jobs[0]["practice"], json!(true));
    let detail = window.invoke("job_get", json!({ "id": jobs[0]["id"] })).await;
    assert_eq!(detail["assets"][0]["practice"], json!(true));
    let row = window.find("[data-testid=finished-row]").await;
    assert!(row.text().await.expect("text").contains("practice"));
    row.click().await.expect("a click");
    window.until("its nodes are shown", "[data-testid=job-node]").await;
    window.picture("job").await;
    window.click("nav-servers").await;
    window.until("the card is there", "[data-testid=practice-card][data-link=online]").await;
    window.picture("servers").await;
    window.click("nav-settings").await;
    window.until("the settings are there", "[data-testid=setting-notifications]").await;
    window.picture("settings").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_workflow_says_which_node_and_what_to_do() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    let mut unknown = files::classic("x", 1, 2);
    unknown["8"]["class_type"] = json!("SomebodysDecoder");
    let mut missing = files::classic("y", 1, 2);
    missing["6"]["inputs"].as_object_mut().expect("inputs").remove("text");
    let mut value = files::classic("z", 1, 2);
    value["4"]["inputs"]["ckpt_name"] = json!("not_there.safetensors");
    let all = [("unknown.json", unknown), ("missing.json", missing), ("value.json", value)];
    let paths: Vec<_> =
        all.iter().map(|(name, workflow)| files::write(desktop.dir(), name, workflow)).collect();
    // Once the server has said what it has, they wait on hold with the reason; released, they are sent
    // all the same, and its own words say what is wrong.
    let report = window.submit(&paths).await;
    let ids: Vec<&Value> =
        report["items"].as_array().expect("items").iter().map(|item| &item["job_id"]).collect();
    window.invoke("job_hold", json!({ "ids": ids, "on_hold": false })).await;
    window
        .until_js(
            "all three failed",
            "return document.querySelectorAll('[data-testid=finished-row][data-outcome=failed]').length === 3",
        )
        .await;
    let jobs = window.finished().await;
    let trouble = |name: &str| -> &Value {
        let job =
            jobs.iter().find(|job| job["source"].as_str().is_some_and(|path| path.ends_with(name)));
        &job.expect("the job")["trouble"]
    };
    assert!(trouble("unknown.json")["message"].to_string().contains("SomebodysDecoder"));
    assert_eq!(trouble("missing.json")["input_name"], json!("text"));
    assert_eq!(trouble("value.json")["received"], json!("not_there.safetensors"));
    assert!(trouble("value.json")["allowed"].to_string().contains("practice_marble.safetensors"));
    window.picture("refused").await;
    window.click("finished-row").await;
    window.until("the job says why", "[data-testid=job-trouble]").await;
    window.picture("job-failed").await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_is_told_once_an_earlier_run_tells_and_the_queue_is_saved() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::from_millis(150)).await;
    let window = Window::open(&desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.add_server(&server.url()).await;
    window.js("location.hash = '#/queue'").await;
    let workflow = |name: &str, seed: u64| {
        files::write(desktop.dir(), name, &files::classic("a fjord at dusk", seed, 20))
    };

    window.submit(&[workflow("first.json", 1)]).await;
    window
        .until_js(
            "a first run has no estimate",
            "return document.querySelector('[data-testid=share]')?.dataset.share > 0.2
                && document.querySelector('[data-testid=left]')?.innerText === 'no estimate yet'",
        )
        .await;
    window.succeeded(1).await;

    // So many that some still wait here when the place of one that waits there is known: the server is
    // asked for it every five seconds only.
    let more: Vec<_> = (2..9).map(|seed| workflow(&format!("{seed}.json"), seed)).collect();
    window.submit(&more).await;
    window
        .until_js(
            "the second run tells what is left, and on what that rests",
            "return /^about 0:0\\d left, from one earlier run$/
                .test(document.querySelector('[data-testid=left]')?.innerText ?? '')",
        )
        .await;
    window
        .until_js(
            "the status bar says when the queue is empty",
            "return /^about 0:\\d\\d until the queue is empty$/
                .test(document.querySelector('[data-testid=status-left]')?.innerText ?? '')",
        )
        .await;
    window
        .until_js(
            "a job that waits at the server says its place",
            "return document.querySelector('[data-testid=place]')?.innerText.trim() === '1 ahead'",
        )
        .await;
    window.picture("left").await;

    let path = desktop.dir().join("queue.safelight.json");
    let saved = window.invoke("queue_export", json!({ "path": path, "ids": [] })).await;
    let waiting = saved.as_u64().expect("a count");
    assert!((1..=5).contains(&waiting), "{waiting} wait with us; two are at the server");
    window.invoke("queue_clear", json!({})).await;
    window.submit(&[path]).await;
    window.succeeded(8).await;
    server.stop().await;
}
