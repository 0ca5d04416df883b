//! Names in the order in which people count: `img2` before `img10`.
//!
//! A name has a key that compares byte by byte. A number in it is a zero, how many digits it has, and its
//! digits without zeros in front: more digits are a larger number. So a number stands where a digit stood
//! among other signs. Names that differ in zeros in front alone are told apart at the end, by how many
//! each number has.

/// Between a name and its zeros. No name has this sign.
const BEHIND: u8 = 1;

/// Keys of names, one after another.
pub(super) struct Keys {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Keys {
    /// The keys of names, numbered as they come.
    pub fn of<'a>(names: impl ExactSizeIterator<Item = &'a [u8]>) -> Self {
        let mut keys = Self {
            bytes: Vec::with_capacity(names.len() * 24),
            ends: Vec::with_capacity(names.len()),
        };
        let mut counts = Vec::new();
        for name in names {
            counts.clear();
            let mut any = false;
            for part in parts(name) {
                keys.bytes.extend_from_slice(&part.head[..part.head_length]);
                keys.bytes.extend_from_slice(part.rest);
                if part.head_length > 0 {
                    any |= part.zeros > 0;
                    counts.push(part.count());
                }
            }
            if any {
                keys.bytes.push(BEHIND);
                keys.bytes.extend_from_slice(&counts);
            }
            keys.ends.push(keys.bytes.len());
        }
        keys
    }

    pub fn get(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[number]]
    }
}

/// The bytes of a name's key.
pub(super) fn key(name: &[u8]) -> impl Iterator<Item = u8> {
    parts(name).flat_map(Part::bytes).chain(zeros(name))
}

/// A number, or what is between numbers.
struct Part<'a> {
    head: [u8; 2],
    /// How much of the head there is: none but for numbers.
    head_length: usize,
    rest: &'a [u8],
    /// Zeros in front of a number.
    zeros: usize,
}

impl<'a> Part<'a> {
    /// How many zeros it has, as it stands in a key.
    fn count(&self) -> u8 {
        u8::try_from(self.zeros + 1).unwrap_or(u8::MAX)
    }

    fn bytes(self) -> impl Iterator<Item = u8> + use<'a> {
        let head = self.head.into_iter().take(self.head_length);
        head.chain(self.rest.iter().copied())
    }
}

fn parts(name: &[u8]) -> impl Iterator<Item = Part<'_>> {
    name.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).map(|part| {
        if !part[0].is_ascii_digit() {
            return Part { head: [0; 2], head_length: 0, rest: part, zeros: 0 };
        }
        let zeros = part.iter().take_while(|digit| **digit == b'0').count().min(part.len() - 1);
        let rest = &part[zeros..];
        let digits = u8::try_from(rest.len()).unwrap_or(u8::MAX);
        Part { head: [b'0', digits], head_length: 2, rest, zeros }
    })
}

/// What tells names apart that differ in zeros in front of numbers alone; nothing where there are none.
fn zeros(name: &[u8]) -> impl Iterator<Item = u8> {
    let numbers = || parts(name).filter(|part| part.head_length > 0);
    let any = numbers().any(|part| part.zeros > 0);
    let counts = numbers().map(|part| part.count());
    std::iter::once(BEHIND).chain(counts).filter(move |_| any)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::{prelude::*, test_runner::Config};

    #[test]
    fn numbers_count_by_their_value() {
        let in_order = [
            "",
            "9.png",
            "010.png",
            "a",
            "a.png",
            "a/1",
            "a0",
            "a00",
            "a1",
            "a01",
            "a1b2",
            "a1b02",
            "a01b2",
            "a1c",
            "a2",
            "a2.5",
            "a10",
            "a010",
            "a99999999999999999999998",
            "a99999999999999999999999",
            "a:",
            "comfyui_00002_.png",
            "comfyui_10.png",
            "comfyui_00010_.png",
        ];
        let keys: Vec<Vec<u8>> =
            in_order.iter().map(|name| key(name.as_bytes()).collect()).collect();
        for (pair, names) in keys.windows(2).zip(in_order.windows(2)) {
            assert!(pair[0] < pair[1], "{names:?}");
        }
    }

    proptest! {
        #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

        #[test]
        fn keys_in_bulk_are_those_of_each_and_no_two_names_share_one(
            names in proptest::collection::vec("[a0-9.]{0,12}", 0..8),
        ) {
            let keys = Keys::of(names.iter().map(String::as_bytes));
            for (at, name) in (0..).zip(&names) {
                let alone: Vec<u8> = key(name.as_bytes()).collect();
                prop_assert_eq!(keys.get(at), &alone[..]);
                prop_assert!(!alone.contains(&0), "a zero ends a name");
            }
            for (a, first) in (0..).zip(&names) {
                for (b, second) in (0..).zip(&names) {
                    prop_assert_eq!(keys.get(a) == keys.get(b), first == second);
                }
            }
        }
    }
}
