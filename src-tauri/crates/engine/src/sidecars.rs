//! The artist's marks as XMP sidecars have them, and back.

use media::xmp::Marks;

/// The longest tag that is taken, in characters; some programs write sentences.
const LONGEST_TAG: usize = 200;

/// What a sidecar says of an output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Stars, 0 (none) to 5.
    pub rating: u8,
    /// -1 rejected, 0 not.
    pub flag: i8,
    /// Tags; a colour's label is one of them.
    pub tags: Vec<String>,
}

/// Marks for a sidecar. XMP knows no picks, and what is rejected has no stars.
pub fn written(rating: u8, flag: i8, tags: Vec<String>) -> Marks {
    let rating = if flag < 0 { -1 } else { i8::try_from(rating).unwrap_or(0) };
    Marks { rating: (rating != 0).then_some(rating), label: None, tags }
}

/// What a sidecar's marks mean here.
pub fn said(marks: Marks) -> Said {
    let rating = marks.rating.unwrap_or(0);
    let mut tags = marks.tags;
    tags.extend(marks.label);
    tags.retain(|tag| tag.chars().count() <= LONGEST_TAG);
    Said { rating: u8::try_from(rating).unwrap_or(0), flag: -i8::from(rating < 0), tags }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use media::xmp::{merged, parse};
    use proptest::prelude::*;

    #[test]
    fn labels_are_tags_and_sentences_are_not() {
        let marks = Marks {
            rating: Some(-1),
            label: Some("Red".to_owned()),
            tags: vec!["night".to_owned(), "x".repeat(LONGEST_TAG + 1)],
        };
        let tags = vec!["night".to_owned(), "Red".to_owned()];
        assert_eq!(said(marks), Said { rating: 0, flag: -1, tags });
        assert_eq!(said(Marks::default()), Said::default());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_exported_sidecar_says_the_same_when_it_is_read(
            rating in 0_u8..=5,
            flag in -1_i8..=1,
            tags in prop::collection::btree_set("[^\\p{C}\\s]{1,8}( [^\\p{C}\\s]{1,8})?", 0..6),
        ) {
            let tags: Vec<String> = tags.into_iter().collect();
            let text = merged(None, &written(rating, flag, tags.clone())).unwrap();
            // A pick stays with us, and so do the stars of what is rejected.
            let rating = if flag < 0 { 0 } else { rating };
            let wanted = Said { rating, flag: flag.min(0), tags };
            prop_assert_eq!(said(parse(&text).unwrap()), wanted);
        }
    }
}
