//! Taking bytes off the front of a slice, never past its end.

/// What is left of a slice.
#[derive(Clone, Copy)]
pub struct Slice<'a>(pub &'a [u8]);

impl<'a> Slice<'a> {
    /// The next `count` bytes; nothing where there are fewer.
    pub fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(count).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next `count` bytes (8 at most) as a number, highest first. Of no bytes it is 0.
    pub fn be(&mut self, count: u64) -> Option<u64> {
        Some(self.take(count)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// The next `count` bytes (8 at most) as a number, lowest first.
    pub fn le(&mut self, count: u64) -> Option<u64> {
        Some(self.take(count)?.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// The bytes before the next 0, which is taken too; without a 0 all that is left.
    pub fn until_nul(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let taken = &self.0[..end];
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        taken
    }
}
