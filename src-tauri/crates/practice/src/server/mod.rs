//! The HTTP side.

mod files;
mod gate;
mod info;
mod jobs;
mod line;
mod logs;
mod prompt;
mod queue;
mod socket;
mod upload;
mod user;

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Router, middleware};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::PracticeConfig;
use crate::hub::Hub;
use crate::like::Like;
use crate::nodes::Folders;
use crate::queue::Queue;
use crate::record::Recorder;
use crate::run::Cache;
use crate::scenes::Scenes;

pub(crate) use line::{Connection, Lines};

/// Largest request body in bytes, as in ComfyUI.
pub(crate) const LARGEST_BODY: usize = 100 << 20;

/// Everything the parts of the server share.
pub(crate) struct Shared {
    pub config: PracticeConfig,
    pub folders: Folders,
    pub queue: Queue,
    pub hub: Arc<Hub>,
    pub cache: Mutex<Cache>,
    pub record: Recorder,
    pub scenes: Arc<Scenes>,
    pub logs: logs::Logs,
    pub settings: user::Settings,
    /// Cancelled when the server is to stop.
    pub stop: CancellationToken,
    /// The WebSocket tasks.
    pub sockets: TaskTracker,
}

impl Shared {
    /// Loses everything that is in memory, as a restart does.
    pub fn forget(&self) {
        self.queue.forget();
        crate::lock(&self.cache).clear();
    }
}

/// All routes.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let like = shared.config.like;
    let mut jobs = Router::new();
    if like >= Like::V0_8_0 {
        jobs = jobs.route("/api/jobs", get(jobs::list)).route("/api/jobs/{id}", get(jobs::one));
    }
    if like >= Like::V0_28_2 {
        jobs = jobs
            .route("/api/jobs/cancel", post(jobs::cancel_many))
            .route("/api/jobs/{id}/cancel", post(jobs::cancel))
            .route("/api/assets", get(info::no_assets))
            .route("/api/tags", get(info::no_assets));
    }
    let internal = Router::new()
        .route("/internal/logs", get(logs::text))
        .route("/internal/logs/raw", get(logs::raw))
        .route("/internal/logs/subscribe", patch(logs::subscribe))
        .route("/internal/files/{kind}", get(info::files_in));
    let own = Router::new().route("/practice/record", get(info::record));
    #[cfg(feature = "scenes")]
    let own = own.route("/practice/scene", post(info::scene));
    Router::new()
        .merge(everywhere(like))
        .nest("/api", everywhere(like))
        .merge(jobs)
        .merge(internal)
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .merge(own)
        .layer(middleware::from_fn_with_state(shared.clone(), gate::pass))
        .with_state(shared)
}

/// The routes that exist with and without `/api`.
fn everywhere(like: Like) -> Router<Arc<Shared>> {
    let mut router = Router::new();
    if like >= Like::V0_28_2 {
        router = router.route("/node_replacements", get(info::nothing));
    }
    router
        .route("/prompt", get(prompt::remaining).post(prompt::submit))
        .route("/queue", get(queue::show).post(queue::change))
        .route("/interrupt", post(queue::interrupt))
        .route("/free", post(queue::free))
        .route("/history", get(queue::history).post(queue::change_history))
        .route("/history/{id}", get(queue::history_of))
        .route("/view", get(files::view))
        .route("/upload/image", post(upload::image))
        .route("/upload/mask", post(upload::mask))
        .route("/object_info", get(info::object_info))
        .route("/object_info/{class}", get(info::object_info_of))
        .route("/system_stats", get(info::system_stats))
        .route("/features", get(info::features))
        .route("/models", get(info::models))
        .route("/models/{folder}", get(info::models_in))
        .route("/embeddings", get(info::embeddings))
        .route("/view_metadata/{folder}", get(info::no_metadata))
        .route("/i18n", get(info::nothing))
        .route("/workflow_templates", get(info::nothing))
        .route("/userdata", get(user::list))
        .route("/v2/userdata", get(user::list_all))
        .route("/userdata/{file}", get(user::read).post(user::write).delete(user::delete))
        .route("/userdata/{file}/move/{to}", post(user::rename))
        .route("/settings", get(user::settings).post(user::change_settings))
        .route("/settings/{id}", get(user::setting).post(user::change_setting))
        .route("/users", get(user::users).post(user::add_user))
        .route("/ws", get(socket::connect))
        .method_not_allowed_fallback(method_not_allowed)
}

/// What ComfyUI's file handler answers, which takes all paths that nothing else does.
async fn not_found(method: Method) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return method_not_allowed().await;
    }
    let headers = [(header::CONTENT_TYPE, "application/octet-stream")];
    (StatusCode::NOT_FOUND, headers, "").into_response()
}

async fn method_not_allowed() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, "405: Method Not Allowed").into_response()
}

/// A JSON answer, written the way Python writes it.
pub(crate) fn json_answer(status: StatusCode, value: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, headers, crate::python::dumps(value)).into_response()
}

/// `200` with JSON.
pub(crate) fn json_ok(value: &Value) -> Response {
    json_answer(StatusCode::OK, value)
}

/// The answer to input of an unexpected kind.
pub(crate) fn in_trouble() -> Response {
    let headers = [(header::CONNECTION, "close")];
    let text = "500 Internal Server Error\n\nServer got itself in trouble";
    (StatusCode::INTERNAL_SERVER_ERROR, headers, text).into_response()
}

/// Reads a request body up to the limit; beyond it the answer is 413.
pub(crate) async fn read_body(body: Body) -> Result<Bytes, Response> {
    to_bytes(body, LARGEST_BODY).await.map_err(|_| too_large())
}

pub(crate) fn too_large() -> Response {
    let text = format!("Maximum request body size {LARGEST_BODY} exceeded.");
    (StatusCode::PAYLOAD_TOO_LARGE, text).into_response()
}
