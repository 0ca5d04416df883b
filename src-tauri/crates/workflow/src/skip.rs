//! Skipping a node: what it would change passes through, as ComfyUI's bypass has it.

use crate::{
    ObjectInfo,
    prompt::{Entries, Input, Node, Prompt},
    read::{ReadError, read_prompt},
};
use domain::InputKind;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashSet;

/// The prompt without some nodes. Whoever took an output of a skipped node is connected to what came
/// into it with the same type: the input at the output's place, else the first (ComfyUI's frontend,
/// mode 4). Where there is none, the input is left out. Everything else keeps its text.
///
/// # Errors
/// When what is left is no prompt: no nodes, for one.
pub fn without(
    prompt: &Prompt,
    skipped: &[String],
    info: &ObjectInfo,
) -> Result<Prompt, ReadError> {
    let there = |id: &&str| prompt.node(id).is_some();
    let skipped: HashSet<&str> = skipped.iter().map(String::as_str).filter(there).collect();
    if skipped.is_empty() {
        return Ok(prompt.clone());
    }
    // A prompt's text was read before, so it can be read.
    let Ok(entries) = serde_json::from_str::<Entries<'_>>(prompt.text()) else {
        return Ok(prompt.clone());
    };
    let mut text = String::with_capacity(prompt.text().len());
    text.push('{');
    for ((id, raw), node) in entries.0.iter().zip(prompt.nodes()) {
        if skipped.contains(id.as_str()) {
            continue;
        }
        if text.len() > 1 {
            text.push(',');
        }
        push_name(&mut text, id);
        if node.sources().any(|(_, from)| skipped.contains(from)) {
            rewrite(&mut text, raw, prompt, &skipped, info);
        } else {
            text.push_str(raw.get());
        }
    }
    text.push('}');
    read_prompt(text.as_bytes())
}

/// Writes a node with its links past the skipped nodes.
fn rewrite(
    text: &mut String,
    raw: &RawValue,
    prompt: &Prompt,
    skipped: &HashSet<&str>,
    info: &ObjectInfo,
) {
    let Ok(parts) = serde_json::from_str::<Entries<'_>>(raw.get()) else {
        return text.push_str(raw.get());
    };
    text.push('{');
    for (at, (name, value)) in parts.0.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push_name(text, name);
        match (name.as_str(), serde_json::from_str::<Entries<'_>>(value.get())) {
            ("inputs", Ok(inputs)) => {
                text.push('{');
                let mut first = true;
                for (name, value) in &inputs.0 {
                    let Some(value) = past(value, prompt, skipped, info) else { continue };
                    if !std::mem::take(&mut first) {
                        text.push(',');
                    }
                    push_name(text, name);
                    text.push_str(&value);
                }
                text.push('}');
            }
            _ => text.push_str(value.get()),
        }
    }
    text.push('}');
}

/// An input's value with its link past the skipped nodes; nothing where there is no way.
fn past(
    value: &RawValue,
    prompt: &Prompt,
    skipped: &HashSet<&str>,
    info: &ObjectInfo,
) -> Option<String> {
    let Ok((mut node, mut slot)) = Link::deserialize(value).map(|link| (link.0, link.1)) else {
        return Some(value.get().to_owned());
    };
    // A way through more nodes than are skipped leads in a circle.
    for _ in 0..=skipped.len() {
        if !skipped.contains(node.as_str()) {
            let link = serde_json::json!([node, slot]);
            return Some(link.to_string());
        }
        (node, slot) = through(prompt.node(&node)?, slot, prompt, info)?;
    }
    None
}

#[derive(Deserialize)]
struct Link(String, u32);

/// What came into a skipped node with the type of one of its outputs.
fn through(node: &Node, slot: u32, prompt: &Prompt, info: &ObjectInfo) -> Option<(String, u32)> {
    let class = info.get(&node.class)?;
    let slot = usize::try_from(slot).ok()?;
    let kind = &class.outputs.get(slot)?.kind;
    let came = |name: &str| match node.input(name) {
        Some(Input::Link { node, slot }) => {
            let of = prompt.node(node).and_then(|from| info.get(&from.class));
            let output = of.and_then(|of| of.outputs.get(usize::try_from(*slot).ok()?));
            Some((node.as_str(), *slot, output.map(|output| output.kind.as_str())))
        }
        _ => None,
    };
    // In the order of the class, whatever order the prompt's file has: `positive` and `negative` would
    // change places else. What has a widget has no place unless something is linked to it.
    let known: HashSet<&str> = class.inputs.iter().map(|input| input.name.as_str()).collect();
    let of_class = class.inputs.iter().map(|input| (came(&input.name), is_widget(&input.kind)));
    let others = node.inputs.iter().filter(|(name, _)| !known.contains(name.as_str()));
    let sources: Vec<Option<(&str, u32, Option<&str>)>> = of_class
        .chain(others.map(|(name, _)| (came(name), true)))
        .filter(|(source, widget)| source.is_some() || !widget)
        .map(|(source, _)| source)
        .collect();
    let fits = |source: &&(&str, u32, Option<&str>)| {
        source.2.is_some_and(|of| of == kind || of == "*" || kind == "*")
    };
    let at_place = sources.get(slot).and_then(Option::as_ref).filter(fits);
    let (node, slot, _) = at_place.or_else(|| sources.iter().flatten().find(fits)).copied()?;
    Some((node.to_owned(), slot))
}

/// Whether a value is typed in or chosen, unless a link gives it.
fn is_widget(kind: &InputKind) -> bool {
    match kind {
        InputKind::Combo(_) => true,
        InputKind::Type(kind) => matches!(kind.as_str(), "INT" | "FLOAT" | "STRING" | "BOOLEAN"),
    }
}

fn push_name(text: &mut String, name: &str) {
    text.push_str(&serde_json::Value::from(name).to_string());
    text.push(':');
}
