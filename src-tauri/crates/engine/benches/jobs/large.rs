//! A synthetic workflow of 500 nodes for the practice engine's classes. The window's benches use it too.

use std::fmt::Write;

/// Pictures that are made one from the other, of ten nodes each.
const PICTURES: usize = 50;
/// The sampler of the last picture, which needs all the others.
pub const LAST_SAMPLER: &str = "495";

/// A prompt of 500 nodes that all run: each picture begins with the latent of the one before.
pub fn large() -> String {
    let mut text = String::from("{");
    for picture in 0..PICTURES {
        for node in 0..10 {
            let (class, inputs) = node_of(picture, node);
            let _ = write!(
                text,
                r#""{}":{{"class_type":"{class}","inputs":{{{inputs}}},"_meta":{{"title":"{class} {picture}"}}}},"#,
                picture * 10 + node
            );
        }
    }
    text.pop();
    text.push('}');
    text
}

/// The class and inputs of one of a picture's ten nodes.
fn node_of(picture: usize, node: usize) -> (&'static str, String) {
    let at = |node: usize| picture * 10 + node;
    let link = |name: &str, node: usize, slot: usize| format!(r#""{name}":["{node}",{slot}]"#);
    let size = |side: usize| format!(r#""width":{side},"height":{side}"#);
    match node {
        0 => ("CheckpointLoaderSimple", r#""ckpt_name":"practice_marble.safetensors""#.to_owned()),
        1 => (
            "LoraLoader",
            format!(
                r#""lora_name":"practice_grain.safetensors","strength_model":0.80,"strength_clip":1.0,{},{}"#,
                link("model", at(0), 0),
                link("clip", at(0), 1)
            ),
        ),
        2 => (
            "CLIPTextEncode",
            format!(
                r#""text":"a woman in a red jumper, three-quarter view, window light from the left, thick impasto oil",{}"#,
                link("clip", at(1), 1)
            ),
        ),
        3 => ("CLIPTextEncode", format!(r#""text":"photo, frame",{}"#, link("clip", at(1), 1))),
        4 if picture == 0 => ("EmptyLatentImage", format!(r#"{},"batch_size":1"#, size(64))),
        4 => (
            "LatentUpscale",
            format!(
                r#""upscale_method":"bilinear",{},"crop":"disabled",{}"#,
                size(64),
                link("samples", at(4) - 6, 0)
            ),
        ),
        5 => (
            "KSampler",
            format!(
                r#""seed":18446744073709551615,"steps":24,"cfg":6.5,"sampler_name":"euler","scheduler":"karras","denoise":0.35,{},{},{},{}"#,
                link("model", at(1), 0),
                link("positive", at(2), 0),
                link("negative", at(3), 0),
                link("latent_image", at(4), 0)
            ),
        ),
        6 => ("VAEDecode", format!("{},{}", link("samples", at(5), 0), link("vae", at(0), 2))),
        7 => (
            "ImageScale",
            format!(
                r#""upscale_method":"bilinear",{},"crop":"disabled",{}"#,
                size(128),
                link("image", at(6), 0)
            ),
        ),
        8 if picture + 1 == PICTURES => ("PreviewImage", link("images", at(7), 0)),
        8 => ("VAEEncode", format!("{},{}", link("pixels", at(7), 0), link("vae", at(0), 2))),
        _ => ("SaveImage", format!(r#""filename_prefix":"portrait",{}"#, link("images", at(7), 0))),
    }
}
