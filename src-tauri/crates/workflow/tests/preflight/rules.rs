//! One table for each kind of finding.

use crate::support::{found, info, of_kind, one, prompt, save, source, suggested};
use serde_json::{Value, json};
use workflow::preflight::{FindingKind, Report, Severity, preflight};

/// A prompt of these nodes beside a server of these classes.
fn check(nodes: &Value, classes: &Value) -> Report {
    preflight(&prompt(nodes), &info(classes))
}

#[test]
fn values_are_taken_as_comfyui_takes_them() {
    use FindingKind::{BadLink, Converted, TooLarge, TooSmall, WrongType};
    use Severity::{Blocks, Says, Warns};
    let int = json!(["INT", {"default": 20, "min": 1, "max": 10_000}]);
    let seed = json!(["INT", {"min": 0, "max": u64::MAX}]);
    let float = json!(["FLOAT", {"min": -1.5, "max": 2}]);
    let (text, yes_no) = (json!(["STRING"]), json!(["BOOLEAN", {}]));
    let either = json!(["INT,FLOAT", {"max": 5}]);
    for (spec, value, expected) in [
        (&int, "20", None),
        (&int, "20.0", None),
        (&int, "\"20\"", Some((Converted, Says))),
        (&int, "\" 2_0 \"", Some((Converted, Says))),
        (&int, "63.9", Some((Converted, Warns))),
        (&int, "true", Some((Converted, Says))),
        (&int, "\"20.5\"", Some((WrongType, Blocks))),
        (&int, "\"twenty\"", Some((WrongType, Blocks))),
        (&int, "null", Some((WrongType, Blocks))),
        (&int, "{}", Some((WrongType, Blocks))),
        (&int, "[20]", Some((BadLink, Blocks))),
        (&int, "[4, 0]", Some((BadLink, Blocks))),
        (&int, "[\"2\", -1]", Some((BadLink, Warns))),
        (&int, "0", Some((TooSmall, Blocks))),
        (&int, "10001", Some((TooLarge, Blocks))),
        (&int, "0.9", Some((TooSmall, Blocks))),
        (&int, "\"10001\"", Some((TooLarge, Blocks))),
        (&int, "{\"__value__\": 20}", None),
        (&int, "{\"__value__\": 0}", Some((TooSmall, Blocks))),
        (&seed, "18446744073709551615", None),
        (&seed, "18446744073709551616", Some((TooLarge, Blocks))),
        (&seed, "-1", Some((TooSmall, Blocks))),
        (&float, "2", None),
        (&float, "2.0000000001", Some((TooLarge, Blocks))),
        (&float, "-1.5", None),
        (&float, "-1.6", Some((TooSmall, Blocks))),
        (&float, "\"1e0\"", Some((Converted, Says))),
        (&float, "\"nan\"", Some((Converted, Says))),
        (&float, "\"much\"", Some((WrongType, Blocks))),
        (&float, "null", Some((WrongType, Blocks))),
        (&text, "\"words\"", None),
        (&text, "7", None),
        (&text, "null", Some((Converted, Warns))),
        (&text, "true", Some((Converted, Says))),
        (&text, "{\"a\": 1}", Some((Converted, Warns))),
        (&yes_no, "false", None),
        (&yes_no, "0", Some((Converted, Says))),
        (&yes_no, "\"false\"", Some((Converted, Warns))),
        (&either, "5.0", None),
        (&either, "5.5", Some((TooLarge, Blocks))),
        (&either, "\"4\"", Some((WrongType, Blocks))),
        (&json!(["MODEL"]), "\"a\"", Some((WrongType, Warns))),
        (&json!(["CURVE", {}]), "\"a\"", None),
    ] {
        let value: Value = serde_json::from_str(value).unwrap();
        let report = found(&json!({"x": spec}), &json!({"x": value}));
        let seen = report.findings.first().map(|finding| (finding.kind, finding.severity));
        assert_eq!(seen, expected, "{spec} given {value}: {report:#?}");
        assert_eq!(report.blocked, expected.is_some_and(|it| it.1 == Blocks));
    }
}

#[test]
fn findings_say_where_what_and_what_to_do() {
    let report = found(
        &json!({"steps": ["INT", {"min": 1, "max": 100}], "loud": ["BOOLEAN"]}),
        &json!({"steps": 200, "loud": "no"}),
    );
    let large = one(&report, FindingKind::TooLarge);
    assert_eq!(large.text, "steps of Source is 200, which is more than it takes. The most is 100.");
    assert_eq!(
        (large.node.as_deref(), large.input.as_deref(), large.given.as_deref()),
        (Some("1"), Some("steps"), Some("200"))
    );
    assert_eq!(
        (large.suggestions[0].text.as_str(), large.suggestions[0].json.as_str()),
        ("100", "100")
    );
    let loud = one(&report, FindingKind::Converted);
    assert_eq!(
        loud.text,
        "loud of Source is no, and ComfyUI takes that for yes. Set it to what you mean."
    );
    assert_eq!(suggested(loud), ["true", "false"]);
    let json = serde_json::to_value(large).unwrap();
    assert_eq!((&json["kind"], &json["severity"]), (&json!("too_large"), &json!("blocks")));
}

#[test]
fn lists_are_searched_in_both_forms() {
    let long: Vec<String> = (0..40).map(|n| format!("sampler_{n}")).collect();
    let old = json!([["euler", "heun", 8, true]]);
    let new = json!(["COMBO", {"options": ["euler", "heun", 8, true]}]);
    let many = json!(["COMBO", {"options": ["a", "b"], "multiselect": true}]);
    let remote = json!(["COMBO", {"remote": {"route": "/x"}}]);
    for (spec, value, good) in [
        (&old, json!("euler"), true),
        (&new, json!("heun"), true),
        (&new, json!("Heun"), false),
        (&old, json!(8.0), true),
        (&old, json!("8"), false),
        // 1 is true, in Python.
        (&new, json!(1), true),
        (&new, json!(null), false),
        (&json!([long]), json!("sampler_39"), true),
        (&json!([long]), json!("sampler_40"), false),
        (&many, json!({"__value__": ["a", "b"]}), true),
        (&many, json!({"__value__": ["a", "c"]}), false),
        (&many, json!("a"), true),
        (&remote, json!("anything"), true),
    ] {
        let report = found(&json!({"x": spec}), &json!({"x": value}));
        let kinds: Vec<_> = report.findings.iter().map(|finding| finding.kind).collect();
        let expected = if good { vec![] } else { vec![FindingKind::NotInList] };
        assert_eq!(kinds, expected, "{spec} given {value}");
    }
    let report = found(&json!({"x": old}), &json!({"x": "eulr"}));
    assert_eq!(suggested(&report.findings[0]), ["euler", "heun", "8", "true"]);
    assert_eq!(report.findings[0].suggestions[2].json, "8");
}

#[test]
fn missing_models_come_with_the_closest_names() {
    let names = ["xl/sd_xl_base_1.0.safetensors", "v1-5.safetensors", "other.ckpt"];
    let report = found(&json!({"ckpt": [names]}), &json!({"ckpt": "sd_xl_base_1.0.safetensors"}));
    let finding = one(&report, FindingKind::ModelMissing);
    assert_eq!(
        finding.text,
        "The server has no sd_xl_base_1.0.safetensors for ckpt of Source. Choose one it has, or put the file there."
    );
    assert_eq!(suggested(finding)[0], names[0]);
    assert!(report.blocked);
    // A folder as a model, beside files.
    let report = found(&json!({"ckpt": [names]}), &json!({"ckpt": "some folder"}));
    assert_eq!(report.findings[0].kind, FindingKind::ModelMissing);
    let report = found(&json!({"ckpt": [[]]}), &json!({"ckpt": "a.safetensors"}));
    let finding = one(&report, FindingKind::ListEmpty);
    assert!(finding.text.starts_with("The server lists no files for ckpt of Source"));
    assert_eq!(finding.severity, Severity::Blocks);
    let report = found(&json!({"mode": [[]]}), &json!({"mode": "loud"}));
    assert_eq!(one(&report, FindingKind::ListEmpty).severity, Severity::Says);
    // The page writes the list of such a node.
    let own = json!({"mode": "loud", "option1": "quiet", "option2": "loud"});
    let report = found(&json!({"mode": [[]]}), &own);
    assert!(of_kind(&report, FindingKind::ListEmpty).is_empty());
}

#[test]
fn pictures_that_are_not_there_can_be_sent() {
    let upload = json!([["a.png", "b.png"], {"image_upload": true}]);
    let video = json!(["COMBO", {"options": [], "video_upload": true}]);
    let folders = json!([["a.png", "sub/c.png"], {"image_upload": true}]);
    for (spec, value, severity) in [
        (&upload, "a.png", None),
        (&upload, "a.png [input]", None),
        (&upload, "c.png", Some(Severity::Warns)),
        (&upload, "c.png [input]", Some(Severity::Warns)),
        (&upload, "sub/c.png", Some(Severity::Says)),
        (&upload, "clipspace/mask.png [input]", Some(Severity::Says)),
        (&upload, "a.png [output]", Some(Severity::Says)),
        (&upload, "a.png [temp]", Some(Severity::Says)),
        (&folders, "sub/c.png", None),
        (&folders, "sub/d.png", Some(Severity::Warns)),
        (&video, "film.mp4", Some(Severity::Warns)),
    ] {
        let report = found(&json!({"x": spec}), &json!({"x": value}));
        let missing = of_kind(&report, FindingKind::InputFileMissing);
        assert_eq!(missing.first().map(|finding| finding.severity), severity, "{value}");
        assert!(!report.blocked, "{value}");
    }
}

#[test]
fn links_lead_to_what_is_there_and_fits() {
    let classes = json!({
        "Words": {"input": {}, "output": ["STRING", "SEGS"]},
        "Picture": source(&json!({})),
        "Any": {"input": {}, "output": ["*"]},
        "Save": save(),
    });
    for (class, slot, expected) in [
        ("Picture", 0, None),
        ("Any", 0, None),
        ("Words", 0, Some((FindingKind::LinkType, Severity::Blocks))),
        ("Words", 1, Some((FindingKind::LinkType, Severity::Warns))),
        ("Picture", 1, Some((FindingKind::NoSuchOutput, Severity::Blocks))),
        ("Save", 0, Some((FindingKind::NoSuchOutput, Severity::Blocks))),
    ] {
        let nodes = json!({
            "1": {"class_type": class, "inputs": {"images": ["3", 0]}},
            "2": {"class_type": "Save", "inputs": {"images": ["1", slot]}},
            "3": {"class_type": "Picture", "inputs": {}},
        });
        let report = check(&nodes, &classes);
        let at = report.findings.iter().find(|finding| {
            finding.node.as_deref() == Some("2") && finding.kind != FindingKind::OutputLeftOut
        });
        // A second output that runs makes a warning of what would block.
        let rest = class == "Save";
        let expected =
            expected.map(|(kind, severity)| (kind, if rest { Severity::Warns } else { severity }));
        assert_eq!(at.map(|finding| (finding.kind, finding.severity)), expected, "{class} {slot}");
    }
    let report =
        check(&json!({"2": {"class_type": "Save", "inputs": {"images": ["9", 0]}}}), &classes);
    let finding = one(&report, FindingKind::LinkToNothing);
    assert_eq!(
        finding.text,
        "images of Save Image is connected to node 9, which is not in the workflow. Connect it again."
    );
    assert!(report.blocked);
}

/// The inputs of a class, those of a node, and what is found at which of them.
type Dynamic<'a> = (&'a Value, Value, Vec<(&'static str, String)>);

#[test]
fn what_a_node_needs_depends_on_what_it_is_set_to() {
    let size =
        json!({"required": {"width": ["INT", {"min": 1}]}, "optional": {"crop": [["yes", "no"]]}});
    let inner = json!({"required": {"mode": ["COMFY_DYNAMICCOMBO_V3", {"options": [
        {"key": "deep", "inputs": {"required": {"depth": ["INT"]}}}, {"key": "flat", "inputs": {}}]}]}});
    let choice = json!({"resize": ["COMFY_DYNAMICCOMBO_V3", {"options": [
        {"key": "size", "inputs": size}, {"key": "inner", "inputs": inner}, {"key": "none", "inputs": {}}]}]});
    let numbered = json!({"pics": ["COMFY_AUTOGROW_V3", {"template":
        {"input": {"required": {"pic": ["INT"]}}, "prefix": "pic", "min": 2, "max": 3}}]});
    let listed = json!({"pics": ["COMFY_AUTOGROW_V3", {"template":
        {"input": {"required": {"pic": ["INT"]}}, "names": ["a", "b"], "min": 1}}]});
    let spare = json!({"pics": ["COMFY_AUTOGROW_V3", {"template":
        {"input": {"optional": {"pic": ["INT"]}}, "prefix": "pic", "min": 2, "max": 3}}]});
    let slot = json!({"mask": ["COMFY_DYNAMICSLOT_V3",
        {"slotType": "MASK", "inputs": {"required": {"grow": ["INT"]}}}]});
    let rows = json!({"loras": ["COMFY_DYNAMICGROUP_V3", {"min": 1, "max": 3, "template":
        {"required": {"name": ["STRING"]}, "optional": {"weight": ["FLOAT", {"max": 1}]}}}]});
    let matched = json!({"x": ["COMFY_MATCHTYPE_V3", {"template": {"allowed_types": "IMAGE"}}]});
    let missing =
        |names: &[&str]| names.iter().map(|name| ("missing", (*name).to_owned())).collect();
    let other = |kind: &'static str, name: &str| vec![(kind, name.to_owned())];
    let cases: Vec<Dynamic<'_>> = vec![
        (&choice, json!({"resize": "size", "resize.width": 5, "resize.crop": "yes"}), vec![]),
        (&choice, json!({"resize": "size"}), missing(&["resize.width"])),
        (&choice, json!({"resize": "size", "resize.width": 0}), other("small", "resize.width")),
        (&choice, json!({"resize": "none"}), vec![]),
        (&choice, json!({"resize": "none", "resize.width": 5}), other("unknown", "resize.width")),
        (&choice, json!({"resize": "gone"}), other("list", "resize")),
        (&choice, json!({}), missing(&["resize"])),
        (
            &choice,
            json!({"resize": "inner", "resize.mode": "deep", "resize.mode.depth": 1}),
            vec![],
        ),
        (
            &choice,
            json!({"resize": "inner", "resize.mode": "deep"}),
            missing(&["resize.mode.depth"]),
        ),
        (&choice, json!({"resize": "inner", "resize.mode": "flat"}), vec![]),
        (&numbered, json!({"pics.pic0": 1, "pics.pic1": 1}), vec![]),
        (&numbered, json!({"pics.pic0": 1}), missing(&["pics.pic1"])),
        (
            &numbered,
            json!({"pics.pic0": 1, "pics.pic1": 1, "pics.pic3": 1}),
            other("unknown", "pics.pic3"),
        ),
        (&listed, json!({"pics.a": 1, "pics.b": 1}), vec![]),
        (&listed, json!({"pics.b": 1}), missing(&["pics.a"])),
        (&spare, json!({}), vec![]),
        (&slot, json!({}), vec![]),
        (&slot, json!({"mask": {"any": 1}}), missing(&["mask.grow"])),
        (&rows, json!({"loras.0.name": "a", "loras.0.weight": 0.5}), vec![]),
        (&rows, json!({}), missing(&["loras"])),
        (&rows, json!({"loras.1.weight": 0.5}), missing(&["loras.1.name"])),
        (
            &rows,
            json!({"loras.0.name": "a", "loras.0.weight": 2}),
            other("large", "loras.0.weight"),
        ),
        (
            &rows,
            json!({"loras.0.name": "a", "loras.3.name": "a"}),
            other("unknown", "loras.3.name"),
        ),
        (&matched, json!({}), missing(&["x"])),
    ];
    for (class, inputs, expected) in cases {
        let report = found(class, &inputs);
        let name = |kind| match kind {
            FindingKind::InputMissing => "missing",
            FindingKind::TooSmall => "small",
            FindingKind::TooLarge => "large",
            FindingKind::InputUnknown => "unknown",
            FindingKind::NotInList => "list",
            _ => "another",
        };
        let seen: Vec<_> = report
            .findings
            .iter()
            .map(|finding| (name(finding.kind), finding.input.clone().unwrap_or_default()))
            .collect();
        assert_eq!(seen, expected, "{inputs}: {report:#?}");
    }
}

#[test]
fn what_is_required_is_missed_and_what_is_optional_is_not() {
    let class = json!({"input": {"required": {"model": ["MODEL"], "seed": ["INT"]},
        "optional": {"mask": ["MASK"]}, "hidden": {"prompt": "PROMPT"}}, "output": ["IMAGE"], "output_node": true});
    let nodes = json!({"3": {"class_type": "Sampler", "inputs": {"extra": 1, "upload": "image", "empty": ""},
        "_meta": {"title": "My sampler"}}});
    let report = check(&nodes, &json!({"Sampler": class}));
    let missing = of_kind(&report, FindingKind::InputMissing);
    let names: Vec<_> = missing.iter().map(|finding| finding.input.as_deref().unwrap()).collect();
    assert_eq!(names, ["model", "seed"]);
    assert_eq!(
        missing[0].text,
        "My sampler needs model, and the workflow gives it nothing. Connect it, or set a value."
    );
    let unknown = one(&report, FindingKind::InputUnknown);
    assert_eq!((unknown.input.as_deref(), unknown.severity), (Some("extra"), Severity::Says));
}

#[test]
fn a_circle_is_one_finding() {
    let classes = json!({
        "Mix": {"input": {"required": {"a": ["IMAGE"]}, "optional": {"b": ["IMAGE"]}}, "output": ["IMAGE"]},
        "Save": save(),
    });
    let nodes = json!({
        "1": {"class_type": "Mix", "inputs": {"a": ["3", 0]}},
        "2": {"class_type": "Mix", "inputs": {"a": ["1", 0]}},
        "3": {"class_type": "Mix", "inputs": {"a": ["2", 0], "b": ["3", 0]}, "_meta": {"title": "Third"}},
        "4": {"class_type": "Save", "inputs": {"images": ["3", 0]}},
    });
    let report = check(&nodes, &classes);
    let circle = one(&report, FindingKind::Circle);
    assert_eq!(circle.severity, Severity::Blocks);
    assert_eq!(
        circle.text,
        "Nodes feed each other in a circle: Mix, Third, Mix. Cut one of the links."
    );
    let ids: Vec<_> = circle.nodes.iter().map(|place| place.node.as_str()).collect();
    assert_eq!(ids, ["1", "3", "2"]);
    assert_eq!(report.findings.len(), 1);
}

#[test]
fn without_an_output_nothing_is_made() {
    let classes = json!({"Picture": source(&json!({"n": ["INT", {"max": 1}]})), "Save": save()});
    let report = check(&json!({"1": {"class_type": "Picture", "inputs": {"n": 2}}}), &classes);
    let kinds: Vec<_> =
        report.findings.iter().map(|finding| (finding.kind, finding.severity)).collect();
    let expected =
        [(FindingKind::NoOutput, Severity::Blocks), (FindingKind::TooLarge, Severity::Blocks)];
    assert_eq!(kinds, expected);
    // A class that is not there may be the output.
    let nodes = json!({"1": {"class_type": "Picture", "inputs": {"n": 1}},
        "2": {"class_type": "Gone", "inputs": {"x": ["1", 0]}}});
    let report = check(&nodes, &classes);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(one(&report, FindingKind::ClassMissing).severity, Severity::Blocks);
}

#[test]
fn what_is_broken_in_part_runs_in_part() {
    let classes = json!({"Picture": source(&json!({"n": ["INT", {"max": 1}]})), "Save": save()});
    let nodes = json!({
        "1": {"class_type": "Picture", "inputs": {"n": 1}},
        "2": {"class_type": "Picture", "inputs": {"n": 2}, "_meta": {"title": "Too many"}},
        "3": {"class_type": "Save", "inputs": {"images": ["1", 0]}},
        "4": {"class_type": "Save", "inputs": {"images": ["2", 0]}, "_meta": {"title": "Second"}},
        // Leads to no output.
        "5": {"class_type": "Picture", "inputs": {"n": 3}},
    });
    let report = check(&nodes, &classes);
    assert!(!report.blocked);
    let large = of_kind(&report, FindingKind::TooLarge);
    let seen: Vec<_> = large.iter().map(|it| (it.node.as_deref().unwrap(), it.severity)).collect();
    assert_eq!(seen, [("2", Severity::Warns), ("5", Severity::Says)]);
    let left = one(&report, FindingKind::OutputLeftOut);
    assert_eq!(left.text, "The server leaves out Second because of Too many, and runs the rest.");
    assert_eq!(left.nodes[0].node, "2");
}

#[test]
fn paid_services_are_named_where_they_run() {
    let mut paid = source(&json!({}));
    paid["api_node"] = json!(true);
    let nodes = json!({
        "1": {"class_type": "Paid", "inputs": {}},
        "2": {"class_type": "Save", "inputs": {"images": ["1", 0]}},
        "3": {"class_type": "Paid", "inputs": {}},
    });
    let report = check(&nodes, &json!({"Paid": paid, "Save": save()}));
    let finding = one(&report, FindingKind::PaidService);
    assert_eq!((finding.node.as_deref(), finding.severity), (Some("1"), Severity::Warns));
}

#[test]
fn much_is_said_where_the_graph_says_it() {
    let classes = json!({
        "Latent": {"input": {"required": {"width": ["INT"], "height": ["INT"], "batch_size": ["INT"]}}, "output": ["LATENT"]},
        "Sampler": {"input": {"required": {"latent": ["LATENT"], "model": ["MODEL"]}}, "output": ["LATENT"]},
        "Upscale": {"input": {"required": {"image": ["IMAGE"], "scale_by": ["FLOAT"]}}, "output": ["IMAGE"]},
        "Scale": {"input": {"required": {"image": ["IMAGE"], "width": ["INT"], "height": ["INT"]}}, "output": ["IMAGE"]},
        "Repeat": {"input": {"required": {"image": ["IMAGE"], "amount": ["INT"]}}, "output": ["IMAGE"]},
        "Blur": {"input": {"required": {"image": ["IMAGE"], "amount": ["INT"], "radius": ["INT"]}}, "output": ["IMAGE"]},
        "Decode": {"input": {"required": {"samples": ["LATENT"]}}, "output": ["IMAGE"]},
        "Blend": {"input": {"required": {"image": ["IMAGE"], "b": ["LATENT"]}}, "output": ["IMAGE"]},
        "Model": {"input": {}, "output": ["MODEL"]},
        "Film": {"input": {"required": {"images": ["IMAGE"], "fps": ["FLOAT"]}}, "output": [], "output_node": true},
        "Save": save(),
    });
    let said = |size: (u32, u32, u32), way: &[(&str, Value)], end: &str| {
        let mut nodes = json!({
            "m": {"class_type": "Model", "inputs": {}},
            "0": {"class_type": "Latent", "inputs": {"width": size.0, "height": size.1, "batch_size": size.2}},
            "1": {"class_type": "Sampler", "inputs": {"latent": ["0", 0], "model": ["m", 0]}},
            "2": {"class_type": "Decode", "inputs": {"samples": ["1", 0]}},
        });
        let mut last = 2;
        for (class, inputs) in way {
            let mut inputs = inputs.clone();
            inputs["image"] = json!([last.to_string(), 0]);
            last += 1;
            nodes[last.to_string()] = json!({"class_type": class, "inputs": inputs});
        }
        nodes["end"] = json!({"class_type": end, "inputs": {"images": [last.to_string(), 0]}});
        if end == "Film" {
            nodes["end"]["inputs"]["fps"] = json!(24);
        }
        let report = check(&nodes, &classes);
        let large = of_kind(&report, FindingKind::LargeResult);
        large.first().map(|finding| finding.text.clone())
    };
    assert_eq!(said((1024, 1024, 4), &[], "Save"), None, "4 megapixels are usual");
    assert_eq!(
        said((1024, 1024, 100), &[], "Save").as_deref(),
        Some("This makes 100 pictures, 105 megapixels in all.")
    );
    assert!(said((64, 64, 201), &[], "Save").is_some());
    assert_eq!(said((1024, 1024, 100), &[], "Film"), None, "a film comes back as one file");
    assert_eq!(said((1024, 1024, 100), &[("Upscale", json!({"scale_by": 0.1}))], "Save"), None);
    let repeat = |class, inputs| said((1024, 1024, 10), &[(class, inputs)], "Save");
    assert!(
        repeat("Repeat", json!({"amount": 10})).unwrap().starts_with("This makes 100 pictures")
    );
    assert_eq!(said((1024, 1024, 100), &[("Blend", json!({"b": ["1", 0]}))], "Save"), None);
    assert_eq!(repeat("Blur", json!({"amount": 10, "radius": 3})), None);
    let small = json!({"width": 64, "height": 64});
    assert_eq!(said((1024, 1024, 100), &[("Scale", small)], "Save"), None);
    let large = json!({"width": 4096, "height": 4096});
    assert_eq!(
        said((64, 64, 4), &[("Scale", large)], "Save").as_deref(),
        Some("This makes 4 pictures, 67 megapixels in all.")
    );
}

#[test]
fn of_an_id_or_a_name_that_comes_twice_the_last_counts() {
    let text = r#"{
        "1":{"class_type":"Gone","inputs":{}},
        "1":{"class_type":"Picture","inputs":{"n":5,"n":1}},
        "2":{"class_type":"Save","inputs":{"images":["9",0],"images":["1",0]}}}"#;
    let prompt = workflow::read_prompt(text.as_bytes()).unwrap();
    let classes = json!({"Picture": source(&json!({"n": ["INT", {"max": 1}]})), "Save": save()});
    let report = preflight(&prompt, &info(&classes));
    assert!(report.findings.is_empty(), "{report:#?}");
}

#[test]
fn a_long_list_of_findings_is_cut_and_counted() {
    let mut nodes = json!({"0": {"class_type": "Save", "inputs": {}}});
    for n in 1..=700 {
        nodes[n.to_string()] = json!({"class_type": "Gone", "inputs": {}});
    }
    let report = check(&nodes, &json!({"Save": save()}));
    assert_eq!((report.findings.len(), report.more), (500, 201));
    assert!(report.blocked);
}

#[test]
fn a_value_that_cannot_be_seen_is_told_in_quotes() {
    let kind = json!({"amount": ["INT"]});
    for (given, told) in [("", "\"\""), (" a", "\" a\""), ("a b", "a b")] {
        let report = found(&kind, &json!({"amount": given}));
        let wrong = one(&report, FindingKind::WrongType);
        assert!(wrong.text.contains(&format!(" is {told}, which")), "{}", wrong.text);
    }
}
