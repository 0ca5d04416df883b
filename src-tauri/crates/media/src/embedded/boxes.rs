//! The boxes of ISO files (ISO 14496-12, 4.2): MP4, QuickTime and AVIF are made of them.

use super::source::Source;
use crate::MediaError;

/// Boxes looked at in one file; a film in fragments has a few thousand.
pub const MOST_BOXES: u32 = 50_000;

/// A box.
#[derive(Clone, Copy)]
pub struct Box4 {
    /// Its four letters, or a number.
    pub kind: [u8; 4],
    /// Where its head begins.
    pub begin: u64,
    /// Where its content begins.
    pub from: u64,
    /// Where it ends.
    pub to: u64,
}

/// The boxes in a range, one after the other. What is in a box is asked for by another walk, so
/// nothing here nests by itself.
pub struct Walk {
    at: u64,
    to: u64,
}

impl Walk {
    /// From `from` to `to`.
    pub fn new(from: u64, to: u64) -> Self {
        Self { at: from, to }
    }

    /// The next box; nothing at the end.
    ///
    /// # Errors
    /// When a box ends after what it is in, or the file has too many.
    pub fn next(
        &mut self,
        source: &mut Source,
        left: &mut u32,
    ) -> Result<Option<Box4>, MediaError> {
        // Some writers end a list of boxes with a 0 of four bytes.
        if self.to.saturating_sub(self.at) < 8 {
            return Ok(None);
        }
        *left = left
            .checked_sub(1)
            .ok_or_else(|| MediaError::Damaged("it has more parts than any film".to_owned()))?;
        let [a, b, c, d, kind @ ..] = source.array::<8>(self.at)?;
        let (head, size) = match u32::from_be_bytes([a, b, c, d]) {
            // It goes to the end.
            0 => (8, self.to - self.at),
            1 => (16, u64::from_be_bytes(source.array(self.at + 8)?)),
            size => (8, u64::from(size)),
        };
        let from = self.at + head;
        let to = self
            .at
            .checked_add(size)
            .filter(|to| *to <= self.to)
            .ok_or(MediaError::Truncated("a part of it ends after what it is in"))?;
        if size < head {
            return Err(MediaError::Damaged("a part of it is shorter than its head".to_owned()));
        }
        let begin = std::mem::replace(&mut self.at, to);
        Ok(Some(Box4 { kind, begin, from, to }))
    }

    /// The next box of this kind.
    ///
    /// # Errors
    /// As [`Walk::next`].
    pub fn find(
        &mut self,
        kind: &[u8; 4],
        source: &mut Source,
        left: &mut u32,
    ) -> Result<Option<Box4>, MediaError> {
        while let Some(one) = self.next(source, left)? {
            if one.kind == *kind {
                return Ok(Some(one));
            }
        }
        Ok(None)
    }
}
