//! `/upload/image` and `/upload/mask`.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::files::{locate, with_alpha_of};
use super::{Shared, in_trouble, json_ok, read_body};
use crate::nodes::{decode, decode_bytes};
use crate::paths;

/// Names tried before an upload is refused because all are taken.
const MOST_NAMES: usize = 10_000;

#[derive(Default)]
struct Form {
    filename: Option<String>,
    image: Bytes,
    kind: Option<String>,
    subfolder: String,
    overwrite: bool,
    original: Option<String>,
}

async fn form(request: Request) -> Result<Form, Response> {
    let bad = || StatusCode::BAD_REQUEST.into_response();
    let (parts, body) = request.into_parts();
    // Read whole first: the limit holds for the request, not for each part.
    let bytes = read_body(body).await?;
    let whole = Request::from_parts(parts, Body::from(bytes));
    let mut parts = Multipart::from_request(whole, &()).await.map_err(|_| bad())?;
    let mut form = Form::default();
    while let Some(field) = parts.next_field().await.map_err(|_| bad())? {
        let name = field.name().unwrap_or_default().to_string();
        if name == "image" {
            form.filename = field.file_name().map(String::from);
            form.image = field.bytes().await.map_err(|_| bad())?;
            continue;
        }
        let text = field.text().await.map_err(|_| bad())?;
        match name.as_str() {
            "type" => form.kind = Some(text),
            "subfolder" => form.subfolder = text,
            "overwrite" => form.overwrite = matches!(text.as_str(), "true" | "1"),
            "original_ref" => form.original = Some(text),
            _ => {}
        }
    }
    Ok(form)
}

/// Where an upload goes.
struct Target {
    folder: PathBuf,
    filename: String,
    /// As it is answered.
    subfolder: String,
    kind: String,
}

/// The target, or the status that refuses it.
fn target(shared: &Shared, form: &Form) -> Result<Target, StatusCode> {
    const BAD: StatusCode = StatusCode::BAD_REQUEST;
    let kind = form.kind.clone().unwrap_or_else(|| "input".into());
    let root = shared.folders.of(&kind).ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
    let filename = form.filename.clone().filter(|name| !name.is_empty()).ok_or(BAD)?;
    let below = paths::inside(&form.subfolder).ok_or(BAD)?;
    let relative = paths::inside(&filename).ok_or(BAD)?;
    if relative.file_name().is_none() {
        return Err(BAD);
    }
    Ok(Target { folder: root.join(below), filename, subfolder: form.subfolder.clone(), kind })
}

fn refused(status: StatusCode) -> Response {
    match status {
        StatusCode::INTERNAL_SERVER_ERROR => in_trouble(),
        status => status.into_response(),
    }
}

impl Target {
    /// Writes the bytes under the wanted name or the next free one, and answers with
    /// the name. The same bytes again keep their name.
    fn write(mut self, bytes: &[u8], overwrite: bool) -> Response {
        let wanted = self.filename.clone();
        let (stem, extension) = match wanted.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
            _ => (wanted.as_str(), String::new()),
        };
        for number in 1..MOST_NAMES {
            let path = self.folder.join(&self.filename);
            let there = if overwrite { None } else { std::fs::read(&path).ok() };
            match there {
                Some(old) if old == bytes => return self.answer(),
                Some(_) => self.filename = format!("{stem} ({number}){extension}"),
                None => {
                    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
                    if let Err(error) = made.and_then(|()| std::fs::write(&path, bytes)) {
                        tracing::warn!(%error, path = %path.display(), "cannot write an upload");
                        return in_trouble();
                    }
                    return self.answer();
                }
            }
        }
        in_trouble()
    }

    fn answer(&self) -> Response {
        json_ok(&json!({
            "name": self.filename, "subfolder": self.subfolder, "type": self.kind,
        }))
    }
}

pub async fn image(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let form = match form(request).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    blocking(move || match target(&shared, &form) {
        Ok(target) => target.write(&form.image, form.overwrite),
        Err(status) => refused(status),
    })
    .await
}

/// Writes the original picture with the alpha of the uploaded one.
pub async fn mask(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let form = match form(request).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    blocking(move || masked(&shared, &form)).await
}

fn masked(shared: &Shared, form: &Form) -> Response {
    let target = match target(shared, form) {
        Ok(target) => target,
        Err(status) => return refused(status),
    };
    let original: Value = match form.original.as_deref().map(serde_json::from_str) {
        Some(Ok(original)) => original,
        _ => return in_trouble(),
    };
    let text = |name: &str| original[name].as_str();
    let Some(filename) = text("filename") else { return in_trouble() };
    let (kind, subfolder) = (text("type").unwrap_or("output"), text("subfolder").unwrap_or(""));
    let path = match locate(&shared.folders, filename, kind, subfolder) {
        Ok(path) => path,
        Err(status) => return status.into_response(),
    };
    if !path.is_file() {
        // As ComfyUI: the answer is the same, but nothing is written.
        return target.answer();
    }
    let (Ok(image), Ok(mask)) = (decode(&path), decode_bytes(&form.image)) else {
        return in_trouble();
    };
    let mut png = std::io::Cursor::new(Vec::new());
    let written = with_alpha_of(image, mask)
        .is_some_and(|image| image.write_to(&mut png, image::ImageFormat::Png).is_ok());
    if !written {
        return in_trouble();
    }
    target.write(&png.into_inner(), form.overwrite)
}

/// Runs file work where it may block.
async fn blocking(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| in_trouble())
}
