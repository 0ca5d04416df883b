//! Fewer colours: a palette by median cut, with or without dithering.

use super::{Done, Inputs, Job, NodeError, Value};

type Color = [f32; 3];

pub fn quantize(inputs: &Inputs, _: &dyn Job) -> Result<Done, NodeError> {
    let image = inputs.image("image")?.with_channels(3);
    let colors = inputs.count("colors")?.clamp(1, 256);
    let dither = inputs.text("dither")?;
    let order = match dither {
        "none" | "floyd-steinberg" => 0,
        "bayer-2" => 2,
        "bayer-4" => 4,
        "bayer-8" => 8,
        "bayer-16" => 16,
        other => return Err(NodeError::value(format!("There is no dithering {other}."))),
    };
    let width = image.width;
    let result = image.each_frame(|frame| {
        let mut pixels: Vec<Color> = frame.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
        let palette = median_cut(&pixels, colors);
        if dither == "floyd-steinberg" {
            floyd_steinberg(&mut pixels, width, &palette);
        } else {
            let spread = if order == 0 { 0.0 } else { 1.0 / (colors as f32).cbrt() };
            for (i, pixel) in pixels.iter_mut().enumerate() {
                let shift = spread * bayer(i % width, i / width, order);
                *pixel = nearest(&palette, pixel.map(|v| v + shift));
            }
        }
        pixels.concat()
    });
    Done::one(Value::Image(result))
}

/// Splits the box with the widest channel at its median until there are enough.
fn median_cut(pixels: &[Color], colors: usize) -> Vec<Color> {
    // A sample is enough for a palette and keeps large pictures quick.
    let every = (pixels.len() / 65_536).max(1);
    let mut boxes: Vec<Vec<Color>> = vec![pixels.iter().step_by(every).copied().collect()];
    while boxes.len() < colors {
        let widest = boxes
            .iter()
            .enumerate()
            .map(|(i, colors)| (i, widest_channel(colors)))
            .max_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let Some((index, (channel, _))) = widest.filter(|(_, (_, range))| *range > 0.0) else {
            break;
        };
        let mut low = boxes.swap_remove(index);
        low.sort_by(|a, b| a[channel].total_cmp(&b[channel]));
        let median = low[low.len() / 2][channel];
        // Equal colours stay together, so that no box is empty.
        let mut cut = low.partition_point(|color| color[channel] < median);
        if cut == 0 {
            cut = low.partition_point(|color| color[channel] <= median);
        }
        let high = low.split_off(cut);
        boxes.push(low);
        boxes.push(high);
    }
    boxes
        .iter()
        .map(|colors| {
            let mut sum = [0.0f64; 3];
            for color in colors {
                for c in 0..3 {
                    sum[c] += f64::from(color[c]);
                }
            }
            // Palettes hold 8-bit values.
            sum.map(|v| (v / colors.len() as f64 * 255.0).round() as f32 / 255.0)
        })
        .collect()
}

fn widest_channel(colors: &[Color]) -> (usize, f32) {
    (0..3)
        .map(|c| {
            let (low, high) = colors
                .iter()
                .fold((f32::MAX, f32::MIN), |(low, high), p| (low.min(p[c]), high.max(p[c])));
            (c, high - low)
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, 0.0))
}

fn nearest(palette: &[Color], color: Color) -> Color {
    let distance = |other: &Color| -> f32 { (0..3).map(|c| (other[c] - color[c]).powi(2)).sum() };
    palette.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).copied().unwrap_or(color)
}

fn floyd_steinberg(pixels: &mut [Color], width: usize, palette: &[Color]) {
    let height = pixels.len() / width;
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            let chosen = nearest(palette, pixels[at]);
            let error: Color = std::array::from_fn(|c| pixels[at][c] - chosen[c]);
            pixels[at] = chosen;
            let neighbours = [(1isize, 0, 7.0), (-1, 1, 3.0), (0, 1, 5.0), (1, 1, 1.0)];
            for (dx, dy, share) in neighbours {
                let Some(nx) = x.checked_add_signed(dx).filter(|nx| *nx < width) else { continue };
                if y + dy < height {
                    for c in 0..3 {
                        pixels[(y + dy) * width + nx][c] += error[c] * share / 16.0;
                    }
                }
            }
        }
    }
}

/// The Bayer threshold at this place, from -0.5 to 0.5; `order` is 2, 4, 8 or 16.
fn bayer(x: usize, y: usize, order: usize) -> f32 {
    if order == 0 {
        return 0.0;
    }
    let (mut value, mut bit) = (0, order / 2);
    let mut weight = 1;
    while bit > 0 {
        let (bx, by) = (usize::from(x & bit > 0), usize::from(y & bit > 0));
        value += weight * (2 * (bx ^ by) + by);
        weight *= 4;
        bit /= 2;
    }
    (value as f32 + 0.5) / (order * order) as f32 - 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bayer_has_every_threshold_once() {
        for order in [2, 4, 8, 16] {
            let mut seen: Vec<i32> = (0..order * order)
                .map(|i| {
                    ((bayer(i % order, i / order, order) + 0.5) * (order * order) as f32) as i32
                })
                .collect();
            seen.sort();
            assert_eq!(seen, (0..(order * order) as i32).collect::<Vec<_>>());
        }
    }
}
