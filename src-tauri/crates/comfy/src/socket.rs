//! The socket: reads frames, asks whether the other end lives, and says when it does not.

use crate::{
    Address, ComfyError, Frame, ProgressReader, decode_binary, decode_text, frame::unknown,
};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Error, Message, error::UrlError, protocol::WebSocketConfig},
};

/// The largest frame taken. SaveImageWebsocket sends whole pictures, and a `progress_state` of
/// 2,000 nodes has 407 kB.
const LARGEST_FRAME: usize = 256 << 20;
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// The server sends no pings of its own: without ours a dead link looks like a quiet one.
const PING_EVERY: Duration = Duration::from_secs(15);
/// Silence, our pings included, after which the link is dead.
const SILENT_AFTER: Duration = Duration::from_secs(45);
/// What we can take; must be the first text frame.
const FEATURES: &str = r#"{"type":"feature_flags","data":{"supports_preview_metadata":true,"supports_progress_text_metadata":true}}"#;

/// An open socket.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heard: Instant,
    progress: ProgressReader,
    /// Whether this server's texts about progress name their job.
    text_with_job: bool,
}

impl Socket {
    pub(crate) async fn connect(address: &Address, client_id: &str) -> Result<Self, ComfyError> {
        let host = address.host();
        let config = WebSocketConfig::default()
            .max_message_size(Some(LARGEST_FRAME))
            .max_frame_size(Some(LARGEST_FRAME));
        let url = address.ws(client_id);
        let connecting = connect_async_with_config(url.as_str(), Some(config), true);
        let (stream, _) = timeout(CONNECT, connecting)
            .await
            .map_err(|_| ComfyError::Timeout { host: host.clone() })?
            .map_err(|error| sort(&host, error))?;
        let mut socket = Self {
            stream,
            heard: Instant::now(),
            progress: ProgressReader::default(),
            text_with_job: false,
        };
        // Flags belong to the connection: without them previews come without ids.
        socket.stream.send(Message::text(FEATURES)).await.map_err(|error| sort(&host, error))?;
        Ok(socket)
    }

    /// The next frame. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`ComfyError::Closed`] when the server ended the connection, [`ComfyError::Silent`] when
    /// nothing came for 45 seconds in spite of pings.
    pub async fn next(&mut self) -> Result<Frame, ComfyError> {
        loop {
            match timeout(PING_EVERY, self.stream.next()).await {
                Err(_) => {
                    if self.heard.elapsed() >= SILENT_AFTER {
                        return Err(ComfyError::Silent);
                    }
                    let ping = self.stream.send(Message::Ping(bytes::Bytes::new()));
                    match timeout(PING_EVERY, ping).await {
                        Ok(Ok(())) => {}
                        Ok(Err(_)) => return Err(ComfyError::Closed),
                        Err(_) => return Err(ComfyError::Silent),
                    }
                }
                Ok(None) => return Err(ComfyError::Closed),
                Ok(Some(Err(error))) => {
                    return Err(match error {
                        Error::Capacity(_) => ComfyError::TooLarge {
                            route: "/ws".to_owned(),
                            limit_mb: LARGEST_FRAME >> 20,
                        },
                        _ => ComfyError::Closed,
                    });
                }
                Ok(Some(Ok(message))) => {
                    self.heard = Instant::now();
                    match message {
                        Message::Text(text) => {
                            if let Some(frame) = self.progress.read(text.as_bytes()) {
                                return Ok(frame);
                            }
                            let frame = decode_text(text.as_bytes());
                            if let Ok(Frame::Features(features)) = &frame {
                                self.text_with_job = features.supports_progress_text_metadata;
                            }
                            return Ok(readable(frame, text.as_bytes()));
                        }
                        Message::Binary(bytes) => {
                            let frame = decode_binary(&bytes, self.text_with_job);
                            return Ok(readable(frame, &bytes));
                        }
                        Message::Close(_) => return Err(ComfyError::Closed),
                        Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
                    }
                }
            }
        }
    }

    /// Lets the next `progress_state` name all its nodes: for a job that was not followed so far.
    pub fn forget_progress(&mut self) {
        self.progress.forget();
    }

    /// Closes the socket and waits until the server has noticed: an old socket that closes later
    /// would mute a new one with the same id.
    pub async fn close(mut self) {
        let closing = async {
            let _ = self.stream.close(None).await;
            while let Some(Ok(_)) = self.stream.next().await {}
        };
        let _ = timeout(Duration::from_secs(2), closing).await;
    }
}

/// One odd frame is counted and passed over; it does not end the connection.
fn readable(frame: Result<Frame, ComfyError>, whole: &[u8]) -> Frame {
    frame.unwrap_or_else(|error| unknown(format!("unreadable: {error}"), whole))
}

fn sort(host: &str, error: Error) -> ComfyError {
    let host = host.to_owned();
    match error {
        Error::Http(response) => match response.status().as_u16() {
            status @ (401 | 407) => ComfyError::Login { host, status },
            status => ComfyError::NoUpgrade { status },
        },
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            ComfyError::Refused { host }
        }
        Error::Tls(error) => ComfyError::Tls { host, why: error.to_string() },
        Error::Url(UrlError::UnableToConnect(_)) => ComfyError::Refused { host },
        // Answers to the upgrade that are no HTTP upgrade at all.
        Error::Protocol(_) => ComfyError::NoUpgrade { status: 200 },
        other => ComfyError::in_the_way(&host, &other)
            .unwrap_or(ComfyError::Broken { host, why: other.to_string() }),
    }
}
