//! How far off the time left is, beside the two things artists have today: ComfyUI's frontend, which
//! takes the mean of the last 20 runs of any workflow (frontend 1.58, `useQueueEstimates`), and the
//! share of nodes done. Synthetic runs from a seed: the figures are errors, not times.
#![allow(
    missing_docs,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use domain::{
    estimate::{Expected, PastRun, expected, left, median},
    progress::{NodeEvent, Planned, Tracker},
};
use std::collections::HashMap;

const RUNS: usize = 400;
const SEED: u64 = 11;

/// A kind of node: what it costs, in milliseconds or in milliseconds a step and megapixel.
#[derive(Clone, Copy)]
struct Kind {
    class: &'static str,
    fixed: f64,
    by_size: f64,
    stepped: bool,
    /// Whether its result is kept from the run before.
    cached: bool,
}

const fn kind(class: &'static str, fixed: f64, by_size: f64, stepped: bool, cached: bool) -> Kind {
    Kind { class, fixed, by_size, stepped, cached }
}

const LOADER: Kind = kind("CheckpointLoaderSimple", 6_000.0, 0.0, false, true);
const TEXT: Kind = kind("CLIPTextEncode", 180.0, 0.0, false, false);
const SAMPLER: Kind = kind("KSampler", 300.0, 210.0, true, false);
const DECODE: Kind = kind("VAEDecode", 80.0, 450.0, false, false);
const UPSCALE: Kind = kind("ImageUpscaleWithModel", 200.0, 2_600.0, false, false);
const SAVE: Kind = kind("SaveImage", 60.0, 140.0, false, false);

struct Workflow {
    nodes: &'static [Kind],
    steps: f64,
    megapixels: f64,
}

const WORKFLOWS: [Workflow; 4] = [
    Workflow { nodes: &[LOADER, TEXT, TEXT, SAMPLER, DECODE, SAVE], steps: 20.0, megapixels: 1.0 },
    Workflow { nodes: &[LOADER, TEXT, TEXT, SAMPLER, DECODE, SAVE], steps: 32.0, megapixels: 2.2 },
    Workflow {
        nodes: &[LOADER, TEXT, TEXT, SAMPLER, DECODE, UPSCALE, SAVE, SAVE],
        steps: 28.0,
        megapixels: 1.0,
    },
    // A video: as many pixels as its frames have.
    Workflow { nodes: &[LOADER, TEXT, SAMPLER, DECODE, SAVE], steps: 24.0, megapixels: 14.0 },
];

struct Dice(u64);

impl Dice {
    fn share(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About 1, up to `by` away.
    fn about(&mut self, by: f64) -> f64 {
        1.0 + (self.share() + self.share() - 1.0) * by
    }
}

#[derive(Default)]
struct Errors {
    ours: Vec<f64>,
    frontend: Vec<f64>,
    nodes: Vec<f64>,
    unsaid: usize,
}

fn main() {
    let mut dice = Dice(SEED);
    let mut by_node: HashMap<(usize, usize), Vec<f64>> = HashMap::new();
    let mut by_class: HashMap<&str, Vec<PastRun>> = HashMap::new();
    let mut durations: Vec<f64> = Vec::new();
    let mut loaded = usize::MAX;
    let mut errors: [Errors; 3] = Default::default();
    for _ in 0..RUNS {
        // The same workflow some times in a row, as people work.
        let which = if loaded == usize::MAX || dice.share() < 0.2 {
            (dice.share() * WORKFLOWS.len() as f64) as usize
        } else {
            loaded
        };
        let workflow = &WORKFLOWS[which];
        let pace = dice.about(0.12);
        let costs: Vec<f64> = workflow
            .nodes
            .iter()
            .map(|node| {
                let units = workflow.megapixels * if node.stepped { workflow.steps } else { 1.0 };
                // The first run after another model waits for the card.
                let cold = if node.stepped && which != loaded { 2_500.0 } else { 0.0 };
                (node.fixed + node.by_size * units) * pace * dice.about(0.08) + cold
            })
            .collect();
        let cached = |node: &Kind| node.cached && which == loaded;
        let total: f64 =
            workflow.nodes.iter().zip(&costs).filter(|(n, _)| !cached(n)).map(|(_, ms)| ms).sum();
        let pixels = Some(workflow.megapixels * 1e6);
        let steps = |node: &Kind| node.stepped.then_some(workflow.steps);
        let expect: Vec<Option<Expected>> = workflow
            .nodes
            .iter()
            .enumerate()
            .map(|(at, node)| {
                let own = by_node.get(&(which, at)).cloned().and_then(median);
                own.or_else(|| expected(by_class.get(node.class)?, steps(node), pixels))
            })
            .collect();
        for (errors, share) in errors.iter_mut().zip([0.25, 0.5, 0.75]) {
            let now = total * share;
            let (tracker, spent, done) = at(workflow, &costs, &cached, now);
            let truth = total - now;
            let off = |guess: f64| (guess - truth).abs() / total;
            match left(tracker.nodes(), &expect, &spent) {
                Some(left) if !left.late => errors.ours.push(off(left.ms)),
                // Late: the page says "longer than your last runs", and no number.
                _ => errors.unsaid += 1,
            }
            if !durations.is_empty() {
                let last: Vec<f64> = durations.iter().rev().take(20).copied().collect();
                let mean = last.iter().sum::<f64>() / last.len() as f64;
                errors.frontend.push(off((mean - now).max(0.0)));
            }
            let nodes = done as f64 / workflow.nodes.len() as f64;
            errors.nodes.push(off(if nodes > 0.0 { now / nodes - now } else { now }));
        }
        for (index, (node, ms)) in workflow.nodes.iter().zip(&costs).enumerate() {
            if cached(node) {
                continue;
            }
            by_node.entry((which, index)).or_default().insert(0, *ms);
            let run = PastRun { ms: *ms, steps: steps(node), pixels };
            by_class.entry(node.class).or_default().insert(0, run);
        }
        durations.push(total);
        loaded = which;
    }
    println!(
        "error of the time left, as a share of the whole run; {RUNS} synthetic runs, seed {SEED}"
    );
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

/// A run as it stands after `now` milliseconds.
fn at(
    workflow: &Workflow,
    costs: &[f64],
    cached: &impl Fn(&Kind) -> bool,
    now: f64,
) -> (Tracker, Vec<Option<f64>>, usize) {
    let mut tracker = Tracker::new((0..costs.len()).map(|n| Planned {
        id: n.to_string(),
        weight: 1.0,
        steps: None,
    }));
    let mut spent = vec![None; costs.len()];
    let (mut clock, mut done) = (0.0, 0);
    for (index, (node, ms)) in workflow.nodes.iter().zip(costs).enumerate() {
        let id = index.to_string();
        if cached(node) {
            tracker.apply(&id, NodeEvent::Cached);
            done += 1;
        } else if clock + ms <= now {
            tracker.apply(&id, NodeEvent::Done);
            spent[index] = Some(*ms);
            done += 1;
            clock += ms;
        } else if clock <= now {
            tracker.apply(&id, NodeEvent::Running);
            spent[index] = Some(now - clock);
            if node.stepped {
                let value = ((now - clock) / ms * workflow.steps).floor();
                tracker.apply(&id, NodeEvent::Step { value, max: workflow.steps });
            }
            clock = f64::INFINITY;
        }
    }
    (tracker, spent, done)
}

fn spread(errors: &mut [f64]) -> String {
    errors.sort_by(f64::total_cmp);
    let at =
        |share: f64| errors.get((errors.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    format!("{:.1} % (p90 {:.1} %)", at(0.5) * 100.0, at(0.9) * 100.0)
}
