//! Work on files that may lie on a drive that does not answer. It runs on threads of its own: what
//! hangs there hangs nobody else, and is left behind when the engine stops.

use super::pulse::Pulse;
use std::{
    future::Future,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot};

/// Threads that work on many files, at most.
const MOST_THREADS: usize = 4;
/// Files that are told of together, at most, and how long one waits for others.
const TOLD_AT_ONCE: usize = 32;
const TOLD_AFTER: Duration = Duration::from_millis(50);
/// Where there are fewer files than this, one thread does it.
const FEW: usize = 32;

/// Why work on files came to nothing.
#[derive(Debug)]
pub enum Hitch {
    /// The drive does not answer.
    Hangs,
    /// The work was stopped.
    Stopped,
    /// The system says no.
    Io(io::Error),
}

impl From<io::Error> for Hitch {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Begins work on a thread of its own, which holds a copy of `pulse` until it ends.
///
/// # Errors
/// When the system has no thread left.
pub fn begin<T: Send + 'static>(
    pulse: &Pulse,
    work: impl FnOnce(&Pulse) -> T + Send + 'static,
) -> io::Result<oneshot::Receiver<T>> {
    let (tell, told) = oneshot::channel();
    let pulse = pulse.clone();
    thread::Builder::new().name("library folder".to_owned()).spawn(move || {
        // Nobody listens any more where the work was stopped or given up.
        let _ = tell.send(work(&pulse));
        drop(pulse);
    })?;
    Ok(told)
}

/// Threads that all cores are busy with.
pub fn all_cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from).min(MOST_THREADS)
}

/// One less: who takes what comes of it has a core for itself.
pub fn all_but_one() -> usize {
    thread::available_parallelism().map_or(1, |cores| cores.get() - 1).clamp(1, MOST_THREADS)
}

/// Begins work on many files, on so many threads, or on one where there are few. What comes of it is told
/// in no particular order, a few at a time: waking somebody for each costs as much as the work on a small
/// file. Of that at most `ahead` files wait to be taken. An error of `work` ends its thread.
///
/// # Errors
/// When the system has no thread left.
pub fn each<T: Send + Sync + 'static, R: Send + 'static>(
    pulse: &Pulse,
    files: Vec<T>,
    threads: usize,
    ahead: usize,
    work: impl Fn(&T, &Pulse) -> io::Result<R> + Send + Sync + 'static,
) -> io::Result<mpsc::Receiver<Vec<R>>> {
    let (tell, done) = mpsc::channel(ahead.div_ceil(TOLD_AT_ONCE));
    let threads = if files.len() < FEW { 1 } else { threads };
    let shared = Arc::new((files, AtomicUsize::new(0), work));
    for _ in 0..threads {
        let (tell, shared) = (tell.clone(), shared.clone());
        begin(pulse, move |pulse| {
            let (files, next, work) = &*shared;
            let (mut some, mut since) = (Vec::new(), Instant::now());
            while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                let Ok(done) = work(file, pulse) else { return };
                some.push(done);
                if some.len() >= TOLD_AT_ONCE || since.elapsed() >= TOLD_AFTER {
                    if tell.blocking_send(std::mem::take(&mut some)).is_err() {
                        return;
                    }
                    since = Instant::now();
                }
            }
            if !some.is_empty() {
                // Nobody takes it where the work was given up.
                let _ = tell.blocking_send(some);
            }
        })?;
    }
    Ok(done)
}

/// Waits for what threads with this pulse do, as long as there are signs of life.
///
/// # Errors
/// [`Hitch::Hangs`] after `patience` without a sign; then the threads are asked to stop.
pub async fn wait<T>(
    pulse: &Pulse,
    patience: Duration,
    work: impl Future<Output = T>,
) -> Result<T, Hitch> {
    tokio::pin!(work);
    let mut beats = pulse.beats();
    loop {
        match tokio::time::timeout(patience, &mut work).await {
            Ok(done) => return Ok(done),
            Err(_) if pulse.beats() == beats => {
                pulse.stop();
                return Err(Hitch::Hangs);
            }
            Err(_) => beats = pulse.beats(),
        }
    }
}

/// Does work on a thread of its own and waits for it, as long as there are signs of life.
///
/// # Errors
/// As [`wait`], and when no thread could be begun or it ended without an answer.
pub async fn run<T: Send + 'static>(
    pulse: &Pulse,
    patience: Duration,
    work: impl FnOnce(&Pulse) -> io::Result<T> + Send + 'static,
) -> Result<T, Hitch> {
    let told = begin(pulse, work)?;
    match wait(pulse, patience, told).await? {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) | Err(_) if pulse.is_stopped() => Err(Hitch::Stopped),
        Ok(Err(error)) => Err(Hitch::Io(error)),
        Err(_) => Err(Hitch::Io(io::Error::other("the work on it ended too early"))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::mpsc;

    /// Long beside the pause of a thread that lives, also on a busy machine.
    const PATIENCE: Duration = Duration::from_millis(700);

    #[tokio::test]
    async fn what_hangs_is_given_up_and_what_lives_is_waited_for() {
        let pulse = Pulse::default();
        let (_never, until) = mpsc::channel::<()>();
        let hangs = run(&pulse, PATIENCE, move |_| Ok(until.recv())).await;
        assert!(matches!(hangs, Err(Hitch::Hangs)) && pulse.is_stopped());
        assert_eq!(pulse.threads(), 1, "it still hangs");

        let pulse = Pulse::default();
        let lives = run(&pulse, PATIENCE, |pulse| {
            let began = Instant::now();
            while began.elapsed() < 2 * PATIENCE {
                thread::sleep(PATIENCE / 100);
                pulse.beat()?;
            }
            Ok(7)
        });
        assert_eq!(lives.await.unwrap(), 7);

        let pulse = Pulse::default();
        pulse.stop();
        assert!(matches!(run(&pulse, PATIENCE, |pulse| pulse.beat()).await, Err(Hitch::Stopped)));
    }
}
