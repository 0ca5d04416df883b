//! Settings of other programs are found in the kinds of files they write, in the texts they write
//! them into. `workflow` tests what is read of them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use media::{EmbeddedWorkflow, embedded_in};
use std::io::Cursor;
use support::build;

fn found(bytes: Vec<u8>) -> EmbeddedWorkflow {
    embedded_in(Cursor::new(bytes), None).unwrap().1
}

/// One of each, with what tells it.
const OBJECTS: [(&str, &str); 10] = [
    ("SwarmUI", r#"{"sui_image_params": {"prompt": "a harbour", "steps": 24}}"#),
    ("Fooocus", r#"{"base_model": "night", "guidance_scale": 4, "prompt": "a harbour"}"#),
    ("Fooocus, labels", r#"{"Prompt": "a harbour", "Guidance Scale": 4, "Base Model": "night"}"#),
    (
        "RuinedFooocus",
        r#"{"Prompt": "a harbour", "base_model_name": "night", "software": "RuinedFooocus"}"#,
    ),
    ("InvokeAI", r#"{"generation_mode": "txt2img", "positive_prompt": "a harbour"}"#),
    ("InvokeAI 2", r#"{"app_id": "invoke-ai/InvokeAI", "image": {"prompt": "a harbour"}}"#),
    ("NovelAI", r#"{"prompt": "{{night}}, harbour", "scale": 5.0, "uc": "blur"}"#),
    ("Draw Things", r#"{"c": "a harbour", "uc": "", "scale": 4}"#),
    ("Easy Diffusion", r#"{"prompt": "a harbour", "use_stable_diffusion_model": "night"}"#),
    ("Civitai", r#"{"prompt": "a harbour", "negativePrompt": "blur", "cfgScale": 5}"#),
];

#[test]
fn objects_are_told_by_their_entries_wherever_they_stand() {
    for (name, text) in OBJECTS {
        let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let block = build::user_comment(b"UNICODE\0", &letters, true);
        // Fooocus writes it without an encoding into the main directory, SwarmUI once did as `Model`.
        let bare = |tag| build::tiff(&[(tag, 2, text.into())], &[], false);
        let packet = build::xmp(text);
        let files = [
            build::jpeg(&block),
            build::webp(&block),
            build::avif(&block, true),
            build::heic(&block),
            build::jxl(b"Exif", &build::offset(&block)),
            build::jxl(b"brob", &build::brob(b"xml ", packet.as_bytes())),
            build::jpeg(&bare(0x9286)),
            build::webp(&bare(0x0110)),
            bare(0x010e),
            build::jpeg_of(&build::segment(0xfe, text.as_bytes())),
            build::png(b"tEXt", &[("parameters", text)], false),
            build::png(b"tEXt", &[("Comment", text)], false),
            build::png(b"iTXt", &[("XML:com.adobe.xmp", &packet)], false),
            build::jpeg_of(&build::segment(
                0xe1,
                &[b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat(),
            )),
            build::tiff(&[(700, 1, packet.clone().into())], &[], true),
            build::jxl(b"xml ", packet.as_bytes()),
            build::heif(
                b"heic\0\0\0\0mif1heic",
                b"mime\0application/rdf+xml\0",
                packet.as_bytes(),
                false,
            ),
        ];
        for (at, bytes) in files.into_iter().enumerate() {
            let found = found(bytes);
            assert_eq!(found.parameters.as_deref(), Some(text), "{name}, file {at}");
            assert_eq!((found.prompt, found.workflow), (None, None), "{name}, file {at}");
        }
    }
}

#[test]
fn objects_of_others_are_no_settings() {
    for text in [
        r#"{"prompt": "a harbour", "seed": 1}"#,
        r#"{"camera": "c", "uc": 1}"#,
        r#"{"1": {"class_type": "A", "inputs": {"positive_prompt": "b"}}, "c": 1, "uc": 2}"#,
        r#"{"nodes": [], "links": [], "c": 1, "uc": 2}"#,
    ] {
        let found = found(build::jpeg_of(&build::segment(0xfe, text.as_bytes())));
        assert_eq!(found.parameters, None, "{text}");
    }
}

#[test]
fn settings_in_many_texts_of_a_png_are_put_together() {
    let novel = [
        ("Title", "NovelAI generated image"),
        ("Description", "{{night}}, harbour"),
        ("Software", "NovelAI"),
        ("Source", "NovelAI Diffusion V4.5 4BDE2A90"),
        ("Comment", r#"{"prompt": "{{night}}, harbour", "scale": 5.0, "uc": "blur"}"#),
    ];
    let easy =
        [("prompt", "a \"harbour\""), ("seed", "5"), ("use_stable_diffusion_model", "night")];
    let labels = [("Prompt", "a harbour"), ("Seed", "5"), ("Stable Diffusion model", "night")];
    for texts in [&novel[..], &easy, &labels] {
        let found = found(build::png(b"tEXt", texts, false));
        let object: serde_json::Value = serde_json::from_str(&found.parameters.unwrap()).unwrap();
        for (name, text) in texts {
            assert_eq!(object[name], *text);
        }
        assert_eq!((object.as_object().unwrap().len(), found.prompt), (texts.len(), None));
    }
    // What stands in `parameters` counts before all others.
    let both = [&novel[..], &[("parameters", "x\nSteps: 20")]].concat();
    assert_eq!(
        found(build::png(b"tEXt", &both, false)).parameters.as_deref(),
        Some("x\nSteps: 20")
    );
    // Another program's comment is left alone, and more than a megabyte are no settings.
    let texts = [("Software", "Paint"), ("Comment", "nice"), ("Description", "Steps: few")];
    assert_eq!(found(build::png(b"tEXt", &texts[..2], false)), EmbeddedWorkflow::default());
    let long = "a".repeat(1 << 20);
    let texts = [easy[2], ("prompt", &long)];
    assert_eq!(found(build::png(b"zTXt", &texts, false)).parameters, None);
}

#[test]
fn invoke_ai_s_texts_are_known_by_their_names() {
    let texts =
        [("Dream", "\"a\" -s 5"), ("sd-metadata", "{\"app_id\": 1}"), ("invokeai_metadata", "{}")];
    for count in 1..=3 {
        let found = found(build::png(b"iTXt", &texts[..count], false));
        assert_eq!(found.parameters.as_deref(), Some(texts[count - 1].1));
    }
}

#[test]
fn a_graph_beside_settings_is_found_as_well() {
    // SwarmUI with a ComfyUI behind it.
    let graph = r#"{"4": {"class_type": "CheckpointLoaderSimple", "inputs": {}}}"#;
    let texts = [("prompt", graph), ("parameters", OBJECTS[0].1)];
    let found = found(build::png(b"tEXt", &texts, false));
    assert_eq!(found.prompt.as_deref(), Some(graph));
    assert_eq!(found.parameters.as_deref(), Some(OBJECTS[0].1));
}

#[test]
fn civitai_s_settings_are_taken_out_of_its_prompt() {
    let node = r#"{"class_type":"KSampler","inputs":{"seed":7}}"#;
    let settings = r#"{"prompt":"a \"harbour\"","negativePrompt":"blur","cfgScale":5}"#;
    let object = format!(
        r#"{{"6":{node},"a \"b":{node},"extra":{{"airs":["urn:air:other"]}},"extraMetadata":{}}}"#,
        serde_json::Value::from(settings)
    );
    let letters: Vec<u8> = object.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = found(build::jpeg(&build::user_comment(b"UNICODE\0", &letters, false)));
    assert_eq!(found.prompt.unwrap(), format!(r#"{{"6":{node},"a \"b":{node}}}"#));
    assert_eq!(found.parameters.as_deref(), Some(settings));
}

#[test]
fn xmp_may_have_it_in_an_attribute_and_be_damaged() {
    let packets = [
        (
            r#"<r:Description exif:UserComment='{"c": 1, "uc": "&lt;&amp;"}'/>"#,
            Some(r#"{"c": 1, "uc": "<&"}"#),
        ),
        (r#"<e:UserComment>{"c": 1, "uc": 2}</e:UserComment><never"#, Some(r#"{"c": 1, "uc": 2}"#)),
        (
            r#"<e:UserComment><![CDATA[{"c": 1, "uc": 2}]]></e:UserComment>"#,
            Some(r#"{"c": 1, "uc": 2}"#),
        ),
        (r#"<e:UserComment>{"c": 1, "uc": 2}"#, None),
        (r#"<!-- <e:UserComment>{"c": 1, "uc": 2}</e:UserComment> -->"#, None),
        (r#"<dc:description>a view</dc:description>"#, None),
        ("<dc:description>a view&#10;Steps: 20</dc:description>", Some("a view\nSteps: 20")),
    ];
    for (packet, expected) in packets {
        let file = build::jxl(b"xml ", packet.as_bytes());
        assert_eq!(found(file).parameters.as_deref(), expected, "{packet}");
    }
}
