//! The commands: each takes one struct, asks the engine, and answers. Nothing is decided here.

use super::state::App;
use crate::shell::{lifecycle, settings::Settings, windows};
use domain::{AssetId, BatchId, JobId, ServerId};
use engine::{
    ServerInput, Which,
    view::{
        AssetView, CheckView, CommandError, CommandErrorCode, EditorView, EditorsView,
        IntakeReport, JobDetail, JobView, LibraryView, ProbeView, ServerView,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::PathBuf;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

pub(super) type Answer<T> = Result<T, CommandError>;

#[derive(Debug, Deserialize)]
pub struct Nothing {}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichJobs {
    Open,
    Finished,
}

#[derive(Debug, Deserialize)]
pub struct ListJobs {
    which: WhichJobs,
    offset: u32,
    limit: u32,
}

#[derive(Debug, Deserialize)]
pub struct OneJob {
    id: JobId,
}

#[derive(Debug, Deserialize)]
pub struct Jobs {
    ids: Vec<JobId>,
}

#[derive(Debug, Deserialize)]
pub struct Hold {
    ids: Vec<JobId>,
    on_hold: bool,
}

#[derive(Debug, Deserialize)]
pub struct StartAt {
    ids: Vec<JobId>,
    at: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Move {
    ids: Vec<JobId>,
    before: Option<JobId>,
}

#[derive(Debug, Deserialize)]
pub struct Edit {
    id: JobId,
    prompt: String,
}

#[derive(Debug, Deserialize)]
pub struct SetValue {
    id: JobId,
    node: String,
    input: String,
    value: String,
}

#[derive(Debug, Deserialize)]
pub struct Rename {
    id: BatchId,
    name: String,
}

#[derive(Debug, Deserialize)]
pub struct Group {
    id: BatchId,
    ids: Vec<JobId>,
    name: String,
}

#[derive(Debug, Deserialize)]
pub struct Export {
    path: PathBuf,
    ids: Vec<JobId>,
}

#[derive(Debug, Deserialize)]
pub struct Pause {
    paused: bool,
}

#[derive(Debug, Deserialize)]
pub struct Address {
    address: String,
}

#[derive(Debug, Deserialize)]
pub struct Server {
    id: ServerId,
    name: String,
    address: String,
    max_held: u32,
    outputs: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
pub struct OneServer {
    pub(super) id: ServerId,
}

#[derive(Debug, Deserialize)]
pub struct PauseServer {
    id: ServerId,
    paused: bool,
}

#[derive(Debug, Deserialize)]
pub struct Assets {
    ids: Vec<AssetId>,
}

#[derive(Debug, Deserialize)]
pub struct OneAsset {
    id: AssetId,
}

#[derive(Debug, Deserialize)]
pub struct Rerun {
    ids: Vec<AssetId>,
    batch_id: BatchId,
    new_seed: bool,
}

#[derive(Debug, Deserialize)]
pub struct AtServer {
    id: AssetId,
    server: ServerId,
}

#[derive(Debug, Deserialize)]
pub struct AllAtServer {
    keys: Vec<u32>,
    server: ServerId,
}

#[derive(Debug, Deserialize)]
pub struct Patch {
    patch: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
pub struct Folder {
    path: PathBuf,
}

/// What the app says about itself.
#[derive(Debug, Serialize)]
pub struct AppInfo {
    version: String,
    os: &'static str,
    data_dir: String,
    web_view: Option<String>,
}

#[tauri::command]
pub async fn job_list(app: State<'_, App>, input: ListJobs) -> Answer<Vec<JobView>> {
    let which = match input.which {
        WhichJobs::Open => Which::Open,
        WhichJobs::Finished => Which::Finished,
    };
    app.engine.job_list(which, input.offset, input.limit).await
}

#[tauri::command]
pub async fn job_get(app: State<'_, App>, input: OneJob) -> Answer<JobDetail> {
    app.engine.job_get(input.id).await
}

#[tauri::command]
pub async fn job_workflow(app: State<'_, App>, input: OneJob) -> Answer<String> {
    app.engine.job_workflow(input.id).await
}

#[tauri::command]
pub async fn job_cancel(app: State<'_, App>, input: Jobs) -> Answer<()> {
    app.engine.job_cancel(input.ids).await
}

#[tauri::command]
pub async fn job_hold(app: State<'_, App>, input: Hold) -> Answer<()> {
    app.engine.job_hold(input.ids, input.on_hold).await
}

#[tauri::command]
pub async fn job_retry(app: State<'_, App>, input: Jobs) -> Answer<()> {
    app.engine.job_retry(input.ids).await
}

#[tauri::command]
pub async fn job_duplicate(app: State<'_, App>, input: Jobs) -> Answer<()> {
    app.engine.job_duplicate(input.ids).await
}

#[tauri::command]
pub async fn job_remove(app: State<'_, App>, input: Jobs) -> Answer<()> {
    app.engine.job_remove(input.ids).await
}

#[tauri::command]
pub async fn job_restore(app: State<'_, App>, input: Jobs) -> Answer<()> {
    app.engine.job_restore(input.ids).await
}

#[tauri::command]
pub async fn job_move(app: State<'_, App>, input: Move) -> Answer<()> {
    app.engine.job_move(input.ids, input.before).await
}

#[tauri::command]
pub async fn job_run_next(app: State<'_, App>, input: Jobs) -> Answer<()> {
    app.engine.job_run_next(input.ids).await
}

#[tauri::command]
pub async fn job_seen(app: State<'_, App>, input: Jobs) -> Answer<()> {
    app.engine.job_seen(input.ids).await
}

#[tauri::command]
pub async fn job_edit(app: State<'_, App>, input: Edit) -> Answer<()> {
    app.engine.job_edit(input.id, &input.prompt).await
}

#[tauri::command]
pub async fn job_check(app: State<'_, App>, input: OneJob) -> Answer<CheckView> {
    app.engine.job_check(input.id).await
}

#[tauri::command]
pub async fn job_set_value(app: State<'_, App>, input: SetValue) -> Answer<JobId> {
    let SetValue { id, node, input, value } = input;
    app.engine.job_set_value(id, &node, &input, &value).await
}

#[tauri::command]
pub async fn job_start_at(app: State<'_, App>, input: StartAt) -> Answer<()> {
    app.engine.job_start_at(input.ids, input.at).await
}

#[tauri::command]
pub async fn batch_rename(app: State<'_, App>, input: Rename) -> Answer<()> {
    app.engine.batch_rename(input.id, &input.name).await
}

#[tauri::command]
pub async fn batch_group(app: State<'_, App>, input: Group) -> Answer<()> {
    app.engine.batch_group(input.id, input.ids, &input.name).await
}

#[tauri::command]
pub async fn batch_ungroup(app: State<'_, App>, input: Jobs) -> Answer<()> {
    app.engine.batch_ungroup(input.ids).await
}

#[tauri::command]
pub async fn queue_export(app: State<'_, App>, input: Export) -> Answer<u32> {
    app.engine.queue_export(input.path, input.ids).await
}

#[tauri::command]
pub async fn queue_pause(app: State<'_, App>, input: Pause) -> Answer<()> {
    let free = input.paused && app.settings.read().free_on_pause;
    app.engine.queue_pause(input.paused, free).await
}

#[tauri::command]
pub async fn server_free(app: State<'_, App>, input: OneServer) -> Answer<()> {
    app.engine.server_free(input.id).await
}

#[tauri::command]
pub async fn queue_clear(app: State<'_, App>, input: Nothing) -> Answer<Vec<JobId>> {
    let Nothing {} = input;
    app.engine.queue_clear().await
}

#[tauri::command]
pub async fn server_probe(app: State<'_, App>, input: Address) -> Answer<ProbeView> {
    Ok(app.engine.server_probe(&input.address).await)
}

#[tauri::command]
pub async fn server_add(app: State<'_, App>, input: Server) -> Answer<ServerView> {
    app.engine.server_add(input.into()).await
}

#[tauri::command]
pub async fn server_edit(app: State<'_, App>, input: Server) -> Answer<ServerView> {
    app.engine.server_edit(input.into()).await
}

#[tauri::command]
pub async fn server_remove(app: State<'_, App>, input: OneServer) -> Answer<()> {
    if app.engine.practice_server() == Some(input.id) {
        return app.practice.stop(&app).await;
    }
    app.engine.server_remove(input.id).await
}

#[tauri::command]
pub async fn server_pause(app: State<'_, App>, input: PauseServer) -> Answer<()> {
    app.engine.server_pause(input.id, input.paused).await
}

#[tauri::command]
pub async fn server_reconnect(app: State<'_, App>, input: OneServer) -> Answer<()> {
    app.engine.server_reconnect(input.id).await
}

#[tauri::command]
pub async fn practice_start(app: State<'_, App>, input: Nothing) -> Answer<ServerView> {
    let Nothing {} = input;
    app.practice.start(&app.engine, &app.settings).await
}

#[tauri::command]
pub async fn practice_stop(app: State<'_, App>, input: Nothing) -> Answer<()> {
    let Nothing {} = input;
    app.practice.stop(&app).await
}

#[tauri::command]
pub async fn asset_get(app: State<'_, App>, input: Assets) -> Answer<Vec<AssetView>> {
    app.engine.asset_get(input.ids).await
}

#[tauri::command]
pub async fn asset_rerun(app: State<'_, App>, input: Rerun) -> Answer<IntakeReport> {
    app.engine.asset_rerun(&input.ids, input.batch_id, input.new_seed).await
}

/// Saves the workflow of an output at a server and opens the server's page in the system's browser.
#[tauri::command]
pub async fn editor_open(
    handle: AppHandle,
    app: State<'_, App>,
    input: AtServer,
) -> Answer<EditorView> {
    let mut saved = app.engine.editor_save(input.id, input.server).await?;
    saved.trouble = open_editor(&handle, &saved.url);
    Ok(saved)
}

/// The same for several outputs: the page is opened once, if any of their workflows is there.
#[tauri::command]
pub async fn editor_open_all(
    handle: AppHandle,
    app: State<'_, App>,
    input: AllAtServer,
) -> Answer<EditorsView> {
    let mut all = app.engine.editor_save_all(&input.keys, input.server).await?;
    if all.saved + all.existed > 0 {
        all.trouble = open_editor(&handle, &all.url);
    }
    Ok(all)
}

/// Opens the page in the browser. Answers with why it could not, as a sentence.
fn open_editor(handle: &AppHandle, url: &str) -> Option<String> {
    let error = handle.opener().open_url(url, None::<&str>).err()?;
    tracing::warn!(%error, "no browser could be opened");
    Some(format!("No browser could be opened here. The page is {url}."))
}

#[tauri::command]
pub async fn asset_workflow(app: State<'_, App>, input: OneAsset) -> Answer<String> {
    app.engine.asset_workflow(input.id).await
}

#[tauri::command]
pub async fn asset_path(app: State<'_, App>, input: OneAsset) -> Answer<String> {
    Ok(app.engine.asset_path(input.id).await?.display().to_string())
}

#[tauri::command]
pub async fn asset_reveal(handle: AppHandle, app: State<'_, App>, input: OneAsset) -> Answer<()> {
    let path = app.engine.asset_path(input.id).await?;
    handle.opener().reveal_item_in_dir(&path).map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: format!("No file manager could be opened. The file is {}.", path.display()),
        details: Some(error.to_string()),
        retry: false,
    })
}

#[tauri::command]
pub async fn settings_get(app: State<'_, App>, input: Nothing) -> Answer<Settings> {
    let Nothing {} = input;
    Ok(app.settings.read())
}

#[tauri::command]
pub async fn settings_set(app: State<'_, App>, input: Patch) -> Answer<Settings> {
    let settings = app.settings.patch(&input.patch);
    app.engine.set_policy(settings.policy());
    Ok(settings)
}

#[tauri::command]
pub async fn library_set(app: State<'_, App>, input: Folder) -> Answer<LibraryView> {
    if !input.path.is_absolute() {
        return Err(CommandError::new(
            CommandErrorCode::BadInput,
            "Choose a folder by its full path.",
        ));
    }
    let library = app.engine.library_set(input.path).await?;
    // As the library calls it: it may be known by another path.
    app.settings.set("library", library.path.clone());
    Ok(library)
}

#[tauri::command]
pub async fn app_info(handle: AppHandle, app: State<'_, App>, input: Nothing) -> Answer<AppInfo> {
    let Nothing {} = input;
    Ok(AppInfo {
        version: handle.package_info().version.to_string(),
        os: std::env::consts::OS,
        data_dir: app.places.data.display().to_string(),
        web_view: tauri::webview_version().ok(),
    })
}

#[tauri::command]
pub async fn window_hide(handle: AppHandle, input: Nothing) -> Answer<()> {
    let Nothing {} = input;
    windows::hide(&handle);
    Ok(())
}

#[tauri::command]
pub async fn window_second(handle: AppHandle, input: Nothing) -> Answer<()> {
    let Nothing {} = input;
    windows::second(&handle).map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: "The second window could not be opened.".to_owned(),
        details: Some(error.to_string()),
        retry: false,
    })
}

#[tauri::command]
pub async fn app_quit(handle: AppHandle, input: Nothing) -> Answer<()> {
    let Nothing {} = input;
    lifecycle::quit(&handle);
    Ok(())
}

#[tauri::command]
pub async fn app_restart(handle: AppHandle, input: Nothing) -> Answer<()> {
    let Nothing {} = input;
    lifecycle::restart(&handle);
    Ok(())
}

impl From<Server> for ServerInput {
    fn from(server: Server) -> Self {
        let Server { id, name, address, max_held, outputs } = server;
        Self { id, name, address, max_held, outputs }
    }
}
