//! Files that break off on their way, from a server made of bytes.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use bytes::Bytes;
use comfy::{Address, Client, ComfyError, FileRef, Part};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// Answers one connection after the other with these bytes, each cut off where it ends, and gives back
/// what was asked.
async fn serve(answers: Vec<&'static str>) -> (Client, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let serving = tokio::spawn(async move {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            asked.push(String::from_utf8(request).unwrap().to_lowercase());
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
        asked
    });
    (Client::new(address).unwrap(), serving)
}

fn picture() -> FileRef {
    FileRef { filename: "a.png".to_owned(), subfolder: String::new(), folder: "output".to_owned() }
}

async fn fetch(client: &Client) -> Result<String, ComfyError> {
    let mut download = client.view(&picture()).await?;
    let mut all = Vec::new();
    while let Some(chunk) = download.next_chunk().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(all).unwrap())
}

/// Ten bytes announced, four sent.
const BROKEN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nAccept-Ranges: bytes\r\nEtag: \"18ead-17e\"\r\n\r\n0123";

#[tokio::test]
async fn a_file_that_breaks_off_goes_on_where_it_broke() {
    let (client, serving) = serve(vec![
        BROKEN,
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\n\r\n45",
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\nContent-Range: bytes 6-9/10\r\n\r\n6789",
    ])
    .await;
    assert_eq!(fetch(&client).await.unwrap(), "0123456789");
    let asked = serving.await.unwrap();
    assert!(!asked[0].contains("range"), "{}", asked[0]);
    for (request, from) in [(&asked[1], 4), (&asked[2], 6)] {
        assert!(request.contains(&format!("\r\nrange: bytes={from}-\r\n")), "{request}");
        assert!(request.contains("\r\nif-range: \"18ead-17e\"\r\n"), "{request}");
    }
}

#[tokio::test]
async fn the_rest_of_another_file_is_not_taken() {
    for other in [
        // The name was used again: the server sends the new file whole.
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef",
        // Of another size, or from another place.
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/12\r\n\r\nabcdef",
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 0-5/10\r\n\r\nabcdef",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    ] {
        let (client, serving) = serve(vec![BROKEN, other]).await;
        let error = fetch(&client).await.unwrap_err();
        assert!(matches!(error, ComfyError::Truncated { announced: 10, got: 4 }), "{error:?}");
        assert_eq!(serving.await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn without_a_tag_nothing_is_gone_on_with() {
    for broken in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nEtag: \"a\"\r\n\r\n0123",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nAccept-Ranges: bytes\r\nEtag: W/\"a\"\r\n\r\n0123",
    ] {
        let (client, serving) = serve(vec![broken]).await;
        let error = fetch(&client).await.unwrap_err();
        assert!(matches!(error, ComfyError::Truncated { announced: 10, got: 4 }), "{error:?}");
        assert_eq!(serving.await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_again_and_again_is_given_up() {
    let nothing =
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\n\r\n";
    let (client, serving) = serve(vec![BROKEN, nothing, nothing, nothing]).await;
    let error = fetch(&client).await.unwrap_err();
    assert!(matches!(error, ComfyError::Truncated { announced: 10, got: 4 }), "{error:?}");
    assert_eq!(serving.await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_part_is_what_was_asked_for_or_nothing() {
    let part = |bytes: Option<&'static str>, whole| Part { bytes: bytes.map(Bytes::from), whole };
    for (answer, begin, end) in [
        (
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\nContent-Range: bytes 0-2/10\r\n\r\n012",
            Some(part(Some("012"), Some(10))),
            Some(part(None, Some(10))),
        ),
        (
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\nContent-Range: bytes 7-9/*\r\n\r\n789",
            Some(part(None, None)),
            Some(part(Some("789"), None)),
        ),
        // A server without parts sends all of it, of which the beginning is of use.
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
            Some(part(Some("012"), Some(10))),
            Some(part(None, Some(10))),
        ),
        (
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\nContent-Range: lines\r\n\r\n012",
            Some(part(None, None)),
            Some(part(None, None)),
        ),
        // Fewer bytes than announced.
        (
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\nContent-Range: bytes 0-2/10\r\n\r\n0",
            None,
            Some(part(None, Some(10))),
        ),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", None, None),
    ] {
        let (client, serving) = serve(vec![answer, answer]).await;
        assert_eq!(client.view_part(&picture(), 0..3).await.ok(), begin, "{answer}");
        assert_eq!(client.view_part(&picture(), 7..10).await.ok(), end, "{answer}");
        let asked = serving.await.unwrap();
        assert!(asked[0].contains("\r\nrange: bytes=0-2\r\n"), "{}", asked[0]);
        assert!(asked[1].contains("\r\nrange: bytes=7-9\r\n"), "{}", asked[1]);
    }
}
