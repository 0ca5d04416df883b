//! What the queue does by itself and what can be done with it, against the practice engine.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use domain::{BatchId, JobState, Outcome, TroubleCode};
use engine::{Engine, EngineConfig, NoticeKind, Pace, Policy, SubmitPaths, Which};
use practice::Scene;
use std::time::Duration;
use support::{Bench, classic, plain, submit, until};
use uuid::Uuid;

const FAST: Duration = Duration::from_millis(2);
const SLOW: Duration = Duration::from_millis(40);

/// The bench's engine started anew, in the same folders, with short pauses.
async fn quicker(bench: &mut Bench, policy: Policy) {
    bench.engine.stop().await;
    let folder = bench.folder.path();
    bench.engine = Engine::start(EngineConfig {
        data_dir: folder.join("data"),
        cache_dir: folder.join("cache"),
        library_dir: folder.join("library"),
        policy,
        pace: Pace {
            poll_live: Duration::from_millis(100),
            memory_pause: Duration::from_millis(50),
            quiet_after: Duration::from_millis(400),
            ..Pace::default()
        },
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_ran_out_of_memory_is_tried_once_more_with_memory_freed() {
    let mut bench = Bench::new(FAST).await;
    quicker(&mut bench, Policy::default()).await;
    bench.practice().set_scene(Scene::OutOfMemory, true);
    let id = bench.queue(&classic(1, 3)).await;
    let first = bench.ended(id, Outcome::Failed).await;
    assert_eq!(first.job.trouble.unwrap().code, TroubleCode::OutOfMemory);
    let second = bench.ended(first.job.retried_by.unwrap(), Outcome::Failed).await;
    assert_eq!((second.job.attempt, second.job.retried_by), (2, None), "twice is enough");
    let asked = bench.practice().record().asked;
    assert!(asked.iter().any(|asked| asked.method == "POST" && asked.path.ends_with("/free")));
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_job_is_not_tried_again() {
    let mut bench = Bench::new(FAST).await;
    quicker(&mut bench, Policy::default()).await;
    let id = bench.queue(&plain(1).replace("ImageInvert", "NoSuchNode")).await;
    // Where the server has said what it has, it is held for a look: released, it is sent.
    bench.engine.job_hold(vec![id], false).await.unwrap();
    let detail = bench.ended(id, Outcome::Failed).await;
    assert_eq!(detail.job.retried_by, None);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_batch_is_held_when_one_fails_and_that_is_wanted() {
    let mut bench = Bench::new(FAST).await;
    quicker(&mut bench, Policy { stop_batch: true, ..Policy::default() }).await;
    bench.engine.queue_pause(true, false).await.unwrap();
    let bad = plain(1).replace("ImageInvert", "NoSuchNode");
    let paths: Vec<_> = [bad, plain(2), plain(3)]
        .iter()
        .enumerate()
        .map(|(n, text)| {
            let path = bench.folder.path().join(format!("{n}.json"));
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect();
    let submit =
        SubmitPaths { batch_id: BatchId(Uuid::now_v7()), paths, on_hold: false, next: false };
    let report = bench.engine.intake_submit(submit).await.unwrap();
    let ids: Vec<_> = report.items.iter().map(|item| item.job_id.unwrap()).collect();
    // Where the server has said what it has, the first is held for a look: released, it is sent.
    bench.engine.job_hold(vec![ids[0]], false).await.unwrap();
    bench.engine.queue_pause(false, false).await.unwrap();
    bench.ended(ids[0], Outcome::Failed).await;
    let last = bench.job(ids[2], |detail| detail.job.on_hold).await;
    assert_eq!(last.job.state, JobState::Held);
    assert!(last.events.iter().any(|event| event.text.starts_with("Held, because")));
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_stopped_moving_is_spoken_of_and_can_be_cancelled() {
    let mut bench = Bench::new(SLOW).await;
    quicker(&mut bench, Policy::default()).await;
    let mut notices = bench.engine.notices();
    let id = bench.queue(&classic(1, 40)).await;
    bench.job(id, |detail| detail.progress.steps_done >= 1.0).await;
    bench.practice().set_scene(Scene::Stall, true);
    let notice = notices.recv().await.unwrap();
    assert_eq!((notice.kind, notice.job), (NoticeKind::Quiet, id));
    let detail = bench.engine.job_get(id).await.unwrap();
    assert_eq!(detail.job.state, JobState::Running, "nothing is guessed");
    assert!(detail.events[0].text.contains("said nothing"), "{:?}", detail.events);
    bench.engine.job_cancel(vec![id]).await.unwrap();
    bench.ended(id, Outcome::Cancelled).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_clients_jobs_are_ahead_and_left_alone() {
    let mut bench = Bench::new(SLOW).await;
    quicker(&mut bench, Policy::default()).await;
    let http = reqwest::Client::new();
    let url = bench.practice().url();
    // So long that it runs until the server goes with the bench.
    let other: serde_json::Value = serde_json::from_str(&classic(9, 10_000)).unwrap();
    let body = serde_json::json!({ "prompt": other, "client_id": "somebody" }).to_string();
    let theirs = http.post(format!("{url}/prompt")).body(body).send().await.unwrap();
    let theirs: serde_json::Value = serde_json::from_str(&theirs.text().await.unwrap()).unwrap();
    let id = bench.queue(&plain(1)).await;
    let engine = &bench.engine;
    until("the place is known", || async {
        let places = bench.snapshot().await.places;
        places
            .iter()
            .any(|(job, place)| *job == id && (place.ahead, place.others) == (1, 1))
            .then_some(())
    })
    .await;
    engine.job_cancel(vec![id]).await.unwrap();
    bench.ended(id, Outcome::Cancelled).await;
    let theirs = theirs["prompt_id"].as_str().unwrap();
    let running = http.get(format!("{url}/queue")).send().await.unwrap().text().await.unwrap();
    assert!(running.contains(theirs), "the other client's job still runs");
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_saved_to_a_file_and_brought_back() {
    let bench = Bench::new(FAST).await;
    bench.engine.queue_pause(true, false).await.unwrap();
    let first = bench.queue(&classic(18_446_744_073_709_551_615, 3)).await;
    let second = bench.queue(&plain(2)).await;
    bench.engine.job_hold(vec![second], true).await.unwrap();
    let path = bench.folder.path().join("queue.json");
    assert_eq!(bench.engine.queue_export(path.clone(), Vec::new()).await.unwrap(), 2);
    let workflow = bench.engine.job_workflow(first).await.unwrap();
    bench.engine.queue_clear().await.unwrap();
    assert!(bench.engine.queue_export(path.clone(), Vec::new()).await.is_err(), "nothing waits");

    let submit = SubmitPaths {
        batch_id: BatchId(Uuid::now_v7()),
        paths: vec![path],
        on_hold: false,
        next: false,
    };
    bench.engine.intake_submit(submit).await.unwrap();
    let back = bench.engine.job_list(Which::Open, 0, 10).await.unwrap();
    assert_eq!(back.iter().map(|job| job.on_hold).collect::<Vec<_>>(), [false, true]);
    assert_eq!(bench.engine.job_workflow(back[0].id).await.unwrap(), workflow, "to the letter");
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_job_is_edited_and_batches_are_named_and_grouped() {
    let bench = Bench::new(FAST).await;
    bench.engine.queue_pause(true, false).await.unwrap();
    let (one, two) = (bench.queue(&plain(1)).await, bench.queue(&plain(2)).await);
    assert!(bench.engine.job_edit(one, "{}").await.is_err(), "no workflow");
    bench.engine.job_edit(one, &classic(7, 2)).await.unwrap();
    let batch = BatchId(Uuid::now_v7());
    bench.engine.batch_group(batch, vec![two, one], "  Harbour \n studies ").await.unwrap();
    let detail = bench.engine.job_get(two).await.unwrap();
    assert_eq!(detail.job.batch_name.as_deref(), Some("Harbour studies"));
    bench.engine.batch_rename(batch, "").await.unwrap();
    assert_eq!(bench.engine.job_get(two).await.unwrap().job.batch_name, None);
    bench.engine.queue_pause(false, false).await.unwrap();
    let detail = bench.ended(one, Outcome::Succeeded).await;
    assert_eq!(detail.job.facts.seed.as_deref(), Some("7"));
    assert!(bench.engine.job_edit(one, &plain(3)).await.is_err(), "it is over");
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_copied_as_one_and_taken_apart() {
    let bench = Bench::new(FAST).await;
    bench.engine.queue_pause(true, false).await.unwrap();
    let ids = vec![bench.queue(&plain(1)).await, bench.queue(&plain(2)).await];
    let batch = BatchId(Uuid::now_v7());
    bench.engine.batch_group(batch, ids.clone(), "Harbour").await.unwrap();
    bench.engine.job_duplicate(ids.clone()).await.unwrap();
    let open = bench.engine.job_list(Which::Open, 0, 10).await.unwrap();
    let copies: Vec<_> = open.iter().filter(|job| !ids.contains(&job.id)).collect();
    assert_eq!(copies.len(), 2);
    assert!(copies.iter().all(|job| job.batch_id == copies[0].batch_id && job.batch_id != batch));
    assert!(copies.iter().all(|job| job.batch_name.as_deref() == Some("Harbour")));
    let places: Vec<_> = copies.iter().map(|job| (job.batch_index, job.batch_count)).collect();
    assert_eq!(places, [(1, 2), (2, 2)]);

    bench.engine.batch_ungroup(ids.clone()).await.unwrap();
    let one = bench.engine.job_get(ids[0]).await.unwrap().job;
    let two = bench.engine.job_get(ids[1]).await.unwrap().job;
    assert!(one.batch_id != batch && one.batch_id != two.batch_id);
    assert_eq!((one.batch_name, one.batch_index, one.batch_count), (None, 1, 1));
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_waits_for_its_time_and_run_next_does_not() {
    let bench = Bench::new(FAST).await;
    bench.engine.queue_pause(true, false).await.unwrap();
    let (late, other) = (bench.queue(&plain(1)).await, bench.queue(&plain(2)).await);
    bench.engine.job_hold(vec![late], true).await.unwrap();
    let far = now() + 3_600_000;
    bench.engine.job_start_at(vec![late], Some(far)).await.unwrap();
    let job = bench.engine.job_get(late).await.unwrap().job;
    assert_eq!((job.start_at, job.on_hold), (Some(far), false), "a time lets go");
    bench.engine.queue_pause(false, false).await.unwrap();
    bench.ended(other, Outcome::Succeeded).await;
    assert_eq!(bench.engine.job_get(late).await.unwrap().job.state, JobState::Held);

    bench.engine.job_start_at(vec![late], Some(now() + 300)).await.unwrap();
    bench.ended(late, Outcome::Succeeded).await;
    assert_eq!(bench.runs(late), 1);
    assert!(bench.engine.job_start_at(vec![late], Some(far)).await.is_err(), "it is over");

    bench.engine.queue_pause(true, false).await.unwrap();
    let next = bench.queue(&plain(3)).await;
    bench.engine.job_start_at(vec![next], Some(far)).await.unwrap();
    bench.engine.job_run_next(vec![next]).await.unwrap();
    bench.engine.queue_pause(false, false).await.unwrap();
    bench.ended(next, Outcome::Succeeded).await;
    bench.engine.stop().await;
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_rests_on_earlier_runs_and_is_not_said_without() {
    let bench = Bench::new(SLOW).await;
    let first = bench.queue(&classic(1, 40)).await;
    let detail = bench.job(first, |detail| detail.progress.steps_done >= 3.0).await;
    assert_eq!(detail.progress.left, None, "there is no earlier run");
    assert!(detail.progress.rough);
    bench.ended(first, Outcome::Succeeded).await;
    let second = bench.queue(&classic(2, 40)).await;
    bench.job(second, |detail| detail.progress.steps_done >= 10.0).await;
    // However late that was seen, it is not over when it is asked for.
    bench.practice().set_scene(Scene::Stall, true);
    let detail = bench.engine.job_get(second).await.unwrap();
    let left = detail.progress.left.unwrap();
    assert!(!detail.progress.rough && left.runs == 1 && !left.late, "{left:?}");
    // Thirty of forty steps of 40 ms are left, and on a busy machine fewer or longer ones.
    assert!((50.0..20_000.0).contains(&left.ms), "{left:?}");
    bench.practice().set_scene(Scene::Stall, false);
    bench.ended(second, Outcome::Succeeded).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_begins_with_a_part_of_a_long_queue_and_what_runs_and_can_ask_for_the_rest() {
    const JOBS: usize = 2_300;
    let bench = Bench::new(SLOW).await;
    let jobs: Vec<_> = (0..JOBS)
        .map(|at| format!(r#"{{"title":"{at}","on_hold":true,"prompt":{}}}"#, classic(1, 400)))
        .collect();
    let file = bench.folder.path().join("queue.json");
    std::fs::write(&file, format!(r#"{{"safelight_queue":1,"jobs":[{}]}}"#, jobs.join(",")))
        .unwrap();
    let report = submit(&bench.engine, &[file]).await;
    assert_eq!(report.items.iter().filter(|item| item.job_id.is_some()).count(), JOBS);
    // The last of them runs.
    let last = report.items[JOBS - 1].job_id.unwrap();
    bench.engine.job_hold(vec![last], false).await.unwrap();
    bench.job(last, |detail| detail.job.state == JobState::Running).await;
    let snapshot = bench.snapshot().await;
    assert!(!snapshot.open_whole);
    let titles: Vec<_> = snapshot.open.iter().map(|job| job.title.as_str()).collect();
    assert_eq!((titles.len(), titles[0], titles[999]), (1_001, "0", "999"));
    assert_eq!(snapshot.open[1_000].id, last);
    assert_eq!(snapshot.progress[0].job_id, last);
    assert_eq!((snapshot.counts.waiting, snapshot.counts.running), (2_299, 1));
    let mut all = Vec::new();
    loop {
        let offset = u32::try_from(all.len()).unwrap();
        let page = bench.engine.job_list(Which::Open, offset, 1_000).await.unwrap();
        let whole = page.len() < 1_000;
        all.extend(page.into_iter().map(|job| job.title));
        if whole {
            break;
        }
    }
    assert_eq!(all, (0..JOBS).map(|at| at.to_string()).collect::<Vec<_>>());
    bench.engine.job_cancel(vec![last]).await.unwrap();
    bench.engine.stop().await;
}
