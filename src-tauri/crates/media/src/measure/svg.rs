//! SVG: width and height of the outermost element, else its view box.

use super::{Colour, Measures};
use crate::{MediaError, embedded::source::Source};
use quick_xml::{Reader, events::Event};

/// What may stand before the first element, and its attributes, in bytes.
const MOST_HEAD: u64 = 64 << 10;

pub fn read(source: &mut Source, into: &mut Measures) -> Result<(), MediaError> {
    (into.colour, into.alpha) = (Some(Colour::Rgb), Some(true));
    let length = source.length().min(MOST_HEAD);
    let head = source.bytes(0, length)?;
    let damaged = |error: quick_xml::Error| MediaError::Damaged(error.to_string());
    let mut reader = Reader::from_reader(&head[..]);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(element) | Event::Empty(element) => {
                let value = |name: &str| {
                    let found = element.try_get_attribute(name).ok().flatten()?;
                    Some(found.value.into_owned())
                };
                let side = |name| value(name).as_deref().and_then(pixels);
                let boxed = value("viewBox").map(|text| {
                    text.split([' ', ','])
                        .filter(|part| !part.is_empty())
                        .filter_map(pixels)
                        .collect::<Vec<_>>()
                });
                let boxed = boxed.filter(|sides| sides.len() == 4);
                let inner = |at: usize| boxed.as_ref().map(|sides| sides[at]);
                into.width = side("width").or_else(|| inner(2));
                into.height = side("height").or_else(|| inner(3));
                return Ok(());
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// A length in pixels (CSS 2.2, 4.3.2); nothing for shares of something else.
fn pixels(text: &str) -> Option<u32> {
    let text = text.trim();
    let end =
        text.find(|c: char| c.is_ascii_alphabetic() && c != 'e' || c == '%').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.trim().parse().ok()?;
    let factor = match unit {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    let side = (number * factor).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // In that range.
    (0.0..=f64::from(u32::MAX)).contains(&side).then_some(side as u32)
}
