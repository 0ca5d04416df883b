//! The table of node classes.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use super::class::{Input, Kind, NodeClass, Options};
use super::{load, model, save, table_image, table_latent, text};

/// The checkpoints on offer; each draws in a style of its own.
pub const CHECKPOINTS: &[&str] = &[
    "practice_marble.safetensors",
    "practice_dunes.safetensors",
    "practice_waves.safetensors",
    "practice_ink.safetensors",
    "practice_aurora.safetensors",
];

/// The LoRAs on offer.
pub const LORAS: &[&str] = &["practice_grain.safetensors", "practice_mono.safetensors"];

/// ComfyUI's samplers. Here they differ only in small turns of the drawing.
const SAMPLERS: &[&str] = &[
    "euler",
    "euler_cfg_pp",
    "euler_ancestral",
    "euler_ancestral_cfg_pp",
    "heun",
    "heunpp2",
    "exp_heun_2_x0",
    "exp_heun_2_x0_sde",
    "dpm_2",
    "dpm_2_ancestral",
    "lms",
    "dpm_fast",
    "dpm_adaptive",
    "dpmpp_2s_ancestral",
    "dpmpp_2s_ancestral_cfg_pp",
    "dpmpp_sde",
    "dpmpp_sde_gpu",
    "dpmpp_2m",
    "dpmpp_2m_cfg_pp",
    "dpmpp_2m_sde",
    "dpmpp_2m_sde_gpu",
    "dpmpp_2m_sde_heun",
    "dpmpp_2m_sde_heun_gpu",
    "dpmpp_3m_sde",
    "dpmpp_3m_sde_gpu",
    "ddpm",
    "lcm",
    "ipndm",
    "ipndm_v",
    "deis",
    "res_multistep",
    "res_multistep_cfg_pp",
    "res_multistep_ancestral",
    "res_multistep_ancestral_cfg_pp",
    "gradient_estimation",
    "gradient_estimation_cfg_pp",
    "er_sde",
    "seeds_2",
    "seeds_3",
    "sa_solver",
    "sa_solver_pece",
    "ddim",
    "uni_pc",
    "uni_pc_bh2",
];
const SCHEDULERS: &[&str] = &[
    "simple",
    "sgm_uniform",
    "karras",
    "exponential",
    "ddim_uniform",
    "beta",
    "normal",
    "linear_quadratic",
    "kl_optimal",
];
const LATENT_UPSCALE: &[&str] = &["nearest-exact", "bilinear", "area", "bicubic", "bislerp"];
pub(super) const CROP: &[&str] = &["disabled", "center"];

pub(super) const IMAGE: &[(&str, &str)] = &[("IMAGE", "IMAGE")];
pub(super) const MASK: &[(&str, &str)] = &[("MASK", "MASK")];
pub(super) const IMAGE_MASK: &[(&str, &str)] = &[("IMAGE", "IMAGE"), ("MASK", "MASK")];
pub(super) const LATENT: &[(&str, &str)] = &[("LATENT", "LATENT")];
const SAVED: &[(&str, &str)] = &[("IMAGE", "images")];

pub(super) fn input(name: &'static str, kind: Kind, config: Option<Json>) -> Input {
    Input { name, kind, required: true, config }
}

pub(super) fn link(name: &'static str, kind: &'static str) -> Input {
    input(name, Kind::Link(kind), None)
}

pub(super) fn int(name: &'static str, config: Json) -> Input {
    input(name, Kind::Int, Some(config))
}

pub(super) fn float(name: &'static str, config: Json) -> Input {
    input(name, Kind::Float, Some(config))
}

pub(super) fn combo(name: &'static str, options: &'static [&'static str]) -> Input {
    input(name, Kind::Combo(Options::Fixed(options)), None)
}

pub(super) fn new_combo(name: &'static str, options: &'static [&'static str]) -> Input {
    input(name, Kind::NewCombo(Options::Fixed(options)), None)
}

pub(super) fn side(name: &'static str, default: u32, min: u32) -> Input {
    int(name, json!({ "default": default, "min": min, "max": 16384, "step": 1 }))
}

fn files(name: &'static str) -> Input {
    input(name, Kind::Combo(Options::InputFiles), Some(json!({ "image_upload": true })))
}

pub(super) fn node(
    name: &'static str,
    display_name: &'static str,
    category: &'static str,
    inputs: Vec<Input>,
    outputs: &'static [(&'static str, &'static str)],
    run: fn(&super::Inputs, &dyn super::Job) -> Result<super::Done, super::NodeError>,
) -> NodeClass {
    NodeClass {
        name,
        display_name,
        category,
        description: "",
        module: "nodes",
        deprecated: false,
        output_node: false,
        inputs,
        outputs,
        run,
    }
}

/// Every node class, in the order `/object_info` lists them.
pub fn table() -> &'static [NodeClass] {
    static TABLE: LazyLock<Vec<NodeClass>> = LazyLock::new(|| {
        let mut classes = model_nodes();
        classes.extend(table_latent::latent_nodes());
        classes.extend(file_nodes());
        classes.extend(table_image::image_nodes());
        classes.extend(table_image::mask_nodes());
        classes.extend(value_nodes());
        classes
    });
    &TABLE
}

/// The class of this name.
pub fn find(name: &str) -> Option<&'static NodeClass> {
    table().iter().find(|class| class.name == name)
}

fn model_nodes() -> Vec<NodeClass> {
    let strength = || json!({ "default": 1.0, "min": -100.0, "max": 100.0, "step": 0.01 });
    let described = |class: NodeClass, description| NodeClass { description, ..class };
    vec![
        described(
            node(
                "KSampler",
                "KSampler",
                "model/sampling",
                vec![
                    link("model", "MODEL"),
                    int(
                        "seed",
                        json!({ "default": 0, "min": 0, "max": u64::MAX, "control_after_generate": true }),
                    ),
                    int("steps", json!({ "default": 20, "min": 1, "max": 10000 })),
                    float(
                        "cfg",
                        json!({ "default": 8.0, "min": 0.0, "max": 100.0, "step": 0.1, "round": 0.01 }),
                    ),
                    combo("sampler_name", SAMPLERS),
                    combo("scheduler", SCHEDULERS),
                    link("positive", "CONDITIONING"),
                    link("negative", "CONDITIONING"),
                    link("latent_image", "LATENT"),
                    float(
                        "denoise",
                        json!({ "default": 1.0, "min": 0.0, "max": 1.0, "step": 0.01 }),
                    ),
                ],
                LATENT,
                model::k_sampler,
            ),
            "Draws an abstract picture from the seed and the prompt, step by step. The practice \
             engine has no model.",
        ),
        described(
            node(
                "CheckpointLoaderSimple",
                "Load Checkpoint",
                "model/loaders",
                vec![combo("ckpt_name", CHECKPOINTS)],
                &[("MODEL", "MODEL"), ("CLIP", "CLIP"), ("VAE", "VAE")],
                model::checkpoint_loader,
            ),
            "Chooses the style the practice engine draws in. Nothing is loaded.",
        ),
        described(
            node(
                "LoraLoader",
                "Load LoRA (Model and CLIP)",
                "model/loaders",
                vec![
                    link("model", "MODEL"),
                    link("clip", "CLIP"),
                    combo("lora_name", LORAS),
                    float("strength_model", strength()),
                    float("strength_clip", strength()),
                ],
                &[("MODEL", "MODEL"), ("CLIP", "CLIP")],
                model::lora_loader,
            ),
            "Changes how the practice engine draws: film grain, or fewer colours.",
        ),
        node(
            "CLIPTextEncode",
            "CLIP Text Encode (Prompt)",
            "model/conditioning",
            vec![
                input(
                    "text",
                    Kind::Text,
                    Some(json!({ "multiline": true, "dynamicPrompts": true })),
                ),
                link("clip", "CLIP"),
            ],
            &[("CONDITIONING", "CONDITIONING")],
            model::text_encode,
        ),
        node(
            "EmptyLatentImage",
            "Empty Latent Image",
            "model/latent",
            vec![
                int("width", json!({ "default": 512, "min": 16, "max": 16384, "step": 8 })),
                int("height", json!({ "default": 512, "min": 16, "max": 16384, "step": 8 })),
                int("batch_size", json!({ "default": 1, "min": 1, "max": 4096 })),
            ],
            LATENT,
            model::empty_latent,
        ),
        node(
            "LatentUpscale",
            "Upscale Latent",
            "model/latent",
            vec![
                link("samples", "LATENT"),
                combo("upscale_method", LATENT_UPSCALE),
                int("width", json!({ "default": 512, "min": 0, "max": 16384, "step": 8 })),
                int("height", json!({ "default": 512, "min": 0, "max": 16384, "step": 8 })),
                combo("crop", CROP),
            ],
            LATENT,
            model::latent_upscale,
        ),
        node(
            "VAEDecode",
            "VAE Decode",
            "model/latent",
            vec![link("samples", "LATENT"), link("vae", "VAE")],
            IMAGE,
            model::vae_decode,
        ),
        node(
            "VAEEncode",
            "VAE Encode",
            "model/latent",
            vec![link("pixels", "IMAGE"), link("vae", "VAE")],
            LATENT,
            model::vae_encode,
        ),
    ]
}

fn file_nodes() -> Vec<NodeClass> {
    let output = |class: NodeClass| NodeClass { output_node: true, ..class };
    vec![
        node(
            "LoadImage",
            "Load Image",
            "image",
            vec![files("image")],
            IMAGE_MASK,
            load::load_image,
        ),
        node(
            "LoadImageMask",
            "Load Image (as Mask)",
            "image",
            vec![files("image"), combo("channel", &["alpha", "red", "green", "blue"])],
            MASK,
            load::load_image_mask,
        ),
        output(node(
            "SaveImage",
            "Save Image",
            "image",
            vec![
                link("images", "IMAGE"),
                input("filename_prefix", Kind::Text, Some(json!({ "default": "ComfyUI" }))),
            ],
            SAVED,
            save::save_image,
        )),
        output(node(
            "PreviewImage",
            "Preview Image",
            "image",
            vec![link("images", "IMAGE")],
            SAVED,
            save::preview_image,
        )),
        NodeClass {
            description: "Saves the pictures as one animation. The practice engine always writes \
                          it lossless; quality and method change nothing.",
            module: "comfy_extras.nodes_images",
            ..output(node(
                "SaveAnimatedWEBP",
                "Save Animated WEBP",
                "image",
                vec![
                    link("images", "IMAGE"),
                    input(
                        "filename_prefix",
                        Kind::Text,
                        Some(json!({ "default": "ComfyUI", "multiline": false })),
                    ),
                    float(
                        "fps",
                        json!({ "default": 6.0, "min": 0.01, "max": 1000.0, "step": 0.01 }),
                    ),
                    input("lossless", Kind::Bool, Some(json!({ "default": true }))),
                    int("quality", json!({ "default": 80, "min": 0, "max": 100 })),
                    new_combo("method", &["default", "fastest", "slowest"]),
                ],
                SAVED,
                save::save_animated_webp,
            ))
        },
    ]
}

fn value_nodes() -> Vec<NodeClass> {
    let primitive = |name, display_name, kind, config, outputs| NodeClass {
        module: "comfy_extras.nodes_primitive",
        ..node(
            name,
            display_name,
            "utilities/primitive",
            vec![input("value", kind, Some(config))],
            outputs,
            text::primitive,
        )
    };
    vec![
        primitive(
            "PrimitiveInt",
            "Int",
            Kind::Int,
            json!({ "min": -i64::MAX, "max": i64::MAX, "control_after_generate": "fixed" }),
            &[("INT", "INT")],
        ),
        primitive(
            "PrimitiveFloat",
            "Float",
            Kind::Float,
            json!({ "min": -i64::MAX, "max": i64::MAX, "step": 0.1 }),
            &[("FLOAT", "FLOAT")],
        ),
        primitive(
            "PrimitiveString",
            "Text",
            Kind::Text,
            json!({ "multiline": false }),
            &[("STRING", "STRING")],
        ),
        primitive(
            "PrimitiveStringMultiline",
            "Text (Multiline)",
            Kind::Text,
            json!({ "multiline": true }),
            &[("STRING", "STRING")],
        ),
        primitive("PrimitiveBoolean", "Boolean", Kind::Bool, json!({}), &[("BOOLEAN", "BOOLEAN")]),
        NodeClass {
            output_node: true,
            description: "Preview any input value as text.",
            module: "comfy_extras.nodes_preview_any",
            ..node(
                "PreviewAny",
                "Preview as Text",
                "utilities",
                vec![input("source", Kind::Any, Some(json!({})))],
                &[("STRING", "STRING")],
                text::preview_any,
            )
        },
    ]
}
