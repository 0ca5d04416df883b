//! The LoRAs that a node applies, and their strengths.
//!
//! How nodes name their inputs was read in ComfyUI (`LoraLoader`), rgthree, Comfyroll, Efficiency
//! Nodes (`lora_wt_1`, `model_str_1`, `lora_count`, `input_mode`), Easy Use (`lora_1_name`,
//! `lora_1_strength`, `num_loras`, `toggle`), Lora Manager (a list), WanVideoWrapper and others. The
//! rule is not by class: an input with `lora` in its name and its strength, its switch and the like
//! are called the same but for the words that say which of them it is.

use super::{
    MOST_HELD, MOST_NAMES, is_text_input, linked,
    models::{files, is_lora},
    value_of,
};
use crate::{
    name_parts::NameParts,
    prompt::{Input, Node, Prompt},
};
use domain::{LoraUse, PictureFacts};
use std::{
    collections::{HashSet, VecDeque},
    sync::LazyLock,
};

/// How a LoRA in a text begins.
pub(super) const TAG: &str = "<lora:";

const STRENGTH: [&str; 4] = ["strength", "weight", "wt", "str"];
const SWITCH: [&str; 8] =
    ["switch", "enable", "enabled", "on", "active", "toggle", "use", "disable"];
const COUNT: [&str; 4] = ["count", "num", "number", "slots"];
/// What else stands in the names of a LoRA's inputs whichever it is.
const SAME: [&str; 7] = ["lora", "loras", "name", "file", "path", "model", "unet"];

/// LoRAs of one node that are read; the largest stacks have 50.
const MOST_OF_NODE: usize = 64;

/// Reads the LoRAs of a prompt's nodes.
pub(super) struct Loras<'a> {
    prompt: &'a Prompt,
    /// Whether any text of the prompt has one.
    tags: bool,
    /// The nodes, by their places, whose texts were read: those behind them were, too.
    read: Vec<bool>,
}

impl<'a> Loras<'a> {
    pub(super) fn new(prompt: &'a Prompt) -> Self {
        let tags = prompt.text().contains(TAG);
        Self { prompt, tags, read: vec![false; prompt.nodes().len()] }
    }

    /// Adds the LoRAs of a node.
    pub(super) fn of_node(&mut self, node: &'a Node, facts: &mut PictureFacts) {
        let mut has_list = false;
        for (name, input) in &node.inputs {
            for used in input.loras() {
                add(used, facts);
            }
            // One in which all are off still stands for the text beside it.
            has_list |= self.tags && is_lora(name) && input.is_list();
        }
        if node.inputs.iter().any(|(name, _)| is_lora(name)) {
            of_inputs(self.prompt, node, facts);
        }
        if self.tags && !has_list {
            for text in self.applied_texts(node) {
                for used in tags_in(&text) {
                    add(used, facts);
                }
            }
        }
    }
}

/// Adds the LoRAs that inputs of a node name.
fn of_inputs(prompt: &Prompt, node: &Node, facts: &mut PictureFacts) {
    let loras = files(prompt, node).filter(|(name, _)| is_lora(name));
    let loras: Vec<(&str, String)> = loras.take(MOST_OF_NODE).collect();
    if loras.is_empty() {
        return;
    }
    let beside = Beside::of(prompt, node);
    for (name, file) in loras {
        if linked(prompt, node, name).is_some_and(has_strength) {
            continue;
        }
        let slot = slot(&words(name), &[]);
        if beside.is_used(&slot) {
            add(LoraUse { name: file, strength: beside.strength(&slot) }, facts);
        }
    }
}

/// Whether a node says the strength of its LoRA itself, as `WanVideoLoraSelect` does: it is read
/// there, and not where its output goes.
fn has_strength(node: &Node) -> bool {
    node.inputs.len() <= MOST_HELD
        && node.inputs.iter().any(|(name, _)| is_lora(name))
        && node.inputs.iter().any(|(name, _)| is_about(&words(name), &STRENGTH))
}

/// The words of an input's name: `lora1_model_strength` is `lora`, `1`, `model`, `strength`.
fn words(name: &str) -> Vec<String> {
    let low = name.to_lowercase();
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for c in low.chars() {
        let kind = if c.is_ascii_digit() {
            Some('0')
        } else if c.is_alphanumeric() {
            Some('a')
        } else {
            None
        };
        match (kind, words.last_mut()) {
            (Some(_), Some(word)) if kind == last => word.push(c),
            (Some(_), _) => words.push(c.to_string()),
            (None, _) => {}
        }
        last = kind;
    }
    words
}

/// Which LoRA of a node an input belongs to: what its name has beside the usual words.
fn slot(words: &[String], usual: &[&str]) -> Vec<String> {
    let is_usual = |word: &&String| usual.contains(&word.as_str()) || SAME.contains(&word.as_str());
    words.iter().filter(|word| !is_usual(word)).cloned().collect()
}

fn is_about(words: &[String], what: &[&str]) -> bool {
    words.iter().any(|word| what.contains(&word.as_str()))
}

fn is_off(text: &str) -> bool {
    ["off", "false", "disable", "disabled"].iter().any(|off| text.eq_ignore_ascii_case(off))
}

/// What a node's inputs say about its LoRAs. Each name is taken apart once, however many LoRAs the
/// node has.
#[derive(Default)]
struct Beside {
    /// Whether a switch for all of them is off.
    all_off: bool,
    /// The slots that are switched off.
    off: HashSet<Vec<String>>,
    /// How many of them count, by their numbers.
    count: Option<u32>,
    strengths: Vec<Strength>,
    /// Whether the node has one input for a LoRA only.
    is_only: bool,
    /// Whether a stack is set to one strength for model and text encoder.
    is_simple: bool,
}

struct Strength {
    slot: Vec<String>,
    /// Whether it says that it is for the model.
    of_model: bool,
    /// Unless it is worked out.
    number: Option<String>,
}

impl Beside {
    fn of(prompt: &Prompt, node: &Node) -> Self {
        let mut beside = Self {
            is_only: node.inputs.iter().filter(|(name, _)| is_lora(name)).count() == 1,
            is_simple: ["input_mode", "mode"]
                .iter()
                .any(|mode| node.input(mode).and_then(Input::string).as_deref() == Some("simple")),
            ..Self::default()
        };
        for (name, input) in &node.inputs {
            let words = words(name);
            let said = || value_of(prompt, name, input);
            let is_switch = is_about(&words, &SWITCH);
            // A switch may be called as its LoRA is.
            let is_its = || input.text().as_deref() == Some("false");
            if (is_switch || is_its()) && said().is_some_and(|text| is_off(&text)) {
                let slot = slot(&words, &SWITCH);
                beside.all_off |= is_switch && slot.is_empty();
                beside.off.insert(slot);
            }
            if is_about(&words, &COUNT)
                && slot(&words, &COUNT).is_empty()
                && let Some(count) = said().and_then(|text| text.parse().ok())
            {
                beside.count = Some(beside.count.map_or(count, |other| other.min(count)));
            }
            if is_about(&words, &STRENGTH)
                && !is_about(&words, &["clip", "te", "min", "max", "type"])
            {
                beside.strengths.push(Strength {
                    slot: slot(&words, &STRENGTH),
                    of_model: is_about(&words, &["model", "unet"]),
                    number: said().filter(|text| text.parse::<f64>().is_ok()),
                });
            }
        }
        beside
    }

    /// Whether a LoRA is not switched off, and among those that are counted.
    fn is_used(&self, slot: &[String]) -> bool {
        let number = || slot.first()?.parse::<u32>().ok();
        let is_counted = self.count.is_none_or(|count| number().is_none_or(|it| it <= count));
        is_counted && !self.all_off && !self.off.contains(slot)
    }

    /// The strength for the model that stands beside a LoRA, also if it comes from another node.
    fn strength(&self, slot: &[String]) -> Option<String> {
        let mut fitting: Vec<&Strength> =
            self.strengths.iter().filter(|strength| strength.slot == slot).collect();
        if fitting.is_empty() && self.is_only {
            fitting.extend(&self.strengths);
        }
        // Stacks have one strength for both, or one each for model and text encoder.
        fitting.sort_by_key(|strength| strength.of_model == self.is_simple);
        fitting.into_iter().find_map(|strength| strength.number.clone())
    }
}

impl<'a> Loras<'a> {
    /// Texts whose LoRAs a node applies: those of a node that is given the model to apply them to.
    ///
    /// So do Impact Pack (`ImpactWildcardEncode`, `FaceDetailer`), Inspire Pack, LoraTagLoader, rgthree
    /// (`Power Prompt`), Prompt Control (`PCLazyLoraLoader`), tinyterraNodes and Mikey Nodes. A text
    /// that only goes to a text encoder is read as words. Of nodes that load the model themselves those
    /// of Easy Use apply what is in their prompts, and those with `populated_text`; Efficiency Nodes do
    /// not.
    fn applied_texts(&mut self, node: &'a Node) -> Vec<String> {
        static MODEL: LazyLock<NameParts> = LazyLock::new(|| NameParts::new(["model"]));
        let is_given = node
            .sources()
            .any(|(name, source)| MODEL.are_in(name) && self.prompt.node(source).is_some());
        let loads = node.class.starts_with("easy ")
            || node.inputs.iter().any(|(name, _)| name == "ckpt_name") && is_populated(node);
        let disabled = node.inputs.iter().any(|(name, input)| {
            is_lora(name) && input.string().is_some_and(|text| text == "DISABLE LORAS")
        });
        if disabled || !(is_given || loads) {
            return Vec::new();
        }
        let mut texts = Vec::new();
        let templates = is_populated(node);
        for (name, input) in &node.inputs {
            match input {
                _ if templates && is_wildcard_text(name) => {}
                Input::Value(_) => texts.extend(tagged(input)),
                Input::Link { node: source, .. } if is_text_input(name) || is_lora(name) => {
                    self.texts_behind(source, &mut texts);
                }
                Input::Link { .. } => {}
            }
        }
        texts
    }

    /// Adds the texts with LoRAs of a node and of those it gets its texts from, nearest first; of nodes
    /// that were read before nothing, as a LoRA counts once.
    fn texts_behind(&mut self, start: &str, texts: &mut Vec<String>) {
        let mut queue: VecDeque<usize> = self.prompt.place(start).into_iter().collect();
        while let Some(at) = queue.pop_front() {
            let node = &self.prompt.nodes()[at];
            if std::mem::replace(&mut self.read[at], true) || encodes(node) {
                continue;
            }
            let templates = is_populated(node);
            let values =
                node.inputs.iter().filter(|(name, _)| !(templates && is_wildcard_text(name)));
            texts.extend(values.filter_map(|(_, input)| tagged(input)));
            queue.extend(node.sources().filter_map(|(_, source)| self.prompt.place(source)));
        }
    }
}

/// A value that is a text with a LoRA in it. Others are not copied.
fn tagged(input: &Input) -> Option<String> {
    let Input::Value(raw) = input else { return None };
    raw.get().contains(TAG).then(|| input.string())?
}

/// Whether a node makes more of texts than texts.
fn encodes(node: &Node) -> bool {
    node.sources().any(|(input, _)| input.contains("clip") || input.contains("model"))
}

fn is_populated(node: &Node) -> bool {
    node.inputs.iter().any(|(name, input)| {
        name.ends_with("populated_text")
            && input.string().is_some_and(|text| !text.trim().is_empty())
    })
}

/// Whether this is the text with wildcards from which another of the node's inputs was made.
pub(super) fn is_template(node: &Node, input: &str) -> bool {
    is_wildcard_text(input) && is_populated(node)
}

fn is_wildcard_text(input: &str) -> bool {
    input.ends_with("wildcard_text")
}

/// `<lora:name:0.8:0.6>`; of two strengths the first is the model's. Packs put more behind a colon.
fn tags_in(text: &str) -> impl Iterator<Item = LoraUse> {
    text.split(TAG).skip(1).filter_map(|part| {
        let (tag, _) = part.split_once('>')?;
        let mut parts = tag.split(':').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty() && !name.contains(['<', '\n']))?;
        let strength = parts.find(|text| text.parse::<f64>().is_ok_and(f64::is_finite));
        Some(LoraUse { name: name.to_owned(), strength: strength.map(str::to_owned) })
    })
}

/// Adds a LoRA, each once. One of no strength does nothing.
fn add(used: LoraUse, facts: &mut PictureFacts) {
    let strength = used.strength.as_deref().and_then(|text| text.parse::<f64>().ok());
    let is_known = facts.loras.iter().any(|lora| lora.name == used.name);
    if facts.loras.len() < MOST_NAMES && !is_known && strength != Some(0.0) {
        facts.loras.push(used);
    }
}
