//! A disk that is full, and a program that ends in the middle.

use crate::{made_by, open, picture, recipe, root};
use sqlx::{Connection, SqliteConnection};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use store::{MarkChange, NewAsset, RootId, Store, StoreError};
use tempfile::TempDir;

fn files(root: RootId, from: u32, count: u32) -> Vec<NewAsset> {
    (from..from + count)
        .map(|at| {
            let one = recipe(&at.to_string(), &format!("a boat number{at}"));
            made_by(picture(root, format!("{}/{at}", at % 7), &at.to_string()), &one)
        })
        .collect()
}

/// Finds nothing wrong with the file, its foreign keys and what is counted.
async fn is_sound(path: &Path) {
    let url = format!("sqlite://{}", path.display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let check: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut file).await.unwrap();
    assert_eq!(check, "ok");
    let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut file).await.unwrap();
    assert!(broken.is_empty());
    let counted: bool = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM asset WHERE binned_at IS NULL) = assets
            AND (SELECT coalesce(sum(bytes), 0) FROM asset WHERE binned_at IS NULL) = bytes
        FROM library_total WHERE binned = 0",
    )
    .fetch_one(&mut file)
    .await
    .unwrap();
    assert!(counted, "what is counted is what is there");
    file.close().await.unwrap();
}

/// A small disk in memory, for as long as it lives.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        mount.is_ok_and(|mount| mount.status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

#[tokio::test]
async fn a_full_disk_adds_all_or_nothing_and_goes_on_later() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let Some(_disk) = SmallDisk::mount(&data, "40m") else {
        println!("not run: a small disk can be mounted by root only");
        return;
    };
    let store = open(dir.path()).await;
    let root = root(&store).await;
    store.add_to_library(&files(root, 0, 500)).await.unwrap();
    // What is there already may be written anew; nothing more.
    let rest = data.join("rest");
    let _ = std::fs::write(&rest, vec![1; 40 << 20]);
    let full = store.add_to_library(&files(root, 500, 6_000)).await.unwrap_err();
    assert!(matches!(full, StoreError::Query(_)) && full.to_string().contains("full"), "{full}");
    assert_eq!(store.counts(0).await.unwrap().assets, 500, "and what is there can be read");
    std::fs::remove_file(&rest).unwrap();
    let added = store.add_to_library(&files(root, 500, 6_000)).await.unwrap();
    assert_eq!((added.len(), added[0].seq), (6_000, 501));
    store.close().await;
    is_sound(&data.join("safelight.db")).await;
}

/// Where the child that is to be killed writes.
const KILLED_AT: &str = "SAFELIGHT_STORE_TEST_KILLED_AT";
const AT_ONCE: u32 = 300;

/// In a process of its own: adds, marks and deletes until it is killed.
#[tokio::test]
async fn writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(KILLED_AT) else { return };
    let store = Store::open(Path::new(&path)).await.unwrap();
    let root = root(&store).await;
    let have = store.counts(0).await.unwrap().assets;
    for step in 0.. {
        let new = files(root, have + step * AT_ONCE, AT_ONCE);
        let seqs: Vec<u32> =
            store.add_to_library(&new).await.unwrap().iter().map(|one| one.seq).collect();
        let change =
            MarkChange { rating: Some(3), add_tags: vec!["keep".into()], ..MarkChange::default() };
        store.mark(&seqs, &change).await.unwrap();
        println!("added {}", seqs.len());
    }
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_write_leaves_whole_writes() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("safelight.db");
    let mut before = 0;
    for _ in 0..4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "faults::writes_until_it_is_killed", "--nocapture"])
            .env(KILLED_AT, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let lines = said.lines().map_while(Result::ok).filter(|line| line.contains("added"));
        assert_eq!(lines.take(3).count(), 3, "it writes");
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(&path).await.unwrap();
        let now = store.counts(0).await.unwrap().assets;
        assert!(now >= before + 3 * AT_ONCE, "what was answered is there");
        assert_eq!(now % AT_ONCE, 0, "{now} assets are whole writes");
        let tagged = store.tags().await.unwrap()[0].assets;
        assert!(now - tagged <= AT_ONCE && tagged % AT_ONCE == 0, "{tagged} of {now} are tagged");
        before = now;
        store.close().await;
        is_sound(&path).await;
    }
}
