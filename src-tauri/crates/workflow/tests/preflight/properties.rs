//! Any prompt beside any server.

use crate::support::{info, prompt, server};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use workflow::preflight::{
    Hints, Report, Server, Severity, hints, packs, preflight, preflight_all,
};

const CLASSES: [&str; 4] = ["A", "B", "C", "D"];
const NAMES: [&str; 8] = ["x", "y", "x.a", "x.a.b", "x.p0", "x.0.a", "y.p1", "z"];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "a",
            "b",
            "nan",
            "1",
            "a.safetensors",
            "c.png [output]",
            "d/e.png"
        ])
        .prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        ("[0-6]", 0..4_u32).prop_map(|(node, slot)| json!([node, slot])),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            inner.prop_map(|inner| json!({"__value__": inner})),
        ]
    })
}

/// A specification of an input: all that exist, and what custom nodes get wrong.
fn spec() -> impl Strategy<Value = Value> {
    let plain = || {
        prop_oneof![
            prop::sample::select(vec![
                "INT", "FLOAT", "STRING", "BOOLEAN", "IMAGE", "*", "A,B", ""
            ])
            .prop_map(|kind| json!([kind])),
            (value(), value()).prop_map(|(min, max)| json!(["INT", {"min": min, "max": max}])),
            (any::<f64>(), any::<f64>())
                .prop_map(|(min, max)| json!(["FLOAT", {"min": min, "max": max}])),
            proptest::collection::vec(value(), 0..20).prop_map(|list| json!([list])),
            proptest::collection::vec(value(), 0..4)
                .prop_map(|list| json!(["COMBO", {"options": list, "image_upload": true}])),
            proptest::collection::vec(value(), 0..4)
                .prop_map(|list| json!(["COMBO", {"options": list, "multiselect": true}])),
            value(),
        ]
    };
    prop_oneof![
        4 => plain(),
        1 => (value(), plain(), plain()).prop_map(|(key, one, other)| json!(["COMFY_DYNAMICCOMBO_V3", {"options": [
            {"key": key, "inputs": {"required": {"a": one}}},
            {"key": "b", "inputs": {"optional": {"a": other}}}, 3]}])),
        1 => (plain(), value(), value()).prop_map(|(of, min, max)| json!(["COMFY_AUTOGROW_V3", {"template":
            {"input": {"required": {"p": of}}, "prefix": "p", "min": min, "max": max}}])),
        1 => plain().prop_map(|of| json!(["COMFY_AUTOGROW_V3", {"template":
            {"input": {"required": {"p": of}}, "names": ["a", 3], "min": 1}}])),
        1 => plain().prop_map(|of| json!(["COMFY_DYNAMICSLOT_V3", {"inputs": {"required": {"a": of}}}])),
        1 => (plain(), value()).prop_map(|(of, min)| json!(["COMFY_DYNAMICGROUP_V3",
            {"min": min, "template": {"required": {"a": of}}}])),
    ]
}

fn any_info() -> impl Strategy<Value = Value> {
    let inputs =
        || proptest::collection::btree_map(prop::sample::select(vec!["x", "y", "z"]), spec(), 0..3);
    let outputs =
        proptest::collection::vec(prop::sample::select(vec!["INT", "IMAGE", "*", "COMBO"]), 0..3);
    let class = (inputs(), inputs(), outputs, any::<bool>(), any::<bool>()).prop_map(
        |(required, optional, output, output_node, api_node)| {
            json!({"input": {"required": required, "optional": optional}, "output": output,
                "output_node": output_node, "api_node": api_node})
        },
    );
    proptest::collection::btree_map(prop::sample::select(CLASSES.to_vec()), class, 0..4)
        .prop_map(|classes| json!(classes))
}

fn any_prompt() -> impl Strategy<Value = Value> {
    let inputs =
        proptest::collection::btree_map(prop::sample::select(NAMES.to_vec()), value(), 0..6);
    let node = (prop::sample::select(CLASSES.to_vec()), inputs)
        .prop_map(|(class, inputs)| json!({"class_type": class, "inputs": inputs}));
    proptest::collection::btree_map("[0-6]", node, 1..7).prop_map(|nodes| json!(nodes))
}

fn check_form(report: &Report) -> Result<(), TestCaseError> {
    prop_assert!(report.findings.len() <= 500);
    prop_assert!(report.findings.is_sorted_by_key(|finding| finding.severity));
    let blocks = report.findings.iter().any(|finding| finding.severity == Severity::Blocks);
    prop_assert_eq!(blocks, report.blocked, "{:#?}", report);
    for finding in &report.findings {
        // Of a value with two spaces the text has them too.
        let spaced = finding.given.as_ref().is_some_and(|given| given.contains("  "));
        prop_assert!(!finding.text.is_empty(), "{finding:#?}");
        prop_assert!(spaced || !finding.text.contains("  "), "{}", finding.text);
        prop_assert!(finding.suggestions.len() <= 8 && finding.nodes.len() <= 20);
        for suggestion in &finding.suggestions {
            prop_assert!(serde_json::from_str::<Value>(&suggestion.json).is_ok());
        }
    }
    Ok(())
}

/// A class of a made-up server: of what types its inputs are, what it makes, and how its values range.
type MadeUp = (Vec<usize>, usize, (i32, u8), Vec<String>);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_prompt_beside_any_server_is_answered(nodes in any_prompt(), one in any_info(), other in any_info()) {
        let (nodes, one, other) = (prompt(&nodes), info(&one), info(&other));
        check_form(&preflight(&nodes, &one))?;
        let servers = [(1, &one), (2, &other)]
            .map(|(id, info)| Server { id: server(id), name: "attic", info });
        let verdict = preflight_all(&nodes, &servers, &Hints::default());
        for on in &verdict.servers {
            check_form(&on.report)?;
        }
        let blocked = verdict.servers.iter().all(|on| on.report.blocked);
        prop_assert_eq!(verdict.runs_nowhere, blocked);
        for lack in &verdict.lacks {
            prop_assert!(!lack.lacking.is_empty() && !lack.nodes.is_empty());
            prop_assert!(lack.lacking.iter().all(|server| !lack.having.contains(server)));
        }
    }

    #[test]
    fn any_text_as_a_graph_is_answered(text in "\\PC{0,80}", properties in value(), class in value()) {
        let graph = json!({"nodes": [{"type": class, "properties": properties}, properties],
            "definitions": {"subgraphs": [{"nodes": [{"type": class, "properties": properties}]}]}});
        let meta = json!({"title": "T", "cnr_id": class, "aux_id": properties, "ver": properties});
        let nodes = prompt(&json!({"1": {"class_type": "A", "_meta": meta}}));
        let _ = (packs(&text), packs(&graph.to_string()), hints(&nodes, Some(&text)));
    }

    #[test]
    fn what_a_server_says_of_itself_is_taken(
        made_up in proptest::collection::vec((
            proptest::collection::vec(0..4_usize, 0..4),
            0..4_usize,
            (any::<i32>(), any::<u8>()),
            proptest::collection::vec("[a-z]{1,6}(\\.safetensors|\\.png)?", 1..30),
        ), 1..12),
    ) {
        let (classes, nodes) = made_up_server(&made_up);
        let report = preflight(&prompt(&nodes), &info(&classes));
        prop_assert!(!report.blocked, "{:#?}", report);
        let above = report.findings.iter().find(|finding| finding.severity != Severity::Says);
        prop_assert!(above.is_none(), "{:#?}", above);
    }
}

/// Classes, and a node of each: values are the server's own defaults, links lead to the newest node
/// that makes what is taken.
fn made_up_server(made_up: &[MadeUp]) -> (Value, Value) {
    let kinds = ["IMAGE", "MODEL", "THING", "*"];
    let mut newest: [Option<usize>; 4] = [None; 4];
    let (mut classes, mut nodes) = (Map::new(), Map::new());
    for (number, (takes, makes, (start, span), list)) in made_up.iter().enumerate() {
        let (start, end) = (i64::from(*start), i64::from(*start) + i64::from(*span));
        let mut specs = json!({
            "whole": ["INT", {"default": start, "min": start, "max": end}],
            "float": ["FLOAT", {"default": end, "min": start, "max": end}],
            "text": ["STRING", {"default": "words", "multiline": true}],
            "yes": ["BOOLEAN", {"default": true}],
            "old": [list], "new": ["COMBO", {"options": list, "default": list.last()}],
        });
        let mut inputs = json!({"whole": start, "float": end, "text": "words", "yes": true,
            "old": list.first(), "new": list.last()});
        for (place, kind) in takes.iter().enumerate() {
            let any = kinds.iter().position(|kind| *kind == "*");
            let source = if Some(*kind) == any {
                newest.iter().flatten().max()
            } else {
                newest[*kind].as_ref()
            };
            if let Some(source) = source {
                specs[format!("in{place}")] = json!([kinds[*kind]]);
                inputs[format!("in{place}")] = json!([source.to_string(), 0]);
            }
        }
        let class = format!("Class{number}");
        classes.insert(
            class.clone(),
            json!({"input": {"required": specs}, "output": [kinds[*makes]], "output_node": true}),
        );
        nodes.insert(number.to_string(), json!({"class_type": class, "inputs": inputs}));
        newest[*makes] = Some(number);
    }
    (Value::Object(classes), Value::Object(nodes))
}

#[test]
fn a_hundred_thousand_nodes_are_answered() {
    let mut text = String::from("{\"0\":{\"class_type\":\"Source\",\"inputs\":{}}");
    for n in 1..100_000 {
        let sources: Vec<String> =
            (1..=2).map(|back| format!("\"i{back}\":[\"{}\",0]", n - back.min(n))).collect();
        text.push_str(&format!(
            ",\"{n}\":{{\"class_type\":\"Mix\",\"inputs\":{{{}}}}}",
            sources.join(",")
        ));
    }
    let circle = text.replacen("\"inputs\":{}", "\"inputs\":{\"i1\":[\"99999\",0]}", 1);
    let specs: Value =
        (1..=2).map(|n| (format!("i{n}"), json!(["IMAGE"]))).collect::<Map<_, _>>().into();
    let info = info(&json!({
        "Mix": {"input": {"required": specs}, "output": ["IMAGE"], "output_node": true},
        "Source": {"input": {"optional": {"i1": ["IMAGE"]}}, "output": ["IMAGE"]},
    }));
    let long = workflow::read_prompt(format!("{text}}}").as_bytes()).unwrap();
    let report = preflight(&long, &info);
    assert_eq!(report.findings.len(), 1, "the chain is too long, and that is all");
    let round = workflow::read_prompt(format!("{circle}}}").as_bytes()).unwrap();
    let report = preflight(&round, &info);
    assert!(report.blocked);
    let circle = &report.findings[0];
    assert_eq!(circle.nodes.len(), 20);
    // Back by two nodes at a time.
    assert!(circle.text.contains(", and 49981 more. Cut"), "{}", circle.text);
}
