//! What an input is for: a hint from its name and kind, held against where it stands in the graph.

use super::{
    kind::file_kind_of_name,
    knob::{FileKind, Kind, Role, Section},
    net::{Made, Net, PICTURED, Side, named_side},
};
use crate::{facts::is_text_input, needs::is_model, prompt::Input};
use domain::NodeClass;
use std::collections::BTreeSet;

/// Types that are typed in.
const TYPED: &[&str] = &["INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"];
/// Words in names of texts that work on other texts.
const TOOLS: &[&str] =
    &["find", "replace", "delimiter", "separator", "pattern", "regex", "path", "url", "key"];

/// An input as rules look at it.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub node: u32,
    pub name: &'a str,
    pub kind: &'a Kind,
    /// Its value, if it has one.
    pub json: Option<&'a str>,
}

/// What an input is for. `fed` is what its node is given to: see [`fed`].
pub(super) fn role_of(net: &Net<'_>, at: At<'_>, fed: &BTreeSet<Role>) -> Role {
    let own = own_role(net, at);
    if matches!(own, Role::Prompt | Role::Negative) {
        return own;
    }
    let hint = hint(at);
    if hint != Role::Other && fed.contains(&hint) {
        return hint;
    }
    if net.traits(at.node).values != 1 || !is_constant(net, at.node) {
        return own;
    }
    let best = fed.iter().copied().filter(|role| *role != Role::Other).min();
    // Where words go was walked already.
    let of_words = |role: Role| role.section() == Section::Words;
    best.filter(|best| own != Role::Text || !of_words(*best)).unwrap_or(own)
}

/// What an input is for by itself, whoever uses its node.
pub(super) fn own_role(net: &Net<'_>, at: At<'_>) -> Role {
    let hint = hint(at);
    let makes = |kinds: &[&str]| net.makes(at.node, kinds);
    let class = net.class(at.node);
    let traits = net.traits(at.node);
    let begins = || makes(PICTURED) && (traits.has_prompt || !traits.alters);
    let stands = match hint {
        Role::Text => return words(net, at),
        Role::Width | Role::Height => {
            net.begins[at.node as usize] || class.is_none() || makes(&["LATENT"]) || begins()
        }
        Role::Length | Role::BatchSize => class.is_none() || begins(),
        Role::Picture => return if traits.is_mask { Role::Mask } else { hint },
        Role::SavePrefix => class.is_none_or(|class| class.output_node),
        Role::LoraStrength => traits.has_lora,
        _ => true,
    };
    if stands { hint } else { Role::Other }
}

/// What the name and the kind of an input suggest.
fn hint(at: At<'_>) -> Role {
    let name = last_part(at.name).to_ascii_lowercase();
    match at.kind {
        Kind::Int { .. } | Kind::Several { .. } => hint_of_number(&name, true),
        Kind::Float { .. } => hint_of_number(&name, false),
        Kind::File { what, .. } => role_of_file(*what),
        Kind::Choice { values, .. } => hint_of_choice(&name, at.json, values),
        Kind::DynamicChoice { .. } if name == "model" => Role::Model,
        Kind::Text { multiline, .. } => hint_of_text(&name, at.json, *multiline),
        // Loaders of many LoRAs have an object for each.
        Kind::Other { .. }
            if names_lora(&name) && at.json.is_some_and(|json| json.starts_with('{')) =>
        {
            Role::Lora
        }
        _ => Role::Other,
    }
}

fn hint_of_number(name: &str, whole: bool) -> Role {
    let has = |word: &str| has_token(name, word);
    match name {
        "steps" | "num_steps" | "sampling_steps" | "num_inference_steps" => Role::Steps,
        "width" if whole => Role::Width,
        "height" if whole => Role::Height,
        "batch_size" | "batch" | "num_images" | "number_of_images" | "n" if whole => {
            Role::BatchSize
        }
        _ if whole && name.ends_with("seed") => Role::Seed,
        _ if whole && has("seed") => Role::Seed,
        _ if (has("cfg") || has("guidance")) && !has("rescale") => Role::Cfg,
        _ if has("denoise") || has("denoising") => Role::Denoise,
        _ if is_length(name) => Role::Length,
        _ if has("strength") || has("weight") => Role::LoraStrength,
        _ => Role::Other,
    }
}

fn hint_of_choice(name: &str, json: Option<&str>, values: &[String]) -> Role {
    let value = json.map(|json| json.trim_matches('"'));
    let models = || values.iter().take(50).any(|json| is_model(json.trim_matches('"')));
    let lora = names_lora(name);
    if let Some(role) = hint_of_sampling(name) {
        role
    } else if value.is_some_and(is_model) || models() {
        if lora { Role::Lora } else { Role::Model }
    } else if is_length(name) {
        Role::Length
    } else if matches!(name, "model" | "model_name") || name.ends_with("_model") {
        Role::Model
    } else if lora && name.ends_with("name") {
        Role::Lora
    } else {
        value.and_then(file_kind_of_name).map_or(Role::Other, role_of_file)
    }
}

fn hint_of_text(name: &str, json: Option<&str>, multiline: bool) -> Role {
    let value = json.and_then(|json| serde_json::from_str::<String>(json).ok());
    if let Some(value) = value.as_deref().filter(|value| is_model(value)) {
        let lora = names_lora(name) || (name == "value" && value.contains("lora"));
        return if lora { Role::Lora } else { Role::Model };
    }
    if name.contains("prefix") || matches!(name, "filename" | "file_name") {
        return Role::SavePrefix;
    }
    if let Some(role) = hint_of_sampling(name) {
        return role;
    }
    match value.as_deref().and_then(file_kind_of_name) {
        Some(what) => role_of_file(what),
        None if multiline || is_text_input(name) => Role::Text,
        None => Role::Other,
    }
}

fn hint_of_sampling(name: &str) -> Option<Role> {
    match name {
        _ if has_token(name, "sampler") => Some(Role::Sampler),
        _ if has_token(name, "scheduler") => Some(Role::Scheduler),
        _ => None,
    }
}

/// Which words these are.
fn words(net: &Net<'_>, at: At<'_>) -> Role {
    let (sides, class) = (net.sides[at.node as usize], net.class(at.node));
    let name = last_part(at.name).to_ascii_lowercase();
    // What a text is cut, joined and searched by, and what is computed, is not said to a model.
    let tool = tokens(&name).any(|token| TOOLS.contains(&token));
    let computes = |class: &NodeClass| {
        !class.outputs.is_empty()
            && class
                .outputs
                .iter()
                .all(|it| ["INT", "FLOAT", "BOOLEAN"].contains(&it.kind.as_str()))
    };
    if tool || class.is_some_and(computes) {
        return Role::Other;
    }
    // What a language model is told about its task is not said of the picture.
    if has_token(&name, "system") || net.traits(at.node).of_task {
        return Role::Text;
    }
    let named = named_side(&name);
    match (sides.side(), named) {
        (Some(_), Some(Side::Negative)) | (Some(Side::Negative), _) => return Role::Negative,
        (Some(_), _) => return Role::Prompt,
        (None, _) => {}
    }
    match class {
        Some(class) if makes_words(class) && name != "prompt" => Role::Text,
        _ => match named {
            Some(Side::Negative) => Role::Negative,
            Some(_) => Role::Prompt,
            None if name.contains("prompt") => Role::Prompt,
            None => Role::Text,
        },
    }
}

/// Whether words that go into a node come out of it as words or as conditions.
fn makes_words(class: &NodeClass) -> bool {
    let kind = |kind: &str| kind == "STRING" || kind == "CONDITIONING";
    !class.outputs.is_empty() && class.outputs.iter().all(|output| kind(&output.kind))
}

fn role_of_file(what: FileKind) -> Role {
    match what {
        FileKind::Picture => Role::Picture,
        FileKind::Mask => Role::Mask,
        FileKind::Video => Role::Video,
        FileKind::Audio => Role::Audio,
        FileKind::Model3d | FileKind::Other => Role::Other,
    }
}

fn is_length(name: &str) -> bool {
    [
        "length",
        "num_frames",
        "frames",
        "frame_count",
        "frames_number",
        "video_frames",
        "video_length",
        "duration",
        "duration_seconds",
        "seconds",
    ]
    .contains(&name)
}

/// Whether a node only holds values for others: nothing is linked to it, and all it gives is typed in
/// elsewhere.
pub(super) fn is_constant(net: &Net<'_>, node: u32) -> bool {
    let class = net.class(node);
    let all = class.is_none_or(|class| class.outputs.iter().all(|output| is_typed(&output.kind)));
    all && net.traits(node).links == 0
}

fn is_typed(kind: &str) -> bool {
    Made(kind).is_open() || TYPED.contains(&kind)
}

/// Of each node, the roles of what its numbers and texts are given to, through reroutes, switches and
/// sums.
pub(super) fn fed(net: &Net<'_>) -> Vec<BTreeSet<Role>> {
    // Where no class is known, a number's name says something all the same.
    let any_kind = Kind::Several { types: [].into() };
    let mut fed: Vec<BTreeSet<Role>> = vec![BTreeSet::new(); net.graph.nodes.len()];
    // Users come before what they use. In a circle some of them do not, and nothing is lost.
    for node in net.order.iter().rev() {
        let mut roles = BTreeSet::new();
        for (user, name, input) in net.users(*node) {
            let typed =
                matches!(input, Input::Link { slot, .. } if is_typed(net.made(*node, *slot).0));
            if !typed {
                continue;
            }
            if passes_on(net, user, name) {
                roles.extend(&fed[user as usize]);
                continue;
            }
            let kind = net.about(user, name).map_or_else(|| any_kind.clone(), |about| about.kind);
            roles.insert(own_role(net, At { node: user, name, kind: &kind, json: None }));
        }
        fed[*node as usize] = roles;
    }
    fed
}

/// Whether a node gives what it is given by this input, or what it computes of that alone: a reroute,
/// a converter, a switch, a sum.
fn passes_on(net: &Net<'_>, node: u32, name: &str) -> bool {
    let Some(class) = net.class(node) else { return false };
    if class.outputs.is_empty() || !class.outputs.iter().all(|it| is_typed(&it.kind)) {
        return false;
    }
    let switches = net.made(node, 0).is_open()
        && tokens(name).any(|token| ["on", "value", "input"].contains(&token));
    switches || net.traits(node).links == 1
}

/// Whether an input's name says that it is of a LoRA.
pub(super) fn names_lora(name: &str) -> bool {
    tokens(name).any(|token| token.starts_with("lora"))
}

/// The name behind the last point: `model.size` is a size.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn has_token(name: &str, word: &str) -> bool {
    tokens(name).any(|token| token.eq_ignore_ascii_case(word))
}

/// Whether a title says that a node's words are about the task of a language model.
pub(super) fn titles_task(title: &str) -> bool {
    has_token(title, "system")
}

/// The words of a name.
pub(super) fn tokens(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|token| !token.is_empty())
}
