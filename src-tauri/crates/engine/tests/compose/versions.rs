//! What the artist named and ordered in one version of a workflow, in the next one.

use super::*;

/// The classic graph with a second sampler between the first and the decoder.
fn with_a_node_more() -> String {
    classic(1, 1)
        .replace("\"samples\":[\"3\",0]", "\"samples\":[\"10\",0]")
        .replacen(
            "{\"4\"",
            "{\"10\":{\"class_type\":\"LatentUpscaleBy\",\"inputs\":{\"samples\":[\"3\",0],\"upscale_method\":\"bilinear\",\"scale_by\":1.5}},\n\"4\"",
            1,
        )
}

/// Another workflow that happens to have a sampler of the same number.
fn other() -> String {
    r#"{"1":{"class_type":"EmptyImage","inputs":{"width":64,"height":64,"batch_size":1,"color":1}},
"3":{"class_type":"ImageInvert","inputs":{"image":["1",0]}},
"9":{"class_type":"SaveImage","inputs":{"images":["3",0],"filename_prefix":"x"}}}"#
        .to_owned()
}

fn preset(name: &str, values: Vec<KnobValue>) -> PresetView {
    PresetView { name: name.into(), values, of: None }
}

#[tokio::test]
async fn presets_names_and_order_are_there_in_the_next_version() {
    let bench = bench().await;
    let engine = &bench.engine;
    let first = opened(&bench, &classic(1, 1)).await;
    let loud = preset("Loud", vec![value("3", "cfg", "12.5")]);
    engine.preset_save(&first.structure, loud.clone()).await.unwrap();
    let choice = vec![KnobChoice {
        node: "3".into(),
        input: "cfg".into(),
        label: Some("Loudness".into()),
        hidden: false,
    }];
    engine.knobs_arrange(&first.structure, choice).await.unwrap();

    let next = opened(&bench, &with_a_node_more()).await;
    assert_ne!(next.structure, first.structure);
    let of = Some(first.structure.clone());
    assert_eq!(next.presets, [PresetView { of: of.clone(), ..loud.clone() }]);
    assert!(next.knobs.iter().any(|knob| knob.label == "Loudness"), "{:?}", next.knobs);
    let unrelated = opened(&bench, &other()).await;
    assert!(unrelated.presets.is_empty());

    // One of its own takes its place; what was the other version's stays there.
    let quiet = preset("Loud", vec![value("3", "cfg", "2")]);
    engine.preset_save(&next.structure, quiet.clone()).await.unwrap();
    let again = opened(&bench, &with_a_node_more()).await;
    assert_eq!(again.presets, [quiet]);
    assert_eq!(opened(&bench, &classic(2, 1)).await.presets, [loud]);
    bench.engine.stop().await;
}

#[tokio::test]
async fn what_has_no_place_in_this_version_is_said_at_the_axis_and_left_out() {
    let bench = bench().await;
    let engine = &bench.engine;
    let larger = opened(&bench, &with_a_node_more()).await;
    let values = vec![value("3", "cfg", "12.5"), value("10", "scale_by", "2")];
    engine.preset_save(&larger.structure, preset("Large", values)).await.unwrap();
    let smaller = opened(&bench, &classic(1, 1)).await;
    let axes = vec![Axis {
        knobs: Vec::new(),
        values: AxisValues::Presets { names: vec!["Large".into()] },
    }];
    let state = ComposeState { many: Many::Sweep { axes }, ..held() };
    let told = plan(engine, smaller.draft, &state).await;
    let [problem] = &told.problems[..] else { panic!("{:?}", told.problems) };
    assert!(!problem.blocks && problem.axis == Some(0), "{problem:?}");
    assert_eq!(
        problem.text,
        "The preset “Large” is of another version of this workflow: 1 value has no place here and is left out."
    );
    let (_, prompts) = queued(engine, smaller.draft, &state).await;
    assert_eq!(prompts[0]["3"]["inputs"]["cfg"].to_string(), "12.5");
    bench.engine.stop().await;
}

#[tokio::test]
async fn defaults_go_along_as_far_as_they_have_a_place() {
    let bench = bench().await;
    let engine = &bench.engine;
    let larger = opened(&bench, &with_a_node_more()).await;
    let defaults = vec![value("3", "cfg", "9"), value("10", "scale_by", "2")];
    engine.defaults_save(&larger.structure, defaults).await.unwrap();
    let smaller = opened(&bench, &classic(1, 1)).await;
    assert_eq!(smaller.state.values, [value("3", "cfg", "9")]);
    assert!(
        smaller.notes.iter().any(|note| note.contains("1 value has no place")),
        "{:?}",
        smaller.notes
    );
    bench.engine.stop().await;
}
