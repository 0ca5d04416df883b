//! Settings as other programs than A1111 write them. The texts have the shape that the source named
//! at each reader gives them; words and numbers are our own.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use domain::{LoraUse, PictureFacts};
use proptest::prelude::*;
use workflow::parameters;

/// What is expected of most texts here, which are all of one picture.
fn harbour() -> PictureFacts {
    PictureFacts {
        prompt: Some("a quiet harbour".to_owned()),
        negative: Some("blur, frame".to_owned()),
        models: vec!["night".to_owned()],
        other_models: Vec::new(),
        loras: vec![lora("film", "0.8"), lora("grain", "0.35")],
        seed: Some("18446744073709551615".to_owned()),
        sampler: Some("euler".to_owned()),
        scheduler: Some("karras".to_owned()),
        steps: Some(24),
        cfg: Some("6.5".to_owned()),
        denoise: Some("0.7".to_owned()),
        width: Some(832),
        height: Some(1216),
    }
}

fn lora(name: &str, strength: &str) -> LoraUse {
    LoraUse { name: name.to_owned(), strength: Some(strength.to_owned()) }
}

/// What a text says, and that these settings are among the others.
fn read(text: &str, others: &[(&str, &str)]) -> PictureFacts {
    let read = parameters(text).unwrap_or_else(|| panic!("nothing is read of {text}"));
    for (at, one) in read.others.iter().enumerate() {
        assert!(!read.others[..at].contains(one), "{one:?} is there twice");
    }
    for (name, value) in others {
        let wanted = ((*name).to_owned(), (*value).to_owned());
        assert!(read.others.contains(&wanted), "{name} in {:?}", read.others);
    }
    read.facts
}

#[test]
fn swarm_ui() {
    let text = r#"{
  "sui_image_params": {
    "prompt": "a quiet harbour", "negativeprompt": "blur, frame", "model": "night",
    "seed": 18446744073709551615, "steps": 24, "cfgscale": 6.5, "aspectratio": "Custom",
    "width": 832, "height": 1216, "sampler": "euler", "scheduler": "karras",
    "initimagecreativity": "0.7", "automaticvae": true,
    "loras": ["film", "grain"], "loraweights": ["0.8", "0.35"], "swarm_version": "0.9.7.4"
  },
  "sui_extra_data": {"date": "2026-01-03", "generation_time": "6.53 sec", "unused_parameters": ["width", "height"]},
  "sui_models": [{"name": "night.safetensors", "param": "model", "hash": "0x22d8"}]
}"#;
    let others = [
        ("aspectratio", "Custom"),
        ("automaticvae", "true"),
        ("swarm_version", "0.9.7.4"),
        ("generation_time", "6.53 sec"),
        ("unused_parameters", "width, height"),
        ("sui_models.hash", "0x22d8"),
    ];
    assert_eq!(read(text, &others), harbour());

    // Older versions: every value a text, lists with commas, and each backend's own sampler.
    let old = r#"{"sui_image_params": {"prompt": "a quiet harbour", "negativeprompt": "blur, frame",
        "model": "night", "seed": "18446744073709551615", "steps": "24", "cfgscale": "6.5",
        "width": "832", "height": "1216", "comfyuisampler": "euler", "comfyuischeduler": "karras",
        "initimagecreativity": 0.7, "loras": "film,grain", "loraweights": "0.8,0.35"}}"#;
    assert_eq!(read(old, &[]), harbour());
}

#[test]
fn fooocus() {
    let text = r#"{"adm_guidance": "(1.5, 0.8, 0.3)", "base_model": "night", "base_model_hash": "aeb7e9e689",
        "clip_skip": 2, "full_negative_prompt": ["blur, frame", "anime"],
        "full_prompt": ["cinematic still a quiet harbour"], "guidance_scale": 6.5,
        "lora_combined_1": "film : 0.8", "lora_combined_2": "grain : 0.35",
        "loras": [["film", 0.8, "4852686128"], ["grain", 0.35, "1a2b"]], "metadata_scheme": "fooocus",
        "negative_prompt": "blur, frame", "performance": "Speed", "prompt": "a quiet harbour",
        "refiner_model": "None", "refiner_switch": 0.5, "resolution": "(832, 1216)",
        "sampler": "euler", "scheduler": "karras", "seed": "18446744073709551615", "sharpness": 2,
        "steps": 24, "styles": "['Fooocus V2']", "vae": "Default (model)", "version": "Fooocus v2.5.5"}"#;
    let expected = PictureFacts { denoise: None, ..harbour() };
    let others = [
        ("performance", "Speed"),
        ("full_negative_prompt", "blur, frame, anime"),
        ("lora_combined_1", "film : 0.8"),
        ("vae", "Default (model)"),
    ];
    assert_eq!(read(text, &others), expected);

    // Forks write the labels of its log.
    let labels = r#"{"Prompt": "a quiet harbour", "Negative Prompt": "blur, frame", "Styles": "[]",
        "Performance": "Speed", "Steps": 24, "Resolution": "(832, 1216)", "Guidance Scale": 6.5,
        "Base Model": "night", "Refiner Model": "None", "Sampler": "euler", "Scheduler": "karras",
        "Seed": 18446744073709551615, "LoRA 1": "film : 0.8", "LoRA 2": "grain : 0.35"}"#;
    assert_eq!(read(labels, &[("Performance", "Speed")]), expected);

    // Its scheme `a1111`.
    let plain = "a quiet harbour\nNegative prompt: blur, frame\nSteps: 24, Sampler: euler, Seed: 18446744073709551615, Size: 832x1216, CFG scale: 6.5, Sharpness: 2, ADM Guidance: \"(1.5, 0.8, 0.3)\", Model: night, Model hash: aeb7e9e689, Performance: Speed, Scheduler: karras, VAE: Default (model), Raw prompt: a quiet harbour, Lora hashes: \"film: 4852686128, grain: 1a2b\", Lora weights: \"film: 0.8, grain: 0.35\", Version: Fooocus v2.5.5";
    assert_eq!(read(plain, &[("ADM Guidance", "(1.5, 0.8, 0.3)")]), expected);
}

#[test]
fn ruined_fooocus() {
    let text = r#"{"Prompt": "a quiet harbour", "Negative": "blur, frame", "steps": 24, "cfg": 6.5,
        "width": 832, "height": 1216, "seed": 18446744073709551615, "sampler_name": "euler",
        "scheduler": "karras", "base_model_name": "night", "base_model_hash": "BEFC",
        "loras": [["AB12", "0.8 - film"], ["CD34", "0.35 - grain"]], "start_step": 0,
        "denoise": 0.7, "clip_skip": 1, "software": "RuinedFooocus"}"#;
    assert_eq!(read(text, &[("clip_skip", "1"), ("software", "RuinedFooocus")]), harbour());
    let none = text.replace("0.7", "null");
    assert_eq!(read(&none, &[]), PictureFacts { denoise: None, ..harbour() });
}

#[test]
fn invoke_ai() {
    let text = r#"{"generation_mode": "sdxl_img2img", "positive_prompt": "a quiet harbour",
        "negative_prompt": "blur, frame", "width": 832, "height": 1216, "seed": 18446744073709551615,
        "rand_device": "cpu", "cfg_scale": 6.5, "cfg_rescale_multiplier": 0.0, "steps": 24,
        "scheduler": "euler", "strength": 0.7, "seamless_x": false,
        "model": {"key": "179d", "hash": "blake3:7c16", "name": "night", "base": "sdxl", "type": "main"},
        "loras": [{"model": {"key": "1", "name": "film", "base": "sdxl", "type": "lora"}, "weight": 0.8},
            {"model": {"key": "2", "name": "grain"}, "weight": 0.35}],
        "vae": {"key": "3", "name": "fix"}, "ref_images": [], "app_version": "6.10.0"}"#;
    // Its scheduler is what others call sampler.
    let expected = PictureFacts { scheduler: None, ..harbour() };
    let others = [
        ("generation_mode", "sdxl_img2img"),
        ("model.hash", "blake3:7c16"),
        ("vae.name", "fix"),
        ("app_version", "6.10.0"),
    ];
    assert_eq!(read(text, &others), expected);

    // Version 3 named models otherwise.
    let third = r#"{"generation_mode": "img2img", "positive_prompt": "a quiet harbour",
        "negative_prompt": "blur, frame", "width": 832, "height": 1216, "seed": 18446744073709551615,
        "cfg_scale": 6.5, "steps": 24, "scheduler": "euler", "strength": 0.7, "clip_skip": 0,
        "model": {"model_name": "night", "base_model": "sdxl", "model_type": "main"},
        "loras": [{"lora": {"model_name": "film", "base_model": "sdxl"}, "weight": 0.8},
            {"lora": {"model_name": "grain"}, "weight": 0.35}],
        "ipAdapters": [{"image": {"image_name": "21b3.png"}, "weight": 0.45}]}"#;
    assert_eq!(read(third, &[("ipAdapters.image.image_name", "21b3.png")]), expected);

    let flux = r#"{"generation_mode": "flux_txt2img", "positive_prompt": "a quiet harbour", "guidance": 4.0}"#;
    assert_eq!(read(flux, &[]).cfg.as_deref(), Some("4.0"));
}

#[test]
fn invoke_ai_before_version_3() {
    let expected = PictureFacts { scheduler: None, loras: Vec::new(), ..harbour() };
    let text = r#"{"model": "stable diffusion", "model_weights": "night", "model_hash": "56d1",
        "app_id": "invoke-ai/InvokeAI", "app_version": "2.3.0", "image": {
        "prompt": [{"prompt": "a quiet harbour [blur, frame]", "weight": 1.0}], "steps": 24,
        "cfg_scale": 6.5, "threshold": 0, "height": 1216, "width": 832, "seed": 18446744073709551615,
        "strength": 0.7, "postprocessing": [{"type": "esrgan", "scale": 4}, {"type": "esrgan", "scale": 2}], "sampler": "euler"}}"#;
    let others = [
        ("app_version", "2.3.0"),
        ("postprocessing.type", "esrgan"),
        ("model", "stable diffusion"),
    ];
    assert_eq!(read(text, &others), expected);

    let dreams = [
        r#""a quiet harbour [blur, frame]" -s 24 -S 18446744073709551615 -W 832 -H 1216 -C 6.5 -A euler -f 0.7 -G 0.9 -U 4 0.95"#,
        r#""a quiet harbour [blur, frame]" -s24 -b1 -W832 -H1216 -C6.5 -meuler -f0.7 -S18446744073709551615"#,
    ];
    for text in dreams {
        assert_eq!(
            read(text, &[]),
            PictureFacts { models: Vec::new(), ..expected.clone() },
            "{text}"
        );
    }
    read(dreams[0], &[("G", "0.9"), ("U", "4")]);
    // A prompt of A1111 may begin with a quote, and words may be all there is.
    let quoted = "\"a harbour\" -s 5 -S 1\nSteps: 24, Sampler: Euler, Seed: 7";
    assert_eq!(read(quoted, &[]).seed.as_deref(), Some("7"));
    for text in ["\"a harbour\" -what", "\"a harbour\" -", "\"", "\"a\" -S -s"] {
        assert_eq!(parameters(text), None, "{text}");
    }
}

#[test]
fn novel_ai() {
    let comment = r#"{"prompt": "a quiet harbour", "steps": 24, "height": 1216, "width": 832,
        "scale": 6.5, "uncond_scale": 0.0, "seed": 18446744073709551615, "n_samples": 1,
        "noise_schedule": "karras", "sampler": "euler", "strength": 0.7, "sm": false,
        "lora_unet_weights": null, "uc": "blur, frame", "request_type": "PromptGenerateRequest"}"#;
    let wrapped = serde_json::json!({
        "Title": "NovelAI generated image", "Description": "a quiet harbour", "Software": "NovelAI",
        "Source": "NovelAI Diffusion V4.5 4BDE2A90", "Comment": comment,
    })
    .to_string();
    let others =
        [("Software", "NovelAI"), ("request_type", "PromptGenerateRequest"), ("sm", "false")];
    let expected = PictureFacts {
        models: vec!["NovelAI Diffusion V4.5 4BDE2A90".to_owned()],
        loras: Vec::new(),
        ..harbour()
    };
    assert_eq!(read(&wrapped, &others), expected);
    // The settings alone, where the rest was lost.
    assert_eq!(read(comment, &[]), PictureFacts { models: Vec::new(), ..expected.clone() });

    // The first versions had the prompt as the description only.
    let old = comment.replace("\"prompt\": \"a quiet harbour\",", "");
    let wrapped = serde_json::json!({
        "Description": "a quiet harbour", "Source": "Stable Diffusion 1D44365E", "Comment": old,
    })
    .to_string();
    let models = vec!["Stable Diffusion 1D44365E".to_owned()];
    assert_eq!(read(&wrapped, &[]), PictureFacts { models, ..expected.clone() });

    // Words of single figures.
    let four = comment.replacen(
        '{',
        r#"{"v4_prompt": {"caption": {"base_caption": "a quiet harbour", "char_captions": [
            {"char_caption": "a cat", "centers": [{"x": 0.5, "y": 0.3}]}, {"char_caption": ""}]}},
            "v4_negative_prompt": {"caption": {"base_caption": "blur, frame", "char_captions": []}},"#,
        1,
    );
    let facts = read(&four, &[]);
    assert_eq!(facts.prompt.as_deref(), Some("a quiet harbour\n\na cat"));
    assert_eq!(facts.negative.as_deref(), Some("blur, frame"));
}

#[test]
fn draw_things() {
    let text = r#"{"c": "a quiet harbour", "uc": "blur, frame", "model": "night", "sampler": "euler",
        "scale": 6.5, "seed": 18446744073709551615, "seed_mode": "Scale Alike", "size": "832x1216",
        "steps": 24, "strength": 0.7, "shift": 3, "lora": [{"model": "film", "weight": 0.8},
        {"model": "grain", "weight": 0.35}], "v2": {"batchCount": 1, "loras": [{"file": "film"}]}}"#;
    let others = [
        ("seed_mode", "Scale Alike"),
        ("shift", "3"),
        ("v2.batchCount", "1"),
        ("v2.loras.file", "film"),
    ];
    assert_eq!(read(text, &others), PictureFacts { scheduler: None, ..harbour() });
}

#[test]
fn easy_diffusion() {
    // In JPEG and WebP.
    let text = r#"{"prompt": "a quiet harbour", "negative_prompt": "blur, frame",
        "seed": 18446744073709551615, "use_stable_diffusion_model": "C:\\models\\stable-diffusion\\night",
        "clip_skip": false, "use_vae_model": null, "sampler_name": "euler", "scheduler_name": "karras",
        "width": 832, "height": 1216, "num_inference_steps": 24, "guidance_scale": 6.5,
        "prompt_strength": 0.7, "use_lora_model": ["/models/lora/film", "/models/lora/grain"],
        "lora_alpha": [0.8, 0.35], "tiling": null, "use_upscale": "RealESRGAN_x4plus"}"#;
    let others = [("clip_skip", "false"), ("use_upscale", "RealESRGAN_x4plus")];
    assert_eq!(read(text, &others), harbour());

    // In PNG each value is what Python's `str` makes of it.
    let texts = r#"{"prompt": "a quiet harbour", "negative_prompt": "blur, frame",
        "seed": "18446744073709551615", "use_stable_diffusion_model": "/models/night",
        "clip_skip": "False", "use_vae_model": "None", "sampler_name": "euler",
        "scheduler_name": "karras", "width": "832", "height": "1216", "num_inference_steps": "24",
        "guidance_scale": "6.5", "prompt_strength": "0.7",
        "use_lora_model": "['/models/lora/film', '/models/lora/grain']", "lora_alpha": "[0.8, 0.35]"}"#;
    assert_eq!(read(texts, &[("clip_skip", "False")]), harbour());

    // With the names of its page.
    let names = r#"{"Prompt": "a quiet harbour", "Negative Prompt": "blur, frame",
        "Seed": "18446744073709551615", "Stable Diffusion model": "night", "Sampler": "euler",
        "Scheduler": "karras", "Width": "832", "Height": "1216", "Steps": "24",
        "Guidance Scale": "6.5", "Prompt Strength": "0.7", "LoRA model": "film, grain",
        "LoRA Strength": "0.8, 0.35", "Clip Skip": "False"}"#;
    assert_eq!(read(names, &[("Clip Skip", "False")]), harbour());
}

#[test]
fn civitai_s_generator() {
    let resources = r#"[{"type":"checkpoint","modelVersionId":25,"modelName":"night","modelVersionName":"v16.0 [half"},{"type":"lora","weight":0.8,"modelVersionId":26,"modelName":"film","modelVersionName":"v1"},{"type":"lycoris","weight":0.35,"modelVersionId":27,"modelName":"grain"},{"type":"embed","modelName":"safe"},{"type":"lora","modelVersionId":28}]"#;
    let text = format!(
        "a quiet harbour\nNegative prompt: blur, frame\nSteps: 24, Sampler: euler, CFG scale: 6.5, Seed: 18446744073709551615, Size: 832x1216, Clip skip: 2, Created Date: 2026-01-04T01:27:21.2717070Z, Civitai resources: {resources}, Civitai metadata: {{}}"
    );
    let others = [("Clip skip", "2"), ("Civitai resources", resources), ("Civitai metadata", "{}")];
    let expected = PictureFacts { scheduler: None, denoise: None, ..harbour() };
    assert_eq!(read(&text, &others), expected);
    // Broken, it is a setting and no more.
    let broken = text.replace("}]", "}");
    assert_eq!(read(&broken, &[]).models, Vec::<String>::new());
}

#[test]
fn civitai_s_generator_beside_a_prompt() {
    let text = r#"{"prompt":"a quiet harbour","negativePrompt":"blur, frame","steps":24,"cfgScale":6.5,
        "sampler":"euler","seed":18446744073709551615,"width":832,"height":1216,"workflowId":"img2img-hires",
        "resources":[{"modelVersionId":2514310,"strength":1}]}"#;
    let others = [("workflowId", "img2img-hires"), ("resources.modelVersionId", "2514310")];
    let expected = PictureFacts {
        models: Vec::new(),
        loras: Vec::new(),
        scheduler: None,
        denoise: None,
        ..harbour()
    };
    assert_eq!(read(text, &others), expected);
}

#[test]
fn a_saver_that_writes_nan_is_read() {
    let text = r#"{"sui_image_params": {"prompt": "a harbour NaN", "steps": 24, "cfgscale": NaN}}"#;
    let facts = read(text, &[]);
    assert_eq!((facts.steps, facts.cfg), (Some(24), None));
    assert_eq!(facts.prompt.as_deref(), Some("a harbour NaN"));
}

#[test]
fn hostile_objects_are_harmless() {
    let deep = format!(
        "{{\"sui_image_params\": {{\"steps\": 24, \"x\": {}{}}}}}",
        "[".repeat(300_000),
        "]".repeat(300_000)
    );
    let long = format!("{{\"c\": \"{}\", \"uc\": \"\"}}", "a".repeat(1 << 20));
    let cases = [
        "{",
        "{}",
        "{\"c\"",
        "{\"c\": 1, \"uc\": ",
        "{\"sui_image_params\": []}",
        "{\"image\": {}}",
        "{\"Comment\": \"{\"}",
        "{\"Comment\": []}",
        "{\"positive_prompt\": null}",
        "{\"image\": {\"prompt\": [[]]}}",
        "{\"a\": 1} {\"c\": 1}",
        &deep,
        &long,
    ];
    for text in cases {
        assert_eq!(parameters(text), None, "{}", &text[..text.len().min(60)]);
    }
    // A thousand settings in a hundred levels, with names that grow and words that do not end.
    let level = |inner: &str| format!("{{\"{}\": {inner}, \"b\": 1}}", "n".repeat(50));
    let nested = (0..90).fold("1".to_owned(), |inner, _| level(&inner));
    let many: String = (0..1_000).map(|n| format!(", \"k{n}\": [\"v\", {n}]")).collect();
    let text = format!(
        "{{\"c\": \"{}\", \"uc\": \"x\", \"seed\": {{\"a\": []}}, \"lora\": [{}], \"deep\": {nested}{many}}}",
        "ä".repeat(30_000),
        vec!["{\"model\": \"m\", \"weight\": []}"; 1_000].join(","),
    );
    let read = parameters(&text).unwrap();
    assert_eq!(read.facts.prompt.unwrap().chars().count(), 20_000);
    assert_eq!((read.others.len(), read.facts.loras.len(), read.facts.seed), (256, 1, None));
    assert!(read.others.iter().all(|(name, _)| name.len() <= 200));
}

proptest! {
    #[test]
    fn no_object_makes_it_panic(
        parts in prop::collection::vec(
            prop_oneof![
                Just("\"sui_image_params\":{"), Just("\"c\":"), Just("\"uc\":"), Just("\"loras\":"),
                Just("\"Comment\":"), Just("\"image\":{\"prompt\":"), Just("\"positive_prompt\":"),
                Just("\"use_stable_diffusion_model\":"), Just("\"base_model\":"), Just("\"guidance_scale\":"),
                Just("\"x [y\""), Just("-1"), Just("null"), Just("[[\"a\",1]]"), Just("["), Just("]"),
                Just("{"), Just("}"), Just(","), Just("\"{\\\"uc\\\":1,\\\"scale\\\":\\\"é\\\"}\""),
            ],
            0..20,
        )
    ) {
        let text = format!("{{{}}}", parts.concat());
        if let Some(read) = parameters(&text) {
            prop_assert!(read.others.len() <= 256);
        }
    }
}
