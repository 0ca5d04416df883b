//! What is told before it is queued, and where the jobs go.

use super::*;
use domain::ServerId;
use engine::ServerInput;

fn batch() -> BatchId {
    BatchId(Uuid::now_v7())
}

fn random_seed() -> Vec<SeedSetting> {
    vec![SeedSetting { node: "3".into(), input: "seed".into(), rule: SeedRule::Random }]
}

#[tokio::test]
async fn the_jobs_are_listed_one_by_one_with_what_tells_them_apart() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let lines = BatchLines { node: "6".into(), input: "text".into(), text: "a\nb\nc".into() };
    let batch_of = |chance: &str| ComposeState {
        values: vec![value("3", "cfg", "4")],
        seeds: random_seed(),
        many: Many::Batch { count: 100, lines: Some(lines.clone()), pictures: Vec::new() },
        chance: chance.into(),
        ..held()
    };
    // What is drawn when it is queued is not known, and is not made up.
    let told = engine.compose_cells(view.draft, batch_of(""), 99, 2).await.unwrap();
    assert_eq!(told.total, 300);
    assert_eq!(told.open, [KnobKey { node: "3".into(), input: "seed".into() }]);
    let of = |cell: &engine::view::CellView| (cell.at.clone(), cell.values.clone());
    let cells: Vec<_> = told.cells.iter().map(of).collect();
    assert_eq!(
        cells,
        [
            (vec![99], vec![value("6", "text", "\"a\"")]),
            (vec![100], vec![value("6", "text", "\"b\"")])
        ]
    );
    // With a chance of one's own it is known, and is what is queued.
    let told = engine.compose_cells(view.draft, batch_of("7"), 298, 50).await.unwrap();
    assert_eq!((told.cells.len(), told.open.len()), (2, 0));
    let (_, prompts) = queued(engine, view.draft, &batch_of("7")).await;
    for (cell, prompt) in told.cells.iter().zip(&prompts[298..]) {
        let seed = cell.values.iter().find(|value| value.input == "seed").unwrap();
        assert_eq!(seed.json, prompt["3"]["inputs"]["seed"].to_string());
    }
    // No more than a page of them at once, and nothing beyond the last.
    let told = engine.compose_cells(view.draft, batch_of("7"), 0, u32::MAX).await.unwrap();
    assert_eq!(told.cells.len(), 200);
    assert!(told.cells.iter().all(|cell| cell.known && cell.made.is_none()), "they wait");
    let beyond = engine.compose_cells(view.draft, batch_of("7"), 300, 200).await.unwrap();
    assert!(beyond.cells.is_empty());
    bench.engine.stop().await;
}

#[tokio::test]
async fn every_wording_of_a_text_is_an_axis() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let wildcards = bench.folder.path().join("data/wildcards");
    std::fs::create_dir_all(&wildcards).unwrap();
    std::fs::write(wildcards.join("sky.txt"), "fog\nsun\n").unwrap();
    let state = |text: &str, wording| ComposeState {
        values: vec![value("6", "text", json!(text).to_string())],
        many: Many::Sweep {
            axes: vec![axis("6", "text", AxisValues::Wordings), axis("3", "cfg", range("4, 6"))],
        },
        wording,
        ..held()
    };
    let text = r"a {red|blue} boat in __sky__ \{a|b\}";
    let told = plan(engine, view.draft, &state(text, Wording::Sample)).await;
    assert!(told.problems.is_empty(), "{:?}", told.problems);
    assert_eq!((told.cells, told.axes[0].values.len()), (8, 4));
    for wording in [Wording::Sample, Wording::AsWritten] {
        let (_, prompts) = queued(engine, view.draft, &state(text, wording)).await;
        let texts: BTreeSet<&str> =
            prompts.iter().map(|prompt| prompt["6"]["inputs"]["text"].as_str().unwrap()).collect();
        // What is written plain stays plain, and is not drawn from again.
        assert_eq!(
            texts.into_iter().collect::<Vec<_>>(),
            [
                "a blue boat in fog {a|b}",
                "a blue boat in sun {a|b}",
                "a red boat in fog {a|b}",
                "a red boat in sun {a|b}"
            ]
        );
    }
    // Of a text without choices there is one; too many are refused with their number.
    let one = plan(engine, view.draft, &state("a boat", Wording::Sample)).await;
    assert_eq!((one.cells, one.axes[0].values.as_slice()), (2, &["a boat".to_owned()][..]));
    let many = "{a|b|c|d|e|f|g|h|i|j}".repeat(6);
    let told = plan(engine, view.draft, &state(&many, Wording::Sample)).await;
    let problem = told.problems.iter().find(|problem| problem.blocks).unwrap();
    assert!(problem.axis == Some(0) && problem.text.contains("1000000"), "{problem:?}");
    bench.engine.stop().await;
}

#[tokio::test]
async fn the_one_to_test_is_the_middle_cell() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let state = ComposeState {
        many: Many::Sweep {
            axes: vec![
                axis("3", "cfg", range("1, 2, 3, 4, 5")),
                axis("3", "steps", range("10, 20, 30")),
            ],
        },
        ..held()
    };
    let test = batch();
    assert_eq!(engine.compose_queue(view.draft, test, state, true).await.unwrap().jobs, 1);
    let [job] = jobs_of(engine, test).await[..] else { panic!("one job") };
    let prompt: Value = serde_json::from_str(&engine.job_workflow(job).await.unwrap()).unwrap();
    let inputs = &prompt["3"]["inputs"];
    assert_eq!((inputs["cfg"].to_string(), inputs["steps"].to_string()), ("3".into(), "20".into()));
    bench.engine.stop().await;
}

#[tokio::test]
async fn jobs_go_to_the_chosen_server_and_the_chosen_place() {
    let bench = bench().await;
    let engine = &bench.engine;
    engine.queue_pause(true, false).await.unwrap();
    let other = support::practice(bench.folder.path(), 0, Duration::ZERO).await;
    let second = ServerId(Uuid::now_v7());
    let input = ServerInput {
        id: second,
        name: "second".into(),
        address: other.url(),
        max_held: 2,
        outputs: None,
    };
    engine.server_add(input).await.unwrap();
    let view = opened(&bench, &classic(1, 1)).await;
    let queue = async |cfg: &str, when, server| {
        let state = ComposeState {
            values: vec![value("3", "cfg", cfg)],
            many: Many::Batch { count: 2, lines: None, pictures: Vec::new() },
            when,
            server,
            ..ComposeState::default()
        };
        let id = batch();
        engine.compose_queue(view.draft, id, state, false).await.unwrap();
        jobs_of(engine, id).await
    };
    let last = queue("1", When::Last, Some(second)).await;
    let held = queue("2", When::Hold, None).await;
    let next = queue("3", When::Next, None).await;
    let order: Vec<JobId> =
        engine.job_list(Which::Open, 0, 10).await.unwrap().iter().map(|job| job.id).collect();
    assert_eq!(order, [next.as_slice(), &last, &held].concat());
    let job = async |id: JobId| engine.job_get(id).await.unwrap().job;
    assert_eq!(job(last[0]).await.wants_server, Some(second));
    assert_eq!((job(held[0]).await.on_hold, job(next[0]).await.on_hold), (true, false));
    engine.queue_pause(false, false).await.unwrap();
    for id in last {
        assert_eq!(bench.ended(id, Outcome::Succeeded).await.job.server_id, Some(second));
    }
    engine.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn the_time_it_takes_is_told_once_the_server_ran_such_jobs() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 2)).await;
    let state = |count| ComposeState {
        seeds: random_seed(),
        many: Many::Batch { count, lines: None, pictures: Vec::new() },
        ..ComposeState::default()
    };
    let before = plan(engine, view.draft, &state(10)).await;
    assert_eq!((before.takes_ms, before.from_runs), (None, 0), "nothing is made up");
    for seed in 1..=3 {
        let job = bench.queue(&classic(seed, 2)).await;
        bench.ended(job, Outcome::Succeeded).await;
    }
    let ten = plan(engine, view.draft, &state(10)).await;
    let twenty = plan(engine, view.draft, &state(20)).await;
    assert_eq!(ten.from_runs, 3);
    let (ten, twenty) = (ten.takes_ms.unwrap(), twenty.takes_ms.unwrap());
    // Each is cut to whole milliseconds.
    assert!(ten > 0 && (twenty - 2 * ten).abs() <= 1, "{ten} {twenty}");
    engine.stop().await;
}

#[tokio::test]
async fn values_come_from_the_last_run_and_from_a_picture() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let none = engine.compose_values(view.draft, ValuesFrom::Last).await;
    assert!(none.unwrap_err().message.contains("not come to a good end"));
    let first = bench.queue(&classic(11, 1)).await;
    let first = bench.ended(first, Outcome::Succeeded).await;
    let second = bench.queue(&classic(12, 3)).await;
    bench.ended(second, Outcome::Succeeded).await;
    let has = |values: &[KnobValue], seed: &str, steps: &str| {
        values.contains(&value("3", "seed", seed)) && values.contains(&value("3", "steps", steps))
    };
    let (values, notes) = engine.compose_values(view.draft, ValuesFrom::Last).await.unwrap();
    assert!(has(&values, "12", "3") && notes.is_empty(), "{values:?} {notes:?}");
    let picture = ValuesFrom::Asset(first.assets[0].id);
    let (values, _) = engine.compose_values(view.draft, picture).await.unwrap();
    assert!(has(&values, "11", "1"), "{values:?}");
    let job = ValuesFrom::Job(first.job.id);
    let (values, _) = engine.compose_values(view.draft, job).await.unwrap();
    assert!(has(&values, "11", "1"), "{values:?}");
    engine.stop().await;
}

#[tokio::test]
async fn the_words_that_were_drawn_are_stored_shown_and_found() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let state = ComposeState {
        values: vec![value("6", "text", "\"a {zinnober|karmesin} boat\"")],
        wording: Wording::All,
        ..ComposeState::default()
    };
    let (id, prompts) = queued(engine, view.draft, &state).await;
    assert_eq!(prompts[0]["6"]["inputs"]["text"], "a zinnober boat");
    let jobs = jobs_of(engine, id).await;
    for job in &jobs {
        bench.ended(*job, Outcome::Succeeded).await;
    }
    let shown = engine.job_get(jobs[1]).await.unwrap().job.facts.prompt;
    assert_eq!(shown.as_deref(), Some("a karmesin boat"));
    let query = LibraryQuery { text: "karmesin".into(), ..LibraryQuery::default() };
    let answer = until("it is found", || async {
        let answer = engine.library_query(query.clone()).await.unwrap();
        (answer.whole && answer.shown > 0).then_some(answer)
    })
    .await;
    assert_eq!(answer.shown, 1, "the other one is another word");
    engine.stop().await;
}

#[tokio::test]
async fn what_lists_and_axes_set_is_no_chance_and_is_told() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let values = || {
        vec![
            value("6", "text", "\"a {red|blue} boat\""),
            value("3", "cfg", "6"),
            value("3", "seed", "5"),
        ]
    };
    let swept = |axes: Vec<Axis>, wording| ComposeState {
        values: values(),
        seeds: random_seed(),
        many: Many::Sweep { axes },
        wording,
        reuse: true,
        ..held()
    };
    let words = || axis("6", "text", AxisValues::Wordings);
    let seeds = || axis("3", "seed", listed([["5"], ["6"]]));
    let cfgs = || axis("3", "cfg", listed([["4"], ["6"]]));
    // Nothing is left to chance, so all is known: what was made is counted, and each cell says its text,
    // its seed and the value that is set at its knob, too.
    for wording in [Wording::Sample, Wording::All] {
        let state = swept(vec![words(), seeds(), cfgs()], wording);
        let told = plan(engine, view.draft, &state).await;
        assert_eq!((told.cells, &told.problems[..]), (8, &[][..]), "{wording:?}");
        let listed = engine.compose_cells(view.draft, state.clone(), 0, 200).await.unwrap();
        assert!(listed.open.is_empty(), "{:?}", listed.open);
        for cell in &listed.cells {
            let inputs: Vec<&str> = cell.values.iter().map(|value| value.input.as_str()).collect();
            assert_eq!(inputs.len(), 3, "{inputs:?}");
            assert!(cell.values.iter().all(|value| !value.json.contains('|')), "{cell:?}");
        }
        let before = told.made;
        let (_, prompts) = queued(engine, view.draft, &state).await;
        assert_eq!(prompts.len(), if before == 0 { 8 } else { 0 });
        assert_eq!(plan(engine, view.draft, &state).await.made, 8);
    }
    // The order of the axes says which changes first.
    let order =
        plan(engine, view.draft, &swept(vec![words(), cfgs()], Wording::Sample)).await.order;
    assert_eq!(order.len(), 2);
    // Plain lines over a text of choices are told as they are; lines of choices over a plain text are
    // not known before they are drawn, and their plain neighbours are.
    let lines =
        |text: &str| BatchLines { node: "6".into(), input: "text".into(), text: text.into() };
    let batch_of = |value_of: &str, text: &str| ComposeState {
        values: vec![value("6", "text", json!(value_of).to_string())],
        many: Many::Batch { count: 1, lines: Some(lines(text)), pictures: Vec::new() },
        ..held()
    };
    let texts = async |state: ComposeState| {
        let told = engine.compose_cells(view.draft, state, 0, 200).await.unwrap();
        let cells = told.cells.into_iter().map(|cell| cell.values);
        let texts = cells.map(|values| values.into_iter().map(|value| value.json).next());
        (texts.collect::<Vec<_>>(), told.open.len())
    };
    let told = texts(batch_of("a {red|blue} boat", "a lake\na hill")).await;
    assert_eq!(told, (vec![Some("\"a lake\"".into()), Some("\"a hill\"".into())], 0));
    let told = texts(batch_of("a boat", "a lake\na {green|grey} hill")).await;
    assert_eq!(told, (vec![Some("\"a lake\"".into()), None], 1));
    // A line that says what is set already is still told.
    let told = texts(batch_of("a lake", "a lake\na hill")).await;
    assert_eq!(told.0, [Some("\"a lake\"".into()), Some("\"a hill\"".into())]);
    bench.engine.stop().await;
}
