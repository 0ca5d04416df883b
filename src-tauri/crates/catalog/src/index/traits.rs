//! What is asked of every asset, packed into one number, so that counting reads one column.

use super::row::Marks;
use crate::query::{FlagValue, Kind, Shape};

/// How many different traits there are.
pub(super) const TRAITS: usize = 1 << 11;

/// Kind (3 bits), shape (2), rating (3), flag (2), favourite (1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traits(pub u16);

impl Traits {
    pub fn new(kind: Kind, shape: Option<Shape>, marks: Marks) -> Self {
        let kind = position(Kind::ALL, kind);
        let shape = shape.map_or(0, |shape| 1 + position(Shape::ALL, shape));
        let rating = u16::from(marks.rating.min(5));
        let flag = position(FlagValue::ALL, flag(marks.flag));
        Self(kind | shape << 3 | rating << 5 | flag << 8 | u16::from(marks.favourite) << 10)
    }

    pub fn with_marks(self, marks: Marks) -> Self {
        Self(self.0 & 0b1_1111 | Self::new(Kind::Picture, None, marks).0)
    }

    pub fn kind(self) -> Kind {
        Kind::ALL[usize::from(self.0 & 0b111).min(Kind::ALL.len() - 1)]
    }

    /// Nothing if its size is not known.
    pub fn shape(self) -> Option<Shape> {
        let shape = usize::from(self.0 >> 3 & 0b11);
        shape.checked_sub(1).map(|shape| Shape::ALL[shape])
    }

    pub fn rating(self) -> u8 {
        (self.0 >> 5 & 0b111) as u8
    }

    pub fn flag(self) -> FlagValue {
        FlagValue::ALL[usize::from(self.0 >> 8 & 0b11).min(FlagValue::ALL.len() - 1)]
    }

    pub fn favourite(self) -> bool {
        self.0 >> 10 & 1 == 1
    }
}

/// The shape of a picture of this size.
pub(super) fn shape(width: u32, height: u32) -> Option<Shape> {
    use std::cmp::Ordering;
    if width == 0 || height == 0 {
        return None;
    }
    Some(match width.cmp(&height) {
        Ordering::Less => Shape::Portrait,
        Ordering::Greater => Shape::Landscape,
        Ordering::Equal => Shape::Square,
    })
}

fn flag(flag: i8) -> FlagValue {
    match flag {
        ..0 => FlagValue::Reject,
        0 => FlagValue::None,
        1.. => FlagValue::Pick,
    }
}

/// The lists are shorter than eight.
fn position<T: PartialEq>(all: &[T], value: T) -> u16 {
    all.iter().position(|known| *known == value).and_then(|at| u16::try_from(at).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_back_as_it_was() {
        for kind in Kind::ALL {
            for shape in [None, Some(Shape::Portrait), Some(Shape::Landscape), Some(Shape::Square)]
            {
                for (rating, flag, favourite) in [(0, 0, false), (5, -1, true), (3, 1, false)] {
                    let marks = Marks { rating, flag, favourite, binned: false };
                    let traits = Traits::new(*kind, shape, Marks::default()).with_marks(marks);
                    assert_eq!(traits, Traits::new(*kind, shape, marks));
                    assert!(usize::from(traits.0) < TRAITS);
                    assert_eq!((traits.kind(), traits.shape()), (*kind, shape));
                    assert_eq!((traits.rating(), traits.favourite()), (rating, favourite));
                    assert_eq!(traits.flag() == FlagValue::Pick, flag == 1);
                    assert_eq!(traits.flag() == FlagValue::Reject, flag == -1);
                }
            }
        }
    }
}
