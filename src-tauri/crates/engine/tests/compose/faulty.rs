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
