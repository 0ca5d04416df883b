//! Ratings and tags in XMP sidecars (ISO 16684-1), as other programs write and read them. What a
//! sidecar holds besides is kept to the letter: our values are taken out of its text and put back at
//! the end of it.

use crate::{MediaError, export::temporary_beside};
use quick_xml::{
    NsReader,
    escape::{escape, unescape},
    events::{BytesStart, Event},
    name::ResolveResult,
};
use std::{
    fs::File,
    io::{Read, Write},
    ops::Range,
    path::{Path, PathBuf},
};

/// The largest sidecar that is read, in bytes.
const LARGEST: u64 = 4 << 20;
/// How deep elements may be in each other.
const DEEPEST: usize = 64;
/// Tags that are read of one sidecar.
const MOST_TAGS: usize = 1_000;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const LIGHTROOM: &str = "http://ns.adobe.com/lightroom/1.0/";
const DIGIKAM: &str = "http://www.digikam.org/ns/1.0/";
/// What darktable notes for itself among tags.
const NOTED: &str = "darktable|";

/// What an artist says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// `xmp:Rating`: 0 to 5, or -1 for rejected.
    pub rating: Option<i8>,
    /// `xmp:Label`: a colour or any word.
    pub label: Option<String>,
    /// `dc:subject`: tags, in order, each once; of more than 1,000 the first. Where there is none, the
    /// last parts of `lr:hierarchicalSubject` and `digiKam:TagsList`.
    pub tags: Vec<String>,
}

/// How programs write the ending of sidecars.
pub const ENDINGS: [&str; 3] = ["xmp", "XMP", "Xmp"];

/// The sidecars a file may have, in the order in which they count: `picture.png.xmp` (darktable,
/// digiKam) before `picture.xmp` (Adobe), each with every one of [`ENDINGS`]. Where the file system does not
/// tell capitals, several of them are one file.
pub fn sidecars(path: &Path) -> [PathBuf; 6] {
    let long = |ending: &str| {
        let mut long = path.as_os_str().to_owned();
        long.push(".");
        long.push(ending);
        PathBuf::from(long)
    };
    let [a, b, c] = ENDINGS.map(long);
    let [d, e, f] = ENDINGS.map(|ending| path.with_extension(ending));
    [a, b, c, d, e, f]
}

/// Those of a file's [`sidecars`] that are there, each file once.
pub fn sidecars_there(path: &Path) -> Vec<PathBuf> {
    let (mut there, mut seen) = (Vec::new(), Vec::new());
    for sidecar in sidecars(path).into_iter().filter(|sidecar| sidecar.is_file()) {
        // This is how the file is written, however it was asked for.
        let real = std::fs::canonicalize(&sidecar).unwrap_or_else(|_| sidecar.clone());
        if !seen.contains(&real) {
            seen.push(real);
            there.push(sidecar);
        }
    }
    there
}

/// Reads a file's sidecar; nothing where there is none.
///
/// # Errors
/// When it cannot be read, is larger than 4 MB, or is no XMP.
pub fn read(path: &Path) -> Result<Option<Marks>, MediaError> {
    match beside(path)? {
        Some((_, text)) => parse(&text).map(Some),
        None => Ok(None),
    }
}

/// Reads a sidecar by its own path.
///
/// # Errors
/// When it cannot be read, is larger than 4 MB, or is no XMP.
pub fn read_sidecar(place: &Path) -> Result<Marks, MediaError> {
    parse(&text_of(File::open(place)?)?)
}

/// Writes marks into a file's sidecar, the one that is there or else `picture.png.xmp`; answers with
/// its place. Nothing is written when it says the same already.
///
/// # Errors
/// When the sidecar that is there is no XMP (it is left alone), or it cannot be written.
pub fn write(path: &Path, marks: &Marks) -> Result<PathBuf, MediaError> {
    let [new, ..] = sidecars(path);
    let (place, existing) = match beside(path)? {
        Some((place, text)) => (place, Some(text)),
        None => (new, None),
    };
    if let Some(existing) = &existing
        && parse(existing)? == cleaned(marks)
    {
        return Ok(place);
    }
    let text = merged(existing.as_deref(), marks)?;
    let mut part = temporary_beside(&place)?;
    part.write_all(text.as_bytes())?;
    part.as_file().sync_data()?;
    part.persist(&place).map_err(|error| MediaError::Io(error.error))?;
    Ok(place)
}

fn beside(path: &Path) -> Result<Option<(PathBuf, String)>, MediaError> {
    for place in sidecars(path) {
        let file = match File::open(&place) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            other => other?,
        };
        return Ok(Some((place, text_of(file)?)));
    }
    Ok(None)
}

fn text_of(file: File) -> Result<String, MediaError> {
    let mut text = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(MediaError::Damaged("a sidecar of more than 4 MB".to_owned()));
    }
    String::from_utf8(text).map_err(|_| no_xmp("it is not UTF-8"))
}

/// Reads a sidecar's text.
///
/// # Errors
/// When it is no XMP.
pub fn parse(text: &str) -> Result<Marks, MediaError> {
    let mut seen = look(text)?;
    if !seen.subject {
        seen.marks.tags = seen.leaves;
    }
    Ok(seen.marks)
}

/// A sidecar's text with these marks in the place of those it has.
///
/// # Errors
/// When it is no XMP.
pub fn merged(existing: Option<&str>, marks: &Marks) -> Result<String, MediaError> {
    let marks = cleaned(marks);
    let Some(text) = existing else {
        return Ok(format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"Safelight\">\n \
             <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n{} \
             </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>\n",
            description("rdf", "", &marks, false)
        ));
    };
    let seen = look(text)?;
    // Without one, what stands in levels would be taken for the tags.
    let ours = description(&seen.prefix, &seen.about, &marks, !seen.leaves.is_empty());
    let mut out = String::with_capacity(text.len() + ours.len());
    let mut at = 0;
    for ours in seen.ours {
        out.push_str(&text[at..ours.start]);
        at = ours.end;
    }
    match seen.end {
        End::Tag(end) => {
            out.push_str(&text[at..end]);
            out.push_str(&ours);
            out.push_str(&text[end..]);
        }
        // `<rdf:RDF/>` is opened for it.
        End::Empty(Range { start, end }) => {
            let name = format!("{}RDF", with_colon(&seen.prefix));
            out.push_str(&text[at..start]);
            out.push_str(text[start..end].trim_end_matches('>').trim_end().trim_end_matches('/'));
            out.push_str(&format!(">\n{ours}</{name}>"));
            out.push_str(&text[end..]);
        }
    }
    Ok(out)
}

/// Marks as they are written: each tag once, without what no text can hold.
fn cleaned(marks: &Marks) -> Marks {
    let mut tags: Vec<String> = Vec::new();
    for tag in marks.tags.iter().map(|tag| writable(tag)) {
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let label = marks.label.as_deref().map(writable).filter(|label| !label.is_empty());
    Marks { rating: marks.rating.map(|rating| rating.clamp(-1, 5)), label, tags }
}

/// A text without characters that XML has no way to write, and without spaces around it.
fn writable(text: &str) -> String {
    let kept = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.replace(['\t', '\n', '\r'], " ").chars().filter(kept).collect::<String>().trim().to_owned()
}

fn with_colon(prefix: &str) -> String {
    if prefix.is_empty() { String::new() } else { format!("{prefix}:") }
}

/// Our part of a sidecar. Its prefixes are its own, so that those around it do not matter. With
/// `subject` it has a list of tags even where there are none.
fn description(prefix: &str, about: &str, marks: &Marks, subject: bool) -> String {
    if *marks == Marks::default() && !subject {
        return String::new();
    }
    // Without a prefix the names of attributes would have no namespace.
    let own = if prefix.is_empty() { "rdf" } else { prefix };
    let mut text = format!(
        "  <{own}:Description {own}:about=\"{}\" xmlns:{own}=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
        escape(about)
    );
    if let Some(rating) = marks.rating {
        text.push_str(&format!(" xmp:Rating=\"{rating}\""));
    }
    if let Some(label) = &marks.label {
        text.push_str(&format!(" xmp:Label=\"{}\"", escape(label)));
    }
    if marks.tags.is_empty() && !subject {
        text.push_str("/>\n");
        return text;
    }
    text.push_str(&format!(">\n   <dc:subject><{own}:Bag>\n"));
    for tag in &marks.tags {
        text.push_str(&format!("    <{own}:li>{}</{own}:li>\n", escape(tag)));
    }
    text.push_str(&format!("   </{own}:Bag></dc:subject>\n  </{own}:Description>\n"));
    text
}

/// What a sidecar's text says, and where.
struct Seen {
    marks: Marks,
    /// It has a `dc:subject`.
    subject: bool,
    /// The last parts of tags that are told with those above them.
    leaves: Vec<String>,
    /// What is ours of it, in order.
    ours: Vec<Range<usize>>,
    end: End,
    /// The prefix of RDF.
    prefix: String,
    /// What its descriptions are about; it must be the same for all.
    about: String,
}

/// Where `rdf:RDF` ends.
enum End {
    Tag(usize),
    Empty(Range<usize>),
}

/// What the element is in which the reader is.
#[derive(Clone, Copy, PartialEq)]
enum In {
    /// Anything that is of no interest.
    Other,
    Rdf,
    Description,
    Rating,
    Label,
    Subject,
    /// An item of the subject, or what holds the items.
    SubjectPart,
    /// A list of tags with those above them, and what stands between the levels.
    Levels(char),
    /// An item of it, or what holds the items.
    LevelsPart(char),
}

/// Adds a tag that is not there yet.
fn put(tags: &mut Vec<String>, tag: &str) {
    let tag = writable(tag);
    if !tag.is_empty() && tags.len() < MOST_TAGS && !tags.contains(&tag) {
        tags.push(tag);
    }
}

fn look(text: &str) -> Result<Seen, MediaError> {
    let mut reader = NsReader::from_str(text);
    let mut seen = Seen {
        marks: Marks::default(),
        subject: false,
        leaves: Vec::new(),
        ours: Vec::new(),
        end: End::Tag(0),
        prefix: "rdf".to_owned(),
        about: String::new(),
    };
    let mut within: Vec<In> = Vec::new();
    let (mut began, mut words, mut found) = (0, String::new(), false);
    loop {
        let at = place(&reader);
        let (space, event) =
            reader.read_resolved_event().map_err(|error| no_xmp(&error.to_string()))?;
        let space = match space {
            ResolveResult::Bound(space) => space.0.to_owned(),
            _ => String::new(),
        };
        match event {
            Event::Start(element) => {
                let is = what(within.last(), &space, &element);
                if is == In::Rdf && !found {
                    found = true;
                    seen.prefix = prefix(&element);
                }
                if is == In::Description {
                    attributes(&reader, text, &element, at, &mut seen)?;
                }
                if matches!(is, In::Rating | In::Label | In::Subject) {
                    began = at;
                    words.clear();
                }
                seen.subject |= is == In::Subject;
                if matches!(is, In::SubjectPart | In::LevelsPart(_)) {
                    words.clear();
                }
                if within.len() >= DEEPEST {
                    return Err(no_xmp("its elements are too deep in each other"));
                }
                within.push(is);
            }
            Event::Empty(element) => {
                let end = place(&reader);
                let is = what(within.last(), &space, &element);
                seen.subject |= is == In::Subject;
                match is {
                    In::Rdf if !found => {
                        found = true;
                        seen.prefix = prefix(&element);
                        seen.end = End::Empty(at..end);
                    }
                    In::Description => attributes(&reader, text, &element, at, &mut seen)?,
                    In::Rating | In::Label | In::Subject => seen.ours.push(at..end),
                    _ => {}
                }
            }
            Event::Text(part) => {
                words.push_str(&part);
            }
            Event::CData(part) => {
                words.push_str(&part);
            }
            Event::GeneralRef(part) => {
                if let Ok(character) = unescape(&format!("&{};", &*part)) {
                    words.push_str(&character);
                }
            }
            Event::End(_) => match within.pop() {
                Some(In::Rdf) => {
                    if let End::Tag(0) = seen.end {
                        seen.end = End::Tag(at);
                    }
                }
                Some(In::Rating) => {
                    seen.marks.rating = rating(&words);
                    seen.ours.push(began..place(&reader));
                }
                Some(In::Label) => {
                    seen.marks.label = Some(writable(&words)).filter(|label| !label.is_empty());
                    seen.ours.push(began..place(&reader));
                }
                Some(In::Subject) => seen.ours.push(began..place(&reader)),
                Some(In::SubjectPart) => {
                    put(&mut seen.marks.tags, &std::mem::take(&mut words));
                }
                Some(In::LevelsPart(between)) => {
                    let tag = std::mem::take(&mut words);
                    if !tag.trim_start().starts_with(NOTED) {
                        let leaf = tag.rsplit(between).next().unwrap_or_default();
                        put(&mut seen.leaves, leaf);
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if !found || !within.is_empty() {
        return Err(no_xmp("it has no complete rdf:RDF"));
    }
    seen.ours.sort_by_key(|ours| ours.start);
    Ok(seen)
}

/// What an element is, by where it stands.
fn what(within: Option<&In>, space: &str, element: &BytesStart) -> In {
    let name = element.local_name();
    match (within, space, name.as_ref()) {
        (None | Some(In::Other), RDF, "RDF") => In::Rdf,
        (Some(In::Rdf), RDF, "Description") => In::Description,
        (Some(In::Description), XMP, "Rating") => In::Rating,
        (Some(In::Description), XMP, "Label") => In::Label,
        (Some(In::Description), DC, "subject") => In::Subject,
        (Some(In::Subject | In::SubjectPart), RDF, _) => In::SubjectPart,
        (Some(In::Description), LIGHTROOM, "hierarchicalSubject") => In::Levels('|'),
        (Some(In::Description), DIGIKAM, "TagsList") => In::Levels('/'),
        (Some(In::Levels(between) | In::LevelsPart(between)), RDF, _) => In::LevelsPart(*between),
        _ => In::Other,
    }
}

fn prefix(element: &BytesStart) -> String {
    element.name().prefix().map(|prefix| prefix.as_ref().to_owned()).unwrap_or_default()
}

/// Takes what a description says in attributes; `at` is where its tag begins.
fn attributes(
    reader: &NsReader<&[u8]>,
    text: &str,
    element: &BytesStart,
    at: usize,
    seen: &mut Seen,
) -> Result<(), MediaError> {
    let tag = text.get(at..place(reader)).unwrap_or_default();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| no_xmp(&error.to_string()))?;
        let (space, name) = reader.resolver().resolve_attribute(attribute.key);
        let space = match space {
            ResolveResult::Bound(space) => space.0,
            _ => "",
        };
        let value = unescape(&attribute.value).map(|value| value.into_owned()).unwrap_or_default();
        match (space, name.as_ref()) {
            (RDF, "about") => seen.about = value,
            (XMP, "Rating") => seen.marks.rating = rating(&value),
            (XMP, "Label") => {
                seen.marks.label = Some(writable(&value)).filter(|label| !label.is_empty());
            }
            _ => continue,
        }
        if space == XMP
            && let Some(range) = attribute_in(tag, attribute.key.as_ref())
        {
            seen.ours.push(at + range.start..at + range.end);
        }
    }
    Ok(())
}

/// Where an attribute stands in its tag, with the space before it.
fn attribute_in(tag: &str, key: &str) -> Option<Range<usize>> {
    let bytes = tag.as_bytes();
    let mut at = 0;
    // Names stand outside of quotes, values inside.
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => {
                at += 1 + tag.get(at + 1..)?.find(char::from(quote))? + 1;
            }
            space if space.is_ascii_whitespace() => {
                let from = at;
                while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                    at += 1;
                }
                let rest = tag.get(at..)?;
                let Some(after) = rest.strip_prefix(key) else { continue };
                let Some(value) = after.trim_start().strip_prefix('=') else { continue };
                let value = value.trim_start();
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                let length = value[1..].find(quote)? + 2;
                return Some(from..tag.len() - value.len() + length);
            }
            _ => at += 1,
        }
    }
    None
}

/// -1 to 5; some programs write `3.0`. Nothing for what is no number.
fn rating(text: &str) -> Option<i8> {
    let number: f64 = text.trim().parse().ok()?;
    #[allow(clippy::cast_possible_truncation)] // Within -1 and 5.
    number.is_finite().then(|| number.round().clamp(-1.0, 5.0) as i8)
}

fn place(reader: &NsReader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn no_xmp(why: &str) -> MediaError {
    MediaError::Damaged(format!("it is no XMP sidecar ({why})"))
}
