//! The knobs of a workflow, and the cells of a sweep over it, beside parsing the workflow's JSON in the
//! same run. Synthetic: the classes, the lists and the workflow are made here.
#![allow(missing_docs, clippy::unwrap_used, clippy::cast_precision_loss)]

use serde_json::{Value, json};
use std::{fmt::Write, hint::black_box, time::Instant};
use workflow::{Change, ObjectInfo, Patcher, Prompt, apply, knobs};

/// Pictures that are made one from the other, of ten nodes each.
const PICTURES: usize = 50;
/// Names in each list of models.
const NAMES: usize = 2_000;
const CELLS: usize = 10_000;
const RUNS: usize = 21;

fn info() -> ObjectInfo {
    let files: Vec<String> =
        (0..NAMES).map(|file| format!("family{}/model_{file:04}.safetensors", file % 20)).collect();
    let class = |inputs: Value, makes: &[&str]| json!({"input": {"required": inputs}, "output": makes, "output_node": makes.is_empty()});
    let float = json!(["FLOAT", {"default": 1.0, "min": 0.0, "max": 100.0, "step": 0.01}]);
    let whole = json!(["INT", {"default": 20, "min": 1, "max": 16384}]);
    let seed = json!(["INT", {"default": 0, "max": u64::MAX, "control_after_generate": true}]);
    let words = json!(["STRING", {"multiline": true, "dynamicPrompts": true}]);
    let info = json!({
        "Load": class(json!({"ckpt_name": [files]}), &["MODEL", "CLIP", "VAE"]),
        "Style": class(json!({"model": ["MODEL"], "clip": ["CLIP"], "lora_name": [files],
            "strength_model": float, "strength_clip": float}), &["MODEL", "CLIP"]),
        "Encode": class(json!({"text": words, "clip": ["CLIP"]}), &["CONDITIONING"]),
        "Blank": class(json!({"width": whole, "height": whole, "batch_size": whole}), &["LATENT"]),
        "Sample": class(json!({"model": ["MODEL"], "seed": seed, "steps": whole, "cfg": float,
            "sampler_name": [["euler", "heun"]], "scheduler": [["normal", "karras"]],
            "positive": ["CONDITIONING"], "negative": ["CONDITIONING"],
            "latent_image": ["LATENT"], "denoise": float}), &["LATENT"]),
        "Decode": class(json!({"samples": ["LATENT"], "vae": ["VAE"]}), &["IMAGE"]),
        "Scale": class(json!({"image": ["IMAGE"], "width": whole, "height": whole}), &["IMAGE"]),
        "ToLatent": class(json!({"pixels": ["IMAGE"], "vae": ["VAE"]}), &["LATENT"]),
        "Save": class(json!({"images": ["IMAGE"], "filename_prefix": ["STRING"]}), &[]),
    });
    ObjectInfo::read(info.to_string().as_bytes()).unwrap()
}

/// Pictures from text and from the picture before them.
fn workflow() -> String {
    let mut text = String::from("{");
    for picture in 0..PICTURES {
        let at = |node: usize| picture * 10 + node;
        let latent = match picture {
            0 => at(4),
            _ => at(4) - 2,
        };
        let words = "a woman in a red jumper, three-quarter view, window light from the left, thick impasto oil";
        for (node, class, inputs) in [
            (0, "Load", format!(r#""ckpt_name":"family1/model_{picture:04}.safetensors""#)),
            (
                1,
                "Style",
                format!(
                    r#""lora_name":"family2/model_{picture:04}.safetensors","strength_model":0.80,"strength_clip":1.0,"model":["{}",0],"clip":["{}",1]"#,
                    at(0),
                    at(0)
                ),
            ),
            (2, "Encode", format!(r#""text":"{words}","clip":["{}",1]"#, at(1))),
            (3, "Encode", format!(r#""text":"photo, frame","clip":["{}",1]"#, at(1))),
            (4, "Blank", r#""width":896,"height":1152,"batch_size":1"#.to_owned()),
            (
                5,
                "Sample",
                format!(
                    r#""seed":18446744073709551615,"steps":24,"cfg":6.5,"sampler_name":"euler","scheduler":"karras","denoise":0.35,"model":["{}",0],"positive":["{}",0],"negative":["{}",0],"latent_image":["{latent}",0]"#,
                    at(1),
                    at(2),
                    at(3)
                ),
            ),
            (6, "Decode", format!(r#""samples":["{}",0],"vae":["{}",2]"#, at(5), at(0))),
            (7, "Scale", format!(r#""image":["{}",0],"width":1792,"height":2304"#, at(6))),
            (8, "ToLatent", format!(r#""pixels":["{}",0],"vae":["{}",2]"#, at(7), at(0))),
            (9, "Save", format!(r#""images":["{}",0],"filename_prefix":"portrait""#, at(7))),
        ] {
            let _ = write!(
                text,
                r#""{}":{{"class_type":"{class}","inputs":{{{inputs}}},"_meta":{{"title":"{class} {picture}"}}}},"#,
                at(node)
            );
        }
    }
    text.pop();
    text.push('}');
    text
}

/// What one cell of a sweep sets: a seed, a strength and a prompt.
fn cell(number: usize) -> [Change; 3] {
    let change = |node: &str, input: &str, value: String| Change {
        node: node.to_owned(),
        input: input.to_owned(),
        value,
    };
    [
        change("5", "seed", (u64::MAX - number as u64).to_string()),
        change("491", "strength_model", format!("{}.{:02}", number % 2, number % 100)),
        change("2", "text", format!("\"a portrait, number {number}\"")),
    ]
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

fn main() {
    let (info, text) = (info(), workflow());
    let prompt: Prompt = workflow::read_prompt(text.as_bytes()).unwrap();
    let nodes = prompt.nodes().len();
    let parsed = milliseconds(RUNS, || {
        black_box(serde_json::from_str::<Value>(black_box(&text))).ok();
    });
    let many = knobs(&prompt, &info).all().count();
    let found = milliseconds(RUNS, || {
        black_box(knobs(black_box(&prompt), &info));
    });
    println!(
        "<!-- {nodes} nodes, {} kB, lists of {NAMES} names; parsing its JSON once: {parsed:.2} ms -->",
        text.len() / 1000
    );
    println!(
        "| {many} knobs of {nodes} nodes | {found:.2} ms | {:.1} times parsing the workflow once |",
        found / parsed
    );

    let cells: Vec<[Change; 3]> = (0..CELLS).map(cell).collect();
    let per_second = |milliseconds: f64| CELLS as f64 / milliseconds * 1e3;
    let texts = milliseconds(3, || {
        let patcher = Patcher::new(&prompt);
        for cell in &cells {
            black_box(patcher.text(cell)).unwrap();
        }
    });
    let prompts = milliseconds(3, || {
        let patcher = Patcher::new(&prompt);
        for cell in &cells {
            black_box(patcher.apply(cell)).unwrap();
        }
    });
    let each = milliseconds(1, || {
        for cell in &cells {
            black_box(apply(&prompt, cell)).unwrap();
        }
    });
    let floor = parsed * CELLS as f64;
    for (what, took) in [
        ("texts, where values are found once", texts),
        ("prompts, where values are found once", prompts),
        ("prompts, found for each", each),
    ] {
        println!(
            "| {CELLS} cells of a sweep over {nodes} nodes: {what} | {took:.0} ms, {:.0} a second | {:.2} times parsing each |",
            per_second(took),
            took / floor
        );
    }
}
