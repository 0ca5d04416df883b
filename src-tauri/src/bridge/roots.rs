//! The commands about the folders of the library.

use super::{
    commands::{Answer, Nothing},
    state::App,
};
use engine::view::RootView;
use serde::Deserialize;
use std::path::PathBuf;
use tauri::State;

#[derive(Debug, Deserialize)]
pub struct OneRoot {
    id: i64,
}

#[derive(Debug, Deserialize)]
pub struct AddRoot {
    path: PathBuf,
    watched: bool,
}

#[derive(Debug, Deserialize)]
pub struct PauseRoot {
    id: i64,
    paused: bool,
}

#[derive(Debug, Deserialize)]
pub struct WatchRoot {
    id: i64,
    watched: bool,
}

#[derive(Debug, Deserialize)]
pub struct MoveRoot {
    id: i64,
    path: PathBuf,
}

#[tauri::command]
pub async fn root_list(app: State<'_, App>, input: Nothing) -> Answer<Vec<RootView>> {
    let Nothing {} = input;
    Ok(app.engine.root_list().await)
}

#[tauri::command]
pub async fn root_add(app: State<'_, App>, input: AddRoot) -> Answer<RootView> {
    app.engine.root_add(input.path, input.watched).await
}

#[tauri::command]
pub async fn root_scan(app: State<'_, App>, input: OneRoot) -> Answer<()> {
    app.engine.root_scan(input.id).await
}

#[tauri::command]
pub async fn root_pause(app: State<'_, App>, input: PauseRoot) -> Answer<()> {
    app.engine.root_pause(input.id, input.paused).await
}

#[tauri::command]
pub async fn root_watch(app: State<'_, App>, input: WatchRoot) -> Answer<()> {
    app.engine.root_watch(input.id, input.watched).await
}

#[tauri::command]
pub async fn root_move(app: State<'_, App>, input: MoveRoot) -> Answer<()> {
    app.engine.root_move(input.id, input.path).await
}

#[tauri::command]
pub async fn root_remove(app: State<'_, App>, input: OneRoot) -> Answer<()> {
    app.engine.root_remove(input.id).await
}
