//! Animations: their first frame that is not blank. Stills of the same formats too.

use super::{Decoded, MOST_MEMORY, Pixels, Taken, Want, is_blank, limits, png, too_large};
use crate::{Container, MediaError, Original, Stop, stop::Watched};
use image::{
    AnimationDecoder, DynamicImage, Frames, ImageDecoder, ImageError,
    codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder},
    metadata::Orientation,
};
use std::io::BufReader;

/// Frames that are looked at for one that is not blank.
const MOST_FRAMES: usize = 100;
/// Pixels of frames that are looked at for one that is not blank.
const MOST_LOOKED_AT: u64 = 100_000_000;

pub fn decode(original: &mut Original, want: Want, stop: &Stop) -> Result<Decoded, MediaError> {
    original.keep(stop)?;
    match original.container() {
        // Readers that know nothing of animations show the default picture; most writers make it the
        // first frame.
        Container::Apng => {
            let still = png::decode(original, want, stop);
            match &still {
                Ok(Decoded { pixels: Pixels::Plain(pixels), .. }) if is_blank(pixels) => {}
                _ => return still.map(|still| Decoded { animated: true, ..still }),
            }
            let moving = PngDecoder::with_limits(file(original, stop)?, limits())
                .and_then(PngDecoder::apng)
                .map(AnimationDecoder::into_frames)
                .map_err(MediaError::from)
                .and_then(|frames| first(frames, stop));
            match (moving, still) {
                (Ok(picture), Ok(still)) => {
                    Ok(Decoded { pixels: Pixels::Plain(picture), animated: true, ..still })
                }
                (_, still) => still,
            }
        }
        Container::Gif => {
            let mut decoder = GifDecoder::new(file(original, stop)?)?;
            decoder.set_limits(limits())?;
            let frames = decoder.into_frames();
            let picture = first(frames, stop)?;
            Ok(Decoded { animated: true, ..Decoded::plain(picture, Taken::Picture) })
        }
        _ => webp(original, stop),
    }
}

fn webp(original: &mut Original, stop: &Stop) -> Result<Decoded, MediaError> {
    let mut decoder = WebPDecoder::new(file(original, stop)?)?;
    let (width, height) = decoder.dimensions();
    // The library keeps a canvas, a frame and tables besides.
    if u64::from(width) * u64::from(height) * 16 > MOST_MEMORY {
        return Err(too_large((width, height)));
    }
    decoder.set_limits(limits())?;
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let animated = decoder.has_animation();
    let picture = if animated {
        first(decoder.into_frames(), stop)?
    } else {
        DynamicImage::from_decoder(decoder)?
    };
    Ok(Decoded { turn, profile, animated, ..Decoded::plain(picture, Taken::Picture) })
}

/// The first frame that is not blank, else the first of all.
fn first(frames: Frames<'_>, stop: &Stop) -> Result<DynamicImage, MediaError> {
    let mut blank = None;
    let mut looked_at = 0;
    for frame in frames.take(MOST_FRAMES) {
        stop.check()?;
        let frame = match (frame, &blank) {
            (Ok(frame), _) => DynamicImage::ImageRgba8(frame.into_buffer()),
            (Err(error), None) => return Err(of_frame(error)),
            (Err(_), Some(_)) => break,
        };
        looked_at += u64::from(frame.width()) * u64::from(frame.height());
        if !is_blank(&frame) {
            return Ok(frame);
        }
        blank.get_or_insert(frame);
        if looked_at > MOST_LOOKED_AT {
            break;
        }
    }
    blank.ok_or(MediaError::Truncated("an animation without frames"))
}

fn of_frame(error: ImageError) -> MediaError {
    match MediaError::from(error) {
        MediaError::Damaged(why) if why.contains("unexpected") => {
            MediaError::Truncated("the picture's data ends too early")
        }
        other => other,
    }
}

type File<'a> = BufReader<Watched<crate::original::Reader<'a>>>;

fn file<'a>(original: &'a mut Original, stop: &Stop) -> Result<File<'a>, MediaError> {
    Ok(BufReader::with_capacity(1 << 16, Watched::new(original.reader()?, stop.clone())))
}
