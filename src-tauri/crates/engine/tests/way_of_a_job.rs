//! The way of a job against a real server on a socket: the practice engine.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use domain::{JobState, Outcome, TroubleCode};
use engine::{
    NoticeKind,
    view::{LibraryQuery, NodeState},
};
use practice::Scene;
use std::time::Duration;
use support::{Bench, classic, plain, until};

const FAST: Duration = Duration::from_millis(2);
const SLOW: Duration = Duration::from_millis(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_becomes_a_verified_file_in_the_library() {
    let bench = Bench::new(FAST).await;
    let mut notices = bench.engine.notices();
    let id = bench.queue(&classic(18_446_744_073_709_551_615, 6)).await;
    let detail = bench.ended(id, Outcome::Succeeded).await;

    assert!((detail.progress.share - 1.0).abs() < f64::EPSILON);
    assert!(detail.progress.nodes.iter().all(|node| node.state == NodeState::Done));
    let sampler = detail.progress.nodes.iter().find(|node| node.id == "3").unwrap();
    assert_eq!((sampler.title.as_str(), sampler.max), ("First pass", Some(6.0)));
    assert!(!detail.previews.is_empty(), "previews were kept");

    let [asset] = detail.assets.as_slice() else { panic!("one picture: {:?}", detail.assets) };
    assert_eq!((asset.width, asset.height), (Some(128), Some(128)));
    assert_eq!(asset.facts.seed.as_deref(), Some("18446744073709551615"));
    assert_eq!(asset.facts.prompt.as_deref(), Some("a quiet harbour"));
    assert_eq!(asset.facts.cfg.as_deref(), Some("7.5"));
    assert!(asset.practice);

    let path = bench.engine.asset_path(asset.id).await.unwrap();
    let ours = std::fs::read(&path).unwrap();
    let url = format!("{}/view?filename=classic_00001_.png&type=output", bench.practice().url());
    let theirs = reqwest::get(url).await.unwrap().bytes().await.unwrap();
    assert_eq!(ours, theirs, "bit-identical to what /view gives");
    assert_eq!(asset.hash.as_deref(), Some(blake3::hash(&ours).to_hex().as_str()));
    assert!(
        bench.engine.media_asset(asset.id, engine::MediaSize::Thumb).await.unwrap().path.is_file()
    );

    until("the picture is found by a word of its prompt", || async {
        let query = LibraryQuery { text: "harb".into(), ..LibraryQuery::default() };
        let found = bench.engine.library_query(query).await.unwrap();
        (found.whole && found.shown == 1).then_some(())
    })
    .await;
    let notice = notices.recv().await.unwrap();
    assert_eq!(notice.kind, NoticeKind::BatchDone { done: 1, failed: 0 });
    assert!(notices.try_recv().is_err(), "exactly one notice");
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cached_nodes_are_said_to_be_cached() {
    let bench = Bench::new(FAST).await;
    let first = bench.queue(&classic(5, 3)).await;
    bench.ended(first, Outcome::Succeeded).await;
    let second = bench.queue(&classic(6, 3)).await;
    let detail = bench.ended(second, Outcome::Succeeded).await;
    let state = |id: &str| detail.progress.nodes.iter().find(|node| node.id == id).unwrap().state;
    assert_eq!(state("4"), NodeState::Cached);
    assert_eq!(state("3"), NodeState::Done);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_workflow_says_where_and_what() {
    let bench = Bench::new(FAST).await;
    let cases = [
        (
            classic(1, 3).replace("practice_marble", "absent"),
            TroubleCode::Validation,
            "absent.safetensors",
        ),
        (plain(1).replace("ImageInvert", "NoSuchNode"), TroubleCode::MissingNode, "NoSuchNode"),
        (plain(1).replace(r#""image":["1",0]"#, ""), TroubleCode::Validation, "needs image"),
        (plain(1).replace("\"width\":64", "\"width\":0"), TroubleCode::Validation, "less than"),
    ];
    for (prompt, code, word) in cases {
        let id = bench.queue(&prompt).await;
        // Where the server has said what it has, it is held for a look: released, it is sent.
        bench.engine.job_hold(vec![id], false).await.unwrap();
        let detail = bench.ended(id, Outcome::Failed).await;
        let trouble = detail.job.trouble.unwrap();
        assert_eq!(trouble.code, code, "{trouble:?}");
        assert!(trouble.message.contains(word), "{} should name {word}", trouble.message);
        assert_eq!(bench.runs(id), 0);
    }
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_is_cancelled_and_only_that_one() {
    let bench = Bench::new(SLOW).await;
    let first = bench.queue(&classic(1, 40)).await;
    let second = bench.queue(&plain(2)).await;
    bench.job(first, |detail| detail.progress.steps_done >= 2.0).await;
    bench.engine.job_cancel(vec![first]).await.unwrap();
    let detail = bench.ended(first, Outcome::Cancelled).await;
    assert!(detail.progress.share < 1.0);
    bench.ended(second, Outcome::Succeeded).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pausing_finishes_what_runs_and_keeps_the_rest() {
    let bench = Bench::new(SLOW).await;
    // However long the pause takes, the first is not over before.
    bench.practice().set_scene(Scene::Stall, true);
    let running = bench.queue(&classic(1, 12)).await;
    let waiting = bench.queue(&plain(2)).await;
    bench.job(running, |detail| detail.job.state == JobState::Running).await;
    bench.job(waiting, |detail| detail.job.state == JobState::Queued).await;
    bench.engine.queue_pause(true, false).await.unwrap();
    bench.job(waiting, |detail| detail.job.state == JobState::Held).await;
    bench.practice().set_scene(Scene::Stall, false);
    bench.ended(running, Outcome::Succeeded).await;
    assert_eq!(bench.runs(waiting), 0);
    bench.engine.queue_pause(false, false).await.unwrap();
    bench.ended(waiting, Outcome::Succeeded).await;
    assert_eq!(bench.runs(waiting), 1);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_reordered_held_removed_and_restored() {
    let bench = Bench::new(FAST).await;
    bench.engine.queue_pause(true, false).await.unwrap();
    let mut jobs = Vec::new();
    for color in 1..=4 {
        jobs.push(bench.queue(&plain(color)).await);
    }
    let order = || async {
        let open = bench.engine.job_list(engine::Which::Open, 0, 100).await.unwrap();
        open.into_iter()
            .map(|job| jobs.iter().position(|id| *id == job.id).unwrap())
            .collect::<Vec<_>>()
    };
    bench.engine.job_move(vec![jobs[3], jobs[2]], Some(jobs[0])).await.unwrap();
    assert_eq!(order().await, [3, 2, 0, 1]);
    bench.engine.job_run_next(vec![jobs[1]]).await.unwrap();
    assert_eq!(order().await, [1, 3, 2, 0]);
    bench.engine.job_remove(vec![jobs[3]]).await.unwrap();
    assert_eq!(order().await, [1, 2, 0]);
    bench.engine.job_restore(vec![jobs[3]]).await.unwrap();
    assert_eq!(order().await, [1, 3, 2, 0]);
    bench.engine.job_hold(vec![jobs[0]], true).await.unwrap();
    bench.engine.queue_pause(false, false).await.unwrap();
    for id in [jobs[1], jobs[3], jobs[2]] {
        bench.ended(id, Outcome::Succeeded).await;
    }
    let held = bench.engine.job_get(jobs[0]).await.unwrap();
    assert!(held.job.on_hold && held.job.state == JobState::Held);
    bench.engine.job_hold(vec![jobs[0]], false).await.unwrap();
    bench.ended(jobs[0], Outcome::Succeeded).await;
    bench.engine.stop().await;
}
