//! What the server says about itself, and the routes of its own.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::{LARGEST_BODY, Shared, json_ok};
use crate::nodes::{CHECKPOINTS, LORAS, find, table};

/// The model folders; those that hold nothing are listed too, as in ComfyUI.
const FOLDERS: &[(&str, &[&str])] = &[
    ("checkpoints", CHECKPOINTS),
    ("loras", LORAS),
    ("vae", &[]),
    ("text_encoders", &[]),
    ("diffusion_models", &[]),
    ("clip_vision", &[]),
    ("embeddings", &[]),
    ("controlnet", &[]),
    ("upscale_models", &[]),
];

pub async fn object_info(State(shared): State<Arc<Shared>>) -> Response {
    let all: Map<String, Value> =
        table().iter().map(|class| (class.name.to_string(), class.info(&shared.folders))).collect();
    json_ok(&Value::Object(all))
}

pub async fn object_info_of(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Response {
    let mut answer = Map::new();
    if let Some(class) = find(&name) {
        answer.insert(name, class.info(&shared.folders));
    }
    json_ok(&Value::Object(answer))
}

/// Does not claim to be ComfyUI: version, arguments and `practice` say what it is.
/// Amounts of memory are left out, because nothing here depends on them.
pub async fn system_stats() -> Response {
    json_ok(&json!({
        "system": {
            "os": std::env::consts::OS,
            "comfyui_version": concat!("practice-", env!("CARGO_PKG_VERSION")),
            "embedded_python": false,
            "argv": ["safelight-practice"],
        },
        "devices": [{
            "name": "cpu",
            "type": "cpu",
            "index": null,
            "vram_total": 0,
            "vram_free": 0,
            "torch_vram_total": 0,
            "torch_vram_free": 0,
        }],
        "practice": true,
    }))
}

/// What `/features` and the socket answer.
pub fn feature_flags() -> Value {
    json!({
        "supports_preview_metadata": true,
        "supports_model_type_tags": false,
        "max_upload_size": LARGEST_BODY,
        "node_replacements": false,
        "assets": false,
    })
}

pub async fn features() -> Response {
    json_ok(&feature_flags())
}

pub async fn models() -> Response {
    let names: Vec<&str> = FOLDERS.iter().map(|(name, _)| *name).collect();
    json_ok(&json!(names))
}

pub async fn models_in(Path(folder): Path<String>) -> Response {
    match FOLDERS.iter().find(|(name, _)| *name == folder) {
        Some((_, files)) => json_ok(&json!(files)),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

pub async fn embeddings() -> Response {
    json_ok(&json!([]))
}

pub async fn record(State(shared): State<Arc<Shared>>) -> Response {
    json_ok(&shared.record.read().to_json())
}

/// `{"scene":"name","on":bool}`; `on` is true when absent.
#[cfg(feature = "scenes")]
#[derive(serde::Deserialize)]
pub struct SceneChange {
    scene: crate::scenes::Scene,
    #[serde(default = "on")]
    on: bool,
}

#[cfg(feature = "scenes")]
fn on() -> bool {
    true
}

#[cfg(feature = "scenes")]
pub async fn scene(
    State(shared): State<Arc<Shared>>,
    axum::Json(change): axum::Json<SceneChange>,
) -> Response {
    crate::set_scene(&shared, change.scene, change.on);
    StatusCode::OK.into_response()
}
