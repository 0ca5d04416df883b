//! Commands about pictures and other outputs, and the media that the page shows.

use crate::{
    Engine, convert,
    roots::{
        fits::{Fits, Must, fits},
        names::path_of,
    },
    view::{AssetView, CommandError, CommandErrorCode, LibraryView},
};
use domain::AssetId;
use std::path::{Path, PathBuf};
use store::{RootKind, RootRow};

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

    /// Takes another library folder for new outputs. What is stored stays where it is. A folder of the
    /// library that the artist added may be it; it is gone through once all the same.
    ///
    /// # Errors
    /// When the folder is in another one of the library or around one, is not there and cannot be made,
    /// or cannot be written.
    pub async fn library_set(&self, root: PathBuf) -> Result<LibraryView, CommandError> {
        let bad = |text| CommandError::new(CommandErrorCode::BadInput, text);
        let root = match fits(self.core(), &root, None, Must::BePossible).await.map_err(bad)? {
            Fits::New(root) => root,
            Fits::Known(known) => path_of(&known.path),
            Fits::In(other, _) => return Err(bad(within(&root, &path_of(&other.path)))),
            Fits::Around(other) => return Err(bad(above(&root, &other))),
        };
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

/// Why new outputs cannot go to a folder in another one of the library, and what to do.
pub(super) fn within(root: &Path, other: &Path) -> String {
    let (shown, other) = (root.display(), other.display());
    format!(
        "{shown} is in {other}, which is in the library already: what is made would be there twice. Choose {other} itself, or a folder outside of it."
    )
}

/// Why new outputs cannot go to a folder around one of the library, and what to do.
pub(super) fn above(root: &Path, other: &RootRow) -> String {
    let (shown, path) = (root.display(), path_of(&other.path));
    let instead = match other.kind {
        RootKind::Imported => "Choose a folder beside it, or forget that one below first.",
        RootKind::Own => "Choose a folder beside it.",
    };
    format!(
        "{shown} holds {}, which is in the library already: what is there would be gone through twice. {instead}",
        path.display()
    )
}
