//! Going through the library while nobody waits: pictures and films that were never looked at get their
//! small picture, and what they look like is stored.

use super::queue::{Background, Look};
use crate::{core::Core, roots::names};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use store::{PlaceState, StoreError};
use tokio::{sync::mpsc, time::timeout};

/// Pictures looked at before that is stored.
const AT_ONCE: u32 = 200;
/// The pause before new pictures are looked for, unless a scan ends.
const PAUSE: Duration = Duration::from_secs(2);
/// Rounds after which what could not be looked at is tried again: its disk may be back.
const AGAIN_AFTER: u32 = 150;

/// Looks at pictures until the engine stops: the newest first, then back to the oldest, then again
/// those that came meanwhile.
pub async fn fill(core: Arc<Core>) {
    let mut passed = Passed::default();
    // What shows nothing is not read again and again: a damaged file stays as it is, or is another one.
    let mut nothing = HashSet::new();
    let mut scans = core.thumbs.scans.subscribe();
    loop {
        // Its sender is in the core, so it cannot be gone.
        let _ = scans.wait_for(|scans| *scans == 0).await;
        match round(&core, &mut passed, &mut nothing).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "what pictures look like cannot be stored"),
        }
        // A change is a scan that begins or ends; above, it is waited for.
        let _ = timeout(PAUSE, scans.changed()).await;
        passed.pauses += 1;
        if passed.pauses.is_multiple_of(AGAIN_AFTER) {
            passed = Passed::default();
        }
    }
}

/// How far it went.
#[derive(Default)]
struct Passed {
    /// All with a larger number were gone through, in this pass.
    before: Option<u32>,
    /// All up to this number were gone through, in passes before.
    done: u32,
    /// The largest number of this pass.
    top: u32,
    pauses: u32,
}

/// Looks at a few pictures. Answers whether there were any.
async fn round(
    core: &Core,
    passed: &mut Passed,
    nothing: &mut HashSet<u32>,
) -> Result<bool, StoreError> {
    let before = passed.before.unwrap_or(u32::MAX);
    let mut pictures = core.store.unlooked(before, AT_ONCE).await?;
    pictures.retain(|picture| picture.seq > passed.done);
    let Some(last) = pictures.last().map(|picture| picture.seq) else {
        // The pass is over: only what comes from now on is new.
        passed.done = passed.done.max(passed.top);
        passed.before = None;
        return Ok(false);
    };
    passed.top = passed.top.max(pictures[0].seq);
    passed.before = Some(last);
    pictures.retain(|picture| !nothing.contains(&picture.seq));
    let seqs: Vec<u32> = pictures.iter().map(|picture| picture.seq).collect();
    let mut places: HashMap<u32, _> = core.store.places(&seqs).await?;
    let (tell, mut seen) = mpsc::unbounded_channel();
    let pictures = pictures
        .into_iter()
        .filter_map(|picture| {
            let places = places.remove(&picture.seq)?;
            let here = places.into_iter().find(|place| place.state == PlaceState::Here)?;
            let path = names::join(&names::path_of(&here.root_path), &here.path);
            Some(Background { key: picture.seq, hash: picture.hash, path, tell: tell.clone() })
        })
        .collect();
    drop(tell);
    core.thumbs.look_at(pictures);
    let (mut looks, mut damaged) = (Vec::new(), Vec::new());
    while let Some(seen) = seen.recv().await {
        damaged.extend(seen.damage.map(|damage| (seen.key, damage)));
        match seen.look {
            Look::Like(phash) => looks.push((seen.key, phash)),
            Look::Nothing => {
                nothing.insert(seen.key);
            }
            Look::NotNow => {}
        }
    }
    if !damaged.is_empty() {
        core.store.set_damage(&damaged).await?;
        core.roots.tell_damage(core).await?;
    }
    core.store.set_looks(&looks).await?;
    if !looks.is_empty() {
        core.library_moved();
    }
    Ok(true)
}
