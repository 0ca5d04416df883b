//! System notifications: one for each finished batch or failure while nobody looks at the window.

use super::windows;
use crate::bridge::state::App;
use engine::Notice;
use notify_rust::{Notification, Timeout};
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;

/// Begins to tell the system.
pub fn start(app: &AppHandle) {
    let mut notices = app.state::<App>().engine.notices();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match notices.recv().await {
                Ok(notice) => {
                    let wanted = app.state::<App>().settings.read().notifications;
                    if wanted && !windows::in_front(&app) {
                        tell(&app, notice);
                    }
                }
                Err(RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "more notices than could be told");
                }
                Err(RecvError::Closed) => return,
            }
        }
    });
}

/// Tells the system in a thread of its own: it waits for a click as long as the notification is
/// there.
fn tell(app: &AppHandle, notice: Notice) {
    let app = app.clone();
    let told = std::thread::Builder::new().name("notification".to_owned()).spawn(move || {
        let mut notification = Notification::new();
        notification
            .appname("Safelight")
            .summary(&notice.title)
            .body(&notice.body)
            .timeout(Timeout::Default);
        #[cfg(all(unix, not(target_os = "macos")))]
        {
            notification.icon("safelight").action("default", "Open");
            if let Some(picture) = &notice.picture {
                notification.image_path(&picture.display().to_string());
            }
        }
        match notification.show() {
            Ok(shown) => {
                #[cfg(all(unix, not(target_os = "macos")))]
                shown.wait_for_action(|action| {
                    if action == "default" {
                        let (handle, job) = (app.clone(), notice.job);
                        let _ = app.run_on_main_thread(move || windows::open_job(&handle, job));
                    }
                });
                #[cfg(not(all(unix, not(target_os = "macos"))))]
                drop((shown, app));
            }
            // No session bus or no daemon: the bell in the window tells it.
            Err(error) => tracing::info!(%error, "the system could not be told"),
        }
    });
    if let Err(error) = told {
        tracing::warn!(%error, "no thread for a notification");
    }
}
