//! How a picture developed is there after a restart, too.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use domain::{JobId, Outcome};
use engine::view::KeptPreview;
use std::{fs, path::PathBuf, time::Duration};
use support::{Bench, classic, start_engine, until};

/// Where the previews of a job are kept.
fn kept(bench: &Bench, job: JobId) -> PathBuf {
    bench.folder.path().join(format!("data/previews/{job}.previews"))
}

async fn restarted(mut bench: Bench) -> Bench {
    bench.engine.stop().await;
    bench.engine = start_engine(bench.folder.path()).await;
    bench
}

async fn previews(bench: &Bench, job: JobId) -> Vec<KeptPreview> {
    bench.engine.job_get(job).await.unwrap().previews
}

/// A job that ran with previews, and is saved.
async fn developed(bench: &Bench) -> JobId {
    let job = bench.queue(&classic(7, 8)).await;
    bench.ended(job, Outcome::Succeeded).await;
    until("its previews are kept", || async { kept(bench, job).is_file().then_some(()) }).await;
    job
}

#[tokio::test]
async fn previews_outlast_a_restart_and_go_with_their_job() {
    let bench = Bench::new(Duration::from_millis(20)).await;
    let job = developed(&bench).await;
    let before = previews(&bench, job).await;
    assert!(before.len() > 1, "{before:?}");
    let mut pictures = Vec::new();
    for kept in &before {
        pictures.push(bench.engine.media_preview(job, Some(kept.rev)).await.unwrap());
    }

    let bench = restarted(bench).await;
    assert_eq!(previews(&bench, job).await, before);
    for (kept, picture) in before.iter().zip(&pictures) {
        let again = bench.engine.media_preview(job, Some(kept.rev)).await;
        assert_eq!(again.as_ref(), Some(picture));
    }
    assert_eq!(bench.engine.media_preview(job, None).await.as_ref(), pictures.last());

    bench.engine.job_remove(vec![job]).await.unwrap();
    assert_eq!(bench.engine.media_preview(job, None).await, None);
    bench.engine.job_restore(vec![job]).await.unwrap();
    assert_eq!(previews(&bench, job).await, before, "taken back");
    bench.engine.job_remove(vec![job]).await.unwrap();
    let bench = restarted(bench).await;
    bench.engine.job_restore(vec![job]).await.unwrap();
    assert_eq!(previews(&bench, job).await, []);
    assert_eq!(fs::read_dir(bench.folder.path().join("data/previews")).unwrap().count(), 0);
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_run_that_goes_on_over_a_restart_keeps_what_it_had() {
    let bench = Bench::new(Duration::from_millis(150)).await;
    let job = bench.queue(&classic(9, 40)).await;
    bench.job(job, |detail| detail.previews.len() > 2).await;
    let bench = restarted(bench).await;
    let before = fs::metadata(kept(&bench, job)).unwrap().len();
    assert!(before > 0, "saved when the app quits");
    let first = bench.job(job, |detail| !detail.previews.is_empty()).await.previews[0].clone();
    assert_eq!(first.rev, 1);
    let detail = bench.ended(job, Outcome::Succeeded).await;
    let revs: Vec<u32> = detail.previews.iter().map(|kept| kept.rev).collect();
    assert!(revs.is_sorted_by(|a, b| a < b) && revs.len() > 2, "{revs:?}");
    assert_eq!(detail.previews[0], first);
    bench.engine.stop().await;
}

#[tokio::test]
async fn a_damaged_folder_is_no_error() {
    let bench = Bench::new(Duration::from_millis(20)).await;
    let job = developed(&bench).await;
    let folder = bench.folder.path().join("data/previews");
    bench.engine.stop().await;
    fs::write(kept(&bench, job), "[{\"rev\":").unwrap();
    fs::create_dir(folder.join("a folder.previews")).unwrap();
    let bench = Bench { engine: start_engine(bench.folder.path()).await, ..bench };
    assert_eq!(previews(&bench, job).await, []);
    assert_eq!(bench.engine.media_preview(job, Some(1)).await, None);
    bench.engine.stop().await;
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "no folder").unwrap();
    let bench = Bench { engine: start_engine(bench.folder.path()).await, ..bench };
    assert_eq!(previews(&bench, job).await, []);
    // What runs has its previews all the same.
    let job = bench.queue(&classic(8, 8)).await;
    let detail = bench.ended(job, Outcome::Succeeded).await;
    assert!(!detail.previews.is_empty());
    bench.engine.job_remove(vec![job]).await.unwrap();
    bench.engine.stop().await;
}
