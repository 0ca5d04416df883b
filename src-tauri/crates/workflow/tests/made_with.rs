//! Which models and LoRAs a picture was made with, told from its graph.
#![allow(missing_docs, clippy::unwrap_used)]

use domain::PictureFacts;
use workflow::{facts, read_prompt};

/// The facts of a picture whose sampler gets its model from the node `m`.
fn made(nodes: &str) -> PictureFacts {
    let prompt = format!(
        r#"{{{nodes},
"base":{{"class_type":"CheckpointLoaderSimple","inputs":{{"ckpt_name":"base.safetensors"}}}},
"text":{{"class_type":"CLIPTextEncode","inputs":{{"text":"a lake <lora:words:1>","clip":["base",1]}}}},
"empty":{{"class_type":"EmptyLatentImage","inputs":{{"width":512,"height":512}}}},
"sampler":{{"class_type":"KSampler","inputs":{{"seed":1,"steps":20,"sampler_name":"euler",
  "model":["m",0],"positive":["text",0],"negative":["text",0],"latent_image":["empty",0]}}}},
"decode":{{"class_type":"VAEDecode","inputs":{{"samples":["sampler",0],"vae":["base",2]}}}},
"save":{{"class_type":"SaveImage","inputs":{{"images":["decode",0]}}}}}}"#
    );
    facts(&read_prompt(prompt.as_bytes()).unwrap(), "save")
}

fn loras(facts: &PictureFacts) -> Vec<(&str, Option<&str>)> {
    facts.loras.iter().map(|lora| (lora.name.as_str(), lora.strength.as_deref())).collect()
}

#[test]
fn every_lora_of_a_node_is_found_with_its_own_strength() {
    type Case<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);
    let cases: [Case<'_>; 12] = [
        // Efficiency Nodes.
        (
            r#""m":{"class_type":"LoRA Stacker","inputs":{"input_mode":"simple","lora_count":2,
            "lora_name_1":"a.safetensors","lora_wt_1":0.5,"model_str_1":0.9,"clip_str_1":0.8,
            "lora_name_2":"b.safetensors","lora_wt_2":0.6,"model_str_2":0.7,"clip_str_2":0.8,
            "lora_name_3":"c.safetensors","lora_wt_3":0.6,"model_str_3":0.7,"clip_str_3":0.8}}"#,
            &[("a.safetensors", Some("0.5")), ("b.safetensors", Some("0.6"))],
        ),
        (
            r#""m":{"class_type":"LoRA Stacker","inputs":{"input_mode":"advanced","lora_count":1,
            "lora_name_1":"a.safetensors","lora_wt_1":0.5,"clip_str_1":0.8,"model_str_1":0.9}}"#,
            &[("a.safetensors", Some("0.9"))],
        ),
        // Comfyroll.
        (
            r#""m":{"class_type":"CR LoRA Stack","inputs":{
            "switch_1":"Off","lora_name_1":"a.safetensors","model_weight_1":1.0,"clip_weight_1":1.0,
            "switch_2":"On","lora_name_2":"b.safetensors","clip_weight_2":0.3,"model_weight_2":0.7}}"#,
            &[("b.safetensors", Some("0.7"))],
        ),
        // Easy Use.
        (
            r#""m":{"class_type":"easy loraStack","inputs":{"toggle":true,"mode":"simple","num_loras":1,
            "lora_1_name":"a.safetensors","lora_1_model_strength":0.9,"lora_1_strength":0.4,
            "lora_2_name":"b.safetensors","lora_2_strength":0.5}}"#,
            &[("a.safetensors", Some("0.4"))],
        ),
        (
            r#""m":{"class_type":"easy loraStack","inputs":{"toggle":false,"num_loras":1,
            "lora_1_name":"a.safetensors","lora_1_strength":0.4}}"#,
            &[],
        ),
        // rgthree.
        (
            r#""m":{"class_type":"Lora Loader Stack (rgthree)","inputs":{
            "lora_01":"a.safetensors","strength_01":0.1,"lora_02":"None","strength_02":1.0,
            "lora_03":"c.safetensors","strength_03":0.0,"lora_04":"d.safetensors","strength_04":-0.4}}"#,
            &[("a.safetensors", Some("0.1")), ("d.safetensors", Some("-0.4"))],
        ),
        // Switches, and slots with letters.
        (
            r#""m":{"class_type":"x","inputs":{"enable_lora_1":false,"lora_name_1":"a.safetensors",
            "model_strength_1":1,"lora_2":false,"lora_name_2":"b.safetensors","lora_weight_2":1,
            "lora_3":true,"lora_name_3":"c.safetensors","lora_weight_3":0.3}}"#,
            &[("c.safetensors", Some("0.3"))],
        ),
        (
            r#""m":{"class_type":"x","inputs":{"lora_a":"a.safetensors","lora_strength_a":0.1,
            "lora_b":"b.safetensors","lora_strength_b":0.2}}"#,
            &[("a.safetensors", Some("0.1")), ("b.safetensors", Some("0.2"))],
        ),
        // By chance between two numbers: which it was is not said.
        (
            r#""m":{"class_type":"x","inputs":{"lora_name_1":"a.safetensors",
            "min_model_strength_1":0.1,"max_model_strength_1":0.9}}"#,
            &[("a.safetensors", None)],
        ),
        // Lora Manager: the list counts, not the text it was typed as.
        (
            r#""m":{"class_type":"Lora Loader (LoraManager)","inputs":{"model":["base",0],
            "text":"<lora:a:0.5> <lora:b:1>","loras":{"__value__":[
            {"name":"a","strength":0.5,"active":true,"clipStrength":0.2},
            {"name":"b","strength":"1","active":false}]}}}"#,
            &[("a", Some("0.5"))],
        ),
        (
            r#""m":{"class_type":"LoraLoader","inputs":{"model":["base",0],"lora_name":["n",0],
            "strength_model":["f",0],"strength_clip":0.1}},
            "n":{"class_type":"PrimitiveString","inputs":{"value":"linked.safetensors"}},
            "f":{"class_type":"Reroute","inputs":{"":["g",0]}},
            "g":{"class_type":"PrimitiveFloat","inputs":{"value":0.35}}"#,
            &[("linked.safetensors", Some("0.35"))],
        ),
        // A strength that is worked out is not known.
        (
            r#""m":{"class_type":"LoraLoaderModelOnly","inputs":{"model":["base",0],
            "lora_name":"a.safetensors","strength_model":["f",0]}},
            "f":{"class_type":"Math","inputs":{"a":1,"b":2,"op":"+"}}"#,
            &[("a.safetensors", None)],
        ),
    ];
    for (nodes, wanted) in cases {
        assert_eq!(loras(&made(nodes)), wanted, "{nodes}");
    }
}

#[test]
fn loras_in_a_text_count_where_a_node_applies_them() {
    let tagged = |class: &str, input: &str| {
        format!(
            r#""m":{{"class_type":"{class}","inputs":{{"model":["base",0],"clip":["base",1],
            "{input}":"a <lora:x/film:0.80:0.5>, <lora:flat> <lora:none:0> <lora:b.safetensors:1.2:LBW=B11111>"}}}}"#
        )
    };
    let all = [("x/film", Some("0.80")), ("flat", None), ("b.safetensors", Some("1.2"))];
    for (class, input) in [
        ("LoraTagLoader", "text"),
        ("ImpactWildcardEncode", "populated_text"),
        ("PCLazyLoraLoader", "text"),
        ("Wildcard And Lora Syntax Processor", "positive_prompt"),
        ("ttN KSampler_v2", "loras"),
    ] {
        assert_eq!(loras(&made(&tagged(class, input))), all, "{class}");
    }
    type Case<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);
    let cases: [Case<'_>; 7] = [
        // From another node, through one that joins texts; what an encoder gets is only words.
        (
            r#""m":{"class_type":"LoraTagLoader","inputs":{"model":["base",0],"clip":["base",1],"text":["j",0]}},
            "j":{"class_type":"StringConcatenate","inputs":{"string_a":["p",0],"string_b":"<lora:b:0.2>"}},
            "p":{"class_type":"PrimitiveString","inputs":{"value":"<lora:a:0.1>"}}"#,
            &[("b", Some("0.2")), ("a", Some("0.1"))],
        ),
        (
            r#""m":{"class_type":"FaceDetailer","inputs":{"model":["base",0],"clip":["base",1],
            "positive":["text",0],"wildcard":"<lora:face:0.3>"}}"#,
            &[("face", Some("0.3"))],
        ),
        // What the wildcards became counts.
        (
            r#""m":{"class_type":"ImpactWildcardEncode","inputs":{"model":["base",0],"clip":["base",1],
            "wildcard_text":"{<lora:a:1>|<lora:b:1>}","populated_text":"<lora:b:1>"}}"#,
            &[("b", Some("1"))],
        ),
        (
            r#""m":{"class_type":"Power Prompt (rgthree)","inputs":{"opt_model":["base",0],
            "prompt":"<lora:a:1>","insert_lora":"DISABLE LORAS"}}"#,
            &[],
        ),
        // Loaders of both sorts.
        (
            r#""m":{"class_type":"easy fullLoader","inputs":{"ckpt_name":"e.safetensors","positive":"<lora:a:1>"}}"#,
            &[("a", Some("1"))],
        ),
        (
            r#""m":{"class_type":"Efficient Loader","inputs":{"ckpt_name":"e.safetensors","positive":"<lora:a:1>"}}"#,
            &[],
        ),
        // Not applied by anything: `text` of all these cases has one, too.
        (r#""m":{"class_type":"Reroute","inputs":{"":["base",0]}}"#, &[]),
    ];
    for (nodes, wanted) in cases {
        assert_eq!(loras(&made(nodes)), wanted, "{nodes}");
    }
}

/// A graph with most of what can be loaded.
const MUCH: &str = r#"{
"1":{"class_type":"UNETLoader","inputs":{"unet_name":"flux.safetensors"}},
"2":{"class_type":"DualCLIPLoader","inputs":{"clip_name1":"t5.safetensors","clip_name2":"clip_l.safetensors"}},
"3":{"class_type":"VAELoader","inputs":{"vae_name":"ae.safetensors"}},
"4":{"class_type":"CLIPTextEncode","inputs":{"text":"a lake","clip":["2",0]}},
"5":{"class_type":"ControlNetLoader","inputs":{"control_net_name":"depth.safetensors"}},
"6":{"class_type":"ControlNetApplyAdvanced","inputs":{"positive":["4",0],"negative":["4",0],"control_net":["5",0],"image":["20",0]}},
"7":{"class_type":"IPAdapterModelLoader","inputs":{"ipadapter_file":"ip.safetensors"}},
"8":{"class_type":"CLIPVisionLoader","inputs":{"clip_name":"vision.safetensors"}},
"9":{"class_type":"IPAdapterAdvanced","inputs":{"ipadapter":["7",0],"clip_vision":["8",0],"image":["20",0],"model":["1",0]}},
"10":{"class_type":"StyleModelLoader","inputs":{"style_model_name":"redux.safetensors"}},
"11":{"class_type":"StyleModelApply","inputs":{"conditioning":["6",0],"style_model":["10",0]}},
"12":{"class_type":"KSampler","inputs":{"seed":1,"steps":20,"sampler_name":"euler","model":["9",0],"positive":["11",0],"negative":["6",1],"latent_image":["15",0]}},
"13":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"first.safetensors"}},
"14":{"class_type":"KSampler","inputs":{"seed":1,"steps":20,"sampler_name":"euler","model":["13",0],"positive":["4",0],"negative":["4",0],"latent_image":["22",0]}},
"15":{"class_type":"LatentUpscale","inputs":{"samples":["14",0]}},
"16":{"class_type":"VAEDecode","inputs":{"samples":["12",0],"vae":["3",0]}},
"17":{"class_type":"UpscaleModelLoader","inputs":{"model_name":"4x.pth"}},
"18":{"class_type":"ImageUpscaleWithModel","inputs":{"upscale_model":["17",0],"image":["16",0]}},
"19":{"class_type":"SaveImage","inputs":{"images":["18",0]}},
"20":{"class_type":"LoadImage","inputs":{"image":"a.png"}},
"21":{"class_type":"ControlNetLoader","inputs":{"control_net_name":"not used.safetensors"}},
"22":{"class_type":"EmptyLatentImage","inputs":{"width":512,"height":512}},
"23":{"class_type":"PreviewImage","inputs":{"images":["16",0]}},
"24":{"class_type":"SaveImage","inputs":{"images":["25",0]}},
"25":{"class_type":"ImageUpscaleWithModel","inputs":{"upscale_model":["17",0],"image":["20",0]}}}"#;

#[test]
fn checkpoints_come_first_as_they_sampled_and_whatever_else_was_used_is_named() {
    let prompt = read_prompt(MUCH.as_bytes()).unwrap();
    let with = |output: &str| {
        let facts = facts(&prompt, output);
        let mut others = facts.other_models;
        others.sort();
        (facts.models, others)
    };
    let sampled = [
        "ae.safetensors",
        "clip_l.safetensors",
        "depth.safetensors",
        "ip.safetensors",
        "redux.safetensors",
        "t5.safetensors",
        "vision.safetensors",
    ];
    let models = vec!["first.safetensors".to_owned(), "flux.safetensors".to_owned()];
    // The upscaler is behind one of the two outputs only.
    assert_eq!(with("23"), (models.clone(), sampled.map(str::to_owned).to_vec()));
    let mut upscaled: Vec<String> = sampled.map(str::to_owned).to_vec();
    upscaled.insert(0, "4x.pth".to_owned());
    assert_eq!(with("19"), (models, upscaled));
    // Nothing is sampled.
    assert_eq!(with("24"), (Vec::new(), vec!["4x.pth".to_owned()]));
    let nearest = facts(&prompt, "19");
    assert_eq!(nearest.other_models.first().map(String::as_str), Some("4x.pth"));
    assert_eq!(
        nearest.all_models().take(3).collect::<Vec<_>>(),
        ["first.safetensors", "flux.safetensors", "4x.pth"]
    );
}

#[test]
fn models_stand_in_the_order_in_which_they_sample() {
    let sampler = |id: u32, latent: &str| {
        format!(
            r#""m{id}":{{"class_type":"CheckpointLoaderSimple","inputs":{{"ckpt_name":"{id}.safetensors"}}}},
"s{id}":{{"class_type":"KSampler","inputs":{{"seed":1,"steps":20,"sampler_name":"euler",
  "model":["m{id}",0],"positive":["text",0],"negative":["text",0],"latent_image":["{latent}",0]}}}},
"d{id}":{{"class_type":"VAEDecode","inputs":{{"samples":["s{id}",0],"vae":["m{id}",2]}}}}"#
        )
    };
    let of = |output: &str| {
        let prompt = format!(
            r#"{{{},{},{},
"text":{{"class_type":"CLIPTextEncode","inputs":{{"text":"a lake","clip":["m1",1]}}}},
"empty":{{"class_type":"EmptyLatentImage","inputs":{{"width":512,"height":512}}}},
"encode":{{"class_type":"VAEEncode","inputs":{{"pixels":["d1",0],"vae":["m1",2]}}}},
"save":{output}}}"#,
            sampler(1, "empty"),
            sampler(2, "encode"),
            sampler(3, "empty")
        );
        facts(&read_prompt(prompt.as_bytes()).unwrap(), "save").models
    };
    // One after the other.
    assert_eq!(
        of(r#"{"class_type":"SaveImage","inputs":{"images":["d2",0]}}"#),
        ["1.safetensors", "2.safetensors"]
    );
    // What was painted in is put into what it was painted from, which is nearer to the output.
    assert_eq!(
        of(
            r#"{"class_type":"ImageCompositeMasked","inputs":{"destination":["d1",0],"source":["d2",0]}}"#
        ),
        ["1.safetensors", "2.safetensors"]
    );
    // None waits for another: as they are wired.
    assert_eq!(
        of(r#"{"class_type":"ImageBatch","inputs":{"image1":["d3",0],"image2":["d1",0]}}"#),
        ["3.safetensors", "1.safetensors"]
    );
    // A circle ends.
    let (one, other) = (sampler(1, "d2"), sampler(2, "d1"));
    let prompt = format!(
        r#"{{{one},{other},"text":{{"class_type":"CLIPTextEncode","inputs":{{"text":"a lake","clip":["m1",1]}}}},
"save":{{"class_type":"SaveImage","inputs":{{"images":["d1",0]}}}}}}"#
    );
    let circle = facts(&read_prompt(prompt.as_bytes()).unwrap(), "save");
    assert_eq!(circle.models, ["2.safetensors", "1.safetensors"]);
}

#[test]
fn a_model_is_found_where_no_node_looks_like_a_sampler() {
    let prompt = read_prompt(
        br#"{"1":{"class_type":"All","inputs":{"ckpt_name":"a.safetensors","vae_name":"b.safetensors","pipe":["3",0]}},
        "2":{"class_type":"SaveImage","inputs":{"images":["1",0]}},
        "3":{"class_type":"Loader","inputs":{"model_name":["4",0]}},
        "4":{"class_type":"PrimitiveString","inputs":{"value":"c.gguf"}}}"#,
    );
    let facts = facts(&prompt.unwrap(), "2");
    assert_eq!(facts.models, ["a.safetensors", "c.gguf"]);
    assert_eq!(facts.other_models, ["b.safetensors"]);
}

/// Inputs, links or nodes of a prompt that nobody writes by hand. Were each compared with each, its
/// facts would take minutes.
const MANY: usize = 20_000;

#[test]
fn a_node_with_a_great_many_loras_is_read() {
    let inputs: Vec<String> = (1..=MANY)
        .map(|at| format!(r#""lora_{at}":"{at}.pt","on_{at}":true,"strength_{at}":0.{at}"#))
        .collect();
    let facts = made(&format!(r#""m":{{"class_type":"x","inputs":{{{}}}}}"#, inputs.join(",")));
    assert_eq!(facts.loras.len(), 32);
    assert_eq!(loras(&facts)[31], ("32.pt", Some("0.32")));

    // All from one node that has as many inputs: such a node does not only hold a value.
    let links: Vec<String> = (1..=MANY).map(|at| format!(r#""lora_{at}":["v",0]"#)).collect();
    let values: Vec<String> = (1..=MANY).map(|at| format!(r#""x{at}":"{at}.pt""#)).collect();
    let facts = made(&format!(
        r#""m":{{"class_type":"x","inputs":{{{}}}}},"v":{{"class_type":"y","inputs":{{{},"value":"a.pt"}}}}"#,
        links.join(","),
        values.join(",")
    ));
    assert_eq!(loras(&facts), []);
}

#[test]
fn texts_that_many_nodes_apply_are_read_once() {
    // Each node applies its own text and all behind it.
    let nodes: Vec<String> = (1..=MANY)
        .map(|at| {
            let (last, text) = (at - 1, "x".repeat(200));
            format!(
                r#""a{at}":{{"class_type":"LoraTagLoader","inputs":{{"model":["a{last}",0],"text":["t{at}",0]}}}},
                "t{at}":{{"class_type":"Join","inputs":{{"text":["t{last}",0],"more":"{text} <lora:l{at}:0.5>"}}}}"#
            )
        })
        .collect();
    let facts = made(&format!(
        r#""m":{{"class_type":"Reroute","inputs":{{"":["a{MANY}",0]}}}},{}"#,
        nodes.join(",")
    ));
    assert_eq!(facts.loras.len(), 32);
    assert_eq!(loras(&facts)[0], (format!("l{MANY}").as_str(), Some("0.5")));
}

#[test]
fn a_chain_of_many_samplers_is_walked() {
    // Nodes as of a walk, less those around them.
    let last = MANY - 10;
    let nodes: Vec<String> = (0..last)
        .map(|at| {
            let model = if at + 1 == last { "base".to_owned() } else { format!("m{}", at + 1) };
            let id = if at == 0 { "m".to_owned() } else { format!("m{at}") };
            format!(
                r#""{id}":{{"class_type":"x","inputs":{{"seed":1,"steps":2,"model":["{model}",0],
                "positive":["text",0]}}}}"#
            )
        })
        .collect();
    let facts = made(&nodes.join(","));
    assert_eq!(facts.models, ["base.safetensors"]);
    assert_eq!(facts.seed.as_deref(), Some("1"));
}

/// A graph of WanVideoWrapper, in its text to video: nothing in it is called `positive`.
const WAN: &str = r#"{
"1":{"class_type":"WanVideoModelLoader","inputs":{"model":"wan.safetensors","base_precision":"bf16","quantization":"disabled","load_device":"offload_device","attention_mode":"sdpa","lora":["2",0],"extra_model":["3",0]}},
"2":{"class_type":"WanVideoLoraSelect","inputs":{"lora":"light.safetensors","strength":0.7}},
"3":{"class_type":"WanVideoExtraModelSelect","inputs":{"extra_model":"vace.safetensors"}},
"4":{"class_type":"LoadWanVideoT5TextEncoder","inputs":{"model_name":"umt5.safetensors","precision":"bf16","load_device":"offload_device","quantization":"disabled"}},
"5":{"class_type":"WanVideoTextEncode","inputs":{"positive_prompt":"a lake","negative_prompt":["6",0],"t5":["4",0],"force_offload":true,"model_to_offload":["1",0],"device":"gpu"}},
"6":{"class_type":"PrimitiveString","inputs":{"value":"a boat"}},
"7":{"class_type":"WanVideoVAELoader","inputs":{"model_name":"vae.safetensors","precision":"bf16"}},
"8":{"class_type":"WanVideoEmptyEmbeds","inputs":{"width":832,"height":480,"num_frames":81}},
"9":{"class_type":"WanVideoSampler","inputs":{"model":["1",0],"image_embeds":["8",0],"text_embeds":["5",0],"steps":30,"cfg":6.0,"shift":5.0,"seed":7,"force_offload":true,"scheduler":"unipc","riflex_freq_index":0,"denoise_strength":1.0}},
"10":{"class_type":"WanVideoDecode","inputs":{"vae":["7",0],"samples":["9",0],"enable_vae_tiling":false}},
"11":{"class_type":"VHS_VideoCombine","inputs":{"images":["10",0],"frame_rate":16}}}"#;

#[test]
fn a_video_of_wan_names_its_model_and_settings() {
    let sampled = facts(&read_prompt(WAN.as_bytes()).unwrap(), "11");
    assert_eq!(sampled.seed.as_deref(), Some("7"));
    assert_eq!(sampled.steps, Some(30));
    assert_eq!(sampled.cfg.as_deref(), Some("6.0"));
    assert_eq!(sampled.denoise.as_deref(), Some("1.0"));
    assert_eq!(sampled.scheduler.as_deref(), Some("unipc"));
    assert_eq!(sampled.prompt.as_deref(), Some("a lake"));
    assert_eq!(sampled.negative.as_deref(), Some("a boat"));
    assert_eq!((sampled.width, sampled.height), (Some(832), Some(480)));

    // The second version has a node that says the steps.
    let second = WAN
        .replace(r#""steps":30,"cfg":6.0,"shift":5.0,"#, r#""cfg":6.0,"#)
        .replace(r#""scheduler":"unipc","riflex_freq_index":0,"denoise_strength":1.0}"#, r#""scheduler":["12",0]}"#)
        .replace(r#""10":{"#, r#""12":{"class_type":"WanVideoSchedulerv2","inputs":{"scheduler":"unipc","steps":30,"shift":5.0,"start_step":0,"end_step":-1}},"10":{"#)
        .replace("WanVideoSampler\"", "WanVideoSamplerv2\"");
    let second = facts(&read_prompt(second.as_bytes()).unwrap(), "11");
    assert_eq!(second, PictureFacts { denoise: None, ..sampled.clone() });

    // Also of a sampler that does not look like one.
    let strange = WAN.replace(r#""seed":7,"#, "");
    let strange = facts(&read_prompt(strange.as_bytes()).unwrap(), "11");
    for facts in [sampled, strange] {
        assert_eq!(facts.models, ["wan.safetensors"]);
        assert_eq!(loras(&facts), [("light.safetensors", Some("0.7"))]);
        let mut others = facts.other_models;
        others.sort();
        assert_eq!(others, ["umt5.safetensors", "vace.safetensors", "vae.safetensors"]);
    }
}

#[test]
fn what_is_added_to_a_model_stands_beside_it() {
    for (class, input, file) in [
        ("ADE_AnimateDiffLoaderGen1", "model_name", "mm_sd_v15_v2.ckpt"),
        ("LoadAndApplyICLightUnet", "model_path", "iclight_sd15_fc.safetensors"),
        ("HypernetworkLoader", "hypernetwork_name", "film.pt"),
    ] {
        let node = |model: &str| {
            format!(
                r#""m":{{"class_type":"{class}","inputs":{{"model":["{model}",0],"{input}":"{file}"}}}},
                "x":{{"class_type":"Loader","inputs":{{}}}}"#
            )
        };
        let facts = made(&node("base"));
        assert_eq!(facts.models, ["base.safetensors"], "{class}");
        assert_eq!(facts.other_models, [file], "{class}");
        // Where the graph names no other.
        assert_eq!(made(&node("x")).models, [file], "{class}");
    }
    // A loader whose file is named by another node is given no model.
    let facts = made(
        r#""u":{"class_type":"UNETLoader","inputs":{"unet_name":["n",0]}},
        "n":{"class_type":"PrimitiveString","inputs":{"value":"a.safetensors"}},
        "m":{"class_type":"HypernetworkLoader","inputs":{"model":["u",0],"hypernetwork_name":"b.pt"}}"#,
    );
    assert_eq!(facts.models, ["a.safetensors"]);
}
