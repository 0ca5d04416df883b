//! Takes out of answers and frames what differs between any two servers.

use serde_json::{Map, Value, json};

/// What ComfyUI explains in its own words. The practice engine does not repeat them.
const WORDS: [&str; 5] =
    ["tooltip", "output_tooltips", "description", "search_aliases", "essentials_category"];
const TIMES: [&str; 6] = [
    "timestamp",
    "create_time",
    "execution_start_time",
    "execution_end_time",
    "modified",
    "created",
];

/// A value as it is compared.
pub fn value(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let fields = map.iter().filter(|(key, _)| !WORDS.contains(&key.as_str()));
            let fields = fields.map(|(key, item)| (name(key), field(key, item)));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(self::value).collect();
            // What is left of an input with nothing but explanations.
            if items.len() == 2 && items[1] == json!({}) {
                items.pop();
            }
            Value::Array(items)
        }
        Value::String(text) => Value::String(name(text)),
        other => other.clone(),
    }
}

fn field(key: &str, item: &Value) -> Value {
    match (key, item) {
        (key, Value::Number(number)) if TIMES.contains(&key) => {
            json!(if number.is_f64() { "a time as float" } else { "a time" })
        }
        // They depend on what was asked before.
        ("number" | "priority", Value::Number(number)) => number_kind(number),
        ("prompt", Value::Array(items)) if items.len() == 5 => queue_item(items),
        ("queue_running" | "queue_pending", Value::Array(items)) => items
            .iter()
            .map(|item| item.as_array().map_or_else(|| value(item), |item| queue_item(item)))
            .collect(),
        // Device facts: only what kind of value there is.
        ("system", Value::Object(system)) => {
            system.iter().map(|(key, value)| (key.clone(), kind(value))).collect()
        }
        (_, Value::Number(_)) if key.contains("vram") => kind(item),
        ("traceback", Value::Array(lines)) => json!(if lines.is_empty() { "none" } else { "some" }),
        // They come out of a set.
        ("current_outputs", Value::Array(nodes)) => {
            let mut nodes: Vec<String> = nodes.iter().map(Value::to_string).collect();
            nodes.sort();
            json!(nodes)
        }
        // Descriptions of tensors.
        ("current_inputs", Value::Object(inputs)) => json!(inputs.keys().collect::<Vec<_>>()),
        // A running node's step depends on when one looks.
        (_, Value::Object(node)) if node.get("state") == Some(&json!("running")) => {
            let mut node = node.clone();
            if node["max"] != json!(1.0) {
                node.insert("value".into(), json!("a step"));
            }
            value(&Value::Object(node))
        }
        _ => value(item),
    }
}

fn kind(value: &Value) -> Value {
    json!(match value {
        Value::String(_) => "text",
        Value::Number(_) => "a number",
        Value::Array(_) => "a list",
        _ => return value.clone(),
    })
}

fn number_kind(number: &serde_json::Number) -> Value {
    let sign = if number.as_f64().is_some_and(|number| number < 0.0) { "negative" } else { "" };
    json!(format!("{sign}{}", if number.is_f64() { "float" } else { "int" }))
}

/// `[number, id, prompt, extra_data, outputs]`.
fn queue_item(items: &[Value]) -> Value {
    let number = items[0].as_number().map_or(Value::Null, number_kind);
    // The output nodes come out of a set, in any order.
    let mut outputs: Vec<String> =
        items[4].as_array().into_iter().flatten().map(Value::to_string).collect();
    outputs.sort();
    let middle = items[1..4].iter().map(value);
    std::iter::once(number).chain(middle).chain([json!(outputs)]).collect()
}

/// Text without counters, random letters and ids the server made up.
pub fn name(text: &str) -> String {
    let hex = |part: &str| part.len() == 32 && part.bytes().all(|b| b.is_ascii_hexdigit());
    if hex(text) {
        return "an id of the server's".into();
    }
    if let Some((name, id)) = text.rsplit_once('_')
        && id.len() == 36
        && id.matches('-').count() == 4
    {
        return format!("{name}_ and an id of the server's");
    }
    let mut name = text.to_string();
    if let Some(at) = name.find("ComfyUI_temp_")
        && name.is_char_boundary(at + 18)
    {
        name.replace_range(at + 13..at + 18, "?????");
    }
    let digits = |at: usize| {
        let part = name.as_bytes().get(at..at + 7);
        part.is_some_and(|p| {
            p[0] == b'_' && p[1..6].iter().all(u8::is_ascii_digit) && matches!(p[6], b'_' | b'.')
        })
    };
    if let Some(at) = (0..name.len()).find(|at| digits(*at)) {
        name.replace_range(at + 1..at + 6, "#####");
    }
    name
}

/// What is compared of a frame: texts as they are, pictures by event and metadata.
pub fn frame(frame: &Value) -> Value {
    if frame.get("event").is_some() {
        return json!({ "binary": frame["event"], "meta": frame["meta"] });
    }
    let mut frame = frame.clone();
    if frame["type"] == "progress" {
        frame["data"]["value"] = json!("a step");
    }
    value(&frame)
}

/// Whether a frame tells of a step within a node. How many come depends on speed.
fn is_step(frame: &Value) -> bool {
    frame.get("binary").is_some()
        || frame["type"] == "progress"
        || frame["type"] == "progress_state"
}

/// Frames with repeated steps told once.
pub fn collapsed<'a>(frames: impl Iterator<Item = &'a Value>) -> Vec<&'a Value> {
    let mut told: Vec<&Value> = Vec::new();
    for frame in frames {
        let steps = told.iter().rev().take(3).take_while(|known| is_step(known));
        if !(is_step(frame) && steps.into_iter().any(|known| *known == frame)) {
            told.push(frame);
        }
    }
    told
}

/// Where two values differ, in words; nothing if they are alike.
pub fn difference(at: &str, expected: &Value, actual: &Value) -> Option<String> {
    match (expected, actual) {
        (Value::Object(one), Value::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().collect();
            keys.extend(other.keys().filter(|key| !one.contains_key(*key)));
            let differs = keys.into_iter().find_map(|key| {
                let path = format!("{at}.{key}");
                match (one.get(key), other.get(key)) {
                    (Some(one), Some(other)) => difference(&path, one, other),
                    (Some(one), None) => Some(format!("{path} is missing, expected {one:.300}")),
                    (_, other) => {
                        Some(format!("{path} is too much: {:.300}", other.unwrap_or(&Value::Null)))
                    }
                }
            });
            differs.or_else(|| {
                let order =
                    |map: &Map<String, Value>| map.keys().cloned().collect::<Vec<_>>().join(", ");
                (order(one) != order(other)).then(|| {
                    format!("{at}: the order is {}, expected {}", order(other), order(one))
                })
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            pairs
                .into_iter()
                .find_map(|(i, (one, other))| difference(&format!("{at}[{i}]"), one, other))
        }
        _ if expected == actual => None,
        _ => Some(format!("{at} is {actual:.400}, expected {expected:.400}")),
    }
}
