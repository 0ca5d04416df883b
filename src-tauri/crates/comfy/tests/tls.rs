//! Secure connections: HTTP and the socket trust the same authorities, those of the system. People
//! run authorities of their own for servers in their house.
//!
//! The certificates in `tls` are good for nothing else; the authority's key was thrown away.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used)]

use comfy::{Address, Client, ComfyError, Frame};
use futures_util::SinkExt;
use std::{env, path::PathBuf, process::Command, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
    server::TlsStream,
};
use tokio_tungstenite::{accept_async, tungstenite::Message};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

async fn listen() -> (Client, TcpListener, TlsAcceptor) {
    let certificate = CertificateDer::from_pem_file(file("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(file("server-key.pem")).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let client = Client::new(Address::parse(&address).unwrap()).unwrap();
    (client, listener, TlsAcceptor::from(Arc::new(config)))
}

async fn accept(
    listener: &TcpListener,
    tls: &TlsAcceptor,
) -> std::io::Result<TlsStream<TcpStream>> {
    tls.accept(listener.accept().await.unwrap().0).await
}

#[tokio::test]
async fn a_certificate_of_nobody_is_said() {
    let (client, listener, tls) = listen().await;
    tokio::spawn(async move { while accept(&listener, &tls).await.is_err() {} });
    let http = client.queue_remaining().await.unwrap_err();
    let socket = client.connect("me").await.err().unwrap();
    for error in [http, socket] {
        assert!(matches!(error, ComfyError::Tls { .. }), "{error:?}");
        assert!(error.to_string().contains("certificate"), "{error}");
    }
}

/// The system's authorities can only be chosen for a process as a whole: this one starts itself again.
#[test]
fn an_authority_of_the_system_is_trusted_by_http_and_socket() {
    let again = Command::new(env::current_exe().unwrap())
        .args(["--exact", "trusted", "--ignored", "--nocapture"])
        .env("SSL_CERT_FILE", file("authority.pem"))
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above, with other authorities"]
async fn trusted() {
    let (client, listener, tls) = listen().await;
    let serving = tokio::spawn(async move {
        let mut http = accept(&listener, &tls).await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(http.read_u8().await.unwrap());
        }
        let body = r#"{"exec_info": {"queue_remaining": 3}}"#;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        http.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        let mut socket = accept_async(accept(&listener, &tls).await.unwrap()).await.unwrap();
        socket.send(Message::text(r#"{"type": "status", "data": {}}"#)).await.unwrap();
        (http, socket)
    });
    assert_eq!(client.queue_remaining().await.unwrap(), 3);
    let mut socket = client.connect("me").await.unwrap();
    assert!(matches!(socket.next().await.unwrap(), Frame::Status { .. }));
    drop(serving.await.unwrap());
}
