//! `/ws`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{ConnectInfo, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::info::feature_flags;
use super::{Connection, Shared};
use crate::hub::{Frame, Joined};
use crate::python;
use crate::scenes::Scene;

/// Longest message a client may send, in bytes; what it has to say is short.
const LONGEST_MESSAGE: usize = 1 << 20;
/// How late frames are in [`Scene::EventsLate`].
const LATE: Duration = Duration::from_millis(200);
/// A half-open connection that nobody gives up on ends after this.
const LONGEST_DEATH: Duration = Duration::from_secs(600);

pub async fn connect(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    Query(query): Query<HashMap<String, String>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) if !shared.scenes.strikes(Scene::SocketsRefused) => upgrade,
        _ => {
            let text = "No WebSocket UPGRADE hdr: None\n Can \"Upgrade\" only to \"WebSocket\".";
            return (StatusCode::BAD_REQUEST, text).into_response();
        }
    };
    let client_id = query
        .get("clientId")
        .filter(|id| !id.is_empty())
        .cloned()
        .unwrap_or_else(|| Uuid::new_v4().simple().to_string());
    upgrade.max_message_size(LONGEST_MESSAGE).on_upgrade(move |socket| {
        let tracked = shared.sockets.clone();
        tracked.track_future(talk(shared, connection, client_id, socket))
    })
}

async fn talk(
    shared: Arc<Shared>,
    connection: Connection,
    client_id: String,
    mut socket: WebSocket,
) {
    let mut joined = None;
    shared.queue.greeting(&client_id, |first| {
        joined = Some(shared.hub.join(&client_id, connection.cut.clone(), first));
    });
    let Some(Joined { number, mut frames, ends }) = joined else { return };
    let mut first_text = true;
    let mut replaced = false;
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => {
                let close = CloseFrame { code: close_code::AWAY, reason: "".into() };
                let _ = socket.send(Message::Close(Some(close))).await;
                break;
            }
            () = ends.dead.cancelled() => {
                // Open, and deaf and dumb, until the other end gives up on it.
                tokio::select! {
                    () = shared.stop.cancelled() => {}
                    () = connection.cut.cancelled() => {}
                    () = tokio::time::sleep(LONGEST_DEATH) => {}
                }
                break;
            }
            frame = frames.recv(), if !replaced => match frame {
                Some(frame) => {
                    if send(&shared, &mut socket, frame, &mut frames).await.is_err() {
                        break;
                    }
                }
                // Another socket has this client id now; this one stays open and hears
                // nothing more.
                None => replaced = true,
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    // Flags count only in the first text.
                    if std::mem::take(&mut first_text)
                        && let Some(metadata) = announced(&text)
                    {
                        let answer = json!({ "type": "feature_flags", "data": feature_flags(shared.config.like) });
                        shared.hub.flags(&client_id, metadata, &answer);
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    shared.logs.left(&client_id);
    shared.hub.leave(&client_id, number);
}

/// Sends a frame, with the one after it before it if the two change places. When none
/// comes after it, it is only late.
async fn send(
    shared: &Shared,
    socket: &mut WebSocket,
    frame: Frame,
    frames: &mut mpsc::Receiver<Frame>,
) -> Result<(), axum::Error> {
    if shared.scenes.strikes(Scene::EventsLate) {
        tokio::time::sleep(LATE).await;
    }
    if frame.overtaken
        && let Ok(Some(next)) = tokio::time::timeout(LATE, frames.recv()).await
    {
        socket.send(next.message).await?;
    }
    socket.send(frame.message).await
}

/// If this is a `feature_flags` message, whether it has `supports_preview_metadata`.
fn announced(text: &str) -> Option<bool> {
    let message: Value = serde_json::from_str(text).ok()?;
    (message["type"] == "feature_flags")
        .then(|| python::truthy(&message["data"]["supports_preview_metadata"]))
}
