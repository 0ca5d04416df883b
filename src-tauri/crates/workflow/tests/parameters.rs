//! Settings as A1111 and savers after it write them.
#![allow(missing_docs, clippy::unwrap_used)]

use domain::{LoraUse, PictureFacts};
use proptest::prelude::*;
use workflow::parameters;

fn facts(text: &str) -> PictureFacts {
    parameters(text).unwrap().facts
}

fn lora(name: &str, strength: Option<&str>) -> LoraUse {
    LoraUse { name: name.to_owned(), strength: strength.map(str::to_owned) }
}

#[test]
fn a_whole_text_is_read() {
    let text = "a fjord, <lora:impasto_v2:0.8>\nat dawn <lora:grain:1:0.5>\nNegative prompt: frame,\nsignature\nSteps: 20, Sampler: Euler a, Schedule type: Karras, CFG scale: 7.50, Seed: 18446744073709551615, Size: 512x768, Model hash: 6ce0161689, Model: v1-5, Denoising strength: 0.7, Clip skip: 2, Hires prompt: \"a fjord, at \\\"noon\\\"\", Lora hashes: \"impasto_v2: abcd, grain: ef01\", Hashes: {\"model\": \"6ce0161689\", \"a\": [1, 2]}, Version: v1.10.1";
    let read = parameters(text).unwrap();
    let expected = PictureFacts {
        prompt: Some("a fjord, <lora:impasto_v2:0.8>\nat dawn <lora:grain:1:0.5>".to_owned()),
        negative: Some("frame,\nsignature".to_owned()),
        models: vec!["v1-5".to_owned()],
        other_models: Vec::new(),
        loras: vec![lora("impasto_v2", Some("0.8")), lora("grain", Some("1"))],
        seed: Some("18446744073709551615".to_owned()),
        sampler: Some("Euler a".to_owned()),
        scheduler: Some("Karras".to_owned()),
        steps: Some(20),
        cfg: Some("7.50".to_owned()),
        denoise: Some("0.7".to_owned()),
        width: Some(512),
        height: Some(768),
    };
    assert_eq!(read.facts, expected);
    let others: Vec<_> =
        read.others.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        others,
        [
            ("Model hash", "6ce0161689"),
            ("Clip skip", "2"),
            ("Hires prompt", "a fjord, at \"noon\""),
            ("Hashes", "{\"model\": \"6ce0161689\", \"a\": [1, 2]}"),
            ("Version", "v1.10.1"),
        ]
    );
}

#[test]
fn parts_may_be_missing() {
    let cases = [
        ("a cat\nSteps: 20, Seed: 1", Some("a cat"), None),
        ("Negative prompt: a dog\nSteps: 20", None, Some("a dog")),
        ("Steps: 20, Sampler: Euler", None, None),
        ("a cat\nNegative prompt: \nSteps: 20", Some("a cat"), None),
        ("a cat\r\nNegative prompt: a dog\r\nSteps: 20\r\n", Some("a cat"), Some("a dog")),
        ("Steps: of a stair\nNegative prompt: x\nSteps: 20", Some("Steps: of a stair"), Some("x")),
        ("say Negative prompt: no\nSteps: 20\0", Some("say Negative prompt: no"), None),
        // Some savers begin with another setting.
        ("a cat\nSampler: Euler, Seed: 1, CFG scale: 7, Steps: 20", Some("a cat"), None),
    ];
    for (text, prompt, negative) in cases {
        let facts = facts(text);
        assert_eq!(facts.prompt.as_deref(), prompt, "{text}");
        assert_eq!(facts.negative.as_deref(), negative, "{text}");
        assert_eq!(facts.steps, Some(20), "{text}");
    }
}

#[test]
fn values_that_are_none_are_no_facts() {
    let read = parameters(
        "x\nSteps: many, Seed: -1, CFG scale: nan, Size: 0x5, Model: , Denoising strength:, odd",
    )
    .unwrap();
    assert_eq!(
        read.facts,
        PictureFacts {
            prompt: Some("x".to_owned()),
            seed: Some("-1".to_owned()),
            ..PictureFacts::default()
        }
    );
    assert_eq!(read.others[0], ("Steps".to_owned(), "many".to_owned()));
}

#[test]
fn loras_are_found_where_savers_write_them() {
    let text = "x\nSteps: 1, Lora_0 Model name: a.safetensors, Lora_0 Model hash: 1, Lora_0 Strength model: 0.6, Lora_0 Strength clip: 1, Lora_1 Model name: b.safetensors";
    assert_eq!(
        facts(text).loras,
        [lora("a.safetensors", Some("0.6")), lora("b.safetensors", None)]
    );
    assert_eq!(facts("<lyco:c:x> < lora:d <lora:> <lora\nSteps: 1").loras, [lora("c", None)]);
    assert_eq!(facts("y\nSteps: 1, Lora hashes: \"e: 12\"").loras, [lora("e", None)]);
    assert_eq!(
        facts("y\nSteps: 1, Lora hashes: \"f: 12\", Lora weights: \"f: 0.4\"").loras,
        [lora("f", Some("0.4"))]
    );
}

#[test]
fn models_are_those_that_worked_on_the_picture() {
    // SDXL's second model, and another for the larger picture; A1111 puts a hash behind these.
    let read = parameters("y\nSteps: 1, Model: base, Refiner: fine.safetensors [7440042bbd], Refiner switch at: 0.8, Hires checkpoint: base [31e35c80fc], VAE: ae [x]").unwrap();
    assert_eq!(read.facts.models, ["base", "fine.safetensors"]);
    let others = read.others.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    assert_eq!(others.collect::<Vec<_>>(), [("Refiner switch at", "0.8"), ("VAE", "ae [x]")]);
}

#[test]
fn forge_s_guidance_is_a_cfg_where_there_is_no_other() {
    let alone = parameters("y\nSteps: 1, Distilled CFG Scale: 3.5").unwrap();
    assert_eq!((alone.facts.cfg.as_deref(), alone.others.len()), (Some("3.5"), 0));
    let text = "y\nSteps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 5, Size: 896x1152, Model: flux1-dev-Q8_0, Version: f2.0.1v1.10.1-previous-669-gdfdcbab6, Diffusion in Low Bits: Automatic (fp16 LoRA), Module 1: clip_l, Module 2: t5xxl_fp16, Module 3: ae";
    let both = parameters(text).unwrap();
    assert_eq!(both.facts.cfg.as_deref(), Some("1"));
    for (name, value) in [("Distilled CFG Scale", "3.5"), ("Module 2", "t5xxl_fp16")] {
        assert!(both.others.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
}

#[test]
fn quotes_and_brackets_that_do_not_end_end_at_the_comma() {
    for text in [
        "x\nSteps: 1, A: \"b, Seed: 5",
        "x\nSteps: 1, A: {b, Seed: 5",
        "x\nSteps: 1, A: {\"b}, Seed: 5",
        // Brackets in quotes are letters.
        "x\nSteps: 1, A: {\"b\": \"[\\\"\"}, Seed: 5",
    ] {
        assert_eq!(facts(text).seed.as_deref(), Some("5"), "{text}");
    }
}

#[test]
fn what_has_no_settings_is_none() {
    let long = format!("{}\nSteps: 20", "a".repeat(1 << 20));
    let cases = [
        "",
        "a cat",
        "Title: a cat, with: a dog, on: a mat",
        "{\"1\": {\"class_type\": \"KSampler\", \"inputs\": {\"seed\": 1, \"steps\": 20}}}",
        "{\"nodes\": [], \"links\": [], \"seed\": 1}",
        "[\"Steps: 20\"]",
        &long,
    ];
    for text in cases {
        assert_eq!(parameters(text), None, "{}", &text[..text.len().min(40)]);
    }
}

#[test]
fn what_is_kept_is_bounded() {
    let text = format!(
        "{} {}\nSteps: 1, {}",
        "ä".repeat(30_000),
        (0..100).map(|n| format!("<lora:{n}:1>")).collect::<String>(),
        (0..1_000).map(|n| format!("A{n}: 1, Model: m{n}, ")).collect::<String>(),
    );
    let read = parameters(&text).unwrap();
    assert_eq!(read.facts.prompt.unwrap().chars().count(), 20_000);
    assert!(read.facts.loras.len() <= 32 && read.facts.models.len() <= 32);
    assert!(read.others.len() <= 256);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(
        parts in prop::collection::vec(
            prop_oneof![
                Just("\nSteps: 20".to_owned()), Just("Steps:".to_owned()), Just(", ".to_owned()),
                Just("\nNegative prompt:".to_owned()), Just(": ".to_owned()), Just("\"".to_owned()),
                Just("\\".to_owned()), Just("{".to_owned()), Just("<lora:".to_owned()),
                Just(">".to_owned()), Just("Size: 3x".to_owned()), Just("\n".to_owned()),
                ".{0,6}",
            ],
            0..30,
        )
    ) {
        let text = parts.concat();
        if let Some(read) = parameters(&text) {
            prop_assert!(text.contains(':'));
            prop_assert!(read.others.len() <= 256);
        }
    }
}
