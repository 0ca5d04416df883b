//! What goes wrong between us and a server, and that nothing is lost or run twice by it.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use domain::{JobState, Outcome, TroubleCode};
use engine::view::LinkState;
use practice::Scene;
use std::time::Duration;
use support::{Bench, classic, plain, start_engine};

const FAST: Duration = Duration::from_millis(2);
const SLOW: Duration = Duration::from_millis(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_restarts_loses_the_job_and_gets_it_again() {
    let mut bench = Bench::new(SLOW).await;
    let id = bench.queue(&classic(1, 30)).await;
    bench.job(id, |detail| detail.progress.steps_done >= 1.0).await;
    bench.stop_practice().await;
    bench.start_practice().await;
    let lost = bench.ended(id, Outcome::Lost).await;
    assert_eq!(lost.job.trouble.unwrap().code, TroubleCode::Lost);
    let retry =
        bench.job(id, |detail| detail.job.retried_by.is_some()).await.job.retried_by.unwrap();
    let detail = bench.ended(retry, Outcome::Succeeded).await;
    assert_eq!(detail.job.retry_of, Some(id));
    assert_eq!(detail.job.attempt, 2);
    assert_eq!(bench.runs(retry), 1);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_vanishes_finds_its_job_again() {
    let mut bench = Bench::new(SLOW).await;
    let id = bench.queue(&classic(1, 20)).await;
    bench.job(id, |detail| detail.progress.steps_done >= 1.0).await;
    // The process is gone between two of its instructions; what is stored is all there is.
    bench.engine.stop().await;
    bench.engine = start_engine(bench.folder.path()).await;
    bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(bench.runs(id), 1, "it ran once");
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_socket_is_picked_up_again() {
    let bench = Bench::new(SLOW).await;
    let id = bench.queue(&classic(1, 25)).await;
    bench.job(id, |detail| detail.progress.steps_done >= 2.0).await;
    bench.practice().set_scene(Scene::DropSockets, true);
    bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(bench.runs(id), 1);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_offer_is_looked_up_and_not_sent_twice() {
    let bench = Bench::new(FAST).await;
    bench.practice().set_scene(Scene::PromptDropped, true);
    let id = bench.queue(&plain(3)).await;
    bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(bench.runs(id), 1);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_socket_jobs_complete_by_asking_and_the_page_is_told() {
    let bench = Bench::new(FAST).await;
    online(&bench).await;
    bench.practice().set_scene(Scene::SocketsRefused, true);
    bench.engine.server_reconnect(bench.server).await.unwrap();
    support::until("the link is online without live events", || async {
        let snapshot = bench.snapshot().await;
        let server = &snapshot.servers[0];
        (server.link == LinkState::Online && !server.live && server.message.is_some()).then_some(())
    })
    .await;
    let id = bench.queue(&classic(2, 3)).await;
    let detail = bench.ended(id, Outcome::Succeeded).await;
    assert!(!detail.progress.live);
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_page_or_another_program_is_told_apart_and_keeps_the_job() {
    let bench = Bench::new(FAST).await;
    online(&bench).await;
    bench.practice().set_scene(Scene::LoginPage, true);
    bench.engine.server_reconnect(bench.server).await.unwrap();
    support::until("the link is refused", || async {
        let snapshot = bench.snapshot().await;
        (snapshot.servers[0].link == LinkState::Refused).then_some(())
    })
    .await;
    let id = bench.queue(&plain(4)).await;
    assert_eq!(bench.engine.job_get(id).await.unwrap().job.state, JobState::Held);
    bench.practice().set_scene(Scene::LoginPage, false);
    bench.engine.server_reconnect(bench.server).await.unwrap();
    bench.ended(id, Outcome::Succeeded).await;
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_that_vanished_keeps_the_job_collecting_until_it_is_back() {
    let bench = Bench::new(FAST).await;
    let library = bench.folder.path().join("library");
    std::fs::remove_dir_all(&library).unwrap();
    let id = bench.queue(&plain(5)).await;
    let detail = bench
        .job(id, |detail| {
            detail.job.trouble.as_ref().is_some_and(|t| t.code == TroubleCode::Library)
        })
        .await;
    assert!(matches!(detail.job.state, JobState::Collecting(_)));
    assert!(bench.snapshot().await.library.trouble.is_some());
    assert!(!library.exists(), "a drive that is not connected is not made anew");
    bench.engine.library_set(library.clone()).await.unwrap();
    let detail = bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(detail.assets.len(), 1);
    assert!(detail.job.trouble.is_none());
    bench.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_keeps_the_job_collecting_until_there_is_room() {
    let mut bench = Bench::new(FAST).await;
    let small = bench.folder.path().join("small");
    std::fs::create_dir(&small).unwrap();
    let Some(disk) = SmallDisk::mount(&small, "4k") else {
        println!("not run: a small disk can be mounted by root only");
        return;
    };
    bench.engine.library_set(small.clone()).await.unwrap();
    let id = bench.queue(&classic(3, 2)).await;
    let detail = bench.job(id, |detail| detail.job.trouble.is_some()).await;
    let trouble = detail.job.trouble.unwrap();
    assert_eq!(trouble.code, TroubleCode::Library);
    assert!(trouble.message.contains("space"), "{}", trouble.message);
    assert!(!detail.job.state.is_ended());
    disk.grow();
    bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(bench.runs(id), 1);
    bench.engine.stop().await;
    bench.stop_practice().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_the_database_moves_nothing_until_there_is_room() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let Some(disk) = SmallDisk::mount(&data, "16m") else {
        println!("not run: a small disk can be mounted by root only");
        return;
    };
    let mut bench = Bench::in_folder(folder, Duration::from_millis(50)).await;
    let id = bench.queue(&classic(7, 20)).await;
    bench.job(id, |detail| detail.job.state == JobState::Running).await;
    // What is there already may be written anew; nothing more.
    let rest = data.join("rest");
    let _ = std::fs::write(&rest, vec![1; 16 << 20]);
    let refused = bench
        .engine
        .intake_text(domain::BatchId(uuid::Uuid::now_v7()), wide(20_000), false)
        .await
        .unwrap_err();
    assert!(refused.message.contains("full"), "{refused:?}");
    let ended = async || {
        let record = bench.practice().record();
        record.executions.iter().any(|run| run.ended.is_some()).then_some(())
    };
    support::until("the server is done with it", ended).await;
    std::fs::remove_file(&rest).unwrap();
    bench.ended(id, Outcome::Succeeded).await;
    assert_eq!(bench.runs(id), 1);
    bench.engine.stop().await;
    drop(disk);
    bench.stop_practice().await;
}

/// A prompt with a long text.
fn wide(letters: usize) -> String {
    classic(8, 1).replace("a quiet harbour", &"fjord ".repeat(letters))
}

/// A small disk, in memory.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(at: &std::path::Path, size: &str) -> Option<Self> {
        let done = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .status();
        done.is_ok_and(|done| done.success()).then(|| Self(at.to_owned()))
    }

    fn grow(&self) {
        let done = std::process::Command::new("mount")
            .args(["-o", "remount,size=32m"])
            .arg(&self.0)
            .status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_that_the_server_no_longer_has_are_a_failure_with_their_names() {
    let bench = Bench::new(FAST).await;
    bench.practice().set_scene(Scene::ViewMissing, true);
    let id = bench.queue(&plain(6)).await;
    let detail = bench.ended(id, Outcome::Failed).await;
    let trouble = detail.job.trouble.unwrap();
    assert_eq!(trouble.code, TroubleCode::OutputGone);
    assert!(trouble.message.contains("bench_00001_.png"), "{}", trouble.message);
    bench.engine.stop().await;
}

/// Waits for the first connection, so that the next one is that of the test.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_a_kill_cut_short_is_done_at_the_next_start() {
    let mut bench = Bench::new(FAST).await;
    bench.engine.queue_pause(true, false).await.unwrap();
    let id = bench.queue(&plain(9)).await;
    bench.engine.stop().await;
    // As far as the app got before it was killed.
    let store = store::Store::open(&bench.folder.path().join("data/safelight.db")).await.unwrap();
    store.request_cancel(&[id]).await.unwrap();
    store.close().await;
    bench.engine = start_engine(bench.folder.path()).await;
    bench.ended(id, Outcome::Cancelled).await;
    bench.engine.stop().await;
}

async fn online(bench: &support::Bench) {
    support::until("the link is online", || async {
        let server = &bench.snapshot().await.servers[0];
        (server.link == LinkState::Online && server.live).then_some(())
    })
    .await;
}
