//! Copies of the database, and putting one in the place of another.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use sqlx::{Connection, SqliteConnection};
use std::{fs, path::Path};
use store::{Store, StoreError, examine, newest_format, replace};
use support::{add, open};
use tempfile::TempDir;

#[tokio::test]
async fn a_copy_is_of_one_moment_while_others_write() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path()).await;
    add(&store, 50).await;
    let copy = dir.path().join("it's a copy.db");
    let writing = async {
        for n in 0..50 {
            store.set_value("count", &n.to_string()).await.unwrap();
            add(&store, 1).await;
        }
    };
    let (copied, ()) = tokio::join!(store.copy_to(&copy), writing);
    copied.unwrap();
    assert_eq!(examine(&copy).await.unwrap(), newest_format());
    assert!(store.size().await.unwrap() >= fs::metadata(&copy).unwrap().len());
    assert!(store.copy_to(&copy).await.is_err(), "nothing is written over");
    let there = Store::open(&copy).await.unwrap();
    let count = there.get_value("count").await.unwrap().map_or(0, |n| n.parse().unwrap());
    let jobs = there.counts(0).await.unwrap().waiting;
    // A value is written before its job.
    assert!(jobs == 50 + count || jobs == 51 + count, "{jobs} jobs at {count}");
    assert!(there.has_open_jobs().await.unwrap());
    there.forget_value("count").await.unwrap();
    assert_eq!(there.get_value("count").await.unwrap(), None);
}

async fn is_called(path: &Path, name: &str) {
    let store = Store::open(path).await.unwrap();
    assert_eq!(store.get_value("name").await.unwrap().as_deref(), Some(name));
    store.close().await;
}

#[tokio::test]
async fn one_takes_the_place_of_another_which_is_kept() {
    let dir = TempDir::new().unwrap();
    let [present, ready, aside] =
        ["present.db", "ready.db", "aside.db"].map(|name| dir.path().join(name));
    for path in [&present, &ready] {
        let store = Store::open(path).await.unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        store.set_value("name", name).await.unwrap();
        if path == &present {
            let held = replace(&present, &ready, &aside).unwrap_err();
            assert!(matches!(held, StoreError::InUse { .. }), "{held}");
        }
        store.close().await;
    }
    // What a kill leaves of the log goes with its database.
    fs::write(dir.path().join("present.db-wal"), "").unwrap();
    replace(&present, &ready, &aside).unwrap();
    assert!(dir.path().join("aside.db-wal").exists());
    is_called(&present, "ready").await;
    is_called(&aside, "present").await;
    // Done already.
    replace(&present, &ready, &aside).unwrap();
    is_called(&present, "ready").await;
}

#[tokio::test]
async fn what_is_newer_damaged_or_no_database_is_told_and_left_alone() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.db");
    let store = Store::open(&path).await.unwrap();
    add(&store, 200).await;
    store.close().await;
    let whole = fs::read(&path).unwrap();

    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle..middle + 4_096].fill(0xa5);
    for bytes in [&broken[..], b"no database at all", &[]] {
        fs::write(&path, bytes).unwrap();
        let error = examine(&path).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }

    fs::write(&path, &whole).unwrap();
    let url = format!("sqlite://{}", path.display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET version = 1000 WHERE version = ?")
        .bind(newest_format())
        .execute(&mut file)
        .await
        .unwrap();
    file.close().await.unwrap();
    let error = examine(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 1_000, .. }), "{error}");
}
