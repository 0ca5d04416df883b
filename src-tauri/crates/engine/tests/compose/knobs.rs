//! Knobs, drafts, presets, exports.

use super::*;

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
async fn drafts_survive_presets_apply_and_values_come_from_elsewhere() {
    let bench = bench().await;
    let view = opened(&bench, &classic(1, 2)).await;
    assert!(bench.engine.start_get(None).await.unwrap().drafts.is_empty());
    let state = ComposeState {
        values: vec![value("6", "text", "\"half a thought\"")],
        ..ComposeState::default()
    };
    bench.engine.compose_save(view.draft, state.clone()).await.unwrap();
    let preset =
        PresetView { name: "Loud".into(), values: vec![value("3", "cfg", "12.5")], of: None };
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

#[tokio::test]
async fn what_is_set_at_a_skipped_node_waits_for_it() {
    let bench = bench().await;
    let engine = &bench.engine;
    let two = r#"{"1":{"class_type":"EmptyImage","inputs":{"width":64,"height":48,"batch_size":1,"color":3}},
"2":{"class_type":"ImageScale","inputs":{"image":["1",0],"upscale_method":"bilinear","width":32,"height":32,"crop":"disabled"}},
"3":{"class_type":"SaveImage","inputs":{"images":["2",0],"filename_prefix":"bench"}}}"#;
    let view = opened(&bench, two).await;
    let skips = ComposeState {
        values: vec![value("2", "width", "48"), value("1", "width", "80")],
        skipped: vec!["2".into()],
        ..held()
    };
    let told = plan(engine, view.draft, &skips).await;
    assert!(told.problems.is_empty(), "{:?}", told.problems);
    let (_, prompts) = queued(engine, view.draft, &skips).await;
    assert_eq!(prompts[0]["1"]["inputs"]["width"], 80);
    assert!(prompts[0].get("2").is_none());
    let draft = engine.compose_open(ComposeSource::Draft { id: view.draft }).await.unwrap();
    assert_eq!(draft.state.values, skips.values);
    // An axis at it is told; a preset sets what it can.
    let swept = |axes| ComposeState { many: Many::Sweep { axes }, ..skips.clone() };
    let told = plan(engine, view.draft, &swept(vec![axis("2", "height", range("1, 2"))])).await;
    assert!(told.problems.iter().any(|problem| problem.blocks && problem.text.contains("skipped")));
    for (name, width) in [("Small", "16"), ("Large", "128")] {
        let values = vec![value("1", "width", width), value("2", "height", width)];
        let preset = PresetView { name: name.into(), values, of: None };
        engine.preset_save(&view.structure, preset).await.unwrap();
    }
    let names = vec!["Small".into(), "Large".into()];
    let presets = Axis { knobs: Vec::new(), values: AxisValues::Presets { names } };
    let (_, prompts) = queued(engine, view.draft, &swept(vec![presets])).await;
    let widths: BTreeSet<u64> =
        prompts.iter().filter_map(|prompt| prompt["1"]["inputs"]["width"].as_u64()).collect();
    assert_eq!(widths, [16, 128].into());
    // Skipping what is not there is the same workflow, to the letter.
    let none = ComposeState { skipped: vec!["77".into()], ..held() };
    let (batch, _) = queued(engine, view.draft, &none).await;
    let job = jobs_of(engine, batch).await[0];
    assert_eq!(engine.job_workflow(job).await.unwrap(), two);
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_workflow_kept_as_values_of_another_is_whole_once_others_are_made_of_it() {
    let bench = bench().await;
    let engine = &bench.engine;
    let skipping = |color: &str| ComposeState {
        values: vec![value("1", "color", color)],
        skipped: vec!["2".into()],
        ..held()
    };
    // What is left of the second without its node is first kept as values of what is left of the first.
    let first = opened(&bench, &support::plain(1)).await;
    queued(engine, first.draft, &skipping("2")).await;
    let second = opened(&bench, &support::plain(2)).await;
    let (_, prompts) = queued(engine, second.draft, &skipping("3")).await;
    assert_eq!(prompts[0]["1"]["inputs"]["color"], 3);
    let open = engine.job_list(Which::Open, 0, 10).await.unwrap();
    for (job, color) in open.iter().zip(["2", "3"]) {
        let prompt: Value =
            serde_json::from_str(&engine.job_workflow(job.id).await.unwrap()).unwrap();
        assert_eq!(prompt["1"]["inputs"]["color"].to_string(), color);
    }
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_draft_that_was_queued_stays_off_the_list_though_it_is_kept_late() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let typed = |text: &str| ComposeState {
        values: vec![value("6", "text", json!(text).to_string())],
        ..held()
    };
    engine.compose_save(view.draft, typed("a boa")).await.unwrap();
    queued(engine, view.draft, &typed("a boat")).await;
    engine.compose_save(view.draft, typed("a boat")).await.unwrap();
    assert!(engine.start_get(None).await.unwrap().drafts.is_empty());
    engine.compose_save(view.draft, typed("a boat at sea")).await.unwrap();
    assert_eq!(engine.start_get(None).await.unwrap().drafts.len(), 1);
    bench.engine.stop().await;
}

#[tokio::test]
async fn values_from_elsewhere_are_all_of_them_also_the_workflows_own() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let other = classic(1, 1).replace("a quiet harbour", "a loud harbour");
    let (values, notes) = engine.compose_values(view.draft, ValuesFrom::Text(other)).await.unwrap();
    assert!(notes.is_empty());
    assert!(values.contains(&value("6", "text", "\"a loud harbour\"")));
    // The seed that is set now is not that of the other.
    assert!(values.contains(&value("3", "seed", "1")), "{values:?}");
    assert!(!values.iter().any(|value| value.input == "model"), "links are not set");
    let long = PresetView {
        name: "Long".into(),
        values: vec![value("6", "text", " ".repeat(5 << 20))],
        of: None,
    };
    assert!(engine.preset_save(&view.structure, long).await.is_err());
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_was_kept_and_cannot_be_read_is_told_and_kept_aside() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 2)).await;
    assert!(view.notes.is_empty(), "{:?}", view.notes);
    let typed = r#"{"values":[{"node":"6","input":"text","json":"\"an hour of typing\""}],"many":{"kind":"a newer one"}}"#;
    let database = bench.folder.path().join("data/safelight.db");
    engine.stop().await;
    let store = store::Store::open(&database).await.unwrap();
    store.set_draft(view.draft, typed, 1).await.unwrap();
    store.put_preset(&view.structure, "Old", "[7]").await.unwrap();
    store.put_arrangement(&view.structure, "{").await.unwrap();
    store.close().await;
    let engine = &start_engine(bench.folder.path()).await;
    for _ in 0..2 {
        let source = ComposeSource::Draft { id: view.draft };
        let again = engine.compose_open(source).await.unwrap();
        assert_eq!(again.state, ComposeState::default());
        assert!(again.presets.is_empty());
        let [draft, preset, names] = again.notes.as_slice() else { panic!("{:?}", again.notes) };
        assert!(preset.contains("“Old”") && names.contains("names"), "{:?}", again.notes);
        let aside = bench.folder.path().join("data/unreadable");
        let kept: Vec<_> =
            std::fs::read_dir(&aside).unwrap().map(|it| it.unwrap().path()).collect();
        assert_eq!(kept.len(), 2, "once each");
        let named = kept.iter().find(|path| draft.contains(&path.display().to_string())).unwrap();
        assert_eq!(std::fs::read_to_string(named).unwrap(), typed);
    }
    // The new beginning is kept like any other.
    engine.compose_save(view.draft, held()).await.unwrap();
    let again = engine.compose_open(ComposeSource::Draft { id: view.draft }).await.unwrap();
    assert_eq!(again.state, held());
    engine.stop().await;
}
