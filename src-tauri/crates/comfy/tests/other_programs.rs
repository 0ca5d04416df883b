//! What answers is not always ComfyUI. Each case has a sentence.
#![allow(clippy::unwrap_used)]

use axum::{
    Router,
    http::StatusCode,
    response::{Html, IntoResponse, Json, Redirect},
    routing::any,
};
use comfy::{Address, Client, ComfyError};
use serde_json::json;
use tokio::net::TcpListener;

async fn probe(router: Router) -> ComfyError {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Client::new(address).unwrap().probe().await.unwrap_err()
}

#[tokio::test]
async fn a_web_page_is_no_server() {
    let error =
        probe(Router::new().fallback(any(|| async { Html("<!doctype html><p>Router</p>") })));
    let error = error.await;
    assert!(matches!(error, ComfyError::NotComfy { .. }), "{error:?}");
    assert!(error.to_string().contains("not ComfyUI"), "{error}");
}

#[tokio::test]
async fn another_programs_json_is_no_server() {
    let error =
        probe(Router::new().fallback(any(|| async { Json(json!({"name": "printer"})) }))).await;
    assert!(matches!(error, ComfyError::NotComfy { .. }), "{error:?}");
}

#[tokio::test]
async fn a_login_is_said() {
    for status in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
        let error = probe(Router::new().fallback(any(move || async move { status }))).await;
        assert!(matches!(error, ComfyError::Login { .. }), "{error:?}");
        assert!(error.to_string().contains("login"), "{error}");
    }
    let redirect = || async { Redirect::temporary("/login").into_response() };
    let error = probe(Router::new().fallback(any(redirect))).await;
    assert!(matches!(error, ComfyError::Login { .. }), "{error:?}");
}

#[tokio::test]
async fn nothing_there_and_no_such_name_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    // What is in the address says nothing about the error.
    for path in ["", "/dns/tls-certificate"] {
        let client = Client::new(Address::parse(&format!("{address}{path}")).unwrap()).unwrap();
        let error = client.probe().await.unwrap_err();
        assert!(matches!(error, ComfyError::Refused { .. }), "{error:?}");
        let error = client.connect("me").await.err().unwrap();
        assert!(matches!(error, ComfyError::Refused { .. }), "{error:?}");
    }
    let client = Client::new(Address::parse("http://no-such-name.invalid:8188").unwrap()).unwrap();
    let error = client.probe().await.unwrap_err();
    assert!(matches!(error, ComfyError::Dns { .. }), "{error:?}");
    let error = client.connect("me").await.err().unwrap();
    assert!(matches!(error, ComfyError::Dns { .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_without_end_is_bounded() {
    let endless = || async {
        let chunk = bytes::Bytes::from(vec![b'['; 1 << 20]);
        let chunks =
            futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
        axum::body::Body::from_stream(chunks)
    };
    let error = probe(Router::new().fallback(any(endless))).await;
    assert!(
        matches!(error, ComfyError::TooLarge { .. } | ComfyError::NotComfy { .. }),
        "{error:?}"
    );
}
