//! Repeatable noise.

/// Spreads a number over all 64 bits (the finisher of SplitMix64).
pub fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn lattice(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x27d4_eb2d)
        ^ (y as u32).wrapping_mul(0x1656_67b1)
        ^ seed.wrapping_mul(0x9e37_79b1);
    h ^= h >> 15;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

fn slope(h: u32, x: f32, y: f32) -> f32 {
    // Eight directions, diagonals included.
    const D: f32 = std::f32::consts::FRAC_1_SQRT_2;
    match h & 7 {
        0 => x,
        1 => -x,
        2 => y,
        3 => -y,
        4 => D * (x + y),
        5 => D * (x - y),
        6 => D * (y - x),
        _ => D * (-x - y),
    }
}

fn fade(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Gradient noise from about -1 to 1.
pub fn gradient(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (ix, iy) = (fx as i32, fy as i32);
    let (x, y) = (x - fx, y - fy);
    let (u, v) = (fade(x), fade(y));
    let a = slope(lattice(ix, iy, seed), x, y);
    let b = slope(lattice(ix.wrapping_add(1), iy, seed), x - 1.0, y);
    let c = slope(lattice(ix, iy.wrapping_add(1), seed), x, y - 1.0);
    let d = slope(lattice(ix.wrapping_add(1), iy.wrapping_add(1), seed), x - 1.0, y - 1.0);
    let low = a + (b - a) * u;
    let high = c + (d - c) * u;
    (low + (high - low) * v) * 1.5
}

/// Noise summed over octaves, from about 0 to 1.
pub fn fbm(mut x: f32, mut y: f32, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut size, mut total) = (0.0, 0.5, 0.0);
    for octave in 0..octaves {
        sum += size * gradient(x, y, seed.wrapping_add(octave));
        total += size;
        size *= 0.5;
        // Turned a little each time, so that the lattice does not show.
        (x, y) = (1.6 * x + 1.2 * y, 1.6 * y - 1.2 * x);
    }
    0.5 + 0.5 * sum / total * 1.3
}

/// White noise for one pixel, from -1 to 1.
pub fn grain(seed: u64, x: usize, y: usize) -> f32 {
    lattice(x as i32, y as i32, seed as u32) as f32 / u32::MAX as f32 * 2.0 - 1.0
}

/// Noise in soft cells of `size` pixels, from -0.9 to 0.9, one for each channel.
pub fn smooth_cells(seed: u64, x: usize, y: usize, size: usize, channel: u32) -> f32 {
    let seed = (seed as u32).wrapping_add(channel.wrapping_mul(0x51ed_270b));
    let (fx, fy) = (x as f32 / size as f32, y as f32 / size as f32);
    let (ix, iy) = (fx as i32, fy as i32);
    let (u, v) = (fx.fract(), fy.fract());
    let at = |x, y| lattice(x, y, seed) as f32 / u32::MAX as f32 - 0.5;
    let low = at(ix, iy) + (at(ix + 1, iy) - at(ix, iy)) * u;
    let high = at(ix, iy + 1) + (at(ix + 1, iy + 1) - at(ix, iy + 1)) * u;
    (low + (high - low) * v) * 1.8
}
