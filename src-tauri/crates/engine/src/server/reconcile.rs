//! Asking the server what is true: on every connection, and slowly ever after.

use super::{Link, offer};
use crate::{core::Note, view::PlaceView};
use comfy::ComfyError;
use domain::Evidence;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Compares every job that the server should have with its queue and history. Answers whether that
/// moved any.
pub async fn reconcile(link: &Arc<Link>) -> Result<bool, ComfyError> {
    // What is stored is read before the server is asked: then a job that is stored as queued was
    // accepted before the server made its list, and its absence there means something.
    let flights = match link.core.store.jobs_in_flight(link.id).await {
        Ok(flights) => flights,
        Err(error) => {
            tracing::error!(%error, "cannot read the jobs in flight");
            return Ok(false);
        }
    };
    let offering = link.busy().offering;
    let queue = link.client.queue().await?;
    let running: HashSet<&str> = queue.running.iter().map(|item| item.prompt_id.as_str()).collect();
    let pending: HashSet<&str> = queue.pending.iter().map(|item| item.prompt_id.as_str()).collect();

    let known: HashSet<String> = flights.iter().map(|job| job.id.to_string()).collect();
    let mut ours = 0;
    let mut moved = false;
    let mut places = HashMap::new();
    for job in &flights {
        let id = job.id.to_string();
        if let Some(at) = queue.pending.iter().position(|item| item.prompt_id == id) {
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let before = queue.running.iter().chain(&queue.pending[..at]);
            let others = before.filter(|item| !known.contains(&item.prompt_id)).count();
            let ahead = count(queue.running.len() + at);
            places.insert(job.id, PlaceView { ahead, others: count(others) });
        }
        let listed = running.contains(id.as_str()) || pending.contains(id.as_str());
        ours += u32::from(listed);
        // An offer under way asks for itself, and what is collected needs no more word.
        if !job.state.is_at_server() || offering == Some(job.id) {
            continue;
        }
        let mut note = Note { asked_in: Some(job.state), ..link.note() };
        let evidence = if running.contains(id.as_str()) {
            Evidence::SeenRunning
        } else if pending.contains(id.as_str()) {
            Evidence::SeenQueued
        } else if let Some(entry) = link.client.history(&id).await? {
            note.began = entry.started_at;
            Evidence::ServerEnded(entry.end)
        } else if link.busy().withdrawing.contains(&job.id) {
            // Whoever takes it back finds out what became of it.
            continue;
        } else {
            offer::nowhere(link, job).await?
        };
        if matches!(evidence, Evidence::SeenRunning | Evidence::SeenQueued)
            && !link.core.live.knows(job.id)
        {
            // Adopted: it was sent before this start of the app, so its events go elsewhere.
            offer::follow(link, job, false).await;
        }
        if evidence == Evidence::NeverArrived {
            // It may still be on its way, sent by a Safelight that was killed: wait and ask again.
            offer::not_before(link, job.id).await;
        }
        match link.core.hear(job.id, evidence, note).await {
            Ok(domain::Moved::To(_)) => moved = true,
            Ok(_) => {}
            Err(error) => tracing::error!(%error, job = %job.id, "cannot store what was found"),
        }
    }
    let of_server: Vec<_> = flights.iter().map(|job| job.id).collect();
    link.core.live.set_places(&of_server, &places);
    let all = u32::try_from(running.len() + pending.len()).unwrap_or(u32::MAX);
    link.core.server(link.id, |view| {
        view.ours = ours;
        view.others = all.saturating_sub(ours);
    });
    Ok(moved)
}
