//! Expected costs and time left: tables, and what holds for all of them.
#![allow(missing_docs, clippy::unwrap_used)]

use domain::{
    estimate::{Expected, PastRun, expected, left},
    progress::{NodeEvent, Planned, Tracker},
};
use proptest::prelude::*;

fn run(ms: f64, steps: f64, pixels: f64) -> PastRun {
    PastRun { ms, steps: Some(steps), pixels: Some(pixels) }
}

#[test]
fn runs_of_the_same_size_count_alone() {
    let past = [run(100.0, 20.0, 1.0e6), run(9_000.0, 20.0, 4.0e6), run(120.0, 20.0, 1.0e6)];
    let now = expected(&past, Some(20.0), Some(1.0e6)).unwrap();
    assert_eq!((now.ms, now.runs), (110.0, 2));
}

#[test]
fn other_sizes_are_scaled_by_steps_and_pixels() {
    let past = [run(1_000.0, 10.0, 1.0e6)];
    let now = expected(&past, Some(20.0), Some(2.0e6)).unwrap();
    assert_eq!((now.ms, now.runs), (4_000.0, 1));
}

#[test]
fn the_median_of_the_newest_six_leaves_out_a_cold_start() {
    let mut past: Vec<_> = (0..8).map(|n| run(100.0 + f64::from(n), 1.0, 1.0)).collect();
    past[2].ms = 60_000.0;
    let now = expected(&past, Some(1.0), Some(1.0)).unwrap();
    assert_eq!(now.runs, 6);
    assert!(now.ms < 106.0, "{now:?}");
    assert_eq!(expected(&[], Some(1.0), None), None);
}

fn tracker(nodes: usize) -> Tracker {
    Tracker::new((0..nodes).map(|n| Planned { id: n.to_string(), weight: 1.0, steps: None }))
}

fn known(ms: f64, runs: u32) -> Option<Expected> {
    Some(Expected { ms, runs })
}

#[test]
fn what_is_cached_or_done_costs_nothing_and_steps_tell_the_rest() {
    let mut run = tracker(4);
    run.apply("0", NodeEvent::Cached);
    run.apply("1", NodeEvent::Done);
    run.apply("2", NodeEvent::Step { value: 10.0, max: 20.0 });
    let costs = [known(9_000.0, 1), known(100.0, 3), known(2_000.0, 6), known(400.0, 6)];
    let spent = [None, Some(100.0), Some(1_000.0), None];
    let now = left(run.nodes(), &costs, &spent).unwrap();
    // The steps of this run and history both say one second; then 400 ms.
    assert_eq!((now.ms, now.runs, now.late), (1_400.0, 6, false));
}

#[test]
fn the_more_steps_are_done_the_more_they_count() {
    // A tenth took two seconds, where earlier runs took one for all of it: 18 s by the steps, 0.9 s by
    // history.
    for (steps, left_ms) in [(2.0, 9_450.0), (18.0, 16_290.0)] {
        let mut run = tracker(1);
        run.apply("0", NodeEvent::Step { value: steps, max: steps * 10.0 });
        let now = left(run.nodes(), &[known(1_000.0, 6)], &[Some(2_000.0)]).unwrap();
        assert_eq!(now.ms.round(), left_ms);
    }
}

#[test]
fn runs_of_a_class_that_contradict_each_other_say_nothing() {
    let past = |all: &[f64]| -> Vec<PastRun> { all.iter().map(|ms| run(*ms, 1.0, 1.0)).collect() };
    for (all, told) in [
        (&[300.0][..], true),
        (&[300.0, 1_500.0], false),
        (&[300.0, 380.0], true),
        (&[300.0, 310.0, 9_000.0], true),
        (&[300.0, 1_500.0, 500.0, 2_000.0, 200.0, 1_000.0], false),
        (&[1.0, 60.0, 2.0, 70.0], true),
    ] {
        assert_eq!(expected(&past(all), Some(1.0), Some(1.0)).is_some(), told, "{all:?}");
    }
}

#[test]
fn a_node_that_never_ran_there_leaves_no_estimate() {
    let run = tracker(2);
    assert_eq!(left(run.nodes(), &[known(10.0, 1), None], &[None, None]), None);
}

#[test]
fn a_node_that_takes_longer_than_ever_is_said_to_be_late() {
    let mut run = tracker(1);
    run.apply("0", NodeEvent::Running);
    assert!(!left(run.nodes(), &[known(1_000.0, 2)], &[Some(900.0)]).unwrap().late);
    let late = left(run.nodes(), &[known(1_000.0, 2)], &[Some(1_600.0)]).unwrap();
    assert!(late.late && late.ms == 0.0);
}

#[test]
fn a_slower_run_is_expected_to_stay_slower() {
    let mut run = tracker(2);
    run.apply("0", NodeEvent::Done);
    let costs = [known(1_000.0, 4), known(1_000.0, 4)];
    let now = left(run.nodes(), &costs, &[Some(2_000.0), None]).unwrap();
    assert_eq!(now.ms, 2_000.0);
}

proptest! {
    #[test]
    fn time_left_is_a_number_and_never_negative(
        costs in proptest::collection::vec(proptest::option::of(0.0..1.0e7_f64), 1..8),
        spent in proptest::collection::vec(proptest::option::of(0.0..1.0e7_f64), 1..8),
        steps in proptest::collection::vec((0..8_usize, 0.0..40.0_f64, 0.0..40.0_f64), 0..20),
    ) {
        let mut run = tracker(costs.len());
        for (node, value, max) in steps {
            run.apply(&node.to_string(), NodeEvent::Step { value, max });
        }
        let costs: Vec<_> = costs.into_iter().map(|ms| ms.and_then(|ms| known(ms, 1))).collect();
        if let Some(now) = left(run.nodes(), &costs, &spent) {
            prop_assert!(now.ms.is_finite() && now.ms >= 0.0 && now.runs > 0);
        }
    }
}
