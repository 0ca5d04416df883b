//! What real servers refused and what they took, beside what is found before.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::{
    collections::HashMap,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};
use workflow::{
    ObjectInfo,
    preflight::{FindingKind, Report, Severity, preflight},
};

const VERSIONS: [&str; 3] = ["v0.3.64", "v0.8.0", "v0.28.2"];

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/transcripts");
    if !folder.is_dir() {
        println!("not run: there are no recordings beside the project");
        return None;
    }
    Some(folder)
}

fn text_of(path: &Path) -> String {
    let mut text = String::new();
    let mut file = File::open(path).unwrap();
    if path.extension().is_some_and(|ending| ending == "gz") {
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        file.read_to_string(&mut text).unwrap();
    }
    text
}

/// A prompt that was sent, and the answer.
struct Sent {
    what: String,
    body: String,
    /// Whether only some outputs were asked for.
    partial: bool,
    status: u64,
    answer: Value,
}

fn sent(folder: &Path) -> Vec<Sent> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().contains(".jsonl"));
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut asked = HashMap::new();
        for line in text_of(&path).lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            if line["kind"] != "http" {
                continue;
            }
            let request = line["rid"].as_str().unwrap_or_default().to_owned();
            if line["dir"] == "req" {
                asked.insert(request, line);
                continue;
            }
            let Some(question) = asked.remove(&request) else { continue };
            if question["method"] != "POST" || question["path"] != "/prompt" {
                continue;
            }
            let body = match &question["json"] {
                Value::Null => question["raw"].as_str().unwrap_or_default().to_owned(),
                json => json.to_string(),
            };
            // Bodies of megabytes and packed ones were not recorded.
            if !body.starts_with('{') {
                continue;
            }
            // An answer with a bare NaN in it was recorded as text.
            let answer = line["text"].as_str().unwrap_or_default().replace("NaN", "null");
            let answer = serde_json::from_str(&answer).unwrap_or_else(|_| line["json"].clone());
            all.push(Sent {
                what: format!("{name}: {}", question["note"].as_str().unwrap_or_default()),
                partial: body.contains("partial_execution_targets"),
                body,
                status: line["status"].as_u64().unwrap_or_default(),
                answer,
            });
        }
    }
    all
}

fn info(folder: &Path) -> ObjectInfo {
    ObjectInfo::read(text_of(&folder.join("object_info.json.gz")).as_bytes()).unwrap()
}

#[test]
fn what_servers_took_is_not_blocked() {
    let Some(folder) = folder() else { return };
    let (mut taken, mut own_nodes) = (0, 0);
    for version in VERSIONS {
        let folder = folder.join(version);
        let info = info(&folder);
        for sent in sent(&folder).iter().filter(|sent| sent.status == 200) {
            let prompt = workflow::read_prompt(sent.body.as_bytes()).unwrap();
            // The list of classes was recorded without the custom nodes of these recordings.
            if prompt.nodes().iter().any(|node| info.get(&node.class).is_none()) {
                own_nodes += 1;
                continue;
            }
            let report = preflight(&prompt, &info);
            assert!(!report.blocked, "{version} {}: {report:#?}", sent.what);
            taken += 1;
        }
    }
    println!("{taken} prompts that servers took: none blocked; {own_nodes} with other nodes");
    assert!(taken > 100);
}

#[test]
fn what_servers_refused_is_found_at_the_same_place() {
    let Some(folder) = folder() else { return };
    let (mut refusals, mut places, mut unreadable, mut chains) = (0, 0, 0, 0);
    for version in VERSIONS {
        let folder = folder.join(version);
        let info = info(&folder);
        for sent in sent(&folder) {
            let errors = sent.answer["node_errors"].as_object().filter(|errors| !errors.is_empty());
            let kind = sent.answer["error"]["type"].as_str().unwrap_or_default();
            let about_request = ["invalid_prompt_id", "no_prompt"].contains(&kind);
            let refused = sent.status == 400 || errors.is_some();
            if !refused || about_request || sent.partial {
                continue;
            }
            refusals += 1;
            let what = format!("{version} {}", sent.what);
            let Ok(prompt) = workflow::read_prompt(sent.body.as_bytes()) else {
                // Refused when it was dropped: without nodes, or a node without a class.
                unreadable += 1;
                continue;
            };
            let report = preflight(&prompt, &info);
            if sent.answer.to_string().contains("recursion depth") {
                assert!(has(&report, FindingKind::ChainTooLong, None, None), "{what}: {report:#?}");
                chains += 1;
                continue;
            }
            let Some(errors) = errors else {
                let whole = match kind {
                    "prompt_no_outputs" => has(&report, FindingKind::NoOutput, None, None),
                    "missing_node_type" | "invalid_prompt" => {
                        has(&report, FindingKind::ClassMissing, Some("1"), None)
                    }
                    // Before 0.28 a circle is told without its nodes.
                    _ => has_kind(&report, FindingKind::Circle),
                };
                assert!(whole && report.blocked, "{what} {kind}: {report:#?}");
                places += 1;
                continue;
            };
            for (node, of_node) in errors {
                for error in of_node["errors"].as_array().unwrap() {
                    let input = error["extra_info"]["input_name"].as_str();
                    let kind = error["type"].as_str().unwrap();
                    assert_found(&report, kind, node, input, &what);
                    places += 1;
                }
            }
            let file_only =
                report.findings.iter().any(|it| it.kind == FindingKind::InputFileMissing);
            assert_eq!(report.blocked, sent.status == 400 && !file_only, "{what}: {report:#?}");
        }
    }
    println!(
        "{refusals} recorded refusals: {places} places found again, {unreadable} refused when read, {chains} chains too long"
    );
    assert!(places > 40);
}

fn assert_found(report: &Report, kind: &str, node: &str, input: Option<&str>, what: &str) {
    let found = match kind {
        "required_input_missing" => has(report, FindingKind::InputMissing, Some(node), input),
        "value_not_in_list" => [FindingKind::ModelMissing, FindingKind::NotInList]
            .into_iter()
            .any(|kind| has(report, kind, Some(node), input)),
        "value_smaller_than_min" => has(report, FindingKind::TooSmall, Some(node), input),
        "value_bigger_than_max" => has(report, FindingKind::TooLarge, Some(node), input),
        "invalid_input_type" => has(report, FindingKind::WrongType, Some(node), input),
        "return_type_mismatch" => has(report, FindingKind::LinkType, Some(node), input),
        "bad_linked_input" => has(report, FindingKind::BadLink, Some(node), input),
        "custom_validation_failed" => has(report, FindingKind::InputFileMissing, Some(node), input),
        // A group of nodes is one finding.
        "dependency_cycle" => report.findings.iter().any(|finding| {
            finding.kind == FindingKind::Circle && finding.nodes.iter().any(|at| at.node == node)
        }),
        // The server's own failure, which names no input.
        "exception_during_validation" | "exception_during_inner_validation" => {
            report.findings.iter().any(|it| it.node.as_deref() == Some(node))
        }
        other => panic!("{what}: {other} is not known"),
    };
    assert!(found, "{what}: {kind} at {node} {input:?}: {report:#?}");
}

fn has(report: &Report, kind: FindingKind, node: Option<&str>, input: Option<&str>) -> bool {
    report.findings.iter().any(|finding| {
        finding.kind == kind
            && finding.severity != Severity::Says
            && node.is_none_or(|node| finding.node.as_deref() == Some(node))
            && input.is_none_or(|input| finding.input.as_deref() == Some(input))
    })
}

fn has_kind(report: &Report, kind: FindingKind) -> bool {
    has(report, kind, None, None)
}
