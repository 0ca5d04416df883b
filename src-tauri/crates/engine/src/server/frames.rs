//! Reading a server's socket: live state is written at once, evidence goes to the actor.
//!
//! The reader never waits for the page, the disk or the database: one client that stops reading
//! freezes the events of every client of that server (docs/PROTOCOL.md).

use super::Link;
use crate::live::Run;
use comfy::{ComfyError, Frame, Socket};
use domain::{Evidence, JobId, progress::NodeEvent};
use std::sync::{Arc, atomic::Ordering};
use tokio::sync::mpsc::{self, error::TrySendError};

/// What the reader tells the actor.
pub enum Heard {
    /// Evidence about a job.
    Evidence { job: JobId, evidence: Evidence },
    /// The last event of a job.
    Last { job: JobId },
    /// The socket is over.
    Over(ComfyError),
}

/// Reads until the socket is over.
pub async fn read(link: Arc<Link>, mut socket: Socket, heard: mpsc::Sender<Heard>) {
    loop {
        match socket.next().await {
            Ok(frame) => {
                link.frames.fetch_add(1, Ordering::Relaxed);
                // What is not followed yet has to be told whole once it is.
                if let Frame::ProgressState { prompt_id, .. } = &frame
                    && !job_id(prompt_id).is_some_and(|job| link.core.live.knows(job))
                {
                    socket.forget_progress();
                }
                let Some(news) = take(&link, frame) else { continue };
                match heard.try_send(news) {
                    Ok(()) => {}
                    // The actor is far behind: it asks the server when it gets there.
                    Err(TrySendError::Full(_)) => link.missed.store(true, Ordering::Relaxed),
                    Err(TrySendError::Closed(_)) => return,
                }
            }
            Err(error) => {
                let _ = heard.send(Heard::Over(error)).await;
                return;
            }
        }
    }
}

fn job_id(prompt_id: &str) -> Option<JobId> {
    prompt_id.parse().ok()
}

/// Takes in one frame. Frames about jobs of other clients find no live run and change nothing.
///
/// Times are ours: what arrives live happens now, and the server's clock may be wrong.
fn take(link: &Link, frame: Frame) -> Option<Heard> {
    let known = |prompt_id: &str| job_id(prompt_id).filter(|job| link.core.live.knows(*job));
    let news = if let Some(prompt_id) = frame.last_of() {
        known(prompt_id).map(|job| Heard::Last { job })
    } else {
        frame.evidence().and_then(|(prompt_id, evidence)| {
            Some(Heard::Evidence { job: known(prompt_id)?, evidence })
        })
    };
    show(link, frame);
    news
}

fn with(link: &Link, prompt_id: &str, change: impl FnOnce(&mut Run) -> bool) {
    if let Some(job) = job_id(prompt_id) {
        link.core.live.with(job, change);
    }
}

/// Shows what a frame says in the live state of its job.
fn show(link: &Link, frame: Frame) {
    match frame {
        Frame::Cached { prompt_id, nodes } => with(link, &prompt_id, |run| {
            let begun = run.begun();
            nodes.iter().fold(begun, |any, node| run.node(node, None, NodeEvent::Cached) | any)
        }),
        Frame::Executing { prompt_id: Some(prompt_id), node: Some(node), display_node } => {
            with(link, &prompt_id, |run| {
                run.node(&node, display_node.as_deref(), NodeEvent::Running)
            });
        }
        Frame::Progress { prompt_id: Some(prompt_id), node: Some(node), value, max } => {
            with(link, &prompt_id, |run| run.node(&node, None, NodeEvent::Step { value, max }));
        }
        Frame::ProgressState { prompt_id, nodes } => with(link, &prompt_id, |run| {
            nodes.iter().fold(false, |any, node| {
                let event = if node.running {
                    NodeEvent::Step { value: node.value, max: node.max }
                } else {
                    NodeEvent::Done
                };
                let parent = node.parent_id.as_deref().or(Some(&node.display_id));
                run.node(&node.id, parent, event) | any
            })
        }),
        Frame::Executed { prompt_id, node, display_node, outputs } => {
            with(link, &prompt_id, |run| {
                run.outputs.extend(outputs);
                run.node(&node, Some(&display_node), NodeEvent::Done)
            });
        }
        Frame::Failed { prompt_id, error, blocked, .. } => {
            with(link, &prompt_id, |run| {
                if blocked {
                    run.blocked.push(error);
                    return false;
                }
                run.broke_off(Some(&error.node_id));
                run.error = Some(error);
                true
            });
        }
        Frame::Interrupted { prompt_id, node, .. } => with(link, &prompt_id, |run| {
            run.broke_off(node.as_deref());
            true
        }),
        // The old format names no job, and others may be running there: not ours to guess.
        Frame::Preview { prompt_id: Some(prompt_id), node, display_node, mime, bytes } => {
            if let Some(job) = job_id(&prompt_id) {
                link.core.live.preview(
                    job,
                    display_node.as_deref().or(node.as_deref()),
                    mime,
                    bytes,
                );
            }
        }
        Frame::Unknown { kind, bytes, begin } => link.odd(kind, bytes, begin),
        Frame::Started { .. }
        | Frame::Succeeded { .. }
        | Frame::Preview { .. }
        | Frame::Status { .. }
        | Frame::Features(_)
        | Frame::Executing { .. }
        | Frame::Progress { .. }
        | Frame::Logs(_)
        | Frame::Text { .. } => {}
    }
}
