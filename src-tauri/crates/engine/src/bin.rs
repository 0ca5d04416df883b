//! The bin: what is in it is really deleted when the artist says so, or when its term is over.

use crate::{
    core::Core,
    roots::{is_there, names},
    upkeep,
    view::BinView,
    work::Progress,
};
use std::{
    collections::HashMap,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{PlaceRow, PlaceState, RootId, StoreError};
use tokio::sync::{Mutex, MutexGuard, Notify};

/// The terms there are, in days.
pub const TERMS: [u16; 3] = [7, 30, 90];
/// The term before the artist chose one.
const USUAL: u16 = 30;
/// How long previews are kept apart before they go to the bin, in days.
const PREVIEW_DAYS: i64 = 30;
/// Outputs that are deleted together.
const AT_ONCE: usize = 200;
/// Why nothing is deleted between reading a backup back and the restart.
pub const RESTORED: &str =
    "A backup was read back. Restart Safelight first: its library may have these files.";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Where the term is stored: days, 0 for never.
const TERM: &str = "bin-days";
/// Since when terms count, in milliseconds since 1970: what is in the bin longer, because it is from
/// before there were terms or from a backup, is there from then on.
pub const COUNTED_FROM: &str = "bin-counted-from";

/// The keeper of the bin.
#[derive(Default)]
pub struct Bin {
    /// Rung when the term was changed.
    changed: Notify,
    /// Held while files are deleted, while a backup is read back, and while files are moved: what these
    /// find in its place must not go behind their back.
    deleting: Mutex<()>,
}

impl Bin {
    /// Keeps files from being deleted until the answer is dropped.
    pub async fn hold(&self) -> MutexGuard<'_, ()> {
        self.deleting.lock().await
    }
}

/// Deletes what is in the bin longer than its term, now and then once an hour, until the engine stops.
pub async fn keep(core: Arc<Core>) {
    loop {
        match put_previews(&core).await {
            Ok(0) => {}
            Ok(put) => {
                tracing::info!(put, "previews that nobody marked are in the bin");
                core.library_moved();
            }
            Err(error) => tracing::error!(%error, "old previews could not be put into the bin"),
        }
        match sweep(&core).await {
            Ok(0) => {}
            Ok(deleted) => {
                tracing::info!(deleted, "really deleted from the bin, because their term was over");
                core.library_moved();
            }
            Err(error) => tracing::error!(%error, "the bin could not be looked through"),
        }
        loop {
            tokio::select! {
                () = tokio::time::sleep(core.pace.sweep_bin) => break,
                // A wrong choice is taken back before anything comes of it.
                () = core.bin.changed.notified() => {}
            }
        }
    }
}

/// Really deletes what is in the bin longer than its term. Answers with how many that were.
async fn sweep(core: &Core) -> Result<usize, StoreError> {
    let now = core.clock.now_ms();
    let from = counted_from(core, now).await?;
    let Some(days) = term(core).await? else { return Ok(0) };
    let before = now - i64::from(days) * DAY_MS;
    if from > before {
        return Ok(0);
    }
    // As long as its term, and not longer, is long enough.
    let before = before.saturating_add(1);
    let keys = core.store.binned_before(before, u32::MAX).await?;
    delete(core, &keys, before, &core.works.unseen()).await
}

/// Puts previews into the bin that were kept apart for their term and that nobody marked. From there
/// they can still be taken out. Answers with how many that were.
async fn put_previews(core: &Core) -> Result<u64, StoreError> {
    let now = core.clock.now_ms();
    core.store.bin_old_previews(now - PREVIEW_DAYS * DAY_MS, now).await
}

/// Since when terms count; from now on if that is not stored.
async fn counted_from(core: &Core, now: i64) -> Result<i64, StoreError> {
    let stored = core.store.get_value(COUNTED_FROM).await?;
    if let Some(from) = stored.and_then(|from| from.parse().ok()) {
        return Ok(from);
    }
    core.store.set_value(COUNTED_FROM, &now.to_string()).await?;
    Ok(now)
}

/// The term in days; nothing: never.
async fn term(core: &Core) -> Result<Option<u16>, StoreError> {
    let stored = core.store.get_value(TERM).await?;
    let days = stored.and_then(|days| days.parse().ok()).unwrap_or(USUAL);
    Ok((days > 0).then_some(days))
}

/// Stores another term.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_term(core: &Core, days: Option<u16>) -> Result<(), StoreError> {
    core.store.set_value(TERM, &days.unwrap_or(0).to_string()).await?;
    core.bin.changed.notify_one();
    Ok(())
}

/// The bin as the page sees it.
///
/// # Errors
/// When the database cannot be read.
pub async fn view(core: &Core) -> Result<BinView, StoreError> {
    let days = term(core).await?;
    let bin = core.store.bin().await?;
    let from = counted_from(core, core.clock.now_ms()).await?;
    let due = |days: u16, oldest: i64| oldest.max(from) + i64::from(days) * DAY_MS;
    Ok(BinView {
        days,
        outputs: bin.assets,
        bytes: bin.bytes,
        due_at: days.zip(bin.oldest_at).map(|(days, oldest)| due(days, oldest)),
    })
}

/// Deletes files and then what the library knows of them, of outputs that were put into the bin before
/// a time and are still there. What is stopped or killed in between leaves outputs whose files are
/// missing, and these are deleted the next time. Answers with how many outputs are gone.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn delete(
    core: &Core,
    keys: &[u32],
    before: i64,
    progress: &Progress,
) -> Result<usize, StoreError> {
    let store = &core.store;
    let (mut done, mut deleted) = (0, 0);
    for keys in keys.chunks(AT_ONCE) {
        if progress.stopped() {
            break;
        }
        let _held = core.bin.hold().await;
        if upkeep::ready(&core.data).is_some() {
            // The library that was read back knows other outputs, and may want these files.
            progress.problem(RESTORED.to_owned());
            break;
        }
        // Somebody may have taken some out meanwhile.
        let wanted = store.binned_among(keys, before).await?;
        let places = store.places(&wanted).await?;
        let assets = store.assets_by_seq(&wanted).await?;
        let hashes: HashMap<u32, String> =
            assets.into_iter().map(|asset| (asset.seq, asset.hash)).collect();
        let (telling, known) = (progress.clone(), hashes.clone());
        let (gone, others) = tokio::task::spawn_blocking(move || {
            let (mut gone, mut others) = (Vec::new(), Vec::new());
            for key in wanted {
                let places = places.get(&key).map(Vec::as_slice).unwrap_or_default();
                let hash = known.get(&key).map_or("", String::as_str);
                match delete_files(places, hash, &mut others) {
                    Ok(()) => gone.push(key),
                    Err(why) => telling.problem(why),
                }
            }
            (gone, others)
        })
        .await
        .unwrap_or_default();
        for hash in gone.iter().filter_map(|key| hashes.get(key)) {
            core.thumbs.forget(hash);
        }
        store.delete_assets(&gone).await?;
        // Nothing is known of them any more: they are taken in as what they are.
        for (root, path) in others {
            core.roots.look_at(root, path).await;
        }
        done += keys.len();
        deleted += gone.len();
        progress.done(done);
    }
    Ok(deleted)
}

/// Deletes every file of an output with its sidecars, in folders of our own and in those that the artist
/// added. Where another file lies by now, it stays, and is put among `others`.
fn delete_files(
    places: &[PlaceRow],
    hash: &str,
    others: &mut Vec<(RootId, Vec<u8>)>,
) -> Result<(), String> {
    let path_of = |place: &PlaceRow| -> (PathBuf, PathBuf) {
        let root = names::path_of(&place.root_path);
        let path = names::join(&root, &place.path);
        (root, path)
    };
    // A drive that is not there keeps its files: the output stays until it is back.
    let away = |path: &Path| {
        format!("{} is on a drive that is not there now; it stays in the bin.", path.display())
    };
    for place in places {
        let (root, path) = path_of(place);
        if place.state == PlaceState::Away || !(path.exists() || is_there(&root)) {
            return Err(away(&path));
        }
    }
    for place in places {
        let (_, path) = path_of(place);
        // Servers that count anew give a name again.
        if path.exists() && !upkeep::is_still(&path, place.bytes, place.mtime, hash) {
            others.push((place.root, place.path.clone()));
            continue;
        }
        match fs::remove_file(&path) {
            Ok(()) => delete_sidecars(&path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let path = path.display();
                return Err(format!("{path} cannot be deleted ({error}); it stays in the bin."));
            }
        }
    }
    Ok(())
}

/// Deletes the sidecars of a file that is deleted: the next one of its name would have its marks.
fn delete_sidecars(path: &Path) {
    for sidecar in own_sidecars(path) {
        match fs::remove_file(&sidecar) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, sidecar = %sidecar.display(), "a sidecar cannot be deleted");
            }
            _ => {}
        }
    }
}

/// The sidecars that were about a file alone which is gone. `a.xmp` is not among them while another `a.*`
/// is there, which it may be about.
pub fn own_sidecars(path: &Path) -> Vec<PathBuf> {
    // `a.png.xmp` is about `a.png` alone.
    let is_ours = |sidecar: &Path| sidecar.file_stem() == path.file_name() || !is_shared(sidecar);
    media::xmp::sidecars_there(path).into_iter().filter(|path| is_ours(path)).collect()
}

/// Whether a file that is no sidecar is called like a sidecar but for its ending. Where that cannot be seen,
/// one is.
fn is_shared(sidecar: &Path) -> bool {
    let Some(Ok(entries)) = sidecar.parent().map(fs::read_dir) else { return true };
    entries.into_iter().any(|entry| {
        entry.is_ok_and(|entry| {
            let path = entry.path();
            let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
            !media::xmp::ENDINGS.contains(&ending) && path.file_stem() == sidecar.file_stem()
        })
    })
}
