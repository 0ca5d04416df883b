//! What the page shows of files: small pictures, the files themselves, how loud a sound is.

use super::blocking;
use crate::{
    Engine,
    roots::{Pulse, names, threads},
    thumbs::ThumbSize,
    upkeep,
    view::{CommandError, CommandErrorCode},
};
use bytes::Bytes;
use domain::{AssetId, JobId};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};
use store::{AssetRow, PlaceRow, PlaceState};

/// The largest picture that is shown in place of its small one, in bytes.
const MOST_SHOWN: u64 = 32 << 20;

/// The kind of 3D files.
const MODEL: &str = "model";

/// A file to show.
#[derive(Clone, Debug)]
pub struct MediaFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its media type.
    pub mime: &'static str,
}

/// What is shown of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaSize {
    /// At most 256 pixels an edge.
    Thumb,
    /// At most 1,024 pixels an edge.
    Large,
    /// The file itself.
    Original,
    /// How loud a sound is over time: numbers from 0 to 1 as a JSON list.
    Waveform,
}

/// Why there is nothing to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoMedia {
    /// There is no such output, or its file has gone.
    Gone,
    /// The file is there, or its disk is away; a sentence.
    Because(String),
    /// Of a 3D file the page has drawn none yet ([`Engine::model_picture_keep`]).
    NotDrawn,
}

impl Engine {
    /// What is to be shown of an output.
    ///
    /// # Errors
    /// When there is nothing to show, and why.
    pub async fn media_asset(&self, id: AssetId, size: MediaSize) -> Result<MediaFile, NoMedia> {
        let row = self.core().store.asset(id).await.ok().flatten().ok_or(NoMedia::Gone)?;
        let wanted = match size {
            MediaSize::Thumb => ThumbSize::Small,
            MediaSize::Large if fits_in(&row, ThumbSize::Large) => {
                return self.original(&row).await;
            }
            MediaSize::Large => ThumbSize::Large,
            MediaSize::Waveform => ThumbSize::Peaks,
            MediaSize::Original => return self.original(&row).await,
        };
        let thumbs = &self.core().thumbs;
        // The cache may have what a disk that is away has not.
        let made = match thumbs.ready(&row.hash, wanted) {
            Some(path) => Ok(path),
            None if row.kind == MODEL && wanted != ThumbSize::Peaks => {
                return Err(NoMedia::NotDrawn);
            }
            None => {
                let original = self.place(&row).await.ok_or_else(|| away(&row))?;
                thumbs.get(&row.hash, wanted, &original).await
            }
        };
        match made {
            Ok(path) if wanted == ThumbSize::Peaks => {
                Ok(MediaFile { path, mime: "application/json" })
            }
            Ok(path) => Ok(MediaFile { mime: sniff(&path), path }),
            // A picture that cannot be decoded here may still be one that the web view can show.
            Err(_) if row.kind == "picture" && is_shown_as_it_is(&row) => self.original(&row).await,
            Err(why) => Err(NoMedia::Because(why.to_string())),
        }
    }

    /// Keeps what the page drew of a 3D file as its small picture, in both sizes: a square PNG of 256 to
    /// 1,024 pixels an edge.
    ///
    /// # Errors
    /// When it is no such picture, there is no such 3D file, its file is not there as it was read, or the
    /// cache cannot be written.
    pub async fn model_picture_keep(&self, id: AssetId, png: Vec<u8>) -> Result<(), CommandError> {
        let bad = |why: String| CommandError::new(CommandErrorCode::BadInput, why);
        self.model(id).await?;
        let core = self.shared_core();
        let drawn = blocking(move || core.thumbs.drawn(png)).await?.map_err(bad)?;
        // What the page drew may be of a file that was written over, and no scan has seen it yet.
        let row = self.model(id).await?;
        if !self.is_as_read(&row).await {
            let why = "is not there now, or was changed, so what was drawn of it is not kept.";
            return Err(bad(format!("{} {why}", row.path)));
        }
        let core = self.shared_core();
        let kept = blocking(move || core.thumbs.keep(&row.hash, &drawn)).await?;
        kept.map_err(|error| CommandError {
            code: CommandErrorCode::Storage,
            message: "The cache of small pictures cannot be written. Is the disk full?".into(),
            details: Some(error.to_string()),
            retry: true,
        })
    }

    async fn model(&self, id: AssetId) -> Result<AssetRow, CommandError> {
        let row = self.core().store.asset(id).await?;
        let row = row.ok_or_else(|| CommandError::not_found("The 3D file"))?;
        if row.kind != MODEL {
            let why = format!("{} is no 3D file.", row.path);
            return Err(CommandError::new(CommandErrorCode::BadInput, why));
        }
        Ok(row)
    }

    /// A preview of a job: the newest, or a kept one.
    pub async fn media_preview(
        &self,
        job: JobId,
        rev: Option<u32>,
    ) -> Option<(&'static str, Bytes)> {
        if let Some(preview) = self.core().live.preview_bytes(job, rev) {
            return Some(preview);
        }
        let core = self.shared_core();
        blocking(move || core.previews.picture(job, rev)).await.ok()?
    }

    /// Where an output lies on disk.
    ///
    /// # Errors
    /// When it is not in the library any more, or its file has gone.
    pub async fn asset_path(&self, id: AssetId) -> Result<PathBuf, CommandError> {
        let row = self.core().store.asset(id).await?;
        let row = row.ok_or_else(|| CommandError::not_found("The picture"))?;
        match self.place(&row).await {
            Some(path) if path.is_file() => Ok(path),
            _ => Err(CommandError::new(
                CommandErrorCode::NotFound,
                format!(
                    "The file has moved: it is not at {} any more.",
                    Path::new(&row.library).join(&row.path).display()
                ),
            )),
        }
    }

    async fn original(&self, row: &AssetRow) -> Result<MediaFile, NoMedia> {
        let path = self.place(row).await.ok_or_else(|| away(row))?;
        if path.is_file() {
            Ok(MediaFile { mime: mime_of(&row.path), path })
        } else {
            Err(NoMedia::Gone)
        }
    }

    /// Where an output lies, as far as it can be reached.
    async fn place(&self, row: &AssetRow) -> Option<PathBuf> {
        self.here(row).await.map(|here| path_of(&here))
    }

    /// The place that an output is shown from.
    async fn here(&self, row: &AssetRow) -> Option<PlaceRow> {
        let places = self.core().store.places(&[row.seq]).await.ok()?.remove(&row.seq)?;
        places.into_iter().find(|place| place.state == PlaceState::Here)
    }

    /// Whether the file that an output is shown from is there as it was read, by its size and time.
    async fn is_as_read(&self, row: &AssetRow) -> bool {
        let Some(here) = self.here(row).await else { return false };
        // On a thread of its own: it may be on a drive that does not answer.
        let pulse = Pulse::default();
        let looking = threads::run(&pulse, self.core().pace.answer, move |_| {
            Ok(upkeep::is_as(&path_of(&here), here.bytes, here.mtime))
        });
        looking.await.unwrap_or(false)
    }
}

fn path_of(place: &PlaceRow) -> PathBuf {
    names::join(&names::path_of(&place.root_path), &place.path)
}

fn away(row: &AssetRow) -> NoMedia {
    if row.state == PlaceState::Away {
        NoMedia::Because(format!("The disk with {} is not connected.", row.path))
    } else {
        NoMedia::Gone
    }
}

/// Whether a picture is no larger than its small one would be, and can be shown by any web view.
fn fits_in(row: &AssetRow, size: ThumbSize) -> bool {
    let edge = size.edge();
    row.kind == "picture"
        && is_shown_as_it_is(row)
        && matches!((row.width, row.height), (Some(w), Some(h)) if w <= edge && h <= edge)
        && matches!(mime_of(&row.path), "image/png" | "image/jpeg" | "image/webp" | "image/gif")
}

fn is_shown_as_it_is(row: &AssetRow) -> bool {
    row.bytes <= MOST_SHOWN
}

fn sniff(path: &Path) -> &'static str {
    let mut head = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    if read.is_ok() && head == [0x89, b'P', b'N', b'G'] { "image/png" } else { "image/jpeg" }
}

pub(super) fn mime_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    match extension.as_deref() {
        Some("png" | "apng") => "image/png",
        Some("jpg" | "jpeg" | "jfif") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        Some("avif") => "image/avif",
        Some("bmp") => "image/bmp",
        // Shown as a picture it runs no script; as a page it would.
        Some("svg") => "image/svg+xml",
        Some("mp4" | "m4v") => "video/mp4",
        Some("webm") => "video/webm",
        Some("mov") => "video/quicktime",
        Some("mkv") => "video/x-matroska",
        Some("avi") => "video/x-msvideo",
        Some("mpg" | "mpeg") => "video/mpeg",
        Some("wmv") => "video/x-ms-wmv",
        Some("flac") => "audio/flac",
        Some("mp3") => "audio/mpeg",
        Some("ogg" | "oga" | "opus") => "audio/ogg",
        Some("wav") => "audio/wav",
        Some("m4a") => "audio/mp4",
        Some("aac") => "audio/aac",
        Some("aif" | "aiff") => "audio/aiff",
        Some("glb") => "model/gltf-binary",
        Some("txt") => "text/plain",
        // Anything else is never shown as a page or a script.
        _ => "application/octet-stream",
    }
}
