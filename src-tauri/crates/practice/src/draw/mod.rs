//! Abstract pictures drawn from a seed and a prompt, in place of a model's.
//!
//! The same inputs give the same picture, bit for bit on one computer.

mod noise;
mod palette;
mod styles;

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use crate::nodes::{Model, NodeError};
use palette::Palette;
use styles::Style;

/// Quality of preview JPEGs; ComfyUI uses 95.
const QUALITY: u8 = 90;

/// All that decides how a picture looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    style: Style,
    seed: u64,
    palette: Palette,
    /// Levels of detail; more steps give more.
    octaves: u32,
    /// How strongly shapes are bent; sampler and scheduler turn it a little.
    bend: f32,
    contrast: f32,
    /// From the LoRAs: strength of film grain, and how far colours fade to grey.
    grain: f32,
    mono: f32,
}

impl Recipe {
    /// Derives everything from the inputs of a sampler.
    #[allow(clippy::too_many_arguments)] // One for each input of the node that matters.
    pub fn new(
        model: &Model,
        positive: &str,
        negative: &str,
        seed: u64,
        steps: u32,
        cfg: f64,
        sampler: &str,
        scheduler: &str,
    ) -> Self {
        let words = hash(&[positive, negative]);
        let turn = hash(&[sampler, scheduler]);
        let lora = |name: &str| -> f32 {
            model.loras.iter().filter(|(lora, _)| lora.contains(name)).map(|(_, s)| *s as f32).sum()
        };
        Self {
            style: Style::of(&model.checkpoint),
            seed: noise::mix(seed ^ words),
            palette: Palette::chosen_by(noise::mix(words.wrapping_add(seed))),
            octaves: 2 + (steps / 5).min(4),
            bend: 1.0 + ((turn % 1000) as f32 / 1000.0 - 0.5) * 0.12,
            contrast: 0.8 + 0.2 * ((cfg as f32) / 8.0).clamp(0.0, 2.0),
            grain: lora("grain").clamp(-2.0, 2.0),
            mono: lora("mono").clamp(-1.0, 1.0),
        }
    }

    /// The seed everything is drawn from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The recipe of one picture of a batch: each has its own seed.
    pub fn for_frame(&self, index: usize) -> Self {
        let mut recipe = self.clone();
        if index > 0 {
            recipe.seed = noise::mix(self.seed.wrapping_add(index as u64));
        }
        recipe
    }
}

fn hash(words: &[&str]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for word in words {
        hasher.update(word.as_bytes());
        hasher.update(&[0]);
    }
    let bytes = hasher.finalize();
    u64::from_le_bytes(bytes.as_bytes()[..8].try_into().expect("a hash has 32 bytes"))
}

/// Draws the picture as RGB from 0 to 1, on all processors.
pub fn picture(recipe: &Recipe, width: usize, height: usize) -> Vec<f32> {
    let mut pixels = vec![0.0; width * height * 3];
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let rows = height.div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        for (part, band) in pixels.chunks_mut(rows * width * 3).enumerate() {
            scope.spawn(move || draw_band(recipe, width, height, part * rows, band));
        }
    });
    pixels
}

fn draw_band(recipe: &Recipe, width: usize, height: usize, first: usize, band: &mut [f32]) {
    let unit = 1.0 / width.min(height) as f32;
    // The middle of the picture is at 0.5, 0.5 whatever its shape.
    let left = 0.5 - width as f32 * unit / 2.0;
    let top = 0.5 - height as f32 * unit / 2.0;
    for (row, line) in band.chunks_exact_mut(width * 3).enumerate() {
        for (column, pixel) in line.chunks_exact_mut(3).enumerate() {
            let x = left + (column as f32 + 0.5) * unit;
            let y = top + ((first + row) as f32 + 0.5) * unit;
            let mut color = styles::color(recipe, x, y, unit);
            let grey = color[0] * 0.299 + color[1] * 0.587 + color[2] * 0.114;
            let grain = recipe.grain * 0.09 * noise::grain(recipe.seed, column, first + row);
            for value in &mut color {
                *value += (grey - *value) * recipe.mono;
                *value = (0.5 + (*value - 0.5) * recipe.contrast + grain).clamp(0.0, 1.0);
            }
            pixel.copy_from_slice(&color);
        }
    }
}

/// The picture as it looks when the share `clean` (0 to 1) of the noise is gone.
pub fn noisy(picture: &[f32], width: usize, clean: f32, seed: u64) -> Vec<f32> {
    // Previews are scaled so that one cell of the latent has about this many pixels.
    const CELL: usize = 8;
    let noise = (1.0 - clean).clamp(0.0, 1.0);
    let shown = clean.clamp(0.0, 1.0).powf(1.3);
    let mut result = Vec::with_capacity(picture.len());
    for (i, pixel) in picture.chunks_exact(3).enumerate() {
        let (x, y) = (i % width, i / width);
        for (c, value) in pixel.iter().enumerate() {
            let dirt = noise::smooth_cells(seed, x, y, CELL, c as u32);
            result.push((0.5 + (value - 0.5) * shown + dirt * noise).clamp(0.0, 1.0));
        }
    }
    result
}

/// RGB from 0 to 1 as a JPEG.
pub fn jpeg(pixels: &[f32], width: usize, height: usize) -> Result<Vec<u8>, NodeError> {
    let bytes: Vec<u8> = pixels.iter().map(|v| (v * 255.0 + 0.5) as u8).collect();
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY)
        .encode(&bytes, width as u32, height as u32, ExtendedColorType::Rgb8)
        .map_err(|error| NodeError::value(format!("The preview could not be encoded: {error}")))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(checkpoint: &str, prompt: &str, seed: u64) -> Recipe {
        let model = Model { checkpoint: checkpoint.into(), loras: vec![] };
        Recipe::new(&model, prompt, "", seed, 20, 8.0, "euler", "normal")
    }

    #[test]
    fn the_same_recipe_draws_the_same_picture() {
        for checkpoint in crate::nodes::CHECKPOINTS {
            let one = picture(&recipe(checkpoint, "a", 1), 96, 64);
            assert_eq!(one, picture(&recipe(checkpoint, "a", 1), 96, 64), "{checkpoint}");
            assert_ne!(one, picture(&recipe(checkpoint, "a", 2), 96, 64), "{checkpoint}");
            assert_ne!(one, picture(&recipe(checkpoint, "b", 1), 96, 64), "{checkpoint}");
            // A picture, not a flat colour.
            let (low, high) = one.iter().fold((1.0f32, 0.0f32), |(l, h), v| (l.min(*v), h.max(*v)));
            assert!(high - low > 0.3, "{checkpoint}: {low} to {high}");
        }
    }

    #[test]
    fn noise_clears_up() {
        let clear = picture(&recipe("practice_marble.safetensors", "a", 1), 64, 64);
        let distance = |clean: f32| -> f32 {
            let seen = noisy(&clear, 64, clean, 1);
            seen.iter().zip(&clear).map(|(a, b)| (a - b).abs()).sum()
        };
        assert_eq!(distance(1.0), 0.0);
        assert!(distance(0.2) > distance(0.6) && distance(0.6) > distance(0.9));
    }
}
