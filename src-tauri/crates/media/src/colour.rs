//! Colours to sRGB by the profile that a file carries.

use image::DynamicImage;
use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, DataColorSpace, Layout, MatrixCoefficients,
    TransferCharacteristics, TransformOptions,
};

/// Profiles larger than this are not read, in bytes; the largest for print are about 3 MB.
const LARGEST: usize = 8 << 20;

/// A picture's colours as sRGB shows them. Without a profile, or with one that cannot be used, they
/// are sRGB already.
pub fn to_srgb(picture: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    match profile
        .filter(|profile| profile.len() <= LARGEST)
        .map(|profile| converted(&picture, profile))
    {
        Some(Some(converted)) => converted,
        _ => picture,
    }
}

fn converted(picture: &DynamicImage, profile: &[u8]) -> Option<DynamicImage> {
    let from = ColorProfile::new_from_slice(profile).ok()?;
    let to = ColorProfile::new_srgb();
    if from.color_space == DataColorSpace::Rgb {
        let layout = if picture.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
        let change =
            from.create_transform_8bit(layout, &to, layout, TransformOptions::default()).ok()?;
        Some(if picture.color().has_alpha() {
            let mut made = picture.to_rgba8();
            change.transform(&picture.to_rgba8(), &mut made).ok()?;
            DynamicImage::ImageRgba8(made)
        } else {
            let mut made = picture.to_rgb8();
            change.transform(&picture.to_rgb8(), &mut made).ok()?;
            DynamicImage::ImageRgb8(made)
        })
    } else if from.color_space == DataColorSpace::Gray {
        let alpha = picture.color().has_alpha();
        let (layout, out) =
            if alpha { (Layout::GrayAlpha, Layout::Rgba) } else { (Layout::Gray, Layout::Rgb) };
        let change =
            from.create_transform_8bit(layout, &to, out, TransformOptions::default()).ok()?;
        let (width, height) = (picture.width(), picture.height());
        if alpha {
            let mut made = image::RgbaImage::new(width, height);
            change.transform(&picture.to_luma_alpha8(), &mut made).ok()?;
            Some(DynamicImage::ImageRgba8(made))
        } else {
            let mut made = image::RgbImage::new(width, height);
            change.transform(&picture.to_luma8(), &mut made).ok()?;
            Some(DynamicImage::ImageRgb8(made))
        }
    } else {
        None
    }
}

/// Printing inks (255 is full) as sRGB: by the profile, else by the plain rule that each ink takes its
/// share of light away.
pub fn inks_to_srgb(width: u32, height: u32, inks: &[u8], profile: Option<&[u8]>) -> DynamicImage {
    let mut made = image::RgbImage::new(width, height);
    let by_profile = profile.filter(|profile| profile.len() <= LARGEST).and_then(|profile| {
        let from = ColorProfile::new_from_slice(profile).ok()?;
        if from.color_space != DataColorSpace::Cmyk {
            return None;
        }
        let to = ColorProfile::new_srgb();
        // The library calls four channels of ink Rgba.
        let change =
            from.create_transform_8bit(Layout::Rgba, &to, Layout::Rgb, TransformOptions::default());
        change.ok()?.transform(inks, &mut made).ok()
    });
    if by_profile.is_none() {
        for (pixel, inks) in made.pixels_mut().zip(inks.chunks_exact(4)) {
            let light = |ink: u8| {
                let both = u32::from(255 - ink) * u32::from(255 - inks[3]);
                u8::try_from((both + 127) / 255).unwrap_or(255)
            };
            pixel.0 = [light(inks[0]), light(inks[1]), light(inks[2])];
        }
    }
    DynamicImage::ImageRgb8(made)
}

/// The profile that a code of ITU-T H.273 stands for; nothing for sRGB and for codes that are unknown.
pub fn profile_of_code(primaries: u8, transfer: u8) -> Option<Vec<u8>> {
    let primaries = CicpColorPrimaries::try_from(primaries).ok()?;
    let transfer = TransferCharacteristics::try_from(transfer).ok()?;
    if matches!(
        (primaries, transfer),
        (CicpColorPrimaries::Bt709, TransferCharacteristics::Srgb | TransferCharacteristics::Bt709)
    ) {
        return None;
    }
    ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: primaries,
        transfer_characteristics: transfer,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    })
    .encode()
    .ok()
}
