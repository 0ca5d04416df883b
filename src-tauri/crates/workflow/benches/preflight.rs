//! Checking workflows against servers, beside parsing the workflow's JSON once in the same run.
//! Synthetic: the classes, the lists and the workflows are made here.
#![allow(missing_docs, clippy::unwrap_used)]

use serde_json::{Map, Value, json};
use std::{fmt::Write, hint::black_box, time::Instant};
use workflow::{
    ObjectInfo, Prompt,
    preflight::{Hints, Server, preflight, preflight_all},
};

const CLASSES: usize = 1_000;
const NAMES: usize = 2_000;
const NODES: usize = 500;
const SERVERS: usize = 5;
const RUNS: usize = 21;

/// Every tenth class names files.
const NAMING: usize = 10;

/// A server's classes: each has a link, two numbers, a text and a list of files or of words. Servers
/// have the same classes and all but a few of the same files.
fn info(server: usize) -> ObjectInfo {
    let files: Vec<String> = (0..NAMES)
        .filter(|file| file % 97 != server)
        .map(|file| {
            format!("family{}/painterly_portrait_{file:04}_v{}.safetensors", file % 20, file % 7)
        })
        .collect();
    let words: Vec<String> = (0..40).map(|word| format!("way_{word}")).collect();
    let classes: Map<String, Value> = (0..CLASSES)
        .map(|class| {
            let list = if class % NAMING == 0 { &files } else { &words };
            let inputs = json!({"optional": {"image": ["IMAGE"]}, "required": {
                "choice": [list],
                "steps": ["INT", {"default": 20, "min": 1, "max": 10_000}],
                "strength": ["FLOAT", {"default": 1.0, "min": -10.0, "max": 10.0, "step": 0.01}],
                "text": ["STRING", {"multiline": true}],
            }});
            (
                format!("Class{class}"),
                json!({"input": inputs, "output": ["IMAGE"], "output_node": class == 0}),
            )
        })
        .collect();
    ObjectInfo::read(json!(classes).to_string().as_bytes()).unwrap()
}

/// A chain of nodes: every other one names a file, and one in `wrong` of these is nowhere.
fn workflow(nodes: usize, wrong: usize) -> String {
    let mut text = String::from("{");
    for node in 0..nodes {
        let file = node / 2;
        let (class, choice) = if node % 2 == 0 {
            let version = if file % wrong == 0 { 9 } else { file % 7 };
            let name = format!("painterly_portrait_{file:04}_v{version}.safetensors");
            (file * NAMING % CLASSES, format!("family{}/{name}", file % 20))
        } else {
            (node, format!("way_{}", node % 40))
        };
        // The last one begins the chain.
        let image = match node + 1 {
            source if source < nodes => format!(r#""image":["{source}",0],"#),
            _ => String::new(),
        };
        let _ = write!(
            text,
            r#""{node}":{{"class_type":"Class{class}","inputs":{{{image}"choice":"{choice}","steps":24,"strength":0.85,"text":"a woman in a red jumper, three-quarter view, window light from the left"}},"_meta":{{"title":"Step {node}"}}}},"#,
        );
    }
    text.pop();
    text.push('}');
    text
}

/// Nodes that are each linked to the nodes before them.
fn dense(nodes: usize, links: usize) -> (String, ObjectInfo) {
    let mut text = String::from(r#"{"0":{"class_type":"Source","inputs":{}}"#);
    for node in 1..nodes {
        let inputs: Vec<String> = (1..=links)
            .map(|back| format!(r#""i{back}":["{}",0]"#, node - back.min(node)))
            .collect();
        let _ =
            write!(text, r#","{node}":{{"class_type":"Mix","inputs":{{{}}}}}"#, inputs.join(","));
    }
    text.push('}');
    let inputs: Map<String, Value> =
        (1..=links).map(|link| (format!("i{link}"), json!(["IMAGE"]))).collect();
    let info = json!({
        "Source": {"input": {}, "output": ["IMAGE"]},
        "Mix": {"input": {"required": inputs}, "output": ["IMAGE"], "output_node": true},
    });
    (text, ObjectInfo::read(info.to_string().as_bytes()).unwrap())
}

/// The median of some runs, in milliseconds.
fn milliseconds(runs: usize, mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[runs / 2]
}

fn parsed(text: &str, runs: usize) -> f64 {
    milliseconds(runs, || {
        black_box(serde_json::from_str::<Value>(black_box(text))).ok();
    })
}

fn prompt(text: &str) -> Prompt {
    workflow::read_prompt(text.as_bytes()).unwrap()
}

fn main() {
    let infos: Vec<ObjectInfo> = (0..SERVERS).map(info).collect();
    let servers: Vec<Server<'_>> = infos
        .iter()
        .enumerate()
        .map(|(number, info)| Server {
            id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            name: "attic",
            info,
        })
        .collect();
    for (what, wrong) in [("nearly all files there", 100), ("no file there", 1)] {
        let text = workflow(NODES, wrong);
        let prompt = prompt(&text);
        let verdict = preflight_all(&prompt, &servers, &Hints::default());
        let found: usize = verdict.servers.iter().map(|on| on.report.findings.len()).sum();
        let checked = milliseconds(RUNS, || {
            black_box(preflight_all(black_box(&prompt), &servers, &Hints::default()));
        });
        let floor = parsed(&text, RUNS);
        println!(
            "{NODES} nodes, {SERVERS} servers of {CLASSES} classes, lists of {NAMES} names, {what}, {found} findings: {checked:.2} ms, {:.1} times parsing the workflow once ({floor:.2} ms)",
            checked / floor
        );
    }
    let (text, info) = dense(100_000, 10);
    let prompt = prompt(&text);
    let checked = milliseconds(5, || {
        black_box(preflight(black_box(&prompt), &info));
    });
    let floor = parsed(&text, 5);
    println!(
        "100,000 nodes, 1,000,000 links, one server: {checked:.0} ms, {:.1} times parsing the workflow once ({floor:.0} ms)",
        checked / floor
    );
}
