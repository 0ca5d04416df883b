//! Turning knobs in the real window: what is typed is what the server gets, sweeps, pictures with a
//! mask, drafts that survive, and a first picture from nothing.

use crate::support::{Desktop, Window, files};
use serde_json::{Value, json};
use std::time::Duration;

const LARGEST_SEED: &str = "18446744073709551615";

/// Opens the knobs of a workflow that is kept in the library. Answers with the draft.
pub async fn opened(window: &Window, path: &std::path::Path) -> String {
    let report = window.invoke("intake_save", json!({ "paths": [path] })).await;
    let workflow = &report["items"][0]["workflow"];
    let source = json!({ "source": { "from": "workflow", "workflow": workflow } });
    let draft = window.invoke("compose_open", source).await["draft"].clone();
    let draft = draft.as_str().expect("a draft").to_owned();
    window.js(&format!("location.hash = '#/compose/{draft}'")).await;
    window.until("the knobs are shown", "[data-testid=compose] [data-testid=knob]").await;
    draft
}

/// Types into the field of a knob, in place of what is there.
async fn typed(window: &Window, node: &str, input: &str, text: &str) {
    let key = serde_json::to_string(&json!([node, input])).expect("JSON");
    let css = format!("[data-knob={}] :is(textarea, input:not([type=range]))", json!(key));
    // A knob that is out of sight is laid out when the focus comes to it.
    window
        .until_js(
            "the knob has the focus",
            &format!(
                "const field = document.querySelector({});
                 if (field === null || document.activeElement === field) {{
                     return field?.checkVisibility({{ contentVisibilityAuto: true }}) ?? false;
                 }}
                 field.focus();
                 return false",
                json!(css)
            ),
        )
        .await;
    let field = window.find(&css).await;
    window.js("document.activeElement.select()").await;
    field.send_keys(text).await.expect("it takes keys");
}

async fn saved(window: &Window) {
    window.until("the draft is saved", "[data-testid=draft-status][data-status=saved]").await;
}

/// Chooses an option of a select.
async fn chosen(window: &Window, css: &str, option: &str) {
    let script = format!(
        "const select = document.querySelector({});
         const option = [...(select?.options ?? [])].find((one) => one.text.startsWith({}));
         if (option === undefined) return false;
         select.value = option.value;
         select.dispatchEvent(new Event('change', {{ bubbles: true }}));
         return true",
        json!(css),
        json!(option)
    );
    window.until_js(&format!("{option} can be chosen"), &script).await;
}

/// Sets up a sweep over what is composed: knobs by the begin of their names, and values as they are typed.
pub async fn swept(window: &Window, axes: [(&str, &str); 2]) {
    window
        .js("document.querySelector('[role=radiogroup][aria-label=\"How many\"] [data-value=sweep]').click()")
        .await;
    for (axis, (label, values)) in ["X", "Y"].into_iter().zip(axes) {
        chosen(window, "[data-testid=axis-new]", label).await;
        let field = window.find(&format!("[data-axis={axis}] [data-testid=axis-add]")).await;
        // What the axis begins with is taken away first.
        window
            .js(&format!(
                "for (let n = 0; n < 9; n++)
                    document.querySelector('[data-axis={axis}] .vals [aria-label^=Remove]')?.click()"
            ))
            .await;
        field.send_keys(values).await.expect("it takes keys");
        field.send_keys("\u{e007}").await.expect("it takes Enter");
    }
}

/// Opens the sheet that is offered when a sweep was queued.
pub async fn open_sheet(window: &Window) {
    window
        .until_js(
            "its sheet is offered",
            "const open = [...document.querySelectorAll('[data-testid=toast] button')]
                .find((button) => button.innerText.includes('Open sheet'));
             open?.click();
             return open !== undefined",
        )
        .await;
    window.until("the sheet is shown while it fills", "[data-testid=sheet-screen]").await;
}

async fn prompt_at(server: &practice::Practice, job: &Value) -> Value {
    let id = job["id"].as_str().expect("an id");
    files::history(&server.url(), id).await["prompt"][2].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_at_the_knobs_is_exactly_what_the_server_gets() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let workflow = files::classic("a quiet harbour", 7, 3);
    let path = files::write(desktop.dir(), "harbour.json", &workflow);
    let window = Window::open(&desktop).await;
    window.until("the first start says hello", "[data-testid=welcome]").await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    // Dropped where the knobs are opened first.
    let drag = desktop.drag(&[path]);
    drag.over(0.3, 0.55);
    let zone = window
        .until_js(
            "what letting go does is offered",
            "const zone = document.querySelector('[data-zone=setup]');
             if (zone === null) return null;
             const box = zone.getBoundingClientRect();
             return [(box.x + box.width / 2) / innerWidth, (box.y + box.height / 2) / innerHeight]",
        )
        .await;
    drag.over(zone[0].as_f64().expect("a number"), zone[1].as_f64().expect("a number"));
    window.picture("drop set up first").await;
    drag.release();
    window.until("the knobs are shown", "[data-testid=compose] [data-testid=knob]").await;
    typed(&window, "6", "text", "a loud harbour, \"at night\"").await;
    typed(&window, "3", "seed", LARGEST_SEED).await;
    saved(&window).await;
    window
        .until_js(
            "it is ready on the server",
            "return document.querySelector('[data-testid=compose]').innerText.includes('Ready on studio')",
        )
        .await;
    window.picture("compose").await;
    window.click("queue-all").await;
    let jobs = window.succeeded(1).await;
    let mut wanted = workflow;
    wanted["6"]["inputs"]["text"] = json!("a loud harbour, \"at night\"");
    wanted["3"]["inputs"]["seed"] = json!(u64::MAX);
    assert_eq!(prompt_at(&server, &jobs[0]).await, wanted);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_with_one_cell_already_made_fills_its_sheet() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let mut made = files::classic("a quiet harbour", 7, 2);
    made["3"]["inputs"]["denoise"] = json!(0.75);
    made["3"]["inputs"]["cfg"] = json!(6);
    let path = files::write(desktop.dir(), "harbour.json", &made);
    let window = Window::open(&desktop).await;
    window.until("the first start says hello", "[data-testid=welcome]").await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    window.submit(std::slice::from_ref(&path)).await;
    window.succeeded(1).await;
    opened(&window, &path).await;
    swept(&window, [("Denoise", "0.25..1 step 0.25"), ("CFG", "4, 6, 8")]).await;
    window
        .js("const reuse = document.querySelector('[data-testid=reuse]');
             if (reuse.getAttribute('aria-checked') !== 'true') reuse.click()")
        .await;
    window
        .until_js(
            "eleven of twelve are to be made",
            "return document.querySelector('[data-testid=queue-all]').innerText.includes('11 jobs')
                && document.querySelector('[data-testid=product]').innerText.includes('4 × 3 = 12')",
        )
        .await;
    window.picture("compose sweep").await;
    // Each of them by itself before it is paid for, the one that is made with its picture.
    window.click("list-jobs").await;
    window
        .until_js(
            "all twelve are listed, one of them made",
            "const rows = [...document.querySelectorAll('[data-testid=job-cell]')];
             const made = rows.filter((row) => row.querySelector('img')?.naturalWidth > 0);
             return rows.length === 12 && made.length === 1 && made[0].innerText.includes('0.75')",
        )
        .await;
    window.picture("all jobs").await;
    window
        .js("document.activeElement.dispatchEvent(
                 new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))")
        .await;
    window
        .until_js(
            "the list is closed",
            "return document.querySelector('[data-testid=all-jobs]') === null",
        )
        .await;
    window.click("queue-all").await;
    open_sheet(&window).await;
    window.succeeded(12).await;
    window
        .until_js(
            "all twelve cells have their picture",
            "return [...document.querySelectorAll('[data-testid=sheet-cell] img')]
                .filter((image) => image.complete && image.naturalWidth > 0).length === 12",
        )
        .await;
    window.picture("sheet").await;
    labelled_as_it_ran(&window, &server).await;
    assert_eq!(window.finished().await.len(), 12);
    marked_and_closer(&window).await;
    server.stop().await;
}

/// Every cell of a sheet stands under the values that its job had at the server.
async fn labelled_as_it_ran(window: &Window, server: &practice::Practice) {
    let shown = window
        .js("const texts = (within, role) =>
                 [...within.querySelectorAll(`[role=${role}] b`)].map((one) => one.innerText);
             const grid = document.querySelector('[role=grid]');
             return {
                 names: grid.getAttribute('aria-label'),
                 columns: texts(grid, 'columnheader'),
                 rows: texts(grid, 'rowheader'),
                 pictures: [...grid.querySelectorAll('.line')].map((line) =>
                     [...line.querySelectorAll('[data-testid=sheet-cell] img')].map((one) => one.src)),
             }")
        .await;
    assert_eq!(shown["columns"], json!(["0.25", "0.50", "0.75", "1.00"]));
    assert_eq!(shown["rows"], json!(["4", "6", "8"]));
    let names = shown["names"].as_str().expect("a name");
    assert!(names.contains("Denoise") && names.contains("CFG"), "{names}");
    let number = |of: &Value| -> f64 { of.as_str().expect("a text").parse().expect("a number") };
    let mut met = std::collections::HashSet::new();
    for job in window.finished().await {
        let ran = prompt_at(server, &job).await["3"]["inputs"].clone();
        let detail = window.invoke("job_get", json!({ "id": job["id"] })).await;
        let picture = detail["assets"][0]["id"].as_str().expect("an id").to_owned();
        let rows = shown["pictures"].as_array().expect("rows");
        let place = rows.iter().enumerate().find_map(|(row, cells)| {
            let mut cells = cells.as_array().expect("cells").iter();
            let is_it = |src: &Value| src.as_str().is_some_and(|src| src.contains(&picture));
            Some((row, cells.position(is_it)?))
        });
        let (row, column) = place.expect("its picture is on the sheet");
        assert_eq!(ran["denoise"].as_f64(), Some(number(&shown["columns"][column])), "{picture}");
        assert_eq!(ran["cfg"].as_f64(), Some(number(&shown["rows"][row])), "{picture}");
        assert!(met.insert((row, column)));
    }
    assert_eq!(met.len(), 12);
}

/// On a finished sheet: a winner, a reject, and from the winner a closer sweep.
async fn marked_and_closer(window: &Window) {
    let cell = |n: u32| format!("document.querySelectorAll('[data-testid=sheet-cell]')[{n}]");
    let press = async |n: u32, key: &str| {
        let at = cell(n);
        window
            .js(&format!(
                "{at}.focus();
                 {at}.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }}))"
            ))
            .await;
    };
    let until_marked = async |n: u32, mark: &str| {
        let at = cell(n);
        window
            .until_js(
                &format!("cell {n} is {mark}"),
                &format!("return {at}.dataset.mark === '{mark}'"),
            )
            .await;
    };
    press(0, "w").await;
    until_marked(0, "winner").await;
    press(6, "w").await;
    until_marked(6, "winner").await;
    press(3, "Delete").await;
    until_marked(3, "rejected").await;
    let winners = window
        .js("return document.querySelectorAll('[data-testid=sheet-cell][data-mark=winner]').length")
        .await;
    assert_eq!(winners, json!(1), "a sheet has one winner");
    window.js(&format!("{}.focus()", cell(6))).await;
    window.until_js(
        "the side tells of the winner",
        "return document.querySelector('[data-testid=sheet-closer]')?.innerText.includes('0.65 to 0.85')",
    ).await;
    window.picture("sheet marked").await;
    window.click("sheet-closer").await;
    window
        .until_js(
            "five closer values are set up, one of them made",
            "return document.querySelector('[data-testid=queue-all]')?.innerText.includes('4 jobs')",
        )
        .await;
    window.click("compose-more").await;
    window
        .js("[...document.querySelectorAll('[role=menuitem]')]
                .find((item) => item.innerText.includes('Wildcards')).click()")
        .await;
    window.until("the wildcards are shown", "[data-testid=wildcards]").await;
    window.picture("wildcards").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_picture_and_a_painted_mask_reach_the_server() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let workflow = json!({
        "1": { "class_type": "LoadImage", "inputs": { "image": "none.png" } },
        "2": { "class_type": "MaskToImage", "inputs": { "mask": ["1", 1] } },
        "3": { "class_type": "SaveImage",
               "inputs": { "filename_prefix": "mask", "images": ["2", 0] } }
    });
    let path = files::write(desktop.dir(), "mask.json", &workflow);
    let window = Window::open(&desktop).await;
    window.until("the first start says hello", "[data-testid=welcome]").await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    let draft = opened(&window, &path).await;
    // A picture that another program copied.
    let copied = desktop.dir().join("boat.png");
    std::fs::write(&copied, files::plain_picture(200)).expect("a picture");
    let clipboard = desktop.python("clipboard.py", std::slice::from_ref(&copied));
    clipboard.line();
    desktop.focus("Safelight");
    window.js("document.querySelector('[data-testid=file-knob] button').focus()").await;
    desktop.xdotool(&["key", "ctrl+v"]);
    window
        .until_js(
            "the picture is shown with its size",
            "const image = document.querySelector('[data-testid=file-knob] img');
             return image?.complete && image.naturalWidth === 96",
        )
        .await;
    window.click("paint-mask").await;
    window.until("the painter opens", "[data-testid=mask-painter] canvas").await;
    let canvas = window.find("[data-testid=mask-painter] [aria-label^=\"The picture\"]").await;
    canvas.click().await.expect("it takes the focus");
    canvas.send_keys(" ").await.expect("it takes keys");
    window.picture("mask painter").await;
    window.click("mask-done").await;
    window
        .until_js(
            "the painted picture goes in",
            "return document.querySelector('[data-testid=mask-painter]') === null",
        )
        .await;
    saved(&window).await;
    window.click("queue-all").await;
    let jobs = window.succeeded(1).await;
    // Another job with the same picture finds it there: it went up once.
    let source = json!({ "from": "draft", "id": draft });
    let mut state =
        window.invoke("compose_open", json!({ "source": source })).await["state"].take();
    let prefix = json!({ "node": "3", "input": "filename_prefix", "json": "\"again\"" });
    state["values"].as_array_mut().expect("values").push(prefix);
    let batch = uuid::Uuid::now_v7();
    let queue = json!({ "draft": draft, "batch_id": batch, "state": state, "test": false });
    window.invoke("compose_queue", queue).await;
    window.succeeded(2).await;
    let asked = server.record().asked;
    let went_up = asked.iter().filter(|asked| asked.path.contains("/upload/"));
    assert_eq!(went_up.count(), 1);
    // The server has the picture with a hole where it was painted: its mask is white there.
    let image = prompt_at(&server, &jobs[0]).await["1"]["inputs"]["image"].clone();
    assert!(image.as_str().expect("a name").starts_with("safelight/"), "{image}");
    let entry = files::history(&server.url(), jobs[0]["id"].as_str().expect("an id")).await;
    let file = files::view(&server.url(), &entry).await;
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("pixels");
    let (width, height) = reader.info().size();
    let channels = pixels.len() / (width * height) as usize;
    let at = |x: u32, y: u32| pixels[(y * width + x) as usize * channels];
    // Painted in the middle, where it was clicked, and nowhere near the corners.
    assert!(at(width / 2, height / 2) > 200, "the middle is {}", at(width / 2, height / 2));
    for (x, y) in [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)] {
        assert!(at(x, y) < 50, "the corner at {x}, {y} is {}", at(x, y));
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_typing_loses_nothing_that_was_said_to_be_saved() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let path =
        files::write(desktop.dir(), "harbour.json", &files::classic("a quiet harbour", 7, 3));
    let window = Window::open(&desktop).await;
    window.until("the first start says hello", "[data-testid=welcome]").await;
    window.add_server(&server.url()).await;
    window.until_server_is_known().await;
    let draft = opened(&window, &path).await;
    typed(&window, "6", "text", "half a thought about").await;
    saved(&window).await;
    // Half a number is no value, and what was typed all the same; then on in the text, without a pause,
    // and the end comes between two keys.
    typed(&window, "3", "seed", "-").await;
    saved(&window).await;
    window
        .js("const field = [...document.querySelectorAll('[data-testid=knob] textarea')]
                 .find((one) => one.value === 'half a thought about');
             window.going = setInterval(() => {
                 field.value += ' x';
                 field.dispatchEvent(new Event('input', { bubbles: true }));
             }, 50)")
        .await;
    window
        .until_async(
            "some of it is kept while it goes on",
            "const [done] = arguments;
             window.__TAURI_INTERNALS__.invoke('start_get', { input: { server: null } })
                 .then((start) => done((start.drafts[0]?.prompt ?? '').endsWith(' x x')), () => done(false))",
        )
        .await;
    window.kill();
    let window = Window::open(&desktop).await;
    window.until("it starts again", "[data-testid=nav-queue], [data-testid=queue]").await;
    let start = window.invoke("start_get", json!({ "server": null })).await;
    assert_eq!(start["drafts"][0]["id"], json!(draft));
    window.js("location.hash = '#/new'").await;
    window.until("the draft is offered", "[data-testid=new-row]").await;
    window.picture("new job").await;
    window.js(&format!("location.hash = '#/compose/{draft}'")).await;
    window
        .until_js(
            "what was typed is there",
            "return [...document.querySelectorAll('[data-testid=knob] textarea')]
                .some((field) => /^half a thought about( x){2,}$/.test(field.value))",
        )
        .await;
    let field = format!("[data-knob={}] input[type=text]", json!(r#"["3","seed"]"#));
    window
        .until_js(
            "half a number is there, and is said to be none",
            &format!(
                "const field = document.querySelector({});
                 return field?.value === '-' && field.getAttribute('aria-invalid') === 'true'",
                json!(field)
            ),
        )
        .await;
    server.stop().await;
}

/// Looks at the page after Tab before it is pressed again.
const LOOKS: u32 = 50;

/// Presses Tab until the focus is on an element with this test id.
async fn tab_to(desktop: &Desktop, window: &Window, id: &str) {
    for _ in 0..60 {
        let at = window
            .js("window.before = document.activeElement;
                 return window.before?.dataset.testid ?? ''")
            .await;
        if at == json!(id) {
            return;
        }
        desktop.xdotool(&["key", "Tab"]);
        // The page takes the key later than it is pressed. Where Tab leads nowhere, nothing changes.
        for _ in 0..LOOKS {
            if window.js("return document.activeElement !== window.before").await == json!(true) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
    window.picture("failed").await;
    panic!("Tab does not lead to {id}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_picture_comes_from_nothing_by_the_keyboard_alone() {
    let desktop = Desktop::new();
    let window = Window::open(&desktop).await;
    window.until("the first start says hello", "[data-testid=welcome]").await;
    desktop.focus("Safelight");
    tab_to(&desktop, &window, "practice-start").await;
    desktop.xdotool(&["key", "Return"]);
    window.until("the practice engine runs", "[data-testid=server-chip][data-link=online]").await;
    desktop.xdotool(&["key", "ctrl+n"]);
    window
        .until_js(
            "its starters are offered",
            "return [...document.querySelectorAll('[data-testid=new-row]')]
                .some((row) => row.innerText.includes('Text to picture'))",
        )
        .await;
    desktop.xdotool(&["type", "Text to picture"]);
    window
        .until_js(
            "it is the first",
            "return document.querySelector('[data-testid=new-row]').innerText.startsWith('Text to picture')",
        )
        .await;
    desktop.xdotool(&["key", "Return"]);
    window.until("the plain form opens", "[data-testid=plain-form] textarea").await;
    // The prompt has the focus at once: nobody wants to look for it.
    window
        .until_js(
            "the prompt has the focus",
            "return document.activeElement?.matches('[data-testid=plain-form] textarea') ?? false",
        )
        .await;
    desktop.xdotool(&["type", "a red lamp in a dark room"]);
    saved(&window).await;
    window.picture("plain form").await;
    desktop.xdotool(&["key", "ctrl+Return"]);
    let jobs = window.succeeded(1).await;
    assert_eq!(jobs[0]["facts"]["prompt"], json!("a red lamp in a dark room"));
    assert_eq!(jobs[0]["practice"], json!(true));
    window
        .until_js(
            "the picture is there to be seen",
            "return [...document.querySelectorAll('img')].some((image) =>
                 image.src.includes('asset/') && image.complete && image.naturalWidth > 0
                     && image.getBoundingClientRect().width > 0)",
        )
        .await;
    window.picture("first picture").await;
}
