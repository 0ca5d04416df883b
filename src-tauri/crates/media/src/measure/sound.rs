//! Sounds: how long they play, by the heads that a library reads.

use super::Measures;
use crate::{MediaError, Stop, original::Reader, sound};

pub fn read(
    reader: Reader,
    extension: Option<&str>,
    into: &mut Measures,
    stop: &Stop,
) -> Result<(), MediaError> {
    let format = sound::open(reader, extension, stop)?;
    let Some(track) = sound::track(&*format) else {
        return Err(MediaError::NoSound);
    };
    into.duration_ms = sound::duration_ms(track);
    if let Some(audio) = track.codec_params.as_ref().and_then(|codec| codec.audio()) {
        into.sample_rate = audio.sample_rate;
        into.channels =
            audio.channels.as_ref().and_then(|channels| u16::try_from(channels.count()).ok());
        into.bits = None;
    }
    Ok(())
}
