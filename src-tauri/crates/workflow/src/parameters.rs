//! Settings as stable-diffusion-webui ("A1111") writes them into pictures, and many savers of ComfyUI
//! after it: the prompt, `Negative prompt: …`, and a line of settings (`modules/infotext_utils.py` of
//! stable-diffusion-webui 1.10). They are no workflow, since they do not say what ran, but they are
//! facts.

use crate::facts::{LONGEST_TEXT, MOST_NAMES};
use domain::{LoraUse, PictureFacts};

/// The longest text that is read, in bytes; real ones have a few thousand.
const MOST_BYTES: usize = 1 << 20;
/// Settings looked at.
const MOST_SETTINGS: usize = 256;
/// What stands before the text for what should not be seen.
const NEGATIVE: &str = "Negative prompt:";

/// What such a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    /// What is said of the picture in the words we use.
    pub facts: PictureFacts,
    /// All other settings, such as `Clip skip`, as they are written.
    pub others: Vec<(String, String)>,
}

/// Reads settings; nothing where a text has none, as JSON has none, and for more than 1 MB.
pub fn parameters(text: &str) -> Option<Parameters> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.len() > MOST_BYTES || text.starts_with(['{', '[']) {
        return None;
    }
    let (words, line) = split(text)?;
    let mut found = Parameters::default();
    let mut settings = Settings(line);
    for (name, value) in settings.by_ref().take(MOST_SETTINGS) {
        take(&name, value, &mut found);
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
    let kept = |text: &str| {
        let text: String = text.trim().chars().take(LONGEST_TEXT).collect();
        (!text.is_empty()).then_some(text)
    };
    loras_of_prompt(prompt, &mut found.facts);
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

/// The length of a text in brackets; nothing if it does not end.
fn bracketed(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let end = text.bytes().position(|byte| {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    Some(end + 1)
}

fn take(name: &str, value: String, found: &mut Parameters) {
    let facts = &mut found.facts;
    let number = value.parse::<f64>().is_ok_and(f64::is_finite);
    match name.to_lowercase().as_str() {
        "steps" if value.parse::<u32>().is_ok() => facts.steps = value.parse().ok(),
        "sampler" => facts.sampler = Some(value),
        "schedule type" | "scheduler" => facts.scheduler = Some(value),
        "cfg scale" | "cfg" if number => facts.cfg = Some(value),
        // Models that are guided by distillation.
        "distilled cfg scale" | "guidance" if number => {
            facts.cfg.get_or_insert(value);
        }
        "seed" if value.parse::<i128>().is_ok() => facts.seed = Some(value),
        "denoising strength" | "denoise" if number => facts.denoise = Some(value),
        "size" if size(&value).is_some() => {
            (facts.width, facts.height) = size(&value).unzip();
        }
        "model" => {
            if !value.is_empty() && facts.models.len() < MOST_NAMES {
                facts.models.push(value);
            }
        }
        "lora hashes" => {
            // Names with their hashes; the strength is in the prompt.
            for lora in Settings(&value).take(MOST_NAMES) {
                use_lora(lora.0, None, facts);
            }
        }
        low if low.starts_with("lora_") && low.ends_with(" model name") => {
            use_lora(value, None, facts);
        }
        low if low.starts_with("lora_") && low.ends_with(" strength model") => {
            // Stands after the name it belongs to (SaveImageWithMetaData, commit c9a8745).
            if let Some(lora) = facts.loras.last_mut() {
                lora.strength = number.then_some(value);
            }
        }
        _ if name.is_empty() || found.others.len() == MOST_SETTINGS => {}
        _ => found.others.push((name.to_owned(), value)),
    }
}

fn size(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    let (width, height) = (width.trim().parse().ok()?, height.trim().parse().ok()?);
    (width > 0 && height > 0).then_some((width, height))
}

/// `<lora:name:0.8>` in the prompt; of two strengths the first is the model's.
fn loras_of_prompt(prompt: &str, facts: &mut PictureFacts) {
    let tags = prompt.split('<').skip(1).filter_map(|part| part.split_once('>'));
    for (tag, _) in tags {
        let mut parts = tag.split(':');
        if let (Some("lora" | "lyco"), Some(name)) = (parts.next(), parts.next()) {
            let strength = parts.next().map(str::trim).filter(|text| text.parse::<f64>().is_ok());
            use_lora(name.trim().to_owned(), strength.map(str::to_owned), facts);
        }
    }
}

fn use_lora(name: String, strength: Option<String>, facts: &mut PictureFacts) {
    if let Some(lora) = facts.loras.iter_mut().find(|lora| lora.name == name) {
        lora.strength = strength.or(lora.strength.take());
    } else if !name.is_empty() && facts.loras.len() < MOST_NAMES {
        facts.loras.push(LoraUse { name, strength });
    }
}
