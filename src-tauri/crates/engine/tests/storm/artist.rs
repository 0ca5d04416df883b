//! Who uses the app: pauses it, cancels what waits, and waits until everything has ended.

use crate::Dice;
use domain::JobId;
use engine::{Engine, EngineConfig, Pace, Policy, Which};
use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

/// The test that is the app's own process, where its folder is given.
pub const PROCESS: &str = "artist::the_app_in_a_process_of_its_own";
/// The folder of that process.
pub const FOLDER: &str = "SAFELIGHT_STORM_FOLDER";
/// What its artist's chances begin with.
pub const SEED: &str = "SAFELIGHT_STORM_ARTIST";

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
        watch: Duration::from_secs(2),
        ..Pace::default()
    }
}

/// Starts the engine in its folders.
pub async fn start(folder: &Path) -> Engine {
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

/// The jobs that artists cancelled in this folder.
pub fn cancelled(folder: &Path) -> Vec<JobId> {
    let text = std::fs::read_to_string(folder.join("cancelled")).unwrap_or_default();
    // A kill may have cut the last line.
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

pub struct Artist {
    dice: Dice,
    notes: PathBuf,
}

impl Artist {
    pub fn new(folder: &Path, seed: u64) -> Self {
        Self { dice: Dice(seed), notes: folder.join("cancelled") }
    }

    /// Does something, or waits a little. Answers whether anything is left to wait for.
    pub async fn goes_on(&mut self, engine: &Engine) -> bool {
        let left = engine.job_list(Which::Open, 0, 1_000).await.unwrap();
        if left.is_empty() {
            return false;
        }
        match self.dice.roll(40) {
            0 => {
                let which = self.dice.roll(left.len() as u64);
                let id = left[usize::try_from(which).unwrap()].id;
                // Noted first: after a kill it has to be known.
                let mut notes =
                    OpenOptions::new().create(true).append(true).open(&self.notes).unwrap();
                writeln!(notes, "{id}").unwrap();
                engine.job_cancel(vec![id]).await.unwrap();
            }
            1 => {
                engine.queue_pause(true, false).await.unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
                engine.queue_pause(false, false).await.unwrap();
            }
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
        true
    }
}

/// Does nothing by itself: the storm starts it as the process that it kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_app_in_a_process_of_its_own() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    let engine = start(&folder).await;
    // It may have been killed while it was paused.
    engine.queue_pause(false, false).await.unwrap();
    let mut artist = Artist::new(&folder, seed);
    while artist.goes_on(&engine).await {}
    engine.stop().await;
}
