//! Latents of which only a part is drawn anew.

use super::{Done, Inputs, Job, Latent, NodeError, Pictures, check_size, model};

pub fn set_noise_mask(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let mask = Some(inputs.mask("mask")?.clone());
    model::latent(Latent { mask, ..inputs.latent("samples")?.clone() })
}

pub fn repeat_batch(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let samples = inputs.latent("samples")?;
    let amount = inputs.count("amount")?;
    let batch = samples.batch.saturating_mul(amount);
    check_size(samples.width, samples.height, batch)?;
    let base = samples.base.as_ref().map(|base| {
        let frames = (0..batch).map(|at| base.frame(at % base.frames.len()).clone()).collect();
        Pictures { frames, ..*base }
    });
    model::latent(Latent { batch, base, ..samples.clone() })
}

pub fn encode_for_inpaint(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let pixels = inputs.image("pixels")?.with_channels(3);
    let (width, height) = (pixels.width / 8 * 8, pixels.height / 8 * 8);
    check_size(width, height, pixels.frames.len())?;
    let (x, y) = ((pixels.width - width) / 2, (pixels.height - height) / 2);
    let method = super::scale::Method::Bilinear;
    let mask = super::scale::fit(inputs.mask("mask")?, pixels.width, pixels.height, method, false)?;
    let mask = super::image::crop(&mask, x, y, width, height).map(f32::round);
    let mut base = super::image::crop(&pixels, x, y, width, height);
    // What is to be new is grey, so that nothing of the old shows through.
    for (at, frame) in base.frames.iter_mut().enumerate() {
        let mask = mask.frame(at % mask.frames.len());
        let grey =
            frame.iter().enumerate().map(|(at, v)| if mask[at / 3] > 0.5 { 0.5 } else { *v });
        *frame = grey.collect();
    }
    let mask = Some(grown(&mask, inputs.count("grow_mask_by")?));
    let batch = base.frames.len();
    model::latent(Latent { width, height, batch, base: Some(base), mask, layers: vec![] })
}

/// A mask grown by half of `by` on each side, as a square brush of that size would.
fn grown(mask: &Pictures, by: usize) -> Pictures {
    if by < 2 {
        return mask.clone();
    }
    let (width, height, reach) = (mask.width, mask.height, by / 2);
    let brushed = |frame: &[f32], length: usize, at: &dyn Fn(usize) -> usize| {
        let values = |i: usize| i.saturating_sub(reach)..(i + reach + 1).min(length);
        (0..length).map(|i| values(i).map(|i| frame[at(i)]).fold(0.0, f32::max)).collect::<Vec<_>>()
    };
    mask.each_frame(|frame| {
        let wide: Vec<f32> =
            (0..height).flat_map(|y| brushed(frame, width, &|x| y * width + x)).collect();
        let mut grown = vec![0.0; wide.len()];
        for x in 0..width {
            for (y, value) in brushed(&wide, height, &|y| y * width + x).into_iter().enumerate() {
                grown[y * width + x] = value;
            }
        }
        grown
    })
}
