//! More like this.

use crate::model::{Asset, Library, asset, found, recipe};
use catalog::Marks;

#[test]
fn the_same_prompt_is_the_whole_text() {
    let recipes = vec![recipe("a harbour", &[], &[]), recipe("a harbour at night", &[], &[])];
    let of = |seq, recipe| Asset { recipe, ..asset(seq) };
    let binned = Marks { binned: true, ..Marks::default() };
    let assets = vec![
        of(1, Some(0)),
        of(2, Some(1)),
        of(3, Some(0)),
        of(4, None),
        of(5, None),
        Asset { marks: binned, ..of(6, Some(0)) },
    ];
    let library = Library { recipes, assets };
    let index = library.index();
    assert_eq!(found(&index, &library, "same-prompt:1"), [1, 3]);
    assert_eq!(found(&index, &library, "same-prompt:2"), [2]);
    assert_eq!(found(&index, &library, "same-prompt:4"), [0_u32; 0], "none is not as none");
    assert_eq!(found(&index, &library, "same-prompt:99"), [0_u32; 0]);
    assert_eq!(found(&index, &library, "same-prompt:1 is:binned"), [6]);
}

#[test]
fn near_duplicates_differ_in_few_bits() {
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
    let alike = |seq, most| -> Vec<u32> {
        index.alike(index.row(seq).unwrap(), most).ones().map(|row| index.seq(row as u32)).collect()
    };
    assert_eq!(alike(1, 4), [1, 2, 3, 5, 6]);
    assert_eq!(alike(1, 0), [1, 6]);
    assert_eq!(alike(7, 64), [7], "it has no hash, which is not a hash of zeros");
    // The same as a token: up to eight bits, and not from the bin.
    assert_eq!(found(&index, &library, "like:1"), [1, 2, 3, 5]);
    assert_eq!(found(&index, &library, "like:7"), [7]);
    assert_eq!(found(&index, &library, "like:99"), [0_u32; 0]);
    assert_eq!(found(&index, &library, "is:binned like:1"), [6]);
}
