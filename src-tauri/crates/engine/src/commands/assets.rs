//! Commands about pictures and other outputs, and the media that the page shows.

use crate::{
    Engine, convert,
    view::{
        AssetIndex, AssetQuery, AssetView, CommandError, CommandErrorCode, LibraryView, NameCount,
    },
};
use domain::AssetId;
use std::path::PathBuf;
use store::AssetFilter;

/// The most cells of one gallery query.
const MOST_CELLS: u32 = 200_000;
/// The most outputs described at once.
const MOST_DESCRIBED: usize = 500;

impl Engine {
    /// The pictures that match a query, as cells.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn asset_query(&self, query: AssetQuery) -> Result<AssetIndex, CommandError> {
        let filter = AssetFilter {
            words: query.words,
            model: query.model,
            lora: query.lora,
            job_id: query.job_id,
            kind: query.kind.map(|kind| convert::asset_kind_name(kind).to_owned()),
            oldest_first: query.oldest_first,
            limit: MOST_CELLS,
        };
        let rows = self.core().store.asset_index(&filter).await?;
        let names = |list: Vec<(String, u32)>| {
            list.into_iter().map(|(name, count)| NameCount { name, count }).collect()
        };
        Ok(AssetIndex {
            cells: rows.cells.into_iter().map(convert::cell).collect(),
            total: rows.total,
            models: names(rows.models),
            loras: names(rows.loras),
        })
    }

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
