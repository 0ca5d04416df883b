//! Prompts that the official page made, against what a real server answered. They run there, so
//! nothing may block them.

use crate::support;
use domain::InputKind;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use workflow::{
    ObjectInfo, Prompt,
    preflight::{FindingKind, Server, Severity, hints, preflight, preflight_all},
};

/// Findings in templates that stand in the way of a part, each with its reason: the file itself is
/// incomplete, and the server runs the rest.
const INCOMPLETE: &[(&str, FindingKind, &str)] = &[
    // A preview that is connected to nothing.
    ("templates/gsl_creator_2", FindingKind::InputMissing, "mask"),
];

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if !folder.is_dir() {
        println!("not run: there is no corpus beside the project");
        return None;
    }
    Some(folder)
}

fn info(corpus: &Path, name: &str) -> ObjectInfo {
    ObjectInfo::read(&std::fs::read(corpus.join(name)).unwrap()).unwrap()
}

struct Case {
    name: String,
    prompt: Prompt,
    graph: String,
}

fn cases(corpus: &Path, set: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for case in std::fs::read_dir(corpus.join(set)).unwrap() {
        let case = case.unwrap().path();
        let Ok(text) = std::fs::read(case.join("prompt.json")) else { continue };
        let Ok(prompt) = workflow::read_prompt(&text) else { continue };
        let name = format!("{set}/{}", case.file_name().unwrap().to_string_lossy());
        let graph = std::fs::read_to_string(case.join("workflow.json")).unwrap();
        cases.push(Case { name, prompt, graph });
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!cases.is_empty(), "the corpus is there but no prompt was found in it");
    cases
}

#[test]
fn templates_run_on_a_server_that_has_all_they_name() {
    let Some(corpus) = corpus() else { return };
    let info = info(&corpus, "object_info_0.28.2_with_models.json");
    let (cases, mut allowed, mut paid) = (cases(&corpus, "templates"), 0, 0);
    for Case { name, prompt, .. } in &cases {
        let report = preflight(prompt, &info);
        assert!(!report.blocked && report.more == 0, "{name}: {report:#?}");
        for finding in report.findings.iter().filter(|it| it.severity != Severity::Says) {
            let input = finding.input.as_deref().unwrap_or_default();
            match finding.kind {
                FindingKind::PaidService => paid += 1,
                FindingKind::OutputLeftOut => {}
                _ if INCOMPLETE.contains(&(name.as_str(), finding.kind, input)) => allowed += 1,
                _ => panic!("{name}: {finding:#?}"),
            }
        }
    }
    println!("{} templates, {allowed} known to be incomplete, {paid} paid nodes", cases.len());
    assert_eq!(allowed, INCOMPLETE.len(), "one that was incomplete no longer is");
}

#[test]
fn without_models_a_server_lacks_files_and_nothing_else() {
    let Some(corpus) = corpus() else { return };
    let bare = info(&corpus, "object_info_0.28.2.json");
    let full = info(&corpus, "object_info_0.28.2_with_models.json");
    let kinds = [FindingKind::ModelMissing, FindingKind::ListEmpty, FindingKind::InputFileMissing];
    let (cases, mut missing) = (cases(&corpus, "templates"), 0);
    for Case { name, prompt, .. } in &cases {
        let mut found = BTreeSet::new();
        for finding in preflight(prompt, &bare).findings {
            if kinds.contains(&finding.kind) {
                found.insert((finding.node.unwrap(), finding.input.unwrap()));
            } else {
                assert!(finding.severity != Severity::Blocks, "{name}: {finding:#?}");
            }
        }
        // What the one server lists and the other does not.
        let mut expected = BTreeSet::new();
        for node in prompt.nodes() {
            for (input, value) in &node.inputs {
                let lists = |info: &ObjectInfo| {
                    let kind = &info.get(&node.class)?.input(input)?.kind;
                    let InputKind::Combo(list) = kind else { return None };
                    Some(list.contains(&Value::from(value.string()?)))
                };
                // The values of a Custom Combo are the artist's own.
                if node.class != "CustomCombo"
                    && (lists(&full), lists(&bare)) == (Some(true), Some(false))
                {
                    expected.insert((node.id.clone(), input.clone()));
                }
            }
        }
        assert_eq!(found, expected, "{name}");
        missing += found.len();
    }
    println!("{} templates, {missing} models and input files missing, and found", cases.len());
    assert!(missing > 0);
}

#[test]
fn muted_nodes_leave_gaps_and_nothing_else() {
    let Some(corpus) = corpus() else { return };
    let info = info(&corpus, "object_info_0.28.2_with_models.json");
    let (cases, mut blocked) = (cases(&corpus, "muted"), 0);
    for Case { name, prompt, .. } in &cases {
        let report = preflight(prompt, &info);
        blocked += usize::from(report.blocked);
        for finding in report.findings.iter().filter(|it| it.severity == Severity::Blocks) {
            let gap = [FindingKind::InputMissing, FindingKind::NoOutput].contains(&finding.kind);
            assert!(gap, "{name}: {finding:#?}");
        }
    }
    println!("{} muted workflows, {blocked} of them blocked", cases.len());
}

#[test]
fn templates_say_where_their_models_can_be_had() {
    let Some(corpus) = corpus() else { return };
    let info = info(&corpus, "object_info_0.28.2.json");
    let (mut missing, mut known, mut packs) = (0, 0, 0);
    for Case { name, prompt, graph } in &cases(&corpus, "templates") {
        let hints = hints(prompt, Some(graph));
        packs += hints.packs.len();
        let server = Server { id: support::server(1), name: "attic", info: &info };
        let verdict = preflight_all(prompt, &[server], &hints);
        for lack in &verdict.lacks {
            missing += 1;
            if let Some(source) = &lack.source {
                known += 1;
                let url = source.url.as_deref().unwrap_or_default();
                assert!(url.starts_with("https://"), "{name}: {lack:?}");
            }
        }
    }
    println!("{missing} things missing, {known} with an address; {packs} classes with a pack");
    assert!(known > 0 && packs > 0);
}

/// A node of a class with the server's own defaults, and links from a node of any type where a value
/// cannot be typed in.
fn by_default(inputs: &[domain::NodeInput], before: &str, values: &mut Map<String, Value>) -> bool {
    let any = json!(["any", 0]);
    for input in inputs.iter().filter(|input| input.required) {
        let name = format!("{before}{}", input.name);
        let option = |name: &str| input.options.get(name).unwrap_or(&Value::Null);
        let children = |sections: &Value| domain::node_class::inputs(sections, &Value::Null);
        match &input.kind {
            InputKind::Combo(list) if list.is_empty() => return false,
            InputKind::Type(kind) if kind == "COMFY_DYNAMICCOMBO_V3" => {
                let first = &option("options")[0];
                values.insert(name.clone(), first["key"].clone());
                if !by_default(&children(&first["inputs"]), &format!("{name}."), values) {
                    return false;
                }
            }
            InputKind::Type(kind) if kind == "COMFY_AUTOGROW_V3" => {
                let template = option("template");
                for n in 0..usize::try_from(template["min"].as_u64().unwrap()).unwrap() {
                    let member = match template["names"].as_array() {
                        Some(names) => names[n].as_str().unwrap().to_owned(),
                        None => format!("{}{n}", template["prefix"].as_str().unwrap()),
                    };
                    values.insert(format!("{name}.{member}"), any.clone());
                }
            }
            InputKind::Type(kind)
                if ["INT", "FLOAT", "STRING", "BOOLEAN"].contains(&kind.as_str()) =>
            {
                let value = input.default().cloned().unwrap_or_else(|| any.clone());
                values.insert(name, value);
            }
            _ => {
                let value = input.default().filter(|value| value.is_string()).cloned();
                values.insert(name, value.unwrap_or_else(|| any.clone()));
            }
        }
    }
    true
}

#[test]
fn every_class_of_a_real_server_takes_its_own_defaults() {
    let Some(corpus) = corpus() else { return };
    let real = info(&corpus, "object_info_0.28.2_with_models.json");
    let helpers = support::info(&json!({
        "Any": {"input": {}, "output": ["*"]},
        "Keep": {"input": {"required": {"x": ["*"]}}, "output": [], "output_node": true},
    }));
    let helpers: Vec<_> = helpers.classes().cloned().collect();
    let (mut checked, mut without) = (0, 0);
    for class in real.classes() {
        let mut values = Map::new();
        if !by_default(&class.inputs, "", &mut values) {
            without += 1;
            continue;
        }
        let kept = if class.outputs.is_empty() { "any" } else { "it" };
        let prompt = support::prompt(&json!({
            "any": {"class_type": "Any", "inputs": {}},
            "it": {"class_type": class.name, "inputs": values},
            "keep": {"class_type": "Keep", "inputs": {"x": [kept, 0]}},
        }));
        let info = ObjectInfo::new(helpers.iter().cloned().chain([class.clone()]));
        let report = preflight(&prompt, &info);
        let bad = report.findings.iter().find(|finding| {
            finding.severity != Severity::Says && finding.kind != FindingKind::PaidService
        });
        assert!(bad.is_none(), "{}: {bad:#?}", class.name);
        checked += 1;
    }
    println!("{checked} classes take their own defaults; {without} list no values");
    assert!(checked > 700);
}
