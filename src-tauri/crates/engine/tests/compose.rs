//! Composing: knobs turned and queued are exactly what the server receives; sweeps, lists, chance,
//! drafts, presets, inputs, starters.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use domain::{BatchId, DraftId, JobId, JobState, Outcome, WorkflowHash};
use engine::{
    Engine, ValuesFrom, Which,
    view::{
        Axis, AxisValues, BatchLines, ComposeSource, ComposeState, ComposeView, ExportForm, Fit,
        KnobChoice, KnobKey, KnobKind, KnobRole, KnobValue, Many, PlanView, PresetView, SeedRule,
        SeedSetting, When, Wording,
    },
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};
use support::{Bench, classic, start_engine, until};
use uuid::Uuid;

const LARGEST_SEED: &str = "18446744073709551615";

async fn bench() -> Bench {
    let bench = Bench::new(Duration::ZERO).await;
    until("the server said what it has", || async {
        let snapshot = bench.snapshot().await;
        let facts = snapshot.servers[0].facts.as_ref()?;
        facts.node_classes.filter(|classes| *classes > 0)
    })
    .await;
    bench
}

/// Opens the classic graph as a draft, kept in the library first.
async fn opened(bench: &Bench, prompt: &str) -> ComposeView {
    let path = bench.folder.path().join("harbour.json");
    std::fs::write(&path, prompt).unwrap();
    let report = bench.engine.intake_save(vec![path]).await.unwrap();
    let workflow = report.items[0].workflow.clone().unwrap();
    bench.engine.compose_open(ComposeSource::Workflow { workflow }).await.unwrap()
}

fn value(node: &str, input: &str, json: impl Into<String>) -> KnobValue {
    KnobValue { node: node.into(), input: input.into(), json: json.into() }
}

fn axis(node: &str, input: &str, values: AxisValues) -> Axis {
    Axis { knobs: vec![KnobKey { node: node.into(), input: input.into() }], values }
}

fn range(text: &str) -> AxisValues {
    AxisValues::Range { text: text.into() }
}

async fn plan(engine: &Engine, draft: DraftId, state: &ComposeState) -> PlanView {
    engine.compose_plan(draft, state.clone()).await.unwrap()
}

/// Queues, and answers with the prompts of the jobs in order, as they are sent.
async fn queued(engine: &Engine, draft: DraftId, state: &ComposeState) -> (BatchId, Vec<Value>) {
    let batch = BatchId(Uuid::now_v7());
    let view = engine.compose_queue(draft, batch, state.clone(), false).await.unwrap();
    let jobs = jobs_of(engine, batch).await;
    assert_eq!(jobs.len(), usize::try_from(view.jobs).unwrap());
    let mut prompts = Vec::new();
    for id in jobs {
        prompts.push(serde_json::from_str(&engine.job_workflow(id).await.unwrap()).unwrap());
    }
    (batch, prompts)
}

async fn jobs_of(engine: &Engine, batch: BatchId) -> Vec<JobId> {
    let mut jobs = engine.job_list(Which::Open, 0, 1_000).await.unwrap();
    jobs.extend(engine.job_list(Which::Finished, 0, 1_000).await.unwrap());
    jobs.retain(|job| job.batch_id == batch);
    jobs.sort_by_key(|job| job.batch_index);
    jobs.into_iter().map(|job| job.id).collect()
}

fn held() -> ComposeState {
    ComposeState { when: When::Hold, ..ComposeState::default() }
}

#[tokio::test]
async fn knobs_are_found_and_what_is_set_is_exactly_what_the_server_gets() {
    let bench = bench().await;
    let view = opened(&bench, &classic(1, 2)).await;
    let knob = |role| view.knobs.iter().find(|knob| knob.role == role).unwrap();
    assert_eq!(knob(KnobRole::Prompt).json, "\"a quiet harbour\"");
    assert_eq!(knob(KnobRole::Negative).json, "\"blur\"");
    assert!(
        matches!(&knob(KnobRole::Seed).kind, KnobKind::Int { max: Some(max), .. } if max == LARGEST_SEED)
    );
    assert!(matches!(&knob(KnobRole::Model).kind, KnobKind::Choice { total, .. } if *total > 1));
    let state = ComposeState {
        values: vec![
            value("6", "text", "\"a loud “harbour” \\n at night\""),
            value("3", "seed", LARGEST_SEED),
            value("3", "cfg", "7.50"),
        ],
        ..ComposeState::default()
    };
    let told = plan(&bench.engine, view.draft, &state).await;
    assert_eq!((told.cells, told.jobs, told.problems.len()), (1, 1, 0), "{told:?}");
    let batch = BatchId(Uuid::now_v7());
    bench.engine.compose_queue(view.draft, batch, state.clone(), false).await.unwrap();
    // The same submission again queues nothing twice.
    bench.engine.compose_queue(view.draft, batch, state, false).await.unwrap();
    let jobs = jobs_of(&bench.engine, batch).await;
    assert_eq!(jobs.len(), 1);
    bench.ended(jobs[0], Outcome::Succeeded).await;
    let wanted = classic(1, 2)
        .replace("\"a quiet harbour\"", "\"a loud “harbour” \\n at night\"")
        .replace("\"seed\":1,", &format!("\"seed\":{LARGEST_SEED},"))
        .replace("\"cfg\":7.5,", "\"cfg\":7.50,");
    // To the letter, from the store and at the server.
    assert_eq!(bench.engine.job_workflow(jobs[0]).await.unwrap(), wanted);
    let url = format!("{}/history/{}", bench.practice().url(), jobs[0]);
    let history: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let at_server = &history[jobs[0].to_string()]["prompt"][2];
    assert_eq!(at_server["3"]["inputs"]["seed"].to_string(), LARGEST_SEED);
    // The server makes floats of whole numbers where floats are wanted, as ComfyUI does.
    let wanted = wanted.replace("\"denoise\":1,", "\"denoise\":1.0,");
    assert_eq!(*at_server, serde_json::from_str::<Value>(&wanted).unwrap());
    // Opened again from its job, the values are the artist's, on the same workflow.
    let again = bench.engine.compose_open(ComposeSource::Job { id: jobs[0] }).await.unwrap();
    assert_eq!(again.workflow, view.workflow);
    assert_eq!(again.state.values.len(), 3);
    assert!(again.last_run.is_some() && again.last.is_some());
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_sweep_makes_every_combination_once_and_uses_what_was_made() {
    let bench = bench().await;
    let view = opened(&bench, &classic(5, 1)).await;
    let made = ComposeState {
        values: vec![value("3", "cfg", "6"), value("3", "denoise", "0.75")],
        ..ComposeState::default()
    };
    let (_, first) = queued(&bench.engine, view.draft, &made).await;
    assert_eq!(first.len(), 1);
    until("the first is made", || async {
        let done = bench.engine.job_list(Which::Finished, 0, 10).await.unwrap();
        done.first().filter(|job| job.asset_count > 0).map(|job| job.id)
    })
    .await;
    let state = ComposeState {
        many: Many::Sweep {
            axes: vec![
                axis("3", "denoise", range("0.25..1 step 0.25")),
                axis("3", "cfg", range("4, 6, 8")),
            ],
        },
        reuse: true,
        ..ComposeState::default()
    };
    let told = plan(&bench.engine, view.draft, &state).await;
    assert_eq!((told.cells, told.made, told.jobs), (12, 1, 11), "{:?}", told.problems);
    assert_eq!(told.shown.iter().filter(|cell| cell.made.is_some()).count(), 1);
    assert_eq!(told.axes[0].values, ["0.25", "0.50", "0.75", "1.00"]);
    // One to test is the middle one, and no sheet.
    let test = BatchId(Uuid::now_v7());
    let one = bench.engine.compose_queue(view.draft, test, held_of(&state), true).await.unwrap();
    assert_eq!(one.jobs, 1);
    bench.engine.job_remove(jobs_of(&bench.engine, test).await).await.unwrap();
    let (batch, prompts) = queued(&bench.engine, view.draft, &state).await;
    assert_eq!(prompts.len(), 11);
    let combinations: BTreeSet<String> = prompts
        .iter()
        .map(|prompt| {
            format!("{} {}", prompt["3"]["inputs"]["denoise"], prompt["3"]["inputs"]["cfg"])
        })
        .collect();
    assert_eq!(combinations.len(), 11);
    for id in jobs_of(&bench.engine, batch).await {
        bench.ended(id, Outcome::Succeeded).await;
    }
    let sheet = bench.engine.sheet_get(batch).await.unwrap();
    assert_eq!(sheet.cells.len(), 12);
    assert!(sheet.cells.iter().all(|cell| cell.asset.is_some()), "{sheet:#?}");
    assert_eq!(sheet.cells.iter().filter(|cell| cell.reused).count(), 1);
    assert_eq!(sheet.cells[0].at, [0, 0]);
    let reused = sheet.cells.iter().find(|cell| cell.reused).unwrap();
    assert_eq!(reused.at, [2, 1]);
    // A value more: the new column only.
    let more = BatchId(Uuid::now_v7());
    let grown = bench.engine.sheet_extend(batch, 0, vec![vec!["0.1".into()]], more).await.unwrap();
    assert_eq!(grown.jobs, 3);
    for id in jobs_of(&bench.engine, more).await {
        bench.ended(id, Outcome::Succeeded).await;
    }
    let sheet = bench.engine.sheet_get(batch).await.unwrap();
    assert_eq!(sheet.cells.len(), 15);
    assert_eq!(sheet.axes[0].values.last().unwrap(), "0.1");
    assert!(sheet.cells.iter().all(|cell| cell.asset.is_some()));
    // The same submission again adds nothing and is answered as before; another one is refused.
    let again = bench.engine.sheet_extend(batch, 0, vec![vec!["0.1".into()]], more).await.unwrap();
    assert_eq!(again, grown);
    assert_eq!(bench.engine.sheet_get(batch).await.unwrap().cells.len(), 15);
    for value in ["0.1", "0.10"] {
        let other = BatchId(Uuid::now_v7());
        let twice = bench.engine.sheet_extend(batch, 0, vec![vec![value.into()]], other).await;
        assert!(twice.unwrap_err().message.contains("has the value"));
    }
    bench.engine.stop().await;
}

fn held_of(state: &ComposeState) -> ComposeState {
    ComposeState { when: When::Hold, ..state.clone() }
}

#[tokio::test]
async fn lists_of_prompts_chance_and_seeds_make_the_jobs_they_say() {
    let bench = bench().await;
    let view = opened(&bench, &classic(100, 1)).await;
    let seeds =
        vec![SeedSetting { node: "3".into(), input: "seed".into(), rule: SeedRule::Increment }];
    let lines = BatchLines {
        node: "6".into(),
        input: "text".into(),
        text: "a red boat\n\n  a {blue|green|grey} boat  \n".into(),
    };
    let state = ComposeState {
        many: Many::Batch { count: 2, lines: Some(lines.clone()), pictures: Vec::new() },
        seeds,
        chance: "7".into(),
        ..held()
    };
    assert_eq!(plan(&bench.engine, view.draft, &state).await.cells, 4);
    let (_, prompts) = queued(&bench.engine, view.draft, &state).await;
    let texts: Vec<&str> =
        prompts.iter().map(|prompt| prompt["6"]["inputs"]["text"].as_str().unwrap()).collect();
    let numbers: Vec<u64> =
        prompts.iter().map(|prompt| prompt["3"]["inputs"]["seed"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [100, 101, 102, 103]);
    assert_eq!(texts[..2], ["a red boat", "a red boat"]);
    assert!(
        texts[2..]
            .iter()
            .all(|text| { ["a blue boat", "a green boat", "a grey boat"].contains(text) })
    );
    // The same chance gives the same again.
    let (_, again) = queued(&bench.engine, view.draft, &state).await;
    assert_eq!(prompts, again);
    // Every wording.
    let every = ComposeState {
        many: Many::Batch { count: 1, lines: Some(lines), pictures: Vec::new() },
        wording: Wording::All,
        ..held()
    };
    let (_, all) = queued(&bench.engine, view.draft, &every).await;
    let texts: Vec<&str> =
        all.iter().map(|prompt| prompt["6"]["inputs"]["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["a red boat", "a blue boat", "a green boat", "a grey boat"]);
    // Wildcards from files; one that holds itself is told with its circle.
    let wildcards = bench.folder.path().join("data/wildcards");
    std::fs::create_dir_all(&wildcards).unwrap();
    std::fs::write(wildcards.join("colour.txt"), "# warm\nred\norange\n").unwrap();
    std::fs::write(wildcards.join("loop.txt"), "__loop__\n").unwrap();
    let of = |text: &str| ComposeState {
        values: vec![value("6", "text", json!(text).to_string())],
        chance: "1".into(),
        ..held()
    };
    let (_, one) = queued(&bench.engine, view.draft, &of("a __colour__ boat")).await;
    let text = one[0]["6"]["inputs"]["text"].as_str().unwrap();
    assert!(["a red boat", "a orange boat"].contains(&text), "{text}");
    let told = plan(&bench.engine, view.draft, &of("a __loop__ boat")).await;
    let problem = told.problems.iter().find(|problem| problem.blocks).unwrap();
    assert!(problem.text.contains("loop"), "{problem:?}");
    assert_eq!(problem.knob.as_ref().unwrap().node, "6");
    let refused = bench
        .engine
        .compose_queue(view.draft, BatchId(Uuid::now_v7()), of("a __loop__ boat"), false)
        .await;
    assert!(refused.is_err());
    // As written.
    let as_is = ComposeState { wording: Wording::AsWritten, ..of("a {red|blue} boat") };
    let (_, one) = queued(&bench.engine, view.draft, &as_is).await;
    assert_eq!(one[0]["6"]["inputs"]["text"], "a {red|blue} boat");
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_said_at_its_knob_and_axis_before_anything_is_queued() {
    let bench = bench().await;
    let view = opened(&bench, &classic(1, 2)).await;
    let wrong = ComposeState {
        values: vec![
            value("3", "steps", "0"),
            value("99", "text", "\"gone\""),
            value("3", "sampler_name", "\"nobody_has_this\""),
            value("3", "seed", "18446744073709551616"),
        ],
        ..ComposeState::default()
    };
    let told = plan(&bench.engine, view.draft, &wrong).await;
    let of = |node: &str, input: &str| {
        let key = Some(KnobKey { node: node.into(), input: input.into() });
        told.problems.iter().find(|problem| problem.knob == key).unwrap()
    };
    assert!(of("3", "steps").blocks && of("3", "seed").blocks);
    assert!(!of("99", "text").blocks && !of("3", "sampler_name").blocks);
    assert!(told.check.unwrap().blocked.is_some());
    let sweep = |axes| ComposeState { many: Many::Sweep { axes }, ..ComposeState::default() };
    for (axes, word) in [
        (vec![axis("3", "cfg", range(""))], ""),
        (vec![axis("3", "cfg", range("4..2 stop 1"))], ""),
        (
            vec![axis(
                "6",
                "text",
                AxisValues::Replace { find: "lighthouse".into(), with: vec!["pier".into()] },
            )],
            "lighthouse",
        ),
        (vec![axis("3", "cfg", range("1, 2")), axis("3", "cfg", range("3, 4"))], "cfg"),
        (
            vec![
                axis("3", "cfg", range("1..100000")),
                axis("3", "seed", range("1..100000")),
                axis("3", "steps", range("1..100000")),
            ],
            "",
        ),
    ] {
        let told = plan(&bench.engine, view.draft, &sweep(axes.clone())).await;
        let problem = told.problems.iter().find(|problem| problem.blocks);
        let problem = problem.unwrap_or_else(|| panic!("{axes:?}: {told:?}"));
        assert!(problem.text.contains(word), "{problem:?}");
        let refused =
            bench.engine.compose_queue(view.draft, BatchId(Uuid::now_v7()), sweep(axes), false);
        assert!(refused.await.is_err());
    }
    let many = sweep(vec![axis("3", "seed", range("1..600"))]);
    let told = plan(&bench.engine, view.draft, &many).await;
    assert!(told.asks && told.problems.is_empty(), "{:?}", told.problems);
    assert_eq!(told.jobs, 600);
    assert!(bench.engine.job_list(Which::Open, 0, 10).await.unwrap().is_empty());
    bench.engine.stop().await;
}

#[tokio::test]
async fn drafts_survive_presets_apply_and_values_come_from_elsewhere() {
    let bench = bench().await;
    let view = opened(&bench, &classic(1, 2)).await;
    assert!(bench.engine.start_get(None).await.unwrap().drafts.is_empty());
    let state = ComposeState {
        values: vec![value("6", "text", "\"half a thought\"")],
        ..ComposeState::default()
    };
    bench.engine.compose_save(view.draft, state.clone()).await.unwrap();
    let preset = PresetView { name: "Loud".into(), values: vec![value("3", "cfg", "12.5")] };
    bench.engine.preset_save(&view.structure, preset.clone()).await.unwrap();
    let choice = vec![
        KnobChoice {
            node: "3".into(),
            input: "cfg".into(),
            label: Some("Loudness".into()),
            hidden: false,
        },
        KnobChoice { node: "3".into(), input: "steps".into(), label: None, hidden: true },
    ];
    bench.engine.knobs_arrange(&view.structure, choice).await.unwrap();
    bench.engine.stop().await;
    // As after a kill: another engine on the same folder.
    let engine = start_engine(bench.folder.path()).await;
    let drafts = engine.start_get(None).await.unwrap().drafts;
    assert_eq!((drafts.len(), drafts[0].prompt.as_deref()), (1, Some("half a thought")));
    let again = engine.compose_open(ComposeSource::Draft { id: drafts[0].id }).await.unwrap();
    assert_eq!(again.state, state);
    assert_eq!(again.presets, [preset]);
    let sampling: Vec<_> =
        again.knobs.iter().filter(|knob| knob.node == "3" && knob.input != "seed").collect();
    assert_eq!(sampling[0].label, "Loudness");
    assert!(again.knobs.iter().find(|knob| knob.input == "steps").unwrap().hidden);
    // A preset is an axis.
    let axes = vec![Axis {
        knobs: Vec::new(),
        values: AxisValues::Presets { names: vec!["Loud".into()] },
    }];
    let swept = ComposeState { many: Many::Sweep { axes }, ..held() };
    let (_, prompts) = queued(&engine, view.draft, &swept).await;
    assert_eq!(prompts[0]["3"]["inputs"]["cfg"].to_string(), "12.5");
    // Values of settings as another program writes them, and of a prompt with other nodes.
    let text = "a lake\nNegative prompt: fog\nSteps: 31, Sampler: Euler, CFG scale: 4.5, Seed: 77, Size: 640x480";
    let (values, _) =
        engine.compose_values(view.draft, ValuesFrom::Text(text.into())).await.unwrap();
    assert!(values.contains(&value("6", "text", "\"a lake\"")));
    assert!(
        values.contains(&value("3", "seed", "77")) && values.contains(&value("3", "cfg", "4.5"))
    );
    assert!(values.contains(&value("5", "width", "640")));
    let other = classic(9, 4).replace("\"3\"", "\"30\"").replace("[\"3\",", "[\"30\",");
    let (values, _) = engine.compose_values(view.draft, ValuesFrom::Text(other)).await.unwrap();
    assert!(values.contains(&value("3", "seed", "9")), "{values:?}");
    let none = engine.compose_values(view.draft, ValuesFrom::Text("no workflow".into())).await;
    assert!(none.is_err());
    // Discarded and brought back.
    engine.draft_discard(view.draft).await.unwrap();
    assert!(engine.start_get(None).await.unwrap().drafts.is_empty());
    engine.draft_restore(view.draft).await.unwrap();
    assert_eq!(engine.start_get(None).await.unwrap().drafts.len(), 1);
    engine.stop().await;
}

#[tokio::test]
async fn a_picture_with_a_painted_mask_goes_in_and_is_uploaded_once() {
    let bench = bench().await;
    let dir = bench.folder.path();
    let prompt = r#"{"1":{"class_type":"LoadImage","inputs":{"image":"none.png"}},
"2":{"class_type":"InvertMask","inputs":{"mask":["1",1]}},
"3":{"class_type":"MaskToImage","inputs":{"mask":["2",0]}},
"4":{"class_type":"SaveImage","inputs":{"images":["3",0],"filename_prefix":"mask"}},
"5":{"class_type":"SaveImage","inputs":{"images":["1",0],"filename_prefix":"picture"}}}"#;
    let view = opened(&bench, prompt).await;
    assert_eq!(view.knobs[0].role, KnobRole::Picture);
    let path = dir.join("boat.png");
    png(&path, 40, 20, |_, _| [200, 30, 40, 255]);
    let taken = bench.engine.input_take(path).await.unwrap();
    assert_eq!((taken.width, taken.height), (Some(40), Some(20)));
    let fitted = bench.engine.input_fit(&taken.json, (16, 16), Fit::Crop).await.unwrap();
    assert_eq!((fitted.width, fitted.height), (Some(16), Some(16)));
    let mask = dir.join("mask.png");
    png(&mask, 16, 16, |x, _| if x < 4 { [255, 255, 255, 255] } else { [0, 0, 0, 255] });
    let masked =
        bench.engine.input_mask(&fitted.json, std::fs::read(&mask).unwrap()).await.unwrap();
    assert_ne!(masked.json, fitted.json);
    let other = bench.engine.input_mask(&taken.json, std::fs::read(&mask).unwrap()).await;
    assert!(other.unwrap_err().message.contains("16×16"));
    let state = ComposeState {
        values: vec![value("1", "image", masked.json.clone())],
        ..ComposeState::default()
    };
    let told = plan(&bench.engine, view.draft, &state).await;
    assert!(told.check.as_ref().unwrap().blocked.is_none(), "{told:?}");
    let (batch, _) = queued(&bench.engine, view.draft, &state).await;
    let id = jobs_of(&bench.engine, batch).await[0];
    let done = bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(done.assets.len(), 2);
    // What was painted is black in the inverted mask, and the picture kept its colours.
    let mut made: Vec<_> =
        done.assets.iter().map(|asset| pixels(&dir.join("library").join(&asset.path))).collect();
    made.sort_by_key(|pixels| pixels[10] != [255; 3]);
    assert_eq!((made[0][0], made[0][10]), ([0; 3], [255; 3]));
    assert!(made[1].iter().all(|pixel| pixel[0] > 180 && pixel[2] < 60));
    bench.engine.stop().await;
}

#[tokio::test]
async fn skipped_nodes_pass_through_and_exports_open_again() {
    let bench = bench().await;
    let view = opened(&bench, &support::plain(3)).await;
    let state = ComposeState { skipped: vec!["2".into()], ..ComposeState::default() };
    let told = plan(&bench.engine, view.draft, &state).await;
    assert!(told.problems.is_empty() && told.check.unwrap().blocked.is_none());
    let (batch, prompts) = queued(&bench.engine, view.draft, &state).await;
    assert_eq!(prompts[0]["3"]["inputs"]["images"], json!(["1", 0]));
    assert!(prompts[0].get("2").is_none());
    bench.ended(jobs_of(&bench.engine, batch).await[0], Outcome::Succeeded).await;
    let state = ComposeState { values: vec![value("1", "width", "96")], ..ComposeState::default() };
    for form in [ExportForm::Prompt, ExportForm::Editor] {
        let path = bench.folder.path().join("out.json");
        let kept = bench.engine.compose_export(view.draft, state.clone(), path.clone(), form);
        kept.await.unwrap();
        let report = bench.engine.intake_inspect(vec![path]).await.unwrap();
        let hash: WorkflowHash = report.items[0].workflow.clone().unwrap();
        assert_eq!(report.items[0].nodes, Some(3), "{form:?} {hash}");
    }
    bench.engine.stop().await;
}

#[tokio::test]
async fn choices_say_who_has_them_and_how_often_they_were_used() {
    let bench = bench().await;
    let view = opened(&bench, &classic(1, 1)).await;
    let id = bench.queue(&classic(1, 1)).await;
    bench.ended(id, Outcome::Succeeded).await;
    let ask =
        |words: &'static str| bench.engine.compose_choices(view.draft, "4", "ckpt_name", words, 10);
    let all = ask("").await.unwrap();
    assert_eq!(all.choices[0].json, "\"practice_marble.safetensors\"");
    assert_eq!((all.choices[0].used, all.choices[0].only.len()), (1, 0));
    assert!(all.total > 1);
    let one = ask("MARBLE").await.unwrap();
    assert_eq!(one.total, 1);
    assert_eq!(ask("nothing like it").await.unwrap().total, 0);
    // A value that no server has is kept, and marked.
    let other = opened(&bench, &classic(1, 1).replace("practice_marble", "mine_alone")).await;
    let own = bench.engine.compose_choices(other.draft, "4", "ckpt_name", "", 10).await.unwrap();
    let gone: Vec<_> = own.choices.iter().filter(|choice| choice.gone).collect();
    assert_eq!(gone[0].json, "\"mine_alone.safetensors\"");
    assert_eq!(
        bench.engine.job_get(id).await.unwrap().job.state,
        JobState::Ended(Outcome::Succeeded)
    );
    bench.engine.stop().await;
}

fn png(path: &std::path::Path, width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 4]) {
    let file = std::fs::File::create(path).unwrap();
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let bytes: Vec<u8> = all.flat_map(|(x, y)| colour(x, y)).collect();
    encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
}

fn pixels(path: &std::path::Path) -> Vec<[u8; 3]> {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let each = info.color_type.samples();
    bytes[..info.buffer_size()]
        .chunks(each)
        .map(|p| [p[0], p[each / 2], p[each.min(3) - 1]])
        .collect()
}
