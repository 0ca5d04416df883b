//! What is known of runs only while they run: node states, previews, outputs seen in frames.
//!
//! Readers of sockets write here under a short lock and never wait for the page or the disk; the hub
//! reads what changed when it is time for a pulse.

use crate::{
    previews::Preview,
    time::now_ms,
    view::{
        KeptPreview, LeftView, NodeState, NodeView, PlaceView, ProgressView, Pulse, RunningProgress,
    },
};
use bytes::Bytes;
use domain::{
    JobId,
    estimate::{self, Expected},
    progress::{NodeEvent, NodePhase, Planned, Tracker},
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::NodeRunRow;

/// Previews kept of one job. Beyond that, every second one is dropped, so that they still span the
/// whole run.
const KEPT_PREVIEWS: usize = 24;
/// Jobs whose live state is kept after they ended, for the page that shows how they developed.
const KEPT_RUNS: usize = 32;

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
    live: bool,
    /// Whether the server has said which nodes it has already, or begun one.
    begun: bool,
    heard_at: i64,
    /// When the page was told last.
    told_at: i64,
    said_quiet: bool,
    previews: Vec<Preview>,
    next_rev: u32,
    /// Whether there are previews that are not on disk.
    unsaved: bool,
    running: Option<usize>,
    /// Outputs named by `executed` frames, for the case that the history is gone.
    pub outputs: Vec<comfy::Output>,
    /// The error the server sent.
    pub error: Option<comfy::NodeError>,
    /// Nodes whose outputs were blocked with a message: told, but no end.
    pub blocked: Vec<comfy::NodeError>,
}

impl Run {
    fn new(nodes: Vec<PlannedNode>, live: bool) -> Self {
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
    fn is_due(&self, now: i64) -> bool {
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

    fn kept(&self) -> Vec<KeptPreview> {
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

#[derive(Default)]
struct Runs {
    by_job: HashMap<JobId, Run>,
    ended: Vec<JobId>,
    progress_dirty: HashSet<JobId>,
    preview_dirty: HashSet<JobId>,
    places: HashMap<JobId, PlaceView>,
    place_dirty: HashSet<JobId>,
    /// Previews from before a restart, of jobs that may go on.
    earlier: HashMap<JobId, Vec<Preview>>,
}

/// The live state of all jobs.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<Runs>>);

impl Live {
    fn lock(&self) -> MutexGuard<'_, Runs> {
        // Nothing in here panics while holding the lock half done; a poisoned map is still whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the job's live state is known.
    pub fn knows(&self, job: JobId) -> bool {
        self.lock().by_job.contains_key(&job)
    }

    /// Begins to follow a job, unless it is followed already.
    pub fn begin(&self, job: JobId, nodes: Vec<PlannedNode>, live: bool) {
        let mut runs = self.lock();
        let Runs { by_job, earlier, progress_dirty, .. } = &mut *runs;
        by_job.entry(job).or_insert_with(|| {
            let mut run = Run::new(nodes, live);
            run.previews = earlier.remove(&job).unwrap_or_default();
            run.next_rev = run.previews.last().map_or(1, |last| last.rev.saturating_add(1));
            run
        });
        progress_dirty.insert(job);
    }

    /// What was kept of a job before a restart: if it goes on, what is to come follows on that.
    pub fn earlier(&self, job: JobId, previews: Vec<Preview>) {
        if !previews.is_empty() {
            self.lock().earlier.insert(job, previews);
        }
    }

    /// Jobs of which not all previews are on disk.
    pub fn unsaved(&self) -> Vec<JobId> {
        let runs = self.lock();
        runs.by_job.iter().filter(|(_, run)| run.unsaved).map(|(job, _)| *job).collect()
    }

    /// Previews of a job that are to be saved; nothing if they are on disk.
    pub fn take_unsaved(&self, job: JobId) -> Option<Vec<Preview>> {
        let mut runs = self.lock();
        let run = runs.by_job.get_mut(&job)?;
        std::mem::take(&mut run.unsaved).then(|| run.previews.clone())
    }

    /// Says whether the previews of jobs are to be saved.
    pub fn set_unsaved(&self, jobs: &[JobId], unsaved: bool) {
        let mut runs = self.lock();
        for job in jobs {
            if let Some(run) = runs.by_job.get_mut(job) {
                run.unsaved = unsaved && !run.previews.is_empty();
            }
        }
    }

    /// Changes a job's live state; `change` says whether the page should hear of it.
    pub fn with(&self, job: JobId, change: impl FnOnce(&mut Run) -> bool) {
        let mut runs = self.lock();
        let Some(run) = runs.by_job.get_mut(&job) else { return };
        run.heard_at = now_ms();
        let was_quiet = std::mem::take(&mut run.said_quiet);
        if change(run) || was_quiet {
            runs.progress_dirty.insert(job);
        }
    }

    /// Those of the jobs about which the server has said nothing for `for_ms`, each once until it
    /// says something again.
    pub fn fell_quiet(&self, jobs: &[JobId], for_ms: i64) -> Vec<JobId> {
        let now = now_ms();
        let mut runs = self.lock();
        let mut quiet = Vec::new();
        for job in jobs {
            if let Some(run) = runs.by_job.get_mut(job)
                && run.live
                && !run.said_quiet
                && now - run.heard_at >= for_ms
            {
                run.said_quiet = true;
                quiet.push(*job);
            }
        }
        quiet
    }

    /// Remembers where jobs are in their server's queue; those of the server that are not named are
    /// nowhere any more.
    pub fn set_places(&self, of_server: &[JobId], places: &HashMap<JobId, PlaceView>) {
        let mut runs = self.lock();
        for job in of_server {
            let now = places.get(job).copied();
            let before = match now {
                Some(place) => runs.places.insert(*job, place),
                None => runs.places.remove(job),
            };
            if before != now {
                runs.place_dirty.insert(*job);
            }
        }
    }

    /// Where jobs are in their server's queue.
    pub fn places(&self) -> Vec<(JobId, PlaceView)> {
        self.lock().places.iter().map(|(job, place)| (*job, *place)).collect()
    }

    /// Reads a job's live state.
    pub fn read<T>(&self, job: JobId, look: impl FnOnce(&Run) -> T) -> Option<T> {
        self.lock().by_job.get(&job).map(look)
    }

    /// Keeps a preview of a job.
    pub fn preview(&self, job: JobId, node: Option<&str>, mime: &'static str, bytes: Bytes) {
        let mut runs = self.lock();
        if let Some(run) = runs.by_job.get_mut(&job) {
            run.preview(node, mime, bytes);
            run.heard_at = now_ms();
            runs.preview_dirty.insert(job);
        }
    }

    /// The bytes of a preview; the newest one without `rev`.
    pub fn preview_bytes(&self, job: JobId, rev: Option<u32>) -> Option<(&'static str, Bytes)> {
        let runs = self.lock();
        let previews = &runs.by_job.get(&job)?.previews;
        let preview = match rev {
            Some(rev) => previews.iter().find(|preview| preview.rev == rev).or(previews.last()),
            None => previews.last(),
        }?;
        Some((preview.mime, preview.bytes.clone()))
    }

    /// Previews kept of a job.
    pub fn kept(&self, job: JobId) -> Vec<KeptPreview> {
        self.read(job, Run::kept).unwrap_or_default()
    }

    /// Says that a job is over: its state is kept a while for the page.
    pub fn ended(&self, job: JobId) {
        let mut runs = self.lock();
        if runs.places.remove(&job).is_some() {
            runs.place_dirty.insert(job);
        }
        let Some(run) = runs.by_job.get_mut(&job) else { return };
        // How it ended is told at once.
        run.told_at = 0;
        runs.ended.push(job);
        if runs.ended.len() > KEPT_RUNS {
            let oldest = runs.ended.remove(0);
            runs.by_job.remove(&oldest);
        }
    }

    /// Forgets a job whose run never began or begins anew.
    pub fn forget(&self, job: JobId) {
        let mut runs = self.lock();
        runs.by_job.remove(&job);
        runs.earlier.remove(&job);
        if runs.places.remove(&job).is_some() {
            runs.place_dirty.insert(job);
        }
    }

    /// What changed since the last call.
    pub fn pulses(&self) -> Vec<Pulse> {
        let mut runs = self.lock();
        let now = now_ms();
        let Runs { by_job, progress_dirty, .. } = &mut *runs;
        let due = |job: &JobId| by_job.get(job).is_none_or(|run| run.is_due(now));
        let progress: Vec<JobId> = progress_dirty.extract_if(due).collect();
        let previews: Vec<JobId> = runs.preview_dirty.drain().collect();
        let places: Vec<JobId> = runs.place_dirty.drain().collect();
        let mut pulses = Vec::with_capacity(progress.len() + previews.len());
        for job_id in progress {
            if let Some(run) = runs.by_job.get_mut(&job_id) {
                run.told_at = now;
                pulses.push(Pulse::Progress { job_id, progress: Box::new(run.view()) });
            }
        }
        for job_id in previews {
            if let Some(run) = runs.by_job.get(&job_id)
                && let Some(newest) = run.previews.last()
            {
                pulses.push(Pulse::Preview {
                    job_id,
                    rev: newest.rev,
                    step: newest.step,
                    node_title: newest.node_title.clone(),
                    kept: run.kept(),
                });
            }
        }
        for job_id in places {
            pulses.push(Pulse::Place { job_id, place: runs.places.get(&job_id).copied() });
        }
        pulses
    }

    /// The progress of these jobs, for a snapshot.
    pub fn running(&self, jobs: &[JobId]) -> Vec<RunningProgress> {
        let runs = self.lock();
        jobs.iter()
            .filter_map(|job_id| {
                let run = runs.by_job.get(job_id)?;
                Some(RunningProgress {
                    job_id: *job_id,
                    progress: run.view(),
                    preview: run.previews.last().map(Preview::view),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_run_of_many_nodes_is_told_less_often_and_its_end_at_once() {
        let plan = |count: usize| -> Vec<PlannedNode> {
            (0..count)
                .map(|n| PlannedNode {
                    id: n.to_string(),
                    title: String::new(),
                    class: String::new(),
                    steps: None,
                    expected: None,
                })
                .collect()
        };
        for (nodes, told_again) in [(7, true), (100_000, false)] {
            let live = Live::default();
            let job = JobId(Uuid::now_v7());
            live.begin(job, plan(nodes), true);
            assert_eq!(live.pulses().len(), 1);
            std::thread::sleep(std::time::Duration::from_millis(2));
            live.with(job, |run| run.node("1", None, NodeEvent::Running));
            assert_eq!(live.pulses().len(), usize::from(told_again), "{nodes} nodes");
            live.with(job, |run| run.node("1", None, NodeEvent::Done));
            live.ended(job);
            assert_eq!(live.pulses().len(), 1, "the end of {nodes} nodes");
        }
    }
}
