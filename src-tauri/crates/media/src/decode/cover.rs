//! The cover picture that a sound or a film carries.

use super::{Decoded, Taken, Want, png};
use crate::{Container, MediaError, Original, Stop, sound};

/// The largest cover that is looked at, in bytes.
const LARGEST: usize = 32 << 20;

/// Decodes the cover; nothing when there is none that can be drawn.
pub fn decode(
    original: &mut Original,
    want: Want,
    stop: &Stop,
) -> Result<Option<Decoded>, MediaError> {
    let Some(bytes) = picture(original, stop)? else { return Ok(None) };
    let mut cover = Original::of_bytes(bytes);
    let decoded = match cover.container() {
        Container::Png => png::decode(&mut cover, want, stop),
        Container::Jpeg => super::jpeg::decode(&mut cover, want, stop),
        _ => return Ok(None),
    };
    Ok(decoded.ok().map(|decoded| Decoded { taken: Taken::Cover, ..decoded }))
}

fn picture(original: &mut Original, stop: &Stop) -> Result<Option<Vec<u8>>, MediaError> {
    let extension = original.extension();
    let mut format = match sound::open(original.reader()?, extension.as_deref(), stop) {
        Ok(format) => format,
        // No cover for us, whatever it is.
        Err(_) => {
            stop.check()?;
            return Ok(None);
        }
    };
    let attached = format.attachments().iter().find_map(|attachment| match attachment {
        symphonia::core::formats::Attachment::File(file) if file.name.starts_with("cover") => {
            Some(file.data.to_vec())
        }
        _ => None,
    });
    let mut metadata = format.metadata();
    let visual = || {
        let visuals = &metadata.skip_to_latest()?.media.visuals;
        visuals
            .iter()
            .map(|visual| &visual.data)
            .find(|data| data.len() <= LARGEST)
            .map(|data| data.to_vec())
    };
    Ok(attached.filter(|data| data.len() <= LARGEST).or_else(visual))
}
