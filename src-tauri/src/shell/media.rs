//! The `media` scheme: pictures for the page, by id and never by path.
//!
//! `asset/<id>/thumb` (256 pixels an edge at most), `asset/<id>/large` (1,024), `asset/<id>/original`
//! (with ranges), `asset/<id>/waveform` (numbers from 0 to 1 as a JSON list), `preview/<job>?rev=<n>`,
//! `input/<name>`: a file that goes into workflows, named by its content.
//!
//! Where a file is there and cannot be shown, the answer has status 422 and says why. Of a 3D file that the
//! page has not drawn yet it is empty, with status 204: that is no error, and a page notes none.

use crate::bridge::state::App;
use domain::{AssetId, JobId};
use engine::{Engine, MediaFile, MediaSize, NoMedia};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};
use tauri::{
    Manager, UriSchemeContext, UriSchemeResponder, Wry,
    http::{Request, Response, StatusCode, header},
};

/// The most bytes of one answer to a range.
const LARGEST_PART: u64 = 8 << 20;
/// The most bytes of one answer without a range.
const LARGEST_WHOLE: u64 = 512 << 20;

/// What the page asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Asset { id: AssetId, size: MediaSize },
    Preview { job: JobId, rev: Option<u32> },
    Input { name: String },
}

/// Answers a request of the page.
pub fn answer(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let Some(app) = context.app_handle().try_state::<App>() else {
        responder.respond(empty(StatusCode::SERVICE_UNAVAILABLE));
        return;
    };
    let engine = app.engine.clone();
    tauri::async_runtime::spawn(async move {
        responder.respond(respond(&engine, &request).await);
    });
}

async fn respond(engine: &Engine, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let uri = request.uri();
    let file = match wanted(uri.path(), uri.query()) {
        Some(Wanted::Asset { id, size }) => match engine.media_asset(id, size).await {
            Ok(file) => Some(file),
            Err(NoMedia::Gone) => None,
            Err(NoMedia::Because(why)) => return because(why),
            Err(NoMedia::NotDrawn) => return not_drawn(),
        },
        Some(Wanted::Input { name }) => engine.media_input(&name),
        Some(Wanted::Preview { job, rev }) => {
            return match engine.media_preview(job, rev).await {
                Some((mime, bytes)) => {
                    finish(Response::builder().header(header::CONTENT_TYPE, mime), bytes.to_vec())
                }
                None => empty(StatusCode::NOT_FOUND),
            };
        }
        None => None,
    };
    let Some(file) = file else { return empty(StatusCode::NOT_FOUND) };
    let range = request.headers().get(header::RANGE).and_then(|range| range.to_str().ok());
    let range = range.map(str::to_owned);
    tokio::task::spawn_blocking(move || read(&file, range.as_deref()))
        .await
        .unwrap_or_else(|_| empty(StatusCode::INTERNAL_SERVER_ERROR))
}

fn wanted(path: &str, query: Option<&str>) -> Option<Wanted> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["asset", id, size] => {
            let size = match *size {
                "thumb" => MediaSize::Thumb,
                "large" => MediaSize::Large,
                "original" => MediaSize::Original,
                "waveform" => MediaSize::Waveform,
                _ => return None,
            };
            Some(Wanted::Asset { id: id.parse().ok()?, size })
        }
        ["input", name] => Some(Wanted::Input { name: (*name).to_owned() }),
        ["preview", job] => {
            let rev = query
                .into_iter()
                .flat_map(|query| query.split('&'))
                .find_map(|part| part.strip_prefix("rev="))
                .and_then(|rev| rev.parse().ok());
            Some(Wanted::Preview { job: job.parse().ok()?, rev })
        }
        _ => None,
    }
}

fn read(file: &MediaFile, range: Option<&str>) -> Response<Vec<u8>> {
    let opened = File::open(&file.path).and_then(|open| Ok((open.metadata()?.len(), open)));
    let Ok((length, mut open)) = opened else { return empty(StatusCode::NOT_FOUND) };
    let (from, to, partial) = match range.map(|range| part_of(range, length)) {
        None if length > LARGEST_WHOLE => (0, LARGEST_PART.min(length), true),
        None => (0, length, false),
        Some(Some((from, to))) => (from, to.min(from + LARGEST_PART), true),
        Some(None) => {
            return finish(
                Response::builder()
                    .status(StatusCode::RANGE_NOT_SATISFIABLE)
                    .header(header::CONTENT_RANGE, format!("bytes */{length}")),
                Vec::new(),
            );
        }
    };
    let mut bytes = Vec::with_capacity(usize::try_from(to - from).unwrap_or(0));
    let done =
        open.seek(SeekFrom::Start(from)).and_then(|_| open.take(to - from).read_to_end(&mut bytes));
    if done.is_err() {
        return empty(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, file.mime)
        .header(header::ACCEPT_RANGES, "bytes")
        // An asset's bytes never change under its id.
        .header(header::CACHE_CONTROL, "private, max-age=31536000, immutable");
    if partial {
        let last = to.saturating_sub(1);
        response = response
            .status(StatusCode::PARTIAL_CONTENT)
            .header(header::CONTENT_RANGE, format!("bytes {from}-{last}/{length}"));
    }
    finish(response, bytes)
}

/// The first range of a `Range` header as from and behind the last byte (RFC 9110, 14.1.2).
fn part_of(range: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split(',').next()?.trim().split_once('-')?;
    let (from, to) = if first.is_empty() {
        let count: u64 = last.parse().ok().filter(|count| *count > 0)?;
        (length.saturating_sub(count), length)
    } else {
        let from = first.parse().ok()?;
        let to = match last {
            "" => length,
            last => last.parse::<u64>().ok()?.saturating_add(1).min(length),
        };
        (from, to)
    };
    (from < to && to <= length).then_some((from, to))
}

/// A file that is there and cannot be shown.
fn because(why: String) -> Response<Vec<u8>> {
    let response = Response::builder()
        .status(StatusCode::UNPROCESSABLE_ENTITY)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        // It may be mended, or its disk come back.
        .header(header::CACHE_CONTROL, "no-store");
    finish(response, why.into_bytes())
}

/// A 3D file that was not drawn yet.
fn not_drawn() -> Response<Vec<u8>> {
    let response = Response::builder()
        .status(StatusCode::NO_CONTENT)
        .header(header::CACHE_CONTROL, "no-store");
    finish(response, Vec::new())
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    finish(Response::builder().status(status), Vec::new())
}

fn finish(response: tauri::http::response::Builder, body: Vec<u8>) -> Response<Vec<u8>> {
    response
        .header("x-content-type-options", "nosniff")
        // Files of servers are data: never a page or a script of ours.
        .header("content-security-policy", "sandbox")
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .body(body)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_are_answered() {
        let id = "018f0000-0000-7000-8000-000000000001";
        for (name, size) in [
            ("thumb", MediaSize::Thumb),
            ("large", MediaSize::Large),
            ("original", MediaSize::Original),
            ("waveform", MediaSize::Waveform),
        ] {
            assert!(matches!(
                wanted(&format!("/asset/{id}/{name}"), None),
                Some(Wanted::Asset { size: found, .. }) if found == size
            ));
        }
        assert!(matches!(
            wanted(&format!("/preview/{id}"), Some("x=1&rev=7")),
            Some(Wanted::Preview { rev: Some(7), .. })
        ));
        for path in [
            "/asset/../../etc/passwd",
            "/asset/x/original",
            "/asset/x/tiny",
            "/etc/passwd",
            "/",
            "/asset",
        ] {
            assert_eq!(wanted(path, None), None, "{path}");
        }
    }

    #[test]
    fn ranges() {
        for (range, part) in [
            ("bytes=0-9", Some((0, 10))),
            ("bytes=90-", Some((90, 100))),
            ("bytes=-10", Some((90, 100))),
            ("bytes=0-999", Some((0, 100))),
            ("bytes=100-", None),
            ("bytes=9-1", None),
            ("bytes=-0", None),
            ("lines=1-2", None),
            ("bytes=a-b", None),
        ] {
            assert_eq!(part_of(range, 100), part, "{range}");
        }
    }
}
