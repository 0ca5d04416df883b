//! Work that takes a while and that the artist watches and can stop: exports, emptying the bin.

use crate::{
    hub::Hub,
    tasks::Tasks,
    view::{Fact, WorkBytes, WorkKind, WorkState, WorkView},
};
use media::Stop;
use std::{
    collections::VecDeque,
    future::Future,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// The page is told at most this often how far one work is.
const TOLD_EVERY: Duration = Duration::from_millis(200);
/// Works that are kept to be looked at after they ended.
const KEPT: usize = 20;
/// Problems told of one work.
const MOST_PROBLEMS: usize = 200;

/// All works since the start of the app, the newest last.
pub struct Works {
    hub: Hub,
    list: Mutex<List>,
}

#[derive(Default)]
struct List {
    last: u32,
    works: VecDeque<Entry>,
}

impl List {
    fn has_alone(&self) -> bool {
        let alone = |kind| matches!(kind, WorkKind::Backup | WorkKind::Restore | WorkKind::Move);
        let mut running = self.works.iter().filter(|entry| entry.view.state == WorkState::Running);
        running.any(|entry| alone(entry.view.kind))
    }
}

struct Entry {
    view: WorkView,
    stop: Arc<AtomicBool>,
    /// What is done at once when the artist stops it; nothing if it was stopped.
    cancel: Option<Box<dyn FnOnce() + Send>>,
    cancelled: bool,
    told: Option<Instant>,
}

/// What a work says of itself while it goes on.
#[derive(Clone)]
pub struct Progress {
    works: Arc<Works>,
    id: u32,
    stop: Arc<AtomicBool>,
}

/// Asks work to stop when its task is left.
struct StopWhenLeft(Arc<AtomicBool>);

impl Drop for StopWhenLeft {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Works {
    pub fn new(hub: Hub) -> Self {
        Self { hub, list: Mutex::default() }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a work of `of` steps. What it answers with is shown when it is done; an error is a
    /// sentence that says why it could not go on.
    pub fn begin<W>(
        self: &Arc<Self>,
        tasks: &Tasks,
        kind: WorkKind,
        title: String,
        of: u32,
        work: impl FnOnce(Progress) -> W,
    ) -> WorkView
    where
        W: Future<Output = Result<Option<String>, String>> + Send + 'static,
    {
        let begun = self.add(self.list(), kind, title, of);
        self.start(tasks, begun, work)
    }

    /// The same for work on the library as a whole: nothing while there is other such work.
    pub fn begin_alone<W>(
        self: &Arc<Self>,
        tasks: &Tasks,
        kind: WorkKind,
        title: String,
        work: impl FnOnce(Progress) -> W,
    ) -> Option<WorkView>
    where
        W: Future<Output = Result<Option<String>, String>> + Send + 'static,
    {
        let list = self.list();
        if list.has_alone() {
            return None;
        }
        let begun = self.add(list, kind, title, 0);
        Some(self.start(tasks, begun, work))
    }

    /// Whether there is work on the library as a whole.
    pub fn is_alone(&self) -> bool {
        self.list().has_alone()
    }

    fn add(
        &self,
        mut list: MutexGuard<'_, List>,
        kind: WorkKind,
        title: String,
        of: u32,
    ) -> (WorkView, Arc<AtomicBool>) {
        let stop = Arc::new(AtomicBool::new(false));
        list.last += 1;
        let view = WorkView {
            id: list.last,
            kind,
            title,
            done: 0,
            of,
            bytes: None,
            state: WorkState::Running,
            problems: Vec::new(),
            more_problems: 0,
            result: None,
        };
        list.works.push_back(Entry {
            view: view.clone(),
            stop: stop.clone(),
            cancel: None,
            cancelled: false,
            told: None,
        });
        if list.works.len() > KEPT
            && let Some(ended) =
                list.works.iter().position(|entry| entry.view.state != WorkState::Running)
        {
            list.works.remove(ended);
        }
        (view, stop)
    }

    fn start<W>(
        self: &Arc<Self>,
        tasks: &Tasks,
        (view, stop): (WorkView, Arc<AtomicBool>),
        work: impl FnOnce(Progress) -> W,
    ) -> WorkView
    where
        W: Future<Output = Result<Option<String>, String>> + Send + 'static,
    {
        self.hub.publish(vec![Fact::WorkChanged { work: view.clone() }]);
        let progress = Progress { works: self.clone(), id: view.id, stop };
        let done = work(progress.clone());
        tasks.spawn_until_stopped(async move {
            // Threads that work on files end, too, when the engine does.
            let _left = StopWhenLeft(progress.stop.clone());
            let answer = done.await;
            progress.end(answer);
        });
        view
    }

    /// Work that somebody waits for: it is watched and stopped like any other, and whoever began it says
    /// when it is over ([`Progress::over`]).
    pub fn watched(self: &Arc<Self>, kind: WorkKind, title: String, of: u32) -> Progress {
        let (view, stop) = self.add(self.list(), kind, title, of);
        let id = view.id;
        self.hub.publish(vec![Fact::WorkChanged { work: view }]);
        Progress { works: self.clone(), id, stop }
    }

    /// For what is done by itself: nobody is told of it, and nobody stops it.
    pub fn unseen(self: &Arc<Self>) -> Progress {
        // Works are numbered from 1, so this one is in no list.
        Progress { works: self.clone(), id: 0, stop: Arc::default() }
    }

    /// All that are kept.
    pub fn all(&self) -> Vec<WorkView> {
        self.list().works.iter().map(|entry| entry.view.clone()).collect()
    }

    /// Asks a work to stop. It does so between two steps.
    pub fn cancel(&self, id: u32) -> bool {
        let mut list = self.list();
        let Some(entry) = list.works.iter_mut().find(|entry| entry.view.id == id) else {
            return false;
        };
        let first = entry.cancel.take().filter(|_| entry.view.state == WorkState::Running);
        entry.cancelled = true;
        let stop = entry.stop.clone();
        drop(list);
        if let Some(first) = first {
            first();
        }
        stop.store(true, Ordering::Relaxed);
        true
    }

    fn change(&self, id: u32, at_once: bool, change: impl FnOnce(&mut WorkView)) {
        let mut list = self.list();
        let Some(entry) = list.works.iter_mut().find(|entry| entry.view.id == id) else { return };
        change(&mut entry.view);
        if at_once || entry.told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            entry.told = Some(Instant::now());
            self.hub.publish(vec![Fact::WorkChanged { work: entry.view.clone() }]);
        }
    }
}

impl Progress {
    /// So many steps are done.
    pub fn done(&self, done: usize) {
        let done = u32::try_from(done).unwrap_or(u32::MAX);
        self.works.change(self.id, false, |view| view.done = done);
    }

    /// How much there is to do, where that is not known at the beginning.
    pub fn plan(&self, steps: usize, bytes: u64) {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        self.works.change(self.id, true, |view| {
            view.of = steps;
            view.bytes = Some(WorkBytes { done: 0, of: bytes });
        });
    }

    /// One step more is done.
    pub fn step(&self) {
        self.works.change(self.id, false, |view| view.done = view.done.saturating_add(1));
    }

    /// So many bytes more are done.
    pub fn bytes(&self, more: u64) {
        self.works.change(self.id, false, |view| {
            let bytes = view.bytes.get_or_insert_default();
            bytes.done = bytes.done.saturating_add(more);
        });
    }

    /// Something could not be done; the rest goes on.
    pub fn problem(&self, text: String) {
        self.works.change(self.id, false, |view| {
            if view.problems.len() < MOST_PROBLEMS {
                view.problems.push(text);
            } else {
                view.more_problems = view.more_problems.saturating_add(1);
            }
        });
    }

    /// Whether it is to stop: the artist asked for it, or the app quits.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether the artist asked it to stop.
    pub fn cancelled(&self) -> bool {
        let list = self.works.list();
        list.works.iter().any(|entry| entry.view.id == self.id && entry.cancelled)
    }

    /// What is done at once when the artist stops it, before it does.
    pub fn when_cancelled(&self, does: impl FnOnce() + Send + 'static) {
        let mut list = self.works.list();
        if let Some(entry) = list.works.iter_mut().find(|entry| entry.view.id == self.id) {
            entry.cancel = Some(Box::new(does));
        }
    }

    /// The same, for work on files.
    pub fn stop(&self) -> Stop {
        let stop = self.stop.clone();
        Stop::when(move || stop.load(Ordering::Relaxed))
    }

    /// Work that somebody waited for is over; an error is a sentence.
    pub fn over(&self, answer: Result<(), String>) {
        self.end(answer.map(|()| None));
    }

    fn end(&self, answer: Result<Option<String>, String>) {
        let stopped = self.stopped();
        self.works.change(self.id, true, |view| match answer {
            Ok(result) => {
                view.state = if stopped { WorkState::Cancelled } else { WorkState::Done };
                view.result = result;
            }
            Err(_) if stopped => view.state = WorkState::Cancelled,
            Err(why) => {
                view.state = WorkState::Failed;
                view.problems.insert(0, why);
            }
        });
    }
}
