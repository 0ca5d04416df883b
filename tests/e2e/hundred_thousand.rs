//! A library of 100,000: it opens, is scrolled from end to end, searched while one types, marked by
//! hundreds, what was deleted comes back, and a file is dragged to another program.

use crate::support::{Desktop, SOON, Window, files, gallery, many};
use serde_json::json;
use std::time::Instant;

const ALL: u32 = 100_000;
const BACKSPACE: &str = "\u{e003}";
const CONTROL: &str = "\u{e009}";
const DELETE: &str = "\u{e017}";
const HOME: &str = "\u{e011}";
const RELEASE: &str = "\u{e000}";

/// The gallery of a window that is opened over such a library.
async fn opened(desktop: &Desktop) -> Window {
    many::fill(desktop, ALL).await;
    let window = Window::open(desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.click("nav-gallery").await;
    drawn(&window).await;
    window
}

/// Waits until all pictures in sight are drawn, none of them twice or empty.
async fn drawn(window: &Window) {
    window
        .until_js(
            "what is in sight is drawn",
            "const cells = [...document.querySelectorAll('[data-testid=gallery-cell]')];
             const grid = document.querySelector('[data-testid=gallery-grid]')?.getBoundingClientRect();
             const seen = cells.filter((cell) => {
                 const box = cell.getBoundingClientRect();
                 return box.bottom > grid.top && box.top < grid.bottom;
             });
             const keys = new Set(cells.map((cell) => cell.dataset.key));
             return seen.length > 0 && keys.size === cells.length && seen.every((cell) => {
                 const picture = cell.querySelector('img');
                 // A sound has its waveform, or a sign where its disk is away.
                 if (picture === null) return cell.querySelector('.print').childElementCount > 0;
                 return picture.complete && picture.naturalWidth > 0;
             })",
        )
        .await;
}

/// Waits until the toolbar counts what the library answers to the text, and gives that.
async fn counted(window: &Window, text: &str) -> u64 {
    let query = json!({ "text": text, "sort": "newest", "seed": 1, "stacks": true });
    let until = Instant::now() + SOON;
    let answer = loop {
        let answer = window.invoke("library_query", json!({ "query": query })).await;
        // It is read at the start, and once more when it is known that the disk is away.
        if answer["whole"] == json!(true) {
            break answer;
        }
        assert!(Instant::now() < until, "the index is not read");
    };
    let shown = answer["shown"].as_u64().expect("a count");
    let all = answer["total"].as_u64().expect("a count");
    let wanted = json!(if text.is_empty() { vec![all] } else { vec![shown, all] });
    window
        .until_js(
            &format!("{shown} of {all} are counted for {text:?}"),
            &format!(
                "const text = document.querySelector('[data-testid=gallery-count]')?.innerText ?? '';
                 const numbers = text.replaceAll(',', '').split(' of ').map(Number);
                 return JSON.stringify(numbers) === JSON.stringify({wanted})"
            ),
        )
        .await;
    shown
}

/// Waits until the toolbar counts so.
async fn begins(window: &Window, count: &str) {
    window
        .until_js(
            &format!("{count} are counted"),
            &format!(
                "return document.querySelector('[data-testid=gallery-count]')?.innerText
                     .startsWith({})",
                json!(count)
            ),
        )
        .await;
}

/// Types what is asked for in place of what was.
async fn ask(window: &Window, text: &str) -> u64 {
    let field = window.find("[data-testid=gallery-search]").await;
    field.send_keys(&format!("{CONTROL}a{RELEASE}")).await.expect("keys");
    field.send_keys(BACKSPACE).await.expect("a key");
    // A chip has nothing to be marked: what is left of one goes with further keys.
    while window.js("return document.querySelector('[data-testid=search-chip]') !== null").await
        == json!(true)
    {
        field.send_keys(BACKSPACE).await.expect("a key");
    }
    if !text.is_empty() {
        field.send_keys(text).await.expect("keys");
    }
    counted(window, text.trim()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_are_opened_scrolled_and_searched() {
    let desktop = Desktop::new();
    let window = opened(&desktop).await;
    let all = counted(&window, "").await;
    // Every 200th is in the bin.
    assert_eq!(all, u64::from(ALL - ALL / 200));
    window.picture("hundred thousand").await;

    // From end to end, with a look at each twentieth.
    for part in 1..=20 {
        window
            .js(&format!(
                "const grid = document.querySelector('[data-testid=gallery-grid]');
                 grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * {part} / 20"
            ))
            .await;
        drawn(&window).await;
    }
    window.picture("hundred thousand end").await;
    let place = "const cells = [...document.querySelectorAll('[data-testid=gallery-cell]')];
        const last = Math.max(...cells.map((cell) => Number(cell.getAttribute('aria-posinset'))));
        return last === Number(cells[0].getAttribute('aria-setsize'))";
    window.until_js("the last is in the document", place).await;
    window.find("[data-testid=gallery-cell]").await.send_keys(HOME).await.expect("a key");
    window.find("[data-testid=gallery-cell][aria-posinset='1']:focus").await;
    drawn(&window).await;

    // Each key press narrows what is there.
    let field = window.find("[data-testid=gallery-search]").await;
    let (mut before, mut text) = (all, String::new());
    for typed in ["w", "in", "dow", " li", "ght"] {
        field.send_keys(typed).await.expect("keys");
        text.push_str(typed);
        let now = counted(&window, &text).await;
        assert!(now > 0 && now <= before, "{text:?} finds {now} after {before}");
        before = now;
    }
    drawn(&window).await;
    window.picture("hundred thousand searched").await;
    assert_eq!(ask(&window, "rating:5 ").await, u64::from(ALL / 100));
    drawn(&window).await;
    window.kill();
}

/// Picks all of them, and stops that where the bar shows how far it is: what is picked by then stays
/// picked, the others are told, and it is taken back as one.
async fn stop_in_the_middle(window: &Window, all: u64) {
    let picked = ask(window, "is:picked ").await;
    ask(window, "").await;
    drawn(window).await;
    window.find("[data-testid=gallery-cell]").await.click().await.expect("a click");
    let cell = window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    cell.send_keys(&format!("{CONTROL}a{RELEASE}")).await.expect("keys");
    window
        .until_js(
            "all are selected",
            &format!(
                "return document.querySelector('[data-testid=selection-bar] b')?.innerText
                    .replaceAll(',', '').startsWith('{all} selected')"
            ),
        )
        .await;
    // The page itself stops it: it may be over before the driver looks a second time.
    window
        .js("const stop = new MutationObserver(() => {
                 const bar = document.querySelector('[data-testid=status-work] progress');
                 if (!(bar?.value > 0)) return;
                 stop.disconnect();
                 window.stoppedAt = bar.value;
                 document.querySelector('[data-testid=work-cancel]').click();
             });
             stop.observe(document.querySelector('footer.status'), {
                 attributes: true, characterData: true, childList: true, subtree: true,
             })")
        .await;
    window.find("[data-testid=gallery-cell]").await.send_keys("w").await.expect("a key");
    window
        .until_js("it is seen how far it is, and can be stopped", "return window.stoppedAt")
        .await;
    let told = window
        .until_js(
            "it is told how many are left",
            "const toasts = [...document.querySelectorAll('[data-testid=toast]')];
             return toasts.map((toast) => toast.innerText.match(/([\\d,]+) are not marked, since you stopped it/)?.[1])
                 .find((count) => count !== undefined)",
        )
        .await;
    window.picture("hundred thousand stopped").await;
    let left = told.as_str().expect("a number").replace(',', "").parse::<u64>();
    let left = left.expect("a number");
    assert!(left > 0 && left < all, "{left} of {all} are left");
    let now = ask(window, "is:picked ").await;
    assert!(now >= all - left && now <= all - left + picked, "{now} are picked, {left} are not");
    let body = window.find("body").await;
    body.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    begins(window, &format!("{} of", thousands(picked))).await;
    assert_eq!(ask(window, "").await, all);
    drawn(window).await;
}

/// "12,345".
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|part| std::str::from_utf8(part).expect("digits"))
        .collect();
    parts.join(",")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_thousand_a_thousand_are_rated_one_comes_back_and_one_is_dragged_out() {
    let desktop = Desktop::new();
    let window = opened(&desktop).await;
    window.click("gallery-stacks").await;
    let rated = u64::from(ALL / 100);
    assert_eq!(ask(&window, "rating:1 ").await, rated);
    drawn(&window).await;
    window.find("[data-testid=gallery-cell]").await.click().await.expect("a click");
    let cell = window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    cell.send_keys(&format!("{CONTROL}a{RELEASE}")).await.expect("keys");
    window
        .until_js(
            "all that match are selected",
            "return document.querySelector('[data-testid=selection-bar] b')?.innerText
                === '1,000 selected'",
        )
        .await;
    window.find("[data-testid=gallery-cell]").await.send_keys("4").await.expect("a key");
    begins(&window, "0 of").await;
    assert_eq!(ask(&window, "rating:4 ").await, 2 * rated);
    let body = window.find("body").await;
    body.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    begins(&window, "1,000 of").await;
    assert_eq!(counted(&window, "rating:4").await, rated);

    let all = ask(&window, "").await;
    drawn(&window).await;
    stop_in_the_middle(&window, all).await;
    window.find("[data-testid=gallery-cell]").await.click().await.expect("a click");
    let cell = window.find("[data-testid=gallery-cell][aria-selected=true]").await;
    let key = cell.attr("data-key").await.expect("its key").expect("a key");
    cell.send_keys(DELETE).await.expect("a key");
    let gone = format!("return document.querySelector('[data-key=\"{key}\"]') === null");
    window.until_js("it is gone", &gone).await;
    assert_eq!(counted(&window, "").await, all - 1);
    body.send_keys(&format!("{CONTROL}z{RELEASE}")).await.expect("keys");
    window.find(&format!("[data-testid=gallery-cell][data-key='{key}']")).await;
    assert_eq!(counted(&window, "").await, all);

    // The others are on a disk that is away: what is dragged to another program is a file.
    let folder = desktop.dir().join("old renders");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("bouquet 1.png");
    std::fs::write(&file, files::plain_picture(1)).expect("a file");
    gallery::add(&window, &folder).await;
    begins(&window, "99,501").await;
    assert_eq!(ask(&window, "name:\"bouquet 1\" ").await, 1);
    drawn(&window).await;
    let uris = gallery::dragged_out(&desktop, &window).await;
    let wanted = url::Url::from_file_path(&file).expect("a whole path");
    assert_eq!(uris, json!([wanted.as_str()]).to_string());
    window.kill();
}
