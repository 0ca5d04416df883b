//! Small pictures: made by a few threads, kept in a cache by the content's hash.
//!
//! What somebody waits for is made first. Between that, pictures that came to the library are gone
//! through ([`fill`]): they get their small picture, and what they look like is stored.

mod cache;
mod drawn;
mod fill;
mod queue;

pub use cache::ThumbSize;
pub use fill::fill;

use cache::Cache;
use media::{MediaError, Original, Stop, Thumbnails, Tools, thumbnails, waveform};
use queue::{Answer, Background, Look, Next, Queue, Seen, Wish};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};

/// The most the cache holds, in bytes.
const CACHE_LIMIT: u64 = 4 << 30;
/// Numbers of a waveform.
const PEAKS: usize = 512;
/// Threads at least, and at most.
const THREADS: (usize, usize) = (2, 4);
/// After this time a thread is thought to hang at a drive that does not answer, and another begins.
const HANGS_AFTER: Duration = Duration::from_secs(40);
/// Threads in all, those that hang among them.
const MOST_THREADS: usize = 16;
/// With more threads that hang, no picture is begun that nobody waits for: those left are for what somebody
/// waits for.
const MOST_HANGING: usize = 8;
/// How often who waits for a small picture looks whether it can still come.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How long stopping waits for threads; one that hangs at a drive is left behind.
const STOP_WAIT: Duration = Duration::from_secs(3);

/// Why there is no small picture of a file.
#[derive(Debug, thiserror::Error)]
enum Unmade {
    /// It cannot be made of it.
    #[error(transparent)]
    Of(#[from] MediaError),
    /// It was made, and cannot be kept.
    #[error("The cache of small pictures cannot be written ({0}). Is its disk full?")]
    Unkept(io::Error),
}

/// Makes small pictures and keeps them.
pub struct Thumbs {
    shared: Arc<Shared>,
    /// Scans that read files: until they are over nobody looks at pictures for nobody in particular.
    scans: watch::Sender<usize>,
    /// Closed when the last thread has ended.
    ended: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>>,
}

struct Shared {
    cache: Cache,
    tools: Tools,
    queue: Mutex<Queue>,
    bell: Condvar,
    stopped: AtomicBool,
    /// When each thread began what it does.
    threads: Mutex<Vec<Arc<Mutex<Option<Instant>>>>>,
    wanted: usize,
    cleaning: AtomicBool,
}

impl Thumbs {
    /// A keeper with its cache in `folder`.
    pub fn new(folder: PathBuf) -> Self {
        let cores = thread::available_parallelism().map_or(THREADS.0, usize::from);
        let shared = Shared {
            cache: Cache::new(folder, CACHE_LIMIT),
            tools: Tools::find(),
            queue: Mutex::default(),
            bell: Condvar::new(),
            stopped: AtomicBool::new(false),
            threads: Mutex::default(),
            wanted: cores.clamp(THREADS.0, THREADS.1),
            cleaning: AtomicBool::new(false),
        };
        Self {
            shared: Arc::new(shared),
            scans: watch::Sender::new(0),
            ended: Mutex::new(Some(mpsc::channel(1))),
        }
    }

    /// The small picture of a content that lies at `original`, made first if it is not there.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    pub async fn get(&self, hash: &str, size: ThumbSize, original: &Path) -> Answer {
        if let Some(path) = self.shared.cache.get(hash, size) {
            return Ok(path);
        }
        let wish = Wish { hash: hash.to_owned(), size };
        let asked = Instant::now();
        let mut told = lock(&self.shared.queue).ask(wish.clone(), original.to_owned())?;
        self.begin_threads();
        self.shared.bell.notify_one();
        loop {
            let given_up = lock(&self.shared.queue).gives_up(&wish, asked, Instant::now());
            if let Some(why) = given_up {
                return Err(why.into());
            }
            match tokio::time::timeout(LOOK_EVERY, &mut told).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(_)) => return Err("Other pictures came first. Look at it again.".into()),
                // A thread may hang by now: another takes its place.
                Err(_) => self.begin_threads(),
            }
        }
    }

    /// The small picture, if it is there already.
    pub fn ready(&self, hash: &str, size: ThumbSize) -> Option<PathBuf> {
        self.shared.cache.get(hash, size)
    }

    /// Makes the small picture here and now, on this thread, and says what it looks like. Failing is no
    /// matter: it is tried again when somebody looks.
    pub fn make_now(&self, hash: &str, original: &Path) -> Option<u64> {
        match self.shared.make_small(hash, ThumbSize::Small, original, &self.shared.stop()) {
            Ok(made) => Some(made.phash).filter(|phash| *phash != 0),
            Err(error) => {
                tracing::warn!(%error, hash, "no small picture");
                None
            }
        }
    }

    /// Deletes the small pictures of a content that is really deleted.
    pub fn forget(&self, hash: &str) {
        self.shared.cache.forget(hash);
    }

    /// Small pictures of files that nobody had read whole are those of these contents.
    pub async fn rename(&self, read: Vec<(String, String)>) {
        let shared = self.shared.clone();
        let renaming = tokio::task::spawn_blocking(move || {
            for (stand_in, hash) in read {
                shared.cache.rename(&stand_in, &hash);
            }
        });
        if let Err(error) = renaming.await {
            tracing::error!(%error, "small pictures cannot be renamed");
        }
    }

    /// Leaves the cores and the disk to a scan until the answer is dropped. What somebody waits for is
    /// made all the same.
    pub fn rest(&self) -> Rest<'_> {
        self.scans.send_modify(|scans| *scans += 1);
        Rest(self)
    }

    /// Looks at pictures while nobody waits; each tells what it looks like.
    fn look_at(&self, pictures: Vec<Background>) {
        lock(&self.shared.queue).put_background(pictures);
        self.begin_threads();
        self.shared.bell.notify_all();
    }

    /// Whether threads still come to pictures that were handed to [`Self::look_at`].
    fn comes_to_looks(&self) -> bool {
        lock(&self.shared.queue).comes_to_background(Instant::now())
    }

    /// Looks no more at pictures that were handed to [`Self::look_at`]. Answers with the numbers of those
    /// that no thread has begun with.
    fn leave_looks(&self) -> Vec<u32> {
        let left = lock(&self.shared.queue).take_background();
        left.into_iter().map(|picture| picture.key).collect()
    }

    /// Stops the threads. One that hangs at a drive is left behind.
    pub async fn stop(&self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        lock(&self.shared.queue).clear();
        self.shared.bell.notify_all();
        let ended = lock(&self.ended).take();
        if let Some((ours, mut ended)) = ended {
            drop(ours);
            if tokio::time::timeout(STOP_WAIT, ended.recv()).await.is_err() {
                tracing::warn!("a thread that makes small pictures hangs at a drive");
            }
        }
    }

    /// Begins threads, unless enough work already or hang.
    fn begin_threads(&self) {
        let ended = lock(&self.ended);
        let Some((ended, _)) = ended.as_ref() else { return };
        let mut threads = lock(&self.shared.threads);
        while threads.len() < MOST_THREADS && working(&threads) < self.shared.wanted {
            let begun = Arc::new(Mutex::new(None));
            threads.push(begun.clone());
            let (shared, ended) = (self.shared.clone(), ended.clone());
            let started =
                thread::Builder::new().name("small pictures".to_owned()).spawn(move || {
                    shared.work(&begun);
                    lock(&shared.threads).retain(|other| !Arc::ptr_eq(other, &begun));
                    drop(ended);
                });
            if let Err(error) = started {
                tracing::error!(%error, "no thread can be begun");
                threads.pop();
                return;
            }
        }
    }
}

/// While there is one, pictures that nobody waits for have time.
pub struct Rest<'a>(&'a Thumbs);

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        self.0.scans.send_modify(|scans| *scans -= 1);
    }
}

/// Threads that do not hang.
fn working(threads: &[Arc<Mutex<Option<Instant>>>]) -> usize {
    let hangs = |begun: &Instant| begun.elapsed() > HANGS_AFTER;
    threads.iter().filter(|thread| !lock(thread).as_ref().is_some_and(hangs)).count()
}

impl Shared {
    fn work(self: &Arc<Self>, begun: &Mutex<Option<Instant>>) {
        while let Some(next) = self.next() {
            *lock(begun) = Some(Instant::now());
            match next {
                Next::Asked(wish, path) => self.asked(&wish, &path),
                Next::Background(picture) => self.background(&picture),
            }
            *lock(begun) = None;
            lock(&self.queue).got_done(Instant::now());
            self.clean_if_over();
            // Another took its place while it hung.
            if working(&lock(&self.threads)) > self.wanted {
                return;
            }
        }
    }

    /// Cleans the cache if it should be, unless another thread does.
    fn clean_if_over(&self) {
        if self.cache.is_over() && !self.cleaning.swap(true, Ordering::Relaxed) {
            self.cache.clean(&|| !self.is_stopped());
            self.cleaning.store(false, Ordering::Relaxed);
        }
    }

    fn next(&self) -> Option<Next> {
        let mut queue = lock(&self.queue);
        loop {
            if self.is_stopped() {
                return None;
            }
            let hanging = {
                let threads = lock(&self.threads);
                threads.len() - working(&threads)
            };
            if let Some(next) = queue.next(hanging <= MOST_HANGING, Instant::now()) {
                return Some(next);
            }
            queue = self.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn asked(self: &Arc<Self>, wish: &Wish, original: &Path) {
        let stop = self.stop();
        let made = match wish.size {
            ThumbSize::Peaks => self.make_peaks(&wish.hash, original, &stop),
            size => self.make_small(&wish.hash, size, original, &stop).map(drop),
        };
        let answer = match made {
            Ok(()) => Ok(self.cache.path(&wish.hash, wish.size)),
            Err(unmade) => {
                let why: Arc<str> = unmade.to_string().into();
                // A sound without a picture may well have peaks.
                if matches!(&unmade, Unmade::Of(error) if is_content(error))
                    && wish.size != ThumbSize::Peaks
                {
                    lock(&self.queue).failed(&wish.hash, why.clone());
                }
                Err(why)
            }
        };
        lock(&self.queue).done(wish, &answer);
    }

    fn background(self: &Arc<Self>, picture: &Background) {
        // There is a small picture of what came by a job.
        let keep = !self.cache.is_full() && !self.cache.has(&picture.hash, ThumbSize::Small);
        let made = self.make(ThumbSize::Small, &picture.path, &self.stop());
        if let (true, Ok(made)) = (keep, &made) {
            // What it looks like counts also where a full disk takes no small picture.
            if let Err(error) = self.put(&picture.hash, &[ThumbSize::Small], made) {
                tracing::debug!(%error, "a small picture is not kept");
            }
        }
        let damage = match &made {
            Ok(made) => made.damage.clone(),
            Err(error) if is_content(error) && !error.is_unsupported() => Some(error.to_string()),
            Err(_) => None,
        };
        let look = look_of(&made);
        if let Err(error) = &made
            && is_content(error)
        {
            lock(&self.queue).failed(&picture.hash, error.to_string().into());
        }
        // Nobody listens only when the engine stops.
        let _ = picture.tell.send(Seen { key: picture.key, look, damage });
    }

    /// Makes what somebody asked for, and keeps it.
    fn make_small(
        &self,
        hash: &str,
        size: ThumbSize,
        original: &Path,
        stop: &Stop,
    ) -> Result<Thumbnails, Unmade> {
        let made = self.make(size, original, stop)?;
        self.put(hash, sizes_with(size), &made).map_err(Unmade::Unkept)?;
        Ok(made)
    }

    fn make(
        &self,
        size: ThumbSize,
        original: &Path,
        stop: &Stop,
    ) -> Result<Thumbnails, MediaError> {
        let mut file = Original::open(original)?;
        let edges: Vec<u32> = sizes_with(size).iter().map(|size| size.edge()).collect();
        thumbnails(&mut file, &edges, &self.tools, stop)
    }

    fn put(&self, hash: &str, sizes: &[ThumbSize], made: &Thumbnails) -> io::Result<()> {
        sizes
            .iter()
            .zip(&made.small)
            .try_for_each(|(size, small)| self.cache.put(hash, *size, &small.bytes).map(drop))
    }

    fn make_peaks(&self, hash: &str, original: &Path, stop: &Stop) -> Result<(), Unmade> {
        let sound = waveform(&mut Original::open(original)?, PEAKS, &self.tools, stop)?;
        // Three digits are more than a screen shows.
        let peaks: Vec<f32> = sound.peaks.iter().map(|peak| (peak * 1e3).round() / 1e3).collect();
        let json = serde_json::to_vec(&peaks).map_err(io::Error::from).map_err(Unmade::Unkept)?;
        self.cache.put(hash, ThumbSize::Peaks, &json).map(drop).map_err(Unmade::Unkept)
    }

    fn stop(self: &Arc<Self>) -> Stop {
        let shared = self.clone();
        Stop::when(move || shared.is_stopped())
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

/// The sizes that are made with one: who looks at one closely will go back to the grid.
fn sizes_with(size: ThumbSize) -> &'static [ThumbSize] {
    match size {
        ThumbSize::Small => &[ThumbSize::Small],
        ThumbSize::Large | ThumbSize::Peaks => &[ThumbSize::Large, ThumbSize::Small],
    }
}

/// Whether it is the content that cannot be shown, now and later; else it is the drive, or we stop.
fn is_content(error: &MediaError) -> bool {
    match error {
        MediaError::Io(error) => error.kind() == io::ErrorKind::UnexpectedEof,
        MediaError::Stopped | MediaError::TooSlow => false,
        _ => true,
    }
}

/// What a picture looks like of which small ones were made, or not.
fn look_of(made: &Result<Thumbnails, MediaError>) -> Look {
    match made {
        // One that is blank looks like all that are.
        Ok(made) if made.phash == 0 => Look::Nothing,
        Ok(made) => Look::Like(made.phash),
        // It would take as long another time: only who asks for it waits for it.
        Err(MediaError::TooSlow) => Look::Nothing,
        Err(error) if is_content(error) => Look::Nothing,
        Err(_) => Look::NotNow,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_do_better_is_looked_at_again() {
        let drive = |kind: io::ErrorKind| MediaError::Io(io::Error::from(kind));
        for (error, look) in [
            (MediaError::TooSlow, Look::Nothing),
            (MediaError::Damaged("its pixels end".into()), Look::Nothing),
            (MediaError::Unsupported, Look::Nothing),
            (drive(io::ErrorKind::UnexpectedEof), Look::Nothing),
            (drive(io::ErrorKind::NotFound), Look::NotNow),
            (drive(io::ErrorKind::TimedOut), Look::NotNow),
            (MediaError::Stopped, Look::NotNow),
        ] {
            let made = Err(error);
            assert_eq!(look_of(&made), look, "{made:?}");
        }
    }
}
