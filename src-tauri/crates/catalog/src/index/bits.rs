//! Sets of rows, made a machine word at a time.

use super::row::Bits;

const WORD: usize = usize::BITS as usize;

/// The places of a column whose value passes.
pub(super) fn places<T: Copy>(column: &[T], passes: impl Fn(T) -> bool) -> Bits {
    let word = |values: &[T]| {
        let bit = |(at, value): (usize, &T)| usize::from(passes(*value)) << at;
        values.iter().enumerate().map(bit).fold(0, |word, bit| word | bit)
    };
    Bits::with_capacity_and_blocks(column.len(), column.chunks(WORD).map(word))
}

/// The places of two columns whose values pass together.
pub(super) fn places_of_both<T: Copy, U: Copy>(
    first: &[T],
    second: &[U],
    passes: impl Fn(T, U) -> bool,
) -> Bits {
    let word = |(first, second): (&[T], &[U])| {
        let bit =
            |(at, (first, second)): (usize, (&T, &U))| usize::from(passes(*first, *second)) << at;
        first.iter().zip(second).enumerate().map(bit).fold(0, |word, bit| word | bit)
    };
    let words = first.chunks(WORD).zip(second.chunks(WORD)).map(word);
    Bits::with_capacity_and_blocks(first.len(), words)
}

/// Everything up to a length that is not in a set.
pub(super) fn inverted(bits: &Bits, length: usize) -> Bits {
    let mut all = Bits::with_capacity(length);
    all.insert_range(..);
    all.difference_with(bits);
    all
}

/// Calls for each member, in order.
pub(super) fn each(bits: &Bits, mut visit: impl FnMut(usize)) {
    for (at, word) in bits.as_slice().iter().enumerate() {
        let first = at * WORD;
        if *word == usize::MAX {
            (first..first + WORD).for_each(&mut visit);
            continue;
        }
        let mut rest = *word;
        while rest != 0 {
            visit(first + rest.trailing_zeros() as usize);
            rest &= rest - 1;
        }
    }
}
