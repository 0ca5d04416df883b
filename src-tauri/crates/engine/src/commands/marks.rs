//! Commands that change what the artist says about outputs, and the bin.

use super::parts::Parts;
use crate::{
    Engine, bin,
    core::Core,
    view::{BinView, CommandError, CommandErrorCode, Mark, Marked, NameCount, WorkKind, WorkView},
};
use domain::BatchId;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::{AssetMarks, MarkChange, SheetMarks};

/// Outputs that are marked together: 100,000 at once would hold up all other writers for seconds.
const PART: usize = 5_000;
/// Changes that can be undone.
const KEPT: usize = 100;
/// Outputs whose marks are kept for it, in all changes together; the last change is kept whatever it has. Each
/// takes about 150 bytes beside its texts.
const MOST_KEPT: usize = 500_000;

/// What marks were before they were changed, as long as the app runs.
#[derive(Default)]
pub struct UndoList(Mutex<Undos>);

#[derive(Default)]
struct Undos {
    last: u32,
    kept: VecDeque<(u32, Before)>,
}

/// What was marked otherwise before a change.
#[derive(Clone)]
pub(super) enum Before {
    /// Outputs.
    Assets(Vec<AssetMarks>),
    /// Cells of a sweep's sheet, and their pictures.
    Sheet(BatchId, SheetMarks),
}

impl Before {
    fn outputs(&self) -> usize {
        match self {
            Self::Assets(marks) => marks.len(),
            Self::Sheet(_, marks) => marks.assets.len(),
        }
    }
}

impl UndoList {
    fn list(&self) -> MutexGuard<'_, Undos> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, before: Before) -> u32 {
        let mut list = self.list();
        list.last = list.last.wrapping_add(1);
        let number = list.last;
        list.kept.push_back((number, before));
        let mut outputs: usize = list.kept.iter().map(|(_, before)| before.outputs()).sum();
        while list.kept.len() > KEPT || (list.kept.len() > 1 && outputs > MOST_KEPT) {
            outputs -= list.kept.pop_front().map_or(0, |(_, before)| before.outputs());
        }
        number
    }

    /// Outputs turned out to be others: what was done to them is undone at these.
    pub fn merged(&self, pairs: &[(u32, u32)]) {
        if pairs.is_empty() {
            return;
        }
        let same: HashMap<u32, u32> = pairs.iter().copied().collect();
        for (_, before) in &mut self.list().kept {
            let Before::Assets(marks) = before else { continue };
            for one in marks {
                one.seq = same.get(&one.seq).copied().unwrap_or(one.seq);
            }
        }
    }

    fn get(&self, undo: u32) -> Option<Before> {
        self.list().kept.iter().find(|(number, _)| *number == undo).map(|(_, kept)| kept.clone())
    }
}

impl Engine {
    /// Changes marks of outputs: in parts, each all or nothing. What was done is undone as one.
    ///
    /// # Errors
    /// When the mark makes no sense, or the database cannot be written before anything is marked.
    pub async fn asset_mark(&self, keys: Vec<u32>, mark: Mark) -> Result<Marked, CommandError> {
        let core = self.core();
        let bins = matches!(mark, Mark::Bin);
        let change = change(mark, core.clock.now_ms())?;
        let title = format!("Marking {} outputs", keys.len());
        let mut parts = Parts::begin(core, WorkKind::Mark, title, keys.len(), PART);
        let (mut before, mut copies) = (Vec::new(), 0);
        for keys in keys.chunks(PART) {
            if !parts.go_on() {
                break;
            }
            let done = core.store.mark(keys, &change).await.map_err(CommandError::from);
            let done = parts.take(keys.len(), done).unwrap_or_default();
            if bins && !done.is_empty() {
                let binned: Vec<u32> = done.iter().map(|one| one.seq).collect();
                copies += core.store.copies(&binned).await.unwrap_or_else(|error| {
                    // They are in the bin all the same.
                    tracing::warn!(%error, "copies of what went to the bin cannot be counted");
                    0
                });
            }
            before.extend(done);
        }
        let cut_off = parts.end()?;
        Ok(Marked { copies, cut_off, ..marked(core, Before::Assets(before)) })
    }

    /// Undoes what a mark did, in parts as well, and nothing that was changed since by another one.
    /// Answers like a mark, so that this can be undone, too. Where it was broken off, undoing the same
    /// again goes on.
    ///
    /// # Errors
    /// When it is too long ago, or the database cannot be written before anything is put back.
    pub async fn mark_undo(&self, undo: u32) -> Result<Marked, CommandError> {
        let core = self.core();
        let before = core.undo.get(undo).ok_or_else(|| {
            CommandError::new(
                CommandErrorCode::NotFound,
                "This change is too long ago to be undone with a key. Change the pictures themselves.",
            )
        })?;
        match before {
            Before::Assets(marks) => self.put_back(&marks).await,
            Before::Sheet(batch, marks) => {
                let before = core.store.mark_cells(batch, &marks).await?;
                Ok(marked(core, Before::Sheet(batch, before)))
            }
        }
    }

    async fn put_back(&self, marks: &[AssetMarks]) -> Result<Marked, CommandError> {
        let core = self.core();
        let title = format!("Undoing marks of {} outputs", marks.len());
        let mut parts = Parts::begin(core, WorkKind::Mark, title, marks.len(), PART);
        let mut before = Vec::new();
        for marks in marks.chunks(PART) {
            if !parts.go_on() {
                break;
            }
            let done = core.store.put_back(marks).await.map_err(CommandError::from);
            before.extend(parts.take(marks.len(), done).into_iter().flatten());
        }
        let cut_off = parts.end()?;
        Ok(Marked { cut_off, ..marked(core, Before::Assets(before)) })
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
        Ok(core.works.begin(&core.tasks, WorkKind::Delete, title, count, |progress| async move {
            let done = bin::delete(&deleting, &keys, i64::MAX, &progress).await;
            deleting.library_moved();
            done.map(|_| None).map_err(|error| format!("The library could not be written: {error}"))
        }))
    }

    /// What is in the bin, and for how long it stays there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn bin_get(&self) -> Result<BinView, CommandError> {
        Ok(bin::view(self.core()).await?)
    }

    /// Sets after how many days in the bin outputs are really deleted: 7, 30 or 90; nothing says never.
    /// By a new term nothing is deleted before an hour is over.
    ///
    /// # Errors
    /// When it is another number, or the database cannot be written.
    pub async fn bin_set(&self, days: Option<u16>) -> Result<BinView, CommandError> {
        if days.is_some_and(|days| !bin::TERMS.contains(&days)) {
            return Err(CommandError::new(
                CommandErrorCode::BadInput,
                "The bin keeps things for 7, 30 or 90 days, or for good.",
            ));
        }
        let core = self.core();
        bin::set_term(core, days).await?;
        Ok(bin::view(core).await?)
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

pub(super) fn marked(core: &Core, before: Before) -> Marked {
    let assets = match &before {
        Before::Assets(assets) | Before::Sheet(_, SheetMarks { assets, .. }) => assets,
    };
    let changed = u32::try_from(assets.len()).unwrap_or(u32::MAX);
    core.finder.moved();
    core.touched.notify_one();
    Marked { undo: core.undo.keep(before), changed, copies: 0, cut_off: None }
}

fn change(mark: Mark, now: i64) -> Result<MarkChange, CommandError> {
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
        Mark::Bin => MarkChange { binned_at: Some(Some(now)), ..none },
        Mark::Restore => MarkChange { binned_at: Some(None), ..none },
        Mark::Title { text } if text.trim().is_empty() => {
            return Err(bad("A title needs at least one letter."));
        }
        Mark::Title { text } => MarkChange { title: Some(text.trim().to_owned()), ..none },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(outputs: usize) -> Before {
        Before::Assets(vec![AssetMarks::default(); outputs])
    }

    #[test]
    fn what_can_be_undone_is_bounded_by_changes_and_by_outputs() {
        let list = UndoList::default();
        let small: Vec<u32> = (0..KEPT + 1).map(|_| list.keep(of(1))).collect();
        assert!(list.get(small[0]).is_none() && list.get(small[1]).is_some());
        let half = list.keep(of(MOST_KEPT / 2));
        let last = list.keep(of(MOST_KEPT / 2 + 1));
        assert!([small[KEPT], half].iter().all(|old| list.get(*old).is_none()));
        assert!(list.get(last).is_some());
        // The last one is kept, however large.
        let large = list.keep(of(2 * MOST_KEPT));
        assert!(list.get(last).is_none() && list.get(large).is_some());
    }
}
