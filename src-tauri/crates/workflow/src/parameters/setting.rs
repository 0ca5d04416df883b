//! Single settings, and which fact each is.

use super::{MOST_SETTINGS, Parameters};
use crate::facts::{LONGEST_TEXT, MOST_NAMES};
use domain::LoraUse;

/// The longest name of a setting that is kept, in bytes.
const LONGEST_NAME: usize = 200;

/// What a setting says of a picture.
#[derive(Clone, Copy)]
pub(super) enum Setting {
    Prompt,
    Negative,
    Model,
    Seed,
    Sampler,
    Scheduler,
    Steps,
    Cfg,
    /// The guidance of models that were distilled to have one, where there is no CFG.
    Guidance,
    Denoise,
    Width,
    Height,
    /// Both, such as `512x768`.
    Size,
}

/// Names of settings as one program writes them, in the form of [`plain`].
pub(super) type Names = [(&'static str, Setting)];

/// A name without case, spaces and signs: programs write `CFG scale`, `cfg_scale` and `cfgscale`.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Parameters {
    /// Takes a setting: as a fact where its name is known and its value makes sense, else as it is
    /// written.
    pub(super) fn take(&mut self, names: &Names, name: &str, value: &str) {
        let wanted = plain(name);
        let known = names.iter().find(|(known, _)| *known == wanted);
        if !known.is_some_and(|(_, setting)| self.set(*setting, value)) {
            self.other(name, value);
        }
    }

    /// Keeps a setting as it is written, once.
    pub(super) fn other(&mut self, name: &str, value: &str) {
        let known = self.others.iter().any(|(one, its)| one == name && its == value);
        if !known && (1..=LONGEST_NAME).contains(&name.len()) && self.others.len() < MOST_SETTINGS {
            self.others.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Answers whether the value is one of this kind.
    pub(super) fn set(&mut self, setting: Setting, value: &str) -> bool {
        let facts = &mut self.facts;
        let value = value.trim();
        let text = || Some(value.to_owned()).filter(|text| !text.is_empty());
        let number = || text().filter(|text| text.parse::<f64>().is_ok_and(f64::is_finite));
        let (fact, taken) = match setting {
            Setting::Prompt => (&mut facts.prompt, kept(value)),
            Setting::Negative => (&mut facts.negative, kept(value)),
            Setting::Sampler => (&mut facts.sampler, text()),
            Setting::Scheduler => (&mut facts.scheduler, text()),
            Setting::Seed => (&mut facts.seed, text().filter(|text| text.parse::<i128>().is_ok())),
            Setting::Cfg => (&mut facts.cfg, number()),
            Setting::Guidance if facts.cfg.is_some() => return false,
            Setting::Guidance => (&mut facts.cfg, number()),
            Setting::Denoise => (&mut facts.denoise, number()),
            Setting::Model => {
                self.model(value);
                return true;
            }
            Setting::Size => {
                let Some((width, height)) = size(value) else { return false };
                (facts.width, facts.height) = (Some(width), Some(height));
                return true;
            }
            Setting::Steps | Setting::Width | Setting::Height => {
                let fact = match setting {
                    Setting::Steps => &mut facts.steps,
                    Setting::Width => &mut facts.width,
                    _ => &mut facts.height,
                };
                let Ok(number) = value.parse() else { return false };
                *fact = Some(number);
                return true;
            }
        };
        if taken.is_none() {
            // A text without words says that there are none.
            return matches!(setting, Setting::Prompt | Setting::Negative);
        }
        *fact = taken;
        true
    }

    /// Takes the name of a model, with the hash that A1111 puts behind some (`name [6ce0161689]`).
    pub(super) fn model(&mut self, name: &str) {
        let hash =
            |text: &str| text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let name = match name.strip_suffix(']').and_then(|name| name.rsplit_once(" [")) {
            Some((name, behind)) if hash(behind) => name,
            _ => name,
        };
        let models = &mut self.facts.models;
        if is_name(name) && models.len() < MOST_NAMES && models.iter().all(|known| known != name) {
            models.push(name.to_owned());
        }
    }

    /// Takes a LoRA; a strength that is no number is none.
    pub(super) fn lora(&mut self, name: &str, strength: Option<&str>) {
        let strength = strength.map(str::trim).filter(|text| text.parse::<f64>().is_ok());
        let strength = strength.map(str::to_owned);
        let loras = &mut self.facts.loras;
        let name = name.trim();
        if let Some(lora) = loras.iter_mut().find(|lora| lora.name == name) {
            lora.strength = strength.or(lora.strength.take());
        } else if is_name(name) && loras.len() < MOST_NAMES {
            loras.push(LoraUse { name: name.to_owned(), strength });
        }
    }

    /// Takes LoRAs whose names and strengths stand in lists beside each other.
    pub(super) fn loras(&mut self, names: &[String], strengths: &[String]) {
        for (at, name) in names.iter().enumerate().take(MOST_NAMES) {
            self.lora(name, strengths.get(at).map(String::as_str));
        }
    }
}

/// Words as they are kept; nothing where there are none.
pub(super) fn kept(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(LONGEST_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// Python writes `None` where no model is chosen.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name != "None"
}

/// `512x768`, or `(512, 768)` as Python writes two numbers.
fn size(text: &str) -> Option<(u32, u32)> {
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let (width, height) = match inner {
        Some(inner) => inner.split_once(',')?,
        None => text.split_once('x')?,
    };
    let (width, height) = (width.trim().parse().ok()?, height.trim().parse().ok()?);
    (width > 0 && height > 0).then_some((width, height))
}
