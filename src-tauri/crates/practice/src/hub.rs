//! The open sockets and who gets which frame.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::ws::Message;
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::lock;
use crate::scenes::{Scene, Scenes};

/// Frames that may wait for a slow reader. A real server stops publishing to
/// everybody when one client does not read; this one cuts that client off.
const WAITING: usize = 2048;
/// With fewer free places than this, previews are left out.
const PREVIEWS_NEED: usize = WAITING / 2;

/// How long nothing is published when [`Scene::SlowReader`] strikes in a storm.
const FROZEN: Duration = Duration::from_millis(300);

/// Whom an event is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To<'a> {
    /// Every socket.
    All,
    /// The socket of this client id, if there is one.
    Client(&'a str),
    /// Nobody: the job was sent without a client id.
    Nobody,
}

/// One message on its way to a socket.
pub(crate) struct Frame {
    pub message: Message,
    /// It changes places with the one after it.
    pub overtaken: bool,
}

/// Ends of one connection, which it has whether or not anything is published to it.
#[derive(Clone)]
pub(crate) struct Ends {
    /// Ends the connection without a close frame.
    pub cut: CancellationToken,
    /// Nothing is sent or read any more, while the connection stays open.
    pub dead: CancellationToken,
}

struct Socket {
    frames: mpsc::Sender<Frame>,
    ends: Ends,
    /// The client sent `supports_preview_metadata`.
    metadata: bool,
}

/// What was to be published while nothing was.
enum Kept {
    Text(Value),
    Progress(Value, Option<PreviewFrame>),
}

#[derive(Default)]
struct Sockets {
    next: u64,
    /// The sockets that are published to.
    by_client: HashMap<String, (u64, Socket)>,
    /// Every open connection, also of sockets whose client id another one has by now.
    open: HashMap<u64, Ends>,
    /// Whether everything waits for somebody who does not read.
    frozen: bool,
    backlog: Vec<(Option<String>, Kept)>,
}

/// A picture of the work so far, as encoded for the wire.
#[derive(Clone)]
pub(crate) struct PreviewFrame {
    pub node: String,
    pub prompt_id: String,
    /// JPEG bytes.
    pub jpeg: Bytes,
}

/// A socket's side of the hub.
pub(crate) struct Joined {
    pub number: u64,
    /// What is to be sent.
    pub frames: mpsc::Receiver<Frame>,
    pub ends: Ends,
}

pub(crate) struct Hub {
    sockets: Mutex<Sockets>,
    scenes: Arc<Scenes>,
}

impl Hub {
    pub fn new(scenes: Arc<Scenes>) -> Self {
        Self { sockets: Mutex::default(), scenes }
    }

    /// Adds a socket; one with the same client id is replaced and hears nothing more.
    pub fn join(&self, client_id: &str, cut: CancellationToken, first: Vec<Value>) -> Joined {
        let (frames, receiver) = mpsc::channel(WAITING);
        let mut sockets = lock(&self.sockets);
        sockets.next += 1;
        let number = sockets.next;
        let ends = Ends { cut, dead: CancellationToken::new() };
        let socket = Socket { frames, ends: ends.clone(), metadata: false };
        for frame in first {
            self.text(&socket, &frame);
        }
        sockets.open.insert(number, ends.clone());
        sockets.by_client.insert(client_id.into(), (number, socket));
        Joined { number, frames: receiver, ends }
    }

    /// Forgets a socket that ended. As in ComfyUI this takes its client id away from
    /// whichever socket has it, so that a newer one stays open and hears nothing more.
    /// Not so when the server's own end was cut: ComfyUI notices that at once, before
    /// the client can be back, so it can only be this very socket.
    pub fn leave(&self, client_id: &str, number: u64) {
        let mut sockets = lock(&self.sockets);
        let cut = sockets.open.remove(&number).is_none_or(|ends| ends.cut.is_cancelled());
        let own = sockets.by_client.get(client_id).is_some_and(|(holder, _)| *holder == number);
        if own || !cut {
            sockets.by_client.remove(client_id);
        }
    }

    /// How many sockets are open.
    pub fn open(&self) -> usize {
        lock(&self.sockets).open.len()
    }

    /// Takes note of a client's flags and answers with the server's. As in ComfyUI they
    /// go to whichever socket has the client id.
    pub fn flags(&self, client_id: &str, metadata: bool, answer: &Value) {
        let mut sockets = lock(&self.sockets);
        if let Some((_, socket)) = sockets.by_client.get_mut(client_id) {
            socket.metadata = metadata;
            self.text(socket, answer);
        }
    }

    /// Sends `{"type","data"}`.
    pub fn send(self: &Arc<Self>, to: To, kind: &str, data: Value) {
        self.publish(to, Kept::Text(json!({ "type": kind, "data": data })));
    }

    /// Sends `progress` with its preview.
    pub fn progress(self: &Arc<Self>, to: To, progress: &Value, preview: Option<PreviewFrame>) {
        let frame = json!({ "type": "progress", "data": progress });
        self.publish(to, Kept::Progress(frame, preview));
    }

    /// Publishes, or keeps it for later while somebody does not read. Who gets it is
    /// looked up when it is published, as in ComfyUI: a client that comes back in time
    /// gets what was kept.
    fn publish(self: &Arc<Self>, to: To, what: Kept) {
        let client = match to {
            To::All => None,
            To::Client(client) => Some(client.to_string()),
            To::Nobody => return,
        };
        let mut sockets = lock(&self.sockets);
        if !sockets.frozen && self.scenes.weather.strikes(Scene::SlowReader) {
            sockets.frozen = true;
            let hub = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(FROZEN).await;
                hub.freeze(false);
            });
        }
        if sockets.frozen {
            sockets.backlog.push((client, what));
        } else {
            self.deliver(&sockets, client.as_deref(), &what);
        }
    }

    /// Stops publishing to everybody, or goes on with what was kept.
    pub fn freeze(&self, frozen: bool) {
        let mut sockets = lock(&self.sockets);
        sockets.frozen = frozen;
        if !frozen {
            for (client, what) in std::mem::take(&mut sockets.backlog) {
                self.deliver(&sockets, client.as_deref(), &what);
            }
        }
    }

    /// Cuts every connection, as if the network had gone.
    #[cfg(feature = "scenes")]
    pub fn cut_all(&self) {
        let mut sockets = lock(&self.sockets);
        sockets.by_client.clear();
        for ends in sockets.open.values() {
            ends.cut.cancel();
        }
    }

    /// Lets every socket go dead while it stays open.
    #[cfg(feature = "scenes")]
    pub fn deaden_all(&self) {
        for ends in lock(&self.sockets).open.values() {
            ends.dead.cancel();
        }
    }

    fn deliver(&self, sockets: &Sockets, client: Option<&str>, what: &Kept) {
        match client {
            None => {
                for (_, socket) in sockets.by_client.values() {
                    self.give(socket, what, false);
                }
            }
            Some(client) => {
                if let Some((_, socket)) = sockets.by_client.get(client) {
                    self.give(socket, what, true);
                }
            }
        }
    }

    /// Gives one socket a text, or a step with its preview in the order ComfyUI has: the
    /// frame with metadata before it, the old frame without ids after it.
    fn give(&self, socket: &Socket, what: &Kept, private: bool) {
        match what {
            Kept::Text(frame) => self.text(socket, frame),
            Kept::Progress(frame, preview) => {
                // A job without a client id is broadcast, and then always the old way.
                let metadata = socket.metadata && private;
                if let Some(preview) = preview.as_ref().filter(|_| metadata) {
                    self.picture(socket, with_metadata(preview));
                }
                self.text(socket, frame);
                if let Some(preview) = preview.as_ref().filter(|_| !metadata) {
                    self.picture(socket, without_ids(preview));
                }
            }
        }
    }

    fn text(&self, socket: &Socket, frame: &Value) {
        let strikes = |scene| self.scenes.strikes(scene);
        if strikes(Scene::DropSockets) {
            socket.ends.cut.cancel();
        }
        if strikes(Scene::HalfOpen) {
            socket.ends.dead.cancel();
        }
        if socket.ends.dead.is_cancelled() || strikes(Scene::Mute) || strikes(Scene::EventsLost) {
            return;
        }
        if strikes(Scene::Garbage) {
            push(socket, Message::Text("{\"type\": \"executing\", \"da".into()), false);
            push(socket, Message::Binary(Bytes::from_static(&[0, 0, 0, 4, 0, 0])), false);
        }
        let text = crate::python::dumps(frame);
        if strikes(Scene::EventsTwice) {
            push(socket, Message::Text(text.clone().into()), false);
        }
        let overtaken = strikes(Scene::EventsReordered);
        // ASCII, so any byte is a place to cut.
        let end = if strikes(Scene::EventsCut) { text.len() / 2 } else { text.len() };
        push(socket, Message::Text(text[..end].into()), overtaken);
    }

    fn picture(&self, socket: &Socket, frame: Bytes) {
        let quiet = self.scenes.is_on(Scene::Mute) || socket.ends.dead.is_cancelled();
        if !quiet && socket.frames.capacity() > PREVIEWS_NEED {
            push(socket, Message::Binary(frame), false);
        }
    }
}

fn push(socket: &Socket, message: Message, overtaken: bool) {
    let sent = socket.frames.try_send(Frame { message, overtaken });
    if let Err(mpsc::error::TrySendError::Full(_)) = sent {
        tracing::warn!("a client of the practice engine does not read its socket; it is cut off");
        socket.ends.cut.cancel();
    }
}

/// Binary event 4: length of the JSON, the JSON, the picture.
fn with_metadata(preview: &PreviewFrame) -> Bytes {
    let metadata = crate::python::dumps(&json!({
        "node_id": preview.node,
        "prompt_id": preview.prompt_id,
        "display_node_id": preview.node,
        "parent_node_id": null,
        "real_node_id": preview.node,
        "image_type": "image/jpeg",
    }));
    let mut frame = BytesMut::with_capacity(8 + metadata.len() + preview.jpeg.len());
    frame.put_u32(4);
    frame.put_u32(metadata.len() as u32);
    frame.put_slice(metadata.as_bytes());
    frame.put_slice(&preview.jpeg);
    frame.freeze()
}

/// Binary event 1: the picture type (1 = JPEG) and the picture.
fn without_ids(preview: &PreviewFrame) -> Bytes {
    let mut frame = BytesMut::with_capacity(8 + preview.jpeg.len());
    frame.put_u32(1);
    frame.put_u32(1);
    frame.put_slice(&preview.jpeg);
    frame.freeze()
}
