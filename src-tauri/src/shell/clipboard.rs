//! Files in the clipboard, for other programs to paste.
//!
//! On Linux this is GTK's own clipboard: `arboard` 3.7.0, which the clipboard plugin is made of, offers
//! `text/uri-list` alone, and the file managers of GNOME, Xfce and Cinnamon paste what is copied under
//! `x-special/gnome-copied-files`.

use std::path::PathBuf;
use tauri::WebviewWindow;

/// Puts files into the clipboard, as a copy of them.
///
/// # Errors
/// A sentence, where the system's clipboard cannot be used.
#[cfg(target_os = "linux")]
pub async fn put_files(window: &WebviewWindow, paths: Vec<PathBuf>) -> Result<(), String> {
    let (done, told) = tokio::sync::oneshot::channel();
    // GTK is asked where its windows are.
    let put = move || {
        // Nobody waits any more: the window was closed.
        let _ = done.send(offer(&paths));
    };
    window.run_on_main_thread(put).map_err(|error| error.to_string())?;
    match told.await {
        Ok(true) => Ok(()),
        _ => Err("The window system did not take them.".to_owned()),
    }
}

/// Offers files in the clipboard; gives whether the window system took the offer.
#[cfg(target_os = "linux")]
fn offer(paths: &[PathBuf]) -> bool {
    use gtk::{TargetEntry, TargetFlags, gdk, glib};

    /// What is asked for, as GTK tells it.
    const COPIED: u32 = 0;
    const LIST: u32 = 1;

    let uris: Vec<String> = paths
        .iter()
        .filter_map(|path| glib::filename_to_uri(path, None).ok())
        .map(|uri| uri.to_string())
        .collect();
    let targets = [
        TargetEntry::new("x-special/gnome-copied-files", TargetFlags::empty(), COPIED),
        TargetEntry::new("text/uri-list", TargetFlags::empty(), LIST),
    ];
    gtk::Clipboard::get(&gdk::SELECTION_CLIPBOARD).set_with_data(
        &targets,
        move |_, asked, which| {
            if which == COPIED {
                asked.set(&asked.target(), 8, copied_files(&uris).as_bytes());
            } else {
                asked.set_uris(&uris.iter().map(String::as_str).collect::<Vec<_>>());
            }
        },
    )
}

/// Files as GNOME's file manager copies them: what is to be done, and an address a line.
#[cfg(target_os = "linux")]
fn copied_files(uris: &[String]) -> String {
    format!("copy\n{}", uris.join("\n"))
}

/// Puts files into the clipboard, as a copy of them.
///
/// # Errors
/// What the system says, where its clipboard cannot be used.
#[cfg(not(target_os = "linux"))]
pub async fn put_files(_: &WebviewWindow, paths: Vec<PathBuf>) -> Result<(), String> {
    arboard::Clipboard::new()
        .and_then(|mut clipboard| clipboard.set().file_list(&paths))
        .map_err(|error| error.to_string())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::copied_files;

    #[test]
    fn files_are_copied_as_gnome_does_it() {
        let uris = ["file:///a%20b.png".to_owned(), "file:///c.mp4".to_owned()];
        assert_eq!(copied_files(&uris), "copy\nfile:///a%20b.png\nfile:///c.mp4");
    }
}
