//! Finding the inputs that are knobs.

use super::{
    kind::{About, LONGEST_NAME},
    knob::{Kind, Knob, Link, NodeName, Role, Section, When},
    label::{Named, label_of},
    net::{Net, Side},
    role::{At, fed, is_constant, own_role, role_of},
};
use crate::{
    convert::{has_widget, is_controlled, is_sent, widget_type},
    preflight::{
        check::PAGE_ONLY,
        class::{Possible, Spec},
    },
    prompt::Input,
};
use serde_json::Value;
use std::{collections::HashSet, sync::Arc};

/// A knob, and where it stands in the graph.
pub(super) struct Found {
    pub knob: Knob,
    /// Where it stands on the screen.
    pub section: Section,
    /// The first sampler that it feeds.
    pub stage: u32,
    /// The node's place among those that run.
    pub rank: usize,
}

/// Marks where words come from that reach a sampler's sides, or a node that makes pictures of words
/// itself.
pub(super) fn follow_words(net: &mut Net<'_>) {
    let mut starts = net.conditions();
    for node in &net.order {
        for (name, source, slot, made) in net.sources(*node) {
            let Some(about) = net.about(*node, name).filter(|_| made.may_be(&["STRING"])) else {
                continue;
            };
            let at = At { node: *node, name, kind: &about.kind, json: None };
            match own_role(net, at) {
                Role::Prompt => starts.push((source, slot, Side::Positive)),
                Role::Negative => starts.push((source, slot, Side::Negative)),
                _ => {}
            }
        }
    }
    net.follow_words(starts);
}

/// The most inputs that a prompt lacks and are offered, in all.
const MOST_LACKING: usize = 10_000;

/// The knobs of a prompt.
pub(super) struct AllFound {
    /// Inputs that the prompt has.
    pub there: Vec<Found>,
    /// Inputs that can be added.
    pub lacking: Vec<Found>,
}

/// The knobs of the nodes that run, sources first.
pub(super) fn find(net: &Net<'_>) -> AllFound {
    let names: Vec<Arc<NodeName>> = net.graph.places().map(|place| name_of(net, place)).collect();
    let fed = fed(net);
    let (mut there, mut lacking) = (Vec::new(), Vec::new());
    for (rank, node) in net.order.iter().enumerate() {
        let (view, class) = (net.node(*node), net.class(*node));
        let own = own_choices(net, *node);
        let make =
            |input: &str, spec: Option<&Spec<'_>>, given: Option<&Input>, mut about: About| {
                if let Kind::Choice { values, .. } = &mut about.kind
                    && let Some(own) = &own
                {
                    *values = Arc::clone(own);
                }
                let json = match given {
                    Some(Input::Value(raw)) => Some(raw.get()),
                    Some(Input::Link { .. }) | None => None,
                };
                let fed = &fed[*node as usize];
                let at = At { node: *node, name: input, kind: &about.kind, json };
                let role = role_of(net, at, fed);
                let option = |name: &str| spec.and_then(|spec| spec.input.options.get(name));
                let named = Named {
                    input,
                    shown: option("display_name").and_then(Value::as_str),
                    title: given_title(net, *node),
                    makes: class
                        .and_then(|class| class.outputs.first())
                        .map_or("", |output| &output.kind),
                };
                let sized = is_constant(net, *node)
                    && fed.iter().any(|role| role.section() == Section::Size);
                let knob = Knob {
                    node: Arc::clone(&names[*node as usize]),
                    input: input.to_owned(),
                    label: label_of(role, &named),
                    role,
                    kind: about.kind,
                    value: json.map(str::to_owned),
                    linked: given.and_then(|given| link_of(net, &names, given)),
                    default: about.default,
                    tooltip: about.tooltip,
                    required: spec.is_some_and(|spec| spec.input.required),
                    controlled: spec.is_some_and(|spec| {
                        widget_type(&spec.input) == "INT"
                            && is_controlled(&spec.input.name, &spec.input.options)
                    }),
                    advanced: spec.is_some_and(|spec| spec.input.is("advanced")),
                    known: spec.is_some(),
                    when: None,
                };
                let section = match role.section() {
                    // Nodes that choose a size by its shape have values of their own kind.
                    Section::Rest if sized && !knob.advanced => Section::Size,
                    section => section,
                };
                Found { knob, section, stage: net.stage[*node as usize], rank }
            };
        let mut left_behind = HashSet::new();
        for Possible { name, spec, within } in net.possible(*node, MOST_LACKING) {
            let in_effect = net.spec(*node, &name);
            let given = view.get(&name);
            if in_effect.is_some_and(|found| std::ptr::eq(found, spec)) && given.is_some() {
                continue;
            }
            // What another option left behind is a value of the option that it is of.
            let given = given.filter(|_| in_effect.is_none());
            let linked = matches!(given, Some(Input::Link { .. }));
            if linked || !has_widget(&spec.input) || !is_knob(Some(spec), &name, given) {
                continue;
            }
            if lacking.len() >= MOST_LACKING {
                break;
            }
            let Some(about) = net.about_of(*node, spec) else { continue };
            let mut found = make(&name, Some(spec), given, about);
            found.knob.when =
                within.map(|(input, option)| When { input, option: option.to_string() });
            lacking.push(found);
            if given.is_some() {
                left_behind.insert(name);
            }
        }
        for (at, (input, given)) in view.node.inputs.iter().enumerate() {
            if view.is_replaced(at, input) {
                continue;
            }
            let spec = net.spec(*node, input);
            if !is_knob(spec, input, Some(given)) || left_behind.contains(input) {
                continue;
            }
            let about = net.about(*node, input).unwrap_or_else(|| match given {
                Input::Value(raw) => About::of_value(raw.get()),
                Input::Link { .. } => About::of_value("null"),
            });
            let mut found = make(input, spec, Some(given), about);
            found.knob.when = spec.and_then(|_| chosen_at(net, *node, input));
            there.push(found);
        }
    }
    AllFound { there, lacking }
}

/// The option that brings an input, as the node is set.
fn chosen_at(net: &Net<'_>, node: u32, input: &str) -> Option<When> {
    let (choice, _) = input.rsplit_once('.')?;
    net.spec(node, choice).filter(|spec| spec.keys().is_some())?;
    match net.node(node).get(choice)? {
        Input::Value(raw) => Some(When { input: choice.to_owned(), option: raw.get().to_owned() }),
        Input::Link { .. } => None,
    }
}

/// Whether an input is a knob: it holds a value, or a link stands where its widget is.
fn is_knob(spec: Option<&Spec<'_>>, name: &str, given: Option<&Input>) -> bool {
    let sent = spec.is_none_or(|spec| {
        let kind = widget_type(&spec.input);
        // What is compared on the page goes along, and no server looks at it.
        is_sent(kind) && kind != "IMAGECOMPARE"
    });
    let of_page = spec.is_none() && PAGE_ONLY.contains(&name);
    let linked = matches!(given, Some(Input::Link { .. }));
    sent && !of_page && (!linked || spec.is_some_and(|spec| has_widget(&spec.input)))
}

/// The choices that a node writes itself, as inputs that its class does not have: `option1` and so on.
/// The last one is empty on the page, for more.
fn own_choices(net: &Net<'_>, node: u32) -> Option<Arc<[String]>> {
    let view = net.node(node);
    net.class(node).filter(|_| view.has("option1") && net.spec(node, "option1").is_none())?;
    let numbered = |name: &str| {
        name.strip_prefix("option").is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let values = view.node.inputs.iter().filter_map(|(name, input)| match input {
        Input::Value(raw) if numbered(name) && raw.get() != "\"\"" => Some(raw.get().to_owned()),
        _ => None,
    });
    Some(values.collect())
}

/// The title that the artist gave a node: saved files name all nodes, most as ComfyUI does.
fn given_title<'a>(net: &Net<'a>, node: u32) -> Option<&'a str> {
    let shown = net.class(node).map(|class| class.display_name.as_str());
    let title = net.graph.node(node).title.as_deref();
    title.filter(|title| Some(*title) != shown)
}

fn name_of(net: &Net<'_>, place: u32) -> Arc<NodeName> {
    let node = net.graph.node(place);
    let shown = net.class(place).map(|class| class.display_name.as_str());
    let title = node.title.as_deref().or(shown).unwrap_or(&node.class);
    let (id, title, class) = (node.id.clone(), title.to_owned(), node.class.clone());
    Arc::new(NodeName { id, title, class })
}

fn link_of(net: &Net<'_>, names: &[Arc<NodeName>], given: &Input) -> Option<Link> {
    let Input::Link { node, slot } = given else { return None };
    let place = net.graph.place(node);
    let output = place
        .and_then(|place| net.class(place)?.outputs.get(*slot as usize))
        .map(|output| output.name.chars().take(LONGEST_NAME).collect());
    let name = place.map(|place| Arc::clone(&names[place as usize])).unwrap_or_else(|| {
        let (id, title) = (node.clone(), node.clone());
        Arc::new(NodeName { id, title, class: String::new() })
    });
    Some(Link { node: name, slot: *slot, output })
}
