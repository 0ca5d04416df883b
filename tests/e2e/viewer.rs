//! The viewer: what differs between two pictures, marks without leaving, walking without a flash, a video
//! by frames, and models.

use crate::support::{
    Desktop, SOON, Window, files, gallery,
    viewer::{STEPS, open_first, press, seen_frame},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const CONTROL: &str = "\u{e009}";
const ESCAPE: &str = "\u{e00c}";
const RELEASE: &str = "\u{e000}";
const RIGHT: &str = "\u{e014}";

/// What a script gives about the page.
async fn value(window: &Window, expression: &str) -> Value {
    window.js(&format!("return {expression}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_between_two_pictures_is_listed_and_nothing_else() {
    let desktop = Desktop::new();
    let server = files::server(desktop.dir(), 0, Duration::ZERO).await;
    let window = Window::open(&desktop).await;
    window.add_server(&server.url()).await;
    let first = files::write(desktop.dir(), "a.json", &files::classic("a fjord at dusk", 11, 4));
    let mut other = files::classic("a fjord at dawn", 11, 6);
    other["3"]["inputs"]["cfg"] = json!(5.5);
    let second = files::write(desktop.dir(), "b.json", &other);
    window.submit(&[first]).await;
    window.succeeded(1).await;
    window.submit(&[second]).await;
    window.succeeded(2).await;
    window.click("nav-gallery").await;
    window
        .until_js(
            "both are in the gallery",
            "return document.querySelectorAll('[data-testid=gallery-cell]').length === 2",
        )
        .await;
    open_first(&window).await;

    press(&window, "c").await;
    window
        .until_js(
            "A and B are beside each other",
            "return location.hash.includes('+')
                && document.querySelector('[data-testid=viewer-image-a]')?.naturalWidth > 0
                && document.querySelector('[data-testid=stage]').dataset.mode === 'wipe'",
        )
        .await;
    window
        .until_js(
            "what differs is told",
            "return document.querySelectorAll('[data-testid=differs-row]').length === 2",
        )
        .await;
    let rows = value(
        &window,
        "[...document.querySelectorAll('[data-testid=differs-row]')]
            .map((row) => row.innerText.replace(/\\s+/g, ' ').trim())",
    )
    .await;
    // The newest was looked at first: it is A.
    assert_eq!(rows, json!(["Steps 6 4", "CFG 5.5 7.0"]), "the seed is the same in both");
    let words = value(
        &window,
        "['del', 'ins'].map((name) =>
            document.querySelector(`[data-testid=differs-prompt] ${name}`)?.innerText)",
    )
    .await;
    assert_eq!(words, json!(["dawn", "dusk"]));
    window.picture("viewer wipe").await;

    let line = window.find("[data-testid=viewer-wipe]").await;
    line.send_keys(&RIGHT.repeat(3)).await.expect("keys");
    assert_eq!(line.attr("aria-valuenow").await.expect("a page"), Some("53".to_owned()));

    let before = value(&window, "location.hash").await;
    press(&window, "x").await;
    window.until_js("they are swapped", &format!("return location.hash !== {before}")).await;
    window.js("dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))").await;
    window
        .until_js(
            "A is seen alone while its key is held",
            "return document.querySelector('[data-testid=viewer-image]') === null
                && document.querySelector('[data-testid=viewer-image-a]') !== null",
        )
        .await;
    window.js("dispatchEvent(new KeyboardEvent('keyup', { key: 'a', bubbles: true }))").await;
    for mode in ["side", "difference"] {
        window.click(&format!("viewer-mode-{mode}")).await;
        window
            .until_js(
                mode,
                &format!(
                    "return document.querySelector('[data-testid=stage]').dataset.mode === '{mode}'
                        && document.querySelector('[data-testid=viewer-image]') !== null"
                ),
            )
            .await;
        window.picture(&format!("viewer {mode}")).await;
    }
    press(&window, "c").await;
    window.until_js("comparing ended", "return !location.hash.includes('+')").await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_rated_and_walked_without_leaving_and_without_a_flash() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("renders");
    std::fs::create_dir_all(&folder).expect("a folder");
    for number in 0..8_u8 {
        let path = folder.join(format!("lamp {number}.png"));
        std::fs::write(path, files::plain_picture(20 * number)).expect("a file");
    }
    let window = gallery::over(&desktop, &folder, 8).await;
    open_first(&window).await;
    press(&window, "4").await;
    window
        .until_js(
            "the stars are shown",
            "return document.querySelector('[data-testid=viewer-stars]').dataset.rating === '4'",
        )
        .await;
    // From now on each frame is looked at: is there a picture on the stage?
    window
        .js("window.looked = { frames: 0, empty: 0, seen: new Set() };
            const look = () => {
                const image = document.querySelector('[data-testid=viewer-image]');
                looked.frames += 1;
                if (image?.complete && image.naturalWidth > 0) looked.seen.add(image.src.split('/').at(-2));
                else looked.empty += 1;
                requestAnimationFrame(look);
            };
            requestAnimationFrame(look)")
        .await;
    window.until_js("the first one was looked at", "return looked.seen.size === 1").await;
    for place in 2..=8 {
        press(&window, RIGHT).await;
        window
            .until_js(
                "the next one is on the stage",
                &format!(
                    "return document.querySelector('[data-testid=viewer-place]').innerText
                        .startsWith('{place} of 8') && looked.seen.size === {place}"
                ),
            )
            .await;
    }
    assert_eq!(value(&window, "looked.empty").await, json!(0), "the stage is never empty");
    press(&window, "f").await;
    window.until("it is a favourite", "[data-testid=viewer-favourite][aria-pressed=true]").await;
    window.picture("viewer rated").await;
    press(&window, &format!("{CONTROL}z{RELEASE}")).await;
    window.until("it is none any more", "[data-testid=viewer-favourite][aria-pressed=false]").await;
    press(&window, ESCAPE).await;
    window.until_js("the gallery is there", "return location.hash === '#/gallery'").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_is_stepped_frame_by_frame() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("films");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("steps.webm"), STEPS).expect("a file");
    let window = gallery::over(&desktop, &folder, 1).await;
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.click().await.expect("a click");
    cell.send_keys("\u{e007}").await.expect("Enter");
    window
        .until_js(
            "the video is ready",
            "const video = document.querySelector('video[data-testid=viewer-image]');
             return video !== null && video.readyState >= 2 && video.videoWidth === 96",
        )
        .await;
    press(&window, ".").await;
    frame(&window, 1).await;
    for wanted in [2, 3, 4] {
        press(&window, ".").await;
        frame(&window, wanted).await;
    }
    for wanted in [3, 2] {
        press(&window, ",").await;
        frame(&window, wanted).await;
    }
    window.picture("viewer video").await;
    press(&window, " ").await;
    window.until_js("it plays", "return !document.querySelector('video').paused").await;

    // In the gallery it plays as long as the pointer is over it.
    press(&window, ESCAPE).await;
    window.until_js("the gallery is there", "return location.hash === '#/gallery'").await;
    gallery::point(&desktop, &window, "[data-testid=gallery-cell]").await;
    window
        .until_js(
            "it plays in its cell",
            "const video = document.querySelector('[data-testid=gallery-cell] video');
             return video !== null && !video.paused && video.currentTime > 0",
        )
        .await;
    window.picture("gallery video").await;
    window
        .until_js(
            "it begins anew",
            "const video = document.querySelector('[data-testid=gallery-cell] video');
             window.most = Math.max(window.most ?? 0, video.currentTime);
             return window.most > 1.5 && video.currentTime < 1 && !video.paused",
        )
        .await;
    gallery::point(&desktop, &window, "[data-testid=gallery-count]").await;
    let over = "return document.querySelector('[data-testid=gallery-cell] video') === null";
    window.until_js("it is still again", over).await;
}

/// Waits until this frame is told and seen.
async fn frame(window: &Window, wanted: u32) {
    window
        .until_js(
            "the frame is told",
            &format!(
                "return document.querySelector('[data-testid=viewer-frame]')?.dataset.frame
                    === '{wanted}'"
            ),
        )
        .await;
    seen_frame(window, "video", wanted).await;
}

/// A glTF file: one red triangle, 2 wide and 2 high, seen from both sides, in its own light.
fn sail() -> Vec<u8> {
    let corners: [f32; 9] = [-1.0, -1.0, 0.0, 1.0, -1.0, 0.0, 0.0, 1.0, 0.0];
    let buffer: Vec<u8> = corners.iter().flat_map(|corner| corner.to_le_bytes()).collect();
    let scene = json!({
        "asset": { "version": "2.0" },
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "mesh": 0 }],
        "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 }, "material": 0 }] }],
        "materials": [{
            "doubleSided": true,
            "pbrMetallicRoughness": { "baseColorFactor": [0, 0, 0, 1], "metallicFactor": 0 },
            "emissiveFactor": [1, 0, 0]
        }],
        "accessors": [{
            "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
            "min": [-1, -1, 0], "max": [1, 1, 0]
        }],
        "bufferViews": [{ "buffer": 0, "byteLength": buffer.len() }],
        "buffers": [{ "byteLength": buffer.len() }]
    });
    let mut scene = serde_json::to_vec(&scene).expect("a scene");
    scene.resize(scene.len().next_multiple_of(4), b' ');
    let mut file = b"glTF".to_vec();
    let length = |bytes: usize| u32::try_from(bytes).expect("a small file").to_le_bytes();
    file.extend(2_u32.to_le_bytes());
    file.extend(length(12 + 8 + scene.len() + 8 + buffer.len()));
    for (kind, chunk) in [(b"JSON", &scene), (b"BIN\0", &buffer)] {
        file.extend(length(chunk.len()));
        file.extend(kind);
        file.extend(chunk);
    }
    file
}

/// How many points of the screen where the model is drawn are red.
async fn red(desktop: &Desktop, window: &Window) -> usize {
    let place = value(
        window,
        "(({ x, y, width, height }) => [x, y, width, height])(
            document.querySelector('[data-testid=viewer-image]').getBoundingClientRect())",
    )
    .await;
    let [x, y, width, height] = [0, 1, 2, 3].map(|at| place[at].as_f64().expect("a number") as i32);
    let (left, top, ..) = desktop.place_of("Safelight");
    let points = desktop.screen(left + x, top + y, width, height);
    points.chunks_exact(3).filter(|rgb| rgb[0] > 120 && rgb[1] < 90 && rgb[2] < 90).count()
}

/// Opens a model and turns it until it is seen from its edge.
async fn turn_a_model(desktop: &Desktop, name: &str, content: &[u8]) -> Window {
    let folder = desktop.dir().join("models");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(name), content).expect("a file");
    let window = gallery::over(desktop, &folder, 1).await;
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.click().await.expect("a click");
    cell.send_keys("\u{e007}").await.expect("Enter");
    window.until("the model is read", "[data-testid=viewer-image][data-shown=true]").await;
    let facts = value(&window, "document.querySelector('[aria-label=\"3D\"]').innerText").await;
    assert!(facts.as_str().is_some_and(|facts| facts.starts_with("1 triangle\n")), "{facts}");

    let until = Instant::now() + SOON;
    let mut front = red(desktop, &window).await;
    while front < 5_000 {
        assert!(Instant::now() < until, "{front} points of the sail are seen");
        front = red(desktop, &window).await;
    }
    // It is seen from 27° at first, and turns by 7.5°.
    window
        .js("const stage = document.querySelector('[role=application]');
             for (let step = 0; step < 8; step += 1)
                 stage.dispatchEvent(
                     new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))")
        .await;
    let until = Instant::now() + SOON;
    let mut edge = red(desktop, &window).await;
    while edge * 4 > front {
        assert!(Instant::now() < until, "{edge} of {front} points are seen of the turned sail");
        edge = red(desktop, &window).await;
    }
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_drawn_and_turned() {
    let desktop = Desktop::new();
    let window = turn_a_model(&desktop, "sail.glb", &sail()).await;
    window.click("viewer-model-reset").await;
    window.picture("viewer model").await;
}

/// Whether the only cell of the grid has a picture with red in its middle, where the sail is.
const DRAWN: &str = "const picture = document.querySelector('[data-testid=cell-model]');
    if (!picture?.complete || picture.naturalWidth === 0) return false;
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
    const drawing = canvas.getContext('2d');
    drawing.drawImage(picture, 0, 0, 64, 64);
    const [red, green, blue, alpha] = drawing.getImageData(32, 32, 1, 1).data;
    return red > 120 && green < 90 && blue < 90 && alpha > 200";

#[tokio::test(flavor = "multi_thread")]
async fn a_model_has_its_picture_from_the_cache_after_a_restart_and_while_its_drive_is_away() {
    let desktop = Desktop::new();
    let folder = desktop.dir().join("models");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("sail.glb"), sail()).expect("a file");
    let window = gallery::over(&desktop, &folder, 1).await;
    window.until_js("the grid draws it", DRAWN).await;
    let id = value(&window, "document.querySelector('[data-testid=gallery-cell]').dataset.assetId")
        .await;
    let id = id.as_str().expect("an id").to_owned();
    // Both sizes of it come to the cache.
    for (size, edge) in [("thumb", 256), ("large", 512)] {
        let kept = format!(
            "const [done] = arguments;
             const media = window.__TAURI_INTERNALS__.convertFileSrc('', 'media');
             fetch(media + 'asset/{id}/{size}')
                 .then((answer) => answer.status === 200 ? answer.blob() : null)
                 .then((png) => png && createImageBitmap(png))
                 .then((picture) => done(picture?.width === {edge}), () => done(false))"
        );
        window.until_async(&format!("{size} is in the cache"), &kept).await;
    }
    window.kill();

    // Without its file nothing can be drawn: the picture is the one that was kept.
    std::fs::rename(&folder, desktop.dir().join("unplugged")).expect("it is renamed");
    let window = Window::open(&desktop).await;
    window.click("nav-gallery").await;
    let away = format!(
        "const cell = document.querySelector('[data-testid=gallery-cell]');
         if (!cell?.innerText.includes('away')) return false;
         {DRAWN}"
    );
    window.until_js("the picture is there while the folder is away", &away).await;
    window.picture("gallery model away").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_graphics_card_opengl_is_left_out_and_a_model_is_drawn_all_the_same() {
    let desktop = Desktop::without_opengl();
    let ply = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n\
        property float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\n\
        element face 1\nproperty list uchar int vertex_indices\nend_header\n\
        -1 -1 0 255 0 0\n1 -1 0 255 0 0\n0 1 0 255 0 0\n3 0 1 2\n";
    let window = turn_a_model(&desktop, "sail.ply", ply.as_bytes()).await;
    let environment = std::fs::read(format!("/proc/{}/environ", window.pid())).expect("it runs");
    let wanted: &[u8] = b"WEBKIT_DISABLE_DMABUF_RENDERER=1";
    assert!(environment.split(|byte| *byte == 0).any(|pair| pair == wanted));
}
