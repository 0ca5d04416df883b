//! The life of a job: one total function from a state and a piece of evidence to what follows.
//!
//! A socket frame, the answer to a POST and a poll are all evidence, and none is trusted more for
//! the way it came. Evidence may arrive late, twice, out of order or not at all.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Outcome {
    /// It ran, and its outputs are on our disk and verified.
    Succeeded,
    /// The server refused it, or a node failed.
    Failed,
    /// Somebody stopped it: we, or someone at the server.
    Cancelled,
    /// The server no longer knows it.
    Lost,
}

/// What the server said about the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ServerEnd {
    /// `execution_success`.
    Succeeded,
    /// `execution_error`.
    Failed,
    /// `execution_interrupted`.
    Interrupted,
}

impl ServerEnd {
    /// The outcome once everything worth keeping has been collected.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Succeeded => Outcome::Succeeded,
            Self::Failed => Outcome::Failed,
            Self::Interrupted => Outcome::Cancelled,
        }
    }
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "of")]
#[ts(export)]
pub enum JobState {
    /// Ours: stored, and offered to no server yet.
    Held,
    /// A request that offers it has begun; its answer is not known.
    Sending,
    /// The server lists it as waiting.
    Queued,
    /// The server is working on it.
    Running,
    /// The server is done; outputs are being fetched and verified.
    Collecting(ServerEnd),
    /// Over. Nothing moves it any more.
    Ended(Outcome),
}

impl JobState {
    /// Whether the job is over.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Ended(_))
    }

    /// Whether the server holds it, or may hold it.
    pub fn is_at_server(self) -> bool {
        matches!(self, Self::Sending | Self::Queued | Self::Running)
    }
}

/// One thing learnt about a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// We are about to offer it to a server.
    Offered,
    /// The server accepted it (the answer to the POST), or lists it as waiting.
    SeenQueued,
    /// The server says it works on it: a start, a node, a step, or the list of running jobs.
    SeenRunning,
    /// The server refused it: nothing ran.
    Refused,
    /// The offer is over, and the server, asked afterwards, knows nothing of the job.
    NeverArrived,
    /// The server says that the run is over.
    ServerEnded(ServerEnd),
    /// The server, asked, has it neither in its queue nor in its history, though it had it before, and
    /// nothing else says what it made.
    Vanished,
    /// We took it back: it is neither in the server's queue nor in its history any more, and it had
    /// not begun.
    Withdrawn,
    /// The artist cancelled it while it was ours.
    CancelledHere,
    /// The artist cancelled, and the server confirmed that it no longer has it, or never got it.
    CancelConfirmed,
    /// Everything the run left has been fetched, verified and stored.
    Collected,
    /// Outputs of the run are gone for good, so it can never be collected whole.
    CollectFailed,
}

/// What a piece of evidence does to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The job is now in this state.
    To(JobState),
    /// Nothing new: the job was there already.
    Kept,
    /// The evidence is older than what is known; it is ignored.
    Stale,
}

/// What follows from `state` when `evidence` is heard.
///
/// Total: every pair has an answer. An ended job never moves, hearing a thing twice changes
/// nothing, and a job goes back to `Held` only when the server surely does not have it
/// ([`Evidence::NeverArrived`], [`Evidence::Withdrawn`]).
pub fn step(state: JobState, evidence: Evidence) -> Moved {
    use Evidence as E;
    use JobState as S;
    use Moved::{Kept, Stale, To};

    match (state, evidence) {
        (S::Ended(_), _) => Stale,

        (S::Held, E::Offered) => To(S::Sending),
        (S::Held, E::CancelConfirmed | E::CancelledHere) => To(S::Ended(Outcome::Cancelled)),
        // It was offered in the same moment: the server has to be told.
        (S::Sending | S::Queued | S::Running | S::Collecting(_), E::CancelledHere) => Stale,
        // An offer given up as unanswered did arrive after all.
        (S::Held, E::SeenQueued) => To(S::Queued),
        (S::Held, E::SeenRunning) => To(S::Running),
        (S::Held, E::ServerEnded(end)) => To(S::Collecting(end)),
        (S::Held, E::Refused) => To(S::Ended(Outcome::Failed)),
        (S::Held, E::NeverArrived) => Kept,
        (S::Held, E::Withdrawn) => Kept,
        (S::Held, E::Vanished | E::Collected | E::CollectFailed) => Stale,

        (S::Sending, E::Offered) => Kept,
        (S::Sending, E::SeenQueued) => To(S::Queued),
        (S::Sending, E::SeenRunning) => To(S::Running),
        (S::Sending, E::Refused) => To(S::Ended(Outcome::Failed)),
        (S::Sending, E::NeverArrived | E::Withdrawn) => To(S::Held),
        (S::Sending, E::ServerEnded(end)) => To(S::Collecting(end)),
        (S::Sending, E::CancelConfirmed) => To(S::Ended(Outcome::Cancelled)),
        // It may have run and been forgotten: offering it again might run it twice.
        (S::Sending, E::Vanished) => To(S::Ended(Outcome::Lost)),
        (S::Sending, E::Collected | E::CollectFailed) => Stale,

        (S::Queued, E::SeenQueued) => Kept,
        (S::Queued, E::SeenRunning) => To(S::Running),
        (S::Queued, E::ServerEnded(end)) => To(S::Collecting(end)),
        (S::Queued, E::Withdrawn) => To(S::Held),
        (S::Queued, E::Vanished) => To(S::Ended(Outcome::Lost)),
        (S::Queued, E::CancelConfirmed) => To(S::Ended(Outcome::Cancelled)),
        (S::Queued, E::Offered | E::Refused | E::NeverArrived) => Stale,
        (S::Queued, E::Collected | E::CollectFailed) => Stale,

        (S::Running, E::SeenRunning) => Kept,
        (S::Running, E::ServerEnded(end)) => To(S::Collecting(end)),
        (S::Running, E::Vanished) => To(S::Ended(Outcome::Lost)),
        (S::Running, E::CancelConfirmed) => To(S::Ended(Outcome::Cancelled)),
        // A list may be older than a frame, and a start may overtake the answer to its POST.
        (S::Running, E::SeenQueued | E::Offered | E::Refused | E::NeverArrived | E::Withdrawn) => {
            Stale
        }
        (S::Running, E::Collected | E::CollectFailed) => Stale,

        (S::Collecting(end), E::Collected) => To(S::Ended(end.outcome())),
        // The history was cleared, or the server restarted, before anybody could learn what it made.
        (S::Collecting(ServerEnd::Succeeded), E::Vanished) => To(S::Ended(Outcome::Lost)),
        (S::Collecting(end), E::Vanished) => To(S::Ended(end.outcome())),
        (S::Collecting(ServerEnd::Succeeded), E::CollectFailed) => To(S::Ended(Outcome::Failed)),
        (S::Collecting(end), E::CollectFailed) => To(S::Ended(end.outcome())),
        // The first word about the end stands; a second one is either the same or late.
        (S::Collecting(had), E::ServerEnded(now)) => {
            if had == now {
                Kept
            } else {
                Stale
            }
        }
        (
            S::Collecting(_),
            E::Offered
            | E::SeenQueued
            | E::SeenRunning
            | E::Refused
            | E::NeverArrived
            | E::Withdrawn
            | E::CancelConfirmed,
        ) => Stale,
    }
}
