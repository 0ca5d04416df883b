//! XMP packets inside files (ISO 16684-1): the texts of `exif:UserComment` and `dc:description`.
//! Draw Things has its settings there (see `workflow::parameters`), through Apple's ImageIO.

use super::EmbeddedWorkflow;
use quick_xml::{
    Reader,
    escape::{resolve_predefined_entity, unescape},
    events::{BytesStart, Event},
};

/// The elements whose texts are taken, by their names without prefix.
const TAKEN: [&str; 2] = ["UserComment", "description"];

/// Takes what a packet says; a damaged one says what it can.
pub fn read(packet: &str, found: &mut EmbeddedWorkflow) {
    let mut reader = Reader::from_str(packet);
    // What is taken at the moment, and its text.
    let (mut inside, mut text) = (None, String::new());
    let mut texts: [Option<String>; 2] = [None, None];
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                of_attributes(&tag, &mut texts);
                if let Some(place) = place_of(tag.local_name().as_ref()) {
                    inside = Some(place);
                    text.clear();
                }
            }
            Ok(Event::Empty(tag)) => of_attributes(&tag, &mut texts),
            Ok(Event::End(tag)) => {
                if inside.is_some() && inside == place_of(tag.local_name().as_ref()) {
                    texts[inside.unwrap_or_default()].get_or_insert(text.trim().to_owned());
                    inside = None;
                }
            }
            Ok(Event::Text(data)) if inside.is_some() => text.push_str(&data),
            Ok(Event::CData(data)) if inside.is_some() => text.push_str(&data),
            Ok(Event::GeneralRef(entity)) if inside.is_some() => {
                text.extend(entity.resolve_char_ref().ok().flatten());
                text.push_str(resolve_predefined_entity(&entity).unwrap_or_default());
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    for text in texts.iter().flatten() {
        found.unnamed(text);
    }
}

/// A simple value may also be an attribute of `rdf:Description`.
fn of_attributes(tag: &BytesStart, texts: &mut [Option<String>; 2]) {
    // Comparing each with each would take long where there are many.
    for attribute in tag.attributes().with_checks(false).flatten() {
        if let Some(place) = place_of(attribute.key.local_name().as_ref())
            && let Ok(value) = unescape(&attribute.value)
        {
            texts[place].get_or_insert(value.into_owned());
        }
    }
}

fn place_of(name: &str) -> Option<usize> {
    TAKEN.iter().position(|taken| *taken == name)
}
