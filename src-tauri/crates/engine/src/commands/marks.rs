//! Commands that change what the artist says about outputs, and the bin.

use crate::{
    Engine,
    core::Core,
    roots::names,
    time::now_ms,
    view::{CommandError, CommandErrorCode, Mark, Marked, NameCount, WorkView},
    work::Progress,
};
use std::{
    collections::VecDeque,
    fs, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::{AssetMarks, MarkChange, PlaceState};

/// Changes that can be undone.
const KEPT: usize = 100;
/// Outputs that are deleted together.
const AT_ONCE: usize = 200;

/// What marks were before they were changed, as long as the app runs.
#[derive(Default)]
pub struct UndoList(Mutex<Undos>);

#[derive(Default)]
struct Undos {
    last: u32,
    kept: VecDeque<(u32, Vec<AssetMarks>)>,
}

impl UndoList {
    fn list(&self) -> MutexGuard<'_, Undos> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, before: Vec<AssetMarks>) -> u32 {
        let mut list = self.list();
        list.last = list.last.wrapping_add(1);
        let number = list.last;
        list.kept.push_back((number, before));
        if list.kept.len() > KEPT {
            list.kept.pop_front();
        }
        number
    }

    fn get(&self, undo: u32) -> Option<Vec<AssetMarks>> {
        self.list().kept.iter().find(|(number, _)| *number == undo).map(|(_, kept)| kept.clone())
    }
}

impl Engine {
    /// Changes marks of many outputs, all or nothing.
    ///
    /// # Errors
    /// When the mark makes no sense, or the database cannot be written.
    pub async fn asset_mark(&self, keys: Vec<u32>, mark: Mark) -> Result<Marked, CommandError> {
        let change = change(mark)?;
        let core = self.core();
        let before = core.store.mark(&keys, &change).await?;
        Ok(marked(core, before))
    }

    /// Undoes what a mark did, and nothing that was changed since by another one. Answers like a mark,
    /// so that this can be undone as well.
    ///
    /// # Errors
    /// When it is too long ago, or the database cannot be written.
    pub async fn mark_undo(&self, undo: u32) -> Result<Marked, CommandError> {
        let core = self.core();
        let before = core.undo.get(undo).ok_or_else(|| {
            CommandError::new(
                CommandErrorCode::NotFound,
                "This change is too long ago to be undone with a key. Change the pictures themselves.",
            )
        })?;
        let before = core.store.put_back(&before).await?;
        Ok(marked(core, before))
    }

    /// Really deletes what is in the bin, files and all; nothing says all of the bin. What is not in the
    /// bin is left alone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bin_empty(&self, keys: Option<Vec<u32>>) -> Result<WorkView, CommandError> {
        let core = self.core();
        let binned = core.store.binned_before(i64::MAX, u32::MAX).await?;
        let keys = match keys {
            None => binned,
            Some(keys) => {
                let binned: std::collections::HashSet<u32> = binned.into_iter().collect();
                keys.into_iter().filter(|key| binned.contains(key)).collect()
            }
        };
        let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let title = match count {
            1 => "Deleting 1 file for good".to_owned(),
            count => format!("Deleting {count} files for good"),
        };
        let deleting = self.shared_core();
        Ok(core.works.begin(&core.tasks, title, count, |progress| async move {
            let done = delete(&deleting, &keys, &progress).await;
            deleting.library_moved();
            done.map(|()| None)
                .map_err(|error| format!("The library could not be written: {error}"))
        }))
    }

    /// All tags, with how many outputs have each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tag_list(&self) -> Result<Vec<NameCount>, CommandError> {
        let tags = self.core().store.tags().await?;
        Ok(tags.into_iter().map(|tag| NameCount { name: tag.name, count: tag.assets }).collect())
    }

    /// Renames a tag. One that is there already takes the outputs of both.
    ///
    /// # Errors
    /// When there is no such tag, the new name is empty, or the database cannot be written.
    pub async fn tag_rename(&self, name: &str, to: &str) -> Result<(), CommandError> {
        if to.trim().is_empty() {
            return Err(CommandError::new(CommandErrorCode::BadInput, "A tag needs a name."));
        }
        let id = self.tag(name).await?;
        let core = self.core();
        core.store.rename_tag(id, to).await?;
        core.finder.moved();
        Ok(())
    }

    /// Deletes a tag. The outputs stay.
    ///
    /// # Errors
    /// When there is no such tag, or the database cannot be written.
    pub async fn tag_remove(&self, name: &str) -> Result<(), CommandError> {
        let id = self.tag(name).await?;
        let core = self.core();
        core.store.delete_tag(id).await?;
        core.finder.moved();
        Ok(())
    }

    async fn tag(&self, name: &str) -> Result<i64, CommandError> {
        let tags = self.core().store.tags().await?;
        let found = tags.into_iter().find(|tag| tag.name == name);
        Ok(found.ok_or_else(|| CommandError::not_found("The tag"))?.id)
    }
}

fn marked(core: &Core, before: Vec<AssetMarks>) -> Marked {
    let changed = u32::try_from(before.len()).unwrap_or(u32::MAX);
    core.finder.moved();
    core.touched.notify_one();
    Marked { undo: core.undo.keep(before), changed }
}

fn change(mark: Mark) -> Result<MarkChange, CommandError> {
    let bad = |text: &str| CommandError::new(CommandErrorCode::BadInput, text);
    let none = MarkChange::default();
    Ok(match mark {
        Mark::Rating { stars } if stars > 5 => return Err(bad("There are at most five stars.")),
        Mark::Rating { stars } => MarkChange { rating: Some(stars), ..none },
        Mark::Favourite { on } => MarkChange { favourite: Some(on), ..none },
        Mark::Flag { flag } => MarkChange { flag: Some(flag.signum()), ..none },
        Mark::TagAdd { name } | Mark::TagRemove { name } if name.trim().is_empty() => {
            return Err(bad("A tag needs a name."));
        }
        Mark::TagAdd { name } => MarkChange { add_tags: vec![name], ..none },
        Mark::TagRemove { name } => MarkChange { remove_tags: vec![name], ..none },
        Mark::CollectionAdd { id } => MarkChange { add_to: vec![id], ..none },
        Mark::CollectionRemove { id } => MarkChange { remove_from: vec![id], ..none },
        Mark::Bin => MarkChange { binned_at: Some(Some(now_ms())), ..none },
        Mark::Restore => MarkChange { binned_at: Some(None), ..none },
        Mark::Title { text } if text.trim().is_empty() => {
            return Err(bad("A title needs at least one letter."));
        }
        Mark::Title { text } => MarkChange { title: Some(text.trim().to_owned()), ..none },
    })
}

/// Deletes files and then what the library knows of them. What is stopped or killed in between leaves
/// outputs whose files are missing, and these are deleted the next time.
async fn delete(core: &Core, keys: &[u32], progress: &Progress) -> Result<(), store::StoreError> {
    let store = &core.store;
    let mut done = 0;
    for keys in keys.chunks(AT_ONCE) {
        if progress.stopped() {
            break;
        }
        let places = Arc::new(store.places(keys).await?);
        let files = places.clone();
        let wanted = keys.to_vec();
        let removing = progress.clone();
        let gone = tokio::task::spawn_blocking(move || {
            let mut gone = Vec::with_capacity(wanted.len());
            for key in wanted {
                let places = files.get(&key).map(Vec::as_slice).unwrap_or_default();
                // A drive that is not there keeps its files: the output stays until it is back.
                if places.iter().any(|place| place.state == PlaceState::Away) {
                    removing.problem(format!(
                        "{} is on a drive that is not there now; it stays in the bin.",
                        names::join(&names::path_of(&places[0].root_path), &places[0].path)
                            .display()
                    ));
                    continue;
                }
                let removed = places.iter().all(|place| {
                    let path = names::join(&names::path_of(&place.root_path), &place.path);
                    match fs::remove_file(&path) {
                        Ok(()) => true,
                        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                        Err(error) => {
                            removing.problem(format!(
                                "{} cannot be deleted ({error}); it stays in the bin.",
                                path.display()
                            ));
                            false
                        }
                    }
                });
                if removed {
                    gone.push(key);
                }
            }
            gone
        })
        .await
        .unwrap_or_default();
        for asset in store.assets_by_seq(&gone).await? {
            core.thumbs.forget(&asset.hash);
        }
        store.delete_assets(&gone).await?;
        done += keys.len();
        progress.done(done);
    }
    Ok(())
}
