//! The part of the table with picture and mask nodes.

use serde_json::{Value as Json, json};

use super::class::{Input, Kind, NodeClass};
use super::table::{
    CROP, IMAGE, IMAGE_MASK, MASK, combo, float, input, int, link, new_combo, node, side,
};
use super::{filter, image, mask, quantize, scale};

const DITHER: &[&str] = &["none", "floyd-steinberg", "bayer-2", "bayer-4", "bayer-8", "bayer-16"];
const BLEND: &[&str] = &["normal", "multiply", "screen", "overlay", "soft_light", "difference"];
const UPSCALE: &[&str] = &["nearest-exact", "bilinear", "area", "bicubic", "lanczos"];

/// A number that pages show only to those who want to see more.
fn advanced(default: Json, min: Json, max: Json, step: Json) -> Json {
    json!({ "advanced": true, "default": default, "min": min, "max": max, "step": step })
}

pub fn image_nodes() -> Vec<NodeClass> {
    let extra = |module, class: NodeClass| NodeClass { module, ..class };
    let old = |class: NodeClass| NodeClass { deprecated: true, ..class };
    let post = "comfy_extras.nodes_post_processing";
    let images = "comfy_extras.nodes_images";
    let radius = |name| int(name, json!({ "default": 1, "min": 1, "max": 31, "step": 1 }));
    let edge = |name| int(name, json!({ "default": 0, "min": 0, "max": 16384, "step": 8 }));
    vec![
        node(
            "EmptyImage",
            "Empty Image",
            "image",
            vec![
                side("width", 512, 1),
                side("height", 512, 1),
                int("batch_size", json!({ "default": 1, "min": 1, "max": 4096 })),
                int(
                    "color",
                    json!({ "default": 0, "min": 0, "max": 0xff_ffff, "step": 1, "display": "color" }),
                ),
            ],
            IMAGE,
            image::empty_image,
        ),
        node(
            "ImageScale",
            "Upscale Image",
            "image/upscaling",
            vec![
                link("image", "IMAGE"),
                combo("upscale_method", UPSCALE),
                side("width", 512, 0),
                side("height", 512, 0),
                combo("crop", CROP),
            ],
            IMAGE,
            scale::image_scale,
        ),
        node(
            "ImageScaleBy",
            "Upscale Image By",
            "image/upscaling",
            vec![
                link("image", "IMAGE"),
                combo("upscale_method", UPSCALE),
                float("scale_by", json!({ "default": 1.0, "min": 0.01, "max": 8.0, "step": 0.01 })),
            ],
            IMAGE,
            scale::image_scale_by,
        ),
        node(
            "ImageInvert",
            "Invert Image Colors",
            "image/color",
            vec![link("image", "IMAGE")],
            IMAGE,
            image::image_invert,
        ),
        old(node(
            "ImageBatch",
            "Batch Images (DEPRECATED)",
            "image/batch",
            vec![link("image1", "IMAGE"), link("image2", "IMAGE")],
            IMAGE,
            image::image_batch,
        )),
        node(
            "ImagePadForOutpaint",
            "Pad Image for Outpainting",
            "image/transform",
            vec![
                link("image", "IMAGE"),
                edge("left"),
                edge("top"),
                edge("right"),
                edge("bottom"),
                int(
                    "feathering",
                    json!({ "default": 40, "min": 0, "max": 16384, "step": 1, "advanced": true }),
                ),
            ],
            IMAGE_MASK,
            mask::pad_for_outpaint,
        ),
        old(extra(
            images,
            node(
                "ImageCrop",
                "Crop Image (DEPRECATED)",
                "image/transform",
                vec![
                    link("image", "IMAGE"),
                    side("width", 512, 1),
                    side("height", 512, 1),
                    side("x", 0, 0),
                    side("y", 0, 0),
                ],
                IMAGE,
                image::image_crop,
            ),
        )),
        extra(
            images,
            node(
                "RepeatImageBatch",
                "Repeat Image Batch",
                "image/batch",
                vec![
                    link("image", "IMAGE"),
                    int("amount", json!({ "default": 1, "min": 1, "max": 4096 })),
                ],
                IMAGE,
                image::repeat_batch,
            ),
        ),
        extra(
            images,
            node(
                "ImageFromBatch",
                "Get Image from Batch",
                "image/batch",
                vec![
                    link("image", "IMAGE"),
                    int("batch_index", json!({ "default": 0, "min": -16384, "max": 16384 })),
                    int("length", json!({ "default": 1, "min": 1, "max": 4096 })),
                ],
                IMAGE,
                image::from_batch,
            ),
        ),
        extra(
            post,
            node(
                "ImageBlend",
                "Blend Images",
                "image/filters",
                vec![
                    link("image1", "IMAGE"),
                    link("image2", "IMAGE"),
                    float(
                        "blend_factor",
                        json!({ "default": 0.5, "min": 0.0, "max": 1.0, "step": 0.01 }),
                    ),
                    new_combo("blend_mode", BLEND),
                ],
                IMAGE,
                filter::blend,
            ),
        ),
        extra(
            post,
            node(
                "ImageBlur",
                "Blur Image",
                "image/filters",
                vec![
                    link("image", "IMAGE"),
                    radius("blur_radius"),
                    float("sigma", json!({ "default": 1.0, "min": 0.1, "max": 10.0, "step": 0.1 })),
                ],
                IMAGE,
                filter::blur,
            ),
        ),
        extra(
            post,
            node(
                "ImageQuantize",
                "Quantize Image",
                "image/filters",
                vec![
                    link("image", "IMAGE"),
                    int("colors", json!({ "default": 256, "min": 1, "max": 256, "step": 1 })),
                    new_combo("dither", DITHER),
                ],
                IMAGE,
                quantize::quantize,
            ),
        ),
        extra(
            post,
            node(
                "ImageSharpen",
                "Sharpen Image",
                "image/filters",
                vec![
                    link("image", "IMAGE"),
                    int("sharpen_radius", advanced(json!(1), json!(1), json!(31), json!(1))),
                    float("sigma", advanced(json!(1.0), json!(0.1), json!(10.0), json!(0.01))),
                    float("alpha", advanced(json!(1.0), json!(0.0), json!(5.0), json!(0.01))),
                ],
                IMAGE,
                filter::sharpen,
            ),
        ),
    ]
}

pub fn mask_nodes() -> Vec<NodeClass> {
    let nodes = vec![
        node(
            "ImageCompositeMasked",
            "Image Composite Masked",
            "image/compositing",
            vec![
                link("destination", "IMAGE"),
                link("source", "IMAGE"),
                side("x", 0, 0),
                side("y", 0, 0),
                input("resize_source", Kind::Bool, Some(json!({ "default": false }))),
                Input { required: false, ..link("mask", "MASK") },
            ],
            IMAGE,
            mask::composite,
        ),
        node(
            "MaskToImage",
            "Convert Mask to Image",
            "image/mask",
            vec![link("mask", "MASK")],
            IMAGE,
            mask::mask_to_image,
        ),
        node(
            "ImageToMask",
            "Convert Image to Mask",
            "image/mask",
            vec![link("image", "IMAGE"), new_combo("channel", &["red", "green", "blue", "alpha"])],
            MASK,
            mask::image_to_mask,
        ),
        node(
            "SolidMask",
            "Create Solid Mask",
            "image/mask",
            vec![
                float("value", json!({ "default": 1.0, "min": 0.0, "max": 1.0, "step": 0.01 })),
                side("width", 512, 1),
                side("height", 512, 1),
            ],
            MASK,
            mask::solid_mask,
        ),
        node(
            "InvertMask",
            "Invert Mask",
            "image/mask",
            vec![link("mask", "MASK")],
            MASK,
            mask::invert_mask,
        ),
    ];
    nodes
        .into_iter()
        .map(|class| NodeClass { module: "comfy_extras.nodes_mask", ..class })
        .collect()
}
