//! What waits, what runs and what is done.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use crate::hub::{Hub, To};
use crate::lock;

/// History entries kept, as in ComfyUI; the oldest are forgotten first.
const HISTORY: usize = 10_000;

/// A job in the queue.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// As told to the client: whole when counted, a float when given.
    pub number: Value,
    pub prompt_id: String,
    /// The graph, with values converted to what their inputs take.
    pub prompt: Value,
    pub extra_data: Value,
    /// The output nodes to run.
    pub outputs: Vec<String>,
}

impl Item {
    pub fn client_id(&self) -> Option<&str> {
        self.extra_data.get("client_id").and_then(Value::as_str)
    }

    /// `[number, id, prompt, extra_data, outputs]`.
    pub fn to_json(&self) -> Value {
        json!([self.number, self.prompt_id, self.prompt, self.extra_data, self.outputs])
    }

    fn order(&self) -> (f64, &str) {
        (self.number.as_f64().unwrap_or(0.0), &self.prompt_id)
    }
}

/// What can be said to a running job from outside.
#[derive(Default)]
pub(crate) struct Control {
    state: Mutex<ControlState>,
    changed: Condvar,
}

#[derive(Default)]
struct ControlState {
    interrupted: bool,
    forgotten: bool,
    /// The node being run, for clients that connect meanwhile.
    node: Option<String>,
}

impl Control {
    pub fn interrupt(&self) {
        lock(&self.state).interrupted = true;
        self.changed.notify_all();
    }

    /// The job is to end without a word.
    pub fn forget(&self) {
        lock(&self.state).forgotten = true;
        self.interrupt();
    }

    pub fn interrupted(&self) -> bool {
        lock(&self.state).interrupted
    }

    pub fn forgotten(&self) -> bool {
        lock(&self.state).forgotten
    }

    pub fn set_node(&self, node: Option<&str>) {
        lock(&self.state).node = node.map(String::from);
    }

    /// Waits for this long or until the job is interrupted.
    pub fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut state = lock(&self.state);
        while !state.interrupted {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            state = match self.changed.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

/// A finished job.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub item: Item,
    /// Node id to what it showed.
    pub outputs: Map<String, Value>,
    /// The nodes that ran; the others' results come from an earlier run.
    pub executed: Vec<String>,
    /// `[event, data]` with the times of start and end.
    pub messages: Vec<Value>,
    pub success: bool,
}

impl Finished {
    pub fn status(&self) -> Value {
        json!({
            "status_str": if self.success { "success" } else { "error" },
            "completed": self.success,
            "messages": self.messages,
        })
    }

    pub fn to_json(&self) -> Value {
        let meta: Map<String, Value> = self
            .outputs
            .keys()
            .map(|id| {
                let meta = json!({
                    "node_id": id, "display_node": id, "parent_node": null, "real_node_id": id,
                });
                (id.clone(), meta)
            })
            .collect();
        json!({
            "prompt": self.item.to_json(),
            "outputs": self.outputs,
            "status": self.status(),
            "meta": meta,
        })
    }
}

#[derive(Default)]
struct Inner {
    counter: i64,
    pending: Vec<Item>,
    running: Option<(Item, Arc<Control>)>,
    history: Vec<Finished>,
}

impl Inner {
    fn remaining(&self) -> usize {
        self.pending.len() + usize::from(self.running.is_some())
    }
}

pub(crate) struct Queue {
    inner: Mutex<Inner>,
    added: Notify,
    hub: Arc<Hub>,
}

/// `{"status":{"exec_info":{"queue_remaining":N}}}`.
fn status(remaining: usize) -> Value {
    json!({ "status": { "exec_info": { "queue_remaining": remaining } } })
}

impl Queue {
    pub fn new(hub: Arc<Hub>) -> Self {
        Self { inner: Mutex::default(), added: Notify::new(), hub }
    }

    /// The next number; refused jobs use one up as well.
    pub fn count(&self, front: bool) -> i64 {
        let mut inner = lock(&self.inner);
        let number = inner.counter;
        inner.counter += 1;
        if front { -number } else { number }
    }

    /// Adds a job at its place and tells everybody.
    pub fn add(&self, item: Item) {
        let mut inner = lock(&self.inner);
        inner.pending.push(item);
        self.tell(&inner);
        self.added.notify_one();
    }

    /// Takes the job that is next, when there is one.
    pub async fn next(&self) -> (Item, Arc<Control>) {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.added.notified().await;
        }
    }

    fn take(&self) -> Option<(Item, Arc<Control>)> {
        let mut inner = lock(&self.inner);
        let (index, _) = inner.pending.iter().enumerate().min_by(|(_, a), (_, b)| {
            let ((a, a_id), (b, b_id)) = (a.order(), b.order());
            a.total_cmp(&b).then_with(|| a_id.cmp(b_id))
        })?;
        let item = inner.pending.remove(index);
        let control = Arc::new(Control::default());
        inner.running = Some((item.clone(), control.clone()));
        self.tell(&inner);
        Some((item, control))
    }

    /// Ends the running job: history first, then the number of jobs left, then its client hears that it
    /// is over.
    /// A forgotten job leaves nothing.
    pub fn done(&self, finished: Finished, control: &Control) {
        let mut inner = lock(&self.inner);
        if control.forgotten() {
            return;
        }
        inner.running = None;
        let item = finished.item.clone();
        let known =
            inner.history.iter().position(|old| old.item.prompt_id == finished.item.prompt_id);
        match known {
            // A job run again stays at its place.
            Some(index) => inner.history[index] = finished,
            None => {
                if inner.history.len() == HISTORY {
                    inner.history.remove(0);
                }
                inner.history.push(finished);
            }
        }
        self.tell(&inner);
        // Under the lock: a socket that opens once the queue is seen empty must not hear of this job.
        if let Some(client) = item.client_id() {
            let data = json!({ "node": null, "prompt_id": item.prompt_id });
            self.hub.send(To::Client(client), "executing", data);
        }
    }

    fn tell(&self, inner: &Inner) {
        self.hub.send(To::All, "status", status(inner.remaining()));
    }

    pub fn remaining(&self) -> usize {
        lock(&self.inner).remaining()
    }

    /// The first frames of a new socket: the status with its id and, if a job of this
    /// client runs, the node it is at.
    pub fn greeting(&self, client_id: &str, join: impl FnOnce(Vec<Value>)) {
        let inner = lock(&self.inner);
        let mut data = status(inner.remaining());
        data["sid"] = json!(client_id);
        let mut frames = vec![json!({ "type": "status", "data": data })];
        if let Some((item, control)) = &inner.running
            && item.client_id() == Some(client_id)
            && let Some(node) = &lock(&control.state).node
        {
            frames.push(json!({ "type": "executing", "data": { "node": node } }));
        }
        // Under the lock, so that no later status can come before this one.
        join(frames);
    }

    /// The answer of `GET /queue`. Pending jobs are in the order they came, which is
    /// not the order they run in.
    pub fn to_json(&self) -> Value {
        let inner = lock(&self.inner);
        let running: Vec<Value> = inner.running.iter().map(|(item, _)| item.to_json()).collect();
        let pending: Vec<Value> = inner.pending.iter().map(Item::to_json).collect();
        json!({ "queue_running": running, "queue_pending": pending })
    }

    /// Takes pending jobs away; whether there were any.
    pub fn delete(&self, matches: impl Fn(&Item) -> bool) -> bool {
        let mut inner = lock(&self.inner);
        let before = inner.pending.len();
        inner.pending.retain(|item| !matches(item));
        let deleted = inner.pending.len() < before;
        if deleted {
            self.tell(&inner);
        }
        deleted
    }

    /// Interrupts the running job if it is this one, or whichever it is.
    pub fn interrupt(&self, prompt_id: Option<&str>) -> bool {
        let inner = lock(&self.inner);
        match &inner.running {
            Some((item, control)) if prompt_id.is_none_or(|id| id == item.prompt_id) => {
                control.interrupt();
                true
            }
            _ => false,
        }
    }

    /// Takes the job away if it waits, interrupts it if it runs.
    pub fn cancel(&self, prompt_id: &str) -> bool {
        self.delete(|item| item.prompt_id == prompt_id) || self.interrupt(Some(prompt_id))
    }

    /// Reads the history, oldest first.
    pub fn history<T>(&self, read: impl FnOnce(&[Finished]) -> T) -> T {
        read(&lock(&self.inner).history)
    }

    pub fn delete_history(&self, matches: impl Fn(&Finished) -> bool) {
        lock(&self.inner).history.retain(|entry| !matches(entry));
    }

    /// Everything `/api/jobs` shows: pending and running jobs, and the history.
    pub fn jobs<T>(&self, read: impl FnOnce(&[Item], Option<&Item>, &[Finished]) -> T) -> T {
        let inner = lock(&self.inner);
        let running = inner.running.as_ref().map(|(item, _)| item);
        read(&inner.pending, running, &inner.history)
    }

    /// Loses everything, as a restart does.
    pub fn forget(&self) {
        let mut inner = lock(&self.inner);
        if let Some((_, control)) = inner.running.take() {
            control.forget();
        }
        *inner = Inner::default();
        self.tell(&inner);
    }
}
