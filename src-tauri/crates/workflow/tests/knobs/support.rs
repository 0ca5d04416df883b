//! Classes of a server that nobody has, and prompts, written short.

use serde_json::{Map, Value, json};
use workflow::{Knob, Knobs, ObjectInfo, Prompt, Role, Section, knobs};

pub fn prompt(json: &Value) -> Prompt {
    workflow::read_prompt(json.to_string().as_bytes()).unwrap()
}

pub fn read_info(json: &Value) -> ObjectInfo {
    ObjectInfo::read(json.to_string().as_bytes()).unwrap()
}

/// A class: its inputs, and the types it makes. Names of outputs are their types in small letters,
/// unless they are given as `name:TYPE`.
pub fn class(inputs: &Value, makes: &[&str]) -> Value {
    let named = |made: &&str| {
        made.split_once(':').map_or((made.to_lowercase(), (*made).to_owned()), |(name, kind)| {
            (name.to_owned(), kind.to_owned())
        })
    };
    let (names, kinds): (Vec<String>, Vec<String>) = makes.iter().map(named).unzip();
    json!({"input": {"required": inputs}, "output": kinds, "output_name": names,
        "output_node": makes.is_empty()})
}

/// The classes that tests share. Their names say nothing that the rules could go by.
pub fn classes() -> Map<String, Value> {
    let seed =
        json!(["INT", {"default": 0, "min": 0, "max": u64::MAX, "control_after_generate": true}]);
    let words =
        json!(["STRING", {"multiline": true, "dynamicPrompts": true, "tooltip": "Say it."}]);
    let whole = json!(["INT", {"default": 512, "min": 16, "max": 16384, "step": 8}]);
    let share = json!(["FLOAT", {"default": 1.0, "min": 0.0, "max": 1.0, "step": 0.01}]);
    let samplers = json!([["euler", "heun"]]);
    let schedulers = json!([["normal", "karras"]]);
    let classes = json!({
        "Load": class(&json!({"ckpt_name": [["a.safetensors", "b.safetensors"]]}), &["MODEL", "CLIP", "VAE"]),
        "Style": class(&json!({"model": ["MODEL"], "clip": ["CLIP"], "lora_name": [["l.safetensors"]],
            "strength_model": share, "strength_clip": share}), &["MODEL", "CLIP"]),
        "Encode": class(&json!({"text": words, "clip": ["CLIP"]}), &["CONDITIONING"]),
        "Zero": class(&json!({"conditioning": ["CONDITIONING"]}), &["CONDITIONING"]),
        "Guide": class(&json!({"conditioning": ["CONDITIONING"],
            "guidance": ["FLOAT", {"default": 3.5, "min": 0.0, "max": 100.0}]}), &["CONDITIONING"]),
        "Control": class(&json!({"positive": ["CONDITIONING"], "negative": ["CONDITIONING"],
            "image": ["IMAGE"], "strength": share}), &["positive:CONDITIONING", "negative:CONDITIONING"]),
        "Blank": class(&json!({"width": whole, "height": whole,
            "batch_size": ["INT", {"default": 1, "min": 1, "max": 64}]}), &["LATENT"]),
        "Film": class(&json!({"width": whole, "height": whole, "length": ["INT", {"default": 81}]}), &["LATENT"]),
        "Sample": class(&json!({"model": ["MODEL"], "seed": seed,
            "steps": ["INT", {"default": 20, "min": 1, "max": 10_000}],
            "cfg": ["FLOAT", {"default": 8.0, "min": 0.0, "max": 100.0, "step": 0.1, "round": 0.01}],
            "sampler_name": samplers, "scheduler": schedulers, "positive": ["CONDITIONING"],
            "negative": ["CONDITIONING"], "latent_image": ["LATENT"], "denoise": share}), &["LATENT"]),
        "SampleFrom": class(&json!({"model": ["MODEL"], "add_noise": [["enable", "disable"]],
            "noise_seed": seed, "steps": ["INT"], "cfg": ["FLOAT"], "sampler_name": samplers,
            "scheduler": schedulers, "positive": ["CONDITIONING"], "negative": ["CONDITIONING"],
            "latent_image": ["LATENT"], "start_at_step": ["INT"]}), &["LATENT"]),
        "Noise": class(&json!({"noise_seed": seed}), &["NOISE"]),
        "Guider": class(&json!({"model": ["MODEL"], "conditioning": ["CONDITIONING"]}), &["GUIDER"]),
        "CfgGuider": class(&json!({"model": ["MODEL"], "positive": ["CONDITIONING"],
            "negative": ["CONDITIONING"], "cfg": ["FLOAT"]}), &["GUIDER"]),
        "TwoGuider": class(&json!({"model": ["MODEL"], "cond1": ["CONDITIONING"], "cond2": ["CONDITIONING"],
            "negative": ["CONDITIONING"], "cfg_conds": ["FLOAT"]}), &["GUIDER"]),
        "Select": class(&json!({"sampler_name": samplers}), &["SAMPLER"]),
        "Sigmas": class(&json!({"model": ["MODEL"], "scheduler": schedulers, "steps": ["INT"],
            "denoise": share}), &["SIGMAS"]),
        "SampleCustom": class(&json!({"noise": ["NOISE"], "guider": ["GUIDER"], "sampler": ["SAMPLER"],
            "sigmas": ["SIGMAS"], "latent_image": ["LATENT"]}), &["LATENT"]),
        "Decode": class(&json!({"samples": ["LATENT"], "vae": ["VAE"]}), &["IMAGE"]),
        "ToLatent": class(&json!({"pixels": ["IMAGE"], "vae": ["VAE"]}), &["LATENT"]),
        "Scale": class(&json!({"image": ["IMAGE"], "width": whole, "height": whole,
            "how": [["nearest", "area"]]}), &["IMAGE"]),
        "Picture": class(&json!({"image": [["cat.png"], {"image_upload": true}]}), &["IMAGE", "MASK"]),
        "MaskOf": class(&json!({"image": [["cat.png"], {"image_upload": true}],
            "channel": [["red", "alpha"]]}), &["MASK"]),
        "Masked": class(&json!({"samples": ["LATENT"], "mask": ["MASK"]}), &["LATENT"]),
        "Sound": class(&json!({"audio": ["COMBO", {"options": [], "audio_upload": true}]}), &["AUDIO"]),
        "Clip": class(&json!({"file": ["COMBO", {"options": ["a.mp4"], "video_upload": true}]}), &["VIDEO"]),
        "Thing": class(&json!({"model_file": ["COMBO", {"options": ["none"], "file_upload": true}]}), &["MESH"]),
        "Whole": class(&json!({"value": ["INT", {"control_after_generate": "fixed"}]}), &["INT"]),
        "Part": class(&json!({"value": ["FLOAT"]}), &["FLOAT"]),
        "Lines": class(&json!({"value": ["STRING", {"multiline": true}]}), &["STRING"]),
        "Join": class(&json!({"string_a": ["STRING", {"multiline": true}],
            "string_b": ["STRING", {"multiline": true}], "delimiter": ["STRING"]}), &["STRING"]),
        "Choose": class(&json!({"switch": ["BOOLEAN", {"label_on": "new", "label_off": "old"}],
            "on_false": ["COMFY_MATCHTYPE_V3", {"template": {"template_id": "t", "allowed_types": "*"}}],
            "on_true": ["COMFY_MATCHTYPE_V3", {"template": {"template_id": "t", "allowed_types": "*"}}]}),
            &["COMFY_MATCHTYPE_V3"]),
        "Sum": class(&json!({"expression": ["STRING", {"multiline": true}],
            "a": ["INT,FLOAT"], "b": ["INT,FLOAT"]}), &["FLOAT", "INT"]),
        "Shape": class(&json!({"aspect_ratio": [["1:1", "16:9"]], "megapixels": ["FLOAT"]}),
            &["width:INT", "height:INT"]),
        "Service": class(&json!({"prompt": words, "negative_prompt": words, "system_prompt": words,
            "model": ["COMFY_DYNAMICCOMBO_V3", {"options": [
                {"key": "fast", "inputs": {"required": {"duration": ["INT", {"min": 1, "max": 10}]}}},
                {"key": "slow", "inputs": {"required": {"size": [["s", "l"]], "seed": seed}}}]}]}), &["VIDEO"]),
        "Save": class(&json!({"images": ["IMAGE"], "filename_prefix": ["STRING", {"default": "x"}]}), &[]),
        "SaveVideo": class(&json!({"video": ["VIDEO"], "filename_prefix": ["STRING"]}), &[]),
    });
    match classes {
        Value::Object(classes) => classes,
        _ => Map::new(),
    }
}

/// The knobs of a prompt of those classes.
pub fn found(nodes: &Value) -> Knobs {
    knobs(&prompt(nodes), &read_info(&Value::Object(classes())))
}

/// A picture from text, with more nodes, or other ones, as given.
pub fn picture(more: &Value) -> Value {
    let mut nodes = json!({
        "1": {"class_type": "Load", "inputs": {"ckpt_name": "a.safetensors"}},
        "2": {"class_type": "Encode", "inputs": {"text": "a cat", "clip": ["1", 1]}},
        "3": {"class_type": "Encode", "inputs": {"text": "a dog", "clip": ["1", 1]}},
        "4": {"class_type": "Blank", "inputs": {"width": 512, "height": 768, "batch_size": 1}},
        "5": {"class_type": "Sample", "inputs": {"seed": u64::MAX, "steps": 20, "cfg": 7.5,
            "sampler_name": "euler", "scheduler": "karras", "denoise": 1.0, "model": ["1", 0],
            "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["4", 0]}},
        "6": {"class_type": "Decode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
        "7": {"class_type": "Save", "inputs": {"images": ["6", 0], "filename_prefix": "cats"}},
    });
    for (id, node) in more.as_object().unwrap() {
        let inputs = nodes.get(id).filter(|_| node.get("class_type").is_none()).cloned();
        match inputs {
            // Only inputs are given: they are set in the node that is there.
            Some(_) => {
                for (input, value) in node.as_object().unwrap() {
                    nodes[id]["inputs"][input] = value.clone();
                }
            }
            None => nodes[id] = node.clone(),
        }
    }
    nodes
}

pub fn knob<'a>(knobs: &'a Knobs, node: &str, input: &str) -> &'a Knob {
    knobs.get(node, input).unwrap_or_else(|| panic!("no knob {input} of {node}: {knobs:#?}"))
}

pub fn role(knobs: &Knobs, node: &str, input: &str) -> Role {
    knob(knobs, node, input).role
}

/// Node and input of all knobs in a part of the screen.
pub fn section(knobs: &Knobs, section: Section) -> Vec<String> {
    let groups = knobs.groups.iter().filter(|group| group.section == section);
    groups
        .flat_map(|group| &group.knobs)
        .map(|knob| format!("{} {}", knob.node.id, knob.input))
        .collect()
}
