//! The generator of Civitai writes A1111's text with `Civitai resources: [{"type": "checkpoint",
//! "modelVersionId": …, "modelName": …, "modelVersionName": …}, {"type": "lora", "weight": 0.8, …}]`
//! in the place of a model (learnt from files it wrote: `samples/jpg/civitai.jpeg` of
//! enslo/sd-metadata, commit 0270638).

use super::{
    Parameters,
    object::{entry, parse},
};
use serde_json::Value;

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
