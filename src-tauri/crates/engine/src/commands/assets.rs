//! Commands about pictures and other outputs, and the media that the page shows.

use crate::{
    Engine, convert,
    view::{
        AssetIndex, AssetKind, AssetQuery, AssetView, CommandError, CommandErrorCode, LibraryView,
        NameCount,
    },
};
use bytes::Bytes;
use domain::{AssetId, JobId};
use std::path::{Path, PathBuf};
use store::{AssetFilter, AssetRow};

/// The most cells of one gallery query.
const MOST_CELLS: u32 = 200_000;
/// The most outputs described at once.
const MOST_DESCRIBED: usize = 500;

/// A file to show.
#[derive(Clone, Debug)]
pub struct MediaFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its media type.
    pub mime: &'static str,
}

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

    /// Where an output lies on disk.
    ///
    /// # Errors
    /// When it is not in the library any more, or its file has gone.
    pub async fn asset_path(&self, id: AssetId) -> Result<PathBuf, CommandError> {
        let row = self.core().store.asset(id).await?;
        let row = row.ok_or_else(|| CommandError::not_found("The picture"))?;
        let path = self.find(&row);
        if path.is_file() {
            Ok(path)
        } else {
            Err(CommandError::new(
                CommandErrorCode::NotFound,
                format!("The file has moved: it is not at {} any more.", path.display()),
            ))
        }
    }

    /// The file behind an output or its thumbnail, for the page to show.
    pub async fn media_asset(&self, id: AssetId, thumb: bool) -> Option<MediaFile> {
        let row = self.core().store.asset(id).await.ok()??;
        let original = self.find(&row);
        if !thumb || convert::kind_of_file(&row.path) != AssetKind::Picture {
            return original
                .is_file()
                .then(|| MediaFile { mime: mime_of(&row.path), path: original });
        }
        let library = self.core().library.clone();
        let made = tokio::task::spawn_blocking({
            let original = original.clone();
            move || library.make_thumb(id, &original)
        })
        .await
        .ok()?;
        match made {
            Ok(path) => Some(MediaFile { mime: sniff(&path), path }),
            // A picture that cannot be decoded here may still be one that the web view can show.
            Err(_) => {
                original.is_file().then(|| MediaFile { mime: mime_of(&row.path), path: original })
            }
        }
    }

    /// A preview of a running job: the newest, or a kept one.
    pub fn media_preview(&self, job: JobId, rev: Option<u32>) -> Option<(&'static str, Bytes)> {
        self.core().live.preview_bytes(job, rev)
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
        core.library.set_root(root);
        core.publish_library().await;
        core.book.wake_all();
        Ok(core.library.view(core.store.asset_bytes_total().await?))
    }

    fn find(&self, row: &AssetRow) -> PathBuf {
        // Paths in the database were made by us from sanitised names, below the folder of that time.
        Path::new(&row.library).join(&row.path)
    }
}

fn sniff(path: &Path) -> &'static str {
    use std::io::Read;
    let mut head = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    if read.is_ok() && head == [0x89, b'P', b'N', b'G'] { "image/png" } else { "image/jpeg" }
}

pub(super) fn mime_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    match extension.as_deref() {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        Some("avif") => "image/avif",
        Some("mp4" | "m4v") => "video/mp4",
        Some("webm") => "video/webm",
        Some("mov") => "video/quicktime",
        Some("mkv") => "video/x-matroska",
        Some("flac") => "audio/flac",
        Some("mp3") => "audio/mpeg",
        Some("ogg" | "opus") => "audio/ogg",
        Some("wav") => "audio/wav",
        Some("txt") => "text/plain",
        // Anything else is never shown as a page or a script.
        _ => "application/octet-stream",
    }
}
