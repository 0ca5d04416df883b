//! Programs on this machine that show what no library here decodes.

use std::path::{Path, PathBuf};

/// Which programs there are. Without any, films show the cover picture they carry, if any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tools {
    /// ffmpeg: takes pictures out of films, decodes AVIF, HEIC and Opus.
    pub ffmpeg: Option<PathBuf>,
}

impl Tools {
    /// Looks for them in the folders of `PATH`.
    pub fn find() -> Self {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        Self::find_in(
            std::env::split_paths(&folders).collect::<Vec<_>>().iter().map(PathBuf::as_path),
        )
    }

    /// Looks for them in these folders.
    pub fn find_in<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Self {
        let name = format!("ffmpeg{}", std::env::consts::EXE_SUFFIX);
        // A relative folder would mean whatever folder the app was started from.
        let mut folders = folders.into_iter().filter(|folder| folder.is_absolute());
        Self {
            ffmpeg: folders.find_map(|folder| Some(folder.join(&name)).filter(|at| at.is_file())),
        }
    }
}
