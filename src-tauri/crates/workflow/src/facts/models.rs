//! The model files a picture was made with: the checkpoint or diffusion model of each sampler on the
//! way, and whatever else is loaded for it.

use super::{MOST_NAMES, MOST_NODES, is_sampler, loras::Loras, value_of, walk};
use crate::{
    is_model,
    name_parts::NameParts,
    needs::model_in,
    prompt::{Input, Node, Prompt},
};
use domain::PictureFacts;
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// Parts of the names of inputs that hold, or lead to, models beside the one that is sampled.
static BESIDE: LazyLock<NameParts> = LazyLock::new(|| {
    NameParts::new([
        "clip",
        "vae",
        "control",
        "adapter",
        "vision",
        "upscale",
        "style",
        "embed",
        "text_encoder",
        "audio_encoder",
        "model_patch",
        "detector",
        "sam_model",
        "motion",
        "insight",
        "instantid",
        "t5",
        // WanVideoWrapper.
        "extra_model",
        "vace_model",
        "multitalk",
        "fantasy",
    ])
});
/// Parts of the names of inputs that lead to what is sampled, and not to what it is sampled with.
static MADE: LazyLock<NameParts> = LazyLock::new(|| {
    NameParts::new([
        "image",
        "pixel",
        "mask",
        "latent",
        "samples",
        "positive",
        "negative",
        "condition",
    ])
});
/// Parts of the names of inputs that lead to the model, and beginnings of those of switches.
static MODEL: LazyLock<NameParts> =
    LazyLock::new(|| NameParts::new(["model", "guider", "pipe", "unet", "diffusion", "tuple"]));
const SWITCH: [&str; 4] = ["any", "input", "value", "on_"];
/// Parts of the names of inputs that take a model.
static TAKEN: LazyLock<NameParts> = LazyLock::new(|| NameParts::new(["model", "unet"]));
static LORA: LazyLock<NameParts> = LazyLock::new(|| NameParts::new(["lora"]));

fn is_beside(input: &str) -> bool {
    BESIDE.are_in(input)
}

/// Whether an input leads away from the model.
fn is_aside(input: &str) -> bool {
    is_beside(input) || MADE.are_in(input)
}

fn leads_to_model(node: &Node, input: &str) -> bool {
    !is_aside(input)
        && (MODEL.are_in(input)
            || SWITCH.iter().any(|begin| begins(input, begin))
            // A reroute.
            || node.inputs.len() == 1)
}

/// Whether a name begins with a word, which is in small letters.
fn begins(name: &str, word: &str) -> bool {
    name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Whether a name ends with a word, which is in small letters.
fn ends(name: &str, word: &str) -> bool {
    name.len()
        .checked_sub(word.len())
        .and_then(|at| name.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Finds the models and LoRAs that `way`, all nodes upstream of the output, name.
pub(super) fn find(prompt: &Prompt, way: &[&Node], facts: &mut PictureFacts) {
    let named: HashMap<&str, Vec<(&str, String)>> =
        way.iter().map(|node| (node.id.as_str(), files(prompt, node).collect())).collect();
    let files = |node: &Node| named.get(node.id.as_str()).into_iter().flatten();
    let has_main =
        |nodes: &[&Node]| nodes.iter().any(|node| files(node).any(|(name, _)| is_main(name)));
    let mut of_samplers: Vec<(&Node, Vec<&Node>)> = Vec::new();
    let mut walked = 0;
    for sampler in way.iter().filter(|node| is_sampler(node)) {
        if walked >= MOST_NODES {
            break;
        }
        let mut nodes = walk(prompt, sampler, leads_to_model);
        walked += nodes.len();
        if !has_main(&nodes) {
            nodes = walk(prompt, sampler, |_, input| !is_aside(input));
            walked += nodes.len();
        }
        of_samplers.push((sampler, nodes));
    }
    if let [_, _, ..] = of_samplers.as_slice() {
        let runs = as_it_runs(prompt, way);
        of_samplers.sort_by_key(|(sampler, _)| runs.get(sampler.id.as_str()).copied());
    }
    let mut seen = HashSet::new();
    let mut main: Vec<&Node> = of_samplers.into_iter().flat_map(|(_, nodes)| nodes).collect();
    main.retain(|node| seen.insert(node.id.as_str()));
    if !has_main(&main) {
        // Nothing is sampled, or not by a node that looks like it.
        if let Some(output) = way.first() {
            main.extend(walk(prompt, output, |_, input| !is_beside(input)));
        }
    }
    // What patches the model it is given is only named first where nothing else is.
    let (patches, loaders): (Vec<&Node>, Vec<&Node>) =
        main.iter().copied().partition(|node| is_patch(prompt, node));
    for nodes in [loaders, patches] {
        if facts.models.is_empty() {
            for (_, file) in nodes.into_iter().flat_map(files).filter(|(name, _)| is_main(name)) {
                add(&mut facts.models, file);
            }
        }
    }
    for node in way {
        for (_, file) in files(node).filter(|(name, _)| !is_lora(name)) {
            if !facts.models.contains(file) {
                add(&mut facts.other_models, file);
            }
        }
    }
    let mut loras = Loras::new(prompt);
    let mut seen = HashSet::new();
    for node in main.iter().chain(way).filter(|node| seen.insert(node.id.as_str())) {
        loras.of_node(node, facts);
    }
}

/// When nodes run, counted from the first: each after those that it is given something by, and those in
/// the order of its inputs. So a refiner's model is named after that of the base.
fn as_it_runs<'a>(prompt: &'a Prompt, way: &[&'a Node]) -> HashMap<&'a str, usize> {
    let mut runs = HashMap::with_capacity(way.len());
    let Some(output) = way.first().and_then(|output| prompt.place(&output.id)) else { return runs };
    let sources = |at: usize| {
        let mut sources: Vec<usize> =
            prompt.nodes()[at].sources().filter_map(|(_, source)| prompt.place(source)).collect();
        sources.reverse();
        sources
    };
    let mut met = vec![false; prompt.nodes().len()];
    met[output] = true;
    // Nodes, and what they wait for.
    let mut waiting = vec![(output, sources(output))];
    while let Some((at, wanted)) = waiting.last_mut() {
        if let Some(source) = wanted.pop() {
            if !std::mem::replace(&mut met[source], true) {
                waiting.push((source, sources(source)));
            }
        } else {
            runs.insert(prompt.nodes()[*at].id.as_str(), runs.len());
            waiting.pop();
        }
    }
    runs
}

/// Whether a node is given a model, to which it adds what it loads: AnimateDiff Evolved
/// (`ADE_AnimateDiffLoaderGen1`), IC-Light (`LoadAndApplyICLightUnet`), ComfyUI (`HypernetworkLoader`).
fn is_patch(prompt: &Prompt, node: &Node) -> bool {
    node.sources().any(|(input, source)| {
        TAKEN.are_in(input)
            && !is_aside(input)
            && !names_file(input)
            && prompt.node(source).is_some()
    })
}

fn is_main(input: &str) -> bool {
    !is_lora(input) && !is_beside(input)
}

pub(super) fn is_lora(input: &str) -> bool {
    LORA.are_in(input)
}

/// The model files that a node is given, by the names of its inputs.
pub(super) fn files<'a>(
    prompt: &'a Prompt,
    node: &'a Node,
) -> impl Iterator<Item = (&'a str, String)> {
    node.inputs.iter().filter_map(|(name, input)| {
        let file = match input {
            // What a node only holds is a model where it is taken as one.
            Input::Value(_) if matches!(name.as_str(), "value" | "string" | "text") => None,
            Input::Value(_) => model_in(input),
            Input::Link { .. } if names_file(name) => {
                value_of(prompt, name, input).filter(|file| is_model(file))
            }
            Input::Link { .. } => None,
        };
        Some((name.as_str(), file?))
    })
}

/// Whether an input of this name takes the name of a file, and not what is in it.
fn names_file(input: &str) -> bool {
    let name = input.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    ["name", "file", "path"].iter().any(|end| ends(name, end))
        || ["lora", "ckpt", "checkpoint"].iter().any(|whole| name.eq_ignore_ascii_case(whole))
}

fn add(files: &mut Vec<String>, file: &str) {
    if files.len() < MOST_NAMES && !files.iter().any(|other| other == file) {
        files.push(file.to_owned());
    }
}
