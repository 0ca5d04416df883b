//! What is to be looked at in a folder: heard from the system, from the artist, or from the clock.

use super::names::is_in;
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// Parts that are remembered; of more, the whole folder is looked at.
const MOST_PARTS: usize = 10_000;
/// The whole folder is looked at for lost changes at most so often: a scan opens folders, the system
/// tells of that, too, and may lose changes over it.
const LOST_EVERY: Duration = Duration::from_secs(60);
/// What was heard waits at most so many times as long as it takes to be quiet.
const LONGEST: u32 = 10;

/// What is to be looked at.
#[derive(Debug)]
pub struct Asks {
    asked: Mutex<Asked>,
    bell: Notify,
}

#[derive(Debug)]
struct Asked {
    /// A burst of changes is over when nothing was heard for so long.
    quiet: Duration,
    whole: bool,
    parts: HashSet<Vec<u8>>,
    /// When the first of them was heard, and the last.
    heard: Option<(Instant, Instant)>,
    /// When the whole folder is to be looked at since changes were lost, and when it was last.
    lost_at: Option<Instant>,
    lost_last: Option<Instant>,
}

impl Asks {
    /// Nothing is asked. Parts are looked at when nothing was heard for `quiet`.
    pub fn new(quiet: Duration) -> Self {
        Self { asked: Mutex::new(Asked::new(quiet)), bell: Notify::new() }
    }

    /// The whole folder, at once.
    pub fn whole(&self) {
        self.lock().whole = true;
        self.bell.notify_one();
    }

    /// A part of the folder, once things are quiet.
    pub fn part(&self, path: Vec<u8>) {
        self.lock().part(path, Instant::now());
        self.bell.notify_one();
    }

    /// Changes were lost: the whole folder, soon.
    pub fn lost(&self) {
        self.lock().lost(Instant::now());
        self.bell.notify_one();
    }

    /// Whether anything is to be looked at, at once or when things are quiet.
    pub fn is_asked(&self) -> bool {
        let asked = self.lock();
        asked.whole || !asked.parts.is_empty()
    }

    /// Waits for what is to be looked at next: parts of which none is in another. One empty path is
    /// the whole folder.
    pub async fn next(&self) -> Vec<Vec<u8>> {
        loop {
            let bell = self.bell.notified();
            let ready_at = {
                let mut asked = self.lock();
                if let Some(parts) = asked.take(Instant::now()) {
                    return parts;
                }
                asked.ready_at()
            };
            match ready_at {
                // More may be heard meanwhile.
                Some(at) => tokio::select! {
                    () = tokio::time::sleep_until(at) => {}
                    () = bell => {}
                },
                None => bell.await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    fn new(quiet: Duration) -> Self {
        Self {
            quiet,
            whole: false,
            parts: HashSet::new(),
            heard: None,
            lost_at: None,
            lost_last: None,
        }
    }

    fn part(&mut self, path: Vec<u8>, now: Instant) {
        if path.is_empty() || self.parts.len() >= MOST_PARTS {
            self.whole = true;
            self.parts.clear();
        } else {
            self.parts.insert(path);
        }
        let first = self.heard.map_or(now, |(first, _)| first);
        self.heard = Some((first, now));
    }

    fn lost(&mut self, now: Instant) {
        let earliest = self.lost_last.map_or(now, |last| last + LOST_EVERY);
        self.lost_at.get_or_insert(earliest.max(now + self.quiet * LONGEST));
    }

    /// When something is to be looked at, as far as that is known.
    fn ready_at(&self) -> Option<Instant> {
        let longest = self.quiet * LONGEST;
        let heard = self.heard.map(|(first, last)| (last + self.quiet).min(first + longest));
        match (heard, self.lost_at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// What is to be looked at now, if anything is.
    fn take(&mut self, now: Instant) -> Option<Vec<Vec<u8>>> {
        let lost = self.lost_at.is_some_and(|at| now >= at);
        if self.whole || lost {
            let lost_last = if lost { Some(now) } else { self.lost_last };
            *self = Self { lost_last, ..Self::new(self.quiet) };
            return Some(vec![Vec::new()]);
        }
        self.ready_at().filter(|at| now >= *at)?;
        self.heard = None;
        Some(outermost(std::mem::take(&mut self.parts)))
    }
}

/// Parts of which none is in another.
fn outermost(parts: HashSet<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_unstable_by_key(|part| part.split(|byte| *byte == b'/').count());
    let mut outer: Vec<Vec<u8>> = Vec::new();
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    for part in parts {
        let folders = part.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        if !folders.map(|(at, _)| &part[..at]).any(|folder| known.contains(folder)) {
            known.insert(part.clone());
            outer.push(part);
        }
    }
    debug_assert!(outer.iter().all(|one| outer.iter().filter(|two| is_in(two, one)).count() == 1));
    outer
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Duration = Duration::from_millis(400);
    const LONG: Duration = Duration::from_secs(4);

    fn parts(list: &[&str]) -> HashSet<Vec<u8>> {
        list.iter().map(|part| part.as_bytes().to_vec()).collect()
    }

    #[test]
    fn a_part_in_another_is_looked_at_with_it() {
        let mut outer = outermost(parts(&["a/b/c.png", "a", "a/b", "ab/c", "d/e", "d/e.png"]));
        outer.sort();
        let shown: Vec<_> = outer.iter().map(|part| String::from_utf8_lossy(part)).collect();
        assert_eq!(shown, ["a", "ab/c", "d/e", "d/e.png"]);
    }

    #[test]
    fn a_burst_is_one_look_and_an_endless_one_does_not_wait_for_ever() {
        let began = Instant::now();
        let mut asked = Asked::new(QUIET);
        let mut now = began;
        let mut looked_at = Vec::new();
        for n in 0..30_u32 {
            asked.part(format!("{n}.png").into_bytes(), now);
            now += QUIET / 2;
            looked_at.extend(asked.take(now).map(|parts| (now - began, parts.len())));
        }
        assert_eq!(looked_at, [(LONG, 20)], "it did not wait for the end");
        assert_eq!(asked.take(now + QUIET / 4), None);
        assert_eq!(asked.take(now + QUIET).map(|parts| parts.len()), Some(10));
        assert_eq!(asked.take(now + LONG), None);
        asked.whole = true;
        assert_eq!(asked.take(now), Some(vec![Vec::new()]));
        for n in 0..=MOST_PARTS {
            asked.part(n.to_string().into_bytes(), now);
        }
        assert_eq!(asked.take(now), Some(vec![Vec::new()]), "so many are the whole folder");
    }

    #[test]
    fn lost_changes_are_looked_for_soon_and_not_all_the_time() {
        let mut now = Instant::now();
        let mut asked = Asked::new(QUIET);
        asked.lost(now);
        assert_eq!(asked.take(now), None);
        now += LONG;
        assert_eq!(asked.take(now), Some(vec![Vec::new()]));
        asked.lost(now);
        assert_eq!(asked.take(now + LONG), None);
        assert_eq!(asked.ready_at(), Some(now + LOST_EVERY));
        assert_eq!(asked.take(now + LOST_EVERY), Some(vec![Vec::new()]));
    }
}
