//! Start and stop.

use super::{
    again, arguments, logging, media, notify,
    places::{self, Places},
    practice::PracticeKeeper,
    settings::SettingsFile,
    tray, windows,
};
use crate::bridge::{
    commands as c, compose as k, library as l, roots as r, state::App, stream, workflows as w,
};
use engine::{Engine, EngineConfig};
use std::{
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};
use tauri::{AppHandle, Manager, RunEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tauri_plugin_window_state::StateFlags;
use tokio::sync::Mutex;

/// Starts the app and runs it to its end.
pub fn run() -> ExitCode {
    #[cfg(target_os = "linux")]
    if let Some(code) = super::drawing::start_without_opengl() {
        return code;
    }
    let window_state = tauri_plugin_window_state::Builder::new()
        // Whether it is visible is ours to say: a hidden start must not show it.
        .with_state_flags(StateFlags::all() & !StateFlags::VISIBLE & !StateFlags::DECORATIONS)
        .with_filename(window_state_file())
        .build();
    let app = tauri::Builder::default()
        // First of all plugins: a second start must end before it opens anything.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            windows::show(app);
            arguments::submit(app, arguments::files(&arguments, folder.as_ref()));
        }))
        .plugin(tauri_plugin_store::Builder::new().build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(window_state)
        .register_asynchronous_uri_scheme_protocol("media", media::answer)
        .invoke_handler(tauri::generate_handler![
            stream::stream_open,
            stream::stream_visible,
            w::intake_inspect,
            w::intake_submit,
            w::intake_text,
            w::intake_bytes,
            w::intake_save,
            w::intake_pictures,
            w::intake_link,
            w::workflow_list,
            w::workflow_rename,
            w::workflow_pin,
            w::workflow_remove,
            w::workflow_restore,
            w::workflow_nodes,
            w::workflow_check,
            w::workflow_set_value,
            w::workflow_run,
            w::workflow_export,
            w::server_offers,
            w::server_take,
            w::watch_get,
            w::watch_set,
            k::compose_open,
            k::compose_save,
            k::compose_plan,
            k::compose_cells,
            k::compose_queue,
            k::compose_choices,
            k::compose_values,
            k::compose_export,
            k::input_take,
            k::input_take_all,
            k::input_get,
            k::text_take,
            k::input_take_asset,
            k::input_fit,
            k::input_bytes,
            k::input_mask,
            k::draft_discard,
            k::draft_restore,
            k::preset_save,
            k::preset_remove,
            k::knobs_arrange,
            k::start_get,
            k::sheet_get,
            k::sheet_again,
            k::sheet_extend,
            k::sheet_mark,
            k::sheet_export,
            k::defaults_save,
            k::wildcards_get,
            k::wildcards_open,
            c::job_list,
            c::job_get,
            c::job_workflow,
            c::job_cancel,
            c::job_hold,
            c::job_retry,
            c::job_duplicate,
            c::job_remove,
            c::job_restore,
            c::job_move,
            c::job_run_next,
            c::job_seen,
            c::job_edit,
            c::job_check,
            c::job_set_value,
            c::job_start_at,
            c::batch_rename,
            c::batch_group,
            c::batch_ungroup,
            c::queue_export,
            c::queue_pause,
            c::queue_clear,
            c::server_probe,
            c::server_add,
            c::server_edit,
            c::server_remove,
            c::server_pause,
            c::server_reconnect,
            c::server_free,
            c::practice_start,
            c::practice_stop,
            c::asset_get,
            c::asset_rerun,
            c::editor_open,
            c::editor_open_all,
            c::asset_path,
            c::asset_workflow,
            c::asset_reveal,
            l::library_query,
            l::library_columns,
            l::library_cells,
            l::library_stack,
            l::library_members,
            l::library_facets,
            l::library_complete,
            l::asset_detail,
            l::asset_key,
            l::asset_mark,
            l::place_trash,
            l::mark_undo,
            l::bin_empty,
            l::bin_get,
            l::bin_set,
            l::upkeep_get,
            l::backup_start,
            l::backup_look,
            l::restore_start,
            l::library_move,
            l::library_move_on,
            l::tag_list,
            l::tag_rename,
            l::tag_remove,
            l::collection_list,
            l::collection_add,
            l::collection_rename,
            l::collection_search,
            l::collection_order,
            l::collection_remove,
            l::export_start,
            l::export_unstripped,
            l::work_list,
            l::work_cancel,
            l::asset_drag,
            l::asset_paths,
            l::asset_copy,
            l::asset_copy_files,
            l::workflow_copy_all,
            l::workflow_count,
            l::asset_reveal_all,
            l::clipboard_picture,
            l::model_picture_keep,
            c::settings_get,
            c::settings_set,
            c::library_set,
            r::root_list,
            r::root_add,
            r::root_scan,
            r::root_pause,
            r::root_watch,
            r::root_move,
            r::root_remove,
            c::app_info,
            c::window_hide,
            c::window_second,
            c::app_quit,
            c::app_restart,
        ])
        .setup(|app| {
            let handle = app.handle().clone();
            let places = places::find(&handle)?;
            logging::start(&places.data);
            match tauri::async_runtime::block_on(start(&handle, places)) {
                Ok(()) => Ok(()),
                Err(message) => {
                    eprintln!("Safelight cannot start: {message}");
                    let end = handle.clone();
                    handle
                        .dialog()
                        .message(&message)
                        .title("Safelight cannot start")
                        .kind(MessageDialogKind::Error)
                        // Nothing else runs, so the app ends once it has been read.
                        .show(move |_| end.exit(1));
                    Ok(())
                }
            }
        })
        .build(tauri::generate_context!("./tauri.conf.json"));
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            if again::is_just_ending(&error)
                && let Some(code) = again::start_again()
            {
                return code;
            }
            eprintln!("Safelight cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = app.run_return(|app, event| {
        if let RunEvent::ExitRequested { code, api, .. } = event
            && code.is_none()
        {
            // The last window closed: stop in order, then exit.
            api.prevent_exit();
            quit(app);
        }
    });
    if code == tauri::RESTART_EXIT_CODE
        && let Some(code) = again::start_anew()
    {
        return code;
    }
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

async fn start(app: &AppHandle, places: Places) -> Result<(), String> {
    let settings = SettingsFile::open(app, &places.data).map_err(|error| error.to_string())?;
    let set = settings.read();
    let engine = Engine::start(EngineConfig {
        data_dir: places.data.clone(),
        cache_dir: places.cache.clone(),
        library_dir: set.library.clone().unwrap_or_else(|| places.library.clone()),
        policy: set.policy(),
        pace: engine::Pace::default(),
    })
    .await
    .map_err(|error| error.to_string())?;
    let library = set.library.as_ref().unwrap_or(&places.library);
    if engine.library_folder() != *library {
        // The library was moved, and the program ended before its settings were written.
        settings.set("library", engine.library_folder().display().to_string());
    }
    let practice = PracticeKeeper::new(places.data.join("practice"));
    if set.practice_on
        && let Err(error) = practice.start(&engine, &settings).await
    {
        tracing::error!(message = %error.message, "the practice engine does not start");
    }
    app.manage(App {
        engine,
        settings,
        practice,
        places,
        stream: Mutex::new(None),
        has_tray: AtomicBool::new(false),
        quitting: AtomicBool::new(false),
    });
    tray::start(app);
    notify::start(app);
    stop_on_signals(app);
    let hidden = set.start_hidden && app.state::<App>().has_tray.load(Ordering::Relaxed);
    windows::make(app, !hidden).map_err(|error| error.to_string())?;
    if hidden {
        app.state::<App>().engine.set_visible(false);
    }
    let folder = std::env::current_dir().unwrap_or_default();
    let words: Vec<String> = std::env::args().collect();
    arguments::submit(app, arguments::files(&words, &folder));
    Ok(())
}

/// Stops everything in order and ends. Jobs go on at their servers.
pub fn quit(app: &AppHandle) {
    stop(app, |app| app.exit(0));
}

/// Stops everything in order and starts the program again.
pub fn restart(app: &AppHandle) {
    stop(app, |app| app.exit(tauri::RESTART_EXIT_CODE));
}

fn stop(app: &AppHandle, then: impl FnOnce(&AppHandle) + Send + 'static) {
    let Some(state) = app.try_state::<App>() else {
        then(app);
        return;
    };
    if state.quitting.swap(true, Ordering::Relaxed) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let state = app.state::<App>();
        state.engine.stop().await;
        state.practice.quit().await;
        then(&app);
    });
}

#[cfg(unix)]
fn stop_on_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let (Ok(mut term), Ok(mut int)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            tracing::warn!("signals cannot be listened to");
            return;
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        quit(&app);
    });
}

#[cfg(not(unix))]
fn stop_on_signals(_app: &AppHandle) {}

/// The plugin joins this with its own folder; a full path stands for itself.
fn window_state_file() -> String {
    match places::forced() {
        Some(dir) => dir.join("window.json").display().to_string(),
        None => "window.json".to_owned(),
    }
}
