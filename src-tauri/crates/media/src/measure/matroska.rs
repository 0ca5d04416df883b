//! WebM and Matroska: `Segment` / `Info` / `Duration` and the first picture track of `Tracks`
//! (RFC 9559, 5.1).

use super::Measures;
use crate::{
    MediaError,
    embedded::{
        ebml::{child, content, element_at, elements},
        slice::Slice,
        source::Source,
    },
};

/// Elements looked at; the heads stand before the pictures.
const MOST_ELEMENTS: u32 = 10_000;

const SEGMENT: u64 = 0x1853_8067;
const CLUSTER: u64 = 0x1f43_b675;
const INFO: u64 = 0x1549_a966;
const TIMESTAMP_SCALE: u64 = 0x002a_d7b1;
const DURATION: u64 = 0x4489;
const TRACKS: u64 = 0x1654_ae6b;
const TRACK_ENTRY: u64 = 0xae;
const TRACK_TYPE: u64 = 0x83;
const DEFAULT_DURATION: u64 = 0x0023_e383;
const VIDEO: u64 = 0xe0;
const PIXEL_WIDTH: u64 = 0xb0;
const PIXEL_HEIGHT: u64 = 0xba;
const ALPHA_MODE: u64 = 0x53c0;
const AUDIO: u64 = 0xe1;
const SAMPLING_FREQUENCY: u64 = 0xb5;
const CHANNELS: u64 = 0x9f;

pub fn read(source: &mut Source, into: &mut Measures) -> Result<(), MediaError> {
    let mut at = 0;
    let mut frame_ns = None;
    for _ in 0..MOST_ELEMENTS {
        if at >= source.length() {
            break;
        }
        let element = element_at(source, at)?;
        at = element.to.unwrap_or(element.from);
        match element.id {
            SEGMENT => at = element.from,
            INFO => info(&content(source, element)?, into),
            TRACKS => {
                let tracks = content(source, element)?;
                frame_ns = frame_ns.or(self::tracks(&tracks, into));
            }
            CLUSTER => break,
            _ => {}
        }
    }
    if let (Some(ns), Some(lasts)) = (frame_ns.filter(|ns| *ns > 0), into.duration_ms) {
        // Said by the rate, not counted.
        into.frames = u32::try_from((lasts * 1_000_000 + ns / 2) / ns).ok();
    }
    Ok(())
}

fn info(data: &[u8], into: &mut Measures) {
    let scale = child(data, TIMESTAMP_SCALE).and_then(number).unwrap_or(1_000_000);
    if let Some(lasts) = child(data, DURATION).and_then(float) {
        #[allow(clippy::cast_precision_loss)]
        let ms = lasts * scale as f64 / 1e6;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // In that range.
        let ms = (0.0..=1e15).contains(&ms).then_some(ms.round() as u64);
        into.duration_ms = ms;
    }
}

/// Takes the first track of pictures and of sound; answers with the time of a picture in ns.
fn tracks(data: &[u8], into: &mut Measures) -> Option<u64> {
    let mut frame_ns = None;
    for (_, track) in elements(data).filter(|(id, _)| *id == TRACK_ENTRY) {
        let what = child(track, TRACK_TYPE).and_then(number);
        if let (Some(1), Some(video), None) = (what, child(track, VIDEO), into.width) {
            let side =
                |id| child(video, id).and_then(number).and_then(|side| u32::try_from(side).ok());
            (into.width, into.height) = (side(PIXEL_WIDTH), side(PIXEL_HEIGHT));
            into.alpha = Some(child(video, ALPHA_MODE).and_then(number) == Some(1));
            frame_ns = child(track, DEFAULT_DURATION).and_then(number);
        }
        if let (Some(2), Some(audio), None) = (what, child(track, AUDIO), into.channels) {
            let rate = child(audio, SAMPLING_FREQUENCY).and_then(float).unwrap_or(8_000.0);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // In that range.
            let rate = (1.0..=1e9).contains(&rate).then_some(rate as u32);
            into.sample_rate = rate;
            let channels = child(audio, CHANNELS).and_then(number).unwrap_or(1);
            into.channels = u16::try_from(channels).ok();
        }
    }
    frame_ns
}

fn number(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| Slice(bytes).be(bytes.len() as u64)).flatten()
}

fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => bytes.try_into().ok().map(|bytes| f64::from(f32::from_be_bytes(bytes))),
        8 => bytes.try_into().ok().map(f64::from_be_bytes),
        _ => None,
    }
}
