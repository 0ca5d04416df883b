//! MPEG-1 and MPEG-2: the size in the first sequence header (ISO 13818-2, 6.2.2.1). How long it plays
//! stands nowhere.

use super::Measures;
use crate::{MediaError, embedded::source::Source};

/// Where pictures begin at the latest, in bytes: packs before them say where menus and sounds are.
const MOST: u64 = 256 << 10;

pub fn read(source: &mut Source, into: &mut Measures) -> Result<(), MediaError> {
    let head = source.passing(0, MOST)?;
    let at = memchr::memmem::find(head, b"\0\0\x01\xb3").and_then(|at| head.get(at + 4..at + 7));
    if let Some(&[a, b, c]) = at {
        // Twelve bits each; in MPEG-2 more may follow, in films larger than 4,095.
        let width = u32::from(a) << 4 | u32::from(b) >> 4;
        into.turned((width, u32::from(b & 15) << 8 | u32::from(c)), None);
    }
    Ok(())
}
