//! What inputs are for, and where they stand.

use crate::support::{classes, found, knob, picture, prompt, read_info, role, section};
use serde_json::{Value, json};
use workflow::{ObjectInfo, Role, Section, knobs};

#[test]
fn a_picture_from_text_has_what_an_artist_looks_for() {
    let knobs = found(&picture(&json!({})));
    let sections: Vec<Section> = knobs.groups.iter().map(|group| group.section).collect();
    assert_eq!(
        sections,
        [Section::Words, Section::Sampling, Section::Size, Section::Models, Section::Saving]
    );
    let shown: Vec<String> = knobs
        .all()
        .map(|knob| format!("{} {:?} {}", knob.node.id, knob.role, knob.label))
        .collect();
    assert_eq!(
        shown,
        [
            "2 Prompt Prompt",
            "3 Negative Negative prompt",
            "5 Seed Seed",
            "5 Steps Steps",
            "5 Cfg CFG",
            "5 Sampler Sampler",
            "5 Scheduler Scheduler",
            "5 Denoise Denoise",
            "4 Width Width",
            "4 Height Height",
            "4 BatchSize Batch size",
            "1 Model Checkpoint",
            "7 SavePrefix Saved as",
        ]
    );
    let seed = knob(&knobs, "5", "seed");
    assert_eq!(seed.value.as_deref(), Some("18446744073709551615"));
    assert!(seed.controlled && seed.known && seed.required);
    assert_eq!(seed.default.as_deref(), Some("0"));
    assert!(!knob(&knobs, "5", "steps").controlled);
    assert_eq!(knob(&knobs, "2", "text").tooltip.as_deref(), Some("Say it."));
}

/// A picture from text by custom sampling: noise, guider, sampler and sigmas are nodes of their own.
fn custom(guider: &Value) -> Value {
    picture(&json!({
        "5": {"class_type": "SampleCustom", "inputs": {"noise": ["10", 0], "guider": ["11", 0],
            "sampler": ["12", 0], "sigmas": ["13", 0], "latent_image": ["4", 0]}},
        "10": {"class_type": "Noise", "inputs": {"noise_seed": 7}},
        "11": guider,
        "12": {"class_type": "Select", "inputs": {"sampler_name": "heun"}},
        "13": {"class_type": "Sigmas", "inputs": {"scheduler": "normal", "steps": 4, "denoise": 1.0, "model": ["1", 0]}},
        "14": {"class_type": "Guide", "inputs": {"guidance": 3.5, "conditioning": ["2", 0]}},
    }))
}

#[test]
fn the_parts_of_custom_sampling_stand_together() {
    let one = custom(
        &json!({"class_type": "Guider", "inputs": {"model": ["1", 0], "conditioning": ["14", 0]}}),
    );
    let knobs = found(&one);
    assert_eq!(
        section(&knobs, Section::Sampling),
        [
            "10 noise_seed",
            "13 steps",
            "14 guidance",
            "12 sampler_name",
            "13 scheduler",
            "13 denoise"
        ]
    );
    assert_eq!(knob(&knobs, "14", "guidance").label, "Guidance");
    assert_eq!(role(&knobs, "2", "text"), Role::Prompt);
    assert_eq!(knobs.get("3", "text"), None, "nothing leads from it to an output");

    let two = custom(&json!({"class_type": "CfgGuider", "inputs": {"cfg": 2.5, "model": ["1", 0],
        "positive": ["14", 0], "negative": ["3", 0]}}));
    let knobs = found(&two);
    assert_eq!(role(&knobs, "2", "text"), Role::Prompt);
    assert_eq!(role(&knobs, "3", "text"), Role::Negative);
    assert_eq!(role(&knobs, "11", "cfg"), Role::Cfg);
    assert_eq!(knob(&knobs, "11", "cfg").label, "CFG");

    let three =
        custom(&json!({"class_type": "TwoGuider", "inputs": {"cfg_conds": 2.5, "model": ["1", 0],
        "cond1": ["2", 0], "cond2": ["3", 0], "negative": ["3", 0]}}));
    let knobs = found(&three);
    assert_eq!(role(&knobs, "2", "text"), Role::Prompt);
    assert_eq!(role(&knobs, "3", "text"), Role::Negative, "it is the second, and not wanted");
}

#[test]
fn words_are_told_by_where_they_end_up() {
    let cases = [
        // What is zeroed out is no negative prompt.
        (
            json!({"8": {"class_type": "Zero", "inputs": {"conditioning": ["2", 0]}},
            "5": {"negative": ["8", 0]}}),
            "2",
            "text",
            Role::Prompt,
        ),
        // The sides are passed on, each by its own output.
        (
            json!({"8": {"class_type": "Control", "inputs": {"positive": ["2", 0], "negative": ["3", 0],
            "image": ["9", 0], "strength": 0.5}}, "9": {"class_type": "Picture", "inputs": {"image": "cat.png"}},
            "5": {"positive": ["8", 0], "negative": ["8", 1]}}),
            "3",
            "text",
            Role::Negative,
        ),
        // Swapped, they are what they reach.
        (
            json!({"8": {"class_type": "Control", "inputs": {"positive": ["3", 0], "negative": ["2", 0],
            "image": ["9", 0], "strength": 0.5}}, "9": {"class_type": "Picture", "inputs": {"image": "cat.png"}},
            "5": {"positive": ["8", 1], "negative": ["8", 0]}}),
            "3",
            "text",
            Role::Negative,
        ),
        // Texts that are joined, and come through a switch.
        (
            json!({"8": {"class_type": "Lines", "inputs": {"value": "red"}},
            "9": {"class_type": "Join", "inputs": {"string_a": ["8", 0], "string_b": "cat", "delimiter": ", "}},
            "2": {"text": ["9", 0]}}),
            "8",
            "value",
            Role::Prompt,
        ),
        (
            json!({"9": {"class_type": "Join", "inputs": {"string_a": "red", "string_b": "cat", "delimiter": ", "}},
            "2": {"text": ["9", 0]}}),
            "9",
            "delimiter",
            Role::Other,
        ),
        (
            json!({"8": {"class_type": "Choose", "inputs": {"switch": true, "on_false": ["3", 0], "on_true": ["2", 0]}},
            "5": {"positive": ["8", 0]}}),
            "2",
            "text",
            Role::Prompt,
        ),
        // What is said about the task is not said of the picture.
        (
            json!({"8": {"class_type": "Lines", "inputs": {"value": "You are a poet"}, "_meta": {"title": "System"}},
            "2": {"text": ["8", 0]}}),
            "8",
            "value",
            Role::Text,
        ),
        // A linked text is shown with the role it has.
        (
            json!({"8": {"class_type": "Lines", "inputs": {"value": "red"}}, "3": {"text": ["8", 0]}}),
            "3",
            "text",
            Role::Negative,
        ),
        (
            json!({"8": {"class_type": "Lines", "inputs": {"value": "red"}}, "3": {"text": ["8", 0]}}),
            "8",
            "value",
            Role::Negative,
        ),
    ];
    for (more, node, input, wanted) in cases {
        let knobs = found(&picture(&more));
        assert_eq!(role(&knobs, node, input), wanted, "{input} of {node} in {more}");
    }
}

#[test]
fn a_service_that_takes_words_is_told_in_words() {
    let nodes = |model: &Value| {
        let mut service = json!({"prompt": "a cat", "negative_prompt": "a dog", "system_prompt": "be kind",
            "seed": 3});
        for (name, value) in model.as_object().unwrap() {
            service[name] = value.clone();
        }
        json!({"1": {"class_type": "Service", "inputs": service},
            "2": {"class_type": "SaveVideo", "inputs": {"video": ["1", 0], "filename_prefix": "v"}}})
    };
    let fast = found(&nodes(&json!({"model": "fast", "model.duration": 5})));
    for (input, wanted) in [
        ("prompt", Role::Prompt),
        ("negative_prompt", Role::Negative),
        ("system_prompt", Role::Text),
        ("model", Role::Model),
        ("model.duration", Role::Length),
    ] {
        assert_eq!(role(&fast, "1", input), wanted, "{input}");
    }
    assert_eq!(knob(&fast, "1", "model.duration").label, "Duration");
    assert!(!knob(&fast, "1", "seed").known, "the class has no such input");
    let slow = found(&nodes(&json!({"model": "slow", "model.size": "l", "model.seed": 7})));
    assert_eq!(role(&slow, "1", "model.seed"), Role::Seed);
    assert!(knob(&slow, "1", "model.seed").controlled);
}

#[test]
fn constants_are_for_what_they_feed() {
    let cases = [
        (
            json!({"8": {"class_type": "Whole", "inputs": {"value": 640}}, "4": {"width": ["8", 0]}}),
            Role::Width,
        ),
        (
            json!({"8": {"class_type": "Whole", "inputs": {"value": 640}}, "5": {"seed": ["8", 0]}}),
            Role::Seed,
        ),
        (
            json!({"8": {"class_type": "Whole", "inputs": {"value": 64}},
            "9": {"class_type": "Sum", "inputs": {"expression": "a*8", "a": ["8", 0]}}, "4": {"height": ["9", 1]}}),
            Role::Height,
        ),
        (
            json!({"8": {"class_type": "Part", "inputs": {"value": 0.5}}, "5": {"denoise": ["8", 0]}}),
            Role::Denoise,
        ),
        (
            json!({"8": {"class_type": "Part", "inputs": {"value": 5}}, "5": {"cfg": ["9", 0]},
            "9": {"class_type": "Choose", "inputs": {"switch": true, "on_false": ["8", 0], "on_true": ["8", 0]}}}),
            Role::Cfg,
        ),
        (
            json!({"8": {"class_type": "Lines", "inputs": {"value": "x"}}, "7": {"filename_prefix": ["8", 0]}}),
            Role::SavePrefix,
        ),
        // One part of a sum of two is no width.
        (
            json!({"8": {"class_type": "Whole", "inputs": {"value": 64}}, "10": {"class_type": "Whole", "inputs": {"value": 2}},
            "9": {"class_type": "Sum", "inputs": {"expression": "a*b", "a": ["8", 0], "b": ["10", 0]}},
            "4": {"width": ["9", 1]}}),
            Role::Other,
        ),
    ];
    for (more, wanted) in cases {
        let knobs = found(&picture(&more));
        assert_eq!(role(&knobs, "8", "value"), wanted, "{more}");
    }
    // What chooses a size by its shape stands with the sizes.
    let shaped = found(&picture(&json!({"4": {"width": ["8", 0], "height": ["8", 1]},
        "8": {"class_type": "Shape", "inputs": {"aspect_ratio": "1:1", "megapixels": 1}}})));
    assert_eq!(
        section(&shaped, Section::Size),
        ["8 aspect_ratio", "8 megapixels", "4 batch_size", "4 width", "4 height"]
    );
    let width = knob(&shaped, "4", "width");
    assert_eq!(width.value, None);
    let link = width.linked.as_ref().unwrap();
    assert_eq!((&*link.node.id, link.slot, link.output.as_deref()), ("8", 0, Some("width")));
}

#[test]
fn pictures_masks_and_sounds_that_go_in_are_found() {
    let into = |more: &Value| {
        let mut nodes = picture(more);
        nodes["9"] =
            json!({"class_type": "ToLatent", "inputs": {"pixels": ["8", 0], "vae": ["1", 2]}});
        nodes["5"]["inputs"]["latent_image"] = json!(["9", 0]);
        found(&nodes)
    };
    let scaled = into(&json!({
        "8": {"class_type": "Scale", "inputs": {"image": ["10", 0], "width": 640, "height": 640, "how": "area"}},
        "10": {"class_type": "Picture", "inputs": {"image": "cat.png"}}}));
    assert_eq!(role(&scaled, "10", "image"), Role::Picture);
    assert_eq!(role(&scaled, "8", "width"), Role::Width, "it says what the sampler begins with");
    assert_eq!(role(&scaled, "8", "how"), Role::Other);

    let after = found(&picture(&json!({"7": {"images": ["8", 0]},
        "8": {"class_type": "Scale", "inputs": {"image": ["6", 0], "width": 2048, "height": 2048, "how": "area"}}})));
    assert_eq!(
        role(&after, "8", "width"),
        Role::Other,
        "what comes after is no size to begin with"
    );

    let masked = found(&picture(&json!({
        "8": {"class_type": "Masked", "inputs": {"samples": ["4", 0], "mask": ["9", 0]}},
        "9": {"class_type": "MaskOf", "inputs": {"image": "cat.png", "channel": "red"}},
        "5": {"latent_image": ["8", 0]}})));
    assert_eq!(role(&masked, "9", "image"), Role::Mask);
    let by_use = found(&picture(&json!({
        "8": {"class_type": "Masked", "inputs": {"samples": ["4", 0], "mask": ["9", 1]}},
        "9": {"class_type": "Picture", "inputs": {"image": "cat.png"}},
        "5": {"latent_image": ["8", 0]}})));
    assert_eq!(role(&by_use, "9", "image"), Role::Mask, "only its mask is used");

    let mut with = classes();
    with.insert(
        "Out".into(),
        crate::support::class(&json!({"a": ["AUDIO"], "v": ["VIDEO"], "m": ["MESH"]}), &[]),
    );
    let nodes = prompt(&json!({
        "1": {"class_type": "Sound", "inputs": {"audio": "a.wav"}},
        "2": {"class_type": "Clip", "inputs": {"file": "a.mp4"}},
        "3": {"class_type": "Thing", "inputs": {"model_file": "3d/a.glb"}},
        "4": {"class_type": "Out", "inputs": {"a": ["1", 0], "v": ["2", 0], "m": ["3", 0]}}}));
    let knobs = knobs(&nodes, &read_info(&Value::Object(with)));
    assert_eq!(section(&knobs, Section::PicturesIn), ["1 audio", "2 file"]);
    assert_eq!(role(&knobs, "1", "audio"), Role::Audio);
    assert_eq!(role(&knobs, "2", "file"), Role::Video);
}

#[test]
fn loras_come_with_their_strengths_and_in_order() {
    let knobs = found(&picture(&json!({
        "8": {"class_type": "Style", "inputs": {"model": ["1", 0], "clip": ["1", 1],
            "lora_name": "l.safetensors", "strength_model": 0.8, "strength_clip": 0.5}},
        "9": {"class_type": "Style", "inputs": {"model": ["8", 0], "clip": ["8", 1],
            "lora_name": "l.safetensors", "strength_model": 0.3, "strength_clip": 1.0},
            "_meta": {"title": "Grain"}},
        "5": {"model": ["9", 0]}, "2": {"clip": ["9", 1]}})));
    let models: Vec<(Role, &str)> = knobs
        .groups
        .iter()
        .filter(|group| group.section == Section::Models)
        .flat_map(|group| &group.knobs)
        .map(|knob| (knob.role, knob.label.as_str()))
        .collect();
    assert_eq!(
        models,
        [
            (Role::Model, "Checkpoint"),
            (Role::Lora, "LoRA (Style)"),
            (Role::LoraStrength, "Strength (Style)"),
            (Role::LoraStrength, "CLIP strength (Style)"),
            (Role::Lora, "LoRA (Grain)"),
            (Role::LoraStrength, "Strength (Grain)"),
            (Role::LoraStrength, "CLIP strength (Grain)"),
        ]
    );
}

#[test]
fn of_several_samplers_the_one_nearest_to_the_output_comes_last() {
    // The second is written first.
    let nodes = json!({
        "0": {"class_type": "SampleFrom", "inputs": {"add_noise": "disable", "noise_seed": 2, "steps": 30,
            "cfg": 5, "sampler_name": "euler", "scheduler": "normal", "start_at_step": 20, "model": ["1", 0],
            "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["5", 0]}},
        "6": {"samples": ["0", 0]}});
    let knobs = found(&picture(&nodes));
    let seeds: Vec<(&str, &str)> = knobs
        .all()
        .filter(|knob| knob.role == Role::Seed)
        .map(|knob| (knob.node.id.as_str(), knob.label.as_str()))
        .collect();
    assert_eq!(seeds, [("5", "Seed"), ("0", "Seed (Noise seed)")]);
    assert_eq!(role(&knobs, "0", "start_at_step"), Role::Other);
    let sampling = section(&knobs, Section::Sampling);
    let of_first = sampling.iter().take_while(|name| name.starts_with('5')).count();
    assert_eq!((of_first, sampling.len()), (6, 11));
}

#[test]
fn films_have_a_length() {
    let film =
        json!({"4": {"class_type": "Film", "inputs": {"width": 832, "height": 480, "length": 81}}});
    let knobs = found(&picture(&film));
    assert_eq!(section(&knobs, Section::Size), ["4 width", "4 height", "4 length"]);
    assert_eq!(role(&knobs, "4", "length"), Role::Length);
}

#[test]
fn without_classes_names_and_values_say_what_they_can() {
    let more = json!({
        "8": {"class_type": "Style", "inputs": {"model": ["1", 0], "clip": ["1", 1],
            "lora_name": "l.safetensors", "strength_model": 0.8, "strength_clip": 0.5}},
        "9": {"class_type": "Guide", "inputs": {"guidance": 3.5, "conditioning": ["2", 0]}},
        "5": {"positive": ["9", 0], "model": ["8", 0]}});
    let nodes = prompt(&picture(&more));
    let (with, without) = (found(&picture(&more)), knobs(&nodes, &ObjectInfo::default()));
    assert!(without.all().all(|knob| !knob.known && knob.linked.is_none()));
    for knob in with.all() {
        assert_eq!(role(&without, &knob.node.id, &knob.input), knob.role, "{}", knob.input);
    }
    assert_eq!(with.all().count(), without.all().count());
}

#[test]
fn what_does_not_run_and_what_only_the_page_needs_is_left_out() {
    let knobs = found(&picture(&json!({
        "8": {"class_type": "Encode", "inputs": {"text": "unused", "clip": ["1", 1]}},
        "5": {"control_after_generate": "randomize"}})));
    assert_eq!(knobs.get("8", "text"), None);
    assert_eq!(knobs.get("5", "control_after_generate"), None);
    assert!(knobs.get("5", "model").is_none() && knobs.get("5", "seed").is_some());
}

#[test]
fn titles_tell_what_is_alike_apart() {
    let encode = |text: &str, title: &Value| json!({"class_type": "Encode", "inputs": {"text": text, "clip": ["1", 1]}, "_meta": {"title": title}});
    let labels = |one: &Value, other: &Value| {
        let knobs = found(&picture(&json!({"2": encode("a", one), "3": encode("b", other),
            "5": {"negative": ["2", 0]}, "8": {"class_type": "TwoGuider", "inputs": {"cond1": ["2", 0],
            "cond2": ["3", 0], "negative": ["2", 0], "cfg_conds": 1, "model": ["1", 0]}},
            "9": {"class_type": "SampleCustom", "inputs": {"guider": ["8", 0], "latent_image": ["5", 0]}},
            "6": {"samples": ["9", 0]}})));
        [knob(&knobs, "2", "text").label.clone(), knob(&knobs, "3", "text").label.clone()]
    };
    assert_eq!(labels(&json!("Who"), &json!("Where")), ["Prompt (Who)", "Prompt (Where)"]);
    assert_eq!(labels(&json!("Who"), &json!("Who")), ["Prompt (node 2)", "Prompt (node 3)"]);
    let long = "x".repeat(500);
    let [label, _] = labels(&json!(long), &json!("y"));
    assert!(label.chars().count() < 80, "{label}");
}
