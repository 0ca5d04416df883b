//! Work that takes a while and that the artist watches and can stop: exports, emptying the bin.

use crate::{
    hub::Hub,
    tasks::Tasks,
    view::{Fact, WorkState, WorkView},
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
const MOST_PROBLEMS: usize = 100;

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

struct Entry {
    view: WorkView,
    stop: Arc<AtomicBool>,
    told: Option<Instant>,
}

/// What a work says of itself while it goes on.
#[derive(Clone)]
pub struct Progress {
    works: Arc<Works>,
    id: u32,
    stop: Arc<AtomicBool>,
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
        title: String,
        of: u32,
        work: impl FnOnce(Progress) -> W,
    ) -> WorkView
    where
        W: Future<Output = Result<Option<String>, String>> + Send + 'static,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let view = {
            let mut list = self.list();
            list.last += 1;
            let view = WorkView {
                id: list.last,
                title,
                done: 0,
                of,
                state: WorkState::Running,
                problems: Vec::new(),
                result: None,
            };
            list.works.push_back(Entry { view: view.clone(), stop: stop.clone(), told: None });
            if list.works.len() > KEPT
                && let Some(ended) =
                    list.works.iter().position(|entry| entry.view.state != WorkState::Running)
            {
                list.works.remove(ended);
            }
            view
        };
        self.hub.publish(vec![Fact::WorkChanged { work: view.clone() }]);
        let progress = Progress { works: self.clone(), id: view.id, stop };
        let done = work(progress.clone());
        tasks.spawn_until_stopped(async move {
            let answer = done.await;
            progress.end(answer);
        });
        view
    }

    /// All that are kept.
    pub fn all(&self) -> Vec<WorkView> {
        self.list().works.iter().map(|entry| entry.view.clone()).collect()
    }

    /// Asks a work to stop. It does so between two steps.
    pub fn cancel(&self, id: u32) -> bool {
        let list = self.list();
        let found = list.works.iter().find(|entry| entry.view.id == id);
        found.map(|entry| entry.stop.store(true, Ordering::Relaxed)).is_some()
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

    /// Something could not be done; the rest goes on.
    pub fn problem(&self, text: String) {
        self.works.change(self.id, false, |view| {
            if view.problems.len() < MOST_PROBLEMS {
                view.problems.push(text);
            }
        });
    }

    /// Whether the artist asked it to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The same, for work on files.
    pub fn stop(&self) -> Stop {
        let stop = self.stop.clone();
        Stop::when(move || stop.load(Ordering::Relaxed))
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
