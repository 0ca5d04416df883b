//! Which node of a workflow saved a file, told by the file's name.

use std::collections::HashSet;
use workflow::{Input, Node, Prompt};

/// The most links gone along from an input to the node that holds its value.
const MOST_HOPS: usize = 8;

/// The node that saved a file of this name: one whose outputs nobody takes, that is given something,
/// and that says how files are to be called; of several the one whose prefix fits the name best.
pub(super) fn saving_node<'a>(prompt: &'a Prompt, name: &str) -> Option<&'a Node> {
    let taken: HashSet<&str> =
        prompt.nodes().iter().flat_map(|node| node.sources().map(|(_, id)| id)).collect();
    let ends =
        prompt.nodes().iter().filter(|node| node.sources().next().is_some()).map(|node| &**node);
    let rank = |node: &Node| {
        let prefix = prefix_of(prompt, node);
        let fit = prefix.as_deref().map_or(0, |prefix| fit(prefix, name));
        (fit, !taken.contains(node.id.as_str()), prefix.is_some(), draws_on(prompt, node))
    };
    // Of equals the first of the file.
    ends.map(|node| (rank(node), node))
        .filter(|((fit, last, saves, _), _)| *last || (*saves && *fit > 0))
        .reduce(|best, other| if other.0 > best.0 { other } else { best })
        .map(|(_, node)| node)
}

/// How many nodes feed a node directly: of two that save, a preview of one mask is not the picture.
fn draws_on(prompt: &Prompt, node: &Node) -> bool {
    node.sources().any(|(input, id)| {
        matches!(input, "images" | "image" | "video" | "audio" | "frames" | "mesh")
            && prompt.node(id).is_some()
    })
}

fn prefix_of(prompt: &Prompt, node: &Node) -> Option<String> {
    let names = ["filename_prefix", "filename", "file_name", "prefix", "output_path", "path"];
    let input = names.into_iter().find_map(|name| node.input(name))?;
    words_of(prompt, input, MOST_HOPS)
}

/// The text an input is given, also by a node that only holds one.
fn words_of(prompt: &Prompt, input: &Input, hops: usize) -> Option<String> {
    match input {
        Input::Value(_) => input.string(),
        Input::Link { .. } if hops == 0 => None,
        Input::Link { node, .. } => {
            let mut texts = prompt.node(node)?.inputs.iter().filter_map(|(_, input)| {
                words_of(prompt, input, hops - 1).filter(|text| !text.is_empty())
            });
            let first = texts.next()?;
            texts.next().is_none().then_some(first)
        }
    }
}

/// How much of a file's name comes from a prefix: letters that are in both; 0 if it does not fit.
/// What stands between `%` or `[` and `]` was filled in when it was saved.
fn fit(prefix: &str, name: &str) -> usize {
    let last = prefix.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut rest = name;
    let mut fit = 0;
    for (at, part) in last.split('%').enumerate() {
        // Every second part stands between two signs.
        if at % 2 == 1 {
            continue;
        }
        let part = part.split('[').next().unwrap_or_default();
        let place = if at == 0 { rest.starts_with(part).then_some(0) } else { rest.find(part) };
        let Some(place) = place else { return 0 };
        rest = &rest[place + part.len()..];
        fit += part.chars().count();
    }
    fit
}

/// A file's name without the number that savers count up: `night_00012_.png` is `night__.png`.
pub(super) fn without_counter(name: &str) -> String {
    let digit = |c: char| c.is_ascii_digit();
    let stem = name.rfind('.').unwrap_or(name.len());
    let Some(end) = name[..stem].rfind(digit).map(|at| at + 1) else { return name.to_owned() };
    let start = name[..end].trim_end_matches(digit).len();
    if end - start < 4 { name.to_owned() } else { format!("{}{}", &name[..start], &name[end..]) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_prefix_may_come_from_another_node() {
        let prompt = r#"{"1":{"class_type":"LoadImage","inputs":{"image":"a cat.png"}},
"2":{"class_type":"PrimitiveString","inputs":{"value":"cats"}},
"3":{"class_type":"SaveImage","inputs":{"images":["1",0],"filename_prefix":"dogs"}},
"4":{"class_type":"SaveImage","inputs":{"images":["1",0],"filename_prefix":["2",0]}}}"#;
        let prompt = workflow::read_prompt(prompt.as_bytes()).unwrap();
        assert_eq!(saving_node(&prompt, "cats_00001_.png").unwrap().id, "4");
        assert_eq!(saving_node(&prompt, "dogs_00001_.png").unwrap().id, "3");
        let circle = r#"{"1":{"class_type":"A","inputs":{"text":["2",0]}},
"2":{"class_type":"A","inputs":{"text":["1",0]}},
"3":{"class_type":"SaveImage","inputs":{"images":["1",0],"filename_prefix":["2",0]}}}"#;
        let prompt = workflow::read_prompt(circle.as_bytes()).unwrap();
        assert_eq!(saving_node(&prompt, "x.png").unwrap().id, "3");
    }

    #[test]
    fn names_lose_their_counters() {
        for (name, without) in [
            ("night_00012_.png", "night__.png"),
            ("v2_00012_.mp4", "v2__.mp4"),
            ("ö12345", "ö"),
            ("v2.png", "v2.png"),
            ("", ""),
        ] {
            assert_eq!(without_counter(name), without, "{name}");
        }
    }

    #[test]
    fn prefixes_fit_names() {
        for (prefix, name, letters) in [
            ("ComfyUI", "ComfyUI_00001_.png", 7),
            ("a/b/ComfyUI", "ComfyUI_00001_.png", 7),
            ("%date:yyyy-MM-dd%_night", "2026-01-01_night_00001_.png", 6),
            ("[time(%Y)]", "2026.png", 0),
            ("other", "ComfyUI_00001_.png", 0),
            ("", "ComfyUI_00001_.png", 0),
            ("ö%x%ö", "öö", 2),
        ] {
            assert_eq!(fit(prefix, name), letters, "{prefix} {name}");
        }
    }
}
