//! Making the runs of a sweep and of a dynamic prompt, beside writing the same as JSON in the same
//! run. Synthetic: the workflow, the axes and the wildcards are made here.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{collections::HashMap, hint::black_box, sync::Arc, time::Instant};
use workflow::{
    dynamic::{self, WildcardFile, Wildcards},
    sweep::{
        Address, Axis, AxisKind, AxisPlan, Cell, JsonText, KnobValues, Sweep, change_cost, range,
    },
};

const RUNS: usize = 21;
const NODES: usize = 500;
const SAMPLES: u64 = 10_000;
const LINES: usize = 1_000;

/// The median of some runs, in milliseconds.
fn milliseconds(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

/// A chain of nodes.
fn workflow() -> workflow::Prompt {
    let node = |node: usize| {
        let source = node.saturating_sub(1);
        format!(
            r#""{node}":{{"class_type":"Step","inputs":{{"image":["{source}",0],"amount":0.5}}}}"#
        )
    };
    let nodes: Vec<String> = (0..NODES).map(node).collect();
    workflow::read_prompt(format!("{{{}}}", nodes.join(",")).as_bytes()).unwrap()
}

fn axis(title: &str, kind: AxisKind) -> Axis {
    let prompt = "a woman in a red jumper, three-quarter view, window light from the left";
    let plan = AxisPlan { title: title.to_owned(), kind };
    plan.axis(|_| Some(prompt.to_owned())).unwrap()
}

/// 25 × 20 × 20 cells.
fn axes() -> Vec<Axis> {
    let models = |number: usize| JsonText::string(&format!("xl/painterly_{number}.safetensors"));
    let knobs =
        vec![KnobValues { at: Address::new("3", "model"), values: (0..20).map(models).collect() }];
    let strengths = vec![Address::new("90", "model"), Address::new("90", "clip")];
    let with = (1..20).map(|number| format!("colour {number}")).collect();
    vec![
        axis("Model", AxisKind::Values { knobs }),
        axis(
            "Strength",
            AxisKind::Range { knobs: strengths, text: "0.02..0.5 step 0.02".to_owned() },
        ),
        axis(
            "Colour",
            AxisKind::Replace {
                knobs: vec![Address::new("40", "text")],
                needle: "red".to_owned(),
                with,
            },
        ),
    ]
}

/// Files of many lines, some with choices.
struct Files(Arc<WildcardFile>);

impl Wildcards for Files {
    fn file(&self, _name: &str) -> Result<Option<Arc<WildcardFile>>, String> {
        Ok(Some(Arc::clone(&self.0)))
    }

    fn names(&self) -> Vec<String> {
        (0..10).map(|number| format!("colours/{number}")).collect()
    }
}

fn main() {
    let prompt = workflow();
    let made = milliseconds(|| {
        let axes = black_box(axes());
        let seconds = HashMap::new();
        let costs: Vec<f64> =
            axes.iter().map(|axis| change_cost(&prompt, axis, &seconds)).collect();
        let sweep = Sweep::new(axes).unwrap().cheapest_first(&costs);
        black_box(sweep.cells().collect::<Vec<Cell>>());
    });
    let cells: Vec<Cell> = Sweep::new(axes()).unwrap().cells().collect();
    let written = milliseconds(|| {
        black_box(serde_json::to_string(black_box(&cells)).unwrap());
    });
    println!(
        "{} cells of three axes over {NODES} nodes, from what was typed: {made:.1} ms, {:.1} times writing them as JSON ({written:.1} ms)",
        cells.len(),
        made / written
    );
    let numbers = milliseconds(|| {
        black_box(range(black_box("0.00001..0.99999 step 0.00001")).unwrap());
    });
    println!("a range of 99,999 numbers: {numbers:.1} ms");

    let text = "{3::portrait|sketch} of a {2$$ and $$red|__colours/1__|{light|dark} blue} \
                coat, __colours/*__, {1-3$$oil|ink|chalk|__colours/2__} on (canvas:1.2)";
    let lines: Vec<String> =
        (0..LINES).map(|line| format!("colour {{warm|cold}} {line}")).collect();
    let files = Files(Arc::new(WildcardFile::of_text(&lines.join("\n"))));
    let read = milliseconds(|| {
        black_box(dynamic::parse(black_box(text)).unwrap().fill(&files).unwrap());
    });
    let prompts = dynamic::parse(text).unwrap().fill(&files).unwrap();
    let samples: Vec<String> = (0..SAMPLES).map(|index| prompts.sample(7, index)).collect();
    let sampled = milliseconds(|| {
        for index in 0..SAMPLES {
            black_box(prompts.sample(7, index));
        }
    });
    let listed = milliseconds(|| {
        black_box(prompts.all().take(10_000).map(black_box).count());
    });
    let written = milliseconds(|| {
        black_box(serde_json::to_string(black_box(&samples)).unwrap());
    });
    println!(
        "a dynamic prompt with twelve wildcard files of {LINES} lines, read and looked up: {read:.1} ms; {} results",
        prompts.count()
    );
    println!(
        "{SAMPLES} samples of it: {sampled:.1} ms, {:.1} times writing them as JSON ({written:.1} ms); the first 10000 of all: {listed:.1} ms",
        sampled / written
    );
}
