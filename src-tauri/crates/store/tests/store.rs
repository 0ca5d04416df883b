//! The database against real files.
#![allow(missing_docs, clippy::unwrap_used)]

use domain::{BatchId, JobId, JobState, Outcome, PictureFacts, ServerEnd, ServerId, WorkflowHash};
use store::{
    BatchRow, JobEventRow, JobRow, NeedRow, NewEntry, NodeRunRow, ServerRow, StateChange, Store,
    StoreError, TextTerm, WorkflowRow,
};
use tempfile::TempDir;
use uuid::Uuid;

mod support;
use support::*;

#[tokio::test]
async fn a_job_comes_back_as_it_went_in() {
    let folder = TempDir::new().unwrap();
    let jobs = {
        let store = open(folder.path()).await;
        add(&store, 3).await
        // Dropped without closing, as when the process is killed.
    };
    let store = open(folder.path()).await;
    assert_eq!(store.open_jobs(10, 0).await.unwrap(), jobs);
    assert_eq!(store.open_jobs(1, 1).await.unwrap(), jobs[1..2]);
}

#[tokio::test]
async fn a_move_is_refused_when_the_job_is_elsewhere() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let id = add(&store, 1).await[0].id;
    let change = StateChange {
        event: Some(JobEventRow { job_id: id, at: 5, text: "sent".into(), bad: false }),
        ..StateChange::default()
    };
    use JobState as S;
    assert!(store.move_state(id, S::Held, S::Sending, &change).await.unwrap().is_some());
    assert!(store.move_state(id, S::Held, S::Sending, &change).await.unwrap().is_none());
    assert_eq!(store.events(id, 10).await.unwrap().len(), 1, "a refused move leaves no event");
    let none = StateChange::default();
    let succeeded = S::Collecting(ServerEnd::Succeeded);
    assert!(store.move_state(id, S::Sending, succeeded, &none).await.unwrap().is_some());
    let failed = S::Collecting(ServerEnd::Failed);
    assert!(
        store.move_state(id, failed, S::Ended(Outcome::Failed), &none).await.unwrap().is_none()
    );
    assert!(
        store
            .move_state(id, succeeded, S::Ended(Outcome::Succeeded), &none)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(store.job(id).await.unwrap().unwrap().state, S::Ended(Outcome::Succeeded));
}

#[tokio::test]
async fn what_the_artist_changed_since_it_was_chosen_is_not_sent() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let here = ServerId(Uuid::now_v7());
    let batch =
        BatchRow { id: BatchId(Uuid::now_v7()), title: "b".into(), created_at: 1, count: 1 };
    let job = JobRow { wants_server: Some(here), ..job(batch.id, 1.0) };
    put(&store, &batch, &[], std::slice::from_ref(&job)).await;
    let sent_to = async |server: ServerId, workflow: &WorkflowHash, now: i64| {
        let offered = Some(store::Offered { workflow: workflow.clone(), now });
        let change = StateChange { server_id: Some(server), offered, ..StateChange::default() };
        let moved = store.move_state(job.id, JobState::Held, JobState::Sending, &change);
        moved.await.unwrap().is_some()
    };
    let sent = async |workflow: &WorkflowHash, now: i64| sent_to(here, workflow, now).await;
    let elsewhere = ServerId(Uuid::now_v7());
    assert!(!sent_to(elsewhere, &job.workflow, 5).await, "it is for another server");
    let other = WorkflowHash("f".repeat(64));
    assert!(!sent(&other, 5).await, "it was edited");
    store.set_on_hold(&[job.id], true).await.unwrap();
    assert!(!sent(&job.workflow, 5).await, "it was held");
    store.set_on_hold(&[job.id], false).await.unwrap();
    store.set_removed(&[job.id], Some(4)).await.unwrap();
    assert!(!sent(&job.workflow, 5).await, "it was removed");
    store.set_removed(&[job.id], None).await.unwrap();
    store.set_not_before(job.id, Some(9)).await.unwrap();
    assert!(!sent(&job.workflow, 5).await, "it was put off");
    assert!(sent(&job.workflow, 9).await);
}

#[tokio::test]
async fn the_first_eligible_job_is_offered() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let here = ServerId(Uuid::now_v7());
    let jobs = add(&store, 5).await;
    let next = |lacks: &[&str]| {
        let (store, lacks) =
            (store.clone(), lacks.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>());
        async move { store.next_eligible(here, 100, &lacks).await.unwrap().map(|job| job.id) }
    };
    assert_eq!(next(&[]).await, Some(jobs[0].id));
    assert_eq!(next(&["a model"]).await, Some(jobs[0].id), "what has no needs may go anywhere");
    assert_eq!(store.set_on_hold(&[jobs[0].id], true).await.unwrap(), [jobs[0].id]);
    store.set_not_before(jobs[1].id, Some(101)).await.unwrap();
    assert_eq!(store.set_removed(&[jobs[2].id], Some(9)).await.unwrap(), [jobs[2].id]);
    store.request_cancel(&[jobs[3].id]).await.unwrap();
    assert_eq!(next(&[]).await, Some(jobs[4].id));
    store.set_positions(&[(jobs[4].id, 0.5)]).await.unwrap();
    assert_eq!(store.open_jobs(1, 0).await.unwrap()[0].id, jobs[4].id);
    assert_eq!(store.position_bounds().await.unwrap(), (0.5, 4.0));
    assert_eq!(store.position_before(jobs[0].id).await.unwrap(), Some(0.5));
    assert_eq!(store.counts(0).await.unwrap().waiting, 4);
    assert_eq!(store.set_removed(&[jobs[2].id, jobs[0].id], None).await.unwrap(), [jobs[2].id]);
}

#[tokio::test]
async fn failures_stay_until_they_are_seen() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let jobs = add(&store, 2).await;
    for (n, job) in jobs.iter().enumerate() {
        let change = StateChange { ended_at: i64::try_from(n).ok(), ..StateChange::default() };
        let ended = JobState::Ended(Outcome::Failed);
        assert!(store.move_state(job.id, JobState::Held, ended, &change).await.unwrap().is_some());
    }
    assert_eq!(store.unseen_failures(9).await.unwrap().len(), 2);
    assert_eq!(store.finished_jobs(9, 0).await.unwrap()[0].id, jobs[1].id, "newest first");
    store.set_seen(&[jobs[0].id]).await.unwrap();
    let retry = JobRow {
        id: JobId(Uuid::now_v7()),
        retry_of: Some(jobs[1].id),
        ..job(jobs[1].batch_id, 9.0)
    };
    let event = JobEventRow { job_id: retry.id, at: 1, text: "again".into(), bad: false };
    store.add_retry(jobs[1].id, &retry, &event).await.unwrap();
    assert_eq!(store.job(jobs[1].id).await.unwrap().unwrap().retried_by, Some(retry.id));
    assert_eq!(store.counts(0).await.unwrap().unseen_failures, 0);
}

#[tokio::test]
async fn outputs_are_found_by_words_models_and_odd_input() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let jobs = add(&store, 1).await;
    store
        .move_state(
            jobs[0].id,
            JobState::Held,
            JobState::Collecting(ServerEnd::Succeeded),
            &StateChange::default(),
        )
        .await
        .unwrap();
    let rows = [
        asset(&jobs[0], 1, "a crème brûlée, window light", "sd_xl_base_1.0.safetensors"),
        asset(&jobs[0], 2, "fjord at dusk", "flux1-dev.safetensors"),
    ];
    store.add_assets(&rows).await.unwrap();
    store.add_assets(&rows).await.unwrap();
    let newest = store.newest(10).await.unwrap();
    let ids: Vec<_> = newest.iter().map(|asset| asset.id).collect();
    assert_eq!(ids, [rows[1].id, rows[0].id], "stored once, newest first");
    for (words, beginning, hits) in [
        ("creme", false, 1),
        ("BRÛL", true, 1),
        ("BRÛL", false, 0),
        ("window li", true, 1),
        ("window fjord", true, 0),
        ("flux1-dev", true, 1),
        ("'\"*()-:^ AND OR NEAR(", true, 0),
        ("\"", true, 0),
        ("fjord \u{0}", true, 1),
        ("日本", true, 0),
    ] {
        let term = TextTerm { column: None, words: words.into(), beginning };
        assert_eq!(store.texts_with(&term).await.unwrap().len(), hits, "{words:?}");
    }
    let shown = store.job(jobs[0].id).await.unwrap().unwrap();
    let newest: Vec<_> = shown.shown.iter().map(|(id, _)| *id).collect();
    assert_eq!((shown.asset_count, newest), (2, vec![rows[0].id, rows[1].id]));
    let second = store::AssetRow { seq: 2, ..rows[1].clone() };
    assert_eq!(store.assets(&[rows[1].id]).await.unwrap(), [second]);
    assert!(store.asset_source(jobs[0].id).await.unwrap().contains(&("9".into(), 2)));
}

#[tokio::test]
async fn estimates_come_from_runs_that_succeeded_on_that_server() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let server = ServerId(Uuid::now_v7());
    let jobs = add(&store, 2).await;
    for (job, outcome, ms) in
        [(&jobs[0], Outcome::Succeeded, 100), (&jobs[1], Outcome::Failed, 900)]
    {
        let run = NodeRunRow {
            node_id: "3".into(),
            title: "KSampler".into(),
            class: "KSampler".into(),
            state: "done".into(),
            value: Some(20.0),
            max: Some(20.0),
            started_at: Some(1_000),
            ended_at: Some(1_000 + ms),
            made: 0,
        };
        let change = StateChange {
            server_id: Some(server),
            started_at: Some(1_000),
            ended_at: Some(1_500),
            node_runs: Some(vec![run.clone()]),
            ..StateChange::default()
        };
        store.move_state(job.id, JobState::Held, JobState::Ended(outcome), &change).await.unwrap();
        assert_eq!(store.node_runs(job.id).await.unwrap(), [run]);
    }
    let past = store.runs_of_class(server, "KSampler").await.unwrap();
    assert_eq!(past.len(), 1, "the failed one does not count");
    assert_eq!((past[0].ms, past[0].steps, past[0].pixels), (100.0, Some(20.0), Some(1.0e6)));
    assert_eq!(store.runs_of_shape(server, "tall", 6).await.unwrap(), past);
    assert_eq!(store.durations_of_shape(server, "tall", 6).await.unwrap(), [500.0]);
    let other = ServerId(Uuid::now_v7());
    assert!(store.runs_of_class(other, "KSampler").await.unwrap().is_empty());
    assert!(store.runs_of_shape(other, "tall", 6).await.unwrap().is_empty());
    assert!(store.durations_of_shape(server, "wide", 6).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_open_is_counted_by_what_it_costs() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let jobs = add(&store, 4).await;
    let server = ServerId(Uuid::now_v7());
    let change =
        StateChange { server_id: Some(server), started_at: Some(7), ..StateChange::default() };
    store.move_state(jobs[0].id, JobState::Held, JobState::Running, &change).await.unwrap();
    store.set_on_hold(&[jobs[3].id], true).await.unwrap();
    let open = store.open_shapes().await.unwrap();
    let seen: Vec<_> = open.iter().map(|o| (o.count, o.server_id, o.started_at)).collect();
    assert_eq!(seen, [(1, Some(server), Some(7)), (2, None, None)]);
}

#[tokio::test]
async fn batches_are_named_grouped_and_held_and_a_waiting_job_gets_another_workflow() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let jobs = add(&store, 4).await;
    let ids = |some: &[usize]| some.iter().map(|n| jobs[*n].id).collect::<Vec<_>>();
    store.name_batch(jobs[0].batch_id, Some("Harbour")).await.unwrap();
    assert_eq!(store.job(jobs[2].id).await.unwrap().unwrap().batch_name.unwrap(), "Harbour");

    let group =
        BatchRow { id: BatchId(Uuid::now_v7()), title: "b".into(), created_at: 1, count: 2 };
    let moved = store.group(&group, Some("Lakes"), &ids(&[3, 1])).await.unwrap();
    assert_eq!(moved, ids(&[3, 1]));
    let last = store.job(jobs[1].id).await.unwrap().unwrap();
    assert_eq!((last.batch_id, last.batch_index, last.batch_count), (group.id, 2, 2));
    assert_eq!(last.batch_name.as_deref(), Some("Lakes"));

    let mut held = store.hold_batch(jobs[0].batch_id).await.unwrap();
    held.sort();
    assert_eq!(held, ids(&[0, 2]));

    let other = WorkflowRow {
        hash: domain::WorkflowHash("0".repeat(64)),
        prompt: "{}".into(),
        ..workflow()
    };
    let now = JobRow { node_count: 9, shape: None, ..jobs[0].clone() };
    let needs = NeedRow { digest: "none".into(), json: "{}".into() };
    let place = NewEntry { workflow: other.hash.clone(), ..entry("edited", 9) };
    assert!(store.set_workflow(jobs[0].id, &other, &needs, &place, &now).await.unwrap());
    let edited = store.job(jobs[0].id).await.unwrap().unwrap();
    assert_eq!((edited.workflow, edited.node_count), (other.hash.clone(), 9));
    let sent = StateChange::default();
    store.move_state(jobs[2].id, JobState::Held, JobState::Sending, &sent).await.unwrap();
    assert!(!store.set_workflow(jobs[2].id, &other, &needs, &place, &now).await.unwrap());
    let (kept, _) = store.entries(&[], 0, 10).await.unwrap();
    assert_eq!(kept[0].newest.structure, "edited");
}

#[tokio::test]
async fn a_removed_server_frees_the_jobs_that_asked_for_it() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let server = attic();
    store.put_server(&server).await.unwrap();
    let renamed = ServerRow {
        name: "studio".into(),
        outputs: Some("/comfy/output".into()),
        ..server.clone()
    };
    store.put_server(&renamed).await.unwrap();
    assert_eq!(store.servers().await.unwrap(), [renamed]);
    let batch =
        BatchRow { id: BatchId(Uuid::now_v7()), title: "b".into(), created_at: 1, count: 1 };
    let asked = JobRow { wants_server: Some(server.id), ..job(batch.id, 1.0) };
    put(&store, &batch, &[], std::slice::from_ref(&asked)).await;
    let other = ServerId(Uuid::now_v7());
    assert!(store.next_eligible(other, 0, &[]).await.unwrap().is_none());
    assert!(store.remove_server(server.id).await.unwrap());
    assert_eq!(store.next_eligible(other, 0, &[]).await.unwrap().unwrap().id, asked.id);
}

#[tokio::test]
async fn a_job_passes_a_server_by_that_lacks_what_it_needs_unless_it_is_meant_for_it() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let server = attic();
    store.put_server(&server).await.unwrap();
    let batch =
        BatchRow { id: BatchId(Uuid::now_v7()), title: "b".into(), created_at: 1, count: 2 };
    let model = NeedRow { digest: "a model".into(), json: "{}".into() };
    let needs =
        |wants_server| JobRow { wants_server, needs: Some("a model".into()), ..job(batch.id, 1.0) };
    let (any, meant) = (needs(None), needs(Some(server.id)));
    put(&store, &batch, std::slice::from_ref(&model), &[any.clone(), meant.clone()]).await;
    assert_eq!(store.open_needs().await.unwrap(), [model]);
    let next = |lacks: Vec<String>| {
        let store = store.clone();
        async move { store.next_eligible(server.id, 0, &lacks).await.unwrap().map(|job| job.id) }
    };
    assert_eq!(next(vec!["another".into()]).await, Some(any.id));
    assert_eq!(next(vec!["a model".into()]).await, Some(meant.id));
}

#[tokio::test]
async fn a_second_program_is_refused_as_long_as_the_first_has_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data/safelight.db");
    let first = open(folder.path()).await;
    let refused = Store::open(&path).await.unwrap_err();
    assert!(matches!(refused, StoreError::InUse { .. }), "{refused}");
    assert!(refused.to_string().contains("SAFELIGHT_DATA_DIR"), "{refused}");
    first.close().await;
    open(folder.path()).await;
}

#[tokio::test]
async fn a_newer_or_damaged_database_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data/safelight.db");
    open(folder.path()).await.close().await;
    let url = format!("sqlite://{}", path.display());
    {
        use sqlx::{Connection, SqliteConnection};
        let mut raw = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query("INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) VALUES (99990101000000, 'future', 0, 1, x'00', 0)")
            .execute(&mut raw).await.unwrap();
        raw.close().await.unwrap();
    }
    let before = std::fs::read(&path).unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { .. }), "{error}");
    assert!(error.to_string().contains("newer Safelight"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);

    std::fs::write(&path, b"this is no database, it is a letter to a friend").unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(std::fs::read(&path).unwrap().starts_with(b"this is no database"));
}

fn entry(shape: &str, used_at: i64) -> NewEntry {
    NewEntry {
        structure: shape.into(),
        workflow: WorkflowHash(format!("hash of {shape}")),
        title: format!("title of {shape}"),
        node_count: 3,
        facts: PictureFacts { prompt: Some("a red_boat 100%".into()), ..PictureFacts::default() },
        source: None,
        used_at,
    }
}

#[tokio::test]
async fn the_library_lists_pinned_ones_first_and_finds_words() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let of = |name: &str| WorkflowRow { hash: entry(name, 1).workflow, ..workflow() };
    let workflows = [of("old"), of("new"), of("mid")];
    let entries = [entry("old", 1), entry("new", 9), entry("mid", 5)];
    store.keep_workflows(&workflows, &entries).await.unwrap();
    assert!(store.pin_entry("old", true).await.unwrap());
    assert!(!store.pin_entry("none", true).await.unwrap());
    let shapes = |(rows, total): (Vec<store::EntryRow>, u32)| {
        (rows.into_iter().map(|row| row.newest.structure).collect::<Vec<_>>(), total)
    };
    let list = async |words: &[&str], offset, limit| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        shapes(store.entries(&words, offset, limit).await.unwrap())
    };
    assert_eq!(list(&[], 0, 10).await, (vec!["old".into(), "new".into(), "mid".into()], 3));
    assert_eq!(list(&[], 1, 1).await, (vec!["new".into()], 3));
    // What means something in a pattern is looked for as it is.
    assert_eq!(list(&["RED_boat", "100%"], 0, 10).await.1, 3);
    assert_eq!(list(&["redxboat"], 0, 10).await.1, 0);
    assert!(store.name_entry("mid", Some("Harbour")).await.unwrap());
    assert_eq!(list(&["harbour"], 0, 10).await, (vec!["mid".into()], 1));
    store.remove_entries(&["mid".into(), "old".into()], Some(20)).await.unwrap();
    assert_eq!(list(&[], 0, 10).await.1, 1);
    store.remove_entries(&["old".into()], None).await.unwrap();
    assert_eq!(list(&[], 0, 10).await.1, 2);
    // Used again, it is back, and keeps its name.
    store.keep_workflows(&workflows, &[entry("mid", 30)]).await.unwrap();
    let (rows, _) = store.entries(&["Harbour".into()], 0, 10).await.unwrap();
    assert_eq!((rows[0].newest.used_at, rows[0].name.as_deref()), (30, Some("Harbour")));
    assert_eq!((rows[0].runs, rows[0].last.is_some()), (0, false));
}

#[tokio::test]
async fn an_entry_knows_its_runs_and_its_newest_result() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let jobs = add(&store, 2).await;
    let before = store.workflows_without_entry(10).await.unwrap();
    assert_eq!((before.len(), &before[0].0.hash), (1, &workflow().hash));
    let old = NewEntry { workflow: workflow().hash, ..entry("tall", 1) };
    store.keep_workflows(&[], &[old]).await.unwrap();
    assert!(store.workflows_without_entry(10).await.unwrap().is_empty());
    let same = store.same(&workflow().hash).await.unwrap().unwrap();
    assert_eq!((same.count, same.state), (2, JobState::Held));
    assert_eq!(store.same(&WorkflowHash("other".into())).await.unwrap(), None);
    store.set_removed(&[jobs[0].id], Some(5)).await.unwrap();
    assert_eq!(store.same(&workflow().hash).await.unwrap().unwrap().count, 1);
}
