//! Settings as other programs write them into pictures. They are no workflow, since they do not say
//! what ran, but they are facts. How each program writes is said at its reader, with the source it
//! was learnt from; the text of stable-diffusion-webui ("A1111") is the one most write.
//!
//! Each reader knows a text by what is in it, so that it makes no difference where it stood.

mod a1111;
mod civitai;
mod draw_things;
mod easy_diffusion;
mod fooocus;
mod invoke;
mod novelai;
mod object;
mod setting;
mod swarm;

use domain::PictureFacts;
use object::Object;
use setting::Setting;

/// The longest text that is read, in bytes; real ones have a few thousand.
const MOST_BYTES: usize = 1 << 20;
/// Settings looked at.
const MOST_SETTINGS: usize = 256;

/// What such a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    /// What is said of the picture in the words we use.
    pub facts: PictureFacts,
    /// All other settings, such as `Clip skip`, as they are written. Those that are parts of another
    /// have its name and a dot before theirs.
    pub others: Vec<(String, String)>,
}

/// Reads settings; nothing where a text has none, as a workflow has none, and for more than 1 MB.
pub fn parameters(text: &str) -> Option<Parameters> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\0' | '\u{feff}'));
    if text.len() > MOST_BYTES {
        return None;
    }
    let found = match text.chars().next()? {
        '{' => of_object(&object::parse(text)?),
        '[' => None,
        _ => a1111::read(text).or_else(|| invoke::dream(text)),
    };
    found.filter(|found| *found != Parameters::default())
}

fn of_object(object: &Object) -> Option<Parameters> {
    let readers: [fn(&Object) -> Option<Parameters>; 8] = [
        swarm::read,
        novelai::read,
        draw_things::read,
        easy_diffusion::read,
        invoke::metadata,
        invoke::sd_metadata,
        fooocus::read,
        civitai::read,
    ];
    readers.iter().find_map(|read| read(object))
}
