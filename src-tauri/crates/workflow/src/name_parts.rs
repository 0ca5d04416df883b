//! Words in names of inputs, which say what an input is for.

use aho_corasick::AhoCorasick;

/// Words that are looked for in a name together, in one pass: a large library asks for each input of
/// each node of each file.
pub(crate) struct NameParts(AhoCorasick);

impl NameParts {
    /// `parts` are in small letters; names may have capital ones.
    pub(crate) fn new<const N: usize>(parts: [&str; N]) -> Self {
        let built = AhoCorasick::builder().ascii_case_insensitive(true).build(parts);
        // It fails for more than two thousand million states.
        #[expect(clippy::expect_used, reason = "the lists of words are short, and in this crate")]
        Self(built.expect("a short list of words"))
    }

    /// Whether one of the words is in a name.
    pub(crate) fn are_in(&self, name: &str) -> bool {
        self.0.is_match(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_anywhere_and_however_they_are_written() {
        let parts = NameParts::new(["text_encoder", "clip"]);
        for (name, found) in [
            ("clip", true),
            ("CLIP_L", true),
            ("dualClip2", true),
            ("Text_Encoder_1", true),
            ("text", false),
            ("cli p", false),
            ("", false),
            ("größe_clip", true),
        ] {
            assert_eq!(parts.are_in(name), found, "{name}");
        }
    }
}
