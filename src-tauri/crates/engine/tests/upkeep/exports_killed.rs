//! Exports that are killed, again and again, while they run.

use crate::{
    NOON, contents,
    exports::{FILES, assert_all_once, exports, over, smaller},
    made, start_in, until,
};
use engine::view::{ExportInto, WorkState};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, atomic::AtomicI64},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Names the folder, what is exported, and after how many files it is killed, in the process that is.
const KILLED: &str = "SAFELIGHT_TEST_EXPORT_KILLED_IN";
const INTO: &str = "SAFELIGHT_TEST_EXPORT_INTO";
const AFTER: &str = "SAFELIGHT_TEST_EXPORT_AFTER";

/// In the process that is killed: begins the export, or lets it go on, says how far it is, and waits.
fn until_killed(into: ExportInto, to: &str) {
    let Some(folder) = std::env::var_os(KILLED).map(PathBuf::from) else { return };
    if std::env::var(INTO).unwrap() != to {
        return;
    }
    let after: u32 = std::env::var(AFTER).unwrap().parse().unwrap();
    Runtime::new().unwrap().block_on(async {
        let now = Arc::new(AtomicI64::new(NOON));
        let begun = folder.join("data/exports").exists();
        if begun && contents(&folder.join("data/exports")).is_empty() {
            println!("done already");
            std::future::pending::<std::convert::Infallible>().await;
        }
        let engine = start_in(&folder, &folder.join("library"), &now).await;
        if !begun {
            until("all are known", || async {
                let roots = engine.root_list().await;
                (u64::from(roots[0].assets) == FILES).then_some(())
            })
            .await;
            let keys = (1..=u32::try_from(FILES).unwrap()).collect();
            engine.export_start(keys, smaller(&folder.join(to), into)).await.unwrap();
        }
        let kept = folder.join("data/exports");
        let done = until("a part is done", || async {
            let done = exports(&engine).into_iter().map(|work| work.done).find(|d| *d >= after);
            match done {
                Some(done) => Some(format!("done {done}")),
                // Killed as the very last thing was done, it is only tidied up.
                None if contents(&kept).is_empty() => Some("done already".to_owned()),
                None => None,
            }
        })
        .await;
        println!("{done}");
        std::future::pending::<std::convert::Infallible>().await;
    });
}

/// Files in a library, and an export of them that is killed again and again: when so many are done.
fn killed(test: &str, to: &str, after: &[u32]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for n in 0..FILES {
        made::put(&folder.path().join("library"), format!("{}/{n}.png", n % 7), made::saved(n));
    }
    for after in after {
        let mut killed = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(KILLED, folder.path())
            .env(INTO, to)
            .env(AFTER, after.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(killed.stdout.take().unwrap()).lines();
        let done = lines.map_while(Result::ok).find(|line| line.contains("done ")).unwrap();
        killed.kill().unwrap();
        killed.wait().unwrap();
        println!("at the kill: {done} of {FILES}");
    }
    folder
}

/// Starts once more, and waits until the export is over.
fn gone_on(folder: &Path) {
    Runtime::new().unwrap().block_on(async {
        let now = Arc::new(AtomicI64::new(NOON + 1));
        let engine = start_in(folder, &folder.join("library"), &now).await;
        for work in over(folder, &engine).await {
            assert_eq!((work.state, work.done), (WorkState::Done, work.of), "{work:?}");
            assert_eq!(work.problems, [""; 0]);
        }
        engine.stop().await;
    });
}

#[test]
fn a_folder_goes_on_where_it_was_killed() {
    until_killed(ExportInto::Folder, "out");
    let test = "exports_killed::a_folder_goes_on_where_it_was_killed";
    let folder = killed(test, "out", &[0, 1, 2, 3, 20, 21, 120, 199]);
    gone_on(folder.path());
    assert_all_once(&folder.path().join("out"));
}

#[test]
fn a_zip_goes_on_where_it_was_killed() {
    until_killed(ExportInto::Zip, "all.zip");
    let folder =
        killed("exports_killed::a_zip_goes_on_where_it_was_killed", "all.zip", &[0, 50, 99, 120]);
    gone_on(folder.path());
    let there: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
    assert_eq!(there.len(), 4, "data, cache, library and the zip: {there:?}");
    let zip = fs::read(folder.path().join("all.zip")).unwrap();
    let entries = zip.windows(4).filter(|window| *window == b"PK\x01\x02").count();
    assert_eq!(entries as u64, FILES);
}

#[test]
fn a_sheet_goes_on_where_it_was_killed() {
    until_killed(ExportInto::ContactSheet, "all.png");
    let folder =
        killed("exports_killed::a_sheet_goes_on_where_it_was_killed", "all.png", &[0, 100, 199]);
    gone_on(folder.path());
    let there: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().collect();
    assert_eq!(there.len(), 4, "data, cache, library and the sheet: {there:?}");
    let sheet = fs::read(folder.path().join("all.png")).unwrap();
    assert!(sheet.ends_with(b"IEND\xaeB`\x82"));
}
