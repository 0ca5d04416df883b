//! The share of a run: never back, never 1 before success, whatever is heard.
#![allow(missing_docs)]

use domain::progress::{NodeEvent, NodePhase, Planned, Tracker};
use proptest::prelude::*;

fn plan(weights: &[f64]) -> Tracker {
    Tracker::new(weights.iter().enumerate().map(|(index, weight)| Planned {
        id: index.to_string(),
        weight: *weight,
        steps: None,
    }))
}

#[test]
fn steps_count_within_their_node() {
    let mut run = plan(&[1.0, 3.0]);
    run.apply("0", NodeEvent::Done);
    assert!((run.share() - 0.25).abs() < 1e-9);
    run.apply("1", NodeEvent::Step { value: 10.0, max: 20.0 });
    assert!((run.share() - 0.625).abs() < 1e-9);
    run.apply("1", NodeEvent::Done);
    assert!((run.share() - 0.99).abs() < 1e-9, "all done is not success");
    run.succeeded();
    assert!((run.share() - 1.0).abs() < f64::EPSILON);
}

#[test]
fn cached_nodes_count_on_neither_side() {
    let mut run = plan(&[5.0, 1.0, 1.0]);
    run.apply("0", NodeEvent::Cached);
    assert!(run.share().abs() < f64::EPSILON);
    run.apply("1", NodeEvent::Done);
    assert!((run.share() - 0.5).abs() < 1e-9);
    run.apply("0", NodeEvent::Done);
    assert_eq!(run.nodes()[0].phase, NodePhase::Cached);
}

#[test]
fn one_of_one_is_no_step_report() {
    let mut run = plan(&[1.0]);
    run.apply("0", NodeEvent::Step { value: 0.0, max: 1.0 });
    assert_eq!(run.nodes()[0].steps, None);
    assert_eq!(run.nodes()[0].phase, NodePhase::Running);
}

#[test]
fn nodes_made_at_run_time_change_nothing() {
    let mut run = plan(&[1.0]);
    assert!(!run.apply("0.0.1", NodeEvent::Done));
    assert!(run.share().abs() < f64::EPSILON);
}

fn event() -> impl Strategy<Value = NodeEvent> {
    prop_oneof![
        Just(NodeEvent::Cached),
        Just(NodeEvent::Running),
        Just(NodeEvent::Done),
        Just(NodeEvent::Failed),
        (any::<f64>(), any::<f64>()).prop_map(|(value, max)| NodeEvent::Step { value, max }),
        (0.0..30.0_f64, 1.0..30.0_f64).prop_map(|(value, max)| NodeEvent::Step { value, max }),
    ]
}

proptest! {
    #[test]
    fn the_share_never_goes_back_and_is_1_only_on_success(
        weights in proptest::collection::vec(prop_oneof![0.0..100.0_f64, any::<f64>()], 0..12),
        events in proptest::collection::vec((0..14_usize, event()), 0..80),
    ) {
        let mut run = plan(&weights);
        let mut last = run.share();
        for (node, event) in events {
            run.apply(&node.to_string(), event);
            let now = run.share();
            prop_assert!(now >= last && now < 1.0, "{} then {}", last, now);
            last = now;
        }
        run.succeeded();
        prop_assert!((run.share() - 1.0).abs() < f64::EPSILON);
    }
}
