//! The one channel to the page. A page that loads again replaces it.

use super::state::App;
use engine::view::{CommandError, StreamMessage};
use serde::Deserialize;
use tauri::{State, ipc::Channel};

/// What `stream_open` takes.
#[derive(Debug, Deserialize)]
pub struct Open {
    since: Option<u64>,
}

/// Opens the stream. It begins with what was missed since fact `since`, or with a snapshot.
#[tauri::command]
pub async fn stream_open(
    app: State<'_, App>,
    input: Open,
    channel: Channel<StreamMessage>,
) -> Result<(), CommandError> {
    let mut messages = app.engine.open_stream(input.since);
    let feeding = tokio::spawn(async move {
        while let Some(message) = messages.recv().await {
            // The page has gone; the next one opens a stream of its own.
            if channel.send(message).is_err() {
                return;
            }
        }
    });
    if let Some(before) = app.stream.lock().await.replace(feeding.abort_handle()) {
        before.abort();
    }
    Ok(())
}

/// What `stream_visible` takes.
#[derive(Debug, Deserialize)]
pub struct Visible {
    visible: bool,
}

/// Says whether anybody can see the page: pulses pause while nobody can.
#[tauri::command]
pub async fn stream_visible(app: State<'_, App>, input: Visible) -> Result<(), CommandError> {
    app.engine.set_visible(input.visible);
    Ok(())
}
