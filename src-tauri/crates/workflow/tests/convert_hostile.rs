//! Graphs that nobody draws: large, circular, broken. Each ends in an answer.
#![allow(missing_docs, clippy::unwrap_used)]

use domain::InputKind;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{collections::HashMap, path::Path, sync::LazyLock};
use workflow::{ConvertError, Converted, Input, NoteKind, ObjectInfo, Prompt, convert, to_graph};

static CLASSES: LazyLock<ObjectInfo> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/convert/classes.json");
    ObjectInfo::read(&std::fs::read(file).unwrap()).unwrap()
});

fn converted(graph: &Value) -> Converted {
    convert(&graph.to_string(), &CLASSES).unwrap()
}

fn kinds(converted: &Converted) -> Vec<NoteKind> {
    converted.notes.iter().map(|note| note.kind).collect()
}

fn reroute(id: usize, link: usize) -> Value {
    json!({ "id": id, "type": "Reroute", "inputs": [{ "name": "", "type": "*", "link": link }], "outputs": [{}] })
}

fn show(id: usize, link: usize) -> Value {
    json!({ "id": id, "type": "Show", "inputs": [{ "name": "source", "type": "*", "link": link }] })
}

fn node(id: usize, kind: &str, link: usize) -> Value {
    json!({ "id": id, "type": kind, "inputs": [{ "name": "in", "type": "*", "link": link }], "outputs": [{}] })
}

#[test]
fn many_nodes_in_a_long_chain() {
    // Half of them hand on, half ask at the far end.
    let count = 50_000;
    let mut nodes = vec![json!({ "id": 0, "type": "Load", "widgets_values": ["a.safetensors"] })];
    let mut links = Vec::new();
    for id in 1..=count {
        nodes.push(reroute(id, id));
        links.push(json!([id, id - 1, 0, id, 0, "*"]));
        nodes.push(show(count + id, count + id));
        links.push(json!([count + id, count, 0, count + id, 0, "*"]));
    }
    let got = converted(&json!({ "nodes": nodes, "links": links }));
    assert_eq!(got.prompt.nodes().len(), count + 1);
    let last = got.prompt.node(&(2 * count).to_string()).unwrap();
    assert!(matches!(last.input("source"), Some(Input::Link { node, slot: 0 }) if node == "0"));
    assert!(got.notes.is_empty());
}

#[test]
fn many_links() {
    let links: Vec<Value> = (0..1_000_000).map(|id| json!([id, 1, 0, 2, 0, "*"])).collect();
    let nodes =
        json!([{ "id": 1, "type": "Load", "widgets_values": ["a.safetensors"] }, show(2, 999_999)]);
    let got = converted(&json!({ "nodes": nodes, "links": links }));
    assert_eq!(got.prompt.nodes().len(), 2);
    assert!(got.notes.is_empty());
}

#[test]
fn many_inputs() {
    let inputs: Vec<Value> = (0..100_000)
        .map(|n| json!({ "name": format!("i{}", n % 60_000), "type": "*", "link": 1 }))
        .collect();
    for kind in ["Unknown", "Show"] {
        let nodes = json!([{ "id": 1, "type": "Load", "widgets_values": ["a.safetensors"] }, { "id": 2, "type": kind, "inputs": inputs }]);
        let got = converted(&json!({ "nodes": nodes, "links": [[1, 1, 0, 2, 0, "*"]] }));
        assert_eq!(got.prompt.node("2").unwrap().inputs.len(), 60_000);
    }
}

#[test]
fn circles_are_noted_and_end() {
    // Through reroutes, through a bypassed node, through names, and through a subgraph.
    let through = json!({ "id": "s", "name": "Through", "inputs": [{ "name": "in" }], "outputs": [{ "name": "out" }],
        "nodes": [reroute(50, 1)],
        "links": [{ "id": 1, "origin_id": -10, "origin_slot": 0, "target_id": 50, "target_slot": 0 }, { "id": 2, "origin_id": 50, "origin_slot": 0, "target_id": -20, "target_slot": 0 }] });
    let mut bypassed = node(4, "Unknown", 4);
    bypassed["mode"] = json!(4);
    let set = json!({ "id": 6, "type": "SetNode", "inputs": [{ "name": "*", "type": "*", "link": 6 }], "outputs": [{}], "widgets_values": ["x"] });
    let get = json!({ "id": 7, "type": "GetNode", "outputs": [{}], "widgets_values": ["x"] });
    let got = converted(&json!({
        "nodes": [reroute(1, 1), reroute(2, 2), show(3, 3), bypassed, show(5, 5), set, get, show(8, 7), node(9, "s", 8), show(10, 9), show(11, 10)],
        "links": [[1, 2, 0, 1, 0, "*"], [2, 1, 0, 2, 0, "*"], [3, 2, 0, 3, 0, "*"],
            [4, 4, 0, 4, 0, "*"], [5, 4, 0, 5, 0, "*"], [6, 7, 0, 6, 0, "*"], [7, 7, 0, 8, 0, "*"],
            [8, 9, 0, 9, 0, "*"], [9, 9, 0, 10, 0, "*"], [10, 11, 0, 11, 0, "*"]],
        "definitions": { "subgraphs": [through] },
    }));
    let circles = kinds(&got).iter().filter(|kind| **kind == NoteKind::Circle).count();
    assert_eq!(circles, 4, "{:?}", got.notes);
    // A node that is connected to itself is for the server to refuse.
    assert!(matches!(got.prompt.node("11").unwrap().input("source"), Some(Input::Link { .. })));
}

/// Definitions of which each holds the next some times, and the last holds a node.
fn levels(count: usize, times: usize, last: Value) -> Value {
    let definition = |level: usize| {
        let nodes: Vec<Value> = (0..times)
            .map(|n| json!({ "id": n, "type": format!("level {}", level + 1), "inputs": [{ "name": "in", "type": "*", "link": n }] }))
            .collect();
        let links: Vec<Value> = (0..times)
            .map(|n| json!({ "id": n, "origin_id": -10, "origin_slot": 0, "target_id": n, "target_slot": 0 }))
            .collect();
        json!({ "id": format!("level {level}"), "name": "L", "inputs": [{ "name": "in" }], "nodes": nodes, "links": links })
    };
    let mut all: Vec<Value> = (0..count).map(definition).collect();
    all.push(json!({ "id": format!("level {count}"), "name": "L", "inputs": [{ "name": "in" }], "nodes": [last], "links": [] }));
    json!({ "nodes": [{ "id": 1, "type": "level 0", "widgets_values": [7] }], "links": [], "definitions": { "subgraphs": all } })
}

#[test]
fn subgraphs_that_double_are_bounded() {
    let last = json!({ "id": 1, "type": "Load", "widgets_values": ["a.safetensors"] });
    let graph = levels(40, 2, last.clone());
    let error = convert(&graph.to_string(), &CLASSES).unwrap_err();
    assert!(matches!(error, ConvertError::TooManyNodes { .. }), "{error}");
    let graph = levels(100, 1, last);
    let error = convert(&graph.to_string(), &CLASSES).unwrap_err();
    assert!(matches!(error, ConvertError::Circle { .. }), "{error}");
    let large = json!({ "id": 1, "type": "Text", "widgets_values": ["x".repeat(100_000)] });
    let graph = levels(12, 2, large);
    let error = convert(&graph.to_string(), &CLASSES).unwrap_err();
    assert!(matches!(error, ConvertError::TooLarge { .. }), "{error}");
}

#[test]
fn one_large_value_for_many_inputs_is_bounded() {
    let inputs: Vec<Value> =
        (0..2_000).map(|n| json!({ "name": format!("i{n}"), "type": "*", "link": n })).collect();
    let links: Vec<Value> = (0..2_000)
        .map(|n| json!({ "id": n, "origin_id": -10, "origin_slot": 0, "target_id": 5, "target_slot": n }))
        .chain([json!({ "id": 9_999, "origin_id": -10, "origin_slot": 0, "target_id": 6, "target_slot": 0 })])
        .collect();
    let text = json!({ "id": 6, "type": "Text", "inputs": [{ "name": "text", "type": "STRING", "link": 9_999 }], "widgets_values": ["x".repeat(100_000)] });
    let nodes = json!([{ "id": 5, "type": "Unknown", "inputs": inputs, "outputs": [{}] }, text]);
    let definition = json!({ "id": "s", "name": "S", "inputs": [{ "name": "in" }], "nodes": nodes, "links": links });
    let graph = json!({ "nodes": [{ "id": 1, "type": "s" }], "definitions": { "subgraphs": [definition] } });
    let error = convert(&graph.to_string(), &CLASSES).unwrap_err();
    assert!(matches!(error, ConvertError::TooLarge { .. }), "{error}");
}

#[test]
fn subgraphs_that_hold_themselves_are_refused() {
    let inside =
        |kind: &str| json!([{ "id": 5, "type": kind, "inputs": [{ "name": "in", "link": 1 }] }]);
    let definition = |id: &str, holds: &str| json!({ "id": id, "name": id, "inputs": [{ "name": "in" }], "nodes": inside(holds), "links": [{ "id": 1, "origin_id": -10, "origin_slot": 0, "target_id": 5, "target_slot": 0 }] });
    for definitions in
        [json!([definition("a", "a")]), json!([definition("a", "b"), definition("b", "a")])]
    {
        let graph = json!({ "nodes": [{ "id": 1, "type": "a", "widgets_values": [1] }], "definitions": { "subgraphs": definitions } });
        let error = convert(&graph.to_string(), &CLASSES).unwrap_err();
        assert!(matches!(error, ConvertError::Circle { .. }), "{error}");
    }
    let group = json!({ "nodes": [{ "type": "workflow/g" }], "links": [] });
    let graph = json!({ "nodes": [{ "id": 1, "type": "workflow>g" }], "extra": { "groupNodes": { "g": group } } });
    let error = convert(&graph.to_string(), &CLASSES).unwrap_err();
    assert!(matches!(error, ConvertError::Circle { .. }), "{error}");
    // One that nobody uses harms nobody.
    let graph = json!({ "nodes": [{ "id": 1, "type": "Load", "widgets_values": ["a.safetensors"] }], "definitions": { "subgraphs": [definition("a", "a")] } });
    assert_eq!(converted(&graph).prompt.nodes().len(), 1);
}

#[test]
fn too_much_is_refused() {
    let nodes = format!("{{\"nodes\":[{}{{}}]}}", "{},".repeat(3_000_000));
    assert!(matches!(convert(&nodes, &CLASSES), Err(ConvertError::TooManyNodes { .. })));
    let brackets = format!("{{\"nodes\":[{{}}],\"links\":[{}[]]}}", "[],".repeat(5_000_000));
    assert!(matches!(convert(&brackets, &CLASSES), Err(ConvertError::TooManyNodes { .. })));
    let deep =
        format!("{{\"nodes\":[{{\"inputs\":{}{}}}]}}", "[".repeat(10_000), "]".repeat(10_000));
    let _ = convert(&deep, &CLASSES);
    let large =
        format!("{{\"nodes\":[{{\"type\":\"{}\"}}]}}", "x".repeat(workflow::MAX_WORKFLOW_BYTES));
    assert!(matches!(convert(&large, &CLASSES), Err(ConvertError::TooLarge { .. })));
}

/// All fixtures' graphs.
static GRAPHS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/convert");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|file| !file.ends_with("classes.json")).collect();
    files.sort();
    let read = |file| serde_json::from_slice::<Value>(&std::fs::read(file).unwrap()).unwrap();
    files.into_iter().map(|file| read(file)["graph"].take()).collect()
});

/// Places in a JSON value, as many as there are values in it.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(all) => all.iter().map(count).sum(),
        Value::Object(all) => all.values().map(count).sum(),
        _ => 0,
    }
}

fn at(value: &mut Value, place: usize) -> &mut Value {
    if place == 0 {
        return value;
    }
    let mut place = place - 1;
    let inside: Vec<&mut Value> = match value {
        Value::Array(all) => all.iter_mut().collect(),
        Value::Object(all) => all.values_mut().collect(),
        _ => unreachable!("a place inside of a single value"),
    };
    for part in inside {
        let size = count(part);
        if place < size {
            return at(part, place);
        }
        place -= size;
    }
    unreachable!("a place beyond the end")
}

/// What is sent must be JSON, and what it is told to be.
fn check(got: &Converted) {
    let read: Value = serde_json::from_str(got.prompt.text()).unwrap();
    assert_eq!(read.as_object().unwrap().len(), got.prompt.nodes().len());
    for node in got.prompt.nodes() {
        let inputs = read[&node.id]["inputs"].as_object().unwrap();
        assert_eq!(inputs.len(), node.inputs.len());
        for (name, input) in &node.inputs {
            match input {
                Input::Link { node, slot } => {
                    assert_eq!(inputs[name], json!([node, slot]));
                    assert!(got.prompt.node(node).is_some(), "{node} is there");
                }
                Input::Value(raw) => {
                    assert_eq!(inputs[name].to_string().is_empty(), raw.get().is_empty())
                }
            }
        }
    }
}

/// A prompt with its ids replaced by its nodes' places, without titles.
fn by_place(prompt: &Prompt) -> Vec<(String, Vec<(String, String)>)> {
    let at: HashMap<&str, usize> =
        prompt.nodes().iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
    let told = |input: &Input| match input {
        Input::Link { node, slot } => format!("{} {slot}", at[node.as_str()]),
        Input::Value(raw) => serde_json::from_str::<Value>(raw.get()).unwrap().to_string(),
    };
    prompt
        .nodes()
        .iter()
        .map(|node| {
            let mut inputs: Vec<_> =
                node.inputs.iter().map(|(name, input)| (name.clone(), told(input))).collect();
            inputs.sort();
            (node.class.clone(), inputs)
        })
        .collect()
}

/// What was converted is exported and converted again, and is the same. Only a value that a
/// subgraph gives to a plain socket cannot be drawn.
fn there_and_back(prompt: &Prompt, info: &ObjectInfo, name: &str) {
    if prompt.nodes().is_empty() {
        return;
    }
    let graph = to_graph(prompt, info);
    let again = convert(&graph, info).unwrap();
    let mut wanted = by_place(prompt);
    for ((class, inputs), node) in wanted.iter_mut().zip(prompt.nodes()) {
        let any = InputKind::Type("*".to_owned());
        let plain = |name: &str| {
            let input = info.get(class).and_then(|class| class.input(name));
            input.is_some_and(|input| input.kind == any)
                && matches!(node.input(name), Some(Input::Value(_)))
        };
        inputs.retain(|(name, _)| !plain(name));
    }
    assert_eq!(by_place(&again.prompt), wanted, "{name}: {graph}");
}

#[test]
fn the_way_back_leads_to_the_same_prompt() {
    for (number, graph) in GRAPHS.iter().enumerate() {
        let got = converted(graph);
        check(&got);
        there_and_back(&got.prompt, &CLASSES, &number.to_string());
        let bare = convert(&graph.to_string(), &ObjectInfo::default()).unwrap();
        check(&bare);
    }
}

fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-30_i64..30).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z:.*/]{0,6}".prop_map(Value::from),
        Just(json!("s")),
        Just(json!("KSampler")),
        Just(json!("workflow/Both")),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[1, 2, 3, 4, 5, "*"], null, [1]])),
        Just(json!({ "name": "x", "link": 1 })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_text_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = convert(&String::from_utf8_lossy(&bytes), &CLASSES);
    }

    #[test]
    fn no_change_of_a_graph_panics(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), junk()), 1..8),
    ) {
        let mut graph = GRAPHS[which.index(GRAPHS.len())].clone();
        for (place, junk) in changes {
            let place = place.index(count(&graph));
            *at(&mut graph, place) = junk;
        }
        let text = graph.to_string();
        if let Ok(got) = convert(&text, &CLASSES) {
            check(&got);
            let again = convert(&text, &CLASSES).unwrap();
            prop_assert_eq!(again.prompt.text(), got.prompt.text());
            let _ = to_graph(&got.prompt, &CLASSES);
        }
        let _ = convert(&text, &ObjectInfo::default());
    }

    #[test]
    fn no_cut_panics(which in any::<prop::sample::Index>(), end in any::<prop::sample::Index>()) {
        let text = GRAPHS[which.index(GRAPHS.len())].to_string();
        let end = end.index(text.len());
        if let Some(cut) = text.get(..end) {
            prop_assert!(convert(cut, &CLASSES).is_err());
        }
    }
}

/// Found by `no_change_of_a_graph_panics`.
#[test]
fn inputs_of_an_unknown_class_with_no_name_or_the_same_name_are_sent_once_at_most() {
    let node = |names: Value| {
        let inputs: Vec<Value> = names
            .as_array()
            .unwrap()
            .iter()
            .map(|name| json!({"name": name, "type": "INT", "link": null, "widget": {"name": "w"}}))
            .collect();
        json!({
            "nodes": [{"id": 2, "type": "s", "mode": 0, "inputs": inputs, "outputs": [],
                       "widgets_values": [640, 480]}],
            "links": [], "version": 0.4
        })
        .to_string()
    };
    let info = ObjectInfo::default();
    for (names, wanted) in [
        (json!([null, []]), json!({})),
        (json!(["a", "a"]), json!({"a": 480})),
        (json!(["a", "b"]), json!({"a": 640, "b": 480})),
    ] {
        let got = convert(&node(names), &info).unwrap();
        check(&got);
        let read: Value = serde_json::from_str(got.prompt.text()).unwrap();
        assert_eq!(read["2"]["inputs"], wanted);
    }
}
