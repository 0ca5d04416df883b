//! The text of stable-diffusion-webui ("A1111"), as its forks Forge, reForge and SD.Next, Fooocus with
//! its scheme `a1111`, Civitai, and many savers of ComfyUI write it: the prompt, `Negative prompt: …`,
//! and a line of settings (`create_infotext` in `modules/processing.py` and
//! `modules/infotext_utils.py` of stable-diffusion-webui 1.10). Forge has the guidance of distilled
//! models beside a CFG (`modules/processing.py` of stable-diffusion-webui-forge).

use super::{
    MOST_SETTINGS, Parameters, Setting, civitai,
    setting::{Names, kept, plain},
};
use crate::facts::MOST_NAMES;

/// What stands before the text for what should not be seen.
const NEGATIVE: &str = "Negative prompt:";

const NAMES: &Names = &[
    ("steps", Setting::Steps),
    ("sampler", Setting::Sampler),
    ("scheduletype", Setting::Scheduler),
    ("scheduler", Setting::Scheduler),
    ("cfgscale", Setting::Cfg),
    ("cfg", Setting::Cfg),
    ("distilledcfgscale", Setting::Guidance),
    ("guidance", Setting::Guidance),
    ("seed", Setting::Seed),
    ("denoisingstrength", Setting::Denoise),
    ("denoise", Setting::Denoise),
    ("size", Setting::Size),
    ("model", Setting::Model),
    ("refiner", Setting::Model),
    ("hirescheckpoint", Setting::Model),
];

/// Reads the text; nothing where there is no line of settings.
pub(super) fn read(text: &str) -> Option<Parameters> {
    let (words, line) = split(text)?;
    let mut found = Parameters::default();
    let mut settings = Settings(line);
    for (name, value) in settings.by_ref().take(MOST_SETTINGS) {
        take(&name, &value, &mut found);
    }
    if found == Parameters::default() {
        return None;
    }
    // In the text it stands at the beginning of a line, and may do so at the very first.
    let (prompt, negative) = match words.starts_with(NEGATIVE) {
        true => ("", words.get(NEGATIVE.len()..)),
        false => words
            .split_once(&format!("\n{NEGATIVE}"))
            .map_or((words, None), |(prompt, negative)| (prompt, Some(negative))),
    };
    loras_of_prompt(prompt, &mut found);
    found.facts.prompt = kept(prompt);
    found.facts.negative = negative.and_then(kept);
    Some(found)
}

/// The words and the settings: the last line that begins with `Steps:`, or else the last line if it
/// has three settings, as A1111 asks for.
fn split(text: &str) -> Option<(&str, &str)> {
    let mut end = text.len();
    for line in text.rsplit('\n') {
        let start = end - line.len();
        if line.trim_start().starts_with("Steps:") {
            return Some((&text[..start], &text[start..]));
        }
        end = start.saturating_sub(1);
    }
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    let known = Settings(&text[start..])
        .take(MOST_SETTINGS)
        .filter(|(name, _)| {
            ["sampler", "seed", "cfg scale", "size", "model", "model hash", "steps"]
                .contains(&name.to_lowercase().as_str())
        })
        .count();
    (known >= 3).then_some((&text[..start], &text[start..]))
}

/// `Name: value, Name: "value, with a comma", …`, one after the other.
struct Settings<'a>(&'a str);

impl Iterator for Settings<'_> {
    type Item = (String, String);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.0.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            let at = rest.find([':', ',', '\n'])?;
            let after = &rest[at + 1..];
            if !rest[at..].starts_with(':') {
                // Words without a value.
                self.0 = after;
                continue;
            }
            let value = after.trim_start_matches([' ', '\t']);
            let length = match value.bytes().next() {
                Some(b'"') => quoted(value),
                Some(b'{' | b'[') => bracketed(value),
                _ => None,
            };
            let length = length.unwrap_or_else(|| value.find([',', '\n']).unwrap_or(value.len()));
            let (value, after) = value.split_at(length);
            self.0 = after;
            let plain = serde_json::from_str(value).ok().filter(|_| value.starts_with('"'));
            let plain = plain.unwrap_or_else(|| value.trim().to_owned());
            return Some((rest[..at].trim().to_owned(), plain));
        }
    }
}

/// The length of a text in quotes; nothing if it does not end.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some(end + 2)
}

/// The length of a text in brackets; nothing if it does not end. Brackets in quotes are letters.
fn bracketed(text: &str) -> Option<usize> {
    let (mut depth, mut in_quotes, mut escaped) = (0_usize, false, false);
    let end = text.bytes().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_quotes => escaped = true,
            b'"' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    Some(end + 1)
}

fn take(name: &str, value: &str, found: &mut Parameters) {
    match plain(name).as_str() {
        // Names with their hashes; the strength is in the prompt. Fooocus has a list of strengths, too.
        kind @ ("lorahashes" | "loraweights") => {
            for (name, value) in Settings(value).take(MOST_NAMES) {
                found.lora(&name, (kind == "loraweights").then_some(&value));
            }
        }
        low if low.starts_with("lora") && low.ends_with("modelname") => found.lora(value, None),
        low if low.starts_with("lora") && low.ends_with("strengthmodel") => {
            // Stands after the name it belongs to (SaveImageWithMetaData, commit c9a8745).
            if let Some(lora) = found.facts.loras.last().map(|lora| lora.name.clone()) {
                found.lora(&lora, Some(value));
            }
        }
        "civitairesources" => {
            civitai::resources(value, found);
            found.other(name, value);
        }
        _ => found.take(NAMES, name, value),
    }
}

/// `<lora:name:0.8>` in the prompt; of two strengths the first is the model's.
fn loras_of_prompt(prompt: &str, found: &mut Parameters) {
    let tags = prompt.split('<').skip(1).filter_map(|part| part.split_once('>'));
    for (tag, _) in tags {
        let mut parts = tag.split(':');
        if let (Some("lora" | "lyco"), Some(name)) = (parts.next(), parts.next()) {
            found.lora(name, parts.next());
        }
    }
}
