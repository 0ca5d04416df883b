//! The description of a node class, as `/object_info` tells it.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use super::{Done, Inputs, Job, NodeError};
use crate::like::Like;

/// Where the server keeps files.
#[derive(Clone, Debug)]
pub struct Folders {
    pub input: PathBuf,
    pub output: PathBuf,
    pub temp: PathBuf,
}

impl Folders {
    /// The folder of this `type`: `input`, `output` or `temp`.
    pub fn of(&self, kind: &str) -> Option<&Path> {
        match kind {
            "input" => Some(&self.input),
            "output" => Some(&self.output),
            "temp" => Some(&self.temp),
            _ => None,
        }
    }

    /// Splits `name [input]` into the name and the folder.
    pub fn annotated<'a>(&'a self, name: &'a str) -> Option<(&'a str, &'a Path)> {
        let (name, kind) = name.strip_suffix(']')?.rsplit_once(" [")?;
        Some((name, self.of(kind)?))
    }
}

/// The choices of a combo input.
#[derive(Clone, Copy, Debug)]
pub enum Options {
    Fixed(&'static [&'static str]),
    /// The files in the input folder, read each time.
    InputFiles,
}

impl Options {
    pub fn list(self, folders: &Folders) -> Vec<String> {
        match self {
            Options::Fixed(names) => names.iter().map(|name| (*name).to_string()).collect(),
            Options::InputFiles => {
                let mut names: Vec<String> = std::fs::read_dir(&folders.input)
                    .into_iter()
                    .flatten()
                    .flatten()
                    .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
                    .filter_map(|entry| entry.file_name().into_string().ok())
                    .filter(|name| is_picture(name))
                    .collect();
                names.sort();
                names
            }
        }
    }
}

/// Whether a file is a picture by its name.
fn is_picture(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
    let known = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "svg", "avif", "ico"];
    known.contains(&extension.as_str())
}

/// What an input takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Int,
    Float,
    Text,
    Bool,
    /// Choices as a bare list, the older form.
    Combo(Options),
    /// Choices as `["COMBO", {"options": [..]}]`, the newer form.
    NewCombo(Options),
    /// Only a link to an output of this type.
    Link(&'static str),
    /// Anything.
    Any,
}

/// One input of a node class.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// The second part of its definition: default, range, tooltip ...
    pub config: Option<Json>,
}

impl Input {
    /// The type as text, where it has one.
    pub fn type_name(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Int => Some("INT"),
            Kind::Float => Some("FLOAT"),
            Kind::Text => Some("STRING"),
            Kind::Bool => Some("BOOLEAN"),
            Kind::Combo(_) => None,
            Kind::NewCombo(_) => Some("COMBO"),
            Kind::Link(name) => Some(name),
            Kind::Any => Some("*"),
        }
    }

    /// The type as `/object_info` has it: a name or the list of choices.
    pub fn type_json(&self, folders: &Folders) -> Json {
        match self.kind {
            Kind::Combo(options) => json!(options.list(folders)),
            _ => json!(self.type_name()),
        }
    }

    /// The configuration, complete with the choices of a newer combo.
    pub fn config_json(&self, folders: &Folders) -> Option<Json> {
        match self.kind {
            Kind::NewCombo(options) => {
                let mut config = Map::new();
                config.insert("multiselect".into(), json!(false));
                config.insert("options".into(), json!(options.list(folders)));
                Some(Json::Object(config))
            }
            _ => self.config.clone(),
        }
    }

    fn definition(&self, folders: &Folders) -> Json {
        match self.config_json(folders) {
            Some(config) => json!([self.type_json(folders), config]),
            None => json!([self.type_json(folders)]),
        }
    }
}

/// A node class.
pub struct NodeClass {
    pub name: &'static str,
    pub display_name: &'static str,
    pub category: &'static str,
    pub description: &'static str,
    pub module: &'static str,
    pub deprecated: bool,
    /// Whether the job is for what it gives: it saves or shows something.
    pub output_node: bool,
    pub inputs: Vec<Input>,
    /// Type and name of each output slot.
    pub outputs: &'static [(&'static str, &'static str)],
    pub run: fn(&Inputs, &dyn Job) -> Result<Done, NodeError>,
}

impl NodeClass {
    /// Whether ComfyUI defines it in its newer way, whose entries have more fields.
    fn newer(&self) -> bool {
        self.module.starts_with("comfy_extras.") && self.name != "PreviewAny"
    }

    /// The entry of `/object_info`.
    pub fn info(&self, folders: &Folders, like: Like) -> Json {
        let section = |required: bool| -> Map<String, Json> {
            self.inputs
                .iter()
                .filter(|input| input.required == required)
                .map(|input| (input.name.to_string(), input.definition(folders)))
                .collect()
        };
        let mut input = Map::new();
        let mut order = Map::new();
        for (key, entries) in [("required", section(true)), ("optional", section(false))] {
            if key == "required" || !entries.is_empty() {
                order.insert(key.into(), entries.keys().cloned().collect());
                input.insert(key.into(), Json::Object(entries));
            }
        }
        let newer = self.newer();
        if self.output_node && self.name != "PreviewAny" {
            let hidden = |kind: &str| if newer { json!([kind]) } else { json!(kind) };
            input.insert(
                "hidden".into(),
                json!({ "prompt": hidden("PROMPT"), "extra_pnginfo": hidden("EXTRA_PNGINFO") }),
            );
            order.insert("hidden".into(), json!(["prompt", "extra_pnginfo"]));
        }
        let types: Vec<&str> = self.outputs.iter().map(|(kind, _)| *kind).collect();
        let names: Vec<&str> = self.outputs.iter().map(|(_, name)| *name).collect();
        let latest = like >= Like::V0_28_2;
        let mut info = json!({ "input": input, "input_order": order });
        let mut set = |when: bool, key: &str, value: Json| {
            if when {
                info[key] = value;
            }
        };
        set(latest, "is_input_list", json!(false));
        set(true, "output", json!(types));
        set(true, "output_is_list", json!(vec![false; types.len()]));
        set(true, "output_name", json!(names));
        set(newer && like >= Like::V0_8_0, "output_matchtypes", Json::Null);
        set(true, "name", json!(self.name));
        set(true, "display_name", json!(self.display_name));
        set(true, "description", json!(self.description));
        set(true, "python_module", json!(self.module));
        set(true, "category", json!(self.category));
        set(true, "output_node", json!(self.output_node));
        set(latest && !newer, "has_intermediate_output", json!(false));
        set(newer || self.deprecated, "deprecated", json!(self.deprecated));
        set(newer, "experimental", json!(false));
        set(latest && newer, "dev_only", json!(false));
        set(newer, "api_node", json!(false));
        set(latest && newer, "price_badge", Json::Null);
        set(latest, "search_aliases", json!([]));
        set(latest && newer, "has_intermediate_output", json!(false));
        info
    }
}
