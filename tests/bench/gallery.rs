//! The gallery over 100,000 and over 1,000,000 pictures, as the page sees it: the first paint, a search
//! for each key press, facets, a jump to a date, frames while it is scrolled from end to end, memory.

use crate::{
    memory, ms, quantile, row,
    support::{Desktop, Window, many},
};
use serde_json::{Value, json};
use std::time::Duration;

/// What is typed, one key after the other.
const QUERIES: [&str; 8] = [
    "window light",
    "rating:4+ portrait",
    "model:balomir lora:style",
    "KSampler.steps>30",
    "tag:\"for print\" -has:video",
    "size:>=1024 seed:7",
    "\"soft light\" server:studio",
    "date:2024-05 is:favourite",
];
/// How often the gallery is opened right after the start.
const STARTS: u32 = 9;
/// Jumps to a date.
const JUMPS: u32 = 40;
/// Frames of one way through the library.
const FRAMES: u32 = 600;

pub async fn measure(count: u32) {
    let desktop = Desktop::without_opengl();
    many::fill(&desktop, count).await;
    let named =
        if count == 1_000_000 { "1,000,000".to_owned() } else { format!("{},000", count / 1_000) };
    // The first start warms the disk's cache up, and knows that the artist was welcomed.
    let window = Window::open(&desktop).await;
    window.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    window.kill();
    let floor = Desktop::without_opengl();
    let empty = Window::open(&floor).await;
    empty.invoke("settings_set", json!({ "patch": { "welcomed": true } })).await;
    let (bare, _) = painted(&empty, "main .empty").await;
    empty.kill();

    let (mut firsts, mut wholes) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let window = Window::open(&desktop).await;
        let (first, whole) = painted(&window, "[data-testid=gallery-cell] img").await;
        firsts.push(first);
        wholes.push(whole);
        until_whole(&window).await;
        window.kill();
    }
    let each: Vec<String> = firsts.iter().copied().map(ms).collect();
    row(
        &format!(
            "First paint of the gallery right after the start, {named}, p50 of {STARTS} starts"
        ),
        &format!("{} ({})", ms(quantile(&mut firsts, 0.5)), each.join(", ")),
        &format!(
            "an empty library's: {}; all in sight are drawn after {}",
            ms(bare),
            ms(quantile(&mut wholes, 0.5))
        ),
    );

    let window = Window::open(&desktop).await;
    until_whole(&window).await;
    until_quiet(&window).await;
    let (first, whole) = painted(&window, "[data-testid=gallery-cell] img").await;
    row(
        &format!("First paint of the gallery in an app that runs, {named}"),
        &ms(first),
        &format!("all in sight are drawn after {}", ms(whole)),
    );
    searches(&window, &named).await;
    jumps(&window, &named).await;
    frames(&window, &named).await;
    let (app, page) = memory::of(window.pid());
    row(
        &format!("Memory after that, {named} (proportional set size)"),
        &format!("{} MB", (app + page) / 1024),
        &format!("app {} MB, web view's processes {} MB", app / 1024, page / 1024),
    );
    window.kill();
}

/// From the click that opens the gallery to the frame behind the first of these, and to the frame in
/// which all pictures in sight are drawn.
async fn painted(window: &Window, css: &str) -> (Duration, Duration) {
    window
        .js(&format!(
            "window.painted = null;
             const began = performance.now();
             const first = () => {{
                 const one = [...document.querySelectorAll({css})]
                     .find((one) => one.complete ?? true);
                 if (one === undefined) return requestAnimationFrame(first);
                 requestAnimationFrame(() => {{ whole(performance.now() - began); }});
             }};
             const whole = (at) => {{
                 const images = [...document.querySelectorAll('[data-testid=gallery-cell] img')];
                 const seen = images.filter((one) => one.getBoundingClientRect().top < innerHeight);
                 if (!seen.every((one) => one.complete && one.naturalWidth > 0))
                     return requestAnimationFrame(() => whole(at));
                 requestAnimationFrame(() => {{ window.painted = [at, performance.now() - began]; }});
             }};
             document.querySelector('[data-testid=nav-gallery]').click();
             requestAnimationFrame(first)",
            css = json!(css)
        ))
        .await;
    let times = window.until_js("the gallery is painted", "return window.painted").await;
    let at = |of: usize| Duration::from_secs_f64(times[of].as_f64().expect("a time") / 1e3);
    (at(0), at(1))
}

/// Until the page has drawn a second of frames one right after the other: its start is over.
async fn until_quiet(window: &Window) {
    window
        .js("window.quiet = 0;
             let before = performance.now();
             const next = (now) => {
                 window.quiet = now - before < 50 ? window.quiet + 1 : 0;
                 before = now;
                 if (window.quiet < 60) requestAnimationFrame(next);
             };
             requestAnimationFrame(next)")
        .await;
    window.until_js("the page has started", "return window.quiet >= 60 || null").await;
}

async fn until_whole(window: &Window) {
    // The index is read once more when it is known that the disk is away.
    window
        .until_async(
            "the disk is away",
            "const [done] = arguments;
             window.__TAURI_INTERNALS__.invoke('root_list', { input: {} })
                 .then((roots) => done(roots.some((root) => root.state === 'away')), () => done(false))",
        )
        .await;
    window
        .until_async(
            "the index is read",
            "const [done] = arguments;
             window.__TAURI_INTERNALS__.invoke('library_query', { input: { query:
                 { text: '', sort: 'newest', seed: 1, stacks: true } } })
                 .then((answer) => done(answer.whole), () => done(false))",
        )
        .await;
}

/// Each key press asks as the page does: the query, then the facets. The columns follow when nothing
/// more is typed, and are asked for by themselves here, also for another order. Times are those of the
/// page, the way there and back included.
async fn searches(window: &Window, named: &str) {
    window
        .js(&format!(
            "window.searched = null;
             const invoke = (name, input) => window.__TAURI_INTERNALS__.invoke(name, {{ input }});
             const times = {{ seen: [], search: [], facets: [], order: [] }};
             const clock = async (list, work) => {{
                 const began = performance.now();
                 const answer = await work();
                 list.push(performance.now() - began);
                 return answer;
             }};
             const seen = (text, sort) => () =>
                 invoke('library_query', {{ query: {{ text, sort, seed: 1, stacks: true }} }});
             const ask = (text, sort) => async () => {{
                 const answer = await seen(text, sort)();
                 if (answer.first.length < answer.cells)
                     await invoke('library_columns', {{ ticket: answer.ticket }});
                 return answer;
             }};
             // The index may be read anew meanwhile, when it is known that the disk is away.
             const again = (work) => () => work().catch(work);
             (async () => {{
                 for (const typed of {queries}) for (let end = 1; end <= typed.length; end += 1) {{
                     const answer = await clock(times.seen, again(seen(typed.slice(0, end), 'newest')));
                     await clock(times.facets, () => invoke('library_facets', {{ ticket: answer.ticket }}));
                 }}
                 for (const typed of {queries}) for (let end = 1; end <= typed.length; end += 1)
                     await clock(times.search, again(ask(typed.slice(0, end), 'newest')));
                 for (let at = 0; at < 20; at += 1)
                     await clock(times.order, again(ask('', at % 2 ? 'rating' : 'newest')));
                 window.searched = times;
             }})().catch((error) => {{ window.searched = {{ error: String(error.message ?? error) }}; }})",
            queries = json!(QUERIES)
        ))
        .await;
    let times = window.until_js("all is asked", "return window.searched").await;
    assert!(times.get("error").is_none(), "{times}");
    for (what, key) in [
        ("A key press: the query, with the cells in sight", "seen"),
        (
            "A word that is typed: the same with all cells, which follow when nothing more is typed",
            "search",
        ),
        ("A key press: counts of all facets", "facets"),
        ("Everything in another order", "order"),
    ] {
        let mut list = durations(&times[key]);
        row(
            &format!("{what}, {named}"),
            &format!("p50 {}, p99 {}", ms(quantile(&mut list, 0.5)), ms(quantile(&mut list, 0.99))),
            &format!("{} times", list.len()),
        );
    }
}

/// Jumps from date to date at the edge, back and forth: from the key to the frame in which all pictures
/// in sight are drawn.
async fn jumps(window: &Window, named: &str) {
    window
        .js(&format!(
            "window.jumped = null;
             const edge = document.querySelector('.scrub');
             const grid = document.querySelector('[data-testid=gallery-grid]');
             const frame = () => new Promise((done) => requestAnimationFrame(done));
             const drawn = () => {{
                 const box = grid.getBoundingClientRect();
                 const seen = [...grid.querySelectorAll('[data-testid=gallery-cell]')].filter((cell) => {{
                     const at = cell.getBoundingClientRect();
                     return at.bottom > box.top && at.top < box.bottom;
                 }});
                 return seen.length > 0 && seen.every((cell) => {{
                     const picture = cell.querySelector('img');
                     return picture?.complete ?? cell.querySelector('.print').childElementCount > 0;
                 }});
             }};
             (async () => {{
                 const times = [];
                 for (let at = 0; at < {JUMPS}; at += 1) {{
                     const began = performance.now();
                     const top = grid.scrollTop;
                     const key = Math.floor(at / 10) % 2 ? 'ArrowUp' : 'ArrowDown';
                     edge.dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true }}));
                     do await frame(); while (grid.scrollTop === top || !drawn());
                     times.push(performance.now() - began);
                 }}
                 window.jumped = times;
             }})()"
        ))
        .await;
    let mut list = durations(&window.until_js("all jumps are made", "return window.jumped").await);
    row(
        &format!("A jump to a date, {named}"),
        &format!("p50 {}, p99 {}", ms(quantile(&mut list, 0.5)), ms(quantile(&mut list, 0.99))),
        "all in sight are drawn then",
    );
}

/// Scrolls through all of it in ten seconds of frames, then line by line as a wheel does. Beside that the
/// same pictures lie in a plain element, and nothing is done while it is scrolled.
async fn frames(window: &Window, named: &str) {
    let grid = "document.querySelector('[data-testid=gallery-grid]')";
    let to_end = format!("({grid}.scrollHeight - {grid}.clientHeight) / {FRAMES}");
    let mut ways = Vec::new();
    for (what, step) in
        [("from end to end in 600 frames", to_end.as_str()), ("by 60 pixels a frame", "60")]
    {
        ways.push((what, scrolled(window, grid, step).await));
    }
    window
        .js(&format!(
            "const floor = document.createElement('div');
             const box = {grid}.getBoundingClientRect();
             floor.id = 'floor';
             floor.style = `position: fixed; overflow: auto; z-index: 99; background: #111;
                 left: ${{box.left}}px; top: ${{box.top}}px; width: ${{box.width}}px; height: ${{box.height}}px`;
             const pictures = [...document.querySelectorAll('[data-testid=gallery-cell] img')].map((one) => one.src);
             for (let at = 0, top = 0; top < 60 * {FRAMES} + box.height; top += 190)
                 for (let left = 0; left + 150 < box.width; left += 156, at += 1) {{
                     const one = new Image(150, 184);
                     one.src = pictures[at % pictures.length];
                     one.style = `position: absolute; object-fit: cover; left: ${{left}}px; top: ${{top}}px`;
                     floor.append(one);
                 }}
             document.body.append(floor)"
        ))
        .await;
    window
        .until_js(
            "the plain pictures are there",
            "return [...document.querySelectorAll('#floor img')].every((one) => one.complete)",
        )
        .await;
    let mut floor = scrolled(window, "document.querySelector('#floor')", "60").await;
    window.js("document.querySelector('#floor').remove()").await;
    let told = |list: &mut [Duration]| {
        format!(
            "p50 {}, p99 {}, longest {}",
            ms(quantile(list, 0.5)),
            ms(quantile(list, 0.99)),
            ms(quantile(list, 1.0))
        )
    };
    let floor = told(&mut floor);
    for (what, mut list) in ways {
        row(
            &format!("Frames while scrolling {what}, {named}"),
            &told(&mut list),
            &format!("the same pictures in a plain element, by 60 pixels a frame: {floor}"),
        );
    }
}

/// The times between frames while an element is scrolled by a step in each.
pub async fn scrolled(window: &Window, element: &str, step: &str) -> Vec<Duration> {
    window
        .js(&format!(
            "window.scrolled = null;
             const one = {element};
             one.scrollTop = 0;
             const step = {step};
             const times = [];
             let before = 0, at = 0;
             const next = (now) => {{
                 if (before > 0) times.push(now - before);
                 before = now;
                 at += step;
                 one.scrollTop = at;
                 if (times.length < {FRAMES}) requestAnimationFrame(next);
                 else window.scrolled = times;
             }};
             setTimeout(() => requestAnimationFrame(next), 300)"
        ))
        .await;
    durations(&window.until_js("it is scrolled", "return window.scrolled").await)
}

fn durations(list: &Value) -> Vec<Duration> {
    let list: Vec<f64> = serde_json::from_value(list.clone()).expect("times");
    list.into_iter().map(|ms| Duration::from_secs_f64(ms / 1e3)).collect()
}
