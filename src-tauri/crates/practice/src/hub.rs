//! The open sockets and who gets which frame.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

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

struct Socket {
    number: u64,
    frames: mpsc::Sender<Message>,
    /// Ends the connection without a close frame.
    cut: CancellationToken,
    /// Nothing is sent or read any more, while the connection stays open.
    dead: CancellationToken,
    /// The client sent `supports_preview_metadata`.
    metadata: bool,
    /// An event that the next one overtakes.
    overtaken: Mutex<Option<String>>,
}

#[derive(Default)]
struct Sockets {
    next: u64,
    by_client: HashMap<String, Socket>,
}

/// A picture of the work so far, as encoded for the wire.
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
    pub frames: mpsc::Receiver<Message>,
    /// Cancelled when the socket is to do nothing more and stay open.
    pub dead: CancellationToken,
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
        let dead = CancellationToken::new();
        let socket = Socket {
            number,
            frames,
            cut,
            dead: dead.clone(),
            metadata: false,
            overtaken: Mutex::default(),
        };
        for frame in first {
            self.text(&socket, &frame);
        }
        sockets.by_client.insert(client_id.into(), socket);
        Joined { number, frames: receiver, dead }
    }

    /// Forgets a client's socket. As in ComfyUI, also when a newer socket has the id by
    /// now: that one then stays open and hears nothing more.
    pub fn leave(&self, client_id: &str) {
        lock(&self.sockets).by_client.remove(client_id);
    }

    /// Takes note of the client's flags and answers with the server's.
    pub fn flags(&self, client_id: &str, number: u64, metadata: bool, answer: &Value) {
        let mut sockets = lock(&self.sockets);
        if let Some(socket) = sockets.by_client.get_mut(client_id)
            && socket.number == number
        {
            socket.metadata = metadata;
            self.text(socket, answer);
        }
    }

    /// Sends `{"type","data"}`.
    pub fn send(&self, to: To, kind: &str, data: Value) {
        let frame = json!({ "type": kind, "data": data });
        self.each(to, |socket| self.text(socket, &frame));
    }

    /// Sends `progress` with its preview in the order ComfyUI has: the frame with
    /// metadata before it, the old frame without ids after it.
    pub fn progress(&self, to: To, progress: &Value, preview: Option<&PreviewFrame>) {
        let frame = json!({ "type": "progress", "data": progress });
        self.each(to, |socket| {
            // A job without a client id is broadcast, and then always the old way.
            let metadata = socket.metadata && matches!(to, To::Client(_));
            if let Some(preview) = preview.filter(|_| metadata) {
                self.picture(socket, with_metadata(preview));
            }
            self.text(socket, &frame);
            if let Some(preview) = preview.filter(|_| !metadata) {
                self.picture(socket, without_ids(preview));
            }
        });
    }

    /// Cuts every socket, as if the network had gone.
    #[cfg(feature = "scenes")]
    pub fn cut_all(&self) {
        for (_, socket) in lock(&self.sockets).by_client.drain() {
            socket.cut.cancel();
        }
    }

    /// Lets every socket go dead while it stays open.
    #[cfg(feature = "scenes")]
    pub fn deaden_all(&self) {
        for socket in lock(&self.sockets).by_client.values() {
            socket.dead.cancel();
        }
    }

    fn each(&self, to: To, send: impl Fn(&Socket)) {
        let sockets = lock(&self.sockets);
        match to {
            To::All => sockets.by_client.values().for_each(send),
            To::Client(id) => {
                if let Some(socket) = sockets.by_client.get(id) {
                    send(socket);
                }
            }
            To::Nobody => {}
        }
    }

    fn text(&self, socket: &Socket, frame: &Value) {
        let strikes = |scene| self.scenes.strikes(scene);
        if strikes(Scene::DropSockets) {
            socket.cut.cancel();
        }
        if strikes(Scene::HalfOpen) {
            socket.dead.cancel();
        }
        if socket.dead.is_cancelled() || strikes(Scene::Mute) || strikes(Scene::EventsLost) {
            return;
        }
        if strikes(Scene::Garbage) {
            push(socket, Message::Text("{\"type\": \"executing\", \"da".into()));
            push(socket, Message::Binary(Bytes::from_static(&[0, 0, 0, 4, 0, 0])));
        }
        let text = crate::python::dumps(frame);
        if strikes(Scene::EventsTwice) {
            push(socket, Message::Text(text.clone().into()));
        }
        let overtaken = lock(&socket.overtaken).take();
        if overtaken.is_none() && strikes(Scene::EventsReordered) {
            *lock(&socket.overtaken) = Some(text);
            return;
        }
        if strikes(Scene::EventsCut) {
            // ASCII, so any byte is a place to cut.
            push(socket, Message::Text(text[..text.len() / 2].into()));
        } else {
            push(socket, Message::Text(text.into()));
        }
        if let Some(text) = overtaken {
            push(socket, Message::Text(text.into()));
        }
    }

    fn picture(&self, socket: &Socket, frame: Bytes) {
        let quiet = self.scenes.is_on(Scene::Mute) || socket.dead.is_cancelled();
        if !quiet && socket.frames.capacity() > PREVIEWS_NEED {
            push(socket, Message::Binary(frame));
        }
    }
}

fn push(socket: &Socket, message: Message) {
    if let Err(mpsc::error::TrySendError::Full(_)) = socket.frames.try_send(message) {
        tracing::warn!("a client of the practice engine does not read its socket; it is cut off");
        socket.cut.cancel();
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
