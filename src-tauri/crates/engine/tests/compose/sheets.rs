//! Sweeps and their sheets.

use super::*;

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
    let grown = bench.engine.sheet_extend(batch, 0, listed([["0.1"]]), more).await.unwrap();
    assert_eq!(grown.jobs, 3);
    for id in jobs_of(&bench.engine, more).await {
        bench.ended(id, Outcome::Succeeded).await;
    }
    let sheet = bench.engine.sheet_get(batch).await.unwrap();
    assert_eq!(sheet.cells.len(), 15);
    assert_eq!(sheet.axes[0].values.last().unwrap(), "0.1");
    assert!(sheet.cells.iter().all(|cell| cell.asset.is_some()));
    let other = BatchId(Uuid::now_v7());
    let twice = bench.engine.sheet_extend(batch, 0, listed([["0.1"]]), other).await;
    assert!(twice.unwrap_err().message.contains("0.1"));
    bench.engine.stop().await;
}

/// A sweep of a held classic graph: denoise beside CFG.
fn two_by_two() -> ComposeState {
    ComposeState {
        many: Many::Sweep {
            axes: vec![axis("3", "denoise", range("0.5, 1")), axis("3", "cfg", range("4, 6"))],
        },
        reuse: true,
        ..held()
    }
}

fn batch() -> BatchId {
    BatchId(Uuid::now_v7())
}

#[tokio::test]
async fn a_cell_shows_its_newest_attempt_whichever_batch_it_is_of() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let (sweep, _) = queued(engine, view.draft, &two_by_two()).await;
    let job = async |at: [u32; 2]| {
        let sheet = engine.sheet_get(sweep).await.unwrap();
        sheet.cells.into_iter().find(|cell| cell.at == at).unwrap().job
    };
    // Of the sweep itself: cancelled, and tried again.
    let first = job([0, 0]).await.unwrap();
    engine.job_cancel(vec![first]).await.unwrap();
    assert_eq!(job([0, 0]).await, Some(first));
    engine.job_retry(vec![first]).await.unwrap();
    let second = job([0, 0]).await.unwrap();
    assert_ne!(second, first);
    bench.ended(second, Outcome::Succeeded).await;
    assert_eq!(job([0, 0]).await, Some(second));
    // Of what it was made larger by.
    let grown = batch();
    engine.sheet_extend(sweep, 1, listed([["8"]]), grown).await.unwrap();
    let new = job([1, 2]).await.unwrap();
    engine.job_cancel(vec![new]).await.unwrap();
    assert_eq!(job([1, 2]).await, Some(new));
    // Of another sweep that waited for the same.
    let (other, _) = queued(engine, view.draft, &two_by_two()).await;
    let waits = job([1, 1]).await.unwrap();
    engine.job_cancel(vec![waits]).await.unwrap();
    let sheet = engine.sheet_get(other).await.unwrap();
    assert!(sheet.cells.iter().all(|cell| cell.job.is_some()), "{sheet:#?}");
    // What came to a bad end is not used again, and what was taken off the lists is.
    engine.job_remove(vec![second]).await.unwrap();
    let told = plan(engine, view.draft, &two_by_two()).await;
    assert_eq!((told.made, told.jobs), (3, 1), "{told:?}");
    assert!(job([0, 0]).await == Some(second));
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_submission_that_comes_twice_is_answered_as_the_first_time() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let (one, cells) = (batch(), two_by_two());
    let first = engine.compose_queue(view.draft, one, cells.clone(), false).await.unwrap();
    let again = engine.compose_queue(view.draft, one, cells.clone(), false).await.unwrap();
    assert_eq!((first.jobs, &again), (4, &first));
    let more = batch();
    let grown = || engine.sheet_extend(one, 0, listed([["0.1"]]), more);
    let (first, again) = (grown().await.unwrap(), grown().await.unwrap());
    assert_eq!((first.jobs, &again), (2, &first));
    assert_eq!(jobs_of(engine, more).await.len(), 2);
    // Two at once: both values stay, each with its cells, and the corner where they meet.
    let (a, b) = tokio::join!(
        engine.sheet_extend(one, 0, listed([["0.2"]]), batch()),
        engine.sheet_extend(one, 1, listed([["8"]]), batch()),
    );
    assert_eq!(a.unwrap().jobs + b.unwrap().jobs, 12 - 6);
    let sheet = engine.sheet_get(one).await.unwrap();
    assert_eq!(sheet.axes.iter().map(|axis| axis.values.len()).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(sheet.cells.len(), 12);
    assert!(sheet.cells.iter().all(|cell| cell.job.is_some()), "{sheet:#?}");
    // The same number with more digits is there already; what does not fit is not taken.
    for (value, word) in [("0.50", "0.5"), ("\"a\"", "number"), ("2", "1"), ("[", "JSON")] {
        let refused = engine.sheet_extend(one, 0, listed([[value]]), batch()).await;
        let message = refused.unwrap_err().message;
        assert!(message.contains(word), "{value}: {message}");
    }
    assert_eq!(engine.sheet_get(one).await.unwrap().cells.len(), 12);
    bench.engine.stop().await;
}

#[tokio::test]
async fn words_by_chance_are_drawn_alike_in_what_is_added() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let texts = ["\"a {red|blue|green|grey} boat\"", "\"a lake\""];
    let steps = texts.iter().map(|text| vec![(*text).to_owned()]).collect();
    let state = ComposeState {
        many: Many::Sweep {
            axes: vec![
                axis("6", "text", AxisValues::List { steps }),
                axis("3", "cfg", range("4, 6")),
            ],
        },
        chance: "5".into(),
        ..held()
    };
    let (sweep, prompts) = queued(engine, view.draft, &state).await;
    let text = |prompt: &Value| prompt["6"]["inputs"]["text"].as_str().unwrap().to_owned();
    let before: BTreeSet<String> = prompts.iter().map(text).collect();
    assert!(before.len() == 2 && before.iter().all(|text| !text.contains('|')), "{before:?}");
    for (axis, value) in [(1, "8"), (0, "\"a {tall|small} tree\"")] {
        let more = batch();
        engine.sheet_extend(sweep, axis, listed([[value]]), more).await.unwrap();
        for job in jobs_of(engine, more).await {
            let prompt = serde_json::from_str(&engine.job_workflow(job).await.unwrap()).unwrap();
            let text = text(&prompt);
            assert!(axis == 0 || before.contains(&text), "{text}");
            assert!(!text.contains('|'), "{text}");
        }
    }
    // What is shown of a cell is what runs.
    let sheet = engine.sheet_get(sweep).await.unwrap();
    assert!(sheet.cells.iter().flat_map(|cell| &cell.values).all(|set| !set.json.contains('|')));
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_is_stored_as_values_of_another_workflow_is_whole_wherever_it_goes() {
    let bench = bench().await;
    let engine = &bench.engine;
    engine.queue_pause(true, false).await.unwrap();
    let view = opened(&bench, &classic(1, 1)).await;
    let state = ComposeState {
        values: vec![value("3", "seed", LARGEST_SEED)],
        many: Many::Batch { count: 1, lines: None, pictures: Vec::new() },
        ..ComposeState::default()
    };
    let (made, _) = queued(engine, view.draft, &state).await;
    let job = jobs_of(engine, made).await[0];
    let wanted = classic(1, 1).replace("\"seed\":1,", &format!("\"seed\":{LARGEST_SEED},"));
    let text = engine.job_workflow(job).await.unwrap();
    assert_eq!(text, wanted);
    // Saved with the queue and dropped again.
    let file = bench.folder.path().join("queue.json");
    assert_eq!(engine.queue_export(file.clone(), vec![job]).await.unwrap(), 1);
    let report = support::submit(engine, &[file]).await;
    let back = report.items[0].job_id.unwrap();
    assert_eq!(engine.job_workflow(back).await.unwrap(), wanted);
    // Duplicated, cancelled and tried again.
    engine.job_duplicate(vec![job]).await.unwrap();
    engine.job_cancel(vec![job]).await.unwrap();
    engine.job_retry(vec![job]).await.unwrap();
    let open = engine.job_list(Which::Open, 0, 10).await.unwrap();
    assert_eq!(open.len(), 3);
    for job in &open {
        assert_eq!(engine.job_workflow(job.id).await.unwrap(), wanted);
    }
    // Edited.
    let edited = wanted.replace("\"cfg\":7.5,", "\"cfg\":3.25,");
    engine.job_edit(open[0].id, &edited).await.unwrap();
    assert_eq!(engine.job_workflow(open[0].id).await.unwrap(), edited);
    assert_eq!(engine.job_workflow(open[1].id).await.unwrap(), wanted);
    // Opened again, it is the first workflow with these values, and so is what comes of it.
    let again = engine.compose_open(ComposeSource::Job { id: open[1].id }).await.unwrap();
    assert_eq!((again.workflow, again.state.values), (view.workflow, state.values.clone()));
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_told_once_whatever_comes_of_it() {
    let bench = bench().await;
    let engine = &bench.engine;
    let mut notices = engine.notices();
    let mut stream = engine.open_stream(None);
    let view = opened(&bench, &classic(1, 2)).await;
    let sweep = |values| ComposeState {
        many: Many::Sweep { axes: vec![axis("3", "seed", range("1..3"))] },
        values,
        ..ComposeState::default()
    };
    let absent = vec![value("4", "ckpt_name", "\"absent.safetensors\"")];
    for (values, done, failed) in [(Vec::new(), 3, 0), (absent, 0, 3)] {
        let (batch, _) = queued(engine, view.draft, &sweep(values)).await;
        // What no server can run waits for a look: released, it is sent, and refused.
        engine.job_hold(jobs_of(engine, batch).await, false).await.unwrap();
        let notice = notices.recv().await.unwrap();
        let counts = |n: u32| usize::try_from(n).unwrap();
        let kind = NoticeKind::BatchDone { done: counts(done), failed: counts(failed) };
        assert_eq!((notice.kind, notice.batch), (kind, batch), "{notice:?}");
        assert!(notices.try_recv().is_err(), "one notice");
        let ended = loop {
            let StreamMessage::Facts { facts, .. } = stream.recv().await.unwrap() else { continue };
            let end = facts.into_iter().find_map(|fact| match fact {
                Fact::BatchEnded { batch } => Some(batch),
                _ => None,
            });
            if let Some(end) = end {
                break end;
            }
        };
        assert_eq!((ended.batch_id, ended.jobs), (batch, 3));
        assert_eq!((ended.done, ended.failed), (done, failed));
        assert_eq!(ended.asset.is_some(), done > 0);
    }
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_sheet_has_one_winner_and_its_values_become_defaults() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 2)).await;
    let steps = axis("3", "steps", range("1..3"));
    let cfg = axis("3", "cfg", range("4, 6"));
    let state = ComposeState { many: Many::Sweep { axes: vec![steps, cfg] }, ..held() };
    let (batch, _) = queued(engine, view.draft, &state).await;
    let sheet = engine.sheet_get(batch).await.unwrap();
    assert_eq!(sheet.whole, [true, false]);
    assert_eq!(sheet.structure, view.structure);
    let mark = async |at: &[u32], mark| {
        let cells = vec![MarkedCell { at: at.to_vec(), mark }];
        engine.sheet_mark(batch, cells).await.unwrap()
    };
    let marks = async || -> Vec<(Vec<u32>, CellMark)> {
        let cells = engine.sheet_get(batch).await.unwrap().cells;
        cells.into_iter().filter_map(|cell| Some((cell.at, cell.mark?))).collect()
    };
    mark(&[0, 0], Some(CellMark::Rejected)).await;
    mark(&[1, 0], Some(CellMark::Winner)).await;
    let back = mark(&[2, 1], Some(CellMark::Winner)).await;
    let now = [(vec![0, 0], CellMark::Rejected), (vec![2, 1], CellMark::Winner)];
    assert_eq!(marks().await, now);
    // A value more leaves the marks.
    let more = engine.sheet_extend(batch, 0, listed([["9"]]), BatchId(Uuid::now_v7()));
    assert_eq!(more.await.unwrap().jobs, 2);
    assert_eq!(marks().await, now);
    engine.mark_undo(back.undo).await.unwrap();
    let before = [(vec![0, 0], CellMark::Rejected), (vec![1, 0], CellMark::Winner)];
    assert_eq!(marks().await, before);
    mark(&[1, 0], None).await;
    assert_eq!(marks().await.len(), 1);

    // What a new draft begins with; a draft from before, and a job, keep their own.
    let values = vec![value("3", "steps", "3"), value("3", "cfg", "6")];
    let had = engine.defaults_save(&sheet.structure, values.clone()).await.unwrap();
    assert_eq!(had, None);
    let source = ComposeSource::Workflow { workflow: sheet.workflow.clone() };
    let fresh = engine.compose_open(source.clone()).await.unwrap();
    assert_eq!(fresh.state.values, values);
    assert!(fresh.notes.iter().any(|note| note.contains("defaults")), "{:?}", fresh.notes);
    let old = engine.compose_open(ComposeSource::Draft { id: view.draft }).await.unwrap();
    assert!(old.state.values.is_empty());
    let job = jobs_of(engine, batch).await[0];
    let of_job = engine.compose_open(ComposeSource::Job { id: job }).await.unwrap();
    assert!(of_job.state.values.iter().any(|it| it.input == "steps" && it.json == "1"));
    let had = engine.defaults_save(&sheet.structure, Vec::new()).await.unwrap().unwrap();
    assert_eq!((had.name.as_str(), had.values), ("Defaults", values));
    engine.preset_remove(&sheet.structure, "Defaults").await.unwrap();
    assert!(engine.compose_open(source).await.unwrap().state.values.is_empty());
    bench.engine.stop().await;
}

#[tokio::test]
async fn marks_of_cells_are_those_of_their_pictures_and_the_sheet_becomes_a_picture() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let state = ComposeState {
        many: Many::Sweep {
            axes: vec![axis("3", "denoise", range("0.5, 1")), axis("3", "cfg", range("4, 6"))],
        },
        ..ComposeState::default()
    };
    let (batch, _) = queued(engine, view.draft, &state).await;
    for job in jobs_of(engine, batch).await {
        bench.ended(job, Outcome::Succeeded).await;
    }
    let key = async |at: [u32; 2]| {
        let cells = engine.sheet_get(batch).await.unwrap().cells;
        cells.into_iter().find(|cell| cell.at == at).unwrap().key.unwrap()
    };
    let (a, b) = (key([0, 0]).await, key([1, 0]).await);
    let flags = async || {
        let cells = engine.library_cells(vec![a, b]).await.unwrap();
        [cells[0].flag, cells[1].flag]
    };
    let mark = async |at: [u32; 2], mark| {
        let cells = vec![MarkedCell { at: at.to_vec(), mark }];
        engine.sheet_mark(batch, cells).await.unwrap()
    };
    mark([0, 0], Some(CellMark::Winner)).await;
    assert_eq!(flags().await, [1, 0]);
    // The winner that gives way is picked no more; all of it is taken back, and done again.
    let moved = mark([1, 0], Some(CellMark::Winner)).await;
    assert_eq!((flags().await, moved.changed), ([0, 1], 2));
    let back = engine.mark_undo(moved.undo).await.unwrap();
    assert_eq!(flags().await, [1, 0]);
    engine.mark_undo(back.undo).await.unwrap();
    assert_eq!(flags().await, [0, 1]);
    // What was flagged otherwise since stays so.
    engine.asset_mark(vec![b], Mark::Flag { flag: -1 }).await.unwrap();
    mark([1, 0], None).await;
    assert_eq!(flags().await, [0, -1]);
    mark([0, 0], Some(CellMark::Rejected)).await;
    assert_eq!(flags().await, [-1, -1]);
    engine.asset_mark(vec![a], Mark::Rating { stars: 4 }).await.unwrap();
    assert_eq!(engine.sheet_get(batch).await.unwrap().cells[0].rating, 4);

    let to = bench.folder.path().join("sheet.jpg");
    let of = SheetPicture { batch, layer: 0, swapped: false, to: to.clone() };
    let work = engine.sheet_export(of.clone()).await.unwrap();
    assert_eq!((work.of, work.title.as_str()), (4, "Exporting a sheet of 4 to sheet.jpg"));
    let done = until("the sheet is written", || async {
        let works = engine.work_list();
        works.into_iter().find(|one| one.id == work.id && one.state != WorkState::Running)
    })
    .await;
    assert_eq!((done.state, done.done, done.problems.len()), (WorkState::Done, 4, 0), "{done:?}");
    assert_eq!(std::fs::read(&to).unwrap()[..2], [0xff, 0xd8]);
    let nowhere = SheetPicture { to: "sheet.png".into(), ..of };
    let error = engine.sheet_export(nowhere).await.unwrap_err();
    assert!(error.message.contains("full path"), "{error:?}");
    bench.engine.stop().await;

    // As a kill leaves it: at the next start it is written all the same.
    std::fs::remove_file(&to).unwrap();
    let kept = bench.folder.path().join("data/exports");
    let of = serde_json::json!({ "batch": batch, "layer": 0, "swapped": false, "to": to });
    let record = serde_json::json!({ "sweep": { "of": of, "cells": 4 } });
    let path = kept.join(format!("{}.json", Uuid::now_v7()));
    std::fs::write(&path, record.to_string()).unwrap();
    let engine = start_engine(bench.folder.path()).await;
    until("the sheet is written", || async { (!path.exists()).then_some(()) }).await;
    assert_eq!(std::fs::read(&to).unwrap()[..2], [0xff, 0xd8]);
    let work = &engine.work_list()[0];
    assert_eq!((work.of, work.title.as_str()), (4, "Exporting a sheet to sheet.jpg"));
    engine.stop().await;
}

#[tokio::test]
async fn a_sweep_grows_by_further_words_presets_and_ranges() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    for (name, cfg) in [("Soft", "3"), ("Hard", "12")] {
        let values = vec![value("3", "cfg", cfg), value("3", "steps", "2")];
        let preset = PresetView { name: name.into(), values, of: None };
        engine.preset_save(&view.structure, preset).await.unwrap();
    }
    let replace = |with: &[&str]| AxisValues::Replace {
        find: "quiet".into(),
        with: with.iter().map(|word| (*word).to_owned()).collect(),
    };
    let presets = |name: &str| AxisValues::Presets { names: vec![name.into()] };
    let state = ComposeState {
        many: Many::Sweep {
            axes: vec![
                axis("6", "text", replace(&["busy"])),
                Axis { knobs: Vec::new(), values: presets("Soft") },
                axis("5", "width", range("64, 128")),
            ],
        },
        ..held()
    };
    let (sweep, _) = queued(engine, view.draft, &state).await;
    for (axis, values, jobs) in [
        (0, replace(&["stormy", "empty"]), 4),
        (1, presets("Hard"), 8),
        (2, range("192..256 step 64"), 16),
    ] {
        let grown = engine.sheet_extend(sweep, axis, values, batch()).await.unwrap();
        assert_eq!(grown.jobs, jobs, "axis {axis}");
    }
    let sheet = engine.sheet_get(sweep).await.unwrap();
    let labels: Vec<&[String]> = sheet.axes.iter().map(|axis| axis.values.as_slice()).collect();
    assert_eq!(labels[1], ["Soft", "Hard"]);
    assert_eq!(labels[2], ["64", "128", "192", "256"]);
    assert_eq!((labels[0].len(), &labels[0][2..]), (4, &["stormy".to_owned(), "empty".into()][..]));
    // Every combination is there, and runs as its labels say.
    assert_eq!(sheet.cells.len(), 4 * 2 * 4);
    for cell in &sheet.cells {
        let text = engine.job_workflow(cell.job.unwrap()).await.unwrap();
        let prompt: Value = serde_json::from_str(&text).unwrap();
        let [word, cfg, width] = [
            ["quiet", "busy", "stormy", "empty"][cell.at[0] as usize],
            ["3", "12"][cell.at[1] as usize],
            ["64", "128", "192", "256"][cell.at[2] as usize],
        ];
        assert_eq!(prompt["6"]["inputs"]["text"], format!("a {word} harbour"));
        assert_eq!(prompt["3"]["inputs"]["cfg"].to_string(), cfg);
        assert_eq!(prompt["5"]["inputs"]["width"].to_string(), width);
    }
    // What is there is not taken again, and a word that is not in the text is told.
    for (axis, values, word) in [
        (0, replace(&["busy"]), "busy"),
        (1, presets("Soft"), "Soft"),
        (1, presets("Gone"), "Gone"),
        (2, range("64"), "64"),
        (0, AxisValues::Replace { find: "loud".into(), with: vec!["x".into()] }, "loud"),
    ] {
        let refused = engine.sheet_extend(sweep, axis, values, batch()).await;
        let message = refused.unwrap_err().message;
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(engine.sheet_get(sweep).await.unwrap().cells.len(), 32);
    bench.engine.stop().await;
}

#[tokio::test]
async fn cells_are_queued_again_into_their_own_sheet() {
    let bench = bench().await;
    let engine = &bench.engine;
    let view = opened(&bench, &classic(1, 1)).await;
    let state = ComposeState {
        many: Many::Sweep { axes: vec![axis("3", "cfg", range("4, 6, 8"))] },
        ..held()
    };
    let (sweep, prompts) = queued(engine, view.draft, &state).await;
    let jobs = jobs_of(engine, sweep).await;
    engine.job_cancel(jobs.clone()).await.unwrap();
    // The cancelled ones, by their places; the same submission twice is one.
    let again = batch();
    let cells = vec![vec![0], vec![2], vec![0]];
    for _ in 0..2 {
        let told = engine.sheet_again(sweep, cells.clone(), again).await.unwrap();
        assert_eq!(told.jobs, 2);
    }
    let new = jobs_of(engine, again).await;
    assert_eq!(new.len(), 2);
    for (job, at) in new.iter().zip([0, 2]) {
        let text = engine.job_workflow(*job).await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), prompts[at]);
    }
    engine.job_hold(new.clone(), false).await.unwrap();
    for job in &new {
        bench.ended(*job, Outcome::Succeeded).await;
    }
    let sheet = engine.sheet_get(sweep).await.unwrap();
    let made: Vec<bool> = sheet.cells.iter().map(|cell| cell.asset.is_some()).collect();
    assert_eq!(made, [true, false, true]);
    assert!(engine.sheet_again(sweep, vec![vec![3]], batch()).await.is_err(), "no such cell");
    bench.engine.stop().await;
}
