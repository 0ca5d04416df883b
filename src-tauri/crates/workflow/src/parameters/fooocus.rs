//! Fooocus: one object, in PNG beside a text `fooocus_scheme`, in JPEG and WebP in the EXIF
//! `UserComment` (`modules/meta_parser.py`, `modules/async_worker.py` and `modules/private_logger.py`
//! of version 2.5.5, commit 59f183a). With its scheme `a1111` it writes [`super::a1111`]'s text.
//! RuinedFooocus has its own names (`modules/async_worker.py`, commit cc3b738).

use super::{
    Parameters, Setting,
    object::{Object, entry, text},
    setting::{Names, plain},
};
use serde_json::Value;

const NAMES: &Names = &[
    ("prompt", Setting::Prompt),
    ("negativeprompt", Setting::Negative),
    ("negative", Setting::Negative),
    ("basemodel", Setting::Model),
    ("basemodelname", Setting::Model),
    ("refinermodel", Setting::Model),
    ("seed", Setting::Seed),
    ("sampler", Setting::Sampler),
    ("samplername", Setting::Sampler),
    ("scheduler", Setting::Scheduler),
    ("steps", Setting::Steps),
    ("guidancescale", Setting::Cfg),
    ("cfg", Setting::Cfg),
    ("resolution", Setting::Size),
    ("width", Setting::Width),
    ("height", Setting::Height),
    ("denoise", Setting::Denoise),
];

pub(super) fn read(object: &Object) -> Option<Parameters> {
    let ruined = entry(object, "software").is_some_and(|name| name == "RuinedFooocus");
    let has = |name: &str| object.keys().any(|key| plain(key) == name);
    let plain_one = has("basemodel") && has("guidancescale");
    if !ruined && !plain_one {
        return None;
    }
    let mut found = Parameters::default();
    found.entries(object, NAMES, &["loras"]);
    for lora in object.get("loras").and_then(Value::as_array).into_iter().flatten() {
        let parts: Vec<String> =
            lora.as_array().into_iter().flatten().take(3).filter_map(text).collect();
        match &parts[..] {
            // The hash, and `0.8 - name`.
            [_, both] if ruined => {
                if let Some((strength, name)) = both.split_once(" - ") {
                    found.lora(name, Some(strength));
                }
            }
            [name, strength, ..] => found.lora(name, Some(strength)),
            _ => {}
        }
    }
    // Files of forks have these alone.
    if found.facts.loras.is_empty() {
        let combined = object.iter().filter(|(name, _)| {
            plain(name).strip_prefix("lora").is_some_and(|rest| {
                let number = rest.strip_prefix("combined").unwrap_or(rest);
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        });
        for (name, strength) in combined.filter_map(|(_, value)| value.as_str()?.rsplit_once(" : "))
        {
            found.lora(name, Some(strength));
        }
    }
    Some(found)
}
