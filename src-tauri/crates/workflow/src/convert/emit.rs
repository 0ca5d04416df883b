//! Writing the prompt.

use super::{
    ConvertError, NoteKind,
    fits::{self, Misfit},
    graph::{Id, Node, Slot},
    hooks,
    layout::{Holds, Layout, What, Widget},
    links::{Lost, Source},
    notes::{Note, Notes},
    parts::{MANY, Role},
    work::{Host, HostDoubt, Work},
};
use crate::{
    MAX_WORKFLOW_BYTES,
    prompt::{Input, Node as PromptNode, Prompt},
};
use serde_json::value::RawValue;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt::Write,
};

/// How much of a value a note shows.
const SHOWN: usize = 60;
/// About how many bytes a node is in a prompt.
const ABOUT: usize = 256;
/// How long the id of a node is at most, in nearly all graphs.
const LONG_ID: usize = 6;

/// Writes everything that runs.
///
/// # Errors
/// When it is too much.
pub(super) fn prompt(work: &Work<'_>, notes: &mut Notes) -> Result<Prompt, ConvertError> {
    let within = |node: &Node<'_>| matches!(&node.id, Id::Text(id) if id.contains(':'));
    let written = work.parts.iter().any(|part| part.nodes.iter().any(within)).then(HashSet::new);
    let most = work.scopes.iter().map(|scope| work.parts[scope.part].nodes.len()).sum();
    let mut writer = Writer {
        work,
        notes,
        text: String::with_capacity(most * ABOUT),
        nodes: Vec::with_capacity(most),
        written,
    };
    writer.text.push('{');
    for scope in 0..work.scopes.len() {
        writer.scope(scope)?;
    }
    if writer.nodes.is_empty() {
        writer.notes.add(|| Note {
            node: None,
            title: None,
            class: None,
            input: None,
            kind: NoteKind::NothingRuns,
            text: "Nothing in this workflow runs: its nodes are muted, bypassed, or notes."
                .to_owned(),
        });
    }
    writer.text.push('}');
    Ok(Prompt::new(writer.text, writer.nodes))
}

struct Writer<'n, 'k, 'w> {
    work: &'k Work<'w>,
    notes: &'n mut Notes,
    text: String,
    nodes: Vec<PromptNode>,
    /// Ids that were written, where a node of the graph itself may look like one within another.
    written: Option<HashSet<String>>,
}

/// An input of a node as it is sent.
struct Entry<'k> {
    name: &'k str,
    value: Sent<'k>,
}

enum Sent<'k> {
    Link { node: String, slot: u32 },
    Value(Cow<'k, RawValue>),
}

impl Entry<'_> {
    /// About how many bytes it is, as it is sent.
    fn size(&self) -> usize {
        self.name.len()
            + match &self.value {
                Sent::Link { node, .. } => node.len(),
                Sent::Value(raw) => raw.get().len(),
            }
    }
}

impl<'k, 'w> Writer<'_, 'k, 'w> {
    fn scope(&mut self, scope: usize) -> Result<(), ConvertError> {
        let part = self.work.part(scope);
        if let (Some(host), Some(doubt)) =
            (self.work.scopes[scope].host, self.work.scopes[scope].doubt)
        {
            self.doubt(host, doubt);
        }
        let mut order: Vec<usize> = (0..part.nodes.len()).collect();
        if self.work.scopes[scope].host.is_none() {
            // As JavaScript orders the keys of an object: numbers first.
            order.sort_by_key(|number| match &part.nodes[*number].id {
                Id::Number(id) if *id >= 0 => *id,
                _ => i64::MAX,
            });
        }
        for number in order {
            let node = &part.nodes[number];
            if node.muted() || node.bypassed() {
                continue;
            }
            let runs = match part.roles[number] {
                Role::Class(_) | Role::Unknown => true,
                Role::Instance(_) => false,
                _ => continue,
            };
            let double = node.id == Id::default()
                || (part.doubles > 0 && part.node(&node.id) != Some(number));
            let id = self.id(scope, number);
            let mut taken =
                || self.written.as_mut().is_some_and(|written| !written.insert(id.clone()));
            if double || (runs && taken()) {
                self.note(scope, number, None, NoteKind::LeftOut, || {
                    "This node has no id, or the id of another node, and was left out.".to_owned()
                });
                continue;
            }
            if !runs {
                continue;
            }
            self.node(scope, number, id)?;
        }
        Ok(())
    }

    fn doubt(&mut self, host: Host, doubt: HostDoubt) {
        let (kind, text) = match doubt {
            HostDoubt::Count { values, places } => (
                NoteKind::ValueCount,
                format!(
                    "{values} values are saved at this subgraph, and it has {places} places for values: they may be at the wrong ones."
                ),
            ),
            HostDoubt::Unfit => (
                NoteKind::PageDiffers,
                "The values that are saved at this subgraph are not what its inputs can hold, as ComfyUI's page can mix them up. Those inside of it were taken; check them.".to_owned(),
            ),
        };
        self.note(host.scope, host.node, None, kind, || text);
    }

    fn node(&mut self, scope: usize, number: usize, id: String) -> Result<(), ConvertError> {
        let work = self.work;
        let node = work.node(scope, number);
        let layout = match work.part(scope).roles[number] {
            Role::Class(layout) => Some(layout),
            _ => None,
        };
        let entries = self.entries(scope, number, node, layout);
        // Before anything is copied: one value may go to many inputs.
        let size: usize = entries.iter().map(Entry::size).sum();
        if self.text.len() + size > MAX_WORKFLOW_BYTES {
            return Err(ConvertError::TooLarge { most: MAX_WORKFLOW_BYTES >> 20 });
        }
        if work.scopes[scope].off && layout.is_some_and(|layout| layout.output_node) {
            self.note(scope, number, None, NoteKind::RunsMuted, || {
                "This node runs although the subgraph it is in is muted or bypassed, because that one is in another: so it is on ComfyUI's page, too.".to_owned()
            });
        }
        let title = work.title(scope, number);
        self.write(&id, &node.kind, title, &entries);
        let title = title.trim();
        self.nodes.push(PromptNode {
            id,
            class: node.kind.to_string(),
            title: (!title.is_empty()).then(|| title.to_owned()),
            inputs: entries.into_iter().map(sent).collect(),
        });
        Ok(())
    }

    /// What a node is given.
    fn entries(
        &mut self,
        scope: usize,
        number: usize,
        node: &'w Node<'w>,
        layout: Option<&'w Layout>,
    ) -> Vec<Entry<'k>> {
        let work = self.work;
        let saved = ByName::new(&node.inputs);
        let widgets = work.widgets(work.scopes[scope].part, number);
        let mut entries = Vec::with_capacity(widgets.held.len() + node.inputs.len());
        for held in &widgets.held {
            let widget = held.widget();
            if widget.is_some_and(|widget| !widget.sent) {
                continue;
            }
            let given = work.given(scope, number, &held.name).map(Cow::Borrowed);
            let mut value = given.or_else(|| held.value.clone());
            let name = &held.name;
            let wanted = held.spec.map_or("", |spec| &spec.kind);
            if let Some(link) = saved.get(name).and_then(|input| input.link) {
                match work.source(scope, link, wanted) {
                    Source::Output { scope, node, slot } => {
                        let value = Sent::Link { node: self.id(scope, node), slot };
                        entries.push(Entry { name, value });
                        continue;
                    }
                    Source::Value(other) => value = Some(other),
                    Source::Written(other, filled_in) => {
                        value = Some(other);
                        if filled_in {
                            self.filled_in(scope, number, name);
                        }
                    }
                    Source::Nothing => {}
                    Source::Lost(lost) => self.lost(scope, number, name, &lost),
                }
            }
            let Some(value) = value else { continue };
            if let Some(widget) = widget {
                self.check(scope, number, name, widget, value.get());
            }
            let value = wrapped(value, widget);
            entries.push(Entry { name, value: Sent::Value(value) });
        }
        let from_widgets = entries.len();
        let held: Option<HashSet<&str>> = (widgets.held.len() > MANY)
            .then(|| widgets.held.iter().map(|held| &*held.name).collect());
        let is_held = |name: &str| {
            held.as_ref().map_or_else(|| widgets.get(name).is_some(), |held| held.contains(name))
        };
        for (at, input) in node.inputs.iter().enumerate() {
            let Some(link) = input.link.filter(|_| !input.name.is_empty()) else { continue };
            if !saved.is_last(&node.inputs, at) || is_held(&input.name) {
                continue;
            }
            let spec = layout.and_then(|layout| layout.spec(&input.name));
            let wanted = match (layout, spec) {
                (Some(layout), Some(spec)) if spec.matches.is_some() => {
                    work.matched(scope, number, layout, Some(spec))
                }
                (_, Some(spec)) => &spec.kind,
                _ => &*input.kind,
            };
            let value = match work.source(scope, link, wanted) {
                Source::Output { scope, node, slot } => {
                    Sent::Link { node: self.id(scope, node), slot }
                }
                Source::Value(value) => Sent::Value(wrapped(value, None)),
                Source::Written(value, _) if layout.is_none() && input.widget => {
                    Sent::Value(wrapped(value, None))
                }
                Source::Written(..) | Source::Nothing => continue,
                Source::Lost(lost) => {
                    self.lost(scope, number, &input.name, &lost);
                    continue;
                }
            };
            entries.push(Entry { name: &input.name, value });
        }
        let linked = |name: &str| {
            entries
                .iter()
                .any(|entry| entry.name == name && matches!(entry.value, Sent::Link { .. }))
        };
        for doubt in &widgets.doubts {
            if !doubt.input.as_deref().is_some_and(linked) {
                let input = doubt.input.as_deref();
                self.note(scope, number, input, doubt.kind, || doubt.text.clone());
            }
        }
        if let Some(layout) = layout {
            self.missing(scope, number, layout, &entries, from_widgets);
        }
        entries
    }

    /// Says which inputs a node needs and does not have.
    fn missing(
        &mut self,
        scope: usize,
        number: usize,
        layout: &Layout,
        entries: &[Entry<'_>],
        from_widgets: usize,
    ) {
        for spec in layout.specs.iter().filter(|spec| spec.required) {
            let (widgets, sockets) = entries.split_at(from_widgets);
            let there = match &spec.what {
                What::Socket => sockets.iter().any(|entry| entry.name == spec.name),
                What::Widget(widget) => {
                    !widget.sent
                        || widget.rows.is_some()
                        || widgets.iter().any(|entry| entry.name == spec.name)
                }
                What::Grow(_) => true,
            };
            if !there {
                let name = &spec.name;
                self.note(scope, number, Some(name), NoteKind::Missing, || {
                    format!("{name} must be connected to something that runs, and is not.")
                });
            }
        }
    }

    fn id(&self, scope: usize, node: usize) -> String {
        let prefix = &self.work.scopes[scope].prefix;
        let id = &self.work.node(scope, node).id;
        if let (Id::Number(number), true) = (id, prefix.is_empty()) {
            return number.to_string();
        }
        let mut text = String::with_capacity(prefix.len() + LONG_ID);
        // Writing a text into memory does not fail.
        let _ = write!(text, "{prefix}{id}");
        text
    }

    fn note(
        &mut self,
        scope: usize,
        number: usize,
        input: Option<&str>,
        kind: NoteKind,
        text: impl FnOnce() -> String,
    ) {
        let work = self.work;
        let node = work.node(scope, number);
        self.notes.add(|| Note {
            node: Some(format!("{}{}", work.scopes[scope].prefix, node.id)),
            title: Some(work.title(scope, number).to_owned()),
            class: Some(match work.part(scope).roles[number] {
                Role::Instance(part) => work.parts[part].name.to_string(),
                _ => node.kind.to_string(),
            }),
            input: input.map(str::to_owned),
            kind,
            text: text(),
        });
    }

    fn lost(&mut self, scope: usize, number: usize, input: &str, lost: &Lost) {
        let kind = match lost {
            Lost::Circle => NoteKind::Circle,
            _ => NoteKind::DroppedLink,
        };
        self.note(scope, number, Some(input), kind, || {
            let why = match lost {
                Lost::NoLink => "its link is not in the file".to_owned(),
                Lost::NoNode => "the node it comes from is not in the file".to_owned(),
                Lost::NoOutput => {
                    "nothing inside the subgraph it comes from leads to it".to_owned()
                }
                Lost::Primitive(title) => format!(
                    "the value of {title} goes to what it is connected to directly only, as on ComfyUI's page"
                ),
                Lost::NotSet(name) => format!("no Set node sets {name}"),
                Lost::Circle => "it leads round in a circle".to_owned(),
            };
            format!(
                "{input} is connected to nothing that runs: {why}. The connection was left out."
            )
        });
    }

    /// Notes what is doubtful in a value.
    fn check(&mut self, scope: usize, number: usize, name: &str, widget: &Widget, json: &str) {
        if widget.shown {
            self.note(scope, number, Some(name), NoteKind::MadeWhenQueued, || {
                format!(
                    "{name} is made by ComfyUI's page out of what it shows, which is not in the file. It may have to be run from there."
                )
            });
            return;
        }
        if hooks::changes(&self.work.node(scope, number).kind, name, widget.by_chance, json) {
            self.filled_in(scope, number, name);
        }
        let Some(misfit) = fits::misfit(widget, json) else { return };
        let kind = match misfit {
            Misfit::Type(_) => NoteKind::WrongType,
            Misfit::Range => NoteKind::OutOfRange,
            Misfit::Choice => NoteKind::NotInList,
        };
        self.note(scope, number, Some(name), kind, || {
            let value = short(json);
            match misfit {
                Misfit::Type(wanted) => format!("{name} is {value}, and should be {wanted}."),
                Misfit::Range => match (widget.least, widget.greatest) {
                    (Some(least), Some(greatest)) => {
                        format!("{name} is {value}, and may be {least} to {greatest}.")
                    }
                    (Some(least), _) => format!("{name} is {value}, and may be {least} at least."),
                    (_, greatest) => {
                        format!(
                            "{name} is {value}, and may be {} at most.",
                            greatest.unwrap_or(0.0)
                        )
                    }
                },
                Misfit::Choice => format!("{name} is {value}, which this server does not offer."),
            }
        });
    }

    fn filled_in(&mut self, scope: usize, number: usize, name: &str) {
        self.note(scope, number, Some(name), NoteKind::MadeWhenQueued, || {
            format!("{name} has parts that are filled in when it is queued.")
        });
    }

    fn write(&mut self, id: &str, class: &str, title: &str, entries: &[Entry<'_>]) {
        let text = &mut self.text;
        if text.len() > 1 {
            text.push(',');
        }
        quote(text, id);
        text.push_str(":{\"inputs\":{");
        for (at, entry) in entries.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            quote(text, entry.name);
            text.push(':');
            match &entry.value {
                Sent::Link { node, slot } => {
                    text.push('[');
                    quote(text, node);
                    text.push(',');
                    text.push_str(&slot.to_string());
                    text.push(']');
                }
                Sent::Value(raw) => text.push_str(raw.get()),
            }
        }
        text.push_str("},\"class_type\":");
        quote(text, class);
        text.push_str(",\"_meta\":{\"title\":");
        quote(text, title);
        text.push_str("}}");
    }
}

/// Inputs by their names; of several, the last.
enum ByName<'w> {
    Few(&'w [Slot<'w>]),
    Many(HashMap<&'w str, usize>, &'w [Slot<'w>]),
}

impl<'w> ByName<'w> {
    fn new(inputs: &'w [Slot<'w>]) -> Self {
        if inputs.len() <= MANY {
            return Self::Few(inputs);
        }
        let names = inputs.iter().enumerate().map(|(at, input)| (&*input.name, at));
        Self::Many(names.collect(), inputs)
    }

    fn get(&self, name: &str) -> Option<&'w Slot<'w>> {
        match self {
            Self::Few(inputs) => inputs.iter().rev().find(|input| input.name == name),
            Self::Many(names, inputs) => names.get(name).map(|at| &inputs[*at]),
        }
    }

    fn is_last(&self, inputs: &[Slot<'_>], at: usize) -> bool {
        match self {
            Self::Few(_) => !inputs[at + 1..].iter().any(|input| input.name == inputs[at].name),
            Self::Many(names, _) => names.get(&*inputs[at].name) == Some(&at),
        }
    }
}

/// Lists are wrapped, so that they are not taken for links.
fn wrapped<'w>(value: Cow<'w, RawValue>, widget: Option<&Widget>) -> Cow<'w, RawValue> {
    let json = value.get();
    if !json.starts_with('[') {
        return value;
    }
    let made = if widget.is_some_and(|widget| widget.holds == Holds::Curve) {
        format!(r#"{{"__type__":"CURVE","__value__":{json}}}"#)
    } else {
        format!(r#"{{"__value__":{json}}}"#)
    };
    RawValue::from_string(made).map_or(value, Cow::Owned)
}

fn sent(entry: Entry<'_>) -> (String, Input) {
    let input = match entry.value {
        Sent::Link { node, slot } => Input::Link { node, slot },
        Sent::Value(raw) => Input::Value(raw.into_owned()),
    };
    (entry.name.to_owned(), input)
}

/// Adds a text as JSON.
fn quote(text: &mut String, part: &str) {
    // All bytes are looked at, which is done many at a time.
    let escaped = |found, byte| found | (byte < b' ') | (byte == b'"') | (byte == b'\\');
    if !part.bytes().fold(false, escaped) {
        text.push('"');
        text.push_str(part);
        text.push('"');
    } else {
        text.push_str(&serde_json::Value::from(part).to_string());
    }
}

fn short(json: &str) -> Cow<'_, str> {
    match json.char_indices().nth(SHOWN) {
        Some((at, _)) => Cow::Owned(format!("{}…", &json[..at])),
        None => Cow::Borrowed(json),
    }
}
