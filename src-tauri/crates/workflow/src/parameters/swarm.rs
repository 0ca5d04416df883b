//! SwarmUI: `{"sui_image_params": {…}, "sui_extra_data": {…}, "sui_models": […]}` (its
//! `docs/Image Metadata Format.md` and `src/Text2Image/T2IParamInput.cs`, commit 062407c). Names are
//! in small letters without spaces; any value may be a text, and a list may be one with commas.

use super::{
    Parameters, Setting,
    object::{Object, list},
    setting::Names,
};

const NAMES: &Names = &[
    ("prompt", Setting::Prompt),
    ("negativeprompt", Setting::Negative),
    ("model", Setting::Model),
    ("refinermodel", Setting::Model),
    ("seed", Setting::Seed),
    ("steps", Setting::Steps),
    ("cfgscale", Setting::Cfg),
    ("fluxguidancescale", Setting::Guidance),
    ("width", Setting::Width),
    ("height", Setting::Height),
    ("sampler", Setting::Sampler),
    // Before version 0.9.1 each backend had its own.
    ("comfyuisampler", Setting::Sampler),
    ("autowebuisampler", Setting::Sampler),
    ("scheduler", Setting::Scheduler),
    ("comfyuischeduler", Setting::Scheduler),
    ("initimagecreativity", Setting::Denoise),
];

pub(super) fn read(object: &Object) -> Option<Parameters> {
    let settings = object.get("sui_image_params")?.as_object()?;
    let mut found = Parameters::default();
    found.entries(settings, NAMES, &["loras", "loraweights"]);
    let texts = |name: &str| settings.get(name).map(list).unwrap_or_default();
    found.loras(&texts("loras"), &texts("loraweights"));
    if let Some(extra) = object.get("sui_extra_data").and_then(|extra| extra.as_object()) {
        found.entries(extra, &[], &[]);
    }
    if let Some(models) = object.get("sui_models") {
        found.parts("sui_models", models);
    }
    Some(found)
}
