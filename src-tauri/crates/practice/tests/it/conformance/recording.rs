//! Reads what was recorded from real servers.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// One thing that happened, in the order it did.
#[derive(Debug)]
pub enum Step {
    /// A socket was opened, with these headers, while so many jobs were in the queue;
    /// `refused` if it was answered otherwise.
    Open { client: String, url: String, headers: Value, remaining: Value, refused: Option<u64> },
    /// A client sent a text or bytes.
    Say { client: String, text: Option<String> },
    /// A client got a frame.
    Hear { client: String, frame: Value },
    /// A client closed its socket.
    Close { client: String },
    /// The server was stopped or killed: nothing after it can be replayed.
    ServerEnds,
    /// A request and its answer.
    Ask(Box<Exchange>),
}

#[derive(Debug)]
pub struct Exchange {
    pub request: Value,
    pub answer: Value,
}

impl Exchange {
    pub fn text(&self, key: &str) -> &str {
        self.request[key].as_str().unwrap_or("")
    }

    /// Method, path and note, to name it in a report.
    pub fn title(&self) -> String {
        let title = format!("{} {} {}", self.text("method"), self.text("path"), self.text("note"));
        title.trim_end().to_string()
    }

    /// The classes of the graph sent, if this is `POST /prompt` with one.
    pub fn classes(&self) -> Vec<&str> {
        let prompt = self.request["json"]["prompt"].as_object();
        prompt.into_iter().flatten().filter_map(|(_, node)| node["class_type"].as_str()).collect()
    }
}

/// Where the recordings of a version are, if they are beside the project.
pub fn folder(version: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/transcripts");
    Some(shared.join(version)).filter(|folder| folder.is_dir())
}

/// The scenarios of a version, by name.
pub fn scenarios(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| {
            Some(name.strip_suffix(".gz").unwrap_or(&name).strip_suffix(".jsonl")?.into())
        })
        .collect();
    names.sort();
    names
}

/// A file that may be packed.
pub fn text(folder: &Path, name: &str) -> String {
    let plain = folder.join(name);
    if plain.is_file() {
        return std::fs::read_to_string(plain).unwrap();
    }
    let packed = std::fs::File::open(folder.join(format!("{name}.gz"))).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text
}

/// The steps of a scenario. Answers stand with their requests.
pub fn steps(folder: &Path, scenario: &str) -> Vec<Step> {
    let text = text(folder, &format!("{scenario}.jsonl"));
    let lines: Vec<Value> = text.lines().map(lenient).collect();
    let answers: HashMap<&str, &Value> = lines
        .iter()
        .filter(|line| line["kind"] == "http" && line["dir"] == "resp")
        .filter_map(|line| Some((line["rid"].as_str()?, line)))
        .collect();
    let after = |at: usize| lines[at..].iter();
    lines.iter().enumerate().filter_map(|(at, line)| step(line, &answers, after(at))).collect()
}

fn step<'a>(
    line: &Value,
    answers: &HashMap<&str, &Value>,
    mut after: impl Iterator<Item = &'a Value>,
) -> Option<Step> {
    let text = |key: &str| line[key].as_str().map(String::from);
    let client = text("client").unwrap_or_default();
    let mut open = |refused| Step::Open {
        remaining: after
            .find(|later| later["client"] == client && later["json"]["data"].get("sid").is_some())
            .map_or(Value::Null, |first| {
                first["json"]["data"]["status"]["exec_info"]["queue_remaining"].clone()
            }),
        client: client.clone(),
        url: text("url").unwrap_or_default(),
        headers: line["headers"].clone(),
        refused,
    };
    Some(match (line["kind"].as_str()?, line["dir"].as_str().unwrap_or("")) {
        ("http", "req") => {
            let answer = (*answers.get(line["rid"].as_str()?)?).clone();
            if answer["exception"].is_string() {
                return None;
            }
            Step::Ask(Box::new(Exchange { request: line.clone(), answer }))
        }
        ("ws", "open") => open(None),
        ("ws", "open-failed") => open(line["status"].as_u64()),
        ("ws", "out") => {
            let raw = text("raw").filter(|raw| !raw.starts_with("b'"));
            let json = line.get("json").map(Value::to_string);
            Step::Say { client, text: json.or(raw) }
        }
        ("ws", "in") => {
            let frame = match text("text") {
                Some(text) => lenient(&text),
                None => line.get("json").unwrap_or(&line["binary"]).clone(),
            };
            Step::Hear { client, frame }
        }
        ("ws", "close-by-client" | "abort-by-client") => Step::Close { client },
        ("note", _) if text("text")?.starts_with("SIG") => Step::ServerEnds,
        _ => return None,
    })
}

/// JSON that may hold bare `NaN` and `Infinity`, as Python writes it; they become text.
pub fn lenient(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| {
        let quoted = quoted(text);
        serde_json::from_str(&quoted).unwrap_or_else(|error| panic!("{error}: {text:.300}"))
    })
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    let (mut in_string, mut escaped, mut rest) = (false, false, text);
    while let Some(c) = rest.chars().next() {
        let mut words = ["-Infinity", "Infinity", "NaN"].into_iter();
        if let Some(word) = words.find(|word| !in_string && rest.starts_with(word)) {
            out.push_str(&format!("\"{word}\""));
            rest = &rest[word.len()..];
            continue;
        }
        in_string ^= c == '"' && !escaped;
        escaped = in_string && c == '\\' && !escaped;
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}
