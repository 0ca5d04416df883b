//! What is known of runs only while they run: node states, previews, outputs seen in frames.
//!
//! Readers of sockets write here under a short lock and never wait for the page or the disk; the hub
//! reads what changed when it is time for a pulse.
mod run;

pub use run::{PlannedNode, Run, progress_view};

use crate::{
    previews::Preview,
    time::now_ms,
    view::{KeptPreview, PlaceView, Pulse, RunningProgress},
};
use bytes::Bytes;
use domain::JobId;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Jobs whose live state is kept after they ended, for the page that shows how they developed.
const KEPT_RUNS: usize = 32;

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
    use domain::progress::NodeEvent;
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
