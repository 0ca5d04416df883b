//! The job machine, over every pair and over random histories.
#![allow(missing_docs)]

use domain::{Evidence, JobState, Moved, Outcome, ServerEnd, step};
use proptest::prelude::*;

const ENDS: [ServerEnd; 3] = [ServerEnd::Succeeded, ServerEnd::Failed, ServerEnd::Interrupted];

fn states() -> Vec<JobState> {
    let mut all = vec![JobState::Held, JobState::Sending, JobState::Queued, JobState::Running];
    all.extend(ENDS.map(JobState::Collecting));
    all.extend(
        [Outcome::Succeeded, Outcome::Failed, Outcome::Cancelled, Outcome::Lost]
            .map(JobState::Ended),
    );
    all
}

fn evidence() -> Vec<Evidence> {
    let mut all = vec![
        Evidence::Offered,
        Evidence::SeenQueued,
        Evidence::SeenRunning,
        Evidence::Refused,
        Evidence::NeverArrived,
        Evidence::Vanished,
        Evidence::Withdrawn,
        Evidence::CancelConfirmed,
        Evidence::CancelledHere,
        Evidence::Collected,
        Evidence::CollectFailed,
    ];
    all.extend(ENDS.map(Evidence::ServerEnded));
    all
}

fn after(state: JobState, evidence: Evidence) -> JobState {
    match step(state, evidence) {
        Moved::To(next) => next,
        Moved::Kept | Moved::Stale => state,
    }
}

#[test]
fn an_ended_job_never_moves() {
    for state in states().into_iter().filter(|state| state.is_ended()) {
        for evidence in evidence() {
            assert_eq!(step(state, evidence), Moved::Stale, "{state:?} {evidence:?}");
        }
    }
}

#[test]
fn a_move_always_goes_somewhere_else() {
    for state in states() {
        for evidence in evidence() {
            if let Moved::To(next) = step(state, evidence) {
                assert_ne!(next, state, "{state:?} {evidence:?}");
            }
        }
    }
}

#[test]
fn hearing_the_servers_word_twice_changes_nothing() {
    for state in states() {
        for evidence in evidence() {
            let once = after(state, evidence);
            assert_eq!(after(once, evidence), once, "{state:?} {evidence:?}");
        }
    }
}

#[test]
fn only_collected_outputs_make_success() {
    for state in states() {
        for evidence in evidence() {
            if step(state, evidence) == Moved::To(JobState::Ended(Outcome::Succeeded)) {
                assert_eq!(state, JobState::Collecting(ServerEnd::Succeeded));
                assert_eq!(evidence, Evidence::Collected);
            }
        }
    }
}

#[test]
fn a_running_job_never_returns_to_the_queue() {
    for evidence in evidence() {
        let next = after(JobState::Running, evidence);
        assert!(!matches!(next, JobState::Held | JobState::Sending | JobState::Queued));
    }
}

#[test]
fn the_usual_life_and_its_odd_orders() {
    use Evidence as E;
    let cases: [(&str, &[Evidence], JobState); 9] = [
        (
            "in order",
            &[
                E::Offered,
                E::SeenQueued,
                E::SeenRunning,
                E::ServerEnded(ServerEnd::Succeeded),
                E::Collected,
            ],
            JobState::Ended(Outcome::Succeeded),
        ),
        (
            "the start overtakes the answer to the POST",
            &[
                E::Offered,
                E::SeenRunning,
                E::SeenQueued,
                E::ServerEnded(ServerEnd::Succeeded),
                E::Collected,
            ],
            JobState::Ended(Outcome::Succeeded),
        ),
        (
            "the answer never came, and the job is in the history",
            &[E::Offered, E::ServerEnded(ServerEnd::Succeeded), E::Collected],
            JobState::Ended(Outcome::Succeeded),
        ),
        (
            "the offer never arrived and is made again",
            &[E::Offered, E::NeverArrived, E::Offered, E::SeenQueued],
            JobState::Queued,
        ),
        (
            "a cancel meets an offer that is under way",
            &[E::Offered, E::CancelledHere, E::SeenQueued, E::CancelConfirmed],
            JobState::Ended(Outcome::Cancelled),
        ),
        (
            "the history is cleared before anybody could learn what it made",
            &[E::Offered, E::ServerEnded(ServerEnd::Succeeded), E::Vanished, E::Collected],
            JobState::Ended(Outcome::Lost),
        ),
        (
            "the server restarts while it runs",
            &[E::Offered, E::SeenRunning, E::Vanished, E::SeenQueued],
            JobState::Ended(Outcome::Lost),
        ),
        (
            "a cancel loses the race against success",
            &[
                E::Offered,
                E::SeenRunning,
                E::ServerEnded(ServerEnd::Succeeded),
                E::CancelConfirmed,
                E::Collected,
            ],
            JobState::Ended(Outcome::Succeeded),
        ),
        (
            "outputs of an interrupted run are gone: it is cancelled all the same",
            &[E::Offered, E::SeenRunning, E::ServerEnded(ServerEnd::Interrupted), E::CollectFailed],
            JobState::Ended(Outcome::Cancelled),
        ),
    ];
    for (name, history, expected) in cases {
        let end = history.iter().fold(JobState::Held, |state, evidence| after(state, *evidence));
        assert_eq!(end, expected, "{name}");
    }
}

proptest! {
    #[test]
    fn any_history_ends_once(picks in proptest::collection::vec(0..14_usize, 0..200)) {
        let all = evidence();
        let mut state = JobState::Held;
        let mut ended = None;
        for pick in picks {
            state = after(state, all[pick]);
            if let Some(end) = ended {
                prop_assert_eq!(state, end);
            } else if state.is_ended() {
                ended = Some(state);
            }
        }
    }
}
