//! Inputs that a prompt does not have and that can be set all the same.

use crate::support::{prompt, read_info};
use serde_json::{Value, json};
use workflow::{Knob, Knobs, ObjectInfo, Role, Section, When, knobs};

fn info() -> ObjectInfo {
    read_info(&json!({"Service": {
        "input": {
            "required": {
                "prompt": ["STRING", {"multiline": true}],
                "model": ["COMFY_DYNAMICCOMBO_V3", {"options": [
                    {"key": "small", "inputs": {"required": {"size": ["INT", {"min": 64, "max": 128}]}}},
                    {"key": "large", "inputs": {
                        "required": {
                            "size": [["1K", "2K"]],
                            "mode": ["COMFY_DYNAMICCOMBO_V3", {"options": [
                                {"key": "plain", "inputs": {}},
                                {"key": "fine", "inputs": {"required": {"passes": ["INT", {"default": 3}]}}},
                            ]}],
                        },
                        "optional": {"seed": ["INT", {"default": 42}], "image": ["IMAGE"]},
                    }},
                ]}],
            },
            "optional": {
                "negative_prompt": ["STRING", {"multiline": true}],
                "strength": ["FLOAT", {"min": 0.25, "max": 1.0}],
                "forced": ["FLOAT", {"forceInput": true}],
                "image": ["IMAGE"],
            },
        },
        "output": ["IMAGE"], "output_node": true}}))
}

fn found(inputs: &Value) -> Knobs {
    knobs(&prompt(&json!({"1": {"class_type": "Service", "inputs": inputs}})), &info())
}

/// An input, the choice and the option that bring it, and what it is given at first.
type Told<'a> = (&'a str, Option<(&'a str, &'a str)>, Option<String>);

fn lacking(knobs: &Knobs) -> Vec<Told<'_>> {
    let mut all: Vec<_> = knobs
        .lacking
        .iter()
        .map(|lacking| {
            let Knob { input, when, .. } = &lacking.knob;
            let when = when.as_ref().map(|when| (when.input.as_str(), when.option.as_str()));
            (input.as_str(), when, lacking.knob.initial())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn optional_inputs_and_those_of_other_options_can_be_added() {
    let knobs = found(&json!({"prompt": "a lake", "model": "small", "model.size": 96}));
    let there: Vec<_> = knobs.all().map(|knob| knob.input.as_str()).collect();
    assert_eq!(there, ["prompt", "model", "model.size"]);
    let size = knobs.get("1", "model.size").unwrap();
    let when = When { input: "model".into(), option: "\"small\"".into() };
    assert_eq!((size.value.as_deref(), size.when.as_ref()), (Some("96"), Some(&when)));
    let text = |text: &str| Some(text.to_owned());
    let large = Some(("model", "\"large\""));
    assert_eq!(
        lacking(&knobs),
        [
            ("model.mode", large, text("\"plain\"")),
            ("model.mode.passes", Some(("model.mode", "\"fine\"")), text("3")),
            ("model.seed", large, text("42")),
            ("model.size", large, text("\"1K\"")),
            ("negative_prompt", None, text("\"\"")),
            ("strength", None, text("0.25")),
        ]
    );
    let at =
        |input: &str| knobs.lacking.iter().find(|lacking| lacking.knob.input == input).unwrap();
    assert_eq!(at("negative_prompt").section, Section::Words);
    assert_eq!(at("negative_prompt").knob.role, Role::Negative);
    assert_eq!(at("model.seed").section, Section::Sampling);
    assert!(!at("model.seed").knob.required);
    assert!(at("model.mode").knob.required);
    assert!(knobs.lacking.iter().all(|lacking| lacking.knob.value.is_none()));
}

#[test]
fn what_another_option_left_behind_is_a_value_of_that_option() {
    let knobs =
        found(&json!({"prompt": "a", "model": "large", "model.size": "2K", "model.mode": "plain",
        "model.mode.passes": 7, "model.seed": 1}));
    assert_eq!(
        lacking(&knobs)[0],
        ("model.mode.passes", Some(("model.mode", "\"fine\"")), Some("3".into()))
    );
    let passes =
        &knobs.lacking.iter().find(|it| it.knob.input == "model.mode.passes").unwrap().knob;
    assert_eq!(passes.value.as_deref(), Some("7"));
    assert!(knobs.get("1", "model.mode.passes").is_none(), "once");
    let seed = knobs.get("1", "model.seed").unwrap();
    assert_eq!(seed.when.as_ref().unwrap().option, "\"large\"");
    // The size of the other option is another one.
    let small = knobs.lacking.iter().find(|it| it.knob.input == "model.size").unwrap();
    assert_eq!(small.knob.initial().as_deref(), Some("64"));
    assert_eq!(small.knob.value, None);
}

#[test]
fn links_that_another_option_left_behind_are_left_alone() {
    let nodes = prompt(&json!({"1": {"class_type": "Service", "inputs": {"prompt": "a",
        "model": "small", "model.size": 64, "model.seed": ["2", 0]}},
        "2": {"class_type": "Number", "inputs": {"value": 3}}}));
    let knobs = knobs(&nodes, &info());
    assert!(knobs.lacking.iter().all(|lacking| lacking.knob.input != "model.seed"));
}

#[test]
fn names_are_told_apart_from_those_that_are_there() {
    let class = |inputs: Value| json!({"input": inputs, "output": ["IMAGE"], "output_node": true});
    let info = read_info(&json!({
        "A": class(json!({"required": {"seed": ["INT"]}})),
        "B": class(json!({"optional": {"seed": ["INT"]}}))}));
    let nodes = prompt(&json!({"1": {"class_type": "A", "inputs": {"seed": 1}},
        "2": {"class_type": "B", "inputs": {}, "_meta": {"title": "Second"}}}));
    let knobs = knobs(&nodes, &info);
    assert_eq!(knobs.get("1", "seed").unwrap().label, "Seed");
    assert_eq!(knobs.lacking[0].knob.label, "Seed (Second)");
}
