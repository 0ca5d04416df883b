//! Commands about pictures and other outputs, and the media that the page shows.

use crate::{
    Engine, convert,
    view::{AssetView, CommandError, CommandErrorCode, LibraryView},
};
use domain::AssetId;
use std::path::PathBuf;

/// The most outputs described at once.
const MOST_DESCRIBED: usize = 500;

impl Engine {
    /// Everything about some outputs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asset_get(&self, mut ids: Vec<AssetId>) -> Result<Vec<AssetView>, CommandError> {
        ids.truncate(MOST_DESCRIBED);
        Ok(self.core().store.assets(&ids).await?.into_iter().map(convert::asset).collect())
    }

    /// Takes another library folder for new outputs. What is stored stays where it is.
    ///
    /// # Errors
    /// When the folder is not there and cannot be made, or cannot be written.
    pub async fn library_set(&self, root: PathBuf) -> Result<LibraryView, CommandError> {
        let tried = root.clone();
        let usable = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&tried)?;
            tempfile::tempfile_in(&tried).map(drop)
        })
        .await;
        if let Ok(Err(error)) = usable {
            return Err(CommandError {
                code: CommandErrorCode::Storage,
                message: format!(
                    "Safelight cannot write to {}. Choose another folder.",
                    root.display()
                ),
                details: Some(error.to_string()),
                retry: false,
            });
        }
        let core = self.core();
        core.library.set_root(root.clone());
        let shared = self.shared_core();
        core.roots.own(&shared, &root).await?;
        core.publish_library().await;
        core.book.wake_all();
        Ok(core.library.view(core.store.asset_bytes_total().await?))
    }
}
