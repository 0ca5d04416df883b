//! What runs are expected to cost: the stored runs of a server, put before the rules in
//! [`domain::estimate`].

use crate::{core::Core, time::now_ms, view::LinkState};
use domain::{
    ServerId,
    estimate::{Expected, PastRun, expected, median},
};
use std::{collections::HashMap, sync::atomic::Ordering};
use store::{JobRow, StoreError};

/// Earlier jobs of the same shape that are looked at.
const SHAPE_RUNS: u32 = 6;
/// Shapes looked up for the whole queue. Jobs of further ones count as unknown.
const SHAPES: usize = 200;
/// Jobs of one kind placed one by one; beyond that the rest is spread evenly.
const PLACED: u32 = 20_000;

/// What each of a job's nodes is expected to cost at a server. Runs of the same shape tell about the
/// very node; else runs of its class do.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_nodes(
    core: &Core,
    server: ServerId,
    job: &JobRow,
    nodes: &[workflow::PlanNode],
) -> Result<Vec<Option<Expected>>, StoreError> {
    let mut by_node: HashMap<String, Vec<f64>> = HashMap::new();
    if let Some(shape) = &job.shape {
        for run in core.store.runs_of_shape(server, shape, SHAPE_RUNS).await? {
            by_node.entry(run.node_id).or_default().push(run.ms);
        }
    }
    let mut by_class: HashMap<&str, Vec<PastRun>> = HashMap::new();
    let mut all = Vec::with_capacity(nodes.len());
    for node in nodes {
        if let Some(known) = by_node.remove(&node.id).and_then(median) {
            all.push(Some(known));
            continue;
        }
        if !by_class.contains_key(node.class.as_str()) {
            let runs = core.store.runs_of_class(server, &node.class).await?;
            let past = runs
                .into_iter()
                .map(|run| PastRun { ms: run.ms, steps: run.steps, pixels: run.pixels })
                .collect();
            by_class.insert(&node.class, past);
        }
        all.push(expected(&by_class[node.class.as_str()], node.steps.map(f64::from), job.pixels));
    }
    Ok(all)
}

/// Time until the queue is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UntilEmpty {
    /// Milliseconds, as far as earlier runs tell.
    pub ms: Option<i64>,
    /// Jobs that no earlier run tells of.
    pub unknown: u32,
}

impl UntilEmpty {
    /// In steps that a person would say, so that it does not change with each blink: seconds up to a
    /// minute, then five, then half minutes.
    #[must_use]
    pub fn rounded(self) -> Self {
        let ms = self.ms.map(|ms| {
            let to = match ms {
                ..60_000 => 1_000,
                60_000..600_000 => 5_000,
                _ => 30_000,
            };
            ms.div_euclid(to) * to + if ms % to == 0 { 0 } else { to }
        });
        Self { ms, ..self }
    }
}

/// Time until everything that waits or runs is done, by giving each job to the server that is free
/// first, as the servers do themselves.
///
/// # Errors
/// When the database cannot be read.
pub async fn until_empty(core: &Core) -> Result<UntilEmpty, StoreError> {
    let mut busy: HashMap<ServerId, f64> = core
        .book
        .views()
        .into_iter()
        .filter(|server| server.link == LinkState::Online && !server.paused)
        .map(|server| (server.id, 0.0))
        .collect();
    let open = core.store.open_shapes().await?;
    let mut known: HashMap<(ServerId, String), Option<Expected>> = HashMap::new();
    let mut looked_up = 0;
    let (mut any, mut unknown) = (false, 0_u32);
    let paused = core.paused.load(Ordering::Relaxed);
    for jobs in open {
        // Paused: only what runs comes to an end.
        if paused && jobs.started_at.is_none() {
            continue;
        }
        let at = jobs.server_id.or(jobs.wants_server);
        let servers: Vec<ServerId> =
            busy.keys().copied().filter(|id| at.is_none_or(|at| at == *id)).collect();
        let Some(shape) = &jobs.shape else {
            unknown = unknown.saturating_add(jobs.count);
            continue;
        };
        let mut costs = Vec::new();
        for server in servers {
            let key = (server, shape.clone());
            if !known.contains_key(&key) {
                looked_up += 1;
                let durations = if looked_up > SHAPES {
                    Vec::new()
                } else {
                    core.store.durations_of_shape(server, shape, SHAPE_RUNS).await?
                };
                known.insert(key.clone(), median(durations));
            }
            if let Some(cost) = known[&key] {
                costs.push((server, cost.ms));
            }
        }
        if costs.is_empty() {
            unknown = unknown.saturating_add(jobs.count);
            continue;
        }
        any = true;
        #[allow(clippy::cast_precision_loss)] // Milliseconds of a run fit a float.
        let spent = jobs.started_at.map_or(0.0, |began| (now_ms() - began).max(0) as f64);
        place(&mut busy, &costs, jobs.count, spent);
    }
    let longest = busy.values().copied().fold(0.0, f64::max);
    #[allow(clippy::cast_possible_truncation)] // `as` saturates, which is right for a time.
    Ok(UntilEmpty { ms: any.then_some(longest as i64), unknown })
}

/// Gives `count` jobs, one after the other, to the server that is done with them first.
fn place(busy: &mut HashMap<ServerId, f64>, costs: &[(ServerId, f64)], count: u32, spent: f64) {
    let one_by_one = count.min(PLACED);
    for _ in 0..one_by_one {
        let first = costs.iter().min_by(|a, b| (busy[&a.0] + a.1).total_cmp(&(busy[&b.0] + b.1)));
        if let Some((server, ms)) = first
            && let Some(load) = busy.get_mut(server)
        {
            *load += (ms - spent).max(0.0);
        }
    }
    // Evenly is right in the long run: faster servers take more of them.
    let rate: f64 = costs.iter().map(|(_, ms)| 1.0 / ms.max(1.0)).sum();
    for (server, _) in costs {
        if let Some(load) = busy.get_mut(server) {
            *load += f64::from(count - one_by_one) / rate;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn jobs_go_to_the_server_that_is_done_first() {
        let (fast, slow) = (ServerId(Uuid::now_v7()), ServerId(Uuid::now_v7()));
        let mut busy = HashMap::from([(fast, 0.0), (slow, 0.0)]);
        place(&mut busy, &[(fast, 10.0), (slow, 30.0)], 4, 0.0);
        assert_eq!((busy[&fast], busy[&slow]), (30.0, 30.0));
        place(&mut busy, &[(slow, 30.0)], 1, 20.0);
        assert_eq!(busy[&slow], 40.0);
    }

    #[test]
    fn a_hundred_thousand_jobs_take_no_longer_to_place_than_some() {
        let only = ServerId(Uuid::now_v7());
        let mut busy = HashMap::from([(only, 0.0)]);
        place(&mut busy, &[(only, 2.0)], 100_000, 0.0);
        assert_eq!(busy[&only], 200_000.0);
    }
}
