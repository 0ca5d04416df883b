//! One recorded request said again, and its answer compared.

use std::path::Path;

use reqwest::header::HeaderMap;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::normal;
use super::recording::{Exchange, Step, lenient};
use crate::help::{Server, png};

/// The recorded servers' model, and the one that stands for it here.
pub const MODELS: [(&str, &str); 1] =
    [("lab_tiny_sd15.safetensors", "practice_marble.safetensors")];

/// Headers whose value is compared, and headers of which only the presence is.
const HEADERS: [&str; 12] = [
    "content-type",
    "content-disposition",
    "x-content-type-options",
    "accept-ranges",
    "content-range",
    "connection",
    "content-encoding",
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-allow-credentials",
    "cache-control",
];
const PRESENT: [&str; 2] = ["etag", "last-modified"];

pub struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        match std::str::from_utf8(&self.body) {
            Ok(text) if text.starts_with(['{', '[']) => lenient(text),
            _ => Value::Null,
        }
    }
}

/// Text with the recorded names replaced by ours.
fn to_ours(text: &str, names: &[(String, String)]) -> String {
    names.iter().fold(text.to_string(), |text, (real, ours)| text.replace(real, ours))
}

/// A value with our names replaced by the recorded ones.
pub fn renamed(value: &Value, names: &[(String, String)]) -> Value {
    let text = value.to_string();
    let text = names.iter().fold(text, |text, (real, ours)| text.replace(ours, real));
    serde_json::from_str(&text).unwrap()
}

/// Whether this asks for what changes as jobs go on.
pub fn is_state(exchange: &Exchange) -> bool {
    let path = exchange.text("path");
    let path = path.strip_prefix("/api").unwrap_or(path);
    let states = ["/queue", "/history", "/jobs", "/prompt", "/view?"];
    exchange.text("method") == "GET" && states.iter().any(|state| path.starts_with(state))
}

/// Everything in a text that looks like a UUID.
pub fn ids(text: &str) -> Vec<&str> {
    let parts = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
    parts.filter(|part| part.len() == 36 && part.matches('-').count() == 4).collect()
}

/// Why this cannot be asked or compared at all, if so.
pub fn out_of_reach(scenario: &str, exchange: &Exchange) -> Option<String> {
    let path = exchange.text("path");
    if let Some((_, reason)) = super::ELSEWHERE.iter().find(|(known, _)| path.starts_with(known)) {
        return Some((*reason).into());
    }
    if path == "/" {
        return Some("the web page, which the practice engine has not".into());
    }
    if exchange.text("note") == "99 MiB body" {
        return Some("a body of 99 MiB, for time".into());
    }
    (scenario == "cached_output_deleted" && path.starts_with("/view"))
        .then(|| "a file deleted behind the server's back".into())
}

/// What lay in the input folder when the uploads and the nodes' lists were recorded.
pub fn prepare(data: &Path, scenario: &str) {
    if !["uploads", "info_endpoints"].contains(&scenario) {
        return;
    }
    let input = data.join("input");
    std::fs::write(input.join("up.png"), upload(117, "image/png", "")).unwrap();
    let others = [
        "up (1).png",
        "%C3%BCn%C3%AF%20%C3%A7o%E2%88%82%C3%A9%20%E5%9B%BE.png",
        "..%2F..%2Fevil.png",
        "broken.png",
        "pic.svg",
        "rgba.png",
        "page.html",
    ];
    for name in others {
        std::fs::write(input.join(name), "something else").unwrap();
    }
}

/// A job that ran before the scenario: its cached nodes show in the first one recorded.
pub fn prime(scenario: &str, steps: &[Step]) -> Option<Value> {
    if scenario != "real_txt2img_legacy" {
        return None;
    }
    let asked = steps.iter().filter_map(|step| match step {
        Step::Ask(exchange) => Some(&exchange.request["json"]["prompt"]),
        _ => None,
    });
    let mut prompt = asked.into_iter().find(|prompt| prompt.is_object())?.clone();
    prompt["3"]["inputs"]["seed"] = 1.into();
    prompt["3"]["inputs"]["steps"] = 1.into();
    prompt["5"]["inputs"]["width"] = 64.into();
    let names = MODELS.map(|(real, ours)| (real.to_string(), ours.to_string()));
    serde_json::from_str(&to_ours(&prompt.to_string(), &names)).ok()
}

/// The names of all files an output tells of.
pub fn filenames(output: &Value) -> Vec<String> {
    let lists = output.as_object().into_iter().flatten();
    let items = lists.filter_map(|(_, items)| items.as_array()).flatten();
    items.filter_map(|item| item["filename"].as_str().map(String::from)).collect()
}

/// A header with the recorded server's address replaced by ours.
pub fn at_home(value: &str, address: &str) -> String {
    let ports = ["8188", "8189", "8190", "8211"];
    ports
        .iter()
        .fold(value.to_string(), |value, port| value.replace(&format!("127.0.0.1:{port}"), address))
}

/// A file of that kind; the same for the same size.
fn upload(bytes: u64, kind: &str, note: &str) -> Vec<u8> {
    match kind {
        "image/svg+xml" => return b"<svg xmlns='http://www.w3.org/2000/svg'/>".into(),
        "text/html" => return b"<script>1</script>".into(),
        "image/png" if bytes > 60 => {}
        _ => return vec![b'x'; bytes as usize],
    }
    let side = if note.contains("another size") { 9 } else { 16 };
    png(side, side, [bytes as u8, 20, 30, 128])
}

/// A graph padded to this many bytes.
fn padded(bytes: u64) -> String {
    let graph = crate::help::small(1);
    let head = format!("{{\"prompt\":{graph},\"extra_data\":{{\"pad\":\"");
    let tail = "\"}}";
    let pad = (bytes as usize).saturating_sub(head.len() + tail.len());
    format!("{head}{}{tail}", "x".repeat(pad))
}

pub async fn send(server: &Server, exchange: &Exchange, names: &[(String, String)]) -> Answer {
    let request = &exchange.request;
    let path = to_ours(exchange.text("path"), names);
    let method = exchange.text("method").parse().unwrap();
    let mut builder = server.http.request(method, server.url(&path));
    let address = server.practice.address().to_string();
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        let value = value.as_str().unwrap();
        builder = builder.header(name, at_home(value, &address));
    }
    if let Some(parts) = request["multipart"].as_array() {
        builder = builder.multipart(form(parts, exchange.text("note"), names));
    } else if let Some(raw) = request["raw"].as_str() {
        builder = builder.body(to_ours(raw, names));
    } else if let Some(json) = request.get("json") {
        let mut text = json.to_string();
        if path.starts_with("/userdata") {
            // Its size is answered: with the space that was sent.
            text = text.replace("\":", "\": ");
        }
        builder = builder.body(to_ours(&text, names));
    } else if let Some(bytes) = request["body_bytes"].as_u64() {
        builder = builder.body(padded(bytes));
    }
    let answer = builder.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Answer { status, headers, body: answer.bytes().await.unwrap().to_vec() }
}

fn form(parts: &[Value], note: &str, names: &[(String, String)]) -> Form {
    // ComfyUI's own page sends names as they are.
    let mut form = Form::new().percent_encode_noop();
    for part in parts {
        let text = |key: &str| part[key].as_str().map(String::from);
        let name = text("name").unwrap();
        form = match text("filename") {
            Some(file) => {
                let kind = text("content_type").unwrap();
                let bytes = upload(part["bytes"].as_u64().unwrap(), &kind, note);
                form.part(name, Part::bytes(bytes).file_name(file).mime_str(&kind).unwrap())
            }
            None => form.text(name, to_ours(&text("value").unwrap(), names)),
        };
    }
    form
}

/// Where an answer differs from the recorded one.
pub fn difference(recorded: &Value, answer: &Answer, names: &[(String, String)]) -> Option<String> {
    if recorded["status"] != answer.status {
        return Some(format!(
            "status {}, expected {} {:.200}; {:.200}",
            answer.status,
            recorded["status"],
            recorded.get("json").unwrap_or(&recorded["text"]),
            String::from_utf8_lossy(&answer.body)
        ));
    }
    headers(recorded, answer, names).or_else(|| body(recorded, answer, names))
}

fn headers(recorded: &Value, answer: &Answer, names: &[(String, String)]) -> Option<String> {
    let expected = |name: &str| {
        let headers = recorded["headers"].as_object().into_iter().flatten();
        headers
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .find_map(|(_, value)| value.as_str())
    };
    let got = |name: &str| {
        answer.headers.get(name).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned())
    };
    for name in HEADERS {
        let (expected, got) = (expected(name).map(|text| to_ours(text, names)), got(name));
        // The length of a picture is each encoder's own.
        if name == "content-range" && expected.is_some() == got.is_some() {
            continue;
        }
        if expected != got {
            return Some(format!("header {name} is {got:?}, expected {expected:?}"));
        }
    }
    let missing = PRESENT.iter().find(|name| expected(name).is_some() != got(name).is_some())?;
    Some(format!("header {missing} is {:?}, expected {:?}", got(missing), expected(missing)))
}

fn body(recorded: &Value, answer: &Answer, names: &[(String, String)]) -> Option<String> {
    let path = recorded["path"].as_str().unwrap_or("");
    if path.starts_with("/internal/logs")
        || path.starts_with("/internal/files/") && recorded["status"] == 200
    {
        // They tell of everything that was done before.
        return None;
    }
    if let Some(expected) = recorded.get("json") {
        let text = String::from_utf8_lossy(&answer.body);
        let ours = renamed(&lenient(&text), names);
        return normal::difference("", &normal::value(expected), &normal::value(&ours));
    }
    if let Some(expected) = recorded["text"].as_str() {
        let ours = String::from_utf8_lossy(&answer.body);
        return (ours != expected).then(|| format!("text {ours:?}, expected {expected:?}"));
    }
    // Pictures and very long answers: that there is something.
    let bytes = recorded["bytes"].as_u64().unwrap_or(0);
    ((bytes == 0) != answer.body.is_empty())
        .then(|| format!("{} bytes, expected {bytes}", answer.body.len()))
}
