//! Thousands of jobs through faults by chance, counted by the server's own record against ours.
//!
//! `SAFELIGHT_STORM_ROUNDS` and `SAFELIGHT_STORM_SEED` choose how many rounds and where they begin,
//! `SAFELIGHT_STORM_AT_ONCE` how many run at the same time; a failure names the round's seed.
#![allow(missing_docs, clippy::unwrap_used)]

mod artist;
mod check;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::{
    fmt,
    time::{Duration, Instant},
};
use world::World;

const JOBS: u32 = 20;
/// How often it is said how far it is, in rounds.
const SAID_EVERY: u64 = 250;
/// The longest a round may take, unless `SAFELIGHT_STORM_PATIENCE` names other seconds. Only a job that
/// is stuck reaches it, or a machine that does much else.
const PATIENCE: u64 = 90;

/// A number that the environment gives.
fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn patience() -> Duration {
    Duration::from_secs(number("SAFELIGHT_STORM_PATIENCE", PATIENCE))
}

/// Numbers from a seed, for what the test itself does by chance.
pub struct Dice(u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
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
    kills: u32,
    cancelled: u32,
    out_of_memory: u32,
    lost: u32,
    files: u32,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} jobs, {} executions, {} tried again, {} files compared, {} starts of the app, {} SIGKILLs \
             of its process, {} cancelled, {} out of memory twice, {} lost four times",
            self.jobs,
            self.executions,
            self.retries,
            self.files,
            self.restarts,
            self.kills,
            self.cancelled,
            self.out_of_memory,
            self.lost,
        )
    }
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.jobs += other.jobs;
        self.executions += other.executions;
        self.retries += other.retries;
        self.restarts += other.restarts;
        self.kills += other.kills;
        self.cancelled += other.cancelled;
        self.out_of_memory += other.out_of_memory;
        self.lost += other.lost;
        self.files += other.files;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_run_twice_or_wrong_in_a_storm() {
    let rounds = number("SAFELIGHT_STORM_ROUNDS", 200);
    let first = number("SAFELIGHT_STORM_SEED", 1);
    // Most of a round is waiting.
    let at_once = number("SAFELIGHT_STORM_AT_ONCE", 6);
    let began = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    let mut total = Tally::default();
    let mut failed = Vec::new();
    let mut over = 0_u64;
    let mut next = first;
    loop {
        while next < first + rounds && (running.len() as u64) < at_once && failed.is_empty() {
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
            Ok(tally) => {
                total.add(&tally);
                over += 1;
                if over.is_multiple_of(SAID_EVERY) {
                    println!("{over} rounds after {:.0} s: {total}", began.elapsed().as_secs_f64());
                }
            }
            Err(error) => failed.push((seed, error.to_string())),
        }
    }
    println!(
        "{rounds} rounds from seed {first} in {:.0} s: {total}",
        began.elapsed().as_secs_f64()
    );
    assert!(failed.is_empty(), "seeds that failed: {failed:?}");
}
