//! The socket: how large a frame may be, what a server's own features change, and how it ends.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use bytes::Bytes;
use comfy::{Address, Client, ComfyError, Frame, Socket};
use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_tungstenite::{
    WebSocketStream, accept_async,
    tungstenite::{
        Message,
        protocol::frame::{
            Frame as Part,
            coding::{Data, OpCode},
        },
    },
};

/// The bound, as the crate's own documents have it.
const LARGEST: usize = 256 << 20;

type Out = SplitSink<WebSocketStream<TcpStream>, Message>;

/// A socket to a server that has taken what the client says first.
async fn pair() -> (Socket, Out, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let accepting = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        accept_async(stream).await.unwrap()
    });
    let socket = Client::new(address).unwrap().connect("me").await.unwrap();
    let (out, mut from) = accepting.await.unwrap().split();
    let first = from.next().await.unwrap().unwrap().into_text().unwrap();
    assert!(
        first.contains("\"feature_flags\"") && first.contains("\"supports_preview_metadata\":true")
    );
    let reading = tokio::spawn(async move { while let Some(Ok(_)) = from.next().await {} });
    (socket, out, reading)
}

/// An old preview of so many bytes in all.
fn preview(bytes: usize) -> Bytes {
    let mut whole = vec![0, 0, 0, 1, 0, 0, 0, 2];
    whole.resize(bytes, 7);
    whole.into()
}

fn too_large(error: &ComfyError) {
    assert!(matches!(error, ComfyError::TooLarge { limit_mb: 256, .. }), "{error:?}");
    assert!(error.to_string().contains("larger than 256 MB"), "{error}");
}

#[tokio::test]
async fn a_large_picture_passes() {
    let (mut socket, mut out, _reading) = pair().await;
    let sent = preview(20 << 20);
    let sending = tokio::spawn({
        let sent = sent.clone();
        async move { out.send(Message::Binary(sent)).await.map(|()| out) }
    });
    let Frame::Preview { mime, bytes, .. } = socket.next().await.unwrap() else { panic!() };
    assert_eq!(mime, "image/png");
    assert!(bytes == sent.slice(8..), "the picture as it was sent");
    drop(sending.await.unwrap().unwrap());
}

#[tokio::test]
async fn a_frame_over_the_bound_is_said_by_its_head() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let serving = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = accept_async(stream).await.unwrap().into_inner();
        // A final binary frame with a length of eight bytes (RFC 6455, 5.2), and nothing of it.
        let mut head = vec![0x82, 127];
        head.extend((LARGEST as u64 + 1).to_be_bytes());
        stream.write_all(&head).await.unwrap();
        stream
    });
    let mut socket = Client::new(address).unwrap().connect("me").await.unwrap();
    too_large(&socket.next().await.unwrap_err());
    drop(serving.await.unwrap());
}

#[tokio::test]
async fn a_message_of_many_parts_over_the_bound_is_given_up() {
    let (mut socket, mut out, _reading) = pair().await;
    let sending = tokio::spawn(async move {
        let part = Bytes::from(vec![0_u8; 16 << 20]);
        for at in 0..=LARGEST / part.len() {
            let code = OpCode::Data(if at == 0 { Data::Binary } else { Data::Continue });
            // The client may be gone by the last of them.
            if out.send(Message::Frame(Part::message(part.clone(), code, false))).await.is_err() {
                break;
            }
        }
    });
    too_large(&socket.next().await.unwrap_err());
    drop(socket);
    sending.await.unwrap();
}

#[tokio::test]
async fn texts_name_their_job_where_the_server_says_so() {
    let (mut socket, mut out, _reading) = pair().await;
    let text = |name: &str, into: &mut Vec<u8>| {
        into.extend(u32::try_from(name.len()).unwrap().to_be_bytes());
        into.extend(name.as_bytes());
    };
    let mut old = vec![0, 0, 0, 3];
    text("5:7:2", &mut old);
    old.extend("zur Hälfte".as_bytes());
    let mut new = vec![0, 0, 0, 3];
    text("job", &mut new);
    text("1.0.0.2", &mut new);
    new.extend("zur Hälfte".as_bytes());

    out.send(Message::Binary(old.into())).await.unwrap();
    let Frame::Text { prompt_id, node, text } = socket.next().await.unwrap() else { panic!() };
    assert_eq!((prompt_id, &*node, &*text), (None, "5:7:2", "zur Hälfte"));
    let flags = r#"{"type": "feature_flags", "data": {"supports_preview_metadata": true, "supports_progress_text_metadata": true}}"#;
    out.send(Message::text(flags)).await.unwrap();
    let Frame::Features(features) = socket.next().await.unwrap() else { panic!() };
    assert!(features.supports_progress_text_metadata);
    out.send(Message::Binary(new.into())).await.unwrap();
    let Frame::Text { prompt_id, node, text } = socket.next().await.unwrap() else { panic!() };
    assert_eq!((prompt_id.as_deref(), &*node, &*text), (Some("job"), "1.0.0.2", "zur Hälfte"));
}

#[tokio::test]
async fn one_odd_frame_does_not_end_the_connection() {
    let (mut socket, mut out, _reading) = pair().await;
    for odd in [
        Message::text("no JSON"),
        Message::text("[1]"),
        Message::text(r#"{"type": 7}"#),
        Message::text(r#"{"type": "execution_start"}"#),
        Message::Binary(Bytes::from_static(b"\0")),
        Message::Binary(Bytes::from_static(b"\0\0\0\x04\xff\xff\xff\xff{}")),
        Message::Binary(Bytes::from_static(b"\0\0\0\x63something new")),
    ] {
        out.send(odd.clone()).await.unwrap();
        let frame = socket.next().await.unwrap();
        assert!(matches!(frame, Frame::Unknown { .. }), "{odd:?}: {frame:?}");
    }
    out.send(Message::text(r#"{"type": "status", "data": {}}"#)).await.unwrap();
    assert!(matches!(socket.next().await.unwrap(), Frame::Status { .. }));
}

#[tokio::test]
async fn a_connection_that_ends_is_closed_and_one_that_sleeps_is_silent() {
    // A server that is killed says no goodbye.
    let (mut socket, out, reading) = pair().await;
    reading.abort();
    drop((out, reading.await));
    let error = socket.next().await.unwrap_err();
    assert!(matches!(error, ComfyError::Closed), "{error:?}");

    // One that neither answers nor reads: nobody polls it.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let accepting = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        accept_async(stream).await.unwrap()
    });
    let mut socket = Client::new(address).unwrap().connect("me").await.unwrap();
    let asleep = accepting.await.unwrap();
    // From here on time passes as soon as there is nothing else to do.
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    let error = socket.next().await.unwrap_err();
    assert!(matches!(error, ComfyError::Silent), "{error:?}");
    assert_eq!(began.elapsed().as_secs(), 45);
    drop(asleep);
}

#[tokio::test]
async fn the_server_has_noticed_when_closing_is_over() {
    let (socket, _out, reading) = pair().await;
    socket.close().await;
    reading.await.unwrap();
}

/// Answers the request for a socket with this status; gives back its first line.
async fn refused(path: &str, status: &str) -> (ComfyError, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let typed = format!("{}{path}", listener.local_addr().unwrap());
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    let client = Client::new(Address::parse(&typed).unwrap()).unwrap();
    let error = client.connect("me & you").await.err().expect("it was refused");
    let request = serving.await.unwrap();
    assert!(!request.to_lowercase().contains("\r\norigin:"), "a foreign origin is refused");
    (error, request.lines().next().unwrap().to_owned())
}

#[tokio::test]
async fn a_socket_that_is_refused_is_said() {
    for status in ["400 Bad Request", "403 Forbidden", "404 Not Found", "502 Bad Gateway", "200 OK"]
    {
        let (error, line) = refused("/a/comfy/", status).await;
        assert_eq!(line, "GET /a/comfy/ws?clientId=me+%26+you HTTP/1.1");
        let wanted: u16 = status[..3].parse().unwrap();
        assert!(matches!(error, ComfyError::NoUpgrade { status } if status == wanted), "{error:?}");
    }
    let (error, _) = refused("", "401 Unauthorized").await;
    assert!(matches!(error, ComfyError::Login { status: 401, .. }), "{error:?}");
    let (error, _) = refused("", "101 Switching Protocols").await;
    assert!(matches!(error, ComfyError::NoUpgrade { .. }), "{error:?}");
}
