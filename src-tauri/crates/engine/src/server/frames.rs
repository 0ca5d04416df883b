//! Reading a server's socket: live state is written at once, evidence goes to the actor.
//!
//! The reader never waits for the page, the disk or the database: one client that stops reading
//! freezes the events of every client of that server (docs/PROTOCOL.md).

use super::Link;
use comfy::{ComfyError, Frame, Socket};
use domain::{Evidence, JobId, ServerEnd, progress::NodeEvent};
use std::sync::{Arc, atomic::Ordering};
use tokio::sync::mpsc::{self, error::TrySendError};

/// What the reader tells the actor.
pub enum Heard {
    /// Evidence about a job.
    Evidence { job: JobId, evidence: Evidence },
    /// Something changed at the server: worth a look.
    Look,
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

/// Times are ours: what arrives live happens now, and the server's clock may be wrong.
fn evidence(job: JobId, evidence: Evidence) -> Option<Heard> {
    Some(Heard::Evidence { job, evidence })
}

/// Takes in one frame. Frames about jobs of other clients find no live run and change nothing.
fn take(link: &Link, frame: Frame) -> Option<Heard> {
    let live = &link.core.live;
    match frame {
        Frame::Started { prompt_id, .. } => {
            let job = job_id(&prompt_id).filter(|job| live.knows(*job))?;
            evidence(job, Evidence::SeenRunning)
        }
        Frame::Cached { prompt_id, nodes } => {
            live.with(job_id(&prompt_id)?, |run| {
                let begun = run.begun();
                nodes.iter().fold(begun, |any, node| run.node(node, None, NodeEvent::Cached) | any)
            });
            None
        }
        Frame::Executing { prompt_id: Some(prompt_id), node, display_node } => {
            let job = job_id(&prompt_id).filter(|job| live.knows(*job))?;
            let Some(node) = node else {
                // The last event of every job; its history entry is there by now.
                return Some(Heard::Look);
            };
            live.with(job, |run| run.node(&node, display_node.as_deref(), NodeEvent::Running));
            None
        }
        Frame::Progress { prompt_id: Some(prompt_id), node: Some(node), value, max } => {
            live.with(job_id(&prompt_id)?, |run| {
                run.node(&node, None, NodeEvent::Step { value, max })
            });
            None
        }
        Frame::ProgressState { prompt_id, nodes } => {
            live.with(job_id(&prompt_id)?, |run| {
                nodes.iter().fold(false, |any, node| {
                    let event = if node.running {
                        NodeEvent::Step { value: node.value, max: node.max }
                    } else {
                        NodeEvent::Done
                    };
                    let parent = node.parent_id.as_deref().or(Some(&node.display_id));
                    run.node(&node.id, parent, event) | any
                })
            });
            None
        }
        Frame::Executed { prompt_id, node, display_node, outputs } => {
            live.with(job_id(&prompt_id)?, |run| {
                run.outputs.extend(outputs);
                run.node(&node, Some(&display_node), NodeEvent::Done)
            });
            None
        }
        Frame::Succeeded { prompt_id, .. } => {
            let job = job_id(&prompt_id).filter(|job| live.knows(*job))?;
            evidence(job, Evidence::ServerEnded(ServerEnd::Succeeded))
        }
        Frame::Failed { prompt_id, error, blocked, .. } => {
            let job = job_id(&prompt_id).filter(|job| live.knows(*job))?;
            if blocked {
                // A blocked output is told as an error, and the job goes on.
                live.with(job, |run| {
                    run.blocked.push(error);
                    false
                });
                return None;
            }
            live.with(job, |run| {
                run.broke_off(Some(&error.node_id));
                run.error = Some(error);
                true
            });
            evidence(job, Evidence::ServerEnded(ServerEnd::Failed))
        }
        Frame::Interrupted { prompt_id, node, .. } => {
            let job = job_id(&prompt_id).filter(|job| live.knows(*job))?;
            live.with(job, |run| {
                run.broke_off(node.as_deref());
                true
            });
            evidence(job, Evidence::ServerEnded(ServerEnd::Interrupted))
        }
        Frame::Preview { prompt_id, node, display_node, mime, bytes } => {
            let job = match prompt_id {
                Some(prompt_id) => job_id(&prompt_id)?,
                // The old format names no job, and others may be running there: not ours to guess.
                None => return None,
            };
            live.preview(job, display_node.as_deref().or(node.as_deref()), mime, bytes);
            None
        }
        Frame::Unknown { kind, bytes, .. } => {
            tracing::debug!(server = %link.id, kind, bytes, "frame of an unknown kind");
            None
        }
        Frame::Status { .. }
        | Frame::Features(_)
        | Frame::Executing { .. }
        | Frame::Progress { .. }
        | Frame::Logs(_)
        | Frame::Text { .. } => None,
    }
}
