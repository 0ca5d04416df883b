//! `POST /prompt` and `GET /prompt`.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Connection, Shared, in_trouble, json_answer, json_ok, read_body};
use crate::like::Like;
use crate::queue::Item;
use crate::record::AskedAt;
use crate::run::{Verdict, validate};
use crate::scenes::Scene;
use crate::{python, unix_millis};

pub async fn remaining(State(shared): State<Arc<Shared>>) -> Response {
    json_ok(&json!({ "exec_info": { "queue_remaining": shared.queue.remaining() } }))
}

pub async fn submit(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Extension(asked): Extension<AskedAt>,
    body: Body,
) -> Response {
    let bytes = match read_body(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let body = python::loads(&bytes);
    if let Some(id) = body.as_ref().ok().and_then(|body| body["prompt_id"].as_str()) {
        shared.record.names_job(asked, id);
    }
    if shared.scenes.strikes(Scene::PromptLost) {
        return cut(&shared, &connection).await;
    }
    let answer = match body {
        Ok(body) => {
            // Checking looks at files, and long chains need time.
            let shared = shared.clone();
            tokio::task::spawn_blocking(move || accept(&shared, body))
                .await
                .unwrap_or_else(|_| in_trouble())
        }
        Err(_) => in_trouble(),
    };
    if shared.scenes.strikes(Scene::PromptDropped) {
        return cut(&shared, &connection).await;
    }
    if shared.scenes.is_on(Scene::PromptUnanswered) {
        connection.cut.cancelled().await;
    }
    if shared.scenes.is_on(Scene::PromptLate) {
        tokio::select! {
            () = shared.scenes.until_off(Scene::PromptLate) => {}
            () = shared.stop.cancelled() => {}
        }
    }
    answer
}

/// Cuts the connection; nothing is answered.
async fn cut(shared: &Shared, connection: &Connection) -> Response {
    connection.cut.cancel();
    // The connection's task ends and takes this with it; should it not, so does the stop.
    shared.stop.cancelled().await;
    in_trouble()
}

fn refuse(error: Value, node_errors: Value) -> Response {
    json_answer(StatusCode::BAD_REQUEST, &json!({ "error": error, "node_errors": node_errors }))
}

fn refuse_with(kind: &str, message: &str, details: &str) -> Response {
    let error = json!({
        "type": kind, "message": message, "details": details, "extra_info": {},
    });
    refuse(error, json!({}))
}

/// Checks the request and queues the job.
fn accept(shared: &Shared, mut body: Value) -> Response {
    shared.log("got prompt");
    let number = match body.get("number") {
        Some(given) => match python::float(given) {
            Ok(number) => json!(number),
            Err(_) => return in_trouble(),
        },
        None => json!(shared.queue.count(body.get("front").is_some_and(python::truthy))),
    };
    let Some(prompt) = body.get_mut("prompt").map(Value::take) else {
        return refuse_with("no_prompt", "No prompt provided", "No prompt provided");
    };
    let like = shared.config.like;
    let prompt_id = match body.get("prompt_id") {
        // Whatever it is, as text: null becomes "None".
        Some(given) if like < Like::V0_28_2 => python::text(given),
        None | Some(Value::Null) => Uuid::new_v4().to_string(),
        Some(Value::String(id)) if is_canonical(id) => id.clone(),
        Some(_) => {
            return refuse_with(
                "invalid_prompt_id",
                "prompt_id must be a valid UUID",
                "prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it \
                 to let the server generate one",
            );
        }
    };
    let Value::Object(mut prompt) = prompt else { return in_trouble() };
    let targets: Option<Vec<String>> = body
        .get("partial_execution_targets")
        .and_then(Value::as_array)
        .map(|ids| ids.iter().filter_map(|id| Some(id.as_str()?.to_string())).collect());
    match validate(&mut prompt, targets.as_deref(), &shared.folders, like) {
        Ok(None) => in_trouble(),
        Err(refused) => refuse(refused.error, refused.node_errors),
        Ok(Some(Verdict { outputs, node_errors })) => {
            let extra_data = extra_data(&mut body, like);
            let item = Item {
                number: number.clone(),
                prompt_id: prompt_id.clone(),
                prompt: Value::Object(prompt),
                extra_data,
                outputs,
            };
            let again = shared.scenes.strikes(Scene::IdReused).then(|| item.clone());
            shared.queue.add(item);
            if let Some(again) = again {
                let number = json!(shared.queue.count(false));
                shared.queue.add(Item { number, ..again });
            }
            json_ok(&json!({
                "prompt_id": prompt_id, "number": number, "node_errors": node_errors,
            }))
        }
    }
}

fn is_canonical(id: &str) -> bool {
    Uuid::try_parse(id).is_ok_and(|uuid| uuid.to_string() == id)
}

/// What is kept beside the graph: without keys to accounts, which ComfyUI strips too
/// since 0.8.0.
fn extra_data(body: &mut Value, like: Like) -> Value {
    let mut extra = match body.get_mut("extra_data").map(Value::take) {
        Some(Value::Object(extra)) => extra,
        _ => Map::new(),
    };
    if like >= Like::V0_8_0 {
        extra.shift_remove("auth_token_comfy_org");
        extra.shift_remove("api_key_comfy_org");
    }
    if let Some(client_id) = body.get_mut("client_id").map(Value::take) {
        extra.insert("client_id".into(), client_id);
    }
    if like >= Like::V0_8_0 {
        extra.insert("create_time".into(), json!(unix_millis()));
    }
    Value::Object(extra)
}
