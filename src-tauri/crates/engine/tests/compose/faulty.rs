//! What cannot be.

use super::*;

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
async fn what_a_list_or_an_axis_cannot_reach_is_said_before_anything_is_queued() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 2)).await;
    let list = |node: &str, input: &str| Many::Batch {
        count: 1,
        lines: Some(BatchLines { node: node.into(), input: input.into(), text: "a\nb".into() }),
        pictures: Vec::new(),
    };
    let pictures = |json: &str| Many::Batch {
        count: 1,
        lines: None,
        pictures: vec![value("99", "image", json)],
    };
    let sweep = |axis| Many::Sweep { axes: vec![axis] };
    let words = |texts: &[&str]| AxisValues::List {
        steps: texts.iter().map(|text| vec![(*text).to_owned()]).collect(),
    };
    let many: Vec<String> = (0..150).map(|n| format!("\"model {n}\"")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let large = format!("\"{}\"", "a".repeat(30_000));
    for (state, word) in [
        (ComposeState { many: list("99", "text"), ..held() }, "node 99"),
        (ComposeState { many: list("6", "clip"), ..held() }, "no clip at node 6"),
        (ComposeState { many: list("3", "steps"), ..held() }, "no text"),
        (ComposeState { many: list("6", "text"), skipped: vec!["3".into()], ..held() }, ""),
        (ComposeState { many: pictures("\"a.png\""), ..held() }, "node 99"),
        (ComposeState { many: pictures("["), ..held() }, "node 99"),
        (ComposeState { many: sweep(axis("3", "steps", words(&["NaN"]))), ..held() }, "JSON"),
        (ComposeState { many: sweep(axis("3", "cfg", range("nan"))), ..held() }, "not a number"),
        (
            ComposeState { many: sweep(axis("3", "cfg", words(&["[\"4\",0]"]))), ..held() },
            "link to node 4",
        ),
        (
            ComposeState { values: vec![value("3", "sampler_name", "[\"4\",0]")], ..held() },
            "link to node 4",
        ),
        (ComposeState { chance: "a dozen".into(), ..held() }, "whole number"),
        // What is only worth knowing of 150 values does not hide what blocks.
        (
            ComposeState {
                many: Many::Sweep {
                    axes: vec![
                        axis("4", "ckpt_name", words(&many)),
                        axis("3", "seed", range("1..700")),
                    ],
                },
                ..held()
            },
            "105,000 cells",
        ),
        (
            ComposeState {
                many: Many::Sweep {
                    axes: vec![
                        axis("4", "ckpt_name", words(&many)),
                        axis("3", "steps", words(&["0"])),
                    ],
                },
                ..held()
            },
            "1 or more",
        ),
        (
            ComposeState {
                values: vec![value("6", "text", &large)],
                many: sweep(axis("3", "seed", range("1..50000"))),
                ..held()
            },
            "1 GB",
        ),
    ] {
        let told = engine.compose_plan(view.draft, state.clone()).await;
        // A workflow of which nothing is left is refused as a whole.
        if let Ok(told) = told {
            let problem = told.problems.iter().find(|problem| problem.blocks);
            let problem = problem.unwrap_or_else(|| panic!("{word}: {told:?}"));
            assert!(problem.text.contains(word), "{word}: {problem:?}");
        }
        let refused = engine.compose_queue(view.draft, BatchId(Uuid::now_v7()), state, false);
        let message = refused.await.unwrap_err().message;
        assert!(message.contains(word) && message.ends_with('.'), "{word}: {message}");
    }
    let huge = ComposeState {
        values: vec![value("6", "text", format!("\"{}\"", "a".repeat(17 << 20)))],
        ..held()
    };
    assert!(engine.compose_save(view.draft, huge.clone()).await.is_err());
    assert!(engine.compose_plan(view.draft, huge.clone()).await.is_err());
    let queued = engine.compose_queue(view.draft, BatchId(Uuid::now_v7()), huge, false).await;
    assert!(queued.unwrap_err().message.contains("16 MB"));
    assert!(engine.job_list(Which::Open, 0, 10).await.unwrap().is_empty());
    bench.engine.stop().await;
}

#[tokio::test]
async fn wildcard_files_are_listed_with_what_is_wrong_and_it_is_said_at_the_knob() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 2)).await;
    assert!(engine.wildcards_get().await.unwrap().files.is_empty(), "no folder yet");
    let folder = engine.wildcards_folder().await.unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("colour.txt", b"# warm\nred\n{dark|light} blue\n");
    write("sub/season.txt", b"spring in __colour__\n");
    write("ring.txt", b"a\n__ring2__\n");
    write("ring2.txt", b"__ring__\n");
    write("latin.txt", b"red\ngr\xfcn\n");
    write("broken.txt", b"{a|b\n");
    write("empty.txt", b"# nothing\n");
    write("two words.txt", b"a\n");
    write("notes.md", b"no wildcard");
    let found = engine.wildcards_get().await.unwrap();
    assert_eq!(found.folder, folder.display().to_string());
    let told: Vec<_> = found
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.lines, file.fault.as_deref()))
        .collect();
    let fault = |name: &str| {
        let found = told.iter().find(|(other, ..)| *other == name);
        found.unwrap_or_else(|| panic!("{name}: {told:?}")).2
    };
    assert_eq!((fault("colour"), fault("sub/season")), (None, None));
    assert_eq!(told.iter().find(|file| file.0 == "colour").unwrap().1, 2);
    let bad = [
        ("ring", "include themselves"),
        ("ring2", "include themselves"),
        ("latin", "Line 2 is not UTF-8"),
        ("broken", "line 1"),
        ("empty", "no lines"),
    ];
    for (name, word) in bad {
        let why = fault(name).unwrap_or_else(|| panic!("{name} is fine"));
        assert!(why.contains(word), "{name}: {why}");
        // In a text it is said at the knob, and nothing is queued.
        let text = json!(format!("a __{name}__ boat")).to_string();
        let state = ComposeState { values: vec![value("6", "text", text)], ..held() };
        let told = plan(engine, view.draft, &state).await;
        let problem = told.problems.iter().find(|problem| problem.blocks).unwrap();
        assert_eq!(problem.knob.as_ref().unwrap().input, "text");
        assert!(problem.text.contains(word), "{name}: {problem:?}");
        let batch = BatchId(Uuid::now_v7());
        assert!(engine.compose_queue(view.draft, batch, state, false).await.is_err());
    }
    assert_eq!(told.len(), 8);
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_changed_since_it_was_set_is_said_at_its_place_and_kept() {
    let bench = bench().await;
    let engine = &bench.engine;
    let workflow = json!({
        "1": {"class_type": "LoadImage", "inputs": {"image": "none.png"}},
        "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
        "3": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["2", 0]}},
    });
    let view = opened(&bench, &workflow.to_string()).await;
    // A picture that went in and was deleted meanwhile.
    let path = bench.folder.path().join("boat.png");
    inputs::png(&path, 8, 8, |_, _| [0, 0, 0, 255]);
    let picture = engine.input_take(path).await.unwrap();
    let state = |values: Vec<KnobValue>, many| ComposeState { values, many, ..held() };
    let set = vec![value("1", "image", picture.json.clone())];
    let said = |told: &PlanView, node: &str| -> Option<String> {
        let at = told.problems.iter().find(|it| it.knob.as_ref().is_some_and(|k| k.node == node));
        at.map(|problem| problem.text.clone())
    };
    let told = plan(engine, view.draft, &state(set.clone(), Many::Single)).await;
    assert_eq!(said(&told, "1"), None);
    let name = picture.media.strip_prefix("input/").unwrap();
    std::fs::remove_file(bench.folder.path().join("data/inputs").join(name)).unwrap();
    let told = plan(engine, view.draft, &state(set.clone(), Many::Single)).await;
    assert!(said(&told, "1").is_some_and(|why| why.contains("not here any more")), "{told:?}");
    let many = Many::Batch { count: 1, lines: None, pictures: set.clone() };
    assert!(said(&plan(engine, view.draft, &state(Vec::new(), many)).await, "1").is_some());
    // A preset of another version of the workflow, as values and as a step of an axis; a node that is
    // gone.
    let values = vec![value("77", "amount", "3"), value("3", "filename_prefix", "\"y\"")];
    let preset = PresetView { name: "Old".into(), values: values.clone(), of: None };
    engine.preset_save(&view.structure, preset).await.unwrap();
    let told = plan(engine, view.draft, &state(values.clone(), Many::Single)).await;
    assert!(said(&told, "77").is_some_and(|why| why.contains("any more")), "{told:?}");
    assert!(told.problems.iter().all(|problem| !problem.blocks), "{told:?}");
    let presets = AxisValues::Presets { names: vec!["Old".into(), "Older".into()] };
    let axis = Axis { knobs: Vec::new(), values: presets };
    let told = plan(engine, view.draft, &state(Vec::new(), Many::Sweep { axes: vec![axis] })).await;
    assert!(told.problems.iter().any(|it| it.axis == Some(0) && it.blocks), "{told:?}");
    // All of it is kept.
    engine.compose_save(view.draft, state(values.clone(), Many::Single)).await.unwrap();
    let again = engine.compose_open(ComposeSource::Draft { id: view.draft }).await.unwrap();
    assert_eq!(again.state.values, values);
    assert_eq!(again.presets[0].values, values);
    bench.engine.stop().await;
}
