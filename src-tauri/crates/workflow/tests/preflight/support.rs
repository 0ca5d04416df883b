//! Prompts, servers and what was found, written short.

use domain::ServerId;
use serde_json::{Value, json};
use workflow::{
    ObjectInfo, Prompt,
    preflight::{Finding, FindingKind, Report, preflight},
};

pub fn prompt(json: &Value) -> Prompt {
    workflow::read_prompt(json.to_string().as_bytes()).unwrap()
}

pub fn info(json: &Value) -> ObjectInfo {
    ObjectInfo::read(json.to_string().as_bytes()).unwrap()
}

pub fn server(number: u32) -> ServerId {
    format!("00000000-0000-0000-0000-{number:012x}").parse().unwrap()
}

/// A class that makes an IMAGE, of these required inputs.
pub fn source(inputs: &Value) -> Value {
    json!({"input": {"required": inputs}, "output": ["IMAGE"], "output_node": false})
}

/// A class that saves an IMAGE.
pub fn save() -> Value {
    json!({
        "input": {"required": {"images": ["IMAGE"]}},
        "output": [],
        "output_node": true,
        "display_name": "Save Image",
    })
}

/// What is found in a prompt of one node `1`, with these inputs, of a class with those, saved by `2`.
pub fn found(class_inputs: &Value, inputs: &Value) -> Report {
    let prompt = prompt(&json!({
        "1": {"class_type": "Source", "inputs": inputs},
        "2": {"class_type": "Save", "inputs": {"images": ["1", 0]}},
    }));
    preflight(&prompt, &info(&json!({"Source": source(class_inputs), "Save": save()})))
}

/// The findings of a kind.
pub fn of_kind(report: &Report, kind: FindingKind) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.kind == kind).collect()
}

pub fn one(report: &Report, kind: FindingKind) -> &Finding {
    match of_kind(report, kind)[..] {
        [finding] => finding,
        _ => panic!("not one {kind:?}: {report:#?}"),
    }
}

pub fn suggested(finding: &Finding) -> Vec<&str> {
    finding.suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect()
}
