//! Any axes, any text.

use crate::support::{at, plan, texts};
use proptest::prelude::*;
use std::collections::BTreeSet;
use workflow::sweep::{
    Address, Axis, AxisKind, AxisValue, Cell, JsonText, KnobValues, Set, Sweep, SweepError, range,
};

/// One to three axes of which each moves one or two knobs of its own.
fn axes() -> impl Strategy<Value = Vec<Axis>> {
    prop::collection::vec((1..6_usize, 1..3_usize), 1..4).prop_map(|axes| {
        let axis = |(number, (values, knobs)): (usize, (usize, usize))| Axis {
            title: format!("axis {number}"),
            values: (0..values).map(|at| value(number, at, knobs)).collect(),
        };
        axes.into_iter().enumerate().map(axis).collect()
    })
}

fn value(axis: usize, at: usize, knobs: usize) -> AxisValue {
    let set = |knob| Set {
        at: Address::new(axis.to_string(), format!("knob {knob}")),
        value: JsonText::whole(at as u64),
    };
    AxisValue { label: at.to_string(), sets: (0..knobs).map(set).collect() }
}

fn all(cells: impl Iterator<Item = Cell>) -> BTreeSet<Vec<usize>> {
    let cells: Vec<Vec<usize>> = cells.map(|cell| cell.coordinates).collect();
    let set: BTreeSet<Vec<usize>> = cells.iter().cloned().collect();
    assert_eq!(set.len(), cells.len(), "a cell is there twice: {cells:?}");
    set
}

/// The product, by loops.
fn product(lengths: &[usize]) -> BTreeSet<Vec<usize>> {
    let mut all = BTreeSet::from([Vec::new()]);
    for length in lengths {
        let longer = |start: &Vec<usize>| -> Vec<Vec<usize>> {
            (0..*length).map(|at| [start.as_slice(), &[at]].concat()).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// Anything that an artist, or a file, can put into an axis.
fn any_kind() -> impl Strategy<Value = AxisKind> {
    let knob = prop::sample::select(vec!["6.text", "7.text", "3.cfg", "3.seed"]).prop_map(at);
    let knobs = prop::collection::vec(knob.clone(), 0..3);
    let json = prop_oneof![
        any::<u64>().prop_map(JsonText::whole),
        any::<String>().prop_map(|text| JsonText::string(&text)),
    ];
    let values = prop::collection::vec(json.clone(), 0..4);
    let listed = (knob.clone(), values).prop_map(|(at, values)| KnobValues { at, values });
    let set = (knob, json).prop_map(|(at, value)| Set { at, value });
    let preset = ("\\PC{0,9}", prop::collection::vec(set, 0..4))
        .prop_map(|(label, sets)| AxisValue { label, sets });
    prop_oneof![
        prop::collection::vec(listed, 0..3).prop_map(|knobs| AxisKind::Values { knobs }),
        (knobs.clone(), "[0-9., step-]{0,20}")
            .prop_map(|(knobs, text)| AxisKind::Range { knobs, text }),
        (knobs, "r?e?d?", prop::collection::vec(any::<String>(), 0..4))
            .prop_map(|(knobs, needle, with)| AxisKind::Replace { knobs, needle, with }),
        prop::collection::vec(preset, 0..4).prop_map(|presets| AxisKind::Presets { presets }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn cells_are_exactly_the_product(axes in axes(), costs in prop::collection::vec(any::<f64>(), 0..4)) {
        let lengths: Vec<usize> = axes.iter().map(|axis| axis.values.len()).collect();
        let sweep = Sweep::new(axes).unwrap().cheapest_first(&costs);
        prop_assert_eq!(all(sweep.cells()), product(&lengths));
        prop_assert_eq!(sweep.count(), sweep.cells().count());
        for (run, cell) in sweep.cells().enumerate() {
            prop_assert_eq!(sweep.cell(&cell.coordinates), Some(cell.clone()));
            prop_assert_eq!(sweep.cells().nth(run), Some(cell.clone()));
            let inputs: BTreeSet<&Address> = cell.sets.iter().map(|set| &set.at).collect();
            prop_assert_eq!(inputs.len(), cell.sets.len());
            for (axis, at) in sweep.axes().iter().zip(&cell.coordinates) {
                for set in &axis.values[*at].sets {
                    prop_assert!(cell.sets.contains(set));
                }
            }
        }
        // Of two cells that follow each other, only the fastest axis differs, unless it begins again.
        let cells: Vec<Cell> = sweep.cells().collect();
        let fastest = sweep.fastest_first()[0];
        for pair in cells.windows(2) {
            let (one, next) = (&pair[0].coordinates, &pair[1].coordinates);
            let others = (0..one.len()).filter(|at| *at != fastest).all(|at| one[at] == next[at]);
            prop_assert_eq!(others, next[fastest] == one[fastest] + 1);
        }
        prop_assert!(all(sweep.cells()).contains(&sweep.middle().coordinates));
    }

    #[test]
    fn what_is_there_and_what_is_added_make_the_whole(axes in axes(), axis in 0..3_usize) {
        let axis = axis % axes.len();
        let old = Sweep::new(axes).unwrap().cheapest_first(&[1.0, 3.0, 2.0]);
        let (many, knobs) = (old.axes()[axis].values.len(), old.axes()[axis].values[0].sets.len());
        let mut new = old.clone();
        new.extend(axis, value(axis, many, knobs)).unwrap();
        let (before, added) = (all(old.cells()), all(new.added(axis, many)));
        prop_assert!(before.is_disjoint(&added));
        prop_assert_eq!(before.union(&added).cloned().collect::<BTreeSet<_>>(), all(new.cells()));
        prop_assert_eq!(all(new.added(axis, 0)), all(new.cells()));
    }

    #[test]
    fn ranges_begin_and_end_where_they_say(from in -5_000..5_000_i64, steps in 0..200_i64, step in 1..700_i64, places in 0..5_usize, down: bool, short in 0..700_i64) {
        let text = |number: i64| {
            let scale = 10_i64.pow(places as u32);
            let sign = if number < 0 { "-" } else { "" };
            let (whole, part) = (number.abs() / scale, number.abs() % scale);
            if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:0places$}") }
        };
        let step = if down { -step } else { step };
        // The end is met, or lies less than a step behind the last number.
        let last = from + steps * step;
        let to = last + if down { -1 } else { 1 } * (short % step.abs());
        let numbers = range(&format!("{}..{} step {}", text(from), text(to), text(step.abs()))).unwrap();
        prop_assert_eq!(numbers.len() as i64, steps + 1);
        for (at, number) in numbers.iter().enumerate() {
            let exact = range(&text(from + at as i64 * step)).unwrap();
            prop_assert_eq!(std::slice::from_ref(number), exact);
            prop_assert!(serde_json::from_str::<serde_json::Number>(number).is_ok(), "{}", number);
            prop_assert!(!number.contains('.') || !number.ends_with(['0', '.']), "{}", number);
        }
    }

    #[test]
    fn any_text_is_a_range_or_named(text in prop_oneof![any::<String>(), "[0-9., step+-]{0,30}"]) {
        match range(&text) {
            Ok(numbers) => for number in numbers {
                prop_assert!(serde_json::from_str::<serde_json::Number>(&number).is_ok(), "{}", number);
            },
            Err(problem) => prop_assert!(problem.to_string().ends_with('.')),
        }
    }

    #[test]
    fn any_axes_are_a_sweep_or_refused(kinds in prop::collection::vec(any_kind(), 0..4)) {
        let axes: Result<Vec<Axis>, SweepError> = kinds.into_iter().map(|kind| plan(kind).axis(texts)).collect();
        match axes.and_then(Sweep::new) {
            Ok(sweep) => {
                prop_assert!(sweep.cells().take(50).all(|cell| sweep.cell(&cell.coordinates) == Some(cell)));
                let stored = serde_json::to_string(&sweep).unwrap();
                prop_assert_eq!(serde_json::from_str::<Sweep>(&stored).unwrap(), sweep);
            }
            Err(error) => prop_assert!(error.to_string().ends_with('.')),
        }
    }
}
