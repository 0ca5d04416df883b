//! Several servers beside each other.

use crate::support::{info, prompt, save, server, source};
use serde_json::json;
use workflow::preflight::{FindingKind, Hints, LackKind, Server, hints, preflight_all};

#[test]
fn servers_are_told_apart_by_what_they_lack() {
    let nodes = prompt(&json!({
        "1": {"class_type": "Loader", "inputs": {"name": "4x.pth"}, "_meta": {"title": "Upscale Model"}},
        "2": {"class_type": "Sharpen", "inputs": {"image": ["1", 0]}},
        "3": {"class_type": "Save", "inputs": {"images": ["2", 0]}},
    }));
    let sharpen = json!({"input": {"required": {"image": ["IMAGE"]}}, "output": ["IMAGE"]});
    let loader = |names: &[&str]| source(&json!({"name": [names]}));
    let attic = info(&json!({"Loader": loader(&["4x.pth"]), "Sharpen": sharpen, "Save": save()}));
    let studio = info(&json!({"Loader": loader(&["8x.pth", "4x_other.pth"]), "Save": save()}));
    let shed = info(&json!({"Save": save()}));
    let servers = [(1, "attic-3060", &attic), (2, "studio-4090", &studio), (3, "shed", &shed)]
        .map(|(id, name, info)| Server { id: server(id), name, info });
    let graph =
        r#"{"nodes":[{"type":"Sharpen","properties":{"cnr_id":"sharp-pack","ver":"1.2.0"}}]}"#;
    let hints = hints(&nodes, Some(graph));
    let verdict = preflight_all(&nodes, &servers, &hints);
    assert!(!verdict.runs_nowhere);
    let blocked: Vec<_> = verdict.servers.iter().map(|on| (on.report.blocked, on.lacks)).collect();
    assert_eq!(blocked, [(false, 0), (true, 2), (true, 2)]);
    let attic = &verdict.servers[0].report;
    assert_eq!((attic.classes_found, attic.models_found), (3, 1));

    let studio = &verdict.servers[1].report;
    let model = studio.findings.iter().find(|it| it.kind == FindingKind::ModelMissing).unwrap();
    assert_eq!(
        model.text,
        "studio-4090 has no 4x.pth for name of Upscale Model. Choose one it has, or put the file there."
    );
    let names: Vec<_> = model.suggestions.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(names, ["8x.pth", "4x_other.pth"]);
    // The shed has no loader, so nothing is known of its models.
    assert_eq!(model.fine_on, [server(1)]);
    let class = studio.findings.iter().find(|it| it.kind == FindingKind::ClassMissing).unwrap();
    assert_eq!(
        class.text,
        "studio-4090 does not have the node class Sharpen. Install sharp-pack (1.2.0), which brings it, or choose a server that has it."
    );
    assert_eq!(
        (class.fine_on.as_slice(), class.node.as_deref()),
        ([server(1)].as_slice(), Some("2"))
    );

    let lacks: Vec<_> = verdict
        .lacks
        .iter()
        .map(|lack| (lack.kind, lack.name.as_str(), lack.lacking.clone(), lack.having.clone()))
        .collect();
    assert_eq!(
        lacks,
        [
            (LackKind::Class, "Loader", vec![server(3)], vec![server(1), server(2)]),
            (LackKind::Class, "Sharpen", vec![server(2), server(3)], vec![server(1)]),
            (LackKind::Model, "4x.pth", vec![server(2)], vec![server(1)]),
        ]
    );
    assert_eq!(verdict.lacks[1].pack.as_ref().unwrap().id, "sharp-pack");
    assert_eq!(verdict.lacks[2].nodes[0].title, "Upscale Model");
}

#[test]
fn it_runs_nowhere_only_when_every_server_is_blocked() {
    let nodes = prompt(&json!({"1": {"class_type": "Save", "inputs": {}}}));
    let (one, other) = (info(&json!({"Save": save()})), info(&json!({})));
    let servers = [
        Server { id: server(1), name: "a", info: &one },
        Server { id: server(2), name: "b", info: &other },
    ];
    let hints = Hints::default();
    assert!(preflight_all(&nodes, &servers, &hints).runs_nowhere);
    assert!(!preflight_all(&nodes, &[], &hints).runs_nowhere, "without servers nothing is known");
}

#[test]
fn a_part_of_comfyui_is_no_pack_to_install() {
    let text =
        r#"{"1":{"class_type":"New","inputs":{},"_meta":{"cnr_id":"comfy-core","ver":"0.18.1"}}}"#;
    let nodes = workflow::read_prompt(text.as_bytes()).unwrap();
    let info = info(&json!({"Save": save()}));
    let servers = [Server { id: server(1), name: "attic", info: &info }];
    let verdict = preflight_all(&nodes, &servers, &hints(&nodes, None));
    assert_eq!(
        verdict.servers[0].report.findings[0].text,
        "attic does not have the node class New. It is a part of ComfyUI 0.18.1: update ComfyUI there, or choose a server that has it."
    );
}

#[test]
fn a_missing_model_comes_with_its_address() {
    let nodes = prompt(&json!({
        "1": {"class_type": "Loader", "inputs": {"name": "sub\\a.safetensors"}},
        "2": {"class_type": "Save", "inputs": {"images": ["1", 0]}},
    }));
    let graph = r#"{"nodes":[{"type":"Loader","properties":{"models":[{"name":"a.safetensors","url":"https://example.org/a","hash":"ab12","hash_type":"SHA256","directory":"loras"}]}}]}"#;
    let info =
        info(&json!({"Loader": source(&json!({"name": [["b.safetensors"]]})), "Save": save()}));
    let servers = [Server { id: server(1), name: "attic", info: &info }];
    let verdict = preflight_all(&nodes, &servers, &hints(&nodes, Some(graph)));
    let finding = &verdict.servers[0].report.findings[0];
    assert!(
        finding.text.ends_with("The workflow says that it can be had at https://example.org/a (SHA256 ab12), for the folder loras."),
        "{}",
        finding.text
    );
    assert_eq!(finding.source, verdict.lacks[0].source);
}
