//! Vorbis comments (Vorbis I specification, 5): `name=text` in UTF-8, as FLAC, Vorbis and Opus have
//! them.

use super::{EmbeddedWorkflow, slice::Slice};

/// Takes what the comments say; a damaged list says what it can.
pub fn read(data: &[u8], found: &mut EmbeddedWorkflow) {
    let mut list = Slice(data);
    let Some(vendor) = list.le(4) else { return };
    let (Some(_), Some(count)) = (list.take(vendor), list.le(4)) else { return };
    for _ in 0..count {
        let Some(comment) = list.le(4).and_then(|size| list.take(size)) else { return };
        let Some(at) = comment.iter().position(|byte| *byte == b'=') else { continue };
        let name = String::from_utf8_lossy(&comment[..at]);
        found.named(&name, &String::from_utf8_lossy(&comment[at + 1..]));
    }
}
