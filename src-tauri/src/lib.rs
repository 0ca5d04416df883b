//! The app: puts the engine, the window, the tray and the page together. The only code that names
//! tauri; below it nothing knows that there is a window.

mod bridge;
mod shell;

pub use shell::lifecycle::run;
