//! Nodes that make, cut and gather pictures.

use std::sync::Arc;

use super::scale::{self, Method};
use super::{Done, Inputs, Job, NodeError, Pictures, Value, check_size};

pub fn empty_image(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let (width, height) = (inputs.count("width")?, inputs.count("height")?);
    let batch = inputs.count("batch_size")?;
    check_size(width, height, batch)?;
    let color = inputs.int("color")?;
    let rgb = [16, 8, 0].map(|shift| ((color >> shift) & 0xff) as f32 / 255.0);
    let one = Pictures::from_fn(width, height, 3, |_, _, c| rgb[c]);
    let frames = vec![one.frames[0].clone(); batch];
    Done::one(Value::Image(Pictures { frames, ..one }))
}

pub fn image_invert(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    Done::one(Value::Image(inputs.image("image")?.map(|v| 1.0 - v)))
}

pub fn image_crop(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let x = inputs.count("x")?.min(image.width - 1);
    let y = inputs.count("y")?.min(image.height - 1);
    let width = inputs.count("width")?.min(image.width - x);
    let height = inputs.count("height")?.min(image.height - y);
    check_size(width, height, image.frames.len())?;
    Done::one(Value::Image(crop(image, x, y, width, height)))
}

/// The part of each frame that begins at `x`, `y`.
pub fn crop(image: &Pictures, x: usize, y: usize, width: usize, height: usize) -> Pictures {
    let c = image.channels;
    let frames = image
        .frames
        .iter()
        .map(|frame| -> Arc<[f32]> {
            (y..y + height)
                .flat_map(|row| {
                    let start = (row * image.width + x) * c;
                    &frame[start..start + width * c]
                })
                .copied()
                .collect()
        })
        .collect();
    Pictures { width, height, channels: c, frames }
}

pub fn image_batch(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let (first, second) = (inputs.image("image1")?, inputs.image("image2")?);
    let channels = first.channels.max(second.channels);
    check_size(first.width, first.height, first.frames.len() + second.frames.len())?;
    let mut batch = first.with_channels(channels);
    let second = scale::fit(second, first.width, first.height, Method::Bilinear, true)?;
    batch.frames.extend(second.with_channels(channels).frames);
    Done::one(Value::Image(batch))
}

pub fn repeat_batch(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let amount = inputs.count("amount")?;
    check_size(image.width, image.height, image.frames.len().saturating_mul(amount))?;
    let mut frames = Vec::with_capacity(image.frames.len() * amount);
    for _ in 0..amount {
        frames.extend(image.frames.iter().cloned());
    }
    Done::one(Value::Image(Pictures { frames, ..image.clone() }))
}

pub fn from_batch(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let count = image.frames.len();
    // A negative number counts from the end.
    let index = match inputs.int("batch_index")? {
        index if index < 0 => (index + count as i128).max(0) as usize,
        index => (index as usize).min(count - 1),
    };
    let length = inputs.count("length")?.clamp(1, count - index);
    let frames = image.frames[index..index + length].to_vec();
    Done::one(Value::Image(Pictures { frames, ..image.clone() }))
}
