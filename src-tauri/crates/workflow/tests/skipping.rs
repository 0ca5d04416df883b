//! Skipped nodes: what they would change passes through, everything else stays.
#![allow(missing_docs, clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use workflow::{Input, ObjectInfo, Prompt, ReadError, read_prompt, without};

/// Classes by what goes in and comes out.
fn info() -> ObjectInfo {
    let class = |inputs: Value, outputs: &[&str]| -> Value {
        json!({
            "input": {"required": inputs},
            "output": outputs,
            "output_name": outputs,
            "output_node": outputs.is_empty(),
        })
    };
    let both = json!({"model": ["MODEL"], "clip": ["CLIP"], "strength": ["FLOAT"]});
    let pair = json!({"positive": ["CONDITIONING"], "negative": ["CONDITIONING"], "by": ["INT"]});
    let classes = json!({
        "Load": class(json!({"name": ["STRING"]}), &["MODEL", "CLIP", "VAE"]),
        "Lora": class(both, &["MODEL", "CLIP"]),
        "Text": class(json!({"clip": ["CLIP"], "text": ["STRING"]}), &["CONDITIONING"]),
        "Control": class(pair, &["CONDITIONING", "CONDITIONING"]),
        "Any": class(json!({"any": ["*"]}), &["*"]),
        "Save": class(json!({"in": ["CONDITIONING"], "and": ["CONDITIONING"]}), &[]),
    });
    ObjectInfo::read(classes.to_string().as_bytes()).unwrap()
}

fn prompt(text: &str) -> Prompt {
    read_prompt(text.as_bytes()).unwrap()
}

fn left(text: &str, skipped: &[&str]) -> Result<String, ReadError> {
    let skipped: Vec<String> = skipped.iter().map(|id| (*id).to_owned()).collect();
    without(&prompt(text), &skipped, &info()).map(|prompt| prompt.text().to_owned())
}

const LOADED: &str = r#""1":{"class_type":"Load","inputs":{"name":"a"}}"#;

#[test]
fn what_it_would_change_passes_through_by_its_type() {
    let text = format!(
        r#"{{ {LOADED},"2":{{"class_type":"Lora","inputs":{{"clip":["1",1],"strength":0.50,"model":["1",0]}}}},
"3":{{"inputs":{{"text":"a \u0061","clip":["2",1]}},"class_type":"Text","_meta":{{"title":"T"}}}},
"4":{{"class_type":"Save","inputs":{{"in":["3",0]}}}} }}"#
    );
    let wanted = format!(
        r#"{{{LOADED},"3":{{"inputs":{{"text":"a \u0061","clip":["1",1]}},"class_type":"Text","_meta":{{"title":"T"}}}},"4":{{"class_type":"Save","inputs":{{"in":["3",0]}}}}}}"#
    );
    assert_eq!(left(&text, &["2"]).unwrap(), wanted);
    // Nothing came in with the type of what went out: the input is left out.
    let last = left(&text, &["3"]).unwrap();
    assert!(last.ends_with(r#""4":{"class_type":"Save","inputs":{}}}"#), "{last}");
    // Nothing is left.
    assert_eq!(left(&text, &["1", "2", "3", "4"]).unwrap_err(), ReadError::Empty);
}

#[test]
fn many_in_a_row_pass_through_and_a_circle_leads_nowhere() {
    let node = |id: usize| {
        let from = id - 1;
        format!(
            r#""{id}":{{"class_type":"Lora","inputs":{{"model":["{from}",0],"clip":["{from}",1]}}}}"#
        )
    };
    let chain: Vec<String> = (2..2_000).map(node).collect();
    let text = format!(
        r#"{{{LOADED},{},"e":{{"class_type":"Text","inputs":{{"clip":["1999",1]}}}}}}"#,
        chain.join(",")
    );
    let ids: Vec<String> = (2..2_000).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let wanted = format!(r#"{{{LOADED},"e":{{"class_type":"Text","inputs":{{"clip":["1",1]}}}}}}"#);
    assert_eq!(left(&text, &ids).unwrap(), wanted);
    let circle = r#"{"a":{"class_type":"Any","inputs":{"any":["b",0]}},"b":{"class_type":"Any","inputs":{"any":["a",0]}},"c":{"class_type":"Save","inputs":{"in":["a",0]}}}"#;
    let left = left(circle, &["a", "b"]).unwrap();
    assert_eq!(left, r#"{"c":{"class_type":"Save","inputs":{}}}"#);
}

#[test]
fn two_of_one_type_keep_their_places_whatever_order_the_file_has() {
    for inputs in [
        r#""positive":["p",0],"negative":["n",0],"by":2"#,
        r#""by":2,"negative":["n",0],"positive":["p",0]"#,
    ] {
        let text = format!(
            r#"{{"p":{{"class_type":"Text","inputs":{{}}}},"n":{{"class_type":"Text","inputs":{{}}}},
"c":{{"class_type":"Control","inputs":{{{inputs}}}}},"s":{{"class_type":"Save","inputs":{{"in":["c",0],"and":["c",1]}}}}}}"#
        );
        let left = left(&text, &["c"]).unwrap();
        assert!(left.ends_with(r#""inputs":{"in":["p",0],"and":["n",0]}}}"#), "{left}");
    }
}

#[test]
fn skipping_nothing_changes_nothing() {
    let text = format!("{{\n  {LOADED} ,\n \"2\": {{\"class_type\":\"Text\",\"inputs\":{{}}}}\n}}");
    for skipped in [&[][..], &["7"], &["", "1 "]] {
        assert_eq!(left(&text, skipped).unwrap(), prompt(&text).text());
    }
}

fn any_prompt() -> impl Strategy<Value = String> {
    let class =
        prop::sample::select(vec!["Load", "Lora", "Text", "Control", "Any", "Save", "Nobody"]);
    let name = prop::sample::select(vec![
        "model", "clip", "positive", "negative", "any", "in", "and", "name", "by", "\u{e9}\"",
    ]);
    let input = prop_oneof![
        3 => ("[0-7]", 0..4_u32).prop_map(|(node, slot)| json!([node, slot])),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(json!(["1", 0, 2])),
        1 => Just(json!({"a": ["1", 0]})),
        1 => "\\PC{0,8}".prop_map(Value::from),
    ];
    let inputs = prop::collection::vec((name, input), 0..5);
    prop::collection::vec(("[0-7]", class, inputs), 1..9).prop_map(|nodes| {
        let written: Vec<String> = nodes
            .into_iter()
            .map(|(id, class, inputs)| {
                // Names may come twice, as files have them.
                let inputs: Vec<String> =
                    inputs.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
                format!(r#""{id}":{{"class_type":"{class}","inputs":{{{}}}}}"#, inputs.join(","))
            })
            .collect();
        format!("{{{}}}", written.join(","))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_left_is_a_prompt_without_the_skipped(
        text in any_prompt(),
        skipped in prop::collection::vec("[0-9]", 0..5),
    ) {
        let whole = prompt(&text);
        let there = skipped.iter().map(String::as_str).filter(|id| whole.node(id).is_some());
        let (info, gone) = (info(), there.collect::<HashSet<_>>());
        let stays = whole.nodes().iter().filter(|node| !gone.contains(node.id.as_str()));
        match without(&whole, &skipped, &info) {
            Err(error) => {
                prop_assert_eq!(error, ReadError::Empty);
                prop_assert_eq!(stays.count(), 0);
            }
            Ok(left) => {
                let ids: Vec<&str> = left.nodes().iter().map(|node| node.id.as_str()).collect();
                prop_assert_eq!(ids, stays.map(|node| node.id.as_str()).collect::<Vec<_>>());
                for node in left.nodes() {
                    for (name, input) in &node.inputs {
                        if let Input::Link { node: from, .. } = input {
                            prop_assert!(!gone.contains(from.as_str()), "{name} of {}", node.id);
                        }
                    }
                }
                // Doing it again changes nothing.
                let again = without(&left, &skipped, &info).unwrap();
                prop_assert_eq!(again.text(), left.text());
            }
        }
    }
}
