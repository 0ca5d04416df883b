//! The product of axes, in the order in which it runs.

use crate::support::{axis, set, value};
use workflow::sweep::{Axis, MAX_CELLS, Sweep, SweepError, cells_of};

fn sweep(axes: &[Axis]) -> Sweep {
    Sweep::new(axes.to_vec()).unwrap()
}

fn coordinates(cells: impl Iterator<Item = workflow::sweep::Cell>) -> String {
    let text = |cell: workflow::sweep::Cell| {
        cell.coordinates.iter().map(usize::to_string).collect::<String>()
    };
    cells.map(text).collect::<Vec<_>>().join(" ")
}

fn three() -> [Axis; 3] {
    [
        axis("X", "9.strength", &["0.25", "0.5", "0.75", "1"]),
        axis("Y", "3.cfg", &["4", "6", "8"]),
        axis("Z", "4.ckpt", &["\"a\"", "\"b\""]),
    ]
}

#[test]
fn the_cheapest_axis_changes_fastest() {
    let [x, y, z] = three();
    let sweep = sweep(&[x, y]);
    assert_eq!(coordinates(sweep.cells()), "00 10 20 30 01 11 21 31 02 12 22 32");
    let dear = sweep.clone().cheapest_first(&[9.0, 2.0]);
    assert_eq!(dear.fastest_first(), [1, 0]);
    assert_eq!(coordinates(dear.cells()), "00 01 02 10 11 12 20 21 22 30 31 32");
    assert_eq!(dear.cheapest_first(&[1.0, 1.0]), sweep);
    let by = |costs: &[f64]| sweep.clone().cheapest_first(costs).fastest_first().to_vec();
    assert_eq!(by(&[f64::NAN, 2.0]), [1, 0]);
    assert_eq!(by(&[]), [0, 1]);
    let small = [axis("X", "1.a", &["1", "2"]), axis("Y", "1.b", &["1"]), z];
    let small = Sweep::new(small.to_vec()).unwrap().cheapest_first(&[3.0, 2.0, 1.0]);
    assert_eq!(coordinates(small.cells()), "000 001 100 101");
}

#[test]
fn a_cell_sets_what_its_values_set() {
    let sweep = sweep(&three());
    assert_eq!(sweep.count(), 24);
    let cell = sweep.cell(&[1, 2, 0]).unwrap();
    assert_eq!(cell.sets, [set("9.strength", "0.5"), set("3.cfg", "8"), set("4.ckpt", "\"a\"")]);
    assert_eq!(sweep.cells().nth(9).unwrap(), cell);
    assert_eq!(sweep.cells().len(), 24);
    assert_eq!(sweep.middle().coordinates, [1, 1, 0]);
    for outside in [&[4, 0, 0][..], &[0, 0], &[0, 0, 0, 0], &[]] {
        assert_eq!(sweep.cell(outside), None);
    }
}

#[test]
fn an_added_value_makes_its_cells_and_no_others() {
    let [x, y, _] = three();
    let mut sweep = sweep(&[x, y]).cheapest_first(&[2.0, 1.0]);
    sweep.extend(1, value("10", &[("3.cfg", "10")])).unwrap();
    assert_eq!(coordinates(sweep.added(1, 3)), "03 13 23 33");
    assert_eq!(coordinates(sweep.added(1, 9)), "");
    assert_eq!(sweep.count(), 16);
    let before = sweep.clone();
    for (number, new, said) in [
        (1, value("10", &[("3.cfg", "10")]), "The axis Y has the value 10 already."),
        (2, value("1", &[("3.cfg", "1")]), "This sweep has no axis number 3."),
        (usize::MAX, value("1", &[]), "This sweep has no axis number 18446744073709551615."),
        (
            0,
            value("1", &[("3.cfg", "1")]),
            "The axes X and Y both set cfg of node 3. Take it out of one of them.",
        ),
        (
            0,
            value("2", &[("3.x", "1"), ("3.x", "2")]),
            "The value 2 of the axis X sets x of node 3 twice.",
        ),
    ] {
        assert_eq!(sweep.extend(number, new).unwrap_err().to_string(), said);
        assert_eq!(sweep, before);
    }
}

#[test]
fn axes_that_do_not_go_together_are_refused() {
    let [x, y, z] = three();
    let refused = |axes: &[&Axis]| {
        let axes = axes.iter().map(|axis| (*axis).clone()).collect();
        Sweep::new(axes).unwrap_err().to_string()
    };
    assert_eq!(refused(&[]), "A sweep needs an axis. Choose a knob to change.");
    assert_eq!(
        refused(&[&x, &y, &z, &x]),
        "A sweep has up to 3 axes, this one has 4. Move knobs together as one axis."
    );
    assert_eq!(
        refused(&[&x, &axis("Y", "3.cfg", &[])]),
        "The axis Y has no values. Add one, or take the axis away."
    );
    assert_eq!(
        refused(&[&x, &y, &axis("Z", "9.strength", &["2"])]),
        "The axes X and Z both set strength of node 9. Take it out of one of them."
    );
    assert_eq!(
        refused(&[&x, &x]),
        "The axes X (1) and X (2) both set strength of node 9. Take it out of one of them."
    );
    assert_eq!(refused(&[&axis("X", "3.cfg", &["1", "1"])]), "The axis X has the value 1 already.");
}

#[test]
fn more_cells_than_can_be_queued_are_refused_with_their_number() {
    let numbers: Vec<String> = (0..1_000).map(|number: u32| number.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let [x, y, z] = ["1.a", "1.b", "1.c"].map(|at| axis(at, at, &numbers));
    let billion = Sweep::new(vec![x.clone(), y.clone(), z]).unwrap_err();
    assert_eq!(
        billion.to_string(),
        "This sweep would have 1,000,000,000 cells. 100,000 are the most: take values away, or an axis."
    );
    let stored = serde_json::to_string(&billion).unwrap();
    assert_eq!(serde_json::from_str::<SweepError>(&stored).unwrap(), billion);
    let most = axis("Y", "1.b", &numbers[..100]);
    let mut most = sweep(&[x, most]);
    assert_eq!((most.count(), most.cells().len()), (MAX_CELLS, MAX_CELLS));
    assert_eq!(most.cells().last().unwrap().coordinates, [999, 99]);
    let more = most.extend(1, value("x", &[("1.b", "\"x\"")])).unwrap_err();
    assert!(matches!(more, SweepError::TooManyCells { cells: 101_000 }), "{more}");
    assert_eq!(cells_of([usize::MAX; 3]), u128::MAX);
}

#[test]
fn sweeps_are_stored_and_checked_when_they_are_read() {
    let sweep = sweep(&three()).cheapest_first(&[2.0, 1.0, 3.0]);
    let stored = serde_json::to_string(&sweep).unwrap();
    assert_eq!(serde_json::from_str::<Sweep>(&stored).unwrap(), sweep);
    for (from, to) in [
        ("[1,0,2]", "[1,1,2]"),
        ("[1,0,2]", "[]"),
        ("[1,0,2]", "[0,1,2,3]"),
        ("\"cfg\"", "\"strength\""),
        ("\"4\"", "\"{\""),
    ] {
        assert!(stored.contains(from), "{stored}");
        let broken = stored.replace(from, to).replace("\"3\"", "\"9\"");
        assert!(serde_json::from_str::<Sweep>(&broken).is_err(), "{from} to {to}");
    }
}
