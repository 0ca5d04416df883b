//! AVI: the main head `avih` (AVI RIFF File Reference, `AVIMAINHEADER`).

use super::Measures;
use crate::{MediaError, embedded::source::Source};

pub fn read(source: &mut Source, into: &mut Measures) -> Result<(), MediaError> {
    // RIFF, its length, `AVI `, LIST, its length, `hdrl`, `avih`, its length.
    let kind: [u8; 4] = source.array(24)?;
    if kind != *b"avih" {
        return Err(MediaError::Damaged("an AVI does not begin with its head".to_owned()));
    }
    let number =
        |source: &mut Source, place: u64| source.array(32 + place * 4).map(u32::from_le_bytes);
    let micros = number(source, 0)?;
    let frames = number(source, 4)?;
    let size = (number(source, 8)?, number(source, 9)?);
    into.turned(size, None);
    if micros > 0 && frames > 0 {
        into.duration_ms = Some(u64::from(micros) * u64::from(frames) / 1_000);
    }
    into.frames = Some(frames).filter(|frames| *frames > 0);
    Ok(())
}
