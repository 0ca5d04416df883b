//! The facts of a picture, by walking the graph from the node that put it out towards its sources.
//!
//! Which node is a sampler, a loader or a text is told by how it is connected and what its inputs
//! are called, not by a list of classes. What the graph does not say stays unsaid.

mod loras;
mod models;

use crate::{
    is_model,
    name_parts::NameParts,
    prompt::{Input, Node, Prompt},
};
use domain::PictureFacts;
use std::{collections::VecDeque, sync::LazyLock};

/// Nodes looked at in one walk, and about as many in the walks from all samplers together; real graphs have a few hundred.
const MOST_NODES: usize = 20_000;
/// Inputs of a node that is asked for the value it holds; the largest stacks of LoRAs have 200.
const MOST_HELD: usize = 256;
/// Texts, models and LoRAs kept.
pub(crate) const MOST_NAMES: usize = 32;
/// The longest text kept, in characters.
pub(crate) const LONGEST_TEXT: usize = 20_000;

/// What the graph says about the output of `output_node`.
pub fn facts(prompt: &Prompt, output_node: &str) -> PictureFacts {
    let mut facts = PictureFacts::default();
    let Some(output) = prompt.node(output_node) else { return facts };
    let upstream = walk(prompt, output, |_, _| true);
    models::find(prompt, &upstream, &mut facts);
    let Some(sampler) = upstream.iter().copied().find(|node| is_sampler(node)) else {
        // Nothing is sampled: models on the way, such as an upscaler's, and the size are all.
        size(&upstream, &mut facts);
        return facts;
    };
    let whole = walk(prompt, sampler, |_, _| true);
    settings(prompt, sampler, &whole, &mut facts);
    texts(prompt, sampler, &whole, &mut facts);
    let latent = walk(prompt, sampler, |node, input| {
        node.id != sampler.id || (!is_condition(input) && input != "model")
    });
    size(&latent, &mut facts);
    if facts.width.is_none() {
        size(&whole, &mut facts);
    }
    facts
}

/// The nodes upstream of `start`, itself included, nearest first. `follow` says which links to take.
fn walk<'a>(
    prompt: &'a Prompt,
    start: &'a Node,
    follow: impl Fn(&Node, &str) -> bool,
) -> Vec<&'a Node> {
    let mut seen = vec![false; prompt.nodes().len()];
    if let Some(at) = prompt.place(&start.id) {
        seen[at] = true;
    }
    let mut queue = VecDeque::from([start]);
    let mut found = Vec::new();
    while let Some(node) = queue.pop_front() {
        found.push(node);
        if found.len() == MOST_NODES {
            break;
        }
        for (input, source) in node.sources() {
            if follow(node, input)
                && let Some(at) = prompt.place(source)
                && !std::mem::replace(&mut seen[at], true)
            {
                queue.push_back(&prompt.nodes()[at]);
            }
        }
    }
    found
}

fn linked<'a>(prompt: &'a Prompt, node: &Node, input: &str) -> Option<&'a Node> {
    match node.input(input)? {
        Input::Link { node, .. } => prompt.node(node),
        Input::Value(_) => None,
    }
}

fn is_condition(input: &str) -> bool {
    matches!(input, "positive" | "negative" | "conditioning" | "guider" | "cond" | "text_embeds")
}

/// A sampler has noise to start from and something that says what to make of it; WanVideoWrapper
/// calls that `text_embeds`, and both sides are in it. The steps of its `WanVideoSamplerv2` are those of the
/// node that is its scheduler.
fn is_sampler(node: &Node) -> bool {
    let has = |name: &str| node.input(name).is_some();
    let link = |name: &str| matches!(node.input(name), Some(Input::Link { .. }));
    let told = ["positive", "guider", "conditioning", "text_embeds"].iter().any(|name| link(name));
    let noisy = has("seed") || has("noise_seed") || link("noise");
    let stepped = has("steps")
        || has("sampler_name")
        || ["sigmas", "sampler", "scheduler"].iter().any(|name| link(name));
    told && noisy && stepped
}

/// The value of the input of this name, as [`value_of`] it.
fn value(prompt: &Prompt, node: &Node, name: &str) -> Option<String> {
    value_of(prompt, name, node.input(name)?)
}

/// An input's value, through links to nodes that only hold one.
fn value_of<'a>(prompt: &'a Prompt, mut name: &'a str, mut input: &'a Input) -> Option<String> {
    for _ in 0..16 {
        let Input::Link { node: source, .. } = input else { return input.text() };
        let source = prompt.node(source).filter(|node| node.inputs.len() <= MOST_HELD)?;
        // A primitive calls it `value`; seed nodes call it `seed`; a reroute has one link.
        let next = [name, "value", "seed", "noise_seed", "int", "float", "number"]
            .into_iter()
            .find_map(|name| source.input(name).map(|input| (name, input)))
            .or(match source.inputs.as_slice() {
                [(_, only)] => Some((name, only)),
                _ => None,
            })?;
        (name, input) = next;
    }
    None
}

/// Seed, sampler, scheduler, steps, CFG, denoise: on the sampler, or on the nodes that feed its
/// noise, sigmas, sampler, scheduler and guider.
fn settings(prompt: &Prompt, sampler: &Node, whole: &[&Node], facts: &mut PictureFacts) {
    let mut parts = vec![sampler];
    for input in ["noise", "sigmas", "sampler", "scheduler", "guider"] {
        if let Some(part) = linked(prompt, sampler, input) {
            let way = walk(prompt, part, |_, input| {
                matches!(input, "noise" | "sigmas" | "sampler" | "scheduler" | "guider" | "samples")
            });
            parts.extend(way);
        }
    }
    let find = |names: &[&str]| {
        names.iter().find_map(|name| parts.iter().find_map(|node| value(prompt, node, name)))
    };
    let number = |text: &String| text.parse::<f64>().is_ok();
    facts.seed = find(&["seed", "noise_seed"]).filter(number);
    facts.sampler = find(&["sampler_name", "sampler"]);
    facts.scheduler = find(&["scheduler"]);
    facts.steps = find(&["steps"]).and_then(|steps| steps.parse().ok());
    facts.cfg = find(&["cfg", "cfg_scale"]).filter(number);
    facts.denoise = find(&["denoise", "denoise_strength"]).filter(number);
    if facts.cfg.is_none() {
        // Models that are guided by distillation say so on the way of the text.
        facts.cfg = whole.iter().find_map(|node| value(prompt, node, "guidance")).filter(number);
    }
}

fn texts(prompt: &Prompt, sampler: &Node, whole: &[&Node], facts: &mut PictureFacts) {
    // A guider holds the conditions where the sampler itself does not.
    let holder = std::iter::once(sampler)
        .chain(linked(prompt, sampler, "guider"))
        .find(|node| is_told(node))
        .or_else(|| whole.iter().copied().find(|node| is_told(node)));
    let Some(holder) = holder else { return };
    let of = |inputs: &[&str], side: &str| {
        let start = inputs.iter().find_map(|input| linked(prompt, holder, input))?;
        let texts = texts_upstream(prompt, start, side);
        (!texts.is_empty()).then(|| texts.join("\n\n"))
    };
    facts.prompt = of(&["positive", "conditioning", "cond", "text_embeds"], "positive");
    facts.negative = of(&["negative", "text_embeds"], "negative");
    // Both from one text, zeroed out on one side: then there is no negative prompt.
    if facts.negative == facts.prompt {
        facts.negative = None;
    }
}

fn is_told(node: &Node) -> bool {
    ["positive", "conditioning", "cond", "text_embeds"]
        .iter()
        .any(|name| matches!(node.input(name), Some(Input::Link { .. })))
}

/// Texts on the way of one side. A node that has both sides passes each on.
fn texts_upstream(prompt: &Prompt, start: &Node, side: &str) -> Vec<String> {
    let other = if side == "positive" { "negative" } else { "positive" };
    let Some(start) = prompt.node(&start.id) else { return Vec::new() };
    let way = walk(prompt, start, |_, input| {
        !input.contains(other)
            && !matches!(
                input,
                "clip"
                    | "model"
                    | "vae"
                    | "image"
                    | "images"
                    | "control_net"
                    | "samples"
                    | "latent"
                    | "pixels"
                    | "mask"
                    | "seed"
                    | "t5"
                    | "model_to_offload"
                    | "extender_args"
            )
    });
    let mut texts: Vec<String> = Vec::new();
    for node in way {
        // One that holds both texts names them by their sides.
        let both = node.inputs.iter().any(|(name, _)| name.contains(side));
        for (name, input) in &node.inputs {
            if texts.len() == MOST_NAMES {
                return texts;
            }
            if is_text_input(name)
                && let Some(text) = input.string()
                && !(both && name.contains(other))
                && !text.trim().is_empty()
                && !is_model(&text)
                && !loras::is_template(node, name)
            {
                let text: String = text.trim().chars().take(LONGEST_TEXT).collect();
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
    }
    texts
}

/// Whether an input of this name holds words and not the name of a choice.
pub(crate) fn is_text_input(name: &str) -> bool {
    static WORDS: LazyLock<NameParts> = LazyLock::new(|| {
        NameParts::new([
            "text", "prompt", "string", "value", "t5xxl", "clip_l", "clip_g", "llama", "caption",
            "tags", "lyrics", "positive", "negative", "wildcard",
        ])
    });
    static CHOICES: LazyLock<NameParts> =
        LazyLock::new(|| NameParts::new(["mode", "type", "name", "format", "method"]));
    WORDS.are_in(name) && !CHOICES.are_in(name)
}

/// The size the nearest node with a width and a height asks for.
fn size(nodes: &[&Node], facts: &mut PictureFacts) {
    let number = |node: &Node, name: &str| {
        node.input(name).and_then(Input::number).and_then(|text| text.parse::<u32>().ok())
    };
    let found = nodes.iter().find_map(|node| {
        let (width, height) = (number(node, "width")?, number(node, "height")?);
        (width > 0 && height > 0).then_some((width, height))
    });
    if let Some((width, height)) = found {
        facts.width = Some(width);
        facts.height = Some(height);
    }
}
