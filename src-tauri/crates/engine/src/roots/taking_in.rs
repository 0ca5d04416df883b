//! Reading the files that a scan found, and storing what was read while the next are read.

use super::{
    look::may_be_unplugged,
    names::{name_of, shown},
    pulse::Pulse,
    read::{Depth, Outcome, ReadFile, read},
    recipe::Recipes,
    scan::{Broken, Scan, Tally},
    threads::{self, Hitch},
    walk::Found,
};
use crate::{checks::Shelves, core::Core, time::now_ms};
use domain::AssetId;
use futures_util::{
    FutureExt,
    future::{BoxFuture, OptionFuture},
};
use std::time::Duration;
use store::{Added, Came, NewAsset, NewPlace, RootId, StoreError};
use tokio::time::Instant;
use uuid::Uuid;

/// Files that are worth a transaction. More that were read while the one before was written go along.
pub(super) const CHUNK: usize = 500;
/// What was read waits at most this long to be stored and shown.
const STORE_EVERY: Duration = Duration::from_secs(1);
/// Files that were read and wait: at so many no more are taken, and reading waits, too.
const READ_AHEAD: usize = 1_000;

impl Scan {
    /// Reads files, and stores what was read.
    pub(super) async fn read_all(
        &self,
        core: &Core,
        files: Vec<Found>,
        depth: Depth,
        threads: usize,
        tally: &mut Tally,
    ) -> Result<(), Broken> {
        if files.is_empty() {
            return Ok(());
        }
        let (path, recipes) = (self.path.clone(), Recipes::new(Shelves::of(core)));
        let work =
            move |found: &Found, pulse: &Pulse| read(&path, found.clone(), depth, &recipes, pulse);
        let mut read =
            threads::each(&self.pulse, files, threads, CHUNK / 2, work).map_err(Hitch::Io)?;
        let mut chunk = Vec::with_capacity(CHUNK);
        let mut gone = Vec::new();
        let mut store_at = Instant::now() + STORE_EVERY;
        // What was read is written while the next is read.
        let mut storing: Option<BoxFuture<'_, Result<Vec<Added>, StoreError>>> = None;
        let ended = loop {
            let is_worth_it = chunk.len() >= CHUNK || Instant::now() >= store_at;
            if is_worth_it && !chunk.is_empty() && storing.is_none() {
                let files = std::mem::replace(&mut chunk, Vec::with_capacity(READ_AHEAD));
                storing = Some(self.store(core, files).boxed());
                store_at = Instant::now() + STORE_EVERY;
            }
            let next = threads::wait(&self.pulse, core.pace.answer, read.recv());
            let next = tokio::select! {
                Some(stored) = OptionFuture::from(storing.as_mut()) => {
                    storing = None;
                    tally.stored(stored?);
                    continue;
                }
                // Time to store.
                () = tokio::time::sleep_until(store_at), if storing.is_none() && !chunk.is_empty() => {
                    continue;
                }
                next = next, if chunk.len() < READ_AHEAD => next,
            };
            match next {
                Ok(Some(outcomes)) => {
                    if self.is_whole() {
                        self.progress.read(outcomes.len());
                    }
                    for outcome in outcomes {
                        match outcome {
                            Outcome::Read(file) => {
                                tally.note(&file, self.is_whole());
                                chunk.push(*file);
                            }
                            Outcome::Problem(found, why) => tally.problems.add(&found.path, why),
                            Outcome::Changing(found) => {
                                tally.later.insert(found.path.clone(), found);
                            }
                            Outcome::Gone(found) => gone.push(found.path),
                        }
                    }
                }
                Ok(None) if self.pulse.is_stopped() => break Err(Hitch::Stopped),
                Ok(None) => break Ok(()),
                Err(hitch) => break Err(hitch),
            }
        };
        if let Some(storing) = storing {
            tally.stored(storing.await?);
        }
        tally.stored(self.store(core, chunk).await?);
        if !gone.is_empty() {
            let gone = self.really_gone(core, gone).await?;
            // Those that were known and vanished while they were read.
            tally.report.missing += core.store.set_missing(self.root, &gone, true).await?;
        }
        Ok(ended?)
    }

    /// Those of files that vanished that are gone themselves, and not the drive that they are on.
    async fn really_gone(
        &self,
        core: &Core,
        mut gone: Vec<Vec<u8>>,
    ) -> Result<Vec<Vec<u8>>, Broken> {
        self.still_there(core).await?;
        let (path, mounts) = (self.path.clone(), core.store.mounts(self.root).await?);
        let looking = threads::run(&self.pulse, core.pace.answer, move |pulse| {
            for file in std::mem::take(&mut gone) {
                pulse.beat()?;
                if !may_be_unplugged(&path, &mounts, &file) {
                    gone.push(file);
                }
            }
            Ok(gone)
        });
        Ok(looking.await?)
    }

    /// Stores what was read. If that fails nothing of it is stored, and it is read again by the next scan.
    async fn store(&self, core: &Core, files: Vec<ReadFile>) -> Result<Vec<Added>, StoreError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let now = now_ms();
        let assets: Vec<NewAsset> =
            files.into_iter().map(|file| new_asset(self.root, file, now)).collect();
        let added = core.store.add_to_library(&assets).await?;
        // Thousands of recipes take a while to be let go of. Nobody waits for it.
        drop(tokio::task::spawn_blocking(move || drop(assets)));
        for hash in added.iter().filter_map(|added| added.forgot.as_ref()) {
            core.thumbs.forget(hash);
        }
        let placed = |added: &&Added| added.placed && added.came != Came::Known;
        self.progress
            .stored(u32::try_from(added.iter().filter(placed).count()).unwrap_or(u32::MAX));
        core.library_moved();
        Ok(added)
    }
}

impl Tally {
    /// Takes over what is wrong with a file although it is in the library.
    fn note(&mut self, file: &ReadFile, scan_is_whole: bool) {
        match file.damage.as_ref().or(file.unread.as_ref()) {
            Some(note) => self.problems.add(&file.found.path, note.clone()),
            // The report of a whole scan begins empty.
            None if scan_is_whole => {}
            None => self.whole.push(file.found.path.clone()),
        }
    }

    /// Counts files that were stored.
    fn stored(&mut self, added: Vec<Added>) {
        for added in added {
            match (added.replaced, added.came) {
                (Some(_), _) => self.report.changed += 1,
                (None, Came::New) => self.report.new += 1,
                (None, Came::Again) => self.report.same += 1,
                (None, Came::Known) => {}
            }
        }
    }
}

fn new_asset(root: RootId, file: ReadFile, now: i64) -> NewAsset {
    let id = AssetId(Uuid::now_v7());
    let name = shown(name_of(&file.found.path));
    let title = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let changed = file.found.changed_ns / 1_000_000;
    NewAsset {
        id,
        kind: file.kind,
        width: file.width,
        height: file.height,
        duration_ms: file.duration_ms,
        hash: file.hash.unwrap_or_else(|| store::stand_in(id)),
        // A clock that is wrong makes no pictures of the future.
        created_at: if changed > 0 { changed.min(now) } else { now },
        added_at: now,
        took_ms: None,
        practice: file.practice,
        preview: false,
        server_name: None,
        title: title.to_owned(),
        made: None,
        recipe: file.recipe,
        phash: None,
        // Later scans pass the file over, and say it all the same.
        damage: file.damage,
        place: NewPlace {
            root,
            bytes: file.found.bytes,
            mtime: Some(file.found.changed_ns),
            inode: file.found.inode,
            path: file.found.path,
        },
    }
}
