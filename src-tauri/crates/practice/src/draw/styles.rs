//! The ways of drawing, one for each practice checkpoint.

use super::Recipe;
use super::noise::{fbm, gradient, grain};
use super::palette::{Color, mix};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Stone with veins.
    Marble,
    /// Hills of sand under a sky.
    Dunes,
    /// Sheets of paper cut along contour lines.
    Waves,
    /// Colours that run into each other.
    Ink,
    /// Lights over a dark ridge.
    Aurora,
}

impl Style {
    /// The style of a checkpoint, by its name.
    pub fn of(checkpoint: &str) -> Self {
        [
            ("dunes", Self::Dunes),
            ("waves", Self::Waves),
            ("ink", Self::Ink),
            ("aurora", Self::Aurora),
        ]
        .into_iter()
        .find(|(name, _)| checkpoint.contains(name))
        .map_or(Self::Marble, |(_, style)| style)
    }
}

/// The colour at a place; the short side of the picture is 1, a pixel is `unit`.
pub fn color(recipe: &Recipe, x: f32, y: f32, unit: f32) -> Color {
    match recipe.style {
        Style::Marble => marble(recipe, x, y),
        Style::Dunes => dunes(recipe, x, y, unit),
        Style::Waves => waves(recipe, x, y),
        Style::Ink => ink(recipe, x, y),
        Style::Aurora => aurora(recipe, x, y, unit),
    }
}

fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Noise bent by noise that is bent by noise: the value and the two bends.
fn bent(
    recipe: &Recipe,
    x: f32,
    y: f32,
    amount: f32,
    most_octaves: u32,
) -> (f32, [f32; 2], [f32; 2]) {
    let (octaves, seed) = (recipe.octaves.min(most_octaves), recipe.seed as u32);
    let rough = octaves.min(4);
    let amount = amount * recipe.bend;
    let q = [fbm(x, y, rough, seed ^ 1), fbm(x + 5.2, y + 1.3, rough, seed ^ 2)];
    let (qx, qy) = (x + amount * (q[0] - 0.5), y + amount * (q[1] - 0.5));
    let r = [fbm(qx + 1.7, qy + 9.2, rough, seed ^ 3), fbm(qx + 8.3, qy + 2.8, rough, seed ^ 4)];
    let (rx, ry) = (x + amount * (r[0] - 0.5), y + amount * (r[1] - 0.5));
    (fbm(rx, ry, octaves, seed ^ 5), q, r)
}

fn marble(recipe: &Recipe, x: f32, y: f32) -> Color {
    let (f, q, r) = bent(recipe, x * 1.5, y * 1.5, 3.2, 6);
    let palette = &recipe.palette;
    let stone = palette.at(0.12 + 0.86 * smoothstep(0.22, 0.78, f));
    let shaded = mix(stone, palette.at(0.0), 0.45 * smoothstep(0.55, 0.85, q[0]));
    let seed = recipe.seed as u32 ^ 6;
    let vein = |scale: f32, thin: f32| {
        let v = gradient(x * scale + 2.2 * r[0], y * scale + 2.2 * r[1], seed).abs();
        1.0 - smoothstep(0.0, thin, v)
    };
    let gold = (vein(1.9, 0.035) + 0.5 * vein(4.3, 0.05)) * smoothstep(0.3, 0.6, r[1]);
    mix(shaded, palette.accent, gold.min(1.0) * 0.85)
}

fn dunes(recipe: &Recipe, x: f32, y: f32, unit: f32) -> Color {
    const LAYERS: u32 = 7;
    let palette = &recipe.palette;
    let seed = recipe.seed as u32;
    let place = (recipe.seed >> 32) as f32 / u32::MAX as f32;
    let mut color = palette.at(1.0 - 0.55 * smoothstep(0.55, -0.15, y));
    let sun = [0.2 + 0.6 * place, 0.16 + 0.1 * place];
    let far = ((x - sun[0]).powi(2) + (y - sun[1]).powi(2)).sqrt();
    color = mix(color, palette.accent, 0.35 * (-far * 5.0).exp());
    color = mix(color, palette.accent, smoothstep(0.07 + unit, 0.07 - unit, far));
    for layer in 0..LAYERS {
        let near = layer as f32 / (LAYERS - 1) as f32;
        let wide = 0.55 + 0.9 * (1.0 - near);
        let shift = layer as f32 * 7.31;
        let bend = 0.35 * recipe.bend * (fbm(x * 1.3, y * 0.9 + shift, 2, seed ^ 7) - 0.5);
        let ridge = |x: f32| {
            let soft = fbm((x + bend) * wide + shift, shift, 2, seed ^ layer);
            // Folding makes crests sharp on one side, as wind does.
            0.36 + near * 0.56 + (0.2 + 0.12 * near) * ((2.0 * soft - 1.0).abs() - 0.5)
        };
        let edge = ridge(x);
        let below = y - edge;
        if below < -2.0 * unit {
            continue;
        }
        let slope = (ridge(x + 0.01) - edge) * 100.0;
        let light = 0.5 + 0.5 * (slope * 1.6).clamp(-1.0, 1.0);
        let ripple = fbm(x * 5.0 + bend * 20.0, below * 42.0 + shift, 2, seed ^ 11) - 0.5;
        let shade = 0.86 - 0.66 * near - 0.24 * (1.0 - light) * (-below * 2.5).exp()
            + 0.10 * ripple * near
            + 0.12 * (-below * 9.0).exp();
        color = mix(color, palette.at(shade), smoothstep(-unit, unit, below));
    }
    color
}

fn waves(recipe: &Recipe, x: f32, y: f32) -> Color {
    const SHEETS: f32 = 9.0;
    let (f, _, r) = bent(recipe, x * 0.8, y * 0.8, 1.7, 2);
    let palette = &recipe.palette;
    let height = smoothstep(0.12, 0.88, f) * SHEETS;
    let sheet = height.floor().min(SHEETS - 1.0);
    let within = height - sheet;
    let tone = |sheet: f32| {
        // One sheet has the colour that stands out.
        if (sheet - (recipe.seed % 7) as f32 - 1.0).abs() < 0.5 {
            palette.accent
        } else {
            palette.at(sheet / (SHEETS - 1.0))
        }
    };
    // The sheet above throws a soft shadow, and its cut edge catches light.
    let shadow = 0.42 * (-(1.0 - within) * 5.5).exp();
    let edge = 0.18 * (-within * 26.0).exp();
    let fibre = 0.03 * (r[0] - 0.5);
    let paper = tone(sheet).map(|v| v * (1.0 - shadow) + edge + fibre);
    // The cut is softened over a little width instead of showing steps.
    mix(tone((sheet - 1.0).max(0.0)), paper, smoothstep(0.0, 0.035, within))
}

fn ink(recipe: &Recipe, x: f32, y: f32) -> Color {
    let (f, q, r) = bent(recipe, x * 0.7, y * 0.7, 4.2, 3);
    let palette = &recipe.palette;
    let mut color = palette.at(smoothstep(0.2, 0.8, f));
    let pool = smoothstep(0.45, 0.8, q[0] * 0.6 + q[1] * 0.5);
    color = mix(color, palette.at(0.05), 0.7 * pool);
    color = mix(color, palette.accent, 0.75 * smoothstep(0.58, 0.78, r[1]));
    let paper = smoothstep(0.62, 0.8, f * 0.6 + r[0] * 0.45);
    mix(color, palette.at(1.0), 0.8 * paper)
}

fn aurora(recipe: &Recipe, x: f32, y: f32, unit: f32) -> Color {
    let palette = &recipe.palette;
    let seed = recipe.seed as u32;
    let mut color = mix(palette.at(0.0), palette.at(0.22), smoothstep(-0.1, 1.0, y));
    color = color.map(|v| v * 0.75);
    // Stars sit in cells of a fixed size, so that they do not move with resolution.
    let (sx, sy) = (x * 90.0 + 1000.0, y * 90.0 + 1000.0);
    let chance = grain(recipe.seed, sx as usize, sy as usize);
    if chance > 0.965 {
        let away = ((sx.fract() - 0.5).powi(2) + (sy.fract() - 0.5).powi(2)).sqrt();
        let size = (unit * 70.0).max(0.09) * (1.0 + (chance - 0.965) * 20.0);
        let glow = (1.0 - away / size).clamp(0.0, 1.0) * (chance - 0.95) * 18.0;
        color = mix(color, palette.at(1.0), glow.clamp(0.0, 1.0));
    }
    for curtain in 0..3u32 {
        let k = curtain as f32;
        let sway = recipe.bend * (fbm(x * 1.1 + k * 3.7, y * 0.6, 3, seed ^ curtain) - 0.5);
        let foot = 0.52 + 0.1 * k + 0.34 * (fbm(x * 1.4 + sway + k * 9.1, k, 3, seed ^ 21) - 0.5);
        let above = foot - y;
        let rays =
            fbm((x + sway * 0.8) * 13.0 + k * 5.0, y * 0.7, recipe.octaves.min(4), seed ^ 31);
        let veil = if above > 0.0 {
            (-above * (3.2 + 4.0 * (1.0 - rays))).exp()
        } else {
            (above * 34.0).exp()
        };
        let light = veil * (0.25 + 0.9 * smoothstep(0.3, 0.75, rays)) * (0.95 - 0.2 * k);
        let hue = mix(palette.at(0.78), palette.accent, smoothstep(0.0, 0.4, above));
        for c in 0..3 {
            color[c] += hue[c] * light * (1.0 - color[c]);
        }
    }
    let ridge = 0.86 - 0.13 * fbm(x * 2.2, 3.3, recipe.octaves, seed ^ 41);
    let far = 0.80 - 0.16 * fbm(x * 1.3 + 8.0, 1.1, recipe.octaves, seed ^ 42);
    let haze = palette.at(0.16).map(|v| v * 0.6);
    color = mix(color, haze, smoothstep(-unit, unit, y - far));
    mix(color, palette.at(0.0).map(|v| v * 0.35), smoothstep(-unit, unit, y - ridge))
}
