//! What the server says about itself, and the routes of its own.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::{LARGEST_BODY, Shared, json_answer, json_ok};
use crate::like::Like;
use crate::nodes::{CHECKPOINTS, LORAS, UPSCALERS, find, table};

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
    ("upscale_models", UPSCALERS),
];

pub async fn object_info(State(shared): State<Arc<Shared>>) -> Response {
    let all: Map<String, Value> = table()
        .iter()
        .map(|class| (class.name.to_string(), class.info(&shared.folders, shared.config.like)))
        .collect();
    json_ok(&Value::Object(all))
}

pub async fn object_info_of(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Response {
    let mut answer = Map::new();
    if let Some(class) = find(&name) {
        answer.insert(name, class.info(&shared.folders, shared.config.like));
    }
    json_ok(&Value::Object(answer))
}

/// Does not claim to be ComfyUI: version, arguments and `practice` say what it is.
/// Memory is told as none, because nothing here depends on it.
pub async fn system_stats(State(shared): State<Arc<Shared>>) -> Response {
    let like = shared.config.like;
    let os = if like < Like::V0_8_0 { "posix" } else { std::env::consts::OS };
    let practice = concat!("practice-", env!("CARGO_PKG_VERSION"));
    let mut system = json!({
        "os": os,
        "ram_total": 0,
        "ram_free": 0,
        "comfyui_version": format!("{practice} like {like}"),
        "required_frontend_version": practice,
        "installed_templates_version": practice,
        "required_templates_version": practice,
    });
    let mut set = |name: &str, value: Value| system[name] = value;
    if like >= Like::V0_28_2 {
        set("comfy_package_versions", json!([]));
    }
    set("python_version", json!("none"));
    set("pytorch_version", json!("none"));
    set("embedded_python", json!(false));
    if like >= Like::V0_28_2 {
        set("deploy_environment", json!("practice"));
    }
    set("argv", json!(["safelight-practice"]));
    json_ok(&json!({
        "system": system,
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
pub fn feature_flags(like: Like) -> Value {
    let manager = json!({ "manager": { "supports_v4": true } });
    match like {
        Like::V0_3_64 => json!({
            "supports_preview_metadata": true,
            "max_upload_size": LARGEST_BODY,
        }),
        Like::V0_8_0 => json!({
            "supports_preview_metadata": true,
            "max_upload_size": LARGEST_BODY,
            "extension": manager,
        }),
        Like::V0_28_2 => json!({
            "supports_preview_metadata": true,
            "supports_model_type_tags": true,
            "max_upload_size": LARGEST_BODY,
            "extension": manager,
            "node_replacements": true,
            "assets": false,
        }),
    }
}

pub async fn features(State(shared): State<Arc<Shared>>) -> Response {
    json_ok(&feature_flags(shared.config.like))
}

/// `{}`: there is none of what is asked for.
pub async fn nothing() -> Response {
    json_ok(&json!({}))
}

/// The models here are no files, so there is nothing in them.
pub async fn no_metadata() -> StatusCode {
    StatusCode::NOT_FOUND
}

pub async fn no_assets() -> Response {
    let message = "Assets system is disabled. Start the server with --enable-assets to use this \
                   feature.";
    let error = json!({ "code": "SERVICE_DISABLED", "message": message, "details": {} });
    json_answer(StatusCode::SERVICE_UNAVAILABLE, &json!({ "error": error }))
}

/// The files directly in a folder as `name [kind]`, the newest first.
pub async fn files_in(State(shared): State<Arc<Shared>>, Path(kind): Path<String>) -> Response {
    let Some(folder) = shared.folders.of(&kind) else {
        let error = json!({ "error": "Invalid directory type" });
        return json_answer(StatusCode::BAD_REQUEST, &error);
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let metadata = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some((metadata.modified().ok(), entry.file_name().into_string().ok()?))
        })
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    let names: Vec<String> =
        files.into_iter().map(|(_, name)| format!("{name} [{kind}]")).collect();
    json_ok(&json!(names))
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
