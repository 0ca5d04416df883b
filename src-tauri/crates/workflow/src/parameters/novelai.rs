//! NovelAI, which has no published source: in PNG the texts `Title`, `Description` (the prompt),
//! `Software`, `Source` (the model) and `Comment`, JSON of the settings; in WebP an object of the same
//! texts as `UserComment`. Learnt from files it wrote (`tests/resources/parsers/NovelAI` of
//! d3x-at/sd-parsers, commit 0949676; `samples` of enslo/sd-metadata, commit 0270638). Of PNG texts
//! such an object is made where they are read.

use super::{
    Parameters, Setting,
    object::{Object, entry, parse, text},
    setting::Names,
};
use serde_json::Value;

const NAMES: &Names = &[
    ("prompt", Setting::Prompt),
    ("uc", Setting::Negative),
    ("seed", Setting::Seed),
    ("steps", Setting::Steps),
    ("scale", Setting::Cfg),
    ("sampler", Setting::Sampler),
    ("noiseschedule", Setting::Scheduler),
    ("strength", Setting::Denoise),
    ("width", Setting::Width),
    ("height", Setting::Height),
];

pub(super) fn read(object: &Object) -> Option<Parameters> {
    let inner = match object.get("Comment") {
        Some(Value::String(text)) => Some(parse(text)?),
        Some(other) => Some(other.as_object()?.clone()),
        None => None,
    };
    let settings = inner.as_ref().unwrap_or(object);
    // Draw Things has a `uc` as well.
    if !settings.contains_key("scale") || !settings.contains_key("uc") || settings.contains_key("c")
    {
        return None;
    }
    let mut found = Parameters::default();
    if inner.is_some() {
        if let Some(prompt) = entry(object, "Description") {
            found.set(Setting::Prompt, &prompt);
        }
        found.entries(object, &[("source", Setting::Model)], &["comment", "description"]);
    }
    found.entries(settings, NAMES, &["v4prompt", "v4negativeprompt"]);
    for (key, setting) in
        [("v4_prompt", Setting::Prompt), ("v4_negative_prompt", Setting::Negative)]
    {
        // Since version 4 each figure has words of its own.
        let captions = settings.get(key).and_then(|prompt| prompt.get("caption"));
        let Some(base) = captions.and_then(|captions| text(captions.get("base_caption")?)) else {
            continue;
        };
        let figures = captions.and_then(|captions| captions.get("char_captions")?.as_array());
        let figures = figures.into_iter().flatten();
        let figures = figures.filter_map(|figure| text(figure.get("char_caption")?));
        let texts: Vec<String> = [base].into_iter().chain(figures).collect();
        found.set(setting, &texts.join("\n\n"));
    }
    Some(found)
}
