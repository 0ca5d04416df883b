//! The commands about composing: knobs, drafts, inputs, starters and sheets.

use super::{
    commands::{Answer, Nothing},
    state::App,
};
use domain::{AssetId, BatchId, DraftId, JobId, ServerId};
use engine::{
    SheetPicture, ValuesFrom,
    view::{
        AxisValues, CellsView, ChoicesView, CommandError, CommandErrorCode, ComposeSource,
        ComposeState, ComposeView, ExportForm, Fit, KnobChoice, KnobValue, Marked, MarkedCell,
        PictureIn, PicturesIn, PlanView, PresetView, QueuedView, SheetView, StartView,
        WildcardsView, WorkView,
    },
};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tauri::{
    AppHandle, State,
    ipc::{InvokeBody, Request},
};
use tauri_plugin_opener::OpenerExt;

/// The largest file that is taken by pasting, and the largest mask.
const LARGEST_PASTE: usize = 256 << 20;

#[derive(Debug, Deserialize)]
pub struct Open {
    source: ComposeSource,
}

#[derive(Debug, Deserialize)]
pub struct Draft {
    draft: DraftId,
    state: ComposeState,
}

#[derive(Debug, Deserialize)]
pub struct Cells {
    draft: DraftId,
    state: ComposeState,
    first: u32,
    limit: u32,
}

#[derive(Debug, Deserialize)]
pub struct Queue {
    draft: DraftId,
    batch_id: BatchId,
    state: ComposeState,
    test: bool,
}

#[derive(Debug, Deserialize)]
pub struct Choices {
    draft: DraftId,
    node: String,
    input: String,
    words: String,
    limit: u32,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum From {
    Last,
    Job { id: JobId },
    Asset { id: AssetId },
    Text { text: String },
}

#[derive(Debug, Deserialize)]
pub struct Values {
    draft: DraftId,
    from: From,
}

#[derive(Debug, Serialize)]
pub struct Found {
    values: Vec<KnobValue>,
    notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Export {
    draft: DraftId,
    state: ComposeState,
    path: PathBuf,
    form: ExportForm,
}

#[derive(Debug, Deserialize)]
pub struct Path {
    path: PathBuf,
}

#[derive(Debug, Deserialize)]
pub struct Paths {
    paths: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
pub struct OneInput {
    json: String,
}

#[derive(Debug, Deserialize)]
pub struct OneAsset {
    id: AssetId,
}

#[derive(Debug, Deserialize)]
pub struct Fitted {
    json: String,
    width: u32,
    height: u32,
    fit: Fit,
}

#[derive(Debug, Deserialize)]
pub struct OneDraft {
    id: DraftId,
}

#[derive(Debug, Deserialize)]
pub struct Preset {
    structure: String,
    preset: PresetView,
}

#[derive(Debug, Deserialize)]
pub struct PresetName {
    structure: String,
    name: String,
}

#[derive(Debug, Deserialize)]
pub struct Arrange {
    structure: String,
    knobs: Vec<KnobChoice>,
}

#[derive(Debug, Deserialize)]
pub struct Start {
    server: Option<ServerId>,
}

#[derive(Debug, Deserialize)]
pub struct Sheet {
    batch: BatchId,
}

#[derive(Debug, Deserialize)]
pub struct Extend {
    batch: BatchId,
    axis: u32,
    values: AxisValues,
    batch_id: BatchId,
}

#[tauri::command]
pub async fn compose_open(app: State<'_, App>, input: Open) -> Answer<ComposeView> {
    app.engine.compose_open(input.source).await
}

#[tauri::command]
pub async fn compose_save(app: State<'_, App>, input: Draft) -> Answer<()> {
    app.engine.compose_save(input.draft, input.state).await
}

#[tauri::command]
pub async fn compose_plan(app: State<'_, App>, input: Draft) -> Answer<PlanView> {
    app.engine.compose_plan(input.draft, input.state).await
}

#[tauri::command]
pub async fn compose_cells(app: State<'_, App>, input: Cells) -> Answer<CellsView> {
    let Cells { draft, state, first, limit } = input;
    app.engine.compose_cells(draft, state, first, limit).await
}

#[tauri::command]
pub async fn compose_queue(app: State<'_, App>, input: Queue) -> Answer<QueuedView> {
    let Queue { draft, batch_id, state, test } = input;
    app.engine.compose_queue(draft, batch_id, state, test).await
}

#[tauri::command]
pub async fn compose_choices(app: State<'_, App>, input: Choices) -> Answer<ChoicesView> {
    let Choices { draft, node, input, words, limit } = input;
    app.engine.compose_choices(draft, &node, &input, &words, limit).await
}

#[tauri::command]
pub async fn compose_values(app: State<'_, App>, input: Values) -> Answer<Found> {
    let from = match input.from {
        From::Last => ValuesFrom::Last,
        From::Job { id } => ValuesFrom::Job(id),
        From::Asset { id } => ValuesFrom::Asset(id),
        From::Text { text } => ValuesFrom::Text(text),
    };
    let (values, notes) = app.engine.compose_values(input.draft, from).await?;
    Ok(Found { values, notes })
}

#[tauri::command]
pub async fn compose_export(app: State<'_, App>, input: Export) -> Answer<()> {
    let Export { draft, state, path, form } = input;
    app.engine.compose_export(draft, state, path, form).await
}

#[tauri::command]
pub async fn input_take(app: State<'_, App>, input: Path) -> Answer<PictureIn> {
    app.engine.input_take(input.path).await
}

#[tauri::command]
pub async fn input_take_all(app: State<'_, App>, input: Paths) -> Answer<PicturesIn> {
    app.engine.input_take_all(input.paths).await
}

#[tauri::command]
pub async fn input_get(app: State<'_, App>, input: OneInput) -> Answer<Option<PictureIn>> {
    app.engine.input_get(input.json).await
}

#[tauri::command]
pub async fn text_take(app: State<'_, App>, input: Path) -> Answer<String> {
    app.engine.text_take(input.path).await
}

#[tauri::command]
pub async fn input_take_asset(app: State<'_, App>, input: OneAsset) -> Answer<PictureIn> {
    app.engine.input_take_asset(input.id).await
}

#[tauri::command]
pub async fn input_fit(app: State<'_, App>, input: Fitted) -> Answer<PictureIn> {
    app.engine.input_fit(&input.json, (input.width, input.height), input.fit).await
}

/// Keeps a pasted picture: its bytes are the request's body, its name is a header.
#[tauri::command]
pub async fn input_bytes(app: State<'_, App>, request: Request<'_>) -> Answer<PictureIn> {
    let (name, bytes) = body_of(&request, "x-name")?;
    app.engine.input_bytes(&name, bytes).await
}

/// Puts a mask into a picture: the mask is the request's body, the picture's value is a header.
#[tauri::command]
pub async fn input_mask(app: State<'_, App>, request: Request<'_>) -> Answer<PictureIn> {
    let (picture, mask) = body_of(&request, "x-picture")?;
    app.engine.input_mask(&picture, mask).await
}

/// A request's header and its bytes, at most 256 MB of them.
///
/// # Errors
/// When one of both is missing, or there are more.
pub(super) fn body_of(
    request: &Request<'_>,
    header: &str,
) -> Result<(String, Vec<u8>), CommandError> {
    let bad = |message: &str| CommandError::new(CommandErrorCode::BadInput, message);
    let text = request.headers().get(header).and_then(|value| value.to_str().ok());
    let text = text.ok_or_else(|| bad("The picture came without its name."))?;
    let text = percent_decode_str(text).decode_utf8_lossy().into_owned();
    match request.body() {
        InvokeBody::Raw(bytes) if bytes.len() <= LARGEST_PASTE => Ok((text, bytes.clone())),
        InvokeBody::Raw(_) => {
            Err(bad("What you pasted is larger than 256 MB. Drop the file instead."))
        }
        InvokeBody::Json(_) => Err(bad("The picture came without its bytes.")),
    }
}

#[tauri::command]
pub async fn draft_discard(app: State<'_, App>, input: OneDraft) -> Answer<()> {
    app.engine.draft_discard(input.id).await
}

#[tauri::command]
pub async fn draft_restore(app: State<'_, App>, input: OneDraft) -> Answer<()> {
    app.engine.draft_restore(input.id).await
}

#[tauri::command]
pub async fn preset_save(app: State<'_, App>, input: Preset) -> Answer<()> {
    app.engine.preset_save(&input.structure, input.preset).await
}

#[tauri::command]
pub async fn preset_remove(app: State<'_, App>, input: PresetName) -> Answer<()> {
    app.engine.preset_remove(&input.structure, &input.name).await
}

#[tauri::command]
pub async fn knobs_arrange(app: State<'_, App>, input: Arrange) -> Answer<()> {
    app.engine.knobs_arrange(&input.structure, input.knobs).await
}

#[tauri::command]
pub async fn start_get(app: State<'_, App>, input: Start) -> Answer<StartView> {
    app.engine.start_get(input.server).await
}

#[tauri::command]
pub async fn sheet_get(app: State<'_, App>, input: Sheet) -> Answer<SheetView> {
    app.engine.sheet_get(input.batch).await
}

#[tauri::command]
pub async fn sheet_extend(app: State<'_, App>, input: Extend) -> Answer<QueuedView> {
    let Extend { batch, axis, values, batch_id } = input;
    app.engine.sheet_extend(batch, axis, values, batch_id).await
}

#[derive(Debug, Deserialize)]
pub struct SheetAgain {
    batch: BatchId,
    cells: Vec<Vec<u32>>,
    batch_id: BatchId,
}

#[tauri::command]
pub async fn sheet_again(app: State<'_, App>, input: SheetAgain) -> Answer<QueuedView> {
    let SheetAgain { batch, cells, batch_id } = input;
    app.engine.sheet_again(batch, cells, batch_id).await
}

#[derive(Debug, Deserialize)]
pub struct Marks {
    batch: BatchId,
    cells: Vec<MarkedCell>,
}

#[tauri::command]
pub async fn sheet_mark(app: State<'_, App>, input: Marks) -> Answer<Marked> {
    app.engine.sheet_mark(input.batch, input.cells).await
}

#[derive(Debug, Deserialize)]
pub struct SheetExport {
    batch: BatchId,
    layer: u32,
    swapped: bool,
    to: PathBuf,
}

#[tauri::command]
pub async fn sheet_export(app: State<'_, App>, input: SheetExport) -> Answer<WorkView> {
    let SheetExport { batch, layer, swapped, to } = input;
    app.engine.sheet_export(SheetPicture { batch, layer, swapped, to }).await
}

#[derive(Debug, Deserialize)]
pub struct Defaults {
    structure: String,
    values: Vec<KnobValue>,
}

#[tauri::command]
pub async fn defaults_save(app: State<'_, App>, input: Defaults) -> Answer<Option<PresetView>> {
    app.engine.defaults_save(&input.structure, input.values).await
}

#[tauri::command]
pub async fn wildcards_get(app: State<'_, App>, input: Nothing) -> Answer<WildcardsView> {
    let Nothing {} = input;
    app.engine.wildcards_get().await
}

#[tauri::command]
pub async fn wildcards_open(
    handle: AppHandle,
    app: State<'_, App>,
    input: Nothing,
) -> Answer<String> {
    let Nothing {} = input;
    let folder = app.engine.wildcards_folder().await?;
    let shown = folder.display().to_string();
    handle.opener().open_path(&shown, None::<&str>).map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: format!("No file manager could be opened. The folder is {shown}."),
        details: Some(error.to_string()),
        retry: false,
    })?;
    Ok(shown)
}
