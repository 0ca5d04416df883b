//! Prompts that the official page made, against what a real server answered. They run there, so
//! nothing may block them.

use crate::support;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use workflow::{
    ObjectInfo, Prompt, is_model,
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
        let Ok(read) = workflow::read(&text) else { continue };
        let name = format!("{set}/{}", case.file_name().unwrap().to_string_lossy());
        let graph = std::fs::read_to_string(case.join("workflow.json")).unwrap();
        cases.push(Case { name, prompt: read.prompt, graph });
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
    let info = info(&corpus, "object_info_0.28.2.json");
    let (cases, mut models, mut inputs) = (cases(&corpus, "templates"), 0, 0);
    for Case { name, prompt, .. } in &cases {
        let report = preflight(prompt, &info);
        let mut named = BTreeSet::new();
        for finding in &report.findings {
            let given = finding.given.as_deref().unwrap_or_default();
            match (finding.severity, finding.kind) {
                (
                    Severity::Blocks | Severity::Warns,
                    FindingKind::ModelMissing | FindingKind::ListEmpty,
                ) => {
                    assert!(named.insert((finding.node.clone(), finding.input.clone())));
                    models += 1;
                }
                // A list of a few fixed names beside those of files: `pixel_space`, `taesd`.
                (Severity::Warns, FindingKind::InputFileMissing) => inputs += 1,
                (Severity::Blocks, _) => panic!("{name}: {finding:#?}"),
                _ => {}
            }
            assert!(
                !is_model(given) || finding.kind != FindingKind::NotInList,
                "{name}: {finding:#?}"
            );
        }
    }
    println!("{} templates, {models} models and {inputs} input files missing", cases.len());
    assert!(models > 0 && inputs > 0);
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
