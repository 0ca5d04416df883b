//! Draw Things: an object that it gives to Apple's ImageIO as the comment of a PNG
//! (`Libraries/LocalImageGenerator/Sources/ImageConverter.swift` of draw-things-community, commit
//! bfafc68), which writes it as XMP `exif:UserComment`. `c` is the prompt and `uc` the negative one.

use super::{
    Parameters, Setting,
    object::{Object, entry},
    setting::Names,
};
use serde_json::Value;

const NAMES: &Names = &[
    ("c", Setting::Prompt),
    ("uc", Setting::Negative),
    ("model", Setting::Model),
    ("refiner", Setting::Model),
    ("seed", Setting::Seed),
    ("sampler", Setting::Sampler),
    ("steps", Setting::Steps),
    ("scale", Setting::Cfg),
    ("size", Setting::Size),
    ("strength", Setting::Denoise),
];

pub(super) fn read(object: &Object) -> Option<Parameters> {
    if !object.contains_key("c") || !object.contains_key("uc") {
        return None;
    }
    let mut found = Parameters::default();
    found.entries(object, NAMES, &["lora"]);
    let loras = object.get("lora").and_then(Value::as_array).into_iter().flatten();
    for lora in loras.filter_map(Value::as_object) {
        let name = entry(lora, "model").unwrap_or_default();
        found.lora(&name, entry(lora, "weight").as_deref());
    }
    Some(found)
}
