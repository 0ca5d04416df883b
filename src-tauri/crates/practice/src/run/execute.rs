//! Running one job, with the events it sends on the way.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};

use super::cache::{Kept, Signature, signatures};
use super::link;
use super::order::Order;
use crate::hub::{PreviewFrame, To};
use crate::like::Like;
use crate::nodes::{Folders, Inputs, Job, Kind, NodeClass, NodeError, Value, find};
use crate::queue::{Control, Finished, Item};
use crate::scenes::Scene;
use crate::server::Shared;
use crate::{lock, python, unix_millis};

/// Without a preview, progress is told at most this often.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
/// And only when it has moved by this share.
const PROGRESS_STEP: f64 = 0.005;

/// How often a stalled node looks whether it may go on.
const LOOK_AGAIN: Duration = Duration::from_millis(10);
/// How far [`Scene::ClockJump`] puts the clock back.
const HOUR_MS: u64 = 3_600_000;
/// What PyTorch says.
const OUT_OF_MEMORY: NodeError = NodeError::Failed {
    exception: "torch.OutOfMemoryError",
    message: Cow::Borrowed("Allocation on device "),
};
/// What ComfyUI adds on a line of its own; to other messages it adds an empty line.
const OUT_OF_MEMORY_TIPS: &str = "This error means you ran out of memory on your GPU.\n\nTIPS: If \
     the workflow worked before you might have accidentally set the batch_size to a large number.";

/// State of one node in `progress_state`.
struct Progress {
    id: String,
    value: Json,
    max: Json,
    finished: bool,
}

/// One job while it runs.
pub(crate) struct Run<'a> {
    shared: &'a Shared,
    item: &'a Item,
    control: &'a Control,
    metadata: Vec<(String, String)>,
    /// What nodes gave, in this run or in the one before.
    results: RefCell<HashMap<String, Arc<Kept>>>,
    progress: RefCell<Vec<Progress>>,
    messages: RefCell<Vec<Json>>,
    node: RefCell<String>,
    last_told: Cell<Option<(Instant, u32)>>,
}

impl<'a> Run<'a> {
    pub fn new(shared: &'a Shared, item: &'a Item, control: &'a Control) -> Self {
        let mut metadata = vec![("prompt".to_string(), python::dumps(&item.prompt))];
        if let Some(Json::Object(extra)) = item.extra_data.get("extra_pnginfo") {
            metadata.extend(extra.iter().map(|(key, value)| (key.clone(), python::dumps(value))));
        }
        Self {
            shared,
            item,
            control,
            metadata,
            results: RefCell::default(),
            progress: RefCell::default(),
            messages: RefCell::default(),
            node: RefCell::default(),
            last_told: Cell::default(),
        }
    }

    /// Runs the job to its end. The caller puts the result in the history.
    pub fn run(self) -> Finished {
        self.event("execution_start", json!({ "prompt_id": self.item.prompt_id }));
        let empty = Map::new();
        let prompt = self.item.prompt.as_object().unwrap_or(&empty);
        let folders = &self.shared.folders;
        let signatures = signatures(prompt, folders);
        let mut cached = HashMap::new();
        {
            let mut cache = lock(&self.shared.cache);
            cache.keep_only(&signatures);
            for (id, signature) in &signatures {
                if let Some(kept) = cache.get(signature) {
                    cached.insert(id.clone(), kept);
                }
            }
        }
        let ids: Vec<&String> = prompt.keys().filter(|id| cached.contains_key(*id)).collect();
        let data = json!({ "nodes": ids, "prompt_id": self.item.prompt_id });
        self.event("execution_cached", data);

        let mut order = Order::new(prompt, &self.item.outputs, |id| cached.contains_key(id));
        *self.results.borrow_mut() = cached;
        let mut outputs = Map::new();
        let mut executed: Vec<String> = Vec::new();
        let mut success = true;
        while let Some(id) = order.next() {
            match self.node(prompt, &id, &signatures) {
                Ok((kept, ran)) => {
                    if let Some(ui) = &kept.ui {
                        outputs.insert(id.clone(), ui.clone());
                    }
                    if ran {
                        executed.push(id);
                    }
                }
                Err((error, inputs)) => {
                    self.failed(prompt, &id, &error, &executed, inputs);
                    success = false;
                    break;
                }
            }
        }
        if success {
            self.event("execution_success", json!({ "prompt_id": self.item.prompt_id }));
        }
        let messages = self.messages.into_inner();
        Finished { item: self.item.clone(), outputs, executed, messages, success }
    }

    /// Runs one node or takes its result from the cache; whether it ran.
    fn node(
        &self,
        prompt: &Map<String, Json>,
        id: &str,
        signatures: &HashMap<String, Signature>,
    ) -> Result<(Arc<Kept>, bool), (NodeError, Json)> {
        let signature = signatures.get(id).copied();
        let known = self.results.borrow().get(id).cloned();
        // Another node of this run may have been just like it.
        let twin = || signature.and_then(|signature| lock(&self.shared.cache).get(&signature));
        if let Some(kept) = known.or_else(twin) {
            self.results.borrow_mut().insert(id.into(), kept.clone());
            self.show(id, &kept);
            self.set_progress(id, json!(1), json!(1), true);
            return Ok((kept, false));
        }
        if self.shared.scenes.weather.strikes(Scene::ForgetEverything) {
            self.shared.forget();
        }
        self.control.set_node(Some(id));
        id.clone_into(&mut self.node.borrow_mut());
        self.last_told.set(None);
        self.set_progress(id, json!(0.0), json!(1.0), false);
        self.send(
            self.submitter(),
            "executing",
            json!({ "node": id, "display_node": id, "prompt_id": self.item.prompt_id }),
        );
        let class = prompt[id]["class_type"]
            .as_str()
            .and_then(find)
            .expect("invariant: the graph was checked before it was queued");
        let inputs = self.inputs(prompt, id, class);
        let described = || -> Json {
            let described: Map<String, Json> = inputs
                .0
                .iter()
                .map(|(name, value)| (name.clone(), json!([value.text()])))
                .collect();
            Json::Object(described)
        };
        self.control.pause(self.shared.config.node_time);
        self.stall();
        if self.control.interrupted() {
            return Err((NodeError::Interrupted, described()));
        }
        let done = (class.run)(&inputs, self).map_err(|error| (error, described()))?;
        let kept = Arc::new(Kept { outputs: done.outputs, ui: done.ui });
        self.results.borrow_mut().insert(id.into(), kept.clone());
        if let Some(signature) = signature {
            lock(&self.shared.cache).put(signature, kept.clone());
        }
        self.show(id, &kept);
        self.finish_progress(id);
        Ok((kept, true))
    }

    fn inputs(&self, prompt: &Map<String, Json>, id: &str, class: &NodeClass) -> Inputs {
        let results = self.results.borrow();
        let mut values = HashMap::new();
        for input in &class.inputs {
            let Some(json) = prompt[id]["inputs"].get(input.name) else { continue };
            let value = match (link(json), input.kind) {
                (Some((source, slot)), _) => {
                    results.get(source).and_then(|kept| kept.outputs.get(slot).cloned())
                }
                (_, Kind::Int) => python::int(json).ok().map(Value::Int),
                (_, Kind::Float) => python::float(json).ok().map(Value::Float),
                (_, Kind::Bool) => Some(Value::Bool(python::truthy(json))),
                _ => Some(Value::Text(python::text(json))),
            };
            // What is missing here is reported by the node that asks for it.
            if let Some(value) = value {
                values.insert(input.name.to_string(), value);
            }
        }
        Inputs(values)
    }

    fn failed(
        &self,
        prompt: &Map<String, Json>,
        id: &str,
        error: &NodeError,
        executed: &[String],
        inputs: Json,
    ) {
        let class = &prompt[id]["class_type"];
        let base = json!({
            "prompt_id": self.item.prompt_id,
            "node_id": id,
            "node_type": class,
            "executed": executed,
        });
        match error {
            NodeError::Interrupted => self.event("execution_interrupted", base),
            NodeError::Failed { exception, message } => {
                let mut data = base;
                let tips = if *error == OUT_OF_MEMORY { OUT_OF_MEMORY_TIPS } else { "" };
                data["exception_message"] = json!(format!("{message}\n{tips}"));
                data["exception_type"] = json!(exception);
                data["traceback"] = json!([
                    "  File \"practice/run/execute.rs\", in execute\n    (class.run)(&inputs, self)\n",
                    format!("  Node {id}, class {}\n", python::text(class)),
                ]);
                data["current_inputs"] = inputs;
                // Every node the cache knows, whether or not it has run.
                data["current_outputs"] = json!(prompt.keys().collect::<Vec<_>>());
                self.event("execution_error", data);
            }
        }
    }

    /// Sends `executed` for a node that shows something.
    fn show(&self, id: &str, kept: &Kept) {
        if let Some(ui) = &kept.ui {
            let data = json!({
                "node": id, "display_node": id, "output": ui, "prompt_id": self.item.prompt_id,
            });
            self.send(self.submitter(), "executed", data);
        }
    }

    /// Sends an event that also stands in the history, with the time.
    fn event(&self, kind: &str, mut data: Json) {
        data["timestamp"] = json!(self.time());
        self.messages.borrow_mut().push(json!([kind, data]));
        // An interrupt of a job without a client id is told to everybody.
        let to = if kind == "execution_interrupted" { self.anybody() } else { self.submitter() };
        self.send(to, kind, data);
    }

    /// Milliseconds since 1970, by a clock that may be wrong.
    fn time(&self) -> u64 {
        let back = if self.shared.scenes.strikes(Scene::ClockJump) { HOUR_MS } else { 0 };
        unix_millis().saturating_sub(back)
    }

    /// Does nothing while the scene is on.
    fn stall(&self) {
        while self.shared.scenes.is_on(Scene::Stall) && !self.control.interrupted() {
            self.control.pause(LOOK_AGAIN);
        }
    }

    fn submitter(&self) -> To<'_> {
        self.item.client_id().map_or(To::Nobody, To::Client)
    }

    fn anybody(&self) -> To<'_> {
        self.item.client_id().map_or(To::All, To::Client)
    }

    fn send(&self, to: To, kind: &str, data: Json) {
        if !self.control.forgotten() {
            self.shared.hub.send(to, kind, data);
        }
    }

    fn finish_progress(&self, id: &str) {
        let max = self.progress.borrow().iter().find(|p| p.id == id).map(|p| p.max.clone());
        let max = max.unwrap_or_else(|| json!(1.0));
        self.set_progress(id, max.clone(), max, true);
    }

    fn set_progress(&self, id: &str, value: Json, max: Json, finished: bool) {
        {
            let mut all = self.progress.borrow_mut();
            match all.iter_mut().find(|progress| progress.id == id) {
                Some(known) => {
                    known.value = value;
                    known.max = max;
                    known.finished = finished;
                }
                None => all.push(Progress { id: id.into(), value, max, finished }),
            }
        }
        self.tell_progress();
    }

    fn tell_progress(&self) {
        let prompt_id = &self.item.prompt_id;
        let nodes: Map<String, Json> = self
            .progress
            .borrow()
            .iter()
            .map(|p| {
                let state = json!({
                    "value": p.value,
                    "max": p.max,
                    "state": if p.finished { "finished" } else { "running" },
                    "node_id": p.id,
                    "prompt_id": prompt_id,
                    "display_node_id": p.id,
                    "parent_node_id": null,
                    "real_node_id": p.id,
                });
                (p.id.clone(), state)
            })
            .collect();
        let data = json!({ "prompt_id": prompt_id, "nodes": nodes });
        self.send(self.anybody(), "progress_state", data);
    }

    /// Whether this step may be told, or comes too soon after the last.
    fn may_tell(&self, value: u32, max: u32, preview: bool) -> bool {
        if self.shared.config.like < Like::V0_28_2 {
            return true;
        }
        let now = Instant::now();
        let told = match self.last_told.get() {
            Some((at, last)) if !preview && value < max => {
                let moved = f64::from(value.abs_diff(last)) / f64::from(max);
                now - at >= PROGRESS_EVERY && moved >= PROGRESS_STEP
            }
            _ => true,
        };
        if told {
            self.last_told.set(Some((now, value)));
        }
        told
    }
}

impl Job for Run<'_> {
    fn step(&self, value: u32, max: u32, jpeg: Option<Vec<u8>>) -> Result<(), NodeError> {
        self.control.pause(self.shared.config.step_time);
        self.stall();
        if self.control.interrupted() {
            return Err(NodeError::Interrupted);
        }
        if self.shared.scenes.strikes(Scene::OutOfMemory) {
            return Err(OUT_OF_MEMORY);
        }
        if !self.may_tell(value, max, jpeg.is_some()) {
            return Ok(());
        }
        let node = self.node.borrow().clone();
        self.set_progress(&node, json!(value), json!(max), false);
        let prompt_id = self.item.prompt_id.clone();
        let progress = json!({ "value": value, "max": max, "prompt_id": prompt_id, "node": node });
        let preview = jpeg.map(|jpeg| PreviewFrame { node, prompt_id, jpeg: jpeg.into() });
        if !self.control.forgotten() {
            self.shared.hub.progress(self.anybody(), &progress, preview);
        }
        Ok(())
    }

    fn wants_previews(&self) -> bool {
        let wanted = self.item.extra_data.get("preview_method").and_then(Json::as_str);
        // Before 0.8.0 only an argument of the server's said so.
        self.shared.config.like < Like::V0_8_0 || wanted != Some("none")
    }

    fn disk_is_full(&self) -> bool {
        self.shared.scenes.is_on(Scene::FullDisk)
    }

    fn folders(&self) -> &Folders {
        &self.shared.folders
    }

    fn metadata(&self) -> &[(String, String)] {
        &self.metadata
    }

    fn temporary_prefix(&self) -> String {
        // Five random letters, as ComfyUI has them.
        let random = uuid::Uuid::new_v4();
        let letters: String =
            random.as_bytes()[..5].iter().map(|b| char::from(b'a' + b % 26)).collect();
        format!("ComfyUI_temp_{letters}")
    }
}
