//! The commands about the library: questions, marks, tags, collections, exports.

use super::{commands::Answer, compose::body_of, state::App};
use crate::shell::{clipboard, drag};
use domain::AssetId;
use engine::{
    Copied,
    view::{
        AssetDetail, BackupPlan, BackupView, BinView, CollectionView, CommandError,
        CommandErrorCode, CompletionView, CopiedView, ExportPlan, FacetView, LibraryAnswer,
        LibraryCell, LibraryQuery, Mark, Marked, NameCount, Unstripped, UpkeepView, WorkView,
        WorkflowCount,
    },
};
use serde::{Deserialize, Serialize};
use std::{collections::HashSet, path::PathBuf};
use tauri::{
    AppHandle, State, WebviewWindow,
    ipc::{InvokeBody, Request, Response},
};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_opener::OpenerExt;

/// More files are not put into the clipboard at once.
const MOST_COPIED: usize = 10_000;
/// The largest drawn picture that the engine takes, in bytes.
const LARGEST_DRAWN: usize = 8 << 20;
/// More folders are not opened at once.
const MOST_FOLDERS: usize = 10;

#[derive(Debug, Deserialize)]
pub struct Question {
    query: LibraryQuery,
}

#[derive(Debug, Deserialize)]
pub struct Ticket {
    ticket: u32,
}

#[derive(Debug, Deserialize)]
pub struct Keys {
    keys: Vec<u32>,
}

#[derive(Debug, Deserialize)]
pub struct Stack {
    ticket: u32,
    key: u32,
}

#[derive(Debug, Deserialize)]
pub struct Cells {
    ticket: u32,
    keys: Vec<u32>,
}

#[derive(Debug, Deserialize)]
pub struct Typed {
    text: String,
    caret: u32,
}

#[derive(Debug, Deserialize)]
pub struct OneKey {
    key: u32,
}

#[derive(Debug, Deserialize)]
pub struct OneId {
    id: AssetId,
}

#[derive(Debug, Deserialize)]
pub struct OneFile {
    key: u32,
    path: String,
}

#[derive(Debug, Deserialize)]
pub struct Marking {
    keys: Vec<u32>,
    mark: Mark,
}

#[derive(Debug, Deserialize)]
pub struct Undo {
    undo: u32,
}

#[derive(Debug, Deserialize)]
pub struct SomeKeys {
    keys: Option<Vec<u32>>,
}

#[derive(Debug, Deserialize)]
pub struct Renamed {
    name: String,
    to: String,
}

#[derive(Debug, Deserialize)]
pub struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
pub struct NewCollection {
    name: String,
    text: String,
}

#[derive(Debug, Deserialize)]
pub struct NamedCollection {
    id: i64,
    name: String,
}

#[derive(Debug, Deserialize)]
pub struct SearchOf {
    id: i64,
    text: String,
}

#[derive(Debug, Deserialize)]
pub struct Order {
    ids: Vec<i64>,
}

#[derive(Debug, Deserialize)]
pub struct OneCollection {
    id: i64,
}

#[derive(Debug, Deserialize)]
pub struct Exporting {
    keys: Vec<u32>,
    plan: ExportPlan,
}

#[derive(Debug, Deserialize)]
pub struct OneWork {
    id: u32,
}

#[derive(Debug, Deserialize)]
pub struct Term {
    days: Option<u16>,
}

#[derive(Debug, Deserialize)]
pub struct BackingUp {
    plan: BackupPlan,
}

#[derive(Debug, Deserialize)]
pub struct OnePath {
    path: PathBuf,
}

#[derive(Debug, Deserialize)]
pub struct Nothing {}

#[tauri::command]
pub async fn library_query(app: State<'_, App>, input: Question) -> Answer<LibraryAnswer> {
    app.engine.library_query(input.query).await
}

/// The cells of an answer as bytes: a million of them would be a hundred megabytes of JSON.
#[tauri::command]
pub async fn library_columns(
    app: State<'_, App>,
    input: Ticket,
) -> std::result::Result<Response, CommandError> {
    app.engine.library_columns(input.ticket).await.map(Response::new)
}

#[tauri::command]
pub async fn library_cells(app: State<'_, App>, input: Keys) -> Answer<Vec<LibraryCell>> {
    app.engine.library_cells(input.keys).await
}

/// The cells of a stack of an answer, as bytes.
#[tauri::command]
pub async fn library_stack(
    app: State<'_, App>,
    input: Stack,
) -> std::result::Result<Response, CommandError> {
    app.engine.library_stack(input.ticket, input.key).await.map(Response::new)
}

#[tauri::command]
pub async fn library_members(app: State<'_, App>, input: Cells) -> Answer<Vec<u32>> {
    app.engine.library_members(input.ticket, input.keys).await
}

#[tauri::command]
pub async fn library_facets(app: State<'_, App>, input: Ticket) -> Answer<Vec<FacetView>> {
    app.engine.library_facets(input.ticket).await
}

#[tauri::command]
pub async fn library_complete(app: State<'_, App>, input: Typed) -> Answer<Vec<CompletionView>> {
    app.engine.library_complete(input.text, input.caret).await
}

#[tauri::command]
pub async fn asset_detail(app: State<'_, App>, input: OneKey) -> Answer<AssetDetail> {
    app.engine.asset_detail(input.key).await
}

#[tauri::command]
pub async fn asset_key(app: State<'_, App>, input: OneId) -> Answer<u32> {
    app.engine.asset_key(input.id).await
}

#[tauri::command]
pub async fn place_trash(app: State<'_, App>, input: OneFile) -> Answer<()> {
    app.engine.place_trash(input.key, &input.path).await
}

#[tauri::command]
pub async fn asset_mark(app: State<'_, App>, input: Marking) -> Answer<Marked> {
    app.engine.asset_mark(input.keys, input.mark).await
}

#[tauri::command]
pub async fn mark_undo(app: State<'_, App>, input: Undo) -> Answer<Marked> {
    app.engine.mark_undo(input.undo).await
}

#[tauri::command]
pub async fn bin_empty(app: State<'_, App>, input: SomeKeys) -> Answer<WorkView> {
    app.engine.bin_empty(input.keys).await
}

#[tauri::command]
pub async fn bin_get(app: State<'_, App>, input: Nothing) -> Answer<BinView> {
    let Nothing {} = input;
    app.engine.bin_get().await
}

#[tauri::command]
pub async fn bin_set(app: State<'_, App>, input: Term) -> Answer<BinView> {
    app.engine.bin_set(input.days).await
}

#[tauri::command]
pub async fn upkeep_get(app: State<'_, App>, input: Nothing) -> Answer<UpkeepView> {
    let Nothing {} = input;
    app.engine.upkeep_get().await
}

#[tauri::command]
pub async fn backup_start(app: State<'_, App>, input: BackingUp) -> Answer<WorkView> {
    app.engine.backup_start(input.plan).await
}

#[tauri::command]
pub async fn backup_look(app: State<'_, App>, input: OnePath) -> Answer<BackupView> {
    app.engine.backup_look(input.path).await
}

#[tauri::command]
pub async fn restore_start(app: State<'_, App>, input: OnePath) -> Answer<WorkView> {
    app.engine.restore_start(input.path).await
}

#[tauri::command]
pub async fn library_move(app: State<'_, App>, input: OnePath) -> Answer<WorkView> {
    let work = app.engine.library_move(input.path).await?;
    let folder = app.engine.library_folder();
    app.settings.set("library", folder.display().to_string());
    Ok(work)
}

#[tauri::command]
pub async fn library_move_on(app: State<'_, App>, input: Nothing) -> Answer<WorkView> {
    let Nothing {} = input;
    app.engine.library_move_on().await
}

#[tauri::command]
pub async fn tag_list(app: State<'_, App>, input: Nothing) -> Answer<Vec<NameCount>> {
    let Nothing {} = input;
    app.engine.tag_list().await
}

#[tauri::command]
pub async fn tag_rename(app: State<'_, App>, input: Renamed) -> Answer<()> {
    app.engine.tag_rename(&input.name, &input.to).await
}

#[tauri::command]
pub async fn tag_remove(app: State<'_, App>, input: Named) -> Answer<()> {
    app.engine.tag_remove(&input.name).await
}

#[tauri::command]
pub async fn collection_list(app: State<'_, App>, input: Nothing) -> Answer<Vec<CollectionView>> {
    let Nothing {} = input;
    app.engine.collection_list().await
}

#[tauri::command]
pub async fn collection_add(app: State<'_, App>, input: NewCollection) -> Answer<CollectionView> {
    app.engine.collection_add(&input.name, &input.text).await
}

#[tauri::command]
pub async fn collection_rename(app: State<'_, App>, input: NamedCollection) -> Answer<()> {
    app.engine.collection_rename(input.id, &input.name).await
}

#[tauri::command]
pub async fn collection_search(app: State<'_, App>, input: SearchOf) -> Answer<()> {
    app.engine.collection_search(input.id, &input.text).await
}

#[tauri::command]
pub async fn collection_order(app: State<'_, App>, input: Order) -> Answer<()> {
    app.engine.collection_order(&input.ids).await
}

#[tauri::command]
pub async fn collection_remove(app: State<'_, App>, input: OneCollection) -> Answer<()> {
    app.engine.collection_remove(input.id).await
}

#[tauri::command]
pub async fn export_start(app: State<'_, App>, input: Exporting) -> Answer<WorkView> {
    app.engine.export_start(input.keys, input.plan).await
}

#[tauri::command]
pub async fn export_unstripped(app: State<'_, App>, input: Exporting) -> Answer<Unstripped> {
    app.engine.export_unstripped(&input.keys, input.plan).await
}

#[tauri::command]
pub async fn work_list(app: State<'_, App>, input: Nothing) -> Answer<Vec<WorkView>> {
    let Nothing {} = input;
    Ok(app.engine.work_list())
}

#[tauri::command]
pub async fn work_cancel(app: State<'_, App>, input: OneWork) -> Answer<()> {
    app.engine.work_cancel(input.id)
}

#[tauri::command]
pub async fn asset_drag(window: WebviewWindow, app: State<'_, App>, input: Keys) -> Answer<()> {
    let paths = app.engine.asset_files(&input.keys).await?;
    drag::out(&window, paths).map_err(|why| CommandError::new(CommandErrorCode::Internal, why))
}

/// Where the files of outputs lie, in that order, to go into workflows; those that cannot be reached are
/// left out.
#[tauri::command]
pub async fn asset_paths(app: State<'_, App>, input: Keys) -> Answer<Vec<String>> {
    app.engine.asset_paths(&input.keys).await
}

/// Keeps what the page drew of a 3D file: the PNG is the request's body, the file's id is a header.
#[tauri::command]
pub async fn model_picture_keep(app: State<'_, App>, request: Request<'_>) -> Answer<()> {
    let bad = |message: &str| CommandError::new(CommandErrorCode::BadInput, message);
    // The bytes are copied.
    if matches!(request.body(), InvokeBody::Raw(png) if png.len() > LARGEST_DRAWN) {
        return Err(bad("The drawn picture has more than 8 MB."));
    }
    let (id, png) = body_of(&request, "x-id")?;
    let id: AssetId = id.parse().map_err(|_| bad("The drawn picture came without its id."))?;
    app.engine.model_picture_keep(id, png).await
}

/// The picture in the clipboard as PNG; empty if there is none. WebKit tells a page of pasted text and
/// files alone, and `WebKitGTK` not even that there is a picture (2.50).
#[tauri::command]
pub async fn clipboard_picture(
    window: WebviewWindow,
) -> std::result::Result<Response, CommandError> {
    let read = tauri::async_runtime::spawn_blocking(move || {
        // What is no picture is an error here.
        let Ok(copied) = window.clipboard().read_image() else { return Ok(Vec::new()) };
        engine::png_of_pixels(copied.width(), copied.height(), copied.rgba())
            .map_err(|error| error.to_string())
    });
    let png = read.await.map_err(|error| error.to_string()).and_then(|read| read);
    png.map(Response::new).map_err(|error| CommandError {
        code: CommandErrorCode::BadInput,
        message: "The picture in the clipboard could not be taken.".to_owned(),
        details: Some(error),
        retry: false,
    })
}

#[tauri::command]
pub async fn asset_copy(window: WebviewWindow, app: State<'_, App>, input: OneKey) -> Answer<()> {
    let png = app.engine.asset_png(input.key).await?;
    let copied = tauri::image::Image::from_bytes(&png).map_err(|error| error.to_string()).and_then(
        |image| window.clipboard().write_image(&image).map_err(|error| error.to_string()),
    );
    copied.map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: "The picture could not be put into the clipboard.".to_owned(),
        details: Some(error),
        retry: true,
    })
}

/// Puts the files of outputs into the clipboard; those that cannot be reached are left out. Gives how many
/// they are.
#[tauri::command]
pub async fn asset_copy_files(
    window: WebviewWindow,
    app: State<'_, App>,
    input: Keys,
) -> Answer<u32> {
    if input.keys.len() > MOST_COPIED {
        let why = "At most 10,000 files are copied at once. Export them into a folder instead.";
        return Err(CommandError::new(CommandErrorCode::BadInput, why));
    }
    let paths = app.engine.asset_files(&input.keys).await?;
    let count = u32::try_from(paths.len()).unwrap_or(u32::MAX);
    clipboard::put_files(&window, paths).await.map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: "The files could not be put into the clipboard.".to_owned(),
        details: Some(error),
        retry: true,
    })?;
    Ok(count)
}

/// How many workflows made these outputs.
#[tauri::command]
pub async fn workflow_count(app: State<'_, App>, input: Keys) -> Answer<WorkflowCount> {
    app.engine.workflow_count(&input.keys).await
}

/// Puts the workflows that made these outputs into the clipboard: one as text, several as files.
#[tauri::command]
pub async fn workflow_copy_all(
    window: WebviewWindow,
    app: State<'_, App>,
    input: Keys,
) -> Answer<CopiedView> {
    let (copied, view) = app.engine.workflow_copies(&input.keys).await?;
    let put = match copied {
        Copied::Nothing => Ok(()),
        Copied::Text(text) => {
            window.clipboard().write_text(text).map_err(|error| error.to_string())
        }
        Copied::Files(paths) => clipboard::put_files(&window, paths).await,
    };
    put.map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: "The workflows could not be put into the clipboard.".to_owned(),
        details: Some(error),
        retry: true,
    })?;
    Ok(view)
}

/// Files that are shown in the system's file manager.
#[derive(Debug, Serialize)]
pub struct Revealed {
    /// How many they are; those that cannot be reached are left out.
    files: u32,
    /// In how many folders they lie.
    folders: u32,
}

/// Shows the files of outputs in the system's file manager: of each folder the first one, of ten folders at
/// most.
#[tauri::command]
pub async fn asset_reveal_all(
    handle: AppHandle,
    app: State<'_, App>,
    input: Keys,
) -> Answer<Revealed> {
    let paths = app.engine.asset_files(&input.keys).await?;
    let files = u32::try_from(paths.len()).unwrap_or(u32::MAX);
    let firsts = first_of_folders(paths);
    let shown = &firsts[..firsts.len().min(MOST_FOLDERS)];
    handle.opener().reveal_items_in_dir(shown).map_err(|error| CommandError {
        code: CommandErrorCode::Internal,
        message: "No file manager could be opened.".to_owned(),
        details: Some(error.to_string()),
        retry: false,
    })?;
    Ok(Revealed { files, folders: u32::try_from(firsts.len()).unwrap_or(u32::MAX) })
}

/// The first file in each folder, in that order.
fn first_of_folders(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    paths.into_iter().filter(|path| seen.insert(path.parent().map(PathBuf::from))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_folder_the_first_file_is_shown() {
        let of = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        let all = of(&["/p/a/2.png", "/p/b/1.png", "/p/a/1.png", "/p/3.png", "/p/b/9.png"]);
        assert_eq!(first_of_folders(all), of(&["/p/a/2.png", "/p/b/1.png", "/p/3.png"]));
    }
}
