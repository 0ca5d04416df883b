//! How a scan's threads and their owner hear of each other.

use media::Stop;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
};

/// Shared by the threads of one scan and whoever waits for them: whether they are to stop, and a sign
/// of life, since a network drive that does not answer holds a thread for ever.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    stopped: AtomicBool,
    beats: AtomicU64,
    seen: AtomicU32,
}

impl Pulse {
    /// Asks the threads to stop.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether they were asked to.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }

    /// A sign of life.
    ///
    /// # Errors
    /// When the thread is to stop.
    pub fn beat(&self) -> io::Result<()> {
        self.0.beats.fetch_add(1, Ordering::Relaxed);
        if self.is_stopped() { Err(io::Error::other("stopped")) } else { Ok(()) }
    }

    /// One file more was seen.
    pub fn saw_one(&self) {
        self.0.seen.fetch_add(1, Ordering::Relaxed);
    }

    /// Files seen so far.
    pub fn seen(&self) -> u32 {
        self.0.seen.load(Ordering::Relaxed)
    }

    /// Signs of life so far.
    pub fn beats(&self) -> u64 {
        self.0.beats.load(Ordering::Relaxed)
    }

    /// What work on one file asks again and again: each question is a sign of life, too.
    pub fn stop_of_file(&self) -> Stop {
        let pulse = self.clone();
        Stop::when(move || pulse.beat().is_err())
    }

    /// Threads that have not ended, if `self` is the owner's and each thread has a copy of its own.
    pub fn threads(&self) -> usize {
        Arc::strong_count(&self.0).saturating_sub(1)
    }
}
