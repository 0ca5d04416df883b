//! `/view`.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, Luma, Rgba};

use super::{Shared, in_trouble};
use crate::like::Like;
use crate::nodes::{Folders, decode};
use crate::paths;
use crate::scenes::Scene;

/// Pieces and pause of the slow scene.
const SLOW_PIECE: usize = 4096;
const SLOW_PAUSE: Duration = Duration::from_millis(50);

type Parameters = HashMap<String, String>;

/// The file these parameters name, or the status that refuses them. A name may end in
/// ` [input]`, ` [output]` or ` [temp]`, which counts more than `type`.
pub fn locate(
    folders: &Folders,
    filename: &str,
    kind: &str,
    subfolder: &str,
) -> Result<PathBuf, StatusCode> {
    let annotated = folders.annotated(filename);
    let name = annotated.map_or(filename, |(name, _)| name);
    if name.is_empty() || name.starts_with('/') || name.contains("..") {
        return Err(StatusCode::BAD_REQUEST);
    }
    let folder = match annotated {
        Some((_, folder)) => folder,
        None => folders.of(kind).ok_or(StatusCode::BAD_REQUEST)?,
    };
    let below = paths::inside(subfolder).ok_or(StatusCode::FORBIDDEN)?;
    let relative = paths::inside(name).ok_or(StatusCode::NOT_FOUND)?;
    // A folder in the name is cut off.
    let last = relative.file_name().ok_or(StatusCode::NOT_FOUND)?;
    Ok(folder.join(below).join(last))
}

pub async fn view(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    let parameter = |name: &str| query.get(name).map_or("", String::as_str);
    let Some(filename) = query.get("filename") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = query.get("type").map_or("output", String::as_str);
    let path = match locate(&shared.folders, filename, kind, parameter("subfolder")) {
        Ok(path) => path,
        Err(status) => return status.into_response(),
    };
    if shared.scenes.is_on(Scene::ViewMissing) || !path.is_file() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let preview = query.get("preview").cloned();
    let channel = parameter("channel").to_string();
    if preview.is_some() || matches!(channel.as_str(), "rgb" | "a") {
        let name = file_name(&path);
        return tokio::task::spawn_blocking(move || encoded(&path, preview.as_deref(), &channel))
            .await
            .ok()
            .flatten()
            .map_or_else(in_trouble, |(kind, bytes)| {
                let headers = [
                    (header::CONTENT_TYPE, kind.to_string()),
                    (header::CONTENT_DISPOSITION, format!("filename=\"{name}\"")),
                ];
                (headers, bytes).into_response()
            });
    }
    original(&shared, &path, &headers).await.unwrap_or_else(|_| in_trouble())
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.replace(['"', '\r', '\n'], "_")
}

/// The picture in another format, at full size.
fn encoded(path: &Path, preview: Option<&str>, channel: &str) -> Option<(&'static str, Vec<u8>)> {
    let mut image = decode(path).ok()?;
    match channel {
        "rgb" => image = image.into_rgb8().into(),
        "a" => {
            let mut rgba = image.into_rgba8();
            for pixel in rgba.pixels_mut() {
                *pixel = Rgba([0, 0, 0, pixel[3]]);
            }
            image = rgba.into();
        }
        _ => {}
    }
    let mut out = io::Cursor::new(Vec::new());
    let Some(preview) = preview else {
        image.write_with_encoder(PngEncoder::new(&mut out)).ok()?;
        return Some(("image/png", out.into_inner()));
    };
    let (format, quality) = preview.split_once(';').unwrap_or((preview, ""));
    let quality: u32 = quality.parse().unwrap_or(90);
    if format == "jpeg" {
        // JPEG has no alpha; it is dropped, not blended.
        let flat = image.into_rgb8();
        let encoder = JpegEncoder::new_with_quality(&mut out, quality.clamp(1, 100) as u8);
        flat.write_with_encoder(encoder).ok()?;
        return Some(("image/jpeg", out.into_inner()));
    }
    if quality > 100 {
        return None;
    }
    // Always lossless: there is no lossy WebP encoder without C code.
    let image: DynamicImage = if image.color().has_alpha() {
        image.into_rgba8().into()
    } else {
        image.into_rgb8().into()
    };
    image.write_with_encoder(WebPEncoder::new_lossless(&mut out)).ok()?;
    Some(("image/webp", out.into_inner()))
}

/// The content type, and whether browsers must not show it.
fn media_type(path: &Path, like: Like) -> (&'static str, bool) {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    let kind = match extension.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        "opus" | "ogg" => "audio/ogg",
        "txt" => "text/plain",
        "json" => "application/json",
        // Since 0.28 browsers are kept from running what is in a file.
        "svg" if like < Like::V0_28_2 => "image/svg+xml",
        "svg" | "html" | "htm" | "js" | "css" | "xml" => {
            return ("application/octet-stream", like >= Like::V0_28_2);
        }
        _ => "application/octet-stream",
    };
    (kind, false)
}

/// What a client can ask by whether a file is still the same.
pub fn validators(metadata: &std::fs::Metadata) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(modified) = metadata.modified() {
        let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        let etag = format!("\"{:x}-{:x}\"", since.as_nanos(), metadata.len());
        for (name, value) in
            [(header::ETAG, etag), (header::LAST_MODIFIED, httpdate::fmt_http_date(modified))]
        {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers
}

/// The file as it is, with Range and conditional requests.
async fn original(shared: &Shared, path: &Path, asked: &HeaderMap) -> io::Result<Response> {
    let metadata = tokio::fs::metadata(path).await?;
    let modified = metadata.modified()?;
    let like = shared.config.like;
    let (kind, attachment) = media_type(path, like);
    let name = file_name(path);
    let disposition =
        format!("{}filename=\"{name}\"", if attachment { "attachment; " } else { "" });
    let mut headers = validators(&metadata);
    headers.remove(header::ACCEPT_RANGES);
    let etag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(String::from);
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_DISPOSITION, &disposition);
    set(header::CONTENT_TYPE, kind);
    if like >= Like::V0_28_2 {
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    }

    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let unchanged = match text(header::IF_NONE_MATCH) {
        Some(tags) => {
            tags.split(',').any(|tag| tag.trim() == "*" || Some(tag.trim()) == etag.as_deref())
        }
        None => text(header::IF_MODIFIED_SINCE)
            .and_then(|date| httpdate::parse_http_date(date).ok())
            // Dates have whole seconds.
            .is_some_and(|date| date + Duration::from_secs(1) > modified),
    };
    if unchanged {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    set(header::ACCEPT_RANGES, "bytes");
    let mut bytes = Bytes::from(tokio::fs::read(path).await?);
    if shared.scenes.strikes(Scene::WrongSize) {
        bytes.truncate(bytes.len() / 2);
    }
    let (status, bytes) = match text(header::RANGE).and_then(|range| part(range, bytes.len())) {
        None => (StatusCode::OK, bytes),
        Some(None) => {
            set(header::CONTENT_RANGE, &format!("bytes */{}", bytes.len()));
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
        Some(Some((first, last))) => {
            set(header::CONTENT_RANGE, &format!("bytes {first}-{last}/{}", bytes.len()));
            (StatusCode::PARTIAL_CONTENT, bytes.slice(first..=last))
        }
    };
    set(header::CONTENT_LENGTH, &bytes.len().to_string());
    let body = if shared.scenes.strikes(Scene::ViewTruncated) {
        truncated(bytes)
    } else if shared.scenes.is_on(Scene::ViewSlow) {
        slow(bytes)
    } else {
        Body::from(bytes)
    };
    Ok((status, headers, body).into_response())
}

/// First and last byte of a single range; `Some(None)` if it lies outside the file.
fn part(range: &str, length: usize) -> Option<Option<(usize, usize)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last),
        (Ok(first), Err(_)) if last.is_empty() => (first, usize::MAX),
        (Err(_), Ok(count)) if first.is_empty() && count > 0 => {
            (length.saturating_sub(count), usize::MAX)
        }
        _ => return None,
    };
    Some((first < length).then(|| (first, last.min(length - 1))))
}

fn truncated(bytes: Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    let broken = async {
        // A pause lets the first half out before the connection breaks.
        tokio::time::sleep(SLOW_PAUSE).await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    Body::from_stream(stream::iter([Ok(half)]).chain(stream::once(broken)))
}

fn slow(bytes: Bytes) -> Body {
    Body::from_stream(stream::unfold(bytes, |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(SLOW_PAUSE).await;
        let piece = left.split_to(left.len().min(SLOW_PIECE));
        Some((Ok::<_, io::Error>(piece), left))
    }))
}

/// Gives a picture the alpha of another of the same size.
pub fn with_alpha_of(image: DynamicImage, mask: DynamicImage) -> Option<DynamicImage> {
    let (mut image, mask) = (image.into_rgba8(), mask.into_rgba8());
    if image.dimensions() != mask.dimensions() {
        return None;
    }
    for (pixel, alpha) in image.pixels_mut().zip(mask.pixels().map(|p| Luma([p[3]]))) {
        pixel[3] = alpha[0];
    }
    Some(image.into())
}
