//! What the page fills into texts when it queues: one of `{a|b}`, `%date:…%` and `%Node.widget%`.
//!
//! Source: frontend 1.45.21, `extensions/core/dynamicPrompts.ts`, `extensions/core/
//! saveImageExtraOutput.ts`, `utils/searchAndReplace.ts` and `utils/formatUtil.ts`.

use crate::{
    ObjectInfo, Prompt, ReadError,
    chance::Dice,
    prompt::{Entries, Input, Node},
    read_prompt,
};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// Nodes whose file names the page fills in. Others leave it to the server.
const SAVING: &[&str] = &[
    "SaveImage",
    "SaveImageAdvanced",
    "SaveSVGNode",
    "SaveVideo",
    "SaveAnimatedWEBP",
    "SaveWEBM",
    "SaveAudio",
    "SaveAudioMP3",
    "SaveAudioOpus",
    "SaveAudioAdvanced",
    "SaveGLB",
    "Save3DAdvanced",
    "SaveGaussianSplat",
    "SavePointCloud",
    "SaveAnimatedPNG",
    "CLIPSave",
    "VAESave",
    "ModelSave",
    "LoraSave",
    "SaveLatent",
];
/// The longest file name that is filled in, in bytes.
const LONGEST_NAME: usize = 4_096;
/// How deep choices may be within choices; deeper ones are left as they are.
const DEEPEST: usize = 32;

/// A moment, as the artist's clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The year, such as 2026.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
    /// The hour, 0 to 23.
    pub hour: u8,
    /// The minute.
    pub minute: u8,
    /// The second.
    pub second: u8,
}

/// A prompt whose texts are filled in.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What is sent. Only the texts that were filled in differ.
    pub prompt: Prompt,
    /// What was filled in.
    pub filled: Vec<Filled>,
}

/// A text that was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The node's id.
    pub node: String,
    /// The input.
    pub input: String,
    /// The text as it was.
    pub from: String,
    /// The text as it is sent.
    pub to: String,
}

/// Whether the page would send something else than what is saved.
pub(super) fn changes(class: &str, input: &str, by_chance: bool, json: &str) -> bool {
    if by_chance && may_choose(json) {
        return serde_json::from_str::<String>(json)
            .is_ok_and(|text| choose(&text, &mut Dice::new(0), 0) != text);
    }
    input == "filename_prefix" && SAVING.contains(&class) && json.matches('%').count() > 1
}

/// Whether a JSON text may stand for one with a block, a comment or an escape of the page's own.
fn may_choose(json: &str) -> bool {
    json.contains('{')
        || json.as_bytes().windows(2).any(|two| {
            // Of JSON's escapes only these can stand for what the page looks at.
            matches!(two, b"//" | b"/*" | b"\\\\" | b"\\u" | b"\\/")
        })
}

/// Fills in a prompt's texts as the page does when it queues: in inputs that the class says are
/// dynamic, one of `{a|b}` is chosen and comments are left out; in the file names of the nodes that
/// save, `%date:yyyy-MM-dd%` and `%Node.widget%` are replaced. The same seed chooses the same.
///
/// # Errors
/// When the filled in prompt cannot be read again, which does not happen to one that was read.
pub fn resolve(
    prompt: &Prompt,
    info: &ObjectInfo,
    now: Moment,
    seed: u64,
) -> Result<Resolved, ReadError> {
    let mut filled = Vec::new();
    let mut dice = Dice::new(seed);
    let named = Named::new(prompt);
    for node in prompt.nodes() {
        let class = info.get(&node.class);
        let saves = SAVING.contains(&node.class.as_str());
        for (name, input) in &node.inputs {
            let by_chance = class
                .and_then(|class| class.input(name))
                .is_some_and(|input| input.is("dynamicPrompts"));
            let names_file = saves && name == "filename_prefix";
            if !by_chance && !names_file {
                continue;
            }
            let Some(from) = input.string() else { continue };
            let to =
                if names_file { replace(&from, &named, now) } else { choose(&from, &mut dice, 0) };
            if to != from {
                let (node, input) = (node.id.clone(), name.clone());
                filled.push(Filled { node, input, from, to });
            }
        }
    }
    let prompt = if filled.is_empty() {
        prompt.clone()
    } else {
        read_prompt(with(prompt.text(), &filled).as_bytes())?
    };
    Ok(Resolved { prompt, filled })
}

/// A prompt's text with other texts in some inputs, and everything else to the letter.
pub(super) fn with(text: &str, filled: &[Filled]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut rest = filled.iter().peekable();
    let nodes = serde_json::from_str::<Entries<'_>>(text).map(|nodes| nodes.0).unwrap_or_default();
    for (id, node) in nodes {
        let of_node = entries(node);
        for (_, inputs) in of_node.iter().filter(|(key, _)| key == "inputs") {
            for (name, raw) in entries(inputs) {
                let Some(next) = rest.next_if(|next| next.node == id && next.input == name) else {
                    continue;
                };
                // The value is a part of the text, so its place is the distance of their beginnings.
                let at = raw.get().as_ptr() as usize - text.as_ptr() as usize;
                out.push_str(&text[done..at]);
                out.push_str(&serde_json::Value::from(next.to.as_str()).to_string());
                done = at + raw.get().len();
            }
        }
    }
    out.push_str(&text[done..]);
    out
}

fn entries(raw: &RawValue) -> Vec<(String, &RawValue)> {
    serde_json::from_str::<Entries<'_>>(raw.get()).map(|all| all.0).unwrap_or_default()
}

/// Chooses from `{a|b}`, and leaves out comments.
pub(super) fn choose(text: &str, dice: &mut Dice, depth: usize) -> String {
    if depth > DEEPEST {
        return text.to_owned();
    }
    let text = without_comments(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        match char {
            '\\' => {
                out.push('\\');
                out.extend(rest.next());
            }
            '{' => {
                let choices = block(&mut rest);
                let chosen = &choices[dice.place(choices.len())];
                out.push_str(&choose(chosen, dice, depth + 1));
            }
            char => out.push(char),
        }
    }
    unescaped(&out)
}

/// The choices up to the end of a block, of which the beginning was read. There is one at least.
fn block(rest: &mut std::str::Chars<'_>) -> Vec<String> {
    let (mut choices, mut choice, mut depth) = (Vec::new(), String::new(), 0_usize);
    while let Some(char) = rest.next() {
        match char {
            '\\' => {
                choice.push('\\');
                choice.extend(rest.next());
                continue;
            }
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            '|' if depth == 0 => {
                choices.push(std::mem::take(&mut choice));
                continue;
            }
            _ => {}
        }
        choice.push(char);
    }
    choices.push(choice);
    choices
}

/// `\{`, `\}` and `\|` stand for themselves.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(char) = rest.next() {
        if char == '\\' && matches!(rest.peek(), Some('{' | '}' | '|')) {
            continue;
        }
        out.push(char);
    }
    out
}

/// Leaves out `// …` to the end of the line and `/* … */`.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('/') {
        out.push_str(&rest[..at]);
        let comment = &rest[at..];
        let end = match comment.as_bytes().get(1) {
            Some(b'/') => {
                Some(comment.find(['\n', '\r', '\u{2028}', '\u{2029}']).unwrap_or(comment.len()))
            }
            Some(b'*') => comment[2..].find("*/").map(|end| end + 4),
            _ => None,
        };
        match end {
            Some(end) => rest = &comment[end..],
            None => {
                out.push('/');
                rest = &comment[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Replaces `%date:…%` and `%Node.widget%`; what means nothing stays.
fn replace(text: &str, named: &Named<'_>, now: Moment) -> String {
    if text.len() > LONGEST_NAME {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('%') {
        let Some(length) = rest[start + 1..].find('%').filter(|length| *length > 0) else {
            let next = start + 1;
            out.push_str(&rest[..next]);
            rest = &rest[next..];
            continue;
        };
        out.push_str(&rest[..start]);
        let inside = &rest[start + 1..start + 1 + length];
        let end = start + length + 2;
        match filled_in(inside, named, now) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[start..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The first node of each class and of each title.
struct Named<'a> {
    classes: HashMap<&'a str, &'a Node>,
    titles: HashMap<&'a str, &'a Node>,
}

impl<'a> Named<'a> {
    fn new(prompt: &'a Prompt) -> Self {
        let nodes = || prompt.nodes().iter().rev().map(|node| &**node);
        Self {
            classes: nodes().map(|node| (node.class.as_str(), node)).collect(),
            titles: nodes().filter_map(|node| Some((node.title.as_deref()?, node))).collect(),
        }
    }
}

fn filled_in(inside: &str, named: &Named<'_>, now: Moment) -> Option<String> {
    let parts: Vec<&str> = inside.split('.').collect();
    let [name, widget] = parts.as_slice() else {
        return Some(date(parts.first()?.strip_prefix("date:")?, now));
    };
    let node = named.classes.get(name).or_else(|| named.titles.get(name))?;
    let value = match node.input(widget)? {
        Input::Link { .. } => return None,
        value => value.text()?,
    };
    let unsafe_in_names = |char: char| {
        matches!(char, '/' | '?' | '<' | '>' | '\\' | ':' | '*' | '|' | '"')
            || char.is_ascii_control()
    };
    Some(value.replace(unsafe_in_names, "_"))
}

/// A moment in the form of `yyyy-MM-dd hh:mm:ss`; other letters stay.
fn date(form: &str, now: Moment) -> String {
    let mut out = String::with_capacity(form.len());
    let mut rest = form;
    while let Some(first) = rest.chars().next() {
        let most = if first == 'y' { 4 } else { 2 };
        let count = rest.chars().take(most).take_while(|char| *char == first).count();
        let number = match first {
            'd' => Some(now.day),
            'M' => Some(now.month),
            'h' => Some(now.hour),
            'm' => Some(now.minute),
            's' => Some(now.second),
            _ => None,
        };
        let length = match (first, number) {
            (_, Some(number)) => {
                out.push_str(&format!("{number:0count$}"));
                count
            }
            ('y', _) if count == 4 => {
                out.push_str(&now.year.to_string());
                count
            }
            ('y', _) if count == 2 => {
                out.push_str(&format!("{:02}", now.year % 100));
                count
            }
            ('y', _) if count == 3 => {
                out.push_str("yyy");
                count
            }
            _ => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment { year: 2026, month: 3, day: 7, hour: 4, minute: 5, second: 59 };

    #[test]
    fn one_of_the_choices_is_taken() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..200 {
            seen.insert(choose("a {red|blue {cat|dog}|} house", &mut Dice::new(seed), 0));
        }
        let all: Vec<&str> = seen.iter().map(String::as_str).collect();
        assert_eq!(all, ["a  house", "a blue cat house", "a blue dog house", "a red house"]);
    }

    #[test]
    fn escapes_and_comments() {
        for (text, chosen) in [
            (r"\{a\|b\}", "{a|b}"),
            ("a // b\nc", "a \nc"),
            ("a /* b\n */ c", "a  c"),
            ("a /* b", "a /* b"),
            ("{only}", "only"),
            ("{open", "open"),
            ("closed}", "closed}"),
            (r"(red:1.2) \(x\)", r"(red:1.2) \(x\)"),
            ("", ""),
        ] {
            assert_eq!(choose(text, &mut Dice::new(1), 0), chosen, "{text}");
        }
        let deep = "{".repeat(10_000);
        assert!(choose(&deep, &mut Dice::new(1), 0).len() < deep.len());
    }

    #[test]
    fn dates_are_written_in_their_form() {
        for (form, written) in [
            ("yyyy-MM-dd hh:mm:ss", "2026-03-07 04:05:59"),
            ("yy M d h m s", "26 3 7 4 5 59"),
            ("y yyy yyyyy", "y yyy 2026y"),
            ("Tag d", "Tag 7"),
        ] {
            assert_eq!(date(form, NOW), written, "{form}");
        }
    }

    #[test]
    fn file_names_are_filled_in_and_nothing_else_is_touched() {
        let text = r#"{"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"sampler_name":"a/b","model":["9",0]},"_meta":{"title":"The one"}},
            "4":{"inputs":{"filename_prefix":"%date:yyyy%/%KSampler.seed%_%The one.sampler_name%_%KSampler.model%_%width%_100%"},"class_type":"SaveImage"},
            "5":{"class_type":"Other","inputs":{"filename_prefix":"%date:yyyy%"}},
            "6":{"class_type":"Text","inputs":{"text":"{a|a} ü","other":"{a|a}"},"extra":[1.50]}}"#;
        let classes = r#"{"Text":{"input":{"required":{"text":["STRING",{"dynamicPrompts":true}],"other":["STRING"]}}}}"#;
        let info = ObjectInfo::read(classes.as_bytes()).ok();
        let prompt = read_prompt(text.as_bytes()).ok();
        let (Some(info), Some(prompt)) = (info, prompt) else { panic!("it is read") };
        let resolved = resolve(&prompt, &info, NOW, 5).expect("it is resolved");
        let wanted = text
            .replace(
                "%date:yyyy%/%KSampler.seed%_%The one.sampler_name%",
                "2026/18446744073709551615_a_b",
            )
            .replace(r#""{a|a} ü""#, r#""a ü""#);
        assert_eq!(resolved.prompt.text(), wanted);
        assert_eq!(resolved.filled.len(), 2);
        assert_eq!(resolved.filled[1].to, "a ü");
        let again = resolve(&resolved.prompt, &info, NOW, 6).expect("it is resolved");
        assert!(again.filled.is_empty());
    }
}
