//! A server that answers what it is told to, one answer after the other, and remembers what it was
//! asked.

// Each test program that includes this uses its part of it.
#![allow(dead_code)]

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use bytes::Bytes;
use comfy::{Address, Client};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

/// What it was asked.
pub struct Asked {
    pub method: Method,
    /// Path and query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Default)]
struct State {
    answers: VecDeque<Response>,
    asked: Vec<Asked>,
}

/// The server. It ends with the test's runtime.
pub struct Playback {
    pub client: Client,
    state: Arc<Mutex<State>>,
}

impl Playback {
    /// A server whose address ends in `path`, which may be empty.
    pub async fn at(path: &str) -> Self {
        let state = Arc::<Mutex<State>>::default();
        let shared = state.clone();
        let router = Router::new().fallback(move |request: Request| {
            let state = shared.clone();
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, 1 << 30).await.expect("a whole request");
                let mut state = state.lock().expect("no panic holds it");
                state.asked.push(Asked {
                    method: parts.method,
                    path: parts.uri.to_string(),
                    headers: parts.headers,
                    body,
                });
                let nothing = || {
                    let status = StatusCode::NOT_IMPLEMENTED;
                    Response::builder().status(status).body(Body::from("not expected"))
                };
                state.answers.pop_front().unwrap_or_else(|| nothing().expect("a valid answer"))
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let address = Address::parse(&format!("127.0.0.1:{port}{path}")).expect("an address");
        Self { client: Client::new(address).expect("a client"), state }
    }

    /// What comes next.
    pub fn answer(&self, status: u16, content_type: &str, body: impl Into<Body>) {
        self.answer_with(status, &[("content-type", content_type)], body);
    }

    /// What comes next, with these headers.
    pub fn answer_with(&self, status: u16, headers: &[(&str, &str)], body: impl Into<Body>) {
        let mut response = Response::builder().status(status);
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            response = response.header(*name, *value);
        }
        let response = response.body(body.into()).expect("a valid answer");
        self.state.lock().expect("no panic holds it").answers.push_back(response);
    }

    /// What it was asked since the last time, and that it was asked for everything it had.
    pub fn asked(&self) -> Vec<Asked> {
        let mut state = self.state.lock().expect("no panic holds it");
        assert!(state.answers.is_empty(), "an answer was not asked for");
        std::mem::take(&mut state.asked)
    }
}
