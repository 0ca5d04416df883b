//! Why a token is not understood, in a sentence for the artist.

use super::term::Key;

/// Keys that are longer may have two wrong letters for another to be suggested, others one.
const SHORT_KEY: usize = 5;

/// Why a token is not understood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// What is expected, in a sentence.
    pub sentence: String,
    /// It is right so far: the value is still to be typed. A page need not say so while the caret is
    /// at the token.
    pub unfinished: bool,
}

impl Fault {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), unfinished: false }
    }

    fn unfinished(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), unfinished: true }
    }

    pub(super) fn lone_minus() -> Self {
        Self::unfinished("A minus leaves out what stands right behind it, such as -lora:film.")
    }

    pub(super) fn too_many(most: usize) -> Self {
        Self::new(format!("Only the first {most} words and tokens are used."))
    }

    /// There is no such key.
    pub(super) fn unknown_key(key: &str) -> Self {
        let typed = key.to_ascii_lowercase();
        let distance = |key: &Key| strsim::osa_distance(key.word(), &typed);
        let nearest = Key::ALL.iter().min_by_key(|key| distance(key));
        let most = if typed.len() > SHORT_KEY { 2 } else { 1 };
        let nearest = nearest.filter(|key| distance(key) <= most && typed.len() > 1);
        match nearest {
            Some(nearest) => Self::new(format!(
                "“{key}” is no token. Did you mean {}:? Put it into quotes to search for the words.",
                nearest.word()
            )),
            None => Self::new(format!(
                "“{key}” is no token. Put it into quotes to search for the words, or name the node \
                 of a widget, such as KSampler.{key}."
            )),
        }
    }

    /// There is no value behind a key.
    pub(super) fn no_value(key: &str, expected: &str) -> Self {
        Self::unfinished(format!("{key}: is followed by {expected}, without a space between."))
    }

    /// The value is not what the key takes.
    pub(super) fn wrong_value(key: &str, value: &str, expected: &str) -> Self {
        Self::new(format!("“{value}” does not fit: {key}: takes {expected}."))
    }

    /// The value cannot be larger or smaller than something.
    pub(super) fn no_order(key: &str, expected: &str) -> Self {
        Self::new(format!("{key}: cannot be more or less than something: it takes {expected}."))
    }
}
