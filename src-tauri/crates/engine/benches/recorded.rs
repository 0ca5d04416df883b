//! How far off the time left is on runs that were recorded at real servers, beside the two things
//! artists have today; `domain/benches/estimate.rs` does the same with synthetic runs.
//!
//! Each version's runs are taken in the order in which they were recorded; what is known of a run is
//! what the runs before it told. Runs shorter than a sixth of a second are learnt from, and not judged.
#![allow(clippy::expect_used, clippy::cast_precision_loss, clippy::cast_possible_truncation)]
#![allow(clippy::cast_sign_loss, missing_docs)]

use comfy::{Frame, decode_text};
use domain::{
    estimate::{Expected, PastRun, expected, left, median},
    progress::{NodeEvent, NodePhase, Planned, Tracker},
};
use serde_json::Value;
use std::{
    collections::HashMap,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};
use workflow::PlanNode;

/// The shortest run that is judged, in milliseconds.
const SHORTEST: f64 = 150.0;

/// One run: its plan, and what was heard of it, in milliseconds from its start.
struct Run {
    began: f64,
    shape: String,
    pixels: Option<f64>,
    nodes: Vec<PlanNode>,
    heard: Vec<(f64, Frame)>,
    total: f64,
}

#[derive(Default)]
struct Errors {
    ours: Vec<f64>,
    frontend: Vec<f64>,
    nodes: Vec<f64>,
    unsaid: usize,
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/transcripts");
    if !folder.is_dir() {
        println!("not run: there are no recordings beside the project");
        return;
    }
    let mut errors: [Errors; 3] = Default::default();
    let mut judged = 0;
    for version in ["v0.3.64", "v0.8.0", "v0.28.2"] {
        let mut runs: Vec<Run> = recordings(&folder.join(version)).flat_map(|p| read(&p)).collect();
        runs.sort_by(|a, b| a.began.total_cmp(&b.began));
        judged += judge(&runs, &mut errors);
    }
    println!("error of the time left, as a share of the whole run; {judged} recorded runs");
    println!(
        "{:>5} {:>22} {:>22} {:>22} {:>8}",
        "at", "Safelight", "mean of last 20 runs", "share of nodes", "unsaid"
    );
    for (errors, share) in errors.iter_mut().zip([25, 50, 75]) {
        let ours = spread(&mut errors.ours);
        let (frontend, nodes) = (spread(&mut errors.frontend), spread(&mut errors.nodes));
        println!("{share:>4}% {ours:>22} {frontend:>22} {nodes:>22} {:>8}", errors.unsaid);
    }
}

fn judge(runs: &[Run], errors: &mut [Errors; 3]) -> usize {
    let mut by_node: HashMap<(&str, &str), Vec<f64>> = HashMap::new();
    let mut by_class: HashMap<&str, Vec<PastRun>> = HashMap::new();
    let mut totals: Vec<f64> = Vec::new();
    let mut judged = 0;
    for run in runs {
        let expect: Vec<Option<Expected>> = run
            .nodes
            .iter()
            .map(|node| {
                let own = by_node.get(&(&*run.shape, &*node.id)).cloned().and_then(median);
                let steps = node.steps.map(f64::from);
                own.or_else(|| expected(by_class.get(&*node.class)?, steps, run.pixels))
            })
            .collect();
        if run.total >= SHORTEST {
            judged += 1;
            for (errors, share) in errors.iter_mut().zip([0.25, 0.5, 0.75]) {
                let now = run.total * share;
                let (tracker, times) = followed(run, now);
                let off = |guess: f64| (guess - (run.total - now)).abs() / run.total;
                let spent: Vec<Option<f64>> =
                    times.iter().map(|(start, end)| Some(end.unwrap_or(now) - (*start)?)).collect();
                match left(tracker.nodes(), &expect, &spent) {
                    Some(left) if !left.late => errors.ours.push(off(left.ms)),
                    // Late: the page says "longer than your last runs", and no number.
                    _ => errors.unsaid += 1,
                }
                if !totals.is_empty() {
                    let last: Vec<f64> = totals.iter().rev().take(20).copied().collect();
                    let mean = last.iter().sum::<f64>() / last.len() as f64;
                    errors.frontend.push(off((mean - now).max(0.0)));
                }
                let over = |phase| matches!(phase, NodePhase::Done | NodePhase::Cached);
                let done = tracker.nodes().iter().filter(|node| over(node.phase)).count();
                let part = done as f64 / tracker.nodes().len().max(1) as f64;
                errors.nodes.push(off(if part > 0.0 { now / part - now } else { now }));
            }
        }
        let (tracker, times) = followed(run, f64::INFINITY);
        for (index, node) in run.nodes.iter().enumerate() {
            if let (Some(start), Some(end)) = times[index] {
                by_node.entry((&run.shape, &node.id)).or_default().insert(0, end - start);
                let steps = tracker.nodes()[index].steps.map(|steps| steps.1);
                let past = PastRun { ms: end - start, steps, pixels: run.pixels };
                by_class.entry(&node.class).or_default().insert(0, past);
            }
        }
        totals.push(run.total);
    }
    judged
}

type Times = Vec<(Option<f64>, Option<f64>)>;

/// A run as it stands after `now` milliseconds.
fn followed(run: &Run, now: f64) -> (Tracker, Times) {
    let mut tracker = Tracker::new(run.nodes.iter().map(|node| Planned {
        id: node.id.clone(),
        weight: 1.0,
        steps: node.steps.map(f64::from),
    }));
    let mut times: Times = vec![(None, None); run.nodes.len()];
    for (at, frame) in run.heard.iter().take_while(|(at, _)| *at <= now) {
        for (node, event) in events(frame) {
            let Some(index) = tracker.index(&node) else { continue };
            tracker.apply(&node, event);
            match tracker.nodes()[index].phase {
                NodePhase::Running => {
                    times[index].0.get_or_insert(*at);
                }
                NodePhase::Done => {
                    times[index].0.get_or_insert(*at);
                    times[index].1.get_or_insert(*at);
                }
                NodePhase::Waiting | NodePhase::Cached | NodePhase::Failed => {}
            }
        }
    }
    (tracker, times)
}

/// What a frame says about nodes, as the engine takes it.
fn events(frame: &Frame) -> Vec<(String, NodeEvent)> {
    match frame {
        Frame::Cached { nodes, .. } => {
            nodes.iter().map(|node| (node.clone(), NodeEvent::Cached)).collect()
        }
        Frame::Executing { node: Some(node), .. } => vec![(node.clone(), NodeEvent::Running)],
        Frame::Progress { node: Some(node), value, max, .. } => {
            vec![(node.clone(), NodeEvent::Step { value: *value, max: *max })]
        }
        Frame::ProgressState { nodes, .. } => nodes
            .iter()
            .map(|node| {
                let step = NodeEvent::Step { value: node.value, max: node.max };
                (node.id.clone(), if node.running { step } else { NodeEvent::Done })
            })
            .collect(),
        Frame::Executed { node, .. } => vec![(node.clone(), NodeEvent::Done)],
        _ => Vec::new(),
    }
}

fn recordings(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.to_string_lossy().contains(".jsonl")).collect();
    paths.sort();
    paths.into_iter()
}

/// The runs of one recording that succeeded.
fn read(path: &Path) -> Vec<Run> {
    let file = File::open(path).expect("a recording");
    let lines: Box<dyn BufRead> = if path.extension().is_some_and(|ending| ending == "gz") {
        Box::new(BufReader::new(flate2::read::GzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    };
    let mut epoch = 0.0;
    let mut asked: HashMap<String, Value> = HashMap::new();
    let mut prompts: HashMap<String, Value> = HashMap::new();
    let mut heard: HashMap<String, Vec<(f64, Frame)>> = HashMap::new();
    let mut listener: HashMap<String, String> = HashMap::new();
    for line in lines.lines() {
        let entry: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
        let at = entry["t"].as_f64().unwrap_or(0.0) * 1_000.0;
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        match (entry["kind"].as_str(), entry["dir"].as_str()) {
            (Some("meta"), _) => epoch = entry["started"].as_f64().unwrap_or(0.0) * 1_000.0,
            (Some("http"), Some("req")) => {
                asked.insert(text("rid"), entry["json"]["prompt"].clone());
            }
            (Some("http"), _) => {
                if let (Some(id), Some(prompt)) =
                    (entry["json"]["prompt_id"].as_str(), asked.get(&text("rid")))
                    && prompt.is_object()
                {
                    prompts.insert(id.to_owned(), prompt.clone());
                }
            }
            (Some("ws"), Some("in")) if entry["json"].is_object() => {
                let Some(id) = entry["json"]["data"]["prompt_id"].as_str() else { continue };
                // Of several sockets that hear of a job, the first.
                if listener.entry(id.to_owned()).or_insert_with(|| text("client"))
                    != &text("client")
                {
                    continue;
                }
                let frame = decode_text(entry["json"].to_string().as_bytes()).expect("a frame");
                heard.entry(id.to_owned()).or_default().push((at, frame));
            }
            _ => {}
        }
    }
    let runs = heard.into_iter().filter_map(|(id, heard)| run(epoch, prompts.get(&id)?, heard));
    runs.collect()
}

fn run(epoch: f64, prompt: &Value, heard: Vec<(f64, Frame)>) -> Option<Run> {
    let began = heard.iter().find(|(_, frame)| matches!(frame, Frame::Started { .. }))?.0;
    let ended = heard.iter().find(|(_, frame)| matches!(frame, Frame::Succeeded { .. }))?.0;
    let prompt = workflow::read_prompt(prompt.to_string().as_bytes()).ok()?;
    Some(Run {
        began: epoch + began,
        shape: workflow::shape(&prompt),
        pixels: workflow::pixels(&prompt),
        nodes: workflow::plan(&prompt, None, None).nodes,
        heard: heard.into_iter().map(|(at, frame)| (at - began, frame)).collect(),
        total: ended - began,
    })
}

fn spread(errors: &mut [f64]) -> String {
    errors.sort_by(f64::total_cmp);
    let at =
        |share: f64| errors.get((errors.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    format!("{:.1} % (p90 {:.1} %)", at(0.5) * 100.0, at(0.9) * 100.0)
}
