//! What preview nodes make on the way: pictures and texts.

use crate::support::{practice, until};
use domain::{BatchId, JobState, Outcome, ServerId};
use engine::{
    Clock, Engine, EngineConfig, Pace, ServerInput,
    view::{AssetKind, AssetView, LibraryAnswer, LibraryQuery, Mark, StreamMessage},
};
use practice::Practice;
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

async fn serve(engine: &Engine, server: &Practice) {
    let input = ServerInput {
        id: ServerId(Uuid::now_v7()),
        name: "bench".into(),
        address: server.url(),
        max_held: 2,
        outputs: None,
    };
    engine.server_add(input).await.unwrap();
}

async fn shown(engine: &Engine, text: &str, wanted: u32) -> LibraryAnswer {
    let query = LibraryQuery { text: text.into(), ..LibraryQuery::default() };
    until(&format!("{wanted} of {text:?} are there"), || async {
        let answer = engine.library_query(query.clone()).await.unwrap();
        (answer.whole && answer.shown == wanted).then_some(answer)
    })
    .await
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
async fn texts_that_nodes_show_are_outputs_where_a_run_saves_nothing_and_else_previews() {
    let folder = TempDir::new().unwrap();
    let server = practice(folder.path(), 0, Duration::ZERO).await;
    let engine = super::start(folder.path()).await;
    serve(&engine, &server).await;
    let words = "A quiet harbour\nat dawn, boats at rest";
    let texts = format!(
        r#"{{"5":{{"class_type":"PreviewAny","inputs":{{"source":{}}}}},
"6":{{"class_type":"PreviewAny","inputs":{{"source":"  "}}}}"#,
        serde_json::Value::from(words)
    );

    let only = made(&engine, format!("{texts}}}")).await;
    let [text] = only.as_slice() else { panic!("one text: {only:?}") };
    assert_eq!((text.kind, text.preview), (AssetKind::Text, false));
    assert_eq!(text.title, "A quiet harbour at dawn, boats at rest");
    let file = engine.asset_path(text.id).await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), words);
    shown(&engine, "boats kind:text", 1).await;

    // Its title is its own; its workflow keeps the name that it came with.
    let key = engine.asset_key(text.id).await.unwrap();
    let detail = engine.asset_detail(key).await.unwrap();
    assert_eq!(
        detail.workflow_title,
        Some(engine.job_get(text.job_id.unwrap()).await.unwrap().job.title)
    );

    // Beside a picture that is saved the same text is kept apart; what is an output already stays one.
    let beside = made(&engine, prompt(4, true).replacen('{', &format!("{texts},"), 1)).await;
    let kinds = beside.iter().map(|one| (one.kind, one.preview)).collect::<Vec<_>>();
    assert!(kinds.contains(&(AssetKind::Text, false)), "{kinds:?}");
    let other = texts.replace("quiet", "loud");
    let beside = made(&engine, prompt(5, true).replacen('{', &format!("{other},"), 1)).await;
    let kinds = beside.iter().map(|one| (one.kind, one.preview)).collect::<Vec<_>>();
    assert!(kinds.contains(&(AssetKind::Text, true)), "{kinds:?}");
    shown(&engine, "kind:text", 1).await;
    shown(&engine, "loud is:preview", 1).await;

    // Shown again, it is the same file.
    let again = made(&engine, format!("{texts}}}")).await;
    assert_eq!((again[0].id, again.len()), (text.id, 1));
    let beside_it = std::fs::read_dir(file.parent().unwrap()).unwrap().flatten();
    let texts = beside_it.filter(|entry| entry.path().extension() == Some("txt".as_ref())).count();
    assert_eq!(texts, 1);

    // What a node says is a text, whatever it looks like.
    let drawn = r#"{"5":{"class_type":"PreviewAny","inputs":{"source":"<svg xmlns='x' width='9' height='9'/>"}}}"#;
    let drawn = made(&engine, drawn.to_owned()).await;
    assert_eq!((drawn[0].kind, drawn[0].width), (AssetKind::Text, None));
    engine.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn previews_are_kept_apart_and_go_to_the_bin_unless_they_are_marked() {
    let folder = TempDir::new().unwrap();
    let server = practice(folder.path(), 0, Duration::ZERO).await;
    let now = Arc::new(AtomicI64::new(chrono::Utc::now().timestamp_millis()));
    let engine = start_by(folder.path(), &now).await;
    serve(&engine, &server).await;

    let first = made(&engine, prompt(1, true)).await;
    let second = made(&engine, prompt(2, true)).await;
    for assets in [&first, &second] {
        // The output comes first, and the preview lies in a folder of its own.
        let previews: Vec<bool> = assets.iter().map(|asset| asset.preview).collect();
        assert_eq!(previews, [false, true]);
        let job = engine.job_get(assets[0].job_id.unwrap()).await.unwrap().job;
        let newest = job.newest.last().map(|one| one.id);
        assert_eq!((job.asset_count, newest), (1, Some(assets[0].id)));
        assert!(assets[1].path.contains("previews/") && !assets[0].path.contains("previews"));
    }
    assert_eq!(shown(&engine, "", 2).await.total, 2);
    let first_message = engine.open_stream(None).recv().await;
    let Some(StreamMessage::Snapshot { snapshot }) = first_message else { panic!("no snapshot") };
    assert_eq!((snapshot.counts.assets, snapshot.counts.assets_last_hour), (2, 2));
    shown(&engine, "is:preview", 2).await;
    shown(&engine, &format!("job:{}", first[0].job_id.unwrap()), 2).await;

    // Where nothing is saved, what is looked at is what was made.
    let only = made(&engine, prompt(3, false)).await;
    assert_eq!(only.iter().map(|asset| asset.preview).collect::<Vec<_>>(), [false]);
    shown(&engine, "", 3).await;

    // What the artist marks is shown like all others, and stays.
    let kept = shown(&engine, "is:preview", 2).await.first[0].key;
    engine.asset_mark(vec![kept], Mark::Rating { stars: 4 }).await.unwrap();
    shown(&engine, "", 4).await;
    // When the bin is emptied after 29 days, previews were looked at, and are still there.
    engine.bin_set(Some(7)).await.unwrap();
    let thrown = shown(&engine, "-is:preview rating:0", 3).await.first[0].key;
    engine.asset_mark(vec![thrown], Mark::Bin).await.unwrap();
    shown(&engine, "is:binned", 1).await;
    now.fetch_add(29 * DAY, Ordering::Relaxed);
    shown(&engine, "is:binned", 0).await;
    shown(&engine, "is:preview", 2).await;
    now.fetch_add(2 * DAY, Ordering::Relaxed);
    shown(&engine, "is:preview", 1).await;
    shown(&engine, "is:binned", 1).await;
    shown(&engine, "", 3).await;
    engine.stop().await;
    server.stop().await;
}
