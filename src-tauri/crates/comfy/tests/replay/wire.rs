//! The recorded frames through a real socket, cut as no server cuts them.

use crate::{
    chance::Chance,
    recording::{Recording, Step, Wire},
};
use bytes::Bytes;
use comfy::{Address, Client, ComfyError, Frame};
use futures_util::{SinkExt, StreamExt};
use std::{
    collections::HashMap,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{
    accept_async,
    tungstenite::{
        Message,
        protocol::frame::{
            Frame as Part,
            coding::{Data, OpCode},
        },
    },
};

/// The frames of each connection of a recording, each with the step it belongs to.
pub fn connections(recording: &Recording) -> Vec<Vec<(usize, Wire)>> {
    let mut all = vec![Vec::new(); recording.connections];
    for (at, step) in recording.steps.iter().enumerate() {
        if let Step::Frame { connection, wire } = step {
            all[*connection].push((at, wire.clone()));
        }
    }
    all
}

/// A server of sockets, and a client of it.
pub struct Sockets {
    listener: Arc<TcpListener>,
    client: Client,
}

impl Sockets {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound").to_string();
        let client = Client::new(Address::parse(&address).expect("an address")).expect("a client");
        Self { listener: Arc::new(listener), client }
    }

    /// Sends frames through a real socket, and answers what [`comfy::Socket`] read, by the steps they
    /// belong to.
    pub async fn send(&self, sent: &[(usize, Wire)], chance: Chance) -> HashMap<usize, Vec<Frame>> {
        let frames = sent.iter().map(|(_, wire)| wire.clone()).collect();
        let server = tokio::spawn(serve(self.listener.clone(), frames, chance));
        let mut socket = self.client.connect("replay").await.expect("a socket");
        let mut read = HashMap::<usize, Vec<Frame>>::new();
        for (at, _) in sent {
            let frame = socket.next().await.expect("as many frames as were sent");
            read.entry(*at).or_default().push(frame);
        }
        let end = socket.next().await;
        assert!(matches!(end, Err(ComfyError::Closed)), "{end:?}");
        // The server waits for our end of the connection.
        drop(socket);
        server.await.expect("a server without panics");
        read
    }
}

async fn serve(listener: Arc<TcpListener>, frames: Vec<Wire>, mut chance: Chance) {
    let (stream, _) = listener.accept().await.expect("a client");
    stream.set_nodelay(true).expect("a live connection");
    let cuts = Chance::new(&format!("writes {}", chance.below(usize::MAX)));
    let socket = accept_async(Chopped { stream, chance: cuts }).await.expect("an upgrade");
    let (mut out, mut from) = socket.split();
    let reading = tokio::spawn(async move { while let Some(Ok(_)) = from.next().await {} });
    for wire in frames {
        let (kind, bytes) = match wire {
            Wire::Text(text) => (Data::Text, Bytes::from(text)),
            Wire::Binary { bytes, .. } => (Data::Binary, bytes),
        };
        for part in parts(kind, bytes, &mut chance) {
            if chance.once_in(8) {
                out.feed(Message::Ping(Bytes::from_static(b"in between"))).await.expect("sent");
            }
            out.feed(Message::Frame(part)).await.expect("sent");
        }
        if chance.once_in(3) {
            out.flush().await.expect("sent");
        }
    }
    out.close().await.expect("closed");
    reading.await.expect("read to the end");
}

/// A message in one to five parts; some may be empty, and may cut a letter in two.
fn parts(kind: Data, bytes: Bytes, chance: &mut Chance) -> Vec<Part> {
    let mut cuts: Vec<usize> =
        (0..chance.below(5)).map(|_| chance.below(bytes.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.push(bytes.len());
    let last = cuts.len() - 1;
    let mut from = 0;
    let mut parts = Vec::new();
    for (at, to) in cuts.into_iter().enumerate() {
        let code = OpCode::Data(if at == 0 { kind } else { Data::Continue });
        parts.push(Part::message(bytes.slice(from..to), code, at == last));
        from = to;
    }
    parts
}

/// A connection that writes a few bytes at a time.
struct Chopped {
    stream: TcpStream,
    chance: Chance,
}

impl AsyncRead for Chopped {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Chopped {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let most = [7, 1_500, 1_500, 65_536][self.chance.below(4)];
        let size = (1 + self.chance.below(most)).min(bytes.len());
        Pin::new(&mut self.stream).poll_write(context, &bytes[..size])
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// What a bad network, or a server that is made new, does to frames: some are lost, some come twice,
/// neighbours change places.
pub fn mangled<T: Clone>(frames: &[(usize, T)], chance: &mut Chance) -> Vec<(usize, T)> {
    let mut out = Vec::with_capacity(frames.len());
    for frame in frames {
        if chance.once_in(10) {
            continue;
        }
        out.push(frame.clone());
        if chance.once_in(10) {
            out.push(frame.clone());
        }
    }
    for at in 1..out.len() {
        if chance.once_in(5) {
            // They change places, not the times at which something arrives.
            let (before, after) = out.split_at_mut(at);
            std::mem::swap(&mut before[at - 1].1, &mut after[0].1);
        }
    }
    out
}
