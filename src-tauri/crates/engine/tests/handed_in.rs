//! What is handed in becomes what runs: conversion, checks, the library, pictures that go in, and what
//! servers offer.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use axum::{Router, routing::get};
use domain::{BatchId, JobState, Outcome, ServerId};
use engine::{
    ServerInput, SubmitPictures, TakeTo, Which,
    view::{Ability, AfterWatch, CommandErrorCode, IntakeKind, Severity, Standing, WorkflowQuery},
};
use serde_json::{Value, json};
use std::{fs, time::Duration};
use support::{known, picture, plain, submit, until, written};
use uuid::Uuid;

/// [`plain`] as ComfyUI's editor saves it.
fn drawn(color: u32) -> String {
    json!({
        "id": "0b0a", "revision": 0, "last_node_id": 3, "last_link_id": 2,
        "nodes": [
            {"id": 1, "type": "EmptyImage", "pos": [10, 20], "size": [210, 130], "mode": 0,
             "inputs": [], "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]}],
             "title": "Plain ground", "properties": {}, "widgets_values": [64, 48, 1, color]},
            {"id": 2, "type": "ImageInvert", "pos": [300, 20], "size": [210, 46], "mode": 0,
             "inputs": [{"name": "image", "type": "IMAGE", "link": 1}],
             "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [2]}], "properties": {}},
            {"id": 3, "type": "SaveImage", "pos": [600, 20], "size": [210, 80], "mode": 0,
             "inputs": [{"name": "images", "type": "IMAGE", "link": 2}], "outputs": [],
             "properties": {}, "widgets_values": ["bench"]}
        ],
        "links": [[1, 1, 0, 2, 0, "IMAGE"], [2, 2, 0, 3, 0, "IMAGE"]],
        "groups": [], "config": {}, "extra": {}, "version": 0.4
    })
    .to_string()
}

#[tokio::test]
async fn a_drawn_workflow_runs_as_comfyui_would_have_sent_it() {
    let bench = known().await;
    let path = written(bench.folder.path(), "harbour.json", drawn(7));
    let report = submit(&bench.engine, &[path]).await;
    let item = &report.items[0];
    assert_eq!((item.standing, item.nodes), (Standing::Ready, Some(3)), "{item:?}");
    let id = item.job_id.unwrap();
    bench.ended(id, Outcome::Succeeded).await;
    let sent: Value = serde_json::from_str(&bench.engine.job_workflow(id).await.unwrap()).unwrap();
    let mut wanted: Value = serde_json::from_str(&plain(7)).unwrap();
    wanted["2"]["_meta"] = json!({"title": "Invert Image"});
    wanted["3"]["_meta"] = json!({"title": "Save Image"});
    for id in ["1", "2", "3"] {
        assert_eq!(sent[id]["inputs"], wanted[id]["inputs"], "{id}");
        assert_eq!(sent[id]["class_type"], wanted[id]["class_type"], "{id}");
    }
    assert_eq!(sent["1"]["_meta"]["title"], "Plain ground");
    // The drawing is kept, with the places of its nodes.
    let page = bench.engine.workflow_list(all()).await.unwrap();
    assert!(page.workflows[0].drawn && page.workflows[0].last.is_some());
    let graph = bench.engine.workflow_nodes(&page.workflows[0].workflow).await.unwrap();
    assert!(graph.drawn);
    assert_eq!(
        (graph.nodes[1].x, graph.nodes[1].links[0].output.as_deref()),
        (300.0, Some("IMAGE"))
    );
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_the_page_fills_in_is_filled_in_and_told() {
    let bench = known().await;
    let text = drawn(8).replace("\"bench\"", "\"night %date:yyyy% of %Plain ground.width%\"");
    let path = written(bench.folder.path(), "dated.json", text);
    let report = submit(&bench.engine, &[path]).await;
    let item = &report.items[0];
    let told = item.findings.iter().find(|found| found.kind == "filled_in").unwrap();
    assert_eq!((told.node.as_deref(), told.input.as_deref()), (Some("3"), Some("filename_prefix")));
    let id = item.job_id.unwrap();
    let done = bench.ended(id, Outcome::Succeeded).await;
    let sent: Value = serde_json::from_str(&bench.engine.job_workflow(id).await.unwrap()).unwrap();
    let name = sent["3"]["inputs"]["filename_prefix"].as_str().unwrap().to_owned();
    assert!(name.starts_with("night 20") && name.ends_with(" of 64"), "{name}");
    assert_eq!(done.assets.len(), 1);
    bench.engine.stop().await;
}

fn all() -> WorkflowQuery {
    WorkflowQuery { limit: 50, ..WorkflowQuery::default() }
}

#[tokio::test]
async fn a_drawn_workflow_in_a_job_s_editor_is_told_as_that_and_changes_nothing() {
    let bench = known().await;
    let path = written(bench.folder.path(), "a.json", plain(3));
    bench.engine.queue_pause(true, false).await.unwrap();
    let report = submit(&bench.engine, &[path]).await;
    let id = report.items[0].job_id.unwrap();
    let before = bench.engine.job_get(id).await.unwrap();
    for (text, told) in [
        (drawn(3), "in ComfyUI's editor format (3 nodes), and what runs is wanted here"),
        ("{".to_owned(), "This is not JSON"),
        (r#"{"nodes": [], "links": []}"#.to_owned(), "no nodes"),
    ] {
        let error = bench.engine.job_edit(id, &text).await.unwrap_err();
        assert_eq!(error.code, CommandErrorCode::BadInput, "{error:?}");
        assert!(error.message.contains(told), "{error:?}");
        assert!(!error.message.contains("server"), "{error:?}");
    }
    assert_eq!(bench.engine.job_workflow(id).await.unwrap(), plain(3));
    let after = bench.engine.job_get(id).await.unwrap();
    assert_eq!((after.job, after.events), (before.job, before.events));
    bench.engine.job_edit(id, &plain(4)).await.unwrap();
    assert_eq!(bench.engine.job_workflow(id).await.unwrap(), plain(4));
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_no_server_can_run_waits_on_hold_and_one_click_mends_it() {
    let bench = known().await;
    let model = r#"{"4":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"practice_marbel.safetensors"}},
"8":{"class_type":"EmptyLatentImage","inputs":{"width":64,"height":64,"batch_size":1}},
"5":{"class_type":"VAEDecode","inputs":{"samples":["8",0],"vae":["4",2]}},
"6":{"class_type":"SaveImage","inputs":{"images":["5",0],"filename_prefix":"x"}}}"#;
    let path = written(bench.folder.path(), "m.json", model);
    let report = submit(&bench.engine, &[path]).await;
    let item = &report.items[0];
    assert_eq!(item.standing, Standing::NeedsLook, "{item:?}");
    let found = item.findings.iter().find(|found| found.severity == Severity::Blocks).unwrap();
    assert_eq!((found.node.as_deref(), found.input.as_deref()), (Some("4"), Some("ckpt_name")));
    let suggested = found.suggestions.first().unwrap().clone();
    assert_eq!(suggested, r#""practice_marble.safetensors""#);
    let id = item.job_id.unwrap();
    let held = bench.engine.job_get(id).await.unwrap();
    assert!(held.job.on_hold && held.job.state == JobState::Held);
    assert!(held.events.iter().any(|event| event.bad && event.text.contains("practice_marbel")));
    let check = bench.engine.job_check(id).await.unwrap();
    assert_eq!((check.servers[0].ability, check.blocked.is_some()), (Ability::Cannot, true));
    let mended = bench.engine.job_set_value(id, "4", "ckpt_name", &suggested).await.unwrap();
    assert_eq!(mended, id);
    let check = bench.engine.job_check(id).await.unwrap();
    assert_eq!((check.servers[0].ability, check.blocked), (Ability::Can, None));
    bench.engine.job_hold(vec![id], false).await.unwrap();
    let done = bench.ended(id, Outcome::Succeeded).await;
    assert!(done.job.warnings.is_empty(), "what was mended is no warning any more");
    // Of an ended job a new one is made.
    let again = bench.engine.job_set_value(id, "8", "width", "128").await.unwrap();
    assert_ne!(again, id);
    bench.ended(again, Outcome::Succeeded).await;
    assert!(bench.engine.job_set_value(id, "8", "nothing", "1").await.is_err());
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_suggested_value_becomes_the_newest_of_the_library_s() {
    let bench = known().await;
    let model = r#"{"4":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"practice_marbel.safetensors"}},
"8":{"class_type":"EmptyLatentImage","inputs":{"width":64,"height":64,"batch_size":1}},
"5":{"class_type":"VAEDecode","inputs":{"samples":["8",0],"vae":["4",2]}},
"6":{"class_type":"SaveImage","inputs":{"images":["5",0],"filename_prefix":"x"}}}"#;
    let path = written(bench.folder.path(), "sea.json", model);
    let kept = bench.engine.intake_save(vec![path.clone()]).await.unwrap();
    let before = kept.items[0].workflow.clone().unwrap();
    let only = async || bench.engine.workflow_list(all()).await.unwrap().workflows.remove(0);
    bench.engine.workflow_rename(&only().await.structure, "Sea at night").await.unwrap();
    let check = bench.engine.workflow_check(&before).await.unwrap();
    let found = check.servers[0].findings.iter().find(|found| found.severity == Severity::Blocks);
    let suggested = found.unwrap().suggestions[0].clone();
    let set = async |input: &str, value: &str| {
        bench.engine.workflow_set_value(&before, "4", input, value).await
    };
    let now = set("ckpt_name", &suggested).await.unwrap();
    let entry = only().await;
    assert_eq!((&entry.workflow, entry.title.as_str()), (&now, "Sea at night"));
    assert_eq!(entry.source, Some(path.display().to_string()), "where it came from is still known");
    let check = bench.engine.workflow_check(&now).await.unwrap();
    assert_eq!((check.servers[0].ability, check.blocked), (Ability::Can, None));
    let run = bench.engine.workflow_run(&now, BatchId(Uuid::now_v7()), false).await.unwrap();
    bench.ended(run.items[0].job_id.unwrap(), Outcome::Succeeded).await;
    // What it made is found by its name, also by one that it gets later.
    bench.finds("workflow=\"Sea at night\"", 1).await;
    bench.engine.workflow_rename(&entry.structure, "Bouquet").await.unwrap();
    bench.finds("workflow=bouquet", 1).await;
    bench.finds("workflow:sea", 0).await;
    // What was there before is as it was.
    assert!(bench.engine.workflow_check(&before).await.unwrap().blocked.is_some());
    assert!(set("nothing", "1").await.is_err() && set("ckpt_name", "{").await.is_err());
    bench.engine.stop().await;
}

#[tokio::test]
async fn the_server_that_has_what_another_lacks_is_named() {
    let bench = known().await;
    // Another practice server that has a picture more.
    written(bench.folder.path(), "other/practice/input/sea.png", picture(3));
    let other = support::practice(&bench.folder.path().join("other"), 0, Duration::ZERO).await;
    let id = ServerId(Uuid::now_v7());
    let (name, address) = ("attic".to_owned(), other.url());
    bench
        .engine
        .server_add(ServerInput { id, name, address, max_held: 2, outputs: None })
        .await
        .unwrap();
    let load = r#"{"1":{"class_type":"LoadImage","inputs":{"image":"sea.png"}},
"2":{"class_type":"SaveImage","inputs":{"images":["1",0],"filename_prefix":"x"}}}"#;
    let path = written(bench.folder.path(), "sea.json", load);
    let kept = bench.engine.intake_save(vec![path]).await.unwrap();
    let workflow = kept.items[0].workflow.clone().unwrap();
    let check = until("attic said what it has", || async {
        let check = bench.engine.workflow_check(&workflow).await.unwrap();
        check.servers.iter().all(|server| server.ability == Ability::Can).then_some(check)
    })
    .await;
    let missing = |at: usize| -> Vec<_> {
        let of = check.servers[at].findings.iter();
        of.filter(|found| found.kind == "input_file_missing").collect()
    };
    assert_eq!(missing(0)[0].fine_on, ["attic"]);
    assert!(missing(1).is_empty());
    other.stop().await;
    bench.engine.stop().await;
}

#[tokio::test]
async fn the_same_again_is_said_and_not_refused() {
    let bench = known().await;
    let path = written(bench.folder.path(), "a.json", plain(3));
    let first = submit(&bench.engine, std::slice::from_ref(&path)).await;
    assert_eq!(first.items[0].same, None);
    let id = first.items[0].job_id.unwrap();
    bench.ended(id, Outcome::Succeeded).await;
    let again = submit(&bench.engine, std::slice::from_ref(&path)).await;
    let same = again.items[0].same.unwrap();
    assert_eq!((same.count, same.job_id), (1, id));
    bench.ended(again.items[0].job_id.unwrap(), Outcome::Succeeded).await;
    let page = bench.engine.workflow_list(all()).await.unwrap();
    assert_eq!((page.total, page.workflows[0].runs), (1, 2));
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_folder_of_pictures_goes_through_one_workflow() {
    let bench = known().await;
    let dir = bench.folder.path();
    for (name, red) in [("in/a.png", 0), ("in/b.png", 255), ("in/c.png", 0)] {
        written(dir, name, picture(red));
    }
    written(dir, "in/notes.txt", "no picture");
    let load = r#"{"1":{"class_type":"LoadImage","inputs":{"image":"example.png"}},
"2":{"class_type":"ImageInvert","inputs":{"image":["1",0]}},
"3":{"class_type":"SaveImage","inputs":{"images":["2",0],"filename_prefix":"inv"}}}"#;
    let path = written(dir, "invert.json", load);
    let kept = bench.engine.intake_save(vec![path]).await.unwrap();
    let workflow = kept.items[0].workflow.clone().unwrap();
    assert!(
        bench.engine.job_list(Which::Open, 0, 10).await.unwrap().is_empty(),
        "kept, not queued"
    );
    let pictures = SubmitPictures {
        batch_id: BatchId(Uuid::now_v7()),
        paths: vec![dir.join("in")],
        workflow,
        node: "1".into(),
        input: "image".into(),
        on_hold: false,
    };
    let report = bench.engine.intake_pictures(pictures.clone()).await.unwrap();
    let names: Vec<_> =
        report.items.iter().map(|item| (item.name.as_str(), item.standing)).collect();
    let ready = Standing::Ready;
    assert_eq!(
        names,
        [("a.png", ready), ("b.png", ready), ("c.png", ready), ("notes.txt", Standing::Refused)]
    );
    for (item, red) in report.items.iter().zip([255, 0, 255]) {
        let done = bench.ended(item.job_id.unwrap(), Outcome::Succeeded).await;
        let path = bench.engine.asset_path(done.assets[0].id).await.unwrap();
        let mut reader = png::Decoder::new(std::io::BufReader::new(fs::File::open(path).unwrap()))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels[0], red, "{}", item.name);
    }
    // Two of the three are the same picture: it went up once.
    let asked = bench.practice().record().asked;
    let uploads = asked.iter().filter(|asked| asked.path == "/upload/image").count();
    assert_eq!(uploads, 2);
    let wrong = SubmitPictures { input: "nothing".into(), ..pictures };
    assert!(bench.engine.intake_pictures(wrong).await.is_err());
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_is_put_into_the_watched_folder_is_queued_once() {
    let bench = known().await;
    let dir = bench.folder.path().join("hot");
    written(&dir, "before.json", plain(1));
    bench.engine.watch_set(Some(dir.clone()), AfterWatch::Move).await.unwrap();
    written(&dir, "new.json", plain(2));
    written(&dir, "letter.txt", "no workflow");
    until("it was taken", || async {
        (bench.engine.watch_get().taken == 1 && !dir.join("new.json").exists()).then_some(())
    })
    .await;
    assert!(dir.join("queued/new.json").exists());
    // What is done with files can be changed without anything coming twice.
    bench.engine.watch_set(Some(dir.clone()), AfterWatch::Leave).await.unwrap();
    let view = bench.engine.watch_set(Some(dir.clone()), AfterWatch::Move).await.unwrap();
    assert_eq!((view.taken, view.after), (1, AfterWatch::Move));
    assert!(dir.join("before.json").exists() && dir.join("letter.txt").exists());
    let jobs = async || {
        let mut all = bench.engine.job_list(Which::Open, 0, 10).await.unwrap();
        all.extend(bench.engine.job_list(Which::Finished, 0, 10).await.unwrap());
        all.into_iter().map(|job| job.title).collect::<Vec<_>>()
    };
    assert_eq!(jobs().await, ["new"]);
    fs::rename(&dir, bench.folder.path().join("away")).unwrap();
    until("it is said to be gone", || async { bench.engine.watch_get().trouble }).await;
    fs::rename(bench.folder.path().join("away"), &dir).unwrap();
    until("it is back", || async { bench.engine.watch_get().trouble.is_none().then_some(()) })
        .await;
    written(&dir, "new.json", plain(4));
    until("one of the same name", || async { (jobs().await.len() == 2).then_some(()) }).await;
    bench.engine.watch_set(None, AfterWatch::Leave).await.unwrap();
    assert_eq!(bench.engine.watch_get().folder, None);
    bench.engine.stop().await;
}

#[tokio::test]
async fn workflows_saved_at_a_server_can_be_taken() {
    let bench = known().await;
    let save = |name: &str, text: String| {
        let url = format!("{}/userdata/workflows%2F{name}", bench.practice().url());
        reqwest::Client::new().post(url).body(text).send()
    };
    save("sub%2Fharbour.json", drawn(5)).await.unwrap().error_for_status().unwrap();
    save("notes.txt", "x".into()).await.unwrap();
    let offers = bench.engine.server_offers(bench.server).await.unwrap();
    assert_eq!(offers.trouble, None);
    let saved: Vec<_> = offers.offers.iter().filter(|offer| !offer.template).collect();
    assert_eq!(
        (saved.len(), saved[0].title.as_str(), saved[0].group.as_str()),
        (1, "harbour", "sub")
    );
    let take = async |key: &str, to| {
        let batch = BatchId(Uuid::now_v7());
        bench.engine.server_take(bench.server, key, false, batch, to).await
    };
    take(&saved[0].key, TakeTo::Library).await.unwrap();
    assert_eq!(bench.engine.workflow_list(all()).await.unwrap().total, 1);
    let report = take(&saved[0].key, TakeTo::Queue).await.unwrap();
    bench.ended(report.items[0].job_id.unwrap(), Outcome::Succeeded).await;
    assert!(take("gone.json", TakeTo::Queue).await.is_err());
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_link_is_followed_and_bounded() {
    let bench = known().await;
    let router = Router::new().route("/a%20b.json", get(|| async { plain(9) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let follow =
        async |url: String| bench.engine.intake_link(BatchId(Uuid::now_v7()), &url, false).await;
    let report = follow(format!("http://{address}/a%20b.json")).await.unwrap();
    assert_eq!(report.items[0].name, "a b.json");
    bench.ended(report.items[0].job_id.unwrap(), Outcome::Succeeded).await;
    for bad in [format!("http://{address}/none"), "file:///etc/passwd".into(), "x".into()] {
        let error = follow(bad).await.unwrap_err();
        assert!(error.message.ends_with('.'), "{}", error.message);
    }
    serving.abort();
    bench.engine.stop().await;
}

#[tokio::test]
async fn the_library_can_be_named_pinned_emptied_and_brought_back() {
    let bench = known().await;
    let path = written(bench.folder.path(), "sea.json", plain(1));
    let report = bench.engine.intake_save(vec![path]).await.unwrap();
    assert_eq!((report.items[0].kind, report.items[0].job_id), (IntakeKind::Workflow, None));
    let only = async || bench.engine.workflow_list(all()).await.unwrap().workflows;
    let structure = only().await[0].structure.clone();
    bench.engine.workflow_rename(&structure, "  Sea at night ").await.unwrap();
    bench.engine.workflow_pin(&structure, true).await.unwrap();
    let found = only().await;
    assert_eq!((found[0].title.as_str(), found[0].pinned), ("Sea at night", true));
    bench.engine.workflow_remove(std::slice::from_ref(&structure)).await.unwrap();
    assert!(only().await.is_empty());
    bench.engine.workflow_restore(std::slice::from_ref(&structure)).await.unwrap();
    let found = only().await;
    let batch = BatchId(Uuid::now_v7());
    let run = bench.engine.workflow_run(&found[0].workflow, batch, true).await.unwrap();
    let id = run.items[0].job_id.unwrap();
    assert!(bench.engine.job_get(id).await.unwrap().job.on_hold);
    let out = bench.folder.path().join("out.json");
    bench.engine.workflow_export(&found[0].workflow, out.clone(), false).await.unwrap();
    assert_eq!(fs::read_to_string(out).unwrap(), plain(1));
    let no_drawing = bench.folder.path().join("no.json");
    assert!(bench.engine.workflow_export(&found[0].workflow, no_drawing, true).await.is_err());
    assert!(bench.engine.workflow_rename("none", "x").await.is_err());
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_drawn_workflow_waits_for_the_first_server_and_survives_a_restart() {
    let folder = tempfile::TempDir::new().unwrap();
    let engine = support::start_engine(folder.path()).await;
    let paths = vec![
        written(folder.path(), "harbour.json", drawn(7)),
        written(folder.path(), "notes.txt", "hello"),
        written(folder.path(), "lake.json", drawn(8)),
    ];
    let standings = |report: &engine::view::IntakeReport| -> Vec<Standing> {
        report.items.iter().map(|item| item.standing).collect()
    };
    let wanted = [Standing::Waits, Standing::Refused, Standing::Waits];
    assert_eq!(standings(&engine.intake_inspect(paths.clone()).await.unwrap()), wanted);
    // The library has no place for what cannot be read yet, and says so.
    let saved = engine.intake_save(paths.clone()).await.unwrap();
    assert_eq!(standings(&saved), [Standing::Refused; 3]);
    assert!(saved.items[0].message.contains("hand it in again"), "{:?}", saved.items[0]);
    let batch_id = BatchId(Uuid::now_v7());
    let given = engine::SubmitPaths { batch_id, paths, on_hold: true, next: false };
    for _ in 0..2 {
        let report = engine.intake_submit(given.clone()).await.unwrap();
        assert_eq!(standings(&report), wanted, "the same submission again");
    }
    assert!(engine.job_list(Which::Open, 0, 10).await.unwrap().is_empty());
    engine.stop().await;

    let engine = support::start_engine(folder.path()).await;
    let practice = support::practice(folder.path(), 0, Duration::ZERO).await;
    let server = ServerInput {
        id: ServerId(Uuid::now_v7()),
        name: "first".into(),
        address: practice.url(),
        max_held: 2,
        outputs: None,
    };
    engine.server_add(server).await.unwrap();
    let jobs = until("both are in the queue", || async {
        let jobs = engine.job_list(Which::Open, 0, 10).await.unwrap();
        (jobs.len() == 2).then_some(jobs)
    })
    .await;
    assert_eq!(jobs[0].title, "harbour");
    assert!(jobs.iter().all(|job| job.on_hold && job.batch_id == jobs[0].batch_id));
    until("they wait no more", || async {
        let left = fs::read_dir(folder.path().join("data/waiting")).unwrap().count();
        (left == 0).then_some(())
    })
    .await;
    let sent = engine.job_workflow(jobs[1].id).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&sent).unwrap()["1"]["inputs"]["color"], 8);
    engine.stop().await;
    practice.stop().await;
}

#[tokio::test]
async fn what_was_drawn_stays_drawn_when_its_values_are_turned() {
    let bench = known().await;
    let engine = &bench.engine;
    let path = written(bench.folder.path(), "harbour.json", drawn(7));
    let saved = engine.intake_save(vec![path]).await.unwrap();
    let workflow = saved.items[0].workflow.clone().unwrap();
    let source = engine::view::ComposeSource::Workflow { workflow: workflow.clone() };
    let draft = engine.compose_open(source).await.unwrap().draft;
    let color =
        engine::view::KnobValue { node: "1".into(), input: "color".into(), json: "9".into() };
    let state = engine::view::ComposeState {
        values: vec![color],
        when: engine::view::When::Hold,
        ..Default::default()
    };
    engine.compose_queue(draft, BatchId(Uuid::now_v7()), state, false).await.unwrap();
    let page = engine.workflow_list(all()).await.unwrap();
    let newest = &page.workflows[0];
    assert_ne!(newest.workflow, workflow, "the newest values are those that were set");
    assert!(newest.drawn);
    let nodes = engine.workflow_nodes(&newest.workflow).await.unwrap();
    assert!(nodes.drawn);
    assert_eq!((nodes.nodes[0].x, nodes.nodes[0].y), (10.0, 20.0));
    let to = bench.folder.path().join("graph.json");
    engine.workflow_export(&newest.workflow, to.clone(), true).await.unwrap();
    assert_eq!(fs::read_to_string(to).unwrap(), drawn(7));
    bench.engine.stop().await;
}
