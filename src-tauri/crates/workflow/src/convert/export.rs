//! The way back: a graph for ComfyUI's editor from a prompt, laid out from left to right.

use super::{
    graph::{Id, Node, Slot, Values},
    layout::{Layout, MATCHED, What},
    widgets,
};
use crate::{
    ObjectInfo, Prompt,
    prompt::{Input, Node as PromptNode},
};
use serde_json::{Value, json, value::RawValue};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

/// Sizes of what is drawn, in the editor's units.
const WIDTH: i64 = 320;
const COLUMN: i64 = 400;
const LINE: i64 = 24;
const BETWEEN: i64 = 60;
/// What a text of several lines takes beyond one, and the picture of a node that loads or saves one.
const TEXT: i64 = 120;
const PICTURE: i64 = 280;
/// The most outputs of a node of an unknown class.
const MOST_OUTPUTS: usize = 1_000;

/// Makes a graph as ComfyUI's editor saves it, which converts to the same prompt. Texts are written as
/// they are, so the page makes choices in them; [`super::as_written`] before this keeps it from that. Ids that are no
/// numbers, as within subgraphs, are given new ones: the graph is flat.
pub fn to_graph(prompt: &Prompt, info: &ObjectInfo) -> String {
    let ids = numbers(prompt);
    let columns = columns(prompt);
    let mut heights: HashMap<usize, i64> = HashMap::new();
    let mut links: Vec<Value> = Vec::new();
    let mut leaving: HashMap<i64, BTreeMap<u32, Vec<usize>>> = HashMap::new();
    let mut nodes: Vec<(Value, i64)> = Vec::new();
    for (node, column) in prompt.nodes().iter().zip(columns) {
        let Some(id) = ids.get(node.id.as_str()).copied() else { continue };
        let layout = info.layout(&node.class);
        let mut inputs = Vec::new();
        let given: HashMap<&str, &Input> =
            node.inputs.iter().map(|(name, input)| (name.as_str(), input)).collect();
        for (name, kind, widget) in slots(node, layout) {
            let link = match given.get(name.as_str()) {
                Some(Input::Link { node, slot }) => {
                    ids.get(node.as_str()).map(|from| (*from, *slot))
                }
                _ => None,
            };
            let number = link.map(|(from, slot)| {
                let number = links.len() + 1;
                links.push(json!([number, from, slot, id, inputs.len(), kind]));
                leaving.entry(from).or_default().entry(slot).or_default().push(number);
                number
            });
            let mut input = json!({ "name": name, "type": kind, "link": number });
            if widget {
                input["widget"] = json!({ "name": name });
            }
            inputs.push(input);
        }
        let values = values(node, layout);
        let sockets = inputs.len().max(layout.map_or(1, |layout| layout.outputs.len()));
        let lines = sockets + values.as_array().map_or(0, Vec::len) + 2;
        let height = (LINE * i64::try_from(lines).unwrap_or(i64::MAX / LINE / 2))
            .saturating_add(room(node, info));
        let top = heights.entry(column).or_default();
        let position = [COLUMN * i64::try_from(column).unwrap_or(0), *top];
        *top = top.saturating_add(height + BETWEEN);
        let made = json!({
            "id": id, "type": node.class, "pos": position, "size": [WIDTH, height], "flags": {},
            "order": nodes.len(), "mode": 0, "inputs": inputs, "outputs": [], "title": node.title,
            "properties": { "Node name for S&R": node.class }, "widgets_values": values,
        });
        nodes.push((made, id));
    }
    let kinds: HashMap<i64, Option<&Layout>> = prompt
        .nodes()
        .iter()
        .filter_map(|node| Some((*ids.get(node.id.as_str())?, info.layout(&node.class))))
        .collect();
    let nodes: Vec<Value> = nodes
        .into_iter()
        .map(|(mut node, id)| {
            node["outputs"] = outputs(kinds.get(&id).copied().flatten(), leaving.get(&id));
            if node["title"].is_null() {
                node.as_object_mut().map(|node| node.shift_remove("title"));
            }
            node
        })
        .collect();
    json!({
        "last_node_id": ids.values().max().copied().unwrap_or(0), "last_link_id": links.len(),
        "nodes": nodes, "links": links, "groups": [], "config": {}, "extra": {}, "version": 0.4,
    })
    .to_string()
}

/// What a node takes beyond its lines.
fn room(node: &PromptNode, info: &ObjectInfo) -> i64 {
    let Some(class) = info.get(&node.class) else { return 0 };
    let texts = class.inputs.iter().filter(|input| {
        input.is("multiline") && matches!(node.input(&input.name), Some(Input::Value(_)))
    });
    let shows = class.inputs.iter().any(|input| input.is("image_upload"))
        || (class.output_node && class.inputs.iter().any(|input| input.name == "images"));
    let texts = i64::try_from(texts.count()).unwrap_or(i64::MAX / TEXT / 2);
    TEXT * texts + if shows { PICTURE } else { 0 }
}

/// Numbers for ids.
fn numbers(prompt: &Prompt) -> HashMap<&str, i64> {
    let own = |id: &str| id.parse::<i64>().ok().filter(|number| *number >= 0);
    let ids = || prompt.nodes().iter().map(|node| node.id.as_str());
    let mut numbers: HashMap<&str, i64> = HashMap::new();
    let mut next = ids().filter_map(own).max().unwrap_or(0);
    for id in ids() {
        let number = own(id).filter(|number| number.to_string() == id).unwrap_or_else(|| {
            next = next.saturating_add(1);
            next
        });
        numbers.entry(id).or_insert(number);
    }
    numbers
}

/// How far to the right each node is: one further than what it is connected to.
fn columns(prompt: &Prompt) -> Vec<usize> {
    let nodes = prompt.nodes();
    let at: HashMap<&str, usize> =
        nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
    let sources: Vec<Vec<usize>> = nodes
        .iter()
        .map(|node| node.sources().filter_map(|(_, source)| at.get(source).copied()).collect())
        .collect();
    let mut waits: Vec<usize> = sources.iter().map(Vec::len).collect();
    let mut leads: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (node, sources) in sources.iter().enumerate() {
        for source in sources {
            leads[*source].push(node);
        }
    }
    let mut columns = vec![0; nodes.len()];
    let mut ready: Vec<usize> = (0..nodes.len()).filter(|node| waits[*node] == 0).collect();
    // What is in a circle never gets ready, and stays where it is.
    while let Some(node) = ready.pop() {
        for next in &leads[node] {
            columns[*next] = columns[*next].max(columns[node] + 1);
            waits[*next] -= 1;
            if waits[*next] == 0 {
                ready.push(*next);
            }
        }
    }
    columns
}

/// Inputs that are shown as sockets: name, type, and whether it is a widget's.
fn slots<'a>(node: &'a PromptNode, layout: Option<&'a Layout>) -> Vec<(String, String, bool)> {
    let mut slots: Vec<(String, String, bool)> = Vec::new();
    let mut listed: HashSet<&str> = HashSet::new();
    for spec in layout.map(|layout| layout.specs.as_slice()).unwrap_or_default() {
        if matches!(spec.what, What::Socket) {
            slots.push((spec.name.clone(), spec.kind.clone(), false));
            listed.insert(&spec.name);
        }
    }
    for (name, input) in &node.inputs {
        if matches!(input, Input::Link { .. }) && listed.insert(name) {
            let spec = layout.and_then(|layout| layout.spec(name));
            let kind = spec.map_or("*", |spec| spec.kind.as_str());
            let widget = spec.is_some_and(|spec| spec.widget().is_some());
            slots.push((name.clone(), kind.to_owned(), widget));
        }
    }
    slots
}

/// What is saved as the node's values: by place where the class is known, else by name.
fn values(node: &PromptNode, layout: Option<&Layout>) -> Value {
    let plain = |raw: &RawValue| unwrapped(serde_json::from_str(raw.get()).unwrap_or(Value::Null));
    let mut named: Vec<(Cow<'_, str>, Box<RawValue>)> = Vec::new();
    for (name, input) in &node.inputs {
        if let Input::Value(raw) = input
            && let Ok(raw) = RawValue::from_string(plain(raw).to_string())
        {
            named.push((Cow::Borrowed(name), raw));
        }
    }
    let Some(layout) = layout else {
        return named.iter().map(|(name, raw)| (name.to_string(), plain(raw))).collect();
    };
    if layout.own_choices {
        return named.iter().map(|(_, raw)| plain(raw)).collect();
    }
    for spec in &layout.specs {
        if let Some(rows) = spec.widget().and_then(|widget| widget.rows.as_ref())
            && let Ok(raw) =
                RawValue::from_string(rows_of(node, &spec.name).max(rows.least).to_string())
        {
            named.push((Cow::Borrowed(&spec.name), raw));
        }
    }
    let inputs = node
        .inputs
        .iter()
        .map(|(name, _)| Slot { name: Cow::Borrowed(name.as_str()), ..Slot::default() });
    let values = named.iter().map(|(name, raw)| (name.clone(), &**raw)).collect();
    let fake = Node {
        id: Id::default(),
        kind: Cow::Borrowed(&node.class),
        inputs: inputs.collect(),
        values: Values::Named(values),
        ..Node::default()
    };
    let places = widgets::places(layout, &fake);
    places.into_iter().map(|place| place.map_or(Value::Null, plain)).collect()
}

/// How many rows of a dynamic group a node has values or links for.
fn rows_of(node: &PromptNode, group: &str) -> usize {
    let number = |name: &str| {
        let row = name.strip_prefix(group)?.strip_prefix('.')?.split('.').next()?;
        row.parse::<usize>().ok()
    };
    node.inputs.iter().filter_map(|(name, _)| Some(number(name)? + 1)).max().unwrap_or(0)
}

/// A list that was wrapped, so as not to be taken for a link.
fn unwrapped(value: Value) -> Value {
    match value {
        Value::Object(mut object) if object.get("__value__").is_some_and(Value::is_array) => {
            object.shift_remove("__value__").unwrap_or_default()
        }
        other => other,
    }
}

fn outputs(layout: Option<&Layout>, leaving: Option<&BTreeMap<u32, Vec<usize>>>) -> Value {
    let used = leaving.and_then(|links| links.keys().next_back().copied());
    // A node of an unknown class without any would be taken for decoration.
    let named = layout.map_or(1, |layout| layout.outputs.len());
    let count = used.map_or(0, |slot| slot as usize + 1).min(MOST_OUTPUTS).max(named);
    (0..count)
        .map(|slot| {
            let kind = layout.and_then(|layout| layout.outputs.get(slot)).map(String::as_str);
            let kind = kind.filter(|kind| *kind != MATCHED).unwrap_or("*");
            let links = u32::try_from(slot).ok().and_then(|slot| leaving?.get(&slot));
            json!({ "name": kind, "type": kind, "links": links })
        })
        .collect()
}
