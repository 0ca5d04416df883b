//! A database from before the library.

use crate::support::{add, asset};
use domain::{AssetId, JobId, LoraUse, PictureFacts};
use sqlx::{Connection, Row, SqliteConnection, migrate::Migrator};
use std::{path::Path, time::Instant};
use store::{AssetRow, NewEntry, NewParam, RootKind, Store, TextTerm, WidgetTerm, WidgetTest};
use tempfile::TempDir;
use uuid::Uuid;

/// Makes a database as the last version left it, with a workflow, a batch, jobs and their outputs.
async fn before(path: &Path, outputs: u32) -> Vec<AssetRow> {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let mut old = Migrator::new(Path::new("migrations")).await.unwrap();
    let until: Vec<_> = old.migrations.iter().filter(|one| one.version <= 5).cloned().collect();
    old.migrations = until.into();
    old.run_direct(None, &mut file, false).await.unwrap();
    let jobs: Vec<JobId> = (0..3).map(|_| JobId(Uuid::now_v7())).collect();
    let mut tx = file.begin().await.unwrap();
    for statement in [
        "INSERT INTO workflow (hash, prompt, title, created_at) VALUES ('w', '{}', 'A bouquet', 1)",
        "INSERT INTO kin (workflow, structure) VALUES ('w', 'tall')",
        "INSERT INTO batch (id, title, created_at, count) VALUES ('018f0000-0000-7000-8000-000000000001', 'b', 1, 3)",
    ] {
        sqlx::query(statement).execute(&mut *tx).await.unwrap();
    }
    for job in &jobs {
        sqlx::query("INSERT INTO job (id, batch_id, batch_index, batch_count, title, state, outcome, position, created_at, workflow, facts, node_count, warnings, attempt) VALUES (?, '018f0000-0000-7000-8000-000000000001', 1, 3, 'A bouquet', 'ended', 'succeeded', 1, 1, 'w', '{}', 3, '[]', 1)")
            .bind(job.to_string())
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    let rows: Vec<AssetRow> = (0..outputs).map(|n| output(&jobs, n)).collect();
    for row in &rows {
        sqlx::query("INSERT INTO asset (id, job_id, node_id, ordinal, title, kind, path, width, height, bytes, hash, created_at, took_ms, practice, facts, server_name, workflow, library) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(row.id.to_string())
            .bind(row.job_id.unwrap().to_string())
            .bind(&row.node_id)
            .bind(row.ordinal)
            .bind(&row.title)
            .bind(&row.kind)
            .bind(&row.path)
            .bind(row.width)
            .bind(row.height)
            .bind(i64::try_from(row.bytes).unwrap())
            .bind(&row.hash)
            .bind(row.created_at)
            .bind(row.took_ms)
            .bind(row.practice)
            .bind(serde_json::to_string(&row.facts).unwrap())
            .bind(&row.server_name)
            .bind(row.workflow.as_ref().map(|hash| &hash.0))
            .bind(&row.library)
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    file.close().await.unwrap();
    rows
}

fn output(jobs: &[JobId], n: u32) -> AssetRow {
    AssetRow {
        seq: n + 1,
        id: AssetId(Uuid::now_v7()),
        job_id: Some(jobs[n as usize % jobs.len()]),
        node_id: "9".into(),
        ordinal: n,
        title: format!("Harbour {n}"),
        kind: ["picture", "video", "audio", "other"][n as usize % 4].into(),
        path: format!("2026-11-24/harbour_{n:05}.png"),
        width: Some(64),
        height: None,
        bytes: 100,
        // Two of three show the same: they stay apart, as they were.
        hash: blake3::hash(&(n / 3).to_le_bytes()).to_hex().to_string(),
        created_at: i64::from(n),
        took_ms: Some(5),
        practice: n == 1,
        preview: false,
        facts: PictureFacts {
            prompt: Some(format!("a crème brûlée number{}", n / 10)),
            models: vec!["flux1-dev.safetensors".into()],
            loras: vec![LoraUse { name: "impasto.safetensors".into(), strength: None }],
            seed: Some(format!("99{n}")),
            ..PictureFacts::default()
        },
        server_name: (n != 2).then(|| "bench".into()),
        workflow: Some(domain::WorkflowHash("w".into())),
        library: if n.is_multiple_of(2) { "/library" } else { "/older/library" }.into(),
        duration_ms: None,
        marks: store::Marks::default(),
        state: store::PlaceState::Here,
    }
}

#[tokio::test]
async fn everything_from_before_is_found_again() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("data/safelight.db");
    let rows = before(&path, 50).await;
    for again in 0..2 {
        let store = Store::open(&path).await.unwrap();
        let ids: Vec<AssetId> = rows.iter().map(|row| row.id).collect();
        assert_eq!(store.assets(&ids).await.unwrap(), rows, "start {again}");
        let of_first = store.job_assets(rows[0].job_id.unwrap()).await.unwrap();
        assert_eq!(of_first.len(), 17);
        assert_eq!(store.asset_bytes_total().await.unwrap(), 5_000);
        let roots = store.roots().await.unwrap();
        let shown: Vec<_> = roots.iter().map(|root| (root.kind, root.assets)).collect();
        assert_eq!(shown, [(RootKind::Own, 25), (RootKind::Own, 25)]);
        let term = TextTerm { column: None, words: "brul".into(), beginning: true };
        assert_eq!(store.texts_with(&term).await.unwrap().len(), 5);
        assert_eq!(store.newest_result("tall").await.unwrap().unwrap().id, rows[49].id);
        store.close().await;
    }
    let files = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let backup = files
        .map(|file| file.unwrap().path())
        .find(|file| file.to_string_lossy().contains(".before-"))
        .unwrap();
    let url = format!("sqlite://{}", backup.display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let kept = sqlx::query("SELECT count(*) AS n FROM asset").fetch_one(&mut file).await.unwrap();
    assert_eq!(kept.get::<i64, _>("n"), 50, "and is kept as it was beside it");
}

#[tokio::test]
async fn values_from_before_are_read_step_by_step() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("data/safelight.db");
    let rows = before(&path, 30).await;
    let store = Store::open(&path).await.unwrap();
    let mut steps = 0;
    loop {
        let unread = store.recipes_without_params(7).await.unwrap();
        if unread.is_empty() {
            break;
        }
        assert_eq!(unread[0].workflow.prompt, "{}");
        let read: Vec<(u32, Vec<NewParam>)> = unread
            .iter()
            .map(|one| {
                let param = |input: &str, text: &str| NewParam {
                    class: "KSampler".into(),
                    input: input.into(),
                    text: text.into(),
                    num: text.parse().ok(),
                };
                let seed = one.facts.seed.clone().unwrap();
                (one.recipe, vec![param("seed", &seed), param("steps", "20")])
            })
            .collect();
        store.set_params(&read).await.unwrap();
        steps += 1;
    }
    assert_eq!(steps, 5);
    let find = async |test| {
        let term = WidgetTerm { class: None, input: None, test };
        store.recipes_with(&term).await.unwrap().len()
    };
    assert_eq!(find(WidgetTest::Equal { text: "20".into(), number: None }).await, 30);
    let seed = rows[4].facts.seed.clone().unwrap();
    assert_eq!(find(WidgetTest::Equal { text: seed, number: None }).await, 1);
}

#[tokio::test]
async fn a_hundred_thousand_from_before_take_seconds() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("data/safelight.db");
    before(&path, 3).await;
    let url = format!("sqlite://{}", path.display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(
        "WITH RECURSIVE number (n) AS (SELECT 3 UNION ALL SELECT n + 1 FROM number WHERE n < 99999)
        INSERT INTO asset (id, job_id, node_id, ordinal, title, kind, path, width, height, bytes,
            hash, created_at, took_ms, practice, facts, server_name, workflow, library)
        SELECT format('018f0000-0000-7000-8000-%012x', n), job_id, node_id, n, title, kind,
            format('2026-11-24/harbour_%06d.png', n), width, height, bytes,
            lower(hex(randomblob(32))), n, took_ms, practice,
            json_set(facts, '$.prompt', 'a boat number' || (n / 10), '$.seed', n || ''),
            server_name, workflow, library
        FROM number JOIN asset ON seq = 1 + n % 3",
    )
    .execute(&mut file)
    .await
    .unwrap();
    file.close().await.unwrap();
    let began = Instant::now();
    let store = Store::open(&path).await.unwrap();
    let took = began.elapsed();
    eprintln!("100,000 outputs were carried over in {:.1} s", took.as_secs_f64());
    assert_eq!(store.counts(0).await.unwrap().assets, 100_000);
    let mut assets = 0;
    store.columns(0, || 3, |chunk| assets += chunk.assets.len()).await.unwrap();
    assert_eq!(assets, 100_000);
}

#[tokio::test]
async fn new_outputs_join_those_from_before() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("data/safelight.db");
    before(&path, 5).await;
    let store = Store::open(&path).await.unwrap();
    let jobs = add(&store, 1).await;
    let new = AssetRow { library: "/library".into(), ..asset(&jobs[0], 1, "new", "m") };
    let entry = NewEntry {
        structure: "tall".into(),
        workflow: domain::WorkflowHash("w".into()),
        title: "Tall".into(),
        node_count: 1,
        facts: PictureFacts::default(),
        source: None,
        used_at: 1,
    };
    store.keep_workflows(&[], &[entry]).await.unwrap();
    store.add_assets(std::slice::from_ref(&new)).await.unwrap();
    assert_eq!(store.asset(new.id).await.unwrap().unwrap().seq, 6);
    assert_eq!(store.roots().await.unwrap().len(), 2, "the folder is known");
    let names = store.names().await.unwrap();
    let tall = names.iter().find(|name| name.name == "tall").unwrap();
    assert_eq!(store.structure_titles().await.unwrap(), [(tall.id, "Tall".to_owned())]);
}
