//! The tray icon: idle, developing or trouble, and a menu that says what runs.

use super::{lifecycle, windows};
use crate::bridge::state::App;
use domain::JobId;
use engine::{Lamp, Status};
use std::sync::atomic::Ordering;
use tauri::{
    AppHandle, Manager,
    image::Image,
    include_image,
    menu::{Menu, MenuBuilder, MenuEvent, MenuItemBuilder, PredefinedMenuItem},
    tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent},
};

const IDLE: Image<'_> = include_image!("./icons/tray-idle.png");
const DEVELOPING: Image<'_> = include_image!("./icons/tray-developing.png");
const TROUBLE: Image<'_> = include_image!("./icons/tray-trouble.png");

/// Running jobs named in the menu.
const MOST_JOBS: usize = 8;
/// The longest title in the menu, in characters.
const LONGEST_TITLE: usize = 48;

/// Makes the tray icon and keeps it up to date. Without a tray host the app works all the same.
pub fn start(app: &AppHandle) {
    // Without a session bus there is no tray, and asking for one only prints errors.
    if cfg!(target_os = "linux") && !has_session_bus() {
        tracing::info!("no session bus, so no tray icon");
        return;
    }
    let tray = menu(app, &Status::default()).and_then(|menu| {
        TrayIconBuilder::with_id("safelight")
            .icon(IDLE)
            .tooltip("Safelight")
            .menu(&menu)
            .show_menu_on_left_click(false)
            .on_menu_event(chosen)
            .on_tray_icon_event(|tray, event| {
                if let TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                } = event
                {
                    windows::show(tray.app_handle());
                }
            })
            .build(app)
    });
    let tray = match tray {
        Ok(tray) => tray,
        Err(error) => {
            tracing::warn!(%error, "no tray icon");
            return;
        }
    };
    let state = app.state::<App>();
    state.has_tray.store(true, Ordering::Relaxed);
    let mut status = state.engine.status();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut shown = Status::default();
        loop {
            let now = status.borrow_and_update().clone();
            // Menus are made on the main thread.
            let (before, tray, handle) =
                (std::mem::replace(&mut shown, now.clone()), tray.clone(), app.clone());
            let _ = app.run_on_main_thread(move || update(&handle, &tray, &before, &now));
            if status.changed().await.is_err() {
                return;
            }
        }
    });
}

fn has_session_bus() -> bool {
    let named = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|bus| !bus.is_empty());
    named
        || std::env::var_os("XDG_RUNTIME_DIR")
            .is_some_and(|dir| std::path::Path::new(&dir).join("bus").exists())
}

fn update(app: &AppHandle, tray: &TrayIcon, before: &Status, now: &Status) {
    let done = (|| -> tauri::Result<()> {
        if before.lamp != now.lamp {
            tray.set_icon(Some(match now.lamp {
                Lamp::Idle => IDLE,
                Lamp::Developing => DEVELOPING,
                Lamp::Trouble => TROUBLE,
            }))?;
        }
        tray.set_tooltip(Some(tooltip(now)))?;
        tray.set_menu(Some(menu(app, now)?))
    })();
    if let Err(error) = done {
        tracing::warn!(%error, "the tray icon cannot be changed");
    }
}

fn tooltip(status: &Status) -> String {
    match (status.running.len(), status.lamp) {
        (0, Lamp::Trouble) => "Safelight: something needs a look".to_owned(),
        (0, _) if status.paused => "Safelight: paused".to_owned(),
        (0, _) => "Safelight: nothing running".to_owned(),
        (n, _) => format!("Safelight: {n} developing, {} waiting", status.waiting),
    }
}

fn menu(app: &AppHandle, status: &Status) -> tauri::Result<Menu<tauri::Wry>> {
    let mut menu = MenuBuilder::new(app);
    if status.running.is_empty() {
        menu = menu.item(&MenuItemBuilder::new("Nothing running").enabled(false).build(app)?);
    }
    for (id, title, share) in status.running.iter().take(MOST_JOBS) {
        let item = MenuItemBuilder::with_id(format!("job:{id}"), running(title, *share));
        menu = menu.item(&item.build(app)?);
    }
    let pause = if status.paused { "Resume queue" } else { "Pause queue" };
    menu.item(&PredefinedMenuItem::separator(app)?)
        .item(&MenuItemBuilder::with_id("pause", pause).build(app)?)
        .item(&MenuItemBuilder::with_id("show", "Show Safelight").build(app)?)
        .item(&PredefinedMenuItem::separator(app)?)
        .item(&MenuItemBuilder::with_id("quit", "Quit Safelight").build(app)?)
        .build()
}

/// A running job in the menu. An underscore would mark a key; two show one.
fn running(title: &str, share: f64) -> String {
    let short: String = title.chars().take(LONGEST_TITLE).collect();
    format!("{}, {:.0} %", short.replace('_', "__"), (share * 100.0).floor())
}

fn chosen(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        "show" => windows::show(app),
        "quit" => lifecycle::quit(app),
        "pause" => {
            let state = app.state::<App>();
            let (engine, free) = (state.engine.clone(), state.settings.read().free_on_pause);
            tauri::async_runtime::spawn(async move {
                let paused = engine.status().borrow().paused;
                if let Err(error) = engine.queue_pause(!paused, free).await {
                    tracing::error!(message = %error.message, "cannot pause");
                }
            });
        }
        other => {
            if let Some(job) = other.strip_prefix("job:").and_then(|id| id.parse::<JobId>().ok()) {
                windows::open_job(app, job);
            }
        }
    }
}
