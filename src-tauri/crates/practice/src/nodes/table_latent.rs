//! The part of the table with latents of which a part is drawn, and upscale models.

use serde_json::json;

use super::class::NodeClass;
use super::latent;
use super::table::{IMAGE, LATENT, int, link, new_combo, node};
use super::upscale::{self, UPSCALERS};

pub fn latent_nodes() -> Vec<NodeClass> {
    let upscaling = |class: NodeClass, description| NodeClass {
        module: "comfy_extras.nodes_upscale_model",
        description,
        ..class
    };
    vec![
        node(
            "SetLatentNoiseMask",
            "Set Latent Noise Mask",
            "model/latent",
            vec![link("samples", "LATENT"), link("mask", "MASK")],
            LATENT,
            latent::set_noise_mask,
        ),
        node(
            "VAEEncodeForInpaint",
            "VAE Encode (for Inpainting)",
            "model/latent",
            vec![
                link("pixels", "IMAGE"),
                link("vae", "VAE"),
                link("mask", "MASK"),
                int("grow_mask_by", json!({ "default": 6, "min": 0, "max": 64, "step": 1 })),
            ],
            LATENT,
            latent::encode_for_inpaint,
        ),
        node(
            "RepeatLatentBatch",
            "Repeat Latent Batch",
            "model/latent/batch",
            vec![
                link("samples", "LATENT"),
                int("amount", json!({ "default": 1, "min": 1, "max": 64 })),
            ],
            LATENT,
            latent::repeat_batch,
        ),
        upscaling(
            node(
                "UpscaleModelLoader",
                "Load Upscale Model",
                "model/loaders",
                vec![new_combo("model_name", UPSCALERS)],
                &[("UPSCALE_MODEL", "UPSCALE_MODEL")],
                upscale::loader,
            ),
            "Chooses by how much the practice engine enlarges. Nothing is loaded.",
        ),
        upscaling(
            node(
                "ImageUpscaleWithModel",
                "Upscale Image (using Model)",
                "image/upscaling",
                vec![link("upscale_model", "UPSCALE_MODEL"), link("image", "IMAGE")],
                IMAGE,
                upscale::with_model,
            ),
            "Resizes the picture. The practice engine has no model, and adds no detail.",
        ),
    ]
}
