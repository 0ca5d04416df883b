//! What of all that a run handed out becomes outputs of its job.

use crate::{convert::kind_of_file, view::AssetKind};
use comfy::{FileRef, Output, OutputItem};
use std::collections::{HashMap, HashSet};

/// The most previews of a run that are kept beside its outputs.
const MOST_PREVIEWS: usize = 100;

/// One thing that is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted<'a> {
    /// The output that it is of.
    pub output: &'a Output,
    /// It.
    pub thing: Thing<'a>,
    /// Its number among files and texts of its node.
    pub ordinal: u32,
    /// Whether it was only shown, beside outputs that were saved.
    pub preview: bool,
}

/// A thing that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing<'a> {
    /// A file at the server.
    File(&'a FileRef),
    /// A text that a node showed.
    Text(&'a str),
}

/// What is worth keeping: what was saved first, then what was only shown, pictures (ComfyUI's temporary
/// files) and texts. That is what a run made where it saved nothing; beside saved outputs it is kept
/// apart, and not more than [`MOST_PREVIEWS`]. Answers also with how many were left out.
pub fn wanted(outputs: &[Output]) -> (Vec<Wanted<'_>>, usize) {
    let (mut kept, mut shown): (Vec<_>, Vec<_>) =
        things(outputs).into_iter().partition(|one| is_saved(one.thing));
    let preview = !kept.is_empty();
    let most = if preview { MOST_PREVIEWS } else { usize::MAX };
    let left_out = shown.len().saturating_sub(most);
    shown.truncate(most);
    kept.extend(shown.into_iter().map(|one| Wanted { preview, ..one }));
    (kept, left_out)
}

fn is_saved(thing: Thing<'_>) -> bool {
    matches!(thing, Thing::File(file) if file.folder == "output")
}

fn things(outputs: &[Output]) -> Vec<Wanted<'_>> {
    // `SaveText` shows what it saves.
    let saves_text: HashSet<&str> = outputs
        .iter()
        .filter(|output| match &output.item {
            OutputItem::File(file) => kind_of_file(&file.filename) == AssetKind::Text,
            _ => false,
        })
        .map(|output| output.node.as_str())
        .collect();
    let mut ordinals = HashMap::<&str, u32>::new();
    let (mut files, mut texts) = (HashSet::new(), HashSet::new());
    let mut found = Vec::new();
    for output in outputs {
        let thing = match &output.item {
            OutputItem::File(file) => Thing::File(file),
            OutputItem::Text(text) => Thing::Text(text),
            OutputItem::Other(_) => continue,
        };
        let next = ordinals.entry(output.node.as_str()).or_default();
        let ordinal = *next;
        *next += 1;
        let is_wanted = match thing {
            Thing::File(file) => file.folder != "input" && files.insert(file),
            Thing::Text(text) => {
                !text.trim().is_empty()
                    && !saves_text.contains(output.node.as_str())
                    && texts.insert(text)
            }
        };
        if is_wanted {
            found.push(Wanted { output, thing, ordinal, preview: false });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(node: &str, folder: &str, name: &str) -> Output {
        let item = OutputItem::File(FileRef {
            filename: name.to_owned(),
            subfolder: String::new(),
            folder: folder.to_owned(),
        });
        of(node, item)
    }

    fn text(node: &str, text: &str) -> Output {
        of(node, OutputItem::Text(text.to_owned()))
    }

    fn of(node: &str, item: OutputItem) -> Output {
        Output { node: node.to_owned(), display_node: node.to_owned(), kind: String::new(), item }
    }

    /// Each as `node:ordinal name`, and whether it is a preview.
    fn kept(outputs: &[Output]) -> Vec<String> {
        let shown = |one: Wanted<'_>| {
            let what = match one.thing {
                Thing::File(file) => file.filename.as_str(),
                Thing::Text(text) => text,
            };
            let preview = if one.preview { " preview" } else { "" };
            format!("{}:{} {what}{preview}", one.output.node, one.ordinal)
        };
        wanted(outputs).0.into_iter().map(shown).collect()
    }

    #[test]
    fn what_is_only_shown_is_a_preview_beside_what_is_saved() {
        let shown = [file("1", "temp", "a.png"), text("2", "a cat")];
        assert_eq!(kept(&shown), ["1:0 a.png", "2:0 a cat"]);
        let saved =
            [&shown[..], &[file("3", "output", "b.png"), file("3", "input", "c.png")]].concat();
        assert_eq!(kept(&saved), ["3:0 b.png", "1:0 a.png preview", "2:0 a cat preview"]);
    }

    #[test]
    fn a_text_is_kept_once_and_not_beside_the_file_that_holds_it() {
        let outputs = [
            text("1", "a cat"),
            text("2", " \n"),
            text("2", "a dog"),
            text("3", "a cat"),
            text("4", "a bird"),
            file("4", "output", "bird.txt"),
            of("5", OutputItem::Other(7.into())),
        ];
        assert_eq!(kept(&outputs), ["4:1 bird.txt", "1:0 a cat preview", "2:1 a dog preview"]);
    }

    #[test]
    fn of_very_many_that_are_shown_beside_outputs_some_are_kept() {
        let texts: Vec<Output> = (0..500).map(|n| text("1", &n.to_string())).collect();
        let pictures: Vec<Output> =
            (0..300).map(|n| file("2", "temp", &format!("{n}.png"))).collect();
        let shown = [texts, pictures].concat();
        let count = |outputs: &[Output]| {
            let (kept, left_out) = wanted(outputs);
            (kept.len(), left_out)
        };
        assert_eq!(count(&shown), (800, 0), "the run made nothing else");
        let both = [shown, vec![file("3", "output", "b.png")]].concat();
        assert_eq!(count(&both), (1 + MOST_PREVIEWS, 700));
    }
}
