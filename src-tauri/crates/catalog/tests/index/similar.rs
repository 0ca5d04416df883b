//! More like this.

use crate::model::{Asset, Library, asset, batch, found, recipe};
use catalog::{Bits, Index, Likeness, Marks, Near};

fn seqs(index: &Index, rows: &Bits) -> Vec<u32> {
    rows.ones().map(|row| index.seq(u32::try_from(row).unwrap())).collect()
}

#[test]
fn alike_are_those_that_share_it() {
    let mut recipes = vec![recipe("a", &[], &[]), recipe("b", &[], &[]), recipe("c", &[], &[])];
    for (recipe, workflow, seed) in recipes
        .iter_mut()
        .zip(["w", "w", "v"])
        .zip([Some(7), None, Some(7)])
        .map(|((r, w), s)| (r, w, s))
    {
        recipe.workflow = Some(workflow.to_owned());
        recipe.seed = seed;
    }
    let of =
        |seq, recipe, number: Option<u32>| Asset { recipe, batch: number.map(batch), ..asset(seq) };
    let assets = vec![
        of(1, Some(0), Some(1)),
        of(2, Some(0), None),
        of(3, Some(1), Some(1)),
        of(4, Some(2), None),
        of(5, None, None),
        of(6, None, None),
    ];
    let index = Library { recipes, assets }.index();
    let like = |seq: u32, likeness| seqs(&index, &index.like(index.row(seq).unwrap(), likeness));
    assert_eq!(like(1, Likeness::Workflow), [1, 2, 3]);
    assert_eq!(like(1, Likeness::Prompt), [1, 2]);
    assert_eq!(like(1, Likeness::Seed), [1, 2, 4]);
    assert_eq!(like(1, Likeness::Batch), [1, 3]);
    assert_eq!(like(3, Likeness::Seed), [0_u32; 0], "none is not the same as none");
    assert_eq!(like(2, Likeness::Batch), [0_u32; 0]);
    assert_eq!(like(5, Likeness::Workflow), [0_u32; 0]);
    assert_eq!(seqs(&index, &index.like(99, Likeness::Batch)), [0_u32; 0]);
}

#[test]
fn near_duplicates_come_nearest_first() {
    let hashed = |seq, phash| Asset { phash: Some(phash), ..asset(seq) };
    let binned = Marks { binned: true, ..Marks::default() };
    let assets = vec![
        hashed(1, 0),
        hashed(2, 0b1111),
        hashed(3, 0b11),
        hashed(4, 0b1_1111_1111),
        hashed(5, 0b110),
        Asset { marks: binned, ..hashed(6, 0) },
        asset(7),
    ];
    let library = Library { recipes: Vec::new(), assets };
    let index = library.index();
    let near = |seq, most| -> Vec<(u32, u32)> {
        let near = index.near(index.row(seq).unwrap(), most);
        near.into_iter().map(|Near { row, distance }| (index.seq(row), distance)).collect()
    };
    assert_eq!(near(1, 4), [(3, 2), (5, 2), (2, 4)], "equal distances: the newest first");
    assert_eq!(near(1, 0), []);
    assert_eq!(near(7, 64), [], "it has no hash, which is not a hash of zeros");
    // The same as a token: with the asset itself, up to eight bits, and not from the bin.
    assert_eq!(found(&index, &library, "like:1"), [1, 2, 3, 5]);
    assert_eq!(found(&index, &library, "like:7"), [7]);
    assert_eq!(found(&index, &library, "like:99"), [0_u32; 0]);
    assert_eq!(found(&index, &library, "is:binned like:1"), [6]);
}
