//! How text is made comparable.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case without accents, so that "Café" is found by "cafe".
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|sign| !is_combining_mark(*sign)).flat_map(char::to_lowercase).collect()
}

/// The letters and digits of folded text alone, so that "flux1dev" is in "flux1-dev-fp8".
pub(crate) fn squeezed(folded: &str) -> String {
    folded.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// A file's name without folder and ending; both kinds of slashes, since servers run on either.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && is_ending(ending) => stem,
        _ => name,
    }
}

/// `sd_xl_base_1.0` has no ending.
fn is_ending(ending: &str) -> bool {
    const ENDINGS: &[&str] =
        &["safetensors", "sft", "ckpt", "pt", "pt2", "pth", "bin", "gguf", "onnx", "pkl"];
    ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}
