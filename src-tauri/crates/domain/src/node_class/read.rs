//! Reading `/object_info`: the JSON that a server gives, or a file that holds it.

use super::{InputKind, NodeClass, NodeInput, NodeOutput};
use serde::Deserialize;
use serde_json::{Map, Value};

/// One class. Custom nodes write what they like into it, so only its outer form is insisted on.
#[derive(Deserialize)]
struct RawClass {
    #[serde(default)]
    input: Value,
    #[serde(default)]
    input_order: Value,
    #[serde(default)]
    output: Value,
    #[serde(default)]
    output_is_list: Value,
    #[serde(default)]
    output_name: Value,
    #[serde(default)]
    display_name: Value,
    #[serde(default)]
    category: Value,
    #[serde(default)]
    description: Value,
    #[serde(default)]
    output_node: Value,
    #[serde(default)]
    deprecated: Value,
    #[serde(default)]
    experimental: Value,
    #[serde(default)]
    api_node: Value,
}

/// Reads an answer of `/object_info`. A class that is no object is left out.
///
/// # Errors
/// When the answer as a whole is no object.
pub fn read(json: &[u8]) -> Result<Vec<NodeClass>, serde_json::Error> {
    let all: Map<String, Value> = serde_json::from_slice(json)?;
    Ok(all
        .into_iter()
        .filter_map(|(name, class)| Some(class_of(name, serde_json::from_value(class).ok()?)))
        .collect())
}

fn class_of(name: String, raw: RawClass) -> NodeClass {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let is = |value: &Value| value.as_bool().unwrap_or(false);
    let shown = text(&raw.display_name);
    NodeClass {
        display_name: if shown.is_empty() { name.clone() } else { shown },
        category: text(&raw.category),
        description: text(&raw.description),
        output_node: is(&raw.output_node),
        deprecated: is(&raw.deprecated),
        experimental: is(&raw.experimental),
        api_node: is(&raw.api_node),
        inputs: inputs(&raw.input, &raw.input_order),
        outputs: outputs_of(&raw),
        name,
    }
}

/// Reads `{"required": {name: spec}, "optional": {…}}`: a class's inputs, or those that a dynamic input
/// holds in its options or its template. Required ones come first, each kind in the given order.
pub fn inputs(sections: &Value, order: &Value) -> Vec<NodeInput> {
    let mut inputs = Vec::new();
    for (section, required) in [("required", true), ("optional", false)] {
        let Some(Value::Object(of_section)) = sections.get(section) else { continue };
        let order = order.get(section).and_then(Value::as_array);
        // The order is told apart, because JSON objects have none to everybody.
        let place = |name: &str| {
            order.and_then(|order| order.iter().position(|at| at.as_str() == Some(name)))
        };
        let mut section: Vec<_> =
            of_section.iter().map(|(name, spec)| input_of(name, spec, required)).collect();
        section.sort_by_key(|input| place(&input.name).unwrap_or(usize::MAX));
        inputs.extend(section);
    }
    inputs
}

/// An input as `/object_info` has it: `[TYPE, options]`, `[[values], options]`, `["COMBO", {"options": [values]}]`, or less.
pub fn input_of(name: &str, spec: &Value, required: bool) -> NodeInput {
    let (kind, options) = match spec {
        Value::Array(parts) => (parts.first(), parts.get(1)),
        bare => (Some(bare), None),
    };
    let mut options = options.and_then(Value::as_object).cloned().unwrap_or_default();
    let kind = match kind {
        Some(Value::Array(values)) => InputKind::Combo(values.clone()),
        Some(Value::String(kind)) if kind == "COMBO" => {
            match options.shift_remove("options") {
                Some(Value::Array(values)) => InputKind::Combo(values),
                // Its values come from elsewhere, such as a remote list.
                _ => InputKind::Type(kind.clone()),
            }
        }
        Some(Value::String(kind)) => InputKind::Type(kind.clone()),
        _ => InputKind::Type("*".to_owned()),
    };
    NodeInput { name: name.to_owned(), required, kind, options }
}

fn outputs_of(raw: &RawClass) -> Vec<NodeOutput> {
    let Value::Array(kinds) = &raw.output else { return Vec::new() };
    let kind_of = |kind: &Value| match kind {
        Value::String(kind) => kind.clone(),
        // Old nodes hand out a list of values as a type.
        _ => "COMBO".to_owned(),
    };
    let names = raw.output_name.as_array();
    let lists = raw.output_is_list.as_array();
    kinds
        .iter()
        .enumerate()
        .map(|(slot, kind)| NodeOutput {
            name: names
                .and_then(|names| names.get(slot)?.as_str())
                .map_or_else(|| kind_of(kind), str::to_owned),
            is_list: lists.and_then(|lists| lists.get(slot)?.as_bool()).unwrap_or(false),
            kind: kind_of(kind),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn class(definition: Value) -> NodeClass {
        read(json!({ "Sampler": definition }).to_string().as_bytes()).unwrap().remove(0)
    }

    #[test]
    fn every_way_to_write_an_input_is_read() {
        let class = class(json!({
            "input": {
                "required": {
                    "seed": ["INT", {"default": 0, "min": 0, "max": 18_446_744_073_709_551_615_u64}],
                    "sampler": [["euler", "heun"], {"tooltip": "t"}],
                    "model": ["MODEL"],
                    "new": ["COMBO", {"options": ["a", "b"], "default": "b"}],
                    "remote": ["COMBO", {"remote": {"route": "/x"}}],
                },
                "optional": {"bare": "IMAGE", "odd": [7, null], "text": ["STRING", {"multiline": true}]},
                "hidden": {"prompt": "PROMPT"},
            },
            "input_order": {"required": ["model", "seed"]},
            "output": ["LATENT", ["x", "y"]],
            "output_is_list": [true],
            "output_name": ["samples"],
            "display_name": "KSampler",
            "category": "sampling",
            "output_node": true,
            "deprecated": true,
        }));
        let names: Vec<_> = class.inputs.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, ["model", "seed", "sampler", "new", "remote", "bare", "odd", "text"]);
        let kind = |name: &str| class.input(name).unwrap().kind.clone();
        assert_eq!(kind("sampler"), InputKind::Combo(vec![json!("euler"), json!("heun")]));
        assert_eq!(kind("new"), InputKind::Combo(vec![json!("a"), json!("b")]));
        assert_eq!(kind("remote"), InputKind::Type("COMBO".into()));
        assert_eq!(kind("odd"), InputKind::Type("*".into()));
        let default = |name: &str| class.input(name).unwrap().default().cloned();
        assert_eq!(default("sampler"), Some(json!("euler")));
        assert_eq!(default("new"), Some(json!("b")));
        assert_eq!(default("model"), None);
        let seed = class.input("seed").unwrap();
        assert_eq!(seed.options["max"].as_u64(), Some(u64::MAX));
        assert!(class.input("text").unwrap().is("multiline") && !seed.is("multiline"));
        assert!(seed.required && !class.input("bare").unwrap().required);
        let output = |slot: usize| {
            let output = &class.outputs[slot];
            (output.name.as_str(), output.kind.as_str(), output.is_list)
        };
        assert_eq!(
            (output(0), output(1)),
            (("samples", "LATENT", true), ("COMBO", "COMBO", false))
        );
        assert!(class.output_node && class.deprecated && !class.experimental);
        assert_eq!(
            (class.display_name.as_str(), class.category.as_str()),
            ("KSampler", "sampling")
        );
    }

    #[test]
    fn what_custom_nodes_get_wrong_is_tolerated() {
        for definition in [json!({}), json!({"input": [], "output": "IMAGE", "display_name": 3})] {
            let class = class(definition);
            assert_eq!((class.display_name.as_str(), class.inputs.len()), ("Sampler", 0));
        }
        assert!(read(br#"{"A": 3}"#).unwrap().is_empty());
        assert!(read(b"[]").is_err());
    }
}
