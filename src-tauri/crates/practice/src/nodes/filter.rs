//! Blending, blurring, sharpening.

use super::scale::{self, Method};
use super::{Done, Inputs, Job, NodeError, Pictures, Value};

pub fn blend(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let (first, second) = (inputs.image("image1")?, inputs.image("image2")?);
    let factor = inputs.float("blend_factor")? as f32;
    let mode: fn(f32, f32) -> f32 = match inputs.text("blend_mode")? {
        "normal" => |_, b| b,
        "multiply" => |a, b| a * b,
        "screen" => |a, b| 1.0 - (1.0 - a) * (1.0 - b),
        "overlay" => |a, b| {
            if a <= 0.5 { 2.0 * a * b } else { 1.0 - 2.0 * (1.0 - a) * (1.0 - b) }
        },
        "soft_light" => |a, b| {
            if b <= 0.5 {
                a - (1.0 - 2.0 * b) * a * (1.0 - a)
            } else {
                let g = if a <= 0.25 { ((16.0 * a - 12.0) * a + 4.0) * a } else { a.sqrt() };
                a + (2.0 * b - 1.0) * (g - a)
            }
        },
        "difference" => |a, b| a - b,
        other => return Err(NodeError::value(format!("There is no blend mode {other}."))),
    };
    let channels = first.channels.max(second.channels);
    let first = first.with_channels(channels);
    let second = scale::fit(second, first.width, first.height, Method::Bicubic, true)?
        .with_channels(channels);
    let count = first.frames.len().max(second.frames.len());
    super::check_size(first.width, first.height, count)?;
    let frames = (0..count)
        .map(|i| {
            first
                .frame(i)
                .iter()
                .zip(second.frame(i).iter())
                .map(|(a, b)| (a * (1.0 - factor) + mode(*a, *b) * factor).clamp(0.0, 1.0))
                .collect()
        })
        .collect();
    Done::one(Value::Image(Pictures { frames, ..first }))
}

/// One side of ComfyUI's Gaussian kernel: it is laid over -1 to 1, whatever its radius.
fn kernel(radius: usize, sigma: f32) -> Vec<f32> {
    let size = 2 * radius + 1;
    let raw: Vec<f32> = (0..size)
        .map(|i| {
            let x = -1.0 + 2.0 * i as f32 / (size - 1) as f32;
            (-(x * x) / (2.0 * sigma * sigma)).exp()
        })
        .collect();
    let sum: f32 = raw.iter().sum();
    raw.iter().map(|v| v / sum).collect()
}

/// Mirrors an index that lies outside, without repeating the edge.
fn reflect(mut index: isize, length: usize) -> usize {
    let last = length as isize - 1;
    if last == 0 {
        return 0;
    }
    while index < 0 || index > last {
        index = if index < 0 { -index } else { 2 * last - index };
    }
    index as usize
}

fn blurred(image: &Pictures, radius: usize, sigma: f32) -> Pictures {
    let kernel = kernel(radius, sigma);
    let (width, height, c) = (image.width, image.height, image.channels);
    image.each_frame(|frame| {
        let mut across = vec![0.0; frame.len()];
        for y in 0..height {
            for x in 0..width {
                for (k, weight) in kernel.iter().enumerate() {
                    let source = reflect((x + k) as isize - radius as isize, width);
                    for channel in 0..c {
                        across[(y * width + x) * c + channel] +=
                            frame[(y * width + source) * c + channel] * weight;
                    }
                }
            }
        }
        let row = width * c;
        let mut result = vec![0.0; frame.len()];
        for y in 0..height {
            for (k, weight) in kernel.iter().enumerate() {
                let source = reflect((y + k) as isize - radius as isize, height) * row;
                let out = &mut result[y * row..(y + 1) * row];
                for (value, from) in out.iter_mut().zip(&across[source..source + row]) {
                    *value += from * weight;
                }
            }
        }
        result
    })
}

pub fn blur(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let radius = inputs.count("blur_radius")?.min(31);
    if radius == 0 {
        return Done::one(Value::Image(image.clone()));
    }
    Done::one(Value::Image(blurred(image, radius, inputs.float("sigma")? as f32)))
}

pub fn sharpen(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let radius = inputs.count("sharpen_radius")?.min(31);
    if radius == 0 {
        return Done::one(Value::Image(image.clone()));
    }
    let soft = blurred(image, radius, inputs.float("sigma")? as f32);
    // ComfyUI multiplies alpha by ten.
    let amount = inputs.float("alpha")? as f32 * 10.0;
    let frames = image
        .frames
        .iter()
        .zip(&soft.frames)
        .map(|(sharp, soft)| {
            sharp
                .iter()
                .zip(soft.iter())
                .map(|(a, b)| (a + amount * (a - b)).clamp(0.0, 1.0))
                .collect()
        })
        .collect();
    Done::one(Value::Image(Pictures { frames, ..soft }))
}
