//! What can be dropped, and what is said about what cannot.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use domain::BatchId;
use engine::{Engine, SubmitPaths, Which, view::Standing};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};
use support::{plain, start_engine};
use tempfile::TempDir;
use uuid::Uuid;

fn png(texts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    for (key, text) in texts {
        encoder.add_text_chunk((*key).to_owned(), (*text).to_owned()).unwrap();
    }
    encoder.write_header().unwrap().write_image_data(&[0; 12]).unwrap();
    out
}

fn written(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

async fn submit(engine: &Engine, paths: Vec<PathBuf>) -> engine::view::IntakeReport {
    let batch_id = BatchId(Uuid::now_v7());
    engine
        .intake_submit(SubmitPaths { batch_id, paths, on_hold: false, next: false })
        .await
        .unwrap()
}

#[tokio::test]
async fn bad_files_are_named_with_a_sentence_and_nothing_is_queued() {
    let folder = TempDir::new().unwrap();
    let engine = start_engine(folder.path()).await;
    let dir = folder.path();
    let whole = png(&[("prompt", &plain(1))]);
    let huge = dir.join("huge.json");
    let file = File::create(&huge).unwrap();
    file.set_len(300 << 20).unwrap();
    // The rest is a hole; it begins as JSON does.
    let begins = format!("{{\"1\": {{{}", " ".repeat(70_000));
    std::io::Write::write_all(&mut &file, begins.as_bytes()).unwrap();
    let empty = dir.join("empty folder");
    fs::create_dir(&empty).unwrap();
    let nested = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases: Vec<(PathBuf, &str)> = vec![
        (written(dir, "words.json", "hello"), "not JSON"),
        (written(dir, "letter.txt", "hello"), "plain text"),
        (written(dir, "list.json", "[1, 2]"), "workflow"),
        (written(dir, "other.json", r#"{"name": "printer"}"#), "workflow"),
        (written(dir, "empty-prompt.json", "{}"), "no nodes"),
        (written(dir, "empty", ""), "empty"),
        (huge, "300 MB"),
        (written(dir, "deep.json", nested), "nested"),
        (written(dir, "plain.png", png(&[])), "holds no workflow"),
        // In the middle of what it says.
        (written(dir, "cut.png", &whole[..60]), "cut off"),
        (written(dir, "photo.jpg", b"\xff\xd8\xff\xe0\0\x02\xff\xda\0\x02\xff\xd9"), "JPEG"),
        (written(dir, "cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"), "cut off"),
        (
            written(dir, "clip.webm", b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x84webm"),
            "cut off",
        ),
        (written(dir, "clip.mp4", b"\0\0\0\x10ftypisom\0\0\0\0"), "MP4 holds no workflow"),
        (dir.join("gone.json"), "cannot be opened"),
        (empty, "no files in this folder"),
    ];
    let paths = cases.iter().map(|(path, _)| path.clone()).collect();
    let report = submit(&engine, paths).await;
    assert_eq!(report.items.len(), cases.len());
    for (item, (path, word)) in report.items.iter().zip(&cases) {
        assert_eq!(item.standing, Standing::Refused, "{}", path.display());
        assert!(item.message.contains(word), "{}: {}", path.display(), item.message);
        assert!(item.message.ends_with(['.', '?']), "{}: {}", path.display(), item.message);
    }
    assert_eq!(report.batch_id, None);
    assert!(engine.job_list(Which::Open, 0, 10).await.unwrap().is_empty());
    engine.stop().await;
}

#[tokio::test]
async fn the_good_ones_of_a_mixed_drop_are_queued_as_one_batch() {
    let folder = TempDir::new().unwrap();
    let engine = start_engine(folder.path()).await;
    let dir = folder.path();
    let two = png(&[("prompt", &plain(2))]);
    let paths = vec![
        written(dir, "one.json", plain(1)),
        written(dir, "bad.json", "nothing"),
        // Cut off in its pixels: the workflow is whole.
        written(dir, "two.png", &two[..two.len() - 20]),
    ];
    let report = submit(&engine, paths).await;
    let ok: Vec<bool> = report.items.iter().map(|item| item.job_id.is_some()).collect();
    assert_eq!(ok, [true, false, true]);
    let open = engine.job_list(Which::Open, 0, 10).await.unwrap();
    let places: Vec<_> = open.iter().map(|job| (job.batch_index, job.batch_count)).collect();
    assert_eq!(places, [(1, 2), (2, 2)]);
    engine.stop().await;
}

#[tokio::test]
async fn the_same_submission_twice_queues_nothing_twice() {
    let folder = TempDir::new().unwrap();
    let engine = start_engine(folder.path()).await;
    let paths = vec![written(folder.path(), "one.json", plain(1))];
    let submit =
        SubmitPaths { batch_id: BatchId(Uuid::now_v7()), paths, on_hold: true, next: false };
    let first = engine.intake_submit(submit.clone()).await.unwrap();
    let second = engine.intake_submit(submit).await.unwrap();
    assert_eq!(first.items[0].job_id, second.items[0].job_id);
    assert_eq!(engine.job_list(Which::Open, 0, 10).await.unwrap().len(), 1);
    engine.stop().await;
}

#[tokio::test]
async fn looking_at_files_queues_nothing() {
    let folder = TempDir::new().unwrap();
    let engine = start_engine(folder.path()).await;
    let path = written(folder.path(), "one.json", plain(1));
    let report = engine.intake_inspect(vec![path]).await.unwrap();
    assert_eq!(report.items[0].standing, Standing::Ready);
    assert_eq!(report.items[0].nodes, Some(3));
    assert!(engine.job_list(Which::Open, 0, 10).await.unwrap().is_empty());
    engine.stop().await;
}

#[tokio::test]
async fn a_pasted_picture_is_read_like_a_file() {
    let folder = TempDir::new().unwrap();
    let engine = start_engine(folder.path()).await;
    let bytes = png(&[("prompt", &plain(7))]);
    let id = BatchId(Uuid::now_v7());
    let report = engine.intake_bytes(id, "image.png".to_owned(), bytes).await.unwrap();
    assert!(report.items[0].job_id.is_some(), "{}", report.items[0].message);
    let id = BatchId(Uuid::now_v7());
    let report = engine.intake_bytes(id, "image.png".to_owned(), png(&[])).await.unwrap();
    assert!(report.items[0].message.contains("holds no workflow"));
    engine.stop().await;
}
