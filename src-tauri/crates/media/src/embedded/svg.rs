//! SVG: JSON in the element `metadata`. ComfyUI's `SaveSVGNode` (`comfy_extras/nodes_images.py`,
//! commit 6665515) puts it there as CDATA, and the page reads that (`metadata/svg.ts`); text with
//! the usual escapes is read as well.

use super::{EmbeddedWorkflow, source::Source};
use crate::MediaError;
use quick_xml::{Reader, escape::resolve_predefined_entity, events::Event};

/// Reads what an SVG holds of a workflow. What stands after damage is not read.
pub fn read(source: &mut Source, found: &mut EmbeddedWorkflow) -> Result<(), MediaError> {
    let mut reader = Reader::from_reader(source.stream()?);
    let (mut buffer, mut text, mut inside) = (Vec::new(), String::new(), false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => inside = is_metadata(tag.local_name().as_ref()),
            Ok(Event::End(tag)) if is_metadata(tag.local_name().as_ref()) => {
                found.entries(text.trim());
                return Ok(());
            }
            Ok(Event::End(_)) => inside = false,
            Ok(Event::CData(data)) if inside => text.push_str(&data),
            Ok(Event::Text(data)) if inside => text.push_str(&data),
            Ok(Event::GeneralRef(entity)) if inside => {
                text.extend(entity.resolve_char_ref().ok().flatten());
                text.push_str(resolve_predefined_entity(&entity).unwrap_or_default());
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

fn is_metadata(name: &str) -> bool {
    name.eq_ignore_ascii_case("metadata")
}
