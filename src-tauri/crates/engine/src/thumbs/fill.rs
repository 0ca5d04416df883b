//! Going through the library while nobody waits: pictures and films that were never looked at get their
//! small picture, and what they look like is stored.

use super::{
    HANGS_AFTER,
    queue::{Background, Look, Seen},
};
use crate::{core::Core, roots::names};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use store::{PlaceState, RootId, StoreError};
use tokio::{sync::mpsc, time::timeout};

/// Pictures looked at before that is stored.
const AT_ONCE: u32 = 200;
/// The pause before new pictures are looked for, unless a scan ends.
const PAUSE: Duration = Duration::from_secs(2);
/// Pictures of which is remembered that a look at them comes to nothing.
const MOST_NOTHING: usize = 100_000;
/// Rounds after which what could not be looked at is tried again: its disk may be back.
const AGAIN_AFTER: u32 = 150;

/// Looks at pictures until the engine stops: the newest first, then back to the oldest, then again
/// those that came meanwhile.
pub async fn fill(core: Arc<Core>) {
    let mut passed = Passed::default();
    // What shows nothing, or not in time, is not read again and again: a file stays as it is, or is another
    // one.
    let mut nothing = HashSet::new();
    let mut hanging = Hanging::default();
    let mut scans = core.thumbs.scans.subscribe();
    loop {
        // Its sender is in the core, so it cannot be gone.
        let _ = scans.wait_for(|scans| *scans == 0).await;
        match round(&core, &mut passed, &mut nothing, &mut hanging).await {
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

/// Folders on drives at which threads hang. What lies there is passed over until the threads are back: it
/// would take one thread after the other.
#[derive(Default)]
struct Hanging(Vec<(HashSet<RootId>, mpsc::UnboundedReceiver<Seen>)>);

impl Hanging {
    /// Remembers folders, until nobody has the other end of the channel any more.
    fn add(&mut self, roots: HashSet<RootId>, seen: mpsc::UnboundedReceiver<Seen>) {
        tracing::warn!(?roots, "pictures cannot be looked at: their drive does not answer");
        self.0.push((roots, seen));
    }

    /// The folders to pass over now.
    fn roots(&mut self) -> HashSet<RootId> {
        self.0.retain(|(_, seen)| !seen.is_closed());
        self.0.iter().flat_map(|(roots, _)| roots).copied().collect()
    }
}

/// Hears what looks came to, until all were told or nothing came for as long as `patience`: a thread that
/// hangs at a drive never tells. Then `go_on` is asked whether more comes all the same.
async fn hear(
    seen: &mut mpsc::UnboundedReceiver<Seen>,
    patience: Duration,
    mut go_on: impl FnMut() -> bool,
) -> Vec<Seen> {
    let mut heard = Vec::new();
    loop {
        match timeout(patience, seen.recv()).await {
            Ok(Some(seen)) => heard.push(seen),
            Ok(None) => return heard,
            Err(_) if go_on() => {}
            Err(_) => return heard,
        }
    }
}

/// Looks at a few pictures. Answers whether there were any.
async fn round(
    core: &Core,
    passed: &mut Passed,
    nothing: &mut HashSet<u32>,
    hanging: &mut Hanging,
) -> Result<bool, StoreError> {
    let before = passed.before.unwrap_or(u32::MAX);
    let mut pictures = core.store.unlooked(passed.done, before, AT_ONCE).await?;
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
    let hangs = hanging.roots();
    let mut unheard: HashMap<u32, RootId> = HashMap::new();
    let (tell, mut seen) = mpsc::unbounded_channel();
    let pictures = pictures
        .into_iter()
        .filter_map(|picture| {
            let places = places.remove(&picture.seq)?;
            let here = places
                .into_iter()
                .find(|place| place.state == PlaceState::Here && !hangs.contains(&place.root))?;
            unheard.insert(picture.seq, here.root);
            let path = names::join(&names::path_of(&here.root_path), &here.path);
            Some(Background { key: picture.seq, hash: picture.hash, path, tell: tell.clone() })
        })
        .collect();
    drop(tell);
    core.thumbs.look_at(pictures);
    let (mut looks, mut damaged) = (Vec::new(), Vec::new());
    let heard = hear(&mut seen, HANGS_AFTER, || core.thumbs.comes_to_looks()).await;
    for key in heard.iter().map(|seen| seen.key).chain(core.thumbs.leave_looks()) {
        unheard.remove(&key);
    }
    if !unheard.is_empty() {
        hanging.add(unheard.into_values().collect(), seen);
    }
    for seen in heard {
        damaged.extend(seen.damage.map(|damage| (seen.key, damage)));
        match seen.look {
            Look::Like(phash) => looks.push((seen.key, phash)),
            Look::Nothing => {
                if nothing.len() >= MOST_NOTHING {
                    nothing.clear();
                }
                nothing.insert(seen.key);
            }
            Look::NotNow => {}
        }
    }
    if !damaged.is_empty() {
        core.store.set_damage(&damaged).await?;
        core.roots.tell_damage(core).await?;
    }
    if !looks.is_empty() {
        core.store.set_looks(&looks).await?;
        core.library_moved();
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_thread_that_hangs_holds_no_round_and_its_folder_is_passed_over_until_it_is_back() {
        let (tell, mut seen) = mpsc::unbounded_channel();
        let one = |key| Seen { key, look: Look::NotNow, damage: None };
        tell.send(one(1)).unwrap();
        // Something else comes first, and then this.
        let mut others = vec![tell.clone()];
        let go_on = || others.pop().is_some_and(|tell| tell.send(one(2)).is_ok());
        let heard = hear(&mut seen, Duration::ZERO, go_on).await;
        assert_eq!(heard, [one(1), one(2)]);

        let mut hanging = Hanging::default();
        hanging.add(HashSet::from([RootId(7)]), seen);
        assert_eq!(hanging.roots(), HashSet::from([RootId(7)]));
        // The drive answers after all.
        tell.send(one(3)).unwrap();
        drop(tell);
        assert!(hanging.roots().is_empty());
    }

    /// A pipe is like a drive that does not answer: who opens it waits for somebody at its other end.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_threads_hang_at_is_told_from_what_they_did_not_begin_with() {
        use crate::thumbs::{Thumbs, lock};
        use rustix::fs::{CWD, Mode, mkfifoat};

        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.png");
        mkfifoat(CWD, pipe.as_path(), Mode::RUSR | Mode::WUSR).unwrap();
        let thumbs = Thumbs::new(folder.path().join("thumbs"));
        let threads = u32::try_from(thumbs.shared.wanted).unwrap();
        let (tell, mut seen) = mpsc::unbounded_channel();
        let picture = |key: u32| {
            let (hash, path) = (format!("{key:064x}"), pipe.clone());
            Background { key, hash, path, tell: tell.clone() }
        };
        let pictures = (0..threads + 3).map(picture).collect();
        drop(tell);
        thumbs.look_at(pictures);
        let all_hang = || {
            let begun = lock(&thumbs.shared.threads);
            begun.iter().filter(|begun| lock(begun).is_some()).count() == thumbs.shared.wanted
        };
        assert!(hear(&mut seen, Duration::ZERO, || !all_hang()).await.is_empty());
        let left: Vec<u32> = (threads..threads + 3).collect();
        assert_eq!(thumbs.leave_looks(), left);

        // The drive answers again: all of them are heard, and nothing else.
        let _other_end = std::fs::File::options().write(true).open(&pipe).unwrap();
        let heard = hear(&mut seen, HANGS_AFTER, || true).await;
        let mut keys: Vec<u32> = heard.iter().map(|seen| seen.key).collect();
        keys.sort_unstable();
        assert_eq!(keys, (0..threads).collect::<Vec<_>>());
        thumbs.stop().await;
    }

    #[tokio::test]
    async fn a_round_is_over_when_all_was_told() {
        let (tell, mut seen) = mpsc::unbounded_channel();
        let one = Seen { key: 1, look: Look::Like(5), damage: None };
        tell.send(one.clone()).unwrap();
        drop(tell);
        assert_eq!(hear(&mut seen, HANGS_AFTER, || true).await, [one]);
    }
}
