//! Honest progress: the share of a run that is done, from the server's events alone.
//!
//! There is no clock here. The share never goes back, whatever arrives in whatever order, and it is
//! 1 only after [`Tracker::succeeded`].

use std::collections::HashMap;

/// The highest share while success has not been heard: all nodes may be done and the run can still
/// fail in what the server does last.
const MOST_BEFORE_SUCCESS: f64 = 0.99;

/// A node that is planned to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Its id in the prompt.
    pub id: String,
    /// What it is expected to cost, in any unit that is the same for all nodes; not negative.
    pub weight: f64,
    /// Steps it is expected to report, if its inputs say so.
    pub steps: Option<f64>,
}

/// What was heard about one node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NodeEvent {
    /// The server has its result from an earlier run.
    Cached,
    /// It is running.
    Running,
    /// It is running and reports steps.
    Step {
        /// Steps done.
        value: f64,
        /// Steps in all.
        max: f64,
    },
    /// It is done.
    Done,
    /// It failed, or the run was stopped in it.
    Failed,
}

/// Where a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodePhase {
    /// Nothing heard yet.
    Waiting,
    /// Cached: it costs nothing.
    Cached,
    /// Running.
    Running,
    /// Done.
    Done,
    /// Failed.
    Failed,
}

/// One node as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracked {
    /// As planned.
    pub planned: Planned,
    /// Where it is.
    pub phase: NodePhase,
    /// Steps done and in all, if it reports steps. One step is no report: ComfyUI gives every node
    /// `0/1` and `1/1`.
    pub steps: Option<(f64, f64)>,
}

impl Tracked {
    /// The share of it that is done, 0 to 1, as far as its steps say.
    pub fn fraction(&self) -> f64 {
        match self.phase {
            NodePhase::Done => 1.0,
            NodePhase::Running | NodePhase::Failed => match self.steps {
                Some((value, max)) if max > 0.0 => (value / max).clamp(0.0, 1.0),
                _ => 0.0,
            },
            NodePhase::Waiting | NodePhase::Cached => 0.0,
        }
    }
}

/// Follows one run.
#[derive(Clone, Debug)]
pub struct Tracker {
    nodes: Vec<Tracked>,
    by_id: HashMap<String, usize>,
    share: f64,
    succeeded: bool,
}

impl Tracker {
    /// A run of these nodes, of which nothing has been heard. Repeated ids count once; weights that
    /// are negative or no number count as nothing.
    pub fn new(planned: impl IntoIterator<Item = Planned>) -> Self {
        let mut nodes: Vec<Tracked> = Vec::new();
        let mut by_id = HashMap::new();
        for mut node in planned {
            if by_id.contains_key(&node.id) {
                continue;
            }
            if !node.weight.is_finite() || node.weight < 0.0 {
                node.weight = 0.0;
            }
            by_id.insert(node.id.clone(), nodes.len());
            nodes.push(Tracked { planned: node, phase: NodePhase::Waiting, steps: None });
        }
        Self { nodes, by_id, share: 0.0, succeeded: false }
    }

    /// Takes in one event. Returns whether anything changed; a node that is not in the plan (made at
    /// run time) changes nothing here.
    pub fn apply(&mut self, id: &str, event: NodeEvent) -> bool {
        let Some(&index) = self.by_id.get(id) else { return false };
        let node = &mut self.nodes[index];
        let before = (node.phase, node.steps);
        match (node.phase, event) {
            // What is over stays over: a late frame, or a loop that runs the node again, takes
            // nothing back.
            (NodePhase::Done | NodePhase::Failed, _) => {}
            (NodePhase::Cached, NodeEvent::Cached) => {}
            (_, NodeEvent::Cached) => {
                if node.phase == NodePhase::Waiting {
                    node.phase = NodePhase::Cached;
                }
            }
            // A cached output node sends `executed` again: it is still cached.
            (NodePhase::Cached, NodeEvent::Done) => {}
            (_, NodeEvent::Running) => node.phase = NodePhase::Running,
            (_, NodeEvent::Step { value, max }) => {
                node.phase = NodePhase::Running;
                if value.is_finite() && max.is_finite() && max > 1.0 {
                    let had =
                        node.steps.filter(|steps| steps.1 == max).map_or(0.0, |steps| steps.0);
                    node.steps = Some((value.clamp(had, max.max(had)), max));
                }
            }
            (_, NodeEvent::Done) => {
                node.phase = NodePhase::Done;
                node.steps = node.steps.map(|(_, max)| (max, max));
            }
            (_, NodeEvent::Failed) => node.phase = NodePhase::Failed,
        }
        let changed = before != (node.phase, node.steps);
        if changed {
            self.recount();
        }
        changed
    }

    /// The run succeeded: whatever was not heard of its nodes did not matter.
    pub fn succeeded(&mut self) {
        self.succeeded = true;
    }

    /// The share done, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.succeeded { 1.0 } else { self.share }
    }

    /// The nodes in planned order.
    pub fn nodes(&self) -> &[Tracked] {
        &self.nodes
    }

    /// The index of a node.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    fn recount(&mut self) {
        let (mut done, mut total) = (0.0, 0.0);
        for node in &self.nodes {
            // A cached node costs nothing, so it counts on neither side.
            if node.phase != NodePhase::Cached {
                total += node.planned.weight;
                done += node.planned.weight * node.fraction();
            }
        }
        if total > 0.0 {
            let now = (done / total).clamp(0.0, MOST_BEFORE_SUCCESS);
            self.share = self.share.max(now);
        }
    }
}
