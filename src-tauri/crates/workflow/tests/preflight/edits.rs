//! Changing one value and nothing else.

use proptest::prelude::*;
use workflow::preflight::{EditError, with_value};

const TEXT: &str = r#"{ "1" : {"class_type":"A","inputs":{"seed": 18446744073709551615 ,"cfg":6.50,"text":"a \u0061 \"b\""},"_meta":{"title":"T"}},
  "2":{"inputs":{"x":["1",0], "seed":1},"class_type":"B"} }"#;

#[test]
fn one_value_changes_and_the_rest_keeps_its_text() {
    let prompt = workflow::read_prompt(TEXT.as_bytes()).unwrap();
    for (node, input, json, old, new) in [
        ("1", "seed", " 7 ", "18446744073709551615", "7"),
        ("1", "cfg", "7.10", "6.50", "7.10"),
        ("1", "text", r#""n\u00e9""#, r#""a \u0061 \"b\"""#, r#""n\u00e9""#),
        ("2", "x", "null", r#"["1",0]"#, "null"),
        ("2", "seed", r#"["1",1]"#, r#""seed":1"#, r#""seed":["1",1]"#),
    ] {
        let changed = with_value(&prompt, node, input, json).unwrap();
        assert_eq!(changed.text(), TEXT.replace(old, new));
        let read = workflow::read_prompt(changed.text().as_bytes()).unwrap();
        assert_eq!(format!("{:?}", read.nodes()), format!("{:?}", changed.nodes()));
    }
}

#[test]
fn what_cannot_be_changed_is_said() {
    let prompt = workflow::read_prompt(TEXT.as_bytes()).unwrap();
    let error =
        |node: &str, input: &str, json: &str| with_value(&prompt, node, input, json).unwrap_err();
    assert_eq!(error("3", "seed", "1"), EditError::NoNode { node: "3".into() });
    let no_input = EditError::NoInput { node: "1".into(), input: "steps".into() };
    assert_eq!(error("1", "steps", "1"), no_input);
    for json in ["", "nope", "1 2", "{", "NaN", "1}"] {
        assert_eq!(error("1", "seed", json), EditError::NotJson { input: "seed".into() }, "{json}");
    }
    let deep = format!("{}{}", "[".repeat(99), "]".repeat(99));
    assert_eq!(error("1", "seed", &deep), EditError::TooLarge { input: "seed".into() });
    let long = format!("\"{}\"", "x".repeat(workflow::MAX_WORKFLOW_BYTES));
    assert_eq!(error("1", "seed", &long), EditError::TooLarge { input: "seed".into() });
}

#[test]
fn of_two_with_one_name_the_last_is_changed() {
    let text = r#"{"1":{"class_type":"A","inputs":{"n":1,"n":2}},"1":{"class_type":"A","inputs":{"n":3,"n":4}}}"#;
    let prompt = workflow::read_prompt(text.as_bytes()).unwrap();
    let changed = with_value(&prompt, "1", "n", "5").unwrap();
    assert_eq!(changed.text(), text.replace('4', "5"));
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|it| it.to_string()),
        "-?[1-9][0-9]{0,3}\\.[0-9]{1,6}",
        any::<bool>().prop_map(|it| it.to_string()),
        "\\PC{0,8}".prop_map(|it| serde_json::to_string(&it).unwrap()),
        Just("null".to_owned()),
        "[1-3]".prop_map(|it| format!("[ \"{it}\",0 ]")),
        "\\PC{0,3}".prop_map(|it| serde_json::json!({"__value__": [it]}).to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_value_gives_the_same_text_and_others_touch_one_node(
        values in proptest::collection::vec(proptest::collection::vec(value(), 1..4), 1..4),
        spaces in "[ \n\t]{0,3}",
        new in value(),
        pick: (prop::sample::Index, prop::sample::Index),
    ) {
        let nodes: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(node, values)| {
                let inputs: Vec<String> = values
                    .iter()
                    .enumerate()
                    .map(|(input, value)| format!("\"i{input}\":{spaces}{value}{spaces}"))
                    .collect();
                format!("\"{node}\":{spaces}{{\"class_type\":\"A\",\"inputs\":{{{}}}}}", inputs.join(","))
            })
            .collect();
        let prompt = workflow::read_prompt(format!("{{{}}}", nodes.join(",")).as_bytes()).unwrap();
        let node = pick.0.index(values.len());
        let input = pick.1.index(values[node].len());
        let (id, name) = (node.to_string(), format!("i{input}"));
        let same = with_value(&prompt, &id, &name, &values[node][input]).unwrap();
        prop_assert_eq!(same.text(), prompt.text());
        let other = with_value(&prompt, &id, &name, &new).unwrap();
        let back = with_value(&other, &id, &name, &values[node][input]).unwrap();
        prop_assert_eq!(back.text(), prompt.text());
        for (at, (old, new)) in prompt.nodes().iter().zip(other.nodes()).enumerate() {
            prop_assert_eq!((&old.id, &old.class, &old.title), (&new.id, &new.class, &new.title));
            for (place, (old, new)) in old.inputs.iter().zip(&new.inputs).enumerate() {
                if (at, place) != (node, input) {
                    prop_assert_eq!(format!("{old:?}"), format!("{new:?}"));
                }
            }
        }
        let read = workflow::read_prompt(other.text().as_bytes()).unwrap();
        prop_assert_eq!(format!("{:?}", read.nodes()), format!("{:?}", other.nodes()));
    }
}
