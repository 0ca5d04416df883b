//! Reading `progress_state` traffic, beside parsing it into `serde_json::Value` in the same run.
#![allow(missing_docs, clippy::cast_precision_loss)]

use comfy::{Frame, ProgressReader};
use std::{fmt::Write, hint::black_box, time::Instant};

/// The frames of a workflow of `nodes` nodes, as ComfyUI sends them: each node begins and ends once,
/// and each frame lists all that have begun.
fn frames(nodes: usize) -> Vec<String> {
    let mut done = String::new();
    let mut frames = Vec::with_capacity(nodes * 2);
    for n in 0..nodes {
        let entry = |value: &str, state: &str| {
            format!(
                r#""{n}": {{"value": {value}, "max": 1.0, "state": "{state}", "node_id": "{n}", "prompt_id": "0b0f8b52-1c1a-4f0e-9a1b-6f4b5a2c1d00", "display_node_id": "{n}", "parent_node_id": null, "real_node_id": "{n}"}}"#
            )
        };
        for (value, state) in [("0.0", "running"), ("1.0", "finished")] {
            let mut text = String::with_capacity(done.len() + 400);
            text.push_str(
                r#"{"type": "progress_state", "data": {"prompt_id": "0b0f8b52-1c1a-4f0e-9a1b-6f4b5a2c1d00", "nodes": {"#,
            );
            let _ = write!(text, "{done}{}}}}}}}", entry(value, state));
            frames.push(text);
        }
        let _ = write!(done, "{}, ", entry("1.0", "finished"));
    }
    frames
}

fn main() {
    for nodes in [20, 200, 1_000] {
        let frames = frames(nodes);
        let bytes: usize = frames.iter().map(String::len).sum();
        let megabytes = bytes as f64 / 1e6;

        let began = Instant::now();
        let mut reader = ProgressReader::default();
        let mut told = 0;
        for frame in &frames {
            match reader.read(frame.as_bytes()) {
                Some(Frame::ProgressState { nodes, .. }) => told += nodes.len(),
                other => panic!("{other:?}"),
            }
        }
        let ours = began.elapsed().as_secs_f64();
        assert!(told >= frames.len());

        let began = Instant::now();
        for frame in &frames {
            black_box(serde_json::from_str::<serde_json::Value>(frame)).ok();
        }
        let whole = began.elapsed().as_secs_f64();
        println!(
            "progress_state, {nodes} nodes, {} frames, {megabytes:.1} MB: {:.0} MB/s, {:.1} times as fast as serde_json::Value ({:.0} MB/s)",
            frames.len(),
            megabytes / ours,
            whole / ours,
            megabytes / whole,
        );
    }
}
