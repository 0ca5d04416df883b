//! Bytes as text, in the encodings that files of these kinds use. Nothing here fails: what is no
//! text comes out as replacement characters, and is then no workflow.

use std::{borrow::Cow, cmp::Ordering};

/// UTF-8 where it is that (many writers put it everywhere), else Latin-1.
pub fn utf8_or_latin(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| Cow::Owned(latin(bytes)), Cow::Borrowed)
}

/// Latin-1.
pub fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// UTF-16 in the order that a byte order mark says, else in the order in which most of its letters
/// are: settings and JSON are mostly ASCII, whose zeros tell. `big` where neither says.
pub fn utf16(bytes: &[u8], big: bool) -> String {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let big = match bytes {
        [0xfe, 0xff, ..] => true,
        [0xff, 0xfe, ..] => false,
        _ => match zeros(0).cmp(&zeros(1)) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => big,
        },
    };
    let marked = matches!(bytes, [0xfe, 0xff, ..] | [0xff, 0xfe, ..]);
    let bytes = if marked { &bytes[2..] } else { bytes };
    let units = bytes.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(utf8_or_latin("ä".as_bytes()), "ä");
        assert_eq!(utf8_or_latin(b"\xe4"), "ä");
        assert_eq!(utf16(b"\0a\0b", false), "ab");
        assert_eq!(utf16(b"a\0b\0", true), "ab");
        assert_eq!(utf16(b"\xfe\xff\x26\x3a", false), "\u{263a}");
        assert_eq!(utf16(b"\x3a\x26a\0b\0", true), "\u{263a}ab");
        assert_eq!(utf16(b"\x26\x3a", true), "\u{263a}");
        assert_eq!(utf16(b"\xd8\x01", true), "\u{fffd}");
    }
}
