//! Servers made for a test: ComfyUI's own nodes as starters use them, with lists of models.

use serde_json::{Value, json};
use std::collections::HashMap;
use workflow::{
    ObjectInfo,
    starters::{Metadata, Server},
};

/// A server with models.
pub struct Fake {
    pub info: ObjectInfo,
    pub metadata: HashMap<String, Metadata>,
}

impl Fake {
    pub fn server(&self) -> Server<'_> {
        Server { info: &self.info, metadata: &self.metadata }
    }
}

/// What a server has.
#[derive(Clone, Debug, Default)]
pub struct Has {
    pub checkpoints: Vec<&'static str>,
    pub diffusion_models: Vec<&'static str>,
    pub text_encoders: Vec<&'static str>,
    pub vaes: Vec<&'static str>,
    pub loras: Vec<&'static str>,
    pub upscalers: Vec<&'static str>,
    /// Classes it does not have.
    pub without: Vec<&'static str>,
}

pub fn fake(has: &Has) -> Fake {
    let mut classes = classes(has);
    for class in &has.without {
        classes.as_object_mut().unwrap().shift_remove(*class);
    }
    let info = ObjectInfo::read(classes.to_string().as_bytes()).unwrap();
    Fake { info, metadata: HashMap::new() }
}

fn class(required: Value, output: Value) -> Value {
    json!({ "input": { "required": required }, "output": output })
}

#[allow(clippy::too_many_lines)]
fn classes(has: &Has) -> Value {
    let int = |least: u32, most: u64, step: u32| json!(["INT", { "default": least, "min": least, "max": most, "step": step }]);
    let float =
        |most: f64| json!(["FLOAT", { "default": 1.0, "min": 0.0, "max": most, "step": 0.01 }]);
    let signed = || json!(["FLOAT", { "default": 1.0, "min": -100.0, "max": 100.0, "step": 0.01 }]);
    let text = || json!(["STRING", { "multiline": true }]);
    let (width, height) = (int(16, 16_384, 8), int(16, 16_384, 8));
    let side = int(0, 16_384, 1);
    let batch = int(1, 4096, 1);
    let seed = int(0, u64::MAX, 1);
    let samplers = json!([[
        "euler",
        "euler_ancestral",
        "dpmpp_2m",
        "dpmpp_sde",
        "lcm",
        "uni_pc",
        "er_sde",
        "res_multistep"
    ]]);
    let schedulers = json!([["simple", "sgm_uniform", "karras", "beta", "normal"]]);
    let methods = json!([["nearest-exact", "bilinear", "area", "bicubic", "lanczos"]]);
    let latent = || {
        class(json!({ "width": width, "height": height, "batch_size": batch }), json!(["LATENT"]))
    };
    let loras = json!([has.loras]);
    let clips = json!([has.text_encoders]);
    json!({
        "CheckpointLoaderSimple": class(json!({ "ckpt_name": [has.checkpoints] }), json!(["MODEL", "CLIP", "VAE"])),
        "UNETLoader": class(json!({ "unet_name": [has.diffusion_models], "weight_dtype": [["default", "fp8_e4m3fn"]] }), json!(["MODEL"])),
        "CLIPLoader": class(json!({ "clip_name": clips, "type": [["stable_diffusion", "lumina2", "chroma", "qwen_image", "flux2", "krea2", "longcat_image", "ovis", "boogu"]] }), json!(["CLIP"])),
        "DualCLIPLoader": class(json!({ "clip_name1": clips, "clip_name2": clips, "type": [["sdxl", "sd3", "flux"]] }), json!(["CLIP"])),
        "TripleCLIPLoader": class(json!({ "clip_name1": clips, "clip_name2": clips, "clip_name3": clips }), json!(["CLIP"])),
        "QuadrupleCLIPLoader": class(json!({ "clip_name1": clips, "clip_name2": clips, "clip_name3": clips, "clip_name4": clips }), json!(["CLIP"])),
        "VAELoader": class(json!({ "vae_name": [has.vaes] }), json!(["VAE"])),
        "LoraLoader": class(json!({ "model": ["MODEL"], "clip": ["CLIP"], "lora_name": loras, "strength_model": signed(), "strength_clip": signed() }), json!(["MODEL", "CLIP"])),
        "ModelSamplingAuraFlow": class(json!({ "model": ["MODEL"], "shift": float(100.0) }), json!(["MODEL"])),
        "ModelSamplingSD3": class(json!({ "model": ["MODEL"], "shift": float(100.0) }), json!(["MODEL"])),
        "ModelSamplingDiscrete": class(json!({ "model": ["MODEL"], "sampling": [["eps", "v_prediction"]], "zsnr": ["BOOLEAN", { "default": false }] }), json!(["MODEL"])),
        "CLIPTextEncode": class(json!({ "text": text(), "clip": ["CLIP"] }), json!(["CONDITIONING"])),
        "CLIPTextEncodeLumina2": class(json!({ "system_prompt": [["superior", "alignment"]], "user_prompt": text(), "clip": ["CLIP"] }), json!(["CONDITIONING"])),
        "TextEncodeQwenImageEditPlus": { "input": {
            "required": { "clip": ["CLIP"], "prompt": text() },
            "optional": { "vae": ["VAE"], "image1": ["IMAGE"] } }, "output": ["CONDITIONING"] },
        "ConditioningZeroOut": class(json!({ "conditioning": ["CONDITIONING"] }), json!(["CONDITIONING"])),
        "ReferenceLatent": { "input": { "required": { "conditioning": ["CONDITIONING"] }, "optional": { "latent": ["LATENT"] } }, "output": ["CONDITIONING"] },
        "FluxGuidance": class(json!({ "conditioning": ["CONDITIONING"], "guidance": float(100.0) }), json!(["CONDITIONING"])),
        "EmptyLatentImage": latent(), "EmptySD3LatentImage": latent(), "EmptyFlux2LatentImage": latent(),
        "KSampler": class(json!({ "model": ["MODEL"], "seed": seed, "steps": int(1, 10_000, 1), "cfg": float(100.0), "sampler_name": samplers, "scheduler": schedulers, "positive": ["CONDITIONING"], "negative": ["CONDITIONING"], "latent_image": ["LATENT"], "denoise": float(1.0) }), json!(["LATENT"])),
        "RandomNoise": class(json!({ "noise_seed": seed }), json!(["NOISE"])),
        "KSamplerSelect": class(json!({ "sampler_name": samplers }), json!(["SAMPLER"])),
        "Flux2Scheduler": class(json!({ "steps": int(1, 4096, 1), "width": width, "height": height }), json!(["SIGMAS"])),
        "CFGGuider": class(json!({ "model": ["MODEL"], "positive": ["CONDITIONING"], "negative": ["CONDITIONING"], "cfg": float(100.0) }), json!(["GUIDER"])),
        "SamplerCustomAdvanced": class(json!({ "noise": ["NOISE"], "guider": ["GUIDER"], "sampler": ["SAMPLER"], "sigmas": ["SIGMAS"], "latent_image": ["LATENT"] }), json!(["LATENT", "LATENT"])),
        "VAEDecode": class(json!({ "samples": ["LATENT"], "vae": ["VAE"] }), json!(["IMAGE"])),
        "VAEEncode": class(json!({ "pixels": ["IMAGE"], "vae": ["VAE"] }), json!(["LATENT"])),
        "VAEEncodeForInpaint": class(json!({ "pixels": ["IMAGE"], "vae": ["VAE"], "mask": ["MASK"], "grow_mask_by": int(0, 64, 1) }), json!(["LATENT"])),
        "InpaintModelConditioning": class(json!({ "positive": ["CONDITIONING"], "negative": ["CONDITIONING"], "vae": ["VAE"], "pixels": ["IMAGE"], "mask": ["MASK"], "noise_mask": ["BOOLEAN", { "default": true }] }), json!(["CONDITIONING", "CONDITIONING", "LATENT"])),
        "SetLatentNoiseMask": class(json!({ "samples": ["LATENT"], "mask": ["MASK"] }), json!(["LATENT"])),
        "RepeatLatentBatch": class(json!({ "samples": ["LATENT"], "amount": int(1, 64, 1) }), json!(["LATENT"])),
        "LoadImage": class(json!({ "image": [["cat.png"], { "image_upload": true }] }), json!(["IMAGE", "MASK"])),
        "LoadImageMask": class(json!({ "image": [["mask.png"], { "image_upload": true }], "channel": [["alpha", "red", "green", "blue"]] }), json!(["MASK"])),
        "ImageScale": class(json!({ "image": ["IMAGE"], "upscale_method": methods, "width": side, "height": side, "crop": [["disabled", "center"]] }), json!(["IMAGE"])),
        "ImageScaleBy": class(json!({ "image": ["IMAGE"], "upscale_method": methods, "scale_by": float(8.0) }), json!(["IMAGE"])),
        "ImagePadForOutpaint": class(json!({ "image": ["IMAGE"], "left": side, "top": side, "right": side, "bottom": side, "feathering": side }), json!(["IMAGE", "MASK"])),
        "ImageCompositeMasked": { "input": {
            "required": { "destination": ["IMAGE"], "source": ["IMAGE"], "x": side, "y": side, "resize_source": ["BOOLEAN", { "default": false }] },
            "optional": { "mask": ["MASK"] } }, "output": ["IMAGE"] },
        "RepeatImageBatch": class(json!({ "image": ["IMAGE"], "amount": batch }), json!(["IMAGE"])),
        "EmptyImage": class(json!({ "width": width, "height": height, "batch_size": batch, "color": int(0, 0x00FF_FFFF, 1) }), json!(["IMAGE"])),
        "UpscaleModelLoader": class(json!({ "model_name": ["COMBO", { "options": has.upscalers }] }), json!(["UPSCALE_MODEL"])),
        "ImageUpscaleWithModel": class(json!({ "upscale_model": ["UPSCALE_MODEL"], "image": ["IMAGE"] }), json!(["IMAGE"])),
        "SaveImage": { "input": { "required": { "images": ["IMAGE"], "filename_prefix": ["STRING", { "default": "ComfyUI" }] } }, "output": [], "output_node": true },
    })
}
