//! The generator of Civitai writes A1111's text with `Civitai resources: [{"type": "checkpoint",
//! "modelVersionId": …, "modelName": …, "modelVersionName": …}, {"type": "lora", "weight": 0.8, …}]`
//! in the place of a model. What it makes larger has a ComfyUI prompt instead, and among its nodes a
//! text `extraMetadata` with an object of settings. Learnt from files it wrote (`samples/jpg` of
//! enslo/sd-metadata, commit 0270638).

use super::{
    Parameters, Setting,
    object::{Object, entry, parse},
    setting::Names,
};
use serde_json::Value;

const NAMES: &Names = &[
    ("prompt", Setting::Prompt),
    ("negativeprompt", Setting::Negative),
    ("seed", Setting::Seed),
    ("steps", Setting::Steps),
    ("cfgscale", Setting::Cfg),
    ("sampler", Setting::Sampler),
    ("width", Setting::Width),
    ("height", Setting::Height),
];

/// Reads the object. Its models are numbers only.
pub(super) fn read(object: &Object) -> Option<Parameters> {
    if !object.contains_key("negativePrompt") || !object.contains_key("cfgScale") {
        return None;
    }
    let mut found = Parameters::default();
    found.entries(object, NAMES, &[]);
    Some(found)
}

/// Takes models and LoRAs that are named; all of it stays a setting.
pub(super) fn resources(list: &str, found: &mut Parameters) {
    let Some(object) = parse(&format!("{{\"resources\":{list}}}")) else { return };
    let resources = object.get("resources").and_then(Value::as_array).into_iter().flatten();
    for resource in resources.filter_map(Value::as_object) {
        let Some(name) = entry(resource, "modelName") else { continue };
        let kind = entry(resource, "type").unwrap_or_default().to_lowercase();
        match kind.as_str() {
            "checkpoint" => found.model(&name),
            "lora" | "lycoris" | "locon" | "dora" => {
                found.lora(&name, entry(resource, "weight").as_deref());
            }
            _ => {}
        }
    }
}
