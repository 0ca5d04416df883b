//! The commands about what is handed in, the workflow library, and what servers offer.

use super::{
    commands::{Answer, Nothing, OneServer},
    state::App,
};
use domain::{BatchId, ServerId, WorkflowHash};
use engine::{
    SubmitPaths, SubmitPictures, TakeTo,
    view::{
        AfterWatch, CheckView, CommandError, CommandErrorCode, GraphView, IntakeReport, OffersView,
        WatchView, WorkflowPage, WorkflowQuery,
    },
};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::path::PathBuf;
use tauri::{State, ipc::InvokeBody, ipc::Request};

/// The largest file that is taken by pasting.
const LARGEST_PASTE: usize = 256 << 20;

#[derive(Debug, Deserialize)]
pub struct Paths {
    paths: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
pub struct Submit {
    batch_id: BatchId,
    paths: Vec<PathBuf>,
    #[serde(default)]
    on_hold: bool,
    #[serde(default)]
    next: bool,
}

#[derive(Debug, Deserialize)]
pub struct Text {
    batch_id: BatchId,
    text: String,
    #[serde(default)]
    on_hold: bool,
}

#[derive(Debug, Deserialize)]
pub struct Pictures {
    batch_id: BatchId,
    paths: Vec<PathBuf>,
    workflow: WorkflowHash,
    node: String,
    input: String,
    on_hold: bool,
}

#[derive(Debug, Deserialize)]
pub struct Link {
    batch_id: BatchId,
    url: String,
    on_hold: bool,
}

#[derive(Debug, Deserialize)]
pub struct Workflows {
    query: WorkflowQuery,
}

#[derive(Debug, Deserialize)]
pub struct Named {
    structure: String,
    name: String,
}

#[derive(Debug, Deserialize)]
pub struct Pinned {
    structure: String,
    pinned: bool,
}

#[derive(Debug, Deserialize)]
pub struct Structures {
    structures: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct OneWorkflow {
    workflow: WorkflowHash,
}

#[derive(Debug, Deserialize)]
pub struct SetValue {
    workflow: WorkflowHash,
    node: String,
    input: String,
    value: String,
}

#[derive(Debug, Deserialize)]
pub struct Run {
    workflow: WorkflowHash,
    batch_id: BatchId,
    on_hold: bool,
}

#[derive(Debug, Deserialize)]
pub struct Export {
    workflow: WorkflowHash,
    path: PathBuf,
    drawn: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    Queue,
    Hold,
    Library,
}

#[derive(Debug, Deserialize)]
pub struct Take {
    id: ServerId,
    key: String,
    template: bool,
    batch_id: BatchId,
    to: To,
}

#[derive(Debug, Deserialize)]
pub struct Watch {
    folder: Option<PathBuf>,
    after: AfterWatch,
}

#[tauri::command]
pub async fn intake_inspect(app: State<'_, App>, input: Paths) -> Answer<IntakeReport> {
    app.engine.intake_inspect(input.paths).await
}

#[tauri::command]
pub async fn intake_submit(app: State<'_, App>, input: Submit) -> Answer<IntakeReport> {
    let Submit { batch_id, paths, on_hold, next } = input;
    app.engine.intake_submit(SubmitPaths { batch_id, paths, on_hold, next }).await
}

#[tauri::command]
pub async fn intake_text(app: State<'_, App>, input: Text) -> Answer<IntakeReport> {
    app.engine.intake_text(input.batch_id, input.text, input.on_hold).await
}

/// Takes a pasted file: its bytes are the request's body, its name and batch are headers.
#[tauri::command]
pub async fn intake_bytes(app: State<'_, App>, request: Request<'_>) -> Answer<IntakeReport> {
    let bad = |message: &str| CommandError::new(CommandErrorCode::BadInput, message);
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let name = header("x-name").unwrap_or("Pasted file");
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    let batch_id = header("x-batch-id").and_then(|id| id.parse().ok());
    let batch_id = batch_id.ok_or_else(|| bad("The paste came without an id."))?;
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(bad("The paste came without its bytes."));
    };
    if bytes.len() > LARGEST_PASTE {
        return Err(bad("What you pasted is larger than 256 MB. Drop the file instead."));
    }
    app.engine.intake_bytes(batch_id, name, bytes.clone()).await
}

#[tauri::command]
pub async fn intake_save(app: State<'_, App>, input: Paths) -> Answer<IntakeReport> {
    app.engine.intake_save(input.paths).await
}

#[tauri::command]
pub async fn intake_pictures(app: State<'_, App>, input: Pictures) -> Answer<IntakeReport> {
    let Pictures { batch_id, paths, workflow, node, input, on_hold } = input;
    let submit = SubmitPictures { batch_id, paths, workflow, node, input, on_hold };
    app.engine.intake_pictures(submit).await
}

#[tauri::command]
pub async fn intake_link(app: State<'_, App>, input: Link) -> Answer<IntakeReport> {
    app.engine.intake_link(input.batch_id, &input.url, input.on_hold).await
}

#[tauri::command]
pub async fn workflow_list(app: State<'_, App>, input: Workflows) -> Answer<WorkflowPage> {
    app.engine.workflow_list(input.query).await
}

#[tauri::command]
pub async fn workflow_rename(app: State<'_, App>, input: Named) -> Answer<()> {
    app.engine.workflow_rename(&input.structure, &input.name).await
}

#[tauri::command]
pub async fn workflow_pin(app: State<'_, App>, input: Pinned) -> Answer<()> {
    app.engine.workflow_pin(&input.structure, input.pinned).await
}

#[tauri::command]
pub async fn workflow_remove(app: State<'_, App>, input: Structures) -> Answer<()> {
    app.engine.workflow_remove(&input.structures).await
}

#[tauri::command]
pub async fn workflow_restore(app: State<'_, App>, input: Structures) -> Answer<()> {
    app.engine.workflow_restore(&input.structures).await
}

#[tauri::command]
pub async fn workflow_nodes(app: State<'_, App>, input: OneWorkflow) -> Answer<GraphView> {
    app.engine.workflow_nodes(&input.workflow).await
}

#[tauri::command]
pub async fn workflow_check(app: State<'_, App>, input: OneWorkflow) -> Answer<CheckView> {
    app.engine.workflow_check(&input.workflow).await
}

#[tauri::command]
pub async fn workflow_set_value(app: State<'_, App>, input: SetValue) -> Answer<WorkflowHash> {
    let SetValue { workflow, node, input, value } = input;
    app.engine.workflow_set_value(&workflow, &node, &input, &value).await
}

#[tauri::command]
pub async fn workflow_run(app: State<'_, App>, input: Run) -> Answer<IntakeReport> {
    app.engine.workflow_run(&input.workflow, input.batch_id, input.on_hold).await
}

#[tauri::command]
pub async fn workflow_export(app: State<'_, App>, input: Export) -> Answer<()> {
    app.engine.workflow_export(&input.workflow, input.path, input.drawn).await
}

#[tauri::command]
pub async fn server_offers(app: State<'_, App>, input: OneServer) -> Answer<OffersView> {
    app.engine.server_offers(input.id).await
}

#[tauri::command]
pub async fn server_take(app: State<'_, App>, input: Take) -> Answer<IntakeReport> {
    let to = match input.to {
        To::Queue => TakeTo::Queue,
        To::Hold => TakeTo::Hold,
        To::Library => TakeTo::Library,
    };
    app.engine.server_take(input.id, &input.key, input.template, input.batch_id, to).await
}

#[tauri::command]
pub async fn watch_get(app: State<'_, App>, input: Nothing) -> Answer<WatchView> {
    let Nothing {} = input;
    Ok(app.engine.watch_get())
}

#[tauri::command]
pub async fn watch_set(app: State<'_, App>, input: Watch) -> Answer<WatchView> {
    app.engine.watch_set(input.folder, input.after).await
}
