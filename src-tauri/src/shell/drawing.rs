//! Who draws the window, on Linux: the graphics card, or the processor where there is none.
//!
//! Without a card OpenGL is computed by Mesa, and WebKitGTK draws the page through it: frames take about
//! twice as long as without OpenGL (WebKitGTK 2.50, docs/BENCHMARKS.md). So OpenGL is left out there.
//! WebKitGTK reads that from the environment only.

use std::{env, ffi::OsStr, fs, path::Path, process::ExitCode};

/// Leaves OpenGL out of the drawing of pages. Drawings of a page by itself (WebGL) still have it.
const WITHOUT: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
/// With one of these somebody has chosen already.
const CHOICES: [&str; 4] = [
    WITHOUT,
    "WEBKIT_DISABLE_COMPOSITING_MODE",
    "WEBKIT_SKIA_ENABLE_CPU_RENDERING",
    "WEBKIT_FORCE_COMPOSITING_MODE",
];
/// Mesa's word for computing OpenGL whatever card there is.
const SOFTWARE: &str = "LIBGL_ALWAYS_SOFTWARE";
/// What is there when a card draws: Mesa's cards, NVIDIA's own driver, Windows' card in WSL.
const CARDS: [&str; 3] = ["/dev/dri", "/dev/nvidiactl", "/dev/dxg"];

/// Starts the program again in place of this one, without OpenGL, if OpenGL would be computed and nobody
/// has chosen how it is drawn. Answers where it goes on as it is.
pub fn start_without_opengl() -> Option<ExitCode> {
    let chosen = CHOICES.iter().any(|name| env::var_os(name).is_some());
    if chosen || !is_computed(env::var_os(SOFTWARE).as_deref(), &CARDS.map(Path::new)) {
        return None;
    }
    super::again::start_with(WITHOUT, "1")
}

/// Whether OpenGL is computed by the processor.
fn is_computed(asked: Option<&OsStr>, cards: &[&Path]) -> bool {
    let asked = asked.is_some_and(|word| word == "1" || word.eq_ignore_ascii_case("true"));
    asked || !cards.iter().any(|card| draws(card))
}

/// Whether a card is there that draws: of a folder of cards one, besides those that only show (`card0`).
fn draws(card: &Path) -> bool {
    match fs::read_dir(card) {
        Ok(nodes) => {
            nodes.flatten().any(|node| node.file_name().as_encoded_bytes().starts_with(b"renderD"))
        }
        Err(_) => card.exists() && !card.is_dir(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn opengl_is_computed_when_it_is_asked_for_or_no_card_draws() {
        let folder = tempfile::tempdir().unwrap();
        let of = |name: &str| folder.path().join(name);
        for name in ["showing/card0", "drawing/renderD128"] {
            fs::create_dir_all(of(name).parent().unwrap()).unwrap();
            fs::write(of(name), "").unwrap();
        }
        fs::write(of("nvidiactl"), "").unwrap();
        let (showing, drawing, nvidia, none) =
            (of("showing"), of("drawing"), of("nvidiactl"), of("none"));
        for (asked, cards, computed) in [
            (None, vec![], true),
            (None, vec![&none], true),
            (None, vec![&showing], true),
            (None, vec![&showing, &nvidia], false),
            (None, vec![&drawing], false),
            (Some("0"), vec![&drawing], false),
            (Some("1"), vec![&drawing], true),
            (Some("TRUE"), vec![&drawing], true),
        ] {
            let cards: Vec<&Path> = cards.into_iter().map(|card| card.as_path()).collect();
            assert_eq!(is_computed(asked.map(OsStr::new), &cards), computed, "{asked:?} {cards:?}");
        }
    }
}
