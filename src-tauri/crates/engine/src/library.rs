//! The library folder: where outputs are kept.
//!
//! A file is written under a temporary name, hashed on the way, verified, made durable, and only
//! then given its name. A name that exists is never overwritten.

use crate::{
    convert::kind_of_file,
    roots::{changed_ns, inode, names},
    thumbs::Thumbs,
    view::{AssetKind, LibraryView},
};
use media::{Kind, MediaError, Original};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};
use thiserror::Error;
use tokio::io::AsyncWriteExt;

/// The largest output that is fetched, in bytes.
const MAX_OUTPUT: u64 = 64 << 30;

/// Files of one name, with numbers, in one folder.
const MOST_OF_A_NAME: u32 = 10_000;
/// Names of files that are not whole yet.
const PART_BEGIN: &str = ".safelight-";
const PART_END: &str = ".part";
/// Newest folders in which leavings are looked for at the start: a kill leaves them in the one of that day.
const SWEPT_DAYS: usize = 3;
/// What is not whole and was not written to for so long never will be.
const LEFT_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// Why an output could not be kept.
#[derive(Debug, Error)]
pub enum KeepError {
    /// The library folder is in the way. The job waits until this is mended.
    #[error("{0}")]
    Library(String),
    /// The server is in the way.
    #[error(transparent)]
    Server(#[from] comfy::ComfyError),
    /// What the server sent is no whole file.
    #[error("{0}")]
    Broken(String),
}

/// A file that is now in the library.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The library folder.
    pub root: PathBuf,
    /// Below it, with `/`, byte for byte.
    pub path: Vec<u8>,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3.
    pub hash: String,
    /// What it is.
    pub kind: AssetKind,
    /// Width in pixels as it is shown, if it is a picture or a film whose head says it.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// What a picture looks like: 64 bits that similar ones share most of.
    pub phash: Option<u64>,
    /// What is wrong with it all the same, as a sentence.
    pub damage: Option<String>,
    /// When the file was changed, in nanoseconds since 1970.
    pub mtime: Option<i64>,
    /// Its number in its file system, where the system tells it.
    pub inode: Option<u64>,
}

/// Where the bytes of an output come from.
pub enum Content {
    /// From the server.
    Download(Box<comfy::Download>),
    /// A text that a node showed, until it is taken.
    Text(Option<String>),
}

impl Content {
    /// Its size in bytes, if that is known.
    fn length(&self) -> Option<u64> {
        match self {
            Self::Download(download) => download.content_length,
            Self::Text(text) => text.as_ref().map(|text| text.len() as u64),
        }
    }

    async fn next_chunk(&mut self) -> Result<Option<bytes::Bytes>, comfy::ComfyError> {
        match self {
            Self::Download(download) => download.next_chunk().await,
            Self::Text(text) => Ok(text.take().map(bytes::Bytes::from)),
        }
    }
}

/// The library folder and the thumbnail cache.
pub struct Library {
    root: RwLock<PathBuf>,
    thumbs: Arc<Thumbs>,
    trouble: Mutex<Option<String>>,
}

impl Library {
    /// A library at `root`, with its thumbnails below `cache`.
    pub fn new(root: PathBuf, cache: &Path) -> Self {
        let thumbs = Arc::new(Thumbs::new(cache.join("thumbs")));
        Self { root: RwLock::new(root), thumbs, trouble: Mutex::new(None) }
    }

    /// Who makes small pictures.
    pub fn thumbs(&self) -> &Arc<Thumbs> {
        &self.thumbs
    }

    /// The folder.
    pub fn root(&self) -> PathBuf {
        self.root.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes another folder for new outputs.
    pub fn set_root(&self, root: PathBuf) {
        *self.root.write().unwrap_or_else(PoisonError::into_inner) = root;
        self.set_trouble(None);
    }

    /// Remembers what is in the way, or that nothing is. Answers whether that is news.
    pub fn set_trouble(&self, trouble: Option<String>) -> bool {
        let mut had = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let news = *had != trouble;
        *had = trouble;
        news
    }

    /// Deletes what a kill left of files that never became whole. Only at the start: later they are
    /// being written. What is left elsewhere the scan of the folder finds ([`delete_left_parts`]).
    pub fn sweep(&self) {
        let Ok(entries) = fs::read_dir(self.root()) else { return };
        let mut days: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        days.retain(|path| path.is_dir());
        days.sort();
        for day in days.iter().rev().take(SWEPT_DAYS) {
            for entry in fs::read_dir(day).into_iter().flatten().flatten() {
                if is_part(&names::bytes_of(&entry.file_name())) {
                    delete_part(&entry.path());
                }
            }
        }
    }

    /// What is in the way.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The library as the page sees it.
    pub fn view(&self, bytes: u64) -> LibraryView {
        let root = self.root();
        LibraryView {
            path: root.display().to_string(),
            bytes,
            free_bytes: fs4::available_space(&root).ok(),
            trouble: self.trouble(),
        }
    }

    /// Keeps an output in the folder of that day, under a readable name, and makes the thumbnail of a
    /// picture. While the disk makes the file durable, the picture is checked.
    ///
    /// # Errors
    /// See [`KeepError`]; nothing is left behind.
    pub async fn keep(
        self: &Arc<Self>,
        mut content: Content,
        day: &str,
        file_name: impl Fn(u32) -> String + Send + 'static,
    ) -> Result<Kept, KeepError> {
        let root = self.root();
        // A folder that vanished is a drive that is not plugged in: making it anew would put the
        // pictures in the wrong place.
        if !root.is_dir() {
            return Err(KeepError::Library(sentence(&root, &io::ErrorKind::NotFound.into())));
        }
        let folder = root.join(day);
        let in_library = |error: &io::Error| KeepError::Library(sentence(&root, error));
        // One folder and none above it: the drive may vanish between the two.
        match tokio::fs::create_dir(&folder).await {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(in_library(&error));
            }
            _ => {}
        }
        // What a text looks like, such as SVG, it still is what a node said.
        let is_text = matches!(content, Content::Text(_));
        let announced = content.length();
        if announced.is_some_and(|bytes| bytes > MAX_OUTPUT) {
            return Err(KeepError::Broken("The file is larger than 64 GB.".to_owned()));
        }
        if let (Some(bytes), Ok(free)) = (announced, fs4::available_space(&folder))
            && bytes > free
        {
            return Err(in_library(&io::Error::from(io::ErrorKind::StorageFull)));
        }
        let part = media::export::part_file(&folder, PART_BEGIN, PART_END)
            .map_err(|error| in_library(&error))?;
        let file = part.as_file().try_clone().map_err(|error| in_library(&error))?;
        let mut file = tokio::io::BufWriter::new(tokio::fs::File::from_std(file));
        let mut hasher = blake3::Hasher::new();
        let mut bytes = 0_u64;
        while let Some(chunk) = content.next_chunk().await? {
            bytes += chunk.len() as u64;
            if bytes > MAX_OUTPUT {
                return Err(KeepError::Broken("The file is larger than 64 GB.".to_owned()));
            }
            hasher.update(&chunk);
            file.write_all(&chunk).await.map_err(|error| in_library(&error))?;
        }
        file.flush().await.map_err(|error| in_library(&error))?;
        let file = file.into_inner();
        let name = file_name(0);
        let library = self.clone();
        let hash = hasher.finalize().to_hex().to_string();
        let checked = tokio::task::spawn_blocking({
            let hash = hash.clone();
            move || {
                let checked = if is_text {
                    Checked::text()
                } else {
                    library.check(&hash, part.path(), &name)?
                };
                Ok::<_, KeepError>((part, checked))
            }
        });
        let (durable, checked) = tokio::join!(file.sync_data(), checked);
        durable.map_err(|error| in_library(&error))?;
        let (part, Checked { kind, shape, phash, duration_ms, damage }) = checked
            .map_err(|_| KeepError::Broken("The check of the file was stopped.".to_owned()))??;

        let (file, path) = part.into_parts();
        let naming = tokio::task::spawn_blocking({
            let (folder, hash) = (folder.clone(), hash.clone());
            move || {
                let same = |there: &Path| is_text && holds(there, bytes, &hash);
                give_name(&file, path, &folder, file_name, same)
            }
        });
        let named = naming.await.map_err(io::Error::other).and_then(|named| named);
        let Some((name, about)) = named.map_err(|error| in_library(&error))? else {
            return Err(KeepError::Library(format!(
                "{} already holds {MOST_OF_A_NAME} files of this name. Move some of them away.",
                folder.display()
            )));
        };
        Ok(Kept {
            mtime: about.as_ref().map(changed_ns),
            inode: about.as_ref().and_then(inode),
            duration_ms,
            phash,
            damage,
            root,
            path: format!("{day}/{name}").into_bytes(),
            bytes,
            hash,
            kind,
            width: shape.map(|shape| shape.0),
            height: shape.map(|shape| shape.1),
        })
    }

    /// Checks that a file is whole, measures it, and makes the small copy of a picture. `name` is what it
    /// is called, or will be.
    ///
    /// # Errors
    /// [`KeepError::Library`] when it cannot be read, [`KeepError::Broken`] when it is not whole.
    pub fn check(&self, hash: &str, path: &Path, name: &str) -> Result<Checked, KeepError> {
        // Without a byte there is nothing to measure. Of a picture that is found below.
        let mut original = Original::open(path).ok();
        let measures = original.as_mut().and_then(|file| media::measure(file).ok());
        let measures = measures.unwrap_or_default();
        let kind = kind(measures.kind, name);
        // Not every player needs what a cut film or sound lacks, so these are kept with a word.
        let cut = original.filter(|_| matches!(kind, AssetKind::Video | AssetKind::Audio));
        let cut = cut.and_then(|mut file| file.check_end().err()).map(|error| error.to_string());
        let verified = verify(path, kind).map_err(|error| match error {
            // The drive, and not the picture.
            MediaError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                KeepError::Library(sentence(&self.root(), &error))
            }
            other => KeepError::Broken(other.to_string()),
        })?;
        Ok(Checked {
            kind,
            shape: measures.width.zip(measures.height).or(verified),
            phash: verified.and_then(|_| self.thumbs.make_now(hash, path)),
            duration_ms: measures.duration_ms,
            damage: measures.note.or(cut),
        })
    }
}

/// Gives a file that is whole the first name that is free: another run, or the artist, may have taken one
/// meanwhile. Where `same` says that the file of a name is the one that is wanted, that is it: nodes that
/// did not run again show what they showed before. Answers with nothing if all are taken.
fn give_name(
    file: &fs::File,
    mut path: tempfile::TempPath,
    folder: &Path,
    name: impl Fn(u32) -> String,
    same: impl Fn(&Path) -> bool,
) -> io::Result<Option<(String, Option<fs::Metadata>)>> {
    for name in (0..MOST_OF_A_NAME).map(name) {
        let target = folder.join(&name);
        match media::export::put_new(path, &target)? {
            None => return Ok(Some((name, file.metadata().ok()))),
            Some(_) if same(&target) => return Ok(Some((name, fs::metadata(&target).ok()))),
            Some(back) => path = back,
        }
    }
    Ok(None)
}

/// Whether a file is there with just this content.
fn holds(path: &Path, bytes: u64, hash: &str) -> bool {
    fs::symlink_metadata(path).is_ok_and(|about| about.is_file() && about.len() == bytes)
        && Original::open(path)
            .and_then(|mut file| file.hash(&media::Stop::never()))
            .is_ok_and(|theirs| theirs == hash)
}

/// Whether a file of this name is one that is not whole yet.
pub fn is_part(name: &[u8]) -> bool {
    name.starts_with(PART_BEGIN.as_bytes()) && name.ends_with(PART_END.as_bytes())
}

/// Deletes those of files that are not whole that nobody has written to for a day. Another Safelight may
/// write into the same folder just now.
pub fn delete_left_parts(parts: &[PathBuf]) {
    for part in parts {
        let written = fs::symlink_metadata(part).and_then(|about| about.modified());
        let age = written.ok().and_then(|written| written.elapsed().ok());
        if age.is_some_and(|age| age > LEFT_AFTER) {
            delete_part(part);
        }
    }
}

fn delete_part(part: &Path) {
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, file = %part.display(), "cannot be deleted");
        }
        _ => {}
    }
}

/// What a look at a whole file says.
pub struct Checked {
    /// What it is.
    pub kind: AssetKind,
    /// Width and height in pixels of a picture or a film, as it is shown.
    pub shape: Option<(u32, u32)>,
    /// 64 bits that similar pictures share most of.
    pub phash: Option<u64>,
    /// How long it plays, in milliseconds. Pictures that move have a length, too.
    pub duration_ms: Option<u64>,
    /// What is wrong with it all the same, as a sentence.
    pub damage: Option<String>,
}

impl Checked {
    /// A text that was not looked at.
    fn text() -> Self {
        let kind = AssetKind::Text;
        Self { kind, shape: None, phash: None, duration_ms: None, damage: None }
    }
}

/// What an output is: by its content, and where that is text or nothing that is known, by its name.
fn kind(content: Kind, name: &str) -> AssetKind {
    match content {
        Kind::Picture => AssetKind::Picture,
        Kind::Video => AssetKind::Video,
        Kind::Audio => AssetKind::Audio,
        Kind::Model => AssetKind::Model,
        Kind::Text | Kind::Other => kind_of_file(name),
    }
}

/// Checks that a file is whole; for pictures also finds their shape.
fn verify(path: &Path, kind: AssetKind) -> Result<Option<(u32, u32)>, MediaError> {
    if kind != AssetKind::Picture {
        return Ok(None);
    }
    let header = match media::facts_of_image(path) {
        Ok(header) => header,
        // A kind of picture we cannot read is kept as it is.
        Err(error) if error.is_unsupported() => return Ok(None),
        Err(error) => return Err(error),
    };
    media::verify(path, header.container)?;
    Ok(Some((header.width, header.height)))
}

/// What a failed write to the library means to a person.
fn sentence(root: &Path, error: &io::Error) -> String {
    let root = root.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!(
            "The library folder {root} is not there. Connect its drive, or choose another folder in Settings. Nothing is lost: the picture waits at the server."
        ),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!(
            "There is no space left in the library folder {root}. Free some, or choose another folder in Settings. Nothing is lost: the picture waits at the server."
        ),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => format!(
            "Safelight may not write to the library folder {root}. Change its rights, or choose another folder in Settings. Nothing is lost: the picture waits at the server."
        ),
        _ => format!(
            "The library folder {root} cannot be written ({error}). The picture waits at the server."
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A GIF of one pixel with so many frames of 0.2 s.
    fn gif(frames: usize) -> Vec<u8> {
        let mut file = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
        for _ in 0..frames {
            file.extend(b"\x21\xf9\x04\0\x14\0\0\0");
            file.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
        }
        file.push(0x3b);
        file
    }

    #[test]
    fn a_picture_that_moves_has_a_length_and_a_still_one_has_none() {
        let folder = tempfile::tempdir().unwrap();
        for (frames, length) in [(1, None), (3, Some(600))] {
            let path = folder.path().join(format!("{frames}.gif"));
            fs::write(&path, gif(frames)).unwrap();
            let library = Library::new(folder.path().to_owned(), folder.path());
            let checked = library.check("0", &path, "x.gif").unwrap();
            assert_eq!(checked.duration_ms, length, "{frames} frames");
            assert_eq!((checked.kind, checked.shape), (AssetKind::Picture, Some((1, 1))));
        }
    }

    #[test]
    fn a_film_is_known_by_its_content_and_has_a_size_and_what_is_cut_is_kept_with_a_word() {
        let film = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/steps.webm");
        let film = fs::read(film).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let library = Library::new(folder.path().to_owned(), folder.path());
        let check = |content: &[u8], name: &str| {
            let path = folder.path().join(".safelight-1.part");
            fs::write(&path, content).unwrap();
            let Checked { kind, shape, damage, .. } = library.check("0", &path, name).unwrap();
            (kind, shape.is_some(), damage.is_some())
        };
        assert_eq!(check(&film, "film.webm"), (AssetKind::Video, true, false));
        assert_eq!(check(&film, "film.bin"), (AssetKind::Video, true, false));
        assert_eq!(check(&film[..film.len() / 2], "film.webm"), (AssetKind::Video, true, true));
        for (content, name, kind) in [
            (&b"0 1 2"[..], "words.txt", AssetKind::Text),
            (b"", "empty.txt", AssetKind::Text),
            (b"v 0 0 0", "solid.obj", AssetKind::Model),
            (b"?", "thing.latent", AssetKind::Other),
        ] {
            assert_eq!(check(content, name), (kind, false, false), "{name}");
        }
    }
}
