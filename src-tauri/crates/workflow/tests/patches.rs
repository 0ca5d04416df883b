//! Patches: several values at once, everything else to the letter.
#![allow(missing_docs, clippy::unwrap_used)]

use proptest::prelude::*;
use std::collections::BTreeMap;
use workflow::{
    Change, EditError, MAX_WORKFLOW_BYTES, Patcher, Prompt, apply, difference, read_prompt,
};

const TEXT: &str = r#"{ "1" : {"class_type":"A","inputs":{"seed": 18446744073709551615 ,"cfg":6.50,"text":"a \u0061 \"b\""},"_meta":{"title":"T"}},
  "2":{"inputs":{"x":["1",0], "seed":1},"class_type":"B"} }"#;

fn prompt(text: &str) -> Prompt {
    read_prompt(text.as_bytes()).unwrap()
}

fn change(node: &str, input: &str, value: &str) -> Change {
    Change { node: node.into(), input: input.into(), value: value.into() }
}

#[test]
fn several_values_change_in_one_go() {
    let changes = [
        change("2", "seed", " 7 "),
        change("1", "seed", "18446744073709551614"),
        change("1", "cfg", "7.10"),
        change("2", "x", "null"),
        change("1", "cfg", "7.1e0"),
    ];
    let patched = apply(&prompt(TEXT), &changes).unwrap();
    let wanted = TEXT
        .replace("18446744073709551615", "18446744073709551614")
        .replace("6.50", "7.1e0")
        .replace(r#"["1",0]"#, "null")
        .replace(r#""seed":1}"#, r#""seed":7}"#);
    assert_eq!(patched.text(), wanted);
    assert_eq!(nodes_of(&patched), nodes_of(&prompt(&wanted)));
    assert_eq!(Patcher::new(&prompt(TEXT)).text(&changes).unwrap(), wanted);
}

#[test]
fn a_patch_is_stored_as_json_and_keeps_its_digits() {
    let changes = vec![change("1", "seed", "18446744073709551615"), change("5:7", "cfg", "6.50")];
    let stored = serde_json::to_string(&changes).unwrap();
    assert_eq!(
        stored,
        r#"[{"node":"1","input":"seed","value":"18446744073709551615"},{"node":"5:7","input":"cfg","value":"6.50"}]"#
    );
    assert_eq!(serde_json::from_str::<Vec<Change>>(&stored).unwrap(), changes);
}

#[test]
fn what_cannot_be_changed_is_named() {
    let prompt = prompt(TEXT);
    let error = |changes: &[Change]| apply(&prompt, changes).unwrap_err();
    let fine = change("1", "cfg", "1");
    let no_node = change("3", "seed", "1");
    assert_eq!(error(&[fine.clone(), no_node]), EditError::NoNode { node: "3".into() });
    assert_eq!(
        error(&[fine.clone(), change("1", "seed", "1 2")]),
        EditError::NotJson { input: "seed".into() }
    );
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(apply(&prompt, &[change("1", "seed", &nested(97))]).is_ok());
    assert_eq!(
        error(&[change("1", "seed", &nested(98))]),
        EditError::TooLarge { input: "seed".into() }
    );
    // Each alone would do.
    let half = format!("\"{}\"", "x".repeat(MAX_WORKFLOW_BYTES / 2));
    let both = [change("1", "seed", &half), change("1", "text", &half)];
    assert_eq!(error(&both), EditError::TooLarge { input: "text".into() });
    assert!(apply(&prompt, &both[..1]).is_ok());
}

#[test]
fn prompts_that_differ_in_more_than_values_have_no_patch() {
    let from = prompt(TEXT);
    for other in [
        TEXT.replace("\"T\"", "\"U\""),
        TEXT.replace("\"B\"", "\"C\""),
        TEXT.replace("\"cfg\"", "\"steps\""),
        TEXT.replace(", \"seed\":1", ""),
        TEXT.replace(", \"seed\":1", ",\"seed\":1"),
        TEXT.replace("\"2\"", "\"3\""),
        TEXT.replace("} }", "}}"),
        TEXT.replace("} }", "},\"3\":{\"class_type\":\"A\"} }"),
    ] {
        assert_ne!(other, TEXT);
        assert_eq!(difference(&from, &prompt(&other)), None, "{other}");
        assert_eq!(difference(&prompt(&other), &from), None, "{other}");
    }
    assert_eq!(difference(&from, &from), Some(Vec::new()));
    let unlinked = prompt(&TEXT.replace(r#"["1",0]"#, "5"));
    assert_eq!(difference(&from, &unlinked), Some(vec![change("2", "x", "5")]));
    assert_eq!(difference(&unlinked, &from), Some(vec![change("2", "x", r#"["1",0]"#)]));
}

#[test]
fn of_two_with_one_name_only_the_last_can_be_set() {
    let text = r#"{"1":{"class_type":"A","inputs":{"n":1,"n":2,"m":6}},"1":{"class_type":"A","inputs":{"n":3,"n":4}}}"#;
    let from = prompt(text);
    let last = prompt(&text.replace('4', "5"));
    assert_eq!(difference(&from, &last), Some(vec![change("1", "n", "5")]));
    for (hidden, other) in [("1,", "9,"), ("2,", "9,"), ("3,", "9,"), ("6}", "9}")] {
        let other = text.replacen(hidden, other, 1);
        assert_ne!(other, text);
        assert_eq!(difference(&from, &prompt(&other)), None, "{other}");
    }
    // The first node has an m, and servers do not see it: the one they see gets its own.
    let added = apply(&from, &[change("1", "m", "7")]).unwrap();
    assert_eq!(added.text(), text.replace(r#""n":4"#, r#""n":4,"m":7"#));
}

#[test]
fn inputs_that_a_node_lacks_are_added_behind_its_others() {
    let text = r#"{"1":{"inputs":{ "a" : 1 , "b":[2] } ,"class_type":"A"},"2":{"class_type":"B","inputs":{ }},"3":{"class_type":"C"} }"#;
    let from = prompt(text);
    let changes = [
        change("3", "x", "1"),
        change("1", "model.size", "64"),
        change("1", "a", "5"),
        change("2", "y", "\"\""),
        change("1", "q\"u", " 1.50 "),
        change("1", "model.size", "18446744073709551615"),
    ];
    let patched = apply(&from, &changes).unwrap();
    let wanted = r#"{"1":{"inputs":{ "a" : 5 , "b":[2],"model.size":18446744073709551615,"q\"u":1.50 } ,"class_type":"A"},"2":{"class_type":"B","inputs":{"y":"" }},"3":{"class_type":"C","inputs":{"x":1}} }"#;
    assert_eq!(patched.text(), wanted);
    assert_eq!(nodes_of(&patched), nodes_of(&prompt(wanted)));
    assert_eq!(Patcher::new(&from).text(&changes).unwrap(), wanted);
    // Inputs that are null have no place for more.
    let null = prompt(r#"{"1":{"class_type":"A","inputs":null}}"#);
    assert_eq!(
        apply(&null, &[change("1", "a", "1")]).unwrap_err(),
        EditError::NoInput { node: "1".into(), input: "a".into() }
    );
    let most = format!("\"{}\"", "x".repeat(MAX_WORKFLOW_BYTES - text.len()));
    assert_eq!(
        apply(&from, &[change("1", "c", &most)]).unwrap_err(),
        EditError::TooLarge { input: "c".into() }
    );
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u64>().prop_map(|it| it.to_string()),
        "-?[1-9][0-9]{0,3}\\.[0-9]{1,6}(e[0-9])?",
        any::<bool>().prop_map(|it| it.to_string()),
        "\\PC{0,8}".prop_map(|it| serde_json::to_string(&it).unwrap()),
        Just("null".to_owned()),
        "[0-3]".prop_map(|it| format!("[ \"{it}\",0 ]")),
        "\\PC{0,3}".prop_map(|it| serde_json::json!({"__value__": [it]}).to_string()),
    ]
}

type Nodes = Vec<Vec<String>>;

fn nodes() -> impl Strategy<Value = Nodes> {
    proptest::collection::vec(proptest::collection::vec(value(), 0..4), 1..4)
}

fn written(nodes: &Nodes, spaces: &str) -> String {
    let nodes = nodes.iter().enumerate().map(|(node, values)| {
        let inputs: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(input, value)| format!("\"i{input}\":{spaces}{value}{spaces}"))
            .collect();
        format!("\"{node}\":{spaces}{{\"class_type\":\"A\",\"inputs\":{{{}}}}}", inputs.join(","))
    });
    format!("{{{}}}", nodes.collect::<Vec<_>>().join(","))
}

/// What a prompt was read as, in its own order. (The whole of a [`Prompt`] cannot be compared as
/// text: its table of ids has no order.)
fn nodes_of(prompt: &Prompt) -> String {
    format!("{:?}", prompt.nodes())
}

/// Changes, some to what is not there.
fn changes() -> impl Strategy<Value = Vec<Change>> {
    let value = prop_oneof![9 => value(), 1 => Just("nope".to_owned())];
    let one =
        ("[0-3]", "i[0-3]", value).prop_map(|(node, input, value)| Change { node, input, value });
    proptest::collection::vec(one, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_patch_is_its_edits_one_by_one(nodes in nodes(), spaces in "[ \n\t]{0,2}", changes in changes()) {
        let prompt = prompt(&written(&nodes, &spaces));
        let together = apply(&prompt, &changes);
        let one_by_one = changes.iter().try_fold(prompt.clone(), |prompt, change| {
            apply(&prompt, std::slice::from_ref(change))
        });
        match (together, one_by_one) {
            (Ok(together), Ok(one_by_one)) => {
                prop_assert_eq!(together.text(), one_by_one.text());
                prop_assert_eq!(nodes_of(&together), nodes_of(&one_by_one));
                let read = read_prompt(together.text().as_bytes()).unwrap();
                prop_assert_eq!(nodes_of(&read), nodes_of(&together));
                prop_assert_eq!(Patcher::new(&prompt).text(&changes).unwrap(), read.text());
            }
            (Err(together), Err(one_by_one)) => {
                prop_assert_eq!(Patcher::new(&prompt).text(&changes), Err(together.clone()));
                prop_assert_eq!(together, one_by_one);
            }
            (together, one_by_one) => prop_assert!(false, "{:?} and {:?}", together, one_by_one),
        }
    }

    #[test]
    fn a_difference_applied_gives_the_other(
        from in nodes(),
        to in proptest::collection::btree_map((0..3_usize, 0..4_usize), value(), 0..6),
        spaces in "[ \n\t]{0,2}",
    ) {
        let mut other = from.clone();
        for ((node, input), value) in &to {
            if let Some(old) = other.get_mut(*node).and_then(|node| node.get_mut(*input)) {
                *old = value.clone();
            }
        }
        let (from, to) = (prompt(&written(&from, &spaces)), prompt(&written(&other, &spaces)));
        let changes = difference(&from, &to).unwrap();
        let unique: BTreeMap<_, _> =
            changes.iter().map(|change| ((&change.node, &change.input), &change.value)).collect();
        prop_assert_eq!(unique.len(), changes.len());
        let applied = apply(&from, &changes).unwrap();
        prop_assert_eq!(applied.text(), to.text());
        prop_assert_eq!(nodes_of(&applied), nodes_of(&to));
    }

    #[test]
    fn two_prompts_have_a_patch_if_it_makes_the_one_from_the_other(one in nodes(), other in nodes()) {
        let (from, to) = (prompt(&written(&one, "")), prompt(&written(&other, "")));
        let same_form = one.len() == other.len()
            && one.iter().zip(&other).all(|(one, other)| one.len() == other.len());
        let changes = difference(&from, &to);
        prop_assert_eq!(changes.is_some(), same_form);
        if let Some(changes) = changes {
            let applied = apply(&from, &changes).unwrap();
            prop_assert_eq!(applied.text(), to.text());
        }
    }
}
