//! Where things are kept.

use std::path::PathBuf;
use tauri::{AppHandle, Manager};

/// Puts everything that is kept below one folder: for tests, and for a copy on a stick.
const DATA_DIR: &str = "SAFELIGHT_DATA_DIR";

/// The folders of this start.
#[derive(Clone, Debug)]
pub struct Places {
    /// Database, settings, log.
    pub data: PathBuf,
    /// Thumbnails.
    pub cache: PathBuf,
    /// Pictures, unless the artist chose another folder.
    pub library: PathBuf,
}

/// The folder asked for by the environment.
pub fn forced() -> Option<PathBuf> {
    std::env::var_os(DATA_DIR).filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

/// Finds the folders.
///
/// # Errors
/// When the system names no folder for an app's data.
pub fn find(app: &AppHandle) -> tauri::Result<Places> {
    if let Some(dir) = forced() {
        return Ok(Places { cache: dir.join("cache"), library: dir.join("Pictures"), data: dir });
    }
    let paths = app.path();
    let data = paths.app_data_dir()?;
    let pictures = paths.picture_dir().or_else(|_| paths.home_dir())?;
    Ok(Places { cache: paths.app_cache_dir()?, library: pictures.join("Safelight"), data })
}
