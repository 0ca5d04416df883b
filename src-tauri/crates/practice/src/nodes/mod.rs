//! The nodes: what they are called, what goes in and out, and what they do.
//!
//! Names, inputs, ranges and defaults are those of ComfyUI 0.28.2.

pub mod class;
mod filter;
mod image;
mod latent;
mod load;
mod mask;
mod model;
mod quantize;
mod save;
pub mod scale;
mod table;
mod table_image;
mod table_latent;
mod text;
mod upscale;
mod value;
mod webp;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::Value as Json;

pub use class::{Folders, Input, Kind, NodeClass, Options};
pub use load::{decode, decode_bytes};
pub use table::{CHECKPOINTS, LORAS, find, table};
pub use upscale::UPSCALERS;
pub use value::{Latent, Layer, Model, Pictures, Value, check_size};

/// Why a node did not finish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeError {
    /// Somebody asked for it.
    Interrupted,
    /// It cannot be done.
    Failed {
        /// The name of the Python exception the real node raises in this case.
        exception: &'static str,
        /// What is wrong and what to do.
        message: Cow<'static, str>,
    },
}

impl NodeError {
    /// A `ValueError`: an input cannot be used.
    pub fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Failed { exception: "ValueError", message: message.into() }
    }

    /// An `OSError`: a file could not be read or written.
    pub fn file(what: &str, path: &std::path::Path, error: impl std::fmt::Display) -> Self {
        Self::Failed {
            exception: "OSError",
            message: format!("{what} {}: {error}", path.display()).into(),
        }
    }
}

/// What a node gives.
pub struct Done {
    /// One value for each output slot.
    pub outputs: Vec<Value>,
    /// What `executed` and the history carry, for nodes that show something.
    pub ui: Option<Json>,
}

impl Done {
    pub fn one(value: Value) -> Result<Self, NodeError> {
        Ok(Self { outputs: vec![value], ui: None })
    }
}

/// What a node may ask of the job it runs in.
pub trait Job {
    /// Says that `value` of `max` steps are done, with a JPEG of the work so far, and
    /// pauses for one step.
    fn step(&self, value: u32, max: u32, jpeg: Option<Vec<u8>>) -> Result<(), NodeError>;
    /// Whether anybody wants to see previews.
    fn wants_previews(&self) -> bool;
    /// Whether nothing more can be written.
    fn disk_is_full(&self) -> bool;
    /// Where files are.
    fn folders(&self) -> &Folders;
    /// Text to embed in saved pictures: keyword and text.
    fn metadata(&self) -> &[(String, String)];
    /// A name for temporary files of this run, different each time.
    fn temporary_prefix(&self) -> String;
}

/// The inputs of one run of a node.
pub struct Inputs(pub HashMap<String, Value>);

impl Inputs {
    fn get(&self, name: &str) -> Result<&Value, NodeError> {
        self.0.get(name).ok_or_else(|| NodeError::value(format!("The input {name} has no value.")))
    }

    fn wrong(name: &str, wanted: &str, got: &Value) -> NodeError {
        NodeError::Failed {
            exception: "TypeError",
            message: format!("The input {name} takes {wanted} and was given {}.", got.text())
                .into(),
        }
    }

    pub fn int(&self, name: &str) -> Result<i128, NodeError> {
        match self.get(name)? {
            Value::Int(number) => Ok(*number),
            Value::Float(number) => Ok(*number as i128),
            Value::Bool(flag) => Ok(i128::from(*flag)),
            other => Err(Self::wrong(name, "a whole number", other)),
        }
    }

    /// A number of pixels or pictures. Widget values were checked before; a value that
    /// comes along a link may be anything.
    pub fn count(&self, name: &str) -> Result<usize, NodeError> {
        let number = self.int(name)?;
        usize::try_from(number).ok().filter(|n| *n <= 1 << 20).ok_or_else(|| {
            NodeError::value(format!("The input {name} is {number}, which is out of range."))
        })
    }

    pub fn float(&self, name: &str) -> Result<f64, NodeError> {
        match self.get(name)? {
            Value::Float(number) => Ok(*number),
            Value::Int(number) => Ok(*number as f64),
            Value::Bool(flag) => Ok(f64::from(u8::from(*flag))),
            other => Err(Self::wrong(name, "a number", other)),
        }
    }

    pub fn bool(&self, name: &str) -> Result<bool, NodeError> {
        match self.get(name)? {
            Value::Bool(flag) => Ok(*flag),
            Value::Int(number) => Ok(*number != 0),
            other => Err(Self::wrong(name, "true or false", other)),
        }
    }

    pub fn text(&self, name: &str) -> Result<&str, NodeError> {
        match self.get(name)? {
            Value::Text(text) => Ok(text),
            other => Err(Self::wrong(name, "text", other)),
        }
    }

    pub fn image(&self, name: &str) -> Result<&Pictures, NodeError> {
        match self.get(name)? {
            Value::Image(pictures) => Ok(pictures),
            other => Err(Self::wrong(name, "pictures", other)),
        }
    }

    pub fn mask(&self, name: &str) -> Result<&Pictures, NodeError> {
        match self.get(name)? {
            Value::Mask(pictures) => Ok(pictures),
            other => Err(Self::wrong(name, "a mask", other)),
        }
    }

    pub fn latent(&self, name: &str) -> Result<&Latent, NodeError> {
        match self.get(name)? {
            Value::Latent(latent) => Ok(latent),
            other => Err(Self::wrong(name, "a latent", other)),
        }
    }

    pub fn model(&self, name: &str) -> Result<&Model, NodeError> {
        match self.get(name)? {
            Value::Model(model) => Ok(model),
            other => Err(Self::wrong(name, "a model", other)),
        }
    }

    /// By how much an upscale model enlarges.
    pub fn upscaler(&self, name: &str) -> Result<usize, NodeError> {
        match self.get(name)? {
            Value::Upscaler(factor) => Ok(*factor),
            other => Err(Self::wrong(name, "an upscale model", other)),
        }
    }

    pub fn conditioning(&self, name: &str) -> Result<&str, NodeError> {
        match self.get(name)? {
            Value::Conditioning(text) => Ok(text),
            other => Err(Self::wrong(name, "a conditioning", other)),
        }
    }
}

/// A file the graph names, as `name`, `sub/name`, or with ` [input]`, ` [output]` or
/// ` [temp]` behind it; `None` if the name leads out of the folder.
pub fn named_file(folders: &Folders, name: &str) -> Option<PathBuf> {
    let (name, folder) = folders.annotated(name).unwrap_or((name, &folders.input));
    let relative = crate::paths::inside(name)?;
    Some(folder.join(relative))
}
