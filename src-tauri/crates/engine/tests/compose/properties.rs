//! Any value, any sweep.

use super::*;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// How many cases run: each writes to a database.
const CASES: u32 = 24;

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() })
}

/// Runs cases one after the other on one bench with one draft of the classic graph.
fn on_one_draft<T: std::fmt::Debug>(
    cases: &impl Strategy<Value = T>,
    test: impl AsyncFn(&Bench, &ComposeView, T),
) {
    let runtime = Runtime::new().unwrap();
    let (bench, view) = runtime.block_on(async {
        let bench = bench().await;
        bench.engine.queue_pause(true, false).await.unwrap();
        let view = opened(&bench, &classic(1, 1)).await;
        (Arc::new(bench), view)
    });
    let done = runner().run(cases, |case| {
        runtime.block_on(test(&bench, &view, case));
        Ok(())
    });
    runtime.block_on(bench.engine.stop());
    done.unwrap();
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z{}|$_ \\\\\"\n]{0,30}"]
        .prop_map(|text| json!(text).to_string())
}

fn float() -> impl Strategy<Value = String> {
    ("[0-9]|[1-9][0-9]", "[0-9]{1,20}").prop_map(|(whole, part)| format!("{whole}.{part}"))
}

#[test]
fn every_value_comes_back_from_page_and_store_to_the_letter() {
    let values = (text(), any::<u64>(), float(), text());
    on_one_draft(&values, async |bench, view, (prompt, seed, cfg, prefix)| {
        let state = ComposeState {
            values: vec![
                value("6", "text", prompt),
                value("3", "seed", seed.to_string()),
                value("3", "cfg", cfg),
                value("9", "filename_prefix", prefix),
            ],
            wording: Wording::AsWritten,
            ..held()
        };
        // As the page sends it, and gets it.
        let sent: ComposeState =
            serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
        assert_eq!(sent, state);
        bench.engine.compose_save(view.draft, sent).await.unwrap();
        let source = ComposeSource::Draft { id: view.draft };
        assert_eq!(bench.engine.compose_open(source).await.unwrap().state, state);
        let (batch, _) = queued(&bench.engine, view.draft, &state).await;
        let job = jobs_of(&bench.engine, batch).await[0];
        let stored = bench.engine.job_workflow(job).await.unwrap();
        let [prompt, seed, cfg, prefix] = [0, 1, 2, 3].map(|at| state.values[at].json.as_str());
        let wanted = classic(1, 1)
            .replace("\"seed\":1,", &format!("\"seed\":{seed},"))
            .replace("\"cfg\":7.5,", &format!("\"cfg\":{cfg},"))
            .replace("\"classic\"", prefix)
            .replace("\"a quiet harbour\"", prompt);
        assert_eq!(stored, wanted);
        // Opened from its job, the same values are set again.
        let again = bench.engine.compose_open(ComposeSource::Job { id: job }).await.unwrap();
        let own = [
            value("6", "text", "\"a quiet harbour\""),
            value("3", "seed", "1"),
            value("3", "cfg", "7.5"),
            value("9", "filename_prefix", "\"classic\""),
        ];
        for set in &state.values {
            assert!(again.state.values.contains(set) || own.contains(set), "{set:?}");
        }
        bench.engine.job_remove(vec![job]).await.unwrap();
    });
}

/// Any JSON as people write it. Two values of which the first is a text would be a link.
fn json_text() -> impl Strategy<Value = String> {
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,2})?";
    let leaf = prop_oneof![text(), number, Just("true".to_owned()), Just("false".to_owned())];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4)
            .prop_filter("a link", |list| !(list.len() == 2 && list[0].starts_with('"')))
            .prop_map(|list| format!("[{}]", list.join(" , ")));
        let object = prop::collection::btree_map("[a-z_ ]{0,6}", inner, 0..4).prop_map(|fields| {
            let fields = fields.iter().map(|(name, value)| format!("\"{name}\": {value}"));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        });
        prop_oneof![list, object]
    })
}

#[test]
fn values_of_any_form_come_back_to_the_letter() {
    on_one_draft(&json_text(), async |bench, _, json| {
        // A node that no server has: nobody says what its inputs take.
        let odd = |any: &str| {
            classic(1, 1).replace("\"images\":[\"8\",0]", "\"images\":[\"10\",0]").replacen(
                "{\"4\"",
                &format!(
                    "{{\"10\":{{\"class_type\":\"Odd\",\"inputs\":{{\"any\":{any},\"image\":[\"8\",0]}}}},\"4\""
                ),
                1,
            )
        };
        let view = opened(bench, &odd("{}")).await;
        let state = ComposeState { values: vec![value("10", "any", json.clone())], ..held() };
        let sent: ComposeState =
            serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
        bench.engine.compose_save(view.draft, sent).await.unwrap();
        let source = ComposeSource::Draft { id: view.draft };
        assert_eq!(bench.engine.compose_open(source).await.unwrap().state, state);
        let (batch, _) = queued(&bench.engine, view.draft, &state).await;
        let job = jobs_of(&bench.engine, batch).await[0];
        assert_eq!(bench.engine.job_workflow(job).await.unwrap(), odd(&json));
        bench.engine.job_remove(vec![job]).await.unwrap();
    });
}

#[test]
fn the_cells_of_a_sweep_are_exactly_its_product() {
    let axes = [("3", "seed"), ("3", "steps"), ("5", "width")];
    // From 2: the width of an empty latent is 16 or more.
    let numbers = || prop::collection::btree_set(2..200_u32, 1..5);
    let cases = (prop::collection::vec(numbers(), 1..=3), numbers(), 0..3_usize);
    on_one_draft(&cases, async |bench, view, (values, more, grows)| {
        let list = |numbers: &BTreeSet<u32>| {
            let step = |number: &u32| vec![(number * 8).to_string()];
            AxisValues::List { steps: numbers.iter().map(step).collect() }
        };
        let state = ComposeState {
            many: Many::Sweep {
                axes: values.iter().zip(axes).map(|(of, at)| axis(at.0, at.1, list(of))).collect(),
            },
            ..held()
        };
        let told = plan(&bench.engine, view.draft, &state).await;
        let (sweep, mut prompts) = queued(&bench.engine, view.draft, &state).await;
        assert_eq!(usize::try_from(told.cells).unwrap(), prompts.len());
        // Larger by what is not there yet, on one of its axes.
        let grows = grows % values.len();
        let mut values = values;
        let new: Vec<u32> = more.difference(&values[grows]).copied().collect();
        let mut jobs = jobs_of(&bench.engine, sweep).await;
        if !new.is_empty() {
            let values: Vec<String> = new.iter().map(|number| (number * 8).to_string()).collect();
            let (at, batch) = (u32::try_from(grows).unwrap(), BatchId(Uuid::now_v7()));
            bench
                .engine
                .sheet_extend(sweep, at, listed(values.iter().map(|value| [value.as_str()])), batch)
                .await
                .unwrap();
            for job in jobs_of(&bench.engine, batch).await {
                let text = bench.engine.job_workflow(job).await.unwrap();
                prompts.push(serde_json::from_str(&text).unwrap());
                jobs.push(job);
            }
        }
        values[grows].extend(new);
        let mut wanted: Vec<Vec<u64>> = vec![Vec::new()];
        for of in &values {
            let with = |before: &Vec<u64>| {
                let before = before.clone();
                of.iter().map(move |n| [before.as_slice(), &[u64::from(n * 8)]].concat())
            };
            wanted = wanted.iter().flat_map(with).collect();
        }
        let of_prompt = |prompt: &Value| -> Vec<u64> {
            let at = axes.iter().take(values.len());
            at.map(|at| prompt[at.0]["inputs"][at.1].as_u64().unwrap()).collect()
        };
        let mut found: Vec<Vec<u64>> = prompts.iter().map(of_prompt).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted);
        // Each has its place on the sheet, and its job.
        let sheet = bench.engine.sheet_get(sweep).await.unwrap();
        let places: BTreeSet<&Vec<u32>> = sheet.cells.iter().map(|cell| &cell.at).collect();
        assert_eq!((sheet.cells.len(), places.len()), (wanted.len(), wanted.len()));
        assert!(sheet.cells.iter().all(|cell| cell.job.is_some()));
        bench.engine.job_remove(jobs).await.unwrap();
    });
}
