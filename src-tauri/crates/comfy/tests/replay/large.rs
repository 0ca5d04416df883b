//! Reading progress by difference, beside reading each frame whole.

use crate::recording::{self, Recording, Step, VERSIONS, Wire};
use comfy::{Frame, NodeProgress, ProgressReader, decode_text};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

/// Of the rebuilt frames of 2,000 nodes, those read whole beside: each, or in an unoptimised build,
/// where reading 815 MB takes half a minute, some.
const EVERY: usize = if cfg!(debug_assertions) { 40 } else { 1 };

fn whole(text: &str) -> (String, BTreeMap<String, NodeProgress>) {
    match decode_text(text.as_bytes()).expect("a frame") {
        Frame::ProgressState { prompt_id, nodes } => {
            (prompt_id, nodes.into_iter().map(|node| (node.id.clone(), node)).collect())
        }
        other => panic!("{other:?}"),
    }
}

/// What a reader has told of each job so far.
#[derive(Default)]
struct Told {
    reader: ProgressReader,
    jobs: HashMap<String, BTreeMap<String, NodeProgress>>,
    nodes: usize,
}

impl Told {
    fn read(&mut self, text: &str) -> &BTreeMap<String, NodeProgress> {
        let Some(Frame::ProgressState { prompt_id, nodes }) = self.reader.read(text.as_bytes())
        else {
            panic!("not read by difference: {text:.200}")
        };
        self.nodes += nodes.len();
        let job = self.jobs.entry(prompt_id).or_default();
        job.extend(nodes.into_iter().map(|node| (node.id.clone(), node)));
        job
    }
}

#[test]
fn recorded_progress_is_the_same_by_difference() {
    if recording::folder().is_none() {
        return;
    }
    for version in VERSIONS {
        let (mut frames, mut told_nodes, mut all_nodes) = (0, 0, 0);
        for recording in recording::of_version(version) {
            for connection in crate::wire::connections(&recording) {
                let mut told = Told::default();
                for (_, wire) in connection {
                    let Wire::Text(text) = wire else { continue };
                    if !text.starts_with("{\"type\": \"progress_state\"") {
                        continue;
                    }
                    let (_, nodes) = whole(&text);
                    let ours = told.read(&text);
                    // A prompt that runs again under its id begins anew, with fewer nodes.
                    for (id, node) in &nodes {
                        assert_eq!(ours.get(id), Some(node), "{version} {}", recording.name);
                    }
                    frames += 1;
                    all_nodes += nodes.len();
                }
                told_nodes += told.nodes;
            }
        }
        println!(
            "{version}: {frames} recorded frames of progress, {told_nodes} nodes told of {all_nodes} sent"
        );
        assert!(frames > 1_000);
    }
}

/// The frames of a job whose nodes report no steps, in the order in which its nodes began: made as
/// the server makes them.
struct Rebuilt {
    prompt: String,
    order: Vec<String>,
    /// The nodes that are finished, as text.
    done: String,
    at: usize,
}

impl Iterator for Rebuilt {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let prompt = &self.prompt;
        let node = self.order.get(self.at / 2)?;
        let finished = self.at % 2 == 1;
        self.at += 1;
        let (value, state) = if finished { ("1.0", "finished") } else { ("0.0", "running") };
        let entry = format!(
            r#""{node}": {{"value": {value}, "max": 1.0, "state": "{state}", "node_id": "{node}", "prompt_id": "{prompt}", "display_node_id": "{node}", "parent_node_id": null, "real_node_id": "{node}"}}"#
        );
        let frame = format!(
            r#"{{"type": "progress_state", "data": {{"prompt_id": "{prompt}", "nodes": {{{}{entry}}}}}}}"#,
            self.done
        );
        if finished {
            write!(self.done, "{entry}, ").expect("a string");
        }
        Some(frame)
    }
}

/// The jobs of the scenario: how they are noted, and the order in which their nodes began.
fn jobs(recording: &Recording) -> Vec<(Value, Rebuilt)> {
    let mut orders = Vec::<(String, Vec<String>)>::new();
    let mut found = Vec::new();
    for step in &recording.steps {
        match step {
            Step::Frame { wire: Wire::Text(text), .. } => match decode_text(text.as_bytes()) {
                Ok(Frame::Started { prompt_id, .. }) => orders.push((prompt_id, Vec::new())),
                Ok(Frame::Executing { node: Some(node), .. }) => {
                    orders.last_mut().expect("it began").1.push(node);
                }
                _ => {}
            },
            Step::Note(note) if note["text"] == "large run" => {
                let (prompt, order) = orders.pop().expect("it ran");
                let rebuilt = Rebuilt { prompt, order, done: String::new(), at: 0 };
                found.push((note.clone(), rebuilt));
            }
            _ => {}
        }
    }
    found
}

/// The recording of 2,000 nodes kept the order of the nodes, but not the frames, only their number
/// and sizes. They are made again, and the same way of making them gives the recorded frames of 200
/// nodes byte for byte.
#[test]
fn progress_of_two_thousand_nodes_is_the_same_by_difference() {
    if recording::folder().is_none() {
        return;
    }
    for version in VERSIONS {
        let recording = recording::one(version, "large_workflows");
        let recorded = recording.steps.iter().filter_map(|step| match step {
            Step::Frame { wire: Wire::Text(text), .. } => Some(text.as_str()),
            _ => None,
        });
        let mut recorded = recorded.filter(|text| text.contains("\"progress_state\""));
        let mut jobs = jobs(&recording).into_iter();
        let (note, small) = jobs.next().expect("a job of 200 nodes");
        let (mut same, mut small_bytes) = (0, 0);
        for frame in small {
            assert_eq!(Some(&*frame), recorded.next(), "as recorded");
            same += 1;
            small_bytes += frame.len();
        }
        assert_eq!((same, recorded.next()), (400, None));
        // The recorder counted each frame without its 36 letters of prompt id, as the frames that it
        // kept show.
        let noted = |bytes: usize, frames: usize| bytes - frames * 36;
        assert_eq!(note["progress_state_bytes_total"], noted(small_bytes, same));

        let (note, large) = jobs.next().expect("a job of 2,000 nodes");
        let order = large.order.clone();
        let mut told = Told::default();
        let (mut frames, mut bytes, mut largest, mut compared) = (0, 0, 0, 0);
        for text in large {
            let ours = told.read(&text);
            let node = &ours[&order[frames / 2]];
            assert_eq!((ours.len(), node.running), (frames / 2 + 1, frames % 2 == 0));
            if frames % EVERY == 0 || frames + 2 >= 2 * order.len() {
                assert!(*ours == whole(&text).1, "{version}: frame {frames}");
                compared += 1;
            }
            frames += 1;
            bytes += text.len();
            largest = largest.max(text.len());
        }
        println!(
            "{version}: {same} frames of 200 nodes made as recorded; {frames} frames of 2,000 nodes, {bytes} bytes, the largest {largest}; {compared} of them compared whole, {} nodes told",
            told.nodes
        );
        assert_eq!(note["frames"]["progress_state"], frames);
        assert_eq!(note["progress_state_bytes_total"], noted(bytes, frames));
        assert_eq!(note["progress_state_bytes_max"], noted(largest, 1));
        assert_eq!(told.nodes, frames, "only the node that moved is told");
    }
}
