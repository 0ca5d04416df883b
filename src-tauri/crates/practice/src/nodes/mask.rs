//! Masks, and putting pictures together with them.

use super::scale::{self, Method};
use super::{Done, Inputs, Job, NodeError, Pictures, Value, check_size};

pub fn solid_mask(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let (width, height) = (inputs.count("width")?, inputs.count("height")?);
    check_size(width, height, 1)?;
    let value = inputs.float("value")? as f32;
    Done::one(Value::Mask(Pictures::from_fn(width, height, 1, |_, _, _| value)))
}

pub fn invert_mask(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    Done::one(Value::Mask(inputs.mask("mask")?.map(|v| 1.0 - v)))
}

pub fn mask_to_image(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let mask = inputs.mask("mask")?;
    let frames =
        mask.frames.iter().map(|frame| frame.iter().flat_map(|v| [*v; 3]).collect()).collect();
    Done::one(Value::Image(Pictures { channels: 3, frames, ..*mask }))
}

pub fn image_to_mask(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let channel = match inputs.text("channel")? {
        "red" => 0,
        "green" => 1,
        "blue" => 2,
        _ => 3,
    };
    if channel >= image.channels {
        // The words torch has for it: pictures without alpha have no channel 3.
        return Err(NodeError::Failed {
            exception: "IndexError",
            message: format!(
                "index {channel} is out of bounds for dimension 3 with size {}",
                image.channels
            )
            .into(),
        });
    }
    Done::one(Value::Mask(channel_of(image, channel)))
}

/// One channel of each frame as a mask.
pub fn channel_of(image: &Pictures, channel: usize) -> Pictures {
    let frames = image
        .frames
        .iter()
        .map(|frame| frame.chunks_exact(image.channels).map(|p| p[channel]).collect())
        .collect();
    Pictures { channels: 1, frames, ..*image }
}

pub fn composite(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let destination = inputs.image("destination")?.clone();
    let mut source = inputs.image("source")?.with_channels(destination.channels);
    if inputs.bool("resize_source")? {
        source =
            scale::fit(&source, destination.width, destination.height, Method::Bilinear, false)?;
    }
    let mask = match inputs.0.contains_key("mask") {
        true => {
            let mask = inputs.mask("mask")?;
            Some(scale::fit(mask, source.width, source.height, Method::Bilinear, false)?)
        }
        false => None,
    };
    let (x, y) = (inputs.count("x")?, inputs.count("y")?);
    let c = destination.channels;
    let width = source.width.min(destination.width.saturating_sub(x));
    let height = source.height.min(destination.height.saturating_sub(y));
    let frames = destination
        .frames
        .iter()
        .enumerate()
        .map(|(i, frame)| {
            let mut result = frame.to_vec();
            // Batches of different length: the shorter one begins again.
            let from = source.frame(i % source.frames.len());
            for row in 0..height {
                for column in 0..width {
                    let at = row * source.width + column;
                    let share = mask.as_ref().map_or(1.0, |m| m.frame(i % m.frames.len())[at]);
                    let to = ((y + row) * destination.width + x + column) * c;
                    for channel in 0..c {
                        let value = &mut result[to + channel];
                        *value = from[at * c + channel] * share + *value * (1.0 - share);
                    }
                }
            }
            result.into()
        })
        .collect();
    Done::one(Value::Image(Pictures { frames, ..destination }))
}

pub fn pad_for_outpaint(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let (left, top) = (inputs.count("left")?, inputs.count("top")?);
    let (right, bottom) = (inputs.count("right")?, inputs.count("bottom")?);
    let feathering = inputs.count("feathering")?;
    let (inner_w, inner_h, c) = (image.width, image.height, image.channels);
    let (width, height) = (inner_w + left + right, inner_h + top + bottom);
    check_size(width, height, image.frames.len())?;
    let inside = |x: usize, y: usize| {
        (left..left + inner_w).contains(&x) && (top..top + inner_h).contains(&y)
    };
    let frames = image
        .frames
        .iter()
        .flat_map(|frame| {
            Pictures::from_fn(width, height, c, |x, y, channel| {
                if inside(x, y) {
                    frame[((y - top) * inner_w + x - left) * c + channel]
                } else {
                    0.5
                }
            })
            .frames
        })
        .collect();
    let feathers = feathering > 0 && feathering * 2 < inner_h && feathering * 2 < inner_w;
    let mask = Pictures::from_fn(width, height, 1, |x, y, _| {
        if !inside(x, y) {
            return 1.0;
        }
        if !feathers {
            return 0.0;
        }
        let (i, j) = (y - top, x - left);
        let distance = [
            if top > 0 { i } else { inner_h },
            if bottom > 0 { inner_h - i } else { inner_h },
            if left > 0 { j } else { inner_w },
            if right > 0 { inner_w - j } else { inner_w },
        ]
        .into_iter()
        .min()
        .unwrap_or(0);
        if distance >= feathering {
            return 0.0;
        }
        let v = (feathering - distance) as f32 / feathering as f32;
        v * v
    });
    let image = Pictures { width, height, channels: c, frames };
    Ok(Done { outputs: vec![Value::Image(image), Value::Mask(mask)], ui: None })
}
