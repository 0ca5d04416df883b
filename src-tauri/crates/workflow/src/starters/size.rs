//! Sizes that suit a family.

use super::suit::Suit;

/// The narrowest a picture may be, as a share of its other side.
const NARROWEST: f64 = 0.25;
/// The largest side that is asked for, in pixels; ComfyUI's own limit.
pub const LARGEST: u32 = 16_384;

/// A size of about as many pixels as the family's own, at the aspect ratio of `wanted`.
pub fn fit(suit: &Suit, wanted: (u32, u32)) -> (u32, u32) {
    let (width, height) = (f64::from(wanted.0.max(1)), f64::from(wanted.1.max(1)));
    let ratio = (width / height).clamp(NARROWEST, 1.0 / NARROWEST);
    let side = f64::from(suit.side);
    let multiple = f64::from(suit.multiple);
    let up = |length: f64| (length / multiple).ceil() * multiple;
    let down = |length: f64| ((length / multiple).floor() * multiple).max(multiple);
    let (exact_w, exact_h) = (side * ratio.sqrt(), side / ratio.sqrt());
    // Of the sizes around the exact one, the one that bends the ratio and misses the pixels least; more
    // pixels than a family knows do more harm than fewer.
    let mut best = (f64::MAX, (suit.side, suit.side));
    for w in [down(exact_w), up(exact_w)] {
        for h in [down(exact_h), up(exact_h)] {
            let bent = ((w / h) / ratio).ln().abs();
            let grown = (w * h / (side * side)).ln();
            let off = bent + if grown > 0.0 { grown * 2.0 } else { -grown / 2.0 };
            if off < best.0 {
                best = (off, (length(w), length(h)));
            }
        }
    }
    best.1
}

/// The sizes that are offered: a square, and the aspect ratios of photographs and screens, both ways.
pub fn offered(suit: &Suit) -> Vec<(u32, u32)> {
    let ratios = [(1, 1), (5, 4), (4, 5), (3, 2), (2, 3), (16, 9), (9, 16), (21, 9)];
    let mut sizes: Vec<(u32, u32)> = Vec::new();
    for ratio in ratios {
        let size = fit(suit, ratio);
        if !sizes.contains(&size) {
            sizes.push(size);
        }
    }
    sizes
}

/// The next multiple of `multiple`, at least one.
pub fn rounded(length: f64, multiple: u32) -> u32 {
    let multiple = f64::from(multiple);
    self::length((length / multiple).round().max(1.0) * multiple)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn length(length: f64) -> u32 {
    length.clamp(1.0, f64::from(LARGEST)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starters::{Loader, family, suit::suit};

    #[test]
    fn the_ratio_is_kept_at_the_pixels_of_the_family() {
        let xl = suit(&family("sd_xl_base.safetensors", Loader::Checkpoint, None));
        let table = [
            ((1, 1), (1024, 1024)),
            ((512, 512), (1024, 1024)),
            ((1920, 1080), (1344, 768)),
            ((1080, 1920), (768, 1344)),
            ((3, 2), (1216, 832)),
            ((1, 1000), (512, 2048)),
            ((0, 0), (1024, 1024)),
            ((u32::MAX, 1), (2048, 512)),
        ];
        for (wanted, size) in table {
            assert_eq!(fit(&xl, wanted), size, "{wanted:?}");
        }
        assert_eq!(offered(&xl)[0], (1024, 1024));
    }

    proptest::proptest! {
        #[test]
        fn sizes_are_multiples_near_the_pixels(w in 1_u32..20_000, h in 1_u32..20_000, name in 0_usize..4) {
            let names = ["sd15", "sd_xl", "flux1-dev", "qwen_image"];
            let suit = suit(&family(names[name], Loader::Checkpoint, None));
            let (width, height) = fit(&suit, (w, h));
            proptest::prop_assert!(width % suit.multiple == 0 && height % suit.multiple == 0);
            let pixels = f64::from(width) * f64::from(height);
            let share = pixels / (f64::from(suit.side) * f64::from(suit.side));
            proptest::prop_assert!((0.7..1.4).contains(&share), "{width}x{height}");
        }
    }
}
