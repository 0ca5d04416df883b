//! Any prompt beside any classes.

use crate::support::{prompt, read_info};
use domain::InputKind;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use workflow::{Change, Input, Knobs, ObjectInfo, Prompt, apply, check, knobs, plan};

const CLASSES: [&str; 4] = ["A", "B", "C", "D"];
const NAMES: [&str; 14] = [
    "text",
    "seed",
    "width",
    "steps",
    "cfg",
    "lora_name",
    "positive",
    "negative",
    "value",
    "x.a",
    "x",
    "image",
    "filename_prefix",
    "strength",
];

fn value() -> BoxedStrategy<Value> {
    prop_oneof![
        1 => Just(json!(null)),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => prop::sample::select(vec!["a", "a.safetensors", "c.png", "euler"])
            .prop_map(Value::from),
        1 => "\\PC{0,12}".prop_map(Value::from),
        3 => ("[0-6]", 0..3_u32).prop_map(|(node, slot)| json!([node, slot])),
        1 => Just(json!({"on": true, "lora": "a.safetensors"})),
        1 => Just(json!({"__value__": [1, 2]})),
        1 => Just(json!([1, [2]])),
    ]
    .boxed()
}

fn plain_spec() -> BoxedStrategy<Value> {
    let kinds = vec![
        "INT",
        "FLOAT",
        "STRING",
        "BOOLEAN",
        "COMBO",
        "IMAGE",
        "CONDITIONING",
        "LATENT",
        "MODEL",
        "*",
        "INT,STRING",
        "CURVE",
        "IMAGEUPLOAD",
        "COMFY_MATCHTYPE_V3",
    ];
    prop_oneof![
        3 => prop::sample::select(kinds).prop_map(|kind| json!([kind])),
        1 => (value(), value(), value())
            .prop_map(|(min, max, step)| json!(["INT", {"min": min, "max": max, "step": step}])),
        1 => (value(), value())
            .prop_map(|(one, other)| json!(["STRING", {"multiline": one, "tooltip": other}])),
        1 => proptest::collection::vec(value(), 0..5).prop_map(|list| json!([list])),
        1 => proptest::collection::vec(value(), 0..4)
            .prop_map(|list| json!(["COMBO", {"options": list, "image_upload": true}])),
        1 => value(),
    ]
    .boxed()
}

fn spec() -> BoxedStrategy<Value> {
    prop_oneof![
        5 => plain_spec(),
        1 => (value(), plain_spec()).prop_map(|(key, one)| json!(["COMFY_DYNAMICCOMBO_V3",
            {"options": [{"key": key, "inputs": {"required": {"a": one}}}, 3]}])),
        1 => plain_spec().prop_map(|of| json!(["COMFY_AUTOGROW_V3",
            {"template": {"input": {"required": {"p": of}}, "names": ["a", 3]}}])),
    ]
    .boxed()
}

fn any_info() -> impl Strategy<Value = ObjectInfo> {
    let inputs =
        proptest::collection::btree_map(prop::sample::select(NAMES.to_vec()), spec(), 0..6);
    let makes =
        prop::sample::select(vec!["INT", "STRING", "CONDITIONING", "LATENT", "IMAGE", "MASK", "*"]);
    let class = (inputs, proptest::collection::vec(makes, 0..3), any::<bool>(), value()).prop_map(
        |(required, output, output_node, names)| {
            json!({"input": {"required": required}, "output": output, "output_name": [names],
                "output_node": output_node})
        },
    );
    proptest::collection::btree_map(prop::sample::select(CLASSES.to_vec()), class, 0..4)
        .prop_map(|classes| read_info(&json!(classes)))
}

fn any_prompt() -> impl Strategy<Value = Prompt> {
    let inputs =
        proptest::collection::btree_map(prop::sample::select(NAMES.to_vec()), value(), 0..8);
    let node = (prop::sample::select(CLASSES.to_vec()), inputs, "\\PC{0,6}").prop_map(
        |(class, inputs, title)| json!({"class_type": class, "inputs": inputs, "_meta": {"title": title}}),
    );
    proptest::collection::btree_map("[0-6]", node, 1..7).prop_map(|nodes| prompt(&json!(nodes)))
}

fn button_kind() -> InputKind {
    InputKind::Type("IMAGEUPLOAD".into())
}

fn check_form(prompt: &Prompt, info: &ObjectInfo, knobs: &Knobs) -> Result<(), TestCaseError> {
    let mut seen = HashSet::new();
    for group in &knobs.groups {
        prop_assert!(!group.knobs.is_empty());
        for knob in &group.knobs {
            prop_assert!(seen.insert((&knob.node.id, &knob.input)), "twice: {:?}", knob);
            prop_assert!(!knob.label.is_empty() || knob.input.is_empty());
            let given = prompt.node(&knob.node.id).unwrap().input(&knob.input).unwrap();
            match given {
                Input::Value(raw) => {
                    prop_assert_eq!(knob.value.as_deref(), Some(raw.get()));
                    prop_assert!(knob.linked.is_none());
                }
                Input::Link { node, slot } => {
                    let link = knob.linked.as_ref().unwrap();
                    prop_assert_eq!((&link.node.id, link.slot), (node, *slot));
                    prop_assert!(knob.value.is_none());
                }
            }
        }
    }
    prop_assert!(knobs.groups.is_sorted_by_key(|group| group.section));
    // A node that has a knob runs, and each of its values is one then, but for buttons.
    let ids: HashSet<&str> = knobs.all().map(|knob| knob.node.id.as_str()).collect();
    for node in ids.iter().filter_map(|id| prompt.node(id)) {
        for (name, input) in &node.inputs {
            let kind = info.get(&node.class).and_then(|class| class.input(name));
            let button = kind.is_some_and(|input| input.kind == button_kind());
            let nested = name.contains('.');
            if matches!(input, Input::Value(_)) && !button && !nested {
                prop_assert!(seen.contains(&(&node.id, name)), "no knob: {} of {}", name, node.id);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_prompt_beside_any_classes_has_each_knob_once(prompt in any_prompt(), info in any_info(), value in value()) {
        let found = knobs(&prompt, &info);
        check_form(&prompt, &info, &found)?;
        prop_assert_eq!(&found, &knobs(&prompt, &info), "the same again");
        for knob in found.all() {
            let _ = check(knob, &value.to_string());
        }
    }

    #[test]
    fn without_classes_every_value_that_runs_is_a_knob(prompt in any_prompt()) {
        let found = knobs(&prompt, &ObjectInfo::default());
        check_form(&prompt, &ObjectInfo::default(), &found)?;
        let running = plan(&prompt, None, None);
        let values: usize = running
            .nodes
            .iter()
            .map(|node| {
                let inputs = &prompt.node(&node.id).unwrap().inputs;
                inputs.iter().filter(|(_, input)| matches!(input, Input::Value(_))).count()
            })
            .sum();
        prop_assert_eq!(found.all().count(), values);
    }

    #[test]
    fn a_knob_set_to_its_own_value_changes_nothing(prompt in any_prompt(), info in any_info()) {
        let changes: Vec<Change> = knobs(&prompt, &info)
            .all()
            .filter_map(|knob| {
                let value = knob.value.clone()?;
                Some(Change { node: knob.node.id.clone(), input: knob.input.clone(), value })
            })
            .collect();
        let same = apply(&prompt, &changes).unwrap();
        prop_assert_eq!(same.text(), prompt.text());
    }
}

#[test]
fn graphs_that_nobody_draws_are_answered() {
    // A long chain, one node with very many inputs, and a circle.
    let mut text = String::from("{\"0\":{\"class_type\":\"A\",\"inputs\":{\"text\":\"a\"}}");
    for n in 1..50_000 {
        text.push_str(&format!(
            ",\"{n}\":{{\"class_type\":\"A\",\"inputs\":{{\"positive\":[\"{}\",0],\"seed\":{n}}}}}",
            n - 1
        ));
    }
    let long = workflow::read_prompt(format!("{text}}}").as_bytes()).unwrap();
    assert_eq!(knobs(&long, &ObjectInfo::default()).all().count(), 50_000);
    let info = read_info(&json!({"A": {"input": {"required": {"positive": ["*"], "seed": ["INT"],
        "text": ["STRING"]}}, "output": ["*"], "output_node": true}}));
    assert_eq!(knobs(&long, &info).all().count(), 50_000);

    let inputs: Vec<String> = (0..50_000).map(|n| format!("\"strength_{n}\":0.5")).collect();
    let wide = format!("{{\"0\":{{\"class_type\":\"A\",\"inputs\":{{{}}}}}}}", inputs.join(","));
    let wide = workflow::read_prompt(wide.as_bytes()).unwrap();
    assert_eq!(knobs(&wide, &info).all().count(), 50_000);

    let circle = prompt(&json!({
        "1": {"class_type": "A", "inputs": {"positive": ["2", 0], "seed": 1}},
        "2": {"class_type": "A", "inputs": {"positive": ["1", 0], "seed": 2}},
        "3": {"class_type": "A", "inputs": {"positive": ["3", 0], "seed": 3}}}));
    assert_eq!(knobs(&circle, &info).all().count(), 3);
}
