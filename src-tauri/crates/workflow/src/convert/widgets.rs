//! Which saved value belongs to which widget.

use super::{
    graph::{Node, Slot, Values},
    layout::{Layout, Spec, What, Widget},
    notes::NoteKind,
    walk::{Source, Walk},
};
use serde_json::value::RawValue;
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// What is saved in the place of what to do with a value after a run. Until 2023 it was a truth.
const AFTER_RUN: &[&str] = &[
    "\"fixed\"",
    "\"increment\"",
    "\"increment-wrap\"",
    "\"decrement\"",
    "\"randomize\"",
    "true",
    "false",
];

/// A widget's value in a node.
#[derive(Clone, Debug)]
pub(super) struct Held<'a> {
    pub name: Cow<'a, str>,
    /// Nothing for what has neither a saved value nor a default.
    pub value: Option<Cow<'a, RawValue>>,
    /// Its input; none in a node of an unknown class.
    pub spec: Option<&'a Spec>,
}

impl Held<'_> {
    pub fn widget(&self) -> Option<&Widget> {
        self.spec.and_then(Spec::widget)
    }
}

/// A doubt about a node.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    pub input: Option<String>,
    pub kind: NoteKind,
    pub text: String,
}

/// A node's widgets with their values, in the page's order.
#[derive(Clone, Debug, Default)]
pub(super) struct Widgets<'a> {
    pub held: Vec<Held<'a>>,
    pub doubts: Vec<Doubt>,
}

impl<'a> Widgets<'a> {
    pub fn get(&self, name: &str) -> Option<&Held<'a>> {
        self.held.iter().find(|held| held.name == name)
    }

    fn doubt(&mut self, input: Option<&str>, kind: NoteKind, text: String) {
        self.doubts.push(Doubt { input: input.map(str::to_owned), kind, text });
    }
}

/// Gives a node's saved values to the widgets of its class.
pub(super) fn of_class<'a>(layout: &'a Layout, node: &'a Node<'a>) -> Widgets<'a> {
    let mut widgets = match (&node.values, &node.named) {
        (Values::Named(named), _) | (Values::None, Values::Named(named)) => {
            Walk::new(Source::Named(named), node).over(layout).widgets
        }
        (Values::List(values), _) => by_place(layout, node, values),
        _ => by_place(layout, node, &[]),
    };
    if layout.own_choices {
        own_choices(node, &mut widgets);
    }
    if matches!(&*node.kind, "KSampler" | "KSamplerAdvanced")
        && let Some(sampler) = widgets.held.iter_mut().find(|held| held.name == "sampler_name")
        && let Some(json) = sampler.value.as_ref().and_then(|raw| {
            // Named so long ago; the page repairs it.
            raw.get().strip_prefix("\"sample_").map(|rest| format!("\"{rest}"))
        })
    {
        sampler.value = RawValue::from_string(json).ok().map(Cow::Owned);
    }
    widgets
}

/// Gives values that are saved by their place.
fn by_place<'a>(layout: &'a Layout, node: &'a Node<'a>, values: &'a [&'a RawValue]) -> Widgets<'a> {
    let page = Walk::new(Source::Place(values), node).over(layout);
    if page.misfits == 0 && page.wanted == values.len() {
        return page.widgets;
    }
    if layout.forced {
        // Until frontend 1.16, inputs that must be linked had a value too.
        let mut walk = Walk::new(Source::Place(values), node);
        walk.forced = true;
        let walk = walk.over(layout);
        if walk.wanted == values.len() && page.wanted != values.len() {
            return walk.widgets;
        }
    }
    if page.misfits > 0
        && let Some(mut other) = sane(layout, node, values)
    {
        other.doubt(
            None,
            NoteKind::PageDiffers,
            "ComfyUI's page would give values of this node to the wrong inputs, because they were saved by a node with other inputs. They were given to the inputs that they fit; check them.".to_owned(),
        );
        return other;
    }
    let Walk { mut widgets, wanted, misfits, missing, .. } = page;
    let saved = match values.len() {
        1 => "1 value is saved".to_owned(),
        several => format!("{several} values are saved"),
    };
    if let Some(first) = missing {
        let kind = if misfits > 0 { NoteKind::ValueCount } else { NoteKind::Defaulted };
        let text = format!(
            "{saved} in this node, and its class has {wanted}: the last get the server's defaults, from {first} on."
        );
        widgets.doubt(Some(&first), kind, text);
    } else if wanted < values.len()
        && wanted > 0
        && !layout.own_choices
        && (misfits > 0 || says_something(layout, &values[wanted..]))
    {
        let text = format!(
            "{saved} in this node, and its class has {wanted}: it was saved by another version of the class, and values may be at the wrong inputs."
        );
        widgets.doubt(None, NoteKind::ValueCount, text);
    }
    widgets
}

/// What the page would save of a node whose values are known by name: place by place, nothing for
/// what is nobody's.
pub(super) fn places<'a>(layout: &'a Layout, node: &'a Node<'a>) -> Vec<Option<&'a RawValue>> {
    let Values::Named(named) = &node.values else { return Vec::new() };
    let mut walk = Walk::new(Source::Named(named), node);
    walk.places = Some(Vec::new());
    walk.over(layout).places.unwrap_or_default()
}

/// An input as the page builds it anew.
#[derive(Clone, Debug)]
pub(super) struct Seat<'a> {
    pub name: Cow<'a, str>,
    pub kind: &'a str,
    pub link: Option<i64>,
}

/// All inputs of a node in the page's order: sockets, then widgets, then what only the file knows.
/// Saved files leave out inputs, so places among the saved ones say nothing.
pub(super) fn seats<'a>(layout: &'a Layout, node: &'a Node<'a>) -> Vec<Seat<'a>> {
    let values = match &node.values {
        Values::Named(named) => Source::Named(named),
        Values::List(values) => Source::Place(values),
        Values::None => Source::Place(&[]),
    };
    let mut walk = Walk::new(values, node);
    walk.sockets = Some(Vec::new());
    let later = walk.over(layout).sockets.unwrap_or_default();
    let mut saved: HashMap<&str, (&Slot<'a>, bool)> = HashMap::new();
    for input in &node.inputs {
        saved.insert(&input.name, (input, false));
    }
    let mut seats = Vec::with_capacity(layout.specs.len() + node.inputs.len());
    let mut take = |name: Cow<'a, str>, kind: &'a str, seats: &mut Vec<Seat<'a>>| {
        let link = saved.get_mut(&*name).and_then(|(input, taken)| {
            *taken = true;
            input.link
        });
        seats.push(Seat { name, kind, link });
    };
    for spec in layout.specs.iter().filter(|spec| spec.widget().is_none()) {
        match &spec.what {
            What::Grow(grow) => {
                let mut names: Vec<Cow<'a, str>> = (0..grow.at_first)
                    .filter_map(|number| grow.name(&spec.name, number).map(Cow::Owned))
                    .collect();
                let within = |name: &str| {
                    name.strip_prefix(&*spec.name).is_some_and(|rest| rest.starts_with('.'))
                };
                let mut listed: HashSet<String> = names.iter().map(ToString::to_string).collect();
                for input in node.inputs.iter().filter(|input| within(&input.name)) {
                    if listed.insert(input.name.to_string()) {
                        names.push(input.name.clone());
                    }
                }
                for name in names {
                    take(name, &grow.member.kind, &mut seats);
                }
            }
            _ => take(Cow::Borrowed(&spec.name), &spec.kind, &mut seats),
        }
    }
    for (name, spec) in later {
        take(name, &spec.kind, &mut seats);
    }
    for input in &node.inputs {
        if saved.get(&*input.name).is_some_and(|(_, taken)| !taken) {
            seats.push(Seat { name: input.name.clone(), kind: &input.kind, link: input.link });
        }
    }
    seats
}

/// Whether values beyond the last widget are more than what buttons and previews leave behind.
fn says_something(layout: &Layout, rest: &[&RawValue]) -> bool {
    let files = layout.specs.iter().filter_map(Spec::widget).any(|widget| widget.files);
    // A list of files comes with a button, and that of sounds with a player too.
    let rest = rest.get(if files { 2 } else { 0 }..).unwrap_or_default();
    !all_empty(rest)
}

fn all_empty(rest: &[&RawValue]) -> bool {
    rest.iter().all(|raw| matches!(raw.get(), "null" | "\"\"" | "{}" | "[]"))
}

/// Another way to give values to widgets that fits them all: by name, without the places for what
/// to do after a run, or without one value of that kind which the class has no place for any more.
fn sane<'a>(
    layout: &'a Layout,
    node: &'a Node<'a>,
    values: &'a [&'a RawValue],
) -> Option<Widgets<'a>> {
    let fits = |walk: Walk<'a>| (walk.misfits == 0 && walk.missing.is_none()).then_some(walk);
    if let Values::Named(named) = &node.named
        && let Some(walk) = fits(Walk::new(Source::Named(named), node).over(layout))
    {
        return Some(walk.widgets);
    }
    let mut bare = Walk::new(Source::Place(values), node);
    bare.bare = true;
    if let Some(walk) = fits(bare.over(layout))
        && walk.wanted == values.len()
    {
        return Some(walk.widgets);
    }
    let stray = values.iter().position(|raw| AFTER_RUN.contains(&raw.get()))?;
    let mut walk = Walk::new(Source::Place(values), node);
    walk.stray = Some(stray);
    let walk = fits(walk.over(layout))?;
    (walk.wanted + 1 == values.len()).then_some(walk.widgets)
}

/// Choices that a node writes itself: it sends them all, and which one it is.
fn own_choices<'a>(node: &'a Node<'a>, widgets: &mut Widgets<'a>) {
    let Values::List(values) = &node.values else { return };
    let options = values.get(2..).unwrap_or_default();
    let chosen = widgets.held.first().and_then(|held| held.value.clone());
    let index = options
        .iter()
        .position(|option| chosen.as_ref().is_some_and(|chosen| chosen.get() == option.get()));
    let index = index.map_or_else(|| "-1".to_owned(), |index| index.to_string());
    let made = RawValue::from_string(index).ok().map(Cow::Owned);
    widgets.held.push(Held { name: Cow::Borrowed("index"), value: made, spec: None });
    for (number, option) in options.iter().enumerate() {
        let name = Cow::Owned(format!("option{}", number + 1));
        widgets.held.push(Held { name, value: Some(Cow::Borrowed(*option)), spec: None });
    }
}

/// The values of a node whose class the server does not know.
pub(super) fn of_unknown<'a>(node: &'a Node<'a>) -> Widgets<'a> {
    let mut widgets = Widgets::default();
    let mut hold = |name: Cow<'a, str>, raw: &'a RawValue| {
        widgets.held.push(Held { name, value: Some(Cow::Borrowed(raw)), spec: None });
    };
    let mut lost = 0;
    match (&node.values, &node.named) {
        (Values::Named(named), _) | (_, Values::Named(named)) => {
            named.iter().for_each(|(name, raw)| hold(name.clone(), raw));
        }
        (Values::List(values), _) => match by_inputs(node, values) {
            Some(named) => named.into_iter().for_each(|(name, raw)| hold(name, raw)),
            None => lost = values.len(),
        },
        _ => {}
    }
    let text = match lost {
        0 => "This server has no node class of this name. The node was passed on with its inputs as they were saved.".to_owned(),
        lost => format!(
            "This server has no node class of this name, so the names of its {lost} saved values are not known. The node was passed on with its links only."
        ),
    };
    widgets.doubt(None, NoteKind::UnknownClass, text);
    widgets
}

/// Names for values from the inputs that the node saved, if they are as many.
fn by_inputs<'a>(
    node: &'a Node<'a>,
    values: &'a [&'a RawValue],
) -> Option<Vec<(Cow<'a, str>, &'a RawValue)>> {
    let mut named: Vec<(Cow<'a, str>, &'a RawValue)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut rest = values.iter();
    for input in node.inputs.iter().filter(|input| input.widget) {
        let value = *rest.next()?;
        // An input without a name, or with one that is no text, cannot be sent under it; of two with
        // one name the last counts, as on the page.
        if !input.name.is_empty() {
            match places.get(&*input.name) {
                Some(at) => named[*at].1 = value,
                None => {
                    places.insert(&input.name, named.len());
                    named.push((input.name.clone(), value));
                }
            }
        }
        let seed = matches!(&*input.name, "seed" | "noise_seed");
        if seed && rest.as_slice().first().is_some_and(|raw| AFTER_RUN.contains(&raw.get())) {
            rest.next();
        }
    }
    all_empty(rest.as_slice()).then_some(named)
}
