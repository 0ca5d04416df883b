//! Thousands of jobs through faults by chance, counted by the server's own record against ours.
//!
//! `SAFELIGHT_STORM_ROUNDS` and `SAFELIGHT_STORM_SEED` choose how many rounds and where they begin; a
//! failure names the round's seed.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use domain::{BatchId, JobId, JobState, Outcome, ServerId, TroubleCode};
use engine::{Engine, EngineConfig, Pace, Policy, ServerInput, Which, view::JobDetail};
use practice::{Ended, Execution, Practice, PracticeConfig, Storm};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    time::{Duration, Instant},
};
use support::{classic, plain};
use tempfile::TempDir;
use uuid::Uuid;

const JOBS: u32 = 20;
/// Rounds that run at the same time: most of a round is waiting.
const AT_ONCE: usize = 6;
/// The longest a round may take. Only a job that is stuck reaches it.
const PATIENCE: Duration = Duration::from_secs(90);

/// The engine's pauses, some fifty times shorter.
fn quick() -> Pace {
    let ms = Duration::from_millis;
    Pace {
        first_pause: ms(10),
        longest_pause: ms(80),
        poll_live: ms(120),
        poll_blind: ms(60),
        settle: ms(120),
        offer_again: ms(60),
        remove_again: ms(30),
        collect_again: ms(60),
        history_again: ms(8),
        memory_pause: ms(50),
        quiet_after: Duration::from_secs(60),
    }
}

/// Numbers from a seed, for what the test itself does by chance.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[derive(Default)]
struct Tally {
    jobs: u32,
    executions: usize,
    retries: u32,
    restarts: u32,
    cancelled: u32,
    out_of_memory: u32,
    lost: u32,
    files: u32,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.jobs += other.jobs;
        self.executions += other.executions;
        self.retries += other.retries;
        self.restarts += other.restarts;
        self.cancelled += other.cancelled;
        self.out_of_memory += other.out_of_memory;
        self.lost += other.lost;
        self.files += other.files;
    }
}

struct World {
    folder: TempDir,
    practice: Practice,
    engine: Engine,
    dice: Dice,
    /// Whether the server forgets things in this round, and jobs may be lost by it.
    forgets: bool,
    tally: Tally,
    cancelled: HashSet<JobId>,
}

async fn start(folder: &Path) -> Engine {
    Engine::start(EngineConfig {
        data_dir: folder.join("data"),
        cache_dir: folder.join("cache"),
        library_dir: folder.join("library"),
        policy: Policy::default(),
        pace: quick(),
    })
    .await
    .unwrap()
}

impl World {
    async fn new(seed: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = PracticeConfig::new(folder.path().join("practice"));
        config.step_time = Duration::from_millis(3);
        let practice = Practice::start(config).await.unwrap();
        let engine = start(folder.path()).await;
        let server = ServerInput {
            id: ServerId(Uuid::now_v7()),
            name: "storm".into(),
            address: practice.url(),
            max_held: 2,
        };
        engine.server_add(server).await.unwrap();
        let forgets = seed.is_multiple_of(2);
        let storm = if forgets { Storm::everything(seed) } else { Storm::network(seed) };
        practice.set_storm(Some(storm));
        Self {
            folder,
            practice,
            engine,
            dice: Dice(seed),
            forgets,
            tally: Tally::default(),
            cancelled: HashSet::new(),
        }
    }

    async fn run(&mut self) {
        let mut all = Vec::new();
        for n in 0..JOBS {
            // Different work, so that the cache does not spare the server all of it.
            let prompt = if n % 4 == 0 { classic(u64::from(n) + 1, 3) } else { plain(n + 1) };
            let report = self.engine.intake_text(BatchId(Uuid::now_v7()), prompt, false).await;
            all.push(report.unwrap().items[0].job_id.unwrap());
        }
        self.tally.jobs = JOBS;
        let began = Instant::now();
        let mut open = usize::MAX;
        while open > 0 {
            let left = self.engine.job_list(Which::Open, 0, 1_000).await.unwrap();
            open = left.len();
            if began.elapsed() > PATIENCE {
                let stuck = self.engine.job_get(left[0].id).await.unwrap();
                panic!("{open} jobs do not end; the first: {:#?} {:#?}", stuck.job, stuck.events);
            }
            match self.dice.roll(40) {
                // Gone between two of its instructions: what is stored is all there is.
                0 => {
                    self.engine.stop().await;
                    self.engine = start(self.folder.path()).await;
                    self.tally.restarts += 1;
                }
                1 if !left.is_empty() => {
                    let which = self.dice.roll(left.len() as u64);
                    let id = left[usize::try_from(which).unwrap()].id;
                    self.engine.job_cancel(vec![id]).await.unwrap();
                    self.cancelled.insert(id);
                }
                2 => {
                    self.engine.queue_pause(true, false).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    self.engine.queue_pause(false, false).await.unwrap();
                }
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        for root in all {
            self.check_chain(root).await;
        }
        self.engine.stop().await;
    }

    /// Checks a job and what tried it again: each against the record, and how it came out in the end.
    async fn check_chain(&mut self, root: JobId) {
        let mut detail = self.engine.job_get(root).await.unwrap();
        loop {
            self.check(&detail);
            let Some(next) = detail.job.retried_by else { break };
            self.tally.retries += 1;
            detail = self.engine.job_get(next).await.unwrap();
        }
        match detail.job.state {
            JobState::Ended(Outcome::Succeeded) => {}
            JobState::Ended(Outcome::Cancelled) => {
                self.tally.cancelled += 1;
                assert!(self.cancelled.contains(&detail.job.id), "nobody cancelled {detail:#?}");
            }
            JobState::Ended(Outcome::Failed) => {
                let code = detail.job.trouble.as_ref().unwrap().code;
                // Why it failed is not known where the history was cleared and the event lost.
                let unsaid = self.forgets && code == TroubleCode::NodeFailed;
                assert!(unsaid || code == TroubleCode::OutOfMemory, "{detail:#?}");
                self.tally.out_of_memory += 1;
            }
            // Four times in a row: said, and left to the artist.
            JobState::Ended(Outcome::Lost) => {
                assert!(self.forgets, "given up by a server that forgets nothing: {detail:#?}");
                self.tally.lost += 1;
            }
            other => panic!("{other:?}"),
        }
    }

    /// One job against the server's record.
    fn check(&mut self, detail: &JobDetail) {
        let id = detail.job.id.to_string();
        let record = self.practice.record();
        let runs: Vec<&Execution> =
            record.executions.iter().filter(|run| run.prompt_id == id).collect();
        self.tally.executions += runs.len();
        let why = || format!("{:#?} {:#?} {runs:#?}", detail.job, detail.events);
        // What the server forgot in the middle is lost, and may be offered again.
        let whole: Vec<_> = runs.iter().filter(|run| run.ended != Some(Ended::Forgotten)).collect();
        assert!(whole.len() <= 1, "run twice: {}", why());
        let last = whole.first().copied().or(runs.first());
        let ended = last.and_then(|run| run.ended);
        match detail.job.state {
            JobState::Ended(Outcome::Succeeded) => {
                assert_eq!(ended, Some(Ended::Success), "{}", why());
                self.check_files(detail, whole[0]);
            }
            JobState::Ended(Outcome::Failed) => {
                let gone = detail.job.trouble.as_ref().map(|trouble| trouble.code)
                    == Some(TroubleCode::OutputGone);
                assert!(ended == Some(Ended::Error) && !gone, "{}", why());
            }
            JobState::Ended(Outcome::Cancelled) => {
                // Where the history is gone, nobody can know that it was faster than the cancel.
                let faster = ended == Some(Ended::Success) && !self.forgets;
                assert!(!faster, "{}", why());
            }
            JobState::Ended(Outcome::Lost) => {
                // An offer that was never answered may have run at a server that forgot it: it is
                // not offered again under its name. Where nothing is forgotten, it never ran.
                assert!(self.forgets || runs.is_empty(), "not lost: {}", why());
                assert_ne!(ended, Some(Ended::Interrupted), "{}", why());
            }
            other => panic!("{other:?}: {}", why()),
        }
    }

    /// Every file the run left is ours, to the byte, and nothing else is.
    fn check_files(&mut self, detail: &JobDetail, run: &Execution) {
        let output = self.folder.path().join("practice/output");
        let mut theirs: HashMap<String, u32> = HashMap::new();
        for file in &run.files {
            let bytes = std::fs::read(output.join(file)).unwrap();
            *theirs.entry(blake3::hash(&bytes).to_hex().to_string()).or_default() += 1;
        }
        let mut ours: HashMap<String, u32> = HashMap::new();
        for asset in &detail.assets {
            let bytes =
                std::fs::read(self.folder.path().join("library").join(&asset.path)).unwrap();
            let hash = blake3::hash(&bytes).to_hex().to_string();
            assert_eq!(hash, asset.hash, "{} was altered", asset.path);
            *ours.entry(hash).or_default() += 1;
            self.tally.files += 1;
        }
        assert_eq!(ours, theirs, "{:#?} {:#?}", detail.job, detail.events);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_run_twice_or_wrong_in_a_storm() {
    let number = |name: &str, usual: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let rounds = number("SAFELIGHT_STORM_ROUNDS", 200);
    let first = number("SAFELIGHT_STORM_SEED", 1);
    let began = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    let mut total = Tally::default();
    let mut failed = Vec::new();
    let mut next = first;
    loop {
        while next < first + rounds && running.len() < AT_ONCE && failed.is_empty() {
            let seed = next;
            next += 1;
            running.spawn(async move {
                let round = tokio::spawn(async move {
                    let mut world = World::new(seed).await;
                    world.run().await;
                    world.tally
                });
                (seed, round.await)
            });
        }
        let Some(done) = running.join_next().await else { break };
        let (seed, tally) = done.unwrap();
        match tally {
            Ok(tally) => total.add(&tally),
            Err(error) => failed.push((seed, error.to_string())),
        }
    }
    println!(
        "{rounds} rounds from seed {first} in {:.0} s: {} jobs, {} executions, {} tried again, {} files \
         compared, {} starts of the app, {} cancelled, {} out of memory twice, {} lost four times",
        began.elapsed().as_secs_f64(),
        total.jobs,
        total.executions,
        total.retries,
        total.files,
        total.restarts,
        total.cancelled,
        total.out_of_memory,
        total.lost,
    );
    assert!(failed.is_empty(), "seeds that failed: {failed:?}");
}
