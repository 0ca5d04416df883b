//! The window, and a second one beside it that shows what is looked at.

use crate::bridge::state::App;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use tauri::{
    AppHandle, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

/// The window's label.
pub const MAIN: &str = "main";
/// The label of the second window, by which its page knows what it is.
const SECOND: &str = "second";
/// The colour behind a page, so that nothing flashes white.
const BEHIND: tauri::window::Color = tauri::window::Color(16, 14, 13, 255);
/// The event that asks the page to go somewhere.
const NAVIGATE: &str = "navigate";

/// Makes the window.
///
/// # Errors
/// When the web view cannot be started.
pub fn make(app: &AppHandle, visible: bool) -> tauri::Result<WebviewWindow> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Safelight")
        .inner_size(1440.0, 900.0)
        .min_inner_size(1040.0, 680.0)
        .decorations(cfg!(target_os = "macos"))
        .visible(visible)
        .background_color(BEHIND);
    // There the system's own buttons lie over the page, which draws none.
    #[cfg(target_os = "macos")]
    let window = window.title_bar_style(tauri::TitleBarStyle::Overlay).hidden_title(true);
    let window = window.build()?;
    let handle = app.clone();
    window.on_window_event(move |event| {
        let state = handle.state::<App>();
        match event {
            WindowEvent::CloseRequested { api, .. } => {
                let to_tray =
                    state.settings.read().close_to_tray && state.has_tray.load(Ordering::Relaxed);
                if to_tray && !state.quitting.load(Ordering::Relaxed) {
                    api.prevent_close();
                    hide(&handle);
                }
            }
            WindowEvent::Destroyed => super::lifecycle::quit(&handle),
            _ => {}
        }
    });
    Ok(window)
}

/// Opens the second window, or brings it to the front. What it shows, the first one's page tells it.
///
/// # Errors
/// When the web view cannot be started, or the system does not show the window.
pub fn second(app: &AppHandle) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(SECOND) {
        window.unminimize()?;
        return window.set_focus();
    }
    WebviewWindowBuilder::new(app, SECOND, WebviewUrl::default())
        .title("Safelight: second window")
        .inner_size(1280.0, 800.0)
        .min_inner_size(320.0, 240.0)
        .background_color(BEHIND)
        .build()?;
    Ok(())
}

/// Shows the window and brings it to the front.
pub fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window cannot be shown");
    }
    app.state::<App>().engine.set_visible(true);
}

/// Hides the window. What runs goes on.
pub fn hide(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "the window cannot be hidden");
    }
    // It shows what is looked at in the window that is hidden now.
    if let Some(second) = app.get_webview_window(SECOND)
        && let Err(error) = second.close()
    {
        tracing::warn!(%error, "the second window cannot be closed");
    }
    app.state::<App>().engine.set_visible(false);
}

/// Whether the artist is looking at the window.
pub fn in_front(app: &AppHandle) -> bool {
    app.get_webview_window(MAIN).is_some_and(|window| {
        window.is_visible().unwrap_or(false)
            && window.is_focused().unwrap_or(false)
            && !window.is_minimized().unwrap_or(false)
    })
}

/// Shows the window with a job.
pub fn open_job(app: &AppHandle, job: domain::JobId) {
    show(app);
    navigate(app, json!({ "to": "job", "id": job }));
}

fn navigate(app: &AppHandle, place: Value) {
    if let Err(error) = app.emit_to(MAIN, NAVIGATE, place) {
        tracing::warn!(%error, "the page cannot be told where to go");
    }
}
