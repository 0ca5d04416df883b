//! What preview nodes make on the way.

use crate::support::{practice, until};
use domain::{BatchId, JobState, Outcome, ServerId};
use engine::{
    Clock, Engine, EngineConfig, Pace, ServerInput,
    view::{AssetView, LibraryQuery, Mark, StreamMessage},
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use uuid::Uuid;

const DAY: i64 = 24 * 60 * 60 * 1_000;

async fn start_by(folder: &Path, now: &Arc<AtomicI64>) -> Engine {
    let now = now.clone();
    let config = EngineConfig {
        data_dir: folder.join("data"),
        cache_dir: folder.join("cache"),
        library_dir: folder.join("library"),
        policy: engine::Policy::default(),
        pace: Pace { sweep_bin: Duration::from_millis(50), ..Pace::default() },
    };
    Engine::start_by(config, Clock::by(move || now.load(Ordering::Relaxed))).await.unwrap()
}

/// Two pictures that are looked at on the way, and perhaps one that is saved.
fn prompt(color: u32, saves: bool) -> String {
    let save =
        r#","4":{"class_type":"SaveImage","inputs":{"images":["2",0],"filename_prefix":"x"}}"#;
    format!(
        r#"{{"1":{{"class_type":"EmptyImage","inputs":{{"width":64,"height":64,"batch_size":1,"color":{color}}}}},
"2":{{"class_type":"ImageInvert","inputs":{{"image":["1",0]}}}},
"3":{{"class_type":"PreviewImage","inputs":{{"images":["1",0]}}}}{}}}"#,
        if saves { save } else { "" }
    )
}

async fn made(engine: &Engine, prompt: String) -> Vec<AssetView> {
    let report = engine.intake_text(BatchId(Uuid::now_v7()), prompt, false).await.unwrap();
    let job = report.items[0].job_id.unwrap();
    until("it is made", || async {
        let detail = engine.job_get(job).await.unwrap();
        let done = detail.job.state == JobState::Ended(Outcome::Succeeded);
        done.then_some(detail.assets)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn previews_are_kept_apart_and_go_to_the_bin_unless_they_are_marked() {
    let folder = TempDir::new().unwrap();
    let server = practice(folder.path(), 0, Duration::ZERO).await;
    let now = Arc::new(AtomicI64::new(chrono::Utc::now().timestamp_millis()));
    let engine = start_by(folder.path(), &now).await;
    let input = ServerInput {
        id: ServerId(Uuid::now_v7()),
        name: "bench".into(),
        address: server.url(),
        max_held: 2,
        outputs: None,
    };
    engine.server_add(input).await.unwrap();
    let shown = async |text: &str, wanted: u32| {
        let query = LibraryQuery { text: text.into(), ..LibraryQuery::default() };
        until(&format!("{wanted} of {text:?} are there"), || async {
            let answer = engine.library_query(query.clone()).await.unwrap();
            (answer.whole && answer.shown == wanted).then_some(answer)
        })
        .await
    };

    let first = made(&engine, prompt(1, true)).await;
    let second = made(&engine, prompt(2, true)).await;
    for assets in [&first, &second] {
        // The output comes first, and the preview lies in a folder of its own.
        let previews: Vec<bool> = assets.iter().map(|asset| asset.preview).collect();
        assert_eq!(previews, [false, true]);
        let job = engine.job_get(assets[0].job_id.unwrap()).await.unwrap().job;
        assert_eq!((job.asset_count, job.thumbs.last()), (1, Some(&assets[0].id)));
        assert!(assets[1].path.contains("previews/") && !assets[0].path.contains("previews"));
    }
    assert_eq!(shown("", 2).await.total, 2);
    let first_message = engine.open_stream(None).recv().await;
    let Some(StreamMessage::Snapshot { snapshot }) = first_message else { panic!("no snapshot") };
    assert_eq!((snapshot.counts.assets, snapshot.counts.assets_last_hour), (2, 2));
    shown("is:preview", 2).await;
    shown(&format!("job:{}", first[0].job_id.unwrap()), 2).await;

    // Where nothing is saved, what is looked at is what was made.
    let only = made(&engine, prompt(3, false)).await;
    assert_eq!(only.iter().map(|asset| asset.preview).collect::<Vec<_>>(), [false]);
    shown("", 3).await;

    // What the artist marks is shown like all others, and stays.
    let kept = shown("is:preview", 2).await.first[0].key;
    engine.asset_mark(vec![kept], Mark::Rating { stars: 4 }).await.unwrap();
    shown("", 4).await;
    // When the bin is emptied after 29 days, previews were looked at, and are still there.
    engine.bin_set(Some(7)).await.unwrap();
    let thrown = shown("-is:preview rating:0", 3).await.first[0].key;
    engine.asset_mark(vec![thrown], Mark::Bin).await.unwrap();
    shown("is:binned", 1).await;
    now.fetch_add(29 * DAY, Ordering::Relaxed);
    shown("is:binned", 0).await;
    shown("is:preview", 2).await;
    now.fetch_add(2 * DAY, Ordering::Relaxed);
    shown("is:preview", 1).await;
    shown("is:binned", 1).await;
    shown("", 3).await;
    engine.stop().await;
    server.stop().await;
}
