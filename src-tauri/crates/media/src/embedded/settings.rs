//! Settings of other programs: which texts they are, told by what is in them. They are read by
//! `workflow::parameters`, where the sources of these facts are.
//!
//! Some programs put each value into a text of its own. Of those an object of all texts is made,
//! which is what the same programs write into kinds of files that have only one text.

use super::json;
use serde_json::{Map, Value};

/// Texts of more bytes than this together are no settings of a picture.
const MOST_BYTES: usize = 1 << 20;

/// Entries looked at.
const MOST_ENTRIES: usize = 1_000;

/// Names of entries that come together in objects of settings: SwarmUI; Fooocus, and with the labels
/// of its log; RuinedFooocus; InvokeAI, three times; NovelAI, twice; Draw Things; Easy Diffusion; Civitai.
const SIGNS: [&[&str]; 12] = [
    &["sui_image_params"],
    &["base_model", "guidance_scale"],
    &["Base Model", "Guidance Scale"],
    &["base_model_name", "software"],
    &["positive_prompt"],
    &["generation_mode"],
    &["image", "app_id"],
    &["uc", "scale"],
    &["Comment", "Description"],
    &["c", "uc"],
    &["use_stable_diffusion_model"],
    &["negativePrompt", "cfgScale"],
];

/// Whether an object's text is one of settings.
pub fn is_settings(text: &str) -> bool {
    let keys: Vec<_> = json::entries(text).take(MOST_ENTRIES).map(|(key, _)| key).collect();
    SIGNS.iter().any(|sign| sign.iter().all(|name| keys.iter().any(|key| key == name)))
}

/// The settings among the named texts of a PNG, where they do not stand in `parameters`.
pub fn of_texts(texts: &[(String, String)]) -> Option<String> {
    let text = |name: &str| texts.iter().rev().find(|(key, _)| key == name).map(|(_, text)| text);
    if text("parameters").is_some() {
        return None;
    }
    if let Some(one) = ["invokeai_metadata", "sd-metadata", "Dream"].into_iter().find_map(text) {
        return Some(one.clone());
    }
    let novel = text("Software").is_some_and(|by| by == "NovelAI") && text("Comment").is_some();
    let easy = ["use_stable_diffusion_model", "Stable Diffusion model"].into_iter().find_map(text);
    let bytes: usize = texts.iter().map(|(key, text)| key.len() + text.len()).sum();
    if !(novel || easy.is_some()) || bytes > MOST_BYTES {
        return None;
    }
    let object: Map<String, Value> =
        texts.iter().map(|(key, text)| (key.clone(), Value::from(text.as_str()))).collect();
    Some(Value::Object(object).to_string())
}
