//! TCP connections that can be cut from outside.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Accepts connections, each with its own token below the common one.
pub(crate) struct Lines {
    listener: TcpListener,
    all: CancellationToken,
}

impl Lines {
    pub fn new(listener: TcpListener, all: CancellationToken) -> Self {
        Self { listener, all }
    }
}

impl Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        // The implementation for TcpListener logs and retries.
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Small frames are to arrive at once.
        let _ = stream.set_nodelay(true);
        let cut = self.all.child_token();
        let wait = || Box::pin(cut.clone().cancelled_owned());
        (Line { stream, reading: wait(), writing: wait(), cut }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends with an error once its token is cancelled.
pub(crate) struct Line {
    stream: TcpStream,
    cut: CancellationToken,
    // One for each direction, because each remembers one waker.
    reading: Pin<Box<WaitForCancellationFutureOwned>>,
    writing: Pin<Box<WaitForCancellationFutureOwned>>,
}

fn is_cut(
    wait: &mut Pin<Box<WaitForCancellationFutureOwned>>,
    cx: &mut Context<'_>,
) -> io::Result<()> {
    match wait.as_mut().poll(cx) {
        Poll::Ready(()) => Err(io::ErrorKind::ConnectionReset.into()),
        Poll::Pending => Ok(()),
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        is_cut(&mut self.reading, cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        is_cut(&mut self.writing, cx)?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        is_cut(&mut self.writing, cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// What a handler knows about its connection.
#[derive(Clone)]
pub(crate) struct Connection {
    /// Cuts it.
    pub cut: CancellationToken,
}

impl Connected<IncomingStream<'_, Lines>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        Self { cut: stream.io().cut.clone() }
    }
}
