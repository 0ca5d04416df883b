//! Recorded traffic of real servers: `shared/transcripts`, described by its `show.py`.

use bytes::Bytes;
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use std::{
    collections::HashMap,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

/// The versions that were recorded.
pub const VERSIONS: [&str; 3] = ["v0.3.64", "v0.8.0", "v0.28.2"];

/// What a server sent over its socket.
#[derive(Clone, Debug)]
pub enum Wire {
    /// A text frame, byte for byte.
    Text(String),
    /// A binary frame, and how many bytes of it are a picture. Where the recording keeps only its
    /// head, the picture is made up, of the recorded size.
    Binary { bytes: Bytes, recorded_whole: bool, picture: Option<usize> },
}

/// A request.
pub struct Request {
    pub method: String,
    pub path: String,
    pub body: Option<Value>,
    /// The id that tells requests apart.
    pub rid: String,
}

/// An answer.
pub struct Answer {
    pub request: usize,
    pub status: u16,
    pub content_type: String,
    /// Nothing where the recording keeps only the beginning.
    pub body: Option<Bytes>,
}

/// One step of a scenario.
pub enum Step {
    /// A frame of a connection.
    Frame { connection: usize, wire: Wire },
    /// A request leaves; its place in [`Recording::requests`].
    Request(usize),
    /// Its answer.
    Answer(Answer),
    /// The recorder's own words, under `text`, and what it measured.
    Note(Value),
}

/// One scenario.
pub struct Recording {
    pub version: &'static str,
    pub name: String,
    pub steps: Vec<Step>,
    pub requests: Vec<Request>,
    pub connections: usize,
}

#[derive(Deserialize)]
struct Line<'a> {
    kind: String,
    #[serde(default)]
    dir: String,
    #[serde(default)]
    client: String,
    #[serde(default, borrow)]
    json: Option<&'a RawValue>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    binary: Option<Binary>,
    #[serde(default)]
    rid: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    bytes: Option<usize>,
    #[serde(default)]
    headers: Option<Value>,
}

#[derive(Deserialize)]
struct Binary {
    event: u32,
    bytes: usize,
    head_hex: String,
    b64: Option<String>,
    #[serde(default)]
    meta: Value,
    #[serde(default)]
    image_type: u32,
    image_bytes: Option<usize>,
}

/// Where the recordings are; nothing, and a word about it, where there are none.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/transcripts");
    if !folder.is_dir() {
        println!("not run: there are no recordings beside the project");
        return None;
    }
    Some(folder)
}

/// All scenarios of one version, one after the other.
pub fn of_version(version: &'static str) -> impl Iterator<Item = Recording> {
    paths(version).into_iter().map(move |path| read(version, &path))
}

/// One scenario of one version.
pub fn one(version: &'static str, name: &str) -> Recording {
    let is_it = |path: &PathBuf| name_of(path).is_some_and(|found| found == name);
    let path = paths(version).into_iter().find(is_it).expect("a scenario of that name");
    read(version, &path)
}

fn paths(version: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = folder()
        .into_iter()
        .flat_map(|folder| fs::read_dir(folder.join(version)).expect("a folder for each version"))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| name_of(path).is_some())
        .collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let name = name.strip_suffix(".jsonl").or_else(|| name.strip_suffix(".jsonl.gz"))?;
    Some(name.to_owned())
}

/// A file, unpacked if it is packed.
pub fn text_of(path: &Path) -> String {
    let mut text = String::new();
    let file = File::open(path).expect("a readable recording");
    if path.extension().is_some_and(|ending| ending == "gz") {
        GzDecoder::new(file).read_to_string(&mut text).expect("a whole archive");
    } else {
        (&file).read_to_string(&mut text).expect("text");
    }
    text
}

fn read(version: &'static str, path: &Path) -> Recording {
    let name = name_of(path).expect("only recordings are listed");
    let mut recording =
        Recording { version, name, steps: Vec::new(), requests: Vec::new(), connections: 0 };
    let mut open = HashMap::<String, usize>::new();
    let mut asked = HashMap::<String, usize>::new();
    for raw in text_of(path).lines() {
        let line: Line<'_> = serde_json::from_str(raw)
            .unwrap_or_else(|error| panic!("{}: {error}: {raw:.200}", path.display()));
        match (line.kind.as_str(), line.dir.as_str()) {
            ("ws", "open") => {
                open.insert(line.client, recording.connections);
                recording.connections += 1;
            }
            ("ws", "in") => {
                let connection = open[&line.client];
                recording.steps.push(Step::Frame { connection, wire: wire(&line) });
            }
            ("http", "req") => {
                asked.insert(line.rid.clone(), recording.requests.len());
                recording.steps.push(Step::Request(recording.requests.len()));
                recording.requests.push(Request {
                    body: line.json.and_then(|json| serde_json::from_str(json.get()).ok()),
                    method: line.method,
                    path: line.path,
                    rid: line.rid,
                });
            }
            ("http", "resp") => {
                // No status: the server was down.
                let Some(status) = line.status else { continue };
                let header =
                    |name: &str| Some(line.headers.as_ref()?.get(name)?.as_str()?.to_owned());
                let body = match (line.json, line.text, line.bytes) {
                    (Some(json), ..) => Some(Bytes::copy_from_slice(json.get().as_bytes())),
                    (None, Some(text), _) => Some(Bytes::from(text)),
                    (None, None, None | Some(0)) => Some(Bytes::new()),
                    (None, None, Some(_)) => None,
                };
                recording.steps.push(Step::Answer(Answer {
                    request: asked[&line.rid],
                    status,
                    content_type: header("Content-Type").unwrap_or_default(),
                    body,
                }));
            }
            ("note", _) => {
                let note = serde_json::from_str(raw).expect("read before");
                recording.steps.push(Step::Note(note));
            }
            _ => {}
        }
    }
    recording
}

fn wire(line: &Line<'_>) -> Wire {
    match (&line.json, &line.text, &line.binary) {
        (Some(json), ..) => Wire::Text(json.get().to_owned()),
        (None, Some(text), _) => Wire::Text(text.clone()),
        (None, None, Some(binary)) => binary_frame(binary),
        (None, None, None) => panic!("a frame of nothing"),
    }
}

/// A binary frame: as it is where it was kept whole, else its head as recorded, and filling.
fn binary_frame(binary: &Binary) -> Wire {
    let (bytes, recorded_whole) = match &binary.b64 {
        Some(text) => (from_base64(text), true),
        None => {
            let mut bytes = binary.event.to_be_bytes().to_vec();
            match binary.event {
                1 => bytes.extend(binary.image_type.to_be_bytes()),
                4 => {
                    let meta = python_json(&binary.meta);
                    bytes.extend(u32::try_from(meta.len()).expect("short").to_be_bytes());
                    bytes.extend(meta.as_bytes());
                }
                other => panic!("event {other} is always kept whole"),
            }
            // The first sixteen bytes are recorded: of the old format, how the picture begins.
            let head = from_hex(&binary.head_hex);
            bytes.extend(head.get(bytes.len()..).unwrap_or_default());
            bytes.extend((bytes.len()..binary.bytes).map(|at| at.to_le_bytes()[0]));
            assert_eq!(bytes[..head.len()], head, "begins as it did");
            (bytes, false)
        }
    };
    assert_eq!(bytes.len(), binary.bytes, "as long as it was");
    Wire::Binary { bytes: Bytes::from(bytes), recorded_whole, picture: binary.image_bytes }
}

/// A flat object as Python's `json.dumps` writes it.
fn python_json(object: &Value) -> String {
    let fields = object.as_object().expect("an object");
    let fields: Vec<String> =
        fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
    format!("{{{}}}", fields.join(", "))
}

fn from_hex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("two digits");
    (0..text.len()).step_by(2).map(byte).collect()
}

fn from_base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            other => panic!("{other} is no base64"),
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).expect("eight bits"));
        }
    }
    bytes
}
