//! Files dragged out of the window into other programs.
//!
//! On Linux this is GTK's own drag. `tauri-plugin-drag` 2.1.1 takes its data away when the drop
//! happens, before the target has asked for it (drag-rs issue 84), so nothing arrives; here it stays
//! until the drag ends.

use std::path::PathBuf;
use tauri::WebviewWindow;

/// Begins a drag with these files under the pointer. Call it while the button is held.
///
/// # Errors
/// A sentence, where the system's drag and drop cannot be used.
#[cfg(target_os = "linux")]
pub fn out(window: &WebviewWindow, paths: Vec<PathBuf>) -> Result<(), String> {
    use gtk::{gdk, glib, prelude::*};
    use std::{cell::RefCell, rc::Rc};

    let dragged = window.clone();
    let begin = move || {
        let Ok(window) = dragged.gtk_window() else { return };
        let uris: Vec<String> = paths
            .iter()
            .filter_map(|path| glib::filename_to_uri(path, None).ok())
            .map(|uri| uri.to_string())
            .collect();
        window.drag_source_set(gdk::ModifierType::BUTTON1_MASK, &[], gdk::DragAction::COPY);
        window.drag_source_add_uri_targets();
        let Some(targets) = window.drag_source_get_target_list() else { return };
        let handlers: Rc<RefCell<Vec<glib::SignalHandlerId>>> = Rc::default();
        let give = window.connect_drag_data_get(move |_, _, selection, _, _| {
            selection.set_uris(&uris.iter().map(String::as_str).collect::<Vec<_>>());
        });
        // Nobody took it: without this the picture would fly back for a second.
        let failed = window.connect_drag_failed(|_, _, _| glib::Propagation::Stop);
        let ended = window.connect_drag_end({
            let handlers = handlers.clone();
            move |window, _| {
                for handler in handlers.borrow_mut().drain(..) {
                    window.disconnect(handler);
                }
                window.drag_source_unset();
            }
        });
        handlers.borrow_mut().extend([give, failed, ended]);
        let _ =
            window.drag_begin_with_coordinates(&targets, gdk::DragAction::COPY, 1, None, -1, -1);
    };
    window.run_on_main_thread(begin).map_err(|error| format!("Files cannot be dragged: {error}."))
}

/// Begins a drag with these files under the pointer.
///
/// # Errors
/// Always: it is written for Linux so far.
#[cfg(not(target_os = "linux"))]
pub fn out(_: &WebviewWindow, _: Vec<PathBuf>) -> Result<(), String> {
    Err("Dragging files out works on Linux so far. Use \"Show in folder\" instead.".to_owned())
}
