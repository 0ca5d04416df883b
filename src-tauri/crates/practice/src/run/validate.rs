//! Checking a graph before it is queued, with ComfyUI's answers.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::like::Like;
use crate::nodes::{Folders, Input, Kind, NodeClass, Options, find, named_file};
use crate::python;

/// Longest chain of links; beyond it Python's recursion limit ends the check.
fn deepest(like: Like) -> usize {
    match like {
        Like::V0_3_64 => 980,
        Like::V0_8_0 => 979,
        Like::V0_28_2 => 972,
    }
}

/// A graph that cannot be run at all.
#[derive(Debug)]
pub(crate) struct Refused {
    pub error: Value,
    pub node_errors: Value,
}

/// A graph of which something can be run.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The output nodes to run.
    pub outputs: Vec<String>,
    /// What is wrong with the nodes that will not run.
    pub node_errors: Value,
}

/// The parts of the `error` object.
pub(crate) fn error(kind: &str, message: &str, details: &str, extra_info: Value) -> Value {
    json!({ "type": kind, "message": message, "details": details, "extra_info": extra_info })
}

/// Checks the graph and converts its values in place. `Ok(None)` means that it is no
/// graph at all (a node is not an object), which ComfyUI answers with a 500.
pub(crate) fn validate(
    prompt: &mut Map<String, Value>,
    targets: Option<&[String]>,
    folders: &Folders,
    like: Like,
) -> Result<Option<Verdict>, Box<Refused>> {
    let mut outputs = Vec::new();
    for (id, node) in prompt.iter() {
        let Some(node) = node.as_object() else { return Ok(None) };
        let class = node.get("class_type").and_then(Value::as_str).and_then(find);
        let Some(class) = class else {
            return Err(missing(id, node, like));
        };
        let wanted = targets.is_none_or(|targets| targets.contains(id));
        if class.output_node && wanted {
            outputs.push(id.clone());
        }
    }
    if outputs.is_empty() {
        let error = error("prompt_no_outputs", "Prompt has no outputs", "", json!({}));
        return Err(Box::new(Refused { error, node_errors: json!({}) }));
    }

    let mut check =
        Check { prompt, folders, like, known: vec![], index: HashMap::new(), path: vec![] };
    let mut good = Vec::new();
    let mut lines = Vec::new();
    let mut node_errors = Map::new();
    for output in outputs {
        match check.node(&output) {
            Ok(true) => {
                good.push(output);
                continue;
            }
            Ok(false) => {}
            Err(exception) => {
                let reason = error(
                    "exception_during_validation",
                    "Exception when validating node",
                    &exception.message,
                    exception.extra(),
                );
                check.path.clear();
                check.settle(&output, vec![reason]);
            }
        }
        if let Some(reasons) = check.reasons(&output) {
            lines.extend(reasons.iter().map(|reason| {
                format!(
                    "{}: {}",
                    python::text(&reason["message"]),
                    python::text(&reason["details"])
                )
            }));
        }
        for (id, reasons) in &check.known {
            // A node that is only below a bad one has no reasons of its own.
            if reasons.as_ref().is_none_or(Vec::is_empty) {
                continue;
            }
            let entry = node_errors.entry(id.clone()).or_insert_with(|| {
                json!({
                    "errors": reasons,
                    "dependent_outputs": [],
                    "class_type": check.prompt[id]["class_type"],
                })
            });
            if let Some(dependent) = entry["dependent_outputs"].as_array_mut() {
                dependent.push(json!(output));
            }
        }
    }
    let node_errors = Value::Object(node_errors);
    if good.is_empty() {
        let error = error(
            "prompt_outputs_failed_validation",
            "Prompt outputs failed validation",
            &lines.join("\n"),
            json!({}),
        );
        return Err(Box::new(Refused { error, node_errors }));
    }
    Ok(Some(Verdict { outputs: good, node_errors }))
}

fn missing(id: &str, node: &Map<String, Value>, like: Like) -> Box<Refused> {
    let class = node.get("class_type").filter(|class| !class.is_null());
    let details = format!("Node ID '#{id}'");
    if like < Like::V0_28_2 {
        let message = match class {
            Some(class) => {
                let class = python::text(class);
                format!("Cannot execute because node {class} does not exist.")
            }
            None => "Cannot execute because a node is missing the class_type property.".into(),
        };
        let error = error("invalid_prompt", &message, &details, json!({}));
        return Box::new(Refused { error, node_errors: json!({}) });
    }
    let title = node
        .get("_meta")
        .and_then(|meta| meta.get("title"))
        .filter(|title| title.is_string())
        .or(class);
    let message = match class {
        Some(_) => format!(
            "Node '{}' not found. The custom node may not be installed.",
            python::text(title.unwrap_or(&Value::Null))
        ),
        None => format!(
            "Node 'ID #{id}' has no class_type. The workflow may be corrupted or a custom node is \
             missing."
        ),
    };
    let extra = json!({ "node_id": id, "class_type": class, "node_title": title });
    let error = error("missing_node_type", &message, &details, extra);
    Box::new(Refused { error, node_errors: json!({}) })
}

/// Something the real server's code stumbles over.
struct Exception {
    kind: &'static str,
    message: String,
}

impl Exception {
    fn extra(&self) -> Value {
        json!({
            "exception_type": self.kind,
            "traceback": [format!(
                "  File \"practice/run/validate.rs\", in validate_inputs\n    {}: {}\n",
                self.kind, self.message
            )],
        })
    }
}

struct Check<'a> {
    prompt: &'a mut Map<String, Value>,
    folders: &'a Folders,
    like: Like,
    /// Nodes in the order they were settled: `None` is good, else the reasons.
    known: Vec<(String, Option<Vec<Value>>)>,
    index: HashMap<String, usize>,
    /// The nodes on the way from the output to here.
    path: Vec<String>,
}

/// What checking one input leads to.
enum Step {
    Fine,
    Wrong(Value),
    /// The node it is linked to must be checked.
    Follow(String),
}

impl Check<'_> {
    fn settle(&mut self, id: &str, reasons: Vec<Value>) {
        self.store(id, Some(reasons));
    }

    fn store(&mut self, id: &str, verdict: Option<Vec<Value>>) {
        match self.index.get(id) {
            Some(index) => self.known[*index].1 = verdict,
            None => {
                self.index.insert(id.into(), self.known.len());
                self.known.push((id.into(), verdict));
            }
        }
    }

    fn reasons(&self, id: &str) -> Option<&Vec<Value>> {
        self.known[*self.index.get(id)?].1.as_ref()
    }

    /// Whether the node and all before it are good. Kept small: it calls itself once
    /// for each link of a chain.
    fn node(&mut self, id: &str) -> Result<bool, Exception> {
        if let Some(index) = self.index.get(id) {
            return Ok(self.known[*index].1.is_none());
        }
        if self.cycle(id) {
            return Ok(false);
        }
        self.path.push(id.into());
        let class = self.class(id)?;
        let mut reasons = Vec::new();
        let mut good = true;
        for input in &class.inputs {
            match self.input(id, input)? {
                Step::Fine => {}
                Step::Wrong(reason) => reasons.push(reason),
                Step::Follow(source) => match self.node(&source) {
                    Ok(fine) => good &= fine,
                    Err(exception) => {
                        self.inner_exception(id, input, &source, &exception);
                        good = false;
                    }
                },
            }
        }
        self.path.pop();
        // A cycle found further on has settled this node already.
        if self.index.contains_key(id) {
            return Ok(false);
        }
        let verdict = (!good || !reasons.is_empty()).then_some(reasons);
        let good = verdict.is_none();
        self.store(id, verdict);
        Ok(good)
    }

    fn class(&self, id: &str) -> Result<&'static NodeClass, Exception> {
        if self.path.len() > deepest(self.like) {
            return Err(Exception {
                kind: "RecursionError",
                message: "maximum recursion depth exceeded while calling a Python object".into(),
            });
        }
        let node = &self.prompt[id];
        if !node.get("inputs").is_some_and(Value::is_object) {
            return Err(Exception { kind: "KeyError", message: "'inputs'".into() });
        }
        Ok(node["class_type"]
            .as_str()
            .and_then(find)
            .expect("invariant: every class was looked up before"))
    }

    /// Settles all nodes of a cycle if this one is on the path already.
    fn cycle(&mut self, id: &str) -> bool {
        let Some(start) = self.path.iter().position(|on_path| on_path == id) else {
            return false;
        };
        let nodes: Vec<String> = self.path[start..].to_vec();
        let label =
            |id: &String| format!("{id} ({})", python::text(&self.prompt[id]["class_type"]));
        let mut way: Vec<String> = nodes.iter().map(label).collect();
        way.push(label(&nodes[0]));
        let way = way.join(" -> ");
        for node in &nodes {
            let extra = json!({ "node_id": node, "cycle_nodes": nodes });
            let reason = error("dependency_cycle", "Dependency cycle detected", &way, extra);
            // Before 0.28 the job was refused without a reason.
            let reasons = if self.like < Like::V0_28_2 { vec![] } else { vec![reason] };
            self.settle(node, reasons);
        }
        true
    }

    fn inner_exception(&mut self, id: &str, input: &Input, source: &str, exception: &Exception) {
        let mut extra = json!({
            "input_name": input.name,
            "input_config": self.config(input),
            "exception_message": exception.message,
        });
        if let (Value::Object(extra), Value::Object(more)) = (&mut extra, exception.extra()) {
            extra.extend(more);
            extra.insert("linked_node".into(), self.prompt[id]["inputs"][input.name].clone());
        }
        let reason = error(
            "exception_during_inner_validation",
            "Exception when validating inner node",
            &exception.message,
            extra,
        );
        // The way to this node is what is left of the path.
        if let Some(here) = self.path.iter().position(|on_path| on_path == id) {
            self.path.truncate(here + 1);
        }
        self.settle(source, vec![reason]);
    }

    /// `[type, options]` as it stands in `/object_info`.
    fn config(&self, input: &Input) -> Value {
        let options = input.config_json(self.folders).unwrap_or_else(|| json!({}));
        json!([input.type_json(self.folders), options])
    }

    #[inline(never)]
    fn input(&mut self, id: &str, input: &Input) -> Result<Step, Exception> {
        let Some(value) = self.prompt[id]["inputs"].get(input.name).cloned() else {
            if !input.required {
                return Ok(Step::Fine);
            }
            let extra = json!({ "input_name": input.name });
            let message = "Required input is missing";
            return Ok(Step::Wrong(error("required_input_missing", message, input.name, extra)));
        };
        match &value {
            Value::Array(link) => self.linked(input, &value, link),
            _ => Ok(self.widget(id, input, value)),
        }
    }

    fn linked(&self, input: &Input, value: &Value, link: &[Value]) -> Result<Step, Exception> {
        let [source, slot] = link else {
            let extra = json!({
                "input_name": input.name,
                "input_config": self.config(input),
                "received_value": value,
            });
            return Ok(Step::Wrong(error(
                "bad_linked_input",
                "Bad linked input, must be a length-2 list of [node_id, slot_index]",
                input.name,
                extra,
            )));
        };
        let key_error = || Exception { kind: "KeyError", message: python::repr(source) };
        let id = source.as_str().ok_or_else(key_error)?;
        let node = self.prompt.get(id).ok_or_else(key_error)?;
        let outputs = node["class_type"]
            .as_str()
            .and_then(find)
            .expect("invariant: every class was looked up before")
            .outputs;
        let slot = slot.as_i64().ok_or_else(|| Exception {
            kind: "TypeError",
            message: "tuple indices must be integers or slices, not str".into(),
        })?;
        let (received, _) =
            usize::try_from(slot).ok().and_then(|slot| outputs.get(slot)).ok_or_else(|| {
                Exception { kind: "IndexError", message: "tuple index out of range".into() }
            })?;
        // A combo has no type name: nothing but "*" fits it.
        let fits = matches!(input.kind, Kind::Any) || input.type_name() == Some(received);
        if !fits {
            let wanted = python::text(&input.type_json(self.folders));
            let details =
                format!("{}, received_type({received}) mismatch input_type({wanted})", input.name);
            let extra = json!({
                "input_name": input.name,
                "input_config": self.config(input),
                "received_type": received,
                "linked_node": value,
            });
            return Ok(Step::Wrong(error(
                "return_type_mismatch",
                "Return type mismatch between linked nodes",
                &details,
                extra,
            )));
        }
        Ok(Step::Follow(id.into()))
    }

    fn widget(&mut self, id: &str, input: &Input, value: Value) -> Step {
        // `{"__value__": [..]}` protects a list from being taken for a link.
        let value = value.get("__value__").cloned().unwrap_or(value);
        let converted = match input.kind {
            Kind::Int => python::int(&value).map(|v| {
                serde_json::Number::from_i128(v).map_or_else(|| json!(v as f64), Value::Number)
            }),
            Kind::Float if python::not_finite(&value).is_some() => Ok(value.clone()),
            Kind::Float => python::float(&value).map(|v| json!(v)),
            Kind::Text => Ok(json!(python::text(&value))),
            Kind::Bool => Ok(json!(python::truthy(&value))),
            _ => Ok(value.clone()),
        };
        let value = match converted {
            Ok(value) => value,
            Err(exception) => {
                let kind = input.type_name().unwrap_or_default();
                let extra = json!({
                    "input_name": input.name,
                    "input_config": self.config(input),
                    "received_value": value,
                    "exception_message": exception,
                });
                return Step::Wrong(error(
                    "invalid_input_type",
                    &format!("Failed to convert an input value to a {kind} value"),
                    &format!("{}, {}, {exception}", input.name, python::text(&value)),
                    extra,
                ));
            }
        };
        if let Some(inputs) = self.prompt[id]["inputs"].as_object_mut() {
            inputs.insert(input.name.into(), value.clone());
        }
        match input.kind {
            Kind::Int | Kind::Float => self.range(input, &value),
            Kind::Combo(Options::InputFiles) => self.file(input, &value),
            Kind::Combo(options) | Kind::NewCombo(options) => self.choice(input, options, &value),
            _ => Step::Fine,
        }
    }

    fn range(&self, input: &Input, value: &Value) -> Step {
        let bound = |name: &str| input.config.as_ref().and_then(|config| config.get(name));
        let whole = |value: &Value| value.as_number().and_then(serde_json::Number::as_i128);
        let number = |value: &Value| python::not_finite(value).or(value.as_f64());
        // NaN is below nothing.
        let below = |a: &Value, b: &Value| match (whole(a), whole(b)) {
            (Some(a), Some(b)) => a < b,
            _ => number(a) < number(b),
        };
        let text = python::text(value);
        let (kind, message) = match (bound("min"), bound("max")) {
            (Some(min), _) if below(value, min) => {
                ("value_smaller_than_min", format!("Value {text} smaller than min of {min}"))
            }
            (_, Some(max)) if below(max, value) => {
                ("value_bigger_than_max", format!("Value {text} bigger than max of {max}"))
            }
            _ => return Step::Fine,
        };
        let extra = json!({
            "input_name": input.name,
            "input_config": self.config(input),
            "received_value": value,
        });
        Step::Wrong(error(kind, &message, input.name, extra))
    }

    fn choice(&self, input: &Input, options: Options, value: &Value) -> Step {
        let options = options.list(self.folders);
        if value.as_str().is_some_and(|value| options.iter().any(|option| option == value)) {
            return Step::Fine;
        }
        let (list, config) = if options.len() > 20 {
            (format!("(list of length {})", options.len()), Value::Null)
        } else {
            (python::repr(&json!(options)), self.config(input))
        };
        let extra = json!({
            "input_name": input.name,
            "input_config": config,
            "received_value": value,
        });
        let details = format!("{}: '{}' not in {list}", input.name, python::text(value));
        Step::Wrong(error("value_not_in_list", "Value not in list", &details, extra))
    }

    /// Loaders check that the file is there instead of looking in the list.
    fn file(&self, input: &Input, value: &Value) -> Step {
        let name = python::text(value);
        if named_file(self.folders, &name).is_some_and(|path| path.is_file()) {
            return Step::Fine;
        }
        Step::Wrong(error(
            "custom_validation_failed",
            "Custom validation failed for node",
            &format!("{} - Invalid image file: {name}", input.name),
            json!({ "input_name": input.name }),
        ))
    }
}
