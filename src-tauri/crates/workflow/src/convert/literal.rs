//! The way back of `hooks`: texts that the page sends as they are.

use super::hooks::{Filled, choose, with};
use crate::{ObjectInfo, Prompt, ReadError, chance::Dice, read_prompt};

/// The counterpart of [`super::resolve`], for a prompt that is to be drawn and sent again as it is: marks in
/// its texts what the page would take for a choice or a comment. A backslash right before a brace
/// cannot be marked, and is lost.
///
/// # Errors
/// When the marked prompt cannot be read again, which does not happen to one that was read.
pub fn as_written(prompt: &Prompt, info: &ObjectInfo) -> Result<Prompt, ReadError> {
    let mut marked = Vec::new();
    for node in prompt.nodes() {
        let class = info.get(&node.class);
        for (name, input) in &node.inputs {
            let spec = class.and_then(|class| class.input(name));
            if !spec.is_some_and(|spec| spec.is("dynamicPrompts")) {
                continue;
            }
            let Some(from) = input.string() else { continue };
            if choose(&from, &mut Dice::new(0), 0) != from {
                let (node, input, to) = (node.id.clone(), name.clone(), literal(&from));
                marked.push(Filled { node, input, from, to });
            }
        }
    }
    match marked.as_slice() {
        [] => Ok(prompt.clone()),
        marked => read_prompt(with(prompt.text(), marked).as_bytes()),
    }
}

/// A text that becomes `text` when choices are made in it. What would begin a comment is a choice of
/// one.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(char) = rest.next() {
        match (char, rest.peek()) {
            ('{' | '}', _) => out.extend(['\\', char]),
            ('\\', Some('|')) => out.push_str("\\\\"),
            ('/', Some(next @ ('/' | '*'))) => {
                out.extend(['/', '{', *next, '}']);
                rest.next();
            }
            _ => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_becomes_what_it_was() {
        for text in [
            "a {b|c} d",
            "{",
            "}{}}",
            "see https://example.org // and more",
            "/* a */ b /* c",
            "///*/",
            r"(red:1.2) \(x\) a\|b",
            "a\n{b}\n//c",
            "",
        ] {
            assert_eq!(choose(&literal(text), &mut Dice::new(1), 0), text, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_without_backslashes_can_be_marked(text in "[a{}|/*\n ]{0,30}") {
            proptest::prop_assert_eq!(choose(&literal(&text), &mut Dice::new(1), 0), text);
        }
    }
}
