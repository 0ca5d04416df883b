//! What a desktop program has besides its page: window, tray, notifications, pictures, start and
//! stop.

pub mod again;
pub mod arguments;
pub mod clipboard;
pub mod drag;
#[cfg(target_os = "linux")]
pub mod drawing;
pub mod lifecycle;
pub mod logging;
pub mod media;
pub mod notify;
pub mod places;
pub mod practice;
pub mod settings;
pub mod tray;
pub mod windows;
