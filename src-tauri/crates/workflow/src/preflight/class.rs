//! The inputs that a node of a class has, given what it is set to: some inputs bring others along.
//!
//! Dynamic inputs (`comfy_api/latest/_io.py`, November 2026) give names such as `parent.child`:
//! a *choice* (`COMFY_DYNAMICCOMBO_V3`) has the inputs of the chosen option, a *grower*
//! (`COMFY_AUTOGROW_V3`) as many inputs of one kind as are connected, a *slot*
//! (`COMFY_DYNAMICSLOT_V3`) has more inputs once it is connected, *rows* (`COMFY_DYNAMICGROUP_V3`)
//! repeat a few inputs as `group.0.field`.

use super::{graph::NodeView, same::same_value};
use crate::prompt::Input;
use domain::{InputKind, NodeClass, NodeInput, node_class};
use serde_json::Value;
use std::{
    borrow::Cow,
    cell::{Cell, OnceCell},
    collections::HashMap,
};

/// Dynamic inputs within each other that are followed; ComfyUI's own go to 3.
const DEEPEST: usize = 8;
/// Members that a grower can have (`Autogrow._MaxNames`).
const MOST_MEMBERS: u64 = 100;
/// Rows that a group can have (`_DynamicGroup._MaxRows`).
const MOST_ROWS: u64 = 20;

/// A class with its inputs, ready to be asked.
pub(crate) struct ClassView<'a> {
    pub class: &'a NodeClass,
    specs: Vec<Spec<'a>>,
    by_name: HashMap<&'a str, usize>,
}

/// An input of a class.
pub(crate) struct Spec<'a> {
    pub input: Cow<'a, NodeInput>,
    pub shape: Shape<'a>,
    /// How often its list was searched.
    pub looks: Cell<u32>,
    /// Where the texts of the list are, in order, made when it is searched often.
    pub sorted: OnceCell<Vec<u32>>,
}

/// What an input brings along.
pub(crate) enum Shape<'a> {
    Plain,
    Choice(Vec<(Value, Vec<Spec<'a>>)>),
    Grower { names: Names, least: u64, member: Option<Box<Spec<'a>>> },
    Slot(Vec<Spec<'a>>),
    Rows { least: u64, most: u64, fields: Vec<Spec<'a>> },
}

/// What the members of a grower are called.
pub(crate) enum Names {
    Listed(Vec<String>),
    Numbered { prefix: String, most: u64 },
}

/// An input that a node may have.
pub(crate) struct Possible<'s, 'a> {
    /// Its whole name: `model.size` within a choice.
    pub name: String,
    pub spec: &'s Spec<'a>,
    /// The choice it is within, by its whole name, and the option that brings it.
    pub within: Option<(String, &'s Value)>,
}

/// An input that a node should have and has not.
pub(crate) struct Missing {
    pub name: String,
    /// Whether ComfyUI refuses the prompt for it.
    pub refused: bool,
}

impl<'a> ClassView<'a> {
    pub fn new(class: &'a NodeClass) -> Self {
        let specs: Vec<_> =
            class.inputs.iter().map(|input| spec(Cow::Borrowed(input), DEEPEST)).collect();
        let by_name = class.inputs.iter().enumerate();
        let by_name = by_name.map(|(place, input)| (input.name.as_str(), place)).collect();
        Self { class, specs, by_name }
    }

    /// The input of a name such as `seed` or `parent.child`, as the node is set.
    pub fn find(&self, node: &NodeView<'_>, name: &str) -> Option<&Spec<'a>> {
        if let Some(place) = self.by_name.get(name) {
            return self.specs.get(*place);
        }
        let (root, rest) = name.split_once('.')?;
        let root_spec = self.specs.get(*self.by_name.get(root)?)?;
        descend(root_spec, node, name, root.len(), rest)
    }

    /// The inputs that the node should have and has not.
    pub fn missing(&self, node: &NodeView<'_>) -> Vec<Missing> {
        let mut missing = Vec::new();
        for spec in &self.specs {
            look_for(spec, node, "", &mut missing);
        }
        missing
    }

    /// Every input with a widget of its own that a node of this class may have, those within each
    /// option of a choice included, up to `most`. Members of growers and rows are left out: how many
    /// there are is not told by the class.
    pub fn possible(&self, most: usize) -> Vec<Possible<'_, 'a>> {
        let mut found = Vec::new();
        for spec in &self.specs {
            collect(spec, "", None, most, &mut found);
        }
        found
    }

    /// Whether a name belongs to a group of rows that takes no other names.
    pub fn is_in_rows(&self, name: &str) -> bool {
        let root = name.split_once('.').and_then(|(root, _)| self.by_name.get(root));
        root.and_then(|place| self.specs.get(*place))
            .is_some_and(|spec| matches!(spec.shape, Shape::Rows { .. }))
    }
}

impl Spec<'_> {
    /// The values of a list.
    pub fn list(&self) -> Option<&[Value]> {
        match &self.input.kind {
            InputKind::Combo(values) => Some(values),
            InputKind::Type(_) => None,
        }
    }

    /// The keys of a choice.
    pub fn keys(&self) -> Option<impl Iterator<Item = &Value>> {
        match &self.shape {
            Shape::Choice(options) => Some(options.iter().map(|(key, _)| key)),
            _ => None,
        }
    }

    /// Its type, if it is no list.
    pub fn kind(&self) -> &str {
        match &self.input.kind {
            InputKind::Combo(_) => "COMBO",
            InputKind::Type(kind) => kind,
        }
    }
}

fn spec(input: Cow<'_, NodeInput>, depth: usize) -> Spec<'_> {
    let shape = shape(&input, depth);
    Spec { input, shape, looks: Cell::new(0), sorted: OnceCell::new() }
}

fn shape<'a>(input: &NodeInput, depth: usize) -> Shape<'a> {
    let InputKind::Type(kind) = &input.kind else { return Shape::Plain };
    let Some(depth) = depth.checked_sub(1) else { return Shape::Plain };
    let option = |name: &str| input.options.get(name);
    let number = |value: Option<&Value>, or: u64| value.and_then(Value::as_u64).unwrap_or(or);
    match kind.as_str() {
        "COMFY_DYNAMICCOMBO_V3" => {
            let options = option("options").and_then(Value::as_array);
            let of_option = |option: &Value| {
                let key = option.get("key")?.clone();
                Some((key, children(option.get("inputs"), depth)))
            };
            Shape::Choice(options.into_iter().flatten().filter_map(of_option).collect())
        }
        "COMFY_DYNAMICSLOT_V3" => Shape::Slot(children(option("inputs"), depth)),
        "COMFY_AUTOGROW_V3" => {
            let template = option("template").unwrap_or(&Value::Null);
            let names = match template.get("names").and_then(Value::as_array) {
                Some(names) => Names::Listed(
                    names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                ),
                None => Names::Numbered {
                    prefix: template.get("prefix").and_then(Value::as_str).unwrap_or("").to_owned(),
                    most: number(template.get("max"), MOST_MEMBERS).min(MOST_MEMBERS),
                },
            };
            let member = children(template.get("input"), depth).into_iter().next();
            let least = number(template.get("min"), 0).min(MOST_MEMBERS);
            Shape::Grower { names, least, member: member.map(Box::new) }
        }
        "COMFY_DYNAMICGROUP_V3" => Shape::Rows {
            least: number(option("min"), 0),
            most: number(option("max"), MOST_ROWS).min(MOST_ROWS),
            fields: children(option("template"), depth),
        },
        _ => Shape::Plain,
    }
}

fn children<'a>(sections: Option<&Value>, depth: usize) -> Vec<Spec<'a>> {
    let inputs = sections.map(|sections| node_class::inputs(sections, &Value::Null));
    inputs.unwrap_or_default().into_iter().map(|input| spec(Cow::Owned(input), depth)).collect()
}

/// Follows what is behind the dot. `name[..known]` is the name of `at`.
fn descend<'s, 'a>(
    at: &'s Spec<'a>,
    node: &NodeView<'_>,
    name: &str,
    known: usize,
    rest: &str,
) -> Option<&'s Spec<'a>> {
    let inside: &[Spec<'a>] = match &at.shape {
        Shape::Plain => return None,
        Shape::Grower { names, member, .. } => {
            return member.as_deref().filter(|_| names.have(rest));
        }
        Shape::Rows { most, fields, .. } => {
            let (row, field) = rest.split_once('.')?;
            row_number(row).filter(|row| row < most)?;
            return fields.iter().find(|spec| spec.input.name == field);
        }
        Shape::Choice(options) => chosen(options, node.get(&name[..known])?)?,
        Shape::Slot(inside) => {
            node.get(&name[..known])?;
            inside
        }
    };
    if let Some(spec) = inside.iter().find(|spec| spec.input.name == rest) {
        return Some(spec);
    }
    let (child, rest) = rest.split_once('.')?;
    let spec = inside.iter().find(|spec| spec.input.name == child)?;
    descend(spec, node, name, known + 1 + child.len(), rest)
}

fn chosen<'s, 'a>(options: &'s [(Value, Vec<Spec<'a>>)], input: &Input) -> Option<&'s [Spec<'a>]> {
    let Input::Value(raw) = input else { return None };
    let found = options.iter().find(|(key, _)| same_value(raw.get(), key));
    found.map(|(_, inside)| inside.as_slice())
}

fn look_for(spec: &Spec<'_>, node: &NodeView<'_>, before: &str, missing: &mut Vec<Missing>) {
    let input = &spec.input;
    // Most inputs are at the top, where the name is the whole name.
    let name: Cow<'_, str> = if before.is_empty() {
        Cow::Borrowed(&input.name)
    } else {
        Cow::Owned(format!("{before}.{}", input.name))
    };
    let mut lacks = |name: String, refused| missing.push(Missing { name, refused });
    match &spec.shape {
        Shape::Plain if input.required && !node.has(&name) => lacks(name.into_owned(), true),
        Shape::Plain => {}
        Shape::Choice(options) => match node.get(&name) {
            Some(value) => {
                for spec in chosen(options, value).unwrap_or_default() {
                    look_for(spec, node, &name, missing);
                }
            }
            // ComfyUI takes the prompt, and the node fails when its turn comes.
            None if input.required => lacks(name.into_owned(), false),
            None => {}
        },
        Shape::Slot(inside) if node.has(&name) => {
            inside.iter().for_each(|spec| look_for(spec, node, &name, missing));
        }
        Shape::Slot(_) => {}
        Shape::Grower { names, least, member } => {
            if member.as_deref().is_some_and(|member| member.input.required) {
                let first = names.first(*least).map(|member| format!("{name}.{member}"));
                first.filter(|name| !node.has(name)).for_each(|name| lacks(name, true));
            }
        }
        Shape::Rows { least, fields, .. } => {
            let rows = rows(node, &name);
            if (rows.len() as u64) < *least {
                lacks(name.to_string(), true);
            }
            for row in rows {
                for field in fields.iter().filter(|field| field.input.required) {
                    let name = format!("{name}.{row}.{}", field.input.name);
                    if !node.has(&name) {
                        missing.push(Missing { name, refused: true });
                    }
                }
            }
        }
    }
}

fn collect<'s, 'a>(
    spec: &'s Spec<'a>,
    before: &str,
    within: Option<(&str, &'s Value)>,
    most: usize,
    found: &mut Vec<Possible<'s, 'a>>,
) {
    if found.len() >= most {
        return;
    }
    let name = match before {
        "" => spec.input.name.clone(),
        before => format!("{before}.{}", spec.input.name),
    };
    let within_owned = within.map(|(choice, option)| (choice.to_owned(), option));
    match &spec.shape {
        Shape::Plain => found.push(Possible { name, spec, within: within_owned }),
        Shape::Choice(options) => {
            found.push(Possible { name: name.clone(), spec, within: within_owned });
            for (option, inside) in options {
                for spec in inside {
                    collect(spec, &name, Some((&name, option)), most, found);
                }
            }
        }
        Shape::Grower { .. } | Shape::Slot(_) | Shape::Rows { .. } => {}
    }
}

/// The rows of a group that a node has inputs of.
fn rows(node: &NodeView<'_>, group: &str) -> std::collections::BTreeSet<u64> {
    let inputs = node.node.inputs.iter();
    inputs
        .filter_map(|(name, _)| {
            let row = name.strip_prefix(group)?.strip_prefix('.')?.split_once('.')?.0;
            row_number(row).filter(|row| *row < MOST_ROWS)
        })
        .collect()
}

/// A row's number: digits without zeros before them.
fn row_number(text: &str) -> Option<u64> {
    let plain = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| plain)
}

impl Names {
    fn have(&self, name: &str) -> bool {
        match self {
            Self::Listed(names) => names.iter().any(|other| other == name),
            Self::Numbered { prefix, most } => name
                .strip_prefix(prefix.as_str())
                .and_then(row_number)
                .is_some_and(|number| number < *most),
        }
    }

    fn first(&self, many: u64) -> impl Iterator<Item = String> {
        let many = usize::try_from(many).unwrap_or(usize::MAX);
        let (listed, numbered) = match self {
            Self::Listed(names) => (Some(names.iter().cloned()), None),
            Self::Numbered { prefix, most } => {
                (None, Some((0..*most).map(move |number| format!("{prefix}{number}"))))
            }
        };
        listed.into_iter().flatten().chain(numbered.into_iter().flatten()).take(many)
    }
}
