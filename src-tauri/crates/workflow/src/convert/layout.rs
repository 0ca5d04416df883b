//! What a node of a class has, in the order in which ComfyUI's page makes it: sockets and widgets.
//!
//! Source: frontend 1.45.21, `services/litegraphService.ts` and the widgets it makes.

use domain::{InputKind, NodeClass, NodeInput};
use serde_json::{Map, Value, value::RawValue};

/// Types that are widgets. All others are sockets.
const WIDGETS: &[&str] = &[
    "INT",
    "FLOAT",
    "BOOLEAN",
    "STRING",
    "COMBO",
    "AUDIO_RECORD",
    "AUDIO_UI",
    "AUDIOUPLOAD",
    "BOUNDING_BOX",
    "BOUNDING_BOXES",
    "CHART",
    "COLOR",
    "COLORS",
    "COMFY_DYNAMICCOMBO_V3",
    "COMFY_DYNAMICGROUP_V3",
    "COMPOSITOR",
    "CURVE",
    "GALLERIA",
    "IMAGECOMPARE",
    "IMAGEUPLOAD",
    "LIGHT_INFO_PREVIEW",
    "LOAD_3D",
    "LOAD_3D_ADVANCED",
    "MARKDOWN",
    "PAINTER",
    "PREVIEW_3D",
    "RANGE",
    "RESOLUTION_PREVIEW",
    "TEXTAREA",
    "VIDEO_EDIT",
    "WEBCAM",
];

/// Types whose value the page makes out of what it shows.
const SHOWN: &[&str] =
    &["AUDIO_RECORD", "COMPOSITOR", "LOAD_3D", "LOAD_3D_ADVANCED", "VIDEO_EDIT", "WEBCAM"];

/// Options of a list that is filled with files.
const FILES: &[&str] = &[
    "image_upload",
    "video_upload",
    "audio_upload",
    "file_upload",
    "animated_image_upload",
    "image_folder",
];

/// The type of inputs that are all of one type, and of outputs that give it.
pub(crate) const MATCHED: &str = "COMFY_MATCHTYPE_V3";

/// A class as the page lays it out.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// The title of a node that was given none.
    pub title: String,
    /// Types of the outputs; [`MATCHED`] for those that give what they are given.
    pub outputs: Vec<String>,
    /// Its inputs.
    pub specs: Vec<Spec>,
    /// Whether its nodes run for their own sake.
    pub output_node: bool,
    /// Whether nodes write their choices themselves: `choice`, `index`, `option1` and so on.
    pub own_choices: bool,
    /// Whether one of its inputs says that it must be linked.
    pub forced: bool,
}

/// An input of a class.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    /// Its name, with the names of what it is nested in.
    pub name: String,
    pub required: bool,
    /// Its type as a socket.
    pub kind: String,
    /// Whether it says that it must be linked, and so has no widget since 1.16.
    pub forced: bool,
    /// The name that inputs have in common which are all of one type.
    pub matches: Option<String>,
    pub what: What,
}

/// What an input is.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// A socket.
    Socket,
    /// A group of sockets or widgets that grows as it is linked.
    Grow(Grow),
    /// A widget, and a socket beside it.
    Widget(Box<Widget>),
}

/// A group that grows: members are `group.name`.
#[derive(Clone, Debug)]
pub(crate) struct Grow {
    /// How many members are there before anything is linked.
    pub at_first: usize,
    /// The names of members, if they have their own.
    names: Vec<String>,
    /// What their number follows, if not.
    prefix: String,
    /// The member's input, by the member's own name.
    pub member: Box<Spec>,
}

impl Grow {
    /// The name of a member.
    pub fn name(&self, group: &str, number: usize) -> Option<String> {
        if self.names.is_empty() {
            return Some(format!("{group}.{}{number}", self.prefix));
        }
        self.names.get(number).map(|name| format!("{group}.{name}"))
    }
}

/// A widget.
#[derive(Clone, Debug)]
pub(crate) struct Widget {
    pub holds: Holds,
    /// Its value where none is saved.
    pub default: Option<Box<RawValue>>,
    /// Saved values before its own that are nobody's: buttons.
    pub before: usize,
    /// Saved values after its own that are never sent: what to do with it after a run, a filter.
    pub after: usize,
    /// Whether its value is saved.
    pub saved: bool,
    /// Whether its value is sent. Buttons have none.
    pub sent: bool,
    /// Whether it has a socket too.
    pub socket: bool,
    /// Least and greatest value.
    pub least: Option<f64>,
    pub greatest: Option<f64>,
    /// The choices of a list, as JSON.
    pub choices: Vec<String>,
    /// Whether all choices are texts.
    pub words: bool,
    /// Whether the choices are files, which come and go.
    pub files: bool,
    /// Whether the page makes the value out of what it shows.
    pub shown: bool,
    /// Whether `{a|b}` is chosen from when it is queued.
    pub by_chance: bool,
    /// What comes with each choice, by the choice as JSON.
    pub branches: Vec<(String, Vec<Spec>)>,
    /// The rows of a dynamic group.
    pub rows: Option<Rows>,
}

/// Rows of a dynamic group: the fields of row n are `group.n.field`.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub least: usize,
    pub greatest: usize,
    pub fields: Vec<Spec>,
}

/// What a widget holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Whole,
    Float,
    Truth,
    Text,
    Choice,
    Curve,
    /// Anything else.
    Other,
}

impl Layout {
    pub fn new(class: &NodeClass) -> Self {
        let specs: Vec<Spec> = class.inputs.iter().map(|input| spec_of(input, "")).collect();
        let mut layout = Self {
            title: class.display_name.clone(),
            outputs: class.outputs.iter().map(|output| output.kind.clone()).collect(),
            output_node: class.output_node,
            own_choices: class.name == "CustomCombo",
            forced: specs.iter().any(|spec| spec.forced),
            specs,
        };
        layout.put_buttons();
        if layout.own_choices
            && let Some(What::Widget(widget)) = layout.specs.first_mut().map(|spec| &mut spec.what)
        {
            widget.choices.clear();
            widget.words = true;
        }
        layout
    }

    /// A scene of a node that loads a model comes with three buttons, whose texts are saved.
    fn put_buttons(&mut self) {
        if !self.specs.iter().any(|spec| spec.name == "model_file") {
            return;
        }
        for spec in &mut self.specs {
            if spec.kind == "LOAD_3D"
                && let What::Widget(widget) = &mut spec.what
            {
                widget.before = 3;
            }
        }
    }

    /// An input by its name, if it is not nested.
    pub fn spec(&self, name: &str) -> Option<&Spec> {
        self.specs.iter().find(|spec| spec.name == name)
    }
}

impl Spec {
    pub fn widget(&self) -> Option<&Widget> {
        match &self.what {
            What::Widget(widget) => Some(widget),
            _ => None,
        }
    }
}

/// The type that says which widget an input has.
pub(crate) fn widget_type(input: &NodeInput) -> &str {
    let own = match &input.kind {
        InputKind::Combo(_) => "COMBO",
        InputKind::Type(kind) => kind,
    };
    input.options.get("widgetType").and_then(Value::as_str).unwrap_or(own)
}

/// Whether an input has a widget, and not a socket alone.
pub(crate) fn has_widget(input: &NodeInput) -> bool {
    WIDGETS.contains(&widget_type(input)) && !input.is("forceInput")
}

/// Whether the value of a widget of this type is sent. Buttons and players have none.
pub(crate) fn is_sent(kind: &str) -> bool {
    !matches!(kind, "IMAGEUPLOAD" | "AUDIOUPLOAD" | "AUDIO_UI")
}

/// Whether the page offers to change a whole number after each run.
pub(crate) fn is_controlled(name: &str, options: &Map<String, Value>) -> bool {
    let option = options.get("control_after_generate").filter(|option| !option.is_null());
    option.map_or(matches!(name, "seed" | "noise_seed"), truthy)
}

fn spec_of(input: &NodeInput, within: &str) -> Spec {
    let name = format!("{within}{}", input.name);
    let options = &input.options;
    let (kind, choices) = match &input.kind {
        InputKind::Combo(choices) => ("COMBO", choices.as_slice()),
        InputKind::Type(kind) => (kind.as_str(), [].as_slice()),
    };
    let forced = input.is("forceInput");
    let what = match widget_type(input) {
        "COMFY_AUTOGROW_V3" => grow_of(options).map_or(What::Socket, What::Grow),
        widget if has_widget(input) => {
            What::Widget(Box::new(widget_of(widget, &name, choices, options)))
        }
        _ => What::Socket,
    };
    let matched = (kind == MATCHED).then(|| options.get("template")).flatten();
    let told = |name: &str| matched.and_then(|template| template.get(name)?.as_str());
    let matches = told("template_id").map(str::to_owned);
    let kind = if kind == MATCHED { told("allowed_types").unwrap_or("*") } else { kind };
    Spec { name, required: input.required, kind: kind.to_owned(), forced, matches, what }
}

/// The inputs in a JSON object `{"required": {…}, "optional": {…}}`.
fn specs_of(inputs: Option<&Value>, within: &str) -> Vec<Spec> {
    let mut specs = Vec::new();
    for (section, required) in [("required", true), ("optional", false)] {
        let of_section = inputs.and_then(|inputs| inputs.get(section)).and_then(Value::as_object);
        for (name, spec) in of_section.into_iter().flatten() {
            let input = domain::node_class::input_of(name, spec, required);
            specs.push(spec_of(&input, within));
        }
    }
    specs
}

fn grow_of(options: &Map<String, Value>) -> Option<Grow> {
    let template = options.get("template")?;
    let count = |name: &str| {
        let count = template.get(name).and_then(Value::as_u64);
        count.map(|count| usize::try_from(count).unwrap_or(usize::MAX))
    };
    let names: Vec<String> = template
        .get("names")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let most = if names.is_empty() { count("max").unwrap_or(100) } else { names.len() };
    Some(Grow {
        at_first: count("min").unwrap_or(1).saturating_add(1).min(most),
        names,
        prefix: template.get("prefix").and_then(Value::as_str).unwrap_or_default().to_owned(),
        member: Box::new(specs_of(template.get("input"), "").into_iter().next()?),
    })
}

fn widget_of(kind: &str, name: &str, choices: &[Value], options: &Map<String, Value>) -> Widget {
    let is = |option: &str| options.get(option).is_some_and(truthy);
    let holds = match kind {
        "INT" => Holds::Whole,
        "FLOAT" => Holds::Float,
        "BOOLEAN" => Holds::Truth,
        "STRING" | "TEXTAREA" | "MARKDOWN" | "PAINTER" | "COLOR" => Holds::Text,
        "COMBO" if !is("multi_select") => Holds::Choice,
        "COMFY_DYNAMICCOMBO_V3" => Holds::Choice,
        "CURVE" => Holds::Curve,
        _ => Holds::Other,
    };
    let branches = branches_of(kind, name, options);
    let rows = rows_of(kind, options);
    let json = |value: &Value| value.to_string();
    let choices: Vec<String> = match kind {
        "COMFY_DYNAMICCOMBO_V3" => branches.iter().map(|(key, _)| key.clone()).collect(),
        _ => choices.iter().map(json).collect(),
    };
    let default = default_of(kind, &choices, options);
    let bound = |name: &str| options.get(name).and_then(Value::as_f64);
    Widget {
        holds,
        default: default.and_then(|json| RawValue::from_string(json).ok()),
        before: 0,
        after: after_of(kind, name, options),
        saved: !matches!(kind, "IMAGECOMPARE" | "AUDIO_UI"),
        sent: is_sent(kind),
        socket: !is("socketless"),
        least: bound("min"),
        greatest: bound("max"),
        words: choices.iter().all(|choice| choice.starts_with('"')),
        choices,
        files: FILES.iter().any(|option| is(option)),
        shown: SHOWN.contains(&kind),
        by_chance: is("dynamicPrompts"),
        branches,
        rows,
    }
}

/// Saved values that follow the widget's own.
fn after_of(kind: &str, name: &str, options: &Map<String, Value>) -> usize {
    let option = options.get("control_after_generate").filter(|option| !option.is_null());
    let controlled = option.map(truthy);
    match kind {
        "INT" => usize::from(is_controlled(name, options)),
        "FLOAT" => usize::from(controlled == Some(true)),
        "COMBO" => {
            let many = options.get("multi_select").is_some_and(truthy);
            let refresh = options.get("remote").and_then(|remote| remote.get("refresh_button"));
            let control = if many { 1 } else { 2 };
            usize::from(controlled == Some(true)) * control
                + usize::from(refresh.is_some_and(truthy))
        }
        // Its four numbers are widgets of their own.
        "BOUNDING_BOX" => 4,
        _ => 0,
    }
}

/// The value of a new widget, as JSON.
fn default_of(kind: &str, choices: &[String], options: &Map<String, Value>) -> Option<String> {
    if let Some(default) = options.get("default").filter(|default| !default.is_null())
        && kind != "COMFY_DYNAMICCOMBO_V3"
        && kind != "COMFY_DYNAMICGROUP_V3"
    {
        return Some(default.to_string());
    }
    let fixed = match kind {
        "INT" | "FLOAT" => "0",
        "BOOLEAN" => "false",
        "STRING" | "TEXTAREA" | "MARKDOWN" | "PAINTER" | "LOAD_3D" => "\"\"",
        "COLOR" => "\"#000000\"",
        "BOUNDING_BOX" => r#"{"x":0,"y":0,"width":512,"height":512}"#,
        "BOUNDING_BOXES" | "COLORS" => "[]",
        "CURVE" => r#"{"points":[[0,0],[1,1]],"interpolation":"monotone_cubic"}"#,
        "RANGE" => r#"{"min":0,"max":1}"#,
        "IMAGECOMPARE" => r#"["",""]"#,
        "COMBO" if options.get("multi_select").is_some_and(truthy) => "[]",
        _ => return choices.first().cloned(),
    };
    Some(fixed.to_owned())
}

fn branches_of(kind: &str, name: &str, options: &Map<String, Value>) -> Vec<(String, Vec<Spec>)> {
    if kind != "COMFY_DYNAMICCOMBO_V3" {
        return Vec::new();
    }
    let within = format!("{name}.");
    let all = options.get("options").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|option| {
        Some((option.get("key")?.to_string(), specs_of(option.get("inputs"), &within)))
    })
    .collect()
}

fn rows_of(kind: &str, options: &Map<String, Value>) -> Option<Rows> {
    if kind != "COMFY_DYNAMICGROUP_V3" {
        return None;
    }
    let count = |name: &str| {
        let count = options.get(name).and_then(Value::as_u64);
        count.map(|count| usize::try_from(count).unwrap_or(usize::MAX))
    };
    // The number of the row goes where the name ends.
    let fields = specs_of(options.get("template"), "");
    let least = count("min").unwrap_or(0);
    Some(Rows { least, greatest: count("max").unwrap_or(100).max(least), fields })
}

/// What JavaScript takes for true.
fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
