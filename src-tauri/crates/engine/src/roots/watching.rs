//! Hearing of changes from the system. Where it does not tell (network drives, more folders than it
//! watches), the clock does: the folder is scanned every few minutes.

use super::{
    asks::Asks,
    names::{below, is_hidden},
    progress::Progress,
};
use notify::{
    Config, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// A folder that is watched, until this is dropped.
pub struct Watching {
    _watcher: RecommendedWatcher,
    deaf: Arc<AtomicBool>,
}

impl Watching {
    /// Begins to watch a folder. This goes through all its folders, and may take a while.
    ///
    /// # Errors
    /// A sentence when the system does not tell of changes there at all; none for a folder that is
    /// not there, which the scan tells.
    pub fn begin(
        root: PathBuf,
        asks: Arc<Asks>,
        progress: Arc<Progress>,
    ) -> Result<Self, Option<String>> {
        let deaf = Arc::new(AtomicBool::new(false));
        let hear = {
            let (root, deaf) = (root.clone(), deaf.clone());
            move |event: notify::Result<Event>| hear(&root, event, &asks, &progress, &deaf)
        };
        // Linked folders may be anywhere, also above: they are looked at by the clock.
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher =
            RecommendedWatcher::new(hear, config).map_err(|error| Some(why(&root, &error)))?;
        watcher
            .watch(&root, RecursiveMode::Recursive)
            .map_err(|error| (!is_gone(&error)).then(|| why(&root, &error)))?;
        Ok(Self { _watcher: watcher, deaf })
    }

    /// Whether the system does not tell of all changes.
    pub fn is_deaf(&self) -> bool {
        self.deaf.load(Ordering::Relaxed)
    }
}

fn hear(
    root: &Path,
    event: notify::Result<Event>,
    asks: &Asks,
    progress: &Progress,
    deaf: &AtomicBool,
) {
    match event {
        Ok(event) => {
            if event.need_rescan() {
                asks.lost();
            }
            // Files that are opened or read are told, too: our own scans do that.
            let concerns = match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
                EventKind::Access(_) => false,
                _ => true,
            };
            if concerns {
                for path in event.paths.iter().filter_map(|path| below(root, path)) {
                    if !path.split(|byte| *byte == b'/').any(is_hidden) {
                        asks.part(path);
                    }
                }
            }
        }
        Err(error) => {
            if !is_gone(&error) {
                deaf.store(true, Ordering::Relaxed);
                progress.set(|now| now.unwatched = Some(why(root, &error)));
            }
        }
    }
}

/// Whether what was to be watched is not there (any more).
fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound | ErrorKind::WatchNotFound => true,
        ErrorKind::Io(error) => error.kind() == io::ErrorKind::NotFound,
        _ => false,
    }
}

/// Why a folder is not watched, as a sentence.
fn why(root: &Path, error: &notify::Error) -> String {
    let shown = root.display();
    let number = match &error.kind {
        ErrorKind::Io(error) => error.raw_os_error(),
        _ => None,
    };
    match (&error.kind, number) {
        (ErrorKind::MaxFilesWatch, _) => format!(
            "{shown} has more folders than the system watches, so it is scanned every few minutes instead. To be told at once, raise fs.inotify.max_user_watches."
        ),
        // Too many watchers of one user.
        (_, Some(24)) => format!(
            "The system has no watcher left for {shown}, so it is scanned every few minutes instead. To be told at once, raise fs.inotify.max_user_instances."
        ),
        _ => format!(
            "The system does not tell of changes in {shown} ({error}), so it is scanned every few minutes."
        ),
    }
}

/// Whether a folder lies on another machine, whose changes the system here does not tell.
#[cfg(target_os = "linux")]
pub fn is_remote(path: &Path) -> bool {
    // Numbers of linux/magic.h: NFS, SMB, CIFS, SMB2, FUSE (sshfs, rclone), 9P, Ceph.
    const REMOTE: [u32; 7] =
        [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x6573_5546, 0x0102_1997, 0x00c3_6400];
    // The type is a number of 32 bits, whatever its sign.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    rustix::fs::statfs(path).is_ok_and(|about| REMOTE.contains(&(about.f_type as u32)))
}

/// Whether a folder lies on another machine, whose changes the system here does not tell.
#[cfg(not(target_os = "linux"))]
pub fn is_remote(path: &Path) -> bool {
    // Of Windows' shares, paths by the name of the machine are known.
    path.as_os_str().to_string_lossy().starts_with(r"\\")
}
