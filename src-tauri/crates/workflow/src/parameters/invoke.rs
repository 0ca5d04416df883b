//! InvokeAI, in PNG texts: `invokeai_metadata` since version 3 (`invokeai/app/invocations/metadata.py`,
//! commit 8e71a8a), `sd-metadata` from 1.15 to 2.3, and `Dream`, a command with its options, before
//! and beside it (`invokeai/backend/image_util/pngwriter.py` and
//! `invokeai/frontend/install/import_images.py` of the same commit).

use super::{
    Parameters, Setting,
    object::{Object, entry, text},
    setting::Names,
};
use serde_json::Value;

/// What it calls scheduler is the sampler elsewhere.
const NAMES: &Names = &[
    ("positiveprompt", Setting::Prompt),
    ("negativeprompt", Setting::Negative),
    ("seed", Setting::Seed),
    ("steps", Setting::Steps),
    ("cfgscale", Setting::Cfg),
    ("guidance", Setting::Guidance),
    ("scheduler", Setting::Sampler),
    ("sampler", Setting::Sampler),
    ("width", Setting::Width),
    ("height", Setting::Height),
    ("strength", Setting::Denoise),
    ("modelweights", Setting::Model),
];

/// The options of `Dream` that are facts.
const OPTIONS: [(&str, Setting); 9] = [
    ("s", Setting::Steps),
    ("S", Setting::Seed),
    ("W", Setting::Width),
    ("H", Setting::Height),
    ("C", Setting::Cfg),
    ("A", Setting::Sampler),
    // As the first versions called it.
    ("m", Setting::Sampler),
    ("f", Setting::Denoise),
    ("strength", Setting::Denoise),
];

pub(super) fn metadata(object: &Object) -> Option<Parameters> {
    if !object.contains_key("positive_prompt") && !object.contains_key("generation_mode") {
        return None;
    }
    let mut found = Parameters::default();
    found.entries(object, NAMES, &["loras"]);
    for model in ["model", "refiner_model"].iter().filter_map(|key| object.get(*key)) {
        found.model(&name_of(model).unwrap_or_default());
    }
    for lora in object.get("loras").and_then(Value::as_array).into_iter().flatten() {
        let name = lora.get("model").or(lora.get("lora")).and_then(name_of).unwrap_or_default();
        found.lora(&name, lora.get("weight").and_then(text).as_deref());
    }
    Some(found)
}

/// The name of a model, which was `model_name` in version 3.
fn name_of(model: &Value) -> Option<String> {
    let model = model.as_object()?;
    entry(model, "name").or_else(|| entry(model, "model_name"))
}

pub(super) fn sd_metadata(object: &Object) -> Option<Parameters> {
    let image = object.get("image")?.as_object()?;
    // One prompt, or several with their weights.
    let prompt = match image.get("prompt")? {
        Value::Array(parts) => {
            let parts = parts.iter().filter_map(|part| part.get("prompt").and_then(text));
            parts.collect::<Vec<_>>().join("\n\n")
        }
        one => text(one)?,
    };
    let mut found = Parameters::default();
    words(&prompt, &mut found);
    found.entries(object, NAMES, &["image"]);
    found.entries(image, NAMES, &["prompt"]);
    Some(found)
}

/// `"a cat [blur]" -s 50 -S 42 -W 512 -H 768 -C 7.5 -A k_lms`, or the same without the spaces.
pub(super) fn dream(text: &str) -> Option<Parameters> {
    let (prompt, options) = text.strip_prefix('"')?.rsplit_once("\" -")?;
    let mut found = Parameters::default();
    words(prompt, &mut found);
    let mut parts = options.split_whitespace().peekable();
    while let Some(part) = parts.next() {
        let part = part.trim_start_matches('-');
        let known = OPTIONS.iter().find(|(name, _)| *name == part);
        if let Some(value) = parts.next_if(|next| !is_option(next)) {
            if !known.is_some_and(|(_, setting)| found.set(*setting, value)) {
                found.other(part, value);
            }
        } else if let Some((setting, value)) = OPTIONS.iter().find_map(|(name, setting)| {
            // `-s50`
            let value = part.strip_prefix(name).filter(|_| name.len() == 1)?;
            (!value.is_empty()).then_some((setting, value))
        }) {
            found.set(*setting, value);
        }
    }
    (found.facts.steps.is_some() || found.facts.seed.is_some()).then_some(found)
}

/// An option, and no number below 0.
fn is_option(part: &str) -> bool {
    part.strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-'))
}

/// What stands in square brackets is what should not be seen.
fn words(prompt: &str, found: &mut Parameters) {
    let (mut wanted, mut unwanted, mut rest) = (String::new(), Vec::new(), prompt);
    while let Some((before, (inside, after))) =
        rest.split_once('[').and_then(|(before, rest)| Some((before, rest.split_once(']')?)))
    {
        wanted.push_str(before);
        unwanted.push(inside.trim());
        rest = after;
    }
    wanted.push_str(rest);
    found.set(Setting::Prompt, &wanted);
    found.set(Setting::Negative, &unwanted.join(", "));
}
