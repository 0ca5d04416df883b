//! Offering jobs to a server, and taking them back.

use super::Link;
use crate::{
    core::Note,
    estimate,
    inputs::BringError,
    live::PlannedNode,
    matching,
    time::{millis, now_ms},
    trouble,
};
use comfy::{ComfyError, Submit, SubmitError};
use domain::{Evidence, JobId, JobState, Moved, TroubleCode};
use std::sync::{Arc, atomic::Ordering};
use store::{FlightRow, JobRow, Offered, StoreError, WorkflowRow};
use tokio::time::sleep;

/// Offers the next job that this server may have, if there is one.
pub async fn begin_next(link: &Arc<Link>) -> Result<(), StoreError> {
    let lacks = matching::left_to_others(&link.core, link.id).await?;
    let now = now_ms();
    let Some(job) = link.core.store.next_eligible(link.id, now, &lacks).await? else {
        return Ok(());
    };
    let note =
        Note { offers: Some(Offered { workflow: job.workflow.clone(), now }), ..link.note() };
    // Another server may have taken it meanwhile, or the artist held or changed it: then this is stale,
    // and the next wake looks again.
    if !matches!(link.core.hear(job.id, Evidence::Offered, note).await?, Moved::To(_)) {
        return Ok(());
    }
    link.busy().offering = Some(job.id);
    let offering = link.clone();
    link.tasks.spawn_until_stopped(async move {
        let result = offer(&offering, &job).await;
        offering.busy().offering = None;
        if let Err(error) = result {
            tracing::error!(%error, job = %job.id, "cannot store what became of an offer");
        }
        offering.wake.notify_one();
    });
    Ok(())
}

/// Begins to follow the run of a job that was sent before this start of the app: its events go
/// elsewhere.
pub async fn adopt(link: &Link, id: JobId) {
    let found = async {
        let Some(job) = link.core.store.job_alone(id).await? else { return Ok(None) };
        Ok(link.core.store.workflow(&job.workflow).await?.map(|stored| (job, stored)))
    };
    let found: Result<_, StoreError> = found.await;
    match found {
        Ok(Some((job, stored))) => follow(link, &job, &stored, false).await,
        Ok(None) => {}
        Err(error) => tracing::error!(%error, job = %id, "cannot read an adopted job"),
    }
}

/// Begins to follow a job's run.
pub async fn follow(link: &Link, job: &JobRow, stored: &WorkflowRow, live: bool) {
    match planned(link, job, stored).await {
        Ok(nodes) => link.core.live.begin(job.id, nodes, live),
        Err(error) => tracing::error!(%error, job = %job.id, "cannot read the workflow's plan"),
    }
}

async fn planned(
    link: &Link,
    job: &JobRow,
    stored: &WorkflowRow,
) -> Result<Vec<PlannedNode>, StoreError> {
    let Ok(prompt) = workflow::read_prompt(stored.prompt.as_bytes()) else { return Ok(Vec::new()) };
    let classes = link.core.book.classes(link.id).or_else(|| link.core.book.any_classes());
    let plan = workflow::plan(
        &prompt,
        classes.as_ref().map(|classes| &classes.outputs),
        classes.as_ref().map(|classes| &classes.display_names),
    );
    let expected = estimate::of_nodes(&link.core, link.id, job, &plan.nodes).await?;
    Ok(plan
        .nodes
        .into_iter()
        .zip(expected)
        .map(|(node, expected)| PlannedNode {
            id: node.id,
            title: node.title,
            class: node.class,
            steps: node.steps,
            expected,
        })
        .collect())
}

async fn offer(link: &Arc<Link>, job: &JobRow) -> Result<(), StoreError> {
    let core = &link.core;
    let Some(stored) = core.store.workflow(&job.workflow).await? else {
        let trouble = trouble::workflow_gone();
        let note = Note { trouble: Some(trouble), ..link.note() };
        core.hear(job.id, Evidence::Refused, note).await?;
        return Ok(());
    };
    if job.not_before.is_some() {
        // Offered before, and then it was nowhere: it may have arrived since.
        match find(link, job.id).await {
            Ok(None) => {}
            Ok(Some(evidence)) => {
                core.hear(job.id, evidence, link.note()).await?;
                return Ok(());
            }
            Err(error) => return never_arrived(link, job.id, &error).await,
        }
    }
    if !bring_inputs(link, job, &stored.prompt).await? {
        return Ok(());
    }
    free_for_retry(link, job).await?;
    let live = link.live.load(Ordering::Relaxed);
    // Before the POST: a start may overtake its answer.
    follow(link, job, &stored, live).await;
    let submit = Submit {
        prompt: stored.prompt,
        prompt_id: job.id.to_string(),
        client_id: link.client_id(),
        workflow: stored.ui_graph,
        preview_method: None,
    };
    let anchor = link.busy().anchor;
    match link.client.submit(&submit).await {
        Ok(accepted) => {
            let warnings = trouble::warnings(&accepted.node_errors, core, job.id);
            let note = Note { warnings: Some(warnings), ..link.note() };
            core.hear(job.id, Evidence::SeenQueued, note).await?;
        }
        Err(SubmitError::Refused(refusal)) => {
            let trouble = trouble::refused(&refusal, &link.name(), core, job.id);
            let note = Note { trouble: Some(trouble), ..link.note() };
            core.hear(job.id, Evidence::Refused, note).await?;
        }
        Err(SubmitError::NotSent(error)) => never_arrived(link, job.id, &error).await?,
        Err(SubmitError::Unanswered(error)) => look_it_up(link, job.id, anchor, &error).await?,
    }
    Ok(())
}

/// Uploads what the prompt names of our files and the server lacks. Answers whether the job can go on.
async fn bring_inputs(link: &Link, job: &JobRow, prompt: &str) -> Result<bool, StoreError> {
    let core = &link.core;
    for name in core.inputs.in_prompt(prompt) {
        match core.inputs.bring(&link.client, &name).await {
            Ok(()) => {}
            // Nothing that another try would mend.
            Err(
                error @ (BringError::Here(_)
                | BringError::Server(
                    ComfyError::PayloadTooLarge { .. } | ComfyError::BadName { .. },
                )),
            ) => {
                let trouble = trouble::input_not_taken(&link.name(), &error.to_string());
                let note = Note { trouble: Some(trouble), ..link.note() };
                core.hear(job.id, Evidence::Refused, note).await?;
                return Ok(false);
            }
            Err(BringError::Server(error)) => {
                never_arrived(link, job.id, &error).await?;
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Frees the server's memory before a job that ran out of it is tried again.
async fn free_for_retry(link: &Link, job: &JobRow) -> Result<(), StoreError> {
    let Some(first) = job.retry_of else { return Ok(()) };
    let first = link.core.store.job(first).await?;
    let trouble = first.and_then(|first| first.trouble);
    if trouble.is_some_and(|trouble| trouble.code == TroubleCode::OutOfMemory)
        && let Err(error) = link.client.free(true, true).await
    {
        tracing::warn!(%error, job = %job.id, "the server's memory could not be freed");
    }
    Ok(())
}

/// Does not offer a job again at once; it is looked up first then.
pub async fn not_before(link: &Link, job: JobId) {
    let until = Some(now_ms() + millis(link.core.pace.offer_again));
    if let Err(error) = link.core.store.set_not_before(job, until).await {
        tracing::error!(%error, %job, "cannot store when a job may be offered again");
    }
    wake_later(link);
}

async fn never_arrived(link: &Link, job: JobId, error: &ComfyError) -> Result<(), StoreError> {
    not_before(link, job).await;
    let event = Some(format!("Could not be sent to {}: {error}", link.name()));
    link.core.hear(job, Evidence::NeverArrived, Note { event, ..link.note() }).await?;
    Ok(())
}

/// The server does not refuse a repeated id, so a job whose offer was not answered is looked up
/// before it is offered again.
async fn look_it_up(
    link: &Link,
    job: JobId,
    anchor: Option<JobId>,
    why: &ComfyError,
) -> Result<(), StoreError> {
    sleep(link.core.pace.settle).await;
    match find(link, job).await {
        Ok(Some(evidence)) => {
            link.core.hear(job, evidence, link.note()).await?;
        }
        // A server or a proxy that answered with an error did not carry it out.
        Ok(None) if matches!(why, ComfyError::Http { .. }) => never_arrived(link, job, why).await?,
        Ok(None) => match is_whole(link, anchor).await {
            Ok(true) => never_arrived(link, job, why).await?,
            Ok(false) => {
                link.core.hear(job, Evidence::Vanished, link.note()).await?;
            }
            Err(error) => ask_again(link, job, &error),
        },
        Err(error) => ask_again(link, job, &error),
    }
    Ok(())
}

/// Leaves a job `sending` for a reconciliation to look up. One that ran meanwhile has passed it over,
/// because its offer was under way, and the next one by the clock may be far off: so one is due now.
fn ask_again(link: &Link, job: JobId, error: &ComfyError) {
    tracing::warn!(%error, %job, "cannot look up an unanswered offer");
    link.missed.store(true, Ordering::Relaxed);
}

/// Whether the history still has what it had: a job that is nowhere else then did not run. Without
/// anything to go by nobody knows, and it is not taken to be whole.
async fn is_whole(link: &Link, anchor: Option<JobId>) -> Result<bool, ComfyError> {
    let Some(anchor) = anchor else { return Ok(false) };
    let whole = link.client.history(&anchor.to_string()).await?.is_some();
    if !whole && link.busy().anchor == Some(anchor) {
        link.busy().anchor = None;
    }
    Ok(whole)
}

/// What it means that a job is neither in the server's queue nor in its history.
pub async fn nowhere(link: &Link, job: &FlightRow) -> Result<Evidence, ComfyError> {
    if job.cancel_requested {
        return Ok(Evidence::CancelConfirmed);
    }
    let anchor = link.busy().anchor;
    let whole = is_whole(link, anchor).await?;
    Ok(match job.state {
        JobState::Sending if whole => Evidence::NeverArrived,
        JobState::Queued if whole && job.asked_back => Evidence::Withdrawn,
        _ => Evidence::Vanished,
    })
}

/// Asks the server for a job by its id.
async fn find(link: &Link, job: JobId) -> Result<Option<Evidence>, ComfyError> {
    let id = job.to_string();
    let queue = link.client.queue().await?;
    if queue.running.iter().any(|item| item.prompt_id == id) {
        return Ok(Some(Evidence::SeenRunning));
    }
    if queue.pending.iter().any(|item| item.prompt_id == id) {
        return Ok(Some(Evidence::SeenQueued));
    }
    Ok(link.client.history(&id).await?.map(|entry| Evidence::ServerEnded(entry.end)))
}

/// Cancels a job at the server. The outcome says what happened.
pub fn begin_cancel(link: &Arc<Link>, job: JobId) {
    begin_removal(link, job, Evidence::CancelConfirmed);
}

/// Takes back a job that only waits at the server.
pub fn begin_withdraw(link: &Arc<Link>, job: JobId) {
    begin_removal(link, job, Evidence::Withdrawn);
}

fn begin_removal(link: &Arc<Link>, job: JobId, when_gone: Evidence) {
    if !link.busy().withdrawing.insert(job) {
        return;
    }
    let link = link.clone();
    link.tasks.clone().spawn_until_stopped(async move {
        if let Err(error) = remove(&link, job, when_gone).await {
            tracing::warn!(%error, %job, "cannot take a job back");
            // An interrupt takes effect at the next step at the earliest, and a server that is
            // busy answers late: ask again, but not in a loop.
        }
        sleep(link.core.pace.remove_again).await;
        link.busy().withdrawing.remove(&job);
    });
}

async fn remove(link: &Link, job: JobId, when_gone: Evidence) -> Result<(), ComfyError> {
    if when_gone == Evidence::Withdrawn {
        return withdraw(link, job).await;
    }
    link.client.cancel(&job.to_string()).await?;
    let evidence = find(link, job).await?.unwrap_or(when_gone);
    link.tell(job, evidence).await;
    Ok(())
}

/// Takes a waiting job back, and makes sure that it did not run meanwhile: a server does one job after
/// the other, so while the job that ran at first still runs, or is in the history, nothing after it
/// can have run and been forgotten.
async fn withdraw(link: &Link, job: JobId) -> Result<(), ComfyError> {
    let id = job.to_string();
    let before = link.client.queue().await?;
    let Some(witness) = before.running.first().map(|item| item.prompt_id.clone()) else {
        // It is about to begin, or something is: look again.
        return Ok(());
    };
    if !before.pending.iter().any(|item| item.prompt_id == id) {
        return Ok(());
    }
    // Stored first: whoever finds it gone after a kill has to know why.
    if let Err(error) = link.core.store.set_asked_back(job).await {
        tracing::error!(%error, %job, "cannot store that a job is asked back");
        return Ok(());
    }
    link.client.delete_queued(std::slice::from_ref(&id)).await?;
    let after = link.client.queue().await?;
    let evidence = if after.running.iter().any(|item| item.prompt_id == id) {
        Evidence::SeenRunning
    } else if after.pending.iter().any(|item| item.prompt_id == id) {
        Evidence::SeenQueued
    } else if let Some(entry) = link.client.history(&id).await? {
        Evidence::ServerEnded(entry.end)
    } else if after.running.iter().any(|item| item.prompt_id == witness)
        || link.client.history(&witness).await?.is_some()
    {
        Evidence::Withdrawn
    } else {
        Evidence::Vanished
    };
    link.tell(job, evidence).await;
    Ok(())
}

/// Looks at the queue again when a pause is over.
fn wake_later(link: &Link) {
    let wake = link.wake.clone();
    let pause = link.core.pace.offer_again;
    link.tasks.spawn_until_stopped(async move {
        sleep(pause).await;
        wake.notify_one();
    });
}
