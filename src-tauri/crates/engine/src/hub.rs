//! The event hub: numbers the facts, keeps the newest of them, and feeds the page.
//!
//! What is true is stored first, numbered second, shown third: [`Hub::publish`] is called after the
//! store has it. One actor numbers and answers, so a stream that opens has no gap.

use crate::{
    snapshot::Snapshots,
    tasks::Tasks,
    view::{Fact, IntakeReport, StreamMessage},
};
use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};

/// Facts kept for a page that comes back.
const KEPT_FACTS: usize = 2_048;
/// Messages that may wait for one page. A page that does not read gets a snapshot later instead.
const STREAM_DEPTH: usize = 512;
/// Pulses go out at most this often.
const PULSE_EVERY: Duration = Duration::from_millis(33);

enum Request {
    Facts(Vec<Fact>),
    Intake(Box<IntakeReport>),
    Open { since: Option<u64>, page: mpsc::Sender<StreamMessage> },
}

/// A handle to the hub.
#[derive(Clone)]
pub struct Hub {
    requests: mpsc::UnboundedSender<Request>,
    visible: Arc<AtomicBool>,
}

impl Hub {
    /// Starts the hub.
    pub(crate) fn start(tasks: &Tasks, snapshots: Snapshots) -> Self {
        let (requests, inbox) = mpsc::unbounded_channel();
        let visible = Arc::new(AtomicBool::new(true));
        let actor = Actor {
            inbox,
            snapshots,
            visible: visible.clone(),
            kept: VecDeque::new(),
            last: 0,
            page: None,
            owes_snapshot: false,
        };
        tasks.spawn_until_stopped(actor.run());
        Self { requests, visible }
    }

    /// Publishes facts that are stored.
    pub fn publish(&self, facts: Vec<Fact>) {
        if !facts.is_empty() {
            // The hub is gone only when the engine stops; then nobody reads facts any more.
            let _ = self.requests.send(Request::Facts(facts));
        }
    }

    /// Sends an intake report to the page.
    pub fn announce(&self, report: IntakeReport) {
        let _ = self.requests.send(Request::Intake(Box::new(report)));
    }

    /// Opens the stream. It begins with what was missed since fact `since`, or with a snapshot, and
    /// replaces the stream before it.
    pub fn open(&self, since: Option<u64>) -> mpsc::Receiver<StreamMessage> {
        let (page, stream) = mpsc::channel(STREAM_DEPTH);
        let _ = self.requests.send(Request::Open { since, page });
        stream
    }

    /// Says whether anybody can see the window: pulses pause while nobody can.
    pub fn set_visible(&self, visible: bool) {
        self.visible.store(visible, Ordering::Relaxed);
    }
}

struct Actor {
    inbox: mpsc::UnboundedReceiver<Request>,
    snapshots: Snapshots,
    visible: Arc<AtomicBool>,
    /// The newest facts; the last one has number `last`.
    kept: VecDeque<Fact>,
    last: u64,
    page: Option<mpsc::Sender<StreamMessage>>,
    owes_snapshot: bool,
}

impl Actor {
    async fn run(mut self) {
        let mut pulse = interval(PULSE_EVERY);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                request = self.inbox.recv() => match request {
                    Some(request) => self.answer(request).await,
                    None => return,
                },
                _ = pulse.tick(), if self.page.is_some() => self.pulse().await,
            }
        }
    }

    async fn answer(&mut self, request: Request) {
        match request {
            Request::Facts(mut facts) => {
                // What came meanwhile goes in the same message: a batch of 500 jobs is one.
                let mut other = None;
                while let Ok(next) = self.inbox.try_recv() {
                    match next {
                        Request::Facts(more) => facts.extend(more),
                        different => {
                            other = Some(different);
                            break;
                        }
                    }
                }
                self.number(facts);
                if let Some(other) = other {
                    Box::pin(self.answer(other)).await;
                }
            }
            Request::Intake(report) => self.send(StreamMessage::Intake { report: *report }),
            Request::Open { since, page } => {
                self.page = Some(page);
                self.owes_snapshot = false;
                match since.and_then(|since| self.missed(since)) {
                    Some((first, facts)) => self.send(StreamMessage::Facts { first, facts }),
                    None => self.snapshot().await,
                }
            }
        }
    }

    fn number(&mut self, facts: Vec<Fact>) {
        let first = self.last + 1;
        self.last += facts.len() as u64;
        self.kept.extend(facts.iter().cloned());
        while self.kept.len() > KEPT_FACTS {
            self.kept.pop_front();
        }
        self.send(StreamMessage::Facts { first, facts });
    }

    /// The facts after number `since`, if all of them are still kept.
    fn missed(&self, since: u64) -> Option<(u64, Vec<Fact>)> {
        let behind = usize::try_from(self.last.checked_sub(since)?).ok()?;
        let skip = self.kept.len().checked_sub(behind)?;
        Some((since + 1, self.kept.iter().skip(skip).cloned().collect()))
    }

    async fn snapshot(&mut self) {
        match self.snapshots.take(self.last).await {
            Ok(snapshot) => self.send(StreamMessage::Snapshot { snapshot: Box::new(snapshot) }),
            Err(error) => {
                tracing::error!(%error, "cannot read the state for the page");
                self.owes_snapshot = true;
            }
        }
    }

    async fn pulse(&mut self) {
        if self.owes_snapshot && self.page.as_ref().is_some_and(|page| page.capacity() > 1) {
            self.owes_snapshot = false;
            self.snapshot().await;
        }
        if self.visible.load(Ordering::Relaxed) && !self.owes_snapshot {
            let pulses = self.snapshots.pulses();
            if !pulses.is_empty() {
                self.send(StreamMessage::Pulses { pulses });
            }
        }
    }

    fn send(&mut self, message: StreamMessage) {
        let Some(page) = &self.page else { return };
        match page.try_send(message) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => self.owes_snapshot = true,
            Err(mpsc::error::TrySendError::Closed(_)) => self.page = None,
        }
    }
}
