//! What every request passes first: the record, the scenes, and the check of where it
//! comes from.

use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use flate2::read::GzDecoder;

use super::{Connection, LARGEST_BODY, Shared, in_trouble, read_body, too_large};
use crate::like::Like;
use crate::scenes::Scene;

/// How late answers are in [`Scene::AnswerLate`].
const LATE: Duration = Duration::from_millis(50);

pub async fn pass(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    mut request: Request,
    next: Next,
) -> Response {
    if !comes_from_here(request.headers(), shared.config.like) {
        return StatusCode::FORBIDDEN.into_response();
    }
    if request.uri().path().starts_with("/practice/") {
        return next.run(request).await;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let asked = shared.record.ask(request.method().as_str(), path);
    request.extensions_mut().insert(asked);

    if shared.scenes.strikes(Scene::Error500) {
        return in_trouble();
    }
    if shared.scenes.is_on(Scene::LoginPage) {
        return Html("<!DOCTYPE html><title>Log in</title><form><input name=user></form>")
            .into_response();
    }
    if shared.scenes.is_on(Scene::Unauthorized) {
        return (StatusCode::UNAUTHORIZED, "401: Unauthorized").into_response();
    }
    if request.method() == Method::OPTIONS {
        return StatusCode::OK.into_response();
    }
    let announced: Option<usize> = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length| length > LARGEST_BODY) {
        return too_large();
    }
    let packed = request.headers().get(header::CONTENT_ENCODING);
    if packed.is_some_and(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"gzip")) {
        request = match unpacked(request).await {
            Ok(request) => request,
            Err(answer) => return answer,
        };
    }
    let is_socket = request.headers().contains_key(header::UPGRADE);
    let answer = next.run(request).await;
    // A socket's own scenes say what becomes of it.
    if is_socket {
        return answer;
    }
    if shared.scenes.strikes(Scene::AnswerLate) {
        tokio::time::sleep(LATE).await;
    }
    if shared.scenes.strikes(Scene::AnswerLost) {
        connection.cut.cancel();
        // The connection's task ends and takes this with it; should it not, so does the stop.
        shared.stop.cancelled().await;
    }
    answer
}

/// The request with its gzip body unpacked. The limit holds for what is in it.
async fn unpacked(request: Request) -> Result<Request, Response> {
    let (mut parts, body) = request.into_parts();
    let packed = read_body(body).await?;
    let unpack = move || {
        let mut bytes = Vec::new();
        let most = LARGEST_BODY as u64 + 1;
        GzDecoder::new(&packed[..]).take(most).read_to_end(&mut bytes).map(|_| bytes)
    };
    let unpacked = tokio::task::spawn_blocking(unpack).await;
    let Ok(Ok(bytes)) = unpacked else {
        let text = "400: Can not decode content-encoding: gzip";
        return Err((StatusCode::BAD_REQUEST, text).into_response());
    };
    if bytes.len() > LARGEST_BODY {
        return Err(too_large());
    }
    parts.headers.remove(header::CONTENT_ENCODING);
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Refuses pages of other origins, as ComfyUI does, and also requests to a name that is
/// not loopback: this server listens nowhere else, so such a name was rebound to it.
fn comes_from_here(headers: &HeaderMap, like: Like) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let from = text(header::HeaderName::from_static("sec-fetch-site"));
    if like >= Like::V0_28_2 && from == "cross-site" {
        return false;
    }
    let host = text(header::HOST).to_lowercase();
    let (name, _) = split_port(&host);
    if !name.is_empty() && !is_loopback(name) {
        return false;
    }
    let origin = text(header::ORIGIN).to_lowercase();
    let Some((_, authority)) = origin.split_once("://") else {
        // None, empty, or "null".
        return true;
    };
    let (origin_name, origin_port) = split_port(authority);
    match origin_port {
        Some(_) => authority == host,
        None => origin_name == name,
    }
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, Some(port)),
        _ => (authority, None),
    }
}

fn is_loopback(name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
