//! One round: a server in a storm, and an app that is stopped or killed at any moment.

use crate::{
    Dice, JOBS, Tally,
    artist::{self, Artist},
    patience,
    support::{classic, plain},
};
use domain::{BatchId, JobId, ServerId};
use engine::{Engine, ServerInput, Which};
use practice::{Practice, PracticeConfig, Storm};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use uuid::Uuid;

/// Every so manieth round the app is a process of its own, and is killed.
const KILLED_EVERY: u64 = 10;
/// The most kills of a round; after that it may finish.
const MOST_KILLS: u32 = 6;

pub struct World {
    pub folder: TempDir,
    pub practice: Practice,
    pub engine: Engine,
    /// Whether the server forgets things in this round, and jobs may be lost by it.
    pub forgets: bool,
    pub tally: Tally,
    pub cancelled: HashSet<JobId>,
    seed: u64,
    dice: Dice,
    began: Instant,
}

impl World {
    pub async fn new(seed: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = PracticeConfig::new(folder.path().join("practice"));
        config.step_time = Duration::from_millis(3);
        let practice = Practice::start(config).await.unwrap();
        let engine = artist::start(folder.path()).await;
        let server = ServerInput {
            id: ServerId(Uuid::now_v7()),
            name: "storm".into(),
            address: practice.url(),
            max_held: 2,
            outputs: None,
        };
        engine.server_add(server).await.unwrap();
        let forgets = seed.is_multiple_of(2);
        let storm = if forgets { Storm::everything(seed) } else { Storm::network(seed) };
        practice.set_storm(Some(storm));
        Self {
            folder,
            practice,
            engine,
            forgets,
            tally: Tally::default(),
            cancelled: HashSet::new(),
            seed,
            dice: Dice(seed),
            began: Instant::now(),
        }
    }

    pub async fn run(&mut self) {
        let mut roots = Vec::new();
        for n in 0..JOBS {
            // Different work, so that the cache does not spare the server all of it.
            let prompt = if n % 4 == 0 { classic(u64::from(n) + 1, 3) } else { plain(n + 1) };
            let report = self.engine.intake_text(BatchId(Uuid::now_v7()), prompt, false).await;
            roots.push(report.unwrap().items[0].job_id.unwrap());
        }
        self.tally.jobs = JOBS;
        if (self.seed / 2).is_multiple_of(KILLED_EVERY) {
            self.killed().await;
        } else {
            self.stopped().await;
        }
        for root in roots {
            self.check_chain(root).await;
        }
        self.engine.stop().await;
    }

    /// The app is in this process. To stop it is to drop it between two of its instructions: what is
    /// stored is all there is.
    async fn stopped(&mut self) {
        let mut artist = Artist::new(self.folder.path(), self.dice.roll(u64::MAX));
        while artist.goes_on(&self.engine).await {
            self.not_for_ever().await;
            if self.dice.roll(40) == 0 {
                self.engine.stop().await;
                self.engine = artist::start(self.folder.path()).await;
                self.tally.restarts += 1;
            }
            self.library_away().await;
        }
        self.cancelled.extend(artist::cancelled(self.folder.path()));
    }

    /// The app is a process of its own, and is killed with SIGKILL until it may finish.
    async fn killed(&mut self) {
        self.engine.stop().await;
        let mut kills = 0;
        loop {
            let mut app = tokio::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", artist::PROCESS])
                .env(artist::FOLDER, self.folder.path())
                .env(artist::SEED, self.dice.roll(u64::MAX).to_string())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .unwrap();
            let life = Duration::from_millis(30 + self.dice.roll(500));
            let life = if kills < MOST_KILLS { life } else { patience() };
            let ended = tokio::select! {
                ended = app.wait() => Some(ended.unwrap()),
                () = tokio::time::sleep(life) => None,
            };
            if let Some(ended) = ended {
                assert!(ended.success(), "the app ended by itself: {ended}");
                break;
            }
            app.kill().await.unwrap();
            kills += 1;
            if self.began.elapsed() > patience() {
                self.engine = artist::start(self.folder.path()).await;
            }
            self.not_for_ever().await;
            self.library_away().await;
        }
        self.tally.kills += kills;
        self.cancelled.extend(artist::cancelled(self.folder.path()));
        self.engine = artist::start(self.folder.path()).await;
        let left = walk(&self.folder.path().join("library"), ".part");
        assert!(left.is_empty(), "left behind by a kill: {left:?}");
        let open = self.engine.job_list(Which::Open, 0, 1_000).await.unwrap();
        assert!(open.is_empty(), "the app ended with open jobs: {open:#?}");
    }

    /// The library's drive is gone for a moment.
    async fn library_away(&mut self) {
        if self.dice.roll(30) != 0 {
            return;
        }
        let (library, away): (PathBuf, PathBuf) =
            (self.folder.path().join("library"), self.folder.path().join("away"));
        std::fs::rename(&library, &away).unwrap();
        tokio::time::sleep(Duration::from_millis(60)).await;
        std::fs::rename(&away, &library).unwrap();
    }

    async fn not_for_ever(&self) {
        if self.began.elapsed() < patience() {
            return;
        }
        let left = self.engine.job_list(Which::Open, 0, 1_000).await.unwrap();
        let stuck = self.engine.job_get(left[0].id).await.unwrap();
        panic!("{} jobs do not end; the first: {:#?} {:#?}", left.len(), stuck.job, stuck.events);
    }
}

/// The files in the folders of a library whose names end so.
fn walk(library: &Path, ending: &str) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let days = list(library).into_iter().filter(|path| path.is_dir());
    days.flat_map(|day| list(&day))
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect()
}
