//! Reading whole what was only found by its head, so that copies are one asset, and a file that was moved
//! is known again. What else is to be looked at comes first: what was broken off goes on with the next
//! scan.

use super::{
    names::join,
    problems::reason,
    scan::{Broken, Scan, Tally},
    threads::{self, Hitch},
};
use crate::{core::Core, upkeep};
use media::{MediaError, Original, Stop};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use store::{StoreError, UnreadFile};

/// Files asked of the store at once.
const AT_ONCE: u32 = 5_000;
/// Contents stored in one transaction. Reading goes on meanwhile.
const CHUNK: usize = 500;

/// How long contents are read at least before something else is looked at.
const TURN: Duration = Duration::from_secs(2);

/// What came of reading a file.
enum Content {
    /// Its BLAKE3.
    Is(String),
    /// It is gone, or somebody writes it: the next scan looks at it.
    Changing,
    /// It cannot be read, and why.
    Problem(String),
}

/// Reads the files of a folder that nobody has read whole yet.
pub(super) async fn read_all(scan: &Scan, core: &Core, tally: &mut Tally) -> Result<(), Broken> {
    let mut left = core.store.count_unread(scan.root).await?;
    if left == 0 {
        return Ok(());
    }
    scan.progress.unread(left);
    let (mut after, mut changing) = (0, false);
    // Where something is always asked, contents still get their turn.
    let until = Instant::now() + TURN;
    let is_over = || scan.asks.is_asked() && Instant::now() >= until;
    while !is_over() {
        let files = core.store.unread_files(scan.root, after, AT_ONCE).await?;
        let Some(last) = files.last() else { break };
        after = last.seq;
        let path = scan.path.clone();
        let mut read =
            threads::each(&scan.pulse, files, threads::all_cores(), CHUNK, move |file, pulse| {
                let content = read(&join(&path, &file.path), file, &pulse.stop_of_file());
                pulse.beat()?;
                Ok((file.clone(), content))
            })
            .map_err(Hitch::Io)?;
        let mut chunk = Vec::with_capacity(CHUNK);
        while let Some(some) = threads::wait(&scan.pulse, core.pace.answer, read.recv()).await? {
            left = left.saturating_sub(u32::try_from(some.len()).unwrap_or(u32::MAX));
            for (file, content) in some {
                match content {
                    Content::Is(hash) => chunk.push((file, hash)),
                    Content::Changing => changing = true,
                    Content::Problem(why) => tally.problems.add(&file.path, why),
                }
            }
            if chunk.len() >= CHUNK {
                store(core, &mut chunk, tally).await?;
                scan.progress.unread(left);
            }
            if is_over() {
                break;
            }
        }
        // The threads end where nobody listens.
        drop(read);
        store(core, &mut chunk, tally).await?;
        scan.progress.unread(left);
        if scan.pulse.is_stopped() {
            return Err(Hitch::Stopped.into());
        }
    }
    if changing {
        scan.still_there(core).await?;
    }
    scan.progress.unread(core.store.count_unread(scan.root).await?);
    Ok(())
}

fn read(path: &Path, file: &UnreadFile, stop: &Stop) -> Content {
    let hash = Original::open(path).and_then(|mut original| original.hash(stop));
    // Unless it was written since its head was read.
    if !upkeep::is_as(path, file.bytes, file.mtime) {
        return Content::Changing;
    }
    match hash {
        Ok(hash) => Content::Is(hash),
        Err(MediaError::Io(error)) => Content::Problem(reason(&error)),
        Err(error) => Content::Problem(error.to_string()),
    }
}

async fn store(
    core: &Core,
    chunk: &mut Vec<(UnreadFile, String)>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    if chunk.is_empty() {
        return Ok(());
    }
    let read = std::mem::take(chunk);
    let contents: Vec<(u32, String)> =
        read.iter().map(|(file, hash)| (file.seq, hash.clone())).collect();
    let merged = core.store.set_contents(&contents).await?;
    core.undo.merged(&merged);
    core.thumbs.rename(read.into_iter().map(|(file, hash)| (file.stand_in, hash)).collect()).await;
    let same = u32::try_from(merged.len()).unwrap_or(u32::MAX);
    tally.report.same += same;
    tally.report.new = tally.report.new.saturating_sub(same);
    if same > 0 {
        core.library_moved();
    }
    Ok(())
}
