//! What an input takes, from what the server says of it, else from its value.

use super::knob::{Branch, FileKind, Kind};
use crate::{
    convert::widget_type,
    preflight::{
        class::{Shape, Spec},
        files,
    },
};
use domain::NodeClass;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The longest name of a folder or an output that is kept, in characters.
pub(super) const LONGEST_NAME: usize = 100;

/// What a server says of an input.
#[derive(Clone)]
pub(super) struct About {
    pub kind: Kind,
    /// As JSON text.
    pub default: Option<Arc<str>>,
    pub tooltip: Option<Arc<str>>,
}

impl About {
    pub fn new(spec: &Spec<'_>, class: &NodeClass) -> Self {
        let options = &spec.input.options;
        let text = options.get("tooltip").and_then(Value::as_str).filter(|text| !text.is_empty());
        let default = options.get("default").filter(|default| !default.is_null());
        Self {
            kind: kind_of(spec, class),
            default: default.map(|default| default.to_string().into()),
            tooltip: text.map(Arc::from),
        }
    }

    /// What can be said of a value that no server tells of.
    pub fn of_value(json: &str) -> Self {
        Self { kind: guessed(json), default: None, tooltip: None }
    }
}

/// The kind of an input of a class.
fn kind_of(spec: &Spec<'_>, class: &NodeClass) -> Kind {
    let options = &spec.input.options;
    let number = |name: &str| options.get(name).filter(|it| it.is_number()).map(Value::to_string);
    let text = |name: &str| options.get(name).and_then(Value::as_str).map(Arc::from);
    let is = |name: &str| spec.input.is(name);
    if files::is_upload(&spec.input) {
        return Kind::File {
            what: file_kind(spec, class),
            values: list(spec),
            folder: folder(options, file_kind(spec, class)),
        };
    }
    if let Shape::Choice(options) = &spec.shape {
        let branch = |(key, inputs): &(Value, Vec<Spec<'_>>)| Branch {
            value: key.to_string(),
            inputs: inputs.iter().map(|spec| spec.input.name.clone()).collect(),
        };
        return Kind::DynamicChoice { options: options.iter().map(branch).collect() };
    }
    match widget_type(&spec.input) {
        "INT" => Kind::Int { min: number("min"), max: number("max"), step: number("step") },
        "FLOAT" => Kind::Float {
            min: number("min"),
            max: number("max"),
            step: number("step"),
            round: number("round"),
        },
        "BOOLEAN" => Kind::Boolean { on: text("label_on"), off: text("label_off") },
        "STRING" => {
            Kind::Text { multiline: is("multiline"), dynamic_prompts: is("dynamicPrompts") }
        }
        "TEXTAREA" | "MARKDOWN" => {
            Kind::Text { multiline: true, dynamic_prompts: is("dynamicPrompts") }
        }
        "COMBO" => Kind::Choice {
            values: list(spec),
            many: is("multiselect") || is("multi_select"),
            open: spec.list().is_none() || options.contains_key("remote"),
        },
        "COMFY_MATCHTYPE_V3" => {
            let template = options.get("template");
            let allowed = template.and_then(|it| it.get("allowed_types")).and_then(Value::as_str);
            Kind::Several { types: types(allowed.unwrap_or("*")) }
        }
        several if several == "*" || several.contains(',') => {
            Kind::Several { types: types(several) }
        }
        other => Kind::Other { kind: other.into() },
    }
}

/// The kind of a value that no server tells of.
fn guessed(json: &str) -> Kind {
    match json.as_bytes().first() {
        Some(b'"') => Kind::Text {
            multiline: json.contains("\\n") || json.len() > 60,
            dynamic_prompts: false,
        },
        Some(b't' | b'f') => Kind::Boolean { on: None, off: None },
        Some(b'-' | b'0'..=b'9') if json.contains(['.', 'e', 'E']) => {
            Kind::Float { min: None, max: None, step: None, round: None }
        }
        Some(b'-' | b'0'..=b'9') => Kind::Int { min: None, max: None, step: None },
        _ => Kind::Other { kind: "".into() },
    }
}

fn list(spec: &Spec<'_>) -> Arc<[String]> {
    spec.list().unwrap_or_default().iter().map(Value::to_string).collect()
}

fn types(several: &str) -> Arc<[String]> {
    several.split(',').map(|kind| kind.trim().to_owned()).collect()
}

/// What is in the files of an input.
fn file_kind(spec: &Spec<'_>, class: &NodeClass) -> FileKind {
    let is = |option: &str| spec.input.is(option);
    let makes = |kind: &str| class.outputs.iter().any(|output| output.kind == kind);
    if is("video_upload") || is("animated_image_upload") {
        return FileKind::Video;
    }
    if is("audio_upload") {
        return FileKind::Audio;
    }
    if is("image_upload") {
        let mask = (makes("MASK") && !makes("IMAGE")) || spec.input.name.contains("mask");
        return if mask { FileKind::Mask } else { FileKind::Picture };
    }
    let listed = spec.list().unwrap_or_default().iter().filter_map(Value::as_str);
    let of_list = listed.take(50).find_map(file_kind_of_name);
    let name = spec.input.name.to_ascii_lowercase();
    of_list.unwrap_or(if ["model", "mesh", "3d"].iter().any(|part| name.contains(part)) {
        FileKind::Model3d
    } else {
        FileKind::Other
    })
}

/// What is in a file of this name; nothing for names without a known ending.
pub(super) fn file_kind_of_name(name: &str) -> Option<FileKind> {
    // ComfyUI marks the folder that a file is in.
    let name = name.split(" [").next().unwrap_or(name);
    let (stem, ending) = name.rsplit_once('.')?;
    if stem.is_empty() || ending.len() > 5 || name.contains('\n') {
        return None;
    }
    Some(match ending.to_ascii_lowercase().as_str() {
        "png" | "jpg" | "jpeg" | "webp" | "gif" | "bmp" | "tif" | "tiff" | "avif" | "exr" => {
            FileKind::Picture
        }
        "mp4" | "webm" | "mov" | "mkv" | "avi" | "m4v" => FileKind::Video,
        "wav" | "mp3" | "flac" | "ogg" | "opus" | "m4a" | "aac" => FileKind::Audio,
        "glb" | "gltf" | "obj" | "fbx" | "stl" | "usdz" | "ply" | "splat" | "spz" | "ksplat" => {
            FileKind::Model3d
        }
        _ => return None,
    })
}

/// Where files of an input go. ComfyUI's page puts models of things into a folder of their own
/// (frontend 1.45.21, `extensions/core/load3d.ts`).
fn folder(options: &Map<String, Value>, what: FileKind) -> String {
    match options.get("image_folder").and_then(Value::as_str) {
        Some(named) => named.chars().take(LONGEST_NAME).collect(),
        None if what == FileKind::Model3d => "input/3d".to_owned(),
        None => "input".to_owned(),
    }
}
