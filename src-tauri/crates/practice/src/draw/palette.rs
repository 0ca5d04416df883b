//! Colours that go together.

/// Five colours from dark to light, and one that stands out.
const PALETTES: &[[u32; 6]] = &[
    [0x0b1d2a, 0x1f4e5f, 0x3d8a8a, 0xa9d3c4, 0xf5efe0, 0xe2b05e],
    [0x1c0f2b, 0x4a1f5c, 0x9c3f78, 0xe58a7b, 0xfce3c4, 0xf7c548],
    [0x10140f, 0x2e4030, 0x6b8054, 0xbfc08a, 0xf3ecd2, 0xd0653f],
    [0x0a0f24, 0x1b2f66, 0x3f68a8, 0x8fb8d8, 0xeef4f6, 0xf1a37a],
    [0x241012, 0x6b2422, 0xb5523b, 0xe7a06a, 0xfbe8d0, 0x5ea3a3],
    [0x15161a, 0x3a3d47, 0x77798a, 0xb9b6c2, 0xf2eff2, 0xd7a24a],
    [0x06211f, 0x0f5249, 0x2f9471, 0x9dd69b, 0xf4f7d9, 0xf06d5c],
    [0x1f1533, 0x3e3a7c, 0x6f7cc4, 0xb5c4ea, 0xf7f0f4, 0xf49ac2],
    [0x22160b, 0x5c3d1c, 0xa8773b, 0xdcb878, 0xfaf1da, 0x3f7f93],
    [0x0d0d0f, 0x37243c, 0x7a3b52, 0xc8736a, 0xf2c6a6, 0xa8d5ba],
];

/// A colour as red, green, blue from 0 to 1.
pub type Color = [f32; 3];

#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    shades: [Color; 5],
    /// The colour that stands out.
    pub accent: Color,
}

impl Palette {
    /// One of the palettes.
    pub fn chosen_by(number: u64) -> Self {
        let colors = PALETTES[(number % PALETTES.len() as u64) as usize]
            .map(|hex| [16, 8, 0].map(|shift| ((hex >> shift) & 0xff) as f32 / 255.0));
        let [a, b, c, d, e, accent] = colors;
        Self { shades: [a, b, c, d, e], accent }
    }

    /// The colour at `t`: 0 is the darkest, 1 the lightest.
    pub fn at(&self, t: f32) -> Color {
        let place = t.clamp(0.0, 1.0) * (self.shades.len() - 1) as f32;
        let low = (place as usize).min(self.shades.len() - 2);
        mix(self.shades[low], self.shades[low + 1], place - low as f32)
    }
}

/// From `a` at 0 to `b` at 1.
pub fn mix(a: Color, b: Color, t: f32) -> Color {
    std::array::from_fn(|c| a[c] + (b[c] - a[c]) * t)
}
