//! The live state of one run: its nodes, what they were seen doing, and its previews.

use crate::{
    previews::Preview,
    time::now_ms,
    view::{KeptPreview, LeftView, NodeState, NodeView, ProgressView},
};
use bytes::Bytes;
use domain::{
    estimate::{self, Expected},
    progress::{NodeEvent, NodePhase, Planned, Tracker},
};
use std::collections::HashSet;
use store::NodeRunRow;

/// Previews kept of one job. Beyond that, every second one is dropped, so that they still span the
/// whole run.
const KEPT_PREVIEWS: usize = 24;
/// Nodes told of in a millisecond, at most: a run of 2,000 nodes is told whole twice a second, and not
/// thirty times.
const NODES_A_MS: i64 = 4;

/// One node of the plan, with what the weights are made of.
#[derive(Clone, Debug)]
pub struct PlannedNode {
    /// Its id in the prompt.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its class.
    pub class: String,
    /// Steps its inputs promise.
    pub steps: Option<u32>,
    /// What it is expected to cost, or nothing if no earlier run tells.
    pub expected: Option<Expected>,
}

/// The live state of one job.
pub struct Run {
    nodes: Vec<PlannedNode>,
    times: Vec<(Option<i64>, Option<i64>)>,
    made: Vec<HashSet<String>>,
    tracker: Tracker,
    rough: bool,
    pub(super) live: bool,
    /// Whether the server has said which nodes it has already, or begun one.
    begun: bool,
    pub(super) heard_at: i64,
    /// When the page was told last.
    pub(super) told_at: i64,
    pub(super) said_quiet: bool,
    pub(super) previews: Vec<Preview>,
    pub(super) next_rev: u32,
    /// Whether there are previews that are not on disk.
    pub(super) unsaved: bool,
    running: Option<usize>,
    /// Outputs named by `executed` frames, for the case that the history is gone.
    pub outputs: Vec<comfy::Output>,
    /// The error the server sent.
    pub error: Option<comfy::NodeError>,
    /// Nodes whose outputs were blocked with a message: told, but no end.
    pub blocked: Vec<comfy::NodeError>,
}

impl Run {
    pub(super) fn new(nodes: Vec<PlannedNode>, live: bool) -> Self {
        // Without a word on every node, steps and nodes are counted, and the page says so.
        let rough = nodes.iter().any(|node| node.expected.is_none());
        let tracker = Tracker::new(nodes.iter().map(|node| Planned {
            id: node.id.clone(),
            weight: if rough {
                f64::from(node.steps.unwrap_or(1).max(1))
            } else {
                node.expected.map_or(1.0, |expected| expected.ms).max(0.001)
            },
            steps: node.steps.map(f64::from),
        }));
        Self {
            times: vec![(None, None); nodes.len()],
            made: vec![HashSet::new(); nodes.len()],
            tracker,
            rough,
            live,
            begun: false,
            heard_at: now_ms(),
            told_at: 0,
            said_quiet: false,
            previews: Vec::new(),
            next_rev: 1,
            unsaved: false,
            running: None,
            outputs: Vec::new(),
            error: None,
            blocked: Vec::new(),
            nodes,
        }
    }

    /// The server said which nodes it has already: what is left can be told from here on.
    pub fn begun(&mut self) -> bool {
        !std::mem::replace(&mut self.begun, true)
    }

    /// Whether the page may be told again.
    pub(super) fn is_due(&self, now: i64) -> bool {
        let nodes = i64::try_from(self.nodes.len()).unwrap_or(i64::MAX);
        // The clock may have been set back.
        !(0..nodes / NODES_A_MS).contains(&(now - self.told_at))
    }

    /// What is left, if earlier runs tell.
    fn left(&self, now: i64) -> Option<LeftView> {
        if !self.begun || self.tracker.share() >= 1.0 {
            return None;
        }
        let expected: Vec<_> = self.nodes.iter().map(|node| node.expected).collect();
        #[allow(clippy::cast_precision_loss)] // Milliseconds of a run fit a float.
        let spent: Vec<_> = self
            .times
            .iter()
            .map(|(start, end)| Some((end.unwrap_or(now) - (*start)?).max(0) as f64))
            .collect();
        let left = estimate::left(self.tracker.nodes(), &expected, &spent)?;
        Some(LeftView { ms: left.ms.round(), runs: left.runs, late: left.late, at: now })
    }

    /// Takes in an event about a node. `parent` is the node that made it at run time.
    pub fn node(&mut self, id: &str, parent: Option<&str>, event: NodeEvent) -> bool {
        let Some(index) = self.tracker.index(id) else {
            let Some(parent) = parent.and_then(|parent| self.tracker.index(parent)) else {
                return false;
            };
            return self.made[parent].insert(id.to_owned());
        };
        if matches!(event, NodeEvent::Running | NodeEvent::Step { .. }) {
            self.begun = true;
            self.running = Some(index);
        }
        let changed = self.tracker.apply(id, event);
        if changed {
            let times = &mut self.times[index];
            match self.tracker.nodes()[index].phase {
                NodePhase::Running => {
                    times.0.get_or_insert_with(now_ms);
                }
                NodePhase::Done | NodePhase::Failed => {
                    let now = now_ms();
                    times.0.get_or_insert(now);
                    times.1.get_or_insert(now);
                }
                NodePhase::Waiting | NodePhase::Cached => {}
            }
        }
        changed
    }

    /// Keeps a preview. The old format names no node: it belongs to the one last seen running.
    pub fn preview(&mut self, node: Option<&str>, mime: &'static str, bytes: Bytes) {
        let index = node.and_then(|node| self.tracker.index(node)).or(self.running);
        let step = index.and_then(|index| self.tracker.nodes()[index].steps).map(|steps| steps.0);
        let node_title = index.map(|index| self.nodes[index].title.clone()).unwrap_or_default();
        if self.previews.len() >= KEPT_PREVIEWS {
            let mut keep = false;
            self.previews.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.previews.push(Preview { rev: self.next_rev, step, node_title, mime, bytes });
        self.next_rev += 1;
        self.unsaved = true;
    }

    /// The run succeeded.
    pub fn succeeded(&mut self) {
        self.tracker.succeeded();
    }

    /// The node that was running when the run ended did not finish.
    pub fn broke_off(&mut self, node: Option<&str>) {
        let id = node
            .map(str::to_owned)
            .or_else(|| self.running.map(|index| self.nodes[index].id.clone()));
        if let Some(id) = id {
            self.node(&id, None, NodeEvent::Failed);
        }
    }

    /// The title of a node.
    pub fn title(&self, id: &str) -> Option<&str> {
        self.tracker.index(id).map(|index| self.nodes[index].title.as_str())
    }

    /// Whether its events arrive live.
    pub fn followed(&self) -> bool {
        self.live
    }

    /// The nodes of these classes.
    pub fn of_classes<'a>(
        &'a self,
        classes: &'a HashSet<String>,
    ) -> impl Iterator<Item = &'a str> + 'a {
        let known = self.nodes.iter().filter(|node| classes.contains(&node.class));
        known.map(|node| node.id.as_str())
    }

    /// The share done.
    pub fn share(&self) -> f64 {
        self.tracker.share()
    }

    /// The progress as the page sees it.
    pub fn view(&self) -> ProgressView {
        let rows = self.rows();
        let mut view = progress_view(&rows, self.tracker.share(), self.rough, self.live, |index| {
            self.tracker.nodes()[index].planned.steps
        });
        view.left = self.left(now_ms());
        view.heard_at = self.live.then_some(self.heard_at);
        view
    }

    /// The nodes as they are stored.
    pub fn rows(&self) -> Vec<NodeRunRow> {
        self.tracker
            .nodes()
            .iter()
            .enumerate()
            .map(|(index, tracked)| NodeRunRow {
                node_id: self.nodes[index].id.clone(),
                title: self.nodes[index].title.clone(),
                class: self.nodes[index].class.clone(),
                state: state_name(tracked.phase).to_owned(),
                value: tracked.steps.map(|steps| steps.0),
                max: tracked.steps.map(|steps| steps.1),
                started_at: self.times[index].0,
                ended_at: self.times[index].1,
                made: u32::try_from(self.made[index].len()).unwrap_or(u32::MAX),
            })
            .collect()
    }

    pub(super) fn kept(&self) -> Vec<KeptPreview> {
        self.previews.iter().map(Preview::view).collect()
    }
}

/// The progress of stored node rows.
pub fn progress_view(
    rows: &[NodeRunRow],
    share: f64,
    rough: bool,
    live: bool,
    planned_steps: impl Fn(usize) -> Option<f64>,
) -> ProgressView {
    let (mut nodes_done, mut steps_done, mut steps_total) = (0, 0.0, 0.0);
    let nodes = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let state = state_of(&row.state);
            if matches!(state, NodeState::Done | NodeState::Cached) {
                nodes_done += 1;
            }
            match (row.value, row.max) {
                (Some(value), Some(max)) => {
                    steps_done += value;
                    steps_total += max;
                }
                _ if matches!(state, NodeState::Waiting | NodeState::Running) => {
                    steps_total += planned_steps(index).unwrap_or(0.0);
                }
                _ => {}
            }
            NodeView {
                id: row.node_id.clone(),
                title: row.title.clone(),
                class: row.class.clone(),
                state,
                value: row.value,
                max: row.max.or_else(|| planned_steps(index)),
                started_at: row.started_at,
                ended_at: row.ended_at,
                made: row.made,
            }
        })
        .collect();
    ProgressView {
        share,
        rough,
        nodes,
        nodes_done,
        steps_done,
        steps_total,
        live,
        left: None,
        heard_at: None,
    }
}

fn state_name(phase: NodePhase) -> &'static str {
    match phase {
        NodePhase::Waiting => "waiting",
        NodePhase::Cached => "cached",
        NodePhase::Running => "running",
        NodePhase::Done => "done",
        NodePhase::Failed => "failed",
    }
}

fn state_of(name: &str) -> NodeState {
    match name {
        "cached" => NodeState::Cached,
        "running" => NodeState::Running,
        "done" => NodeState::Done,
        "failed" => NodeState::Failed,
        _ => NodeState::Waiting,
    }
}
