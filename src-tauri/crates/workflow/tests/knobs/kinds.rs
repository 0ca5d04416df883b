//! What inputs take, as a server tells it.

use crate::support::{class, prompt, read_info};
use serde_json::{Value, json};
use workflow::{Branch, FileKind, Kind, Knob, knobs};

/// The knob `x` of one node of a class with this input.
fn knob_of(spec: &Value, value: &Value) -> Knob {
    let info = read_info(&json!({"A": class(&json!({"x": spec}), &[])}));
    let nodes = prompt(&json!({"1": {"class_type": "A", "inputs": {"x": value}}}));
    knobs(&nodes, &info).get("1", "x").unwrap().clone()
}

fn list(values: &[&str]) -> std::sync::Arc<[String]> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[test]
fn every_kind_is_told_from_the_class() {
    let text = |text: &str| Some(text.to_owned());
    for (spec, value, kind) in [
        (
            json!(["INT", {"min": 0, "max": u64::MAX, "step": 2}]),
            json!(u64::MAX),
            Kind::Int { min: text("0"), max: text("18446744073709551615"), step: text("2") },
        ),
        (json!(["INT", {"min": "none"}]), json!(1), Kind::Int { min: None, max: None, step: None }),
        (
            json!(["FLOAT", {"min": -1.5, "max": 1e3, "step": 0.05, "round": 0.001}]),
            json!(0.5),
            Kind::Float {
                min: text("-1.5"),
                max: text("1000.0"),
                step: text("0.05"),
                round: text("0.001"),
            },
        ),
        (
            json!(["BOOLEAN", {"label_on": "yes", "label_off": "no"}]),
            json!(true),
            Kind::Boolean { on: Some("yes".into()), off: Some("no".into()) },
        ),
        (json!(["BOOLEAN"]), json!(true), Kind::Boolean { on: None, off: None }),
        (
            json!(["STRING", {"multiline": true, "dynamicPrompts": true}]),
            json!("a"),
            Kind::Text { multiline: true, dynamic_prompts: true },
        ),
        (json!(["STRING"]), json!("a"), Kind::Text { multiline: false, dynamic_prompts: false }),
        (
            json!([["a", 1, 2.5, "\"", true]]),
            json!("a"),
            Kind::Choice {
                values: list(&["\"a\"", "1", "2.5", r#""\"""#, "true"]),
                many: false,
                open: false,
            },
        ),
        (
            json!(["COMBO", {"options": ["a", "b"], "multiselect": true}]),
            json!({"__value__": ["a"]}),
            Kind::Choice { values: list(&["\"a\"", "\"b\""]), many: true, open: false },
        ),
        (
            json!(["COMBO", {"remote": {"route": "/x"}}]),
            json!("a"),
            Kind::Choice { values: list(&[]), many: false, open: true },
        ),
        (
            json!(["COMFY_DYNAMICCOMBO_V3", {"options": [{"key": "a", "inputs": {"required": {"n": ["INT"]}}}, {"key": 2}]}]),
            json!("a"),
            Kind::DynamicChoice {
                options: [
                    Branch { value: "\"a\"".into(), inputs: vec!["n".into()] },
                    Branch { value: "2".into(), inputs: Vec::new() },
                ]
                .into(),
            },
        ),
        (json!(["INT,FLOAT"]), json!(1), Kind::Several { types: list(&["INT", "FLOAT"]) }),
        (json!(["*"]), json!(1), Kind::Several { types: list(&["*"]) }),
        (
            json!(["COMFY_MATCHTYPE_V3", {"template": {"template_id": "t", "allowed_types": "INT, STRING"}}]),
            json!(1),
            Kind::Several { types: list(&["INT", "STRING"]) },
        ),
        (
            json!(["STRING,MESH", {"widgetType": "STRING"}]),
            json!("a"),
            Kind::Text { multiline: false, dynamic_prompts: false },
        ),
        (json!(["CURVE"]), json!({"points": []}), Kind::Other { kind: "CURVE".into() }),
        (json!(["COLOR"]), json!("#ff0000"), Kind::Other { kind: "COLOR".into() }),
    ] {
        let knob = knob_of(&spec, &value);
        assert_eq!(knob.kind, kind, "{spec}");
        assert_eq!(knob.value, Some(value.to_string()), "{spec}");
    }
}

#[test]
fn files_that_can_be_sent_are_told_by_what_is_in_them() {
    for (options, makes, what, folder) in [
        (json!({"image_upload": true}), "IMAGE", FileKind::Picture, "input"),
        (json!({"image_upload": true}), "MASK", FileKind::Mask, "input"),
        (
            json!({"image_upload": true, "image_folder": "output"}),
            "IMAGE",
            FileKind::Picture,
            "output",
        ),
        (json!({"video_upload": true}), "VIDEO", FileKind::Video, "input"),
        (json!({"audio_upload": true}), "AUDIO", FileKind::Audio, "input"),
        (
            json!({"file_upload": true, "options": ["none", "a.glb"]}),
            "MESH",
            FileKind::Model3d,
            "input/3d",
        ),
        (json!({"file_upload": true, "options": ["a.txt"]}), "STRING", FileKind::Other, "input"),
    ] {
        let info = read_info(&json!({"A": class(&json!({"x": ["COMBO", options]}), &[makes]),
            "B": class(&json!({"in": [makes]}), &[])}));
        let nodes = prompt(&json!({"1": {"class_type": "A", "inputs": {"x": "a"}},
            "2": {"class_type": "B", "inputs": {"in": ["1", 0]}}}));
        let knobs = knobs(&nodes, &info);
        let Kind::File { what: told, folder: into, .. } = &knobs.get("1", "x").unwrap().kind else {
            panic!("no file: {options}");
        };
        assert_eq!((*told, into.as_str()), (what, folder), "{options}");
    }
}

#[test]
fn values_that_no_class_tells_of_are_guessed() {
    let info = read_info(&json!({"A": class(&json!({}), &[])}));
    for (value, kind) in [
        (json!(7), Kind::Int { min: None, max: None, step: None }),
        (json!(7.5), Kind::Float { min: None, max: None, step: None, round: None }),
        (json!(false), Kind::Boolean { on: None, off: None }),
        (json!("a"), Kind::Text { multiline: false, dynamic_prompts: false }),
        (json!("a\nb"), Kind::Text { multiline: true, dynamic_prompts: false }),
        (json!({"on": true, "lora": "a.safetensors"}), Kind::Other { kind: "".into() }),
        (json!([1, 2, 3]), Kind::Other { kind: "".into() }),
        (json!(null), Kind::Other { kind: "".into() }),
    ] {
        let nodes = prompt(&json!({"1": {"class_type": "A", "inputs": {"x": value}}}));
        let knobs = knobs(&nodes, &info);
        let knob = knobs.get("1", "x").unwrap();
        assert_eq!((&knob.kind, knob.known), (&kind, false), "{value}");
    }
}

#[test]
fn the_maker_and_the_artist_name_things() {
    let knob = knob_of(&json!(["INT", {"display_name": "How many", "advanced": true}]), &json!(1));
    assert_eq!((knob.label.as_str(), knob.advanced), ("How many", true));
    for (input, label) in [
        ("scale_method", "Scale method"),
        ("fps", "FPS"),
        ("a.b.tile_size", "Tile size"),
        ("__", "__"),
        ("ünder_name", "Ünder"),
    ] {
        let nodes = prompt(&json!({"1": {"class_type": "A", "inputs": {input: 1}}}));
        let found = knobs(&nodes, &read_info(&json!({})));
        assert_eq!(found.get("1", input).unwrap().label, label);
    }
    let titled = json!({"1": {"class_type": "A", "inputs": {"value": true}, "_meta": {"title": "Sharpen?"}}});
    let found = knobs(&prompt(&titled), &read_info(&json!({})));
    assert_eq!(found.get("1", "value").unwrap().label, "Sharpen?");
    assert_eq!(found.groups[0].node.as_ref().unwrap().title, "Sharpen?");
}

#[test]
fn a_node_may_write_its_own_choices() {
    let info = read_info(&json!({"A": class(&json!({"choice": [["of the server"]]}), &[])}));
    let nodes = prompt(&json!({"1": {"class_type": "A", "inputs": {"choice": "low", "index": 0,
        "option1": "low", "option2": "high", "option3": ""}}}));
    let knobs = knobs(&nodes, &info);
    let Kind::Choice { values, .. } = &knobs.get("1", "choice").unwrap().kind else {
        panic!("no choice");
    };
    assert_eq!(*values, list(&["\"low\"", "\"high\""]));
}
