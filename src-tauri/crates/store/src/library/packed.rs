//! Reading values that SQLite packed: numbers and texts with separators between.

use crate::{Result, StoreError};

/// What stands between the fields of a packed row that ends with a text.
pub(super) const FIELD: u8 = b',';

/// The fields of one packed row.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    separator: u8,
}

fn wrong(field: &[u8]) -> StoreError {
    StoreError::Value(format!("the packed field {:?}", String::from_utf8_lossy(field)))
}

impl<'a> Fields<'a> {
    pub(super) fn new(row: &'a [u8]) -> Self {
        Self::separated(row, FIELD)
    }

    pub(super) fn separated(row: &'a [u8], separator: u8) -> Self {
        Self { rest: row, separator }
    }

    /// The next field.
    pub(super) fn bytes(&mut self) -> &'a [u8] {
        let end = self.rest.iter().position(|byte| *byte == self.separator);
        let (field, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &self.rest[self.rest.len()..]),
        };
        self.rest = rest;
        field
    }

    /// All that is left, separators and all.
    pub(super) fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// The next field as text.
    pub(super) fn text(&mut self) -> Result<&'a str> {
        let field = self.bytes();
        std::str::from_utf8(field).map_err(|_| wrong(field))
    }

    /// The next field as a number, or nothing if it is empty.
    pub(super) fn maybe_int(&mut self) -> Result<Option<i64>> {
        let field = self.bytes();
        if field.is_empty() { Ok(None) } else { int(field).map(Some) }
    }

    /// The next field as a number; 0 if it is empty.
    pub(super) fn int(&mut self) -> Result<i64> {
        Ok(self.maybe_int()?.unwrap_or(0))
    }

    /// The next field as a number from 0 up, no larger than a u32; 0 if it is empty.
    pub(super) fn u32(&mut self) -> Result<u32> {
        Ok(self.maybe_u32()?.unwrap_or(0))
    }

    /// The next field as a number from 0 up, or nothing if it is empty.
    pub(super) fn maybe_u32(&mut self) -> Result<Option<u32>> {
        Ok(self.maybe_int()?.map(saturated))
    }

    /// The next field as a decimal number, or nothing if it is empty.
    pub(super) fn maybe_real(&mut self) -> Result<Option<f64>> {
        let field = self.text()?;
        if field.is_empty() {
            return Ok(None);
        }
        field.parse().map(Some).map_err(|_| wrong(field.as_bytes()))
    }
}

/// A number of SQLite as a u32, the nearest that there is.
pub(super) fn saturated(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX })
}

fn int(field: &[u8]) -> Result<i64> {
    let (negative, digits) = match field {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // Downwards, so that the smallest number fits.
    let mut value = 0_i64;
    for digit in digits {
        let next = digit.is_ascii_digit().then(|| i64::from(digit - b'0'));
        let next = next.and_then(|digit| value.checked_mul(10)?.checked_sub(digit));
        value = next.ok_or_else(|| wrong(field))?;
    }
    if digits.is_empty() {
        return Err(wrong(field));
    }
    if negative { Ok(value) } else { value.checked_neg().ok_or_else(|| wrong(field)) }
}

/// The packed rows of a value, without empty ones.
pub(super) fn lines(packed: &[u8], end: u8) -> impl Iterator<Item = &[u8]> {
    packed.split(move |byte| *byte == end).filter(|line| !line.is_empty())
}

/// Ids with commas between.
pub(super) fn ids(packed: &[u8]) -> Result<Vec<u32>> {
    lines(packed, FIELD).map(|id| int(id).map(saturated)).collect()
}

/// Ids of a JSON array of numbers.
pub(super) fn json_ids(packed: &[u8]) -> Result<Vec<u32>> {
    let inner = packed.strip_prefix(b"[").and_then(|packed| packed.strip_suffix(b"]"));
    ids(inner.ok_or_else(|| wrong(packed))?)
}

/// Two numbers with a comma between, for each line.
pub(super) fn pairs(packed: &[u8]) -> Result<Vec<(u32, u32)>> {
    lines(packed, b'\n')
        .map(|line| {
            let mut fields = Fields::new(line);
            Ok((fields.u32()?, fields.u32()?))
        })
        .collect()
}
