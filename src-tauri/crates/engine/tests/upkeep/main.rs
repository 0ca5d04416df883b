//! The library as a whole: the term of its bin, backups, reading them back, moving it. Whatever is cut
//! off goes on, and no file is lost or written over.
#![allow(clippy::unwrap_used, clippy::panic)]

mod backup;
mod bin;
mod exports;
mod exports_killed;
mod exports_sheets;
mod kills;
#[path = "../roots/made.rs"]
#[allow(dead_code)]
mod made;
mod moving;
mod restore;
#[path = "../support/mod.rs"]
mod support;

use engine::{
    Clock, Engine, EngineConfig, Pace,
    view::{
        BackupPlan, LibraryAnswer, LibraryQuery, LibrarySort, Mark, RootState, RootView, Snapshot,
        StreamMessage, WorkState, WorkView,
    },
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use support::until;
use tempfile::TempDir;

/// 2026-11-28, noon.
const NOON: i64 = 1_795_867_200_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;
/// Pictures in the library.
const PICTURES: u64 = 6;

/// An engine with six pictures of its own, and a clock that the test moves.
struct World {
    folder: TempDir,
    engine: Engine,
    now: Arc<AtomicI64>,
}

async fn start_in(folder: &Path, library: &Path, now: &Arc<AtomicI64>) -> Engine {
    let now = now.clone();
    let config = EngineConfig {
        data_dir: folder.join("data"),
        cache_dir: folder.join("cache"),
        library_dir: library.to_owned(),
        policy: engine::Policy::default(),
        pace: Pace {
            settle_files: Duration::from_millis(100),
            look_for_away: Duration::from_millis(200),
            sweep_bin: Duration::from_millis(20),
            ..Pace::default()
        },
    };
    let clock = Clock::by(move || now.load(Ordering::Relaxed));
    Engine::start_by(config, clock).await.unwrap()
}

impl World {
    async fn new() -> Self {
        Self::with(|library| {
            for seed in 0..PICTURES {
                let day = seed / 3 + 1;
                made::put(library, format!("day-{day}/lake_{seed:05}_.png"), made::saved(seed));
            }
        })
        .await
    }

    /// An engine that finds in its library what `fill` puts there.
    async fn with(fill: impl FnOnce(&Path)) -> Self {
        let folder = TempDir::new().unwrap();
        let now = Arc::new(AtomicI64::new(NOON));
        let library = folder.path().join("library");
        fs::create_dir(&library).unwrap();
        fill(&library);
        let files = contents(&library).len();
        let engine = start_in(folder.path(), &library, &now).await;
        let world = Self { folder, engine, now };
        world.finds("", u32::try_from(files).unwrap()).await;
        world
    }

    /// The same world after a new start of the app.
    async fn again(self) -> Self {
        let library = self.path("library");
        self.again_in(&library).await
    }

    async fn again_in(self, library: &Path) -> Self {
        self.engine.stop().await;
        let engine = start_in(self.folder.path(), library, &self.now).await;
        Self { engine, ..self }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn later(&self, days: i64) {
        self.now.fetch_add(days * DAY, Ordering::Relaxed);
    }

    async fn ask(&self, text: &str) -> LibraryAnswer {
        let query =
            LibraryQuery { text: text.to_owned(), sort: LibrarySort::Name, ..Default::default() };
        until("the index is whole", || async {
            let answer = self.engine.library_query(query.clone()).await.unwrap();
            answer.whole.then_some(answer)
        })
        .await
    }

    async fn keys(&self, text: &str) -> Vec<u32> {
        self.ask(text).await.first.into_iter().map(|cell| cell.key).collect()
    }

    /// Waits until a text finds so many.
    async fn finds(&self, text: &str, count: u32) {
        until(&format!("{text} finds {count}"), || async {
            (self.ask(text).await.shown == count).then_some(())
        })
        .await;
    }

    /// Waits until all files that were found are read whole.
    async fn all_read(&self) {
        until("all is read", || async {
            let roots = self.engine.root_list().await;
            let is_read = |root: &RootView| root.state == RootState::Idle && root.unread == 0;
            roots.iter().all(is_read).then_some(())
        })
        .await;
    }

    async fn mark(&self, text: &str, mark: Mark) -> u32 {
        let keys = self.keys(text).await;
        self.engine.asset_mark(keys, mark).await.unwrap().undo
    }

    /// Where the files of all outputs lie.
    async fn files(&self) -> Vec<PathBuf> {
        let mut files = self.engine.asset_files(&self.keys("").await).await.unwrap();
        files.sort();
        files
    }

    /// Waits until a work is over.
    async fn ended(&self, work: WorkView) -> WorkView {
        until(&work.title, || async {
            let works = self.engine.work_list();
            works.into_iter().find(|one| one.id == work.id && one.state != WorkState::Running)
        })
        .await
    }

    async fn done(&self, work: WorkView) -> WorkView {
        let work = self.ended(work).await;
        assert_eq!(work.state, WorkState::Done, "{work:?}");
        assert_eq!(work.problems, [""; 0]);
        work
    }

    async fn back_up(&self, to: &Path) -> WorkView {
        self.engine.backup_start(plan(to)).await.unwrap()
    }

    async fn snapshot(&self) -> Snapshot {
        match self.engine.open_stream(None).recv().await.unwrap() {
            StreamMessage::Snapshot { snapshot } => *snapshot,
            other => panic!("{other:?}"),
        }
    }
}

fn plan(to: &Path) -> BackupPlan {
    BackupPlan { to: to.display().to_string(), files: true }
}

/// All files below a folder, by their paths below it.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    contents_without(folder, &[])
}

/// The same, but for what is in some folders of it.
fn contents_without(folder: &Path, without: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let without: Vec<PathBuf> = without.iter().map(|name| folder.join(name)).collect();
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if without.contains(&path) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            match fs::read(&path) {
                Ok(bytes) => drop(found.insert(name, bytes)),
                // It went after it was listed.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
    found
}

/// A small disk in memory, for as long as it lives. Only root may make one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).output();
        let mounted = mount.is_ok_and(|mount| mount.status.success()).then(|| Self(at.to_owned()));
        if mounted.is_none() {
            println!("not run: a small disk can be mounted by root only");
        }
        mounted
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

/// A folder on another disk than the usual temporary ones.
fn other_disk() -> Option<TempDir> {
    let made = tempfile::tempdir_in("/dev/shm").ok();
    if made.is_none() {
        println!("not run: there is no other disk here");
    }
    made
}
