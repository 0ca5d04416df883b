//! What several tests do with the viewer: a picture is opened in it, keys are pressed, and colours are read
//! from the screen.

use super::{Desktop, SOON, Window};
use serde_json::json;
use std::{path::Path, time::Instant};

/// 24 frames, 12 a second, 96 x 64; frame `n`, counted from 0, is grey with a luma of about 16 + 9 n: on the
/// screen 8 for frame 1, then 19, 29, 40.
pub const STEPS: &[u8] = include_bytes!("../../fixtures/steps.webm");

/// Presses keys where the focus is.
pub async fn press(window: &Window, keys: &str) {
    let body = window.find("body").await;
    body.send_keys(keys).await.expect("keys");
}

/// Opens the first cell of the gallery and waits for its picture.
pub async fn open_first(window: &Window) {
    let cell = window.find("[data-testid=gallery-cell]").await;
    cell.click().await.expect("a click");
    cell.send_keys("\u{e007}").await.expect("Enter");
    window
        .until_js(
            "the viewer shows the picture",
            "const image = document.querySelector('[data-testid=viewer-image]');
             return image?.complete && image.naturalWidth > 0",
        )
        .await;
}

/// Writes plain pictures into a folder, the first one the newest; `again`: with a prompt, so that its
/// content is another one.
pub fn plain(folder: &Path, pictures: &[(&str, [u8; 3], bool)]) {
    std::fs::create_dir_all(folder).expect("a folder");
    for ((name, colour, again), age) in pictures.iter().zip(0..) {
        let picture = image::RgbImage::from_pixel(240, 160, image::Rgb(*colour));
        let prompt = again.then(|| super::files::classic(name, 1, 20));
        let content = super::files::made(&picture, prompt.as_ref());
        let path = folder.join(format!("{name}.png"));
        super::files::finished(&path, &content, 1_704_110_400 - age * 60);
    }
}

/// Waits until a part of an element has a colour on the screen; the parts are of its width and height.
pub async fn coloured(
    desktop: &Desktop,
    window: &Window,
    css: &str,
    (across, down): (f64, f64),
    wanted: [u8; 3],
) {
    let script = format!(
        "const box = document.querySelector({})?.getBoundingClientRect();
         return box && [box.x + box.width * {across}, box.y + box.height * {down}]",
        json!(css)
    );
    let until = Instant::now() + SOON;
    loop {
        let place = window.until_js(&format!("{css} is there"), &script).await;
        let (left, top, ..) = desktop.place_of("Safelight");
        #[allow(clippy::cast_possible_truncation)]
        let at = |of: usize, from: i32| from + place[of].as_f64().expect("a number") as i32;
        let seen = desktop.screen(at(0, left), at(1, top), 1, 1);
        if seen == wanted {
            return;
        }
        if Instant::now() > until {
            window.picture("failed").await;
            panic!("{css} is {seen:?} at {across} of its width, not {wanted:?}");
        }
    }
}

/// Waits until a frame of [`STEPS`] is seen in the middle of an element.
pub async fn seen_frame(window: &Window, css: &str, wanted: u32) {
    let until = Instant::now() + SOON;
    loop {
        let video = window.find(css).await;
        let seen = grey_frame(&video.screenshot().await.expect("a picture"));
        if seen == wanted {
            return;
        }
        assert!(Instant::now() < until, "{css} shows frame {seen}, not {wanted}");
    }
}

/// Which frame of the video the middle of a picture shows.
fn grey_frame(png: &[u8]) -> u32 {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a small picture")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    let at = info.line_size * (info.height as usize / 2)
        + info.color_type.samples() * (info.width as usize / 2);
    let level = f64::from(pixels[at]) * 219.0 / 255.0 / 9.0;
    format!("{level:.0}").parse().expect("a number")
}
