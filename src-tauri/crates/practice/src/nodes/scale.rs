//! Resizing, with the methods ComfyUI offers.

use image::imageops::FilterType;
use image::{ImageBuffer, Luma, Rgb, Rgba};

use super::image::crop;
use super::{Done, Inputs, Job, NodeError, Pictures, Value, check_size};

/// How pixels between pixels are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    NearestExact,
    Bilinear,
    Area,
    Bicubic,
    Lanczos,
}

impl Method {
    pub fn named(name: &str) -> Result<Self, NodeError> {
        match name {
            "nearest-exact" => Ok(Self::NearestExact),
            "bilinear" | "bislerp" => Ok(Self::Bilinear),
            "area" => Ok(Self::Area),
            "bicubic" => Ok(Self::Bicubic),
            "lanczos" => Ok(Self::Lanczos),
            other => Err(NodeError::value(format!("There is no upscale method {other}."))),
        }
    }
}

pub fn image_scale(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let method = Method::named(inputs.text("upscale_method")?)?;
    let (width, height) = (inputs.count("width")?, inputs.count("height")?);
    let Some((width, height)) = wanted(width, height, image.width, image.height) else {
        return Done::one(Value::Image(image.clone()));
    };
    let center = inputs.text("crop")? == "center";
    Done::one(Value::Image(fit(image, width, height, method, center)?))
}

/// The size asked for; a side of 0 follows the other one, and two of them change nothing.
pub fn wanted(width: usize, height: usize, from_w: usize, from_h: usize) -> Option<(usize, usize)> {
    let follow = |side: usize, other: usize, from: usize| {
        ((side as f64 * other as f64 / from as f64).round_ties_even() as usize).max(1)
    };
    match (width, height) {
        (0, 0) => None,
        (0, height) => Some((follow(from_w, height, from_h), height)),
        (width, 0) => Some((width, follow(from_h, width, from_w))),
        both => Some(both),
    }
}

pub fn image_scale_by(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?;
    let method = Method::named(inputs.text("upscale_method")?)?;
    let by = inputs.float("scale_by")?;
    let side = |length: usize| (length as f64 * by).round_ties_even().clamp(0.0, 1e6) as usize;
    Done::one(Value::Image(fit(image, side(image.width), side(image.height), method, false)?))
}

/// Resizes; with `center` the sides that stand over in the new shape are cut off first.
pub fn fit(
    image: &Pictures,
    width: usize,
    height: usize,
    method: Method,
    center: bool,
) -> Result<Pictures, NodeError> {
    check_size(width, height, image.frames.len())?;
    if (width, height) == (image.width, image.height) {
        return Ok(image.clone());
    }
    if !center {
        return Ok(resize(image, width, height, method));
    }
    let (from_w, from_h) = (image.width as f64, image.height as f64);
    let (old, new) = (from_w / from_h, width as f64 / height as f64);
    let (mut x, mut y) = (0, 0);
    if old > new {
        x = ((from_w - from_w * (new / old)) / 2.0).round_ties_even() as usize;
    } else if old < new {
        y = ((from_h - from_h * (old / new)) / 2.0).round_ties_even() as usize;
    }
    // A very long picture could be cut to nothing.
    let (x, y) = (x.min((image.width - 1) / 2), y.min((image.height - 1) / 2));
    let cut = crop(image, x, y, image.width - 2 * x, image.height - 2 * y);
    Ok(resize(&cut, width, height, method))
}

/// Where one pixel of the result comes from along one side: first source index and weights.
struct Tap {
    from: isize,
    weights: Vec<f32>,
}

fn taps(method: Method, from: usize, to: usize) -> Vec<Tap> {
    let ratio = from as f32 / to as f32;
    (0..to)
        .map(|i| {
            let center = (i as f32 + 0.5) * ratio;
            match method {
                Method::NearestExact => Tap { from: center as isize, weights: vec![1.0] },
                Method::Bilinear => {
                    let at = (center - 0.5).max(0.0);
                    let t = at.fract();
                    Tap { from: at as isize, weights: vec![1.0 - t, t] }
                }
                Method::Area => {
                    // torch's adaptive average: whole source pixels, each counted once.
                    let start = i * from / to;
                    let end = ((i + 1) * from).div_ceil(to);
                    let count = end - start;
                    Tap { from: start as isize, weights: vec![1.0 / count as f32; count] }
                }
                Method::Bicubic | Method::Lanczos => {
                    let at = center - 0.5;
                    let t = at - at.floor();
                    let weights = [1.0 + t, t, 1.0 - t, 2.0 - t].map(cubic).to_vec();
                    Tap { from: at.floor() as isize - 1, weights }
                }
            }
        })
        .collect()
}

/// The cubic kernel with a = -0.75, as in torch.
fn cubic(x: f32) -> f32 {
    const A: f32 = -0.75;
    if x <= 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else {
        ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A
    }
}

fn resize(image: &Pictures, width: usize, height: usize, method: Method) -> Pictures {
    if method == Method::Lanczos {
        return lanczos(image, width, height);
    }
    let across = taps(method, image.width, width);
    let down = taps(method, image.height, height);
    let c = image.channels;
    let frames = image
        .frames
        .iter()
        .map(|frame| {
            let mut middle = vec![0.0; width * image.height * c];
            for y in 0..image.height {
                for (x, tap) in across.iter().enumerate() {
                    let out = (y * width + x) * c;
                    for (k, weight) in tap.weights.iter().enumerate() {
                        let source = clamp(tap.from + k as isize, image.width);
                        let at = (y * image.width + source) * c;
                        for channel in 0..c {
                            middle[out + channel] += frame[at + channel] * weight;
                        }
                    }
                }
            }
            let row = width * c;
            let mut result = vec![0.0; height * row];
            for (y, tap) in down.iter().enumerate() {
                let out = &mut result[y * row..(y + 1) * row];
                for (k, weight) in tap.weights.iter().enumerate() {
                    let source = clamp(tap.from + k as isize, image.height) * row;
                    for (value, from) in out.iter_mut().zip(&middle[source..source + row]) {
                        *value += from * weight;
                    }
                }
            }
            result.into()
        })
        .collect();
    Pictures { width, height, channels: c, frames }
}

fn clamp(index: isize, length: usize) -> usize {
    index.clamp(0, length as isize - 1) as usize
}

fn lanczos(image: &Pictures, width: usize, height: usize) -> Pictures {
    macro_rules! through {
        ($pixel:ty, $frame:expr) => {{
            let buffer: ImageBuffer<$pixel, Vec<f32>> =
                ImageBuffer::from_raw(image.width as u32, image.height as u32, $frame.to_vec())
                    .expect("a frame has width * height * channels values");
            image::imageops::resize(&buffer, width as u32, height as u32, FilterType::Lanczos3)
                .into_raw()
        }};
    }
    let frames = image
        .frames
        .iter()
        .map(|frame| {
            let mut values = match image.channels {
                1 => through!(Luma<f32>, frame),
                3 => through!(Rgb<f32>, frame),
                _ => through!(Rgba<f32>, frame),
            };
            values.iter_mut().for_each(|v| *v = v.clamp(0.0, 1.0));
            values.into()
        })
        .collect();
    Pictures { width, height, channels: image.channels, frames }
}
