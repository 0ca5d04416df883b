//! What travels along the links of a graph.

use std::sync::Arc;

use crate::draw::Recipe;
use crate::nodes::NodeError;

/// The most pixels one batch may have (two pictures of 4096 x 4096): at three
/// 32-bit floats a pixel that is 400 MB, which an ordinary computer can bear.
pub const MOST_PIXELS: u64 = 2 * 4096 * 4096;

/// Pictures or masks of one size, as 32-bit floats from 0 to 1, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Pictures {
    pub width: usize,
    pub height: usize,
    /// 1 for masks, 3 for RGB, 4 for RGBA.
    pub channels: usize,
    /// Each holds `width * height * channels` values. Shared, because nodes often
    /// pass pictures on or repeat them.
    pub frames: Vec<Arc<[f32]>>,
}

impl Pictures {
    /// One picture with every value made by `value(x, y, channel)`.
    pub fn from_fn(
        width: usize,
        height: usize,
        channels: usize,
        value: impl Fn(usize, usize, usize) -> f32,
    ) -> Self {
        let mut frame = Vec::with_capacity(width * height * channels);
        for y in 0..height {
            for x in 0..width {
                for c in 0..channels {
                    frame.push(value(x, y, c));
                }
            }
        }
        Self { width, height, channels, frames: vec![frame.into()] }
    }

    /// The same frames with every value changed.
    pub fn map(&self, change: impl Fn(f32) -> f32) -> Self {
        self.each_frame(|frame| frame.iter().map(|v| change(*v)).collect())
    }

    /// Each frame replaced by one of the same size.
    pub fn each_frame(&self, change: impl Fn(&[f32]) -> Vec<f32>) -> Self {
        let frames = self.frames.iter().map(|frame| change(frame).into()).collect();
        Self { frames, ..self.clone() }
    }

    /// The frame of this number; the last one again beyond the end.
    pub fn frame(&self, index: usize) -> &Arc<[f32]> {
        &self.frames[index.min(self.frames.len() - 1)]
    }

    /// As many channels as asked for: alpha is added opaque or left out.
    pub fn with_channels(&self, channels: usize) -> Self {
        if channels == self.channels {
            return self.clone();
        }
        let frames = self
            .frames
            .iter()
            .map(|frame| {
                frame
                    .chunks_exact(self.channels)
                    .flat_map(|p| (0..channels).map(|c| p.get(c).copied().unwrap_or(1.0)))
                    .collect()
            })
            .collect();
        Self { channels, frames, ..*self }
    }

    /// 8-bit values of one frame, cut off like ComfyUI does when saving.
    pub fn bytes(&self, index: usize) -> Vec<u8> {
        self.frame(index).iter().map(|v| (v * 255.0).clamp(0.0, 255.0) as u8).collect()
    }
}

/// Refuses sizes that would take too much memory, before anything is allocated.
pub fn check_size(width: usize, height: usize, frames: usize) -> Result<(), NodeError> {
    let pixels = (width as u64).saturating_mul(height as u64).saturating_mul(frames as u64);
    if width == 0 || height == 0 || frames == 0 {
        return Err(NodeError::value(format!(
            "A batch of {frames} pictures of {width} x {height} has no pixels. \
             Make width, height and batch at least 1."
        )));
    }
    if pixels > MOST_PIXELS {
        return Err(NodeError::value(format!(
            "A batch of {frames} pictures of {width} x {height} is too large for the practice \
             engine, which works on at most {MOST_PIXELS} pixels at once. Make it smaller."
        )));
    }
    Ok(())
}

/// Stands in for a diffusion model: how it draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub checkpoint: String,
    /// LoRA name and strength, in the order they were applied.
    pub loras: Vec<(String, f64)>,
}

/// Stands in for a latent: what is to be drawn, and at which size in pixels.
#[derive(Clone, Debug)]
pub struct Latent {
    pub width: usize,
    pub height: usize,
    pub batch: usize,
    /// The pictures it was encoded from, if any.
    pub base: Option<Pictures>,
    /// Where samplers may draw: 1 is all, 0 nothing. None: everywhere.
    pub mask: Option<Pictures>,
    /// One for each sampler it went through.
    pub layers: Vec<Layer>,
}

/// What a sampler draws over what was there.
#[derive(Clone, Debug)]
pub struct Layer {
    pub recipe: Recipe,
    /// The sampler's `denoise`.
    pub denoise: f32,
    /// Where it may draw.
    pub mask: Option<Pictures>,
}

/// A value on a link.
#[derive(Clone, Debug)]
pub enum Value {
    Int(i128),
    Float(f64),
    Text(String),
    Bool(bool),
    Image(Pictures),
    Mask(Pictures),
    Latent(Arc<Latent>),
    Model(Arc<Model>),
    Clip,
    Vae,
    /// By how much it enlarges.
    Upscaler(usize),
    /// The prompt text.
    Conditioning(Arc<str>),
}

impl Value {
    /// How the value reads as text; for pictures and models a description.
    pub fn text(&self) -> String {
        match self {
            Value::Int(number) => number.to_string(),
            // Python writes 1.0, not 1, for a whole float.
            Value::Float(number) => format!("{number:?}"),
            Value::Text(text) => text.clone(),
            Value::Bool(true) => "True".into(),
            Value::Bool(false) => "False".into(),
            Value::Image(p) => {
                format!("{} pictures of {} x {}", p.frames.len(), p.width, p.height)
            }
            Value::Mask(p) => format!("{} masks of {} x {}", p.frames.len(), p.width, p.height),
            Value::Latent(l) => format!("{} latents of {} x {}", l.batch, l.width, l.height),
            Value::Model(model) => format!("practice model {}", model.checkpoint),
            Value::Clip => "practice text encoder".into(),
            Value::Vae => "practice VAE".into(),
            Value::Upscaler(factor) => format!("practice upscale model of {factor}"),
            Value::Conditioning(text) => format!("conditioning from: {text}"),
        }
    }
}
