//! Reading only what changed gives the same as reading everything.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use comfy::{Frame, NodeProgress, ProgressReader, decode_text};
use proptest::prelude::*;
use std::collections::BTreeMap;

type Nodes = BTreeMap<String, NodeProgress>;

fn nodes_of(frame: Frame) -> (String, Vec<NodeProgress>) {
    match frame {
        Frame::ProgressState { prompt_id, nodes } => (prompt_id, nodes),
        other => panic!("{other:?}"),
    }
}

/// A frame as Python writes it; `tight` without blanks.
fn frame(prompt: &str, nodes: &[(String, f64, bool)], tight: bool) -> String {
    let entry = |(id, value, running): &(String, f64, bool)| {
        let number = if value.is_nan() { "NaN".to_owned() } else { value.to_string() };
        let state = if *running { "running" } else { "finished" };
        let key = serde_json::to_string(id).unwrap();
        format!(
            r#"{key}: {{"value": {number}, "max": 20, "state": "{state}", "node_id": {key}, "prompt_id": "{prompt}", "display_node_id": {key}, "parent_node_id": null, "real_node_id": {key}}}"#
        )
    };
    let all: Vec<String> = nodes.iter().map(entry).collect();
    let text = format!(
        r#"{{"type": "progress_state", "data": {{"prompt_id": "{prompt}", "nodes": {{{}}}}}}}"#,
        all.join(", ")
    );
    if tight { text.replace(": ", ":").replace(", ", ",") } else { text }
}

#[test]
fn only_what_changed_is_named() {
    let mut reader = ProgressReader::default();
    let all = |last: f64| -> Vec<_> {
        (0..500).map(|n| (n.to_string(), if n == 499 { last } else { 20.0 }, n == 499)).collect()
    };
    let (prompt, nodes) = nodes_of(reader.read(frame("p", &all(1.0), false).as_bytes()).unwrap());
    assert_eq!((prompt.as_str(), nodes.len()), ("p", 500));
    let (_, nodes) = nodes_of(reader.read(frame("p", &all(2.0), false).as_bytes()).unwrap());
    assert_eq!(nodes.len(), 1, "the one that moved");
    let (_, nodes) = nodes_of(reader.read(frame("p", &all(2.0), false).as_bytes()).unwrap());
    assert!(nodes.is_empty(), "nothing moved");
    let (prompt, nodes) = nodes_of(reader.read(frame("q", &all(2.0), false).as_bytes()).unwrap());
    assert_eq!((prompt.as_str(), nodes.len()), ("q", 500), "another job is told whole");
    reader.forget();
    assert_eq!(
        nodes_of(reader.read(frame("q", &all(2.0), false).as_bytes()).unwrap()).1.len(),
        500
    );
    assert!(reader.read(br#"{"type": "status", "data": {}}"#).is_none());
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9]{1,3}", "[0-9]:[0-9]:[0-9]", "[0-9]\\.0\\.0\\.[0-9]", "[a-z\"\\\\{}, :]{1,6}"]
}

proptest! {
    #[test]
    fn what_changed_adds_up_to_everything(
        frames in proptest::collection::vec(
            (
                prop_oneof![Just("p"), Just("q")],
                proptest::collection::vec(
                    (id(), prop_oneof![0.0..20.0_f64, Just(f64::NAN), Just(20.0)], any::<bool>()),
                    0..8,
                ),
                any::<bool>(),
                // Keep this many nodes of the frame before, as a running job does.
                0..8_usize,
                // Cut the frame off, as a broken connection does.
                proptest::option::weighted(0.1, 0.0..1.0_f64),
            ),
            1..20,
        ),
    ) {
        let mut reader = ProgressReader::default();
        let mut ours: BTreeMap<&str, Nodes> = BTreeMap::new();
        let mut before: Vec<(String, f64, bool)> = Vec::new();
        for (prompt, fresh, tight, keep, cut) in frames {
            let mut nodes: Vec<_> = before.iter().take(keep).cloned().collect();
            nodes.extend(fresh);
            // Python's dictionaries hold a key once.
            let mut seen = std::collections::HashSet::new();
            nodes.retain(|(id, ..)| seen.insert(id.clone()));
            before.clone_from(&nodes);
            let text = frame(prompt, &nodes, tight && !nodes.iter().any(|(id, ..)| id.contains(' ')));
            if let Some(share) = cut {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
                let at = (text.len() as f64 * share) as usize;
                prop_assert!(reader.read(&text.as_bytes()[..at]).is_none(), "half a frame is none");
                continue;
            }
            let whole = nodes_of(decode_text(text.as_bytes()).unwrap()).1;
            let (_, changed) = nodes_of(reader.read(text.as_bytes()).unwrap());
            let mine = ours.entry(prompt).or_default();
            mine.extend(changed.into_iter().map(|node| (node.id.clone(), node)));
            for node in whole {
                let same = format!("{:?}", mine.get(&node.id));
                prop_assert_eq!(same, format!("{:?}", Some(node)));
            }
        }
    }
}
