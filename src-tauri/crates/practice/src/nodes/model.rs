//! The nodes that would need a model: here they draw.

use std::sync::Arc;

use super::scale::{self, Method};
use super::{Done, Inputs, Job, Latent, Layer, Model, NodeError, Pictures, Value, check_size};
use crate::draw::{self, Recipe};

/// Longest side of a preview, in pixels; smaller pictures are enlarged to it, as
/// ComfyUI does.
const PREVIEW_SIDE: usize = 512;

pub fn checkpoint_loader(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let checkpoint = inputs.text("ckpt_name")?.to_string();
    let model = Value::Model(Arc::new(Model { checkpoint, loras: vec![] }));
    Ok(Done { outputs: vec![model, Value::Clip, Value::Vae], ui: None })
}

pub fn lora_loader(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let mut model = inputs.model("model")?.clone();
    model.loras.push((inputs.text("lora_name")?.into(), inputs.float("strength_model")?));
    Ok(Done { outputs: vec![Value::Model(Arc::new(model)), Value::Clip], ui: None })
}

pub fn text_encode(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    Done::one(Value::Conditioning(inputs.text("text")?.into()))
}

pub fn latent(latent: Latent) -> Result<Done, NodeError> {
    Done::one(Value::Latent(Arc::new(latent)))
}

pub fn empty_latent(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    // A latent has one cell for 8 x 8 pixels.
    let width = inputs.count("width")? / 8 * 8;
    let height = inputs.count("height")? / 8 * 8;
    let batch = inputs.count("batch_size")?;
    check_size(width, height, batch)?;
    latent(Latent { width, height, batch, base: None, mask: None, layers: vec![] })
}

pub fn latent_upscale(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let samples = inputs.latent("samples")?;
    let (width, height) = (inputs.count("width")?, inputs.count("height")?);
    let Some((width, height)) = scale::wanted(width, height, samples.width, samples.height) else {
        return latent(samples.clone());
    };
    let (width, height) = (width.max(64) / 8 * 8, height.max(64) / 8 * 8);
    check_size(width, height, samples.batch)?;
    let method = Method::named(inputs.text("upscale_method")?)?;
    let center = inputs.text("crop")? == "center";
    let base = match &samples.base {
        Some(base) => Some(scale::fit(base, width, height, method, center)?),
        None => None,
    };
    // What was drawn is drawn again at the new size, with more detail.
    latent(Latent { width, height, base, ..samples.clone() })
}

pub fn vae_encode(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let pixels = inputs.image("pixels")?.with_channels(3);
    let (width, height) = (pixels.width / 8 * 8, pixels.height / 8 * 8);
    check_size(width, height, pixels.frames.len())?;
    let (x, y) = ((pixels.width - width) / 2, (pixels.height - height) / 2);
    let base = super::image::crop(&pixels, x, y, width, height);
    latent(Latent {
        width,
        height,
        batch: base.frames.len(),
        base: Some(base),
        mask: None,
        layers: vec![],
    })
}

pub fn vae_decode(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let samples = inputs.latent("samples")?;
    check_size(samples.width, samples.height, samples.batch)?;
    let frames = (0..samples.batch)
        .map(|index| draw_frame(samples, samples.width, samples.height, index).map(Arc::from))
        .collect::<Result<_, _>>()?;
    Done::one(Value::Image(Pictures {
        width: samples.width,
        height: samples.height,
        channels: 3,
        frames,
    }))
}

/// One frame of a latent at any size.
fn draw_frame(
    samples: &Latent,
    width: usize,
    height: usize,
    index: usize,
) -> Result<Vec<f32>, NodeError> {
    let mut frame = match &samples.base {
        Some(base) => {
            let one = Pictures { frames: vec![base.frame(index).clone()], ..*base };
            scale::fit(&one, width, height, Method::Bilinear, false)?.frames[0].to_vec()
        }
        // What an empty latent decodes to.
        None => vec![0.5; width * height * 3],
    };
    for layer in samples.layers.iter().filter(|layer| layer.denoise > 0.0) {
        let drawn = draw::picture(&layer.recipe.for_frame(index), width, height);
        let mask = match &layer.mask {
            Some(mask) => Some(scale::fit(mask, width, height, Method::Bilinear, false)?),
            None => None,
        };
        let mask = mask.as_ref().map(|mask| mask.frame(index % mask.frames.len()));
        for (at, (value, new)) in frame.iter_mut().zip(drawn).enumerate() {
            let share = mask.map_or(1.0, |mask| mask[at / 3]);
            *value += (new - *value) * layer.denoise * share;
        }
    }
    Ok(frame)
}

pub fn k_sampler(inputs: &Inputs, job: &dyn Job) -> Result<Done, NodeError> {
    let samples = inputs.latent("latent_image")?;
    let model = inputs.model("model")?;
    let steps = inputs.count("steps")?.clamp(1, 10_000) as u32;
    let denoise = inputs.float("denoise")?.clamp(0.0, 1.0) as f32;
    let recipe = Recipe::new(
        model,
        inputs.conditioning("positive")?,
        inputs.conditioning("negative")?,
        inputs.int("seed")? as u64,
        steps,
        inputs.float("cfg")?,
        inputs.text("sampler_name")?,
        inputs.text("scheduler")?,
    );
    let mut done = samples.clone();
    done.layers.push(Layer { recipe: recipe.clone(), denoise, mask: samples.mask.clone() });

    let scale = PREVIEW_SIDE as f64 / samples.width.max(samples.height) as f64;
    let side = |length: usize| ((length as f64 * scale) as usize).max(1);
    let (width, height) = (side(samples.width), side(samples.height));
    let finished = if job.wants_previews() { draw_frame(&done, width, height, 0)? } else { vec![] };
    for step in 1..=steps {
        let jpeg = if finished.is_empty() {
            None
        } else {
            let progress = step as f32 / steps as f32;
            // With a low denoise little noise is added to begin with.
            let seen =
                draw::noisy(&finished, width, 1.0 - denoise * (1.0 - progress), recipe.seed());
            Some(draw::jpeg(&seen, width, height)?)
        };
        job.step(step, steps, jpeg)?;
    }
    latent(done)
}
