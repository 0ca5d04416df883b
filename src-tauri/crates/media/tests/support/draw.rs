//! Pictures that are drawn: no two numbers look alike, and each is the same every time.
#![allow(
    dead_code,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use image::{Rgb, RgbImage};

/// Waves, discs and a little noise.
pub fn picture(width: u32, height: u32, number: u32) -> RgbImage {
    let mut state = number.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut chance = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    let share = |value: u32| f64::from(value % 10_000) / 10_000.0;
    let waves: Vec<[f64; 4]> = (0..9).map(|_| std::array::from_fn(|_| share(chance()))).collect();
    let discs: Vec<[f64; 6]> = (0..5).map(|_| std::array::from_fn(|_| share(chance()))).collect();
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let mut pixel = [0.0; 3];
        for (at, value) in pixel.iter_mut().enumerate() {
            let sum: f64 = waves[at * 3..at * 3 + 3]
                .iter()
                .map(|[a, b, c, d]| {
                    ((u * (1.0 + a * 9.0) + v * (b * 10.0 - 5.0) + c) * 3.0).sin() * (0.4 + d)
                })
                .sum();
            *value = 128.0 + sum * 36.0;
        }
        for [cx, cy, radius, r, g, b] in &discs {
            if (u - cx).hypot(v - cy) < 0.05 + radius * 0.2 {
                pixel = [r * 255.0, g * 255.0, b * 255.0];
            }
        }
        let noise = f64::from(chance() >> 29) - 3.5;
        Rgb(pixel.map(|value| (value + noise).clamp(0.0, 255.0) as u8))
    })
}
