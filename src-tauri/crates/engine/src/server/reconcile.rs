//! Asking the server what is true: on every connection, and slowly ever after.

use super::{Link, offer};
use crate::{core::Note, view::PlaceView};
use comfy::{ComfyError, Queue};
use domain::{Evidence, Moved, step};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Compares every job that the server should have with its queue and history. Answers whether that
/// moved any.
pub async fn reconcile(link: &Arc<Link>) -> Result<bool, ComfyError> {
    // What is stored is read before the server is asked: then a job that is stored as queued was
    // accepted before the server made its list, and its absence there means something.
    let flights = match link.core.store.flights(link.id).await {
        Ok(flights) => flights,
        Err(error) => {
            tracing::error!(%error, "cannot read the jobs in flight");
            return Ok(false);
        }
    };
    let offering = link.busy().offering;
    let queue = link.client.queue().await?;
    let running: HashSet<&str> = queue.running.iter().map(|item| item.prompt_id.as_str()).collect();
    let known: HashSet<String> = flights.iter().map(|job| job.id.to_string()).collect();
    let pending = places_of(&queue, &known);

    let mut ours = 0;
    let mut moved = false;
    let mut places = HashMap::new();
    for job in &flights {
        let id = job.id.to_string();
        if let Some(place) = pending.get(id.as_str()) {
            places.insert(job.id, *place);
        }
        let listed = running.contains(id.as_str()) || pending.contains_key(id.as_str());
        ours += u32::from(listed);
        // An offer under way asks for itself, and what is collected needs no more word.
        if !job.state.is_at_server() || offering == Some(job.id) {
            continue;
        }
        let mut note = Note { asked_in: Some(job.state), ..link.note() };
        let evidence = if running.contains(id.as_str()) {
            Evidence::SeenRunning
        } else if pending.contains_key(id.as_str()) {
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
        if evidence == Evidence::SeenRunning && !link.core.live.knows(job.id) {
            offer::adopt(link, job.id).await;
        }
        if evidence == Evidence::NeverArrived {
            // It may still be on its way, sent by a Safelight that was killed: wait and ask again.
            offer::not_before(link, job.id).await;
        }
        // Most of it is known: with a thousand jobs here, each look into the database counts.
        if step(job.state, evidence) == Moved::Kept {
            continue;
        }
        match link.core.hear(job.id, evidence, note).await {
            Ok(Moved::To(_)) => moved = true,
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

/// Where each waiting job is in the server's queue.
fn places_of<'a>(queue: &'a Queue, ours: &HashSet<String>) -> HashMap<&'a str, PlaceView> {
    let is_other = |id: &String| u32::from(!ours.contains(id));
    let mut ahead = u32::try_from(queue.running.len()).unwrap_or(u32::MAX);
    let mut others = queue.running.iter().map(|item| is_other(&item.prompt_id)).sum();
    let mut places = HashMap::with_capacity(queue.pending.len());
    for item in &queue.pending {
        places.insert(item.prompt_id.as_str(), PlaceView { ahead, others });
        ahead = ahead.saturating_add(1);
        others += is_other(&item.prompt_id);
    }
    places
}
