//! Says to the practice server what was said to a real one, and compares what it answers.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use practice::Like;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::recording::{Exchange, Step, lenient, steps};
use super::{ask, normal};
use crate::help::{Server, like_server};

/// How long an answer may take to become what was recorded.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the frames of a job may take.
const FRAME_PATIENCE: Duration = Duration::from_secs(60);
/// Larger jobs send more than a test can read in good time.
const MANY_NODES: usize = 500;
/// Long enough for an interrupt to come between two steps.
const STEP: Duration = Duration::from_millis(100);

/// What came out of one or more scenarios.
#[derive(Default)]
pub struct Report {
    pub scenarios: usize,
    pub requests: usize,
    pub frames: usize,
    pub jobs: usize,
    /// Where and how the server differs.
    pub differences: Vec<String>,
    /// What was not compared: the reason and how often.
    pub left_out: BTreeMap<String, usize>,
}

impl Report {
    pub fn leave_out(&mut self, reason: impl Into<String>) {
        *self.left_out.entry(reason.into()).or_default() += 1;
    }

    pub fn add(&mut self, other: Report) {
        self.scenarios += other.scenarios;
        self.requests += other.requests;
        self.frames += other.frames;
        self.jobs += other.jobs;
        self.differences.extend(other.differences);
        for (reason, count) in other.left_out {
            *self.left_out.entry(reason).or_default() += count;
        }
    }
}

struct Client {
    name: String,
    expected: Vec<Value>,
    heard: Vec<Value>,
    /// What came and was not read yet.
    wire: Arc<Mutex<Vec<Value>>>,
    writer: Option<SplitSink<WebSocketStream<MaybeTlsStream<TcpStream>>, Message>>,
}

struct Replay<'a> {
    scenario: &'a str,
    server: Server,
    known: HashSet<String>,
    report: Report,
    clients: Vec<Client>,
    /// Names the real server gave, and those this one gave instead.
    names: Vec<(String, String)>,
    /// Jobs that ran here, by the id they were recorded with.
    ran: HashSet<String>,
    /// Jobs left out, and the files they made.
    foreign: HashSet<String>,
    foreign_files: HashSet<String>,
    /// Whether jobs of another scenario were still in the queue.
    strangers: bool,
    /// Whether two jobs were ever in the queue at once.
    overlapping: bool,
}

/// Replays one scenario against a server of its own.
pub async fn scenario(folder: &Path, name: &str, like: Like) -> Report {
    let server = like_server(like, STEP).await;
    ask::prepare(server.data.path(), name);
    let known = server.get("/object_info").await.1;
    let known = known.as_object().unwrap().keys().cloned().collect();
    let mut replay = Replay {
        scenario: name,
        server,
        known,
        report: Report { scenarios: 1, ..Report::default() },
        clients: vec![],
        names: ask::MODELS.map(|(real, ours)| (real.into(), ours.into())).to_vec(),
        ran: HashSet::new(),
        foreign: HashSet::new(),
        foreign_files: HashSet::new(),
        strangers: false,
        overlapping: false,
    };
    let data = replay.server.data.path().display().to_string();
    replay.name("/srv/comfyui", &data);
    let steps = steps(folder, name);
    if let Some(first) = ask::prime(name, &steps) {
        replay.server.run(first).await;
        replay.server.post("/history", json!({"clear": true})).await;
    }
    for step in &steps {
        if matches!(step, Step::ServerEnds) {
            replay.report.leave_out(format!("{name}: what comes after the server was stopped"));
            break;
        }
        replay.step(step).await;
    }
    for at in 0..replay.clients.len() {
        replay.settle(at).await;
        replay.compare_frames(at);
    }
    replay.server.practice.stop().await;
    replay.report
}

impl Replay<'_> {
    async fn step(&mut self, step: &Step) {
        match step {
            Step::Hear { client, frame } => self.hears(client, frame),
            Step::Open { client, url, headers, remaining, refused } => {
                self.settle_all().await;
                self.until_remaining(remaining).await;
                self.open(client, url, headers, *refused).await;
            }
            Step::Say { client, text } => {
                self.settle_all().await;
                let message = match text {
                    Some(text) => Message::text(text.clone()),
                    None => Message::binary(vec![0_u8, 1]),
                };
                if let Some(writer) = self.client(client).and_then(|client| client.writer.as_mut())
                {
                    writer.send(message).await.unwrap();
                }
            }
            Step::Close { client } => {
                self.settle_all().await;
                if let Some(client) = self.client(client)
                    && let Some(mut writer) = client.writer.take()
                {
                    let _ = writer.close().await;
                }
                self.closed().await;
            }
            Step::Ask(exchange) => {
                self.settle_all().await;
                self.ask(exchange).await;
            }
            Step::ServerEnds => {}
        }
    }

    fn client(&mut self, name: &str) -> Option<&mut Client> {
        self.clients.iter_mut().rev().find(|client| client.name == name)
    }

    /// Notes a recorded frame, unless it tells of a job that does not run here.
    fn hears(&mut self, client: &str, frame: &Value) {
        let remaining = &frame["data"]["status"]["exec_info"]["queue_remaining"];
        let own = self.ran.union(&self.foreign).count() as u64;
        if remaining.as_u64() > Some(own) {
            self.strangers = true;
        }
        let id = frame["data"]["prompt_id"].as_str().or(frame["meta"]["prompt_id"].as_str());
        let about_another = match id {
            Some(id) => self.foreign.contains(id),
            // Without an id it may be about any.
            None => {
                let kind = frame["type"].as_str();
                let nameless =
                    frame.get("event").is_some() || matches!(kind, Some("executing" | "logs"));
                nameless && !self.foreign.is_empty()
            }
        };
        if about_another {
            self.report.leave_out("frames of jobs that need nodes the practice engine has not");
            self.foreign_files.extend(ask::filenames(&frame["data"]["output"]));
        } else if let Some(client) = self.client(client) {
            client.expected.push(normal::frame(frame));
        }
    }

    /// Waits until as many jobs are in the queue as there were, for jobs of which no
    /// socket hears.
    async fn until_remaining(&self, remaining: &Value) {
        let until = Instant::now() + PATIENCE;
        let own = remaining.as_u64().is_some_and(|count| count <= self.ran.len() as u64);
        while own && self.statuses() && Instant::now() < until {
            let (_, answer) = self.server.get("/prompt").await;
            if answer["exec_info"]["queue_remaining"] == *remaining {
                return;
            }
        }
    }

    async fn open(&mut self, name: &str, url: &str, headers: &Value, refused: Option<u64>) {
        let address = self.server.practice.address().to_string();
        let path = url.splitn(4, '/').nth(3).unwrap_or("");
        let mut request = format!("ws://{address}/{path}").into_client_request().unwrap();
        for (name, value) in headers.as_object().into_iter().flatten() {
            let name: reqwest::header::HeaderName = name.parse().unwrap();
            let value = ask::at_home(value.as_str().unwrap(), &address);
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        self.report.requests += 1;
        let stream = match (connect_async(request).await, refused) {
            (Ok((stream, _)), None) => stream,
            (Err(tokio_tungstenite::tungstenite::Error::Http(answer)), Some(status))
                if u64::from(answer.status().as_u16()) == status =>
            {
                return;
            }
            (other, _) => {
                let other = other.map(|(_, answer)| answer.status());
                let refused = refused.map_or("open".into(), |status| status.to_string());
                self.differs(format!("socket {name}: {other:?}, expected {refused}"));
                return;
            }
        };
        let (writer, mut reader) = stream.split();
        let wire = Arc::new(Mutex::new(vec![]));
        let sink = wire.clone();
        tokio::spawn(async move {
            while let Some(Ok(message)) = reader.next().await {
                let frame = match message {
                    Message::Text(text) => lenient(&text),
                    Message::Binary(bytes) => binary(&bytes),
                    _ => continue,
                };
                sink.lock().unwrap().push(frame);
            }
        });
        self.clients.push(Client {
            name: name.into(),
            expected: vec![],
            heard: vec![],
            wire,
            writer: Some(writer),
        });
    }

    async fn ask(&mut self, exchange: &Exchange) {
        let recorded = &exchange.answer;
        let id = recorded["json"]["prompt_id"].as_str();
        let queued = exchange.text("method") == "POST" && id.is_some();
        if let Some(id) = id.filter(|_| queued) {
            if let Some(class) =
                exchange.classes().iter().find(|class| !self.known.contains(**class))
            {
                self.report.leave_out(format!("jobs that need the node {class}"));
                self.foreign.insert(id.into());
                return;
            }
            if exchange.classes().len() > MANY_NODES {
                self.report.leave_out(format!("jobs of more than {MANY_NODES} nodes, for time"));
                self.foreign.insert(id.into());
                return;
            }
            self.overlapping |= self.unfinished();
            if exchange.request.get("json").is_none() && exchange.request.get("raw").is_none() {
                self.report.leave_out("frames of jobs whose graph was not recorded");
                self.foreign.insert(id.into());
            }
            self.ran.insert(id.into());
            self.report.jobs += 1;
        }
        if let Some(reason) = self.not_comparable(exchange) {
            self.report.leave_out(reason);
            return;
        }
        self.report.requests += 1;
        let until = Instant::now() + PATIENCE;
        loop {
            let answer = ask::send(&self.server, exchange, &self.names).await;
            if let Some(id) = id.filter(|_| queued)
                && let Some(ours) = answer.json()["prompt_id"].as_str()
            {
                self.name(id, ours);
            }
            let ours = ask::renamed(&answer.json(), &self.names);
            self.learn_names(&recorded["json"], &ours);
            let Some(found) = ask::difference(recorded, &answer, &self.names) else { break };
            // A state that is still to come is waited for.
            if ask::is_state(exchange) && Instant::now() < until {
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
            self.differs(format!("{}: {found}", exchange.title()));
            break;
        }
    }

    /// Why an answer cannot be compared, if so.
    fn not_comparable(&self, exchange: &Exchange) -> Option<String> {
        if let Some(reason) = ask::out_of_reach(self.scenario, exchange) {
            return Some(reason);
        }
        let asked = format!("{}{}", exchange.text("path"), exchange.request["json"]);
        if self.foreign.iter().any(|id| asked.contains(id)) {
            return Some("requests about jobs that need nodes the practice engine has not".into());
        }
        if self.foreign_files.iter().any(|file| asked.contains(file)) {
            return Some("files of jobs that need nodes the practice engine has not".into());
        }
        let path = exchange.text("path").split('?').next().unwrap_or("");
        let lists = ["/queue", "/history", "/api/jobs", "/prompt"].contains(&path);
        if !lists || !ask::is_state(exchange) {
            return None;
        }
        let told = exchange.answer["json"].to_string();
        let waiting = exchange.answer["json"]["exec_info"]["queue_remaining"].as_u64();
        if ask::ids(&told).is_empty() && waiting.is_none_or(|count| count == 0) {
            // It names no job: a refusal, or an empty list.
            return None;
        }
        if !self.foreign.is_empty() {
            return Some("lists with jobs that need nodes the practice engine has not".into());
        }
        let stranger = ask::ids(&told).into_iter().any(|id| {
            !self.ran.contains(id)
                && !self
                    .clients
                    .iter()
                    .any(|client| client.expected.iter().any(|frame| frame["data"]["sid"] == id))
        });
        stranger.then(|| "lists with jobs of other scenarios".into())
    }

    /// Whether a job sent before has not ended on any socket yet.
    fn unfinished(&self) -> bool {
        let ended = |id: &String| {
            self.clients.iter().any(|client| {
                client.expected.iter().any(|frame| {
                    frame["type"] == "executing"
                        && frame["data"]["node"].is_null()
                        && frame["data"]["prompt_id"] == id.as_str()
                })
            })
        };
        !self.clients.is_empty() && !self.ran.iter().all(ended)
    }

    fn name(&mut self, recorded: &str, ours: &str) {
        if recorded != ours && !self.names.iter().any(|(known, _)| known == recorded) {
            self.names.push((recorded.into(), ours.into()));
        }
    }

    /// Learns which of our file names stand for recorded ones.
    fn learn_names(&mut self, recorded: &Value, ours: &Value) {
        match (recorded, ours) {
            (Value::Object(one), Value::Object(other)) => {
                for (key, one) in one {
                    self.learn_names(one, other.get(key).unwrap_or(&Value::Null));
                }
            }
            (Value::Array(one), Value::Array(other)) => {
                for (one, other) in one.iter().zip(other) {
                    self.learn_names(one, other);
                }
            }
            (Value::String(one), Value::String(other)) if one.ends_with(".png") => {
                self.name(one, other);
            }
            _ => {}
        }
    }

    /// Waits until every socket has heard what was recorded up to here.
    async fn settle_all(&mut self) {
        for at in 0..self.clients.len() {
            if self.clients[at].writer.is_some() {
                self.settle(at).await;
            }
        }
    }

    async fn settle(&mut self, at: usize) {
        let until = Instant::now() + FRAME_PATIENCE;
        loop {
            self.read(at);
            let (expected, heard) = self.frames(at);
            if heard.len() >= expected.len() {
                return;
            }
            if Instant::now() > until {
                let missing = expected[heard.len()].to_string();
                let name = &self.clients[at].name;
                let what = format!(
                    "socket {name}: after {} frames none came; next is {missing:.300}",
                    heard.len()
                );
                self.differs(what);
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Makes what a socket heard since last time ready to be compared.
    fn read(&mut self, at: usize) {
        let client = &mut self.clients[at];
        let new: Vec<Value> = std::mem::take(&mut client.wire.lock().unwrap());
        let new = new.iter().map(|frame| normal::frame(&ask::renamed(frame, &self.names)));
        client.heard.extend(new);
    }

    /// Waits until the server noticed that a socket was closed.
    async fn closed(&self) {
        let open = self.clients.iter().filter(|client| client.writer.is_some()).count();
        let until = Instant::now() + PATIENCE;
        while self.server.practice.open_sockets() > open && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// How often the queue's length is told between other things depends on speed when
    /// jobs overlap, and on jobs left out.
    fn statuses(&self) -> bool {
        !self.overlapping && self.foreign.is_empty() && !self.strangers
    }

    /// What a client was to hear and what it heard, with repeated steps told once.
    fn frames(&self, at: usize) -> (Vec<&Value>, Vec<&Value>) {
        let client = &self.clients[at];
        let comparable = |frame: &&Value| {
            let foreign =
                frame["data"]["prompt_id"].as_str().is_some_and(|id| self.foreign.contains(id));
            let told = frame["type"] != "status" || frame["data"].get("sid").is_some();
            !foreign && (told || self.statuses())
        };
        (
            normal::collapsed(client.expected.iter().filter(comparable)),
            normal::collapsed(client.heard.iter().filter(comparable)),
        )
    }

    fn compare_frames(&mut self, at: usize) {
        let (expected, heard) = self.frames(at);
        let name = self.clients[at].name.clone();
        let told = expected.len();
        let first = usize::from(!self.statuses());
        let pairs = expected.iter().zip(&heard).enumerate().skip(first);
        let found = pairs.into_iter().find_map(|(i, (expected, heard))| {
            normal::difference(&format!("frame {i}"), expected, heard)
        });
        let found = found.or_else(|| {
            (expected.len() != heard.len()).then(|| {
                let next = expected.get(heard.len()).or(heard.get(expected.len()));
                format!(
                    "{} frames, expected {}; the first one more is {:.300}",
                    heard.len(),
                    expected.len(),
                    next.copied().unwrap_or(&Value::Null)
                )
            })
        });
        self.report.frames += told;
        if let Some(found) = found {
            self.differs(format!("socket {name}: {found}"));
        }
    }

    fn differs(&mut self, what: String) {
        self.report.differences.push(format!("{}: {what}", self.scenario));
    }
}

/// A binary frame as the recordings describe it.
fn binary(bytes: &[u8]) -> Value {
    let number = |at: usize| {
        bytes.get(at..at + 4).map_or(0, |four| u32::from_be_bytes(four.try_into().unwrap()))
    };
    let meta = (number(0) == 4).then(|| {
        let json = bytes.get(8..8 + number(4) as usize).unwrap_or_default();
        serde_json::from_slice::<Value>(json).unwrap_or_default()
    });
    json!({ "event": number(0), "meta": meta })
}
