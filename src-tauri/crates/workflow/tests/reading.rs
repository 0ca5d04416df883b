//! Reading workflows: what is taken, what is refused, and in which words.
#![allow(missing_docs, clippy::unwrap_used)]

use proptest::prelude::*;
use workflow::{ReadError, facts, plan, read, read_prompt, title_for};

const CLASSIC: &str = r#"{
"4":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"sd_xl_base_1.0.safetensors"}},
"10":{"class_type":"LoraLoader","inputs":{"lora_name":"impasto_v2.safetensors","strength_model":0.80,"strength_clip":1.0,"model":["4",0],"clip":["4",1]}},
"5":{"class_type":"EmptyLatentImage","inputs":{"width":1152,"height":864,"batch_size":1}},
"6":{"class_type":"CLIPTextEncode","inputs":{"text":"loose bouquet","clip":["10",1]},"_meta":{"title":"What to paint"}},
"7":{"class_type":"CLIPTextEncode","inputs":{"text":"frame, signature","clip":["10",1]}},
"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"steps":20,"cfg":6.50,"sampler_name":"dpmpp_2m","scheduler":"karras","denoise":1,"model":["10",0],"positive":["6",0],"negative":["7",0],"latent_image":["5",0]}},
"8":{"class_type":"VAEDecode","inputs":{"samples":["3",0],"vae":["4",2]}},
"9":{"class_type":"SaveImage","inputs":{"images":["8",0],"filename_prefix":"b"}},
"11":{"class_type":"PreviewImage","inputs":{"images":["8",0]}}}"#;

#[test]
fn facts_are_found_by_walking_the_graph() {
    let prompt = read_prompt(CLASSIC.as_bytes()).unwrap();
    assert_eq!(prompt.text(), CLASSIC, "sent to the letter");
    let facts = facts(&prompt, "9");
    assert_eq!(facts.prompt.as_deref(), Some("loose bouquet"));
    assert_eq!(facts.negative.as_deref(), Some("frame, signature"));
    assert_eq!(facts.models, ["sd_xl_base_1.0.safetensors"]);
    assert_eq!(facts.loras[0].name, "impasto_v2.safetensors");
    assert_eq!(facts.loras[0].strength.as_deref(), Some("0.80"));
    assert_eq!(facts.seed.as_deref(), Some("18446744073709551615"));
    assert_eq!(facts.cfg.as_deref(), Some("6.50"));
    assert_eq!((facts.steps, facts.width, facts.height), (Some(20), Some(1152), Some(864)));
    assert_eq!(facts.sampler.as_deref(), Some("dpmpp_2m"));
    assert_eq!(facts.scheduler.as_deref(), Some("karras"));
}

#[test]
fn of_a_stack_the_loras_that_are_on_are_facts() {
    let prompt = read_prompt(
        br#"{
        "1":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"base.safetensors"}},
        "2":{"class_type":"CR LoRA Stack","inputs":{
            "switch_1":"Off","lora_name_1":"off.safetensors","model_weight_1":1,
            "switch_2":"On","lora_name_2":"on.safetensors","model_weight_2":0.7}},
        "3":{"class_type":"Power Lora Loader (rgthree)","inputs":{
            "PowerLoraLoaderHeaderWidget":{"type":"PowerLoraLoaderHeaderWidget"},
            "lora_1":{"on":true,"lora":"film.safetensors","strength":0.80},
            "lora_2":{"on":false,"lora":"unused.safetensors","strength":1},
            "lora_3":{"on":true,"lora":"None","strength":1},
            "lora_4":{"on":true,"lora":"weak.safetensors","strength":0},
            "lora_5":{"lora":"plain.safetensors"},
            "model":["1",0],"lora_stack":["2",0]}},
        "4":{"class_type":"KSampler","inputs":{"seed":1,"model":["3",0]}},
        "5":{"class_type":"SaveImage","inputs":{"images":["4",0]}}}"#,
    )
    .unwrap();
    let facts = facts(&prompt, "5");
    let mut loras: Vec<_> =
        facts.loras.iter().map(|lora| (lora.name.as_str(), lora.strength.as_deref())).collect();
    loras.sort_unstable();
    assert_eq!(
        loras,
        [
            ("film.safetensors", Some("0.80")),
            ("on.safetensors", Some("0.7")),
            ("plain.safetensors", None)
        ]
    );
}

#[test]
fn a_sampler_in_parts_is_one_sampler() {
    let text = r#"{
"1":{"class_type":"UNETLoader","inputs":{"unet_name":"flux1-dev.safetensors","weight_dtype":"default"}},
"2":{"class_type":"DualCLIPLoader","inputs":{"clip_name1":"t5xxl_fp16.safetensors","clip_name2":"clip_l.safetensors","type":"flux"}},
"3":{"class_type":"CLIPTextEncode","inputs":{"text":["14",0],"clip":["2",0]}},
"14":{"class_type":"PrimitiveStringMultiline","inputs":{"value":"a fjord"}},
"4":{"class_type":"FluxGuidance","inputs":{"guidance":3.5,"conditioning":["3",0]}},
"5":{"class_type":"BasicGuider","inputs":{"model":["1",0],"conditioning":["4",0]}},
"6":{"class_type":"RandomNoise","inputs":{"noise_seed":["15",0]}},
"15":{"class_type":"PrimitiveInt","inputs":{"value":77}},
"7":{"class_type":"KSamplerSelect","inputs":{"sampler_name":"euler"}},
"8":{"class_type":"BasicScheduler","inputs":{"scheduler":"simple","steps":25,"denoise":1,"model":["1",0]}},
"9":{"class_type":"EmptyLatentImage","inputs":{"width":1536,"height":640,"batch_size":1}},
"10":{"class_type":"SamplerCustomAdvanced","inputs":{"noise":["6",0],"guider":["5",0],"sampler":["7",0],"sigmas":["8",0],"latent_image":["9",0]}},
"11":{"class_type":"VAEDecode","inputs":{"samples":["10",0],"vae":["12",0]}},
"12":{"class_type":"VAELoader","inputs":{"vae_name":"ae.safetensors"}},
"13":{"class_type":"SaveImage","inputs":{"images":["11",0],"filename_prefix":"f"}}}"#;
    let prompt = read_prompt(text.as_bytes()).unwrap();
    let facts = facts(&prompt, "13");
    assert_eq!(facts.prompt.as_deref(), Some("a fjord"));
    assert_eq!(facts.negative, None);
    assert_eq!(facts.models, ["flux1-dev.safetensors"]);
    assert_eq!(facts.seed.as_deref(), Some("77"));
    assert_eq!(facts.sampler.as_deref(), Some("euler"));
    assert_eq!(facts.scheduler.as_deref(), Some("simple"));
    assert_eq!((facts.steps, facts.width), (Some(25), Some(1536)));
    assert_eq!(facts.cfg.as_deref(), Some("3.5"));
}

#[test]
fn only_nodes_that_lead_to_an_output_run_and_sources_come_first() {
    let prompt = read_prompt(CLASSIC.as_bytes()).unwrap();
    let outputs = ["SaveImage".to_owned()].into();
    let names = [("KSampler".to_owned(), "The sampler".to_owned())].into();
    let plan = plan(&prompt, Some(&outputs), Some(&names));
    let place = |id: &str| plan.nodes.iter().position(|node| node.id == id);
    assert_eq!(place("11"), None, "a preview is no output of this server");
    for node in prompt.nodes() {
        for (_, source) in node.sources() {
            if let Some(here) = place(&node.id) {
                assert!(place(source).unwrap() < here, "{source} before {}", node.id);
            }
        }
    }
    let sampler = &plan.nodes[place("3").unwrap()];
    assert_eq!((sampler.title.as_str(), sampler.steps), ("The sampler", Some(20)));
    assert_eq!(plan.nodes[place("6").unwrap()].title, "What to paint");
}

#[test]
fn circles_and_loose_ends_end() {
    let text = r#"{"1":{"class_type":"A","inputs":{"x":["2",0]}},"2":{"class_type":"B","inputs":{"x":["1",0],"y":["99",0]}},"3":{"class_type":"C","inputs":{"positive":["1",0],"seed":["3",0],"steps":["3",0]}}}"#;
    let prompt = read_prompt(text.as_bytes()).unwrap();
    assert_eq!(plan(&prompt, None, None).nodes.len(), 3);
    let _ = facts(&prompt, "3");
    let chain: String = (0..50_000)
        .map(|n| format!(r#","{}":{{"class_type":"A","inputs":{{"x":["{n}",0]}}}}"#, n + 1))
        .collect();
    let text = format!(r#"{{"0":{{"class_type":"A","inputs":{{}}}}{chain}}}"#);
    let long = read_prompt(text.as_bytes()).unwrap();
    assert_eq!(plan(&long, None, None).nodes.len(), 50_001);
}

#[test]
fn wrapped_prompts_and_python_values_are_read() {
    let wrapped = format!(
        r#"{{"client_id":"x","prompt":{CLASSIC},"extra_data":{{"extra_pnginfo":{{"workflow":{{"nodes":[{{}}]}}}}}}}}"#
    );
    let got = read(wrapped.as_bytes()).unwrap();
    assert_eq!(got.prompt.unwrap().text(), CLASSIC);
    assert_eq!(got.graph.as_deref(), Some(r#"{"nodes":[{}]}"#));
    let nan = r#"{"1":{"class_type":"A","inputs":{"t":"NaN \" -Infinity"},"is_changed":[NaN,-Infinity]}}"#;
    let got = read_prompt(nan.as_bytes()).unwrap();
    assert!(got.text().ends_with(r#""is_changed":[null,null]}}"#));
    assert_eq!(got.nodes()[0].inputs[0].1.string().unwrap(), "NaN \" -Infinity");
}

#[test]
fn both_forms_are_read_from_wherever_they_are_kept() {
    let prompt = |class: &str| format!(r#"{{"1":{{"class_type":"{class}","inputs":{{}}}}}}"#);
    let graph = r#"{"nodes":[{"id":1}],"links":[]}"#;
    let extra = format!(r#"{{"extra_pnginfo":{{"workflow":{graph}}}}}"#);
    let entry = |class: &str| {
        format!(
            r#"{{"prompt":[3,"an id",{},{extra},["1"]],"outputs":{{}},"status":{{}}}}"#,
            prompt(class)
        )
    };
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let a = prompt("A");
    // The text, the class that runs, whether there is a graph, and how many workflows were held.
    let cases = [
        (a.clone(), Some("A"), false, 1),
        (format!(r#"{{"prompt":{a}}}"#), Some("A"), false, 1),
        (graph.to_owned(), None, true, 1),
        (format!(r#"{{"workflow":{graph}}}"#), None, true, 1),
        (format!(r#"{{"prompt":{a},"workflow":{graph}}}"#), Some("A"), true, 1),
        (
            format!(r#"{{"prompt":{},"workflow":{}}}"#, quoted(&a), quoted(graph)),
            Some("A"),
            true,
            1,
        ),
        (format!(r#"{{"prompt":{{"x":1}},"workflow":{graph}}}"#), None, true, 1),
        (format!(r#"{{"prompt":{a},"workflow":7}}"#), Some("A"), false, 1),
        (entry("A"), Some("A"), true, 1),
        (format!(r#"{{"id 1":{},"id 2":{}}}"#, entry("A"), entry("B")), Some("B"), true, 2),
        (
            r#"{"prompt":{"class_type":"P"},"workflow":{"class_type":"W"}}"#.to_owned(),
            Some("P"),
            false,
            1,
        ),
    ];
    for (text, class, drawn, held) in cases {
        let read = read(text.as_bytes()).unwrap();
        let ran = read.prompt.map(|prompt| prompt.nodes()[0].class.clone());
        assert_eq!((ran.as_deref(), read.held), (class, held), "{text}");
        assert_eq!(read.graph.as_deref(), drawn.then_some(graph), "{text}");
    }
    let nested = (0..20).fold(a, |inside, _| format!(r#"{{"prompt":{inside}}}"#));
    assert!(matches!(read(nested.as_bytes()), Err(ReadError::NotWorkflow { .. })));
}

#[test]
fn what_cannot_be_run_is_refused_in_words() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases: [(&[u8], &str); 13] = [
        (b"", "There is nothing in it"),
        (b" \n ", "There is nothing in it"),
        (b"hello", "This is not JSON"),
        (b"{\"1\":{\"class_type\":\"A\"", "cut off"),
        (b"[1,2]", "it is a list"),
        (b"\"x\"", "a single text"),
        (b"{}", "has no nodes"),
        (b"{\"a\":1,\"b\":{}}", "none of its entries is a node (it has a, b)"),
        (b"{\"nodes\":[{},{}],\"links\":[]}", "editor format (2 nodes)"),
        (b"{\"1\":{\"class_type\":\"A\"},\"2\":{\"inputs\":{}}}", "Node 2"),
        (b"\xff\xfe{}", "no UTF-8"),
        (
            b"masterpiece\nNegative prompt: x\nSteps: 20, Sampler: Euler, Seed: 5",
            "generation settings",
        ),
        (deep.as_bytes(), "nested more than"),
    ];
    for (text, words) in cases {
        let error = read_prompt(text).unwrap_err().to_string();
        assert!(error.contains(words), "{error:?} should say {words:?}");
    }
    let large = vec![b' '; workflow::MAX_WORKFLOW_BYTES + 1];
    assert!(matches!(read(&large), Err(ReadError::TooLarge { .. })));
}

#[test]
fn titles_are_what_a_person_would_say() {
    let prompt = read_prompt(CLASSIC.as_bytes()).unwrap();
    for (stem, title) in [
        (Some("bouquet_study"), "bouquet study"),
        (Some("ComfyUI_00012_"), "loose bouquet"),
        (Some("workflow (3)"), "loose bouquet"),
        (Some("9f3c2a7b9f3c2a7b9f3c"), "loose bouquet"),
        (None, "loose bouquet"),
    ] {
        assert_eq!(title_for(&prompt, stem), title, "{stem:?}");
    }
}

#[test]
fn prompts_of_the_corpus_give_facts() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus");
    if !corpus.is_dir() {
        println!("corpus: not here, 0 cases");
        return;
    }
    let (mut cases, mut prompts, mut models, mut seeds, mut samplers) = (0, 0, 0, 0, 0);
    for set in ["templates", "real"] {
        for case in std::fs::read_dir(corpus.join(set)).unwrap() {
            let case = case.unwrap().path();
            let Ok(text) = std::fs::read(case.join("prompt.json")) else { continue };
            let Ok(prompt) = read_prompt(&text) else { continue };
            cases += 1;
            let plan = plan(&prompt, None, None);
            let all: Vec<_> = plan.nodes.iter().map(|node| facts(&prompt, &node.id)).collect();
            prompts += usize::from(all.iter().any(|facts| facts.prompt.is_some()));
            models += usize::from(all.iter().any(|facts| !facts.models.is_empty()));
            seeds += usize::from(all.iter().any(|facts| facts.seed.is_some()));
            samplers += usize::from(all.iter().any(|facts| facts.sampler.is_some()));
        }
    }
    println!(
        "corpus: {cases} cases, prompt in {prompts}, model in {models}, seed in {seeds}, sampler in {samplers}"
    );
    assert!(cases > 0, "the corpus is there but no expected prompt was found in it");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }

    #[test]
    fn seeds_and_floats_keep_their_text(seed: u64, whole in 0..1000_u32, part in "[0-9]{1,12}") {
        let float = format!("{whole}.{part}");
        let text = format!(r#"{{"1":{{"class_type":"A","inputs":{{"seed":{seed},"cfg":{float}}}}}}}"#);
        let prompt = read_prompt(text.as_bytes()).unwrap();
        prop_assert_eq!(prompt.text(), &text);
        let node = &prompt.nodes()[0];
        let seed = seed.to_string();
        prop_assert_eq!(node.input("seed").unwrap().number(), Some(seed.as_str()));
        prop_assert_eq!(node.input("cfg").unwrap().number(), Some(float.as_str()));
    }
}
