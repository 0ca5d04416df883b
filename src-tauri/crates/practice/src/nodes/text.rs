//! Values typed into the graph, and showing values as text.

use serde_json::json;

use super::{Done, Inputs, Job, NodeError, Value};

pub fn primitive(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    Done::one(inputs.get("value")?.clone())
}

pub fn preview_any(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let text = inputs.get("source")?.text();
    let ui = Some(json!({ "text": [text] }));
    Ok(Done { outputs: vec![Value::Text(text)], ui })
}
