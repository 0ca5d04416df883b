//! Conversion, rule by rule: `tests/convert/*.json` each hold what they are about, a graph, the
//! prompt that it is and the notes that are made, against the classes in `classes.json`.
#![allow(missing_docs, clippy::unwrap_used)]

use serde_json::Value;
use std::{collections::BTreeSet, path::Path};
use workflow::{ConvertError, ObjectInfo, convert};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/convert")
}

fn classes() -> ObjectInfo {
    ObjectInfo::read(&std::fs::read(folder().join("classes.json")).unwrap()).unwrap()
}

/// A note as a fixture has it: node, kind, input.
type Short = (Option<String>, String, Option<String>);

#[test]
fn every_rule_holds() {
    let info = classes();
    let mut cases = 0;
    let mut wrong = Vec::new();
    let mut files: Vec<_> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| !file.ends_with("classes.json")) {
        let case: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy();
        let got = convert(&case["graph"].to_string(), &info).unwrap();
        let prompt: Value = serde_json::from_str(got.prompt.text()).unwrap();
        if prompt != case["prompt"] {
            wrong.push(format!("{name}: {prompt:#}\ninstead of {:#}", case["prompt"]));
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let wanted: BTreeSet<Short> = case["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note| (text(&note[0]), text(&note[1]).unwrap(), text(&note[2])))
            .collect();
        let notes: BTreeSet<Short> = got
            .notes
            .iter()
            .map(|note| {
                let kind = text(&serde_json::to_value(note.kind).unwrap()).unwrap();
                (note.node.clone(), kind, note.input.clone())
            })
            .collect();
        if notes != wanted {
            wrong.push(format!("{name}: notes {notes:?}\ninstead of {wanted:?}"));
        }
        for note in &got.notes {
            assert!(note.text.ends_with('.'), "{name}: {:?} is a sentence", note.text);
        }
        cases += 1;
    }
    println!("{cases} cases, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(cases > 40);
}

#[test]
fn values_keep_their_text() {
    let graph = r#"{"nodes":[{"id":1,"type":"KSampler","widgets_values":[18446744073709551615,"fixed",20,6.50,"euler","normal",1e-1]},
        {"id":2,"type":"Text","widgets_values":["a \u00e9 \ud83d\ude00 \/ \"q\""]}],"links":[]}"#;
    let got = convert(graph, &classes()).unwrap();
    let node = got.prompt.node("1").unwrap();
    let number = |name: &str| node.input(name).unwrap().number().unwrap().to_owned();
    assert_eq!(number("seed"), "18446744073709551615");
    assert_eq!(number("cfg"), "6.50");
    assert_eq!(number("denoise"), "1e-1");
    assert!(got.prompt.text().contains(r#""text":"a \u00e9 \ud83d\ude00 \/ \"q\"""#));
    let read = workflow::read_prompt(got.prompt.text().as_bytes()).unwrap();
    assert_eq!(format!("{:?}", read.nodes()), format!("{:?}", got.prompt.nodes()));
}

#[test]
fn without_classes_it_is_still_a_prompt() {
    let graph = r#"{"nodes":[
        {"id":1,"type":"Load","outputs":[{"name":"MODEL","type":"MODEL"}],"inputs":[{"name":"name","type":"COMBO","widget":{"name":"name"},"link":null}],"widgets_values":["a"]},
        {"id":2,"type":"Reroute","inputs":[{"name":"","type":"*","link":1}],"outputs":[{}]},
        {"id":3,"type":"Use","inputs":[{"name":"model","type":"MODEL","link":2}],"widgets_values":{"x":NaN}}],
        "links":[[1,1,0,2,0,"MODEL"],[2,2,0,3,0,"MODEL"]]}"#;
    let got = convert(graph, &ObjectInfo::default()).unwrap();
    assert_eq!(
        got.prompt.text(),
        r#"{"1":{"inputs":{"name":"a"},"class_type":"Load","_meta":{"title":"Load"}},"3":{"inputs":{"x":null,"model":["1",0]},"class_type":"Use","_meta":{"title":"Use"}}}"#
    );
    assert_eq!(got.notes.len(), 2);
}

#[test]
fn what_is_no_graph_is_refused_in_words() {
    for (text, words) in [
        ("{\"nodes\":[{", "not a graph"),
        ("", "not a graph"),
        ("[]", "it has no nodes"),
        ("{\"nodes\":7}", "it has no nodes"),
        ("{\"nodes\":[],\"links\":[]}", "it has no nodes"),
    ] {
        let error = convert(text, &classes()).unwrap_err();
        assert!(matches!(error, ConvertError::NotGraph { .. }), "{text}");
        assert!(error.to_string().contains(words), "{error} should say {words}");
    }
}
